#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "profile/slab.h"

enum { CELLS = 6000, STEPS = 60000 };

struct model {
	uint32_t ref;
	size_t bytes;
	unsigned char fill;
};

static uint32_t random_next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(*state >> 33);
}

static void model_check(const struct slabs *slabs, const struct model *cells)
{
	size_t used = 0, walked = 0;

	for (int i = 0; i < CELLS; i++) {
		const unsigned char *bytes;

		if (cells[i].ref == 0)
			continue;
		used++;
		bytes = slab_read(slabs, cells[i].ref);
		assert_int_equal((uintptr_t)bytes % SLAB_UNIT_BYTES, 0);
		for (size_t b = 0; b < cells[i].bytes; b++)
			assert_int_equal(bytes[b], cells[i].fill);
	}
	for (uint32_t ref = slab_next(slabs, 0); ref != 0; ref = slab_next(slabs, ref))
		walked++;
	assert_int_equal(walked, used);
}

static void model_step(struct slabs *slabs, struct model *cells, uint64_t *seed, bool grow)
{
	struct model *cell = &cells[random_next(seed) % CELLS];

	if (cell->ref == 0 && grow) {
		cell->bytes = 1 + random_next(seed) % (random_next(seed) % 20 == 0 ? SLAB_CELL_BYTES_MAX : 900);
		cell->ref = slab_take(slabs, cell->bytes);
	} else if (cell->ref != 0 && (!grow || random_next(seed) % 3 == 0)) {
		slab_give_back(slabs, cell->ref);
		cell->ref = 0;
		return;
	}
	if (cell->ref != 0) {
		cell->fill = (unsigned char)random_next(seed);
		memset(slab_write(slabs, cell->ref), cell->fill, cell->bytes);
	}
}

/* Cells never overlap, keep what is written, and are all met by walking; emptied chunks serve again. */
static void cells_keep_what_is_written(void **state)
{
	struct model *cells = calloc(CELLS, sizeof(*cells));
	struct slabs slabs;
	uint64_t seed = 1;
	size_t most;

	(void)state;
	slabs_init(&slabs);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < STEPS; i++)
			model_step(&slabs, cells, &seed, true);
		model_check(&slabs, cells);
		most = slabs_bytes(&slabs);
		for (int i = 0; i < STEPS * 2; i++)
			model_step(&slabs, cells, &seed, false);
		model_check(&slabs, cells);
		assert_true(slabs_used_bytes(&slabs) < most / 50);
	}
	assert_true(most < (size_t)24 << 20);
	free(cells);
	slabs_deinit(&slabs);
}

struct keeper {
	struct slabs *slabs;
	unsigned char *copies;
	uint32_t told, chunks;
};

static void keep(void *watcher, uint32_t chunk)
{
	struct keeper *keeper = watcher;

	assert_true(chunk < keeper->chunks);
	memcpy(keeper->copies + (size_t)chunk * SLAB_CHUNK_BYTES, slab_chunk_read(keeper->slabs, chunk),
	       SLAB_CHUNK_BYTES);
	keeper->told++;
}

/* I4: what the watcher is told, with the chunks that did not change, is the state of one moment. */
static void a_watch_saves_one_moment(void **state)
{
	struct model *cells = calloc(CELLS, sizeof(*cells)), *then = calloc(CELLS, sizeof(*cells));
	struct slabs slabs, loaded;
	struct keeper keeper = {.slabs = &slabs};
	uint64_t seed = 7;

	(void)state;
	slabs_init(&slabs);
	for (int i = 0; i < STEPS; i++)
		model_step(&slabs, cells, &seed, true);
	for (int round = 0; round < 4; round++) {
		memcpy(then, cells, CELLS * sizeof(*cells));
		keeper.chunks = slabs.chunk_count;
		keeper.told = 0;
		keeper.copies = aligned_alloc(64, (size_t)keeper.chunks * SLAB_CHUNK_BYTES);
		slabs_watch(&slabs, keep, &keeper);
		for (int i = 0; i < STEPS / 20; i++)
			model_step(&slabs, cells, &seed, round % 2 == 0);
		assert_true(keeper.told > 0 && keeper.told <= keeper.chunks);
		for (uint32_t chunk = 0; chunk < keeper.chunks; chunk++)
			if (!slab_chunk_saved(&slabs, chunk)) {
				keep(&keeper, chunk);
				slab_chunk_mark(&slabs, chunk);
			}
		for (int i = 0; i < STEPS / 20; i++)
			model_step(&slabs, cells, &seed, true);
		assert_int_equal(keeper.told, keeper.chunks);
		slabs_watch_end(&slabs);
		slabs_init(&loaded);
		for (uint32_t chunk = 0; chunk < keeper.chunks; chunk++)
			assert_int_equal(slabs_add(&loaded, keeper.copies + (size_t)chunk * SLAB_CHUNK_BYTES, NULL), 0);
		model_check(&loaded, then);
		/* The loaded ones live on. */
		for (int i = 0; i < STEPS / 4; i++)
			model_step(&loaded, then, &seed, true);
		model_check(&loaded, then);
		model_check(&slabs, cells);
		slabs_deinit(&loaded);
		free(keeper.copies);
	}
	free(cells);
	free(then);
	slabs_deinit(&slabs);
}

static void a_foreign_chunk_is_refused(void **state)
{
	unsigned char *bytes = aligned_alloc(64, SLAB_CHUNK_BYTES);
	struct slabs from, to;
	struct error error;

	(void)state;
	slabs_init(&from);
	slabs_init(&to);
	memset(bytes, 0, SLAB_CHUNK_BYTES);
	assert_int_equal(slabs_add(&to, bytes, &error), -1);
	slab_take(&from, 700);
	memcpy(bytes, slab_chunk_read(&from, 0), SLAB_CHUNK_BYTES);
	for (size_t at = 0; at < 192; at++) {
		bytes[at] ^= 0x42;
		if (at < 20 || at >= 64)
			assert_int_equal(slabs_add(&to, bytes, &error), -1);
		bytes[at] ^= 0x42;
	}
	assert_int_equal(slabs_add(&to, bytes, &error), 0);
	slabs_deinit(&from);
	slabs_deinit(&to);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_keep_what_is_written),
		cmocka_unit_test(a_watch_saves_one_moment),
		cmocka_unit_test(a_foreign_chunk_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
