/*
 * Where an atom matched. Literals are searched for again, regular expressions run on their states; both only
 * for guarded words and for hits.
 */
#include "match/matcher.h"

/* The part of folded [from, to) that lies in `field`, as raw bytes of that field. False where none does. */
static bool raw_in_field(const struct matcher *m, uint8_t field, struct find_place place,
                         struct match_mark *mark_r)
{
	size_t from = place.from > m->from[field] ? place.from : m->from[field];
	size_t to = place.to < m->to[field] ? place.to : m->to[field];
	struct fold_origin raw;

	if (from >= to)
		return false;
	raw = fold_span(&m->mapped, from, to);
	*mark_r = (struct match_mark){field, (uint16_t)(raw.from - m->raw_from[field]),
	                              (uint16_t)(raw.to - m->raw_from[field])};
	return true;
}

/* A guarded word that lies over two fields must end its piece of each, and stand alone there. */
static bool stands_alone(struct matcher *m, const struct plan_atom *atom, struct find_place place)
{
	const struct plan_region *region = &m->set->regions[atom->region];
	struct match_mark mark;

	fold_tx_mapped(m);
	for (uint8_t i = 0; i < region->field_count; i++) {
		struct slice raw = tx_text(m->input.tx, region->fields[i]);
		if (raw_in_field(m, region->fields[i], place, &mark) &&
		    !fold_stands_alone(raw.at, raw.length, mark.from, mark.to))
			return false;
	}
	return true;
}

static bool find_literal(struct matcher *m, const struct plan_atom *atom, struct slice text, size_t base,
                         struct find_place *place_r)
{
	const char *at = text.at, *end = text.at + text.length;

	while ((at = memmem(at, (size_t)(end - at), atom->literal.at, atom->literal.length)) != NULL) {
		place_r->from = base + (size_t)(at - text.at);
		place_r->to = place_r->from + atom->literal.length;
		if (!atom->guarded || stands_alone(m, atom, *place_r))
			return true;
		at++;
	}
	return false;
}

bool find_atom(struct matcher *m, const struct plan_atom *atom, struct find_place *place_r)
{
	struct slice text;
	size_t base;

	fold_tx(m);
	text = fold_tx_region(m, &m->set->regions[atom->region]);
	base = (size_t)(text.at - m->folded.bytes);
	if (atom->literal.length > 0)
		return find_literal(m, atom, text, base, place_r);
	if (!regex_find(atom->program, &m->regex, text.at, text.length, &place_r->from, &place_r->to))
		return false;
	place_r->from += base;
	place_r->to += base;
	return true;
}
