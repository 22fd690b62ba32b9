/* What an SMS gateway calls back with: replies as answers, receipts on deliveries. */
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

static struct store_fixture f;
static int64_t sms_way, webhook_way;

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

static void replies_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		enum answer_word word;
	} table[] = {
		{"1", ANSWER_GENUINE}, {" 1 ", ANSWER_GENUINE}, {"１", ANSWER_GENUINE}, {"①", ANSWER_GENUINE},
		{"1。", ANSWER_GENUINE}, {"【1】", ANSWER_GENUINE}, {"是本人", ANSWER_GENUINE}, {"是，本人！", ANSWER_GENUINE},
		{"YES", ANSWER_GENUINE}, {"ＹＥＳ", ANSWER_GENUINE}, {"1 是我们的供应商", ANSWER_GENUINE},
		{"2", ANSWER_STOPPED}, {"已停", ANSWER_STOPPED}, {"没有付。", ANSWER_STOPPED}, {"Stopped.", ANSWER_STOPPED},
		{"2,会计说没付", ANSWER_STOPPED},
		{"3", ANSWER_PAID}, {"已付", ANSWER_PAID}, {"已 付 款", ANSWER_PAID}, {"被骗了!!", ANSWER_PAID},
		{"Already paid", ANSWER_PAID}, {"3，昨天就付了", ANSWER_PAID}, {"3\n", ANSWER_PAID},
		{"4", ANSWER_UNSURE}, {"不清楚", ANSWER_UNSURE}, {"I don't know", ANSWER_UNSURE}, {"(4)", ANSWER_UNSURE},
		{"", ANSWER_NOTE}, {"5", ANSWER_NOTE}, {"0", ANSWER_NOTE}, {"11", ANSWER_NOTE}, {"3天前的事", ANSWER_NOTE},
		{"不是", ANSWER_NOTE}, {"no", ANSWER_NOTE}, {"是不是", ANSWER_NOTE}, {"TD", ANSWER_NOTE}, {"你们是谁", ANSWER_NOTE},
		{"没有已付", ANSWER_NOTE}, {"1.5万", ANSWER_NOTE}, {"3:15付的", ANSWER_NOTE}, {"3-2", ANSWER_NOTE}, {"2/3", ANSWER_NOTE},
		{"3.", ANSWER_PAID}, {"3，15点付的", ANSWER_PAID},
		{"已付已付已付已付已付已付已付已付已付已付已付已付已付已付已付已付", ANSWER_NOTE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (sms_reply_word(slice_of(table[i].text)) != table[i].word)
			fail_msg("`%s` is taken as %s", table[i].text, answer_words[sms_reply_word(slice_of(table[i].text))]);
}

static enum sms_result reply_with(const char *id, const char *phone, const char *text, const char *time,
                                  enum answer_word *word_r)
{
	struct sms_reply reply = {slice_of(id), slice_of(phone), slice_of(text), slice_of(time), ANSWER_NOW_MS - 1000, NULL};
	struct notify_put put = {0};
	enum sms_result result;

	if (notify_sms_reply(f.store, &reply, ANSWER_NOW_MS + 1000, &result, word_r, &put, &f.error) == -1)
		fail_msg("%s", f.error.text);
	return result;
}

static enum sms_result reply(const char *id, const char *text)
{
	enum answer_word word;

	return reply_with(id, ANSWER_PHONE, text, "", &word);
}

static int64_t rows(const char *where)
{
	return answer_fixture_number(f.store, "SELECT count(*) FROM answer WHERE %s", where);
}

static void a_reply_answers_the_latest_warning(void **state)
{
	enum answer_word word;

	(void)state;
	answer_fixture_delivery(f.store, "msg_old", sms_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store, "msg_new", sms_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store, "msg_web", webhook_way, DELIVERY_SENT);
	/* Made last, but sent before the one that had waited for the morning; and one that never arrived. */
	answer_fixture_delivery(f.store, "msg_dead", sms_way, DELIVERY_DEAD);
	answer_fixture_run(f.store, "UPDATE delivery SET created_ms = created_ms - 500 WHERE id = 'msg_new'");
	answer_fixture_run(f.store, "UPDATE delivery SET due_ms = due_ms - 500 WHERE id = 'msg_old'");
	answer_fixture_run(f.store, "UPDATE delivery SET due_ms = due_ms + 500 WHERE id = 'msg_dead'");
	answer_fixture_run(f.store, "UPDATE delivery SET created_ms = created_ms + 500 WHERE id = 'msg_web'");
	assert_int_equal(reply_with("r1", "+86 138-1234-1234", "2", "", &word), SMS_TAKEN);
	assert_int_equal(word, ANSWER_STOPPED);
	assert_int_equal(rows("delivery = 'msg_new' AND answer = 'stopped' AND via = 'sms' AND text = '2'"), 1);
	assert_int_equal(answer_fixture_number(f.store, "SELECT state FROM delivery WHERE id = 'msg_new'"), DELIVERY_ACKED);
	assert_int_equal(answer_fixture_number(f.store, "SELECT state FROM escalation"), ESCALATION_ACKNOWLEDGED);
	assert_int_equal(reply_with("r2", "13900000000", "3", "", &word), SMS_UNMATCHED);
	answer_fixture_run(f.store, "UPDATE delivery SET created_ms = created_ms - 86400000");
	assert_int_equal(reply("r3", "3"), SMS_UNMATCHED); /* long ago */
	assert_int_equal(rows("1"), 1);
}

/* The gateway calls again until it is answered: once by its id, else by who, what and when. */
static void a_reply_that_comes_again_changes_nothing(void **state)
{
	enum answer_word word;

	(void)state;
	answer_fixture_delivery(f.store, "msg_1", sms_way, DELIVERY_SENT);
	assert_int_equal(reply("r1", "3"), SMS_TAKEN);
	assert_int_equal(reply("r1", "3"), SMS_KNOWN);
	assert_int_equal(rows("1"), 1);
	assert_int_equal(reply_with("", ANSWER_PHONE, "你们是谁", "2026-03-02 09:20", &word), SMS_TAKEN);
	assert_int_equal(reply_with("", ANSWER_PHONE, "你们是谁", "2026-03-02 09:20", &word), SMS_KNOWN);
	assert_int_equal(reply_with("", ANSWER_PHONE, "你们是谁", "2026-03-02 09:21", &word), SMS_TAKEN);
	assert_int_equal(rows("answer = 'note'"), 2);
	assert_int_equal(rows("message LIKE '%1381234%'"), 0); /* I9 */
	assert_int_equal(answer_fixture_number(f.store, "SELECT count(*) FROM call WHERE reason = 'paid'"), 1);
}

/* What is no answer, or comes after it, is an analyst's to read. */
static void what_is_no_answer_is_kept_as_a_note(void **state)
{
	(void)state;
	answer_fixture_delivery(f.store, "msg_1", sms_way, DELIVERY_SENT);
	assert_int_equal(reply("r1", "是哪一笔？"), SMS_TAKEN);
	assert_int_equal(rows("answer = 'note' AND text = '是哪一笔？'"), 1);
	assert_int_equal(answer_fixture_number(f.store, "SELECT state FROM delivery"), DELIVERY_SENT);
	assert_int_equal(reply("r2", "1"), SMS_TAKEN);
	assert_int_equal(reply("r3", "2"), SMS_TAKEN);
	assert_int_equal(rows("answer = 'note' AND text = '2'"), 1);
	assert_int_equal(reply("r4", "3"), SMS_TAKEN); /* never refused */
	assert_int_equal(rows("answer = 'paid'"), 1);
}

static enum sms_result receipt(const char *id, bool delivered, int64_t now_ms)
{
	enum sms_result result;

	if (notify_sms_receipt(f.store, slice_of(id), delivered, slice_of("UNDELIV"), now_ms, &result, &f.error) == -1)
		fail_msg("%s", f.error.text);
	return result;
}

static int64_t of_delivery(const char *id, const char *what)
{
	return answer_fixture_number(f.store, "SELECT %s FROM delivery WHERE id = '%s'", what, id);
}

static void receipts_are_put_on_their_delivery(void **state)
{
	(void)state;
	answer_fixture_delivery(f.store, "msg_1", sms_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store, "msg_2", sms_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store, "msg_3", sms_way, DELIVERY_ACKED);
	for (int i = 1; i <= 3; i++)
		answer_fixture_run(f.store, "UPDATE delivery SET provider_id = 'p%d' WHERE id = 'msg_%d'", i, i);
	assert_int_equal(receipt("p1", true, 10), SMS_TAKEN);
	assert_int_equal(of_delivery("msg_1", "receipt = 'delivered' AND receipt_ms = 10 AND state = 3"), 1);
	assert_int_equal(receipt("p1", false, 20), SMS_TAKEN); /* the first counts */
	assert_int_equal(of_delivery("msg_1", "receipt = 'delivered' AND receipt_ms = 10 AND state = 3"), 1);
	assert_int_equal(receipt("p2", false, 30), SMS_TAKEN);
	assert_int_equal(of_delivery("msg_2", "receipt = 'failed' AND state = 5 AND reason LIKE '%UNDELIV'"), 1);
	assert_int_equal(receipt("p3", false, 30), SMS_TAKEN); /* it was answered, whatever the gateway thinks */
	assert_int_equal(of_delivery("msg_3", "receipt = 'failed' AND state = 4"), 1);
	assert_int_equal(receipt("none", false, 30), SMS_UNMATCHED);
	assert_int_equal(receipt("", false, 30), SMS_UNMATCHED);
}

/* Nobody has it then: the next step is due now, and not when the time for an answer is over. */
static void a_failed_receipt_hurries_the_escalation(void **state)
{
	(void)state;
	answer_fixture_delivery(f.store, "msg_1", sms_way, DELIVERY_SENT);
	answer_fixture_run(f.store, "UPDATE delivery SET provider_id = 'p1'");
	assert_int_equal(receipt("p1", false, ANSWER_NOW_MS + 20000), SMS_TAKEN);
	assert_int_equal(answer_fixture_number(f.store, "SELECT due_ms FROM escalation"), ANSWER_NOW_MS + 20000);
	assert_int_equal(answer_fixture_number(f.store, "SELECT due_ms FROM timer WHERE kind = 'escalation' AND subject = '"
	                                                ANSWER_ALERT "'"), ANSWER_NOW_MS + 20000);
}

/* A gateway on the same machine calls back before the sending has been written. */
static void a_receipt_may_come_before_its_delivery(void **state)
{
	(void)state;
	answer_fixture_delivery(f.store, "msg_1", sms_way, DELIVERY_INFLIGHT);
	assert_int_equal(receipt("p1", false, 10), SMS_UNMATCHED);
	assert_int_equal(receipt("p1", true, 11), SMS_UNMATCHED);
	assert_int_equal(store_delivery_settle(f.store, slice_of("msg_1"), DELIVERY_SENT, 0, 20, "", &f.error), 1);
	assert_int_equal(store_delivery_provider(f.store, slice_of("msg_1"), slice_of("p1"), &f.error), 0);
	assert_int_equal(of_delivery("msg_1", "receipt = 'failed' AND receipt_ms = 10 AND state = 5 AND provider_id = 'p1'"), 1);
	assert_int_equal(answer_fixture_number(f.store, "SELECT count(*) FROM receipt_early"), 0);
	receipt("old", true, 10);
	receipt("new", true, 10 + STORE_RECEIPT_EARLY_MS + 1);
	assert_int_equal(answer_fixture_number(f.store, "SELECT count(*) FROM receipt_early WHERE provider_id = 'new'"), 1);
	assert_int_equal(answer_fixture_number(f.store, "SELECT count(*) FROM receipt_early"), 1);
}

static int load(const char *text, struct sms_callback *callback_r, struct error *error)
{
	char path[128];
	FILE *file;
	int result;

	snprintf(path, sizeof(path), "%s/gateway.yaml", f.folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	result = sms_callback_load(path, &f.arena, callback_r, error);
	remove(path);
	return result;
}

#define SECRETS "secrets: {cb: s3cret}\n"
#define CALLBACK "callback: {query: token, secret: cb}\n"

static void the_gateways_file_says_how_it_calls(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{SECRETS "callback: {secret: cb}", "either `header` or `query`"},
		{SECRETS "callback: {query: a, header: b, secret: cb}", "either `header` or `query`"},
		{SECRETS "callback: {query: a}", "one of `secrets`"}, {"callback: {query: a, secret: cb}", "one of `secrets`"},
		{"secrets: {cb: ''}\ncallback: {query: a, secret: cb}", "empty"},
		{"secrets: {cb: 'file:none'}\ncallback: {query: a, secret: cb}", "none"},
		{SECRETS CALLBACK "receipt: {provider_id: a, status: b}", "delivered"},
		{SECRETS CALLBACK "receipt: {status: b, delivered: [x]}", "provider_id"},
		{SECRETS CALLBACK "receipt: {provider_id: a, status: b, delivered: [[x]]}", "a text"},
		{SECRETS CALLBACK "reply: {phone: a}", "`text`"}, {SECRETS CALLBACK "reply: {phone: [], text: b}", "a text"},
	};
	struct sms_callback c;
	struct error error;

	(void)state;
	assert_int_equal(load(SECRETS CALLBACK "receipt: {provider_id: /r/id, status: st, delivered: [DELIVRD, '0']}\n"
	                      "reply: {id: moid, phone: mobile, text: content}\nrequest: {url: x}\n", &c, &error), 1);
	assert_string_equal(c.query, "token");
	assert_string_equal(c.header, "");
	assert_string_equal(c.secret, "s3cret");
	assert_string_equal(c.answer, "ok");
	assert_string_equal(c.receipt_id, "/r/id");
	assert_int_equal(c.delivered_count, 2);
	assert_string_equal(c.delivered[1], "0");
	assert_string_equal(c.reply_phone, "mobile");
	assert_string_equal(c.reply_time, "");
	assert_int_equal(load(SECRETS, &c, &error), 0);
	assert_string_equal(c.secret, "");
	assert_int_equal(sms_callback_load("", &f.arena, &c, &error), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(load(wrong[i].text, &c, &error), -1);
		if (strstr(error.text, wrong[i].why) == NULL || strstr(error.text, "gateway.yaml") == NULL)
			fail_msg("`%s` is refused with: %s", wrong[i].text, error.text);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read_as_people_write_them),
		TEST(the_gateways_file_says_how_it_calls),
		TEST(a_reply_answers_the_latest_warning),
		TEST(a_reply_that_comes_again_changes_nothing),
		TEST(what_is_no_answer_is_kept_as_a_note),
		TEST(receipts_are_put_on_their_delivery),
		TEST(a_failed_receipt_hurries_the_escalation),
		TEST(a_receipt_may_come_before_its_delivery),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
