#include "desk.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/counters.h"
#include "registry/registry.h"

enum { DESK_BYTES_MAX = 1 << 30, LINKS_AHEAD = 8 };

void desk_init(struct desk *desk, const struct judge_rules *rules, const struct catalogue *catalogue,
               int64_t lateness_ms, bool deliver)
{
	*desk = (struct desk){.rules = *rules, .deliver = deliver, .link = link_new(lateness_ms)};
	desk_words_init(&desk->words, catalogue);
	arena_init(&desk->arena, DESK_BYTES_MAX);
}

void desk_deinit(struct desk *desk)
{
	desk_words_deinit(&desk->words);
	arena_deinit(&desk->arena);
	link_free(&desk->link);
}

/* Hits of one key side by side, each key's in booking order. */
static int key_order(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	int order = slice_compare(x->bank, y->bank);

	if (order == 0)
		order = slice_compare(x->account, y->account);
	if (order == 0)
		order = slice_compare(x->typology, y->typology);
	if (order == 0)
		order = (int)x->audience - (int)y->audience;
	return order != 0 ? order : hit_order(a, b);
}

static struct episode_key key_of(const struct hit *hit)
{
	return (struct episode_key){hit->bank, hit->account, hit->typology, hit->audience};
}

static bool same_key(const struct hit *a, const struct hit *b)
{
	return a->audience == b->audience && slice_equal(a->account, b->account) &&
	       slice_equal(a->bank, b->bank) && slice_equal(a->typology, b->typology);
}

static void fill_row(const struct hit *hits, const struct episode *e, struct alert_row *row_r)
{
	*row_r = (struct alert_row){
		.revision = e->revision,
		.level = (uint8_t)e->level,
		.score = e->score,
		.audience = hits->audience,
		.typology = hits->typology,
		.bank = hits->bank,
		.account = hits->account,
		.opened_ms = e->opened_ms,
		.raised_ms = e->raised_ms,
		.updated_ms = e->updated_ms,
		.amount_minor = e->amount_minor,
		.group = e->group,
		.stored_ms = clock_now_ms(),
	};
	for (size_t i = 0; i < e->count; i++) {
		if (row_r->account_name.length == 0)
			row_r->account_name = hits[i].account_name;
		if (row_r->enterprise.length == 0)
			row_r->enterprise = hits[i].enterprise;
	}
}

/*
 * The alerts that stand where this episode now is: none, the same one, or several that it joined. Those of another id
 * become aliases of `id`. The highest level that anyone was told of is kept.
 */
static int absorb(struct desk *desk, struct store *store, const struct episode_key *key,
                  const struct episode *e, struct slice id, struct alert_row *before_r, struct error *error)
{
	struct alert_row *rows;
	size_t n;

	*before_r = (struct alert_row){0};
	if (store_alerts_of(store, key, e->opened_ms, e->updated_ms, &desk->arena, &rows, &n, error) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].level > before_r->level) {
			int64_t stored_ms = before_r->stored_ms;
			*before_r = rows[i];
			before_r->stored_ms = stored_ms != 0 && stored_ms < rows[i].stored_ms
			                              ? stored_ms
			                              : rows[i].stored_ms;
		}
		if (!slice_equal(rows[i].id, id) && store_alert_rename(store, rows[i].id, id, error) == -1)
			return -1;
	}
	return 0;
}

/* The enterprise as registered, and whose county it is. */
static int find_enterprise(struct desk *desk, struct store *store, struct alert_row *row, struct error *error)
{
	struct enterprise_row enterprise;
	int found = registry_enterprise_of(store, row->bank, row->account, row->enterprise, &desk->arena,
	                                   &enterprise, error);

	if (found == 1)
		row->enterprise = enterprise.uscc;
	if (found == -1)
		return -1;
	return registry_jurisdiction_of(store, found == 1 ? &enterprise : NULL, row->bank, &desk->arena,
	                                &row->jurisdiction, error) == -1
	               ? -1
	               : 0;
}

/* The rows of the outbox, in the alert's own transaction (I3). */
static int deliver(struct desk *desk, struct store *store, const struct alert_row *row, const struct hit *hits,
                   size_t count, struct work *work, struct error *error)
{
	struct notify_warning words;
	struct notify_put put = {0};

	if (!desk->deliver)
		return 0;
	desk_words_fill(&desk->words, row, hits, count, &desk->arena, &words);
	if (notify_put_for_alert(store, row, &words, clock_now_ms(), &put, error) == -1)
		return -1;
	notify_put_add(&work->notified, &put);
	return 0;
}

static int put_alert(struct desk *desk, struct store *store, const struct hit *hits, const struct episode *e,
                     struct work *work, struct error *error)
{
	struct episode_key key = key_of(hits);
	struct alert_row row, before;
	char id[ALERT_ID_BYTES];

