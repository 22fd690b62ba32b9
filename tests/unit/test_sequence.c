/*
 * Sequences: what they mean, case by case, and what is said of faulty ones. Against the plain reference:
 * test_sequence_reference.c.
 */
#include "tests/unit/tape_fixture.h"

#include "base/counters.h"

#define PASS_THROUGH \
	"  sequence:\n    steps:\n" \
	"      - {name: in, direction: credit, amount: '>= 10万', repeat: 1..5}\n" \
	"      - {name: out, direction: debit, repeat: 1..20}\n" \
	"    within: 2h\n    having: sum(out) >= 90% of sum(in)"

static size_t hits(const char *detect, const char *words)
{
	struct pattern_set *set = fixture_set(detect);
	struct matcher *matcher = matcher_new(set);
	struct tape_fixture tape;
	size_t count;

	tape_fixture_read(&tape, words);
	count = tape_fixture_hits(matcher, &tape);
	tape_fixture_free(&tape);
	matcher_free(&matcher);
	pattern_set_free(&set);
	return count;
}

static const struct {
	const char *detect, *tape;
	bool hit;
} cases[] = {
	/* Money comes in and goes out: at once, in parts, with fees and small change between. */
	{PASS_THROUGH, "+500000@9 30m -480000@1", true},
	{PASS_THROUGH, "+500000@9 30m -200000@1 5m -260000@2", true},
	{PASS_THROUGH, "+500000@9 30m -200000@1 5m -200000@2", false},
	{PASS_THROUGH, "+500000@9 3h -480000@1", false},
	{PASS_THROUGH, "+500000@9 2h -480000@1", true},
	{PASS_THROUGH, "+500000@9 7201s -480000@1", false},
	{PASS_THROUGH, "+300000@9 5m +200000@8 5m -240000@1 1s -10@5c 1m +3@4 1m -230000@2 1s -10@5c", true},
	{PASS_THROUGH, "+500000@9 30m +480000@1", false},
	{PASS_THROUGH, "-480000@1", false},
	/* Waves: older money and older payments within the window stay out where the numbers say so. */
	{PASS_THROUGH, "+900000@7 5m -1000@3 20m +500000@9 30m -200000@1 5m -260000@2", true},
	{PASS_THROUGH, "-100000@3 20m +500000@9 30m -300000@1 5m -100000@2", false},
	{PASS_THROUGH, "+100000@9 1m +2000000@9 1m -120000@1", false},
	{PASS_THROUGH, "+80000@8 1m +500000@9 1m -5@5c 1m -200000@1 1m +3@4 1m -260000@2", true}, /* as sequence.h draws it */
	/* Steps take at most their number, and the newest ones. */
	{"  sequence: [{direction: credit, repeat: 2}, {direction: debit}]\n"
	 "  having: sum(credit) = 30", "+10 +10 1m +20 -5", true},
	{"  sequence: [{direction: credit, repeat: 2}, {direction: debit}]\n"
	 "  having: sum(credit) = 20", "+10 +10 1m +20 -5", false},
	/* The list form, with its bounds beside it; the transaction at hand is the last of the last step. */
	{"  sequence:\n    - {direction: credit}\n    - {direction: debit}\n  within: 1h", "+10 1m -10", true},
	{"  sequence:\n    - {direction: credit}\n    - {direction: debit}\n  within: 1h", "+10 1m -10 1m +5", false},
	{"  sequence:\n    - {direction: credit}\n    - {direction: debit}\n  gaps: 0", "+10 1m -10", true},
	{"  sequence:\n    - {direction: credit}\n    - {direction: debit}\n  gaps: 0", "+10 1m -4 1m -10", false},
	{"  sequence:\n    - {direction: credit}\n    - {direction: debit, repeat: 1..3}\n  gaps: 0", "+10 1m -4 1m -10", true},
	{"  sequence:\n    - {direction: credit}\n    - {direction: debit}\n  gaps: 1", "+10 1m -4 1m -10", true},
	/* A test payment, then the large one, to the same payee behind others' fees. */
	{"  sequence:\n    - {name: test, direction: debit, amount: 1..10}\n    - {name: big, direction: debit, amount: '>= 5万'}\n"
	 "  within: 24h\n  having: same_party(test, big)", "-1@7 5m -5@3c 5m -60000@7", true},
	{"  sequence:\n    - {name: test, direction: debit, amount: 1..10}\n    - {name: big, direction: debit, amount: '>= 5万'}\n"
	 "  within: 24h\n  having: same_party(test, big)", "-1@6 5m -5@3c 5m -60000@7", false},
	{"  sequence:\n    - {name: test, direction: debit, amount: 1..10}\n    - {name: big, direction: debit, amount: '>= 5万'}\n"
	 "  having: same_party(test, big)", "-1@0 5m -60000@0", false},
	{"  sequence:\n    - {direction: debit, amount: 1..10, counterparty: this}\n    - {direction: debit, amount: '>= 5万'}",
	 "-1@7 5m -5@3c 5m -60000@7", true},
	{"  sequence:\n    - {direction: debit, amount: 1..10, counterparty: this}\n    - {direction: debit, amount: '>= 5万'}",
	 "-5@3c 5m -60000@7", false},
	{"  sequence:\n    - {direction: debit, amount: 1..10, counterparty: this}\n    - {direction: debit, amount: '>= 5万'}",
	 "-5@0 5m -60000@0", false},
	/* Not among the outermost ands it judges what was taken. */
	{"  sequence:\n    - {name: test, direction: debit, amount: 1..10}\n    - {name: big, direction: debit, amount: '>= 5万'}\n"
	 "  having: same_party(test, big) or count(big) > 1", "-1@7 5m -5@3c 5m -60000@7", false},
	/* What a step asks of each transaction. */
	{"  sequence: [{direction: debit, counterparty: new, repeat: 3}]", "-1@1 -1@2 -1@3", true},
	{"  sequence: [{direction: debit, counterparty: new, repeat: 3}]", "-1@1 -1@1 -1@3", false},
	{"  sequence: [{direction: debit, counterparty: known}]", "-1@1 -1@1", true},
	{"  sequence: [{direction: debit, counterparty: new}]", "-1@0", false},
	{"  sequence: [{kind: company}, {kind: [person, unknown]}]", "-1@1c -1@2u", true},
	{"  sequence: [{kind: company}, {kind: [person, unknown]}]", "-1@1c -1@2c", false},
	{"  sequence: [{channel: mobile}, {}]", "-1 -1", false},
	{"  sequence: [{channel: [online, mobile]}, {}]", "-1 -1", true},
	{"  sequence: [{hour: 9}, {hour: [22..23, 10]}]", "-1 30m -1", true},
	{"  sequence: [{hour: 9}, {hour: [22..23, 11]}]", "-1 30m -1", false},
	{"  sequence: [{direction: debit, left: '<= 5%'}]", "-100@1:5", true},
	{"  sequence: [{direction: debit, left: '<= 5%'}]", "-100@1:6", false},
	{"  sequence: [{direction: debit, left: '< 5%'}]", "-100@1:5", false},
	{"  sequence: [{direction: debit, left: '<= 5%'}]", "-100@1", false},
	{"  sequence: [{amount: '= 9.99'}]", "-9.99", true},
	{"  sequence: [{amount: '> 9.99'}]", "-9.99", false},
	{"  sequence: [{amount: '< 9.99'}]", "-9.98", true},
	{"  sequence: [{amount: '5 .. 1千'}]", "-1000", true},
	/* What `having` can ask. */
	{"  sequence: [{name: a, repeat: 3}]\n  having: rising(a) = 3 and first(a) = 1 and last(a) = 5 and avg(a) = 3", "-1 -3 -5", true},
	{"  sequence: [{name: a, repeat: 3}]\n  having: rising(a) = 2 and min(a) = 1 and max(a) = 4", "-4 -1 -3", true},
	{"  sequence: [{name: a, repeat: 3}]\n  having: distinct(a) = 2 and count(a) = 3", "-4@1 -1@2 -3@1", true},
	{"  sequence: [{name: a, repeat: 2}, {name: b}]\n  having: span(a) = 5m and gap(a, b) = 1h", "-4 5m -1 1h -3", true},
	{"  sequence: [{name: a, repeat: 2}, {name: b}]\n  having: not same_party(a, b)", "-4@1 5m -1@2 1h -3@1", true},
	{"  sequence: [{name: a, repeat: 1..9}]\n  having: count(a) in [4, 6..7] and sum(a) < 10", "-9 -1 -1 -1 -1", true},
	/* Among others. */
	{"  where: amount >= 100\n  any_of:\n    - sequence: [{direction: credit}, {}]\n    - sequence: [{amount: '>= 1万'}]", "-1 -200", false},
	{"  where: amount >= 100\n  any_of:\n    - sequence: [{direction: credit}, {}]\n    - sequence: [{amount: '>= 1万'}]", "+1 -200", true},
};

