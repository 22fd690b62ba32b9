/* The mail channel: bytes of a mail, addresses that cannot break out of one, replies of SMTP and their verdicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/settings.h"
#include "channel_fixture.h"
#include "deliver/deliver.h"

#define TO "cashier@factory.example.com"

static void use_server(void)
{
	channel_settings_here.smtp_url = "smtp://mail.example.com:587";
	channel_settings_here.smtp_from = "warn@centre.example.com";
	channel_settings_here.smtp_user = "huqi";
	channel_settings_here.smtp_password = "secret";
}

static struct channel_request built(const char *body)
{
	struct channel_message m = channel_message_of(TO, "", body);

	return channel_built(&channel_email, &m);
}

/* The decoded part behind the `nth` (from 0) empty line and base64 in the mail. */
static char *part_of(const struct channel_request *r, int nth)
{
	const char *at = r->body.at, *end;
	size_t length;
	char *text;

	for (int i = 0; i <= nth; i++) {
		at = strstr(at, "Content-Transfer-Encoding: base64\r\n\r\n");
		assert_non_null(at);
		at += strlen("Content-Transfer-Encoding: base64\r\n\r\n");
	}
	end = strstr(at, "--=_");
	assert_non_null(end);
	text = arena_take(&channel_arena, (size_t)(end - at) + 1);
	assert_int_equal(sodium_base642bin((unsigned char *)text, (size_t)(end - at), at, (size_t)(end - at), "\r\n", &length,
	                                   NULL, sodium_base64_VARIANT_ORIGINAL), 0);
	text[length] = '\0';
	return text;
}

/* The head, byte for byte (RFC 5322, 2045, 2047); the words were encoded with python. */
static void the_head_is_ascii_and_whole(void **state)
{
	struct channel_request r;
	const char *expected =
		"Date: Wed, 15 Nov 2023 06:13:20 +0800\r\n"
		"From: =?UTF-8?B?5Y+N6K+I5Lit5b+D?=\r\n <warn@centre.example.com>\r\n"
		"To: <" TO ">\r\n"
		"Subject: =?UTF-8?B?57qi6Imy6aKE6K2m77ya5YaS5YWF6ICB5p2/77yM6K+35YWI5YGc?=\r\n"
		" =?UTF-8?B?5LuY5qy+?=\r\n"
		"Message-ID:\r\n <" CHANNEL_ID "@centre.example.com>\r\n"
		"Auto-Submitted: auto-generated\r\nContent-Language: zh-CN\r\nMIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative;\r\n boundary=\"=_" CHANNEL_ID "\"\r\n\r\n";

	(void)state;
	use_server();
	r = built(channel_body("红色预警：冒充老板，请先停付款", "t", ""));
	if (strncmp(r.body.at, expected, strlen(expected)) != 0)
		fail_msg("%.700s", r.body.at);
	assert_int_equal(r.kind, CHANNEL_SMTP);
	assert_string_equal(r.url, "smtp://mail.example.com:587/centre.example.com");
	assert_string_equal(r.from, "<warn@centre.example.com>");
	assert_string_equal(r.to, "<" TO ">");
	assert_true(r.require_tls && r.operators && !r.loopback_only);
	r = built(channel_body("Red warning", "t", ""));
	assert_non_null(strstr(r.body.at, "\r\nSubject: Red warning\r\n"));
	r = built(channel_body("=?UTF-8?B?eA==?= is no word", "t", "")); /* what looks encoded is encoded */
	assert_null(strstr(r.body.at, "Subject: =?UTF-8?B?eA==?="));
}

/* The id is the same at every attempt, so that a reader's program can tell. */
static void another_attempt_keeps_the_message_id(void **state)
{
	struct channel_message m;
	struct channel_request r;

	(void)state;
	use_server();
	m = channel_message_of(TO, "", channel_body("s", "t", ""));
	m.now_ms += 3600000;
	r = channel_built(&channel_email, &m);
	assert_non_null(strstr(r.body.at, "Message-ID:\r\n <" CHANNEL_ID "@centre.example.com>\r\n"));
	assert_non_null(strstr(r.body.at, "Date: Wed, 15 Nov 2023 07:13:20 +0800\r\n"));
}

