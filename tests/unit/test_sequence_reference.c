/*
 * Random sequences on random accounts against the plain reference, alone and behind the gate (I2).
 */
#include "tests/unit/tape_fixture.h"

#include "base/instant.h"
#include "match/matcher.h"
#include "tests/reference/sequence.h"

enum { SETS = 200, TAPES = 60, DETECT_BYTES = 2000 };

static uint64_t seed = 11;

static uint32_t pick(uint32_t below)
{
	return fixture_random(&seed, below);
}

static int64_t sum(const struct reference_taken *taken, uint32_t step)
{
	int64_t all = 0;

	for (uint32_t i = 0; i < taken->count[step]; i++)
		all += taken->events[taken->items[step][i]].amount_minor;
	return all;
}

/* The newest and the oldest of a step. */
static const struct profile_event *newest(const struct reference_taken *taken, uint32_t step)
{
	return &taken->events[taken->items[step][0]];
}

static const struct profile_event *oldest(const struct reference_taken *taken, uint32_t step)
{
	return &taken->events[taken->items[step][taken->count[step] - 1]];
}

static bool sums(const struct reference_taken *taken)
{
	return sum(taken, 1) * 10 >= sum(taken, 0) * 9 && sum(taken, 1) <= 2 * sum(taken, 0);
}

static bool counts(const struct reference_taken *taken)
{
	return taken->count[0] + 2 * taken->count[1] >= 5;
}

static bool extremes(const struct reference_taken *taken)
{
	int64_t least = INT64_MAX, most = 0;

	for (uint32_t i = 0; i < taken->count[0]; i++)
		if (taken->events[taken->items[0][i]].amount_minor > most)
			most = taken->events[taken->items[0][i]].amount_minor;
	for (uint32_t i = 0; i < taken->count[1]; i++)
		if (taken->events[taken->items[1][i]].amount_minor < least)
			least = taken->events[taken->items[1][i]].amount_minor;
	return most <= least;
}

static bool times(const struct reference_taken *taken)
{
	return oldest(taken, 1)->booked_ms - newest(taken, 0)->booked_ms <= 2 * INSTANT_HOUR_MS &&
	       newest(taken, 1)->booked_ms - oldest(taken, 1)->booked_ms <= INSTANT_HOUR_MS;
}

static bool rising(const struct reference_taken *taken)
{
	for (uint32_t i = 1; i < taken->count[1]; i++)
		if (taken->events[taken->items[1][i]].amount_minor >= taken->events[taken->items[1][i - 1]].amount_minor)
			return false;
	return oldest(taken, 0)->amount_minor < newest(taken, 1)->amount_minor;
}

static bool parties(const struct reference_taken *taken)
{
	uint32_t seen[PROFILE_EVENTS_MAX], count = 0;

	for (uint32_t i = 0, j; i < taken->count[1]; i++) {
		uint32_t party = taken->events[taken->items[1][i]].party;
		for (j = 0; j < count && seen[j] != party; j++)
			;
		if (j == count && party != 0)
			seen[count++] = party;
	}
	return count >= 2;
}

/* Of a group of both steps nothing is left to judge. */
static bool grouped(const struct reference_taken *taken)
{
	return taken->count[0] > 0;
}

static bool same_or_large(const struct reference_taken *taken)
{
	uint32_t party = newest(taken, 1)->party;
	bool same = party != 0;

	for (uint32_t step = 0; step < 2; step++)
		for (uint32_t i = 0; i < taken->count[step]; i++)
			same = same && taken->events[taken->items[step][i]].party == party;
	return same || sum(taken, 1) > 100000;
}

static bool equal(const struct reference_taken *taken, uint32_t step)
{
	for (uint32_t i = 1; i < taken->count[step]; i++)
		if (taken->events[taken->items[step][i]].amount_minor != taken->events[taken->items[step][0]].amount_minor)
			return false;
	return true;
}

static bool equal_at_first(const struct reference_taken *taken)
{
	return equal(taken, 0) && sum(taken, 1) * 2 >= sum(taken, 0);
}

static bool equal_at_last(const struct reference_taken *taken)
{
	return equal(taken, 1) && taken->count[0] + taken->count[1] >= 3;
}

static bool equal_all_along(const struct reference_taken *taken)
{
	return equal(taken, 0) && equal(taken, 1);
}

