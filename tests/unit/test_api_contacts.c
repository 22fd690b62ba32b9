/* What analysts see and do about an alert's contacts, and what an SMS gateway calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "answer_fixture.h"
#include "api_fixture.h"
#include "base/clock.h"
#include "base/counters.h"
#include "notify/notify.h"

static struct api_fixture f;
static struct store *reader;
static struct answer_links links = {.key = "k", .public_url = "", .expires_ms = 7 * INT64_C(86400000)};
static const struct sms_callback callback = {
	.header = "X-Gateway-Secret", .query = "", .secret = "a-shared-secret", .answer = "{\"code\":0}",
	.receipt_id = "msgid", .receipt_status = "/report/status", .delivered = {"DELIVRD", "0"}, .delivered_count = 2,
	.reply_id = "moid", .reply_phone = "phone", .reply_text = "content", .reply_time = "time",
};
static int64_t sms_way, webhook_way;

static int setup(void **state)
{
	(void)state;
	counters_clear_for_test();
	clock_set_for_test(ANSWER_NOW_MS + 60000);
	api_fixture_open(&f);
	f.options.answer_links = &links;
	f.options.sms_callback = &callback;
	answer_fixture_alert(f.store.store, &sms_way, &webhook_way);
	answer_fixture_delivery(f.store.store, "msg_sms", sms_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store.store, "msg_web", webhook_way, DELIVERY_HELD);
	answer_fixture_delivery(f.store.store, "msg_dead", webhook_way, DELIVERY_DEAD);
	answer_fixture_run(f.store.store, "UPDATE delivery SET provider_id = 'p1' WHERE id = 'msg_sms'");
	api_fixture_start(&f);
	assert_int_equal(store_open_reader(f.store.path, NULL, &reader, &f.store.error), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&reader);
	api_fixture_close(&f);
	clock_set_for_test(0);
	return 0;
}

static struct reply post(const char *target, const char *body)
{
	const char *headers[] = {"Authorization: Bearer " API_TOKEN, "Content-Type: application/json", NULL};

	return api_ask_with(&f, "POST", target, headers, body);
}

static int64_t rows(const char *table)
{
	return answer_fixture_number(reader, "SELECT count(*) FROM %s", table);
}

#define HAS(reply, text) assert_non_null(strstr((reply).body, text))
#define HAS_NOT(reply, text) assert_null(strstr((reply).body, text))

/* I9 */
static void deliveries_are_shown_masked(void **state)
{
	struct reply r;

	(void)state;
	post("/api/v1/alerts/" ANSWER_ALERT "/answers", "{\"answer\":\"stopped\",\"text\":\"他说打 13812341234\"}");
	r = api_ask(&f, "/api/v1/alerts/" ANSWER_ALERT "/deliveries");
	assert_reply(&r, 200, NULL);
	HAS(r, "\"state\":\"sent\"");
	HAS(r, "\"state\":\"held\"");
	HAS(r, "\"address\":\"138****1234\"");
	HAS(r, "\"name\":\"王*\"");
	HAS(r, "\"role\":\"cashier\"");
	HAS(r, "\"kind\":\"warning\"");
	HAS(r, "\"answer\":\"stopped\"");
	HAS(r, "\"handling_level\":null");
	HAS_NOT(r, ANSWER_PHONE);
	HAS_NOT(r, "secret-path");
	r = api_ask(&f, "/api/v1/alerts/" ANSWER_ALERT);
	assert_reply(&r, 200, NULL);
	HAS(r, "\"deliveries\":[{");
	HAS(r, "\"answers\":[{");
	HAS_NOT(r, ANSWER_PHONE);
	r = api_ask(&f, "/api/v1/alerts/" ANSWER_ALERT "?reveal=x"); /* the stored bytes */
	assert_string_equal(r.body, "{\"id\":\"x\"}");
}

static void a_reason_shows_whom_to_call(void **state)
{
	struct reply r = api_ask(&f, "/api/v1/alerts/" ANSWER_ALERT "/deliveries?reveal=call+back");

	(void)state;
	assert_reply(&r, 200, NULL);
	HAS(r, ANSWER_PHONE);
	HAS(r, "王小丽");
	assert_int_equal(rows("audit WHERE action = 'reveal' AND object = 'contacts of alert " ANSWER_ALERT "' AND "
	                      "detail = 'call back'"), 1);
}

static void answers_by_phone_are_written_down(void **state)
{
	struct reply r = post("/api/v1/alerts/" ANSWER_ALERT "/answers", "{\"answer\":\"paid\",\"contact\":1,\"text\":\"48万\"}");

	(void)state;
	assert_reply(&r, 200, NULL);
	assert_string_equal(r.body, "{\"result\":\"taken\"}");
	assert_int_equal(rows("answer WHERE via = 'phone' AND answer = 'paid' AND text = '48万' AND contact = 1 AND actor = "
	                      "'http.token'"), 1);
	r = api_ask(&f, "/api/v1/alerts/" ANSWER_ALERT);
	HAS(r, "\"handling_level\":\"red\"");
	r = post("/api/v1/alerts/" ANSWER_ALERT "/answers", "{\"answer\":\"rating\",\"value\":3}");
	assert_reply(&r, 200, NULL);
	assert_int_equal(rows("audit WHERE actor = 'http.token' AND action LIKE 'answer.%'"), 2); /* I10 */
}

