/*
 * Numbers in few bits: a mantissa and a power of two, exact below 2^mantissa_bits. Whole-number arithmetic
 * only, so that every machine gets the same (I2).
 */
#ifndef PROFILE_SMALL_H
#define PROFILE_SMALL_H

#include <stdint.h>

#define SMALL_VALUE_MAX (UINT64_C(1) << 62)

/*
 * The code of `value`, exponent << mantissa_bits | mantissa. What is cut off rounds up where it is above
 * the same share of `dither` (32 bits): a value that changes with each call keeps sums of many right on
 * average, 1 << 31 rounds to the nearest. Error of one code: below 2^(1 − mantissa_bits), half of that to
 * the nearest.
 */
static inline uint32_t small_of(uint64_t value, unsigned mantissa_bits, uint32_t dither)
{
	unsigned exponent;
	uint64_t mantissa, cut;

	if (value >> mantissa_bits == 0)
		return (uint32_t)value;
	if (value > SMALL_VALUE_MAX)
		value = SMALL_VALUE_MAX;
	exponent = 64 - mantissa_bits - (unsigned)__builtin_clzll(value);
	mantissa = value >> exponent;
	cut = value << (64 - exponent);
	if (cut >> 32 > dither || (cut >> 32 == dither && dither == UINT32_C(1) << 31))
		mantissa++;
	if (mantissa >> mantissa_bits != 0) {
		mantissa >>= 1;
		exponent++;
	}
	return (uint32_t)(exponent << mantissa_bits | mantissa);
}

static inline uint64_t small_value(uint32_t code, unsigned mantissa_bits)
{
	return (uint64_t)(code & ((UINT32_C(1) << mantissa_bits) - 1)) << (code >> mantissa_bits);
}

#endif
