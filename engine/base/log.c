#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/instant.h"

enum { LINE_BYTES = 4096, VALUE_BYTES = 1024 };

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static enum log_level least_level = LOG_INFO;
static int as_json = -1;

struct line {
	char bytes[LINE_BYTES];
	size_t length;
};

void log_begin(enum log_level least)
{
	least_level = least;
	as_json = !isatty(STDERR_FILENO);
}

static void put(struct line *line, const char *text)
{
	size_t length = strlen(text), room = sizeof(line->bytes) - 2 - line->length;

	if (length > room)
		length = room;
	memcpy(line->bytes + line->length, text, length);
	line->length += length;
}

/* A JSON string; on a terminal control characters become spaces, so that nothing can draw there. */
static void put_safe(struct line *line, const char *text)
{
	char one[8];

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < 0x20 || c == 0x7F)
			snprintf(one, sizeof(one), as_json ? "\\u%04x" : " ", c);
		else if (as_json && (c == '"' || c == '\\'))
			snprintf(one, sizeof(one), "\\%c", c);
		else
			snprintf(one, sizeof(one), "%c", c);
		put(line, one);
	}
}

static void put_pair(struct line *line, const char *key, const char *value)
{
	put(line, as_json ? ",\"" : "  ");
	put(line, key);
	put(line, as_json ? "\":\"" : "=");
	put_safe(line, value);
	put(line, as_json ? "\"" : "");
}

static void put_head(struct line *line, enum log_level level, const char *part, const char *text)
{
	char at[INSTANT_TEXT_BYTES], head[128];

	if (as_json) {
		instant_format(clock_now_ms(), at);
		snprintf(head, sizeof(head), "{\"at\":\"%s\",\"level\":\"%s\",\"part\":\"%s\",\"text\":\"",
		         at, level_names[level], part);
	} else {
		instant_format_china(clock_now_ms(), at);
		snprintf(head, sizeof(head), "%s %-5s %s: ", at, level_names[level], part);
	}
	put(line, head);
	put_safe(line, text);
	put(line, as_json ? "\"" : "");
}

void log_event(enum log_level level, const char *part, const char *text, ...)
{
	struct line line = {.length = 0};
	char value[VALUE_BYTES];
	const char *key;
	va_list args;

	if (level < least_level)
		return;
	if (as_json == -1)
		log_begin(least_level);
	put_head(&line, level, part, text);
	va_start(args, text);
	while ((key = va_arg(args, const char *)) != NULL) {
		const char *format = va_arg(args, const char *), *percent = strchr(format, '%');
		/* One argument a value, taken by the type that its conversion names. */
		if (percent == NULL)
			snprintf(value, sizeof(value), "%s", format);
		else if (strstr(percent, "ll") != NULL)
			snprintf(value, sizeof(value), format, va_arg(args, long long));
		else if (strchr(percent, 's') != NULL)
			snprintf(value, sizeof(value), format, va_arg(args, const char *));
		else if (strchr(percent, 'f') != NULL)
			snprintf(value, sizeof(value), format, va_arg(args, double));
		else if (strchr(percent, 'z') != NULL)
			snprintf(value, sizeof(value), format, va_arg(args, size_t));
		else
			snprintf(value, sizeof(value), format, va_arg(args, int));
		put_pair(&line, key, value);
	}
	va_end(args);
	put(&line, as_json ? "}" : "");
	line.bytes[line.length++] = '\n';
	/* One write a line, so that lines of several threads and processes never mix. */
	(void)!write(STDERR_FILENO, line.bytes, line.length);
}
