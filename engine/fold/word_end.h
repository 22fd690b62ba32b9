/*
 * The last two characters of a misspelt word, three bytes each, as a place among FOLD_ENDS: foldgen sets the places of
 * its words, fold.c asks before it compares. Private to this folder.
 */
#ifndef HUQI_FOLD_WORD_END_H
#define HUQI_FOLD_WORD_END_H

#include <stdint.h>
#include <string.h>

enum { FOLD_END_BYTES = 6, FOLD_ENDS = 512 };

/* The upper bits of a product with a large odd number. */
static inline uint32_t fold_end_place(const void *bytes)
{
	uint32_t first;
	uint16_t rest;

	memcpy(&first, bytes, sizeof(first));
	memcpy(&rest, (const char *)bytes + sizeof(first), sizeof(rest));
	return (uint32_t)(((first | (uint64_t)rest << 32) * UINT64_C(0x9E3779B97F4A7C15)) >> 55);
}

#endif
