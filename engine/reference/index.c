#include <stdlib.h>

#include "reference/reference_private.h"

void index_init(struct reference_index *index, size_t items)
{
	size_t slots = 16;

	while (slots < 2 * items)
		slots *= 2;
	*index = (struct reference_index){calloc(slots, 1), malloc(slots * sizeof(*index->items)), slots - 1};
	if (index->tags == NULL || index->items == NULL)
		die("out of memory: an index of %zu values", items);
}

void index_deinit(struct reference_index *index)
{
	free(index->tags);
	free(index->items);
	*index = (struct reference_index){0};
}

/* From the end of the hash that does not choose the slot; never 0. */
static uint8_t tag_of(uint64_t hash)
{
	return (uint8_t)(hash >> 56) | 1;
}

void index_put(struct reference_index *index, uint64_t hash, uint32_t item)
{
	uint64_t at = hash & index->mask;

	while (index->tags[at] != 0)
		at = (at + 1) & index->mask;
	index->tags[at] = tag_of(hash);
	index->items[at] = item;
}

uint32_t index_find(const struct reference_index *index, uint64_t hash, index_is *is, const void *items,
                    const void *key)
{
	uint8_t tag = tag_of(hash);

	if (index->tags == NULL)
		return 0;
	for (uint64_t at = hash & index->mask; index->tags[at] != 0; at = (at + 1) & index->mask)
		if (index->tags[at] == tag && is(items, index->items[at], key))
			return index->items[at] + 1;
	return 0;
}
