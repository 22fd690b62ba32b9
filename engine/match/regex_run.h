/*
 * Finds where a regular expression matched, for the evidence. Hyperscan says that it matches, fast; the place
 * is asked for only when there is a hit.
 */
#ifndef MATCH_REGEX_RUN_H
#define MATCH_REGEX_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "pattern/pattern.h"

struct regex_thread {
	uint32_t state;
	uint32_t begun; /* byte where this attempt began */
};

/* Memory for programs of up to `states` states. */
struct regex_scratch {
	struct regex_thread *now, *then; /* owned */
	uint32_t *seen; /* owned: the round in which a state was last added */
	uint32_t *stack; /* owned */
	uint32_t states, round;
};

void regex_scratch_init(struct regex_scratch *scratch, uint32_t states);
void regex_scratch_deinit(struct regex_scratch *scratch);

/* The leftmost match and the longest there, in folded text; false where there is none. Time: length ×
 * states. */
bool regex_find(const struct regex_program *program, struct regex_scratch *scratch, const char *text,
                size_t length, size_t *from_r, size_t *to_r);

#endif