static const struct {
	const char *words;
	bool (*holds)(const struct reference_taken *taken);
} havings[] = {
	{NULL, NULL}, /* none */
	{"sum(b) >= 90% of sum(a) and sum(b) <= 2 * sum(a)", sums},
	{"count(a) + 2 * count(b) >= 5", counts},
	{"max(a) <= min(b)", extremes},
	{"gap(a, b) <= 2h and span(b) <= 1h", times},
	{"rising(b) = count(b) and first(a) < last(b)", rising},
	{"distinct(b) >= 2", parties},
	{"same_party(b, a)", grouped},
	{"same_party(a, b) or sum(b) > 1000", same_or_large},
	{"max(a) <= min(a) and sum(b) >= 50% of sum(a)", equal_at_first},
	{"count(a) + count(b) >= 3 and min(b) >= max(b)", equal_at_last},
	{"max(b) = min(b) and min(a) = max(a)", equal_all_along},
};

enum { HAVINGS = sizeof(havings) / sizeof(havings[0]), GROUPED = 7 };

static void put_amount(struct reference_step *step, char *out)
{
	static const int64_t edges[] = {5, 10, 50, 1000, 20000, 100000};
	int64_t edge = edges[pick(6)];

	step->to_minor = INT64_MAX;
	if (pick(3) > 0)
		return;
	if (pick(2) == 0) {
		step->from_minor = edge * 100;
		sprintf(out + strlen(out), ", amount: '>= %lld'", (long long)edge);
	} else {
		step->to_minor = edge * 100 - 1;
		sprintf(out + strlen(out), ", amount: '< %lld'", (long long)edge);
	}
}

static void put_conditions(struct reference_step *step, char *out)
{
	step->left_most = -1;
	step->hour_to = 23;
	switch (pick(12)) {
	case 0:
		step->novelty = 1 + (int)pick(2);
		sprintf(out + strlen(out), ", counterparty: %s", step->novelty == 1 ? "new" : "known");
		break;
	case 1:
		step->kind = pick(2) == 0 ? TX_PERSON : TX_COMPANY;
		sprintf(out + strlen(out), ", kind: %s", step->kind == TX_PERSON ? "person" : "company");
		break;
	case 2:
		step->left_most = (int)pick(60);
		sprintf(out + strlen(out), ", left: '<= %d%%'", step->left_most);
		break;
	case 3:
		step->hour_from = 5 + (int)pick(6);
		sprintf(out + strlen(out), ", hour: %d..23", step->hour_from);
		break;
	case 4:
		step->party = 1;
		strcat(out, ", counterparty: this");
		break;
	default: break;
	}
}

static void put_step(struct reference_step *step, uint32_t number, char *out)
{
	*step = (struct reference_step){.direction = (int)pick(3)};
	sprintf(out + strlen(out), "      - {name: %c", 'a' + (int)number);
	if (step->direction != 0)
		sprintf(out + strlen(out), ", direction: %s", step->direction == TX_DEBIT ? "debit" : "credit");
	put_amount(step, out);
	put_conditions(step, out);
	step->least = 1 + (pick(3) == 0 ? pick(3) : 0);
	step->most = step->least + (pick(2) == 0 ? pick(8) : 0);
	sprintf(out + strlen(out), ", repeat: %u..%u}\n", step->least, step->most);
}

/* A random sequence, for both. */
static void sequence_new(struct reference_sequence *s, char *detect)
{
	uint32_t having = pick(HAVINGS);

	*s = (struct reference_sequence){.step_count = 1 + pick(3), .gaps = UINT32_MAX, .within_ms = INT64_MAX};
	if (having > 0 && s->step_count == 1)
		s->step_count = 2;
	s->having = havings[having].holds;
	strcpy(detect, "  sequence:\n    steps:\n");
	for (uint32_t i = 0; i < s->step_count; i++)
		put_step(&s->steps[i], i, detect);
	if (pick(2) == 0) {
		s->within_ms = (1 + (int64_t)pick(12)) * 30 * INSTANT_MINUTE_MS;
		sprintf(detect + strlen(detect), "    within: %llds\n", (long long)s->within_ms / 1000);
	}
	if (pick(2) == 0) {
		s->gaps = pick(5);
		sprintf(detect + strlen(detect), "    gaps: %u\n", s->gaps);
	}
	if (having > 0)
		sprintf(detect + strlen(detect), "    having: %s\n", havings[having].words);
	if (having == GROUPED) {
		int group = s->steps[0].party == 1 || s->steps[1].party == 1 ? 1 : 2;
		s->steps[0].party = s->steps[1].party = group;
	}
}

