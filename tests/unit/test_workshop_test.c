/*
 * The tests that stand in pattern files: what they say when they pass, fail, or cannot be read; what their
 * words stand for; and all of the patterns that are shipped.
 */
#include "tests/unit/match_fixture.h"

#include <unistd.h>

#include "workshop/workshop.h"

static char said[65536];

static void take_result(void *context, const struct workshop_test_result *result)
{
	(void)context;
	if (result->passed)
		assert_string_equal(result->why, "");
	if (strlen(said) + 512 > sizeof(said))
		return;
	sprintf(said + strlen(said), "%s %s%s%.300s\n", result->test->name.at, result->passed ? "passed" : "failed",
	        result->passed ? "" : ": ", result->why);
}

static void tests_pass_and_fail(void **state)
{
	struct pattern_set *set = fixture_set_of(
		"id: t\nversion: 1\nstatus: shadow\ntypology: V01\ntitle: {zh: 试, en: t}\naudience: enterprise\nscore: 5\n"
		"detect: {text: {in: [remark], any: [急付]}, where: amount >= 5万}\n"
		"tests:\n"
		"  - {expect: hit, name: a, feed: [{amount: '1'}, {amount: '50000', remark: 急 付}]}\n"
		"  - {expect: hit, name: b, feed: [{amount: '50000', remark: 急付}, {amount: '1'}]}\n"
		"  - {expect: miss, name: c, feed: [{amount: '50000', remark: 急救}]}\n"
		"  - {expect: miss, name: d, feed: [{amount: '1'}, {amount: '50000', remark: 急付}, {amount: '1'}]}\n"
		"  - {expect: hit, name: e, feed: [{amount: '50_000', remark: 急付}]}\n"
		"  - {expect: miss, name: f, feed: [{amount: '50000', remark: 急付, status: failed}]}\n"
		"  - {expect: hit, name: g, feed: [{amount: '50000', remark: 急付, status: pending}]}\n");
	unsigned run;

	(void)state;
	said[0] = '\0';
	assert_int_equal(workshop_test(set, (struct slice){0}, take_result, NULL, &run), 3);
	assert_int_equal(run, 7);
	assert_non_null(
		strstr(said, "a passed\nb failed: expected a hit on the last transaction; there was none\nc passed\n"
	                 "d failed: expected no hit; transaction 2 hits\n"
	                 "e failed: transaction 1 is not readable: amount"));
	assert_non_null(strstr(said, "\nf passed\ng passed\n"));
	said[0] = '\0';
	assert_int_equal(workshop_test(set, slice_of("other"), take_result, NULL, &run), 0);
	assert_int_equal(run, 0);
	pattern_set_free(&set);
}

enum { MANY = 450 }; /* enough for a second core */

static void take_in_order(void *context, const struct workshop_test_result *result)
{
	unsigned *next = context;
	char name[8];

	snprintf(name, sizeof(name), "n%u", *next);
	assert_string_equal(result->test->name.at, name);
	assert_int_equal(result->passed, *next % 3 != 0);
	assert_string_equal(result->why, result->passed ? "" : "expected no hit; transaction 1 hits");
	++*next;
}

/* Several cores play them; they are told one by one, as they stand in the file, every third with its own reason. */
static void many_tests_are_told_in_order(void **state)
{
	static char yaml[MANY * 100];
	unsigned run, next = 0;
	struct pattern_set *set;
	size_t length = (size_t)sprintf(yaml,
		"id: t\nversion: 1\nstatus: shadow\ntypology: V01\ntitle: {zh: 试, en: t}\naudience: enterprise\nscore: 5\n"
		"detect: {where: amount >= 5万}\ntests:\n");

	(void)state;
	for (int i = 0; i < MANY; i++)
		length += (size_t)sprintf(yaml + length, "  - {expect: miss, name: n%d, feed: [{amount: '%d'}]}\n", i,
		                          i % 3 == 0 ? 50000 : 49999);
	set = fixture_set_of(yaml);
	assert_int_equal(workshop_test(set, (struct slice){0}, take_in_order, &next, &run), MANY / 3);
	assert_int_equal(run, MANY);
	assert_int_equal(next, MANY);
	pattern_set_free(&set);
}

/* Runs the tests of a pattern with this line in `detect`; `tests` are its lines. */
static unsigned failures_of(const char *detect, const char *tests)
{
	char yaml[8192];
	struct pattern_set *set;
	unsigned run, failed;

	snprintf(yaml, sizeof(yaml),
	         "id: t\nversion: 1\nstatus: shadow\ntypology: M03\ntitle: {zh: 试, en: t}\naudience: analyst\nscore: 5\n"
	         "detect:\n  %s\ntests:\n%s",
	         detect, tests);
	set = fixture_set_of(yaml);
	said[0] = '\0';
	failed = workshop_test(set, (struct slice){0}, take_result, NULL, &run);
	assert_true(run > 0);
	pattern_set_free(&set);
	return failed;
}

