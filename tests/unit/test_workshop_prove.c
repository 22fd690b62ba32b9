/*
 * Which conditions of a pattern its own tests prove: a pattern with both kinds.
 */
#include "tests/unit/match_fixture.h"
#include "tests/unit/pack_fixture.h"
#include "workshop/workshop.h"

static char said[4096];
static struct workshop_proved counts;

static void write_pattern(const char *id, const char *status, const char *detect, const char *tests)
{
	pack_write(&(struct pack_pattern){.id = id, .status = status, .detect = detect, .tests = tests});
}

static void take(void *context, const struct pattern *copy)
{
	const struct pattern_lack *lack = copy->lack;

	(void)context;
	sprintf(said + strlen(said), "%.*s:%d:%d %s%.*s: %.*s\n", SLICE_PRINT(copy->file), lack->line, lack->column,
	        lack->alternative ? "or " : "", SLICE_PRINT(lack->part), SLICE_PRINT(lack->text));
}

static void prove(const char *only)
{
	struct error error;

	said[0] = '\0';
	if (workshop_prove(pack_dir, slice_of(only), take, NULL, &counts, &error) == -1)
		fail_msg("%s", error.text);
}

#define HIT(feed) "  - {expect: hit, name: h, feed: [" feed "]}\n"
#define MISS(feed) "  - {expect: miss, name: m, feed: [" feed "]}\n"

/* The amount has a test that only it fails; nobody was ever paid. */
static void one_is_proved_and_one_is_not(void **state)
{
	(void)state;
	write_pattern("a", "active", "  where: direction = debit and amount >= 5\n",
	              HIT("{amount: '9'}") MISS("{amount: '4'}") MISS("{amount: '4', direction: credit}"));
	prove("");
	assert_string_equal(said, "a.yaml:9:10 where: direction = debit\n");
	assert_int_equal(counts.patterns, 1);
	assert_int_equal(counts.conditions, 2);
	assert_int_equal(counts.unproved, 1);
	assert_int_equal(counts.failed, 0);
}

/* One test after the other, until nothing is left that it would not miss. */
static void tests_prove_lists_and_steps(void **state)
{
	(void)state;
	write_pattern("a", "active",
	              "  text: {in: [remark], any: [急付], none: [工资]}\n"
	              "  sequence: [{name: in, direction: credit, amount: '>= 5'}, {name: out, direction: debit}]\n"
	              "  within: 1h\n"
	              "  having: sum(out) >= sum(in)\n",
	              HIT("{amount: '9', direction: credit}, {amount: '9', remark: 急付}")
	              MISS("{amount: '9', direction: credit}, {amount: '9', remark: 货款}")
	              MISS("{amount: '9', direction: credit}, {amount: '9', remark: 急付, after: 2h}"));
	prove("");
	assert_string_equal(said, "a.yaml:9:35 text none: [工资]\n"
	                          "a.yaml:10:25 step direction: credit\n"
	                          "a.yaml:10:44 step amount: >= 5\n"
	                          "a.yaml:10:73 step direction: debit\n"
	                          "a.yaml:12:11 having: sum(out) >= sum(in)\n");
	write_pattern("a", "active",
	              "  text: {in: [remark], any: [急付], none: [工资]}\n"
	              "  sequence: [{name: in, direction: credit, amount: '>= 5'}, {name: out, direction: debit}]\n"
	              "  within: 1h\n"
	              "  having: sum(out) >= sum(in)\n",
	              HIT("{amount: '9', direction: credit}, {amount: '9', remark: 急付}")
	              MISS("{amount: '9', direction: credit}, {amount: '9', remark: 货款}")
	              MISS("{amount: '9', direction: credit}, {amount: '9', remark: 急付, after: 2h}")
	              MISS("{amount: '9', direction: credit}, {amount: '9', remark: 急付工资}")
	              MISS("{amount: '9'}, {amount: '9', remark: 急付}")
	              MISS("{amount: '4', direction: credit}, {amount: '9', remark: 急付}")
	              MISS("{amount: '9', direction: credit}, {amount: '9', remark: 急付, direction: credit}")
	              MISS("{amount: '9', direction: credit}, {amount: '8', remark: 急付}"));
	prove("");
	assert_string_equal(said, "");
	assert_int_equal(counts.conditions, 7);
}

