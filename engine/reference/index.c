#include <stdlib.h>

#include "reference/reference_private.h"

void index_init(struct reference_index *index, size_t items)
{
	size_t slots = 16;

	while (slots < 2 * items)
		slots *= 2;
	*index = (struct reference_index){calloc(slots, sizeof(*index->slots)), slots - 1};
	if (index->slots == NULL)
		die("out of memory: an index of %zu values", items);
}

void index_deinit(struct reference_index *index)
{
	free(index->slots);
	*index = (struct reference_index){0};
}

void index_put(struct reference_index *index, uint64_t hash, uint32_t item)
{
	uint64_t at = hash & index->mask;

	while (index->slots[at].item != 0)
		at = (at + 1) & index->mask;
	index->slots[at] = (struct reference_slot){(uint32_t)(hash >> 32), item + 1};
}

struct reference_slot *index_find(const struct reference_index *index, uint64_t hash, index_is *is, const void *items,
                                  const void *key)
{
	if (index->slots == NULL)
		return NULL;
	for (uint64_t at = hash & index->mask; index->slots[at].item != 0; at = (at + 1) & index->mask)
		if (index->slots[at].tag == (uint32_t)(hash >> 32) && is(items, index->slots[at].item - 1, key))
			return &index->slots[at];
	return NULL;
}
