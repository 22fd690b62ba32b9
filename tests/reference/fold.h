/* The plain reference of engine/fold: whole strings, linear lists, no table. Slow, and meant to be read. */
#ifndef HUQI_REFERENCE_FOLD_H
#define HUQI_REFERENCE_FOLD_H

#include <stddef.h>
#include <stdint.h>

/*
 * Loads patterns/folding.yaml (from the working directory) and OpenCC's characters (through opencc_dict).
 * Returns 0, or -1 with a line on standard error.
 */
int reference_fold_load(void);

/* The fold of one code point into `out`, at most `capacity` code points; without words. Returns how many. */
size_t reference_fold_character(uint32_t cp, uint32_t *out, size_t capacity);

/*
 * Folds NUL-terminated valid UTF-8. The result is the caller's to free; NULL where memory is short.
 */
char *reference_fold(const char *raw);

#endif
