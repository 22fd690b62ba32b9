/* The SMS channel and its gateway's file: what is asked, how long a text may be, answers, and files that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "channel_fixture.h"
#include "deliver/channel_text.h"
#include "deliver/deliver.h"
#include "deliver/sms_gateway.h"

static char folder[] = "/tmp/huqi-sms-XXXXXX";
static char path[64];

static int setup(void **state)
{
	channel_setup(state);
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/gateway.yaml", folder);
	return 0;
}

static int teardown(void **state)
{
	sms_gateway_free(&channel_settings_here.sms_gateway);
	unlink(path);
	rmdir(folder);
	return channel_teardown(state);
}

static int load(const char *yaml, struct error *error)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(yaml, file);
	fclose(file);
	sms_gateway_free(&channel_settings_here.sms_gateway);
	return sms_gateway_load(path, &channel_settings_here.sms_gateway, error);
}

static void use(const char *yaml)
{
	struct error error;

	if (load(yaml, &error) == -1)
		fail_msg("%s", error.text);
}

#define REQUEST                                                \
	"request:\n  url: https://sms.example.com/send\n  body: '{\"to\":\"{phone}\",\"text\":\"{text}\",\"id\":\"{id}\"}'\n"
#define SUCCESS "success: {pointer: /code, equals: \"0\", provider_id: /data/id}\n"
#define ERRORS "errors: {gone: [\"4\"], dead: [\"5\", BLACK], retry: [\"7\"], retry_wait_s: 90}\n"

static struct channel_request built(const char *address, const char *body)
{
	struct channel_message m = channel_message_of(address, "", body);

	return channel_built(&channel_sms, &m);
}

static void values_are_escaped_for_json(void **state)
{
	struct channel_request r;

	(void)state;
	use(REQUEST SUCCESS);
	r = built("+8613800138000", channel_body("s", "他说\"快\"\\\n付 {id}", ""));
	assert_true(slice_is(r.body, "{\"to\":\"13800138000\","
	                     "\"text\":\"【反诈中心】他说\\\"快\\\"\\\\\\u000a付 {id}\",\"id\":\"" CHANNEL_ID "\"}"));
	assert_string_equal(r.url, "https://sms.example.com/send");
	assert_string_equal(r.method, "POST");
	assert_string_equal(channel_header(&r, "content-type"), "application/json; charset=utf-8");
	assert_true(r.operators && !r.loopback_only);
}

static void values_are_escaped_for_forms_and_urls(void **state)
{
	struct channel_request r;

	(void)state;
	setenv("HUQI_TEST_SMS", "p&w=ü", 1);
	use("secrets: {key: env:HUQI_TEST_SMS}\n"
	    "request:\n  url: \"http://127.0.0.1:9/send?id={id}&t={time}\"\n  type: form\n"
	    "  headers: {X-Key: \"k {key}\", X-Own: env:HUQI_TEST_SMS}\n"
	    "  body: 'm={phone}&c={text}&p={key}&s={signature}'\n  adds_signature: true\n" SUCCESS);
	r = built("13800138000", channel_body("s", "a&b=c +中", ""));
	assert_string_equal(r.url, "http://127.0.0.1:9/send?id=" CHANNEL_ID "&t=1700000000");
	assert_true(slice_is(r.body, "m=13800138000&c=a%26b%3Dc%20%2B%E4%B8%AD&p=p%26w%3D%C3%BC"
	                     "&s=%E5%8F%8D%E8%AF%88%E4%B8%AD%E5%BF%83"));
	assert_string_equal(channel_header(&r, "X-Key"), "k p&w=ü");
	assert_string_equal(channel_header(&r, "X-Own"), "p&w=ü");
	assert_true(r.loopback_only);
	use("request: {url: \"https://s.example.com/?m={phone}&c={text}\", method: GET}\n" SUCCESS);
	r = built("13800138000", channel_body("s", "中", ""));
	assert_string_equal(r.method, "GET");
	assert_int_equal(r.body.length, 0);
	assert_non_null(strstr(r.url, "m=13800138000&c=%E3%80%90"));
}

/* 3 x 67 UTF-16 units, the signature counted; an emoji is two, and none is cut in half. */
static void a_text_has_three_segments_at_most(void **state)
{
	static const struct {
		const char *piece;
		int count;
		size_t units; /* of what is said */
		bool cut;
	} cases[] = {{"中", 195, 201, false}, {"中", 196, 201, true}, {"中", 64, 70, false}, {"😀", 97, 200, false},
	             {"😀", 98, 201, true},    {"a", 195, 201, false}, {"a", 1000, 201, true}};
	char text[4096];

	(void)state;
	use(REQUEST SUCCESS);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct channel_request r;
		const char *said;
		text[0] = '\0';
		for (int j = 0; j < cases[i].count; j++)
			strcat(text, cases[i].piece);
		r = built("13800138000", channel_body("s", text, ""));
		said = channel_json_text(&r, "/text");
		if (channel_text_cost(slice_of(said), channel_cost_utf16) != cases[i].units || r.cut != cases[i].cut)
			fail_msg("%d of %s: %zu units, cut %d", cases[i].count, cases[i].piece,
			         channel_text_cost(slice_of(said), channel_cost_utf16), r.cut);
		assert_true(!r.cut || strstr(said, "…") != NULL);
	}
}

