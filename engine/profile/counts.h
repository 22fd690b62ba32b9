/*
 * Many small counts in half a byte each: those below 15 as they are; for the others 15, and behind all halves a byte.
 * Sixteen at a time, so counts lie in arrays of a multiple of sixteen.
 */
#ifndef PROFILE_COUNTS_H
#define PROFILE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

enum { COUNTS_A_STEP = 16, COUNT_LARGE = 15 };

/* How many of them take a byte more. */
unsigned counts_large(const uint8_t *counts, unsigned count);

static inline size_t counts_bytes(unsigned count, unsigned large)
{
	return (count + 1) / 2 + large;
}

/* Both return what is behind. The room behind the last count, up to the step, is filled with zeros. */
unsigned char *counts_write(const uint8_t *counts, unsigned count, unsigned char *to);
const unsigned char *counts_read(const unsigned char *from, unsigned count, uint8_t *counts_r);

/* The same of those that were written. */
unsigned counts_large_written(const unsigned char *from, unsigned count);

#endif
