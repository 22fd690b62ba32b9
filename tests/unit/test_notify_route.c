/* From an alert to the outbox: who is told, once, and who never is (I7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/counters.h"
#include "base/hit.h"
#include "notify/notify.h"
#include "store/store_sql.h"
#include "store_fixture.h"
#include "timers.h"

#define BANK "102100099996"
#define USCC "91350100M000100Y43"

static int setup(void **state)
{
	static struct store_fixture f;

	counters_clear_for_test();
	store_fixture_open(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	store_fixture_close(*state);
	return 0;
}

static void put_enterprise(struct store_fixture *f, const char *uscc)
{
	struct enterprise_row e = {.uscc = slice_of(uscc), .name = slice_of("福州示例商贸有限公司"), .industry = slice_of(""),
	                           .scope = slice_of(""), .address = slice_of(""), .registered_on = slice_of(""),
	                           .legal_representative = slice_of(""), .jurisdiction = slice_of("")};

	assert_int_not_equal(store_enterprise_put(f->store, &e, &f->error), -1);
}

static void put_account(struct store_fixture *f, const char *account, const char *uscc)
{
	struct account_row a = {slice_of(BANK), slice_of(account), slice_of(uscc), slice_of(""), slice_of("")};

	assert_int_not_equal(store_account_put(f->store, &a, &f->error), -1);
}

static void put_contact(struct store_fixture *f, const char *uscc, const char *address, const char *disabled)
{
	store_fixture_contact(f->store, uscc, "出纳", address, "", disabled);
}

static struct alert_row make_alert(const char *id, const char *account, uint8_t audience, uint8_t level)
{
	struct alert_row a = store_fixture_alert(id, 1772414104123);

	a.bank = slice_of(BANK);
	a.account = slice_of(account);
	a.enterprise = slice_of("");
	a.audience = audience;
	a.level = level;
	a.typology = slice_of(audience == AUDIENCE_ENTERPRISE ? "V01" : "M01");
	return a;
}

static struct notify_put notified_at(struct store_fixture *f, const struct alert_row *a, int64_t at_ms)
{
	static const struct notify_warning words = {.title = {{"标题", 6}, {"title", 5}}, .message = {{"内容", 6},
	                                                                                            {"text", 4}}};
	struct notify_put put;

	assert_int_equal(store_alert_put(f->store, a, &f->error), 0);
	if (notify_put_for_alert(f->store, a, &words, at_ms, &put, &f->error) == -1)
		fail_msg("%s", f->error.text);
	return put;
}

static struct notify_put notified(struct store_fixture *f, const struct alert_row *a)
{
	return notified_at(f, a, 1000);
}

static void each_contact_of_the_accounts_enterprise_is_told(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row a = make_alert("v", "1", AUDIENCE_ENTERPRISE, 3);
	struct notify_put put;

	put_enterprise(f, USCC);
	put_account(f, "1", USCC);
	put_contact(f, USCC, "https://a.example.com/", "");
	put_contact(f, USCC, "https://b.example.com/", "");
	put_contact(f, USCC, "https://c.example.com/", "has left");
	put = notified(f, &a);
	assert_true(put.put == 2 && put.held == 0 && !put.no_contact && !put.cut && put.builtin == 2);
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM delivery WHERE body ->> '$.text' LIKE '%110%' "
	                                                "AND body ->> '$.subject' <> '' AND body ->> '$.language' = 'zh'"), 2);
	assert_int_equal(store_fixture_number(f->store, "SELECT count(DISTINCT destination) FROM delivery"), 2);
	assert_int_equal(store_fixture_number(f->store,
	                                      "SELECT count(*) FROM delivery WHERE state = 0 AND due_ms = 1000 AND "
	                                                "body ->> '$.id' = id AND "
	                                                "body ->> '$.enterprise.uscc' = '" USCC "'"), 2);
	put = notified(f, &a); /* I3, I4: again changes nothing */
	assert_int_equal(put.put, 0);
	a.revision = 2;
	put = notified(f, &a); /* not higher */
	assert_int_equal(put.put, 0);
	a.level = 4;
	put = notified(f, &a);
	assert_int_equal(put.put, 2);
	notify_put_count(&put);
	assert_int_equal(counter_sum(COUNT_DELIVERIES), 2);
}