static void cases_hit_or_miss(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if ((hits(cases[i].detect, cases[i].tape) > 0) != cases[i].hit)
			fail_msg("%s\n  on `%s`: expected %s", cases[i].detect, cases[i].tape, cases[i].hit ? "a hit" : "a miss");
}

static const struct {
	const char *detect, *says;
} faults[] = {
	{"  sequence: {within: 2h}", "`steps` is missing"},
	{"  sequence: {steps: [{direction: debit}], withing: 2h}", "unknown key `withing` in `sequence`"},
	{"  sequence: []", "t.yaml:9:13: `sequence` must have a list of 1 to 8 steps"},
	{"  sequence: [{direction: out}]", "expected one of debit, credit"},
	{"  sequence: [{way: debit}]", "unknown key `way` in a step"},
	{"  sequence: [debit]", "a step must be a map"},
	{"  sequence: [{amount: '>= 10w'}]", "t.yaml:9:29: unknown unit `w`"},
	{"  sequence: [{amount: '>= 2h'}]", "t.yaml:9:27: `2h` is a duration; expected an amount"},
	{"  sequence: [{amount: '10..5'}]", "a range that goes backwards"},
	{"  sequence: [{amount: 'about 5'}]", "t.yaml:9:24: found `about`; expected an amount"},
	{"  sequence: [{amount: '> 5 元 7'}]", "t.yaml:9:30: found `7`; expected an amount"},
	{"  sequence: [{amount: '>='}]", "nothing more is here; expected an amount"},
	{"  sequence: [{kind: persn}]", "expected one of company, person, treasury, bank, unknown (did you mean `person`?)"},
	{"  sequence: [{channel: [online, mobil]}]", "(did you mean `mobile`?)"},
	{"  sequence: [{counterparty: old}]", "expected one of new, known, this"},
	{"  sequence: [{hour: 24}]", "`hour: 24`: expected a whole number or two"},
	{"  sequence: [{hour: [23..5]}]", "`hour: 23..5`"},
	{"  sequence: [{left: '<= 0.5%'}]", "whole percents"},
	{"  sequence: [{left: '<= 5'}]", "`5` is a number; expected a share of the balance before"},
	{"  sequence: [{repeat: 0}]", "`repeat: 0`: expected a whole number or two"},
	{"  sequence: [{repeat: 3..2}]", "`repeat: 3..2`"},
	{"  sequence: [{repeat: 40}, {repeat: 30}]", "the steps need 70 transactions, an account's memory keeps the last 64"},
	{"  sequence: [{name: In}]", "`name: In`: expected small letters"},
	{"  sequence: [{name: of}]", "`name: of`: a word of conditions"},
	{"  sequence: [{name: in}, {name: in}]", "t.yaml:9:33: `name: in` stands here twice"},
	{"  sequence: [{direction: debit}]\n  within: 2 hourz", "t.yaml:10:13: unknown unit `hourz`"},
	{"  sequence: [{direction: debit}]\n  within: 100d", "at most 90d"},
	{"  sequence: [{direction: debit}]\n  within: 2", "is a number; expected a duration"},
	{"  sequence: [{direction: debit}]\n  gaps: many", "`gaps: many`: expected a whole number"},
	{"  where: amount > 5\n  within: 2h", "t.yaml:10:3: `within` belongs to a sequence; expected it beside a `sequence`"},
	{"  sequence: {steps: [{}]}\n  having: count(a) > 1", "expected it inside of `sequence`, beside `steps`"},
	{"  sequence: [{name: in}, {name: out}]\n  having: sum(outt) > 5", "t.yaml:10:15: `outt` is no step; expected one of in, out (did you mean `out`?)"},
	{"  sequence: [{}]\n  having: sum(a) > 5", "expected a step with a name"},
	{"  sequence: [{direction: debit}, {direction: debit}]\n  having: sum(debit) > 5", "two steps are called `debit`"},
	{"  sequence: [{name: a}]\n  having: summ(a) > 5", "t.yaml:10:11: unknown function `summ`"},
	{"  sequence: [{name: a}]\n  having: summ(a) > 5", "(did you mean `sum`?)"},
	{"  sequence: [{name: a}]\n  having: amount > 5", "`amount` alone says nothing here"},
	{"  sequence: [{name: a}]\n  having: sum > 5", "`sum` is a function; write sum(step)"},
	{"  sequence: [{name: a}]\n  having: sum(a, a) > 5", "the wrong number of steps; expected sum(step)"},
	{"  sequence: [{name: a}, {name: b}]\n  having: gap(b, a) > 5m", "a must be the earlier step"},
	{"  sequence: [{name: a}]\n  having: sum(a) > 5m", "they cannot be compared"},
	{"  sequence: [{name: a}]\n  having: span(a) > 5", "they cannot be compared"},
	{"  sequence: [{name: a}]\n  having: sum(a)", "the condition is an amount"},
	{"  sequence: [{name: a}]\n  having: [x]", "`having` must be a condition"},
};

