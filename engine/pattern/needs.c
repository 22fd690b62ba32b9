#include "pattern/needs.h"

#include <stdlib.h>

#include "base/error.h"

static bool has_texts(uint8_t code)
{
	return code == OP_TEXT_IN || code == OP_STARTS_WITH || code == OP_ENDS_WITH;
}

static bool jumps(uint8_t code)
{
	return code == OP_JUMP_IF_NO || code == OP_JUMP_IF_YES;
}

static bool same_items(const struct program_op *a, const struct program_op *b)
{
	for (uint16_t i = 0; has_texts(a->code) && i < a->target; i++)
		if (!slice_equal(a->texts[i], b->texts[i]))
			return false;
	for (uint16_t i = 0; program_has_words(a->code) && i < a->target; i++)
		if (!slice_equal(a->words[i].text, b->words[i].text))
			return false;
	for (uint16_t i = 0; a->code == OP_IN && i < 2 * a->target; i++)
		if (a->ranges[i] != b->ranges[i])
			return false;
	return has_texts(a->code) || program_has_words(a->code) || a->code == OP_IN || a->value == b->value;
}

static bool same_op(const struct program_op *a, const struct program_op *b, uint32_t a_first, uint32_t b_first)
{
	if (a->code != b->code || a->field != b->field || a->load != b->load || a->compare != b->compare)
		return false;
	if (jumps(a->code))
		return a->target - a_first == b->target - b_first;
	return a->target == b->target && same_items(a, b);
}

static bool same(const struct needs_item *a, const struct needs_item *b)
{
	if (a->hash != b->hash || a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++)
		if (!same_op(&a->ops[a->first + i], &b->ops[b->first + i], a->first, b->first))
			return false;
	return true;
}

/* Of what is the same in conditions that are the same. */
static uint32_t hash_of(const struct needs_item *item)
{
	uint32_t hash = item->count;

	for (uint32_t i = item->first; i < item->first + item->count; i++) {
		const struct program_op *op = &item->ops[i];
		uint32_t own = op->code | (uint32_t)op->field << 8 | (uint32_t)op->load << 16 | (uint32_t)op->compare << 24;

		hash = (hash ^ own ^ (jumps(op->code) ? 0 : op->target)) * 0x9e3779b1U;
	}
	return hash;
}

static bool asks_a_step(const struct needs_item *item)
{
	for (uint32_t i = item->first; i < item->first + item->count; i++)
		if (item->ops[i].code == OP_STEP)
			return true;
	return false;
}

uint32_t needs_number(struct needs *needs, const struct program_op *ops, uint32_t first, uint32_t count)
{
	struct needs_item item = {.ops = ops, .first = first, .count = count};

	if (asks_a_step(&item))
		return 0;
	item.hash = hash_of(&item);
	for (uint32_t i = 0; i < needs->count; i++)
		if (same(&needs->items[i], &item))
			return i + 1;
	if (needs->count == NEEDS_MAX)
		return 0;
	if (needs->count == needs->capacity) {
		needs->capacity = needs->capacity > 0 ? needs->capacity * 2 : 256;
		needs->items = realloc(needs->items, needs->capacity * sizeof(*needs->items));
		if (needs->items == NULL)
			die("out of memory: loading patterns");
	}
	needs->items[needs->count++] = item;
	return needs->count;
}

void needs_deinit(struct needs *needs)
{
	free(needs->items);
	*needs = (struct needs){0};
}
