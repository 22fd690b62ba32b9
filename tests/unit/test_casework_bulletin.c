/* A bulletin's states, its batches, its readers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "casework_fixture.h"
#include "notify/answer.h"
#include "deliver/outbox.h"
#include "timers.h"

#define BY slice_of("李明")

static struct area a;
static struct slice id; /* of the week's bulletin of the city */

static int setup(void **state)
{
	struct bulletin_row row;

	(void)state;
	area_open(&a);
	area_at(&a, "2026-03-09 09:00");
	area_check(&a, bulletin_draft(a.store, a.catalogue,
	                              &(struct bulletin_ask){.period = PERIOD_WEEK, .jurisdiction = slice_of(AREA_CITY),
	                                                     .industry = slice_of(""), .now_ms = a.now_ms},
	                              &a.arena, &row, &a.error));
	id = row.id;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	area_close(&a);
	return 0;
}

static struct bulletin_row row_now(void)
{
	struct bulletin_row row;

	assert_int_equal(store_bulletin_get(a.store, id, &a.arena, &row, &a.error), 1);
	return row;
}

static int approve(void)
{
	return bulletin_approve(a.store, a.catalogue, id, 0, BY, a.now_ms, &a.error);
}

static int withdraw(void)
{
	return bulletin_withdraw(a.store, id, BY, slice_of("有误"), a.now_ms, &a.error);
}

static int edit_zh(const char *text)
{
	return bulletin_edit(a.store, a.catalogue, id, &(struct bulletin_edit){.body_zh = slice_of(text)}, BY, a.now_ms,
	                     &a.error);
}

/* Every act in every state: what comes of it. */
static void states(void **state)
{
	static const struct {
		enum bulletin_state from;
		int approve, edit, withdraw;
		enum bulletin_state edited;
	} table[] = {
		{BULLETIN_DRAFT, CASEWORK_DONE, CASEWORK_DONE, CASEWORK_DONE, BULLETIN_DRAFT},
		{BULLETIN_APPROVED, CASEWORK_REFUSED, CASEWORK_DONE, CASEWORK_DONE, BULLETIN_DRAFT},
		{BULLETIN_SENDING, CASEWORK_REFUSED, CASEWORK_REFUSED, CASEWORK_DONE, BULLETIN_SENDING},
		{BULLETIN_SENT, CASEWORK_REFUSED, CASEWORK_REFUSED, CASEWORK_REFUSED, BULLETIN_SENT},
		{BULLETIN_WITHDRAWN, CASEWORK_REFUSED, CASEWORK_REFUSED, CASEWORK_REFUSED, BULLETIN_WITHDRAWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		area_sql(&a, "UPDATE bulletin SET state = %d", table[i].from);
		assert_int_equal(edit_zh(i % 2 ? "先停下，当面核实再付。" : "先停下，当面核实后再付。"), table[i].edit);
		assert_int_equal(row_now().state, table[i].edited);
		area_sql(&a, "UPDATE bulletin SET state = %d", table[i].from);
		assert_int_equal(approve(), table[i].approve);
		area_sql(&a, "UPDATE bulletin SET state = %d", table[i].from);
		assert_int_equal(withdraw(), table[i].withdraw);
	}
}

static void an_approval_is_of_one_text_and_by_name(void **state)
{
	(void)state;
	assert_int_equal(bulletin_approve(a.store, a.catalogue, id, 0, slice_of(" "), a.now_ms, &a.error), CASEWORK_REFUSED);
	assert_int_equal(bulletin_approve(a.store, a.catalogue, slice_of("none"), 0, BY, a.now_ms, &a.error),
	                 CASEWORK_UNKNOWN);
	assert_int_equal(approve(), CASEWORK_DONE);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM timer WHERE kind = 'bulletin'"), 1);
	assert_int_equal(edit_zh("先停下，当面核实再付。"), CASEWORK_DONE);
	assert_true(row_now().state == BULLETIN_DRAFT && row_now().revision == 2 && row_now().approved_by.length == 0);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM timer WHERE kind = 'bulletin'"), 0);
	assert_int_equal(bulletin_approve(a.store, a.catalogue, id, 1, BY, a.now_ms, &a.error), CASEWORK_REFUSED);
	assert_int_equal(bulletin_approve(a.store, a.catalogue, id, 2, BY, a.now_ms, &a.error), CASEWORK_DONE);
	/* I10 */
	assert_int_equal(area_number(&a, "SELECT count(*) FROM audit WHERE actor = '李明' AND action = 'bulletin.approve' AND "
	                                 "object = 'bulletin week-2026-03-02-350100'"), 2);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM audit WHERE action = 'bulletin.edit' AND detail ->> "
	                                 "'$.approval_taken_back'"), 1);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM audit WHERE actor = 'huqi' AND action = 'bulletin.draft'"), 1);
	assert_int_equal(store_audit_verify(a.store, &(int64_t){0}, &a.error), 0);
}

