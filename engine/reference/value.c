/*
 * The one spelling under which a value is kept and found, by its kind.
 *
 * What people type into a list is taken generously where there is no doubt (blanks in an account, a small
 * letter in a USCC); an account that a spreadsheet made into 6.22E+18 has lost its digits and is refused.
 */
#include <arpa/inet.h>
#include <ctype.h>

#include "base/ident.h"
#include "fold/fold.h"
#include "reference/reference_private.h"

enum { ACCOUNT_BYTES_MAX = 34, NAME_BYTES_MAX = 140 * 4, IP_BYTES_MAX = 45 };

static const struct slice none;

static struct slice spell_account(struct slice value, char *room)
{
	uint32_t length = 0;

	for (uint32_t i = 0; i < value.length; i++) {
		unsigned char c = (unsigned char)value.at[i];
		if (c == ' ')
			continue;
		if ((!isalnum(c) && strchr("-_/", c) == NULL) || c >= 0x80 || length == ACCOUNT_BYTES_MAX)
			return none;
		room[length++] = (char)c;
	}
	return length > 0 ? (struct slice){room, length} : none;
}

static struct slice spell_name(struct slice value, char *room)
{
	ptrdiff_t length = value.length <= NAME_BYTES_MAX ? fold_text(value.at, value.length, room,
	                                                              REFERENCE_VALUE_BYTES) : -1;

	return length > 0 ? (struct slice){room, (uint32_t)length} : none;
}

/* Version 4 mapped into 6 is the address of version 4 again. */
static struct slice spell_ip(struct slice value, char *room)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
	char text[IP_BYTES_MAX + 1];
	unsigned char bytes[16];
	const char *spelt = NULL;

	if (value.length > IP_BYTES_MAX)
		return none;
	memcpy(text, value.at, value.length);
	text[value.length] = '\0';
	if (inet_pton(AF_INET, text, bytes) == 1)
		spelt = inet_ntop(AF_INET, bytes, room, REFERENCE_VALUE_BYTES);
	else if (inet_pton(AF_INET6, text, bytes) == 1 && memcmp(bytes, mapped, sizeof(mapped)) == 0)
		spelt = inet_ntop(AF_INET, bytes + sizeof(mapped), room, REFERENCE_VALUE_BYTES);
	else if (inet_pton(AF_INET6, text, bytes) == 1)
		spelt = inet_ntop(AF_INET6, bytes, room, REFERENCE_VALUE_BYTES);
	return spelt != NULL ? slice_of(spelt) : none;
}

static struct slice spell_uscc(struct slice value, char *room)
{
	if (value.length != IDENT_USCC_LENGTH)
		return none;
	for (uint32_t i = 0; i < value.length; i++)
		room[i] = (char)toupper((unsigned char)value.at[i]);
	return ident_uscc_shaped((struct slice){room, value.length}) ? (struct slice){room, value.length} : none;
}

struct slice reference_spelling(uint8_t kind, struct slice value, char room[REFERENCE_VALUE_BYTES],
                                const char **expected_r)
{
	static const struct {
		struct slice (*spell)(struct slice value, char *room);
		const char *expected;
	} kinds[REFERENCE_KINDS] = {
		[REFERENCE_ACCOUNT] = {spell_account,
			"an account of 1 to 34 letters and digits (a spreadsheet column must be "
		                                      "formatted as text)"},
		[REFERENCE_NAME] = {spell_name, "a name of 1 to 140 characters, with at least one letter in it"},
		[REFERENCE_IP] = {spell_ip, "one address, as 203.0.113.7 or 2001:db8::7, and no range"},
		[REFERENCE_USCC] = {spell_uscc, "18 characters of 0-9 and A-Z without I, O, S, V, Z"},
	};

	*expected_r = kinds[kind].expected;
	return kinds[kind].spell(value, room);
}

struct slice reference_spelling_of_feed(uint8_t kind, struct slice value, char room[REFERENCE_VALUE_BYTES])
{
	struct slice spelt;

	if (kind != REFERENCE_IP || memchr(value.at, ':', value.length) == NULL)
		return value;
	spelt = spell_ip(value, room);
	return spelt.at != NULL ? spelt : value;
}
