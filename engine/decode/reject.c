/* The words of a rejection. Values come from outside: they are masked and cut before they get here. */
#include <stdarg.h>
#include <stdio.h>

#include "base/ident.h"
#include "base/utf8.h"
#include "decode/tx_build.h"

/* What vsnprintf cut in the middle of a character loses that character. */
static void trim_to_utf8(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && !utf8_valid(text, length))
		text[--length] = '\0';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * "2026-02-30T09:15:04+08:00" and the like: a year, then groups of at most two digits parted by marks, and
 * perhaps a fraction. No account, phone or identity number is written so, and a masked time would not tell
 * what is wrong with it.
 */
static bool looks_like_time(struct slice value)
{
	enum { YEAR_DIGITS = 4, FRACTION_FROM = 20, LEAST = 8, MOST = 32 };
	uint32_t run = 0;

	if (value.length < LEAST || value.length > MOST || is_digit(value.at[YEAR_DIGITS]))
		return false;
	for (uint32_t i = 0; i < value.length; i++) {
		uint32_t most = i < YEAR_DIGITS ? YEAR_DIGITS : i < FRACTION_FROM ? 2 : 7;
		char c = value.at[i];
		if (!is_digit(c) && (i < YEAR_DIGITS || c == '\0' || strchr("-/:.+ TtZz", c) == NULL))
			return false;
		run = is_digit(c) ? run + 1 : 0;
		if (run > most)
			return false;
	}
	return true;
}

/* The value as people may see it: cut and masked, but for times. */
static const char *shown(struct slice value, char room[IDENT_MASKED_BYTES])
{
	if (!looks_like_time(value))
		return ident_mask_value(value, room);
	snprintf(room, IDENT_MASKED_BYTES, "%.*s", SLICE_PRINT(value));
	return room;
}

int tx_build_reject(struct decode_context *context, const char *field, struct slice value,
                    const char *format, ...)
{
	struct decode_reject *reject = &context->reject;
	char masked[IDENT_MASKED_BYTES];
	const char *name = field[0] != '\0' ? field : "message";
	size_t room = sizeof(reject->reason);
	va_list args;
	int used;

	if (value.at != NULL)
		used = snprintf(reject->reason, room, "%s: `%s` ", name, shown(value, masked));
	else
		used = snprintf(reject->reason, room, "%s: ", name);
	if (used > 0 && (size_t)used < room) {
		va_start(args, format);
		vsnprintf(reject->reason + used, room - (size_t)used, format, args);
		va_end(args);
	}
	trim_to_utf8(reject->reason);
	snprintf(reject->field, sizeof(reject->field), "%s", field);
	trim_to_utf8(reject->field);
	return -1;
}
