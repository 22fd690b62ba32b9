/* The demo's contact: signatures by the specification, the inbox's bounds, its page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sodium.h>

#include "api/inbox.h"
#include "api_fixture.h"
#include "base/clock.h"

#define NOW_S 1772414104

static int setup(void **state)
{
	static struct api_fixture f;

	api_fixture_open(&f);
	f.options.demo = true;
	f.options.demo_secret = API_DEMO_SECRET;
	api_fixture_start(&f);
	clock_set_for_test(INT64_C(1000) * NOW_S);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	clock_set_for_test(0);
	api_fixture_close(*state);
	return 0;
}

/* "v1,…" of a message, by libsodium's one-shot call. */
static void sign(const char *id, long timestamp, const char *body, char signature_r[64])
{
	unsigned char key[crypto_auth_hmacsha256_KEYBYTES], mac[crypto_auth_hmacsha256_BYTES];
	size_t bytes;
	char text[32768];
	int length = snprintf(text, sizeof(text), "%s.%ld.%s", id, timestamp, body);

	assert_int_equal(sodium_base642bin(key, sizeof(key), &API_DEMO_SECRET[6], strlen(API_DEMO_SECRET) - 6, NULL, &bytes,
		NULL, sodium_base64_VARIANT_ORIGINAL), 0);
	assert_int_equal(bytes, sizeof(key));
	crypto_auth_hmacsha256(mac, (const unsigned char *)text, (unsigned long long)length, key);
	strcpy(signature_r, "v1,");
	sodium_bin2base64(signature_r + 3, 61, mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
}

static struct reply deliver_at(struct api_fixture *f, const char *target, const char *id, long timestamp,
	const char *signature, const char *body)
{
	char lines[3][300];
	const char *headers[] = {lines[0], lines[1], lines[2], "Content-Type: application/json", NULL};

	snprintf(lines[0], sizeof(lines[0]), "webhook-id: %s", id);
	snprintf(lines[1], sizeof(lines[1]), "webhook-timestamp: %ld", timestamp);
	snprintf(lines[2], sizeof(lines[2]), "webhook-signature: %s", signature);
	return api_ask_with(f, "POST", target, headers, body);
}

static struct reply deliver(struct api_fixture *f, const char *id, long timestamp, const char *signature,
	const char *body)
{
	return deliver_at(f, "/demo/inbox", id, timestamp, signature, body);
}

static struct reply deliver_signed(struct api_fixture *f, const char *id, const char *body)
{
	char signature[64];

	sign(id, NOW_S, body, signature);
	return deliver(f, id, NOW_S, signature, body);
}

/* The example of the specification's reference libraries: secret, id, timestamp, body and the signature
 * expected. */
static void the_published_vector_is_accepted(void **state)
{
	struct error error;
	struct inbox *inbox;
	struct inbox *inbox_new(const char *secret, struct error *e);
	void inbox_free(struct inbox **i);
	const char *body = "{\"test\": 2432232314}";

	(void)state;
	inbox = inbox_new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &error);
	assert_non_null(inbox);
	assert_int_equal(inbox_check(inbox, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
		"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", slice_of(body), INT64_C(1614265330000), &error), 0);
	assert_int_equal(inbox_check(inbox, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
		"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=", slice_of(body), INT64_C(1614265330000), &error), -1);
	inbox_free(&inbox);
}

static void wrong_secrets_are_refused(void **state)
{
	static const char *const secrets[] = {"whsec_", "whsec_c2hvcnQ=", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
		"whsec_!!!"};
	struct inbox *inbox_new(const char *secret, struct error *e);
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		assert_null(inbox_new(secrets[i], &error));
		assert_non_null(strstr(error.text, "expected whsec_ and base64"));
	}
}