static void what_no_bulletin_says(void **state)
{
	static const char *const texts[] = {
		"", " \n ", "先停下。详见 https://a.example.cn/x", "先停下。转入622202000000000001", "先停下，联系13812345678。",
		"近期M18类案件多发。", "近期虚拟货币案件多发。", "先停下，加微信群了解。",
	};
	char *longer = calloc(1, 6000);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(edit_zh(texts[i]), CASEWORK_REFUSED);
	for (int i = 0; i <= BULLETIN_ZH_CHARACTERS_MAX; i++)
		memcpy(longer + 3 * i, "停", 3);
	assert_int_equal(edit_zh(longer), CASEWORK_REFUSED);
	longer[3 * BULLETIN_ZH_CHARACTERS_MAX] = '\0';
	assert_int_equal(edit_zh(longer), CASEWORK_DONE);
	free(longer);
	area_sql(&a, "UPDATE bulletin SET body_en = ''"); /* nobody approves an empty one */
	assert_int_equal(approve(), CASEWORK_REFUSED);
	assert_int_equal(row_now().state, BULLETIN_DRAFT);
}

/* Who gets it, by which way, in which language; a closed enterprise, one elsewhere and the guard do not. */
static void who_is_told_and_how(void **state)
{
	struct delivery_row *rows;
	size_t count;

	(void)state;
	area_enterprise(&a, 1, AREA_COUNTY, "");
	area_enterprise(&a, 2, AREA_OTHER, "");
	area_enterprise(&a, 3, AREA_ELSEWHERE, "");
	area_enterprise(&a, 4, AREA_CITY, "");
	area_sql(&a, "UPDATE enterprise SET status = 'closed' WHERE uscc = '%s'", area_uscc(&a, 4));
	area_enterprise(&a, 5, AREA_CITY, ""); /* nobody */
	area_contact(&a, 1, "出纳", "cashier", "zh", "sms webhook email wecom");
	area_contact(&a, 1, "主管", "finance_lead", "en", "sms webhook feishu");
	area_contact(&a, 1, "会计", "accountant", "zh", "sms");
	area_contact(&a, 1, "保安", "security", "zh", "email");
	area_contact(&a, 2, "老板", "owner", "zh", "webhook sms");
	area_contact(&a, 3, "远方", "owner", "zh", "email");
	area_contact(&a, 4, "已关", "owner", "zh", "email");
	assert_int_equal(approve(), CASEWORK_DONE);
	area_until(&a, "2026-03-09 09:00");
	assert_int_equal(row_now().state, BULLETIN_SENT);
	assert_true(row_now().enterprises == 3 && row_now().unreached == 1);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE kind = 3 AND alert = '' AND state = 0 AND "
	                                 "subject = '%s'", id.at), 4);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery d JOIN way w ON w.id = d.way JOIN contact c ON c.id = "
	                                 "w.contact WHERE (c.role, w.channel) IN (('cashier', 'email'), ('finance_lead', "
	                                 "'feishu'), ('accountant', 'sms'), ('owner', 'webhook'))"), 4);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE body ->> '$.type' = 'huqi.bulletin.v1' AND body "
	                                 "->> '$.language' = 'en' AND body ->> '$.subject' LIKE '%%Weekly risk bulletin' AND "
	                                 "body ->> '$.text' LIKE 'Weekly risk bulletin (2 to 8 March 2026, Yunqiao)%%No "
	                                 "warning went to%%'"), 1);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE body ->> '$.text' LIKE "
	                                 "'企业账户风险周报（2026年3月2日至3月8日，云桥市）%%没有收到风险预警%%'"), 2);
	assert_int_equal(a.sum.put, 4);
	assert_int_equal(a.sum.builtin, 0);
	assert_int_equal(store_delivery_list(a.store, slice_of(""), 0, slice_of(""), 10, &a.arena, &rows, &count, &a.error), 0);
	for (size_t i = 0; i < count; i++)
		assert_true(rows[i].body.length < 20000);
}

