/* The contact's page as bytes: what it shows, what it does not, and what a form changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <semaphore.h>

#include "answer_fixture.h"
#include "api/form.h"
#include "api_fixture.h"
#include "base/clock.h"
#include "base/counters.h"
#include "notify/notify.h"

static struct api_fixture f;
static struct store *reader;
static struct answer_links links = {.key = "0123456789abcdef0123456789abcde", .public_url = "https://warn.example.cn",
                                    .expires_ms = 7 * INT64_C(86400000)};
static int64_t sms_way, webhook_way;
static int told; /* how often the outbox was */
static char link_1[256], link_2[256];

static void outbox_changed(void *arg)
{
	(void)arg;
	told++;
}

static void link_of(const char *delivery, uint8_t kind, int64_t expires_ms, char link_r[256])
{
	struct token token = {.kind = kind, .expires_ms = expires_ms};
	char text[TOKEN_TEXT_BYTES];

	snprintf(token.delivery, sizeof(token.delivery), "%s", delivery);
	snprintf(link_r, 256, "/a/%s", token_write(links.key, &token, text));
}

static int setup(void **state)
{
	(void)state;
	told = 0;
	counters_clear_for_test();
	clock_set_for_test(ANSWER_NOW_MS + 60000);
	api_fixture_open(&f);
	f.options.answer_links = &links;
	f.options.outbox_changed = outbox_changed;
	answer_fixture_alert(f.store.store, &sms_way, &webhook_way);
	answer_fixture_delivery(f.store.store, "msg_1", webhook_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store.store, "msg_2", webhook_way, DELIVERY_SENT);
	link_of("msg_1", 0, ANSWER_NOW_MS + links.expires_ms, link_1);
	link_of("msg_2", 0, ANSWER_NOW_MS + links.expires_ms, link_2);
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

static struct reply get(const char *link, const char *query)
{
	char target[300];

	snprintf(target, sizeof(target), "%s%s", link, query);
	return api_ask_with(&f, "GET", target, NULL, NULL);
}

static struct reply post_with(const char *link, const char *header, const char *body)
{
	const char *headers[] = {"Content-Type: application/x-www-form-urlencoded", header, NULL};

	return api_ask_with(&f, "POST", link, headers, body);
}

static struct reply post(const char *link, const char *body)
{
	return post_with(link, NULL, body);
}

static int64_t rows(const char *table)
{
	return answer_fixture_number(reader, "SELECT count(*) FROM %s", table);
}

#define HAS(reply, text) assert_non_null(strstr((reply).body, text))
#define HAS_NOT(reply, text) assert_null(strstr((reply).body, text))

static void the_page_says_what_and_asks(void **state)
{
	struct reply r = get(link_1, "");
	char value[512];

	(void)state;
	assert_reply(&r, 200, NULL);
	HAS(r, "<html lang=\"zh-CN\">");
	HAS(r, "橙色预警");
	HAS(r, "<svg"); /* and a shape: not colour alone */
	HAS(r, "先停下，不要付款");
	HAS(r, "是您本人要付的吗？");
	for (int word = 0; word <= ANSWER_UNSURE; word++) {
		char button[64];
		snprintf(button, sizeof(button), "<button name=\"answer\" value=\"%s\"", answer_words[word]);
		HAS(r, button);
	}
	HAS(r, "href=\"tel:96110\"");
	HAS(r, "href=\"tel:110\"");
	HAS(r, "480,000.00");
	HAS(r, "2026-03-02 09:15:04");
	HAS(r, ANSWER_ALERT);
	HAS(r, "maxlength=\"500\"");
	HAS_NOT(r, "value=\"mute\"");
	HAS_NOT(r, "value=\"rating\"");
	HAS_NOT(r, "<script");
	HAS_NOT(r, "style=");
	HAS_NOT(r, "http://");
	HAS_NOT(r, "https://"); /* nothing is loaded from elsewhere */
	assert_string_equal(reply_header(&r, "Cache-Control", value), "no-store");
	assert_string_equal(reply_header(&r, "Referrer-Policy", value), "no-referrer");
	assert_non_null(strstr(reply_header(&r, "X-Robots-Tag", value), "noindex"));
	assert_non_null(strstr(reply_header(&r, "Content-Security-Policy", value), "default-src 'self'"));
	r = get(link_1, "?lang=en");
	HAS(r, "Did you mean to do this?");
	HAS(r, "Somebody may pose as your boss");
	HAS_NOT(r, "是您本人");
	r = get(link_1, "?lang=fr");
	assert_reply(&r, 400, "lang");
}

/* The body came from outside as far as the page is concerned. */
static void hostile_names_are_escaped(void **state)
{
	struct reply r = get(link_1, "");

	(void)state;
	HAS(r, "疑似冒充老板 &lt;script&gt;alert(1)&lt;/script&gt;");
	HAS(r, "恒达&quot;&gt;&lt;img src=x onerror=alert(2)&gt;&amp;&#39;");
	HAS(r, "张*&lt;/dd&gt;");
	HAS_NOT(r, "<img");
}

/* I9: nothing that is not in the masked message: no account in full, no contact's name or address. */
static void nothing_unmasked_is_shown(void **state)
{
	static const char *const secrets[] = {"6222020200001234567", "王小丽", ANSWER_PHONE, "secret-path", "hook.example"};

	(void)state;
	for (int answered = 0; answered < 2; answered++) {
		struct reply r = get(link_1, "");
		for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
			HAS_NOT(r, secrets[i]);
		HAS(r, "622202*********0001");
		post(link_1, "answer=genuine");
	}
}

/* Mail scanners and chat robots fetch every link. */
static void looking_changes_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct reply r = get(link_1, "?lang=zh");
		assert_reply(&r, 200, NULL);
		r = api_ask_with(&f, "HEAD", link_1, NULL, NULL);
		assert_reply(&r, 200, NULL);
	}
	assert_int_equal(rows("answer"), 0);
	assert_int_equal(rows("delivery WHERE state = 3"), 2);
	assert_int_equal(rows("audit"), 0);
}

