/* The robots' channels as tables of bytes in, bytes out: signatures against the vectors of the providers' own code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/utf8.h"
#include "channel_fixture.h"
#include "deliver/channel_text.h"
#include "deliver/deliver.h"

#define WECOM "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a"
#define DINGTALK "https://oapi.dingtalk.com/robot/send?access_token=566c"
#define FEISHU "https://open.feishu.cn/open-apis/bot/v2/hook/5f5a"
#define SECRET "SECtest0123456789"

static const struct {
	const struct channel *channel;
	const char *address, *secret, *pointer;
	size_t most; /* bytes of the text */
} robots[] = {
	{&channel_wecom, WECOM, "", "/markdown/content", 4096},
	{&channel_dingtalk, DINGTALK, SECRET, "/markdown/text", 19400},
	{&channel_feishu, FEISHU, SECRET, "/content/text", 19 * 1024},
};

enum { ROBOTS = sizeof(robots) / sizeof(robots[0]) };

static void wecom_says_markdown(void **state)
{
	const char *body = channel_body("红色预警：冒充老板", "先停付款。\n再核实。", ",\"answer_url\":\"https://h.example.com/a/t\"");
	struct channel_message m = channel_message_of(WECOM, "", body);
	struct channel_request r = channel_built(&channel_wecom, &m);

	(void)state;
	assert_string_equal(r.url, WECOM);
	assert_int_equal(r.kind, CHANNEL_HTTP);
	assert_string_equal(channel_header(&r, "content-type"), "application/json; charset=utf-8");
	assert_true(slice_is(r.body, "{\"msgtype\":\"markdown\",\"markdown\":{\"content\":\"先停付款。\\n再核实。"
	                     "\\n\\n[答复](https://h.example.com/a/t)\"}}"));
	assert_false(r.cut || r.loopback_only || r.operators);
	/* a template may have put the link where it wants it */
	m.body = slice_of(channel_body("s", "[去](https://h.example.com/a/t)答复",
	                               ",\"answer_url\":\"https://h.example.com/a/t\""));
	r = channel_built(&channel_wecom, &m);
	assert_string_equal(channel_json_text(&r, "/markdown/content"), "[去](https://h.example.com/a/t)答复");
}

/* domain.md section 4 [V] */
static void dingtalk_signs_in_the_url(void **state)
{
	struct channel_message m = channel_message_of(DINGTALK, SECRET, channel_body("s", "t", ""));
	struct channel_request r = channel_built(&channel_dingtalk, &m);

	(void)state;
	assert_string_equal(r.url, DINGTALK "&timestamp=1700000000000"
	                    "&sign=yBKp5IlG6qCzcQWmgyRK%2FziJBdVNJmHfFE2ST%2FCzT%2Fg%3D");
	assert_true(slice_is(r.body, "{\"msgtype\":\"markdown\",\"markdown\":{\"title\":\"s\",\"text\":\"t\"}}"));
	m.secret = slice_of("");
	r = channel_built(&channel_dingtalk, &m);
	assert_string_equal(r.url, DINGTALK);
}

/* domain.md section 4 [V] */
static void feishu_signs_in_the_body(void **state)
{
	struct channel_message m = channel_message_of(FEISHU, SECRET, channel_body("s", "s: t", ""));
	struct channel_request r = channel_built(&channel_feishu, &m);

	(void)state;
	assert_string_equal(r.url, FEISHU);
	assert_true(slice_is(r.body, "{\"timestamp\":\"1700000000\",\"sign\":\"xqhKocb0RcGBDr30iFkLPByPLrRBM9Oy/dgBx968k0U=\","
	                     "\"msg_type\":\"text\",\"content\":{\"text\":\"s: t\"}}"));
	m.secret = slice_of("");
	r = channel_built(&channel_feishu, &m);
	assert_true(slice_is(r.body, "{\"msg_type\":\"text\",\"content\":{\"text\":\"s: t\"}}"));
}

/* What an older version put into the outbox has neither subject nor text. */
static void an_older_body_is_composed(void **state)
{
	static const char body[] =
		"{\"type\":\"huqi.warning.v1\",\"level\":\"orange\",\"level_name\":{\"zh\":\"橙色预警\",\"en\":\"Orange\"},"
		"\"title\":{\"zh\":\"疑似冒充老板\",\"en\":\"Boss?\"},\"message\":{\"zh\":\"向[张*](x)付款<@all>\",\"en\":\"To Z\"},"
		"\"do_now\":{\"zh\":[\"先停下\",\"核实\"],\"en\":[\"Stop\",\"Check\"]}}";
	struct channel_message m = channel_message_of(WECOM, "", body);
	struct channel_request r = channel_built(&channel_wecom, &m);

	(void)state;
	assert_string_equal(channel_json_text(&r, "/markdown/content"),
	                    "**橙色预警：疑似冒充老板**\n\n向［张*］(x)付款＜@all＞\n\n1. 先停下\n2. 核实");
	m.language = slice_of("en");
	r = channel_built(&channel_wecom, &m);
	assert_string_equal(channel_json_text(&r, "/markdown/content"), "**Orange: Boss?**\n\nTo Z\n\n1. Stop\n2. Check");
}