static void blue_is_nobodys_warning(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row a = make_alert("v", "1", AUDIENCE_ENTERPRISE, 1);
	struct notify_put put = notified(f, &a);

	assert_true(put.put == 0 && !put.no_contact);
}

static void an_unknown_enterprise_is_counted(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row a = make_alert("v", "1", AUDIENCE_ENTERPRISE, 3);
	struct notify_put put = notified(f, &a);

	assert_true(put.put == 0 && put.no_contact);
	notify_put_count(&put);
	assert_int_equal(counter_sum(COUNT_NO_CONTACT), 1);
	put = notified(f, &a); /* it is on the list */
	assert_true(put.put == 0 && !put.no_contact);
	put_enterprise(f, USCC); /* known, but with nobody to tell */
	put_account(f, "1", USCC);
	a.id = slice_of("w");
	put = notified(f, &a);
	assert_true(put.put == 0 && put.no_contact && put.calls == 1);
}

/* Nobody of an enterprise that is registered as closed is warned; its centre has it on its list. */
static void a_closed_enterprise_is_not_warned(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row a = make_alert("v", "1", AUDIENCE_ENTERPRISE, 4);
	struct enterprise_row e = {.uscc = slice_of(USCC), .name = slice_of("福州示例商贸有限公司"), .status = slice_of("closed")};
	struct notify_put put;

	put_enterprise(f, USCC);
	put_account(f, "1", USCC);
	put_contact(f, USCC, "https://a.example.com/", "");
	assert_int_equal(store_enterprise_put(f->store, &e, &f->error), STORE_CHANGED);
	put = notified(f, &a);
	assert_true(put.put == 0 && put.closed == 1 && put.calls == 1);
	notify_put_count(&put);
	assert_int_equal(counter_sum(COUNT_ENTERPRISE_CLOSED), 1);
	e.status = slice_of("active");
	assert_int_equal(store_enterprise_put(f->store, &e, &f->error), STORE_CHANGED);
	a.id = slice_of("w");
	assert_int_equal(notified(f, &a).put, 1);
}

/* The transaction's own word counts where the account is not registered. */
static void the_feeds_enterprise_helps_out(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row a = make_alert("v", "1", AUDIENCE_ENTERPRISE, 3);

	put_enterprise(f, USCC);
	put_contact(f, USCC, "https://a.example.com/", "");
	a.enterprise = slice_of("91110000101623741K");
	assert_true(notified(f, &a).no_contact);
	a.enterprise = slice_of(USCC);
	a.id = slice_of("w");
	assert_int_equal(notified(f, &a).put, 1);
}

static void a_watched_account_waits_for_its_release(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row v = make_alert("v", "1", AUDIENCE_ENTERPRISE, 3), m = make_alert("m", "1", AUDIENCE_ANALYST, 3);
	struct notify_put put;

	put_enterprise(f, USCC);
	put_account(f, "1", USCC);
	put_contact(f, USCC, "https://a.example.com/", "");
	assert_int_equal(notified(f, &v).put, 1);
	put = notified(f, &m);
	assert_true(put.put == 0 && put.holding == 1 && !put.no_contact);
	v.level = 4;
	put = notified(f, &v);
	assert_true(put.put == 1 && put.held == 1);
	assert_int_equal(notify_release(f->store, slice_of("v"), "analyst", 5, &f->error), 2);
	assert_int_equal(store_fixture_number(f->store,
	                                      "SELECT count(*) FROM delivery WHERE state = 0 AND released_ms = 5"), 2);
	put = notified(f, &m); /* released stays released */
	assert_int_equal(put.holding, 0);
}

