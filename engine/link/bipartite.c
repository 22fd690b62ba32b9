/*
 * Payers who pay the same payees.
 *
 *     p1 ─┬▶ q1        q1..qn are payees of the centre p1 that another of the payers pays, too;
 *         ╳            p1..pn pay two of p1's payees or more.
 *     p2 ─┼▶ q2
 *     p3 ─┴▶ q3
 *
 * Where the rule asks for ends that are `told`, an account counts only where its own bank told of such a payment, too:
 * the treasury, the payroll's account and an acquirer are paid by (or pay) everybody, and nobody sends their feeds.
 *
 * The new edge u ─▶ v is part of a shape only where u and another payer of v have a second payee in common. Most
 * accounts pay somebody else, and most payees have other payers, but those two rarely meet: so that is asked before
 * anything else is looked at.
 */
#include "link/layers.h"

#include <stdlib.h>

/* Payees of each payer that the centre pays, too; the legs are sorted by pair. */
static uint32_t shared_payees(struct link_search *s, uint32_t from, uint32_t to, int64_t begin_ms, int64_t until_ms)
{
	uint32_t n = 0, last = 0;

	for (uint32_t i = from; i < to && n < 2 && !search_step(s, 1); i++) {
		const struct leg *leg = &s->first.items[i];
		if (leg->to == last || !layer_in_window(leg, begin_ms, until_ms) ||
		    (*mark_of(s, leg->to) & LAYER_PAYEE) == 0)
			continue;
		last = leg->to;
		n++;
	}
	return n;
}

static bool is_shared(struct link_search *s, const struct leg *leg, int64_t begin_ms, int64_t until_ms)
{
	return layer_in_window(leg, begin_ms, until_ms) && (*mark_of(s, leg->from) & LAYER_PAYER) != 0 &&
	       (*mark_of(s, leg->to) & LAYER_PAYEE) != 0;
}

static bool belongs(struct link_search *s, uint32_t centre, const struct leg *leg, int64_t begin_ms,
                    int64_t until_ms)
{
	(void)centre;
	return is_shared(s, leg, begin_ms, until_ms) && (*mark_of(s, leg->to) & LAYER_COUNTED) != 0;
}

/* Behind the legs of one payer, which are sorted by pair. */
static uint32_t next_payer(const struct link_search *s, uint32_t from)
{
	uint32_t to = from + 1;

	while (to < s->first.count && s->first.items[to].from == s->first.items[from].from)
		to++;
	return to;
}

static void mark_payees(struct link_search *s, uint32_t centre, int64_t begin_ms, int64_t until_ms)
{
	const struct leg *legs = s->first.items;

	for (uint32_t i = 0; i < s->first.count; i++)
		if (legs[i].from == centre && layer_in_window(&legs[i], begin_ms, until_ms))
			*mark_of(s, legs[i].to) |= LAYER_PAYEE;
}

/*
 * Leaves those payees only that somebody else pays, too, who pays two of them, and whose own bank told of such a payment
 * or of the centre's.
 */
static void keep_told(struct link_search *s, uint32_t centre, int64_t begin_ms, int64_t until_ms)
{
	const struct leg *legs = s->first.items;

	for (uint32_t i = 0, to; i < s->first.count && !s->full; i = to) {
		to = next_payer(s, i);
		if (to - i < 2 || shared_payees(s, i, to, begin_ms, until_ms) < 2)
			continue;
		for (uint32_t j = i; j < to; j++)
			if (layer_in_window(&legs[j], begin_ms, until_ms))
				*mark_of(s, legs[j].to) |=
					(legs[j].credit ? LAYER_TOLD : 0) | (legs[j].from != centre ? LAYER_PAID_TWICE : 0);
	}
	for (uint32_t i = 0; i < s->first.count; i++) {
		uint32_t *mark = mark_of(s, legs[i].to);
		if ((*mark & (LAYER_TOLD | LAYER_PAID_TWICE)) != (LAYER_TOLD | LAYER_PAID_TWICE))
			*mark &= ~(uint32_t)LAYER_PAYEE;
	}
}

/* Did the payer's own bank tell of one of these payments to payees of the centre, or is it not asked? */
static bool payer_told(struct link_search *s, uint32_t from, uint32_t to, int64_t begin_ms, int64_t until_ms)
{
	bool told = !s->slot->rule.told;

	for (uint32_t i = from; i < to && !told; i++)
		told = !s->first.items[i].credit && layer_in_window(&s->first.items[i], begin_ms, until_ms) &&
		       (*mark_of(s, s->first.items[i].to) & LAYER_PAYEE) != 0;
	return told;
}

