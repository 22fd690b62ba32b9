/*
 * Memory for blocks of very many accounts: cells of a few sizes, cut out of chunks of 128 KiB.
 *
 * A cell is known by a reference of 32 bits, never by its address: chunk number × 4096 + place in units of
 * 32 bytes. A chunk holds cells of one size and says in its own header all there is to know of it (size,
 * which cells are in use), and nothing in it is an address. So chunks can be written to a file as they
 * are, and a file be mapped back in as chunks, in the same order.
 *
 *     chunk   0        64              192                                            131,072
 *             ┌────────┬───────────────┬────────────┬────────────┬─ ─ ─ ─┬────────────┬──────┐
 *             │ header │ bitmap of use │   cell 0   │   cell 1   │       │  cell n-1  │ rest │
 *             └────────┴───────────────┴────────────┴────────────┴─ ─ ─ ─┴────────────┴──────┘
 *
 * A reader uses slab_read(); who changes a cell uses slab_write(), at least once after each slabs_watch():
 * the first change of a chunk after a watch began is told to the watcher, which copies the chunk as it
 * was. The slabs themselves (taking and giving back cells) keep the same rule.
 *
 * Owned by one thread. Allocates only where all chunks are full; an emptied chunk serves another size.
 */
#ifndef PROFILE_SLAB_H
#define PROFILE_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	SLAB_CHUNK_BYTES = 128 << 10,
	SLAB_UNIT_BYTES = 32, /* cells begin at multiples of it: half a cache line */
	SLAB_UNIT_BITS = 12,  /* of a reference */
	SLAB_CHUNKS_MAX = 1 << (32 - SLAB_UNIT_BITS),
	SLAB_CELL_BYTES_MAX = 8192,
	SLAB_BEHIND_BYTES = 16 /* that can be read behind each cell */
};

struct slab_chunk {
	unsigned char *bytes;  /* owned by the slabs' regions, or borrowed: slabs_add() */
	uint32_t saved;        /* the watch that has this chunk, or needs it no more */
	uint32_t before, next; /* in its size's list of chunks with room; SLAB_CHUNKS_MAX: none */
};

struct slabs {
	struct slab_chunk *chunks; /* owned */
	uint32_t chunk_count;
	uint32_t watch; /* counts slabs_watch() */
	void (*before_change)(void *watcher, uint32_t chunk);
	void *watcher; /* borrowed until slabs_watch_end() */
	struct slabs_private *private; /* owned */
};

void slabs_init(struct slabs *slabs);
void slabs_deinit(struct slabs *slabs);

/* A cell of at least `bytes` ≤ SLAB_CELL_BYTES_MAX, its content unspecified; never 0. Dies out of memory. */
uint32_t slab_take(struct slabs *slabs, size_t bytes);
void slab_give_back(struct slabs *slabs, uint32_t ref);

/*
 * Would the cell better be taken anew, and this one be given back? Where blocks have grown out of a size
 * they leave chunks with few cells in use; whoever writes such a block anyway moves it, and the chunk
 * becomes free in the end.
 */
bool slab_should_move(const struct slabs *slabs, uint32_t ref);

/* The size of the cell that slab_take() gives for so many bytes; of the cell behind a reference. */
size_t slab_cell_bytes(size_t bytes);
size_t slab_cell_size(const struct slabs *slabs, uint32_t ref);

/* The cell in use behind `ref` in the order of references, 0 behind the last; from 0 comes the first. */
uint32_t slab_next(const struct slabs *slabs, uint32_t ref);

/* Bytes of all chunks; of all cells in use. */
size_t slabs_bytes(const struct slabs *slabs);
size_t slabs_used_bytes(const struct slabs *slabs);

/*
 * From here on, the first change of each of the chunks that are there now calls before_change(watcher,
 * number), before it happens. Chunks that come later are never told. A chunk that is saved in another way
 * is marked, and then isn't told either.
 */
void slabs_watch(struct slabs *slabs, void (*before_change)(void *watcher, uint32_t chunk), void *watcher);
void slabs_watch_end(struct slabs *slabs);

static inline bool slab_chunk_saved(const struct slabs *slabs, uint32_t chunk)
{
	return slabs->chunks[chunk].saved == slabs->watch;
}

static inline void slab_chunk_mark(struct slabs *slabs, uint32_t chunk)
{
	slabs->chunks[chunk].saved = slabs->watch;
}

static inline const void *slab_chunk_read(const struct slabs *slabs, uint32_t chunk)
{
	return slabs->chunks[chunk].bytes;
}

/*
 * Adds a chunk that was saved: SLAB_CHUNK_BYTES at `bytes`, aligned to 64, writable (a private mapping of
 * a file will do), borrowed until slabs_deinit(). References into it stay good where chunks are added to
 * empty slabs in the order of their numbers. Returns -1 where its header is none of this program's.
 */
int slabs_add(struct slabs *slabs, void *bytes, struct error *error);

/* Calls the watcher where `chunk` has not been saved since it began to watch. */
static inline void slab_chunk_change(struct slabs *slabs, uint32_t chunk)
{
	if (__builtin_expect(slabs->chunks[chunk].saved != slabs->watch, 0)) {
		slabs->chunks[chunk].saved = slabs->watch;
		slabs->before_change(slabs->watcher, chunk);
	}
}

static inline unsigned char *slab_at(const struct slabs *slabs, uint32_t ref)
{
	return slabs->chunks[ref >> SLAB_UNIT_BITS].bytes +
	       (size_t)(ref & ((1U << SLAB_UNIT_BITS) - 1)) * SLAB_UNIT_BYTES;
}

static inline const void *slab_read(const struct slabs *slabs, uint32_t ref)
{
	return slab_at(slabs, ref);
}

static inline void *slab_write(struct slabs *slabs, uint32_t ref)
{
	slab_chunk_change(slabs, ref >> SLAB_UNIT_BITS);
	return slab_at(slabs, ref);
}

#endif
