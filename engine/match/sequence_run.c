/*
 * A tape holds at most 64 transactions, so what a step accepts is one word of bits, and what it takes is its
 * lowest set bits from some place on. The search goes from the last step back: for each number of
 * transactions that it may take, from the most to the least, the step before it.
 */
#include "match/sequence_run.h"

#include "base/counters.h"

enum { WORK_PLACE = 15, WORK_STEP = 18, WORK_READ = 5, WORK_TRY = 12 }; /* in about ten instructions */

struct search {
	const struct plan_sequence *sequence;
	struct condition_input *input;
	struct sequence_placing *placing;
	const uint64_t *fits; /* by step: what it accepts of what `within` leaves */
	uint32_t parties[SEQUENCE_STEPS_MAX + SEQUENCE_PARTY_FIRST_GROUP]; /* by group; 0: not yet known */
	uint32_t tries;
};

/*
 * The transactions from event `from` on that the step may take now; sets its group's party where it is the
 * first.
 */
static uint64_t acceptable(struct search *s, uint32_t step, uint32_t from)
{
	const struct sequence_tape *tape = s->placing->tape;
	uint8_t group = s->sequence->steps[step].party;
	uint64_t events = from < 64 ? s->fits[step] & ~UINT64_C(0) << from : 0;

	if (group == SEQUENCE_PARTY_ANY)
		return events;
	for (uint64_t left = events; group != SEQUENCE_PARTY_THIS && s->parties[group] == 0 && left != 0;
	     left &= left - 1)
		s->parties[group] = tape->events[__builtin_ctzll(left)].party;
	return s->parties[group] != 0 ? sequence_tape_with(tape, s->parties[group], events) : 0;
}

static bool place(struct search *s, uint32_t step, uint32_t from, uint32_t taken);

/* What `having` asks of this step and those behind it: with a no, whatever the steps before take is in vain. */
static bool holds_so_far(const struct search *s, uint32_t step)
{
	const struct program *having = s->sequence->having;
	bool is_last = step == s->sequence->step_count - 1;

	for (uint16_t i = 0; i < having->need_count; i++) {
		const struct program_need *need = &having->needs[i];
		if ((need->step == step || (is_last && need->step == NEED_STEPLESS)) &&
		    !condition_need(having, need, need->number, s->input))
			return false;
	}
	return true;
}

/* The step took what it takes, `taken` with all behind it: the one before it, or the end. */
static bool goes_on(struct search *s, uint32_t step, uint32_t taken)
{
	if (s->placing->oldest + 1 - taken > s->sequence->gaps) /* others between them */
		return false;
	if (s->sequence->having != NULL && !holds_so_far(s, step))
		return false;
	return step == 0 || place(s, step - 1, s->placing->oldest + 1, taken);
}

/* Without `having`, nobody wants them the same (explain_sequence.c). */
static bool wants_equal(const struct plan_sequence *sequence, uint32_t step)
{
	return sequence->steps[step].equal && sequence->having != NULL;
}

/* The newest of `events`, at most so many, or as far as their amounts are those of the newest. */
static uint64_t newest_of(const struct sequence_tape *tape, uint64_t events, uint32_t most, bool equal,
                          uint32_t *count_r)
{
	int64_t amount = events != 0 ? tape->events[__builtin_ctzll(events)].amount_minor : 0;
	uint64_t all = 0;
	uint32_t count = 0;

	for (; events != 0 && count < most; events &= events - 1, count++) {
		if (equal && tape->events[__builtin_ctzll(events)].amount_minor != amount)
			break;
		all |= events & -events;
	}
	*count_r = count;
	return all;
}

/* `taken`: by the steps behind it. */
static bool place(struct search *s, uint32_t step, uint32_t from, uint32_t taken)
{
	const struct plan_step *of = &s->sequence->steps[step];
	uint32_t party_before = s->parties[of->party], count;
	uint64_t events = acceptable(s, step, from);
	uint64_t all = newest_of(s->placing->tape, events, of->most, wants_equal(s->sequence, step), &count);

	for (; count >= of->least; count--) {
		if (++s->tries > SEQUENCE_TRIES_MAX)
			break;
		s->placing->taken[step] = all;
		s->placing->oldest = 63u - (uint32_t)__builtin_clzll(all);
		if (goes_on(s, step, taken + count))
			return true;
		all &= ~(UINT64_C(1) << (63u - (uint32_t)__builtin_clzll(all)));
	}
	s->placing->taken[step] = 0;
	s->parties[of->party] = party_before;
	return false;
}

