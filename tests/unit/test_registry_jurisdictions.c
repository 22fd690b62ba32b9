/* Jurisdictions are a tree after every import, whatever the files say: against a plain reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "registry_fixture.h"

static void put(const char *rows)
{
	char text[4096];

	snprintf(text, sizeof(text), "code,parent,name_zh\n%s", rows);
	registry_write(REGISTRY_JURISDICTIONS, text);
	registry_import_well(false);
}

static struct slice parent_of(const char *code)
{
	struct slice parent;
	int found = registry_jurisdiction_parent(registry.reader, slice_of(code), &registry.store.arena, &parent,
	                                         &registry.store.error);

	assert_int_equal(found, parent.length > 0);
	return parent;
}

static void a_tree_is_walked_upwards(void **state)
{
	(void)state;
	put("350102,350100,鼓楼区\n350100,350000,福州市\n350000,,福建省\n");
	registry_assert_tally(REGISTRY_JURISDICTIONS, 3, 0, 0, 0);
	assert_true(slice_is(parent_of("350102"), "350100") && slice_is(parent_of("350100"), "350000"));
	assert_int_equal(parent_of("350000").length, 0);
	assert_int_equal(parent_of("999999").length, 0);
}

static void assert_called(const char *code, const char *county, const char *city)
{
	struct slice county_is, city_is;
	struct error *error = &registry.store.error;

	assert_int_equal(registry_county_of(registry.reader, slice_of(code), &registry.store.arena, &county_is, error), 0);
	assert_int_equal(registry_city_of(registry.reader, slice_of(code), &registry.store.arena, &city_is, error), 0);
	assert_true(slice_is(county_is, county));
	assert_true(slice_is(city_is, city));
}

/* Whose call list: the county's, then the city's; never the province's, whether it stands above them or not. */
static void calls_go_to_the_county_and_its_city(void **state)
{
	(void)state;
	put("350000,,福建省\n350100,350000,福州市\n350102,350100,鼓楼区\n350190,350102,某派出所\n"
	    "110000,,北京市\n110105,110000,朝阳区\n"      /* a municipality is a city */
	    "440300,,深圳市\n440305,440300,南山区\n"      /* without its province */
	    "469001,,五指山市\n460000,,海南省\n469002,460000,琼海市\n"); /* right below a province */
	assert_called("350190", "350102", "350100");
	assert_called("350102", "350102", "350100");
	assert_called("350100", "350100", "350100");
	assert_called("350000", "350000", "350000");
	assert_called("110105", "110105", "110000");
	assert_called("440305", "440305", "440300");
	assert_called("469001", "469001", "469001");
	assert_called("469002", "469002", "469002");
	assert_called("999999", "999999", "999999");
	assert_called("", "", "");
}

static void circles_and_unknown_parents_are_refused(void **state)
{
	(void)state;
	put("350000,,福建省\n350100,350000,福州市\n350102,350100,鼓楼区\n");
	put("350100,350102,福州市\n"); /* below its own county */
	registry_assert_tally(REGISTRY_JURISDICTIONS, 0, 0, 0, 1);
	assert_non_null(strstr(registry_issue_at(REGISTRY_JURISDICTIONS, 2, "parent", true)->reason, "circle"));
	put("350200,350200,厦门市\n"); /* its own parent */
	assert_non_null(strstr(registry_issue_at(REGISTRY_JURISDICTIONS, 2, "parent", true)->reason, "circle"));
	put("350300,360000,莆田市\n");
	assert_non_null(strstr(registry_issue_at(REGISTRY_JURISDICTIONS, 2, "parent", true)->reason, "neither"));
	assert_true(slice_is(parent_of("350100"), "350000"));
}

/* City and county change places in one file: each row alone would close a circle, together they do not. */
static void a_tree_may_be_turned_round(void **state)
{
	(void)state;
	put("350000,,省\n350100,350000,甲\n350102,350100,乙\n");
	put("350100,350102,甲\n350102,350000,乙\n");
	registry_assert_tally(REGISTRY_JURISDICTIONS, 0, 2, 0, 0);
	assert_true(slice_is(parent_of("350100"), "350102") && slice_is(parent_of("350102"), "350000"));
}

