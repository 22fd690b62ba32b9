/*
 * As many readers as HTTP threads, so that one is always free for a thread that answers.
 */
#include <assert.h>
#include <stdlib.h>

#include "api/api_private.h"
#include "store/store.h"

enum { ARENA_BYTES_MAX = 32 << 20 }; /* for one answer */

struct readers {
	pthread_mutex_t lock;
	unsigned count, free_count;
	struct reader **free_ones; /* a stack */
	struct reader all[];
};

int readers_open(const char *path, const char *key_file, unsigned count, struct readers **readers_r, struct error *error)
{
	struct readers *r = calloc(1, sizeof(*r) + count * sizeof(r->all[0]));

	if (r == NULL || (r->free_ones = calloc(count, sizeof(r->free_ones[0]))) == NULL)
		die("out of memory: %u readers", count);
	pthread_mutex_init(&r->lock, NULL);
	*readers_r = r;
	for (; r->count < count; r->count++) {
		struct reader *reader = &r->all[r->count];
		if (store_open_reader(path, key_file, &reader->store, error) == -1) {
			readers_close(readers_r);
			return -1;
		}
		arena_init(&reader->arena, ARENA_BYTES_MAX);
		r->free_ones[r->free_count++] = reader;
	}
	return 0;
}

void readers_close(struct readers **readers)
{
	struct readers *r = *readers;

	if (r == NULL)
		return;
	for (unsigned i = 0; i < r->count; i++) {
		store_close(&r->all[i].store);
		arena_deinit(&r->all[i].arena);
	}
	pthread_mutex_destroy(&r->lock);
	free(r->free_ones);
	free(r);
	*readers = NULL;
}

struct reader *reader_take(struct readers *r)
{
	struct reader *reader;

	pthread_mutex_lock(&r->lock);
	assert(r->free_count > 0);
	reader = r->free_ones[--r->free_count];
	pthread_mutex_unlock(&r->lock);
	arena_reset(&reader->arena);
	return reader;
}

void reader_give(struct readers *r, struct reader *reader)
{
	pthread_mutex_lock(&r->lock);
	r->free_ones[r->free_count++] = reader;
	pthread_mutex_unlock(&r->lock);
}