static void it_is_signed_once_and_carries_no_link(void **state)
{
	struct channel_request r;

	(void)state;
	use(REQUEST SUCCESS);
	r = built("13800138000", channel_body("s", "【反诈中心】先停付款", ",\"answer_url\":\"https://h.example.com/\""));
	assert_string_equal(channel_json_text(&r, "/text"), "【反诈中心】先停付款");
	r = built("13800138000", "{\"title\":{\"zh\":\"疑似冒充老板\"},\"message\":{\"zh\":\"长\"},"
	          "\"do_now\":{\"zh\":[\"先停下。\",\"核实\"]}}");
	assert_string_equal(channel_json_text(&r, "/text"), "【反诈中心】先停下。疑似冒充老板"); /* of an older version */
}

static void long_numbers_are_refused(void **state)
{
	struct channel_message m;

	(void)state;
	use(REQUEST SUCCESS);
	m = channel_message_of("13800138000", "", channel_body("s", "账号622202000000010001", ""));
	assert_non_null(strstr(channel_refused(&channel_sms, &m), "digits in a row"));
}

static void numbers_are_checked(void **state)
{
	static const struct {
		const char *address;
		bool right;
	} cases[] = {{"13800138000", true}, {"+8619912345678", true}, {"12800138000", false}, {"1380013800", false},
	             {"138001380000", false}, {"8613800138000", false}, {"+85298765432", false}, {"", false},
	             {"1380013800x", false}, {"138 0013 8000", false}, {"+86", false}, {"02887654321", false}};
	struct error error;
	bool needs_code;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if ((deliver_check_contact((struct slice[]){slice_of("sms")}, slice_of(cases[i].address), slice_of(""), false, &needs_code, &error) == 0) !=
		    cases[i].right)
			fail_msg("%s", cases[i].address);
	assert_int_equal(deliver_check_contact((struct slice[]){slice_of("sms")}, slice_of("13800138000"), slice_of("x"), false,
	                                       &needs_code, &error),
	                 -1);
	assert_true(needs_code); /* nothing proves whose it is */
}

static void answers_become_verdicts(void **state)
{
	static const struct channel_case cases[] = {
		{NULL, 200, "{\"code\":0,\"data\":{\"id\":\"S1\"}}", CHANNEL_SENT, false, 0, "took it", NULL},
		{NULL, 200, "{\"code\":\"0\"}", CHANNEL_SENT, false, 0, "took it", NULL},
		{NULL, 500, "{\"code\":0}", CHANNEL_RETRY, false, 0, "HTTP 500", NULL},
		{NULL, 200, "{\"code\":4}", CHANNEL_DEAD, true, 0, "disabled", NULL},
		{NULL, 200, "{\"code\":\"5\"}", CHANNEL_DEAD, false, 0, "code 5", NULL},
		{NULL, 400, "{\"code\":\"BLACK\"}", CHANNEL_DEAD, false, 0, "BLACK", NULL},
		{NULL, 200, "{\"code\":7}", CHANNEL_RETRY, false, 90000, "code 7", NULL},
		{NULL, 200, "{\"code\":8}", CHANNEL_RETRY, false, 0, "code 8", NULL},
		{NULL, 200, "{\"code\":\"a long word of the gateway with 13800138000\"}", CHANNEL_RETRY, false, 0, "code unknown",
		 NULL},
		{NULL, 200, "{\"data\":{\"code\":0}}", CHANNEL_RETRY, false, 0, "unknown", NULL},
		{NULL, 200, "{\"code\":[0]}", CHANNEL_RETRY, false, 0, "unknown", NULL},
		{NULL, 200, "{\"code\":0.0}", CHANNEL_RETRY, false, 0, "unknown", NULL},
		{NULL, 200, "\xff\xfe", CHANNEL_RETRY, false, 0, "unknown", NULL},
		{NULL, 200, "", CHANNEL_RETRY, false, 0, "unknown", NULL},
		{NULL, 302, "", CHANNEL_RETRY, false, 0, "HTTP 302", NULL},
		{"no answer in time", 0, NULL, CHANNEL_RETRY, false, 0, "in time", NULL},
	};
	static const struct channel_case texts[] = {
		{NULL, 201, "OK:1234", CHANNEL_SENT, false, 0, "took it", NULL},
		{NULL, 200, "OK:1234", CHANNEL_RETRY, false, 0, "HTTP 200", NULL},
		{NULL, 201, "ERR:1", CHANNEL_RETRY, false, 0, "did not take", NULL},
	};

	(void)state;
	use(REQUEST SUCCESS ERRORS);
	channel_judge_all(&channel_sms, cases, sizeof(cases) / sizeof(cases[0]));
	use(REQUEST "success: {status: 201, contains: \"OK:\"}\n");
	channel_judge_all(&channel_sms, texts, sizeof(texts) / sizeof(texts[0]));
}

