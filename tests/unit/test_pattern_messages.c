/*
 * The templates of messages/: how they are read, which one wins, and what the lint says of each rule that one breaks.
 */
#include "tests/unit/match_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "pattern/message_rules.h"
#include "pattern/pattern.h"

static char dir[] = "/tmp/huqi-messages-XXXXXX";
static char reports[1 << 16];

static void take_report(void *context, const struct pattern_fault *fault)
{
	(void)context;
	assert_true(strlen(reports) + strlen(fault->text) + 16 < sizeof(reports));
	sprintf(reports + strlen(reports), "%s%s\n", fault->warning ? "warning: " : "", fault->text);
}

static void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void remove_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
}

static unsigned lint(unsigned *warnings_r)
{
	struct pattern_options options = {.report = take_report, .check_only = true};

	reports[0] = '\0';
	return pattern_lint(dir, &options, warnings_r);
}

/* A folder that the lint has nothing against: one V and one M typology, and templates for all there is. */
#define PHRASES "V01: {method: {zh: 骗子冒充老板。, en: A false boss.}, check: {zh: 当面问。, en: Ask him.}}\n"
#define WARNING "- {kind: warning, subject: {zh: 请停付, en: Stop}, text: {zh: 请停付，拨110。, en: 'Stop, call 110.'}}\n"
#define WARNING_SMS \
	"- {kind: warning, channel: sms, typology: V01, text: {zh: '请停付{amount}，拨110。', en: 'Stop {amount}, call 110.'}}\n"
#define OTHERS \
	"- {kind: drill, channel: sms, text: {zh: 请停付，拨110。, en: 'Stop, call 110.'}}\n" \
	"- {kind: code, subject: {zh: 码, en: code}, text: {zh: '验证码{code}', en: 'code {code}'}}\n" \
	"- {kind: bulletin, subject: {zh: 提示, en: notice}, text: {zh: 提示, en: notice}}\n" \
	"- {kind: call, subject: {zh: 电话, en: call}, text: {zh: 电话, en: call}}\n" \
	"- {kind: digest, subject: {zh: 请停付, en: Stop}, text: {zh: 请停付，拨110。, en: 'Stop, call 110.'}}\n"
#define ALL WARNING WARNING_SMS OTHERS

static void write_messages(const char *text)
{
	write_file("messages/a.yaml", text);
}

static void expect(unsigned errors, const char *says)
{
	unsigned warned, erred = lint(&warned);

	if (erred != errors || strstr(reports, says) == NULL)
		fail_msg("%u errors, %u warnings:\n%s expected %u, `%s`", erred, warned, reports, errors, says);
}

/* ---- reading ---- */

