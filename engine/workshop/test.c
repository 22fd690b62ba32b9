/*
 * The tests that stand in pattern files, each from an empty memory through the service's own pipeline.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/instant.h"
#include "base/utf8.h"
#include "decode/decode.h"
#include "link/link.h"
#include "pipeline.h"
#include "workshop/test_facts.h"
#include "workshop/test_tx.h"
#include "workshop/workshop.h"

enum { TEST_ACCOUNTS_MAX = 1024, STORY_BYTES_MAX = 8 << 20, WHY_BYTES = 2048, ASKED_CHARACTERS = 160 };

struct runner {
	struct settings settings;
	struct pattern_set *set; /* borrowed */
	const struct decoder *json;
	struct decode_context decoding; /* owned */
	struct history_shelf shelf; /* owned */
	struct shard *shard; /* owned; of the test at hand */
	struct link *link; /* owned; of the test at hand */
	struct arena linked; /* owned */
	struct work *work; /* owned */
	struct test_story story;
	bool explaining; /* the last transaction is explained, not judged */
	char why[WHY_BYTES];
};

static void runner_init(struct runner *r, struct pattern_set *set)
{
	*r = (struct runner){.set = set, .json = decoder_find(slice_of("json"))};
	settings_defaults(&r->settings);
	r->settings.engine_accounts = TEST_ACCOUNTS_MAX;
	decode_context_init(&r->decoding, r->json, 0, slice_of(""));
	arena_init(&r->story.arena, STORY_BYTES_MAX);
	arena_init(&r->linked, STORY_BYTES_MAX);
	r->work = work_new(r);
}

static void runner_deinit(struct runner *r)
{
	work_free(r->work);
	arena_deinit(&r->story.arena);
	arena_deinit(&r->linked);
	history_shelf_free(&r->shelf);
	decode_context_deinit(&r->decoding, r->json);
	settings_free(&r->settings);
}

static int read_tx(struct runner *r, const struct pattern_test_tx *asked, struct tx *tx_r)
{
	decode_context_reset(&r->decoding);
	if (decode(r->json, &r->decoding, asked->json.at, asked->json.length, false) == -1)
		return -1;
	*tx_r = r->decoding.txs[0];
	return 0;
}

/* The history ends on the evening before the test's first transaction. */
static void find_history(struct runner *r, const struct pattern_test *test)
{
	struct tx first;

	r->story.history = NULL;
	r->story.balance_minor = TX_ABSENT;
	if (test->history == PATTERN_HISTORY_NONE || read_tx(r, &test->feed[0], &first) == -1)
		return;
	r->story.history = history_get(&r->shelf, test->history, instant_china_day(first.booked_ms));
	r->story.balance_minor = r->story.history->balance_minor;
}

