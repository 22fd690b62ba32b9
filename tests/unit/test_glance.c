/*
 * A glance loses nothing: what an expression matches has one of its words, and a text that has a word is never passed
 * over. It finds no more than the plain search does, either, or it would spare nothing.
 */
#include "tests/unit/match_fixture.h"

#include "match/regex_run.h"
#include "pattern/glance.h"
#include "pattern/regex.h"

enum { ROUNDS = 20000, TEXT_BYTES = 256, TAIL_BYTES = 8, WORDS = 40 };

/* How many words an expression has; 0: none can be said. */
static const struct expression {
	const char *text;
	uint32_t words;
} expressions[] = {
	{"保证金", 1}, {"(代收|稽查).{0,4}税", 2}, {"[0-9]{2,6}(上|下)分", 2}, {"退.{0,16}保证金", 1}, {"码商[^贸行]|码商$", 2},
	{"收?u(款|商)", 4}, {"(保证){1,2}金", 2}, {"[税金]{2}分", 4}, {"税.", 1}, {"u", 1}, {"(代收|.)税", 1}, {"^u$", 1},
	{".{3}", 0}, {"[^税]", 0}, {"(保|代收){1,20}", 2}, {"(税(上|下)?分){1}", 3},
};
static const char *const pieces[] = {"保", "证", "金", "代", "收", "税", "稽查", "退", "上", "下", "分", "u", "商", "款", "码",
                                     "7", "26", "贸", "é", "𠮷", "保证金", "代收", "有限公司"};
static uint64_t seed = 11;
static struct arena arena;

/* Folded, with room to read behind it. */
static struct slice text(char bytes[TEXT_BYTES + TAIL_BYTES], uint32_t most)
{
	uint32_t count = fixture_random(&seed, most + 1);

	memset(bytes, 0, TEXT_BYTES + TAIL_BYTES);
	while (count-- > 0)
		strcat(bytes, pieces[fixture_random(&seed, sizeof(pieces) / sizeof(pieces[0]))]);
	return slice_of(bytes);
}

static bool plainly_found(const struct slice *words, uint32_t count, struct slice in)
{
	for (uint32_t i = 0; i < count; i++)
		if (memmem(in.at, in.length, words[i].at, words[i].length) != NULL)
			return true;
	return false;
}

static void try_expression(const struct expression *expression)
{
	struct complaint complaint;
	struct regex_node *root = regex_parse(&arena, slice_of(expression->text), &complaint);
	const struct regex_program *program;
	char bytes[TEXT_BYTES + TAIL_BYTES];
	struct regex_scratch states;
	struct regex_words words;
	size_t from, to;

	assert_non_null(root);
	program = regex_assemble(&arena, root);
	regex_words(&arena, root, GLANCE_WORDS_OF_ONE_MAX, &words);
	if (words.count != expression->words)
		fail_msg("%s has %u words", expression->text, words.count);
	regex_scratch_init(&states, program->count);
	for (int round = 0; round < ROUNDS && words.count > 0; round++) {
		struct slice one = text(bytes, 8);
		if (regex_find(program, &states, one.at, one.length, &from, &to))
			assert_true(plainly_found(words.items, words.count, one));
	}
	regex_scratch_deinit(&states);
}

static void what_matches_has_a_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++)
		try_expression(&expressions[i]);
}

static void words_are_found_as_plainly(void **state)
{
	static char bytes[WORDS][TEXT_BYTES + TAIL_BYTES];
	char in[TEXT_BYTES + TAIL_BYTES];
	uint32_t found = 0, missed = 0;

	(void)state;
	for (int set = 0; set < 40; set++) {
		struct slice words[WORDS];
		uint32_t count = 0, wanted = 1 + fixture_random(&seed, WORDS);
		const struct plan_glance *glance;

		while (count < wanted) {
			words[count] = text(bytes[count], 4);
			count += words[count].length >= GLANCE_SHORT;
		}
		glance = glance_build(&arena, words, count);
		assert_non_null(glance);
		for (int round = 0; round < ROUNDS / 10; round++) {
			struct slice one = text(in, 10);
			bool plainly = plainly_found(words, count, one);
			assert_int_equal(glance_finds(glance, one), plainly);
			found += plainly;
			missed += !plainly;
		}
	}
	assert_true(found > ROUNDS && missed > ROUNDS / 10);
}

static void too_many_or_too_short_are_refused(void **state)
{
	static struct slice many[GLANCE_WORDS_MAX + 1];
	struct slice brief[] = {{"保证金", 9}, {"u2", 2}};

	(void)state;
	for (int i = 0; i <= GLANCE_WORDS_MAX; i++)
		many[i] = (struct slice){"保证金", 9};
	assert_non_null(glance_build(&arena, many, GLANCE_WORDS_MAX));
	assert_null(glance_build(&arena, many, GLANCE_WORDS_MAX + 1));
	assert_non_null(glance_build(&arena, brief, 1));
	assert_null(glance_build(&arena, brief, 2));
	assert_false(glance_finds(glance_build(&arena, brief, 0), (struct slice){"保证金\0\0\0\0\0\0\0\0", 9}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_matches_has_a_word),
		cmocka_unit_test(words_are_found_as_plainly),
		cmocka_unit_test(too_many_or_too_short_are_refused),
	};
	int failed;

	arena_init(&arena, 64 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_deinit(&arena);
	return failed;
}
