/*
 * Many to many: a stack of three layers, and payers who pay the same payees.
 *
 *     a1 ─▶ b1 ─▶ c1          p1 ─┬▶ q1
 *        ╲╱    ╲╱                 ╳
 *        ╱╲    ╱╲             p2 ─┼▶ q2
 *     a2 ─▶ b2 ─▶ c2          p3 ─┴▶ q3
 *
 * Each is looked at from one payer, the centre: everything honest hangs together somehow, so what counts is
 * what one account's payees have in common. Which payers may be centres follows from the new edge.
 */
#include <stdlib.h>

#include "link/path.h"

enum { IS_PAYEE = 1, IS_PAYER = 2, IS_END = 4, COUNTED = 8 };

static int64_t begin_least(const struct link_search *s)
{
	return s->booked_ms - s->slot->rule.within_ms;
}

static int64_t end_most(const struct link_search *s)
{
	return s->booked_ms + s->slot->rule.within_ms;
}

/* Everything that is paid to (or by) the payees of `centre`: each payee's once. */
static bool collect_layer(struct link_search *s, uint32_t centre, bool onward, struct legs *legs)
{
	struct legs *own = &s->third;

	legs->count = own->count = 0;
	if (!search_collect(s, &node_at(s->link, centre)->out, begin_least(s), end_most(s), own))
		return false;
	marks_clear(s);
	for (uint32_t i = 0; i < own->count; i++) {
		uint32_t *mark = mark_of(s, own->items[i].to);
		const struct link_node *payee = node_at(s->link, own->items[i].to);
		if (*mark != 0)
			continue;
		*mark = COUNTED;
		if (!search_collect(s, onward ? &payee->out : &payee->in, begin_least(s), end_most(s), legs))
			return false;
	}
	return true;
}

static bool in_window(const struct leg *leg, int64_t begin_ms, int64_t until_ms)
{
	return leg->booked_ms >= begin_ms && leg->booked_ms <= until_ms;
}

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
		if (out->items[i].to != centre && in_window(&out->items[i], paid->booked_ms, until_ms) &&
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
		if (in_window(&in->items[i], begin_ms, onward->booked_ms) &&
		    search_near(s, in->items[i].amount_minor, onward->amount_minor))
			return true;
	}
	return false;
}

/* Is the payee one whom the centre pays in this window, and who pays on? */
static bool is_middle(struct link_search *s, uint32_t node)
{
	return (*mark_of(s, node) & IS_PAYEE) != 0;
}

static void count_new(struct link_search *s, uint32_t node, uint32_t as, uint32_t *n)
{
	uint32_t *mark = mark_of(s, node);

	*n += (*mark & as) == 0;
	*mark |= as;
}

/* A payment to (or by) a middle account that belongs to the stack. */
static bool is_first_layer(struct link_search *s, uint32_t centre, const struct leg *leg, int64_t begin_ms,
                           int64_t until_ms)
{
	return in_window(leg, begin_ms, until_ms) && is_middle(s, leg->to) && goes_on(s, centre, leg, until_ms);
}

static bool is_second_layer(struct link_search *s, uint32_t centre, const struct leg *leg, int64_t begin_ms,
                            int64_t until_ms)
{
	return in_window(leg, begin_ms, until_ms) && leg->to != centre && is_middle(s, leg->from) &&
	       came_in(s, leg, begin_ms);
}

static void stack_in(struct link_search *s, uint32_t centre, int64_t begin_ms, uint64_t group)
{
	int64_t until_ms = begin_ms + s->slot->rule.within_ms;
	uint32_t least = s->slot->rule.at_least, middles = 0, payers = 0, ends = 0;

	marks_clear(s);
	for (uint32_t i = 0; i < s->first.count; i++)
		if (s->first.items[i].from == centre && in_window(&s->first.items[i], begin_ms, until_ms) &&
		    goes_on(s, centre, &s->first.items[i], until_ms))
			count_new(s, s->first.items[i].to, IS_PAYEE, &middles);
	if (middles < least)
		return;
	for (uint32_t i = 0; i < s->first.count; i++)
		if (is_first_layer(s, centre, &s->first.items[i], begin_ms, until_ms))
			count_new(s, s->first.items[i].from, IS_PAYER, &payers);
	for (uint32_t i = 0; i < s->second.count; i++)
		if (is_second_layer(s, centre, &s->second.items[i], begin_ms, until_ms))
			count_new(s, s->second.items[i].to, IS_END, &ends);
	if (payers < least || ends < least)
		return;
	for (uint32_t i = 0; i < s->first.count && !s->full; i++)
		if (is_first_layer(s, centre, &s->first.items[i], begin_ms, until_ms))
			search_found(s, s->first.items[i].edge, group);
	for (uint32_t i = 0; i < s->second.count && !s->full; i++)
		if (is_second_layer(s, centre, &s->second.items[i], begin_ms, until_ms))
			search_found(s, s->second.items[i].edge, group);
}

static int by_pair(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->booked_ms > y->booked_ms) - (x->booked_ms < y->booked_ms);
}

/* Payees of each payer that the centre pays, too; the legs are sorted by_pair. */
static uint32_t shared_payees(struct link_search *s, uint32_t from, uint32_t to, int64_t begin_ms,
                              int64_t until_ms)
{
	uint32_t n = 0, last = 0;

	for (uint32_t i = from; i < to && !search_step(s, 1); i++) {
		const struct leg *leg = &s->first.items[i];
		if (!in_window(leg, begin_ms, until_ms) || (*mark_of(s, leg->to) & IS_PAYEE) == 0 || leg->to == last)
			continue;
		last = leg->to;
		n++;
	}
	return n;
}

