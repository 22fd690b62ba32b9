/* The API's start, its routes, tokens, problems and headers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "api_fixture.h"
#include "base/counters.h"
#include "tests/unit/match_fixture.h"

static _Atomic bool is_ready;

static int ready(void *arg, struct error *why)
{
	(void)arg;
	return is_ready ? 0 : error_set(why, "no broker answers");
}

static size_t gauges(void *arg, struct api_gauge *gauges_r, size_t most)
{
	(void)arg;
	assert_true(most >= 2);
	gauges_r[0] = (struct api_gauge){"feed_lag", "Messages behind", "topic", "a\"b\\c\nd", 5};
	gauges_r[1] = (struct api_gauge){"feed_lag", "Messages behind", "topic", "other", -1};
	return 2;
}

static struct pattern_set *patterns;

static struct pattern_set *patterns_at_hand(void *arg)
{
	(void)arg;
	return patterns != NULL ? pattern_set_hold(patterns) : NULL;
}

static int setup(void **state)
{
	static struct api_fixture f;
	static const char *const feeds[] = {"bank.tx"};

	is_ready = true;
	api_fixture_open(&f);
	f.options.ready = ready;
	f.options.gauges = gauges;
	f.options.patterns = patterns_at_hand;
	f.options.feed_names = feeds;
	f.options.feed_count = 1;
	api_fixture_start(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	api_fixture_close(*state);
	return 0;
}

static const char *const no_headers[] = {NULL};

static void every_route_answers(void **state)
{
	static const char *const targets[] = {"/api/v1/alerts", "/api/v1/dead-letters", "/api/v1/stats",
		"/api/v1/openapi.json", "/healthz", "/readyz", "/metrics", "/", "/style.css", "/?lang=en"};

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct reply reply = api_ask(*state, targets[i]);
		assert_reply(&reply, 200, NULL);
		assert_true(reply.body_bytes > 0);
	}
}

static void safe_headers_stand_on_every_answer(void **state)
{
	static const char *const targets[] = {"/", "/api/v1/alerts", "/nothing", "/api/v1/alerts?limit=x"};
	char value[512];

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct reply reply = api_ask(*state, targets[i]);
		assert_string_equal(reply_header(&reply, "X-Content-Type-Options", value), "nosniff");
		assert_string_equal(reply_header(&reply, "Cache-Control", value), "no-store");
		assert_string_equal(reply_header(&reply, "Referrer-Policy", value), "no-referrer");
		assert_non_null(strstr(reply_header(&reply, "Content-Security-Policy", value), "default-src 'self'"));
	}
}

static void only_the_right_token_opens(void **state)
{
	static const char *const wrong[] = {"Authorization: Bearer x", "Authorization: Bearer", "Authorization: Bearer ",
		"Authorization: Basic " API_TOKEN, "Authorization: Bearer " API_TOKEN "0", "Authorization: " API_TOKEN,
		"Authorization: Bearer  " API_TOKEN, "X-Authorization: Bearer " API_TOKEN};
	static const char *const closed[] = {"/api/v1/alerts", "/api/v1/alerts/x", "/api/v1/dead-letters",
		"/api/v1/dead-letters/1", "/api/v1/stats"};
	uint64_t refused = counter_sum(COUNT_HTTP_REFUSED);
	char value[512];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *headers[] = {wrong[i], NULL};
		struct reply reply = api_ask_with(*state, "GET", "/api/v1/alerts", headers, NULL);
		assert_reply(&reply, 401, NULL);
		assert_string_equal(reply_header(&reply, "WWW-Authenticate", value), "Bearer realm=\"huqi\"");
	}
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		struct reply reply = api_ask_with(*state, "GET", closed[i], no_headers, NULL);
		assert_reply(&reply, 401, NULL);
	}
	assert_int_equal(counter_sum(COUNT_HTTP_REFUSED) - refused, 8 + 5);
	const char *lower[] = {"authorization: bearer " API_TOKEN, NULL};
	struct reply reply = api_ask_with(*state, "GET", "/api/v1/alerts", lower, NULL);
	assert_reply(&reply, 200, NULL);
}

static void what_watches_needs_no_token(void **state)
{
	static const char *const open[] = {"/healthz", "/readyz", "/metrics", "/", "/api/v1/openapi.json"};

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		struct reply reply = api_ask_with(*state, "GET", open[i], no_headers, NULL);
		assert_reply(&reply, 200, NULL);
	}
}

static void paths_and_methods_are_strict(void **state)
{
	static const struct {
		const char *method, *target;
		long status;
		const char *allow;
	} cases[] = {
		{"GET", "/api/v1/nothing", 404, ""}, {"GET", "/api/v1/alerts/", 404, ""}, {"GET", "//healthz", 404, ""},
		{"GET", "/api/v1/alerts/../../etc/passwd", 404, ""}, {"GET", "/healthz/", 404, ""}, {"GET", "/Healthz", 404, ""},
		{"GET", "/api/v1/alerts/a/b", 404, ""}, {"GET", "/demo/inbox", 404, ""}, {"POST", "/demo/inbox", 404, ""},
		{"GET", "/%", 400, ""}, {"GET", "/%4", 400, ""}, {"GET", "/%zz", 400, ""}, {"GET", "/%00", 400, ""},
		{"GET", "/%ff", 400, ""}, {"GET", "/a%0a", 400, ""}, {"GET", "/1/2/3/4/5/6/7/8/9", 400, ""},
		{"DELETE", "/api/v1/alerts", 405, "GET, HEAD"}, {"POST", "/healthz", 405, "GET, HEAD"},
		{"OPTIONS", "/", 405, "GET, HEAD"}, {"BREW", "/", 405, "GET, HEAD"},
		{"GET", "/%68ealthz", 200, ""}, {"GET", "/healthz?", 200, ""},
	};
	char value[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reply reply = api_ask_with(*state, cases[i].method, cases[i].target, no_headers, NULL);
		if (reply.status != cases[i].status)
			fail_msg("%s %s: %ld", cases[i].method, cases[i].target, reply.status);
		assert_reply(&reply, cases[i].status, NULL);
		assert_string_equal(reply_header(&reply, "Allow", value), cases[i].allow);
	}
}

static void wrong_parameters_are_named(void **state)
{
	static const struct {
		const char *target, *parameter, *says;
	} cases[] = {
		{"/api/v1/alerts?limit=0", "limit", "a whole number from 1 to 200"},
		{"/api/v1/alerts?limit=201", "limit", "1 to 200"}, {"/api/v1/alerts?limit=-1", "limit", "1 to 200"},
		{"/api/v1/alerts?limit=99999999999999999999", "limit", "1 to 200"},
		{"/api/v1/alerts?limit=5&limit=6", "limit", "given twice"},
		{"/api/v1/alerts?limit=", "limit", "name=value"}, {"/api/v1/alerts?limit", "limit", "name=value"},
		{"/api/v1/alerts?level=purple", "level", "one of blue, yellow, orange, red"},
		{"/api/v1/alerts?level=red,", "level", "one of blue"}, {"/api/v1/alerts?audience=all", "audience", "analyst"},
		{"/api/v1/alerts?since=yesterday", "since", "a date, or a time"},
		{"/api/v1/alerts?since=2026-03-02T00:00:00+08:00", "since", "%2B08:00"},
		{"/api/v1/alerts?score=101", "score", "0 to 100"}, {"/api/v1/alerts?after=%00", "after", "control character"},
		{"/api/v1/alerts?after=zzz", "after", "`next` of the page before"},
		{"/api/v1/alerts?after=ZAAAAAAAAAAB", "after", "`next`"}, /* of dead letters */
		{"/api/v1/alerts?limt=5", "limt", "did you mean `limit`?"},
		{"/api/v1/alerts?account=1234567890123456789012345678901234567890", "account", "at most 34"},
		{"/api/v1/alerts?reveal=%20", "reveal", "the reason"}, {"/api/v1/stats?until=now", "until", "a date"},
		{"/api/v1/alerts?account=%zz", "account", "hexadecimal"}, {"/api/v1/alerts?account=%e5%bc", "account", "UTF-8"},
		{"/api/v1/dead-letters?payload=1", "payload", "no such parameter"}, {"/healthz?x=1", "x", "no such parameter"},
		{"/?lang=fr", "lang", "one of zh, en"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reply reply = api_ask(*state, cases[i].target);
		if (reply.status != 400 || strstr(reply.body, cases[i].says) == NULL)
			fail_msg("%s: %ld %s", cases[i].target, reply.status, reply.body);
		assert_reply(&reply, 400, cases[i].parameter);
	}
}

