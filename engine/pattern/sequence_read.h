/*
 * Reading a sequence, in parts: its steps, and what `having` asks of them.
 */
#ifndef PATTERN_SEQUENCE_READ_H
#define PATTERN_SEQUENCE_READ_H

#include "pattern/builder.h"
#include "pattern/condition.h"
#include "pattern/sequence.h"

/*
 * One step of the list (sequence_step.c); faults are reported, and the step is then open or of one
 * transaction.
 */
void sequence_step_read(struct reader *reader, const struct yaml_node *node, struct plan_step *step_r);

/* A duration of at most `most_ms`, a text like 2h; -1 where there is none. */
int64_t sequence_duration_read(struct reader *reader, const struct yaml_node *node, const char *key,
                               int64_t most_ms);

/*
 * `having` (sequence_having.c): its program, and same_party() as groups of the steps; NULL with the fault
 * reported.
 */
const struct program *sequence_having_read(struct reader *reader, const struct yaml_node *node,
                                           struct plan_step *steps, uint32_t count);

#endif
