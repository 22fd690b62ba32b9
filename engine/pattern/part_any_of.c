/*
 * `any_of`: a list of alternatives, each like a `detect` of its own; one of them must hold beside the parts
 * around it.
 */
#include "pattern/builder.h"
#include "pattern/read.h"
#include "pattern/weaken.h"

enum { ALTERNATIVES_MAX = 64 }; /* a word of the gate */

/* The alternatives of one `any_of` stand in one word of the gate's rows. */
static uint32_t numbers_take(struct pattern_set *set, uint32_t count)
{
	uint32_t first = set->alternative_count;

	if (first % 64 + count > 64)
		first = (first / 64 + 1) * 64;
	set->alternative_count = first + count;
	return first;
}

bool part_any_of_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	struct plan_detect *items;
	uint32_t count = 0;

	if (node->type != YAML_LIST || node->count < 2 || node->count > ALTERNATIVES_MAX) {
		source_fault(reader->source, node, "`any_of` must be a list of 2 to %d alternatives", ALTERNATIVES_MAX);
		return false;
	}
	if (++reader->depth > PLAN_DEPTH_MAX) {
		source_fault(reader->source, node, "`any_of` is nested too deep; at most %d", PLAN_DEPTH_MAX);
		return false;
	}
	items = read_take(&reader->builder->set->arena, (size_t)node->count * sizeof(*items));
	for (const struct yaml_node *item = node->first; item != NULL; item = item->next)
		if (!weaken_alternative(reader, item, "any_of"))
			detect_read(reader, item, &items[count++]);
	reader->depth--;
	part_r->any_of.items = items;
	part_r->any_of.count = count;
	part_r->any_of.first = reader->running ? numbers_take(reader->builder->set, count) : 0;
	return true;
}
