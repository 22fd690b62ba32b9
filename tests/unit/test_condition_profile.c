/*
 * Conditions on the real memory of an account (profile.h) against the plain walk over its transactions: what both
 * say of sets, windows, counterparties and devices must be the same, while the memory keeps each one by one. And
 * the whole matcher, whose gates may only leave out what cannot hit.
 */
#include "tests/unit/match_fixture.h"

#include "match/condition.h"
#include "pattern/condition.h"
#include "tests/reference/condition.h"
#include "tests/unit/random_condition.h"

enum { ARENA_BYTES = 64 << 20, TXS = 16, LATENESS_MS = 3600000 };

static struct arena arena;
static struct pattern_set set;
static struct questions questions;
static struct complaint complaint;
static char fold_bytes[8192];
static struct tx history[TXS];

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_BYTES);
	set.rates[MONEY_CNY] = 1000000;
	set.rates[money_currency_find(slice_of("USD"))] = 7100000;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&arena);
	questions_deinit(&questions);
	return 0;
}

/* Where a random set holds nothing, which is a fault, there is no program. */
static const struct program *compile(const char *where, struct condition_node **root_r)
{
	struct condition_context context = {.arena = &arena, .text = slice_of(where), .rates = set.rates,
	                                    .complaint = &complaint, .questions = &questions};

	*root_r = condition_parse(&context);
	if (*root_r == NULL || condition_check(&context, *root_r) == -1) {
		assert_non_null(strstr(complaint.text, "exclude each other"));
		return NULL;
	}
	return condition_emit(&context, *root_r);
}

/* Puts the transactions into a memory of their own and asks after each. */
static void ask_all(const char *where, const struct condition_node *root, const struct program *program, size_t count,
                    int answers[3])
{
	struct profile_shard *shard = profile_shard_new(4, LATENESS_MS);
	struct condition_answer *kept = calloc(questions.count + 1, sizeof(*kept));
	struct condition_input input = {.set = &set, .fold_bytes = fold_bytes, .answers = kept};

	set.questions = questions.items;
	set.question_count = questions.count;
	for (size_t i = 0; i < count; i++) {
		const struct tx *tx = &history[i];
		struct reference_input plain = {.tx = tx, .rates = set.rates, .history = history, .history_count = i + 1};
		struct profile_view view;
		int64_t value;
		int expected = reference_condition(root, &plain);
		assert_int_equal(profile_put(shard, tx, plan_amount_cny(&set, tx->amount_minor, tx->currency), 0, &view),
		                 PROFILE_NEW);
		condition_begin(&input, tx, &view);
		value = condition_run(program, 0, &input);
		/* What the outermost `and`s join ends at the first that is no yes, whichever of the two it is. */
		if (root->kind == CONDITION_AND ? (value == 1) != (expected == 1)
		                                : (value == VALUE_ABSENT ? -1 : value) != expected)
			fail_msg("%s: transaction %zu: the program says %lld, the plain walk %d", where, i, (long long)value, expected);
		answers[expected + 1]++;
	}
	free(kept);
	profile_shard_free(&shard);
}

static void conditions_agree_on_the_real_memory(void **state)
{
	int answers[3] = {0};

	(void)state;
	seed = 20260505;
	for (int i = 0; i < 1500; i++) {
		char where[CONDITION_BYTES_MAX] = "";
		struct condition_node *root;
		const struct program *program;
		say_condition(where, 2, true);
		program = compile(where, &root);
		random_history(history, TXS);
		if (program != NULL)
			ask_all(where, root, program, TXS, answers);
		arena_reset(&arena);
		questions.count = 0;
	}
	for (int i = 0; i < 3; i++)
		assert_true(answers[i] > 2000);
}

/* The gate's bits, the matcher and the condition, for an account's transactions and for each as a late one. */
static void match_all(const char *where, const struct condition_node *root, int hits[2])
{
	char detect[CONDITION_BYTES_MAX + 64];
	struct profile_shard *shard = profile_shard_new(4, LATENESS_MS);
	struct pattern_set *patterns;
	struct matcher *matcher;

	snprintf(detect, sizeof(detect), "  where: >-\n    %s", where);
	patterns = fixture_set(detect);
	matcher = matcher_new(patterns);
	for (size_t i = 0; i < TXS; i++) {
		const struct tx *tx = &history[i];
		struct reference_input plain = {.tx = tx, .rates = patterns->rates, .history = history};
		struct profile_view view;
		profile_put(shard, tx, plan_amount_cny(patterns, tx->amount_minor, tx->currency), 0, &view);
		for (int late = 0; late < 2; late++) {
			struct match_hits found = {.arena = &arena};
			plain.history_count = late ? 0 : i + 1;
			match_tx(matcher, tx, late ? NULL : &view, &found);
			if ((found.count == 1) != (reference_condition(root, &plain) == 1))
				fail_msg("%s: transaction %zu%s: %zu hits", where, i, late ? ", late" : "", found.count);
			hits[found.count]++;
		}
	}
	matcher_free(&matcher);
	pattern_set_free(&patterns);
	profile_shard_free(&shard);
}

static void gates_leave_nothing_out(void **state)
{
	int hits[2] = {0};

	(void)state;
	seed = 20260606;
	for (int i = 0; i < 600; i++) {
		char where[CONDITION_BYTES_MAX] = "";
		struct condition_node *root;
		say_condition(where, 2, true);
		random_history(history, TXS);
		if (compile(where, &root) != NULL)
			match_all(where, root, hits);
		arena_reset(&arena);
		questions.count = 0;
	}
	assert_true(hits[0] > 2000 && hits[1] > 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_agree_on_the_real_memory), cmocka_unit_test(gates_leave_nothing_out),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