static void faults_say_what_was_expected(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char *yaml = fixture_yaml(faults[i].detect);
		struct error error = {""};
		struct pattern_set *set = fixture_set_try(yaml, &error);
		if (set != NULL || strstr(error.text, faults[i].says) == NULL)
			fail_msg("%s\n  says `%s`, expected `%s`", faults[i].detect, error.text, faults[i].says);
		free(yaml);
	}
}

static void evidence_has(const char *detect, const char *words, const char *const *said)
{
	struct pattern_set *set = fixture_set(detect);
	struct matcher *matcher = matcher_new(set);
	struct tape_fixture tape;
	char *evidence;

	tape_fixture_read(&tape, words);
	evidence = tape_fixture_evidence(matcher, &tape);
	for (; *said != NULL; said++)
		if (strstr(evidence, *said) == NULL)
			fail_msg("`%s` is not in %s", *said, evidence);
	free(evidence);
	tape_fixture_free(&tape);
	matcher_free(&matcher);
	pattern_set_free(&set);
}

static void the_evidence_shows_what_each_step_took(void **state)
{
	(void)state;
	evidence_has(PASS_THROUGH, "+500000@9 20m -200000@1 5m +3@4 -260000@2", (const char *const[]){
		"\"in_count\":\"1\",\"in_sum\":\"500000.00\",\"out_count\":\"2\",\"out_sum\":\"460000.00\",\"span\":\"25m\",",
		"\"sequence\":\"2026-03-02T01:35:00.000Z +500000.00, 20m -200000.00, 5m -260000.00\"}",
		"；收款 1 笔 500,000.00 元，随后付款 2 笔共 460,000.00 元，前后 25 分钟\"",
		"; 1 receipt of CNY 500,000.00, then 2 payments of CNY 460,000.00 in all, within 25 minutes\"", NULL});
	/* Steps that nobody named; of a long sequence both ends. */
	evidence_has("  sequence: [{repeat: 2}, {direction: debit}, {direction: debit, repeat: 19}]",
	             "+1 1s +2 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -7", (const char *const[]){
		"\"step1_count\":\"2\",\"step1_sum\":\"3.00\",\"step2_count\":\"1\"", "\"step3_sum\":\"25.00\",\"span\":\"1s\"",
		"Z +1.00, 1s +2.00, 0s -1.00, 0s -1.00, 0s -1.00, 0s -1.00, 0s -1.00, 0s -1.00, 0s -1.00, 0s -1.00, …, 0s",
		"交易 2 笔共 3.00 元", NULL});
	/* Of alternatives, the first that holds. */
	evidence_has("  any_of:\n    - sequence: [{direction: credit}, {name: x}]\n    - sequence: [{name: y}]", "-1 -2",
	             (const char *const[]){"\"y_count\":\"1\",\"y_sum\":\"2.00\",\"span\":\"0s\"", "；交易 1 笔 2.00 元\"", NULL});
}

