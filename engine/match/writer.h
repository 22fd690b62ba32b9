/*
 * JSON into a buffer of fixed size. `full` latches: what did not fit is missing then, and the caller gives up
 * once.
 */
#ifndef MATCH_WRITER_H
#define MATCH_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct writer {
	char *bytes; /* borrowed */
	size_t length, capacity;
	bool full;
};

void writer_copy(struct writer *out, struct slice text); /* as it is */
void writer_text(struct writer *out, struct slice text); /* escaped, without quotes */
void writer_string(struct writer *out, struct slice text); /* escaped, in quotes */
void writer_number(struct writer *out, uint64_t number);

/* Words of the program, as they are: what has to be escaped does not stand in them. */
static inline void writer_put(struct writer *out, const char *text)
{
	writer_copy(out, slice_of(text));
}

/* The parts, one behind the other, as snprintf() would put them, at a tenth of its cost; the length. */
size_t text_join(char *text, size_t size, const char *const parts[], size_t count);
#define TEXT_JOIN(text, size, ...) \
	text_join(text, size, (const char *const[]){__VA_ARGS__}, \
	          sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

#endif
