/*
 * The gate (pattern/gate_rows.h) for one transaction: one row a place that some pattern asks about, and what all hold.
 */
#ifndef MATCH_GATE_H
#define MATCH_GATE_H

#include "match/matcher.h"

/* Fills m->passing for the transaction at hand. */
void gate_choose(struct matcher *m);

/* Of the alternatives of one any_of, those that pass: bit 0 stands for the first. */
static inline uint64_t gate_alternatives(const struct matcher *m, const struct plan_alternatives *any_of)
{
	uint64_t all = any_of->count < 64 ? (UINT64_C(1) << any_of->count) - 1 : UINT64_MAX;

	return m->passing[m->set->gate.pattern_words + any_of->first / 64] >> any_of->first % 64 & all;
}

#endif
