/* What is remembered of destinations: pauses, probes, waits, rates; and that the memory is bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/counters.h"
#include "deliver/destinations.h"

static const struct destinations_limits limits = {.connections_max = 4, .pause_after = 3, .pause_ms = 1000};

static int setup(void **state)
{
	counters_clear_for_test();
	*state = destinations_new(&limits);
	return 0;
}

static int teardown(void **state)
{
	struct destinations *all = *state;

	destinations_free(&all);
	return 0;
}

static int room(struct destinations *all, int64_t key, int64_t now_ms)
{
	int64_t until_ms;
	bool suspect;

	return destination_room(all, key, now_ms, &until_ms, &suspect);
}

static bool attempt(struct destinations *all, int64_t key, bool well, int64_t now_ms)
{
	destination_began(all, key, 0, now_ms);
	return destination_ended(all, key, well, 0, now_ms);
}

/* One attempt, until it has answered: of a hundred that hang each holds one connection, not four. */
static void a_destination_that_answered_has_room(void **state)
{
	struct destinations *all = *state;

	assert_int_equal(room(all, 1, 0), 1);
	destination_began(all, 1, 0, 0);
	assert_int_equal(room(all, 1, 0), 0);
	destination_ended(all, 1, true, 0, 0);
	assert_int_equal(room(all, 1, 0), 4);
	for (int i = 0; i < 4; i++)
		destination_began(all, 1, 0, 0);
	assert_int_equal(room(all, 1, 0), 0);
	assert_int_equal(room(all, 2, 0), 1);
	destination_cancelled(all, 1);
	assert_int_equal(room(all, 1, 0), 1);
}

/* After one failure it gets one attempt at a time; after three in a row a pause; then one probe. */
static void failures_pause_and_a_probe_ends_it(void **state)
{
	struct destinations *all = *state;
	int64_t until_ms;
	bool suspect;

	assert_false(attempt(all, 7, false, 0));
	assert_int_equal(destination_room(all, 7, 0, &until_ms, &suspect), 1);
	assert_true(suspect);
	assert_false(attempt(all, 7, false, 10));
	assert_true(attempt(all, 7, false, 20));
	assert_int_equal(destination_room(all, 7, 21, &until_ms, &suspect), 0);
	assert_int_equal(until_ms, 1020);
	assert_int_equal(destinations_paused(all, 21), 1);
	assert_int_equal(room(all, 7, 1020), 1);
	destination_began(all, 7, 0, 1020);
	assert_int_equal(room(all, 7, 1020), 0); /* one probe, no more */
	assert_false(destination_ended(all, 7, true, 0, 1030));
	assert_int_equal(room(all, 7, 1030), 4);
	assert_int_equal(destinations_paused(all, 1030), 0);
}

static void each_failed_probe_doubles_the_pause(void **state)
{
	struct destinations *all = *state;
	int64_t now_ms = 0, until_ms, pause_ms = 1000, longest_ms = DESTINATION_PAUSES_MAX * limits.pause_ms;
	bool suspect;

	attempt(all, 7, false, now_ms);
	attempt(all, 7, false, now_ms);
	for (int i = 0; i < 14; i++) {
		assert_true(attempt(all, 7, false, now_ms));
		assert_int_equal(destination_room(all, 7, now_ms, &until_ms, &suspect), 0);
		assert_int_equal(until_ms - now_ms, pause_ms);
		now_ms = until_ms;
		pause_ms = 2 * pause_ms < longest_ms ? 2 * pause_ms : longest_ms;
	}
}

/* Four attempts that began together and fail together are one finding. */
static void failures_of_one_moment_pause_once(void **state)
{
	struct destinations *all = *state;
	int64_t until_ms;
	bool suspect;
	int pauses = 0;

	for (int i = 0; i < 4; i++)
		destination_began(all, 7, 0, 0);
	for (int i = 0; i < 4; i++)
		pauses += destination_ended(all, 7, false, 0, 100);
	assert_int_equal(pauses, 1);
	assert_int_equal(destination_room(all, 7, 100, &until_ms, &suspect), 0);
	assert_int_equal(until_ms, 1100);
}

static void a_receiver_that_asks_is_left_alone(void **state)
{
	struct destinations *all = *state;
	int64_t until_ms;
	bool suspect;

	destination_began(all, 7, 0, 0);
	destination_ended(all, 7, false, 5000, 0);
	assert_int_equal(destination_room(all, 7, 0, &until_ms, &suspect), 0);
	assert_int_equal(until_ms, 5000);
	assert_int_equal(room(all, 7, 5000), 1);
}

static void a_channel_with_a_rate_is_spaced(void **state)
{
	struct destinations *all = *state;
	int64_t until_ms;
	bool suspect;

	destination_began(all, 7, 20, 0);
	destination_ended(all, 7, true, 0, 5);
	assert_int_equal(destination_room(all, 7, 10, &until_ms, &suspect), 0);
	assert_int_equal(until_ms, 3000);
	assert_int_equal(room(all, 7, 3000), 1);
}

/* I8: the idle are forgotten first; when none is, the counter says so and nothing breaks. */
static void the_memory_is_bounded(void **state)
{
	struct destinations *all = *state;

	for (int64_t key = 0; key < 3 * DESTINATIONS_MAX; key++)
		attempt(all, key * INT64_C(0x9E3779B97F4A7C15 >> 1), true, key);
	assert_true(destinations_count(all) <= DESTINATIONS_MAX);
	assert_int_equal(counter_sum(COUNT_DESTINATIONS_FULL), 0);
	for (int64_t key = 1; key <= DESTINATIONS_MAX + 10; key++)
		attempt(all, key << 20, false, 0);
	assert_int_equal(destinations_count(all), DESTINATIONS_MAX);
	assert_int_equal(counter_sum(COUNT_DESTINATIONS_FULL), 10);
	assert_int_equal(room(all, INT64_C(1) << 20, 0), 1); /* the first is still remembered as failing */
	assert_int_equal(room(all, ((int64_t)DESTINATIONS_MAX + 5) << 20, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_destination_that_answered_has_room, setup, teardown),
		cmocka_unit_test_setup_teardown(failures_pause_and_a_probe_ends_it, setup, teardown),
		cmocka_unit_test_setup_teardown(each_failed_probe_doubles_the_pause, setup, teardown),
		cmocka_unit_test_setup_teardown(failures_of_one_moment_pause_once, setup, teardown),
		cmocka_unit_test_setup_teardown(a_receiver_that_asks_is_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(a_channel_with_a_rate_is_spaced, setup, teardown),
		cmocka_unit_test_setup_teardown(the_memory_is_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