/* A shard that knows what the test's account did and what may be looked up; -1 with r->why. */
static int shard_begin(struct runner *r, const struct pattern *pattern, const struct pattern_test *test)
{
	struct reference *reference;
	struct error error;

	find_history(r, test);
	if (test_facts(pattern, test, r->story.history, &reference, &error) == -1) {
		snprintf(r->why, sizeof(r->why), "%s", error.text);
		return -1;
	}
	r->shard = shard_new(&r->settings, r->set);
	shard_show_shadow(r->shard, true);
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
static void put_links(struct runner *r)
{
	for (size_t i = 0; i < r->work->link_count; i++)
		link_put(r->link, &r->work->links[i], &r->linked, linked, r->work);
	arena_reset(&r->linked);
}

static bool hit_by(const struct work *work, const struct pattern *pattern, struct slice tx_id)
{
	for (size_t i = 0; i < work->hit_count; i++)
		if (slice_equal(work->hits[i].pattern, pattern->id) && slice_equal(work->hits[i].tx_id, tx_id))
			return true;
	return false;
}

static void add_why(struct runner *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_why(struct runner *r, const char *format, ...)
{
	size_t length = strlen(r->why);
	va_list args;

	va_start(args, format);
	vsnprintf(r->why + length, sizeof(r->why) - length, format, args);
	va_end(args);
}

/* What kept the pattern from hitting; of an any_of its alternatives' conditions, too. */
static void add_missed(void *context, const struct match_said *said)
{
	struct runner *r = context;

	if (said->answer != MATCH_NO && said->answer != MATCH_ABSENT)
		return;
	add_why(r, "\n    %*s%s: %.*s", 2 * said->depth, "", said->answer == MATCH_NO ? "no" : "absent",
	        SLICE_PRINT(utf8_cut(said->asked, ASKED_CHARACTERS)));
	if (said->found.length > 0)
		add_why(r, " — %.*s", SLICE_PRINT(said->found));
}

/* The first transaction that hits and whether the last one does; -1 where one cannot be read. */
static int feed(struct runner *r, const struct pattern *pattern, const struct pattern_test *test,
                uint32_t *first_r, bool *last_r)
{
	struct error error;

	*first_r = 0;
	*last_r = false;
	for (uint32_t i = 0; i < test->feed_count; i++) {
		struct tx tx;
		if (read_tx(r, &test->feed[i], &tx) == -1) {
			snprintf(r->why, sizeof(r->why), "transaction %u is not readable: %s", i + 1, r->decoding.reject.reason);
			return -1;
		}
		if (test_tx_fill(&r->story, &test->feed[i], &tx, &error) == -1) {
			snprintf(r->why, sizeof(r->why), "transaction %u: %s", i + 1, error.text);
			return -1;
		}
		if (r->explaining && i + 1 == test->feed_count) {
			pipeline_explain(r->shard, &tx, pattern->id, add_missed, r);
			return 0;
		}
		work_reset(r->work);
		pipeline_tx(r->shard, &tx, 0, r->work);
		put_links(r);
		*last_r = hit_by(r->work, pattern, tx.id);
		if (*last_r && *first_r == 0)
			*first_r = i + 1;
	}
	return 0;
}

/* One way through the test, from an empty memory. -1 with r->why. */
static int play(struct runner *r, const struct pattern *pattern, const struct pattern_test *test,
                uint32_t *first_r, bool *last_r)
{
	int result;

	arena_reset(&r->story.arena);
	if (shard_begin(r, pattern, test) == -1)
		return -1;
	r->link = link_new(r->settings.engine_lateness_ms);
	result = feed(r, pattern, test, first_r, last_r);
	link_free(&r->link);
	shard_free(&r->shard);
	return result;
}

/* Once more, up to the last transaction, which every condition is asked about by itself. */
static void explain(struct runner *r, const struct pattern *pattern, const struct pattern_test *test)
{
	uint32_t first;
	bool last;

	r->explaining = true;
	play(r, pattern, test, &first, &last);
	r->explaining = false;
}

static bool passes(struct runner *r, const struct pattern *pattern, const struct pattern_test *test)
{
	uint32_t first;
	bool last;

	r->why[0] = '\0';
	if (play(r, pattern, test, &first, &last) == -1)
		return false;
	if (test->expect_hit && !last) {
		add_why(r, "expected a hit on the last transaction; there was none");
		if (r->set->explains)
			explain(r, pattern, test);
	}
	if (!test->expect_hit && first > 0)
		add_why(r, "expected no hit; transaction %u hits", first);
	return r->why[0] == '\0';
}

unsigned workshop_test(struct pattern_set *set, struct slice only, workshop_test_report *report,
                       void *context, unsigned *run_r)
{
	unsigned failed = 0;
	struct runner r;

	*run_r = 0;
	runner_init(&r, set);
	for (size_t i = 0; i < pattern_set_count(set); i++) {
		const struct pattern *pattern = pattern_set_at(set, i);
		if (pattern->detect == NULL || (only.length > 0 && !slice_equal(only, pattern->id)))
			continue;
		for (uint32_t j = 0; j < pattern->test_count; j++) {
			struct workshop_test_result result = {.pattern = pattern, .test = &pattern->tests[j]};
			result.passed = passes(&r, pattern, &pattern->tests[j]);
			result.why = r.why;
			failed += !result.passed;
			++*run_r;
			report(context, &result);
		}
	}
	runner_deinit(&r);
	return failed;
}
