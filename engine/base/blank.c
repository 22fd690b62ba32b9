#include "base/blank.h"

#include <string.h>
#include <strings.h>

struct row {
	const char *text;
	uint32_t length;
};

static const struct row rows[] = {
#define BLANK(text) {text, sizeof(text) - 1},
#include "base/blank.def"
#undef BLANK
};

/* Lengths that some row has, as bits: most texts have another. */
static const uint32_t lengths =
#define BLANK(text) 1u << (sizeof(text) - 1) |
#include "base/blank.def"
#undef BLANK
	0;

static const uint8_t fields[] = {
	TX_PARTY_ACCOUNT_FIELD, TX_PARTY_NAME_FIELD, TX_PARTY_BANK_FIELD, TX_ACCOUNT_NAME_FIELD,
	TX_PURPOSE_FIELD, TX_REMARK_FIELD, TX_IP_FIELD, TX_MAC_FIELD, TX_DEVICE_FIELD, TX_TERMINAL_FIELD, TX_OPERATOR_FIELD,
};

_Static_assert(TX_FIELD_COUNT <= 32, "a bit each");

static bool says_something(unsigned char c)
{
	return c >= 0x80 || (c >= '1' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

bool blank_text(struct slice text)
{
	uint32_t i = 0;

	while (i < text.length && !says_something((unsigned char)text.at[i]))
		i++;
	if (i == text.length)
		return text.length > 0;
	if (text.length >= 32 || (lengths >> text.length & 1) == 0)
		return false;
	/* The first byte, in either case, spares nearly all of the calls, which ask the locale. */
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].length == text.length && ((rows[i].text[0] ^ text.at[0]) & ~0x20) == 0 &&
		    strncasecmp(text.at, rows[i].text, text.length) == 0)
			return true;
	return false;
}

uint32_t blank_clear(struct tx *tx)
{
	uint32_t cleared = 0;

	for (size_t i = 0; i < sizeof(fields); i++) {
		struct slice *text = (struct slice *)((char *)tx + tx_fields[fields[i]].offset);
		if (!blank_text(*text))
			continue;
		*text = (struct slice){NULL, 0};
		cleared |= 1u << fields[i];
	}
	return cleared;
}
