/*
 * What conditions ask of the account's memory: the flat program, its filters and its answers kept for one
 * transaction, against a plain walk (tests/reference/condition_memory.c), on random conditions and random
 * accounts.
 *
 * The memory itself is no part of this test: plain_memory.h stands in for it.
 */
#include "tests/unit/match_fixture.h"

#include "base/instant.h"
#include "base/money.h"
#include "match/condition.h"
#include "pattern/condition.h"
#include "tests/reference/condition.h"
#include "tests/unit/plain_memory.h"
#include "tests/unit/random_condition.h"

enum { ARENA_BYTES = 64 << 20 };

/* ---- asking ---- */

static struct arena arena;
static struct pattern_set set;
static struct questions questions;
static struct complaint complaint;
static char fold_bytes[8192];

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

static struct condition_context context_of(const char *where)
{
	return (struct condition_context){.arena = &arena, .text = slice_of(where), .rates = set.rates,
	                                  .complaint = &complaint, .questions = &questions};
}

static int64_t run(const struct program *program, const struct profile_view *view, const struct tx *tx)
{
	static struct condition_answer answers[QUESTIONS_MAX];
	static uint64_t epoch;
	struct condition_input input = {.set = &set, .fold_bytes = fold_bytes, .answers = answers, .epoch = epoch};
	int64_t value;

	set.questions = questions.items;
	set.question_count = questions.count;
	condition_begin(&input, tx, view);
	epoch = input.epoch;
	value = condition_run(program, 0, &input);
	assert_int_equal(condition_holds(program, &input), value == 1);
	if (value == 1)
		condition_trace(program, &input);
	return value;
}

static bool novelty_passes(const struct program_gate *gate, const struct profile_view *view)
{
	int64_t first = profile_first_seen(view, PROFILE_PARTY);

	if (first == TX_ABSENT)
		return (gate->novelty & GATE_NO_PARTY) != 0;
	return (gate->novelty & (first == view->now_ms ? GATE_NEW : GATE_KNOWN)) != 0;
}

static bool idle_passes(const struct program_gate *gate, const struct profile_view *view)
{
	int64_t before = profile_previous(view);

	if (before == TX_ABSENT)
		return gate->idle.absent;
	return view->now_ms - before >= gate->idle.from && view->now_ms - before <= gate->idle.to;
}

/* 1, 0, or -1 for neither, of the last of `count` transactions; 0: without a memory, of the first. */
static int ask(const char *where, size_t count)
{
	const struct tx *tx = &history[count > 0 ? count - 1 : 0];
	struct memory memory = {history, count, &set};
	struct profile_view view = {.account = &memory, .tx = tx, .now_ms = tx->booked_ms};
	struct reference_input plain = {.tx = tx, .rates = set.rates, .history = history, .history_count = count};
	struct condition_context context = context_of(where);
	struct condition_node *root = condition_parse(&context);
	const struct program *program;
	int64_t value;
	int expected;

	if (root == NULL || condition_check(&context, root) == -1)
		fail_msg("%s: %s", where, complaint.text);
	program = condition_emit(&context, root);
	assert_non_null(program);
	value = run(program, count > 0 ? &view : NULL, tx);
	expected = reference_condition(root, &plain);
	/* What the outermost `and`s join ends at the first that is no yes, whichever of the two it is. */
	if (root->kind == CONDITION_AND ? (value == 1) != (expected == 1)
	                                : (value == VALUE_ABSENT ? -1 : value) != expected)
		fail_msg("%s: the program says %lld, the plain walk %d", where, (long long)value, expected);
	if (value == 1 && count > 0 && !(novelty_passes(&program->gate, &view) && idle_passes(&program->gate, &view) &&
	                                 profile_events_until(&view, GATE_EVENTS_MOST) >= program->gate.events))
		fail_msg("%s: holds for what its gate leaves out", where);
	return expected;
}

/* ---- what the functions mean ---- */

/* A credit of 100,000 in the morning, then debits of 1, 2, 3 and 20 thousand, the last to B at night. */
static void fill(void)
{
	put(0, "2026-02-01T10:00:00+08:00", TX_CREDIT, 7000, "C", TX_COMPANY);
	put(1, "2026-03-02T08:00:00+08:00", TX_CREDIT, 100000, "C", TX_COMPANY);
	put(2, "2026-03-02T10:00:00+08:00", TX_DEBIT, 1000, "A", TX_PERSON);
	put(3, "2026-03-02T11:00:00+08:00", TX_DEBIT, 2000, "B", TX_PERSON);
	put(4, "2026-03-02T12:00:00+08:00", TX_DEBIT, 3000, "A", TX_PERSON);
	put(5, "2026-03-02T23:00:00+08:00", TX_DEBIT, 20000, "B", TX_UNKNOWN);
}

