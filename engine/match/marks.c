/*
 * The marks of a hit: where in the raw fields the expressions stand that made it hold. The first place of
 * each expression, in the order of the fields, overlapping ones merged.
 */
#include <stdlib.h>

#include "match/matcher.h"

static void mark(struct matcher *m, const struct plan_region *region, struct find_place place)
{
	for (uint8_t i = 0; i < region->field_count; i++) {
		uint8_t field = region->fields[i];
		size_t from = place.from > m->from[field] ? place.from : m->from[field];
		size_t to = place.to < m->to[field] ? place.to : m->to[field];
		struct fold_origin raw;
		if (from >= to || m->mark_count == MATCH_MARKS_MAX)
			continue;
		raw = fold_span(&m->mapped, from, to);
		m->marks[m->mark_count++] = (struct match_mark){field, (uint16_t)(raw.from - m->raw_from[field]),
		                                                (uint16_t)(raw.to - m->raw_from[field])};
	}
}

static void mark_entries(struct matcher *m, const struct plan_entry *entries, uint32_t count)
{
	struct find_place place;

	for (uint32_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < entries[i].atom_count; j++) {
			const struct plan_atom *atom = &m->set->atoms[entries[i].atoms[j]];
			if (atom_found(m, entries[i].atoms[j]) && find_atom(m, atom, &place))
				mark(m, &m->set->regions[atom->region], place);
		}
}

static void mark_detect(struct matcher *m, const struct plan_detect *detect)
{
	for (uint32_t i = 0; i < detect->part_count; i++) {
		const struct plan_part *part = &detect->parts[i];
		if (part->kind == PART_TEXT) {
			mark_entries(m, part->text.all, part->text.all_count);
			mark_entries(m, part->text.any, part->text.any_count);
		}
		for (uint32_t j = 0; part->kind == PART_ANY_OF && j < part->any_of.count; j++)
			if (detect_holds(m, &part->any_of.items[j]))
				mark_detect(m, &part->any_of.items[j]);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct match_mark *x = a, *y = b;

	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

void marks_collect(struct matcher *m, const struct plan_detect *detect)
{
	uint32_t kept = 0;

	m->mark_count = 0;
	if (m->touched_count == 0)
		return;
	fold_tx_mapped(m);
	mark_detect(m, detect);
	qsort(m->marks, m->mark_count, sizeof(m->marks[0]), by_place);
	for (uint32_t i = 0; i < m->mark_count; i++) {
		struct match_mark *last = kept > 0 ? &m->marks[kept - 1] : NULL;
		if (last == NULL || last->field != m->marks[i].field || last->to < m->marks[i].from)
			m->marks[kept++] = m->marks[i];
		else if (m->marks[i].to > last->to)
			last->to = m->marks[i].to;
	}
	m->mark_count = kept;
}
