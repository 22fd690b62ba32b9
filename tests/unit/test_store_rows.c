/* Hits, alerts, dead letters, offsets and the audit chain as rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/store_sql.h"
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

static const struct episode_key *key(void)
{
	static struct episode_key k;

	k = (struct episode_key){slice_of("102100099996"), slice_of("6222020200001234567"), slice_of("V01"),
		AUDIENCE_ENTERPRISE};
	return &k;
}

/* Puts a hit of the key at a time, by a transaction and a pattern of that name. */
static int put_hit(struct store_fixture *f, int64_t booked_ms, const char *tx, const char *pattern)
{
	struct hit hit = store_fixture_hit();

	hit.booked_ms = booked_ms;
	hit.tx_id = slice_of(tx);
	hit.pattern = slice_of(pattern);
	hit_id(&hit);
	return store_hit_put(f->store, &hit, &f->error);
}

/* I4: the same hit again changes nothing. */
static void a_hit_is_stored_once(void **state)
{
	struct store_fixture *f = *state;
	struct hit hit = store_fixture_hit();

	assert_int_equal(store_hit_put(f->store, &hit, &f->error), 1);
	hit.score = 1;
	assert_int_equal(store_hit_put(f->store, &hit, &f->error), 0);
	assert_int_equal(store_fixture_number(f->store, "SELECT score FROM hit"), 60);
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM hit"), 1);
}

static void a_hit_comes_back_as_it_was(void **state)
{
	struct store_fixture *f = *state;
	struct hit hit = store_fixture_hit(), *hits;
	size_t count;

	store_hit_put(f->store, &hit, &f->error);
	assert_int_equal(store_hits_get(f->store, key(), 0, INT64_MAX, &f->arena, &hits, &count, &f->error), 0);
	assert_int_equal(count, 1);
	assert_memory_equal(hits[0].id, hit.id, HIT_ID_BYTES);
	assert_true(slice_equal(hits[0].bank, hit.bank) && slice_equal(hits[0].account, hit.account));
	assert_true(slice_equal(hits[0].account_name, hit.account_name));
	assert_true(slice_equal(hits[0].enterprise, hit.enterprise) && slice_equal(hits[0].tx_id, hit.tx_id));
	assert_true(slice_equal(hits[0].pattern, hit.pattern) && slice_equal(hits[0].typology, hit.typology));
	assert_true(slice_equal(hits[0].evidence, hit.evidence));
	assert_int_equal(hits[0].version, 1);
	assert_int_equal(hits[0].score, 60);
	assert_int_equal(hits[0].audience, AUDIENCE_ENTERPRISE);
	assert_int_equal(hits[0].booked_ms, hit.booked_ms);
	assert_int_equal(hits[0].amount_cny_minor, hit.amount_cny_minor);
}

static void hits_come_in_the_order_of_time_transaction_pattern(void **state)
{
	static const char *const expected[] = {"a/p", "b/o", "b/p", "a/q"};
	struct store_fixture *f = *state;
	struct hit *hits;
	size_t count;

	put_hit(f, 200, "a", "q");
	put_hit(f, 100, "b", "p");
	put_hit(f, 100, "b", "o");
	put_hit(f, 100, "a", "p");
	put_hit(f, 99, "x", "x");
	put_hit(f, 201, "y", "y");
	assert_int_equal(store_hits_get(f->store, key(), 100, 200, &f->arena, &hits, &count, &f->error), 0);
	assert_int_equal(count, 4);
	for (size_t i = 0; i < count; i++) {
		char text[8];
		snprintf(text, sizeof(text), "%.*s/%.*s", SLICE_PRINT(hits[i].tx_id), SLICE_PRINT(hits[i].pattern));
		assert_string_equal(text, expected[i]);
	}
}

