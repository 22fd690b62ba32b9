/* What a cashier reads: huqi.warning.v1, masked (I9), bounded (I8), never made for analysts (I7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <yyjson.h>

#include "base/hit.h"
#include "base/utf8.h"
#include "notify/message.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 4 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

#define WORDS(zh_, en_) {{zh_, sizeof(zh_) - 1}, {en_, sizeof(en_) - 1}}

static const struct notify_words advice[] = {
	WORDS("当面或用原有号码核实", "Verify face to face or on a known number"),
	WORDS("执行双人审批", "Have two people approve"),
};

static struct alert_row alert(void)
{
	return (struct alert_row){
		.id = slice_of("alert-1"), .revision = 2, .level = 4, .score = 95, .audience = AUDIENCE_ENTERPRISE,
		.typology = slice_of("V01"), .bank = slice_of("102100099996"), .account = slice_of("6222020200001234567"),
		.enterprise = slice_of("91350100M000100Y43"), .opened_ms = 1772414104123, .raised_ms = 1772414105000,
		.amount_minor = 48000000,
		.body = slice_of("{\"hits\":["
		                 "{\"pattern\":\"quiet\",\"score\":40,\"facts\":{\"amount\":\"1.00\"}},"
		                 "{\"pattern\":\"boss\",\"score\":60,\"facts\":{\"amount\":\"480000.00\",\"p95_90d\":\"52000.00\","
		                 "\"counterparty.name\":\"张三丰\",\"counterparty.account\":\"6217000010001234567\","
		                 "\"ip\":\"1234567890123\",\"hour\":\"23\"}}]}"),
	};
}

static struct notify_warning words(void)
{
	return (struct notify_warning){
		.level = WORDS("红色", "red"), .typology = WORDS("冒充老板", "boss impersonation"),
		.title = WORDS("疑似冒充老板指令付款", "A payment as ordered by a false boss"),
		.message = WORDS("{time}，账户{account}向首次收款人{payee}付款{amount}，远高于平时的{p95_90d}元。{nothing}",
		                 "{enterprise} paid {amount} to {payee}"),
		.advice = advice, .advice_count = 2,
	};
}

static yyjson_doc *build(const struct alert_row *a, const struct notify_warning *w, struct slice *body_r, bool *cut_r)
{
	struct error error;
	yyjson_doc *doc;

	*cut_r = false;
	if (message_build(a, w, slice_of("福州示例商贸有限公司"), slice_of("msg_0"), slice_of("zh"), &arena, body_r, cut_r,
	                  &error) == -1)
		fail_msg("%s", error.text);
	assert_true(body_r->length < MESSAGE_BYTES_MAX);
	assert_true(utf8_valid(body_r->at, body_r->length));
	doc = yyjson_read(body_r->at, body_r->length, 0);
	assert_non_null(doc);
	return doc;
}

static const char *text(yyjson_doc *doc, const char *pointer)
{
	const char *found = yyjson_get_str(yyjson_doc_ptr_get(doc, pointer));

	if (found == NULL)
		fail_msg("%s is missing", pointer);
	return found;
}

static void a_warning_says_what_to_do(void **state)
{
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice body;
	bool cut;
	yyjson_doc *doc = build(&a, &w, &body, &cut);

	(void)state;
	assert_false(cut);
	assert_string_equal(text(doc, "/type"), "huqi.warning.v1");
	assert_string_equal(text(doc, "/id"), "msg_0");
	assert_string_equal(text(doc, "/alert"), "alert-1");
	assert_int_equal(yyjson_get_int(yyjson_doc_ptr_get(doc, "/revision")), 2);
	assert_string_equal(text(doc, "/level"), "red");
	assert_string_equal(text(doc, "/level_name/zh"), "红色");
	assert_string_equal(text(doc, "/typology/id"), "V01");
	assert_string_equal(text(doc, "/typology/zh"), "冒充老板");
	assert_string_equal(text(doc, "/message/zh"),
	                    "2026-03-02 09:15:05，账户622202*********4567向首次收款人张*（621700*********4567）付款480,000.00元，"
	                    "远高于平时的52000.00元。—");
	assert_string_equal(text(doc, "/message/en"), "福州示例商贸有限公司 paid CNY 480,000.00 to 张* (621700*********4567)");
	assert_string_equal(text(doc, "/enterprise/name"), "福州示例商贸有限公司");
	assert_string_equal(text(doc, "/account"), "622202*********4567");
	assert_string_equal(text(doc, "/payee/name"), "张*");
	assert_string_equal(text(doc, "/payee/account"), "621700*********4567");
	assert_string_equal(text(doc, "/amount_at_risk"), "480000.00");
	assert_string_equal(text(doc, "/currency"), "CNY");
	assert_string_equal(text(doc, "/opened_at"), "2026-03-02T01:15:04.123Z");
	assert_string_equal(text(doc, "/raised_at"), "2026-03-02T01:15:05.000Z");
	assert_string_equal(text(doc, "/advice/zh/0"), "当面或用原有号码核实");
	assert_string_equal(text(doc, "/advice/en/1"), "Have two people approve");
	assert_non_null(strstr(text(doc, "/do_now/zh/0"), "停"));
	assert_non_null(strstr(text(doc, "/do_now/zh/2"), "96110"));
	assert_non_null(strstr(text(doc, "/do_now/en/2"), "110"));
	assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(doc, "/do_now/zh")),
	                 yyjson_arr_size(yyjson_doc_ptr_get(doc, "/do_now/en")));
	yyjson_doc_free(doc);
}

/*
 * I9: neither account stands in it, nor the payee's name; a fact that looks like an identifier is masked too.
 */