static bool is_shared(struct link_search *s, const struct leg *leg, int64_t begin_ms, int64_t until_ms)
{
	return in_window(leg, begin_ms, until_ms) && (*mark_of(s, leg->from) & IS_PAYER) != 0 &&
	       (*mark_of(s, leg->to) & IS_PAYEE) != 0;
}

static void bipartite_in(struct link_search *s, uint32_t centre, int64_t begin_ms, uint64_t group)
{
	int64_t until_ms = begin_ms + s->slot->rule.within_ms;
	uint32_t payers = 0, payees = 0, to;

	marks_clear(s);
	for (uint32_t i = 0; i < s->first.count; i++)
		if (s->first.items[i].from == centre && in_window(&s->first.items[i], begin_ms, until_ms))
			*mark_of(s, s->first.items[i].to) |= IS_PAYEE;
	for (uint32_t i = 0; i < s->first.count && !s->full; i = to) {
		for (to = i; to < s->first.count && s->first.items[to].from == s->first.items[i].from; to++)
			;
		if (shared_payees(s, i, to, begin_ms, until_ms) >= 2)
			count_new(s, s->first.items[i].from, IS_PAYER, &payers);
	}
	for (uint32_t i = 0; i < s->first.count; i++)
		if (is_shared(s, &s->first.items[i], begin_ms, until_ms) && s->first.items[i].from != centre)
			count_new(s, s->first.items[i].to, COUNTED, &payees);
	if (payers < s->slot->rule.at_least || payees < s->slot->rule.at_least)
		return;
	for (uint32_t i = 0; i < s->first.count && !s->full; i++)
		if (is_shared(s, &s->first.items[i], begin_ms, until_ms) &&
		    (*mark_of(s, s->first.items[i].to) & COUNTED) != 0)
			search_found(s, s->first.items[i].edge, group);
}

static int by_begin(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

typedef void look_in(struct link_search *s, uint32_t centre, int64_t begin_ms, uint64_t group);

/* Each window that begins at a payment of the first layer and reaches the new edge. */
static void each_window(struct link_search *s, uint32_t centre, look_in *look)
{
	uint64_t group = link_group(s->slot, node_at(s->link, centre)->account);
	int64_t *begins = (int64_t *)(void *)s->third.items; /* no longer needed */
	uint32_t count = 0;

	for (uint32_t i = 0; i < s->first.count; i++)
		if (in_window(&s->first.items[i], begin_least(s), s->booked_ms))
			begins[count++] = s->first.items[i].booked_ms;
	qsort(begins, count, sizeof(*begins), by_begin);
	for (uint32_t i = 0; i < count && !s->full; i++)
		if (i == 0 || begins[i] != begins[i - 1])
			look(s, centre, begins[i], group);
}

static int by_payee(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;

	return (x->to > y->to) - (x->to < y->to);
}

static void stack_at(struct link_search *s, uint32_t centre)
{
	if (node_at(s->link, centre)->out.count < s->slot->rule.at_least ||
	    !collect_layer(s, centre, true, &s->second) || s->second.count < s->slot->rule.at_least ||
	    !collect_layer(s, centre, false, &s->first))
		return;
	qsort(s->first.items, s->first.count, sizeof(struct leg), by_payee);
	qsort(s->second.items, s->second.count, sizeof(struct leg), by_pair);
	each_window(s, centre, stack_in);
}

static void bipartite_at(struct link_search *s, uint32_t centre)
{
	if (node_at(s->link, centre)->out.count < s->slot->rule.at_least ||
	    !collect_layer(s, centre, false, &s->first))
		return;
	qsort(s->first.items, s->first.count, sizeof(struct leg), by_pair);
	each_window(s, centre, bipartite_in);
}

/* Each payer of the account, once, in the order of their first payment. */
static void each_payer(struct link_search *s, uint32_t node,
                       void (*look)(struct link_search *s, uint32_t centre))
{
	const struct ties *in = &node_at(s->link, node)->in;
	const struct tie *items = ties_of(s->link, in);
	uint32_t bit = 1u << s->slot->bit, from = ties_from(s->link, in, second_of(begin_least(s)));

	for (uint32_t i = from; i < in->count && items[i].second <= second_of(end_most(s)) && !s->full; i++) {
		const struct link_edge *edge = edge_at(s->link, items[i].edge), *before;
		uint32_t j = from;
		if ((edge->rules & bit) == 0)
			continue;
		for (; j < i && !search_step(s, 1); j++) {
			before = edge_at(s->link, items[j].edge);
			if (before->from == edge->from && (before->rules & bit) != 0)
				break;
		}
		if (j == i)
			look(s, edge->from);
	}
}

void find_stack(struct link_search *s)
{
	const struct link_edge *edge = edge_at(s->link, s->edge);

	if (node_at(s->link, edge->to)->out.count > 0)
		each_payer(s, edge->to, stack_at); /* the payer of the new edge is one of them */
	each_payer(s, edge->from, stack_at);
}

void find_bipartite(struct link_search *s)
{
	const struct link_edge *edge = edge_at(s->link, s->edge);

	if (node_at(s->link, edge->to)->in.count >= 2 || node_at(s->link, edge->from)->out.count >= 2)
		each_payer(s, edge->to, bipartite_at);
}