static void faults_have_their_place_and_the_nearest_word(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"kind: warning\n", "messages/a.yaml:1:1: expected a list of messages"},
		{"- {kind: warnin, subject: {zh: 停, en: stop}, text: {zh: 停, en: stop}}\n",
	     "a.yaml:1:10: `kind: warnin`: expected one of warning, code, drill, bulletin, call, digest (did you mean `warning`?)"},
		{"- {kind: code, chanel: sms, subject: {zh: 停, en: stop}, text: {zh: 停, en: stop}}\n",
	     "a.yaml:1:16: unknown key `chanel` in a message; expected one of kind, channel, typology, level, subject, text (did you mean `channel`?)"},
		{"- {kind: code, channel: [sms, emial], subject: {zh: 停, en: stop}, text: {zh: 停, en: stop}}\n",
	     "a.yaml:1:31: `channel: emial`: expected one of webhook, email, sms, wecom, dingtalk, feishu (did you mean `email`?)"},
		{"- {kind: warning, level: rod, subject: {zh: 停, en: stop}, text: {zh: 停, en: stop}}\n",
	     "a.yaml:1:26: `level: rod`: expected one of blue, yellow, orange, red (did you mean `red`?)"},
		{"- {kind: warning, typology: V02, subject: {zh: 停, en: stop}, text: {zh: 停, en: stop}}\n",
	     "a.yaml:1:29: the typology `V02` is not in typologies.yaml (did you mean `V01`?)"},
		{"- {kind: warning, typology: M01, subject: {zh: 停, en: stop}, text: {zh: 停, en: stop}}\n",
	     "a.yaml:1:29: M01 is for analysts only"},
		{"- {kind: warning, subject: {zh: 停, en: stop}, text: {zh: '停{amuont}', en: stop}}\n",
	     "a.yaml:1:60: `{amuont}` is filled in by nothing in a warning"},
		{"- {kind: warning, subject: {zh: 停, en: stop}, text: {zh: '停{amuont}', en: stop}}\n", "(did you mean `amount`?)"},
		{"- {kind: warning, subject: {zh: 停, en: stop}, text: {zh: '停{code}', en: stop}}\n", "`{code}` is filled in by nothing"},
		{"- {kind: warning, subject: {zh: 停, en: stop}, text: {zh: '停{Amount}', en: stop}}\n",
	     "a.yaml:1:60: a brace that is no placeholder"},
		{"- {kind: warning, subject: {zh: 停, en: stop}, text: {zh: 停}}\n", "a.yaml:1:53: `en` is missing"},
		{"- {kind: warning, subject: {zh: 停, en: stop}}\n", "a.yaml:1:3: `text` is missing"},
		{"- {kind: warning, text: {zh: 停, en: stop}}\n", "a.yaml:1:3: `subject` is missing"},
		{WARNING WARNING, "a.yaml:2:3: a template for the same case stands at "},
		{"- {kind: warning, channel: [sms, email], text: {zh: 停, en: s}, subject: {zh: 停, en: s}}\n"
	     "- {kind: warning, channel: email, text: {zh: 停, en: s}, subject: {zh: 停, en: s}}\n", "a.yaml:2:3: a template for the same case"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct catalogue *c;
		struct error error;
		write_messages(rows[i].text);
		if (catalogue_load(dir, &c, &error) == 0)
			fail_msg("taken: %s", rows[i].text);
		if (strstr(error.text, rows[i].says) == NULL)
			fail_msg("%s\n  said: %s\n  expected: %s", rows[i].text, error.text, rows[i].says);
	}
	write_messages(ALL);
	write_file("messages/phrases.yaml", "V02: {method: {zh: 骗, en: x}, check: {zh: 问, en: y}}\n");
	expect(1, "phrases.yaml:1:1: the typology `V02` is not in typologies.yaml (did you mean `V01`?)");
	write_file("messages/phrases.yaml", "V01: {method: {zh: '骗{amount}', en: x}, check: {zh: 问, en: y}}\n");
	expect(1, "phrases.yaml:1:22: `{amount}` is filled in by nothing; expected no placeholder");
	write_file("messages/phrases.yaml", PHRASES);
	write_file("messages/b.yml", "");
	expect(1, "b.yml: is not read; a file of messages ends in .yaml");
	remove_file("messages/b.yml");
	expect(0, "");
}

/* Channel before typology before level; otherwise any. */
static void the_most_specific_wins(void **state)
{
	static const char *const text =
		"- {kind: warning, subject: {zh: 1, en: any}, text: {zh: 1, en: any}}\n"
		"- {kind: warning, level: red, subject: {zh: 1, en: red}, text: {zh: 1, en: red}}\n"
		"- {kind: warning, typology: V01, subject: {zh: 1, en: V01}, text: {zh: 1, en: V01}}\n"
		"- {kind: warning, typology: V01, level: [orange, red], subject: {zh: 1, en: s}, text: {zh: 1, en: V01-high}}\n"
		"- {kind: warning, channel: sms, text: {zh: 1, en: sms}}\n"
		"- {kind: warning, channel: sms, level: red, text: {zh: 1, en: sms-red}}\n"
		"- {kind: warning, channel: [sms], typology: V01, text: {zh: 1, en: sms-V01}}\n";
	static const struct {
		const char *channel, *typology;
		uint8_t level;
		const char *en;
	} rows[] = {
		{"email", "V09", 2, "any"}, {"email", "V09", 4, "red"}, {"email", "V01", 2, "V01"}, {"email", "V01", 3, "V01-high"},
		{"email", "V01", 4, "V01-high"}, {"sms", "V09", 2, "sms"}, {"sms", "V09", 4, "sms-red"},
		{"sms", "V01", 2, "sms-V01"}, {"sms", "V01", 4, "sms-V01"}, {"pigeon", "V01", 4, "V01-high"}, {"", "", 0, "any"},
	};
	struct catalogue *c;
	struct error error;

	(void)state;
	write_messages(text);
	if (catalogue_load(dir, &c, &error) == -1)
		fail_msg("%s", error.text);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct message_template *t = catalogue_message(c, MESSAGE_WARNING, slice_of(rows[i].channel),
		                                                     slice_of(rows[i].typology), rows[i].level);
		assert_non_null(t);
		if (!slice_is(t->text.en, rows[i].en))
			fail_msg("%s %s %d: %.*s", rows[i].channel, rows[i].typology, rows[i].level, SLICE_PRINT(t->text.en));
	}
	assert_null(catalogue_message(c, MESSAGE_CODE, slice_of("sms"), slice_of(""), 0));
	assert_non_null(catalogue_phrase(c, slice_of("V01")));
	assert_null(catalogue_phrase(c, slice_of("V02")));
	catalogue_free(&c);
	write_messages(ALL);
}