static void head_is_get_without_a_body(void **state)
{
	struct reply get = api_ask_with(*state, "GET", "/healthz", no_headers, NULL), head;
	size_t bytes = get.body_bytes;
	char value[512];

	head = api_ask_with(*state, "HEAD", "/healthz", no_headers, NULL);
	assert_reply(&head, 200, NULL);
	assert_int_equal(head.body_bytes, 0);
	assert_int_equal(atoi(reply_header(&head, "Content-Length", value)), bytes);
}

static void readiness_says_why_not(void **state)
{
	struct reply reply;
	char value[512];

	is_ready = false;
	reply = api_ask_with(*state, "GET", "/readyz", no_headers, NULL);
	assert_reply(&reply, 503, NULL);
	assert_non_null(strstr(reply.body, "no broker answers"));
	assert_string_equal(reply_header(&reply, "Retry-After", value), "5");
	reply = api_ask_with(*state, "GET", "/healthz", no_headers, NULL);
	assert_reply(&reply, 200, NULL);
}

/* A running pattern with its version and status; a draft does not run. */
static void metrics_tell_patterns(void **state)
{
	struct reply reply = api_ask_with(*state, "GET", "/metrics", no_headers, NULL);

	assert_null(strstr(reply.body, "huqi_pattern_hits_total"));
	patterns = fixture_set_of("id: quiet\nversion: 3\nstatus: shadow\ntypology: M03\ntitle: {zh: 试, en: t}\n"
	                          "audience: analyst\nscore: 5\ndetect: {where: amount > 5}\n");
	atomic_store(&patterns->counters[0].hits, 7);
	atomic_store(&patterns->counters[0].looked, 90);
	reply = api_ask_with(*state, "GET", "/metrics", no_headers, NULL);
	assert_non_null(strstr(reply.body, "huqi_pattern_hits_total{pattern=\"quiet\",version=\"3\",status=\"shadow\"} 7\n"));
	assert_non_null(
		strstr(reply.body, "huqi_pattern_looked_total{pattern=\"quiet\",version=\"3\",status=\"shadow\"} 90\n"));
	pattern_set_free(&patterns);
}

