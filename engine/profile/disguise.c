#include "profile/disguise.h"

#include "base/counters.h"
#include "profile/name.h"
#include "profile/symbols.h"

enum { ALIKE_CHARACTER_BYTES = 3 }; /* of UTF-8, as all in the table have */

#define ALIKE(characters) {characters, sizeof(characters) - 1},
static const struct alike {
	const char *text;
	size_t bytes;
} alikes[] = {
#include "profile/alike.def"
};
#undef ALIKE

static void add(struct disguises *disguises, const char *name, size_t bytes)
{
	uint8_t *signature;

	if (disguises->count == DISGUISES_MAX) {
		count(COUNT_DISGUISES_FULL);
		return;
	}
	signature = disguises->signatures[disguises->count];
	/* Folding puts misspelt words right (徽信 for 微信), so that a name may come out as itself. */
	name_sign((struct slice){name, (uint32_t)bytes}, TX_COMPANY, signature);
	disguises->count += !name_same(signature, disguises->own);
}

static bool has_character(const struct alike *alike, const char *at)
{
	for (size_t i = 0; i < alike->bytes; i += ALIKE_CHARACTER_BYTES)
		if (memcmp(alike->text + i, at, ALIKE_CHARACTER_BYTES) == 0)
			return true;
	return false;
}

/* The name with each of the line's other characters in the place `at`, which is as it was afterwards. */
static void add_alikes(struct disguises *disguises, const struct alike *alike, char *name, size_t bytes, size_t at)
{
	char own[ALIKE_CHARACTER_BYTES];

	memcpy(own, name + at, sizeof(own));
	for (size_t i = 0; i < alike->bytes; i += ALIKE_CHARACTER_BYTES) {
		memcpy(name + at, alike->text + i, sizeof(own));
		if (memcmp(name + at, own, sizeof(own)) != 0)
			add(disguises, name, bytes);
	}
	memcpy(name + at, own, sizeof(own));
}

static void swap_characters(char *at, size_t first_bytes, size_t second_bytes)
{
	char first[ALIKE_CHARACTER_BYTES];

	memcpy(first, at, first_bytes);
	memmove(at, at + first_bytes, second_bytes);
	memcpy(at + second_bytes, first, first_bytes);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * A Chinese character has three bytes, of those that a firm may be named with, but for the numerals of 三和, 九州 or
 * 四川, which are folded to digits.
 */
static size_t character_bytes(const char *at)
{
	return is_digit(*at) ? 1 : ALIKE_CHARACTER_BYTES;
}

static bool is_chinese(const char *name, size_t bytes)
{
	size_t at = 0, count = 0;

	for (; at < bytes; at += character_bytes(name + at), count++)
		if (symbols_character_bytes(name + at) != character_bytes(name + at))
			return false;
	return at == bytes && count >= NAME_SHORT;
}

/* The name with the characters at `at` and behind it swapped. Two digits are another number's, an honest one. */
static void add_swapped(struct disguises *disguises, char *name, size_t bytes, size_t at)
{
	size_t first = character_bytes(name + at), second;

	if (at + first == bytes)
		return;
	second = character_bytes(name + at + first);
	if (is_digit(name[at]) && is_digit(name[at + first]))
		return;
	if (first == second && memcmp(name + at, name + at + first, first) == 0)
		return;
	swap_characters(name + at, first, second);
	add(disguises, name, bytes);
	swap_characters(name + at, second, first);
}

void disguises_of(struct slice name, struct disguises *disguises_r)
{
	char folded[NAME_FOLDED_BYTES_MAX + FOLD_TAIL_BYTES];
	size_t bytes = name_fold(name, folded);

	disguises_r->count = 0;
	name_sign(name, TX_COMPANY, disguises_r->own);
	if (!is_chinese(folded, bytes))
		return;
	for (size_t at = 0; at < bytes; at += character_bytes(folded + at)) {
		for (size_t i = 0; i < sizeof(alikes) / sizeof(alikes[0]) && !is_digit(folded[at]); i++)
			if (has_character(&alikes[i], folded + at))
				add_alikes(disguises_r, &alikes[i], folded, bytes, at);
		add_swapped(disguises_r, folded, bytes, at);
	}
}

bool disguises_hold(const struct disguises *disguises, const uint8_t *signature)
{
	if (name_is_none(signature) || name_is_hash(signature))
		return false;
	for (uint32_t i = 0; i < disguises->count; i++)
		if (name_same(disguises->signatures[i], signature))
			return true;
	return false;
}
