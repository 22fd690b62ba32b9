/* The outbox's rows: what a row can become, by whom, and that nothing is warned twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store_fixture.h"

static int setup(void **state)
{
	static struct store_fixture f;

	store_fixture_open(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	store_fixture_close(*state);
	return 0;
}

static struct delivery_row row(const char *id, int64_t destination, int64_t due_ms)
{
	return (struct delivery_row){.id = slice_of(id), .alert = slice_of(id), .revision = 1, .level = 3, .way = 1,
	                             .destination = destination, .created_ms = 1, .due_ms = due_ms, .body = slice_of("{}")};
}

static void put(struct store_fixture *f, const char *id, int64_t destination, int64_t due_ms)
{
	struct delivery_row r = row(id, destination, due_ms);

	assert_int_equal(store_delivery_put(f->store, &r, &f->error), 1);
}

static struct delivery_row get(struct store_fixture *f, const char *id)
{
	struct delivery_row r;

	assert_int_equal(store_delivery_get(f->store, slice_of(id), &f->arena, &r, &f->error), 1);
	return r;
}

/* I3, I4: a replay of the desk's job puts nothing twice, a lower level neither, a higher one does. */
static void a_warning_is_put_once_a_level(void **state)
{
	struct store_fixture *f = *state;
	struct delivery_row r = row("m1", 5, 10);

	r.alert = slice_of("a");
	assert_int_equal(store_delivery_put(f->store, &r, &f->error), 1);
	assert_int_equal(store_delivery_put(f->store, &r, &f->error), 0);
	r.id = slice_of("m2");
	assert_int_equal(store_delivery_put(f->store, &r, &f->error), 0);
	r.level = 2;
	assert_int_equal(store_delivery_put(f->store, &r, &f->error), 0);
	r.level = 4;
	assert_int_equal(store_delivery_put(f->store, &r, &f->error), 1);
	r = row("m3", 5, 10);
	r.alert = slice_of("a");
	r.way = 2;
	assert_int_equal(store_delivery_put(f->store, &r, &f->error), 1);
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM delivery"), 3);
}

static void destinations_are_walked_with_their_earliest(void **state)
{
	struct store_fixture *f = *state;
	int64_t destination = INT64_MIN, due_ms;

	put(f, "a", 9, 30);
	put(f, "b", 9, 20);
	put(f, "c", -4, 50);
	put(f, "d", INT64_MAX, 1);
	put(f, "e", 7, 1);
	assert_int_equal(store_delivery_claim(f->store, slice_of("e"), &f->error), 1); /* no longer waits */
	assert_int_equal(store_destination_next(f->store, destination, &destination, &due_ms, &f->error), 1);
	assert_true(destination == -4 && due_ms == 50);
	assert_int_equal(store_destination_next(f->store, destination, &destination, &due_ms, &f->error), 1);
	assert_true(destination == 9 && due_ms == 20);
	assert_int_equal(store_destination_next(f->store, destination, &destination, &due_ms, &f->error), 1);
	assert_true(destination == INT64_MAX && due_ms == 1);
	assert_int_equal(store_destination_next(f->store, destination, &destination, &due_ms, &f->error), 0);
}

static void due_rows_come_oldest_first_with_their_contact(void **state)
{
	struct store_fixture *f = *state;
	struct delivery_due *rows;
	size_t count;

	assert_int_equal(store_fixture_contact(f->store, "91350100M000100Y43", "出纳", "https://x.example.com/", "s", ""), 1);
	put(f, "a", 9, 30);
	put(f, "b", 9, 20);
	put(f, "c", 9, 31);
	put(f, "d", 8, 10);
	assert_int_equal(store_deliveries_due(f->store, 9, 30, 10, &f->arena, &rows, &count, &f->error), 0);
	assert_int_equal(count, 2);
	assert_true(slice_is(rows[0].id, "b") && slice_is(rows[1].id, "a"));
	assert_true(slice_is(rows[0].channel, "webhook") && slice_is(rows[0].address, "https://x.example.com/"));
	assert_true(slice_is(rows[0].secret, "s") && slice_is(rows[0].language, "zh") && slice_is(rows[0].body, "{}"));
	assert_int_equal(store_deliveries_due(f->store, 9, 30, 1, &f->arena, &rows, &count, &f->error), 0);
	assert_int_equal(count, 1);
	assert_int_equal(store_way_disable(f->store, slice_of("webhook"), slice_of("https://x.example.com/"), "gone", &f->error), 1);
	assert_int_equal(store_deliveries_due(f->store, 9, 30, 9, &f->arena, &rows, &count, &f->error), 0);
	assert_true(slice_is(rows[0].disabled, "gone"));
}

