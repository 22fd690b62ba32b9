/*
 * Copies of a pattern without one of its conditions: that each condition has one, which says where it stands, and that
 * the copy finds what the pattern does not.
 */
#include "tests/unit/match_fixture.h"

static struct pattern_set *weakened(const char *detect)
{
	const struct pattern_options options = {.weakened = true, .rates = fixture_rate_list(), .rate_count = 3};
	char *yaml = fixture_yaml(detect);
	struct pattern_set *set;
	struct error error;

	if (pattern_set_load_bytes("t.yaml", yaml, strlen(yaml), &options, &set, &error) == -1)
		fail_msg("%s", error.text);
	free(yaml);
	return set;
}

/* The line on which `detect` begins, so that places can be told from it. */
static int first_line(const char *detect)
{
	char *yaml = fixture_yaml(detect);
	int line = 1;

	for (const char *at = yaml; at < strstr(yaml, detect); at++)
		line += *at == '\n';
	free(yaml);
	return line;
}

/* "1:10 where: amount >= 5", a line for each copy, in the order of the copies; lines are those of `detect`. */
static void lacks_of(const char *detect, const char *expected)
{
	struct pattern_set *set = weakened(detect);
	int first = first_line(detect);
	char found[4096] = "";

	assert_null(pattern_set_at(set, 0)->lack);
	for (size_t i = 1; i < pattern_set_count(set); i++) {
		const struct pattern_lack *lack = pattern_set_at(set, i)->lack;
		assert_non_null(lack);
		sprintf(found + strlen(found), "%d:%d %s%.*s: %.*s\n", lack->line - first + 1, lack->column,
		        lack->alternative ? "or " : "", SLICE_PRINT(lack->part), SLICE_PRINT(lack->text));
	}
	assert_string_equal(found, expected);
	pattern_set_free(&set);
}

static void what_and_joins_is_a_condition(void **state)
{
	(void)state;
	lacks_of("  where: amount >= 5\n", "1:10 where: amount >= 5\n");
	lacks_of("  where: >-\n    direction = debit and (amount >= 5 or channel = online)\n    and 1 <= amount < 7\n",
	         "2:5 where: direction = debit\n2:27 where: (amount >= 5 or channel = online)\n"
	         "3:9 where: 1 <= amount\n3:14 where: amount < 7\n");
	lacks_of("  where: not (present(ip) or amount < 5) and (amount < 9 and not present(mac))\n",
	         "1:15 where: not present(ip)\n1:30 where: not amount < 5\n1:47 where: amount < 9\n"
	         "1:66 where: not present(mac)\n");
}

static void lists_of_a_text_are_conditions(void **state)
{
	(void)state;
	lacks_of("  text:\n    in: [remark]\n    any: [a, 乙]\n    all: [c, d]\n    none: ['e  f']\n",
	         "3:5 text any: [a, 乙]\n4:11 text all: c\n4:14 text all: d\n5:5 text none: [e f]\n");
}

static void steps_and_bounds_are_conditions(void **state)
{
	(void)state;
	lacks_of("  sequence:\n"
	         "    steps:\n"
	         "      - {name: in, direction: credit, amount: '>= 5', repeat: 1..3, left: '<= 5%'}\n"
	         "      - {direction: debit, kind: [person], channel: online, counterparty: new, hour: 3, repeat: 2..4}\n"
	         "    within: 2h\n"
	         "    gaps: 3\n"
	         "    having: sum(debit) >= 5 and same_party(in, debit)\n",
	         "3:20 step direction: credit\n3:39 step amount: >= 5\n3:69 step left: <= 5%\n"
	         "4:10 step direction: debit\n4:28 step kind: [person]\n4:44 step channel: online\n"
	         "4:80 step hour: 3\n4:61 step counterparty: new\n4:89 step repeat: 2..4\n"
	         "5:5 sequence within: 2h\n6:5 sequence gaps: 3\n"
	         "7:13 having: sum(debit) >= 5\n7:33 having: same_party(in, debit)\n");
}

