/*
 * UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

bool utf8_valid(const char *bytes, size_t length);

/* Behind the characters beyond ASCII that stand at `at`, of a text up to `end`; NULL where one of them is not valid. */
const char *utf8_skip_wide(const char *at, const char *end);

/* The code points in valid UTF-8. */
size_t utf8_count(struct slice text);

/* The longest beginning of valid UTF-8 with at most `characters` code points. */
struct slice utf8_cut(struct slice text, size_t characters);

/* Reads the code point at `text[*at]` and moves `*at` behind it. The text must be valid and not at its end. */
uint32_t utf8_next(const char *text, size_t *at);

/* Writes a code point, returns its bytes (1..4). */
int utf8_put(uint32_t point, char out[4]);

#endif