static const struct {
	const char *where;
	int expected;
} meanings[] = {
	{"count(debits, 24h) = 4", 1}, {"count(credits, 24h) = 1", 1}, {"count(all, 24h) = 5", 1},
	{"count(all, 90d) = 6", 1}, {"count(debits, 11h) = 1", 1}, {"count(debits, 11h1s) = 2", 1},
	{"sum(debits, 24h) = 26_000", 1}, {"sum(credits, 1m) = 0", 1}, {"avg(debits, 24h) = 6500", 1},
	{"min(debits, 24h) = 1000", 1}, {"max(debits, 24h) = amount", 1}, {"max(credits, 1h) > 0", -1},
	{"avg(credits, 1h) > 0", -1}, {"distinct(debits, 24h) = 2", 1}, {"distinct(all, 90d) = 3", 1},
	{"credits.count(24h) = 1", 1}, {"debits.sum(24h) >= 20% of credits.sum(24h)", 1},
	{"count(debits where counterparty.kind = person, 24h) = 3", 1},
	{"count(debits where counterparty.kind in [person, unknown], 24h) = 4", 1},
	{"count(debits where counterparty.kind != person, 24h) = 1", 1},
	{"count(debits where channel = online, 24h) = 2", 1}, {"count(debits where channel not in [online], 24h) = 2", 1},
	{"count(debits where hour in [22..23, 0..5], 24h) = 1", 1}, {"count(debits where hour >= 12, 24h) = 2", 1},
	{"count(debits where hour(booked_at) < 11, 24h) = 1", 1},
	{"count(debits where amount >= 2000, 24h) = 3", 1}, {"count(debits where amount > 2000, 24h) = 2", 1},
	{"count(debits where amount < 0.2万, 24h) = 1", 1}, {"count(debits where amount in [1000..3000], 24h) = 3", 1},
	{"count(debits where 1000 < amount <= 3000, 24h) = 2", 1}, {"count(debits where amount = this, 24h) = 1", 1},
	{"count(debits where counterparty = this, 24h) = 2", 1}, {"count(debits where counterparty = new, 24h) = 2", 1},
	{"count(debits where counterparty = known, 24h) = 2", 1},
	{"sum(debits where counterparty.kind = person and amount >= 2000, 24h) = 5000", 1},
	{"share(debits where counterparty.kind = person, 24h) < 24%", 1},
	{"share(debits where counterparty.kind = person, 24h) > 23%", 1},
	{"share(credits where counterparty.kind = person, 1h) > 0%", -1},
	{"rising(debits, 24h) = 4", 1}, {"rising(debits where counterparty = this, 24h) = 2", 1},
	{"rising(credits, 24h) = 0", 1}, {"rising(all, 24h) = 4", 1}, {"rising(debits, 12h) = 2", 1},
	{"known(counterparty.account)", 1}, {"first_seen(counterparty.account) = 12h", 1},
	{"first_seen(counterparty.name) = 12h", 1}, {"known(ip)", -1}, {"first_seen(mac) < 1h", -1},
	{"watched() = 29d13h", 1}, {"idle() = 11h", 1}, {"p50(debits, 90d) > 0", -1},
	{"3 <= count(debits, 24h) < 5", 1}, {"1h < first_seen(counterparty.account) < 1d", 1},
	{"balance_before() = 25_000", 1}, {"emptied() = 80%", 1}, {"balance <= 20% of balance_before()", 1},
	{"zeros(amount) = 4", 1}, {"amount >= 6 * avg(debits where counterparty.kind = person, 24h)", 1},
	{"newcomers(credits, 24h) = 0", 1}, {"newcomers(debits, 24h) = 2", 1},
	{"firms_elsewhere() = 50%", 1}, {"neighbours_elsewhere() < 29%", 1}, {"neighbours_elsewhere() > 28%", 1},
	{"name_stayed() = 1", 1}, {"name_moved() = 0", 1}, /* in Zhejiang, as all of that name */
	{"drained_days(1%, 7d) = 2", 1}, {"drained_days(0.5%, 8d) = 10", 1},
};

static void functions_mean_what_they_say(void **state)
{
	(void)state;
	fill();
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (ask(meanings[i].where, 6) != meanings[i].expected)
			fail_msg("%s: expected %d", meanings[i].where, meanings[i].expected);
}

