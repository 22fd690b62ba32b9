/*
 * A sequence: steps that an account took one after the other, the last of them with the transaction at hand.
 *
 * What it means. A step takes transactions that fit it, at least `least` and at most `most`. Going back in
 * time from the transaction at hand, which must be the last of the last step, each step takes the newest
 * fitting transactions that are older than what the step behind it took, without leaving a fitting one out in
 * between; how many it takes is free. All others between first and last are passed over, at most `gaps` of
 * them in all. From first to last no more than `within` goes by. A choice of numbers with which all of this
 * and `having` is true is a placing; a sequence holds if there is one. Where there are several, the one that
 * takes most in the last step, then most in the one before it, and so on, is shown.
 *
 *   in: credit 1..5, out: debit 1..20, having: sum(out) >= 90% of sum(in)
 *
 *   oldest ─▶ +8万  +50万  -5元  -20万  +3元  -26万  ◀─ at hand
 *              in 2  in 1   out 3 out 2        out 1      out 3 and in 1: 46万 of 50万, a hit; 3元 is passed over
 *
 * So the number of transactions in each step is searched, because where money keeps coming and going no
 * single rule says where one wave ends; which ones is not, because the choice among subsets would let any sum
 * fit and cost 2^64. What a step passes over is said by its conditions, `amount` above all. same_party()
 * among the outermost `and`s of `having` narrows the steps instead of judging what they took: the test
 * payment to a payee is found behind fees that went to others. Its party is that of the newest transaction
 * that the steps take.
 *
 * Why not as regular expressions over the tape, scanned all at once, as design.md drew it: sequences have gaps,
 * so their automata stay alive to the tape's end. Measured with 60 of them on tapes of 25 transactions,
 * Hyperscan took 5.2 µs and making the tape's string 1 µs. Decided exactly a sequence takes 450 instructions,
 * 0.08 µs, and the gate leaves a quarter of them; reading an account's transactions takes 0.2 µs, once.
 */
#ifndef PATTERN_SEQUENCE_H
#define PATTERN_SEQUENCE_H

#include "pattern/gate_rows.h"
#include "pattern/program.h"
#include "profile/profile.h"

enum {
	SEQUENCE_STEPS_MAX = 8,
	SEQUENCE_NAME_BYTES_MAX = 24,
	SEQUENCE_TRIES_MAX = 4096, /* placings looked at, then the sequence does not hold (counted) */
};

/* Steps whose transactions must all be with one counterparty. */
enum sequence_party {
	SEQUENCE_PARTY_ANY,
	SEQUENCE_PARTY_THIS, /* that of the transaction at hand */
	SEQUENCE_PARTY_FIRST_GROUP /* and on: the newest that a step of the group takes says which */
};

struct plan_step {
	struct slice name; /* "in"; "debit" or "credit" where it has none; may be empty */
	struct program_gate gate; /* what a transaction must be to fit, exactly; of the last step also a pattern's */
	uint32_t asks; /* bits 1 << enum gate_place that the gate narrows */
	uint8_t least, most;
	uint8_t party; /* enum sequence_party */
	bool equal; /* `having` wants all its amounts to be the same */
};

struct plan_sequence {
	const struct plan_step *steps; /* oldest first */
	uint32_t step_count;
	uint32_t least;    /* transactions that the steps take at least, together */
	uint32_t gaps;     /* others between; PROFILE_EVENTS_MAX: any number */
	int64_t within_ms; /* INT64_MAX: no bound but the tape's */
	const struct program *having; /* NULL: none */
};

/* What `having` asks of steps: OP_STEP's `load`. Its `field` is the step, `compare` the other one. */
enum sequence_question {
	SEQUENCE_COUNT, SEQUENCE_SUM, SEQUENCE_AVG, SEQUENCE_MIN, SEQUENCE_MAX, SEQUENCE_FIRST, SEQUENCE_LAST,
	SEQUENCE_DISTINCT, SEQUENCE_SPAN, SEQUENCE_RISING, SEQUENCE_GAP, SEQUENCE_SAME_PARTY,
	SEQUENCE_QUESTIONS
};

#endif
