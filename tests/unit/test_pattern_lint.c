/*
 * What lint says of a pack beyond what its files say each for itself: tests that are missing, patterns that
 * say what others say, messages that official warnings must not carry.
 */
#include "tests/unit/match_fixture.h"
#include "tests/unit/pack_fixture.h"

static char reports[1 << 16];

static void take_report(void *context, const struct pattern_fault *fault)
{
	(void)context;
	assert_true(strlen(reports) + strlen(fault->text) + 16 < sizeof(reports));
	sprintf(reports + strlen(reports), "%s%s\n", fault->warning ? "warning: " : "", fault->text);
}

static unsigned lint(unsigned *warnings_r)
{
	struct pattern_options options = {.report = take_report, .check_only = true};

	reports[0] = '\0';
	return pattern_lint(pack_dir, &options, warnings_r);
}

#define HIT "  - {expect: hit, name: h, feed: [{amount: '9'}]}\n"
#define EVASIVE "  - {expect: hit, evasive: true, name: h, feed: [{amount: '9'}]}\n"
#define MISS "  - {expect: miss, name: m, feed: [{amount: '1'}]}\n"
#define ENOUGH HIT HIT EVASIVE MISS MISS MISS

static void write_pattern(const char *id, const char *detect, const char *message, const char *tests)
{
	pack_write(&(struct pack_pattern){.id = id, .status = "active", .message = message, .detect = detect, .tests = tests});
}

static void expect(unsigned errors, unsigned warnings, const char *says)
{
	unsigned warned, erred = lint(&warned);

	if (erred != errors || warned != warnings || strstr(reports, says) == NULL)
		fail_msg("%u errors, %u warnings:\n%s expected %u, %u, `%s`", erred, warned, reports, errors, warnings, says);
}

static void tests_are_counted(void **state)
{
	(void)state;
	write_pattern("a", "  where: amount > 5\n", "stop", ENOUGH);
	expect(0, 0, "");
	write_pattern("a", "  where: amount > 5\n", "stop", HIT EVASIVE MISS MISS MISS);
	expect(0, 1, "warning: a.yaml: has 2 tests that expect a hit; 3 are wanted");
	write_pattern("a", "  where: amount > 5\n", "stop", HIT HIT EVASIVE MISS);
	expect(0, 1, "warning: a.yaml: has 1 tests that expect a miss; 3 are wanted");
	write_pattern("a", "  where: amount > 5\n", "stop", HIT HIT HIT MISS MISS MISS);
	expect(0, 1, "warning: a.yaml: no test is `evasive: true`");
	write_pattern("a", "  where: amount > 5\n", "stop", MISS MISS MISS);
	expect(1, 0, "an active pattern needs a test that expects a hit");
	write_pattern("a", "  where: amount > 5\n", "stop", HIT HIT EVASIVE);
	expect(1, 0, "an active pattern needs a test that expects a miss");
}

static void one_pattern_makes_another_idle(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned errors, warnings;
		const char *says;
	} rows[] = {
		{"  where: amount > 5 and hour(booked_at) < 5\n", "  where: hour(booked_at)  < 5\n", 0, 1,
	     "warning: a.yaml: asks for all that b asks and more"},
		{"  where: amount > 5\n", "  where: amount > 5 and hour(booked_at) < 5\n", 0, 1,
	     "warning: b.yaml: asks for all that a asks and more"},
		{"  where: amount > 5 and hour(booked_at) < 5\n", "  where: hour(booked_at) < 5\n    and amount > 5\n", 1, 0,
	     "a.yaml: detects the same as b"},
		{"  where: amount > 5 or hour(booked_at) < 5\n", "  where: hour(booked_at) < 5\n", 0, 0, ""},
		{"  where: (amount > 5 or amount < 3) and hour(booked_at) < 5\n", "  where: hour(booked_at) < 5\n", 0, 1,
	     "asks for all"},
		{"  where: contains(remark, ' and amount > 5')\n", "  where: amount > 5\n", 0, 0, ""},
		{"  text: {in: remark, any: [急付, 急汇, 急转]}\n  where: amount > 5\n",
	     "  text: {in: remark, any: [急付, 急汇, 急转]}\n  where: amount > 6\n", 0, 1, "warning: a.yaml: has the words of b"},
		{"  text: {in: remark, any: [急付, 急汇, 急转]}\n  where: amount > 5\n",
	     "  text: {in: remark, any: [急付, 急汇, 急转]}\n", 0, 1, "asks for all that b asks"},
		{"  text: {in: remark, any: [急付, 急汇, 急转]}\n  where: amount > 5\n",
	     "  text: {in: remark, any: [急付, 急汇, 急拨]}\n  where: amount > 6\n", 0, 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_pattern("a", rows[i].a, "stop", ENOUGH);
		write_pattern("b", rows[i].b, "stop", ENOUGH);
		expect(rows[i].errors, rows[i].warnings, rows[i].says);
	}
}

static void official_warnings_carry_no_contact(void **state)
{
	static const char *const refused[][2] = {
		{"see http example", "the message has a link"},
		{"see www.x", "the message has a link"},
		{"ask 加微信 for more", "the message names a QQ or WeChat contact"},
		{"call 0591-110110", "the message has a number"},
		{"Please reply with 1", "the message asks for a reply"},
		{"text 138 0000 0000", "the message has a number"},
		{"scan the code", "the message names a QQ or WeChat contact"},
		{"all is well, thank you", "the message says nowhere to stop or to verify"},
	};

	(void)state;
	write_pattern("b", "  where: amount > 7\n", "stop, call 110 or 96110, not the WeChat group", ENOUGH);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		write_pattern("a", "  where: amount > 5\n", refused[i][0], ENOUGH);
		expect(1, 0, refused[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tests_are_counted), cmocka_unit_test(one_pattern_makes_another_idle),
		cmocka_unit_test(official_warnings_carry_no_contact),
	};

	return cmocka_run_group_tests(tests, pack_make, pack_remove);
}