static void an_answer_leads_back_to_the_page(void **state)
{
	struct reply r = post(link_1, "answer=stopped&text=%E4%BC%9A%E8%AE%A1%E8%AF%B4%E6%B2%A1%E4%BB%98%0D%0A%2B1");
	char value[512];

	(void)state;
	assert_reply(&r, 303, NULL);
	assert_string_equal(reply_header(&r, "Location", value), link_1);
	assert_int_equal(rows("answer WHERE answer = 'stopped' AND via = 'page' AND text = '会计说没付' || char(13, 10) || '+1'"),
	                 1);
	assert_int_equal(rows("delivery WHERE id = 'msg_1' AND state = 4"), 1);
	assert_int_equal(rows("escalation WHERE state = 1"), 1);
	r = get(link_1, "");
	HAS(r, "您的回答：");
	HAS(r, "没有付，已经停下");
	HAS(r, "2026-03-02 09:16:04");
	HAS_NOT(r, "value=\"genuine\"");
	HAS(r, "value=\"paid\"");
	HAS(r, "value=\"rating\"");
	assert_int_equal(told, 0);
	assert_int_equal(counter_sum(COUNT_ANSWERS), 1);
}

/* Single use: the second changes nothing but shows what was answered and when. */
static void a_second_answer_changes_nothing(void **state)
{
	struct reply r;

	(void)state;
	post(link_1, "answer=genuine");
	clock_set_for_test(ANSWER_NOW_MS + 3600000);
	r = post(link_1, "answer=unsure");
	assert_reply(&r, 303, NULL);
	assert_int_equal(rows("answer"), 1);
	assert_int_equal(counter_sum(COUNT_ANSWERS_REPEATED), 1);
	r = get(link_1, "");
	HAS(r, "是，我们自己要付的");
	HAS(r, "2026-03-02 09:16:04");
	r = post(link_1, "answer=paid"); /* the one thing that is never refused */
	assert_reply(&r, 303, NULL);
	post(link_1, "answer=paid");
	assert_int_equal(rows("answer"), 2);
	assert_int_equal(rows("call WHERE reason = 'paid'"), 1);
	assert_int_equal(told, 1);
	r = get(link_1, "");
	HAS(r, "已经付了，可能被骗");
	HAS(r, "请求紧急止付");
	HAS_NOT(r, "value=\"paid\"");
	assert_true(strstr(r.body, "tel:110") < strstr(r.body, "tel:96110")); /* the police first */
}

