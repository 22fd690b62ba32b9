/* Exercises: who is told of one, what answers make of it, what is left of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hit.h"
#include "casework_fixture.h"
#include "notify/answer.h"
#include "timers.h"

#define BY slice_of("李明")
#define MINUTE_MS INT64_C(60000)

static struct area a;

static int setup(void **state)
{
	(void)state;
	area_open(&a);
	area_at(&a, "2026-03-09 10:00");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	area_close(&a);
	return 0;
}

static struct drill_ask ask_of_area(void)
{
	return (struct drill_ask){.typology = slice_of("V01"), .level = 4, .jurisdiction = slice_of(AREA_CITY),
	                          .industry = slice_of(""), .within_ms = 10 * MINUTE_MS, .by = BY, .now_ms = a.now_ms};
}

static struct slice started(struct drill_ask ask)
{
	struct drill_row row;
	int result = drill_start(a.store, a.catalogue, &ask, &a.arena, &row, &a.error);

	if (result != CASEWORK_DONE)
		fail_msg("%d: %s", result, a.error.text);
	return row.id;
}

static struct drill_report report_of(struct slice id)
{
	struct drill_report report;

	assert_int_equal(drill_report(a.store, id, &a.arena, &report, &a.error), 1);
	return report;
}

/* Two enterprises with a cashier and a finance lead each, one with an owner only, one with nobody. */
static void four_enterprises(void)
{
	for (int i = 1; i <= 4; i++)
		area_enterprise(&a, i, i < 3 ? AREA_COUNTY : AREA_OTHER, "批发业");
	for (int i = 1; i <= 2; i++) {
		area_contact(&a, i, "王小丽", "cashier", "zh", "webhook sms");
		area_contact(&a, i, "陈主管", "finance_lead", "en", "email");
		area_contact(&a, i, "赵老板", "owner", "zh", "email");
	}
	area_contact(&a, 3, "钱老板", "owner", "zh", "email");
}

static void sent(const char *where, const char *at)
{
	area_sql(&a, "UPDATE delivery SET state = 3, settled_ms = %lld WHERE %s", (long long)area_time(at), where);
}

/* The contact answers a message of a drill. */
static void answered(int64_t contact, const char *at, enum answer_word word)
{
	struct delivery_row *rows;
	struct notify_put put = {0};
	size_t count;

	area_check(&a, store_delivery_list(a.store, slice_of(""), 3, slice_of(""), 100, &a.arena, &rows, &count, &a.error));
	for (size_t i = 0; i < count; i++) {
		struct notify_answer answer = {.delivery = rows[i].id, .word = word, .via = ANSWER_VIA_PAGE};
		enum answer_result result;
		if (area_number(&a, "SELECT contact FROM way WHERE id = %lld", (long long)rows[i].way) != contact)
			continue;
		area_check(&a, notify_answer(a.store, &answer, area_time(at), &result, &put, &a.error));
		assert_int_equal(result, ANSWER_TAKEN);
		assert_int_equal(put.put, 0);
		return;
	}
	fail_msg("contact %lld has nothing to answer", (long long)contact);
}

static void what_is_refused(void **state)
{
	struct drill_ask ask;
	struct drill_row row;
	struct slice named[1] = {slice_of("91350100M000999999")};
#define REFUSED(change)                                                                                                \
	ask = ask_of_area();                                                                                           \
	change;                                                                                                        \
	assert_int_equal(drill_start(a.store, a.catalogue, &ask, &a.arena, &row, &a.error), CASEWORK_REFUSED)

	(void)state;
	REFUSED(); /* nobody is there */
	four_enterprises();
	REFUSED(ask.by = slice_of(""));
	REFUSED(ask.typology = slice_of("M01")); /* I7 */
	REFUSED(ask.typology = slice_of("V99"));
	REFUSED(ask.level = 1);
	REFUSED(ask.level = 5);
	REFUSED(ask.within_ms = 1000);
	REFUSED(ask.within_ms = 25 * 60 * MINUTE_MS);
	REFUSED(ask.jurisdiction = slice_of(""));
	REFUSED(ask.enterprises = named; ask.enterprise_count = 1);
	REFUSED(ask.jurisdiction = slice_of(""); ask.enterprises = named; ask.enterprise_count = 1);
	REFUSED(ask.industry = slice_of("制造业"));
	assert_int_equal(area_number(&a, "SELECT count(*) FROM drill_target"), 0);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM timer"), 0);
	assert_int_equal(drill_end(a.store, slice_of("none"), BY, a.now_ms, &a.error), CASEWORK_UNKNOWN);
}