/* I8: a text is cut on a character's border with an ellipsis, and the request stays within what the robot takes. */
static void a_long_text_is_cut(void **state)
{
	static const char *const pieces[] = {"警", "\"", "a", "𠀀", "\n", "\\"};
	char *text = malloc(60001);

	(void)state;
	for (size_t i = 0; i < ROBOTS * sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t robot = i % ROBOTS, length = 0;
		const char *piece = pieces[i / ROBOTS], *said;
		while (length + strlen(piece) <= 60000)
			length += (size_t)sprintf(text + length, "%s", piece);
		struct channel_message m = channel_message_of(robots[robot].address, robots[robot].secret,
		                                              channel_body("s", text, ",\"answer_url\":\"https://h.example.com/\""));
		struct channel_request r = channel_built(robots[robot].channel, &m);
		assert_true(r.cut);
		assert_true(r.body.length <= robots[robot].most + 400 && r.body.length <= 20480);
		said = channel_json_text(&r, robots[robot].pointer);
		assert_true(utf8_valid(said, strlen(said)) && strlen(said) <= robots[robot].most);
		assert_true(strlen(said) + 200 > robots[robot].most / 3);
		assert_non_null(strstr(said, "…\n\n"));
		assert_non_null(strstr(said, "https://h.example.com/")); /* the answer's link stays */
		arena_reset(&channel_arena);
	}
	free(text);
}

static void a_text_that_fits_is_whole(void **state)
{
	char text[4097];
	struct channel_message m;
	struct channel_request r;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[0] = 's';
	text[4096] = '\0';
	m = channel_message_of(WECOM, "", channel_body("s", text, ""));
	r = channel_built(&channel_wecom, &m);
	assert_false(r.cut);
	assert_string_equal(channel_json_text(&r, "/markdown/content"), text);
}

/* No full account number or personal id goes to a third party's cloud. */
static void long_numbers_are_refused(void **state)
{
	static const struct {
		const char *subject, *text;
		bool refused;
	} cases[] = {
		{"s", "账号622202000000010001", true}, {"s", "账号 622202*********0001", false},
		{"110101199003071234", "t", true},       {"s", "６２２２０２０００００１", true},
		{"s", "12345678901", false},            {"s", "123456789012", true},
		{"s", "480000.00 2026-03-02 09:15:04", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int j = 0; j < ROBOTS; j++) {
			struct channel_message m = channel_message_of(robots[j].address, robots[j].secret,
			                                              channel_body(cases[i].subject, cases[i].text, ""));
			if (cases[i].refused)
				assert_non_null(strstr(channel_refused(robots[j].channel, &m), "digits in a row"));
			else
				channel_built(robots[j].channel, &m);
		}
}

static void what_is_no_body_is_refused(void **state)
{
	static const char *const bodies[] = {"", "[]", "nothing", "{}", "{\"subject\":\"s\"}", "{\"text\":7}",
	                                     "{\"subject\":\"a\\r\\nb\",\"text\":\"t\"}",
	                                     "{\"subject\":\"a\\u0000b\",\"text\":\"t\"}"};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		for (int j = 0; j < ROBOTS; j++) {
			struct channel_message m = channel_message_of(robots[j].address, robots[j].secret, bodies[i]);
			channel_refused(robots[j].channel, &m);
		}
}

static void links_that_are_none_are_left_out(void **state)
{
	static const char *const urls[] = {"javascript:alert(1)", "https://h.example.com/a)[x](http://evil.example.com",
	                                   "https://h.example.com/a b", "", "ftp://h.example.com/"};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		const char *more = arena_print(&channel_arena, ",\"answer_url\":\"%s\"", urls[i]);
		struct channel_message m = channel_message_of(WECOM, "", channel_body("s", "s t", more));
		struct channel_request r = channel_built(&channel_wecom, &m);
		assert_string_equal(channel_json_text(&r, "/markdown/content"), "s t");
	}
}

