#include "profile/counts.h"

#include <string.h>

typedef uint8_t sixteen_bytes __attribute__((vector_size(16)));
typedef uint16_t eight_pairs __attribute__((vector_size(16)));
typedef uint8_t eight_bytes __attribute__((vector_size(8)));

enum { HALVES_BYTES = COUNTS_A_STEP / 2 };

/* What is behind the last counts as nothing. */
static sixteen_bytes only(sixteen_bytes counts, unsigned left)
{
	static const sixteen_bytes places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

	return left < COUNTS_A_STEP ? counts & (sixteen_bytes)(places < (uint8_t)left) : counts;
}

static sixteen_bytes step_of(const uint8_t *counts, unsigned left)
{
	sixteen_bytes step;

	memcpy(&step, counts, sizeof(step));
	return only(step, left);
}

/* A byte each, all bits of it where the count is large. */
static void large_of(sixteen_bytes step, uint64_t large_r[2])
{
	sixteen_bytes large = (sixteen_bytes)(step >= COUNT_LARGE);

	memcpy(large_r, &large, sizeof(large));
}

unsigned counts_large(const uint8_t *counts, unsigned count)
{
	unsigned all = 0;

	for (unsigned i = 0; i < count; i += COUNTS_A_STEP) {
		uint64_t large[2];

		large_of(step_of(counts + i, count - i), large);
		for (int half = 0; half < 2; half++)
			for (; large[half] != 0; large[half] &= ~(UINT64_C(255) << (__builtin_ctzll(large[half]) & ~7)))
				all++;
	}
	return all;
}

static eight_bytes halves_of(sixteen_bytes step)
{
	sixteen_bytes large = (sixteen_bytes)(step >= COUNT_LARGE);
	eight_pairs pairs = (eight_pairs)((step & ~large) | (large & COUNT_LARGE));

	return __builtin_convertvector((pairs | pairs >> 4) & 255, eight_bytes);
}

static sixteen_bytes counts_of(const unsigned char *halves, size_t bytes)
{
	eight_bytes own = {0};
	eight_pairs pairs;

	if (bytes >= HALVES_BYTES)
		memcpy(&own, halves, sizeof(own));
	else
		memcpy(&own, halves, bytes);
	pairs = __builtin_convertvector(own, eight_pairs);
	return (sixteen_bytes)((pairs & 15) | (pairs & 240) << 4);
}

unsigned char *counts_write(const uint8_t *counts, unsigned count, unsigned char *to)
{
	unsigned char *behind = to + (count + 1) / 2;

	for (unsigned i = 0; i < count; i += COUNTS_A_STEP, to += HALVES_BYTES) {
		sixteen_bytes step = step_of(counts + i, count - i);
		eight_bytes halves = halves_of(step);
		uint64_t large[2];

		if (count - i >= COUNTS_A_STEP)
			memcpy(to, &halves, sizeof(halves));
		else
			memcpy(to, &halves, (count - i + 1) / 2);
		large_of(step, large);
		for (unsigned half = 0; half < 2; half++)
			while (large[half] != 0) {
				unsigned at = (unsigned)__builtin_ctzll(large[half]) / 8;

				*behind++ = counts[i + 8 * half + at];
				large[half] &= ~(UINT64_C(255) << 8 * at);
			}
	}
	return behind;
}

const unsigned char *counts_read(const unsigned char *from, unsigned count, uint8_t *counts_r)
{
	const unsigned char *behind = from + (count + 1) / 2;

	for (unsigned i = 0; i < count; i += COUNTS_A_STEP, from += HALVES_BYTES) {
		sixteen_bytes step = only(counts_of(from, (count - i + 1) / 2), count - i);
		uint64_t large[2];

		memcpy(counts_r + i, &step, sizeof(step));
		large_of(step, large);
		for (unsigned half = 0; half < 2; half++)
			while (large[half] != 0) {
				unsigned at = (unsigned)__builtin_ctzll(large[half]) / 8;

				counts_r[i + 8 * half + at] = *behind++;
				large[half] &= ~(UINT64_C(255) << 8 * at);
			}
	}
	return behind;
}

unsigned counts_large_written(const unsigned char *from, unsigned count)
{
	unsigned all = 0;

	for (unsigned i = 0; i < count; i++)
		all += (from[i / 2] >> i % 2 * 4 & 15) == COUNT_LARGE;
	return all;
}
