/*
 * Cells are found by a bitmap in their chunk: a full chunk is in no list, an empty one in the list of
 * spare chunks, every other in the list of its size. Lists are of this process only and made anew when
 * chunks are added, so that the chunks are all there is to save.
 *
 * Sizes step by 32 bytes up to 2 KB, for a block grows many times: the room that stands empty behind blocks
 * is about 2 %. Each size has a chunk that is half-filled, so finer steps want smaller chunks: some 45 sizes
 * are in use, and what they waste, 3 MB a shard, is 3 % beside 100,000 accounts.
 */
#include "profile/slab.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	HEADER_BYTES = 192,
	BITMAP_WORDS = 16,
	CELLS_MAX = (SLAB_CHUNK_BYTES - HEADER_BYTES) / 128,
	NONE = SLAB_CHUNKS_MAX,
	REGION_CHUNKS_MAX = 128, /* chunks that are asked of the system at a time; the first ones fewer */
	HUGE_FROM_BYTES = 8 << 20 /* a few accounts have no use for pages of 2 MiB, which take long to clear */
};

#define CHUNK_MAGIC UINT64_C(0x31736b6e68637168) /* "hqchnks1" */

struct header {
	uint64_t magic;
	uint32_t cell_bytes; /* 0: a spare chunk */
	uint32_t cells, used;
	unsigned char zero[44];
	uint64_t in_use[BITMAP_WORDS]; /* bit i: cell i */
};

static const uint16_t sizes[] = {
	128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 480, 512, 544, 576, 608, 640, 672, 704,
	736, 768, 800, 832, 864, 896, 928, 960, 992, 1024, 1056, 1088, 1120, 1152, 1184, 1216, 1248, 1280,
	1312, 1344, 1376, 1408, 1440, 1472, 1504, 1536, 1568, 1600, 1632, 1664, 1696, 1728, 1760, 1792,
	1824, 1856, 1888, 1920, 1952, 1984, 2016, 2048, 2176, 2304, 2432, 2560, 2688, 2816, 2944, 3072,
	3328, 3584, 4096, 4608, 5120, 6144, 7168, 8192,
};

enum { LEAST_UNITS = 4, UNIT_SIZES = 2048 / SLAB_UNIT_BYTES - LEAST_UNITS + 1 }; /* the first ones step by a unit */
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]), UNITS_MAX = SLAB_CELL_BYTES_MAX / SLAB_UNIT_BYTES };

struct region {
	struct region *next;
	void *bytes;
	size_t length;
};

struct slabs_private {
	uint32_t chunk_capacity;
	uint32_t open[SIZES]; /* the first chunk of each size with room */
	uint32_t spare;       /* the first empty chunk */
	uint8_t size_of[UNITS_MAX + 1]; /* the size that holds that many units */
	struct region *regions;         /* owned */
	unsigned char *fresh;           /* in the newest region: chunks that were never used */
	uint32_t fresh_count;
	uint32_t region_chunks; /* of the next region */
};

_Static_assert(sizeof(struct header) == HEADER_BYTES, "cells begin at a unit");
_Static_assert(CELLS_MAX <= BITMAP_WORDS * 64, "a bit a cell");
_Static_assert(SLAB_CHUNK_BYTES / SLAB_UNIT_BYTES == 1 << SLAB_UNIT_BITS, "a reference reaches all of it");

static struct header *header_of(const struct slabs *slabs, uint32_t chunk)
{
	return (struct header *)slabs->chunks[chunk].bytes;
}

static void sizes_fill(struct slabs_private *own)
{
	for (unsigned units = 0, s = 0; units <= UNITS_MAX; units++) {
		if (units * SLAB_UNIT_BYTES > sizes[s])
			s++;
		own->size_of[units] = (uint8_t)s;
	}
}

void slabs_init(struct slabs *slabs)
{
	*slabs = (struct slabs){.private = calloc(1, sizeof(*slabs->private))};
	if (slabs->private == NULL)
		die("out of memory: slabs");
	for (int s = 0; s < SIZES; s++)
		slabs->private->open[s] = NONE;
	slabs->private->spare = NONE;
	slabs->private->region_chunks = 1;
	sizes_fill(slabs->private);
}

