/*
 * Who is told of much in a short time is told of the rest at once: warnings beyond the rules' number wait, GATHERED,
 * and become one delivery when the window that began with the first of them is over. One that is above all he was told
 * in the window does not wait.
 *
 *   told  A     B  C              digest(D, E)
 *         │     │  │   D   E          │
 *   ──────┼─────┼──┼───┼───┼──────────┼──────────▶
 *         └──────── window ───────────┘
 */
#include <stdio.h>

#include "notify/body.h"

static int timer_of(struct telling *t, int64_t contact, int64_t due_ms, struct error *error)
{
	char subject[24];

	snprintf(subject, sizeof(subject), "%lld", (long long)contact);
	return store_timer_put(t->store, TIMER_DIGEST, slice_of(subject), due_ms, error);
}

int telling_gather(struct telling *t, int64_t contact, uint8_t level, int64_t at_ms, int64_t *until_ms_r,
                   struct error *error)
{
	int64_t window_ms = t->routing->digest_window_ms, gathering_ms;
	struct told_window told;
	int gathering;

	if (store_told_window(t->store, contact, at_ms - window_ms, at_ms, &told, error) == -1 ||
	    (gathering = store_gathered_next(t->store, contact, &gathering_ms, error)) == -1)
		return -1;
	if (told.count < t->routing->digest_after || level > told.level)
		return 0;
	*until_ms_r = told.first_ms + window_ms;
	if (told.digest_ms + window_ms > *until_ms_r)
		*until_ms_r = told.digest_ms + window_ms;
	/* One digest for what comes meanwhile; not with one of the morning, when quiet hours are over. */
	if (gathering == 1 && gathering_ms > at_ms && gathering_ms < *until_ms_r)
		*until_ms_r = gathering_ms;
	if (gathering == 0 || *until_ms_r < gathering_ms)
		gathering_ms = *until_ms_r;
	return timer_of(t, contact, gathering_ms, error) == -1 ? -1 : 1;
}

/* `rows` are of one way. `key` is the same for all ways of the contact. */
static int put_digest(struct telling *t, const struct gathered_row *rows, size_t count, struct slice key,
                      struct error *error)
{
	char id[OUTBOX_ID_BYTES];
	struct delivery_row row = {.kind = DELIVERY_DIGEST, .alert = slice_of(""), .subject = key, .level = rows[0].level,
	                           .way = rows[0].way, .created_ms = t->now_ms, .due_ms = t->now_ms};
	struct contact_row contact;
	struct way_row way;
	int found = store_way_get(t->store, rows[0].way, t->arena, &way, &contact, error);

	if (found != 1)
		return found == 0 ? error_set(error, "the way %lld is not there any more", (long long)rows[0].way) : -1;
	row.destination = way.destination;
	outbox_delivery_id(DELIVERY_DIGEST, key, row.level, 0, row.way, id);
	row.id = slice_of(id);
	if (body_digest(t, rows, count, row.id, &contact, &way, &row.body, error) == -1 ||
	    store_delivery_put(t->store, &row, error) == -1 ||
	    store_gathered_assign(t->store, row.way, t->now_ms, row.id, error) == -1)
		return -1;
	t->put->put++;
	t->put->digests++;
	return 0;
}

static int put_digests(struct telling *t, int64_t contact, struct error *error)
{
	struct gathered_row *rows;
	int64_t next_ms;
	size_t count;
	char key[64];
	int next;

	snprintf(key, sizeof(key), "digest/%lld/%lld", (long long)contact, (long long)t->now_ms);
	if (store_gathered_of(t->store, contact, t->now_ms, t->arena, &rows, &count, error) == -1)
		return -1;
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && rows[to].way == rows[from].way;)
			to++;
		if (put_digest(t, rows + from, to - from, slice_of(key), error) == -1)
			return -1;
	}
	if ((next = store_gathered_next(t->store, contact, &next_ms, error)) != 1)
		return next;
	return timer_of(t, contact, next_ms, error);
}

int notify_run_digest(struct notify_timer *timer, struct slice subject, struct error *error)
{
	struct telling t;
	struct arena arena;
	int64_t contact = 0;
	int result;

	for (uint32_t i = 0; i < subject.length; i++)
		contact = contact * 10 + (subject.at[i] - '0');
	telling_init(&t, timer, &arena);
	result = put_digests(&t, contact, error);
	arena_deinit(&arena);
	return result == -1 ? error_wrap(error, "the digest of contact %lld", (long long)contact) : 0;
}