static void nothing_personal_is_in_the_clear(void **state)
{
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice body;
	bool cut;

	(void)state;
	w.message = (struct notify_words)WORDS("{account} {payee} {payee_account} {ip} {counterparty.name} "
	                                       "{counterparty.account} {hour}", "{ip}");
	yyjson_doc_free(build(&a, &w, &body, &cut));
	assert_null(memmem(body.at, body.length, "6222020200001234567", 19));
	assert_null(memmem(body.at, body.length, "6217000010001234567", 19));
	assert_null(memmem(body.at, body.length, "张三丰", 9));
	assert_null(memmem(body.at, body.length, "1234567890123", 13));
	assert_non_null(memmem(body.at, body.length, " 23\"", 4));
}

/* A company's name is no personal data: seeing it is how a cashier recognises the payment. */
static void a_company_is_named(void **state)
{
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice body;
	bool cut;
	yyjson_doc *doc;

	(void)state;
	w.payee_name = slice_of("厦门示例贸易有限公司");
	w.payee_account = slice_of("35050100");
	w.payee_is_company = true;
	doc = build(&a, &w, &body, &cut);
	assert_string_equal(text(doc, "/payee/name"), "厦门示例贸易有限公司");
	assert_string_equal(text(doc, "/payee/account"), "******00");
	yyjson_doc_free(doc);
}

static void another_currency_is_named(void **state)
{
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice body;
	bool cut;
	yyjson_doc *doc;

	(void)state;
	a.body = slice_of("{\"hits\":[{\"pattern\":\"p\",\"score\":9,\"facts\":{\"amount\":\"7000000\",\"currency\":\"JPY\","
	                  "\"payee\":\"厦门示例贸易有限公司\",\"payee_kind\":\"company\"}}]}");
	w.message = (struct notify_words)WORDS("{amount} {payee} {level}", "{amount} {counterparty} {level}");
	doc = build(&a, &w, &body, &cut);
	assert_string_equal(text(doc, "/message/zh"), "JPY 7,000,000 厦门示例贸易有限公司 红色");
	assert_string_equal(text(doc, "/message/en"), "JPY 7,000,000 厦门示例贸易有限公司 red");
	yyjson_doc_free(doc);
}

/* The message belongs to a pattern; its facts are those of that pattern's hit. */
static void facts_come_from_the_leading_pattern(void **state)
{
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice body;
	bool cut;
	yyjson_doc *doc;

	(void)state;
	w.pattern = slice_of("quiet");
	w.message = (struct notify_words)WORDS("{amount}", "{amount_at_risk} to {payee}");
	doc = build(&a, &w, &body, &cut);
	assert_string_equal(text(doc, "/message/zh"), "1.00元");
	assert_string_equal(text(doc, "/message/en"), "CNY 480,000.00 to the other party");
	assert_true(yyjson_is_null(yyjson_doc_ptr_get(doc, "/payee")));
	yyjson_doc_free(doc);
}