static void the_providers_id_is_kept(void **state)
{
	static const struct {
		const char *body, *id;
	} cases[] = {{"{\"code\":0,\"data\":{\"id\":\"S-1\"}}", "S-1"}, {"{\"code\":0,\"data\":{\"id\":77}}", "77"},
	             {"{\"code\":0}", ""}, {"{\"code\":0,\"data\":{\"id\":{}}}", ""},
	             {"{\"code\":0,\"data\":{\"id\":\"a b\"}}", ""},
	             {"{\"code\":0,\"data\":{\"id\":\"0123456789012345678901234567890123456789"
	              "012345678901234567890123\"}}", ""}};
	struct channel_verdict v;

	(void)state;
	use(REQUEST SUCCESS);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct channel_answer a = {.status = 200, .body = slice_of(cases[i].body), .settings = &channel_settings_here};
		channel_sms.judge_answer(&a, &v);
		assert_int_equal(v.outcome, CHANNEL_SENT);
		assert_string_equal(v.provider_id, cases[i].id);
	}
}

/* The sample that ships is right, and E's fields are in it. */
static void the_sample_loads(void **state)
{
	struct sms_gateway *g;
	struct error error;

	(void)state;
	setenv("HUQI_SMS_TOKEN", "t", 1);
	if (sms_gateway_load("seeds/sms-gateway.yaml", &g, &error) == -1)
		fail_msg("%s", error.text);
	assert_string_equal(g->receipt.provider_id, "messageId");
	assert_string_equal(g->receipt.delivered.items[0], "DELIVRD");
	assert_string_equal(g->reply.text, "content");
	assert_string_equal(g->headers[0].value, "Bearer {token}");
	sms_gateway_free(&g);
}

static void wrong_files_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *yaml, *says;
	} cases[] = {
		{"", "empty"},
		{SUCCESS, "request:"},
		{REQUEST, "equals"},
		{REQUEST "success: {pointer: /code}\n", "either"},
		{REQUEST "success: {pointer: code, equals: x}\n", "JSON pointer"},
		{REQUEST "success: {status: ok, equals: x}\n", "status"},
		{REQUEST SUCCESS "errors: {wait: 5}\n", "unknown key `wait`"},
		{REQUEST SUCCESS "errors: {retry_wait_s: 5m}\n", "seconds"},
		{REQUEST SUCCESS "errors: {dead: x}\n", "list"},
		{"request: {url: \"https://s.example.com/\", body: '{\"a\":\"{phnoe}\"}'}\n" SUCCESS, ":1:"},
		{"request: {url: \"https://s.example.com/\", body: '{\"a\":\"{phnoe}\"}'}\n" SUCCESS, "`{phnoe}`"},
		{"request: {url: \"https://s.example.com/\", body: '{\"a\":{text}}'}\n" SUCCESS, "no JSON"},
		{"request: {url: \"http://s.example.com/\", body: '{}'}\n" SUCCESS, "in the clear"},
		{"request: {url: \"https://s.example.com/\", method: DELETE}\n" SUCCESS, "POST, PUT or GET"},
		{"request: {url: \"https://s.example.com/\", type: xml}\n" SUCCESS, "json or form"},
		{"request: {url: \"https://s.example.com/\", headers: {\"a b\": x}, body: '{}'}\n" SUCCESS, "header"},
		{"secrets: {k: env:HUQI_NO_SUCH_VARIABLE}\n" REQUEST SUCCESS, "HUQI_NO_SUCH_VARIABLE"},
		{"secrets: {k: file:no-such}\n" REQUEST SUCCESS, "no-such"},
	};
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (load(cases[i].yaml, &error) != -1)
			fail_msg("taken: %s", cases[i].yaml);
		if (strstr(error.text, cases[i].says) == NULL || strstr(error.text, "gateway.yaml") == NULL)
			fail_msg("%s: `%s` does not speak of %s", cases[i].yaml, error.text, cases[i].says);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values_are_escaped_for_json),
		TEST(values_are_escaped_for_forms_and_urls),
		TEST(a_text_has_three_segments_at_most),
		TEST(it_is_signed_once_and_carries_no_link),
		TEST(long_numbers_are_refused),
		TEST(numbers_are_checked),
		TEST(answers_become_verdicts),
		TEST(the_providers_id_is_kept),
		TEST(the_sample_loads),
		TEST(wrong_files_are_refused_with_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