void slabs_deinit(struct slabs *slabs)
{
	if (slabs->private == NULL)
		return;
	for (struct region *region = slabs->private->regions, *next; region != NULL; region = next) {
		next = region->next;
		munmap(region->bytes, region->length);
		free(region);
	}
	free(slabs->chunks);
	free(slabs->private);
	*slabs = (struct slabs){0};
}

/* Lists of chunks. */

static uint32_t *list_of(struct slabs *slabs, uint32_t chunk)
{
	uint32_t cell_bytes = header_of(slabs, chunk)->cell_bytes;

	if (cell_bytes == 0)
		return &slabs->private->spare;
	return &slabs->private->open[slabs->private->size_of[cell_bytes / SLAB_UNIT_BYTES]];
}

static void list_add(struct slabs *slabs, uint32_t chunk)
{
	uint32_t *first = list_of(slabs, chunk);

	slabs->chunks[chunk].before = NONE;
	slabs->chunks[chunk].next = *first;
	if (*first != NONE)
		slabs->chunks[*first].before = chunk;
	*first = chunk;
}

static void list_remove(struct slabs *slabs, uint32_t chunk)
{
	struct slab_chunk *own = &slabs->chunks[chunk];

	if (own->before != NONE)
		slabs->chunks[own->before].next = own->next;
	else
		*list_of(slabs, chunk) = own->next;
	if (own->next != NONE)
		slabs->chunks[own->next].before = own->before;
}

/*
 * A chunk that lost a cell lets the next one pass where that is fuller. So the fuller chunks come to the
 * front, where cells are taken, and the others have time to become empty.
 */
static void list_let_pass(struct slabs *slabs, uint32_t chunk)
{
	uint32_t next = slabs->chunks[chunk].next, then;

	if (next == NONE || header_of(slabs, next)->used <= header_of(slabs, chunk)->used)
		return;
	list_remove(slabs, chunk);
	then = slabs->chunks[next].next;
	slabs->chunks[next].next = chunk;
	slabs->chunks[chunk].before = next;
	slabs->chunks[chunk].next = then;
	if (then != NONE)
		slabs->chunks[then].before = chunk;
}

static bool is_sparse(const struct header *header)
{
	return header->used * 4 < header->cells * 3;
}

/* Memory. Zeroed by the system, so that a page which no cell reached costs nothing. */

static void region_new(struct slabs_private *own)
{
	struct region *region = malloc(sizeof(*region));
	size_t length = (size_t)own->region_chunks * SLAB_CHUNK_BYTES;
	void *bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (region == NULL || bytes == MAP_FAILED)
		die("out of memory: the accounts' memory; lower engine.accounts_max");
	/* Accounts are met in random order: fewer, larger pages save most of the address look-ups. */
	if (length >= HUGE_FROM_BYTES)
		(void)madvise(bytes, length, MADV_HUGEPAGE);
	*region = (struct region){own->regions, bytes, length};
	own->regions = region;
	own->fresh = bytes;
	own->fresh_count = own->region_chunks;
	if (own->region_chunks < REGION_CHUNKS_MAX)
		own->region_chunks *= 2;
}

static uint32_t chunk_append(struct slabs *slabs, unsigned char *bytes)
{
	struct slabs_private *own = slabs->private;

	if (slabs->chunk_count == SLAB_CHUNKS_MAX)
		die("the accounts' memory passes %d chunks; lower engine.accounts_max", SLAB_CHUNKS_MAX);
	if (slabs->chunk_count == own->chunk_capacity) {
		own->chunk_capacity = own->chunk_capacity > 0 ? own->chunk_capacity * 2 : 64;
		slabs->chunks = realloc(slabs->chunks, own->chunk_capacity * sizeof(*slabs->chunks));
		if (slabs->chunks == NULL)
			die("out of memory: a table of %u chunks", own->chunk_capacity);
	}
	slabs->chunks[slabs->chunk_count] = (struct slab_chunk){bytes, slabs->watch, NONE, NONE};
	return slabs->chunk_count++;
}