/*
 * I7, by 300 random lives of five accounts: alerts of both kinds rise, attempts begin, fail and crash, analysts
 * release, timers fire: further steps, digests, calls to centres with people on duty. A claim is never given to a
 * delivery whose account is watched, unless it was released after, nor to a digest that lists such a one; and no
 * delivery ever speaks to an enterprise of an analysts' alert.
 */
enum { ACCOUNTS = 5, STEPS = 160 };

static int64_t now_ms = 1772414104123;

#define IS_WATCHED "EXISTS (SELECT 1 FROM alert m WHERE m.bank = a.bank AND m.account = a.account AND " \
	           "m.audience = 1 AND m.level >= 3)"

static void check_no_tip_off(struct store_fixture *f)
{
	assert_int_equal(store_fixture_number(
		f->store, "SELECT count(*) FROM delivery d JOIN alert a ON a.id = d.alert JOIN way w ON w.id = d.way JOIN contact "
		          "c ON c.id = w.contact WHERE length(c.owner) = 18 AND (a.audience = 1 OR d.kind = 4)"), 0);
	assert_int_equal(store_fixture_number(
		f->store, "SELECT count(*) FROM delivery d JOIN way w ON w.id = d.way JOIN contact c ON c.id = w.contact WHERE "
		          "length(c.owner) = 18 AND (instr(d.body, 'M01') > 0 OR instr(d.body, 'ANALYST') > 0)"), 0);
	assert_int_equal(store_fixture_number(
		f->store, "SELECT count(*) FROM delivery d JOIN alert a ON a.id = d.alert WHERE d.state IN (0, 2) AND d.kind = 0 "
		          "AND d.released_ms IS NULL AND " IS_WATCHED), 0);
	assert_int_equal(store_fixture_number(
		f->store, "SELECT count(*) FROM delivery d JOIN delivery g ON g.subject = d.id AND g.state = 7 JOIN alert a ON "
		          "a.id = g.alert WHERE d.kind = 5 AND d.state IN (0, 2) AND g.released_ms IS NULL AND " IS_WATCHED), 0);
	/* Nor in what a digest says, whatever became of the rows that it gathered. */
	assert_int_equal(store_fixture_number(
		f->store, "SELECT count(*) FROM delivery d, json_each(d.body, '$.warnings') j JOIN alert a ON a.id = "
		          "json_extract(j.value, '$.alert') WHERE d.kind = 5 AND d.state IN (0, 2) AND NOT EXISTS (SELECT 1 FROM "
		          "delivery g WHERE g.alert = a.id AND g.released_ms IS NOT NULL) AND " IS_WATCHED), 0);
	/* What is held has somebody who was asked for its release, or a timer that will ask. */
	assert_int_equal(store_fixture_number(
		f->store, "SELECT count(*) FROM delivery d WHERE d.state = 6 AND NOT EXISTS (SELECT 1 FROM call c WHERE c.alert = "
		          "d.alert AND c.reason = 'release') AND NOT EXISTS (SELECT 1 FROM timer WHERE kind = 'hold')"), 0);
	/* A gathered row waits for its digest, or names one that is on its way. */
	assert_int_equal(store_fixture_number(
		f->store, "SELECT count(*) FROM delivery g WHERE g.state = 7 AND g.subject <> '' AND NOT EXISTS (SELECT 1 FROM "
		          "delivery d WHERE d.id = g.subject AND d.kind = 5 AND d.state IN (0, 1, 2))"), 0);
}

static void run(struct store_fixture *f, const char *text)
{
	if (sql_execute(f->store, text, &f->error) == -1)
		fail_msg("%s", f->error.text);
}

static void random_alert(struct store_fixture *f, uint8_t levels[2][ACCOUNTS])
{
	int account = rand() % ACCOUNTS, audience = rand() % 8 == 0;
	uint8_t before = levels[audience][account], level = (uint8_t)(1 + rand() % 4);
	char id[16], number[16];
	struct alert_row a;

	snprintf(id, sizeof(id), "%c%d", audience ? 'm' : 'v', account);
	snprintf(number, sizeof(number), "%d", account);
	if (level < before)
		level = before;
	a = make_alert(id, number, (uint8_t)audience, level);
	if (audience)
		a.body = slice_of("{\"hits\":[{\"facts\":{\"payee\":\"ANALYST\"}}]}");
	notified_at(f, &a, now_ms);
	levels[audience][account] = level;
}

