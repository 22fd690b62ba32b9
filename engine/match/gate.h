/*
 * The gate (pattern/gate.h) for one transaction: one row a place that some pattern asks about.
 */
#ifndef MATCH_GATE_H
#define MATCH_GATE_H

#include "match/matcher.h"

struct gate_rows {
	const uint64_t *items[GATE_PLACES];
	uint32_t count;
};

/* The rows of the transaction at hand. */
void gate_choose(struct matcher *m, struct gate_rows *rows_r);

/* Of 64 patterns, `bits`, those that all rows hold. */
static inline uint64_t gate_word(const struct gate_rows *rows, uint32_t word, uint64_t bits)
{
	for (uint32_t i = 0; i < rows->count; i++)
		bits &= rows->items[i][word];
	return bits;
}

#endif
