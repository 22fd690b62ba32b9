#include "pattern/gate_rows.h"

#include "pattern/plan.h"
#include "pattern/read.h"

enum { LEFT_PERCENT = 10000 }; /* millionths */

static const uint32_t symbols[GATE_PLACES] = {
	[GATE_DIRECTION] = TX_CREDIT + 1, [GATE_AMOUNT] = GATE_BANDS, [GATE_KIND] = TX_UNKNOWN + 1,
	[GATE_CHANNEL] = TX_OTHER + 1, [GATE_SAID] = 2 * GATE_FOREIGN, [GATE_HOUR] = 24,
	[GATE_NOVELTY] = (GATE_NEW | GATE_KNOWN | GATE_NO_PARTY) + 1, [GATE_IDLE] = GATE_BANDS,
	[GATE_WATCHED] = GATE_BANDS,
	[GATE_LEFT] = GATE_LEFT_ABSENT + 1, [GATE_MET] = GATE_BANDS,
	[GATE_EVENTS] = GATE_EVENTS_MOST + 1,
};

static struct program_gate gate_of_alternatives(const struct plan_alternatives *any_of)
{
	struct program_gate gate = gate_of_detect(&any_of->items[0]), one;

	for (uint32_t i = 1; i < any_of->count; i++) {
		one = gate_of_detect(&any_of->items[i]);
		gate = program_gate_either(&gate, &one);
	}
	return gate;
}

/* The transaction at hand is of the last step. */
static struct program_gate gate_of_sequence(const struct plan_sequence *sequence)
{
	struct program_gate gate = sequence->steps[sequence->step_count - 1].gate, all = program_gate_open();

	all.events = sequence->least < GATE_EVENTS_MOST ? (uint8_t)sequence->least : GATE_EVENTS_MOST;
	gate = program_gate_both(&gate, &all);
	return sequence->having != NULL ? program_gate_both(&gate, &sequence->having->gate) : gate;
}

static struct program_gate gate_of_part(const struct plan_part *part)
{
	switch (part->kind) {
	case PART_WHERE: return part->where->gate;
	case PART_SEQUENCE: return gate_of_sequence(part->sequence);
	case PART_ANY_OF: return gate_of_alternatives(&part->any_of);
	default: return program_gate_open();
	}
}

struct program_gate gate_of_detect(const struct plan_detect *detect)
{
	struct program_gate gate = program_gate_open(), part;

	for (uint32_t i = 0; i < detect->part_count; i++) {
		part = gate_of_part(&detect->parts[i]);
		gate = program_gate_both(&gate, &part);
	}
	return gate;
}

static bool meets(const struct program_range *range, int64_t from, int64_t to)
{
	return to >= range->from && from <= range->to;
}

static bool allows_band(const struct program_range *range, uint32_t symbol)
{
	uint32_t top, quarter;
	int64_t step, from;

	if (symbol == GATE_ABSENT)
		return range->absent;
	top = (symbol - 1) / 4;
	quarter = (symbol - 1) % 4;
	step = top >= 2 ? INT64_C(1) << (top - 2) : 0;
	from = top > 0 ? (INT64_C(1) << top) + quarter * step : INT64_MIN;
	return meets(range, from, top >= 2 ? from + (step - 1) : (INT64_C(2) << top) - 1);
}

/* The percentage is whole, the bounds may be finer. */
static bool allows_left(const struct program_range *range, uint32_t symbol)
{
	if (symbol == GATE_LEFT_ABSENT)
		return range->absent;
	return meets(range, ((int64_t)symbol - 1) * LEFT_PERCENT, ((int64_t)symbol + 1) * LEFT_PERCENT);
}

bool gate_allows(const struct program_gate *gate, enum gate_place place, uint32_t symbol)
{
	switch (place) {
	case GATE_DIRECTION: return gate->directions >> symbol & 1;
	case GATE_KIND: return gate->kinds >> symbol & 1;
	case GATE_CHANNEL: return gate->channels >> symbol & 1;
	case GATE_SAID: return (gate->has & ~symbol) == 0 && (gate->lacks & symbol) == 0;
	case GATE_HOUR: return gate->hours >> symbol & 1;
	case GATE_NOVELTY: return (gate->novelty & symbol) != 0;
	case GATE_AMOUNT: return allows_band(&gate->amount, symbol);
	case GATE_IDLE: return allows_band(&gate->idle, symbol);
	case GATE_WATCHED: return allows_band(&gate->watched, symbol);
	case GATE_MET: return allows_band(&gate->met, symbol);
	case GATE_EVENTS: return symbol >= gate->events;
	default: return allows_left(&gate->left, symbol);
	}
}

