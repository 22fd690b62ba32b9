/*
 * A stack of three layers.
 *
 *     a1 ─▶ b1 ─▶ c1       b1..bn are payees of the centre a1 who pay on;
 *        ╲╱    ╲╱          a1..an pay one of them, and c1..cn are paid by one of them.
 *        ╱╲    ╱╲
 *     a2 ─▶ b2 ─▶ c2
 *
 * The new edge is of the first layer only where its money goes on, of the second only where money came in before it.
 */
#include <stdlib.h>

#include "link/layers.h"

/* The first leg from (or to) that account on, among legs sorted by it. */
static uint32_t first_of(const struct legs *legs, bool payer, uint32_t node)
{
	uint32_t low = 0, high = legs->count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if ((payer ? legs->items[middle].from : legs->items[middle].to) < node)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Does money of a payment to a middle account go on from there? */
static bool goes_on(struct link_search *s, uint32_t centre, const struct leg *paid, int64_t until_ms)
{
	const struct legs *out = &s->second;

	for (uint32_t i = first_of(out, true, paid->to); i < out->count && out->items[i].from == paid->to; i++) {
		if (search_step(s, 1))
			return false;
		if (out->items[i].to != centre && layer_in_window(&out->items[i], paid->booked_ms, until_ms) &&
		    search_near(s, paid->amount_minor, out->items[i].amount_minor))
			return true;
	}
	return false;
}

/* Was there a payment of the window whose money this one can be? */
static bool came_in(struct link_search *s, const struct leg *onward, int64_t begin_ms)
{
	const struct legs *in = &s->first;

	for (uint32_t i = first_of(in, false, onward->from); i < in->count && in->items[i].to == onward->from; i++) {
		if (search_step(s, 1))
			return false;
		if (layer_in_window(&in->items[i], begin_ms, onward->booked_ms) &&
		    search_near(s, in->items[i].amount_minor, onward->amount_minor))
			return true;
	}
	return false;
}

/* Is the payee one whom the centre pays in this window, and who pays on? */
static bool is_middle(struct link_search *s, uint32_t node)
{
	return (*mark_of(s, node) & LAYER_PAYEE) != 0;
}

/* A payment to (or by) a middle account that belongs to the stack. */
static bool is_first(struct link_search *s, uint32_t centre, const struct leg *leg, int64_t begin_ms,
                           int64_t until_ms)
{
	return layer_in_window(leg, begin_ms, until_ms) && is_middle(s, leg->to) && goes_on(s, centre, leg, until_ms);
}

static bool is_second(struct link_search *s, uint32_t centre, const struct leg *leg, int64_t begin_ms,
                            int64_t until_ms)
{
	return layer_in_window(leg, begin_ms, until_ms) && leg->to != centre && is_middle(s, leg->from) &&
	       came_in(s, leg, begin_ms);
}


/* Marks the stack's accounts; false where a layer is too narrow. */
static bool mark_stack(struct link_search *s, uint32_t centre, int64_t begin_ms, int64_t until_ms)
{
	uint32_t least = s->slot->rule.at_least, middles = 0, payers = 0, ends = 0;

	marks_clear(s);
	for (uint32_t i = 0; i < s->first.count; i++)
		if (s->first.items[i].from == centre && layer_in_window(&s->first.items[i], begin_ms, until_ms) &&
		    goes_on(s, centre, &s->first.items[i], until_ms))
			layer_count(s, s->first.items[i].to, LAYER_PAYEE, &middles);
	if (middles < least)
		return false;
	for (uint32_t i = 0; i < s->first.count; i++)
		if (is_first(s, centre, &s->first.items[i], begin_ms, until_ms))
			layer_count(s, s->first.items[i].from, LAYER_PAYER, &payers);
	for (uint32_t i = 0; i < s->second.count; i++)
		if (is_second(s, centre, &s->second.items[i], begin_ms, until_ms))
			layer_count(s, s->second.items[i].to, LAYER_END, &ends);
	return payers >= least && ends >= least;
}

static void look_in(struct link_search *s, uint32_t centre, int64_t begin_ms, uint64_t group)
{
	int64_t until_ms = begin_ms + s->slot->rule.within_ms;

	if (!mark_stack(s, centre, begin_ms, until_ms))
		return;
	for (uint32_t i = 0; i < s->first.count && !s->full; i++)
		if (is_first(s, centre, &s->first.items[i], begin_ms, until_ms))
			search_found(s, s->first.items[i].edge, group);
	for (uint32_t i = 0; i < s->second.count && !s->full; i++)
		if (is_second(s, centre, &s->second.items[i], begin_ms, until_ms))
			search_found(s, s->second.items[i].edge, group);
}

static int by_payee(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;

	return (x->to > y->to) - (x->to < y->to);
}

static void look_at(struct link_search *s, uint32_t centre)
{
	uint32_t least = s->slot->rule.at_least;

	if (!layer_collect(s, centre, true, least, &s->second) || s->second.count < least ||
	    !layer_collect(s, centre, false, least, &s->first))
		return;
	qsort(s->first.items, s->first.count, sizeof(struct leg), by_payee);
	qsort(s->second.items, s->second.count, sizeof(struct leg), layer_by_pair);
	if (mark_stack(s, centre, layer_begin_least(s), layer_end_most(s)))
		layer_windows(s, centre, is_first, look_in);
}

/* Each payer of the account, once. */
static void look_at_payers(struct link_search *s, uint32_t node)
{
	uint32_t n = 0, payers = 0;

	s->third.count = 0;
	if (!search_collect(s, &node_at(s->link, node)->in, layer_begin_least(s), layer_end_most(s), &s->third))
		return;
	marks_clear(s);
	for (uint32_t i = 0; i < s->third.count; i++) {
		layer_count(s, s->third.items[i].from, LAYER_COUNTED, &payers);
		if (payers > n)
			s->nodes[n++] = s->third.items[i].from;
	}
	for (uint32_t i = 0; i < n && !s->full; i++)
		look_at(s, s->nodes[i]);
}

void find_stack(struct link_search *s)
{
	const struct link_edge *edge = edge_at(s->link, s->edge);

	if (search_goes_on(s, edge))
		look_at_payers(s, edge->to); /* the payer of the new edge is one of them */
	if (search_came_in(s, edge))
		look_at_payers(s, edge->from);
}
