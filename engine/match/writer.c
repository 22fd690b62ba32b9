#include "match/writer.h"

#include <stdio.h>

static inline void put(struct writer *out, const char *bytes, size_t length)
{
	if (length == 0)
		return;
	if (out->full || length > out->capacity - out->length) {
		out->full = true;
		return;
	}
	memcpy(out->bytes + out->length, bytes, length);
	out->length += length;
}

void writer_copy(struct writer *out, struct slice text)
{
	put(out, text.at, text.length);
}

/* Must one of these 8 bytes be escaped? May say yes for bytes behind one that must. */
static inline bool any_escaped(uint64_t bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t quote = bytes ^ ones * '"', backslash = bytes ^ ones * '\\';

	return (((bytes - ones * 0x20) & ~bytes) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & highs;
}

static inline bool is_escaped(unsigned char byte)
{
	return byte < 0x20 || byte == '"' || byte == '\\';
}

/* The last bytes of a text, up to eight: two overlapping words, or the last whole one; whatever is looked at twice. */
static inline uint64_t last_eight(struct slice text)
{
	uint64_t eight;
	uint32_t first, last;

	if (text.length >= sizeof(eight)) {
		memcpy(&eight, text.at + text.length - sizeof(eight), sizeof(eight));
		return eight;
	}
	if (text.length < sizeof(first))
		return 0; /* which must be escaped: one by one */
	memcpy(&first, text.at, sizeof(first));
	memcpy(&last, text.at + text.length - sizeof(last), sizeof(last));
	return (uint64_t)first << 32 | last;
}

/* The first place from `from` on whose byte must be escaped; the length where there is none. */
static inline uint32_t clean_to(struct slice text, uint32_t from)
{
	uint64_t eight;

	for (; from + sizeof(eight) <= text.length; from += sizeof(eight)) {
		memcpy(&eight, text.at + from, sizeof(eight));
		if (any_escaped(eight))
			break;
	}
	if (from + sizeof(eight) > text.length && !any_escaped(last_eight(text)))
		return text.length;
	while (from < text.length && !is_escaped((unsigned char)text.at[from]))
		from++;
	return from;
}

void writer_text(struct writer *out, struct slice text)
{
	char escape[8];

	for (uint32_t from = 0, to;; from = to + 1) {
		to = clean_to(text, from);
		put(out, text.at + from, to - from);
		if (to == text.length)
			return;
		if (text.at[to] == '"' || text.at[to] == '\\')
			snprintf(escape, sizeof(escape), "\\%c", text.at[to]);
		else
			snprintf(escape, sizeof(escape), "\\u%04x", (unsigned char)text.at[to]);
		put(out, escape, strlen(escape));
	}
}

void writer_string(struct writer *out, struct slice text)
{
	put(out, "\"", 1);
	writer_text(out, text);
	put(out, "\"", 1);
}

size_t text_join(char *text, size_t size, const char *const parts[], size_t count)
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		size_t own = strnlen(parts[i], size - 1 - length);

		memcpy(text + length, parts[i], own);
		length += own;
	}
	text[length] = '\0';
	return length;
}

void writer_number(struct writer *out, uint64_t number)
{
	char text[24], *at = text + sizeof(text);

	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	put(out, at, (size_t)(text + sizeof(text) - at));
}