/* A rendered text is whole: its advice and its link stand in it, and the link becomes the button. */
static void both_parts_say_the_same(void **state)
{
	const char *more = ",\"level_name\":{\"zh\":\"红色预警\"},\"advice\":{\"zh\":[\"当面核实\"]},"
	                   "\"answer_url\":\"https://h.example.com/a/x?y=1&z=2\"";
	struct channel_request r;
	const char *plain, *page;

	(void)state;
	use_server();
	r = built(channel_body("先停付款", "第一行\n去 https://h.example.com/a/x?y=1&z=2 答复\n第三行", more));
	plain = part_of(&r, 0);
	page = part_of(&r, 1);
	assert_non_null(strstr(plain, "[红色预警]\r\n先停付款\r\n\r\n第一行\r\n去 https://h.example.com/a/x?y=1&z=2 答复\r\n"
	                       "第三行\r\n\r\n--\r\n本邮件"));
	assert_non_null(strstr(page, "background:#b91c1c;color:#ffffff"));
	assert_non_null(strstr(page, ">红色预警</div>"));
	assert_non_null(strstr(page, "第一行<br>\r\n去 <a style="));
	assert_non_null(strstr(page, "href=\"https://h.example.com/a/x?y=1&amp;z=2\">"));
	assert_non_null(strstr(page, "</a>\r\n 答复<br>\r\n第三行</p>"));
	assert_null(strstr(strstr(page, "href=") + 1, "href="));
	assert_non_null(strstr(page, "color-scheme\" content=\"light dark\""));
	for (const char *at = plain; (at = strchr(at, '\n')) != NULL; at++)
		assert_true(at[-1] == '\r');
	r = built(channel_body("s", "t", more)); /* one that does not show the link */
	assert_non_null(strstr(part_of(&r, 0), "\r\nhttps://h.example.com/a/x?y=1&z=2\r\n"));
	assert_non_null(strstr(part_of(&r, 1), "t</p>\r\n<a style="));
}

static void an_older_body_is_composed(void **state)
{
	static const char body[] =
		"{\"type\":\"huqi.warning.v1\",\"level\":\"orange\",\"level_name\":{\"zh\":\"橙色预警\"},"
		"\"title\":{\"zh\":\"疑似\"},\"message\":{\"zh\":\"看到\"},\"do_now\":{\"zh\":[\"先停下\"]},"
		"\"advice\":{\"zh\":[\"当面核实\",\"不要转账\"]}}";
	struct channel_request r;
	const char *page;

	(void)state;
	use_server();
	r = built(body);
	assert_non_null(strstr(part_of(&r, 0), "橙色预警：疑似\r\n\r\n看到\r\n\r\n1. 先停下\r\n\r\n建议：\r\n- 当面核实\r\n"
	                       "- 不要转账\r\n\r\n--\r\n反诈中心\r\n"));
	page = part_of(&r, 1);
	assert_non_null(strstr(page, "background:#c2410c"));
	assert_non_null(strstr(page, "当面核实</li>"));
}

static void html_is_escaped(void **state)
{
	struct channel_request r;
	const char *page;

	(void)state;
	use_server();
	r = built(channel_body("<script>a</script> & \"b\"", "<img src=x onerror='y'>",
	                       ",\"level_name\":{\"zh\":\"<b>\"}"));
	page = part_of(&r, 1);
	assert_null(strstr(page, "<script") ? page : strstr(page, "<img") ? page : strstr(page, "<b>"));
	assert_non_null(strstr(page, "&lt;script&gt;a&lt;/script&gt; &amp; &quot;b&quot;"));
	assert_non_null(strstr(page, "onerror=&#39;y&#39;"));
}