static void a_body_that_cannot_be_read_gives_a_warning_all_the_same(void **state)
{
	static const char *const bodies[] = {"", "{", "[]", "{\"hits\":7}", "{\"hits\":[]}", "{\"hits\":[7]}",
	                                     "{\"hits\":[{\"facts\":{\"amount\":7}}]}"};
	struct notify_warning w = words();
	struct slice body;
	bool cut;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct alert_row a = alert();
		a.body = slice_of(bodies[i]);
		yyjson_doc_free(build(&a, &w, &body, &cut));
	}
}

/* I8: whatever the texts, under 20 kB and whole characters. */
static void texts_are_bounded(void **state)
{
	static char endless[60001], name[30001];
	static struct notify_words many[40];
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice body;
	bool cut;

	(void)state;
	for (size_t i = 0; i < sizeof(endless) - 1; i += 3)
		memcpy(endless + i, i % 2 ? "\"\"\"" : "警", 3);
	memset(name, '"', sizeof(name) - 1);
	for (size_t i = 0; i < 40; i++)
		many[i] = (struct notify_words){slice_of(endless), slice_of(endless)};
	w.level = w.typology = w.title = w.message = many[0];
	w.advice = many;
	w.advice_count = 40;
	w.payee_name = slice_of(name);
	w.payee_is_company = true;
	yyjson_doc_free(build(&a, &w, &body, &cut));
	assert_true(cut);
}

static void braces_that_are_no_placeholder_stay(void **state)
{
	static const struct message_value values[] = {
		{"a", {"1", 1}, {"one", 3}}, {"b.c", {"22", 2}, {"22", 2}}, {"empty", {"", 0}, {"", 0}}};
	static const struct {
		const char *template, *filled;
	} cases[] = {
		{"", ""}, {"x", "x"}, {"{a}", "1"}, {"{a}{b.c}", "122"}, {"{", "{"}, {"}", "}"}, {"{}", "—"}, {"{a", "{a"},
		{"{A}", "{A}"}, {"{{a}}", "{1}"}, {"{empty}", "—"}, {"{unknown}", "—"}, {"100%{a}%n", "100%1%n"},
	};
	bool cut = false;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice filled = message_fill(&arena, slice_of(cases[i].template), values, 3, false, 100, &cut);
		if (!slice_is(filled, cases[i].filled))
			fail_msg("`%s` became `%.*s`", cases[i].template, SLICE_PRINT(filled));
	}
	assert_true(slice_is(message_fill(&arena, slice_of("{a}"), values, 3, true, 9, &cut), "one"));
	assert_false(cut);
	assert_true(slice_is(message_fill(&arena, slice_of("快{a}快{a}"), values, 3, false, 2, &cut), "快1"));
	assert_true(cut);
}

/* I7: it dies rather than tell a mule. */
static void an_analysts_alert_is_never_made_a_message(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		struct alert_row a = alert();
		struct notify_warning w = words();
		struct slice body = {0};
		struct error error;
		bool cut;
		int result;
		a.audience = AUDIENCE_ANALYST;
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(9);
		result = message_build(&a, &w, slice_of("x"), slice_of("m"), slice_of("zh"), &arena, &body, &cut, &error);
		_exit(result == -1 && body.at == NULL ? 7 : 0); /* 7: assertions are compiled out */
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) || (WIFEXITED(status) &&
	                                                                     WEXITSTATUS(status) == 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_warning_says_what_to_do, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_personal_is_in_the_clear, setup, teardown),
		cmocka_unit_test_setup_teardown(a_company_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(facts_come_from_the_leading_pattern, setup, teardown),
		cmocka_unit_test_setup_teardown(another_currency_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(a_body_that_cannot_be_read_gives_a_warning_all_the_same, setup, teardown),
		cmocka_unit_test_setup_teardown(texts_are_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(braces_that_are_no_placeholder_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(an_analysts_alert_is_never_made_a_message, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
