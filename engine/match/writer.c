#include "match/writer.h"

#include <stdio.h>

static void put(struct writer *out, const char *bytes, size_t length)
{
	if (out->full || length > out->capacity - out->length) {
		out->full = true;
		return;
	}
	memcpy(out->bytes + out->length, bytes, length);
	out->length += length;
}

void writer_put(struct writer *out, const char *text)
{
	put(out, text, strlen(text));
}

/* Must one of these 8 bytes be escaped? May say yes for bytes behind one that must. */
static inline bool any_escaped(uint64_t bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t quote = bytes ^ ones * '"', backslash = bytes ^ ones * '\\';

	return (((bytes - ones * 0x20) & ~bytes) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & highs;
}

/* The first place from `from` on where a byte may have to be escaped; the length where none has. */
static uint32_t clean_to(struct slice text, uint32_t from)
{
	uint64_t eight;

	for (; from + sizeof(eight) <= text.length; from += sizeof(eight)) {
		memcpy(&eight, text.at + from, sizeof(eight));
		if (any_escaped(eight))
			return from;
	}
	if (from == text.length || text.length < sizeof(eight))
		return from;
	/* The rest, with some before it once more. */
	memcpy(&eight, text.at + text.length - sizeof(eight), sizeof(eight));
	return any_escaped(eight) ? from : text.length;
}

void writer_text(struct writer *out, struct slice text)
{
	char escape[8];
	uint32_t from = 0;

	for (uint32_t i = 0; i < text.length; i++) {
		unsigned char c;
		i = clean_to(text, i);
		if (i == text.length)
			break;
		c = (unsigned char)text.at[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		put(out, text.at + from, i - from);
		from = i + 1;
		if (c == '"' || c == '\\')
			snprintf(escape, sizeof(escape), "\\%c", c);
		else
			snprintf(escape, sizeof(escape), "\\u%04x", c);
		writer_put(out, escape);
	}
	put(out, text.at + from, text.length - from);
}

void writer_string(struct writer *out, struct slice text)
{
	put(out, "\"", 1);
	writer_text(out, text);
	put(out, "\"", 1);
}

void writer_number(struct writer *out, uint64_t number)
{
	char text[24], *at = text + sizeof(text);

	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	put(out, at, (size_t)(text + sizeof(text) - at));
}
