/*
 * How many an account met for the first time within a window, against the plain reference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/instant.h"
#include "tests/unit/profile_fixture.h"

static struct profile_shard *shard;
static struct profile_view view;

static int begin(void **state)
{
	(void)state;
	shard = profile_shard_new(1000, 30 * INSTANT_DAY_MS);
	return 0;
}

static int end(void **state)
{
	(void)state;
	profile_shard_free(&shard);
	return 0;
}

/*
 * Within a week to the day; further back the week in which the window begins counts whole, and that in which a late
 * transaction is booked. Whoever was met after a late one is no newcomer to it.
 */
static void newcomers_agree(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct feed_kind kind = {.parties = 2 + (unsigned)(seed % 40), .gap_ms = (int64_t)(1 + seed % 30) * INSTANT_HOUR_MS,
		                         .late_ms = seed % 2 == 0 ? 0 : 12 * INSTANT_DAY_MS, .amount_most = 10000000,
		                         .night_of_8 = (unsigned)(seed % 9)};
		struct reference_history history = {0};
		struct feed feed;

		end(NULL);
		begin(NULL);
		feed_begin(&feed, seed, &kind);
		for (unsigned i = 0; i < 150; i++) {
			const struct tx *next = feed_next(&feed);
			enum tx_direction direction = i % 2 == 0 ? TX_DEBIT : TX_CREDIT;
			int days = 1 + (int)feed_random(&feed, kind.late_ms > 0 ? 14 : 27);
			int32_t to = instant_china_day(next->booked_ms), from = to - days;
			int32_t back = instant_china_day(feed.clock_ms);
			int64_t got;

			assert_int_equal(profile_put(shard, next, next->amount_minor, 0, &view), PROFILE_NEW);
			history_put(&history, next, next->amount_minor);
			got = profile_newcomers(&view, direction, days * INSTANT_DAY_MS);
			assert_true(got >= history_newcomers(&history, direction, from, to));
			assert_true(got <= history_newcomers(&history, direction, back - from < 7 ? from : from - 6,
			                                     back - to < 7 ? to : to + 6));
		}
		history_free(&history);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(newcomers_agree, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
