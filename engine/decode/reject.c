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
		used = snprintf(reject->reason, room, "%s: `%s` ", name, ident_mask_value(value, masked));
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
