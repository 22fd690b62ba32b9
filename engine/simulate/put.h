/*
 * Text put together in a buffer of known size: what does not fit is left out, at a whole piece, and the
 * result always ends with a zero. Pieces are constants and generated words, so buffers are sized to hold
 * them.
 */
#ifndef SIMULATE_PUT_H
#define SIMULATE_PUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct put {
	char *start, *at;
	size_t left; /* bytes, without the closing zero */
};

static inline struct put put_begin(char *buffer, size_t size)
{
	buffer[0] = '\0';
	return (struct put){buffer, buffer, size - 1};
}

static inline void put_bytes(struct put *p, const char *bytes, size_t length)
{
	if (length > p->left)
		return;
	memcpy(p->at, bytes, length);
	p->at += length;
	p->left -= length;
	*p->at = '\0';
}

static inline void put_text(struct put *p, const char *text)
{
	put_bytes(p, text, strlen(text));
}

static inline void put_slice(struct put *p, struct slice text)
{
	if (text.length > 0)
		put_bytes(p, text.at, text.length);
}

/* Decimal digits, at least `width` of them, zeros in front. */
static inline void put_number(struct put *p, uint64_t number, int width)
{
	char digits[20];
	int at = 20;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (at > 0 && (number > 0 || 20 - at < width));
	put_bytes(p, digits + at, (size_t)(20 - at));
}

static inline struct slice put_end(const struct put *p)
{
	return (struct slice){p->start, (uint32_t)(p->at - p->start)};
}

#endif
