#include "match/asking.h"

#include <stdlib.h>

#include "base/instant.h"
#include "match/gate.h"

/* A window of a day; to ask at all. Work is in about ten instructions. */
enum { WORK_RECENT = 80, WORK_ASK = 5 };

/* ---- building ---- */

/* The questions and `detect`s of one, those within included. */
static void measure(const struct plan_detect *detect, struct askings *sizes)
{
	sizes->asking_count++;
	for (uint32_t i = 0; i < detect->part_count; i++) {
		const struct plan_part *part = &detect->parts[i];
		sizes->ask_count += part->kind == PART_WHERE ? part->where->need_count : 1;
		for (uint32_t j = 0; part->kind == PART_ANY_OF && j < part->any_of.count; j++)
			measure(&part->any_of.items[j], sizes);
	}
}

/* Of a question to the account's memory, before it was asked; of one that may reach into the buckets rather more. */
static uint16_t expected_of(const struct pattern_set *set, const struct program_op *op)
{
	uint8_t code = op->code == OP_TEST || op->code == OP_TEST_MANY ? op->load : op->code;
	const struct program_question *question;

	if (code != OP_WINDOW && code != OP_WINDOW_SHARE && code != OP_ANSWER)
		return 0;
	question = &set->questions[op->target];
	if (question->kind == QUESTION_FIRST_SEEN)
		return question->subject == PROFILE_PARTY_NAME ? 4 * WORK_RECENT : 0; /* looked for among all names */
	if (question->kind >= QUESTION_FIRMS_ELSEWHERE)
		return 0;
	return question->kind == QUESTION_WINDOW && question->window_ms <= INSTANT_DAY_MS ? WORK_RECENT : 4 * WORK_RECENT;
}

static uint16_t work_of_op(uint8_t code)
{
	switch (code) {
	case OP_CONTAINS: case OP_HOLDS_ONLY: return 25; /* folds the text, mostly */
	case OP_LISTED: case OP_SAME_CITY: case OP_SAME_PROVINCE: case OP_SAME_ADDRESS: case OP_SAME_FLOOR:
	case OP_IS_STAFF: case OP_IS_LEGAL_REPRESENTATIVE: case OP_IS_OWN_NAME: return 12;
	case OP_IS_AT_HOME: case OP_IS_AWAY: case OP_IS_NAMED_IN_TEXT: case OP_SHARES_BRAND: return 60; /* folds the name */
	case OP_ZEROS: case OP_LENGTH: case OP_IS_HOLIDAY: case OP_IS_WORKDAY: case OP_DAY: case OP_MONTH: return 6;
	default: return 3;
	}
}

static void need_init(struct ask *ask, const struct pattern_set *set, const struct plan_part *part,
                      const struct program_need *need)
{
	*ask = (struct ask){.kind = PART_WHERE, .gated = need->gated, .number = need->number, .where = part->where,
	                    .need = need, .work = WORK_ASK};
	for (const struct program_op *op = part->where->ops + need->first; op->code > OP_REQUIRE; op++) {
		ask->work += work_of_op(op->code);
		ask->expected += expected_of(set, op);
	}
}

static uint16_t work_of_part(enum plan_part_kind kind)
{
	switch (kind) {
	case PART_TEXT: return WORK_ASK + 4;
	case PART_LIST: return WORK_ASK + 8;
	case PART_SEQUENCE: return WORK_ASK + 5;
	default: return WORK_ASK + 3;
	}
}

static void asking_init(struct askings *askings, const struct pattern_set *set, struct asking *asking,
                        const struct plan_detect *detect);

static const struct asking *alternatives_init(struct askings *askings, const struct pattern_set *set,
                                               const struct plan_alternatives *any_of)
{
	struct asking *first = &askings->patterns[askings->asking_count];

	askings->asking_count += any_of->count;
	for (uint32_t i = 0; i < any_of->count; i++)
		asking_init(askings, set, &first[i], &any_of->items[i]);
	return first;
}

/* `link` and `path` hold here always. What the gate decides stands last, where it is seldom come to. */
static void asking_init(struct askings *askings, const struct pattern_set *set, struct asking *asking,
                        const struct plan_detect *detect)
{
	struct ask *ask = &askings->asks[askings->ask_count];
	uint32_t most = 0;

	for (uint32_t i = 0; i < detect->part_count; i++)
		most += detect->parts[i].kind == PART_WHERE ? detect->parts[i].where->need_count : 1;
	askings->ask_count += most;
	*asking = (struct asking){.items = ask};
	for (uint32_t i = 0; i < detect->part_count; i++) {
		const struct plan_part *part = &detect->parts[i];
		uint32_t needs = part->kind == PART_WHERE ? part->where->need_count : 0;

		for (uint32_t j = 0; j < needs; j++)
			need_init(ask++, set, part, &part->where->needs[j]);
		if (part->kind == PART_WHERE || part->kind == PART_LINK || part->kind == PART_PATH)
			continue;
		*ask = (struct ask){.kind = part->kind, .part = part, .work = work_of_part(part->kind),
		                    .expected = part->kind >= PART_SEQUENCE ? 4 * WORK_RECENT : 0};
		if (part->kind == PART_ANY_OF)
			ask->alternatives = alternatives_init(askings, set, &part->any_of);
		ask++;
	}
	asking->count = (uint32_t)(ask - asking->items);
}