/* Each move only from where the drawing of deliver/outbox.h has it. */
static void states_move_as_drawn(void **state)
{
	struct store_fixture *f = *state;

	put(f, "a", 1, 10);
	assert_int_equal(store_delivery_settle(f->store, slice_of("a"), DELIVERY_SENT, 0, 5, "", &f->error), 0);
	assert_int_equal(store_delivery_claim(f->store, slice_of("a"), &f->error), 1);
	assert_int_equal(store_delivery_claim(f->store, slice_of("a"), &f->error), 0);
	assert_int_equal(get(f, "a").attempts, 1);
	assert_int_equal(store_delivery_settle(f->store, slice_of("a"), DELIVERY_RETRY, 99, 5, "HTTP 500", &f->error), 1);
	assert_int_equal(get(f, "a").due_ms, 99);
	assert_true(slice_is(get(f, "a").reason, "HTTP 500"));
	assert_int_equal(store_delivery_claim(f->store, slice_of("a"), &f->error), 1);
	assert_int_equal(store_delivery_settle(f->store, slice_of("a"), DELIVERY_DEAD, 0, 6, "enough", &f->error), 1);
	assert_int_equal(store_delivery_claim(f->store, slice_of("a"), &f->error), 0);
	assert_int_equal(store_delivery_move(f->store, slice_of("a"), DELIVERY_SENT, DELIVERY_ACKED, 7, &f->error), 0);
	assert_int_equal(store_delivery_move(f->store, slice_of("a"), DELIVERY_DEAD, DELIVERY_PENDING, 7, &f->error), 1);
	assert_int_equal(get(f, "a").attempts, 0);
	assert_int_equal(get(f, "a").due_ms, 7);
	assert_int_equal(store_delivery_claim(f->store, slice_of("a"), &f->error), 1);
	assert_int_equal(store_delivery_settle(f->store, slice_of("a"), DELIVERY_SENT, 0, 8, "HTTP 200", &f->error), 1);
	assert_int_equal(store_delivery_move(f->store, slice_of("a"), DELIVERY_SENT, DELIVERY_ACKED, 9, &f->error), 1);
	assert_int_equal(get(f, "a").state, DELIVERY_ACKED);
}

static void what_a_crash_left_is_retried_under_its_id(void **state)
{
	struct store_fixture *f = *state;

	put(f, "a", 1, 10);
	put(f, "b", 1, 10);
	store_delivery_claim(f->store, slice_of("a"), &f->error);
	assert_int_equal(store_deliveries_recover(f->store, 500, &f->error), 1);
	assert_int_equal(get(f, "a").state, DELIVERY_RETRY);
	assert_int_equal(get(f, "a").due_ms, 500);
	assert_int_equal(get(f, "a").attempts, 1);
	assert_int_equal(get(f, "b").state, DELIVERY_PENDING);
	assert_int_equal(store_deliveries_recover(f->store, 600, &f->error), 0);
}

static void put_alert(struct store_fixture *f, const char *id, uint8_t audience, uint8_t level)
{
	struct alert_row a = store_fixture_alert(id, 1772414104123);

	a.audience = audience;
	a.level = level;
	if (audience == AUDIENCE_ANALYST)
		a.typology = slice_of("M01");
	assert_int_equal(store_alert_put(f->store, &a, &f->error), 0);
}

/*
 * I7: whatever way a row becomes due again, it is held while its account is watched and nobody released it.
 */
static void a_watched_accounts_rows_are_held(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row a = store_fixture_alert("v", 1);

	put_alert(f, "v", AUDIENCE_ENTERPRISE, 4);
	put(f, "v", 1, 10);
	store_delivery_claim(f->store, slice_of("v"), &f->error);
	assert_int_equal(store_account_watched(f->store, a.bank, a.account, &f->error), 0);
	put_alert(f, "m", AUDIENCE_ANALYST, 2);
	assert_int_equal(store_account_watched(f->store, a.bank, a.account, &f->error), 0);
	put_alert(f, "m", AUDIENCE_ANALYST, 3);
	assert_int_equal(store_account_watched(f->store, a.bank, a.account, &f->error), 1);
	assert_int_equal(store_account_watched(f->store, a.bank, slice_of("1"), &f->error), 0);
	assert_int_equal(store_delivery_settle(f->store, slice_of("v"), DELIVERY_RETRY, 99, 5, "HTTP 500", &f->error), 1);
	assert_int_equal(get(f, "v").state, DELIVERY_HELD);
	assert_int_equal(store_deliveries_release(f->store, slice_of("v"), 7, &f->error), 1);
	assert_int_equal(get(f, "v").state, DELIVERY_PENDING);
	assert_int_equal(store_deliveries_hold(f->store, a.bank, a.account, 9, &f->error), 0); /* released is released */
	store_delivery_claim(f->store, slice_of("v"), &f->error);
	assert_int_equal(store_deliveries_recover(f->store, 8, &f->error), 1);
	assert_int_equal(get(f, "v").state, DELIVERY_RETRY);
}