/* Whom the first step of red would tell, by all their ways, marked first and said to be invented. */
static void those_of_the_first_step_are_told(void **state)
{
	struct slice id;

	(void)state;
	four_enterprises();
	id = started(ask_of_area());
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery"), 0);
	area_until(&a, "2026-03-09 10:00");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE kind = 2 AND subject = '%s' AND alert = '' AND "
	                                 "level = 4", id.at), 7);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM drill_person"), 5);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE body ->> '$.exercise' AND body ->> '$.type' = "
	                                 "'huqi.warning.v1'"), 7);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE body ->> '$.text' LIKE '【演练】%%'"), 5);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE body ->> '$.text' LIKE '[EXERCISE]%%'"), 2);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery d JOIN way w ON w.id = d.way WHERE w.channel <> 'sms' "
	                                 "AND (body ->> '$.subject' LIKE '【演练】%%' OR body ->> '$.subject' LIKE "
	                                 "'[EXERCISE]%%')"), 5);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery d JOIN way w ON w.id = d.way WHERE w.channel <> 'sms' "
	                                 "AND body ->> '$.message.zh' LIKE '%%虚构%%' AND (body ->> '$.text' LIKE '%%虚构%%' OR "
	                                 "body ->> '$.text' LIKE '%%invented%%')"), 5);
	assert_true(report_of(id).totals.told == 3 && report_of(id).totals.unreached == 1);
	assert_int_equal(report_of(id).row.state, DRILL_RUNNING);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM escalation"), 0); /* and no call */
	assert_int_equal(area_number(&a, "SELECT count(*) FROM call"), 0);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM audit WHERE actor = '李明' AND action = 'drill.start'"), 1);
}

/* A real alert comes first, for a day, and as long as anybody works on it; what analysts watch hides nothing. */
static void an_enterprise_with_a_real_alert_is_left_alone(void **state)
{
	static const struct {
		const char *at, *then;
		uint8_t audience, level;
		int64_t skipped;
	} table[] = {
		{"2026-03-08 10:00", "", AUDIENCE_ENTERPRISE, 2, 1},
		{"2026-03-08 09:59", "", AUDIENCE_ENTERPRISE, 4, 0},
		{"2026-03-08 10:00", "", AUDIENCE_ENTERPRISE, 1, 0},
		{"2026-03-08 10:00", "", AUDIENCE_ANALYST, 4, 0},
		{"2026-03-01 10:00", "INSERT INTO escalation VALUES('%s', 4, 0, 0, '', 1, 1, 1, '')", AUDIENCE_ENTERPRISE, 4, 1},
		{"2026-03-01 10:00", "INSERT INTO escalation VALUES('%s', 4, 0, 1, '', 1, 1, 1, '')", AUDIENCE_ENTERPRISE, 4, 0},
		{"2026-03-01 10:00", "INSERT INTO call(alert, jurisdiction, level, reason, created_ms, due_ms) VALUES('%s', '', 4, "
		                     "'paid', 1, 0)", AUDIENCE_ENTERPRISE, 4, 1},
	};

	(void)state;
	four_enterprises();
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct drill_ask ask = ask_of_area();
		const char *alert;
		struct slice id;
		area_sql(&a, "DELETE FROM alert; DELETE FROM escalation; DELETE FROM call");
		alert = area_alert(&a, (struct area_alert){.typology = "V04", .at = table[i].at, .enterprise = 1,
		                                           .audience = table[i].audience, .level = table[i].level});
		if (table[i].then[0] != '\0')
			area_sql(&a, table[i].then, alert);
		ask.by = slice_of(arena_print(&a.arena, "李%zu", i));
		id = started(ask);
		area_until(&a, "2026-03-09 10:00");
		assert_int_equal(report_of(id).totals.skipped, table[i].skipped);
		assert_int_equal(area_number(&a, "SELECT count(*) FROM drill_person WHERE drill = '%s' AND enterprise = '%s'", id.at,
		                             area_uscc(&a, 1)), table[i].skipped ? 0 : 2);
	}
}

