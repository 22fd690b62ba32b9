/*
 * A sequence as `match` runs it: one anchored regex over the tape as a gate, then the steps, exactly.
 */
#ifndef PATTERN_SEQUENCE_H
#define PATTERN_SEQUENCE_H

#include "pattern/program.h"

struct plan_sequence {
	uint32_t step_count;
};

#endif