static void a_chain_has_a_depth(void **state)
{
	char rows[2048];
	int length = 0;

	(void)state;
	for (int i = 0; i < 20; i++)
		length += snprintf(rows + length, sizeof(rows) - (size_t)length, i == 0 ? "4000%02d,,x\n" : "4000%02d,4000%02d,x\n",
		                   i, i - 1);
	put(rows);
	assert_true(registry.report.tallies[REGISTRY_JURISDICTIONS].refused > 0);
	assert_int_equal(registry_number("SELECT count(*) FROM jurisdiction"), 17);
	assert_non_null(strstr(registry_issue_at(REGISTRY_JURISDICTIONS, 19, "parent", true)->reason, "more than 16"));
}

/*
 * 200 random files over eight places. The reference takes any row that keeps a forest, again and again until none
 * moves; the store must have its parents after each file, and always be a forest.
 */
enum { PLACES = 8, FILES = 200, NOWHERE = -1, UNKNOWN = -2 };

static bool keeps_a_forest(const int *parents, int place, int parent)
{
	if (parent == NOWHERE)
		return true;
	if (parents[parent] == UNKNOWN || parent == place)
		return false;
	for (int at = parent; at != NOWHERE; at = parents[at])
		if (at == place)
			return false;
	return true;
}

static void reference_take(int *parents, const int rows[][2], int count)
{
	bool done[PLACES] = {false}, moved = true;

	while (moved) {
		moved = false;
		for (int i = 0; i < count; i++)
			if (!done[i] && keeps_a_forest(parents, rows[i][0], rows[i][1])) {
				parents[rows[i][0]] = rows[i][1];
				done[i] = moved = true;
			}
	}
}

static int random_file(int rows[PLACES][2], char *text, size_t bytes)
{
	int order[PLACES], count = 1 + rand() % PLACES, length = 0;

	for (int i = 0; i < PLACES; i++)
		order[i] = i;
	for (int i = PLACES - 1; i > 0; i--) {
		int other = rand() % (i + 1), kept = order[i];
		order[i] = order[other];
		order[other] = kept;
	}
	text[0] = '\0';
	for (int i = 0; i < count; i++) {
		rows[i][0] = order[i];
		rows[i][1] = rand() % 3 == 0 ? NOWHERE : rand() % PLACES;
		length += snprintf(text + length, bytes - (size_t)length, rows[i][1] == NOWHERE ? "10000%d,,x\n"
		                                                                                 : "10000%d,10000%d,x\n",
		                   rows[i][0], rows[i][1]);
	}
	return count;
}

static void any_files_leave_a_forest(void **state)
{
	int parents[PLACES], rows[PLACES][2];

	(void)state;
	srand(7);
	for (int i = 0; i < PLACES; i++)
		parents[i] = UNKNOWN;
	for (int round = 0; round < FILES; round++) {
		char text[512];
		int count = random_file(rows, text, sizeof(text));
		reference_take(parents, (const int(*)[2])rows, count);
		put(text);
		for (int i = 0; i < PLACES; i++) {
			char code[24], expected[24] = "";
			struct slice parent;
			snprintf(code, sizeof(code), "10000%d", i);
			if (parents[i] >= 0)
				snprintf(expected, sizeof(expected), "10000%d", parents[i]);
			parent = parent_of(code);
			if (!slice_is(parent, expected))
				fail_msg("file %d: %s has parent `%.*s`, not `%s`, after\n%s", round, code, SLICE_PRINT(parent), expected,
				         text);
		}
		arena_reset(&registry.store.arena);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, registry_setup, registry_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_tree_is_walked_upwards),
		TEST(calls_go_to_the_county_and_its_city),
		TEST(circles_and_unknown_parents_are_refused),
		TEST(a_tree_may_be_turned_round),
		TEST(a_chain_has_a_depth),
		TEST(any_files_leave_a_forest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
