/* How soon the first attempt is made when many wait, and that receivers which hang delay nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/counters.h"
#include "notify_fixture.h"
#include "notify_receiver.h"
#include "store/store_sql.h"

static int order_of_ms(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The times from `from_ms` to the first attempt at each path: median, 99th percentile, most. */
static void print_delays(const char *what, const char *prefix, int count, int64_t from_ms, int64_t *most_r)
{
	int64_t *delays = calloc((size_t)count, sizeof(*delays));
	struct received r;

	for (int i = 0; i < count; i++) {
		assert_true(receiver_get(prefix, i, &r));
		delays[i] = r.at_ms - from_ms;
	}
	qsort(delays, (size_t)count, sizeof(*delays), order_of_ms);
	print_message("%s: first attempt after p50 %lld ms, p99 %lld ms, most %lld ms\n", what,
	              (long long)delays[count / 2], (long long)delays[count * 99 / 100], (long long)delays[count - 1]);
	*most_r = delays[count - 1];
	free(delays);
}

/* Puts `healthy` destinations with a delivery each, and `hanging` that never answer, in one commit. */
static void put_many(int healthy, int hanging, bool one_destination)
{
	char id[32], path[64];

	assert_int_equal(store_begin(here.base.store, &here.base.error), 0);
	for (int i = 0; i < healthy + hanging; i++) {
		snprintf(id, sizeof(id), one_destination ? "d#%d" : "d%d", i);
		snprintf(path, sizeof(path), one_destination ? "/ok/all" : "/ok/%d", i);
		if (hanging > 0 && i % ((healthy + hanging) / hanging) == 0)
			notify_put_hanging(id);
		else
			notify_put_path(id, path);
	}
	assert_int_equal(store_commit(here.base.store, &here.base.error), 0);
}

/* The rows are there before the thread starts, as after a night's stop; then all at once. */
static void two_hundred_waiting_go_out_at_once(void **state)
{
	int64_t from_ms, most_ms;

	(void)state;
	here.options.total_timeout_ms = 20000;
	put_many(200, 0, false);
	from_ms = clock_steady_ms();
	notify_fixture_start();
	notify_wait_for_count(DELIVERY_SENT, 200);
	assert_int_equal(receiver_count("/ok/"), 200);
	print_delays("200 waiting, 200 destinations", "/ok/", 200, from_ms, &most_ms);
	assert_true(most_ms < 5000);
}

static void two_hundred_to_one_destination_too(void **state)
{
	int64_t from_ms, most_ms;

	(void)state;
	here.options.total_timeout_ms = 20000;
	put_many(200, 0, true);
	from_ms = clock_steady_ms();
	notify_fixture_start();
	notify_wait_for_count(DELIVERY_SENT, 200);
	assert_int_equal(receiver_count("/ok/all"), 200);
	print_delays("200 waiting, one destination", "/ok/", 200, from_ms, &most_ms);
	assert_true(most_ms < 5000);
}

static void a_hundred_that_hang_delay_nobody(void **state)
{
	int64_t from_ms, most_ms;

	(void)state;
	here.options.total_timeout_ms = 20000;
	here.options.retry_permille = 1000;
	put_many(900, 100, false);
	from_ms = clock_steady_ms();
	notify_fixture_start();
	notify_wait_for_count(DELIVERY_SENT, 900);
	assert_int_equal(receiver_count("/ok/"), 900);
	print_delays("100 of 1,000 destinations hang", "/ok/", 900, from_ms, &most_ms);
	assert_true(most_ms < 8000);
	deliver_stop(&here.notify, 0);
	assert_int_equal(receiver_count("/ok/"), 900);
}

/* The same when the hundred have ten rows each and are all older than the healthy ones. */
static void a_destination_takes_no_more_than_its_turn(void **state)
{
	int64_t from_ms, most_ms;
	char id[32], path[32];

	(void)state;
	here.options.total_timeout_ms = 20000;
	here.options.retry_permille = 1000;
	assert_int_equal(store_begin(here.base.store, &here.base.error), 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(id, sizeof(id), "h%d#%d", i % 100, i);
		snprintf(path, sizeof(path), "h%d", i % 100);
		char url[128];
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/%s", here.hang_port, path);
		notify_put_url(id, url);
	}
	assert_int_equal(sql_execute(here.base.store, "UPDATE delivery SET due_ms = due_ms - 60000", &here.base.error), 0);
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof(id), "ok%d", i);
		snprintf(path, sizeof(path), "/ok/%d", i);
		notify_put_path(id, path);
	}
	assert_int_equal(store_commit(here.base.store, &here.base.error), 0);
	from_ms = clock_steady_ms();
	notify_fixture_start();
	notify_wait_for_count(DELIVERY_SENT, 100);
	print_delays("behind 1,000 older rows of 100 that hang", "/ok/", 100, from_ms, &most_ms);
	assert_true(most_ms < 15000);
}

