/*
 * The gate of a whole set: which patterns could this transaction hit at all, judged by itself alone?
 *
 * For each place (direction, amount band, kind of the counterparty …) and each symbol that can stand there, a
 * set of bits: the patterns whose own gate (gate.h) the symbol could pass. The transaction chooses one row a
 * place; what stays when they are ANDed is asked, with its text, its conditions, its sequence. The gate only
 * spares work: a row holds every pattern that the symbol leaves possible, so it never loses a hit
 * (tests/unit/test_gate.c).
 *
 * A pattern's gate comes from its conditions, from the last step of its sequence, and as a union from any_of.
 * A place that no pattern asks about costs nothing. Each alternative of an any_of has a bit of its own, too, behind
 * those of the patterns: of a pattern that stays, only alternatives that stay are asked.
 *
 * Why not the tape's first group in a Hyperscan data base, as design.md drew it: a scan has a fixed cost and
 * calls back a pattern at a time; rows cost at most twelve ANDs for 64 patterns. Measured with 100 patterns on
 * mixed accounts: 330 instructions, 0.06 µs, to leave 18 of them; the whole match takes 11,100 instructions
 * with the gate and 34,800 without.
 */
#ifndef PATTERN_GATE_ROWS_H
#define PATTERN_GATE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "pattern/gate.h"

enum gate_place {
	GATE_DIRECTION, /* enum tx_direction */
	GATE_AMOUNT,    /* gate_band() of CNY minor units; GATE_ABSENT: no rate */
	GATE_KIND,      /* enum tx_party_kind */
	GATE_CHANNEL,   /* enum tx_channel */
	GATE_SAID,      /* GATE_PURPOSE …, those that are so */
	GATE_HOUR,      /* of the day in China */
	GATE_NOVELTY,   /* GATE_NEW …, any of them together */
	GATE_IDLE,      /* gate_band() of ms; GATE_ABSENT: nothing before */
	GATE_WATCHED,   /* the same of how long the account has been in memory; GATE_ABSENT: no history */
	GATE_LEFT,      /* percent, rounded either way; GATE_LEFT_ABSENT */
	GATE_MET,       /* gate_band() of ms since the counterparty was first met; GATE_ABSENT: GATE_NO_PARTY */
	GATE_EVENTS,    /* transactions that the account's memory holds; GATE_EVENTS_MOST */
	GATE_PLACES
};

enum {
	GATE_ABSENT = 0, /* the band of no value */
	GATE_BANDS = 1 + 4 * 63, /* four a doubling */
	GATE_LEFT_ABSENT = 127, /* what is above is not known either (profile.h) */
	GATE_LINE = 8, /* words of a line of the cache, which a row begins and ends with */
};

struct plan_gate {
	const uint64_t *rows; /* `lines` each */
	uint32_t lines, pattern_words; /* behind the words of the patterns stand the alternatives' */
	uint32_t places;                 /* bits 1 << enum gate_place that some pattern asks about */
	uint32_t first_row[GATE_PLACES]; /* of symbol 0 */
};

struct plan_detect;
struct pattern_set;

/* What a transaction must be for `detect` to hold. */
struct program_gate gate_of_detect(const struct plan_detect *detect);

/* The places that it narrows, as bits 1 << enum gate_place. */
uint32_t gate_places(const struct program_gate *gate);

/* Could a transaction with this symbol in this place pass? */
bool gate_allows(const struct program_gate *gate, enum gate_place place, uint32_t symbol);

/* Fills set->gate from its running patterns. */
void gate_build(struct pattern_set *set);

/* 1 for 1 and all below, then four bands a doubling. */
static inline uint32_t gate_band(int64_t value)
{
	uint32_t top = value > 1 ? 63u - (uint32_t)__builtin_clzll((uint64_t)value) : 0;

	return 1 + 4 * top + (top >= 2 ? (uint32_t)(value >> (top - 2)) & 3 : 0);
}

#endif