/* A claim and its settling are two steps, so that anything may happen between them. */
static void random_attempt(struct store_fixture *f)
{
	static const enum delivery_state from[] = {DELIVERY_PENDING, DELIVERY_RETRY, DELIVERY_INFLIGHT};
	static const enum delivery_state to[] = {DELIVERY_RETRY, DELIVERY_RETRY, DELIVERY_SENT, DELIVERY_DEAD};
	enum delivery_state state = from[rand() % 3];
	struct delivery_row *rows;
	size_t count, i;

	arena_reset(&f->arena);
	assert_int_equal(store_delivery_list(f->store, (struct slice){0}, (int)state, slice_of(""), 9, &f->arena, &rows,
	                                     &count, &f->error), 0);
	if (count == 0)
		return;
	i = (size_t)rand() % count;
	if (state == DELIVERY_INFLIGHT)
		assert_int_equal(store_delivery_settle(f->store, rows[i].id, to[rand() % 4], now_ms, now_ms, "", &f->error), 1);
	else
		assert_int_equal(store_delivery_claim(f->store, rows[i].id, &f->error), 1);
}

static void random_person(struct store_fixture *f)
{
	struct delivery_row *rows;
	char id[16];
	size_t count;

	snprintf(id, sizeof(id), "v%d", rand() % ACCOUNTS);
	if (rand() % 3 == 0)
		assert_int_not_equal(notify_release(f->store, slice_of(id), "analyst", now_ms, &f->error), -1);
	arena_reset(&f->arena);
	store_delivery_list(f->store, (struct slice){0}, DELIVERY_DEAD, slice_of(""), 50, &f->arena, &rows, &count,
	                    &f->error);
	if (count > 0)
		notify_replay(f->store, rows[(size_t)rand() % count].id, "analyst", now_ms, &f->error);
}

/* A gateway says of something that was sent that it did not arrive. */
static void random_receipt(struct store_fixture *f)
{
	struct store_receipt receipt = {.provider_id = slice_of("p"), .failed = true, .reason = slice_of("unreachable"),
	                                .at_ms = now_ms};

	run(f, "UPDATE delivery SET provider_id = 'p' WHERE id = (SELECT id FROM delivery WHERE state = 3 AND receipt = '' "
	       "AND kind IN (0, 5) ORDER BY kind DESC, id LIMIT 1)");
	assert_int_not_equal(store_receipt_put(f->store, &receipt, &f->error), -1);
	run(f, "UPDATE delivery SET provider_id = '' WHERE provider_id = 'p'");
}

static void random_timer(struct store_fixture *f)
{
	struct notify_put put = {0};
	struct timer_row *rows;
	size_t count;

	now_ms += rand() % 200000;
	arena_reset(&f->arena);
	assert_int_equal(store_timers_due(f->store, now_ms, 1, &f->arena, &rows, &count, &f->error), 0);
	if (count == 1 && timers_fire(f->store, NULL, &rows[0], now_ms, &put, &f->error) == -1)
		fail_msg("%s", f->error.text);
}

static void a_random_life(struct store_fixture *f)
{
	uint8_t levels[2][ACCOUNTS] = {{0}};

	for (int i = 0; i < STEPS; i++) {
		int what = rand() % 13;
		if (what < 4)
			random_alert(f, levels);
		else if (what < 8)
			random_attempt(f);
		else if (what < 10)
			random_timer(f);
		else if (what == 10)
			random_person(f);
		else if (what == 11)
			random_receipt(f);
		else
			assert_int_not_equal(store_deliveries_recover(f->store, now_ms, &f->error), -1);
		check_no_tip_off(f);
	}
}

