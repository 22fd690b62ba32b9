/* Scenario files: the small words, what is refused and where, and the files that are shipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/tx.h"
#include "simulate/script_rules.h"

static void numbers_and_amounts_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t minor;
	} yuan[] = {{"1", 100}, {"0.01", 1}, {"199.99万", 199990000}, {"4.99万", 4990000}, {"50_000", 5000000},
	            {"1.5亿", INT64_C(15000000000)}};
	static const char *const wrong[] = {"", "万", "1.234", "-1", "0", "1e3", "1..", "1 万", "9999999999999",
	                                    "1.万"};
	int64_t minor;

	(void)state;
	for (size_t i = 0; i < sizeof(yuan) / sizeof(yuan[0]); i++) {
		assert_true(rule_yuan(slice_of(yuan[i].text), &minor));
		assert_int_equal(minor, yuan[i].minor);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (rule_yuan(slice_of(wrong[i]), &minor))
			fail_msg("`%s` was taken as an amount", wrong[i]);
}

static void ranges_are_read(void **state)
{
	struct script_range range;
	struct script_amount amount;

	(void)state;
	assert_true(rule_duration(slice_of("90s..5m"), &range));
	assert_true(range.least == 90000 && range.most == 300000);
	assert_false(rule_duration(slice_of("5m..90s"), &range));
	assert_false(rule_duration(slice_of("5"), &range));
	assert_true(rule_clock(slice_of("23:10..4:30"), &range));
	assert_true(range.least == 23 * 60 + 10 && range.most == 4 * 60 + 30);
	assert_false(rule_clock(slice_of("9:60..10:00"), &range));
	assert_false(rule_clock(slice_of("9:00"), &range));
	assert_true(rule_amount(slice_of("5万..48万"), &amount));
	assert_true(amount.of == OF_YUAN && amount.range.least == 5000000 && amount.range.most == 48000000);
	assert_true(rule_amount(slice_of("99.3%..99.95% of balance"), &amount));
	assert_true(amount.of == OF_BALANCE && amount.range.least == 9930 && amount.range.most == 9995);
	assert_true(rule_amount(slice_of("120% of last"), &amount));
	assert_true(amount.of == OF_LAST && amount.range.least == 12000 && amount.range.most == 12000);
	assert_false(rule_amount(slice_of("90% of everything"), &amount));
	assert_false(rule_amount(slice_of("90%"), &amount));
	assert_false(rule_amount(slice_of("0..5"), &amount));
}

#define HEAD "id: x\ntypology: V01\ntitle: {zh: 甲, en: A}\nstory: s\ncast:\n  v: {kinds: [trader]}\n"

static const struct {
	const char *text, *told;
} refusals[] = {
	{HEAD "steps:\n  - {who: v, pays: owner, amount: 5, purpos: a}\n",
	 "f:8:38: unknown key `purpos`; did you mean `purpose`?"},
	{HEAD "steps:\n  - {who: w, pays: owner, amount: 5}\n", "f:8:5: `who: w` is no role"},
	{HEAD "steps:\n  - {who: v, pays: nobody, amount: 5}\n", "`nobody` is no role, no outsider"},
	{HEAD "steps:\n  - {who: v, amount: 5}\n", "`pays` or `paid_by`"},
	{HEAD "steps:\n  - {who: v, pays: owner, paid_by: owner, amount: 5}\n", "`pays` or `paid_by`"},
	{HEAD "steps:\n  - {who: v, pays: owner}\n", "the key `amount` is missing"},
	{HEAD "steps:\n  - {who: v, pays: owner, amount: some}\n", "f:8:35: `some`: expected"},
	{HEAD "steps:\n  - {who: v, pays: owner, amount: 5, repeat: 0}\n", "`repeat` is 1 to"},
	{HEAD "steps:\n  - {who: v, pays: owner, amount: 5, channel: pigeon}\n", "`pigeon`: expected a channel"},
	{HEAD "steps:\n  - {who: v, pays: owner, amount: 5, machine: odd}\n", "`odd`: expected own, new or shared"},
	{HEAD "rounds: 99\nsteps:\n  - {who: v, pays: owner, amount: 5}\n", "`rounds` is 1 to"},
	{HEAD, "the key `steps` is missing"},
	{"id: x y\n", "f:1:5: `x y`: expected letters"},
	{"id: x\ntypology: X01\n", "a typology of the catalogue"},
	{"id: x\ncast:\n  v: {kinds: [bakery]}\n", "`bakery`: expected a kind"},
	{"id: x\ncast:\n  v: {kinds: [trader], accounts: 0..2}\n", "a role has 1 to"},
	{"id: x\noutsiders:\n  p: {kind: ghost}\n", "`ghost`: expected company"},
	{"id: x\noutsiders:\n  p: {kind: person, country: HKG}\n", "two letters"},
	{"[1, 2]\n", "expected a map"},
};

static void wrong_files_are_told_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		static struct script script;
		struct error error = {""};
		const char *text = refusals[i].text;
		assert_int_equal(script_read(&script, "f", text, strlen(text), &error), -1);
		if (strstr(error.text, refusals[i].told) == NULL)
			fail_msg("`%s` does not say `%s`", error.text, refusals[i].told);
	}
}

static void a_step_is_read_whole(void **state)
{
	static struct script script;
	static const char text[] = HEAD
		"texts:\n  n: [a, b]\noutsiders:\n  p: {kind: person, as: supplier, where: near, members: 2..3}\n"
		"steps:\n  - {who: v, pays: p, amount: [50, 100], same: yes, purpose: n, remark: c, disguise: 20%,\n"
		"     channel: mobile, machine: new, device: own, after: 1h, at: 9:00..10:00, repeat: 2, label: no}\n";
	const struct script_step *step = &script.steps[0];
	struct error error = {""};

	(void)state;
	assert_int_equal(script_read(&script, "f", text, sizeof(text) - 1, &error), 0);
	assert_int_equal(script.step_count, 1);
	assert_int_equal(step->direction, TX_DEBIT);
	assert_true(step->whom.type == WHOM_OUTSIDER && step->whom.index == 0);
	assert_true(step->amount.of == OF_LIST && step->amount.list_count == 2 &&
	            step->amount.list_minor[1] == 10000);
	assert_true(step->same && !step->label);
	assert_int_equal(step->purpose->count, 2);
	assert_true(slice_is(step->remark->items[0], "c"));
	assert_true(step->ip == MACHINE_NEW && step->mac == MACHINE_NEW && step->device == MACHINE_OWN);
	assert_int_equal(step->channel, TX_MOBILE);
	assert_int_equal(script.outsiders[0].as, PARTY_SUPPLIER);
	assert_int_equal(script.outsiders[0].where, WHERE_NEAR);
	script_free(&script);
}

/* A scenario at least for each typology that the simulator promises, and a file named after its typology
 * and id. */
