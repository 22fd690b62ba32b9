/*
 * Filling in a text: each {name} is replaced by the value of that name.
 *
 * A name is of small letters, digits, `_` and `.`; whatever else stands in braces is only text. Pure.
 */
#ifndef BASE_FILL_H
#define BASE_FILL_H

#include "base/arena.h"

#define FILL_NAME_BYTES_MAX 48

struct fill_value {
	const char *name;
	struct slice zh, en; /* empty: it has no value */
};

/* What has no value becomes a dash. At most `characters_max`, else cut and `*cut_r` set. */
struct slice fill_text(struct arena *arena, struct slice template, const struct fill_value *values, size_t count,
                       bool english, size_t characters_max, bool *cut_r);

/* The value of a name; empty where there is none. The first of several that is not empty. */
struct slice fill_find(struct slice name, const struct fill_value *values, size_t count, bool english);

/* The first {name} at or after `*at`, which moves behind it; false where there is none. */
bool fill_next(struct slice template, uint32_t *at, struct slice *name_r);

#endif
