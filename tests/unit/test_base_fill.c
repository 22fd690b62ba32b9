/* Placeholders in texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fill.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

static void braces_that_are_no_placeholder_stay(void **state)
{
	static const struct fill_value values[] = {
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
		struct slice filled = fill_text(&arena, slice_of(cases[i].template), values, 3, false, 100, &cut);
		if (!slice_is(filled, cases[i].filled))
			fail_msg("`%s` became `%.*s`", cases[i].template, SLICE_PRINT(filled));
	}
	assert_true(slice_is(fill_text(&arena, slice_of("{a}"), values, 3, true, 9, &cut), "one"));
	assert_false(cut);
	assert_true(slice_is(fill_text(&arena, slice_of("快{a}快{a}"), values, 3, false, 2, &cut), "快1"));
	assert_true(cut);
}

static void names_are_found_in_order(void **state)
{
	struct slice template = slice_of("{ {A} {a} x {b.c_9}{}"), name;
	uint32_t at = 0;

	(void)state;
	assert_true(fill_next(template, &at, &name));
	assert_true(slice_is(name, "a"));
	assert_true(fill_next(template, &at, &name));
	assert_true(slice_is(name, "b.c_9"));
	assert_true(fill_next(template, &at, &name)); /* {}: a name without letters, which nothing fills in */
	assert_int_equal(name.length, 0);
	assert_false(fill_next(template, &at, &name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(braces_that_are_no_placeholder_stay, setup, teardown),
		cmocka_unit_test(names_are_found_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