/* Marks the shape's accounts; false where they are too few. The legs are sorted by pair. */
static bool mark_shape(struct link_search *s, uint32_t centre, int64_t begin_ms, int64_t until_ms)
{
	const struct leg *legs = s->first.items;
	uint32_t payers = 0, payees = 0;

	marks_clear(s);
	mark_payees(s, centre, begin_ms, until_ms);
	if (s->slot->rule.told)
		keep_told(s, centre, begin_ms, until_ms);
	for (uint32_t i = 0, to; i < s->first.count && !s->full; i = to) {
		to = next_payer(s, i);
		if (to - i >= 2 && shared_payees(s, i, to, begin_ms, until_ms) >= 2 &&
		    payer_told(s, i, to, begin_ms, until_ms))
			layer_count(s, legs[i].from, LAYER_PAYER, &payers);
	}
	if (payers < s->slot->rule.at_least)
		return false;
	for (uint32_t i = 0; i < s->first.count; i++)
		if (legs[i].from != centre && is_shared(s, &legs[i], begin_ms, until_ms))
			layer_count(s, legs[i].to, LAYER_COUNTED, &payees);
	return payees >= s->slot->rule.at_least;
}

static void look_in(struct link_search *s, uint32_t centre, int64_t begin_ms, uint64_t group)
{
	int64_t until_ms = begin_ms + s->slot->rule.within_ms;

	if (!mark_shape(s, centre, begin_ms, until_ms))
		return;
	for (uint32_t i = 0; i < s->first.count && !s->full; i++)
		if (belongs(s, centre, &s->first.items[i], begin_ms, until_ms))
			search_found(s, s->first.items[i].edge, group);
}

/*
 * Where ends are to be told, a window may begin at any payment that makes one of them an end; all go to payees whom
 * somebody else of the layer pays.
 */
static bool may_begin(struct link_search *s, uint32_t centre, const struct leg *leg, int64_t begin_ms,
                      int64_t until_ms)
{
	if (!s->slot->rule.told)
		return belongs(s, centre, leg, begin_ms, until_ms);
	return layer_in_window(leg, begin_ms, until_ms) && (*mark_of(s, leg->to) & LAYER_PAID_TWICE) != 0;
}

/* The layer of the centre is in s->first. */
static void look_at(struct link_search *s, uint32_t centre)
{
	qsort(s->first.items, s->first.count, sizeof(struct leg), layer_by_pair);
	if (mark_shape(s, centre, layer_begin_least(s), layer_end_most(s)))
		layer_windows(s, centre, may_begin, look_in);
}

/*
 * The other payers of the new edge's payee who have another payee in common with its payer, whose layer is in s->first.
 */
static uint32_t find_others(struct link_search *s, const struct link_edge *edge)
{
	uint32_t n = 0, ignored = 0;

	marks_clear(s);
	for (uint32_t i = 0; i < s->first.count; i++)
		if (s->first.items[i].to != edge->to)
			layer_count(s, s->first.items[i].from, LAYER_PAYER, &ignored);
	for (uint32_t i = 0; i < s->first.count; i++) {
		const struct leg *leg = &s->first.items[i];
		uint32_t *mark;
		if (leg->to != edge->to || leg->from == edge->from)
			continue;
		mark = mark_of(s, leg->from);
		if (*mark == LAYER_PAYER)
			s->nodes[n++] = leg->from;
		*mark = LAYER_COUNTED;
	}
	return n;
}

/* Does anybody else pay the payee? */
static bool has_others(struct link_search *s, const struct link_edge *edge)
{
	const struct ties *in = &node_at(s->link, edge->to)->in;
	const struct tie *items = ties_of(s->link, in);
	uint32_t last = second_of(layer_end_most(s)), bit = 1u << s->slot->bit;

	for (uint32_t i = ties_from(s->link, in, second_of(layer_begin_least(s)));
	     i < in->count && items[i].second <= last; i++) {
		if (search_step(s, 1))
			return false;
		if (items[i].other != edge->from && (items[i].rules & bit) != 0)
			return true;
	}
	return false;
}

void find_bipartite(struct link_search *s)
{
	const struct link_edge *edge = edge_at(s->link, s->edge);
	uint32_t others;

	if (node_at(s->link, edge->to)->in.count < 2 || node_at(s->link, edge->from)->out.count < 2 ||
	    !has_others(s, edge) || !layer_collect(s, edge->from, false, 2, &s->first))
		return;
	others = find_others(s, edge);
	if (others == 0)
		return;
	look_at(s, edge->from);
	for (uint32_t i = 0; i < others && !s->full; i++)
		if (layer_collect(s, s->nodes[i], false, s->slot->rule.at_least, &s->first))
			look_at(s, s->nodes[i]);
}