/* A chunk without cells: one that was emptied, or a new one. */
static uint32_t chunk_empty(struct slabs *slabs)
{
	struct slabs_private *own = slabs->private;
	uint32_t chunk = own->spare;

	if (chunk != NONE) {
		list_remove(slabs, chunk);
		return chunk;
	}
	if (own->fresh_count == 0)
		region_new(own);
	chunk = chunk_append(slabs, own->fresh);
	own->fresh += SLAB_CHUNK_BYTES;
	own->fresh_count--;
	return chunk;
}

static uint32_t chunk_open(struct slabs *slabs, int size)
{
	uint32_t chunk = chunk_empty(slabs);
	struct header *header;

	slab_chunk_change(slabs, chunk);
	header = header_of(slabs, chunk);
	memset(header, 0, sizeof(*header));
	header->magic = CHUNK_MAGIC;
	header->cell_bytes = sizes[size];
	header->cells = (SLAB_CHUNK_BYTES - HEADER_BYTES - SLAB_BEHIND_BYTES) / header->cell_bytes;
	list_add(slabs, chunk);
	return chunk;
}

/* Cells. */

static uint32_t ref_of(uint32_t chunk, uint32_t cell, uint32_t cell_bytes)
{
	return chunk << SLAB_UNIT_BITS | (HEADER_BYTES + cell * cell_bytes) / SLAB_UNIT_BYTES;
}

size_t slab_cell_bytes(size_t bytes)
{
	size_t s = 0;

	if (bytes > SLAB_CELL_BYTES_MAX)
		die("a cell of %zu bytes was asked for", bytes);
	if (bytes > LEAST_UNITS * SLAB_UNIT_BYTES)
		s = (bytes + SLAB_UNIT_BYTES - 1) / SLAB_UNIT_BYTES - LEAST_UNITS;
	if (s < UNIT_SIZES)
		return sizes[s];
	for (s = UNIT_SIZES; sizes[s] < bytes; s++)
		;
	return sizes[s];
}

bool slab_should_move(const struct slabs *slabs, uint32_t ref)
{
	uint32_t chunk = ref >> SLAB_UNIT_BITS;
	const struct header *header = header_of(slabs, chunk);
	uint32_t first = slabs->private->open[slabs->private->size_of[header->cell_bytes / SLAB_UNIT_BYTES]];

	/* Towards a fuller one only, or two chunks would pass the same block to and fro. */
	return is_sparse(header) && first != chunk && header_of(slabs, first)->used > header->used;
}

size_t slab_cell_size(const struct slabs *slabs, uint32_t ref)
{
	return header_of(slabs, ref >> SLAB_UNIT_BITS)->cell_bytes;
}

uint32_t slab_take(struct slabs *slabs, size_t bytes)
{
	size_t units = (bytes + SLAB_UNIT_BYTES - 1) / SLAB_UNIT_BYTES;
	struct header *header;
	uint32_t chunk, cell;
	int size;

	if (units > UNITS_MAX)
		die("a cell of %zu bytes was asked for", bytes);
	size = slabs->private->size_of[units];
	chunk = slabs->private->open[size];
	if (chunk == NONE)
		chunk = chunk_open(slabs, size);
	slab_chunk_change(slabs, chunk);
	header = header_of(slabs, chunk);
	for (cell = 0; header->in_use[cell / 64] == UINT64_MAX; cell += 64)
		;
	cell += (uint32_t)__builtin_ctzll(~header->in_use[cell / 64]);
	header->in_use[cell / 64] |= UINT64_C(1) << cell % 64;
	if (++header->used == header->cells)
		list_remove(slabs, chunk);
	return ref_of(chunk, cell, header->cell_bytes);
}