static void wrong_bodies_are_refused(void **state)
{
	static const struct {
		const char *body, *parameter;
	} table[] = {
		{"{\"answer\":\"yes\"}", "answer"}, {"{}", "answer"}, {"", "answer"}, {"{\"answer\":\"read\"}", "answer"},
		{"{\"answer\":\"mute\"}", "answer"}, {"{\"answer\":3}", "answer"}, {"{\"answer\":\"rating\"}", "value"},
		{"{\"answer\":\"paid\",\"value\":1}", "value"}, {"{\"answer\":\"rating\",\"value\":6}", "value"},
		{"{\"answer\":\"paid\",\"contact\":-1}", "contact"}, {"{\"answer\":\"paid\",\"text\":\"\\u0000\"}", "text"},
		{"[]", NULL}, {"no json", NULL}, {"{\"answer\":\"paid\",\"x\":1}", NULL},
	};
	struct reply r;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		r = post("/api/v1/alerts/" ANSWER_ALERT "/answers", table[i].body);
		assert_reply(&r, 400, table[i].parameter);
	}
	r = post("/api/v1/alerts/none/answers", "{\"answer\":\"paid\"}");
	assert_reply(&r, 404, NULL);
	r = api_ask_with(&f, "POST", "/api/v1/alerts/" ANSWER_ALERT "/answers", NULL, "{\"answer\":\"paid\"}");
	assert_reply(&r, 401, NULL);
	assert_int_equal(rows("answer"), 0);
}

static void what_is_held_is_released(void **state)
{
	struct reply r = post("/api/v1/alerts/" ANSWER_ALERT "/release", "");

	(void)state;
	assert_reply(&r, 200, NULL);
	assert_string_equal(r.body, "{\"released\":1}");
	assert_int_equal(rows("delivery WHERE id = 'msg_web' AND state = 0"), 1);
	assert_int_equal(rows("audit WHERE action = 'delivery.release' AND actor = 'http.token'"), 1);
	r = post("/api/v1/alerts/" ANSWER_ALERT "/release", "");
	assert_string_equal(r.body, "{\"released\":0}");
	r = post("/api/v1/alerts/none/release", "");
	assert_reply(&r, 404, NULL);
}

static void what_is_dead_is_replayed(void **state)
{
	struct reply r = post("/api/v1/deliveries/msg_dead/replay", "");

	(void)state;
	assert_reply(&r, 200, NULL);
	assert_string_equal(r.body, "{\"replayed\":1}");
	assert_int_equal(rows("delivery WHERE id = 'msg_dead' AND state = 0 AND attempts = 0"), 1);
	assert_int_equal(rows("audit WHERE action = 'delivery.replay' AND actor = 'http.token'"), 1);
	r = post("/api/v1/deliveries/msg_sms/replay", ""); /* sent */
	assert_string_equal(r.body, "{\"replayed\":0}");
	assert_int_equal(rows("delivery WHERE id = 'msg_sms' AND state = 3"), 1);
}

static void calls_are_taken_and_done(void **state)
{
	struct reply r;

	(void)state;
	post("/api/v1/alerts/" ANSWER_ALERT "/answers", "{\"answer\":\"paid\"}");
	post("/api/v1/alerts/" ANSWER_ALERT "/answers", "{\"answer\":\"objection\"}");
	r = api_ask(&f, "/api/v1/calls?jurisdiction=411002&limit=1");
	assert_reply(&r, 200, NULL);
	HAS(r, "\"reason\":\"paid\"");
	HAS(r, "\"level\":\"red\"");
	HAS_NOT(r, "objection");
	HAS_NOT(r, "\"next\":null");
	r = api_ask(&f, "/api/v1/calls?jurisdiction=999999");
	assert_string_equal(r.body, "{\"items\":[],\"next\":null}");
	r = post("/api/v1/calls/1/take", "");
	assert_reply(&r, 200, NULL);
	HAS(r, "\"taken_by\":\"http.token\"");
	r = post("/api/v1/calls/1/take", "");
	assert_reply(&r, 409, NULL);
	r = post("/api/v1/calls/1/done", "{}");
	assert_reply(&r, 400, "outcome");
	r = post("/api/v1/calls/1/done", "{\"outcome\":\"止付成功\"}");
	assert_reply(&r, 200, NULL);
	HAS(r, "\"outcome\":\"止付成功\"");
	r = post("/api/v1/calls/1/done", "{\"outcome\":\"x\"}");
	assert_reply(&r, 409, NULL);
	r = post("/api/v1/calls/77/take", "");
	assert_reply(&r, 404, NULL);
	r = post("/api/v1/calls/x/take", "");
	assert_reply(&r, 404, NULL);
	assert_int_equal(rows("audit WHERE action IN ('call.take', 'call.done') AND object = 'call 1'"), 2);
	r = api_ask(&f, "/api/v1/calls");
	HAS(r, "objection");
	HAS_NOT(r, "\"reason\":\"paid\"");
}