static void percentiles_are_of_what_was_before(void **state)
{
	(void)state;
	for (size_t i = 0; i < 12; i++)
		put(i, "2026-03-02T10:00:00+08:00", TX_DEBIT, 1000 * (int64_t)(i + 1), "A", TX_PERSON);
	assert_int_equal(ask("p50(debits, 90d) = 6000", 12), 1);
	assert_int_equal(ask("p95(debits, 90d) = 1.1万", 12), 1);
	assert_int_equal(ask("p1(debits, 90d) = 1000", 12), 1);
	assert_int_equal(ask("amount >= p99(debits, 90d)", 12), 1);
	assert_int_equal(ask("p95(credits, 90d) > 0", 12), -1);
	assert_int_equal(ask("p95(debits, 90d) > 0", 5), -1);
	assert_int_equal(ask("p95(debits, 90d) > 0", 6), 1);
}

/* A late transaction has no memory, and the first one hardly any. */
static void without_a_memory_nothing_is_known(void **state)
{
	static const char *const absent[] = {
		"count(debits, 24h) >= 0", "sum(debits, 24h) >= 0", "share(debits where hour > 3, 24h) >= 0%",
		"rising(debits, 24h) >= 0", "p95(debits, 90d) > 0", "known(counterparty.account)",
		"not known(counterparty.account)", "first_seen(counterparty.name) >= 0s", "name_distance() >= 0",
		"name_added() >= 1", "name_disguised() >= 0", "name_stayed() >= 0", "name_moved() >= 0",
		"newcomers(credits, 30d) >= 0", "drained_days(1%, 7d) >= 0", "firms_elsewhere() >= 0%",
		"neighbours_elsewhere() >= 0%", "watched() >= 0s", "idle() > 0s",
	};

	(void)state;
	fill();
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (ask(absent[i], 0) != -1)
			fail_msg("%s: expected neither yes nor no", absent[i]);
	assert_int_equal(ask("idle() > 0s", 1), -1);
	assert_int_equal(ask("watched() = 0s", 1), 1);
	assert_int_equal(ask("not known(counterparty.account)", 1), 1);
	assert_int_equal(ask("emptied() > 1%", 1), -1); /* a credit */
	assert_int_equal(ask("balance_before() = -2000", 1), 1);
}

/* One question, however often and by however many patterns it is asked. */
static void a_question_is_answered_once(void **state)
{
	uint32_t before;

	(void)state;
	fill();
	before = questions.count;
	windows_asked = 0;
	assert_int_equal(ask("count(debits where hour = 7, 5h) = 0 and sum(debits where hour = 7, 5h) = 0 and "
	                     "not max(debits where hour in [7], 300m) > 5 or distinct(debits where hour = 7, 5h) = 0", 6), 1);
	/* The count, then the amounts, for the sum and the largest, then the parties. */
	assert_int_equal(windows_asked, 3);
	assert_int_equal(questions.count, before + 1);
	ask("count(debits where hour = 7, 5h) = 0", 6);
	assert_int_equal(windows_asked, 4); /* another transaction, the same question */
	assert_int_equal(questions.count, before + 1);
	windows_asked = 0;
	ask("sum(debits where hour = 7, 5h) = 0 and count(debits where hour = 7, 5h) = 0 and "
	    "max(debits where hour = 7, 5h) > 5", 6);
	assert_int_equal(windows_asked, 1); /* whoever says the amounts says the count */
}

/* Where there are fewer transactions than parties are asked for, nobody looks at parties. */
static void few_transactions_have_few_parties(void **state)
{
	(void)state;
	fill();
	parties_asked = 0;
	assert_int_equal(ask("distinct(debits where amount > 0, 90d) >= 7", 6), 0);
	assert_int_equal(parties_asked, 0);
	assert_true(ask("distinct(debits where amount > 0, 90d) >= 1", 6) >= 0);
	assert_int_equal(parties_asked, 1);
}

/* ---- random conditions on random accounts ---- */

/* Some random sets hold nothing, which is a fault. */
static bool excludes_itself(const char *where)
{
	struct condition_context context = context_of(where);

	return condition_compile(&context) == NULL && strstr(complaint.text, "exclude each other") != NULL;
}

static void programs_agree_with_the_plain_walk(void **state)
{
	int answers[3] = {0};

	(void)state;
	seed = 20260404;
	for (int i = 0; i < 4000; i++) {
		char where[CONDITION_BYTES_MAX] = "";
		say_condition(where, 2, false);
		for (int j = 0; j < 6 && !excludes_itself(where); j++) {
			size_t count = pick(HISTORY_MAX);
			random_history(history, count > 0 ? count : 1);
			answers[ask(where, count) + 1]++;
		}
		arena_reset(&arena);
		questions.count = 0;
	}
	for (int i = 0; i < 3; i++)
		assert_true(answers[i] > 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_mean_what_they_say), cmocka_unit_test(percentiles_are_of_what_was_before),
		cmocka_unit_test(without_a_memory_nothing_is_known), cmocka_unit_test(a_question_is_answered_once),
		cmocka_unit_test(few_transactions_have_few_parties),
		cmocka_unit_test(programs_agree_with_the_plain_walk),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