static void addresses_and_secrets_are_checked(void **state)
{
	static const struct {
		const char *channel, *address, *secret, *says;
	} cases[] = {
		{"wecom", WECOM, "", NULL},
		{"wecom", WECOM, "x", "no secret"},
		{"wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "", "whole webhook URL"},
		{"wecom", "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "", "in the clear"},
		{"wecom", "https://10.0.0.1/cgi-bin/webhook/send?key=1", "", "private"},
		{"dingtalk", DINGTALK, SECRET, NULL},
		{"dingtalk", DINGTALK, "", NULL},
		{"dingtalk", DINGTALK, "test", "begins with `SEC`"},
		{"dingtalk", DINGTALK, "SEC a", "space"},
		{"dingtalk", WECOM, SECRET, "access_token"},
		{"feishu", FEISHU, "anything", NULL},
		{"feishu", FEISHU, "", NULL},
		{"feishu", FEISHU, "密", "not ASCII"},
		{"feishu", "https://open.feishu.cn/open-apis/bot/hook/1", "", "/bot/v2/hook/"},
	};
	struct error error;
	bool needs_code;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int result = deliver_check_contact((struct slice[]){slice_of(cases[i].channel)}, slice_of(cases[i].address),
		                                  slice_of(cases[i].secret), false, &needs_code, &error);
		if (result != (cases[i].says == NULL ? 0 : -1) ||
		    (result == -1 && strstr(error.text, cases[i].says) == NULL))
			fail_msg("%s %s: %s", cases[i].channel, cases[i].address, result == 0 ? "taken" : error.text);
	}
}

#define NO_ANSWER "without a robot's answer"

static void codes_become_verdicts(void **state)
{
	static const struct channel_case wecom[] = {
		{NULL, 200, "{\"errcode\":0,\"errmsg\":\"ok\"}", CHANNEL_SENT, false, 0, "errcode 0", NULL},
		{NULL, 200, "{\"errcode\":45009}", CHANNEL_RETRY, false, 60000, "45009", NULL},
		{NULL, 200, "{\"errcode\":93000,\"errmsg\":\"key 693a\"}", CHANNEL_DEAD, true, 0, "removed", NULL},
		{NULL, 200, "{\"errcode\":40058}", CHANNEL_DEAD, false, 0, "too long", NULL},
		{NULL, 200, "{\"errcode\":-1}", CHANNEL_RETRY, false, 0, "errcode -1", NULL},
		{NULL, 200, "{\"errcode\":7}", CHANNEL_RETRY, false, 0, "errcode 7", NULL},
		{NULL, 200, "{\"errcode\":\"0\"}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "{\"errcode\":0.0}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "{\"errcode\":null}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "{\"errcode\":false}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "{\"errcode\":18446744073709551615}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "{\"code\":0}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "{\"data\":{\"errcode\":0}}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "[{\"errcode\":0}]", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "{\"errcode\":0", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "{\"errcode\":0}{}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "\xff{\"errcode\":0}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "{\"errcode\":0,\"errmsg\":\"\xff\"}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "<html>", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 200, "", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 204, NULL, CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 500, "{\"errcode\":0}", CHANNEL_RETRY, false, 0, "HTTP 500", NULL},
		{NULL, 429, "", CHANNEL_RETRY, false, 60000, "HTTP 429", NULL},
		{NULL, 302, "", CHANNEL_RETRY, false, 0, "redirects", NULL},
		{NULL, 410, "", CHANNEL_RETRY, false, 0, "HTTP 410", NULL},
		{"no answer in time", 0, NULL, CHANNEL_RETRY, false, 0, "in time", NULL},
	};
	static const struct channel_case dingtalk[] = {
		{NULL, 200, "{\"errcode\":0}", CHANNEL_SENT, false, 0, "errcode 0", NULL},
		{NULL, 200, "{\"errcode\":130101}", CHANNEL_RETRY, false, 600000, "ten minutes", NULL},
		{NULL, 200, "{\"errcode\":310000,\"errmsg\":\"sign\"}", CHANNEL_RETRY, false, 0, "secret", NULL},
		{NULL, 200, "{\"errcode\":300005}", CHANNEL_DEAD, true, 0, "disabled", NULL},
	};
	static const struct channel_case feishu[] = {
		{NULL, 200, "{\"StatusCode\":0,\"code\":0,\"msg\":\"success\"}", CHANNEL_SENT, false, 0, "code 0", NULL},
		{NULL, 200, "{\"StatusCode\":0}", CHANNEL_RETRY, false, 0, NO_ANSWER, NULL},
		{NULL, 400, "{\"code\":9499,\"msg\":\"Bad Request\"}", CHANNEL_DEAD, false, 0, "9499", NULL},
		{NULL, 200, "{\"code\":19021}", CHANNEL_RETRY, false, 0, "signature", NULL},
		{NULL, 200, "{\"code\":19022}", CHANNEL_RETRY, false, 0, "address", NULL},
		{NULL, 200, "{\"code\":19024}", CHANNEL_RETRY, false, 0, "keyword", NULL},
		{NULL, 200, "{\"code\":11232}", CHANNEL_RETRY, false, 60000, "a minute", NULL},
		{NULL, 200, "{\"code\":19001}", CHANNEL_DEAD, true, 0, "disabled", NULL},
	};

	(void)state;
	channel_judge_all(&channel_wecom, wecom, sizeof(wecom) / sizeof(wecom[0]));
	channel_judge_all(&channel_dingtalk, dingtalk, sizeof(dingtalk) / sizeof(dingtalk[0]));
	channel_judge_all(&channel_feishu, feishu, sizeof(feishu) / sizeof(feishu[0]));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, channel_setup, channel_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(wecom_says_markdown),
		TEST(dingtalk_signs_in_the_url),
		TEST(feishu_signs_in_the_body),
		TEST(an_older_body_is_composed),
		TEST(a_long_text_is_cut),
		TEST(a_text_that_fits_is_whole),
		TEST(long_numbers_are_refused),
		TEST(what_is_no_body_is_refused),
		TEST(links_that_are_none_are_left_out),
		TEST(addresses_and_secrets_are_checked),
		TEST(codes_become_verdicts),
	};

	return sodium_init() == -1 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
