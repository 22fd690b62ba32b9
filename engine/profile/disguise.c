#include "profile/disguise.h"

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

	if (disguises->count == DISGUISES_MAX)
		return;
	signature = disguises->signatures[disguises->count];
	/* 圆 is folded to 元, so that a name may come out as itself. */
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

static void swap_characters(char *at)
{
	char first[ALIKE_CHARACTER_BYTES];

	memcpy(first, at, sizeof(first));
	memmove(at, at + sizeof(first), sizeof(first));
	memcpy(at + sizeof(first), first, sizeof(first));
}

/* All characters have three bytes: so has every Chinese one that a firm may be named with. */
static bool is_chinese(const char *name, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += ALIKE_CHARACTER_BYTES)
		if (symbols_character_bytes(name + at) != ALIKE_CHARACTER_BYTES)
			return false;
	return bytes >= NAME_SHORT * ALIKE_CHARACTER_BYTES;
}

void disguises_of(struct slice name, struct disguises *disguises_r)
{
	char folded[NAME_FOLDED_BYTES_MAX + FOLD_TAIL_BYTES];
	size_t bytes = name_fold(name, folded);

	disguises_r->count = 0;
	name_sign(name, TX_COMPANY, disguises_r->own);
	if (!is_chinese(folded, bytes))
		return;
	for (size_t at = 0; at < bytes; at += ALIKE_CHARACTER_BYTES) {
		for (size_t i = 0; i < sizeof(alikes) / sizeof(alikes[0]); i++)
			if (has_character(&alikes[i], folded + at))
				add_alikes(disguises_r, &alikes[i], folded, bytes, at);
		if (at + ALIKE_CHARACTER_BYTES == bytes ||
		    memcmp(folded + at, folded + at + ALIKE_CHARACTER_BYTES, ALIKE_CHARACTER_BYTES) == 0)
			continue;
		swap_characters(folded + at);
		add(disguises_r, folded, bytes);
		swap_characters(folded + at);
	}
}

bool disguises_hold(const struct disguises *disguises, const uint8_t *signature)
{
	if (name_is_none(signature) || name_is_person(signature))
		return false;
	for (uint32_t i = 0; i < disguises->count; i++)
		if (name_same(disguises->signatures[i], signature))
			return true;
	return false;
}