/* Colleagues who share a robot, and an office that keeps the books of many, get one copy. */
static void a_destination_gets_one_copy(void **state)
{
	(void)state;
	for (int i = 1; i <= 3; i++) {
		area_enterprise(&a, i, AREA_COUNTY, "");
		area_contact(&a, i, "会计", "accountant", "zh", "email");
		area_contact(&a, i, "出纳", "cashier", "zh", "email");
	}
	area_sql(&a, "UPDATE way SET address = (SELECT address FROM way WHERE id = 1), address_hash = (SELECT address_hash FROM "
	             "way WHERE id = 1) WHERE id IN (3, 5)");
	approve();
	area_until(&a, "2026-03-09 09:00");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery"), 4);
	assert_int_equal(row_now().unreached, 0);
}

enum { FIRMS = 450 };

static void a_crowd(void)
{
	for (int i = 1; i <= FIRMS; i++) {
		area_enterprise(&a, i, i % 2 ? AREA_COUNTY : AREA_OTHER, "");
		for (int j = 0; j < 1 + i % 3; j++)
			area_contact(&a, i, arena_print(&a.arena, "出纳%d", j), "cashier", "zh", "webhook");
	}
}

/* One batch in a transaction that is lost or kept; at most so many rows. False where no timer is due. */
static bool batch(bool kept)
{
	struct timer_row *rows;
	size_t count;
	int64_t before = area_number(&a, "SELECT count(*) FROM delivery"), put;
	struct notify_put sum = {0};

	area_check(&a, store_timers_due(a.store, a.now_ms, 1, &a.arena, &rows, &count, &a.error));
	if (count == 0)
		return false;
	area_check(&a, store_begin(a.store, &a.error));
	assert_int_equal(timers_fire(a.store, a.catalogue, &rows[0], a.now_ms, &sum, &a.error), 1);
	put = area_number(&a, "SELECT count(*) FROM delivery") - before;
	assert_true(put > 0 && put <= BULLETIN_BATCH_MAX && put == sum.put);
	if (kept)
		area_check(&a, store_commit(a.store, &a.error));
	else
		store_rollback(a.store);
	return true;
}

/* A stop in and after each batch: nobody gets two, nobody is left out. */
static void a_stop_between_batches_changes_nothing(void **state)
{
	int64_t contacts;
	int batches = 0;

	(void)state;
	a_crowd();
	contacts = area_number(&a, "SELECT count(*) FROM contact");
	assert_int_equal(approve(), CASEWORK_DONE);
	while (batch(false) && batch(true))
		batches++;
	assert_true(batches >= 2);
	assert_int_equal(row_now().state, BULLETIN_SENT);
	assert_int_equal(row_now().enterprises, FIRMS);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery"), contacts);
	assert_int_equal(area_number(&a, "SELECT count(DISTINCT way) FROM delivery"), contacts);
	/* Even where the place of the next batch was lost, ids tell nobody twice. */
	area_sql(&a, "UPDATE bulletin SET state = 2, next = ''; INSERT INTO timer VALUES('bulletin', '%s', 0)", id.at);
	area_until(&a, "2026-03-09 10:00");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery"), contacts);
}

