/* The webhook channel as a table of bytes in, bytes out; no socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "deliver/channel.h"
#include "deliver/deliver.h"

/*
 * 24 and 32 bytes counted up from 1 and from 101; the expected signatures were computed with openssl and
 * python.
 */
#define SECRET_A "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"
#define SECRET_B "whsec_ZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/gIGCg4Q="

static const char body[] = "{\"type\":\"huqi.warning.v1\",\"title\":{\"zh\":\"先停付款\"}}";
static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

static struct channel_message message(const char *secret)
{
	return (struct channel_message){
		.id = slice_of("msg_00112233445566778899aabbccddeeff"), .address = slice_of("https://warn.example.com/hook?x=1"),
		.secret = slice_of(secret), .language = slice_of("zh"), .body = slice_of(body), .now_ms = 1700000000999,
	};
}

static const char *header(const struct channel_request *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (strncmp(r->headers[i], name, strlen(name)) == 0 && r->headers[i][strlen(name)] == ':')
			return r->headers[i] + strlen(name) + 2;
	return NULL;
}

/* openssl dgst -sha256 -mac HMAC -macopt hexkey:0102…18 over "msg_….1700000000.{…}", base64 */
#define SIGNATURE_A "v1,adbeUYvRN0dZ50WPF26hSJhvmMcfVoIxaa96+VeWQBg="
#define SIGNATURE_B "v1,ICtK+KDB690l223zne768kJ6iWo7Fjwfk9WDywOQqhE="

static void one_secret_signs_id_timestamp_and_body(void **state)
{
	struct channel_message m = message(SECRET_A);
	struct channel_request r;
	struct error error;

	(void)state;
	assert_int_equal(channel_webhook.build_request(&m, &arena, &r, &error), 0);
	assert_string_equal(r.url, "https://warn.example.com/hook?x=1");
	assert_string_equal(header(&r, "webhook-id"), "msg_00112233445566778899aabbccddeeff");
	assert_string_equal(header(&r, "webhook-timestamp"), "1700000000");
	assert_string_equal(header(&r, "webhook-signature"), SIGNATURE_A);
	assert_string_equal(header(&r, "content-type"), "application/json; charset=utf-8");
	assert_true(slice_is(r.body, body));
	assert_false(r.loopback_only);
}

static void two_secrets_sign_both_while_one_is_changed(void **state)
{
	struct channel_message m = message("  " SECRET_A "  " SECRET_B " ");
	struct channel_request r;
	struct error error;

	(void)state;
	assert_int_equal(channel_webhook.build_request(&m, &arena, &r, &error), 0);
	assert_string_equal(header(&r, "webhook-signature"), SIGNATURE_A " " SIGNATURE_B);
}

/* The id stays, time and so the signature change. */
static void another_attempt_keeps_the_id(void **state)
{
	struct channel_message m = message(SECRET_A);
	struct channel_request r;
	struct error error;

	(void)state;
	m.now_ms += 5000;
	assert_int_equal(channel_webhook.build_request(&m, &arena, &r, &error), 0);
	assert_string_equal(header(&r, "webhook-id"), "msg_00112233445566778899aabbccddeeff");
	assert_string_equal(header(&r, "webhook-timestamp"), "1700000005");
	assert_string_not_equal(header(&r, "webhook-signature"), SIGNATURE_A);
}

/* I8: less than 20 kB. */
static void a_long_body_is_never_sent(void **state)
{
	static char text[20001];
	struct channel_message m = message(SECRET_A);
	struct channel_request r;
	struct error error;

	(void)state;
	memset(text, 'x', 20000);
	m.body = slice_of(text);
	assert_int_equal(channel_webhook.build_request(&m, &arena, &r, &error), -1);
	m.body.length = 19999;
	assert_int_equal(channel_webhook.build_request(&m, &arena, &r, &error), 0);
}