/* From a commit in a running service to the first attempt. */
static void a_new_warning_goes_out_at_once(void **state)
{
	int64_t delays[100];
	struct delivery_row late;
	struct received r;
	char id[32];

	(void)state;
	notify_put_path("d", "/ok/live");
	notify_fixture_start();
	notify_wait_for("d", DELIVERY_SENT);
	late = notify_row_of("d");
	late.alert = arena_copy(&here.base.arena, late.alert);
	for (int i = 0; i < 100; i++) {
		int64_t from_ms = clock_steady_ms();
		struct delivery_row row = {.revision = 1, .level = 3, .way = late.way, .destination = late.destination,
		                           .body = slice_of("{}")};
		snprintf(id, sizeof(id), "live%d", i);
		row.id = row.alert = slice_of(id);
		assert_int_equal(store_run(here.base.writer, notify_put_late, &row, &here.base.error), 0);
		deliver_wake(here.notify);
		notify_wait_for(id, DELIVERY_SENT);
		assert_true(receiver_get("/ok/live", i + 1, &r));
		delays[i] = r.at_ms - from_ms;
	}
	qsort(delays, 100, sizeof(delays[0]), order_of_ms);
	print_message("one new warning, commit included: p50 %lld ms, p99 %lld ms, most %lld ms\n", (long long)delays[50],
	              (long long)delays[98], (long long)delays[99]);
	assert_true(delays[98] < 2000);
}

/*
 * Receivers that failed last time get a quarter of the connections: while 150 of them are tried again and
 * again, each attempt under a second, so that the slow lane does not help, a new warning still goes out at
 * once.
 */
static void those_that_failed_leave_room(void **state)
{
	struct delivery_row late;
	int64_t delays[21];
	char id[32];

	(void)state;
	here.options.total_timeout_ms = 700;
	here.options.pause_after = 1000;
	notify_put_path("d", "/ok/live");
	assert_int_equal(store_begin(here.base.store, &here.base.error), 0);
	for (int i = 0; i < 150; i++) {
		snprintf(id, sizeof(id), "h%d", i);
		notify_put_hanging(id);
	}
	assert_int_equal(store_commit(here.base.store, &here.base.error), 0);
	notify_fixture_start();
	for (int i = 0; i < 5000 && counter_sum(COUNT_DELIVERIES_RETRIED) < 150; i++)
		usleep(2000);
	late = notify_wait_for("d", DELIVERY_SENT);
	for (int i = 0; i < 21; i++) {
		int64_t from_ms = clock_steady_ms();
		struct delivery_row row = {.revision = 1, .level = 3, .way = late.way,
		                           .destination = late.destination, .body = slice_of("{}")};
		snprintf(id, sizeof(id), "live%d", i);
		row.id = row.alert = slice_of(id);
		assert_int_equal(store_run(here.base.writer, notify_put_late, &row, &here.base.error), 0);
		deliver_wake(here.notify);
		notify_wait_for(id, DELIVERY_SENT);
		delays[i] = clock_steady_ms() - from_ms;
	}
	qsort(delays, 21, sizeof(delays[0]), order_of_ms);
	print_message("beside 150 that fail: a new warning is sent after p50 %lld ms, most %lld ms\n",
	              (long long)delays[10], (long long)delays[20]);
	assert_true(delays[20] < 1500);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, notify_fixture_setup, notify_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_hundred_waiting_go_out_at_once),
		TEST(two_hundred_to_one_destination_too),
		TEST(a_hundred_that_hang_delay_nobody),
		TEST(a_destination_takes_no_more_than_its_turn),
		TEST(a_new_warning_goes_out_at_once),
		TEST(those_that_failed_leave_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