static struct reply gateway(const char *path, const char *secret, const char *type, const char *body)
{
	char header[128];
	const char *headers[] = {header, type, NULL};

	snprintf(header, sizeof(header), "X-Gateway-Secret: %s", secret);
	return api_ask_with(&f, "POST", path, headers, body);
}

#define FORM "Content-Type: application/x-www-form-urlencoded"
#define JSON "Content-Type: application/json; charset=utf-8"
#define SECRET "a-shared-secret"

static void the_gateway_is_known_by_its_secret(void **state)
{
	static const char *const wrong[] = {"", "a-shared-secre", "a-shared-secret1", "A-shared-secret"};
	struct reply r;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		r = gateway("/gateway/sms/reply", wrong[i], FORM, "moid=1&phone=" ANSWER_PHONE "&content=3");
		assert_reply(&r, 403, NULL);
	}
	r = api_ask_with(&f, "POST", "/gateway/sms/receipt", NULL, "msgid=p1");
	assert_reply(&r, 403, NULL);
	assert_int_equal(rows("answer"), 0);
	assert_int_equal(counter_sum(COUNT_HTTP_REFUSED), 5);
}

static void replies_come_as_forms_or_json(void **state)
{
	struct reply r = gateway("/gateway/sms/reply", SECRET, FORM, "moid=1&phone=%2B8613812341234&content=4%E3%80%82");

	(void)state;
	assert_reply(&r, 200, NULL);
	assert_string_equal(r.body, "{\"code\":0}");
	assert_int_equal(rows("answer WHERE answer = 'unsure' AND via = 'sms' AND delivery = 'msg_sms'"), 1);
	r = gateway("/gateway/sms/reply", SECRET, JSON,
	            "[{\"moid\":2,\"phone\":13812341234,\"content\":\"3\"},{\"moid\":1,\"phone\":\"" ANSWER_PHONE "\","
	            "\"content\":\"4。\"},{\"phone\":\"13900000000\",\"content\":\"1\"},{}]");
	assert_reply(&r, 200, NULL);
	assert_int_equal(rows("answer"), 2);
	assert_int_equal(rows("answer WHERE answer = 'paid'"), 1);
	assert_int_equal(counter_sum(COUNT_SMS_UNMATCHED), 2);
	assert_int_equal(counter_sum(COUNT_ANSWERS), 2);
	assert_int_equal(counter_sum(COUNT_ANSWERS_PAID), 1);
	r = gateway("/gateway/sms/reply", SECRET, JSON, "\"3\"");
	assert_reply(&r, 400, NULL);
	r = gateway("/gateway/sms/reply", SECRET, FORM, "a=%zz");
	assert_reply(&r, 400, NULL);
}

static void receipts_come_as_json(void **state)
{
	struct reply r;

	(void)state;
	r = gateway("/gateway/sms/receipt", SECRET, JSON, "{\"msgid\":\"p1\",\"report\":{\"status\":\"EXPIRED\"}}");
	assert_reply(&r, 200, NULL);
	assert_int_equal(rows("delivery WHERE id = 'msg_sms' AND state = 5 AND receipt = 'failed' AND reason LIKE '%EXPIRED'"),
	                 1);
	assert_int_equal(counter_sum(COUNT_SMS_RECEIPTS), 1);
	r = gateway("/gateway/sms/receipt", SECRET, JSON, "{\"msgid\":\"p9\",\"report\":{\"status\":0}}");
	assert_reply(&r, 200, NULL);
	assert_int_equal(counter_sum(COUNT_SMS_UNMATCHED), 1);
	assert_int_equal(rows("receipt_early WHERE provider_id = 'p9' AND failed = 0"), 1);
	r = api_ask(&f, "/api/v1/alerts/" ANSWER_ALERT "/deliveries");
	HAS(r, "\"receipt\":\"failed\"");
}

/* I8 */
static void a_gateways_list_is_bounded(void **state)
{
	char *body = malloc(8000);
	size_t length = 0;
	struct reply r;

	(void)state;
	body[length++] = '[';
	for (int i = 0; i <= 500; i++)
		length += (size_t)sprintf(body + length, "%s{}", i > 0 ? "," : "");
	strcpy(body + length, "]");
	r = gateway("/gateway/sms/reply", SECRET, JSON, body);
	assert_reply(&r, 400, NULL);
	free(body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(deliveries_are_shown_masked),
		TEST(a_reason_shows_whom_to_call),
		TEST(answers_by_phone_are_written_down),
		TEST(wrong_bodies_are_refused),
		TEST(what_is_held_is_released),
		TEST(what_is_dead_is_replayed),
		TEST(calls_are_taken_and_done),
		TEST(the_gateway_is_known_by_its_secret),
		TEST(replies_come_as_forms_or_json),
		TEST(receipts_come_as_json),
		TEST(a_gateways_list_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
