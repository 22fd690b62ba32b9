#include "workshop/test_play.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/instant.h"
#include "link/link.h"
#include "workshop/test_facts.h"

enum { TEST_ACCOUNTS_MAX = 1024, STORY_BYTES_MAX = 8 << 20 };

void test_player_init(struct test_player *r, struct pattern_set *set)
{
	*r = (struct test_player){.set = set, .json = decoder_find(slice_of("json"))};
	settings_defaults(&r->settings);
	r->settings.engine_accounts = TEST_ACCOUNTS_MAX;
	decode_context_init(&r->decoding, r->json, 0, slice_of(""));
	arena_init(&r->story.arena, STORY_BYTES_MAX);
	arena_init(&r->linked, STORY_BYTES_MAX);
	r->work = work_new(r);
}

void test_player_deinit(struct test_player *r)
{
	shard_free(&r->shard);
	work_free(r->work);
	arena_deinit(&r->story.arena);
	arena_deinit(&r->linked);
	history_shelf_free(&r->shelf);
	decode_context_deinit(&r->decoding, r->json);
	settings_free(&r->settings);
}

static int read_tx(struct test_player *r, const struct pattern_test_tx *asked, struct tx *tx_r)
{
	decode_context_reset(&r->decoding);
	if (decode(r->json, &r->decoding, asked->json.at, asked->json.length, false) == -1)
		return -1;
	*tx_r = r->decoding.txs[0];
	return 0;
}

/* The history ends on the evening before the test's first transaction. */
static void find_history(struct test_player *r, const struct pattern_test *test)
{
	struct tx first;

	r->story.history = NULL;
	r->story.balance_minor = TX_ABSENT;
	if (test->history == PATTERN_HISTORY_NONE || read_tx(r, &test->feed[0], &first) == -1)
		return;
	r->story.history = history_get(&r->shelf, test->history, instant_china_day(first.booked_ms));
	r->story.balance_minor = r->story.history->balance_minor;
}

/* What reads a set's texts is larger than what a test does, so it is made once a set. */
static void take_shard(struct test_player *r)
{
	if (r->shard != NULL && r->shard_set == r->set) {
		shard_forget(r->shard);
		return;
	}
	shard_free(&r->shard);
	r->shard = shard_new(&r->settings, r->set);
	r->shard_set = r->set;
	shard_show_shadow(r->shard, true);
}

/* A shard that knows what the test's account did and what may be looked up; -1 with r->why. */
static int shard_begin(struct test_player *r, const struct pattern *pattern, const struct pattern_test *test)
{
	struct reference *reference;
	struct error error;

	find_history(r, test);
	if (test_facts(pattern, test, r->story.history, &reference, &error) == -1) {
		snprintf(r->why, sizeof(r->why), "%s", error.text);
		return -1;
	}
	take_shard(r);
	shard_use_reference(r->shard, reference);
	reference_free(&reference);
	for (size_t i = 0; r->story.history != NULL && i < r->story.history->tx_count; i++)
		pipeline_remember(r->shard, &r->story.history->txs[i]);
	return 0;
}

static void linked(void *context, const struct hit *hit)
{
	work_add_hit(context, hit);
}

/* As the desk does it: what several accounts complete becomes hits. */
static void put_links(struct test_player *r)
{
	for (size_t i = 0; i < r->work->link_count; i++)
		link_put(r->link, &r->work->links[i], &r->linked, linked, r->work);
	arena_reset(&r->linked);
}

struct test_hits *test_hits_new(const struct pattern_set *set)
{
	struct test_hits *hits = calloc(pattern_set_count(set) + 1, sizeof(*hits));

	if (hits == NULL)
		die("out of memory: testing patterns");
	return hits;
}

/* Transaction `number`, as each pattern saw it when it came. */
static void note_hits(const struct test_player *r, uint32_t number, struct slice tx_id, struct test_hits *hits)
{
	for (size_t i = 0; i < r->work->hit_count; i++) {
		const struct hit *hit = &r->work->hits[i];
		const struct pattern *by = slice_equal(hit->tx_id, tx_id) ? pattern_set_find(r->set, hit->pattern) : NULL;
		struct test_hits *own = by != NULL ? &hits[by - r->set->patterns] : NULL;
		if (own == NULL)
			continue;
		own->first = own->first == 0 ? number : own->first;
		own->last = number;
	}
}

/* How a test is gone through: its hits are noted, or its last transaction is explained. */
struct way {
	const struct pattern *pattern;
	struct test_hits *hits; /* NULL: explained */
	match_explained *report;
	void *context;
};

static int next_tx(struct test_player *r, const struct pattern_test *test, uint32_t i, struct tx *tx_r)
{
	struct error error;

	if (read_tx(r, &test->feed[i], tx_r) == -1) {
		snprintf(r->why, sizeof(r->why), "transaction %u is not readable: %s", i + 1, r->decoding.reject.reason);
		return -1;
	}
	if (test_tx_fill(&r->story, &test->feed[i], tx_r, &error) == -1) {
		snprintf(r->why, sizeof(r->why), "transaction %u: %s", i + 1, error.text);
		return -1;
	}
	return 0;
}

static int feed(struct test_player *r, const struct pattern_test *test, const struct way *way)
{
	struct tx tx;

	for (uint32_t i = 0; i < test->feed_count; i++) {
		if (next_tx(r, test, i, &tx) == -1)
			return -1;
		if (way->hits == NULL && i + 1 == test->feed_count) {
			pipeline_explain(r->shard, &tx, way->pattern->id, way->report, way->context);
			return 0;
		}
		work_reset(r->work);
		pipeline_tx(r->shard, &tx, 0, r->work);
		put_links(r);
		if (way->hits != NULL)
			note_hits(r, i + 1, tx.id, way->hits);
	}
	return 0;
}

/* From an empty memory. */
static int play(struct test_player *r, const struct pattern_test *test, const struct way *way)
{
	int result;

	arena_reset(&r->story.arena);
	if (shard_begin(r, way->pattern, test) == -1)
		return -1;
	r->link = link_new_small(r->settings.engine_lateness_ms);
	result = feed(r, test, way);
	link_free(&r->link);
	return result;
}

int test_play(struct test_player *player, const struct pattern *pattern, const struct pattern_test *test,
              struct test_hits *hits_r)
{
	struct way way = {.pattern = pattern, .hits = hits_r};

	player->why[0] = '\0';
	memset(hits_r, 0, pattern_set_count(player->set) * sizeof(*hits_r));
	return play(player, test, &way);
}

int test_play_explained(struct test_player *player, const struct pattern *pattern,
                        const struct pattern_test *test, match_explained *report, void *context)
{
	struct way way = {.pattern = pattern, .report = report, .context = context};

	return play(player, test, &way);
}