static void *take(size_t count, size_t bytes)
{
	void *piece = calloc(count + 1, bytes);

	if (piece == NULL)
		die("out of memory: a matcher");
	return piece;
}

void askings_init(struct askings *askings, const struct pattern_set *set)
{
	struct askings sizes = {0};

	for (uint32_t i = 0; i < set->pattern_count; i++)
		if (set->patterns[i].detect != NULL)
			measure(set->patterns[i].detect, &sizes);
	*askings = (struct askings){
		.patterns = take(set->pattern_count + sizes.asking_count, sizeof(*askings->patterns)),
		.asks = take(sizes.ask_count, sizeof(*askings->asks)),
		.asking_count = set->pattern_count, .sort_after = ASKING_SORT_FIRST,
	};
	for (uint32_t i = 0; i < set->pattern_count; i++)
		if (set->patterns[i].detect != NULL)
			asking_init(askings, set, &askings->patterns[i], set->patterns[i].detect);
}

void askings_deinit(struct askings *askings)
{
	free(askings->patterns);
	free(askings->asks);
	*askings = (struct askings){0};
}

/* ---- asking ---- */

/*
 * Twice, for transactions that are counted and for those that are not: counting is a third of what asking takes where
 * the answer is there already, and a part of the transactions tells the order as well.
 */
static bool all_hold(struct matcher *m, const struct asking *asking, uint32_t gated);
static bool all_hold_counted(struct matcher *m, const struct asking *asking, uint32_t gated);

static inline __attribute__((always_inline)) bool any_holds(struct matcher *m, const struct ask *ask, bool counted)
{
	uint64_t bits = gate_alternatives(m, &ask->part->any_of);
	uint32_t gated = m->set->gate.places;

	for (; bits != 0; bits &= bits - 1) {
		const struct asking *alternative = &ask->alternatives[__builtin_ctzll(bits)];
		if (counted ? all_hold_counted(m, alternative, gated) : all_hold(m, alternative, gated))
			return true;
	}
	return false;
}

static inline __attribute__((always_inline)) bool ask_one(struct matcher *m, const struct ask *ask, bool counted)
{
	switch (ask->kind) {
	case PART_WHERE: return condition_need(ask->where, ask->need, ask->number, &m->input);
	case PART_TEXT: return part_text_holds(m, ask->part);
	case PART_LIST: return part_list_holds(m, ask->part);
	case PART_SEQUENCE: return part_sequence_holds(m, ask->part);
	default: return any_holds(m, ask, counted);
	}
}

/* `gated`: the places that the gate has decided. */
static bool all_hold(struct matcher *m, const struct asking *asking, uint32_t gated)
{
	for (const struct ask *ask = asking->items, *end = ask + asking->count; ask < end; ask++)
		if ((ask->gated & gated) == 0 && !ask_one(m, ask, false))
			return false;
	return true;
}

static bool all_hold_counted(struct matcher *m, const struct asking *asking, uint32_t gated)
{
	for (struct ask *ask = asking->items, *end = ask + asking->count; ask < end; ask++) {
		uint32_t before = m->input.work;
		bool holds;

		if ((ask->gated & gated) != 0)
			continue;
		holds = ask_one(m, ask, true);
		ask->asked++;
		ask->worked += m->input.work - before;
		if (!holds) {
			ask->refused++;
			return false;
		}
	}
	return true;
}

bool asking_holds(struct matcher *m, uint32_t pattern)
{
	const struct asking *asking = &m->askings.patterns[pattern];

	return m->askings.ticks % ASKING_COUNT_EVERY == 0 ? all_hold_counted(m, asking, m->set->gate.places)
	                                                  : all_hold(m, asking, m->set->gate.places);
}

/* ---- order ---- */

/* Work for a refusal. What was not asked yet is taken to refuse every other time, so that it gets its try. */
static double work_for_one(const struct ask *ask)
{
	double asked = ask->asked + 2, refused = ask->refused + 1;

	return (ask->work * asked + (double)ask->worked + 2 * ask->expected) / refused;
}

/* Stable; what the gate decides stays last. */
static void sort(struct asking *asking)
{
	for (uint32_t i = 1; i < asking->count; i++) {
		struct ask moved = asking->items[i];
		uint32_t at = i;

		for (; at > 0 && moved.gated == 0; at--) {
			const struct ask *before = &asking->items[at - 1];
			if (before->gated == 0 && work_for_one(before) <= work_for_one(&moved))
				break;
			asking->items[at] = *before;
		}
		asking->items[at] = moved;
	}
}

/* The older a refusal, the less it counts. */
static void fade(struct ask *ask)
{
	ask->asked /= 2;
	ask->refused /= 2;
	ask->worked /= 2;
}

void askings_sort(struct askings *askings)
{
	for (uint32_t i = 0; i < askings->asking_count; i++)
		sort(&askings->patterns[i]);
	for (uint32_t i = 0; i < askings->ask_count; i++)
		fade(&askings->asks[i]);
	askings->ticks = 0;
	askings->sort_after *= askings->sort_after < ASKING_SORT_EVERY ? 2 : 1;
}