static void put_duty(struct store_fixture *f)
{
	struct contact_row c = {.owner = slice_of("411002"), .name = slice_of("值班"), .role = slice_of("duty"), .rank = 1,
	                        .language = slice_of("zh")};
	struct way_row w = {.channel = slice_of("webhook"), .address = slice_of("https://duty.example.com/"),
	                    .secret = slice_of(""), .verified_ms = 1};

	assert_int_not_equal(store_contact_put(f->store, &c, &w.contact, &f->error), -1);
	assert_int_not_equal(store_way_put(f->store, &w, &w.id, &f->error), -1);
}

static void nobody_is_tipped_off(void **state)
{
	struct store_fixture *f = *state;
	char number[16];

	put_enterprise(f, USCC);
	for (int i = 0; i < ACCOUNTS; i++) {
		snprintf(number, sizeof(number), "%d", i);
		put_account(f, number, USCC);
	}
	put_contact(f, USCC, "https://a.example.com/", "");
	put_contact(f, USCC, "https://b.example.com/", "");
	store_fixture_contact(f->store, USCC, "老板", "https://c.example.com/", "", "");
	put_duty(f);
	for (unsigned seed = 1; seed <= 300; seed++) {
		srand(seed);
		assert_int_equal(store_begin(f->store, &f->error), 0);
		a_random_life(f);
		store_rollback(f->store);
	}
}

/* I7, whatever a program does: the schema itself refuses such rows. */
static void the_schema_refuses_a_tip_off(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row m = make_alert("m", "1", AUDIENCE_ANALYST, 4), v = make_alert("v", "1", AUDIENCE_ENTERPRISE, 4);
	int64_t way = store_fixture_contact(f->store, USCC, "出纳", "https://a.example.com/", "", "");
	struct delivery_row row = {.id = slice_of("x"), .alert = slice_of("m"), .way = way, .level = 4,
	                           .subject = slice_of(""), .reason = slice_of(""), .body = slice_of("{}")};

	assert_int_equal(store_alert_put(f->store, &m, &f->error), 0);
	assert_int_equal(store_alert_put(f->store, &v, &f->error), 0);
	assert_int_equal(store_delivery_put(f->store, &row, &f->error), -1);
	assert_non_null(strstr(f->error.text, "I7"));
	row.alert = slice_of("v");
	row.kind = DELIVERY_CALL;
	assert_int_equal(store_delivery_put(f->store, &row, &f->error), -1);
	row.kind = DELIVERY_WARNING;
	assert_int_equal(store_delivery_put(f->store, &row, &f->error), 1);
}

/* A digest that waits for its next attempt when one of its accounts comes to be watched: the others are told. */
/* Five alerts, of which a digest tells the last two. */
static void put_digest(struct store_fixture *f)
{
	static const char *const numbers[] = {"0", "1", "2", "3", "4"};
	struct notify_put put = {0};
	struct timer_row *rows;
	size_t count;

	put_enterprise(f, USCC);
	put_contact(f, USCC, "https://a.example.com/", "");
	for (int i = 0; i < ACCOUNTS; i++) {
		char id[16];
		struct alert_row a;
		put_account(f, numbers[i], USCC);
		snprintf(id, sizeof(id), "v%d", i);
		a = make_alert(id, numbers[i], AUDIENCE_ENTERPRISE, 3);
		notified_at(f, &a, now_ms);
	}
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM delivery WHERE state = 7"), 2);
	now_ms += 600000;
	assert_int_equal(store_timers_due(f->store, now_ms, 9, &f->arena, &rows, &count, &f->error), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(timers_fire(f->store, NULL, &rows[i], now_ms, &put, &f->error), 1);
	assert_int_equal(put.digests, 1);
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM delivery g JOIN delivery d ON d.id = g.subject "
	                                                "WHERE g.state = 7 AND d.kind = 5 AND d.state = 0"), 2);
}