/* ---- rules ---- */

#define SMS(zh, en) \
	WARNING "- {kind: warning, channel: sms, typology: V01, text: {zh: '" zh "', en: '" en "'}}\n" OTHERS
#define MAIL(zh, en) \
	WARNING WARNING_SMS \
	"- {kind: warning, channel: [email, wecom], subject: {zh: 停, en: stop}, text: {zh: '" zh "', en: '" en "'}}\n" OTHERS
#define FORTY "请停付并当面核实请停付并当面核实请停付并当面核实请停付并当面核实请停付并当面核实"

static void each_rule_is_kept(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		/* 70 with 【反诈中心】, and the amount takes 13: one more is too long */
		{SMS("请停付{amount}，拨110。" FORTY "一二三", "Stop, call 110."), "has 71 characters with the signature; an SMS has 70"},
		{SMS("请停付，拨110。", "Stop, call 110. Stop paying now, please stop, and go to your boss. Do."), "has 7"},
		{SMS("请停付，拨110或05918765。", "Stop, call 110."), "a.yaml:2:59: the warning has a number"},
		{SMS("请停付，拨110。见a.com", "Stop, call 110."), "has a link"},
		{SMS("请停付，拨110。勿信微信", "Stop, call 110."), "names QQ or WeChat"},
		{SMS("请停付，拨110。进群了解", "Stop, call 110."), "names a QQ or WeChat contact"},
		{SMS("请停付，拨110。请回复1", "Stop, call 110."), "asks for a reply"},
		{SMS("请停付，拨110。", "Stop, call 110. Please reply."), "asks for a reply; official warnings need none; for sms V01 yellow in English"},
		{SMS("{amount}有问题。请停付，拨110。", "Stop, call 110."), "does not begin with the advice"},
		{SMS("请停付，拨110。", "Your payment is odd. Stop, call 110."), "does not begin with the advice"},
		{SMS("请停付。", "Stop, call 110."), "does not say whom to call"},
		{SMS("请停付{account}，拨110。账号6222020000000000001", "Stop, call 110."), "has a number"},
		{MAIL("请停付，拨110。账号6222020000000000001", "Stop, call 110."), "has an account or an identity number in full"},
		{MAIL("请停付，拨110。见a.com", "Stop, call 110."), "has a link"},
		{MAIL("看{answer_url}。请停付，拨110。", "Stop, call 110."), "does not begin with the advice"},
		{WARNING OTHERS, "messages: no SMS of its own for V01 yellow: which fraud it is must be said"},
		{WARNING_SMS OTHERS, "messages: no warning for V01 red over email"},
		{WARNING WARNING_SMS, "messages: no code for any typology and level over sms"},
		{WARNING WARNING_SMS OTHERS
	     "- {kind: drill, channel: sms, level: red, text: {zh: '" FORTY "停停停停停停停停停停停停停停停停停，110', en: 'Stop, 110.'}}\n",
	     "the drill has 71 characters"},
		{WARNING_SMS OTHERS "- {kind: warning, subject: {zh: '停a.cn', en: stop}, text: {zh: 请停付，拨110。, en: 'Stop, call 110.'}}\n",
	     "has a subject that has a link"},
		{WARNING_SMS OTHERS "- {kind: warning, subject: {zh: '停{message}', en: stop}, text: {zh: 请停付，拨110。, en: 'Stop, call 110.'}}\n",
	     "has a subject of several lines, or of more than 80 characters"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned warned, errors;
		write_messages(rows[i].text);
		errors = lint(&warned);
		if (errors == 0 || strstr(reports, rows[i].says) == NULL)
			fail_msg("%s\n  said: %s\n  expected: %s", rows[i].text, reports, rows[i].says);
	}
	write_messages(ALL);
	expect(0, "");
	write_messages(SMS("请停付{amount}，拨110。" FORTY "一二", "Stop, call 110.")); /* 70: fits */
	expect(0, "");
	write_messages(MAIL("请停付，拨110。{answer_url}", "Stop, call 110. {answer_url}"));
	expect(0, "");
}