/* I8: what could be placed in too many ways is given up, and counted. */
static void too_many_placings_are_given_up(void **state)
{
	struct pattern_set *set = fixture_set("  sequence: [{name: a, repeat: 1..20}, {repeat: 1..20}, {repeat: 1..20}, {repeat: 1..20}]\n"
	                                      "  having: sum(a) > 1亿");
	struct matcher *matcher = matcher_new(set);
	struct tape_fixture tape = {.count = 0};
	uint64_t before = counter_sum(COUNT_SEQUENCE_TRIES_FULL);

	(void)state;
	for (int i = 0; i < 64; i++)
		tape_fixture_add(&tape, 1000, TX_DEBIT, 100, 1, TX_PERSON, UINT8_MAX);
	tape_fixture_put(&tape, NULL);
	assert_int_equal(tape_fixture_hits(matcher, &tape), 0);
	assert_int_equal(counter_sum(COUNT_SEQUENCE_TRIES_FULL), before + 1);
	tape_fixture_free(&tape);
	matcher_free(&matcher);
	pattern_set_free(&set);
}

/* A late transaction has no view: what it asks of the account's past is absent. */
static void without_history_no_sequence_holds(void **state)
{
	struct pattern_set *set = fixture_set("  sequence: [{direction: debit}]");
	struct tx tx = fixture_tx();

	(void)state;
	assert_int_equal(fixture_hits(set, &tx), 0);
	pattern_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_hit_or_miss),
		cmocka_unit_test(faults_say_what_was_expected),
		cmocka_unit_test(the_evidence_shows_what_each_step_took),
		cmocka_unit_test(too_many_placings_are_given_up),
		cmocka_unit_test(without_history_no_sequence_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