/* RFC 5322 2.1.1: lines of at most 76 characters here, ASCII, no bare CR or LF, whatever the texts are. */
static void lines_are_short(void **state)
{
	char subject[901], text[9001];
	struct channel_request r;
	uint32_t length = 0;

	(void)state;
	use_server();
	for (size_t i = 0; i < 9000; i += 3)
		memcpy(text + i, "长", 3);
	text[9000] = '\0';
	memcpy(subject, text, 900);
	subject[900] = '\0';
	r = built(channel_body(subject, text, ""));
	assert_true(r.cut); /* the subject */
	for (uint32_t i = 0; i < r.body.length; i++) {
		assert_in_range(r.body.at[i], '\n', '~');
		length = r.body.at[i] == '\n' ? 0 : length + 1;
		assert_true(length <= 77); /* with the CR */
		assert_true(r.body.at[i] != '\n' || r.body.at[i - 1] == '\r');
		assert_true(r.body.at[i] != '\r' || r.body.at[i + 1] == '\n');
		assert_true(r.body.at[i] != '.' || length != 1);
	}
}

/* I8: texts of the largest body, each character at its dearest, fit. */
static void the_dearest_text_fits(void **state)
{
	char *text = malloc(19001);
	struct channel_request r;

	(void)state;
	use_server();
	memset(text, '"', 19000);
	text[19000] = '\0';
	r = built(channel_body("s", text, ""));
	assert_true(r.cut);
	assert_true(r.body.length < 256 * 1024);
	free(text);
}

static void nothing_breaks_out_of_a_header(void **state)
{
	static const char *const addresses[] = {"a@b.example.com\r\nBcc: x@y.example.com", "a@b.example.com\n", "a\r@b.cn",
	                                        "a@b.example.com>", "<a@b.example.com>", "A <a@b.example.com>"};
	struct channel_message m;

	(void)state;
	use_server();
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		m = channel_message_of(addresses[i], "", channel_body("s", "t", ""));
		assert_non_null(strstr(channel_refused(&channel_email, &m), "bare mail address"));
	}
	m = channel_message_of(TO, "", "{\"subject\":\"a\\r\\nBcc: x@y.example.com\",\"text\":\"t\"}");
	assert_non_null(strstr(channel_refused(&channel_email, &m), "line break"));
	m = channel_message_of(TO, "", "{\"subject\":\"a\\nb\",\"text\":\"t\"}");
	channel_refused(&channel_email, &m);
}

static void addresses_are_checked(void **state)
{
	static const struct {
		const char *address, *says;
	} cases[] = {
		{TO, NULL},
		{"a.b+c_d'e@x-y.example.com", NULL},
		{"a@xn--fiqs8s.example", NULL},
		{"a@例子.example", "xn--"},
		{"财务@b.example", "ASCII"},
		{"a@b", "no domain"},
		{"a@b..example", "no domain"},
		{"a@-b.example", "no domain"},
		{"a@b-.example", "no domain"},
		{"a@b.example.", "no domain"},
		{"a@[127.0.0.1]", "bare"},
		{"a@b@c.example", "no mailbox"},
		{".a@b.example", "no mailbox"},
		{"a..b@b.example", "no mailbox"},
		{"@b.example", "no mailbox"},
		{"\"a b\"@b.example", "bare"},
		{"b.example", "no `@`"},
		{"", "1 to 254"},
		{"a12345678901234567890123456789012345678901234567890123456789012345@b.example", "no mailbox"},
		{"a@b23456789012345678901234567890123456789012345678901234567890123456.example", "no domain"},
	};
	struct error error;
	bool needs_code;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int result = deliver_check_contact((struct slice[]){slice_of("email")}, slice_of(cases[i].address), slice_of(""), false,
		                                  &needs_code, &error);
		if (result != (cases[i].says == NULL ? 0 : -1) ||
		    (result == -1 && strstr(error.text, cases[i].says) == NULL))
			fail_msg("%s: %s", cases[i].address, result == 0 ? "taken" : error.text);
	}
	assert_int_equal(deliver_check_contact((struct slice[]){slice_of("email")}, slice_of(TO), slice_of("x"), false, &needs_code, &error), -1);
	assert_true(needs_code); /* nothing proves whose it is */
}

