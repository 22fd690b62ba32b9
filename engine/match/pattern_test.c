/*
 * The tests that stand in pattern files. Each runs on its own: the feed in order, and only transactions that
 * the pipeline would judge (booked or pending).
 */
#include <stdio.h>

#include "match/match.h"

enum { TEST_ARENA_BYTES = 8 << 20 };

struct runner {
	struct matcher *matcher; /* owned */
	struct arena arena; /* owned */
	match_test_decode *decode;
	void *decode_context;
	struct error error;
	char why[ERROR_TEXT_BYTES + 64];
};

static bool hit_by(const struct match_hits *hits, const struct pattern *pattern)
{
	for (size_t i = 0; i < hits->count; i++)
		if (slice_equal(hits->items[i].pattern, pattern->id))
			return true;
	return false;
}

/* The first transaction that hits and whether the last one does; -1 where one cannot be read. */
static int feed(struct runner *r, const struct pattern *pattern, const struct pattern_test *test,
                uint32_t *first_r, bool *last_r)
{
	*first_r = 0;
	*last_r = false;
	for (uint32_t i = 0; i < test->feed_count; i++) {
		struct match_hits hits = {.arena = &r->arena, .shadow_too = true};
		struct tx tx;
		if (r->decode(r->decode_context, test->feed[i], &tx, &r->error) == -1) {
			snprintf(r->why, sizeof(r->why), "transaction %u is not readable: %s", i + 1, r->error.text);
			return -1;
		}
		*last_r = false;
		if (tx.status != TX_BOOKED && tx.status != TX_PENDING)
			continue;
		arena_reset(&r->arena);
		match_tx(r->matcher, &tx, NULL, &hits);
		*last_r = hit_by(&hits, pattern);
		if (*last_r && *first_r == 0)
			*first_r = i + 1;
	}
	return 0;
}

static bool passes(struct runner *r, const struct pattern *pattern, const struct pattern_test *test)
{
	uint32_t first;
	bool last;

	r->why[0] = '\0';
	if (feed(r, pattern, test, &first, &last) == -1)
		return false;
	if (test->expect_hit && !last)
		snprintf(r->why, sizeof(r->why), "expected a hit on the last transaction; there was none");
	if (!test->expect_hit && first > 0)
		snprintf(r->why, sizeof(r->why), "expected no hit; transaction %u hits", first);
	return r->why[0] == '\0';
}

unsigned match_test(struct pattern_set *set, struct slice only, match_test_decode *decode,
                    void *decode_context, match_test_report *report, void *report_context, unsigned *run_r)
{
	struct runner r = {.matcher = matcher_new(set), .decode = decode, .decode_context = decode_context};
	unsigned failed = 0;

	*run_r = 0;
	arena_init(&r.arena, TEST_ARENA_BYTES);
	for (size_t i = 0; i < pattern_set_count(set); i++) {
		const struct pattern *pattern = pattern_set_at(set, i);
		if (pattern->detect == NULL || (only.length > 0 && !slice_equal(only, pattern->id)))
			continue;
		for (uint32_t j = 0; j < pattern->test_count; j++) {
			struct match_test_result result = {.pattern = pattern, .test = &pattern->tests[j]};
			result.passed = passes(&r, pattern, &pattern->tests[j]);
			result.why = r.why;
			failed += !result.passed;
			++*run_r;
			report(report_context, &result);
		}
	}
	arena_deinit(&r.arena);
	matcher_free(&r.matcher);
	return failed;
}