/* The index knows no versions. */
static void hits_of_one_pattern_come_in_the_order_of_version(void **state)
{
	static const uint32_t versions[] = {3, 1, 4, 2};
	struct store_fixture *f = *state;
	struct hit hit = store_fixture_hit(), *hits;
	size_t count;

	put_hit(f, hit.booked_ms, "a", "a");
	for (size_t i = 0; i < 4; i++) {
		hit.version = versions[i];
		hit.tx_id = slice_of("b");
		hit_id(&hit);
		assert_int_equal(store_hit_put(f->store, &hit, &f->error), 1);
	}
	put_hit(f, hit.booked_ms, "c", "a");
	assert_int_equal(store_hits_get(f->store, key(), 0, INT64_MAX, &f->arena, &hits, &count, &f->error), 0);
	assert_int_equal(count, 6);
	for (size_t i = 1; i <= 4; i++)
		assert_int_equal(hits[i].version, i);
	assert_true(slice_is(hits[0].tx_id, "a") && slice_is(hits[5].tx_id, "c"));
}

/* More hits than the first rooms of the growing array, and an arena too small for them (I8). */
static void many_hits_grow_and_too_many_are_said(void **state)
{
	struct store_fixture *f = *state;
	struct arena small;
	struct hit *hits;
	size_t count;
	char tx[16];

	for (int i = 0; i < 300; i++) {
		snprintf(tx, sizeof(tx), "%d", i);
		assert_int_equal(put_hit(f, 1000 + i, tx, "p"), 1);
	}
	assert_int_equal(store_hits_get(f->store, key(), 0, INT64_MAX, &f->arena, &hits, &count, &f->error), 0);
	assert_int_equal(count, 300);
	for (int i = 0; i < 300; i++)
		assert_int_equal(hits[i].booked_ms, 1000 + i);
	arena_init(&small, 20000);
	assert_int_equal(store_hits_get(f->store, key(), 0, INT64_MAX, &small, &hits, &count, &f->error), -1);
	assert_non_null(strstr(f->error.text, "more than the 20000 bytes"));
	arena_deinit(&small);
}

/* The plain reference: grow from the hit in the middle until nothing in the list is near enough. */
static void bounds_reference(const int64_t *times, int count, int64_t gap_ms, int64_t *from_r, int64_t *to_r)
{
	for (bool grown = true; grown;) {
		grown = false;
		for (int i = 0; i < count; i++) {
			if (times[i] < *from_r && *from_r - times[i] <= gap_ms)
				*from_r = times[i], grown = true;
			if (times[i] > *to_r && times[i] - *to_r <= gap_ms)
				*to_r = times[i], grown = true;
		}
	}
}

static void an_episode_reaches_as_far_as_the_reference_says(void **state)
{
	struct store_fixture *f = *state;
	int64_t times[60], from_ms, to_ms;
	char tx[16];

	for (int i = 0; i < 60; i++) {
		times[i] = (int64_t)((unsigned)i * 2654435761u >> 8) % 3000; /* scattered, some together */
		snprintf(tx, sizeof(tx), "%d", i);
		assert_int_equal(put_hit(f, times[i], tx, "p"), 1);
	}
	for (int64_t gap_ms = 0; gap_ms <= 200; gap_ms += 10)
		for (int i = 0; i < 60; i++) {
			int64_t expected_from = times[i], expected_to = times[i];
			bounds_reference(times, 60, gap_ms, &expected_from, &expected_to);
			assert_int_equal(store_episode_bounds(f->store, key(), times[i], gap_ms, &from_ms, &to_ms,
				&f->error), 0);
			assert_int_equal(from_ms, expected_from);
			assert_int_equal(to_ms, expected_to);
		}
}

static void a_revision_keeps_when_the_alert_first_came(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row row = store_fixture_alert("alert-1", 5000), read;

	assert_int_equal(store_alert_put(f->store, &row, &f->error), 0);
	row.revision = 2;
	row.stored_ms = 99999;
	row.score = 40;
	row.body = slice_of("{\"revision\":2}");
	assert_int_equal(store_alert_put(f->store, &row, &f->error), 0);
	assert_int_equal(store_alert_get(f->store, slice_of("alert-1"), &f->arena, &read, &f->error), 1);
	assert_int_equal(read.revision, 2);
	assert_int_equal(read.stored_ms, 7000);
	assert_int_equal(read.score, 40);
	assert_true(slice_is(read.body, "{\"revision\":2}"));
	assert_true(slice_equal(read.jurisdiction, row.jurisdiction));
}

