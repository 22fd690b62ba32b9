/*
 * Do the patterns' tests say what they promise?
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "workshop/test_play.h"

enum {
	ASKED_CHARACTERS = 160,
	THREADS_MAX = 15,
	TESTS_A_THREAD = 200, /* fewer are not worth a thread */
};

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

/* ---- several at a time ---- */

struct test_round {
	struct pattern_set *set;
	struct workshop_test_result *results; /* of all tests, in order; `why` is owned where one failed */
	atomic_uint next;                     /* nobody has taken it yet */
	unsigned count;
};

static void *play_some(void *arg)
{
	struct test_round *round = arg;
	struct test_hits *hits = test_hits_new(round->set);
	struct test_player r;

	test_player_init(&r, round->set);
	for (unsigned at; (at = atomic_fetch_add(&round->next, 1)) < round->count;) {
		struct workshop_test_result *result = &round->results[at];
		result->passed = passes(&r, result->pattern, result->test, hits);
		result->why = result->passed ? "" : strdup(r.why);
		if (result->why == NULL)
			die("out of memory: a test's reason");
	}
	test_player_deinit(&r);
	free(hits);
	return NULL;
}

static void round_init(struct test_round *round, struct pattern_set *set, struct slice only)
{
	unsigned most = 0;

	for (size_t i = 0; i < pattern_set_count(set); i++)
		most += pattern_set_at(set, i)->test_count;
	*round = (struct test_round){.set = set, .results = calloc(most + 1, sizeof(*round->results))};
	if (round->results == NULL)
		die("out of memory: %u tests of patterns", most);
	for (size_t i = 0; i < pattern_set_count(set); i++) {
		const struct pattern *pattern = pattern_set_at(set, i);
		if (pattern->detect == NULL || (only.length > 0 && !slice_equal(only, pattern->id)))
			continue;
		for (uint32_t j = 0; j < pattern->test_count; j++)
			round->results[round->count++] =
				(struct workshop_test_result){.pattern = pattern, .test = &pattern->tests[j]};
	}
}

/* This thread, and one more for each other core. Where the system gives none, this one plays them all. */
static void round_play(struct test_round *round)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t threads[THREADS_MAX];
	unsigned count = 0;

	while (count < THREADS_MAX && count + 1 < cores && (count + 1) * TESTS_A_THREAD < round->count &&
	       pthread_create(&threads[count], NULL, play_some, round) == 0)
		count++;
	play_some(round);
	while (count > 0)
		pthread_join(threads[--count], NULL);
}

unsigned workshop_test(struct pattern_set *set, struct slice only, workshop_test_report *report,
                       void *context, unsigned *run_r)
{
	struct test_round round;
	unsigned failed = 0;

	round_init(&round, set, only);
	round_play(&round);
	for (unsigned i = 0; i < round.count; i++) {
		report(context, &round.results[i]);
		if (!round.results[i].passed) {
			failed++;
			free((char *)(uintptr_t)round.results[i].why);
		}
	}
	*run_r = round.count;
	free(round.results);
	return failed;
}