/* An alternative is proved by a hit that needs it, a link by those who do not share. */
static void tests_prove_alternatives_and_links(void **state)
{
	(void)state;
	write_pattern("a", "active", "  any_of: [{where: amount >= 5}, {where: amount = 3}]\n",
	              HIT("{amount: '9'}") MISS("{amount: '4'}"));
	prove("");
	assert_string_equal(said, "a.yaml:9:34 or any_of: {where: amount = 3}\n");
	write_pattern("a", "active", "  link: {by: ip, distinct: account, at_least: 2, within: 1h, count: 2}\n",
	              HIT("{amount: '9', ip: 10.0.0.1}, {amount: '9', ip: 10.0.0.1, account: '622202'}")
	              MISS("{amount: '9', ip: 10.0.0.1}, {amount: '9', ip: 10.0.0.2, account: '622202'}"));
	prove("");
	assert_string_equal(said, "a.yaml:9:50 link within: 1h\na.yaml:9:62 link count: 2\n");
}

/* A test that fails without that says nothing, nor does one whose miss is the list's doing. */
static void what_proves_nothing(void **state)
{
	(void)state;
	write_pattern("a", "active", "  where: amount >= 5\n",
	              HIT("{amount: '9'}") MISS("{amount: '9'}")
	              "  - {expect: miss, name: m, lists: {allow: [某某商行]},"
	              " feed: [{amount: '9', counterparty: {name: 某某商行}}]}\n");
	prove("");
	assert_string_equal(said, "a.yaml:9:10 where: amount >= 5\n");
	assert_int_equal(counts.failed, 1);
}

/* Without settings a pattern is read and tested at the rates that the service has without them. */
static void other_currencies_have_their_built_in_rates(void **state)
{
	(void)state;
	write_pattern("a", "active", "  where: amount >= 300 USD\n",
	              HIT("{amount: '290', currency: EUR}") MISS("{amount: '310', currency: HKD}")
	              MISS("{amount: '2000000', currency: XOF}"));
	prove("");
	assert_string_equal(said, "");
	assert_int_equal(counts.conditions, 1);
	assert_int_equal(counts.failed, 0);
}

/* All that are active, in the order of their ids; one of another status where it is named. */
static void active_ones_are_proved(void **state)
{
	struct error error;

	(void)state;
	write_pattern("a", "active", "  where: amount >= 5\n", HIT("{amount: '9'}"));
	write_pattern("b", "draft", "  where: amount >= 6\n", HIT("{amount: '9'}"));
	write_pattern("c", "active", "  where: amount >= 7\n", HIT("{amount: '9'}"));
	prove("");
	assert_string_equal(said, "a.yaml:9:10 where: amount >= 5\nc.yaml:9:10 where: amount >= 7\n");
	assert_int_equal(counts.patterns, 2);
	prove("b");
	assert_string_equal(said, "b.yaml:9:10 where: amount >= 6\n");
	assert_int_equal(workshop_prove(pack_dir, slice_of("d"), take, NULL, &counts, &error), -1);
	assert_non_null(strstr(error.text, "there is no pattern `d`"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_proved_and_one_is_not), cmocka_unit_test(tests_prove_lists_and_steps),
		cmocka_unit_test(tests_prove_alternatives_and_links), cmocka_unit_test(what_proves_nothing),
		cmocka_unit_test(other_currencies_have_their_built_in_rates),
		cmocka_unit_test(active_ones_are_proved),
	};

	return cmocka_run_group_tests(tests, pack_make, pack_remove);
}