static void what_others_must_do_is_a_condition(void **state)
{
	(void)state;
	lacks_of("  link: {by: ip, distinct: account, at_least: 3, within: 24h, count: 5, sum: 50万}\n",
	         "1:3 link: {by: ip, distinct: account, at_least: 3, within: 24h, count: 5, sum: 50万}\n"
	         "1:50 link within: 24h\n1:63 link count: 5\n1:73 link sum: 50万\n");
	lacks_of("  path: {shape: cycle, hops: 3..5, within: 72h, tolerance: 10%}\n",
	         "1:3 path: {shape: cycle, hops: 3..5, within: 72h, tolerance: 10%}\n"
	         "1:36 path within: 72h\n1:49 path tolerance: 10%\n");
}

static void alternatives_are_left_out_one_by_one(void **state)
{
	(void)state;
	lacks_of("  list: {ip: watch, counterparty.name: [watch, mules]}\n"
	         "  any_of:\n"
	         "    - where: amount > 5 and present(ip)\n"
	         "    - text: {in: [remark], any: [a]}\n",
	         "1:3 list: {ip: watch, counterparty.name: [watch, mules]}\n"
	         "1:10 or list: watch\n1:21 or list: [watch, mules]\n"
	         "2:3 any_of: [{where: amount > 5 and present(ip)}, {text: {in: [remark], any: [a]}}]\n"
	         "3:7 or any_of: {where: amount > 5 and present(ip)}\n"
	         "3:14 where: amount > 5\n3:29 where: present(ip)\n"
	         "4:7 or any_of: {text: {in: [remark], any: [a]}}\n"
	         "4:28 text any: [a]\n");
}

/* The ids of what hits, "t t~002". */
static void hitting(struct pattern_set *set, const struct tx *tx, const char *expected)
{
	struct matcher *matcher = matcher_new(set);
	char found[1024] = "";
	struct arena arena;
	struct match_hits hits = {.arena = &arena};

	arena_init(&arena, 1 << 20);
	match_tx(matcher, tx, NULL, &hits);
	for (size_t i = 0; i < hits.count; i++)
		sprintf(found + strlen(found), "%s%.*s", i > 0 ? " " : "", SLICE_PRINT(hits.items[i].pattern));
	assert_string_equal(found, expected);
	arena_deinit(&arena);
	matcher_free(&matcher);
}

/* 480,000 by a debit: what a copy lacks does not keep it. */
static void a_copy_hits_without_its_condition(void **state)
{
	struct pattern_set *set = weakened("  text: {in: [purpose, remark], any: [急付], none: [工资]}\n"
	                                   "  where: amount >= 40万 and direction = debit\n");
	struct tx right = fixture_text("急付", ""), words = fixture_text("货款", ""), wages = fixture_text("急付", "工资"),
	          small = fixture_text("急付", ""), credit = fixture_text("急付", "");

	(void)state;
	small.amount_minor = 100;
	credit.direction = TX_CREDIT;
	hitting(set, &right, "t t~001 t~002 t~003 t~004");
	hitting(set, &words, "t~001");
	hitting(set, &wages, "t~002");
	hitting(set, &small, "t~003");
	hitting(set, &credit, "t~004");
	pattern_set_free(&set);
}

/* Nothing is left of it, or of its only part. */
static void a_copy_without_any_condition_hits_all(void **state)
{
	struct pattern_set *set = weakened("  where: amount >= 1亿\n");
	struct tx tx = fixture_tx();

	(void)state;
	hitting(set, &tx, "t~001");
	pattern_set_free(&set);
	set = weakened("  any_of: [{text: {in: [remark], any: [急付]}}, {where: amount < 5}]\n");
	hitting(set, &tx, "t~001 t~003 t~005");
	pattern_set_free(&set);
}

/* A set that is asked for as always has no copies. */
static void only_who_asks_gets_copies(void **state)
{
	struct pattern_set *set = fixture_set("  where: amount >= 5 and direction = debit\n");

	(void)state;
	assert_int_equal(pattern_set_count(set), 1);
	pattern_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_and_joins_is_a_condition),
		cmocka_unit_test(lists_of_a_text_are_conditions),
		cmocka_unit_test(steps_and_bounds_are_conditions),
		cmocka_unit_test(what_others_must_do_is_a_condition),
		cmocka_unit_test(alternatives_are_left_out_one_by_one),
		cmocka_unit_test(a_copy_hits_without_its_condition),
		cmocka_unit_test(a_copy_without_any_condition_hits_all),
		cmocka_unit_test(only_who_asks_gets_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
