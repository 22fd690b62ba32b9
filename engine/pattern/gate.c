#include "pattern/gate.h"

enum { DIRECTIONS = 0x7, KINDS = 0x3f, CHANNELS = 0x3ff, HOURS = 0xffffff, NOVELTY = 0x7 };

static const struct program_range anything = {INT64_MIN, INT64_MAX, true};

struct program_gate program_gate_open(void)
{
	return (struct program_gate){
		.directions = DIRECTIONS, .kinds = KINDS, .channels = CHANNELS, .hours = HOURS, .novelty = NOVELTY,
		.amount = anything, .idle = anything, .watched = anything, .met = anything, .left = anything,
	};
}

static struct program_range range_both(struct program_range a, struct program_range b)
{
	return (struct program_range){a.from > b.from ? a.from : b.from, a.to < b.to ? a.to : b.to,
	                              a.absent && b.absent};
}

/* The hull; of an empty range nothing but whether the value may be absent. */
static struct program_range range_either(struct program_range a, struct program_range b)
{
	bool absent = a.absent || b.absent;

	if (a.from > a.to || b.from > b.to) {
		a = a.from > a.to ? b : a;
		return (struct program_range){a.from, a.to, absent};
	}
	return (struct program_range){a.from < b.from ? a.from : b.from, a.to > b.to ? a.to : b.to, absent};
}

struct program_gate program_gate_both(const struct program_gate *a, const struct program_gate *b)
{
	return (struct program_gate){
		.directions = a->directions & b->directions, .kinds = a->kinds & b->kinds,
		.channels = a->channels & b->channels, .hours = a->hours & b->hours, .novelty = a->novelty & b->novelty,
		.has = a->has | b->has, .lacks = a->lacks | b->lacks,
		.events = a->events > b->events ? a->events : b->events,
		.amount = range_both(a->amount, b->amount), .idle = range_both(a->idle, b->idle),
		.watched = range_both(a->watched, b->watched), .met = range_both(a->met, b->met),
		.left = range_both(a->left, b->left),
	};
}

struct program_gate program_gate_either(const struct program_gate *a, const struct program_gate *b)
{
	/* One through which nothing passes would only widen the other. */
	if (program_gate_shut(a))
		return *b;
	if (program_gate_shut(b))
		return *a;
	return (struct program_gate){
		.directions = a->directions | b->directions, .kinds = a->kinds | b->kinds,
		.channels = a->channels | b->channels, .hours = a->hours | b->hours, .novelty = a->novelty | b->novelty,
		.has = a->has & b->has, .lacks = a->lacks & b->lacks,
		.events = a->events < b->events ? a->events : b->events,
		.amount = range_either(a->amount, b->amount), .idle = range_either(a->idle, b->idle),
		.watched = range_either(a->watched, b->watched), .met = range_either(a->met, b->met),
		.left = range_either(a->left, b->left),
	};
}

static bool range_shut(struct program_range range)
{
	return range.from > range.to && !range.absent;
}

bool program_gate_shut(const struct program_gate *gate)
{
	return gate->directions == 0 || gate->kinds == 0 || gate->channels == 0 || gate->hours == 0 ||
	       gate->novelty == 0 || (gate->has & gate->lacks) != 0 || range_shut(gate->amount) || range_shut(gate->idle) ||
	       range_shut(gate->watched) || range_shut(gate->met) || range_shut(gate->left);
}
