/*
 * A range of code points as ranges of bytes: what a byte automaton needs in place of [甲-乙].
 */
#ifndef PATTERN_UTF8_RANGES_H
#define PATTERN_UTF8_RANGES_H

#include <stdint.h>

/* Matches every sequence of `count` bytes whose i-th byte lies in from[i]..to[i]. */
struct utf8_bytes {
	uint8_t from[4], to[4];
	int count;
};

/* Calls `take` with sequences that together are exactly the UTF-8 of the code points from..to, ascending. */
void utf8_ranges(uint32_t from, uint32_t to, void (*take)(void *context, const struct utf8_bytes *bytes),
                 void *context);

#endif
