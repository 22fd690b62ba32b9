#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int error_set(struct error *error, const char *format, ...)
{
	va_list args;

	if (error == NULL)
		return -1;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return -1;
}

int error_wrap(struct error *error, const char *format, ...)
{
	char context[ERROR_TEXT_BYTES], whole[2 * ERROR_TEXT_BYTES + 2];
	va_list args;

	if (error == NULL)
		return -1;
	va_start(args, format);
	vsnprintf(context, sizeof(context), format, args);
	va_end(args);
	snprintf(whole, sizeof(whole), "%s: %s", context, error->text);
	memcpy(error->text, whole, sizeof(error->text) - 1);
	error->text[sizeof(error->text) - 1] = '\0';
	return -1;
}

void die(const char *format, ...)
{
	va_list args;

	fputs("huqi: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}