static unsigned failures(const char *where, const char *tests)
{
	char detect[1024];

	snprintf(detect, sizeof(detect), "where: '%s'", where);
	return failures_of(detect, tests);
}

#define HIT(name, rest) "  - {expect: hit, name: " name ", " rest "}\n"
#define MISS(name, rest) "  - {expect: miss, name: " name ", " rest "}\n"

/* The same history every time: what it is like stands here in figures. */
static void words_stand_for_the_history(void **state)
{
	(void)state;
	if (failures("present(counterparty.account) and counterparty.kind = company",
	              HIT("as", "history: trader, feed: [{amount: usual, counterparty: {as: supplier}}]")
	              HIT("named", "history: trader, feed: [{amount: large, counterparty: {named: supplier2}}]")
	              HIT("like", "history: trader, feed: [{amount: 3x usual, counterparty: {like: customer}}]")
	              MISS("no account", "history: trader, feed: [{amount: 3x usual, counterparty: {like: customer, account: null}}]")
	              MISS("staff", "history: trader, feed: [{amount: '9', counterparty: {as: staff3}}]")) > 0)
		fail_msg("%s", said);
	if (failures("length(account_name) > 4 and present(ip) and present(enterprise) and present(balance)",
	              HIT("own", "history: clinic, feed: [{amount: '1', counterparty: {as: landlord}}]")
	              MISS("without", "feed: [{amount: '1'}]")
	              MISS("taken away", "history: clinic, feed: [{amount: '1', ip: null}]")
	              MISS("a credit has no machine", "history: clinic, feed: [{amount: '1', direction: credit}]")
	              MISS("another account", "history: clinic, feed: [{amount: '1', account: '62220200009'}]")
	              MISS("more than it holds", "history: clinic, feed: [{amount: '900000000'}]")) > 0)
		fail_msg("%s", said);
}

/* The history is remembered: whom it paid is known, and what it did counts. */
static void the_history_is_remembered(void **state)
{
	(void)state;
	if (failures("not known(counterparty.account) and watched() >= 60d",
	             HIT("named", "history: trader, feed: [{amount: usual, counterparty: {named: supplier}}]")
	             HIT("like", "history: trader, feed: [{amount: usual, counterparty: {like: supplier}}]")
	             MISS("as", "history: trader, feed: [{amount: usual, counterparty: {as: supplier}}]")
	             MISS("young", "history: new-firm, feed: [{amount: usual, counterparty: {named: supplier}}]")
	             MISS("nothing before", "feed: [{amount: '1', counterparty: {name: 某某商行, account: '62220200000009'}}]")) > 0)
		fail_msg("%s", said);
	if (failures("name_distance() = 0 and not known(counterparty.account)",
	             HIT("named", "history: trader, feed: [{amount: usual, counterparty: {named: supplier}}]")
	             MISS("as", "history: trader, feed: [{amount: usual, counterparty: {as: supplier}}]")
	             MISS("like", "history: trader, feed: [{amount: usual, counterparty: {like: supplier}}]")) > 0)
		fail_msg("%s", said);
	if (failures("name_distance() in [1, 2]",
	             HIT("like", "history: trader, feed: [{amount: usual, counterparty: {like: supplier}}]")
	             HIT("like another", "history: factory, feed: [{amount: usual, counterparty: {like: supplier4}}]")) > 0)
		fail_msg("%s", said);
	if (failures("amount >= p90(debits, 90d) and emptied() > 80%",
	             HIT("large", "history: clinic, feed: [{amount: 90% of balance}]")
	             MISS("usual", "history: clinic, feed: [{amount: usual}]")) > 0)
		fail_msg("%s", said);
	if (failures("idle() >= 180d", HIT("dormant", "history: dormant, feed: [{amount: usual}]")
	                               MISS("again", "history: dormant, feed: [{amount: usual, status: failed}]")
	                               MISS("sleeper has the bank's fees", "history: sleeper, feed: [{amount: \"1\"}]")) > 0)
		fail_msg("%s", said);
	if (failures("known(mac) and known(device)", HIT("own machine", "history: clinic, feed: [{amount: usual}]")
	                                             MISS("strange", "history: clinic, feed: [{amount: usual, mac: 02-00}]")) > 0)
		fail_msg("%s", said);
	if (failures("is_staff(counterparty.name) and same_city(counterparty.bank)",
	             HIT("staff", "history: factory, feed: [{amount: '1', counterparty: {as: staff4, bank: '102399900018'}}]")
	             MISS("far", "history: factory, feed: [{amount: '1', counterparty: {as: staff4, bank: '308584000013'}}]")
	             MISS("supplier", "history: factory, feed: [{amount: '1', counterparty: {as: supplier}}]")) > 0)
		fail_msg("%s", said);
}