/* The id of the one digest. */
static struct slice digest_id(struct store_fixture *f)
{
	sqlite3_stmt *s = sql_prepare(f->store, "SELECT id FROM delivery WHERE kind = 5");
	struct slice id;

	assert_int_equal(sql_next(f->store, s, &f->error), 1);
	id = arena_copy(&f->arena, sql_text(s, 0));
	sqlite3_reset(s);
	return id;
}

static void a_digest_with_a_watched_account_is_broken_up(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row m = make_alert("m", "4", AUDIENCE_ANALYST, 3);
	struct notify_put put = {0};
	struct timer_row *rows;
	size_t count;

	put_digest(f);
	notified_at(f, &m, now_ms);
	assert_int_equal(store_fixture_number(f->store, "SELECT state FROM delivery WHERE kind = 5"), DELIVERY_DEAD);
	assert_int_equal(store_fixture_number(f->store, "SELECT state FROM delivery WHERE alert = 'v3'"), DELIVERY_PENDING);
	assert_int_equal(store_fixture_number(f->store, "SELECT state FROM delivery WHERE alert = 'v4'"), DELIVERY_HELD);
	assert_int_equal(store_timers_due(f->store, now_ms, 9, &f->arena, &rows, &count, &f->error), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(timers_fire(f->store, NULL, &rows[i], now_ms, &put, &f->error), 1);
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM call WHERE reason = 'release' AND alert = 'v4'"),
	                 1);
}

/* I7: what was broken up lists the watched account for ever, so nobody brings it back. */
static void a_broken_digest_is_not_replayed(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row m = make_alert("m", "4", AUDIENCE_ANALYST, 3);

	put_digest(f);
	notified_at(f, &m, now_ms);
	assert_int_equal(notify_replay(f->store, digest_id(f), "analyst", now_ms, &f->error), 0);
	assert_int_equal(store_fixture_number(f->store, "SELECT state FROM delivery WHERE kind = 5"), DELIVERY_DEAD);
}

/* I7: nor one that died of its receipt, once one of its accounts is watched. */
static void a_digest_that_was_not_received_is_broken_up_when_replayed(void **state)
{
	struct store_fixture *f = *state;
	struct alert_row m = make_alert("m", "4", AUDIENCE_ANALYST, 3);
	struct store_receipt receipt = {.provider_id = slice_of("p-1"), .failed = true, .reason = slice_of("unreachable"),
	                                .at_ms = now_ms};

	put_digest(f);
	run(f, "UPDATE delivery SET state = 3 WHERE state = 7");
	run(f, "UPDATE delivery SET state = 3, provider_id = 'p-1' WHERE kind = 5");
	assert_true(store_receipt_put(f->store, &receipt, &f->error) >= 0);
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM delivery WHERE state = 5"), 3);
	notified_at(f, &m, now_ms);
	assert_int_equal(notify_replay(f->store, digest_id(f), "analyst", now_ms, &f->error), 1);
	assert_int_equal(store_fixture_number(f->store, "SELECT state FROM delivery WHERE kind = 5"), DELIVERY_DEAD);
	assert_int_equal(store_fixture_number(f->store, "SELECT state FROM delivery WHERE alert = 'v4'"), DELIVERY_HELD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_contact_of_the_accounts_enterprise_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(blue_is_nobodys_warning, setup, teardown),
		cmocka_unit_test_setup_teardown(an_unknown_enterprise_is_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(a_closed_enterprise_is_not_warned, setup, teardown),
		cmocka_unit_test_setup_teardown(the_feeds_enterprise_helps_out, setup, teardown),
		cmocka_unit_test_setup_teardown(a_watched_account_waits_for_its_release, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_is_tipped_off, setup, teardown),
		cmocka_unit_test_setup_teardown(the_schema_refuses_a_tip_off, setup, teardown),
		cmocka_unit_test_setup_teardown(a_digest_with_a_watched_account_is_broken_up, setup, teardown),
		cmocka_unit_test_setup_teardown(a_broken_digest_is_not_replayed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_digest_that_was_not_received_is_broken_up_when_replayed, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