static void addresses_and_secrets_are_checked_at_registration(void **state)
{
	static const struct {
		const char *address, *secret, *says; /* says: NULL where it is right */
		bool allow_private;
	} cases[] = {
		{"https://warn.example.com/x", SECRET_A, NULL, false},
		{"https://warn.example.com:8443/x", SECRET_A " " SECRET_B, NULL, false},
		{"https://8.8.8.8/x", SECRET_B, NULL, false},
		{"http://warn.example.com/x", SECRET_A, "in the clear", false},
		{"http://warn.example.com/x", SECRET_A, "in the clear", true},
		{"http://127.0.0.1:8081/x", SECRET_A, "in the clear", false},
		{"http://127.0.0.1:8081/x", SECRET_A, NULL, true},
		{"http://[::1]:8081/x", SECRET_A, NULL, true},
		{"http://localhost:8081/x", SECRET_A, NULL, true},
		{"http://10.0.0.1/x", SECRET_A, "in the clear", true},
		{"https://10.0.0.1/x", SECRET_A, "private", false},
		{"https://10.0.0.1/x", SECRET_A, NULL, true},
		{"https://0x7f.1/x", SECRET_A, "private", false},
		{"https://2130706433/x", SECRET_A, "private", false},
		{"https://[::ffff:10.0.0.1]/x", SECRET_A, "private", false},
		{"https://localhost/x", SECRET_A, "private", false},
		{"https://a.localhost/x", SECRET_A, "private", false},
		{"https://224.0.0.1/x", SECRET_A, "private", true},
		{"https://user:pass@warn.example.com/", SECRET_A, "user", false},
		{"https://warn.example.com/#f", SECRET_A, "fragment", false},
		{"ftp://warn.example.com/", SECRET_A, "https://", false},
		{"file:///etc/passwd", SECRET_A, "https://", false},
		{"https://", SECRET_A, "URL", false},
		{"warn", SECRET_A, "https", false},
		{"", SECRET_A, "1 to 2048", false},
		{"https://warn.example.com/a b", SECRET_A, "space", false},
		{"https://warn.example.com/", "", "missing", false},
		{"https://warn.example.com/", "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY", "whsec_", false},
		{"https://warn.example.com/", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhc=", "whsec_", false}, /* 23 bytes */
		{"https://warn.example.com/", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhc*", "whsec_", false},
		{"https://warn.example.com/", SECRET_A " " SECRET_B " " SECRET_A, "more than 2", false},
	};
	bool needs_code = true;
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int result = deliver_check_contact((struct slice[]){slice_of("webhook")}, slice_of(cases[i].address), slice_of(cases[i].secret),
		                                  cases[i].allow_private, &needs_code, &error);
		assert_false(needs_code); /* the secret proves the receiver */
		if (result != (cases[i].says == NULL ? 0 : -1))
			fail_msg("%s with %s: %s", cases[i].address, cases[i].secret, result == 0 ? "taken" : error.text);
		if (cases[i].says != NULL && strstr(error.text, cases[i].says) == NULL)
			fail_msg("%s: `%s` does not speak of %s", cases[i].address, error.text, cases[i].says);
		if (cases[i].says != NULL && strlen(cases[i].secret) > 12)
			assert_null(strstr(error.text, cases[i].secret + 6)); /* a secret is never repeated */
	}
	assert_int_equal(deliver_check_contact((struct slice[]){slice_of("pigeon")}, slice_of("x"), slice_of(""), false,
	                                      &needs_code, &error),
	                 DELIVER_NO_CHANNEL);
	assert_non_null(strstr(error.text, "webhook"));
}

static void channels_have_more_than_one_name(void **state)
{
	static const char *const names[][2] = {{"短信", "sms"}, {"邮件", "email"}, {"E-Mail", "email"}, {"企业微信", "wecom"},
	                                       {"钉钉群机器人", "dingtalk"}, {"飞书", "feishu"}, {"webhook", "webhook"}};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct slice channel = slice_of(names[i][0]);
		struct error error;
		bool needs_code;
		deliver_check_contact(&channel, slice_of(""), slice_of(""), false, &needs_code, &error);
		assert_true(slice_is(channel, names[i][1]));
	}
}

#define NOW_MS INT64_C(1700000000000) /* Tue, 14 Nov 2023 22:13:20 GMT */