static void only_genuine_messages_come_in(void **state)
{
	struct api_fixture *f = *state;
	char right[64], other[64], both[200];
	struct reply reply;

	sign("msg_1", NOW_S, "{}", right);
	sign("msg_2", NOW_S, "{}", other);
	reply = deliver(f, "msg_1", NOW_S, right, "{ }");
	assert_reply(&reply, 401, NULL);
	reply = deliver(f, "msg_1", NOW_S, other, "{}");
	assert_reply(&reply, 401, NULL);
	reply = deliver(f, "msg_1", NOW_S + 1, right, "{}");
	assert_reply(&reply, 401, NULL);
	reply = deliver(f, "msg_1", NOW_S, "", "{}");
	assert_reply(&reply, 401, NULL);
	reply = deliver(f, "msg_1", NOW_S, right + 3, "{}");
	assert_reply(&reply, 401, NULL);
	sign("msg_1", NOW_S - 301, "{}", other);
	reply = deliver(f, "msg_1", NOW_S - 301, other, "{}");
	assert_reply(&reply, 401, NULL);
	assert_non_null(strstr(reply.body, "five minutes"));
	reply = api_ask_with(f, "POST", "/demo/inbox", NULL, "{}");
	assert_reply(&reply, 401, NULL);
	reply = deliver_signed(f, "msg_1", "no json");
	assert_reply(&reply, 400, NULL);
	snprintf(both, sizeof(both), "v1a,xx v1,%s %s", "AAAA", right); /* while a secret is being changed there are two */
	reply = deliver(f, "msg_1", NOW_S, both, "{}");
	assert_reply(&reply, 204, NULL);
	assert_int_equal(reply.body_bytes, 0);
}

static int put_answer(struct store *store, void *arg, struct error *error)
{
	struct answer_row row = {.alert = slice_of(""), .delivery = slice_of("msg_1"), .via = slice_of("page"),
	                         .answer = slice_of("paid"), .text = slice_of(""), .at_ms = INT64_C(1000) * NOW_S,
	                         .actor = slice_of("contact 1"), .message = slice_of("")};

	(void)arg;
	return store_answer_put(store, &row, error) == -1 ? -1 : 0;
}

static const char warning[] =
	"{\"type\":\"huqi.warning.v1\",\"level\":\"red\",\"level_name\":{\"zh\":\"红色\",\"en\":\"Red\"},"
	"\"title\":{\"zh\":\"疑似冒充老板 <script>\",\"en\":\"Somebody may pose as your boss\"},"
	"\"message\":{\"zh\":\"先停\",\"en\":\"Stop first\"},\"do_now\":{\"zh\":[\"打电话\"],\"en\":[\"Call\"]},"
	"\"advice\":{\"zh\":[\"核实\"],\"en\":[\"Verify\"]},\"enterprise\":{\"uscc\":\"91350100M000100Y43\",\"name\":\"恒达\"},"
	"\"account\":\"622202*********0001\",\"payee\":{\"name\":\"张*\",\"account\":\"621700*********0123\"},"
	"\"amount_at_risk\":\"480000.00\",\"raised_at\":\"2026-03-02T01:15:04.123Z\"}";

static void the_page_shows_what_came(void **state)
{
	struct api_fixture *f = *state;
	struct reply reply = deliver_signed(f, "msg_1", warning);

	assert_reply(&reply, 204, NULL);
	reply = deliver_signed(f, "msg_1", warning); /* again: at least once is the promise */
	assert_reply(&reply, 204, NULL);
	reply = api_ask_with(f, "GET", "/demo/inbox", NULL, NULL);
	assert_reply(&reply, 200, NULL);
	assert_non_null(strstr(reply.body, "<article class=\"red\">"));
	assert_non_null(strstr(reply.body, "疑似冒充老板 &lt;script&gt;"));
	assert_null(strstr(reply.body, "<script"));
	assert_non_null(strstr(reply.body, "<ol>\n<li>打电话</li>\n</ol>"));
	assert_non_null(strstr(reply.body, "2026-03-02 09:15:04"));
	assert_non_null(strstr(reply.body, "共送达 2 次"));
	assert_null(strstr(strstr(reply.body, "<article") + 1, "<article"));
	reply = api_ask_with(f, "GET", "/demo/inbox?lang=en", NULL, NULL);
	assert_non_null(strstr(reply.body, "Somebody may pose as your boss"));
	assert_non_null(strstr(reply.body, "came 2 times"));
}

