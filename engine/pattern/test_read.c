#include "pattern/test_read.h"

#include "pattern/read.h"

enum { TESTS_MAX = 1000, LISTS_MAX = 16 };

/* {stop-payment: [value, …]} */
static void read_lists(struct source *source, struct arena *arena, const struct yaml_node *test_node,
                       struct pattern_test *test)
{
	const struct yaml_node *map = read_member(source, test_node, "lists", false);
	struct pattern_test_list *lists;

	if (map == NULL)
		return;
	if (map->type != YAML_MAP || map->count > LISTS_MAX) {
		source_fault(source, map, "`lists` must be a map of at most %d lists, such as {stop-payment: [某某商贸行]}",
		             LISTS_MAX);
		return;
	}
	lists = read_take(arena, (size_t)map->count * sizeof(*lists));
	for (const struct yaml_node *node = map->first; node != NULL; node = node->next) {
		struct pattern_test_list *list = &lists[test->list_count++];
		list->name = arena_copy(arena, node->key);
		list->values = read_list(source, arena, map, node->key.at, &list->value_count);
	}
	test->lists = lists;
}

static void read_enterprise(struct source *source, struct arena *arena, const struct yaml_node *test_node,
                            struct pattern_test_enterprise *e)
{
	static const char *const keys[] = {"name", "industry", "scope", "address", "legal_representative",
	                                   "registered_on", "jurisdiction", "staff", "neighbours",
	                                   "neighbours_address", NULL};
	const struct yaml_node *node = read_member(source, test_node, "enterprise", false);

	if (node == NULL || !read_map(source, node, "`enterprise`", keys))
		return;
	e->given = true;
	e->name = read_text(source, arena, node, "name", false);
	e->industry = read_text(source, arena, node, "industry", false);
	e->scope = read_text(source, arena, node, "scope", false);
	e->address = read_text(source, arena, node, "address", false);
	e->legal_representative = read_text(source, arena, node, "legal_representative", false);
	e->registered_on = read_text(source, arena, node, "registered_on", false);
	e->jurisdiction = read_text(source, arena, node, "jurisdiction", false);
	e->staff = read_list(source, arena, node, "staff", &e->staff_count);
	e->neighbours = read_number(source, node, "neighbours", 1, PATTERN_TEST_NEIGHBOURS_MAX, false);
	e->neighbours_address = read_text(source, arena, node, "neighbours_address", false);
}

static void read_payee(struct source *source, struct arena *arena, const struct yaml_node *test_node,
                       struct pattern_test_enterprise *e)
{
	static const char *const keys[] = {"name", "industry", "scope", "registered_on", NULL};
	const struct yaml_node *node = read_member(source, test_node, "payee", false);

	if (node == NULL || !read_map(source, node, "`payee`", keys))
		return;
	e->given = true;
	e->name = read_text(source, arena, node, "name", true);
	e->industry = read_text(source, arena, node, "industry", false);
	e->scope = read_text(source, arena, node, "scope", false);
	e->registered_on = read_text(source, arena, node, "registered_on", false);
}

/* What only a history can tell must have one. */
static void check_history(struct source *source, const struct yaml_node *node, const struct pattern_test *test)
{
	const struct yaml_node *feed = yaml_find(node, "feed"), *item = feed != NULL ? feed->first : NULL;

	if (test->history != PATTERN_HISTORY_NONE)
		return;
	for (uint32_t i = 0; i < test->feed_count; i++, item = item->next) {
		if (test->feed[i].party_how != PATTERN_PARTY_GIVEN)
			source_fault(source, yaml_find(item, "counterparty"),
			             "a party by its role needs the test's `history`, such as `history: trader`");
		if (test->feed[i].amount_of == PATTERN_AMOUNT_USUAL || test->feed[i].amount_of == PATTERN_AMOUNT_LARGE)
			source_fault(source, yaml_find(item, "amount"),
			             "an amount in words needs the test's `history`, such as `history: trader`");
	}
}

static void read_test(struct source *source, struct arena *arena, const struct yaml_node *node,
                      struct pattern_test *test)
{
	static const char *const keys[] = {"expect", "name",       "evasive", "history",
	                                   "lists",  "enterprise", "payee",   "feed", NULL};
	static const char *const expectations[] = {"hit", "miss", NULL};
	static const char *const yes_no[] = {"true", "false", NULL};

	if (!read_map(source, node, "a test", keys))
		return;
	test->line = node->line;
	test->expect_hit = read_word(source, node, "expect", expectations, true) == 0;
	test->name = read_text(source, arena, node, "name", true);
	test->evasive = read_word(source, node, "evasive", yes_no, false) == 0;
	if (test->evasive && !test->expect_hit)
		source_fault_key(source, yaml_find(node, "evasive"), "only a test that expects a hit can be evasive");
	if (yaml_find(node, "history") != NULL)
		test->history = (uint8_t)(1 + read_word(source, node, "history", pattern_history_names + 1, false));
	read_lists(source, arena, node, test);
	read_enterprise(source, arena, node, &test->enterprise);
	read_payee(source, arena, node, &test->payee);
	test_feed_read(source, arena, node, test);
	check_history(source, node, test);
}

void tests_read(struct source *source, struct arena *arena, const struct yaml_node *root, struct pattern *p)
{
	const struct yaml_node *list = read_member(source, root, "tests", false);
	struct pattern_test *tests;

	if (list == NULL)
		return;
	if (list->type != YAML_LIST || list->count > TESTS_MAX) {
		source_fault(source, list, "`tests` must be a list of at most %d tests", TESTS_MAX);
		return;
	}
	tests = read_take(arena, (size_t)list->count * sizeof(*tests));
	for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
		tests[p->test_count] = (struct pattern_test){0};
		read_test(source, arena, node, &tests[p->test_count++]);
	}
	p->tests = tests;
}
