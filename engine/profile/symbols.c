#include "profile/symbols.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string.h>
#include <uchar.h>

enum { TRADE_CHARACTER_BYTES = 3 };

struct trade_word {
	char16_t first; /* its first character */
	uint8_t bytes;
	char text[4 * TRADE_CHARACTER_BYTES];
};

#define TRADE_WORD(first, word) {first, sizeof(word) - 1, word},
static const struct trade_word trade_words[] = {
#include "profile/trade_words.def"
};
#undef TRADE_WORD

/* Symbols from CHARACTER_SYMBOLS on are words. */
enum { TRADE_WORDS = sizeof(trade_words) / sizeof(trade_words[0]), CHARACTER_SYMBOLS = 256 - TRADE_WORDS };

/* The characters that may begin a word, 512 bits by the last nine of the code point: most characters begin none. */
#define TRADE_WORD(first, word) | ((first) / 64 % 8 == PART ? UINT64_C(1) << (first) % 64 : 0)
static const uint64_t trade_firsts[8] = {
	0
#define PART 0
#include "profile/trade_words.def"
#undef PART
	, 0
#define PART 1
#include "profile/trade_words.def"
#undef PART
	, 0
#define PART 2
#include "profile/trade_words.def"
#undef PART
	, 0
#define PART 3
#include "profile/trade_words.def"
#undef PART
	, 0
#define PART 4
#include "profile/trade_words.def"
#undef PART
	, 0
#define PART 5
#include "profile/trade_words.def"
#undef PART
	, 0
#define PART 6
#include "profile/trade_words.def"
#undef PART
	, 0
#define PART 7
#include "profile/trade_words.def"
#undef PART
};
#undef TRADE_WORD

/* Four bytes can be read from `at` on, whatever the last of them are. */
static uint8_t character_symbol(const char *at, size_t bytes)
{
	uint32_t packed;

	memcpy(&packed, at, sizeof(packed));
	packed &= UINT32_MAX >> (32 - 8 * bytes);
	packed *= 0x9e3779b1U;
	packed ^= packed >> 15;
	packed *= 0x85ebca77U;
	return (uint8_t)((uint64_t)packed * CHARACTER_SYMBOLS >> 32);
}

/* The first word that begins with that character or a later one. */
static unsigned word_from(unsigned character)
{
	unsigned from = 0;

	for (unsigned step = 64; step > 0; step /= 2)
		if (from + step <= TRADE_WORDS && trade_words[from + step - 1].first < character)
			from += step;
	return from;
}

/* The word that the text begins with; TRADE_WORDS: none. */
static unsigned word_at(const char *text, size_t bytes)
{
	const unsigned char *at = (const unsigned char *)text;
	unsigned character;

	if (bytes < 2 * TRADE_CHARACTER_BYTES || at[0] >> 4 != 0xe)
		return TRADE_WORDS;
	character = (at[0] & 15U) << 12 | (at[1] & 63U) << 6 | (at[2] & 63U);
	if ((trade_firsts[character / 64 % 8] >> character % 64 & 1) == 0)
		return TRADE_WORDS;
	for (unsigned i = word_from(character); i < TRADE_WORDS && trade_words[i].first == character; i++)
		if (trade_words[i].bytes <= bytes && memcmp(text, trade_words[i].text, trade_words[i].bytes) == 0)
			return i;
	return TRADE_WORDS;
}

/* All that is beyond the last but one character counts as one; a word lies wholly before it. */
unsigned symbols_write(const char *text, size_t bytes, uint8_t symbols_r[PROFILE_NAME_CHARACTERS])
{
	size_t at = 0;
	unsigned count = 0, characters = 0;

	while (at < bytes && characters < PROFILE_NAME_CHARACTERS - 1) {
		unsigned word = word_at(text + at, bytes - at);
		unsigned own = word < TRADE_WORDS ? trade_words[word].bytes / TRADE_CHARACTER_BYTES : 1;
		size_t own_bytes = symbols_character_bytes(text + at);

		if (word < TRADE_WORDS && characters + own < PROFILE_NAME_CHARACTERS) {
			symbols_r[count++] = (uint8_t)(CHARACTER_SYMBOLS + word);
			own_bytes = trade_words[word].bytes;
		} else {
			own_bytes = own_bytes < bytes - at ? own_bytes : bytes - at;
			symbols_r[count++] = character_symbol(text + at, own_bytes);
			own = 1;
		}
		characters += own;
		at += own_bytes;
	}
	if (at < bytes)
		symbols_r[count++] = (uint8_t)(XXH3_64bits(text + at, bytes - at) % CHARACTER_SYMBOLS);
	return count;
}

unsigned symbols_read(const uint8_t *symbols, unsigned count, uint8_t characters_r[PROFILE_NAME_CHARACTERS])
{
	unsigned characters = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct trade_word *word;

		if (symbols[i] < CHARACTER_SYMBOLS) {
			if (characters < PROFILE_NAME_CHARACTERS)
				characters_r[characters++] = symbols[i];
			continue;
		}
		word = &trade_words[symbols[i] - CHARACTER_SYMBOLS];
		for (size_t at = 0; at < word->bytes && characters < PROFILE_NAME_CHARACTERS; at += TRADE_CHARACTER_BYTES)
			characters_r[characters++] = character_symbol(word->text + at, TRADE_CHARACTER_BYTES);
	}
	return characters;
}