/* A robot's message has a bound in bytes. */
static void a_robots_bytes_are_counted(void **state)
{
	static char text[24000];

	(void)state;
	strcpy(text, WARNING WARNING_SMS OTHERS
	       "- {kind: warning, channel: wecom, subject: {zh: 停, en: stop}, text: {en: 'Stop, call 110.', zh: '请停付，拨110。");
	for (int i = 0; i < 1400; i++)
		strcat(text, "长");
	strcat(text, "'}}\n");
	write_messages(text);
	expect(2, "the warning has 4221 bytes; wecom takes 3900"); /* and the exercise that says the same */
	write_messages(ALL);
}

static void a_template_that_never_wins_is_told(void **state)
{
	unsigned warned;

	(void)state;
	write_messages(ALL "- {kind: warning, level: [yellow, orange, red], channel: [webhook, email, wecom, dingtalk, feishu, sms], "
	                   "subject: {zh: 请停付, en: Stop}, text: {zh: 请停付，拨110。, en: 'Stop, call 110.'}}\n");
	assert_int_equal(lint(&warned), 0);
	assert_non_null(strstr(reports, "warning: "));
	assert_non_null(strstr(reports, "a.yaml:1:3: is never used"));
	write_messages(ALL);
}

static void numbers_links_and_replies_are_known(void **state)
{
	static const struct {
		const char *text;
		unsigned rules;
		bool broken;
	} rows[] = {
		{"拨110或96110", MESSAGE_RULE_NUMBER, false}, {"拨96110/110", MESSAGE_RULE_NUMBER, false},
		{"110 96110 110", MESSAGE_RULE_NUMBER, false}, {"1,234,567.89元", MESSAGE_RULE_NUMBER, false},
		{"1234", MESSAGE_RULE_NUMBER, false}, {"12345", MESSAGE_RULE_NUMBER, true}, {"961100", MESSAGE_RULE_NUMBER, true},
		{"0591-8765", MESSAGE_RULE_NUMBER, true}, {"138 0013 8000", MESSAGE_RULE_NUMBER, true},
		{"110-12345", MESSAGE_RULE_NUMBER, true}, {"123456", MESSAGE_RULE_CODE, false}, {"1234567", MESSAGE_RULE_CODE, true},
		{"622202*********0001", MESSAGE_RULE_ACCOUNT, false}, {"2026-03-02 09:15", MESSAGE_RULE_ACCOUNT, false},
		{"62220200000", MESSAGE_RULE_ACCOUNT, false}, {"622202000000", MESSAGE_RULE_ACCOUNT, true},
		{"6222 0200 0000", MESSAGE_RULE_ACCOUNT, true}, {"HTTP://X", MESSAGE_RULE_LINK, true}, {"a.CN", MESSAGE_RULE_LINK, true},
		{"Co., Ltd.", MESSAGE_RULE_LINK, false}, {"本信息无需回复", MESSAGE_RULE_REPLY, false},
		{"无需回复，请回复", MESSAGE_RULE_REPLY, true}, {"Do not reply to this", MESSAGE_RULE_REPLY, false},
		{"Reply to this", MESSAGE_RULE_REPLY, true}, {"【红色预警】先停付\n再说", MESSAGE_RULE_STOP_FIRST, false},
		{"【红色预警】\n先停付", MESSAGE_RULE_STOP_FIRST, true}, {"Paid 1.50 and stop.", MESSAGE_RULE_STOP_FIRST, false},
		{"Hello. Stop.", MESSAGE_RULE_STOP_FIRST, true}, {"", MESSAGE_RULE_STOP_FIRST, true}, {"拨96110", MESSAGE_RULE_EMERGENCY, false},
		{"拨12110", MESSAGE_RULE_EMERGENCY, false}, {"拨120", MESSAGE_RULE_EMERGENCY, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((message_rule_broken(slice_of(rows[i].text), rows[i].rules) != NULL) != rows[i].broken)
			fail_msg("`%s` by %u", rows[i].text, rows[i].rules);
	assert_int_equal(message_units(slice_of("a停𠮷…")), 5);
}

/* Every builtin and every shipped text, in every rendering, is an SMS of 70 with its signature, however long that is. */
static void the_signature_has_its_room(void **state)
{
	static const char *const signatures[] = {"", "反诈", "云桥市公安局反诈中心"};
	struct catalogue *c;
	struct error error;
	struct arena arena;

	(void)state;
	if (catalogue_load("patterns", &c, &error) == -1)
		fail_msg("%s", error.text);
	arena_init(&arena, 16 << 20);
	for (size_t s = 0; s < sizeof(signatures) / sizeof(signatures[0]); s++)
		for (int kind = 0; kind < MESSAGE_KINDS; kind++)
			for (size_t t = 0; t < c->typology_count; t++)
				for (int english = 0; english < 2; english++) {
					struct message_ask ask = {.kind = (enum message_kind)kind, .channel = slice_of("sms"), .level = 4,
					                          .typology = c->typologies[t].id, .english = english == 1,
					                          .signature = slice_of(signatures[s])};
					size_t count, taken = s == 0 ? 4 : utf8_count(ask.signature);
					const struct fill_value *values = message_samples(c, &ask, &arena, &count);
					struct message_text text;
					message_render(c, &ask, values, count, &arena, &text);
					assert_true(text.text.length > 0);
					assert_true(message_units(text.text) + taken + 2 <= MESSAGE_SMS_UNITS);
					assert_true(s > 1 || kind == MESSAGE_CALL || (!text.builtin && !text.shortened) ||
					            c->typologies[t].id.at[0] == 'M');
				}
	arena_deinit(&arena);
	catalogue_free(&c);
}

static int set_up(void **state)
{
	char path[128];

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/messages", dir);
	mkdir(path, 0700);
	write_file("typologies.yaml", "V01: {zh: 冒充老板, en: Boss}\nM01: {zh: 快进快出, en: Through}\n");
	write_file("messages/phrases.yaml", PHRASES);
	write_file("a.yaml", "id: a\nversion: 1\nstatus: draft\ntypology: V01\ntitle: {zh: 好, en: good}\naudience: enterprise\n"
	                     "score: 60\ndetect:\n  where: amount > 5\nadvice: [a1]\nmessage: {zh: 停, en: stop}\n");
	write_messages(ALL);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const files[] = {"messages/phrases.yaml", "messages/a.yaml", "typologies.yaml", "a.yaml"};
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		remove_file(files[i]);
	snprintf(path, sizeof(path), "%s/messages", dir);
	rmdir(path);
	return rmdir(dir);
}

/* A name is no mention, no label of a link and no tag, in a chat that reads such. */
static void a_name_is_no_mark_up(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_true(slice_is(message_name(&arena, slice_of("<at user_id=\"all\">急</at>[点这里](x)<@all>`公司")),
	                     "＜at user_id=\"all\"＞急＜／at＞［点这里］(x)＜＠all＞｀公司"));
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_have_their_place_and_the_nearest_word), cmocka_unit_test(the_most_specific_wins),
		cmocka_unit_test(each_rule_is_kept), cmocka_unit_test(a_robots_bytes_are_counted),
		cmocka_unit_test(a_template_that_never_wins_is_told), cmocka_unit_test(numbers_links_and_replies_are_known),
		cmocka_unit_test(the_signature_has_its_room), cmocka_unit_test(a_name_is_no_mark_up),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
