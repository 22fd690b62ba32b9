/*
 * Bits of a word.
 */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stdint.h>

/*
 * How many are set. The compiler's own is a call and a walk over tables where it may not use the processor's
 * instruction, which it may not in a program for all of them; this is a dozen plain ones.
 */
static inline uint32_t bits_count(uint64_t bits)
{
	bits -= bits >> 1 & UINT64_C(0x5555555555555555);
	bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
	bits = (bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (uint32_t)(bits * UINT64_C(0x0101010101010101) >> 56);
}

#endif
