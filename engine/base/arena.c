#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"

enum { BLOCK_BYTES = 64 * 1024, ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(ALIGN) char bytes[];
};

void arena_init(struct arena *arena, size_t most_bytes)
{
	*arena = (struct arena){.most_bytes = most_bytes};
}

void arena_deinit(struct arena *arena)
{
	struct arena_block *block = arena->first, *next;

	for (; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	*arena = (struct arena){0};
}

void arena_reset(struct arena *arena)
{
	arena->current = arena->first;
	if (arena->current != NULL)
		arena->current->used = 0;
	arena->used_bytes = 0;
	arena->overflowed = false;
}

static struct arena_block *block_new(size_t bytes)
{
	size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
	struct arena_block *block = malloc(sizeof(*block) + size);

	if (block == NULL)
		die("out of memory: a batch wanted %zu bytes", size);
	block->next = NULL;
	block->used = 0;
	block->size = size;
	return block;
}

/* Goes on to the next block with room: one kept from before, or a new one after the current. */
static void block_advance(struct arena *arena, size_t bytes)
{
	struct arena_block *next = arena->current != NULL ? arena->current->next : arena->first, *block;

	if (next != NULL && next->size >= bytes) {
		next->used = 0;
		arena->current = next;
		return;
	}
	block = block_new(bytes);
	block->next = next;
	if (arena->current != NULL)
		arena->current->next = block;
	else
		arena->first = block;
	arena->current = block;
}

void *arena_take(struct arena *arena, size_t bytes)
{
	size_t rounded = (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	void *piece;

	if (arena->overflowed || rounded < bytes || rounded > arena->most_bytes - arena->used_bytes) {
		arena->overflowed = true;
		return NULL;
	}
	if (arena->current == NULL || arena->current->size - arena->current->used < rounded)
		block_advance(arena, rounded);
	piece = arena->current->bytes + arena->current->used;
	arena->current->used += rounded;
	arena->used_bytes += rounded;
	return piece;
}

struct slice arena_copy(struct arena *arena, struct slice text)
{
	char *copy = arena_take(arena, (size_t)text.length + 1);

	if (copy == NULL)
		return (struct slice){0};
	if (text.length > 0)
		memcpy(copy, text.at, text.length);
	copy[text.length] = '\0';
	return (struct slice){copy, text.length};
}

char *arena_print(struct arena *arena, const char *format, ...)
{
	va_list args;
	int length;
	char *text;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = length >= 0 ? arena_take(arena, (size_t)length + 1) : NULL;
	if (text == NULL)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}