/* Every counter with HELP and TYPE; labels escaped. */
static void metrics_hold_every_counter(void **state)
{
	struct reply reply;
	char line[200];

	count_aside(0, TX_PLACE_FIELD);
	reply = api_ask_with(*state, "GET", "/metrics", no_headers, NULL);
	assert_reply(&reply, 200, NULL);
	for (int i = 0; i < COUNTER_COUNT; i++) {
		snprintf(line, sizeof(line), "# TYPE huqi_%s counter\nhuqi_%s ", counter_infos[i].name, counter_infos[i].name);
		if (strstr(reply.body, line) == NULL)
			fail_msg("no %s", line);
	}
	assert_non_null(strstr(reply.body, "huqi_set_aside_total{feed=\"bank.tx\",field=\"place\"} 1\n"));
	assert_non_null(strstr(reply.body, "huqi_feed_lag{topic=\"a\\\"b\\\\c\\nd\"} 5\nhuqi_feed_lag{topic=\"other\"} -1\n"));
	assert_non_null(strstr(reply.body, "huqi_deliveries{state=\"pending\"} 0\n"));
	assert_non_null(strstr(reply.body, "huqi_build_info{version=\""));
	assert_non_null(strstr(reply.body, "huqi_http_connections "));
}

static void the_home_page_speaks_both_languages(void **state)
{
	const char *english[] = {"Accept-Language: en-GB,en;q=0.9", NULL};
	struct reply reply = api_ask_with(*state, "GET", "/", no_headers, NULL);

	assert_non_null(strstr(reply.body, "<html lang=\"zh-CN\">"));
	assert_non_null(strstr(reply.body, "对公账户涉诈预警"));
	assert_null(strstr(reply.body, "<script"));
	assert_null(strstr(reply.body, "/demo/inbox"));
	reply = api_ask_with(*state, "GET", "/", english, NULL);
	assert_non_null(strstr(reply.body, "<html lang=\"en\">"));
	reply = api_ask_with(*state, "GET", "/?lang=zh", english, NULL);
	assert_non_null(strstr(reply.body, "<html lang=\"zh-CN\">"));
}

