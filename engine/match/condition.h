/*
 * Runs the program of a condition (pattern/program.h) on one transaction. No allocation, no loop backwards.
 */
#ifndef MATCH_CONDITION_H
#define MATCH_CONDITION_H

#include "pattern/pattern.h"
#include "profile/profile.h"
#include "reference/reference.h"

struct condition_input {
	const struct tx *tx;
	const struct pattern_set *set; /* for its rates */
	const struct profile_view *view; /* NULL: no history */
	const struct reference *reference; /* NULL: none */
	const struct reference_list *const *lists; /* by the set's number of a list (builder_list); NULL: not there */
	char *fold_bytes; /* room for one folded field: FOLD_BYTES_MAX */
	bool no_rate; /* set where an amount had no rate: the caller counts the transaction once */
};

/* The value that the run of ops from `first` on leaves: VALUE_ABSENT, or by its type. */
int64_t condition_run(const struct program *program, uint16_t first, struct condition_input *input);

/* For a condition that holds: a bit for each of its facts that had to do with it. */
uint32_t condition_trace(const struct program *program, struct condition_input *input);

/*
 * The entry of the set's list number `list` that a field stands on when the transaction is booked; NULL where it
 * is not on it, the field is absent or there is no such list. `kind`: builder_list_kind().
 */
const struct reference_entry *condition_listed(struct condition_input *input, uint8_t field, uint8_t kind,
                                               uint16_t list);

/* Does the condition hold? */
bool condition_holds(const struct program *program, struct condition_input *input);

#endif