static void the_shipped_scenarios_cover_the_catalogue(void **state)
{
	static const char *const typologies[] = {
		"V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10", "V11", "V12", "V13", "V14", "V15", "V16",
		"V17", "V18", "M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M12", "M13", "M15", "M16",
		"M18", "M19",
	};
	struct script_set set;
	struct error error = {""};

	(void)state;
	if (script_set_load(&set, "seeds/scenarios", &error) == -1)
		fail_msg("%s", error.text);
	for (size_t i = 0; i < sizeof(typologies) / sizeof(typologies[0]); i++) {
		int found = 0;
		for (int j = 0; j < set.count; j++)
			found += strcmp(set.items[j]->typology, typologies[i]) == 0;
		if (found == 0)
			fail_msg("no scenario of %s", typologies[i]);
	}
	for (int j = 0; j < set.count; j++)
		if (strstr(set.items[j]->file.name, set.items[j]->id) == NULL)
			fail_msg("%s holds the scenario `%s`", set.items[j]->file.name, set.items[j]->id);
	script_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_amounts_are_read),
		cmocka_unit_test(ranges_are_read),
		cmocka_unit_test(wrong_files_are_told_with_their_place),
		cmocka_unit_test(a_step_is_read_whole),
		cmocka_unit_test(the_shipped_scenarios_cover_the_catalogue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