void slab_give_back(struct slabs *slabs, uint32_t ref)
{
	uint32_t chunk = ref >> SLAB_UNIT_BITS, cell;
	struct header *header = header_of(slabs, chunk);

	slab_chunk_change(slabs, chunk);
	cell = (uint32_t)(slab_at(slabs, ref) - slabs->chunks[chunk].bytes - HEADER_BYTES) / header->cell_bytes;
	header->in_use[cell / 64] &= ~(UINT64_C(1) << cell % 64);
	if (header->used-- == header->cells)
		list_add(slabs, chunk);
	list_let_pass(slabs, chunk);
	if (header->used == 0) {
		list_remove(slabs, chunk);
		header->cell_bytes = 0;
		list_add(slabs, chunk);
	}
}

/* The first cell in use of a chunk from `cell` on; `cells` where there is none. */
static uint32_t cell_in_use(const struct header *header, uint32_t cell)
{
	while (cell < header->cells) {
		uint64_t word = header->in_use[cell / 64] >> cell % 64;

		if (word != 0)
			return cell + (uint32_t)__builtin_ctzll(word);
		cell = (cell / 64 + 1) * 64;
	}
	return header->cells;
}

uint32_t slab_next(const struct slabs *slabs, uint32_t ref)
{
	uint32_t chunk = ref >> SLAB_UNIT_BITS, cell = 0;

	if (ref != 0)
		cell = (uint32_t)(slab_at(slabs, ref) - slabs->chunks[chunk].bytes - HEADER_BYTES) /
		       header_of(slabs, chunk)->cell_bytes + 1;
	for (; chunk < slabs->chunk_count; chunk++, cell = 0) {
		const struct header *header = header_of(slabs, chunk);

		if (header->cell_bytes == 0)
			continue;
		cell = cell_in_use(header, cell);
		if (cell < header->cells)
			return ref_of(chunk, cell, header->cell_bytes);
	}
	return 0;
}

size_t slabs_bytes(const struct slabs *slabs)
{
	return (size_t)slabs->chunk_count * SLAB_CHUNK_BYTES;
}

size_t slabs_used_bytes(const struct slabs *slabs)
{
	size_t bytes = 0;

	for (uint32_t chunk = 0; chunk < slabs->chunk_count; chunk++)
		bytes += (size_t)header_of(slabs, chunk)->used * header_of(slabs, chunk)->cell_bytes;
	return bytes;
}

/* Saving and loading. */

void slabs_watch(struct slabs *slabs, void (*before_change)(void *watcher, uint32_t chunk), void *watcher)
{
	slabs->watch++;
	slabs->before_change = before_change;
	slabs->watcher = watcher;
}

void slabs_watch_end(struct slabs *slabs)
{
	for (uint32_t chunk = 0; chunk < slabs->chunk_count; chunk++)
		slab_chunk_mark(slabs, chunk);
	slabs->before_change = NULL;
	slabs->watcher = NULL;
}

static bool header_sound(const struct slabs_private *own, const struct header *header)
{
	uint32_t used = 0;

	if (header->magic != CHUNK_MAGIC || header->cell_bytes > SLAB_CELL_BYTES_MAX)
		return false;
	if (header->cell_bytes == 0)
		return header->used == 0;
	if (header->cell_bytes != sizes[own->size_of[header->cell_bytes / SLAB_UNIT_BYTES]] ||
	    header->cells != (SLAB_CHUNK_BYTES - HEADER_BYTES - SLAB_BEHIND_BYTES) / header->cell_bytes)
		return false;
	for (uint32_t cell = 0; cell < BITMAP_WORDS * 64; cell++)
		if (header->in_use[cell / 64] >> cell % 64 & 1) {
			if (cell >= header->cells)
				return false;
			used++;
		}
	return used == header->used;
}

int slabs_add(struct slabs *slabs, void *bytes, struct error *error)
{
	const struct header *header = bytes;
	uint32_t chunk;

	if (!header_sound(slabs->private, header)) {
		error_set(error, "chunk %u of the accounts' memory has a header that this program doesn't know",
		          slabs->chunk_count);
		return -1;
	}
	chunk = chunk_append(slabs, bytes);
	if (header->cell_bytes == 0 || header->used < header->cells)
		list_add(slabs, chunk);
	return 0;
}
