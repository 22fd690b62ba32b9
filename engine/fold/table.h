/*
 * The generated table and how a character is looked up in it; foldgen.c draws its shape. Private to this
 * folder, and included by fold.c alone: the arrays are static so that look-ups are inlined.
 */
#ifndef HUQI_FOLD_TABLE_H
#define HUQI_FOLD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FOLD_SLOT_BYTES = 8,
	FOLD_SAME = 0,
	FOLD_DROPPED = 1,
	FOLD_SLOT_MASK = 0x7FFF,
	FOLD_CLOSES_WORD = 0x8000,
	FOLD_CODE_POINTS = 0x110000,
};

/* A misspelt word, folded, and what it means: as many bytes, so that correcting moves nothing. */
struct fold_word {
	const char *written, *means, *not_after;
	size_t length, guard_length;
};

#include "fold_table.inc"

static inline uint16_t fold_entry(uint32_t code_point)
{
	return fold_entries[fold_blocks[code_point >> 8] * 256 + (code_point & 255)];
}

/* The code point of three bytes that begin with 1110. */
static inline uint32_t fold_three(const unsigned char *p)
{
	return (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
}

/* Does a character of three bytes that begin with 1110 stay as it is? */
static inline bool fold_three_stays(const unsigned char *p)
{
	return fold_same[(p[0] & 0x0FU) << 6 | (p[1] & 0x3FU)] >> (p[2] & 0x3FU) & 1;
}

/*
 * Reads the code point at `p` < `end` and its width. Trusts the text to be valid UTF-8, and on anything
 * else stays inside it: a character cut off by the end, or past Unicode, reads as code point 0 (dropped).
 */
static inline uint32_t fold_read(const unsigned char *p, const unsigned char *end, size_t *width)
{
	size_t left = (size_t)(end - p);
	uint32_t cp = 0;

	if (p[0] < 0x80) {
		*width = 1;
		return p[0];
	}
	*width = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (*width > left) {
		*width = left;
		return 0;
	}
	if (*width == 3)
		cp = fold_three(p);
	else if (*width == 2)
		cp = (p[0] & 0x1FU) << 6 | (p[1] & 0x3FU);
	else
		cp = (p[0] & 0x07U) << 18 | (p[1] & 0x3FU) << 12 | (p[2] & 0x3FU) << 6 | (p[3] & 0x3FU);
	return cp < FOLD_CODE_POINTS ? cp : 0;
}

#endif
