/*
 * Clues lose nothing: whatever an expression matches has, of some way, a word of each clue; and a way that says it is
 * whole is a match wherever its word stands.
 */
#include "tests/unit/match_fixture.h"

#include "match/regex_run.h"
#include "pattern/regex.h"

enum { ROUNDS = 20000, TEXT_BYTES = 256 };

/* `ways`: of each, how many words its clues have; "=": whole; "-": none, it is searched as it is. */
static const struct expression {
	const char *text, *ways;
} expressions[] = {
	{"保证金", "=1"},
	{"(代订|垫付).{0,8}(床|桌椅)货|先垫款", "2,2 =1"},
	{"代(收|订)(税|款|费)", "=6"},
	{"收?(税款|商)", "=4"},
	{"(保证){1,2}金", "=2"},
	{"(代收|税).{0,2}(款|金)", "2,2"}, /* words that stand in every other text are clues, too */
	{"退.{0,2}保证金", "1,1"},
	{"代收.{0,2}税", "1,1"},
	{"保证金.{0,4}", "-"}, /* a clue alone: Hyperscan is as good at it */
	{"^保证金", "-"},
	{"^代收.{0,2}保证", "1,1"},
	{"(代收|税款.商).{0,2}保证$|u", "2,1 =1"},
	{"(代收(税|款)|(保|税)证金).?u{2}.{0,3}(上分|下分)", "4,1,2"},
	{"代收(.{0,30}税){4}款商", "-"}, /* too loose to be looked at closely */
	{"[税金]{2}分", "=4"},
	{"[^税].保证金.(.税|金)|款.|商.", "1,2 - -"},
	{"(((代收|税款)))", "=1 =1"},
};
static const char *const pieces[] = {"保", "证", "金", "代", "收", "税", "订", "垫付", "床", "桌椅", "货", "款", "u", "商", "费",
                                     "先", "退", "保证金", "代收", "上分", "下分", "代订", "税款"};
static uint64_t seed = 17;
static struct arena arena;

static const char *said(struct regex_ways ways)
{
	static char text[TEXT_BYTES];

	text[0] = '\0';
	for (uint32_t i = 0; i < ways.count; i++) {
		const struct regex_way *way = &ways.items[i];
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i > 0 ? " " : "",
		         way->clue_count == 0 ? "-" : way->whole ? "=" : "");
		for (uint32_t j = 0; j < way->clue_count; j++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%u", j > 0 ? "," : "", way->clues[j].count);
	}
	return text;
}

static bool is_in(const struct regex_clue *clue, const char *text)
{
	for (uint32_t i = 0; i < clue->count; i++)
		if (memmem(text, strlen(text), clue->words[i].at, clue->words[i].length) != NULL)
			return true;
	return false;
}

static bool has_clues(const struct regex_way *way, const char *text)
{
	for (uint32_t i = 0; i < way->clue_count; i++)
		if (!is_in(&way->clues[i], text))
			return false;
	return true;
}

/* Could it match, says some way? And does one say that it does? */
static bool could_match(struct regex_ways ways, const char *text, bool *does_r)
{
	bool could = false;

	*does_r = false;
	for (uint32_t i = 0; i < ways.count; i++) {
		bool has = has_clues(&ways.items[i], text);
		could |= has;
		*does_r |= has && ways.items[i].whole;
	}
	return could;
}

static void try_expression(const struct expression *expression)
{
	struct complaint complaint;
	struct regex_node *root = regex_parse(&arena, slice_of(expression->text), &complaint);
	const struct regex_program *program;
	struct regex_scratch states;
	struct regex_ways ways;
	struct regex_way whole;
	char text[TEXT_BYTES];
	size_t from, to;
	bool does;

	if (root == NULL)
		fail_msg("%s: %s", expression->text, complaint.text);
	program = regex_assemble(&arena, root);
	ways = regex_clues(&arena, root, &whole);
	if (strcmp(said(ways), expression->ways) != 0)
		fail_msg("%s: %s, expected %s", expression->text, said(ways), expression->ways);
	regex_scratch_init(&states, program->count);
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t count = fixture_random(&seed, 8);
		bool found, could;

		text[0] = '\0';
		while (count-- > 0)
			strcat(text, pieces[fixture_random(&seed, sizeof(pieces) / sizeof(pieces[0]))]);
		found = regex_find(program, &states, text, strlen(text), &from, &to);
		could = could_match(ways, text, &does);
		if ((found && !could) || (does && !found))
			fail_msg("%s in %s: found %d, its clues %d, whole %d", expression->text, text, found, could, does);
	}
	regex_scratch_deinit(&states);
}

static void clues_lose_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++)
		try_expression(&expressions[i]);
}

/* Whoever makes an expression of very many words gets it searched as it is. */
static void a_bound_leaves_it_as_it_is(void **state)
{
	enum { LEAST = 256, MOST = 64 << 10 };
	struct complaint complaint;
	struct regex_node *root = regex_parse(&arena, slice_of("(代[订收]|垫付)[a-p][a-h].{0,8}(床|桌椅)[a-h]|先垫款"), &complaint);
	uint32_t whole_count = 0, with_clues = 0;

	(void)state;
	for (size_t bytes = LEAST; bytes <= MOST; bytes *= 2) {
		struct arena small;
		struct regex_way whole = {.node = NULL};
		struct regex_ways ways;

		arena_init(&small, bytes);
		ways = regex_clues(&small, root, &whole);
		if (ways.items == &whole) {
			assert_true(ways.count == 1 && whole.node == root && whole.clue_count == 0 && regex_ways_size(ways) == 1);
			whole_count++;
		} else {
			assert_string_equal(said(ways), "48,16 =1");
			with_clues++;
		}
		arena_deinit(&small);
	}
	assert_true(whole_count > 0 && with_clues > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clues_lose_nothing), cmocka_unit_test(a_bound_leaves_it_as_it_is),
	};
	int failed;

	arena_init(&arena, 64 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_deinit(&arena);
	return failed;
}
