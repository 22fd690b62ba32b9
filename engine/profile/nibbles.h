/*
 * Numbers of four bits, two a byte, that are moved along by sixteen at a time. What is beyond the last is
 * never read as a number; words may be read and written to their end.
 */
#ifndef PROFILE_NIBBLES_H
#define PROFILE_NIBBLES_H

#include <stdint.h>

enum { NIBBLES_A_WORD = 16 };

/* Words are copied as bytes, the first number first. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a word begins with its lowest numbers");

static inline unsigned nibble_get(const uint64_t *words, unsigned at)
{
	return words[at / NIBBLES_A_WORD] >> at % NIBBLES_A_WORD * 4 & 15;
}

static inline void nibble_set(uint64_t *words, unsigned at, unsigned value)
{
	unsigned shift = at % NIBBLES_A_WORD * 4;
	uint64_t *word = &words[at / NIBBLES_A_WORD];

	*word = (*word & ~(UINT64_C(15) << shift)) | (uint64_t)value << shift;
}

/* The numbers [from, end) to [from + 1, end + 1); that at `from` stays besides. */
static inline void nibbles_up(uint64_t *words, unsigned from, unsigned end)
{
	unsigned first = from / NIBBLES_A_WORD, last = end / NIBBLES_A_WORD;
	uint64_t keep_low = ((uint64_t)1 << from % NIBBLES_A_WORD * 4) - 1;
	uint64_t keep_high = end % NIBBLES_A_WORD == NIBBLES_A_WORD - 1
	                             ? 0 : UINT64_MAX << (end % NIBBLES_A_WORD + 1) * 4;

	for (unsigned i = last;; i--) {
		uint64_t keep = (i == first ? keep_low : 0) | (i == last ? keep_high : 0);
		uint64_t moved = words[i] << 4 | (i > first ? words[i - 1] >> 60 : 0);

		words[i] = (words[i] & keep) | (moved & ~keep);
		if (i == first)
			return;
	}
}

/* The numbers [from + 1, end + 1) to [from, end); that at `end` stays besides. */
static inline void nibbles_down(uint64_t *words, unsigned from, unsigned end)
{
	unsigned first = from / NIBBLES_A_WORD, last = end / NIBBLES_A_WORD;
	uint64_t keep_low = ((uint64_t)1 << from % NIBBLES_A_WORD * 4) - 1;
	uint64_t keep_high = UINT64_MAX << end % NIBBLES_A_WORD * 4;

	for (unsigned i = first; i <= last; i++) {
		uint64_t keep = (i == first ? keep_low : 0) | (i == last ? keep_high : 0);
		uint64_t moved = words[i] >> 4 | (i < last ? words[i + 1] << 60 : 0);

		words[i] = (words[i] & keep) | (moved & ~keep);
	}
}

#endif