static bool has_at_least(uint64_t events, uint32_t least)
{
	while (--least > 0)
		events &= events - 1;
	return events != 0;
}

/* Some with the same amount, one after the other, as many as the step takes; of the last step the newest. */
static bool has_equals(const struct plan_sequence *sequence, const struct sequence_tape *tape, uint64_t events,
                       uint32_t step)
{
	const struct plan_step *of = &sequence->steps[step];
	int64_t amount = -1;
	uint32_t count = 0;

	if (!wants_equal(sequence, step) || of->party != SEQUENCE_PARTY_ANY)
		return true;
	for (; events != 0 && count < of->least; events &= events - 1) {
		int64_t own = tape->events[__builtin_ctzll(events)].amount_minor;
		if (count > 0 && own != amount && step == sequence->step_count - 1)
			return false;
		count = own == amount ? count + 1 : 1;
		amount = own;
	}
	return count >= of->least;
}

/*
 * What each step accepts; false where one accepts too little, and the last step not the transaction at hand.
 * Most sequences end here.
 */
static bool accept(const struct plan_sequence *sequence, const struct sequence_tape *tape, uint64_t events,
                   uint64_t fits_r[SEQUENCE_STEPS_MAX])
{
	uint32_t step = sequence->step_count - 1;

	fits_r[step] = sequence_tape_fit(tape, &sequence->steps[step], events);
	if ((fits_r[step] & 1) == 0 || !has_at_least(fits_r[step], sequence->steps[step].least) ||
	    !has_equals(sequence, tape, fits_r[step], step))
		return false;
	while (step-- > 0) {
		fits_r[step] = sequence_tape_fit(tape, &sequence->steps[step], events & ~UINT64_C(1));
		if (!has_at_least(fits_r[step], sequence->steps[step].least) ||
		    !has_equals(sequence, tape, fits_r[step], step))
			return false;
	}
	return true;
}

/* Are there as many transactions as the steps take at least? */
static bool may_have_enough(const struct plan_sequence *sequence, const struct profile_view *view, int64_t since_ms)
{
	return profile_may_hold(view, since_ms > INT64_MIN ? since_ms - 1 : INT64_MIN, sequence->least);
}

/* How far back `within` reaches. */
static int64_t since(const struct plan_sequence *sequence, const struct profile_view *view)
{
	return sequence->within_ms < INT64_MAX ? view->now_ms - sequence->within_ms : INT64_MIN;
}

static bool search(const struct plan_sequence *sequence, const uint64_t *fits, struct condition_input *input,
                   struct sequence_placing *placing)
{
	const struct plan_step *last = &sequence->steps[sequence->step_count - 1];
	struct search s = {.sequence = sequence, .input = input, .placing = placing, .fits = fits};
	bool found;

	input->placing = placing;
	s.parties[SEQUENCE_PARTY_THIS] = placing->tape->events[0].party;
	if (last->party != SEQUENCE_PARTY_ANY) {
		/* The last step begins with the transaction at hand, which must have a party then. */
		s.parties[last->party] = placing->tape->events[0].party;
		if (s.parties[last->party] == 0)
			return false;
	}
	found = place(&s, sequence->step_count - 1, 0, 0);
	input->placing = NULL;
	input->work += s.tries * WORK_TRY;
	placing->given_up = s.tries > SEQUENCE_TRIES_MAX;
	if (placing->given_up)
		count(COUNT_SEQUENCE_TRIES_FULL);
	return found;
}

bool sequence_place(const struct plan_sequence *sequence, struct sequence_tape *tape,
                    struct condition_input *input, struct sequence_placing *placing_r)
{
	uint64_t fits[SEQUENCE_STEPS_MAX], events;
	uint32_t before = tape->count;
	int64_t since_ms;

	if (input->view == NULL)
		return false;
	since_ms = since(sequence, input->view);
	if (!may_have_enough(sequence, input->view, since_ms))
		return false;
	events = sequence_tape_read(tape, input->view, since_ms);
	input->work += WORK_PLACE + sequence->step_count * WORK_STEP + (tape->count - before) * WORK_READ;
	if (!accept(sequence, tape, events, fits))
		return false;
	*placing_r = (struct sequence_placing){.tape = tape};
	return search(sequence, fits, input, placing_r);
}
