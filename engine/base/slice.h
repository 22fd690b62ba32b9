/*
 * A piece of somebody else's bytes: not owned, not ended by a zero.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *at; /* borrowed; NULL where there is nothing */
	uint32_t length; /* bytes */
};

/* For printf's "%.*s". */
#define SLICE_PRINT(s) (int)(s).length, ((s).at != NULL ? (s).at : "")

static inline struct slice slice_of(const char *text)
{
	return (struct slice){text, text != NULL ? (uint32_t)strlen(text) : 0};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

static inline bool slice_is(struct slice a, const char *text)
{
	/* Mostly it is asked of one name after the other: the first byte spares measuring them. */
	if (a.length > 0 && text != NULL && a.at[0] != text[0])
		return false;
	return slice_equal(a, slice_of(text));
}

/* Byte order; a prefix comes first. */
int slice_compare(struct slice a, struct slice b);

/* Without spaces, tabs, CR and LF at both ends. */
struct slice slice_trim(struct slice a);

#endif
