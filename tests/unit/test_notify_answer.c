/* What an answer moves, and what may be answered once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "answer_fixture.h"
#include "notify/notify.h"
#include "pattern/pattern.h"

static struct store_fixture f;
static int64_t sms_way, webhook_way;
static struct notify_put put;

static int setup(void **state)
{
	(void)state;
	store_fixture_open(&f);
	answer_fixture_alert(f.store, &sms_way, &webhook_way);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_fixture_close(&f);
	return 0;
}

static enum answer_result give(const struct notify_answer *answer, int64_t now_ms)
{
	enum answer_result result = ANSWER_UNKNOWN;

	if (notify_answer(f.store, answer, now_ms, &result, &put, &f.error) == -1)
		fail_msg("%s", f.error.text);
	return result;
}

static enum answer_result say(const char *delivery, enum answer_word word)
{
	struct notify_answer a = {.delivery = slice_of(delivery), .word = word, .via = ANSWER_VIA_PAGE,
	                          .value = word == ANSWER_RATING ? 4 : 0};

	return give(&a, ANSWER_NOW_MS + 60000);
}

static int64_t state_of(const char *id)
{
	return answer_fixture_number(f.store, "SELECT state FROM delivery WHERE id = '%s'", id);
}

static int64_t rows(const char *table, const char *where)
{
	return answer_fixture_number(f.store, "SELECT count(*) FROM %s WHERE %s", table, where);
}

/* The contact may answer before the receipt, after a crash, and what the channel gave up. */
static void an_answer_acknowledges_its_delivery(void **state)
{
	static const struct {
		enum delivery_state from;
		int64_t to;
	} table[] = {
		{DELIVERY_PENDING, DELIVERY_ACKED}, {DELIVERY_INFLIGHT, DELIVERY_ACKED}, {DELIVERY_RETRY, DELIVERY_ACKED},
		{DELIVERY_SENT, DELIVERY_ACKED}, {DELIVERY_DEAD, DELIVERY_ACKED}, {DELIVERY_ACKED, DELIVERY_ACKED},
		{DELIVERY_HELD, DELIVERY_HELD}, {DELIVERY_GATHERED, DELIVERY_GATHERED},
	};
	char id[16];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		snprintf(id, sizeof(id), "msg_%zu", i);
		answer_fixture_delivery(f.store, id, webhook_way, table[i].from);
		assert_int_equal(say(id, ANSWER_STOPPED), ANSWER_TAKEN);
		assert_int_equal(state_of(id), table[i].to);
	}
}

/* What was in flight when he answered comes back as sent, or to be tried again: it stays answered. */
static void a_late_receipt_takes_nothing_back(void **state)
{
	(void)state;
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_INFLIGHT);
	say("msg_1", ANSWER_GENUINE);
	assert_int_equal(store_delivery_settle(f.store, slice_of("msg_1"), DELIVERY_SENT, 0, 1, "", &f.error), 0);
	assert_int_equal(store_delivery_settle(f.store, slice_of("msg_1"), DELIVERY_RETRY, 0, 1, "", &f.error), 0);
	assert_int_equal(store_deliveries_recover(f.store, 1, &f.error), 0);
	assert_int_equal(state_of("msg_1"), DELIVERY_ACKED);
}

static void each_answer_stops_the_escalation(void **state)
{
	static const enum answer_word words[] = {ANSWER_GENUINE, ANSWER_STOPPED, ANSWER_PAID, ANSWER_UNSURE};
	char id[16];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		snprintf(id, sizeof(id), "msg_%zu", i);
		answer_fixture_delivery(f.store, id, webhook_way, DELIVERY_SENT);
		answer_fixture_run(f.store, "UPDATE escalation SET state = 0");
		say(id, words[i]);
		assert_int_equal(rows("escalation", "state = 1"), 1);
	}
	answer_fixture_delivery(f.store, "msg_x", webhook_way, DELIVERY_SENT);
	answer_fixture_run(f.store, "UPDATE escalation SET state = 0");
	say("msg_x", ANSWER_OBJECTION); /* it says nothing of the payment */
	assert_int_equal(rows("escalation", "state = 0"), 1);
}