/* What comes while the alert is on its way to the topic stays to be produced: a revision, or another body of it. */
static void the_producer_gets_each_revision_that_stands(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row row = store_fixture_alert("alert-1", 5000);
	struct unproduced_alert *rows, sent = {.id = row.id, .body = row.body, .revision = 1};
	size_t count;

	assert_int_equal(store_alert_put(f->store, &row, &f->error), 0);
	row.revision = 2;
	assert_int_equal(store_alert_put(f->store, &row, &f->error), 0);
	assert_int_equal(store_alert_mark_produced(f->store, &sent, &f->error), 0);
	sent = (struct unproduced_alert){.id = row.id, .body = slice_of("{}"), .revision = 2};
	assert_int_equal(store_alert_mark_produced(f->store, &sent, &f->error), 0);
	assert_int_equal(store_alerts_unproduced(f->store, 10, &f->arena, &rows, &count, &f->error), 0);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].revision, 2);
	assert_true(slice_equal(rows[0].body, row.body));
	assert_int_equal(store_alert_mark_produced(f->store, &rows[0], &f->error), 0);
	assert_int_equal(store_alerts_unproduced(f->store, 10, &f->arena, &rows, &count, &f->error), 0);
	assert_int_equal(count, 0);
}

static void an_alert_that_is_not_there(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row read;

	assert_int_equal(store_alert_get(f->store, slice_of("none"), &f->arena, &read, &f->error), 0);
}

/* Two renames in a row: both old ids lead to the living alert, and its deliveries follow. */
static void an_old_id_leads_to_the_alert(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row row = store_fixture_alert("first", 5000), read;

	store_alert_put(f->store, &row, &f->error);
	assert_int_equal(sql_execute(f->store, "INSERT INTO delivery(id, alert, revision, level, way, destination,"
		" state, created_ms, due_ms, body) VALUES('d', 'first', 1, 4, 1, 1, 0, 0, 0, '{}')", &f->error), 0);
	assert_int_equal(store_alert_rename(f->store, slice_of("first"), slice_of("second"), &f->error), 0);
	row.id = slice_of("second");
	store_alert_put(f->store, &row, &f->error);
	assert_int_equal(store_alert_rename(f->store, slice_of("second"), slice_of("third"), &f->error), 0);
	row.id = slice_of("third");
	store_alert_put(f->store, &row, &f->error);

	assert_int_equal(store_alert_get(f->store, slice_of("first"), &f->arena, &read, &f->error), 1);
	assert_true(slice_is(read.id, "third"));
	assert_int_equal(store_alert_get(f->store, slice_of("second"), &f->arena, &read, &f->error), 1);
	assert_true(slice_is(read.id, "third"));
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM alert"), 1);
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM delivery WHERE alert = 'third'"), 1);
}

/* And back: the id that is alive again is no alias any more. */
static void a_rename_there_and_back(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row row = store_fixture_alert("one", 5000), read;

	store_alert_put(f->store, &row, &f->error);
	store_alert_rename(f->store, slice_of("one"), slice_of("two"), &f->error);
	assert_int_equal(store_alert_rename(f->store, slice_of("two"), slice_of("one"), &f->error), 0);
	store_alert_put(f->store, &row, &f->error);
	assert_int_equal(store_alert_get(f->store, slice_of("two"), &f->arena, &read, &f->error), 1);
	assert_true(slice_is(read.id, "one"));
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM alert_alias WHERE id = alert"), 0);
	assert_int_equal(store_alert_rename(f->store, slice_of("one"), slice_of("one"), &f->error), 0);
	assert_int_equal(store_alert_get(f->store, slice_of("one"), &f->arena, &read, &f->error), 1);
}

static void alerts_of_a_key_by_their_opening(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row row, *rows;
	size_t count;

	row = store_fixture_alert("late", 9000);
	store_alert_put(f->store, &row, &f->error);
	row = store_fixture_alert("early", 5000);
	store_alert_put(f->store, &row, &f->error);
	row = store_fixture_alert("other", 5000);
	row.audience = AUDIENCE_ANALYST;
	store_alert_put(f->store, &row, &f->error);
	assert_int_equal(store_alerts_of(f->store, key(), 4000, 8000, &f->arena, &rows, &count, &f->error), 0);
	assert_int_equal(count, 2);
	assert_true(slice_is(rows[0].id, "early") && slice_is(rows[1].id, "late"));
	assert_int_equal(store_alerts_of(f->store, key(), 4001, 7999, &f->arena, &rows, &count, &f->error), 0);
	assert_int_equal(count, 0);
}