	judge_alert_id(hits, id);
	fill_row(hits, e, &row);
	row.id = slice_of(id);
	if (absorb(desk, store, &key, e, row.id, &before, error) == -1)
		return -1;
	if (before.level != LEVEL_NONE)
		row.stored_ms = before.stored_ms;
	if (slice_equal(before.id, row.id) && before.revision == row.revision && before.score == row.score &&
	    before.group == row.group)
		return 0; /* a neighbour of what changed */
	struct episode own = *e;
	own.first = 0;
	if (find_enterprise(desk, store, &row, error) == -1)
		return -1;
	row.body = judge_alert_body(hits, &own, &desk->arena);
	if (row.body.length == 0)
		return error_set(error, "an alert of %zu hits does not fit into %d bytes", e->count,
		                 DESK_BYTES_MAX);
	if (store_alert_put(store, &row, error) == -1)
		return -1;
	work_add_alert(work, &row, before.level);
	return deliver(desk, store, &row, hits, e->count, work, error);
}

/* Judges anew every episode that one of `count` new hits of one key lies in. */
static int judge_key(struct desk *desk, struct store *store, const struct hit *new_hits, size_t count,
                     struct work *work, struct error *error)
{
	struct episode_key key = key_of(new_hits);
	int64_t from_ms, to_ms;
	struct episode e;
	struct hit *hits;
	size_t n;

	if (store_episode_bounds(store, &key, new_hits[0].booked_ms, desk->rules.gap_ms, &from_ms, NULL,
	                         error) == -1 ||
	    store_episode_bounds(store, &key, new_hits[count - 1].booked_ms, desk->rules.gap_ms, NULL, &to_ms,
	                         error) == -1 ||
	    store_hits_get(store, &key, from_ms, to_ms, &desk->arena, &hits, &n, error) == -1)
		return -1;
	for (size_t first = 0; judge_next(&desk->rules, hits, n, first, &e); first += e.count)
		if (e.level != LEVEL_NONE && put_alert(desk, store, hits + first, &e, work, error) == -1)
			return -1;
	return 0;
}

/* Keeps the hits that the store did not have, or had in another group, at the front. */
static int put_hits(struct store *store, struct work *work, struct error *error)
{
	size_t front = 0;

	work->hits_grouped = 0;
	for (size_t i = 0; i < work->hit_count; i++) {
		int is_new = store_hit_put(store, &work->hits[i], error);
		if (is_new == -1)
			return -1;
		work->hits_grouped += is_new == 2;
		if (is_new > 0) {
			struct hit swapped = work->hits[front];
			work->hits[front++] = work->hits[i];
			work->hits[i] = swapped;
		}
	}
	work->hits_new = front;
	return 0;
}

static void linked(void *context, const struct hit *hit)
{
	work_add_hit(context, hit);
}

/*
 * What the events complete joins the work's hits. They are put once: where the commit fails and the work comes again,
 * its hits hold all that came out.
 */
static void put_links(struct desk *desk, struct work *work)
{
	for (size_t i = 0; i < work->link_count; i++) {
		const struct link_event *event = &work->links[i];
		if (i + 2 * LINKS_AHEAD < work->link_count)
			link_prefetch(desk->link, event + 2 * LINKS_AHEAD, 0);
		if (i + LINKS_AHEAD < work->link_count)
			link_prefetch(desk->link, event + LINKS_AHEAD, 1);
		/* What a replayed event completes was stored with the offset behind it (I3). */
		link_put(desk->link, event, &desk->arena, event->replayed ? NULL : linked, work);
		if (desk->arena.used_bytes > DESK_BYTES_MAX / 2)
			arena_reset(&desk->arena);
	}
	work->link_count = 0;
	arena_reset(&desk->arena);
}

static int judge_hits(struct desk *desk, struct store *store, struct work *work, struct error *error)
{
	size_t from = 0, to;

	if (put_hits(store, work, error) == -1)
		return -1;
	if (work->hits_new == 0)
		return 0; /* a work that never had a hit has no array to sort */
	qsort(work->hits, work->hits_new, sizeof(*work->hits), key_order);
	for (; from < work->hits_new; from = to) {
		for (to = from + 1; to < work->hits_new && same_key(&work->hits[from], &work->hits[to]);)
			to++;
		if (judge_key(desk, store, &work->hits[from], to - from, work, error) == -1)
			return -1;
		arena_reset(&desk->arena);
	}
	return 0;
}

static int put_ends(struct store *store, const struct work *work, struct error *error)
{
	for (size_t i = 0; i < work->end_count; i++) {
		const struct work_end *end = &work->ends[i];
		if (store_offset_put(store, end->topic, end->partition, end->next_offset, error) == -1)
			return -1;
	}
	return 0;
}

int desk_apply(struct desk *desk, struct store *store, struct work *work, struct error *error)
{
	work->alert_count = 0;
	work->notified = (struct notify_put){0};
	arena_reset(&desk->arena);
	for (size_t i = 0; i < work->dead_count; i++)
		if (store_dead_put(store, &work->dead[i], error) == -1)
			return -1;
	put_links(desk, work);
	if (judge_hits(desk, store, work, error) == -1)
		return -1;
	return put_ends(store, work, error);
}

void desk_count(const struct work *work)
{
	uint64_t raised = 0;

	for (size_t i = 0; i < work->alert_count; i++)
		raised += work->alerts[i].level_before == LEVEL_NONE;
	count_many(COUNT_HITS_STORED, work->hits_new - work->hits_grouped);
	count_many(COUNT_HITS_KNOWN, work->hit_count - work->hits_new + work->hits_grouped);
	count_many(COUNT_ALERTS_RAISED, raised);
	count_many(COUNT_ALERTS_REVISED, work->alert_count - raised);
}