/* The message's link is a button; what was answered on it stands beside it. A link is http or nothing. */
static void a_warning_is_answered_from_the_inbox(void **state)
{
	struct api_fixture *f = *state;
	struct reply reply = deliver_signed(f, "msg_1", "{\"title\":{\"zh\":\"A\"},\"answer_url\":"
	                                                "\"http://127.0.0.1/a/k?x=1&y=\\\"2\"}");

	assert_reply(&reply, 204, NULL);
	reply = deliver_signed(f, "msg_2", "{\"title\":{\"zh\":\"B\"},\"answer_url\":\"javascript:alert(1)\"}");
	assert_reply(&reply, 204, NULL);
	reply = api_ask_with(f, "GET", "/demo/inbox", NULL, NULL);
	assert_non_null(strstr(reply.body, "href=\"http://127.0.0.1/a/k?x=1&amp;y=&quot;2\">确认收到并回答</a>"));
	assert_null(strstr(reply.body, "javascript:"));
	assert_null(strstr(reply.body, "已回答"));
	assert_int_equal(store_run(f->store.writer, put_answer, NULL, &f->store.error), 0);
	reply = api_ask_with(f, "GET", "/demo/inbox?lang=en", NULL, NULL);
	assert_non_null(strstr(reply.body, "Answered: Already paid, it may be fraud"));
	assert_non_null(strstr(reply.body, ">See the answer</a>"));
}

/* I8: the last hundred are kept, newest first; any JSON object makes a page. */
static void the_inbox_is_bounded(void **state)
{
	struct api_fixture *f = *state;
	char id[32], body[200], *large;
	struct reply reply;

	for (int i = 0; i < INBOX_MESSAGES_MAX + 30; i++) {
		snprintf(id, sizeof(id), "msg_%d", i);
		snprintf(body, sizeof(body), "{\"title\":{\"zh\":\"T%d.\"},\"level\":[],\"advice\":{\"zh\":7}}", i);
		reply = deliver_signed(f, id, body);
		assert_reply(&reply, 204, NULL);
	}
	reply = api_ask_with(f, "GET", "/demo/inbox", NULL, NULL);
	assert_reply(&reply, 200, NULL);
	assert_null(strstr(reply.body, "T29."));
	assert_true(strstr(reply.body, "T129.") < strstr(reply.body, "T30."));
	large = malloc(INBOX_BODY_BYTES_MAX + 2);
	memset(large, ' ', INBOX_BODY_BYTES_MAX + 1);
	large[INBOX_BODY_BYTES_MAX + 1] = '\0';
	reply = deliver(f, "x", NOW_S, "x", large);
	assert_reply(&reply, 413, NULL);
	free(large);
}

static void each_contact_has_an_address(void **state)
{
	char signature[64];
	struct reply reply;

	sign("msg_1", NOW_S, warning, signature);
	reply = deliver_at(*state, "/demo/inbox/%E7%8E%8B%3Cb%3E", "msg_1", NOW_S, signature, warning);
	assert_reply(&reply, 204, NULL);
	reply = api_ask_with(*state, "GET", "/demo/inbox", NULL, NULL);
	assert_non_null(strstr(reply.body, "<dt>收件人</dt><dd>王&lt;b&gt;</dd>"));
}

static void an_empty_inbox_says_what_to_expect(void **state)
{
	struct reply reply = api_ask_with(*state, "GET", "/demo/inbox?lang=en", NULL, NULL);

	assert_non_null(strstr(reply.body, "No warning yet"));
	reply = api_ask_with(*state, "GET", "/?lang=en", NULL, NULL);
	assert_non_null(strstr(reply.body, "/demo/inbox"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_vector_is_accepted),
		cmocka_unit_test(wrong_secrets_are_refused),
		TEST(only_genuine_messages_come_in),
		TEST(the_page_shows_what_came),
		TEST(a_warning_is_answered_from_the_inbox),
		TEST(the_inbox_is_bounded),
		TEST(each_contact_has_an_address),
		TEST(an_empty_inbox_says_what_to_expect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