/* Who does not know is not left alone; an analyst who hears it has him on the line already. */
static void who_does_not_know_is_called(void **state)
{
	struct notify_answer phone = {.alert = slice_of(ANSWER_ALERT), .word = ANSWER_UNSURE, .via = ANSWER_VIA_PHONE,
	                              .actor = "analyst"};

	(void)state;
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_SENT);
	give(&phone, ANSWER_NOW_MS);
	assert_int_equal(rows("call", "1"), 0);
	say("msg_1", ANSWER_UNSURE);
	assert_int_equal(rows("call", "reason = 'unsure' AND done_ms = 0 AND due_ms > created_ms"), 1);
	assert_int_equal(rows("alert_handling", "1"), 0); /* nothing is known to be lost */
}

/* Every pair of answers: the first counts, and "paid" may follow it once. */
static void a_delivery_is_answered_once(void **state)
{
	char id[32];

	(void)state;
	for (int first = 0; first <= ANSWER_UNSURE; first++)
		for (int second = 0; second <= ANSWER_UNSURE; second++) {
			bool late_paid = second == ANSWER_PAID && first != ANSWER_PAID;
			snprintf(id, sizeof(id), "msg_%d_%d", first, second);
			answer_fixture_delivery(f.store, id, webhook_way, DELIVERY_SENT);
			assert_int_equal(say(id, (enum answer_word)first), ANSWER_TAKEN);
			assert_int_equal(say(id, (enum answer_word)second), late_paid ? ANSWER_TAKEN : ANSWER_CLOSED);
			assert_int_equal(say(id, ANSWER_PAID), late_paid || first == ANSWER_PAID ? ANSWER_CLOSED : ANSWER_TAKEN);
			assert_int_equal(say(id, ANSWER_PAID), ANSWER_CLOSED);
			assert_int_equal(answer_fixture_number(f.store, "SELECT count(*) FROM answer WHERE delivery = '%s'", id),
			                 first == ANSWER_PAID ? 1 : 2);
		}
}

static void paid_calls_the_county_at_once(void **state)
{
	uint8_t level = 0;

	(void)state;
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store, "msg_2", webhook_way, DELIVERY_SENT);
	put = (struct notify_put){0};
	say("msg_1", ANSWER_PAID);
	assert_int_equal(put.calls, 1);
	assert_int_equal(put.call_deliveries, 1);
	assert_int_equal(rows("delivery", "kind = 4 AND state = 0"), 1);
	assert_int_equal(store_handling_get(f.store, slice_of(ANSWER_ALERT), &level, &f.error), 1);
	assert_int_equal(level, 4);
	assert_int_equal(rows("call", "alert = '" ANSWER_ALERT "' AND reason = 'paid' AND level = 4 AND jurisdiction = "
	                              "'411002' AND done_ms = 0"), 1);
	say("msg_2", ANSWER_PAID); /* his colleague says so too: one open call */
	assert_int_equal(rows("call", "reason = 'paid'"), 1);
}

static void objections_and_ratings_reach_the_analyst_once(void **state)
{
	(void)state;
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_SENT);
	assert_int_equal(say("msg_1", ANSWER_RATING), ANSWER_CLOSED); /* of what? */
	assert_int_equal(say("msg_1", ANSWER_OBJECTION), ANSWER_TAKEN);
	assert_int_equal(say("msg_1", ANSWER_OBJECTION), ANSWER_CLOSED);
	assert_int_equal(rows("call", "reason = 'objection' AND level = 3"), 1);
	assert_int_equal(say("msg_1", ANSWER_STOPPED), ANSWER_TAKEN);
	assert_int_equal(say("msg_1", ANSWER_RATING), ANSWER_TAKEN);
	assert_int_equal(say("msg_1", ANSWER_RATING), ANSWER_CLOSED);
	assert_int_equal(rows("answer", "answer = 'rating' AND value = 4"), 1);
}

