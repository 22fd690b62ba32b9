/*
 * What a pattern asks of a transaction, one by one, in the order that ends soonest.
 *
 * All that a `detect` asks must hold: its text, its list, each condition that the outermost `and`s of `where` join,
 * its sequence, one of its alternatives. In which order they are asked changes nothing of the answer (I2). So what
 * was refused is counted, in every other transaction, and from time to time each pattern's questions are put in order
 * again: what refuses most for its work comes first.
 *
 *   asked 10,000, refused 9,000, work 4 each ─▶ 4.4 a refusal │ asked 1,000, refused 10, work 1 each ─▶ 100
 */
#ifndef MATCH_ASKING_H
#define MATCH_ASKING_H

#include "pattern/pattern.h"

struct matcher;

enum {
	ASKING_COUNT_EVERY = 2, /* transactions: the others are not counted */
	ASKING_SORT_FIRST = 1024, ASKING_SORT_EVERY = 4096, /* transactions, twice as many each time from the first to the last */
};

struct ask {
	uint8_t kind; /* enum plan_part_kind */
	uint8_t gated; /* of a condition: what the gate decides (program_need.gated) */
	uint16_t work; /* what asking takes at least, in about ten instructions */
	uint16_t expected; /* and on top, before that is known */
	uint16_t number; /* of a condition: the set's (program_need.number) */
	uint32_t asked, refused;
	uint64_t worked; /* what came on top, where it was asked: condition_input.work */
	union {
		const struct plan_part *part;
		const struct program *where; /* of WHERE */
	};
	union {
		const struct program_need *need; /* of WHERE: one condition */
		const struct asking *alternatives; /* of ANY_OF */
	};
};

/* One `detect`. */
struct asking {
	struct ask *items;
	uint32_t count;
};

struct askings {
	struct asking *patterns; /* by pattern; behind them the alternatives' */
	struct ask *asks;
	uint32_t asking_count, ask_count;
	uint32_t ticks; /* transactions since the last sorting */
	uint32_t sort_after; /* so many, the next one comes */
};

void askings_init(struct askings *askings, const struct pattern_set *set);
void askings_deinit(struct askings *askings);

/* Does the pattern, which the gate let through, hold? */
bool asking_holds(struct matcher *m, uint32_t pattern);

/* The end of a transaction. */
void askings_sort(struct askings *askings);
static inline void askings_tick(struct askings *askings)
{
	if (++askings->ticks == askings->sort_after)
		askings_sort(askings);
}

#endif
