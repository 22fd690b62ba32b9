/*
 * Whom to serve next.
 *
 * The scan walks the destinations that have something waiting, one index seek each, from behind the one
 * served last and around; each that is due and not held back gets an equal share of the free connections. So
 * a destination with ten thousand rows takes no more than its turn.
 *
 * Two lanes: an attempt holds one of `connections_max` for its first SENDER_SLOW_MS and then moves over to one of
 * `connections_slow_max`: most receivers answer within that, so those that hang soon take the second lane only, and
 * each of them one connection, since a destination that never answered gets no more. Destinations that failed last
 * time get a quarter of the first.
 */
#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"
#include "deliver/sender.h"

enum {
	CANDIDATES_MAX = OUTBOX_BATCH_MAX,
	SCAN_GAP_MS = 2,
	SCAN_SHARE = 3, /* the scan takes at most a quarter of the thread's time */
	SCAN_EVERY_MS = 2000, /* rows may come from another process: a release on the command line */
	SUSPECTS_SHARE = 4, /* a quarter of the fast lane */
	SUSPECT_WAIT_MS = 50,
	READ_FAILED_WAIT_MS = 1000,
};

struct candidate {
	int64_t destination;
	int room;
	bool suspect;
};

struct scan {
	struct candidate candidates[CANDIDATES_MAX];
	int count, wanted; /* wanted: where it may stop */
	int suspect_room;
	int64_t now_ms, steady_ms, due_ms; /* due_ms: steady, the earliest that is not yet due */
	bool left; /* something due was left for want of room */
};

int sender_room(const struct deliver *n, int64_t steady_ms, int *suspect_room_r)
{
	int fast = 0, slow = 0, suspects = 0, suspects_fast = 0, free_slots = 0, room, share;

	for (int i = 0; i < n->slot_count; i++) {
		const struct transfer *t = &n->slots[i];
		bool flying = t->stage == TRANSFER_FLYING, busy = flying || t->stage == TRANSFER_CLAIMING;
		bool is_slow = flying && t->started_ms + SENDER_SLOW_MS <= steady_ms;
		free_slots += t->stage == TRANSFER_FREE;
		slow += is_slow;
		fast += busy && !is_slow;
		suspects += busy && t->suspect;
		suspects_fast += busy && t->suspect && !is_slow;
	}
	if (slow > n->options.connections_slow_max)
		fast += slow - n->options.connections_slow_max;
	room = n->options.connections_max - fast;
	room = room < free_slots ? room : free_slots;
	share = (n->options.connections_max + SUSPECTS_SHARE - 1) / SUSPECTS_SHARE;
	*suspect_room_r = share - suspects_fast;
	if (share + n->options.connections_slow_max / 2 - suspects < *suspect_room_r)
		*suspect_room_r = share + n->options.connections_slow_max / 2 - suspects;
	return room > 0 ? room : 0;
}

static void due_at(struct scan *s, int64_t steady_ms)
{
	if (steady_ms < s->due_ms)
		s->due_ms = steady_ms;
}

/* One destination with something waiting, the earliest due at `due_ms` (UTC). */
static void consider(struct deliver *n, struct scan *s, int64_t destination, int64_t due_ms)
{
	int64_t until_ms;
	bool suspect;
	int room;

	if (due_ms > s->now_ms) {
		due_at(s, s->steady_ms + (due_ms - s->now_ms));
		return;
	}
	room = destination_room(n->destinations, destination, s->steady_ms, &until_ms, &suspect);
	if (room == 0) {
		due_at(s, until_ms);
	} else if (suspect && s->suspect_room <= 0) {
		due_at(s, s->steady_ms + SUSPECT_WAIT_MS);
	} else {
		s->candidates[s->count++] = (struct candidate){destination, room, suspect};
		s->suspect_room -= suspect;
	}
}