/* Only behind "genuine", below red, and not where the money is gone after all. */
/* The duty's link takes the call, once, under his name; who comes second sees that, and takes nothing away. */
static void the_duty_takes_a_call_by_his_link(void **state)
{
	int64_t id, other;
	char duty[96];

	(void)state;
	assert_int_equal(say("msg_w", ANSWER_PAID), ANSWER_UNKNOWN);
	answer_fixture_delivery(f.store, "msg_w", webhook_way, DELIVERY_SENT);
	assert_int_equal(say("msg_w", ANSWER_PAID), ANSWER_TAKEN);
	id = answer_fixture_number(f.store, "SELECT id FROM call WHERE reason = 'paid' AND taken_ms = 0");
	snprintf(duty, sizeof(duty), "%s", answer_fixture_text(f.store, "SELECT id FROM delivery WHERE kind = 4"));
	answer_fixture_run(f.store, "UPDATE delivery SET state = 3 WHERE kind = 4");
	assert_int_equal(say(duty, ANSWER_GENUINE), ANSWER_CLOSED);
	assert_int_equal(say(duty, ANSWER_READ), ANSWER_TAKEN);
	assert_int_equal(rows("call", "reason = 'paid' AND taken_by = '值班' AND taken_ms > 0 AND done_ms = 0"), 1);
	assert_int_equal(rows("audit", "action = 'call.take'"), 1);
	assert_int_equal(state_of(duty), DELIVERY_ACKED);
	/* Another call that an analyst has already. */
	answer_fixture_run(f.store, "UPDATE call SET taken_by = 'x', taken_ms = 5 WHERE id = %lld", (long long)id);
	answer_fixture_run(f.store, "DELETE FROM answer WHERE delivery = '%s'", duty);
	assert_int_equal(say(duty, ANSWER_READ), ANSWER_TAKEN);
	other = rows("call", "taken_by = 'x'");
	assert_int_equal(other, 1);
	assert_int_equal(rows("audit", "action = 'call.take'"), 1);
}

/* What the duty is told says one thing to do, and the thing for the reason; and where the page is that takes it. */
static void a_call_says_what_to_do_for_its_reason(void **state)
{
	static const struct {
		const char *reason, *says, *says_not;
	} cases[] = {
		{"release", "决定之前不要联系企业", "钱付了没有"}, {"unanswered", "先问钱付了没有", "不要联系企业"},
		{"watched", "决定之前不要联系企业", "钱付了没有"}, {"no_contact", "先问钱付了没有", "不要联系企业"}, {"undeliverable", "先问钱付了没有", "不要联系企业"},
		{"paid", "联系开户银行止付", "钱付了没有"}, {"unsure", "请对方先不付", "不要联系企业"},
		{"objection", "申诉理由", "钱付了没有"},
	};
	struct catalogue *words;
	const char *text;

	(void)state;
	if (catalogue_load("patterns", &words, &f.error) == -1)
		fail_msg("%s", f.error.text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (notify_call(f.store, words, slice_of(ANSWER_ALERT), 3, slice_of("411002"), cases[i].reason, ANSWER_NOW_MS, 0,
		                &put, &f.error) == -1)
			fail_msg("%s", f.error.text);
		text = answer_fixture_text(f.store, "SELECT json_extract(body, '$.text') FROM delivery WHERE kind = 4 "
		                                    "ORDER BY CAST(subject AS INTEGER) DESC LIMIT 1");
		if (strstr(text, cases[i].says) == NULL || strstr(text, cases[i].says_not) != NULL ||
		    strstr(text, "账户：") == NULL || strstr(text, "{") != NULL)
			fail_msg("%s: %s", cases[i].reason, text);
	}
	catalogue_free(&words);
}

static void a_payee_can_be_muted(void **state)
{
	(void)state;
	for (int i = 1; i <= 4; i++) {
		char id[16];
		snprintf(id, sizeof(id), "msg_%d", i);
		answer_fixture_delivery(f.store, id, webhook_way, DELIVERY_SENT);
		assert_int_equal(say(id, ANSWER_MUTE), ANSWER_CLOSED);
	}
	say("msg_1", ANSWER_STOPPED);
	assert_int_equal(say("msg_1", ANSWER_MUTE), ANSWER_CLOSED);
	answer_fixture_run(f.store, "UPDATE delivery SET level = 4 WHERE id = 'msg_2'");
	say("msg_2", ANSWER_GENUINE);
	assert_int_equal(say("msg_2", ANSWER_MUTE), ANSWER_CLOSED);
	say("msg_3", ANSWER_GENUINE);
	/* The alert is red by now: nor by the link of what was told before. */
	answer_fixture_run(f.store, "UPDATE escalation SET level = 4");
	assert_int_equal(say("msg_3", ANSWER_MUTE), ANSWER_CLOSED);
	answer_fixture_run(f.store, "UPDATE escalation SET level = 3");
	assert_int_equal(say("msg_3", ANSWER_MUTE), ANSWER_TAKEN);
	assert_int_equal(say("msg_3", ANSWER_MUTE), ANSWER_CLOSED);
	assert_int_equal(store_mute_active(f.store, slice_of(ANSWER_OWNER), slice_of("payee-1"),
	                                   ANSWER_NOW_MS + 60000 + ANSWER_MUTE_MS - 1, &f.error), 1);
	assert_int_equal(store_mute_active(f.store, slice_of(ANSWER_OWNER), slice_of("payee-1"),
	                                   ANSWER_NOW_MS + 60000 + ANSWER_MUTE_MS, &f.error), 0);
	say("msg_4", ANSWER_GENUINE);
	say("msg_4", ANSWER_PAID);
	assert_int_equal(say("msg_4", ANSWER_MUTE), ANSWER_CLOSED);
}