static void a_crash_and_a_replay_hold_too(void **state)
{
	struct store_fixture *f = *state;

	put_alert(f, "v", AUDIENCE_ENTERPRISE, 4);
	put(f, "v", 1, 10);
	store_delivery_claim(f->store, slice_of("v"), &f->error);
	put_alert(f, "m", AUDIENCE_ANALYST, 4);
	store_deliveries_recover(f->store, 8, &f->error);
	assert_int_equal(get(f, "v").state, DELIVERY_HELD);
	store_deliveries_release(f->store, slice_of("v"), 9, &f->error);

	put_alert(f, "w", AUDIENCE_ENTERPRISE, 4);
	put(f, "w", 1, 10);
	store_delivery_claim(f->store, slice_of("w"), &f->error);
	store_delivery_settle(f->store, slice_of("w"), DELIVERY_DEAD, 0, 9, "", &f->error);
	assert_int_equal(store_delivery_move(f->store, slice_of("w"), DELIVERY_DEAD, DELIVERY_PENDING, 9, &f->error), 1);
	assert_int_equal(get(f, "w").state, DELIVERY_HELD);
}

static void a_release_follows_a_renamed_alert(void **state)
{
	struct store_fixture *f = *state;

	put_alert(f, "old", AUDIENCE_ENTERPRISE, 4);
	put_alert(f, "m", AUDIENCE_ANALYST, 4);
	put(f, "old", 1, 10);
	assert_int_equal(store_deliveries_hold(f->store, store_fixture_alert("x", 1).bank,
	                                       store_fixture_alert("x", 1).account, 9, &f->error), 1);
	assert_int_equal(store_alert_rename(f->store, slice_of("old"), slice_of("new"), &f->error), 0);
	assert_true(slice_is(get(f, "old").alert, "new"));
	assert_int_equal(store_deliveries_release(f->store, slice_of("old"), 9, &f->error), 1);
}

static void totals_and_lists_show_the_states(void **state)
{
	struct store_fixture *f = *state;
	struct delivery_totals totals;
	struct delivery_row *rows;
	size_t count;

	put(f, "a", 1, 10);
	put(f, "b", 1, 10);
	put(f, "c", 2, 10);
	store_delivery_claim(f->store, slice_of("c"), &f->error);
	assert_int_equal(store_delivery_totals(f->store, &totals, &f->error), 0);
	assert_int_equal(totals.of_state[DELIVERY_PENDING], 2);
	assert_int_equal(totals.of_state[DELIVERY_INFLIGHT], 1);
	assert_int_equal(store_delivery_list(f->store, (struct slice){0}, -1, slice_of("a"), 10, &f->arena, &rows, &count,
	                                     &f->error), 0);
	assert_int_equal(count, 2);
	assert_int_equal(store_delivery_list(f->store, (struct slice){0}, DELIVERY_PENDING, slice_of(""), 1, &f->arena,
	                                     &rows, &count, &f->error), 0);
	assert_true(count == 1 && slice_is(rows[0].id, "a"));
	assert_int_equal(store_delivery_list(f->store, slice_of("c"), -1, slice_of(""), 9, &f->arena, &rows, &count,
	                                     &f->error), 0);
	assert_true(count == 1 && rows[0].state == DELIVERY_INFLIGHT);
	assert_int_equal(store_deliveries_give_up(f->store, 1, 50, "gone", &f->error), 2);
	assert_int_equal(get(f, "b").state, DELIVERY_DEAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_warning_is_put_once_a_level, setup, teardown),
		cmocka_unit_test_setup_teardown(destinations_are_walked_with_their_earliest, setup, teardown),
		cmocka_unit_test_setup_teardown(due_rows_come_oldest_first_with_their_contact, setup, teardown),
		cmocka_unit_test_setup_teardown(states_move_as_drawn, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_crash_left_is_retried_under_its_id, setup, teardown),
		cmocka_unit_test_setup_teardown(a_watched_accounts_rows_are_held, setup, teardown),
		cmocka_unit_test_setup_teardown(a_crash_and_a_replay_hold_too, setup, teardown),
		cmocka_unit_test_setup_teardown(a_release_follows_a_renamed_alert, setup, teardown),
		cmocka_unit_test_setup_teardown(totals_and_lists_show_the_states, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
