/*
 * Decides a sequence exactly (pattern/sequence.h says what it means) on the account's recent transactions.
 */
#ifndef MATCH_SEQUENCE_RUN_H
#define MATCH_SEQUENCE_RUN_H

#include "match/condition.h"
#include "match/sequence_tape.h"

/* Which transactions each step took. */
struct sequence_placing {
	const struct sequence_tape *tape;
	uint64_t taken[SEQUENCE_STEPS_MAX]; /* by step: a bit an event, 0 the newest */
	uint32_t oldest; /* event */
	bool given_up; /* SEQUENCE_TRIES_MAX was reached */
};

/*
 * Is there a placing? The best one in `placing_r`, which borrows the tape. Events are read into the tape as
 * needed; `input` is that of the transaction at hand, with its view.
 */
bool sequence_place(const struct plan_sequence *sequence, struct sequence_tape *tape,
                    struct condition_input *input, struct sequence_placing *placing_r);

/* An answer to `having`, as a condition's value: question of `step`, for some also of the `other` step. */
int64_t sequence_answer(const struct sequence_placing *placing, enum sequence_question question,
                        uint32_t step, uint32_t other);

#endif