static void answers_become_verdicts(void **state)
{
	static const struct {
		const char *failure;
		long status;
		const char *retry_after;
		enum channel_outcome outcome;
		bool gone;
		int64_t wait_ms;
		const char *says;
	} cases[] = {
		{NULL, 200, "", CHANNEL_SENT, false, 0, "200"},
		{NULL, 204, "60", CHANNEL_SENT, false, 0, "204"},
		{NULL, 299, "", CHANNEL_SENT, false, 0, "299"},
		{NULL, 301, "", CHANNEL_RETRY, false, 0, "redirects"},
		{NULL, 307, "9", CHANNEL_RETRY, false, 0, "redirects"},
		{NULL, 400, "", CHANNEL_RETRY, false, 0, "400"},
		{NULL, 401, "", CHANNEL_RETRY, false, 0, "401"},
		{NULL, 404, "", CHANNEL_RETRY, false, 0, "404"},
		{NULL, 410, "", CHANNEL_DEAD, true, 0, "410"},
		{NULL, 429, "", CHANNEL_RETRY, false, 0, "too many"},
		{NULL, 429, "120", CHANNEL_RETRY, false, 120000, "too many"},
		{NULL, 429, " 7 ", CHANNEL_RETRY, false, 7000, "429"},
		{NULL, 429, "Tue, 14 Nov 2023 22:14:20 GMT", CHANNEL_RETRY, false, 60000, "429"},
		{NULL, 429, "Tue, 14 Nov 2023 22:12:20 GMT", CHANNEL_RETRY, false, 0, "429"},
		{NULL, 429, "soon", CHANNEL_RETRY, false, 0, "429"},
		{NULL, 429, "-5", CHANNEL_RETRY, false, 0, "429"},
		{NULL, 429, "999999999999999999999999", CHANNEL_RETRY, false, 86400000, "429"},
		{NULL, 429, "Fri, 14 Nov 2053 22:12:20 GMT", CHANNEL_RETRY, false, 86400000, "429"},
		{NULL, 429, "14 Nov 881104094 22:12:20 GMT", CHANNEL_RETRY, false, 86400000, "429"}, /* times 1,000 it would not fit */
		{NULL, 500, "", CHANNEL_RETRY, false, 0, "500"},
		{NULL, 503, "30", CHANNEL_RETRY, false, 30000, "503"},
		{NULL, 599, "", CHANNEL_RETRY, false, 0, "599"},
		{"no answer in time", 0, "", CHANNEL_RETRY, false, 0, "in time"},
	};
	struct channel_verdict v;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct channel_answer a = {.failure = cases[i].failure, .status = cases[i].status,
		                           .retry_after = slice_of(cases[i].retry_after), .now_ms = NOW_MS};
		channel_webhook.judge_answer(&a, &v);
		if (v.outcome != cases[i].outcome || v.gone != cases[i].gone || v.wait_ms != cases[i].wait_ms ||
		    strstr(v.reason, cases[i].says) == NULL)
			fail_msg("%ld `%s`: outcome %d, gone %d, wait %lld, `%s`", cases[i].status, cases[i].retry_after,
			         v.outcome,
			         v.gone, (long long)v.wait_ms, v.reason);
	}
}

static void the_table_names_the_channels(void **state)
{
	struct deliver_channel channel;

	(void)state;
	assert_true(deliver_channel_at(0, &channel));
	assert_string_equal(channel.name, "webhook");
	assert_true(channel.body_bytes_max < 20000);
	assert_ptr_equal(channel_find(slice_of("webhook")), &channel_webhook);
	assert_null(channel_find(slice_of("")));
	assert_false(deliver_channel_at(99, &channel));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_secret_signs_id_timestamp_and_body, setup, teardown),
		cmocka_unit_test_setup_teardown(two_secrets_sign_both_while_one_is_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(another_attempt_keeps_the_id, setup, teardown),
		cmocka_unit_test_setup_teardown(a_long_body_is_never_sent, setup, teardown),
		cmocka_unit_test(addresses_and_secrets_are_checked_at_registration),
		cmocka_unit_test(channels_have_more_than_one_name),
		cmocka_unit_test(answers_become_verdicts),
		cmocka_unit_test(the_table_names_the_channels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