static void the_rest_is_offered_when_it_is_open(void **state)
{
	struct reply r;

	(void)state;
	post(link_1, "answer=genuine");
	r = get(link_1, "");
	HAS(r, "value=\"mute\"");
	post(link_1, "answer=mute");
	post(link_1, "answer=rating&value=5");
	post(link_1, "answer=objection&text=x");
	r = get(link_1, "");
	HAS_NOT(r, "value=\"mute\"");
	HAS_NOT(r, "value=\"rating\"");
	HAS_NOT(r, "value=\"objection\"");
	HAS(r, "5 / 5");
	HAS(r, "异议已收到");
	assert_int_equal(rows("mute"), 1);
	post(link_2, "answer=paid");
	r = get(link_2, "");
	HAS_NOT(r, "value=\"mute\"");
	post(link_2, "answer=mute");
	assert_int_equal(rows("answer WHERE answer = 'mute'"), 1);
}

/* One page for all of them, that tells whom to call and nothing else. */
static void a_wrong_link_tells_whom_to_call(void **state)
{
	char expired[256], code[256], unknown[256], tampered[256];
	const char *const wrong[] = {"/a/x", "/a/%00", expired, code, unknown, tampered, "/a/%E4%B8%AD"};
	struct reply r;
	char first[8192] = "";

	(void)state;
	link_of("msg_1", 0, ANSWER_NOW_MS + 60000, expired);
	link_of("msg_1", 1, ANSWER_NOW_MS + links.expires_ms, code);
	link_of("msg_9", 0, ANSWER_NOW_MS + links.expires_ms, unknown);
	snprintf(tampered, sizeof(tampered), "%s", link_1);
	tampered[20] ^= 1;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (strcmp(wrong[i], "/a/%00") == 0)
			continue; /* no target at all: 400 */
		r = get(wrong[i], "");
		assert_int_equal(r.status, 404);
		HAS(r, "96110");
		HAS(r, "This link does not work");
		HAS_NOT(r, "<form");
		if (first[0] != '\0')
			assert_string_equal(r.body, first);
		snprintf(first, sizeof(first), "%s", r.body);
		r = post(wrong[i], "answer=paid");
		assert_int_equal(r.status, 404);
	}
	assert_int_equal(rows("answer"), 0);
	assert_int_equal(counter_sum(COUNT_ANSWER_LINKS_REFUSED), 12);
}

/* A form that somebody else's page sends is refused; what browsers say of the page's own form is not. */
static void a_form_must_come_from_the_page(void **state)
{
	static const char *const foreign[] = {"Origin: https://evil.example", "Sec-Fetch-Site: cross-site",
	                                      "Sec-Fetch-Site: same-site", "Origin: https://warn.example.cn.evil.example"};
	static const char *const own[] = {"Origin: null", "Origin: https://warn.example.cn", "Sec-Fetch-Site: same-origin",
	                                  "Sec-Fetch-Site: none"};
	struct reply r;
	char origin[64];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		r = post_with(link_1, foreign[i], "answer=genuine");
		assert_reply(&r, 403, NULL);
	}
	assert_int_equal(rows("answer"), 0);
	for (size_t i = 0; i < 4; i++) {
		r = post_with(link_1, own[i], "answer=genuine");
		assert_reply(&r, 303, NULL);
	}
	snprintf(origin, sizeof(origin), "Origin: http://127.0.0.1:%u", (unsigned)api_port(f.api));
	r = post_with(link_2, origin, "answer=genuine");
	assert_reply(&r, 303, NULL);
}

static void what_is_no_form_is_refused(void **state)
{
	static const char *const wrong[] = {"answer=", "answer=note", "answer=yes", "text=x", "", "answer=rating",
	                                    "answer=rating&value=6", "answer=rating&value=0", "answer=rating&value=55"};
	const char *json[] = {"Content-Type: application/json", NULL};
	const char *prefix[] = {"Content-Type: application/x-www-form-urlencodedx", NULL};
	const char *charset[] = {"Content-Type: application/x-www-form-urlencoded; charset=UTF-8", NULL};
	char *large = malloc(FORM_BYTES_MAX + 2);
	struct reply r;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		r = post(link_1, wrong[i]);
		assert_reply(&r, 400, strstr(wrong[i], "rating") != NULL ? "value" : "answer");
	}
	r = post(link_1, "answer=paid&answer=genuine");
	assert_reply(&r, 400, NULL);
	r = post(link_1, "answer=paid&text=%FF");
	assert_reply(&r, 400, NULL);
	r = api_ask_with(&f, "POST", link_1, json, "{\"answer\":\"paid\"}");
	assert_reply(&r, 415, NULL);
	r = api_ask_with(&f, "POST", link_1, prefix, "answer=paid");
	assert_reply(&r, 415, NULL);
	memset(large, 'x', FORM_BYTES_MAX + 1);
	large[FORM_BYTES_MAX + 1] = '\0';
	memcpy(large, "text=", 5);
	r = post(link_1, large);
	assert_reply(&r, 413, NULL); /* I8: anybody may send, so less than the setting allows others */
	large[FORM_BYTES_MAX] = '\0';
	r = post(link_1, large);
	assert_reply(&r, 400, "answer");
	free(large);
	assert_int_equal(rows("answer"), 0);
	r = api_ask_with(&f, "POST", link_1, charset, "answer=paid");
	assert_reply(&r, 303, NULL);
}

