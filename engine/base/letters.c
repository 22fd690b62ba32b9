#include "base/letters.h"

/* As the first byte says it, so that a character has the same bit whatever stands behind it. */
static uint32_t character_bytes(unsigned char first)
{
	return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static inline uint64_t bit_of(uint32_t character)
{
	return UINT64_C(1) << (character * 0x9e3779b1U >> 26);
}

uint64_t letters_of(struct slice text)
{
	const unsigned char *at = (const unsigned char *)text.at, *end = at + text.length;
	uint64_t letters = 0;

	while (at < end) {
		uint32_t bytes, character;

		for (; end - at >= 3 && (*at & 0xF0) == 0xE0; at += 3) /* most */
			letters |= bit_of((uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2]);
		if (at == end)
			break;
		character = *at;
		bytes = character_bytes(*at);
		if (bytes > end - at)
			break; /* cut within it: no whole character, no bit */
		for (uint32_t i = 1; i < bytes; i++)
			character = character << 8 | at[i];
		letters |= bit_of(character);
		at += bytes;
	}
	return letters;
}
