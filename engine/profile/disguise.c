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

static void add(struct disguises *disguises, const char *core, size_t bytes)
{
	if (disguises->count == DISGUISES_MAX)
		return;
	disguises->lengths[disguises->count] = (uint8_t)symbols_write(core, bytes, disguises->symbols[disguises->count]);
	disguises->count++;
}

static bool has_character(const struct alike *alike, const char *at)
{
	for (size_t i = 0; i < alike->bytes; i += ALIKE_CHARACTER_BYTES)
		if (memcmp(alike->text + i, at, ALIKE_CHARACTER_BYTES) == 0)
			return true;
	return false;
}

/* The core with each of the line's other characters in the place `at`, which is as it was afterwards. */
static void add_alikes(struct disguises *disguises, const struct alike *alike, char *core, size_t bytes, size_t at)
{
	char own[ALIKE_CHARACTER_BYTES];

	memcpy(own, core + at, sizeof(own));
	for (size_t i = 0; i < alike->bytes; i += ALIKE_CHARACTER_BYTES) {
		memcpy(core + at, alike->text + i, sizeof(own));
		if (memcmp(core + at, own, sizeof(own)) != 0)
			add(disguises, core, bytes);
	}
	memcpy(core + at, own, sizeof(own));
}

static void swap_characters(char *at)
{
	char first[ALIKE_CHARACTER_BYTES];

	memcpy(first, at, sizeof(first));
	memmove(at, at + sizeof(first), sizeof(first));
	memcpy(at + sizeof(first), first, sizeof(first));
}

/* All characters have three bytes: so has every Chinese one that a firm may be named with. */
static bool is_chinese(const char *core, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += ALIKE_CHARACTER_BYTES)
		if (symbols_character_bytes(core + at) != ALIKE_CHARACTER_BYTES)
			return false;
	return bytes >= NAME_SHORT * ALIKE_CHARACTER_BYTES;
}

void disguises_of(struct slice name, struct disguises *disguises_r)
{
	char core[NAME_CORE_BYTES_MAX + FOLD_TAIL_BYTES];
	size_t bytes = name_core(name, core);

	disguises_r->count = 0;
	if (!is_chinese(core, bytes))
		return;
	for (size_t at = 0; at < bytes; at += ALIKE_CHARACTER_BYTES) {
		for (size_t i = 0; i < sizeof(alikes) / sizeof(alikes[0]); i++)
			if (has_character(&alikes[i], core + at))
				add_alikes(disguises_r, &alikes[i], core, bytes, at);
		if (at + ALIKE_CHARACTER_BYTES == bytes ||
		    memcmp(core + at, core + at + ALIKE_CHARACTER_BYTES, ALIKE_CHARACTER_BYTES) == 0)
			continue;
		swap_characters(core + at);
		add(disguises_r, core, bytes);
		swap_characters(core + at);
	}
}

bool disguises_hold(const struct disguises *disguises, const uint8_t *signature)
{
	if (name_is_none(signature) || name_is_person(signature))
		return false;
	for (uint32_t i = 0; i < disguises->count; i++)
		if (disguises->lengths[i] == name_length(signature) &&
		    memcmp(disguises->symbols[i], signature + NAME_HEAD_BYTES, name_length(signature)) == 0)
			return true;
	return false;
}