static bool is_open(const struct program_range *range)
{
	return range->absent && range->from == INT64_MIN && range->to == INT64_MAX;
}

uint32_t gate_places(const struct program_gate *gate)
{
	struct program_gate open = program_gate_open();

	const bool narrows[GATE_PLACES] = {
		[GATE_DIRECTION] = gate->directions != open.directions, [GATE_AMOUNT] = !is_open(&gate->amount),
		[GATE_KIND] = gate->kinds != open.kinds, [GATE_CHANNEL] = gate->channels != open.channels,
		[GATE_SAID] = (gate->has | gate->lacks) != 0,
		[GATE_HOUR] = gate->hours != open.hours, [GATE_NOVELTY] = gate->novelty != open.novelty,
		[GATE_IDLE] = !is_open(&gate->idle), [GATE_WATCHED] = !is_open(&gate->watched),
		[GATE_LEFT] = !is_open(&gate->left), [GATE_MET] = !is_open(&gate->met),
		[GATE_EVENTS] = gate->events > 0,
	};
	uint32_t places = 0;

	for (int place = 0; place < GATE_PLACES; place++)
		places |= (uint32_t)narrows[place] << place;
	return places;
}

/* The bit of a pattern or an alternative in every row that it may stand in. */
static void build_place(uint64_t *rows, uint32_t words, enum gate_place place,
                        const struct program_gate *gate, uint32_t bit)
{
	for (uint32_t symbol = 0; symbol < symbols[place]; symbol++)
		if (gate_allows(gate, place, symbol))
			rows[(size_t)symbol * words + bit / 64] |= UINT64_C(1) << bit % 64;
}

/* Zero, at the beginning of a line of the cache. */
static uint64_t *rows_take(struct arena *arena, size_t lines)
{
	size_t line_bytes = GATE_LINE * sizeof(uint64_t), bytes = (lines + 1) * line_bytes;
	char *piece = read_take(arena, bytes);

	memset(piece, 0, bytes);
	return (uint64_t *)(piece + (line_bytes - (uintptr_t)piece % line_bytes) % line_bytes);
}

static void build_detect(uint64_t *rows, struct plan_gate *gate, const struct plan_detect *detect, uint32_t bit)
{
	struct program_gate own = gate_of_detect(detect);
	uint32_t words = gate->lines * GATE_LINE;

	for (int i = 0; i < GATE_PLACES; i++) {
		enum gate_place place = (enum gate_place)i;
		build_place(rows + (size_t)gate->first_row[place] * words, words, place, &own, bit);
	}
	gate->places |= gate_places(&own);
	for (uint32_t i = 0; i < detect->part_count; i++) {
		const struct plan_part *part = &detect->parts[i];
		for (uint32_t j = 0; part->kind == PART_ANY_OF && j < part->any_of.count; j++)
			build_detect(rows, gate, &part->any_of.items[j], gate->pattern_words * 64 + part->any_of.first + j);
	}
}

void gate_build(struct pattern_set *set)
{
	struct plan_gate *gate = &set->gate;
	size_t row_count = 0;
	uint64_t *rows;

	gate->pattern_words = set->pattern_count / 64 + 1;
	gate->lines = (gate->pattern_words + (set->alternative_count + 63) / 64 + GATE_LINE - 1) / GATE_LINE;
	for (int place = 0; place < GATE_PLACES; place++) {
		gate->first_row[place] = (uint32_t)row_count;
		row_count += symbols[place];
	}
	rows = rows_take(&set->arena, row_count * gate->lines);
	for (uint32_t i = 0; i < set->pattern_count; i++)
		if (set->patterns[i].detect != NULL)
			build_detect(rows, gate, set->patterns[i].detect, i);
	gate->rows = rows;
}