static void a_refused_start_says_why(void **state)
{
	struct api_fixture *f = *state;
	static const struct {
		const char *listen, *token, *says;
	} cases[] = {
		{"0.0.0.0:0", "", "can be reached from outside and there is no token"},
		{"[::]:0", NULL, "can be reached from outside and there is no token"},
		{"localhost:80", "t", "expected a numeric address"}, {"127.0.0.1", "t", "expected a numeric address"},
		{"127.0.0.1:", "t", "expected a numeric address"}, {"127.0.0.1:99999", "t", "expected a numeric address"},
		{"[127.0.0.1]:80", "t", "expected a numeric address"}, {"", "t", "expected a numeric address"},
		{"[::1]", "t", "expected a numeric address"}, {"192.0.2.1:0", "t", "Cannot assign"},
	};
	struct api_options options = f->options;
	struct error error;
	struct api *api;
	char taken[40];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		options.listen = cases[i].listen;
		options.token = cases[i].token;
		assert_int_equal(api_start(&options, &api, &error), -1);
		assert_null(api);
		if (strstr(error.text, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].listen, error.text);
	}
	snprintf(taken, sizeof(taken), "127.0.0.1:%u", (unsigned)api_port(f->api));
	options.listen = taken;
	assert_int_equal(api_start(&options, &api, &error), -1);
	assert_non_null(strstr(error.text, "another program listens there"));
	options.listen = "127.0.0.1:0";
	options.store_path = "/nonexistent/huqi.db";
	assert_int_equal(api_start(&options, &api, &error), -1);
	assert_non_null(strstr(error.text, "/nonexistent/huqi.db"));
	options = f->options;
	options.threads = 0;
	assert_int_equal(api_start(&options, &api, &error), -1);
	assert_non_null(strstr(error.text, "http.threads"));
}

static void without_a_token_the_alerts_stay_closed(void **state)
{
	struct api_fixture f;
	const char *empty[] = {"Authorization: Bearer ", NULL};
	struct reply reply;

	(void)state;
	api_fixture_open(&f);
	f.options.token = "";
	f.options.listen = "[::1]:0";
	api_fixture_start(&f);
	api_stop(&f.api);
	f.options.listen = "127.0.0.1:0";
	assert_int_equal(api_start(&f.options, &f.api, &f.store.error), 0);
	reply = api_ask_with(&f, "GET", "/api/v1/alerts", empty, NULL);
	assert_reply(&reply, 401, NULL);
	assert_non_null(strstr(reply.body, "http.token_file"));
	api_fixture_close(&f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_route_answers),
		TEST(safe_headers_stand_on_every_answer),
		TEST(only_the_right_token_opens),
		TEST(what_watches_needs_no_token),
		TEST(paths_and_methods_are_strict),
		TEST(wrong_parameters_are_named),
		TEST(head_is_get_without_a_body),
		TEST(readiness_says_why_not),
		TEST(metrics_hold_every_counter),
		TEST(metrics_tell_patterns),
		TEST(the_home_page_speaks_both_languages),
		TEST(a_refused_start_says_why),
		cmocka_unit_test(without_a_token_the_alerts_stay_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