static void responses_certificates_and_records(void **state)
{
	struct drill_report report;
	struct slice id, text;
	const char *number;

	(void)state;
	four_enterprises(); /* contacts 1 cashier, 2 lead, 3 owner of the first; 4, 5, 6; 7 */
	id = started(ask_of_area());
	area_until(&a, "2026-03-09 10:00");
	sent("way IN (SELECT id FROM way WHERE channel = 'webhook')", "2026-03-09 10:01");
	sent("state = 0", "2026-03-09 10:02");
	answered(1, "2026-03-09 10:05", ANSWER_STOPPED); /* 4 minutes */
	answered(2, "2026-03-09 10:13", ANSWER_GENUINE); /* 11 minutes after his own: too late */
	answered(4, "2026-03-09 10:11", ANSWER_STOPPED); /* 10 minutes: just in time */
	report = report_of(id);
	assert_true(report.answered == 2 && report.result_count == 3);
	assert_true(report.results[0].response_ms == 4 * MINUTE_MS && report.results[1].response_ms == 10 * MINUTE_MS);
	assert_true(report.median_ms == 4 * MINUTE_MS && report.ninety_ms == 10 * MINUTE_MS);
	assert_int_equal(report.results[2].response_ms, -1);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM certificate"), 0);
	area_until(&a, "2026-03-10 09:59");
	assert_int_equal(report_of(id).row.state, DRILL_RUNNING);
	area_until(&a, "2026-03-10 10:00"); /* its time is over */
	report = report_of(id);
	assert_true(report.row.state == DRILL_ENDED && slice_is(report.row.ended_by, "huqi"));
	assert_int_equal(report.totals.certificates, 2);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM contact WHERE id IN (1, 4) AND trained_on = '2026-03-09'"), 2);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM contact WHERE trained_on <> ''"), 2);
	assert_int_equal(drill_end(a.store, id, BY, a.now_ms, &a.error), CASEWORK_REFUSED);
	/* A file of contacts with an older day takes nothing back; a later one stands. */
	area_sql(&a, "UPDATE contact SET trained_on = '2025-01-01' WHERE id = 1; UPDATE contact SET trained_on = '' WHERE "
	             "id = 4; UPDATE contact SET trained_on = '2025-01-01' WHERE id = 2");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM contact WHERE id IN (1, 4) AND trained_on = '2026-03-09'"), 2);
	area_sql(&a, "UPDATE contact SET trained_on = '2026-06-01' WHERE id = 1");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM contact WHERE trained_on IN ('2026-06-01', '2025-01-01')"), 2);
	/* The certificate. */
	area_sql(&a, "UPDATE certificate SET number = 'HQ1' WHERE contact = 1");
	number = "HQ1";
	assert_int_equal(drill_certificate(a.store, a.catalogue, slice_of(number), false, &a.arena, &text, &a.error), 1);
	assert_string_equal(text.at,
	                    "反诈演练培训证书\n编号：HQ1\n单位：云桥第1有限公司（91350100M000000001）\n姓名：王*\n"
	                    "该同志于2026-03-09参加“冒充老板、领导”反诈演练，4分0秒内作出处置，准予结业。\n\n"
	                    "Certificate of anti-fraud training\nNumber: HQ1\nEnterprise: 云桥第1有限公司 "
	                    "(91350100M000000001)\nName: 王*\nOn 2026-03-09 took part in the exercise \"Boss impersonation\" and "
	                    "acted within 4 min 0 s.\n");
	assert_int_equal(drill_certificate(a.store, a.catalogue, slice_of(number), true, &a.arena, &text, &a.error), 1);
	assert_non_null(strstr(text.at, "姓名：王小丽"));
	assert_int_equal(drill_certificate(a.store, a.catalogue, slice_of("HQ2"), false, &a.arena, &text, &a.error), 0);
}

/* He answers before the sender knows that it arrived: the time counts from when it was made. */
static void an_answer_before_the_receipt(void **state)
{
	struct slice id;

	(void)state;
	area_enterprise(&a, 1, AREA_COUNTY, "");
	area_contact(&a, 1, "王小丽", "cashier", "zh", "webhook");
	id = started(ask_of_area());
	area_until(&a, "2026-03-09 10:00");
	area_sql(&a, "UPDATE delivery SET state = 4, settled_ms = %lld", (long long)area_time("2026-03-09 10:03"));
	assert_int_equal(report_of(id).median_ms, 3 * MINUTE_MS);
	area_sql(&a, "UPDATE delivery SET state = 3, settled_ms = %lld", (long long)area_time("2026-03-09 10:04"));
	assert_int_equal(report_of(id).median_ms, 3 * MINUTE_MS); /* the late receipt changes nothing */
}

