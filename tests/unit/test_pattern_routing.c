/* `routing:` of levels.yaml: what it says, and that each fault is named at its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/instant.h"
#include "pattern/pattern.h"

static int read_text(const char *text, struct routing *routing_r, struct error *error)
{
	struct yaml yaml;
	int result;

	assert_int_equal(yaml_load_bytes(&yaml, "levels.yaml", text, strlen(text), error), 0);
	result = routing_read(routing_r, &yaml, yaml.root->first, error);
	yaml_free(&yaml);
	return result;
}

static void the_shipped_file_says_what_a_missing_one_means(void **state)
{
	struct catalogue *catalogue;
	struct error error;

	(void)state;
	if (access("patterns/levels.yaml", R_OK) != 0)
		skip();
	if (catalogue_load("patterns", &catalogue, &error) == -1)
		fail_msg("%s", error.text);
	assert_memory_equal(&catalogue->routing, routing_shipped(), sizeof(struct routing));
	catalogue_free(&catalogue);
}

static void what_is_not_named_is_as_shipped(void **state)
{
	const struct routing_level *red;
	struct routing r;
	struct error error;

	(void)state;
	if (read_text("routing:\n"
	              "  quiet_hours: \"\"\n"
	              "  digest: {after: 5, window: 1h}\n"
	              "  red:\n"
	              "    steps:\n"
	              "      - {to: owner, channels: first, within: 90s}\n"
	              "      - {to: city}\n", &r, &error) == -1)
		fail_msg("%s", error.text);
	red = &r.levels[4];
	assert_true(r.quiet.from == 0 && r.quiet.to == 0);
	assert_true(r.digest_after == 5 && r.digest_window_ms == INSTANT_HOUR_MS);
	assert_true(r.hold_ms == 5 * INSTANT_MINUTE_MS);
	assert_true(red->step_count == 2 && !red->quiet_kept);
	assert_true(red->steps[0].first && red->steps[0].role_count == 1 && red->steps[0].within_ms == 90000);
	assert_string_equal(routing_roles[red->steps[0].roles[0]], "owner");
	assert_true(red->steps[1].to == ROUTING_CITY && red->steps[1].within_ms == 0);
	assert_memory_equal(&r.levels[2], &routing_shipped()->levels[2], sizeof(r.levels[2]));
}

static void quiet_hours_are_times_of_a_day(void **state)
{
	static const char *const wrong[] = {"22:00", "22:00-7:00", "24:00-07:00", "22:60-07:00", "22.00-07:00", "a", "-"};
	struct routing_quiet q;

	(void)state;
	assert_true(routing_quiet_parse(slice_of("22:30-07:05"), &q) && q.from == 22 * 60 + 30 && q.to == 7 * 60 + 5);
	assert_true(routing_quiet_parse(slice_of(""), &q) && q.from == q.to);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(routing_quiet_parse(slice_of(wrong[i]), &q));
}

static void faults_name_their_place_and_the_nearest_word(void **state)
{
	static const struct {
		const char *text, *said;
	} faults[] = {
		{"routing: [a]", "levels.yaml:1:10: routing must be a map"},
		{"routing:\n  rad: {steps: []}", "levels.yaml:2:8: unknown key `rad` in routing; expected one of quiet_hours, "
		                                 "digest, hold, blue, yellow, orange, red (did you mean `red`?)"},
		{"routing:\n  red: {}", "`red`: `steps` is missing"},
		{"routing:\n  red: {quiet: keep, steps: []}", "`quiet: keep`: expected one of ignored, kept (did you mean `kept`?)"},
		{"routing:\n  red:\n    steps:\n      - {to: [cashir], within: 5m}\n      - {to: city}",
		 "levels.yaml:4:15: `to: cashir`: expected one of owner, finance_lead, cashier, accountant, security "
		 "(did you mean `cashier`?)"},
		{"routing:\n  red:\n    steps:\n      - {to: conty}", "`to: conty`: expected one of county, city, owner"},
		{"routing:\n  red:\n    steps:\n      - {to: [cashier, cashier], within: 5m}\n      - {to: city}", "names `cashier` twice"},
		{"routing:\n  red:\n    steps:\n      - {to: [cashier], within: 5 minutes}\n      - {to: city}",
		 "levels.yaml:4:33: `within: 5 minutes`: expected 1s to 30d"},
		{"routing:\n  red:\n    steps:\n      - {to: [cashier], chanels: all, within: 5m}\n      - {to: city}",
		 "unknown key `chanels` in a step; expected one of to, channels, within (did you mean `channels`?)"},
		{"routing:\n  red:\n    steps:\n      - {to: county}\n      - {to: city}", "a step without `within`"},
		{"routing:\n  red:\n    steps:\n      - {to: city, within: 5m}", "leads nowhere"},
		{"routing:\n  red:\n    steps:\n      - {to: [cashier]}", "must be county or city"},
		{"routing:\n  red:\n    steps:\n      - {to: city, within: 5m}\n      - {to: county}", "from people to the county"},
		{"routing:\n  red:\n    steps:\n      - {to: county, channels: all}", "a call list has no `channels`"},
		{"routing:\n  red:\n    steps:\n      - {within: 5m}", "a step without `to`"},
		{"routing:\n  digest: {after: 0, window: 5m}", "`after`: expected a number from 1"},
		{"routing:\n  digest: {after: 3}", "expected {after: 3, window: 10m}"},
		{"routing:\n  hold: {within: 0m}", "`within: 0m`: expected 1s"},
		{"routing:\n  quiet_hours: night", "`quiet_hours`: expected two times"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct routing r;
		struct error error;
		assert_int_equal(read_text(faults[i].text, &r, &error), -1);
		if (strstr(error.text, faults[i].said) == NULL)
			fail_msg("%s\n  said:     %s\n  expected: %s", faults[i].text, error.text, faults[i].said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_file_says_what_a_missing_one_means),
		cmocka_unit_test(what_is_not_named_is_as_shipped),
		cmocka_unit_test(quiet_hours_are_times_of_a_day),
		cmocka_unit_test(faults_name_their_place_and_the_nearest_word),
	};

	return cmocka_run_group_tests_name("routing", tests, NULL, NULL);
}
