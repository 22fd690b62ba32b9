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

/* How many of them take a byte more. */
static inline unsigned counts_large(const uint8_t counts[2][COUNTS / 2])
{
	counts_half low, high, large;
	uint64_t words[2];

	memcpy(&low, counts[0], sizeof(low));
	memcpy(&high, counts[1], sizeof(high));
	large = ((counts_half)(low >= COUNT_LARGE) & 1) + ((counts_half)(high >= COUNT_LARGE) & 1);
	memcpy(words, &large, sizeof(words));
	return (unsigned)((words[0] + words[1]) * UINT64_C(0x0101010101010101) >> 56);
}

/* Both return what is behind. */
static inline unsigned char *counts_write(const uint8_t counts[2][COUNTS / 2], unsigned large, unsigned char *to)
{
	counts_half low, high, both;

	memcpy(&low, counts[0], sizeof(low));
	memcpy(&high, counts[1], sizeof(high));
	both = counts_most_15(low) | counts_most_15(high) << 4;
	memcpy(to, &both, sizeof(both));
	to += COUNTS_BYTES;
	for (unsigned i = 0; large > 0; i++)
		if (counts[i / 16][i % 16] >= COUNT_LARGE) {
			*to++ = counts[i / 16][i % 16];
			large--;
		}
	return to;
}

static inline const unsigned char *counts_read(const unsigned char *from, unsigned large, uint8_t counts_r[2][COUNTS / 2])
{
	counts_half both, low, high;

	memcpy(&both, from, sizeof(both));
	low = both & COUNT_LARGE;
	high = both >> 4;
	memcpy(counts_r[0], &low, sizeof(low));
	memcpy(counts_r[1], &high, sizeof(high));
	from += COUNTS_BYTES;
	for (unsigned i = 0; large > 0; i++)
		if (counts_r[i / 16][i % 16] == COUNT_LARGE) {
			counts_r[i / 16][i % 16] = *from++;
			large--;
		}
	return from;
}

#endif
