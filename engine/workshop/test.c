/*
 * Do the patterns' tests say what they promise?
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "workshop/test_play.h"

enum { ASKED_CHARACTERS = 160 };

static void add_why(struct test_player *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_why(struct test_player *r, const char *format, ...)
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
	struct test_player *r = context;

	if (said->answer != MATCH_NO && said->answer != MATCH_ABSENT)
		return;
	add_why(r, "\n    %*s%s: %.*s", 2 * said->depth, "", said->answer == MATCH_NO ? "no" : "absent",
	        SLICE_PRINT(utf8_cut(said->asked, ASKED_CHARACTERS)));
	if (said->found.length > 0)
		add_why(r, " — %.*s", SLICE_PRINT(said->found));
}

/* `hits`: room for all patterns of the set. */
static bool passes(struct test_player *r, const struct pattern *pattern, const struct pattern_test *test,
                   struct test_hits *hits)
{
	const struct test_hits *own = &hits[pattern - r->set->patterns];

	if (test_play(r, pattern, test, hits) == -1)
		return false;
	if (test_is_kept(test, own))
		return true;
	if (!test->expect_hit) {
		add_why(r, "expected no hit; transaction %u hits", own->first);
		return false;
	}
	add_why(r, "expected a hit on the last transaction; there was none");
	if (r->set->explains)
		test_play_explained(r, pattern, test, add_missed, r);
	return false;
}

unsigned workshop_test(struct pattern_set *set, struct slice only, workshop_test_report *report,
                       void *context, unsigned *run_r)
{
	struct test_hits *hits = test_hits_new(set);
	unsigned failed = 0;
	struct test_player r;

	*run_r = 0;
	test_player_init(&r, set);
	for (size_t i = 0; i < pattern_set_count(set); i++) {
		const struct pattern *pattern = pattern_set_at(set, i);
		if (pattern->detect == NULL || (only.length > 0 && !slice_equal(only, pattern->id)))
			continue;
		for (uint32_t j = 0; j < pattern->test_count; j++) {
			struct workshop_test_result result = {.pattern = pattern, .test = &pattern->tests[j]};
			result.passed = passes(&r, pattern, &pattern->tests[j], hits);
			result.why = r.why;
			failed += !result.passed;
			++*run_r;
			report(context, &result);
		}
	}
	test_player_deinit(&r);
	free(hits);
	return failed;
}