/* A drill is answered like a warning, and nobody is called for it. */
static void a_drill_moves_nothing_but_itself(void **state)
{
	(void)state;
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_SENT);
	answer_fixture_run(f.store, "UPDATE delivery SET kind = %d", DELIVERY_DRILL);
	assert_int_equal(say("msg_1", ANSWER_PAID), ANSWER_TAKEN);
	assert_int_equal(say("msg_1", ANSWER_OBJECTION), ANSWER_CLOSED);
	assert_int_equal(state_of("msg_1"), DELIVERY_ACKED);
	assert_int_equal(rows("call", "1"), 0);
	assert_int_equal(rows("alert_handling", "1"), 0);
	assert_int_equal(rows("escalation", "state = 0"), 1);
	answer_fixture_delivery(f.store, "msg_2", webhook_way, DELIVERY_SENT);
	answer_fixture_run(f.store, "UPDATE delivery SET kind = %d, alert = '' WHERE id = 'msg_2'", DELIVERY_BULLETIN);
	assert_int_equal(say("msg_2", ANSWER_PAID), ANSWER_CLOSED);
	assert_int_equal(say("msg_2", ANSWER_READ), ANSWER_TAKEN);
	assert_int_equal(say("msg_2", ANSWER_READ), ANSWER_CLOSED);
	assert_int_equal(state_of("msg_2"), DELIVERY_ACKED);
}

/* One answer to a digest is one to all that it told. */
static void a_digest_answers_for_what_it_told(void **state)
{
	(void)state;
	answer_fixture_delivery(f.store, "msg_d", webhook_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store, "msg_2", webhook_way, DELIVERY_DEAD);
	answer_fixture_run(f.store, "UPDATE delivery SET kind = 5, alert = '' WHERE id = 'msg_d'");
	answer_fixture_run(f.store, "UPDATE delivery SET subject = 'msg_d' WHERE kind = 0");
	assert_int_equal(say("msg_d", ANSWER_GENUINE), ANSWER_CLOSED);
	assert_int_equal(say("msg_d", ANSWER_READ), ANSWER_TAKEN);
	assert_int_equal(rows("delivery", "state = 4"), 3);
	assert_int_equal(rows("escalation", "state = 1"), 1);
}

/* Who answers to orange has not answered to the red that it became meanwhile. */
static void an_answer_to_a_lower_level_stops_no_higher_one(void **state)
{
	(void)state;
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_SENT);
	answer_fixture_run(f.store, "UPDATE escalation SET level = 4");
	assert_int_equal(say("msg_1", ANSWER_GENUINE), ANSWER_TAKEN);
	assert_int_equal(state_of("msg_1"), DELIVERY_ACKED);
	assert_int_equal(rows("escalation", "state = 0"), 1);
}

/* I10: who said what is in the chain, and what changed nothing is not. */
static void every_answer_is_audited(void **state)
{
	int64_t count;

	(void)state;
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_SENT);
	say("msg_1", ANSWER_GENUINE);
	say("msg_1", ANSWER_STOPPED);
	say("msg_1", ANSWER_PAID);
	assert_int_equal(rows("audit", "action = 'answer.genuine' AND object = 'msg_1' AND actor LIKE 'contact _%' AND "
	                               "detail LIKE '%\"alert\":\"" ANSWER_ALERT "\"%'"), 1);
	assert_int_equal(rows("audit", "action = 'answer.paid'"), 1);
	assert_int_equal(rows("audit", "action = 'answer.stopped'"), 0);
	assert_int_equal(store_audit_verify(f.store, &count, &f.error), 0);
	assert_int_equal(rows("answer", "actor = 'contact ' || contact AND contact > 0 AND way > 0"), 2);
}

