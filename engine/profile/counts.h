/*
 * Thirty-two small counts in half a byte each: those below 15 as they are; for the others 15, and behind the sixteen
 * bytes a byte for each. Half i stands for count i, in the high bits of the bytes for count 16 + i.
 */
#ifndef PROFILE_COUNTS_H
#define PROFILE_COUNTS_H

#include <stdint.h>
#include <string.h>

enum { COUNTS = 32, COUNTS_BYTES = COUNTS / 2, COUNT_LARGE = 15 };

typedef uint8_t counts_half __attribute__((vector_size(COUNTS_BYTES)));

static inline counts_half counts_most_15(counts_half counts)
{
	counts_half large = (counts_half)(counts >= COUNT_LARGE);

	return (counts & ~large) | (large & COUNT_LARGE);
}

/* A bit in the byte of each large count: of the first eight, and so on. */
static inline void counts_mark(const uint8_t counts[2][COUNTS / 2], uint64_t marks_r[COUNTS / 8])
{
	for (int list = 0; list < 2; list++) {
		counts_half half, large;

		memcpy(&half, counts[list], sizeof(half));
		large = (counts_half)(half >= COUNT_LARGE) & 1;
		memcpy(marks_r + 2 * list, &large, sizeof(large));
	}
}

/* How many of them take a byte more. */
static inline unsigned counts_large(const uint8_t counts[2][COUNTS / 2])
{
	uint64_t marks[COUNTS / 8];

	counts_mark(counts, marks);
	return (unsigned)((marks[0] + marks[1] + marks[2] + marks[3]) * UINT64_C(0x0101010101010101) >> 56);
}

/* Both return what is behind. */
static inline unsigned char *counts_write(const uint8_t counts[2][COUNTS / 2], unsigned large, unsigned char *to)
{
	const uint8_t *eight = counts[0];
	uint64_t marks[COUNTS / 8];
	counts_half low, high, both;

	memcpy(&low, counts[0], sizeof(low));
	memcpy(&high, counts[1], sizeof(high));
	both = counts_most_15(low) | counts_most_15(high) << 4;
	memcpy(to, &both, sizeof(both));
	to += COUNTS_BYTES;
	if (large == 0)
		return to;
	counts_mark(counts, marks);
	for (int i = 0; i < COUNTS / 8; i++, eight += 8)
		for (; marks[i] != 0; marks[i] &= marks[i] - 1)
			*to++ = eight[__builtin_ctzll(marks[i]) / 8];
	return to;
}

static inline const unsigned char *counts_read(const unsigned char *from, unsigned large,
                                               uint8_t counts_r[2][COUNTS / 2])
{
	uint8_t *eight = counts_r[0];
	uint64_t marks[COUNTS / 8];
	counts_half both, low, high;

	memcpy(&both, from, sizeof(both));
	low = both & COUNT_LARGE;
	high = both >> 4;
	memcpy(counts_r[0], &low, sizeof(low));
	memcpy(counts_r[1], &high, sizeof(high));
	from += COUNTS_BYTES;
	if (large == 0)
		return from;
	counts_mark((const uint8_t (*)[COUNTS / 2])counts_r, marks);
	for (int i = 0; i < COUNTS / 8; i++, eight += 8)
		for (; marks[i] != 0; marks[i] &= marks[i] - 1)
			eight[__builtin_ctzll(marks[i]) / 8] = *from++;
	return from;
}

#endif
