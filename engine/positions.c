#include "positions.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/counters.h"

void positions_init(struct positions *positions)
{
	*positions = (struct positions){0};
	pthread_mutex_init(&positions->lock, NULL);
}

void positions_deinit(struct positions *positions)
{
	for (struct position *p = positions->first, *behind; p != NULL; p = behind) {
		behind = p->behind;
		free(p);
	}
	pthread_mutex_destroy(&positions->lock);
	*positions = (struct positions){0};
}

static struct position *find(struct positions *positions, struct slice topic, int32_t partition)
{
	struct position *p = positions->first;

	while (p != NULL && (p->partition != partition || !slice_is(topic, p->topic)))
		p = p->behind;
	return p;
}

struct position *positions_find(struct positions *positions, struct slice topic, int32_t partition)
{
	struct position *found;

	pthread_mutex_lock(&positions->lock);
	found = find(positions, topic, partition);
	pthread_mutex_unlock(&positions->lock);
	return found;
}

struct position *positions_add(struct positions *positions, const char *topic, int32_t partition)
{
	struct position *p;

	pthread_mutex_lock(&positions->lock);
	p = find(positions, slice_of(topic), partition);
	if (p == NULL) {
		p = calloc(1, sizeof(*p));
		if (p == NULL)
			die("out of memory: a partition");
		p->topic = topic;
		p->partition = partition;
		p->next = POSITION_UNKNOWN;
		p->behind = positions->first;
		positions->first = p;
	}
	pthread_mutex_unlock(&positions->lock);
	return p;
}

struct feed_start positions_start(struct positions *positions, struct slice topic, int32_t partition,
                                  int64_t stored, bool may_rebuild)
{
	const struct position *p = positions_find(positions, topic, partition);
	int64_t decided = stored != POSITION_UNKNOWN ? stored : 0;

	if (p != NULL && p->next != POSITION_UNKNOWN)
		return (struct feed_start){.from = p->next, .decided = decided};
	if (stored == POSITION_UNKNOWN)
		return (struct feed_start){.from = FEED_BEGINNING};
	return (struct feed_start){.from = may_rebuild ? FEED_REBUILD : stored, .decided = decided};
}

void positions_open(struct positions *positions, const char *topic, int32_t partition,
                    const struct feed_start *start)
{
	struct position *p = positions_add(positions, topic, partition);
	int64_t from = start->from == FEED_BEGINNING ? 0 : start->from;

	/* No memory yet, or a topic that was made anew. */
	if (p->next == POSITION_UNKNOWN || from < p->next)
		p->next = start->from == FEED_BEGINNING ? POSITION_UNKNOWN : from;
	p->decided = start->decided;
	p->from = from;
	p->held = start->decided_only;
}

void positions_close(struct positions *positions)
{
	pthread_mutex_lock(&positions->lock);
	for (struct position *p = positions->first; p != NULL; p = p->behind)
		p->held = false;
	pthread_mutex_unlock(&positions->lock);
}

/* A batch comes partition by partition, so the last one is the likely one. */
static struct position *of_message(struct positions *positions, const struct feed_message *m)
{
	struct position *p = positions->last_used;

	if (p == NULL || p->partition != m->partition || p->topic != m->source.at)
		p = positions_find(positions, m->source, m->partition);
	if (p == NULL)
		die("a message of %.*s came from partition %d, which was not assigned", SLICE_PRINT(m->source),
		    m->partition);
	positions->last_used = p;
	return p;
}

/* Before all that was asked for: the topic was deleted and made again, so nothing known of its offsets holds. */
static void begin_anew(struct position *p, int64_t offset)
{
	count(COUNT_OFFSET_GAPS);
	p->decided = 0;
	p->from = 0;
	p->next = offset;
}

/* What is missing of the decided will not come. */
static void decided_end(struct position *p)
{
	if (p->held && p->next < p->decided)
		p->next = p->decided;
}

/* False: memory has it, or it comes again when the others are there too, or it is none. */
static bool take(struct position *p, struct feed_message *m)
{
	if (m->ended) {
		decided_end(p);
		return false;
	}
	if (m->offset < p->from)
		begin_anew(p, m->offset);
	if (m->offset < p->next) {
		count(COUNT_MESSAGES_PASSED);
		return false;
	}
	m->replayed = m->offset < p->decided;
	if (!m->replayed && p->held) {
		decided_end(p);
		return false;
	}
	atomic_store_explicit(&p->next, m->offset + 1, memory_order_relaxed);
	return true;
}

size_t positions_take(struct positions *positions, struct feed_message *messages, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct feed_message m = messages[i];
		if (!take(of_message(positions, &m), &m))
			continue;
		messages[i] = messages[kept];
		messages[kept++] = m;
	}
	return kept;
}

int64_t positions_behind(struct positions *positions)
{
	int64_t behind = 0;

	pthread_mutex_lock(&positions->lock);
	for (const struct position *p = positions->first; p != NULL; p = p->behind) {
		int64_t next = p->next, decided = p->decided;
		if (p->held && next < decided)
			behind += decided - next;
	}
	pthread_mutex_unlock(&positions->lock);
	return behind;
}

struct profile_offset *positions_list(struct positions *positions, size_t *count_r)
{
	struct profile_offset *list;
	size_t count = 0, n = 0;

	pthread_mutex_lock(&positions->lock);
	for (const struct position *p = positions->first; p != NULL; p = p->behind)
		count++;
	list = calloc(count + 1, sizeof(*list));
	if (list == NULL)
		die("out of memory: %zu partitions", count);
	for (const struct position *p = positions->first; p != NULL; p = p->behind)
		if (p->next != POSITION_UNKNOWN)
			list[n++] = (struct profile_offset){slice_of(p->topic), p->partition, p->next};
	pthread_mutex_unlock(&positions->lock);
	*count_r = n;
	return list;
}