static void an_analyst_writes_down_what_he_was_told(void **state)
{
	struct notify_answer a = {.alert = slice_of(ANSWER_ALERT), .word = ANSWER_STOPPED, .via = ANSWER_VIA_PHONE,
	                          .contact = 1, .actor = "http.token"};

	(void)state;
	assert_int_equal(give(&a, ANSWER_NOW_MS), ANSWER_TAKEN);
	assert_int_equal(rows("escalation", "state = 1"), 1);
	a.word = ANSWER_PAID;
	assert_int_equal(give(&a, ANSWER_NOW_MS + 1), ANSWER_TAKEN);
	assert_int_equal(give(&a, ANSWER_NOW_MS + 2), ANSWER_TAKEN);
	assert_int_equal(rows("call", "reason = 'paid'"), 1);
	assert_int_equal(rows("audit", "actor = 'http.token' AND object = '" ANSWER_ALERT "'"), 3);
	a.word = ANSWER_MUTE; /* the contact's own to say */
	assert_int_equal(give(&a, ANSWER_NOW_MS), ANSWER_CLOSED);
	a.alert = slice_of("none");
	assert_int_equal(give(&a, ANSWER_NOW_MS), ANSWER_UNKNOWN);
	assert_int_equal(say("none", ANSWER_PAID), ANSWER_UNKNOWN);
}

/* Earlier evidence gives an alert another id; what was said of it goes along. */
static void answers_follow_a_renamed_alert(void **state)
{
	struct answer_row *answers;
	struct alert_row alert = store_fixture_alert("alert-0", ANSWER_NOW_MS);
	size_t count;
	uint8_t level = 0;

	(void)state;
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_SENT);
	say("msg_1", ANSWER_PAID);
	assert_int_equal(store_alert_rename(f.store, slice_of(ANSWER_ALERT), slice_of("alert-0"), &f.error), 0);
	assert_int_not_equal(store_alert_put(f.store, &alert, &f.error), -1);
	assert_int_equal(store_answers_of_alert(f.store, slice_of("alert-0"), &f.arena, &answers, &count, &f.error), 0);
	assert_int_equal(count, 1);
	assert_int_equal(store_handling_get(f.store, slice_of("alert-0"), &level, &f.error), 1);
	assert_int_equal(level, 4);
	assert_int_equal(rows("alert_handling", "alert = '" ANSWER_ALERT "'"), 0);
	assert_int_equal(store_handling_raise(f.store, slice_of("alert-0"), 2, "x", 1, &f.error), 0);
}

/* I8 */
static void a_text_is_kept_to_its_bound(void **state)
{
	char text[3 * ANSWER_TEXT_CHARACTERS_MAX + 100];
	struct notify_answer a = {.delivery = slice_of("msg_1"), .word = ANSWER_UNSURE, .via = ANSWER_VIA_PAGE};

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, "字", 4);
	a.text = slice_of(text);
	answer_fixture_delivery(f.store, "msg_1", webhook_way, DELIVERY_SENT);
	give(&a, ANSWER_NOW_MS);
	assert_int_equal(rows("answer", "length(text) = 500"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_acknowledges_its_delivery),
		TEST(a_late_receipt_takes_nothing_back),
		TEST(each_answer_stops_the_escalation),
		TEST(who_does_not_know_is_called),
		TEST(a_delivery_is_answered_once),
		TEST(paid_calls_the_county_at_once),
		TEST(objections_and_ratings_reach_the_analyst_once),
		TEST(the_duty_takes_a_call_by_his_link),
		TEST(a_call_says_what_to_do_for_its_reason),
		TEST(a_payee_can_be_muted),
		TEST(a_drill_moves_nothing_but_itself),
		TEST(a_digest_answers_for_what_it_told),
		TEST(an_answer_to_a_lower_level_stops_no_higher_one),
		TEST(every_answer_is_audited),
		TEST(an_analyst_writes_down_what_he_was_told),
		TEST(answers_follow_a_renamed_alert),
		TEST(a_text_is_kept_to_its_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
