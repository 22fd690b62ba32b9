#include "match/sequence_tape.h"

enum { LEFT_PERCENT = 10000 }; /* millionths */

_Static_assert(PROFILE_EVENTS_MAX == 64, "a transaction is a bit of a word");
_Static_assert(GATE_NEW == 1 && GATE_KNOWN == 2 && GATE_NO_PARTY == 4, "novelties[] goes by their bits");

/* What only the events' count says is not yet read must be clear. */
static void clear(struct sequence_tape *tape)
{
	memset(tape->directions, 0, sizeof(*tape) - offsetof(struct sequence_tape, directions));
}

static void take(struct sequence_tape *tape, uint32_t i)
{
	const struct profile_event *event = &tape->events[i];
	uint64_t bit = UINT64_C(1) << i;

	tape->amounts_minor[i] = event->amount_minor;
	tape->directions[event->direction] |= bit;
	tape->kinds[event->kind] |= bit;
	tape->channels[event->channel] |= bit;
	tape->hours[event->hour] |= bit;
	tape->novelties[sequence_novelty(event) >> 1] |= bit;
}

static void read_on(struct sequence_tape *tape, const struct profile_view *view, int64_t since_ms)
{
	uint32_t end = tape->count + profile_events_read(view, tape->count, since_ms, &tape->events[tape->count]);

	if (tape->count == 0)
		clear(tape);
	tape->whole = end == tape->count || tape->events[end - 1].booked_ms >= since_ms;
	while (tape->count < end)
		take(tape, tape->count++);
}

uint64_t sequence_tape_read(struct sequence_tape *tape, const struct profile_view *view, int64_t since_ms)
{
	uint32_t least, most;

	if (!tape->whole && (tape->count == 0 || tape->events[tape->count - 1].booked_ms >= since_ms))
		read_on(tape, view, since_ms);
	/* How many from the newest on: the first one that is too old. */
	for (least = 0, most = tape->count; least < most;) {
		uint32_t middle = (least + most) / 2;
		if (tape->events[middle].booked_ms >= since_ms)
			least = middle + 1;
		else
			most = middle;
	}
	return least > 0 ? UINT64_MAX >> (64 - least) : 0;
}

static uint64_t any_of(const uint64_t *sets, uint32_t wanted)
{
	uint64_t all = 0;

	for (; wanted != 0; wanted &= wanted - 1)
		all |= sets[__builtin_ctz(wanted)];
	return all;
}

static bool within(const struct program_range *range, bool present, int64_t value)
{
	return present ? value >= range->from && value <= range->to : range->absent;
}

/* An amount of 0 had no rate; none is below. */
static uint64_t by_amount(const struct sequence_tape *tape, const struct program_range *range, uint64_t events)
{
	int64_t from = range->from > 1 ? range->from : 1, to = range->to;
	bool absent = range->absent;
	uint64_t fit = 0;

	for (; events != 0; events &= events - 1) {
		int64_t amount = tape->amounts_minor[__builtin_ctzll(events)];
		if ((amount >= from && amount <= to) || (absent && amount == 0))
			fit |= events & -events;
	}
	return fit;
}

static uint64_t by_left(const struct sequence_tape *tape, const struct program_range *range, uint64_t events)
{
	uint64_t fit = 0;

	for (; events != 0; events &= events - 1) {
		uint8_t left = tape->events[__builtin_ctzll(events)].left_percent;
		if (within(range, left != UINT8_MAX, left * LEFT_PERCENT))
			fit |= events & -events;
	}
	return fit;
}

uint64_t sequence_tape_fit(const struct sequence_tape *tape, const struct plan_step *step, uint64_t events)
{
	const struct program_gate *gate = &step->gate;

	if (step->asks & 1u << GATE_DIRECTION)
		events &= any_of(tape->directions, gate->directions);
	if (step->asks & 1u << GATE_KIND)
		events &= any_of(tape->kinds, gate->kinds);
	if (step->asks & 1u << GATE_CHANNEL)
		events &= any_of(tape->channels, gate->channels);
	if (step->asks & 1u << GATE_HOUR)
		events &= any_of(tape->hours, gate->hours);
	if (step->asks & 1u << GATE_NOVELTY)
		events &= any_of(tape->novelties, gate->novelty);
	if (step->asks & 1u << GATE_AMOUNT)
		events = by_amount(tape, &gate->amount, events);
	if (step->asks & 1u << GATE_LEFT)
		events = by_left(tape, &gate->left, events);
	return events;
}

uint64_t sequence_tape_with(const struct sequence_tape *tape, uint32_t party, uint64_t events)
{
	uint64_t same = 0;

	for (; events != 0; events &= events - 1)
		if (tape->events[__builtin_ctzll(events)].party == party)
			same |= events & -events;
	return same;
}
