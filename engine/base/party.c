#include "base/party.h"

#include <stdbool.h>

#include "base/utf8.h"

struct row {
	const char *text;
	uint8_t length, kind, least; /* bytes; enum tx_party_kind; characters */
};

static const struct row holds[] = {
#define HOLDS(text, kind) {text, sizeof(text) - 1, kind, 0},
#include "base/party.def"
};

static const struct row ends[] = {
#define ENDS(text, kind, least) {text, sizeof(text) - 1, kind, least},
#include "base/party.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MIDDLE_DOT "·"

static bool has(struct slice name, const char *text, size_t length)
{
	return memmem(name.at, name.length, text, length) != NULL;
}

static bool ends_with(struct slice name, const struct row *row)
{
	return name.length >= row->length &&
	       memcmp(name.at + name.length - row->length, row->text, row->length) == 0;
}

/* ASCII with more digits than letters. */
static bool is_number(struct slice name)
{
	uint32_t digits = 0, letters = 0;

	for (uint32_t i = 0; i < name.length; i++) {
		unsigned char c = (unsigned char)name.at[i];
		if (c >= 0x80)
			return false;
		digits += c >= '0' && c <= '9';
		letters += (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
	}
	return digits > letters;
}

enum tx_party_kind party_kind_of_name(struct slice name)
{
	size_t characters;

	name = slice_trim(name);
	if (name.length == 0 || is_number(name))
		return TX_KIND_NONE;
	characters = utf8_count(name);
	for (size_t i = 0; i < COUNT(ends); i++)
		if (characters >= ends[i].least && ends_with(name, &ends[i]))
			return ends[i].kind;
	for (size_t i = 0; i < COUNT(holds); i++)
		if (has(name, holds[i].text, holds[i].length))
			return holds[i].kind;
	return characters <= PARTY_PERSON_CHARACTERS || has(name, MIDDLE_DOT, sizeof(MIDDLE_DOT) - 1) ? TX_PERSON
	                                                                                              : TX_COMPANY;
}

void party_complete(struct tx *tx)
{
	enum tx_party_kind kind;

	if (tx->counterparty.kind != TX_KIND_NONE && tx->counterparty.kind != TX_UNKNOWN)
		return;
	kind = party_kind_of_name(tx->counterparty.name);
	if (kind == TX_KIND_NONE)
		return;
	tx->counterparty.kind = (uint8_t)kind;
	tx->counterparty.kind_guessed = true;
}
