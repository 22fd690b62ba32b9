/*
 * Expressions and digits: which ones tell one from another, and that their levelled form is found wherever other
 * digits could bring them. match/texts.h rests on it.
 */
#include "tests/unit/match_fixture.h"

#include <hs.h>

#include "match/regex_run.h"
#include "pattern/regex.h"

enum { ROUNDS = 20000, TEXT_BYTES = 128 };

/* Those that only seem to tell are taken at their word, which costs time and nothing else. */
static const struct expression {
	const char *text;
	enum { TELLS, SEEMS_TO_TELL, DOES_NOT } how;
} expressions[] = {
	{"18k", TELLS}, {"[1-9]0货", TELLS}, {"^一般", TELLS}, {"[^1]总", TELLS}, {"(甲|货二)", TELLS}, {"[5六]总$", TELLS},
	{"(k.{0,2}8){2}", TELLS}, {"1{3}", TELLS}, {"[0-4]|[5-9]", SEEMS_TO_TELL}, {"(0|[1-9])总", SEEMS_TO_TELL},
	{"[0-9]{3}", DOES_NOT}, {"\\d{1,2}货", DOES_NOT}, {"[^0-9]总", DOES_NOT}, {".总", DOES_NOT}, {"甲货", DOES_NOT},
	{"k[0-9k]总", DOES_NOT},
};

static uint64_t seed = 5;
static struct arena arena;

static struct regex_node *parsed(const char *text)
{
	struct complaint complaint;
	struct regex_node *root = regex_parse(&arena, slice_of(text), &complaint);

	assert_non_null(root);
	return root;
}

static void some_expressions_tell_digits_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++)
		assert_int_equal(regex_tells_digits(parsed(expressions[i].text)), expressions[i].how != DOES_NOT);
}

/* Folded: digits and what the expressions hold else. */
static struct slice text(char bytes[TEXT_BYTES])
{
	static const char *const pieces[] = {"1", "8", "0", "5", "k", "货", "总", "甲", "般"};
	uint32_t count = fixture_random(&seed, 7);

	memset(bytes, 0, TEXT_BYTES);
	while (count-- > 0)
		strcat(bytes, pieces[fixture_random(&seed, sizeof(pieces) / sizeof(pieces[0]))]);
	return slice_of(bytes);
}

static struct slice with_other_digits(struct slice text, char bytes[TEXT_BYTES])
{
	memcpy(bytes, text.at, TEXT_BYTES);
	for (uint32_t i = 0; i < text.length; i++)
		if (bytes[i] >= '0' && bytes[i] <= '9')
			bytes[i] = (char)('0' + fixture_random(&seed, 10));
	return (struct slice){bytes, text.length};
}

static int on_match(unsigned number, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	(void)number, (void)from, (void)to, (void)flags;
	*(bool *)context = true;
	return 1;
}

static bool levelled_found(const hs_database_t *database, hs_scratch_t *scratch, struct slice text)
{
	bool found = false;

	hs_scan(database, text.at, text.length, 0, scratch, on_match, &found);
	return found;
}

static void try_expression(const struct expression *expression)
{
	struct regex_node *root = parsed(expression->text);
	const struct regex_program *program = regex_assemble(&arena, root);
	char bytes[TEXT_BYTES], others[TEXT_BYTES];
	struct regex_scratch states;
	hs_database_t *database;
	hs_compile_error_t *error;
	hs_scratch_t *scratch = NULL;
	uint32_t brought = 0;
	size_t from, to;

	regex_scratch_init(&states, program->count);
	assert_int_equal(hs_compile(regex_emit(&arena, root, true).at, 0, HS_MODE_BLOCK, NULL, &database, &error), HS_SUCCESS);
	assert_int_equal(hs_alloc_scratch(database, &scratch), HS_SUCCESS);
	for (int round = 0; round < ROUNDS; round++) {
		struct slice one = text(bytes), other = with_other_digits(one, others);
		bool in_one = regex_find(program, &states, one.at, one.length, &from, &to);
		bool in_other = regex_find(program, &states, other.at, other.length, &from, &to);
		brought += in_one != in_other;
		assert_true(!in_other || levelled_found(database, scratch, one));
	}
	assert_int_equal(brought > 0, expression->how == TELLS);
	hs_free_scratch(scratch);
	hs_free_database(database);
	regex_scratch_deinit(&states);
}

static void levelled_expressions_lose_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++)
		try_expression(&expressions[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_expressions_tell_digits_apart),
		cmocka_unit_test(levelled_expressions_lose_nothing),
	};
	int failed;

	arena_init(&arena, 16 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_deinit(&arena);
	return failed;
}