static void a_password_in_the_clear_stays_here(void **state)
{
	const char *body;

	(void)state;
	use_server();
	body = channel_body("s", "t", "");
	channel_settings_here.smtp_require_tls = false;
	assert_true(built(body).loopback_only);
	channel_settings_here.smtp_url = "smtps://mail.example.com";
	assert_false(built(body).loopback_only);
	channel_settings_here.smtp_url = "smtp://mail.example.com";
	channel_settings_here.smtp_user = channel_settings_here.smtp_password = "";
	assert_false(built(body).loopback_only);
}

/* An operator's omission is repeated until it is mended, not dead. */
static void without_a_server_it_is_tried_later(void **state)
{
	struct channel_message m = channel_message_of(TO, "", channel_body("s", "t", ""));
	struct channel_request r;
	struct error error;

	(void)state;
	assert_int_equal(channel_email.build_request(&m, &channel_arena, &r, &error), CHANNEL_BUILD_LATER);
	assert_non_null(strstr(error.text, "smtp.url"));
}

static void replies_become_verdicts(void **state)
{
	static const struct channel_case cases[] = {
		{NULL, 250, "2.0.0 queued", CHANNEL_SENT, false, 0, "250", "DATA"},
		{"x", 421, "4.3.2 later", CHANNEL_RETRY, false, 0, "later", "MAIL"},
		{"x", 450, "4.2.0 grey", CHANNEL_RETRY, false, 0, "450", "RCPT"},
		{"x", 454, "4.7.0 auth", CHANNEL_RETRY, false, 0, "454", "AUTH"},
		{"x", 535, "5.7.8 no", CHANNEL_RETRY, false, 0, "smtp.password", "AUTH"},
		{"x", 530, "5.7.0 log in", CHANNEL_RETRY, false, 0, "smtp.user", "MAIL"},
		{"x", 550, "5.1.8 sender", CHANNEL_RETRY, false, 0, "smtp.from", "MAIL"},
		{"x", 550, "5.1.1 <" TO ">", CHANNEL_DEAD, true, 0, "5.1.1: there is no such mailbox", "RCPT"},
		{"x", 550, "5.1.10 null MX", CHANNEL_DEAD, true, 0, "disabled", "RCPT"},
		{"x", 550, "no such user " TO, CHANNEL_DEAD, true, 0, "disabled", "RCPT"},
		{"x", 550, "", CHANNEL_DEAD, true, 0, "disabled", "RCPT"},
		{"x", 550, "5.7.1 relay", CHANNEL_RETRY, false, 0, "smtp.url", "RCPT"},
		{"x", 551, "elsewhere", CHANNEL_DEAD, false, 0, "for good", "RCPT"},
		{"x", 552, "5.2.2 full", CHANNEL_DEAD, false, 0, "for good", "RCPT"},
		{"x", 550, "5.7.1 spam", CHANNEL_DEAD, false, 0, "for good", "DATA"},
		{"x", 550, "5.1.1 late", CHANNEL_DEAD, false, 0, "for good", "DATA"},
		{"x", 554, "no service", CHANNEL_RETRY, false, 0, "smtp.url", ""},
		{"x", 502, "what", CHANNEL_RETRY, false, 0, "smtp.url", "EHLO"},
		{"x", 501, "tls", CHANNEL_RETRY, false, 0, "TLS", "STAR"},
		{"no answer in time", 354, "go on", CHANNEL_RETRY, false, 0, "in time", "DATA"},
		{"no answer in time", 0, NULL, CHANNEL_RETRY, false, 0, "in time", ""},
		{NULL, 0, "", CHANNEL_RETRY, false, 0, "no reply of SMTP", ""},
		{NULL, 999, "9.9.9", CHANNEL_RETRY, false, 0, "999", "RCPT"},
		{"x", 550, "5.1.1234567890", CHANNEL_DEAD, true, 0, "disabled", "RCPT"},
	};
	struct channel_answer a = {.failure = "x", .status = 550, .body = slice_of("5.1.1 <" TO "> unknown"),
	                           .command = slice_of("RCPT"), .settings = &channel_settings_here};
	struct channel_verdict v;

	(void)state;
	channel_judge_all(&channel_email, cases, sizeof(cases) / sizeof(cases[0]));
	channel_email.judge_answer(&a, &v);
	assert_null(strstr(v.reason, "factory")); /* the server's words hold the address */
}

