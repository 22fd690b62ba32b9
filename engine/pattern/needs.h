/*
 * What the patterns of a set need: the conditions that the outermost `and`s join, each different one with a number. So
 * what one pattern was told of the transaction at hand, no other has to ask again.
 */
#ifndef PATTERN_NEEDS_H
#define PATTERN_NEEDS_H

#include "pattern/program.h"

enum { NEEDS_MAX = 65535 };

/* The needs of a set while it is built. Zero to begin with. */
struct needs {
	struct needs_item {
		const struct program_op *ops; /* of a program that needs it; borrowed from the set's arena */
		uint32_t first, count, hash;
	} *items; /* owned */
	uint32_t count, capacity;
};

/*
 * The number of the condition that the run of `count` ops from `first` on makes, from 1 on. 0: nothing is remembered
 * of it, since it asks what a sequence took, or there are NEEDS_MAX already.
 */
uint32_t needs_number(struct needs *needs, const struct program_op *ops, uint32_t first, uint32_t count);
void needs_deinit(struct needs *needs);

#endif