static void tape_new(struct tape_fixture *tape)
{
	static const int64_t amounts[] = {1, 400, 500, 999, 1000, 4999, 5000, 99999, 100000, 1999999, 2000000, 9999999,
	                                  10000000, 50000000};
	static const int64_t pauses_ms[] = {0, 1000, 60000, 61000, 1200000, 3600000, 7200000};
	uint32_t count = 1 + pick(pick(4) == 0 ? 80 : 20);

	*tape = (struct tape_fixture){0};
	for (uint32_t i = 0; i < count; i++) {
		int64_t amount = i > 0 && pick(2) == 0 ? tape->txs[i - 1].amount_minor
		                                       : amounts[pick(sizeof(amounts) / sizeof(amounts[0]))];
		tape_fixture_add(tape, pauses_ms[pick(7)], pick(2) == 0 ? TX_DEBIT : TX_CREDIT, amount, pick(4),
		                 (enum tx_party_kind)(TX_COMPANY + pick(2)), pick(2) == 0 ? (uint8_t)pick(101) : UINT8_MAX);
	}
	tape_fixture_put(tape, NULL);
}

static uint32_t events_of(const struct profile_view *view, struct profile_event events[PROFILE_EVENTS_MAX])
{
	uint32_t count = 0;

	while (count < PROFILE_EVENTS_MAX && profile_event_at(view, count, &events[count]))
		count++;
	events[0].amount_minor = view->amount_minor;
	return count;
}

/* The same numbers in each step, and the same transactions. */
static void same_placing(const struct sequence_placing *placing, const struct reference_taken *taken,
                         uint32_t steps, const char *detect)
{
	for (uint32_t step = 0; step < steps; step++) {
		uint64_t bits = 0;
		for (uint32_t i = 0; i < taken->count[step]; i++)
			bits |= UINT64_C(1) << taken->items[step][i];
		if (bits != placing->taken[step])
			fail_msg("%s\nstep %u took %llx, the reference %llx", detect, step,
			         (unsigned long long)placing->taken[step], (unsigned long long)bits);
	}
}

struct tally {
	unsigned hits, misses;
};

static void compare(struct matcher *matcher, const struct reference_sequence *reference, const char *detect,
                    const struct tape_fixture *tape, struct tally *tally)
{
	const struct plan_sequence *sequence = pattern_set_at(matcher_set(matcher), 0)->detect->parts[0].sequence;
	struct profile_event events[PROFILE_EVENTS_MAX];
	struct condition_input input = {
		.set = matcher_set(matcher), .view = &tape->view, .tx = &tape->txs[tape->count - 1]};
	struct sequence_tape own = {.count = 0};
	struct sequence_placing placing;
	struct reference_taken taken;
	bool expected = reference_sequence(reference, events, events_of(&tape->view, events), &taken);
	bool exact = sequence_place(sequence, &own, &input, &placing);

	if (exact != expected)
		fail_msg("%s\nthe exact decision says %d, the reference %d", detect, exact, expected);
	if (exact)
		same_placing(&placing, &taken, sequence->step_count, detect);
	if ((tape_fixture_hits(matcher, tape) > 0) != expected)
		fail_msg("%s\nthe gate lost it", detect);
	tally->hits += exact;
	tally->misses += !exact;
}

static void sequences_agree_with_the_reference(void **state)
{
	static struct tape_fixture tape;
	struct reference_sequence reference;
	struct tally tally = {0};
	char detect[DETECT_BYTES];

	(void)state;
	for (int i = 0; i < SETS; i++) {
		struct pattern_set *set;
		struct matcher *matcher;
		sequence_new(&reference, detect);
		set = fixture_set(detect);
		matcher = matcher_new(set);
		for (int j = 0; j < TAPES; j++) {
			tape_new(&tape);
			compare(matcher, &reference, detect, &tape, &tally);
			tape_fixture_free(&tape);
		}
		matcher_free(&matcher);
		pattern_set_free(&set);
	}
	/* Both answers must be common, or nothing was compared. */
	assert_true(tally.hits > SETS * TAPES / 10);
	assert_true(tally.misses > SETS * TAPES / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(sequences_agree_with_the_reference)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