static void balances_run_on(void **state)
{
	(void)state;
	if (failures("balance = 700",
	              HIT("after", "feed: [{amount: '1', balance: '1000'}, {amount: '300', balance: '700'}]")
	              HIT("share", "feed: [{amount: '1', balance: '1000'}, {amount: 30% of balance, balance: '700'}]")
	              MISS("only said", "feed: [{amount: '1', balance: '1000'}, {amount: '300'}]")) > 0)
		fail_msg("%s", said);
	if (failures("amount = 300", HIT("share", "feed: [{amount: '1', balance: '1000'}, {amount: 30% of balance}]")) > 0)
		fail_msg("%s", said);
	assert_int_equal(failures("amount = 300", HIT("share", "feed: [{amount: 30% of balance}]")), 1);
	assert_non_null(strstr(said, "transaction 1: its amount is a part of the balance, which is not known there"));
}

static void times_go_on(void **state)
{
	(void)state;
	if (failures("hour(booked_at) = 12 and weekday(booked_at) = 2",
	              HIT("a day and two hours on", "feed: [{amount: '1'}, {amount: '2', after: 26h}]")
	              HIT("from where it begins", "feed: [{amount: '1', booked_at: '2026-04-06T12:30:00+08:00'},"
	                                          " {amount: '2', after: 1d}]")
	              MISS("a minute", "feed: [{amount: '1'}, {amount: '2'}]")) > 0)
		fail_msg("%s", said);
}

static void lists_of_a_test(void **state)
{
	(void)state;
	if (failures_of("list: {counterparty.account: stop-payment, counterparty.name: stop-payment}",
	                HIT("account", "lists: {stop-payment: ['622202000000099']},"
	                               " feed: [{amount: '1', counterparty: {account: '622202000000099'}}]")
	                HIT("name", "lists: {stop-payment: [某某商行]}, feed: [{amount: '1', counterparty: {name: 某某 商行}}]")
	                MISS("other", "lists: {watch: [某某商行]}, feed: [{amount: '1', counterparty: {name: 某某商行}}]")
	                MISS("no list", "feed: [{amount: '1', counterparty: {name: 某某商行}}]")) > 0)
		fail_msg("%s", said);
}

/* A test's other accounts are the others that a link looks for; the transactions before the last hit then, too. */
static void accounts_are_linked(void **state)
{
	(void)state;
	if (failures_of("link: {by: counterparty.account, distinct: account, at_least: 3, within: 24h}",
	                HIT("three", "feed: [{account: '62220200001', amount: '1', counterparty: {account: '62229999'}},"
	                             " {account: '62220200002', amount: '1', counterparty: {account: '62229999'}},"
	                             " {account: '62220200003', amount: '1', counterparty: {account: '62229999'}}]")
	                HIT("with history", "history: shop, feed:"
	                             " [{account: '62220200001', amount: '1', counterparty: {account: '62229999'}},"
	                             " {account: '62220200002', amount: '1', counterparty: {account: '62229999'}},"
	                             " {amount: usual, counterparty: {account: '62229999'}}]")
	                MISS("two", "feed: [{account: '62220200001', amount: '1', counterparty: {account: '62229999'}},"
	                            " {account: '62220200002', amount: '1', counterparty: {account: '62229999'}},"
	                            " {account: '62220200002', amount: '1', counterparty: {account: '62229999'}}]")
	                MISS("too slow", "feed: [{account: '62220200001', amount: '1', counterparty: {account: '62229999'}},"
	                             " {account: '62220200002', amount: '1', counterparty: {account: '62229999'}},"
	                             " {account: '62220200003', amount: '1', after: 25h, counterparty: {account: '62229999'}}]")) > 0)
		fail_msg("%s", said);
}

static void what_a_history_lacks_is_said(void **state)
{
	(void)state;
	assert_int_equal(failures("amount > 0", HIT("who", "history: clinic, feed: [{amount: '1', counterparty: {as: driver}}]")), 1);
	assert_non_null(strstr(said, "transaction 1: the history `clinic` has no `driver1`; it has 0"));
}