static void other_kinds_ask_what_they_can(void **state)
{
	char drill[256], bulletin[256];
	struct reply r;

	(void)state;
	store_close(&reader);
	api_fixture_close(&f);
	api_fixture_open(&f);
	f.options.answer_links = &links;
	answer_fixture_alert(f.store.store, &sms_way, &webhook_way);
	answer_fixture_delivery(f.store.store, "msg_d", webhook_way, DELIVERY_SENT);
	answer_fixture_delivery(f.store.store, "msg_b", webhook_way, DELIVERY_SENT);
	answer_fixture_run(f.store.store, "UPDATE delivery SET kind = 2, alert = '' WHERE id = 'msg_d'");
	answer_fixture_run(f.store.store, "UPDATE delivery SET kind = 3, alert = '', body = "
	                                  "'{\"subject\":\"三月风险通报\",\"text\":\"近期<b>高发\"}' WHERE id = 'msg_b'");
	api_fixture_start(&f);
	assert_int_equal(store_open_reader(f.store.path, NULL, &reader, &f.store.error), 0);
	link_of("msg_d", 2, ANSWER_NOW_MS + links.expires_ms, drill);
	link_of("msg_b", 3, ANSWER_NOW_MS + links.expires_ms, bulletin);
	r = get(drill, "");
	HAS(r, "这是一次演练");
	HAS(r, "value=\"paid\"");
	r = get(bulletin, "");
	HAS(r, "<h1>三月风险通报</h1>");
	HAS(r, "近期&lt;b&gt;高发");
	HAS(r, "value=\"read\"");
	HAS_NOT(r, "value=\"paid\"");
	HAS_NOT(r, "先停下");
	post(bulletin, "answer=read");
	r = get(bulletin, "");
	HAS(r, "已知晓");
	HAS_NOT(r, "value=\"read\"");
	assert_int_equal(rows("answer WHERE answer = 'read'"), 1);
}

/* A job that keeps the store's thread: the contact is told to call, not left waiting. */
static sem_t go_on;

static int run_stall(struct store *store, struct store_job *job, struct error *error)
{
	(void)store;
	(void)job;
	(void)error;
	sem_wait(&go_on);
	return 0;
}

static void stall_done(struct store_job *job, int result)
{
	(void)job;
	(void)result;
}

static void a_store_that_waits_is_told(void **state)
{
	struct store_job stalling = {.run = run_stall, .done = stall_done, .urgent = true};
	struct reply r;

	(void)state;
	sem_init(&go_on, 0, 0);
	store_submit(f.store.writer, &stalling);
	r = post(link_1, "answer=paid");
	assert_int_equal(r.status, 503);
	HAS(r, "tel:110");
	HAS(r, "暂时没能保存");
	sem_post(&go_on);
	store_writer_stop(&f.store.writer); /* the job is done before its memory goes */
	assert_int_equal(rows("answer WHERE answer = 'paid'"), 1); /* and the answer was kept after all */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_page_says_what_and_asks),
		TEST(hostile_names_are_escaped),
		TEST(nothing_unmasked_is_shown),
		TEST(looking_changes_nothing),
		TEST(an_answer_leads_back_to_the_page),
		TEST(a_second_answer_changes_nothing),
		TEST(the_rest_is_offered_when_it_is_open),
		TEST(a_wrong_link_tells_whom_to_call),
		TEST(a_form_must_come_from_the_page),
		TEST(what_is_no_form_is_refused),
		TEST(other_kinds_ask_what_they_can),
		TEST(a_store_that_waits_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