/* Approved on the eve of a long holiday, after hours, it goes out on the first workday. */
static void it_goes_out_in_office_hours(void **state)
{
	(void)state;
	area_enterprise(&a, 1, AREA_COUNTY, "");
	area_contact(&a, 1, "出纳", "cashier", "zh", "email");
	area_at(&a, "2026-02-14 18:00");
	approve();
	area_until(&a, "2026-02-24 08:29");
	assert_true(row_now().state == BULLETIN_APPROVED && area_number(&a, "SELECT count(*) FROM delivery") == 0);
	area_until(&a, "2026-02-24 08:30");
	assert_int_equal(row_now().state, BULLETIN_SENT);
	/* The clock jumped into the evening: the calendar's times stay, and a timer that fires early waits anew. */
	area_sql(&a, "UPDATE bulletin SET state = 1; INSERT INTO timer VALUES('bulletin', '%s', %lld), ('escalation', 'x', 5)",
	         id.at, (long long)area_time("2026-02-25 20:00"));
	area_check(&a, store_clock_shift(a.store, 1000, &a.error));
	assert_int_equal(area_number(&a, "SELECT due_ms FROM timer WHERE kind = 'bulletin'"), area_time("2026-02-25 20:00"));
	assert_int_equal(area_number(&a, "SELECT due_ms FROM timer WHERE kind = 'escalation'"), 1005);
	area_sql(&a, "DELETE FROM timer WHERE kind = 'escalation'");
	area_until(&a, "2026-02-25 20:00");
	assert_int_equal(area_number(&a, "SELECT due_ms FROM timer WHERE kind = 'bulletin'"), area_time("2026-02-26 08:30"));
}

static bool claimed(const char *delivery)
{
	struct outbox_job job = {.count = 1};
	struct error error;

	snprintf(job.items[0].id, sizeof(job.items[0].id), "%s", delivery);
	outbox_claim(&job);
	assert_int_equal(job.job.run(a.store, &job.job, &error), 0);
	return job.items[0].claimed;
}

/* A repeated attempt that comes due at night waits for the morning; a warning does not. */
static void an_attempt_waits_for_office_hours(void **state)
{
	static struct area *here = &a;
	struct delivery_row warning = {.id = slice_of("w"), .alert = slice_of("x"), .level = 4, .way = 1,
	                               .subject = slice_of(""), .reason = slice_of(""), .body = slice_of("{}")};
	const char *delivery;

	(void)state;
	area_enterprise(here, 1, AREA_COUNTY, "");
	area_contact(here, 1, "出纳", "cashier", "zh", "email");
	approve();
	area_until(here, "2026-03-09 10:00");
	area_check(here, store_delivery_put(a.store, &warning, &a.error));
	{
		struct delivery_row *rows;
		size_t count;
		area_check(here, store_delivery_list(a.store, slice_of(""), 0, slice_of("m"), 1, &a.arena, &rows, &count, &a.error));
		delivery = arena_copy(&a.arena, rows[0].id).at;
	}
	area_at(here, "2026-03-13 18:00"); /* Friday */
	assert_false(claimed(delivery));
	assert_true(claimed("w"));
	assert_int_equal(area_number(here, "SELECT due_ms FROM delivery WHERE kind = 3"), area_time("2026-03-16 08:30"));
	assert_int_equal(area_number(here, "SELECT attempts FROM delivery WHERE kind = 3"), 0);
	area_at(here, "2026-03-16 08:30");
	assert_true(claimed(delivery));
}

/* What waits in the outbox of a withdrawn one is dead, also what was under way; what was sent stays. */
static void a_withdrawn_one_is_sent_no_more(void **state)
{
	(void)state;
	a_crowd();
	approve();
	assert_true(batch(true));
	area_sql(&a, "UPDATE delivery SET state = 3, settled_ms = 1 WHERE id IN (SELECT id FROM delivery ORDER BY id LIMIT 10)");
	area_sql(&a, "UPDATE delivery SET state = 1 WHERE id = (SELECT max(id) FROM delivery)");
	assert_int_equal(withdraw(), CASEWORK_DONE);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE state = 3"), 10);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE state IN (0, 2)"), 0);
	area_sql(&a, "UPDATE delivery SET state = 2, reason = 'HTTP 500' WHERE state = 1");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE state = 2"), 0);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE reason LIKE '%%HTTP 500'"), 1);
	assert_int_equal(area_until(&a, "2026-03-20 10:00"), 0);
	assert_int_equal(row_now().state, BULLETIN_WITHDRAWN);
}

