/*
 * Memory for one batch: taken piece by piece, given back all at once.
 *
 * Blocks are kept over arena_reset(), so that a steady load allocates nothing. A bound latches: once it is
 * passed every further call returns NULL until the reset, so a stage may check arena_overflowed() once at its end.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *first, *current; /* owned */
	size_t used_bytes, most_bytes;
	bool overflowed;
};

void arena_init(struct arena *arena, size_t most_bytes);
void arena_deinit(struct arena *arena);
void arena_reset(struct arena *arena);

/* `bytes` aligned for any type, not cleared; NULL past the bound. Valid until arena_reset(). */
void *arena_take(struct arena *arena, size_t bytes);

/* A copy that ends with a zero (not counted in the length); a slice with `at` NULL past the bound. */
struct slice arena_copy(struct arena *arena, struct slice text);

/* printf into the arena; NULL past the bound. */
char *arena_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool arena_overflowed(const struct arena *arena)
{
	return arena->overflowed;
}

#endif
