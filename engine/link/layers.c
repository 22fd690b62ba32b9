/*
 * What the two shapes of many to many have in common (stack.c, bipartite.c). Each is looked at from one payer, the
 * centre: everything honest hangs together somehow, so what counts is what one account's payees have in common. Which
 * payers may be centres follows from the new edge.
 */
#include "link/layers.h"

#include <stdlib.h>

int64_t layer_begin_least(const struct link_search *s)
{
	return s->booked_ms - s->slot->rule.within_ms;
}

int64_t layer_end_most(const struct link_search *s)
{
	return s->booked_ms + s->slot->rule.within_ms;
}

bool layer_collect(struct link_search *s, uint32_t centre, bool onward, uint32_t least,
                   struct legs *legs)
{
	struct legs *own = &s->third;
	uint32_t payees = 0;

	legs->count = own->count = 0;
	if (node_at(s->link, centre)->out.count < least ||
	    !search_collect(s, &node_at(s->link, centre)->out, layer_begin_least(s), layer_end_most(s), own))
		return false;
	marks_clear(s);
	for (uint32_t i = 0; i < own->count; i++)
		layer_count(s, own->items[i].to, LAYER_COUNTED, &payees);
	if (payees < least)
		return false;
	for (uint32_t i = 0; i < own->count; i++) {
		uint32_t *mark = mark_of(s, own->items[i].to);
		const struct link_node *payee = node_at(s->link, own->items[i].to);
		if (*mark == 0)
			continue;
		*mark = 0;
		if (!search_collect(s, onward ? &payee->out : &payee->in, layer_begin_least(s), layer_end_most(s), legs))
			return false;
	}
	return true;
}

bool layer_in_window(const struct leg *leg, int64_t begin_ms, int64_t until_ms)
{
	return leg->booked_ms >= begin_ms && leg->booked_ms <= until_ms;
}

void layer_count(struct link_search *s, uint32_t node, uint32_t as, uint32_t *n)
{
	uint32_t *mark = mark_of(s, node);

	*n += (*mark & as) == 0;
	*mark |= as;
}

int layer_by_pair(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->booked_ms > y->booked_ms) - (x->booked_ms < y->booked_ms);
}

static int by_begin(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void layer_windows(struct link_search *s, uint32_t centre, layer_belongs *belongs, layer_look *look)
{
	uint64_t group = link_group(s->slot, node_at(s->link, centre)->account);
	int64_t *begins = (int64_t *)(void *)s->third.items; /* no longer needed */
	int64_t begin_ms = layer_begin_least(s), until_ms = layer_end_most(s);
	uint32_t count = 0;

	for (uint32_t i = 0; i < s->first.count && !s->full; i++)
		if (s->first.items[i].booked_ms <= s->booked_ms && belongs(s, centre, &s->first.items[i], begin_ms, until_ms))
			begins[count++] = s->first.items[i].booked_ms;
	qsort(begins, count, sizeof(*begins), by_begin);
	for (uint32_t i = 0; i < count && !s->full; i++)
		if (i == 0 || begins[i] != begins[i - 1])
			look(s, centre, begins[i], group);
}