/* Only who says so has read it, once. */
static void readers_are_counted_by_person(void **state)
{
	struct bulletin_totals totals;

	(void)state;
	for (int i = 1; i <= 3; i++) {
		area_enterprise(&a, i, AREA_COUNTY, "");
		area_contact(&a, i, "出纳", "cashier", "zh", "email");
	}
	approve();
	area_until(&a, "2026-03-09 10:00");
	area_sql(&a, "UPDATE delivery SET state = 3, settled_ms = 1 WHERE way < 3; UPDATE delivery SET state = 5 WHERE way = 3");
	{
		struct delivery_row *rows;
		struct notify_put put = {0};
		enum answer_result result;
		size_t count;
		area_check(&a, store_delivery_list(a.store, slice_of(""), 3, slice_of(""), 5, &a.arena, &rows, &count, &a.error));
		assert_int_equal(count, 2);
		for (int twice = 0; twice < 2; twice++) {
			struct notify_answer answer = {.delivery = rows[0].id, .word = ANSWER_READ, .via = ANSWER_VIA_PAGE};
			area_check(&a, notify_answer(a.store, &answer, a.now_ms, &result, &put, &a.error));
			assert_int_equal(result, twice ? ANSWER_CLOSED : ANSWER_TAKEN);
		}
	}
	area_check(&a, store_bulletin_totals(a.store, id, &totals, &a.error));
	assert_true(totals.put == 3 && totals.waiting == 0 && totals.sent == 2 && totals.dead == 1 && totals.read == 1);
}

/* Drafts by themselves: for each city with enterprises, on Monday and the 1st at 08:00, once, also over restarts. */
static void drafts_come_by_themselves(void **state)
{
	(void)state;
	area_sql(&a, "DELETE FROM bulletin");
	area_enterprise(&a, 1, AREA_OTHER, "");
	area_check(&a, casework_begin(a.store, true, true, a.now_ms, &a.error));
	area_until(&a, "2026-03-16 07:59");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM bulletin"), 0);
	area_until(&a, "2026-03-16 08:00");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM bulletin WHERE id = 'week-2026-03-09-350100' AND state = 0"), 1);
	area_enterprise(&a, 2, AREA_ELSEWHERE, "");
	/* It was off over Monday: what came due meanwhile is drafted at the start. */
	area_at(&a, "2026-03-24 12:00");
	area_check(&a, casework_begin(a.store, true, true, a.now_ms, &a.error));
	area_until(&a, "2026-03-24 12:00");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM bulletin"), 3);
	area_until(&a, "2026-04-01 08:00");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM bulletin WHERE period = 'month'"), 2);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM bulletin WHERE period = 'week'"), 5);
	area_check(&a, casework_begin(a.store, false, false, a.now_ms, &a.error));
	assert_int_equal(area_number(&a, "SELECT count(*) FROM timer"), 0);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery"), 0); /* nothing is sent that nobody approved */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(states, setup, teardown),
		cmocka_unit_test_setup_teardown(an_approval_is_of_one_text_and_by_name, setup, teardown),
		cmocka_unit_test_setup_teardown(what_no_bulletin_says, setup, teardown),
		cmocka_unit_test_setup_teardown(who_is_told_and_how, setup, teardown),
		cmocka_unit_test_setup_teardown(a_destination_gets_one_copy, setup, teardown),
		cmocka_unit_test_setup_teardown(a_stop_between_batches_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(it_goes_out_in_office_hours, setup, teardown),
		cmocka_unit_test_setup_teardown(an_attempt_waits_for_office_hours, setup, teardown),
		cmocka_unit_test_setup_teardown(a_withdrawn_one_is_sent_no_more, setup, teardown),
		cmocka_unit_test_setup_teardown(readers_are_counted_by_person, setup, teardown),
		cmocka_unit_test_setup_teardown(drafts_come_by_themselves, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
