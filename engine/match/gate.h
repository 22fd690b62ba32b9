/*
 * The gate (pattern/gate_rows.h) for one transaction: one row a place that some pattern asks about.
 */
#ifndef MATCH_GATE_H
#define MATCH_GATE_H

#include "match/matcher.h"

/* Fills m->rows: those of the transaction at hand. */
void gate_choose(struct matcher *m);

/* Of 64 patterns, `bits`, those that all rows hold. */
static inline uint64_t gate_word(const struct gate_rows *rows, uint32_t word, uint64_t bits)
{
	for (uint32_t i = 0; i < rows->count; i++)
		bits &= rows->items[i][word];
	return bits;
}

/* Of the alternatives of one any_of, those that all rows hold: bit 0 stands for the first. */
static inline uint64_t gate_alternatives(const struct matcher *m, const struct plan_alternatives *any_of)
{
	uint32_t word = m->set->gate.pattern_words + any_of->first / 64;
	uint64_t all = any_of->count < 64 ? (UINT64_C(1) << any_of->count) - 1 : UINT64_MAX;

	return gate_word(&m->rows, word, all << any_of->first % 64) >> any_of->first % 64;
}

#endif
