/*
 * Episodes, scores, levels: against a plain reference, and by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "judge/judge.h"

#define HOUR_MS INT64_C(3600000)

static struct hit make(const char *tx, const char *pattern, int64_t booked_ms, uint8_t score)
{
	return (struct hit){.bank = slice_of("102100099996"),
	                    .account = slice_of("1"),
	                    .tx_id = slice_of(tx),
	                    .pattern = slice_of(pattern),
	                    .typology = slice_of("V01"),
	                    .version = 1,
	                    .score = score,
	                    .booked_ms = booked_ms,
	                    .amount_cny_minor = 100,
	                    .evidence = slice_of("{}")};
}

static void scores_of_different_patterns_add_up_once_each(void **state)
{
	struct hit hits[] = {make("a", "p", 0, 30), make("b", "p", 1, 30), make("b", "q", 1, 15),
	                     make("c", "r", 2, 90)};
	struct judge_rules rules = judge_rules_default();
	struct episode e;

	(void)state;
	assert_true(judge_next(&rules, hits, 1, 0, &e));
	assert_int_equal(e.score, 30);
	assert_int_equal(e.level, LEVEL_BLUE);
	assert_true(judge_next(&rules, hits, 3, 0, &e));
	assert_int_equal(e.score, 45);
	assert_int_equal(e.level, LEVEL_YELLOW);
	assert_int_equal(e.revision, 3);
	assert_int_equal(e.amount_minor, 200); /* a and b, once each */
	assert_true(judge_next(&rules, hits, 4, 0, &e));
	assert_int_equal(e.score, 100); /* the cap */
	assert_int_equal(e.level, LEVEL_RED);
}

static void an_episode_below_blue_is_no_alert(void **state)
{
	struct hit hits[] = {make("a", "p", 0, 10), make("b", "q", 5, 9)};
	struct judge_rules rules = judge_rules_default();
	struct episode e;

	(void)state;
	assert_true(judge_next(&rules, hits, 2, 0, &e));
	assert_int_equal(e.level, LEVEL_NONE);
}

static void it_is_raised_by_the_transaction_that_reaches_a_level(void **state)
{
	struct hit hits[] = {make("a", "p", 100, 10), make("b", "q", 200, 15), make("c", "r", 300, 50)};
	struct judge_rules rules = judge_rules_default();
	struct episode e;

	(void)state;
	assert_true(judge_next(&rules, hits, 3, 0, &e));
	assert_int_equal(e.opened_ms, 100);
	assert_int_equal(e.raised_ms, 200);
	assert_int_equal(e.updated_ms, 300);
}

static void a_gap_wider_than_the_rule_ends_an_episode(void **state)
{
	struct hit hits[] = {make("a", "p", 0, 30), make("b", "p", 24 * HOUR_MS, 30),
	                     make("c", "p", 48 * HOUR_MS + 1, 30)};
	struct judge_rules rules = judge_rules_default();
	struct episode e;

	(void)state;
	assert_true(judge_next(&rules, hits, 3, 0, &e));
	assert_int_equal(e.count, 2);
	assert_true(judge_next(&rules, hits, 3, 2, &e));
	assert_int_equal(e.count, 1);
	assert_false(judge_next(&rules, hits, 3, 3, &e));
}

static void a_newer_version_of_a_pattern_adds_only_its_surplus(void **state)
{
	struct hit hits[] = {make("a", "p", 0, 30), make("b", "p", 1, 45)};
	struct judge_rules rules = judge_rules_default();
	struct episode e;

	(void)state;
	hits[1].version = 2;
	assert_true(judge_next(&rules, hits, 2, 0, &e));
	assert_int_equal(e.score, 45);
}

/* The plain reference: the best score of each pattern so far, summed by looking at every pair. */
static unsigned plain_score(const struct hit *hits, size_t count)
{
	unsigned sum = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned best = 0, first = 1;
		for (size_t j = 0; j < count; j++)
			if (slice_equal(hits[j].pattern, hits[i].pattern)) {
				best = hits[j].score > best ? hits[j].score : best;
				first &= j >= i;
			}
		sum += first ? best : 0;
	}
	return sum < 100 ? sum : 100;
}

static void random_episodes_agree_with_the_reference(void **state)
{
	static const char *const patterns[] = {"a", "b", "c", "d", "e"};
	struct judge_rules rules = judge_rules_default();
	struct hit hits[12];
	struct episode e;

	(void)state;
	srand(1);
	for (int round = 0; round < 10000; round++) {
		size_t n = 1 + (size_t)rand() % 12;
		char ids[12][4];
		for (size_t i = 0; i < n; i++) {
			snprintf(ids[i], sizeof(ids[i]), "%zu", i);
			hits[i] = make(ids[i], patterns[rand() % 5], (int64_t)i * HOUR_MS,
			               (uint8_t)(1 + rand() % 60));
		}
		assert_true(judge_next(&rules, hits, n, 0, &e));
		assert_int_equal(e.count, n);
		assert_int_equal(e.score, plain_score(hits, n));
		for (size_t i = 0; i < n; i++)
			if (plain_score(hits, i + 1) >= 20) {
				assert_int_equal(e.raised_ms, hits[i].booked_ms);
				break;
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores_of_different_patterns_add_up_once_each),
		cmocka_unit_test(an_episode_below_blue_is_no_alert),
		cmocka_unit_test(it_is_raised_by_the_transaction_that_reaches_a_level),
		cmocka_unit_test(a_gap_wider_than_the_rule_ends_an_episode),
		cmocka_unit_test(a_newer_version_of_a_pattern_adds_only_its_surplus),
		cmocka_unit_test(random_episodes_agree_with_the_reference),
	};
	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