/* A hit that does not come is explained, condition by condition, where the set keeps them apart. */
static void a_missed_hit_is_explained(void **state)
{
	struct pattern_options options = {.explain = true};
	struct pattern_set *set;
	struct error error;
	unsigned run;
	const char *yaml =
		"id: t\nversion: 1\nstatus: shadow\ntypology: M03\ntitle: {zh: 试, en: t}\naudience: analyst\nscore: 5\n"
		"detect:\n  where: amount >= 5 and count(debits, 1h) >= 3 and hour(booked_at) = 10\ntests:\n"
		HIT("near", "feed: [{amount: '4'}, {amount: '4'}]");

	(void)state;
	assert_int_equal(pattern_set_load_bytes("t.yaml", yaml, strlen(yaml), &options, &set, &error), 0);
	said[0] = '\0';
	assert_int_equal(workshop_test(set, (struct slice){0}, take_result, NULL, &run), 1);
	assert_non_null(strstr(said, "there was none\n    no: amount >= 5 — amount 4.00\n"
	                             "    no: count(debits, 1h) >= 3 — count_debits_1h 2\n"));
	assert_null(strstr(said, "hour"));
	pattern_set_free(&set);
}

static void refused(const char *test, const char *why)
{
	char yaml[4096];
	struct error error;

	snprintf(yaml, sizeof(yaml),
	         "id: t\nversion: 1\nstatus: draft\ntypology: M03\ntitle: {zh: 试, en: t}\naudience: analyst\nscore: 5\n"
	         "detect: {where: amount > 1}\ntests:\n  - {name: a, %s}\n",
	         test);
	assert_null(fixture_set_try(yaml, &error));
	if (strstr(error.text, why) == NULL)
		fail_msg("`%s`: expected `%s`", error.text, why);
}

static void faults_of_tests_have_their_place(void **state)
{
	(void)state;
	refused("expect: hit, history: tradr, feed: [{amount: '1'}]", "t.yaml:10:37: `history: tradr`: expected one of factory");
	refused("expect: hit, history: tradr, feed: [{amount: '1'}]", "did you mean `trader`?");
	refused("expect: hit, history: trader, feed: [{amount: '1', counterparty: {as: suplier}}]", "did you mean `supplier`?");
	refused("expect: hit, history: trader, feed: [{amount: '1', counterparty: {as: supplier0}}]", "a number from 1 to 99");
	refused("expect: hit, history: trader, feed: [{amount: '1', counterparty: {as: staff, like: staff}}]", "only one of");
	refused("expect: hit, feed: [{amount: '1', counterparty: {as: supplier}}]", "needs the test's `history`");
	refused("expect: hit, feed: [{amount: 2x usual}]", "needs the test's `history`");
	refused("expect: hit, history: trader, feed: [{amount: usually}]", "3x usual, 0.5x large, 90% of balance");
	refused("expect: hit, feed: [{amount: '1', after: 2h}]", "`after` needs a transaction before it");
	refused("expect: hit, feed: [{amount: '1'}, {amount: '2', after: 2 weeks}]", "a time such as 30s, 5m, 26h or 3d");
	refused("expect: hit, feed: [{amount: '1'}, {amount: '2', after: 2h, booked_at: '2026-03-02T10:00:00+08:00'}]",
	        "both say when");
	refused("expect: miss, evasive: true, feed: [{amount: '1'}]", "only a test that expects a hit");
	refused("expect: hit, evasive: yes, feed: [{amount: '1'}]", "expected one of true, false");
	refused("expect: hit, lists: [a], feed: [{amount: '1'}]", "`lists` must be a map");
	refused("expect: hit, enterprise: {scop: a}, feed: [{amount: '1'}]", "did you mean `scope`?");
}

/* Of thousands only those that fail are told. */
static void take_failure(void *context, const struct workshop_test_result *result)
{
	if (!result->passed)
		take_result(context, result);
}

static void the_shipped_patterns_keep_their_promises(void **state)
{
	struct pattern_options options = {.run_all = true};
	struct pattern_set *set;
	struct error error;
	unsigned run;

	(void)state;
	if (access("patterns/levels.yaml", R_OK) != 0)
		skip();
	if (pattern_set_load("patterns", &options, &set, &error) == -1)
		fail_msg("%s", error.text);
	said[0] = '\0';
	if (workshop_test(set, (struct slice){0}, take_failure, NULL, &run) > 0)
		fail_msg("%s", said);
	assert_true(run >= 2 * pattern_set_count(set));
	pattern_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tests_pass_and_fail),
		cmocka_unit_test(many_tests_are_told_in_order), cmocka_unit_test(words_stand_for_the_history),
		cmocka_unit_test(the_history_is_remembered), cmocka_unit_test(balances_run_on), cmocka_unit_test(times_go_on),
		cmocka_unit_test(lists_of_a_test), cmocka_unit_test(accounts_are_linked),
		cmocka_unit_test(what_a_history_lacks_is_said), cmocka_unit_test(a_missed_hit_is_explained),
		cmocka_unit_test(faults_of_tests_have_their_place),
		cmocka_unit_test(the_shipped_patterns_keep_their_promises),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