/* What is wrong in the settings is said at the start, and not by the first warning that does not arrive. */
static void settings_are_checked(void **state)
{
	static const struct {
		const char *url, *from, *user, *password, *signature, *says;
	} cases[] = {
		{"", "", "", "", "反诈中心", NULL},
		{"smtp://mail.example.com:587", "a@b.example", "", "", "x", NULL},
		{"smtps://10.0.0.7", "a@b.example", "u", "p", "x", NULL},
		{"mail.example.com", "a@b.example", "", "", "x", "smtp.url"},
		{"https://mail.example.com", "a@b.example", "", "", "x", "smtp.url"},
		{"smtp://u:p@mail.example.com", "a@b.example", "", "", "x", "smtp.user"},
		{"smtp://mail.example.com/", "a@b.example", "", "", "x", "smtp.url"},
		{"smtp://mail.example.com/x", "a@b.example", "", "", "x", "smtp.url"},
		{"smtp://mail.example.com?x", "a@b.example", "", "", "x", "smtp.url"},
		{"smtp://", "a@b.example", "", "", "x", "smtp.url"},
		{"smtp://mail.example.com", "", "", "", "x", "smtp.from"},
		{"smtp://mail.example.com", "A <a@b.example>", "", "", "x", "smtp.from"},
		{"smtp://mail.example.com", "a@b.example", "u", "", "x", "smtp.password"},
		{"", "", "", "", "", "notify.signature"},
		{"", "", "", "", "a\nb", "notify.signature"},
		{"", "", "", "", "【反诈】", "notify.signature"},
	};
	struct channel_settings *channels;
	struct settings settings;
	struct error error;

	(void)state;
	settings_defaults(&settings);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int result;
		settings.smtp_url = cases[i].url;
		settings.smtp_from = cases[i].from;
		settings.smtp_user = cases[i].user;
		settings.smtp_password = cases[i].password;
		settings.notify_signature = cases[i].signature;
		result = deliver_channels_open(&settings, &channels, &error);
		if (result != (cases[i].says == NULL ? 0 : -1) ||
		    (result == -1 && strstr(error.text, cases[i].says) == NULL))
			fail_msg("%s %s: %s", cases[i].url, cases[i].from, result == 0 ? "taken" : error.text);
		deliver_channels_free(&channels);
	}
	settings.smtp_url = "";
	settings.notify_signature = "x";
	settings.sms_gateway = "/no/such/file.yaml";
	assert_int_equal(deliver_channels_open(&settings, &channels, &error), -1);
	assert_non_null(strstr(error.text, "sms.gateway: /no/such/file.yaml"));
	settings_free(&settings);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, channel_setup, channel_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_head_is_ascii_and_whole),
		TEST(another_attempt_keeps_the_message_id),
		TEST(both_parts_say_the_same),
		TEST(an_older_body_is_composed),
		TEST(html_is_escaped),
		TEST(lines_are_short),
		TEST(the_dearest_text_fits),
		TEST(nothing_breaks_out_of_a_header),
		TEST(addresses_are_checked),
		TEST(a_password_in_the_clear_stays_here),
		TEST(without_a_server_it_is_tried_later),
		TEST(replies_become_verdicts),
		TEST(settings_are_checked),
	};

	return sodium_init() == -1 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
