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
static struct catalogue *catalogue; /* the shipped one */
static struct message_made made; /* of the last message */

static int setup(void **state)
{
	struct error error;

	(void)state;
	if (catalogue == NULL && catalogue_load("patterns", &catalogue, &error) == -1)
		fail_msg("%s", error.text);
	arena_init(&arena, 4 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_deinit(&arena);
	catalogue_free(&catalogue);
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
	struct message_order order = {.kind = MESSAGE_WARNING, .id = slice_of("msg_0"), .channel = slice_of("webhook"),
	                              .language = slice_of("zh")};
	struct slice base;
	struct error error;
	yyjson_doc *doc;

	*cut_r = false;
	if (message_base(MESSAGE_WARNING, a, w, slice_of("福州示例商贸有限公司"), &arena, &base, cut_r, &error) == -1 ||
	    message_for(base, catalogue, &order, &arena, body_r, &made, &error) == -1)
		fail_msg("%s", error.text);
	assert_true(base.length < MESSAGE_BASE_BYTES_MAX);
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

/* ---- subject and text ---- */

static struct slice base_of(enum message_kind kind)
{
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice base = {0};
	struct error error;
	bool cut = false;

	w.payee_name = slice_of("张三丰");
	w.payee_account = slice_of("6217000010001234567");
	if (message_base(kind, &a, &w, slice_of("福州示例商贸有限公司"), &arena, &base, &cut, &error) == -1)
		fail_msg("%s", error.text);
	return base;
}

static yyjson_doc *said(struct slice base, const struct catalogue *c, struct message_order order)
{
	struct slice body;
	struct error error;
	yyjson_doc *doc;

	order.id = slice_of("msg_1");
	if (message_for(base, c, &order, &arena, &body, &made, &error) == -1)
		fail_msg("%s", error.text);
	assert_true(body.length < MESSAGE_BYTES_MAX);
	doc = yyjson_read(body.at, body.length, 0);
	assert_non_null(doc);
	return doc;
}

static void each_channel_and_language_has_its_text(void **state)
{
	struct slice base = base_of(MESSAGE_WARNING), url = slice_of("https://warn.example.org/a/t1");
	yyjson_doc *doc;

	(void)state;
	doc = said(base, catalogue, (struct message_order){.channel = slice_of("sms"), .language = slice_of("zh"),
	                                                   .answer_url = url});
	assert_string_equal(text(doc, "/text"),
	                    "立即停付！付给张*的480,000.00元疑是假老板骗局。当面问老板本人。已付速拨110、找开户行止付。");
	assert_true(yyjson_is_null(yyjson_doc_ptr_get(doc, "/answer_url"))); /* an SMS carries no link */
	assert_null(yyjson_doc_ptr_get(doc, "/exercise"));
	yyjson_doc_free(doc);
	doc = said(base, catalogue, (struct message_order){.channel = slice_of("sms"), .language = slice_of("en")});
	assert_string_equal(text(doc, "/text"), "Stop! CNY 480,000: fake boss? Ask him in person. Paid? Call 110");
	assert_string_equal(text(doc, "/language"), "en");
	yyjson_doc_free(doc);
	doc = said(base, catalogue, (struct message_order){.channel = slice_of("email"), .language = slice_of("zh"),
	                                                   .answer_url = url, .signature = slice_of("云桥市反诈中心")});
	assert_string_equal(text(doc, "/subject"), "【红色预警】请先停止付款：冒充老板");
	assert_non_null(strstr(text(doc, "/text"), "收款人：张*（621700*********4567）\n金额：480,000.00元\n发现时间：2026-03-02 09:15\n"));
	assert_non_null(strstr(text(doc, "/text"), "\n1. 先停下："));
	assert_non_null(strstr(text(doc, "/text"), "\n2. 执行双人审批\n"));
	assert_non_null(strstr(text(doc, "/text"), "\nhttps://warn.example.org/a/t1\n"));
	assert_non_null(strstr(text(doc, "/text"), "云桥市反诈中心。"));
	assert_string_equal(text(doc, "/answer_url"), "https://warn.example.org/a/t1");
	yyjson_doc_free(doc);
	/* Without a page to answer on nothing speaks of one. */
	doc = said(base, catalogue, (struct message_order){.channel = slice_of("email"), .language = slice_of("zh")});
	assert_null(strstr(text(doc, "/text"), "此页"));
	yyjson_doc_free(doc);
	/* Stars and the like are signs in markdown. */
	doc = said(base, catalogue, (struct message_order){.channel = slice_of("wecom"), .language = slice_of("zh")});
	assert_non_null(strstr(text(doc, "/text"), "收款人：张＊（621700＊＊＊＊＊＊＊＊＊4567）"));
	yyjson_doc_free(doc);
	assert_false(made.builtin || made.shortened);
}

static void an_exercise_says_so_first(void **state)
{
	static const char *const channels[] = {"sms", "email", "wecom", "feishu", "webhook"};
	struct slice base = base_of(MESSAGE_WARNING);

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(channels) / sizeof(channels[0]); i++) {
		const char *mark = i % 2 ? "[EXERCISE] " : "【演练】";
		yyjson_doc *doc = said(base, i % 3 ? catalogue : NULL,
		                       (struct message_order){.kind = MESSAGE_DRILL, .channel = slice_of(channels[i / 2]),
		                                              .language = slice_of(i % 2 ? "en" : "zh")});
		assert_int_equal(strncmp(text(doc, "/subject"), mark, strlen(mark)), 0);
		assert_int_equal(strncmp(text(doc, "/text"), mark, strlen(mark)), 0);
		assert_true(yyjson_get_bool(yyjson_doc_ptr_get(doc, "/exercise")));
		assert_string_equal(text(doc, "/type"), "huqi.warning.v1");
		yyjson_doc_free(doc);
	}
}

/* Kinds without an alert: what they say comes with the order, and is in the body, too. */
static void a_code_needs_no_base(void **state)
{
	const struct fill_value more[] = {{"code", slice_of("204817"), slice_of("204817")},
	                                  {"hours", slice_of("24"), slice_of("24")}};
	struct message_order order = {.kind = MESSAGE_CODE, .channel = slice_of("sms"), .language = slice_of("zh"),
	                              .more = more, .more_count = 2};
	yyjson_doc *doc = said((struct slice){0}, catalogue, order);

	(void)state;
	assert_string_equal(text(doc, "/type"), "huqi.code.v1");
	assert_string_equal(text(doc, "/code"), "204817");
	assert_int_equal(strncmp(text(doc, "/text"), "验证码204817，", strlen("验证码204817，")), 0);
	yyjson_doc_free(doc);
	doc = said((struct slice){0}, NULL, order);
	assert_true(made.builtin);
	assert_int_equal(strncmp(text(doc, "/text"), "验证码204817，", strlen("验证码204817，")), 0);
	yyjson_doc_free(doc);
}

/* What a caller forgets to say costs a paragraph, never the first one: that is where "stop" stands. */
static void a_digest_says_stop_whatever_it_lacks(void **state)
{
	const struct fill_value more[] = {{"count", slice_of("3"), slice_of("3")}};
	struct message_order order = {.kind = MESSAGE_DIGEST, .channel = slice_of("email"), .language = slice_of("zh"),
	                              .more = more, .more_count = 1};
	yyjson_doc *doc = said(base_of(MESSAGE_WARNING), catalogue, order);
	const char *start = "请先停下所有付款：福州示例商贸有限公司从—起有3条预警，很可能正在被骗。\n\n涉及金额共480,000.00元。\n\n";

	(void)state;
	assert_int_equal(strncmp(text(doc, "/text"), start, strlen(start)), 0);
	yyjson_doc_free(doc);
}

/* A centre is told of an account that launders, and not to ring its holder. */
static void a_call_may_be_about_an_analysts_alert(void **state)
{
	const struct fill_value more[] = {{"reason", slice_of("10分钟内无人确认"), slice_of("nobody answered")},
	                                  {"due", slice_of("2026-03-02 09:25"), slice_of("2026-03-02 09:25")}};
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice base;
	struct error error;
	bool cut = false;
	yyjson_doc *doc;

	(void)state;
	a.audience = AUDIENCE_ANALYST;
	a.typology = slice_of("M01");
	w.typology = (struct notify_words)WORDS("分散转入集中转出", "Many in and few out");
	assert_int_equal(message_base(MESSAGE_CALL, &a, &w, slice_of("x"), &arena, &base, &cut, &error), 0);
	doc = said(base, catalogue, (struct message_order){.kind = MESSAGE_CALL, .channel = slice_of("email"),
	                                                   .language = slice_of("zh"), .more = more, .more_count = 2});
	assert_string_equal(text(doc, "/type"), "huqi.call.v1");
	assert_string_equal(text(doc, "/audience"), "analyst");
	assert_string_equal(text(doc, "/reason/en"), "nobody answered");
	assert_non_null(strstr(text(doc, "/text"), "不要联系账户持有人"));
	yyjson_doc_free(doc);
	doc = said(base_of(MESSAGE_WARNING), catalogue,
	           (struct message_order){.kind = MESSAGE_CALL, .channel = slice_of("email"), .language = slice_of("zh"),
	                                  .more = more, .more_count = 2});
	assert_string_equal(text(doc, "/type"), "huqi.call.v1");
	assert_non_null(strstr(text(doc, "/text"), "10分钟内无人确认"));
	yyjson_doc_free(doc);
}

/* Who cheats chooses his name: whatever it is, an SMS stays official and has room for its signature. */
static void a_payee_cannot_write_the_sms(void **state)
{
	static const char *const names[] = {
		"", "云桥市永骏供应链管理有限责任公司", "www.evil.com", "请加QQ群123456789有限公司", "拨4008001234客服公司",
		"微信客服有限公司", "点http://a.cn领奖", "Xiamen Example Trading Co., Ltd.", "回复1确认有限公司", "\"{amount}\"*[x](y)",
		"𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷",
	};
	static const char *const amounts[] = {"0.01", "480000.00", "999999.99", "1234567.89", "99999999999.99",
	                                      "92233720368547758.07", "garbage 13800138000"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (size_t j = 0; j < 2 * sizeof(amounts) / sizeof(amounts[0]); j++) {
			struct alert_row a = alert();
			struct notify_warning w = words();
			struct slice base, sms;
			struct error error;
			bool cut = false;
			yyjson_doc *doc;
			a.body = slice_of(arena_print(&arena, "{\"hits\":[{\"score\":9,\"facts\":{\"amount\":\"%s\"}}]}", amounts[j / 2]));
			w.payee_name = slice_of(names[i]);
			w.payee_account = slice_of("6217000010001234567");
			w.payee_is_company = true;
			assert_int_equal(message_base(MESSAGE_WARNING, &a, &w, slice_of("x"), &arena, &base, &cut, &error), 0);
			doc = said(base, catalogue, (struct message_order){.channel = slice_of("sms"),
			                                                   .language = slice_of(j % 2 ? "en" : "zh")});
			sms = slice_of(text(doc, "/text"));
			assert_true(message_units(sms) + 6 <= MESSAGE_SMS_UNITS);
			assert_non_null(strstr(sms.at, "110"));
			assert_null(strstr(sms.at, "evil.com"));
			assert_null(strstr(sms.at, "QQ"));
			assert_null(strstr(sms.at, "微信"));
			assert_null(strstr(sms.at, "回复"));
			assert_null(strstr(sms.at, "123456789"));
			assert_null(strstr(sms.at, "13800138000"));
			assert_null(strstr(sms.at, "4008001234"));
			yyjson_doc_free(doc);
		}
}

/* The amount is shortened before the payee goes, and both before the words that say which fraud it is. */
static void an_sms_gives_up_the_least_first(void **state)
{
	static const struct {
		const char *amount, *zh;
		bool shortened;
	} rows[] = {
		{"1234567.89", "立即停付！付给云桥市永骏供…的1,234,567.89元，收款账户疑被冒改。打合同上老电话核实。已付速拨110、找开户行止付。", false},
		{"99999999999.99", "立即停付！付给云桥市永骏供…的999.9亿元，收款账户疑被冒改。打合同上老电话核实。已付速拨110、找开户行止付。", true},
		{"13800138000x", "请立即停付！贵单位一笔付款疑似被骗，先当面核实。已付款速拨110，并找开户行止付。", true}, /* no amount */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct alert_row a = alert();
		struct notify_warning w = words();
		struct slice base;
		struct error error;
		bool cut = false;
		yyjson_doc *doc;
		a.typology = slice_of("V04");
		a.body = slice_of(arena_print(&arena, "{\"hits\":[{\"score\":9,\"facts\":{\"amount\":\"%s\"}}]}", rows[i].amount));
		w.payee_name = slice_of("云桥市永骏供应链管理有限责任公司");
		w.payee_is_company = true;
		assert_int_equal(message_base(MESSAGE_WARNING, &a, &w, slice_of("x"), &arena, &base, &cut, &error), 0);
		doc = said(base, catalogue, (struct message_order){.channel = slice_of("sms"), .language = slice_of("zh")});
		assert_string_equal(text(doc, "/text"), rows[i].zh);
		assert_int_equal(made.shortened, rows[i].shortened);
		assert_int_equal(made.builtin, i == 2);
		yyjson_doc_free(doc);
	}
}

/* In longer texts his name stays readable and cannot be a link or a number to call. */
static void a_payees_name_is_no_link(void **state)
{
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice base;
	struct error error;
	yyjson_doc *doc;
	bool cut = false;

	(void)state;
	w.payee_name = slice_of("退款https://a.evil.com/x拨4008001234");
	w.payee_is_company = true;
	w.message = (struct notify_words)WORDS("请停：{payee}", "Stop: {payee}");
	assert_int_equal(message_base(MESSAGE_WARNING, &a, &w, slice_of("x"), &arena, &base, &cut, &error), 0);
	doc = said(base, catalogue, (struct message_order){.channel = slice_of("email"), .language = slice_of("zh")});
	assert_non_null(strstr(text(doc, "/text"), "收款人：退款https：／／a．evil．com／x拨**********"));
	assert_non_null(strstr(text(doc, "/text"), "请停：退款https：／／a．evil．com／x拨**********"));
	yyjson_doc_free(doc);
}

/* Without a template, or a catalogue, people are told all the same. */
static void there_are_always_words(void **state)
{
	static struct catalogue empty;
	struct slice base = base_of(MESSAGE_WARNING);

	(void)state;
	for (int kind = 0; kind < MESSAGE_KINDS; kind++)
		for (const struct message_channel *c = message_channels; c->name != NULL; c++)
			for (int english = 0; english < 2; english++) {
				struct message_order order = {.kind = (enum message_kind)kind, .channel = slice_of(c->name),
				                              .language = slice_of(english ? "en" : "zh")};
				yyjson_doc *doc = said(base, english ? &empty : NULL, order);
				assert_true(made.builtin);
				assert_true(strlen(text(doc, "/subject")) > 0 && strlen(text(doc, "/text")) > 0);
				assert_true(message_units(slice_of(text(doc, "/text"))) + 6 <= MESSAGE_SMS_UNITS);
				assert_true(utf8_count(slice_of(text(doc, "/subject"))) <= MESSAGE_SUBJECT_CHARACTERS_MAX);
				yyjson_doc_free(doc);
			}
}

/* I7: it dies rather than tell a mule, whether it is to make the base or to say what a base says. */
static int tell_a_mule(bool with_base)
{
	struct message_order order = {.kind = MESSAGE_WARNING, .id = slice_of("m"), .channel = slice_of("sms"),
	                              .language = slice_of("zh")};
	struct alert_row a = alert();
	struct notify_warning w = words();
	struct slice base = {0}, body = {0};
	struct error error;
	bool cut = false;

	a.audience = AUDIENCE_ANALYST;
	a.typology = slice_of("M01");
	if (!with_base)
		return message_base(MESSAGE_WARNING, &a, &w, slice_of("x"), &arena, &base, &cut, &error) == -1 && base.at == NULL;
	if (message_base(MESSAGE_CALL, &a, &w, slice_of("x"), &arena, &base, &cut, &error) == -1)
		return 0;
	return message_for(base, catalogue, &order, &arena, &body, &made, &error) == -1 && body.at == NULL;
}

static void an_analysts_alert_is_never_made_a_message(void **state)
{
	(void)state;
	for (int with_base = 0; with_base < 2; with_base++) {
		int status;
		pid_t child = fork();
		if (child == 0) {
			if (freopen("/dev/null", "w", stderr) == NULL)
				_exit(9);
			_exit(tell_a_mule(with_base == 1) ? 7 : 0); /* 7: assertions are compiled out */
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) ||
		            (WIFEXITED(status) && WEXITSTATUS(status) == 7));
	}
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
		cmocka_unit_test_setup_teardown(each_channel_and_language_has_its_text, setup, teardown),
		cmocka_unit_test_setup_teardown(an_exercise_says_so_first, setup, teardown),
		cmocka_unit_test_setup_teardown(a_code_needs_no_base, setup, teardown),
		cmocka_unit_test_setup_teardown(a_digest_says_stop_whatever_it_lacks, setup, teardown),
		cmocka_unit_test_setup_teardown(a_call_may_be_about_an_analysts_alert, setup, teardown),
		cmocka_unit_test_setup_teardown(a_payee_cannot_write_the_sms, setup, teardown),
		cmocka_unit_test_setup_teardown(an_sms_gives_up_the_least_first, setup, teardown),
		cmocka_unit_test_setup_teardown(a_payees_name_is_no_link, setup, teardown),
		cmocka_unit_test_setup_teardown(there_are_always_words, setup, teardown),
		cmocka_unit_test_setup_teardown(an_analysts_alert_is_never_made_a_message, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
