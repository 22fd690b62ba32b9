/*
 * A hash table with chains in one array of nodes. A destination that is well and idle is dropped when room is needed:
 * met anew it proves itself by one attempt, nothing else is lost. When even that gives no room, a destination is served
 * without memory (counted): it may then be tried more often than it should, never less.
 */
#include "deliver/destinations.h"

#include <stdlib.h>

#include "base/counters.h"
#include "base/error.h"

enum { BUCKETS = 4096, FIRST_NODES = 64, MINUTE_MS = 60 * 1000 };

struct destination {
	int64_t key;
	int32_t next; /* in its bucket, or in the free list; -1 ends */
	int under_way;
	int failures; /* in a row */
	bool proven; /* it has answered well; until then it gets one attempt at a time */
	int64_t pause_ms; /* of the last pause */
	int64_t paused_until_ms;
	int64_t quiet_until_ms; /* the receiver asked for it */
	int64_t rate_ms; /* when the rate allows the next attempt */
};

struct destinations {
	struct destinations_limits limits;
	struct destination *nodes; /* owned */
	int32_t node_count, free_first;
	size_t used;
	int32_t buckets[BUCKETS];
};

struct destinations *destinations_new(const struct destinations_limits *limits)
{
	struct destinations *all = calloc(1, sizeof(*all));

	if (all == NULL)
		die("out of memory: destinations");
	all->limits = *limits;
	all->free_first = -1;
	for (int i = 0; i < BUCKETS; i++)
		all->buckets[i] = -1;
	return all;
}

void destinations_free(struct destinations **destinations)
{
	if (*destinations == NULL)
		return;
	free((*destinations)->nodes);
	free(*destinations);
	*destinations = NULL;
}

/* The keys are hashes already. */
static int bucket_of(int64_t key)
{
	return (int)((uint64_t)key >> 32 ^ (uint64_t)key) & (BUCKETS - 1);
}

static struct destination *find(const struct destinations *all, int64_t key)
{
	for (int32_t i = all->buckets[bucket_of(key)]; i != -1; i = all->nodes[i].next)
		if (all->nodes[i].key == key)
			return &all->nodes[i];
	return NULL;
}

static void forget_idle(struct destinations *all, int64_t now_ms)
{
	for (int b = 0; b < BUCKETS; b++)
		for (int32_t *link = &all->buckets[b]; *link != -1;) {
			struct destination *d = &all->nodes[*link];
			int32_t at = *link;
			if (d->under_way > 0 || d->failures > 0 || d->quiet_until_ms > now_ms || d->rate_ms > now_ms) {
				link = &d->next;
				continue;
			}
			*link = d->next;
			d->next = all->free_first;
			all->free_first = at;
			all->used--;
		}
}

static void grow(struct destinations *all)
{
	int32_t count = all->node_count > 0 ? 2 * all->node_count : FIRST_NODES;

	if (all->node_count == DESTINATIONS_MAX)
		return;
	all->nodes = realloc(all->nodes, (size_t)count * sizeof(*all->nodes));
	if (all->nodes == NULL)
		die("out of memory: %d destinations", (int)count);
	for (int32_t i = count - 1; i >= all->node_count; i--) {
		all->nodes[i].next = all->free_first;
		all->free_first = i;
	}
	all->node_count = count;
}

/* NULL where the memory is full. */
static struct destination *find_or_add(struct destinations *all, int64_t key, int64_t now_ms)
{
	struct destination *d = find(all, key);
	int32_t at;

	if (d != NULL)
		return d;
	if (all->free_first == -1)
		forget_idle(all, now_ms);
	if (all->free_first == -1)
		grow(all);
	if ((at = all->free_first) == -1) {
		count(COUNT_DESTINATIONS_FULL);
		return NULL;
	}
	d = &all->nodes[at];
	all->free_first = d->next;
	*d = (struct destination){.key = key, .next = all->buckets[bucket_of(key)]};
	all->buckets[bucket_of(key)] = at;
	all->used++;
	return d;
}

static int64_t quiet_until(const struct destination *d)
{
	int64_t until_ms = d->paused_until_ms;

	if (d->quiet_until_ms > until_ms)
		until_ms = d->quiet_until_ms;
	return d->rate_ms > until_ms ? d->rate_ms : until_ms;
}

int destination_room(const struct destinations *all, int64_t key, int64_t now_ms, int64_t *until_ms_r,
                     bool *suspect_r)
{
	const struct destination *d = find(all, key);
	int64_t until_ms;
	int most;

	*suspect_r = d != NULL && d->failures > 0;
	*until_ms_r = INT64_MAX;
	if (d == NULL)
		return 1;
	until_ms = quiet_until(d);
	if (until_ms > now_ms) {
		*until_ms_r = until_ms;
		return 0;
	}
	most = !d->proven || d->failures > 0 || d->rate_ms > 0 ? 1 : all->limits.connections_max;
	return most > d->under_way ? most - d->under_way : 0;
}

void destination_began(struct destinations *all, int64_t key, int per_minute_max, int64_t now_ms)
{
	struct destination *d = find_or_add(all, key, now_ms);

	if (d == NULL)
		return;
	d->under_way++;
	if (per_minute_max > 0)
		d->rate_ms = now_ms + MINUTE_MS / per_minute_max;
}

void destination_cancelled(struct destinations *all, int64_t key)
{
	struct destination *d = find(all, key);

	if (d != NULL && d->under_way > 0)
		d->under_way--;
}

/* Failures of attempts that began before the pause don't lengthen it. */
static bool pause_if_failing(struct destinations *all, struct destination *d, int64_t now_ms)
{
	if (d->failures < all->limits.pause_after || d->paused_until_ms > now_ms)
		return false;
	d->pause_ms = d->pause_ms > 0 ? 2 * d->pause_ms : all->limits.pause_ms;
	if (d->pause_ms > DESTINATION_PAUSES_MAX * all->limits.pause_ms)
		d->pause_ms = DESTINATION_PAUSES_MAX * all->limits.pause_ms;
	d->paused_until_ms = now_ms + d->pause_ms;
	return true;
}

bool destination_ended(struct destinations *all, int64_t key, bool well, int64_t wait_ms, int64_t now_ms)
{
	struct destination *d = find(all, key);

	if (d == NULL)
		return false;
	if (d->under_way > 0)
		d->under_way--;
	if (well) {
		d->failures = 0;
		d->pause_ms = 0;
		d->proven = true;
		return false;
	}
	d->failures++;
	if (wait_ms > 0 && now_ms + wait_ms > d->quiet_until_ms)
		d->quiet_until_ms = now_ms + wait_ms;
	return pause_if_failing(all, d, now_ms);
}

int destinations_paused(const struct destinations *all, int64_t now_ms)
{
	int paused = 0;

	for (int b = 0; b < BUCKETS; b++)
		for (int32_t i = all->buckets[b]; i != -1; i = all->nodes[i].next)
			paused += all->nodes[i].paused_until_ms > now_ms;
	return paused;
}

size_t destinations_count(const struct destinations *all)
{
	return all->used;
}
