/*
 * What `having` asks of the transactions that a step took. Amounts in minor units of CNY, where a transaction
 * without a rate counts as nothing; durations in ms. A step always took at least one.
 */
#include "match/sequence_run.h"

#include "base/bits.h"

static const struct profile_event *event_at(const struct sequence_placing *placing, uint32_t i)
{
	return &placing->tape->events[i];
}

static uint32_t newest(const struct sequence_placing *placing, uint32_t step)
{
	return (uint32_t)__builtin_ctzll(placing->taken[step]);
}

static uint32_t oldest(const struct sequence_placing *placing, uint32_t step)
{
	return 63u - (uint32_t)__builtin_clzll(placing->taken[step]);
}

static int64_t amounts(const struct sequence_placing *placing, enum sequence_question question, uint32_t step)
{
	int64_t least = INT64_MAX, most = INT64_MIN;
	__int128 sum = 0;
	int count = 0;

	for (uint64_t left = placing->taken[step]; left != 0; left &= left - 1, count++) {
		int64_t amount = event_at(placing, (uint32_t)__builtin_ctzll(left))->amount_minor;
		sum += amount;
		least = amount < least ? amount : least;
		most = amount > most ? amount : most;
	}
	if (question == SEQUENCE_MIN)
		return least;
	if (question == SEQUENCE_MAX)
		return most;
	if (question == SEQUENCE_AVG)
		sum = (sum + count / 2) / count;
	return sum <= INT64_MAX ? (int64_t)sum : VALUE_ABSENT;
}

/* Counterparties; those that nobody named do not count. */
static int64_t distinct(const struct sequence_placing *placing, uint64_t events)
{
	int64_t count = 0;

	for (uint64_t left = events; left != 0; left &= left - 1) {
		uint32_t party = event_at(placing, (uint32_t)__builtin_ctzll(left))->party;
		bool seen = party == 0;
		for (uint64_t newer = events; !seen && newer != left; newer &= newer - 1)
			seen = event_at(placing, (uint32_t)__builtin_ctzll(newer))->party == party;
		count += !seen;
	}
	return count;
}

/* Amounts that grew, one after the other, up to the step's last: how many. */
static int64_t rising(const struct sequence_placing *placing, uint32_t step)
{
	int64_t above = event_at(placing, newest(placing, step))->amount_minor, count = 1;

	for (uint64_t left = placing->taken[step] & (placing->taken[step] - 1); left != 0; left &= left - 1) {
		int64_t amount = event_at(placing, (uint32_t)__builtin_ctzll(left))->amount_minor;
		if (amount >= above)
			break;
		above = amount;
		count++;
	}
	return count;
}

/* All with one and the same, which somebody named. */
static bool same_party(const struct sequence_placing *placing, uint64_t events)
{
	uint32_t party = event_at(placing, (uint32_t)__builtin_ctzll(events))->party;

	for (uint64_t left = events; left != 0; left &= left - 1)
		if (event_at(placing, (uint32_t)__builtin_ctzll(left))->party != party)
			return false;
	return party != 0;
}

static int64_t between(const struct sequence_placing *placing, uint32_t older, uint32_t newer)
{
	return event_at(placing, newer)->booked_ms - event_at(placing, older)->booked_ms;
}

int64_t sequence_answer(const struct sequence_placing *placing, enum sequence_question question,
                        uint32_t step, uint32_t other)
{
	uint64_t taken = placing->taken[step];

	switch (question) {
	case SEQUENCE_COUNT: return bits_count(taken) * VALUE_MICROS;
	case SEQUENCE_DISTINCT: return distinct(placing, taken) * VALUE_MICROS;
	case SEQUENCE_RISING: return rising(placing, step) * VALUE_MICROS;
	case SEQUENCE_FIRST: return event_at(placing, oldest(placing, step))->amount_minor;
	case SEQUENCE_LAST: return event_at(placing, newest(placing, step))->amount_minor;
	case SEQUENCE_SPAN: return between(placing, oldest(placing, step), newest(placing, step));
	case SEQUENCE_GAP: return between(placing, newest(placing, step), oldest(placing, other));
	case SEQUENCE_SAME_PARTY: return same_party(placing, taken | placing->taken[other]);
	default: return amounts(placing, question, step);
	}
}