/* I5: read again after a crash, a message is one dead letter, with its payload byte for byte. */
static void a_dead_letter_is_kept_once(void **state)
{
	struct store_fixture *f = *state;
	struct dead_row row = store_fixture_dead(7), read;

	row.payload = (struct slice){"a\0b\xff", 4};
	assert_int_equal(store_dead_put(f->store, &row, &f->error), 1);
	assert_int_equal(store_dead_put(f->store, &row, &f->error), 0);
	assert_int_equal(store_dead_get(f->store, 1, &f->arena, &read, &f->error), 1);
	assert_int_equal(read.payload.length, 4);
	assert_memory_equal(read.payload.at, "a\0b\xff", 4);
	assert_null(read.key.at);
	assert_int_equal(read.partition, 3);
	assert_int_equal(read.offset, 7);
	assert_int_equal(read.replayed_ms, 0);
	assert_false(read.produced);
	assert_true(slice_equal(read.reason, row.reason) && slice_equal(read.field, row.field));
	assert_int_equal(store_dead_get(f->store, 2, &f->arena, &read, &f->error), 0);
}

static void an_empty_key_is_not_no_key(void **state)
{
	struct store_fixture *f = *state;
	struct dead_row row = store_fixture_dead(7), read;

	row.key = (struct slice){"", 0};
	store_dead_put(f->store, &row, &f->error);
	store_dead_get(f->store, 1, &f->arena, &read, &f->error);
	assert_non_null(read.key.at);
	assert_int_equal(read.key.length, 0);
}

static void dead_letters_are_listed_for_the_producer(void **state)
{
	struct store_fixture *f = *state;
	struct dead_row *rows;
	size_t count;

	for (int i = 0; i < 5; i++) {
		struct dead_row row = store_fixture_dead(i);
		store_dead_put(f->store, &row, &f->error);
	}
	assert_int_equal(store_dead_mark_produced(f->store, 2, &f->error), 0);
	assert_int_equal(store_dead_mark_replayed(f->store, 3, 777, &f->error), 0);
	assert_int_equal(store_dead_mark_produced(f->store, 99, &f->error), -1);
	assert_non_null(strstr(f->error.text, "no dead letter 99"));

	assert_int_equal(store_dead_list(f->store, 0, 3, true, true, &f->arena, &rows, &count, &f->error), 0);
	assert_int_equal(count, 3);
	assert_int_equal(rows[0].id, 1);
	assert_int_equal(rows[1].id, 3);
	assert_int_equal(rows[1].replayed_ms, 777);
	assert_int_equal(rows[0].payload.length, 19);
	assert_int_equal(store_dead_list(f->store, 1, 10, false, false, &f->arena, &rows, &count, &f->error), 0);
	assert_int_equal(count, 4);
	assert_true(rows[0].produced);
	assert_null(rows[0].payload.at);
}

static void offsets_are_kept_by_partition(void **state)
{
	struct store_fixture *f = *state;
	int64_t offset = -1;

	assert_int_equal(store_offset_get(f->store, slice_of("t"), 0, &offset, &f->error), 0);
	assert_int_equal(store_offset_put(f->store, slice_of("t"), 0, 10, &f->error), 0);
	assert_int_equal(store_offset_put(f->store, slice_of("t"), 1, 20, &f->error), 0);
	assert_int_equal(store_offset_put(f->store, slice_of("t"), 0, 11, &f->error), 0);
	assert_int_equal(store_offset_get(f->store, slice_of("t"), 0, &offset, &f->error), 1);
	assert_int_equal(offset, 11);
	assert_int_equal(store_offset_get(f->store, slice_of("t"), 1, &offset, &f->error), 1);
	assert_int_equal(offset, 20);
}

static void fill_audit(struct store_fixture *f)
{
	for (int i = 1; i <= 5; i++)
		assert_int_equal(store_audit_put(f->store, 1000 * i, "token", "reveal", "alert/1", "a call from the bank",
			&f->error), 0);
}