/* The nearest rank, for every number of enterprises, against counting. */
static void ranks_agree_with_counting(void **state)
{
	struct slice id;

	(void)state;
	for (int i = 1; i <= 25; i++) {
		area_enterprise(&a, i, AREA_COUNTY, "");
		area_contact(&a, i, "王小丽", "cashier", "zh", "webhook");
	}
	id = started(ask_of_area());
	area_until(&a, "2026-03-09 10:00");
	sent("1", "2026-03-09 10:00");
	srand(7);
	for (int n = 1; n <= 25; n++) {
		struct drill_report report;
		int64_t ms = rand() % 1000 + 1;
		area_sql(&a, "UPDATE drill_person SET answered_ms = sent_ms + %lld WHERE contact = %d", (long long)ms, n);
		report = report_of(id);
		assert_int_equal(report.answered, n);
		for (int which = 0; which < 2; which++) {
			int64_t value = which ? report.ninety_ms : report.median_ms, percent = which ? 90 : 50;
			int64_t upto = area_number(&a, "SELECT count(*) FROM drill_person WHERE answered_ms > 0 AND answered_ms - "
			                               "sent_ms <= %lld", (long long)value);
			int64_t below = area_number(&a, "SELECT count(*) FROM drill_person WHERE answered_ms > 0 AND answered_ms - "
			                                "sent_ms < %lld", (long long)value);
			assert_true(upto * 100 >= percent * n && below * 100 < percent * n);
		}
	}
}

/* On a Saturday evening nobody is told, nor in a break of batches at night; a stop between batches loses nobody. */
static void it_waits_for_office_hours_and_survives_stops(void **state)
{
	struct slice id;
	int64_t contacts;
	int stops = 0;

	(void)state;
	for (int i = 1; i <= 600; i++) {
		area_enterprise(&a, i, AREA_COUNTY, "");
		area_contact(&a, i, "王小丽", "cashier", "zh", "webhook email");
	}
	contacts = area_number(&a, "SELECT count(*) FROM contact");
	area_at(&a, "2026-03-14 20:00");
	id = started(ask_of_area());
	area_until(&a, "2026-03-16 08:29");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery"), 0);
	area_at(&a, "2026-03-16 08:30");
	for (;;) {
		struct timer_row *rows;
		struct notify_put put = {0};
		size_t count;
		area_check(&a, store_timers_due(a.store, a.now_ms, 1, &a.arena, &rows, &count, &a.error));
		if (count == 0)
			break;
		area_check(&a, store_begin(a.store, &a.error));
		area_check(&a, timers_fire(a.store, a.catalogue, &rows[0], a.now_ms, &put, &a.error));
		assert_true(put.put <= DRILL_BATCH_MAX);
		if (stops++ % 2 == 0)
			store_rollback(a.store);
		else
			area_check(&a, store_commit(a.store, &a.error));
	}
	assert_true(stops > 4);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery"), 2 * contacts);
	assert_int_equal(area_number(&a, "SELECT count(DISTINCT way) FROM delivery"), 2 * contacts);
	assert_int_equal(report_of(id).totals.told, 600);
	/* Ended early by a person: what was not sent is dead, also what was under way. */
	area_sql(&a, "UPDATE delivery SET state = 1 WHERE way = 1");
	assert_int_equal(drill_end(a.store, id, BY, a.now_ms, &a.error), CASEWORK_DONE);
	area_sql(&a, "UPDATE delivery SET state = 2 WHERE way = 1");
	assert_int_equal(area_number(&a, "SELECT count(*) FROM delivery WHERE state = 5"), 2 * contacts);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM timer"), 0);
}

/* I9: whoever did not answer is shown without his name. */
static void the_report_is_masked(void **state)
{
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	struct drill_report report;
	struct slice id;
	char *text;

	(void)state;
	four_enterprises();
	id = started(ask_of_area());
	area_until(&a, "2026-03-09 10:00");
	sent("1", "2026-03-09 10:00");
	answered(1, "2026-03-09 10:05", ANSWER_STOPPED);
	report = report_of(id);
	yyjson_mut_doc_set_root(doc, drill_report_shown(doc, &report));
	text = yyjson_mut_write(doc, 0, NULL);
	assert_non_null(strstr(text, "\"told\":3,\"skipped\":0,\"unreached\":1,\"answered\":1,\"median_seconds\":300.0,"));
	assert_non_null(strstr(text, "\"answers\":{\"stopped\":1,\"unsure\":0,\"genuine\":0,\"paid\":0}"));
	assert_non_null(strstr(text, "\"name\":\"云桥第3有限公司\",\"contact\":\"钱*\",\"role\":\"owner\""));
	assert_null(strstr(text, "王小丽"));
	assert_null(strstr(text, "钱老板"));
	free(text);
	yyjson_mut_doc_free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(those_of_the_first_step_are_told, setup, teardown),
		cmocka_unit_test_setup_teardown(an_enterprise_with_a_real_alert_is_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(responses_certificates_and_records, setup, teardown),
		cmocka_unit_test_setup_teardown(an_answer_before_the_receipt, setup, teardown),
		cmocka_unit_test_setup_teardown(ranks_agree_with_counting, setup, teardown),
		cmocka_unit_test_setup_teardown(it_waits_for_office_hours_and_survives_stops, setup, teardown),
		cmocka_unit_test_setup_teardown(the_report_is_masked, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