/* From behind `after` to the end, or up to `last`; -1 where the store cannot be read. */
static int walk(struct deliver *n, struct scan *s, int64_t after, int64_t last, struct error *error)
{
	int64_t destination, due_ms;
	int found;

	while (s->count < s->wanted &&
	       (found = store_destination_next(n->reader, after, &destination, &due_ms, error)) != 0) {
		if (found == -1)
			return -1;
		if (destination > last)
			return 0;
		consider(n, s, destination, due_ms);
		after = destination;
	}
	return 0;
}

static int rate_of(const struct transfer *t)
{
	return t->channel != NULL ? t->channel->limits.per_minute_max : 0;
}

static int take_rows(struct deliver *n, struct scan *s, const struct candidate *c, int share, struct error *error)
{
	struct outbox_job *job = &n->claim->outbox;
	struct delivery_due *rows;
	size_t count;
	int rate, at = 0, most = c->room < share ? c->room : share;

	arena_reset(&n->scratch);
	if (store_deliveries_due(n->reader, c->destination, s->now_ms, most, &n->scratch, &rows, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count && job->count < OUTBOX_BATCH_MAX; i++) {
		while (at < n->slot_count && n->slots[at].stage != TRANSFER_FREE)
			at++;
		if (at == n->slot_count)
			return 0;
		transfer_take(&n->slots[at], &rows[i]);
		n->slots[at].suspect = c->suspect;
		rate = rate_of(&n->slots[at]);
		destination_began(n->destinations, c->destination, rate, s->steady_ms);
		job->items[job->count] = (struct outbox_item){.slot = at, .destination = c->destination};
		memcpy(job->items[job->count++].id, n->slots[at].id, OUTBOX_ID_BYTES);
		if (rate > 0)
			return 0; /* the next one when the rate allows it, also where this destination was never met before */
	}
	return 0;
}

static int scan(struct deliver *n, struct scan *s, int room, struct error *error)
{
	int share;

	s->wanted = room < CANDIDATES_MAX ? room : CANDIDATES_MAX;
	if (walk(n, s, n->cursor, INT64_MAX, error) == -1 ||
	    (n->cursor != INT64_MIN && walk(n, s, INT64_MIN, n->cursor, error) == -1))
		return -1;
	share = s->count > 0 ? room / s->count : 0;
	for (int i = 0; i < s->count; i++) {
		if (take_rows(n, s, &s->candidates[i], share, error) == -1)
			return -1;
		n->cursor = s->candidates[i].destination;
	}
	s->left |= s->count > 0; /* there may be more behind what was taken */
	return 0;
}

void sender_claim(struct deliver *n, int64_t steady_ms)
{
	static _Thread_local struct scan s;
	struct error error;
	int room;

	if (steady_ms >= n->scan_due_ms)
		n->scan_wanted = true;
	if (!n->scan_wanted || steady_ms < n->scan_allowed_ms || !turn_idle(n->claim))
		return;
	s = (struct scan){.now_ms = clock_now_ms(), .steady_ms = steady_ms, .due_ms = steady_ms + SCAN_EVERY_MS};
	if ((room = sender_room(n, steady_ms, &s.suspect_room)) == 0)
		return;
	n->claim->outbox.count = 0;
	if (scan(n, &s, room, &error) == -1) {
		log_event(LOG_ERROR, "deliver", "the outbox cannot be read; trying again", "why", "%s", error.text, NULL);
		s.due_ms = steady_ms + READ_FAILED_WAIT_MS;
	}
	n->scan_wanted = s.left;
	n->scan_due_ms = s.due_ms;
	n->scan_allowed_ms = clock_steady_ms() + SCAN_GAP_MS + SCAN_SHARE * (clock_steady_ms() - steady_ms);
	if (s.left && n->claim->outbox.count >= room)
		count(COUNT_CONNECTIONS_FULL);
	if (n->claim->outbox.count == 0)
		return;
	outbox_claim(&n->claim->outbox);
	turn_submit(n->claim, n->writer);
}