/* I10: nothing in the chain can be changed through SQL by accident. */
static void the_audit_only_grows(void **state)
{
	struct store_fixture *f = *state;
	int64_t rows;

	fill_audit(f);
	assert_int_equal(sql_execute(f->store, "UPDATE audit SET actor = 'x'", &f->error), -1);
	assert_non_null(strstr(f->error.text, "append-only"));
	assert_int_equal(sql_execute(f->store, "DELETE FROM audit WHERE seq = 5", &f->error), -1);
	assert_int_equal(store_audit_verify(f->store, &rows, &f->error), 0);
	assert_int_equal(rows, 5);
}

/* I10: what somebody did to the file behind the program's back, each on a fresh chain of five rows. */
static void the_audit_shows_what_was_done_to_it(void **state)
{
	static const struct {
		const char *deed, *finding;
	} cases[] = {
		{"UPDATE audit SET detail = 'nothing' WHERE seq = 3", "audit row 3 does not fit"},
		{"UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 1", "audit row 1 does not fit"},
		{"UPDATE audit SET actor = 'tok', action = 'enreveal' WHERE seq = 2", "audit row 2 does not fit"},
		{"UPDATE audit SET hash = x'00' WHERE seq = 5", "audit row 5 does not fit"},
		{"DELETE FROM audit WHERE seq = 3", "audit row 3 is missing"},
		{"DELETE FROM audit WHERE seq = 1", "audit row 1 is missing"},
		{"DELETE FROM audit WHERE seq >= 4", "the audit ends at row 3, but row 5 was written once"},
		{"DELETE FROM audit", "the audit ends at row 0, but row 5 was written once"},
		{"UPDATE audit SET seq = -seq WHERE seq >= 4; UPDATE audit SET seq = 1 - seq WHERE seq < 0;"
		 "INSERT INTO audit SELECT 4, at_ms, actor, action, object, detail, hash FROM audit WHERE seq = 3",
			"audit row 4 does not fit"},
		{"INSERT INTO audit SELECT 6, at_ms, actor, action, object, detail, hash FROM audit WHERE seq = 5",
			"audit row 6 does not fit"},
	};
	int64_t rows;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store_fixture *f = *state;
		fill_audit(f);
		assert_int_equal(store_audit_verify(f->store, &rows, &f->error), 0);
		assert_int_equal(sql_execute(f->store, "DROP TRIGGER audit_keep; DROP TRIGGER audit_stay", &f->error), 0);
		assert_int_equal(sql_execute(f->store, cases[i].deed, &f->error), 0);
		assert_int_equal(store_audit_verify(f->store, &rows, &f->error), -1);
		if (strstr(f->error.text, cases[i].finding) == NULL)
			fail_msg("%s: %s", cases[i].deed, f->error.text);
		teardown(state);
		setup(state);
	}
}

/* After a removed end, the next row does not hide it. */
static void a_removed_end_stays_seen(void **state)
{
	struct store_fixture *f = *state;
	int64_t rows;

	fill_audit(f);
	sql_execute(f->store, "DROP TRIGGER audit_stay; DELETE FROM audit WHERE seq = 5", &f->error);
	assert_int_equal(store_audit_put(f->store, 1, "a", "b", "c", NULL, &f->error), 0);
	assert_int_equal(store_audit_verify(f->store, &rows, &f->error), -1);
	assert_non_null(strstr(f->error.text, "audit row 5 is missing"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hit_is_stored_once),
		TEST(a_hit_comes_back_as_it_was),
		TEST(hits_come_in_the_order_of_time_transaction_pattern),
		TEST(hits_of_one_pattern_come_in_the_order_of_version),
		TEST(many_hits_grow_and_too_many_are_said),
		TEST(an_episode_reaches_as_far_as_the_reference_says),
		TEST(a_revision_keeps_when_the_alert_first_came),
		TEST(the_producer_gets_each_revision_that_stands),
		TEST(an_alert_that_is_not_there),
		TEST(an_old_id_leads_to_the_alert),
		TEST(a_rename_there_and_back),
		TEST(alerts_of_a_key_by_their_opening),
		TEST(a_dead_letter_is_kept_once),
		TEST(an_empty_key_is_not_no_key),
		TEST(dead_letters_are_listed_for_the_producer),
		TEST(offsets_are_kept_by_partition),
		TEST(the_audit_only_grows),
		TEST(the_audit_shows_what_was_done_to_it),
		TEST(a_removed_end_stays_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
