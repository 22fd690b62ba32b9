/*
 * One account with many around it: scatter-gather, where they lie between it and another, and
 * gather-scatter, where it lies between them.
 *
 *        ┌▶ m1 ┐                        p1 ┐     ┌▶ q1
 *     a ─┼▶ m2 ┼▶ b                     p2 ┼▶ a ─┼▶ q2
 *        └▶ m3 ┘                        p3 ┘     └▶ q3
 *
 * Windows begin at the edges of the first side: a shape's earliest is one of them. Where the rule asks for ends that are
 * `told`, a's own bank told of one of these payments at least, and b's of one.
 */
#include <stdlib.h>

#include "link/path.h"

static int by_other_end(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->booked_ms > y->booked_ms) - (x->booked_ms < y->booked_ms);
}

static int by_time(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;

	return (x->booked_ms > y->booked_ms) - (x->booked_ms < y->booked_ms);
}

/* What a window that holds the new edge may hold. */
static bool around(struct link_search *s, const struct ties *ties, struct legs *legs)
{
	int64_t within_ms = s->slot->rule.within_ms;

	legs->count = 0;
	return search_collect(s, ties, s->booked_ms - within_ms, s->booked_ms + within_ms, legs);
}

/* The first leg from that payer on (legs sorted by_other_end). */
static uint32_t first_of(const struct legs *legs, uint32_t payer)
{
	uint32_t low = 0, high = legs->count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (legs->items[middle].from < payer)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A leg to the middle goes on to the end within the window: tells both, or only whether there is one. */
static bool goes_on(struct link_search *s, const struct leg *leg, int64_t until_ms, uint64_t group)
{
	const struct legs *in = &s->second;
	bool any = false;

	for (uint32_t i = first_of(in, leg->to); i < in->count && in->items[i].from == leg->to; i++) {
		const struct leg *next = &in->items[i];
		if (search_step(s, 1))
			return any;
		if (next->booked_ms < leg->booked_ms || next->booked_ms > until_ms ||
		    !search_near(s, leg->amount_minor, next->amount_minor))
			continue;
		any = true;
		if (group == 0)
			return true;
		search_found(s, next->edge, group);
	}
	if (any)
		search_found(s, leg->edge, group);
	return any;
}

/* Different middle accounts through which money went in the window that begins with leg `begin`. */
static uint32_t middles(struct link_search *s, uint32_t begin, int64_t until_ms)
{
	uint32_t n = 0;

	marks_clear(s);
	for (uint32_t i = begin; i < s->first.count && s->first.items[i].booked_ms <= until_ms && !s->full; i++) {
		uint32_t *mark = mark_of(s, s->first.items[i].to);
		if (*mark != 0 || !goes_on(s, &s->first.items[i], until_ms, 0))
			continue;
		*mark = 1;
		n++;
	}
	return n;
}

/*
 * Are there enough accounts that money of s->first goes to and money of s->second comes from? Asked of all the time
 * that windows may cover, before they are looked at one by one.
 */
static bool enough_meet(struct link_search *s)
{
	uint32_t n = 0;

	marks_clear(s);
	for (uint32_t i = 0; i < s->first.count; i++)
		*mark_of(s, s->first.items[i].to) = 1;
	for (uint32_t i = 0; i < s->second.count && n < s->slot->rule.at_least; i++) {
		uint32_t *mark = mark_of(s, s->second.items[i].from);
		n += *mark == 1;
		*mark = 2;
	}
	return n >= s->slot->rule.at_least;
}

/* Of the hops from a to b in the window that begins with leg `begin`: did a's own bank tell of one, and b's? */
static bool ends_told(struct link_search *s, uint32_t begin, int64_t until_ms)
{
	const struct legs *in = &s->second;
	bool from = false, to = false;

	for (uint32_t i = begin; i < s->first.count && s->first.items[i].booked_ms <= until_ms && !s->full; i++) {
		const struct leg *leg = &s->first.items[i];
		for (uint32_t j = first_of(in, leg->to); j < in->count && in->items[j].from == leg->to; j++) {
			const struct leg *next = &in->items[j];
			if (search_step(s, 1) || (from && to))
				return from && to;
			if (next->booked_ms < leg->booked_ms || next->booked_ms > until_ms ||
			    !search_near(s, leg->amount_minor, next->amount_minor))
				continue;
			from |= !leg->credit;
			to |= next->credit;
		}
	}
	return from && to;
}

/* Everything between two accounts: the payer's legs are in s->first by time, the payee's in s->second. */
static void between(struct link_search *s, uint32_t from, uint32_t to)
{
	const struct link_rule *rule = &s->slot->rule;
	uint64_t what = mix(node_at(s->link, from)->account, node_at(s->link, to)->account);
	uint64_t group = link_group(s->slot, what);

	if (from == to || !enough_meet(s))
		return;
	qsort(s->second.items, s->second.count, sizeof(struct leg), by_other_end);
	for (uint32_t i = 0; i < s->first.count && s->first.items[i].booked_ms <= s->booked_ms && !s->full; i++) {
		int64_t begin_ms = s->first.items[i].booked_ms, until_ms = begin_ms + rule->within_ms;
		if (until_ms < s->booked_ms || (i > 0 && s->first.items[i - 1].booked_ms == begin_ms) ||
		    middles(s, i, until_ms) < rule->at_least || (rule->told && !ends_told(s, i, until_ms)))
			continue;
		for (uint32_t j = i; j < s->first.count && s->first.items[j].booked_ms <= until_ms && !s->full; j++)
			goes_on(s, &s->first.items[j], until_ms, group);
	}
}

/* The accounts at the other end of what the new edge's money may have come by or gone on by, each once. */
static uint32_t find_ends(struct link_search *s, const struct link_edge *edge, bool onward)
{
	const struct ties *ties = onward ? &node_at(s->link, edge->to)->out : &node_at(s->link, edge->from)->in;
	int64_t from_ms = onward ? edge->booked_ms : edge->booked_ms - s->slot->rule.within_ms;
	struct legs *legs = &s->third;
	uint32_t n = 0;

	legs->count = 0;
	if (!search_collect(s, ties, from_ms, from_ms + s->slot->rule.within_ms, legs))
		return 0;
	marks_clear(s);
	for (uint32_t i = 0; i < legs->count; i++) {
		const struct leg *leg = &legs->items[i];
		uint32_t end = onward ? leg->to : leg->from, *mark = mark_of(s, end);
		if (*mark != 0 || !(onward ? search_near(s, edge->amount_minor, leg->amount_minor)
		                           : search_near(s, leg->amount_minor, edge->amount_minor)))
			continue;
		*mark = 1;
		s->nodes[n++] = end;
	}
	return n;
}

/* The new edge is the first hop: whom the middle pays on may be the end. */
static void from_the_first(struct link_search *s, const struct link_edge *edge)
{
	uint32_t least = s->slot->rule.at_least, ends;

	if (node_at(s->link, edge->to)->out.count == 0 || node_at(s->link, edge->from)->out.count < least)
		return;
	ends = find_ends(s, edge, true);
	if (ends == 0 || !around(s, &node_at(s->link, edge->from)->out, &s->first) || s->first.count < least)
		return;
	for (uint32_t i = 0; i < ends && !s->full; i++) {
		const struct ties *in = &node_at(s->link, s->nodes[i])->in;
		if (in->count >= least && around(s, in, &s->second))
			between(s, edge->from, s->nodes[i]);
	}
}

/* It is the second: whoever paid the middle may be the beginning. */
static void from_the_second(struct link_search *s, const struct link_edge *edge)
{
	uint32_t least = s->slot->rule.at_least, ends;

	if (node_at(s->link, edge->from)->in.count == 0 || node_at(s->link, edge->to)->in.count < least)
		return;
	ends = find_ends(s, edge, false);
	if (ends == 0 || !around(s, &node_at(s->link, edge->to)->in, &s->second) || s->second.count < least)
		return;
	for (uint32_t i = 0; i < ends && !s->full; i++) {
		const struct ties *out = &node_at(s->link, s->nodes[i])->out;
		if (out->count >= least && around(s, out, &s->first))
			between(s, s->nodes[i], edge->to);
	}
}

void find_scatter_gather(struct link_search *s)
{
	const struct link_edge *edge = edge_at(s->link, s->edge);

	from_the_first(s, edge);
	from_the_second(s, edge);
}

/* Different accounts among legs [i, count): when, from one end or the other, the n-th is met. */
static bool nth_of(struct link_search *s, const struct legs *legs, bool payers, int64_t from_ms,
                   int64_t until_ms, int64_t *at_ms_r)
{
	uint32_t n = 0;

	marks_clear(s);
	for (uint32_t i = 0; i < legs->count; i++) {
		const struct leg *leg = &legs->items[payers ? i : legs->count - 1 - i];
		uint32_t *mark;
		if (leg->booked_ms < from_ms || leg->booked_ms > until_ms)
			continue;
		mark = mark_of(s, payers ? leg->from : leg->to);
		if (search_step(s, 1) || *mark != 0)
			continue;
		*mark = 1;
		*at_ms_r = leg->booked_ms;
		if (++n == s->slot->rule.at_least)
			return true;
	}
	return false;
}

/* The least that n of the accounts can have moved, and what all have: one side's legs of a twin count. */
struct money {
	__int128 least, all;
};

static int by_size(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;

	return (x->amount_minor > y->amount_minor) - (x->amount_minor < y->amount_minor);
}

static int by_account(const void *a, const void *b)
{
	const struct leg *x = a, *y = b;

	/* `to` holds the account here. */
	return (x->to > y->to) - (x->to < y->to);
}

static struct money money_of(struct link_search *s, const struct legs *legs, bool payers, int64_t from_ms,
                             int64_t until_ms)
{
	struct legs *own = &s->third;
	struct money money = {0, 0};
	uint32_t n = 0, to;

	own->count = 0;
	for (uint32_t i = 0; i < legs->count; i++)
		if (legs->items[i].booked_ms >= from_ms && legs->items[i].booked_ms <= until_ms) {
			own->items[own->count] = legs->items[i];
			own->items[own->count++].to = payers ? legs->items[i].from : legs->items[i].to;
		}
	qsort(own->items, own->count, sizeof(struct leg), by_account);
	for (uint32_t i = 0; i < own->count; i = to) {
		__int128 sums[2] = {0, 0};
		int64_t least = INT64_MAX;
		for (to = i; to < own->count && own->items[to].to == own->items[i].to; to++) {
			sums[own->items[to].credit] += own->items[to].amount_minor;
			least = own->items[to].amount_minor < least ? own->items[to].amount_minor : least;
		}
		money.all += sums[0] > sums[1] ? sums[0] : sums[1];
		own->items[n++].amount_minor = least;
	}
	qsort(own->items, n, sizeof(struct leg), by_size);
	for (uint32_t i = 0; i < n && i < s->slot->rule.at_least; i++)
		money.least += own->items[i].amount_minor;
	return money;
}

/*
 * Could some of the payers have brought what some of the payees got? Asked of bounds that only widen with
 * more transactions: whoever asks for the same sums would take back what has hit.
 */
static bool conserved(struct link_search *s, int64_t from_ms, int64_t first_out_ms, int64_t last_in_ms,
                      int64_t until_ms)
{
	uint32_t permille = s->slot->rule.tolerance_permille;
	struct money in, out;

	if (permille == LINK_TOLERANCE_ANY)
		return true;
	in = money_of(s, &s->first, true, from_ms, last_in_ms);
	out = money_of(s, &s->second, false, first_out_ms, until_ms);
	return out.all * 1000 >= in.least * (permille < 1000 ? 1000 - permille : 0) &&
	       out.least * 1000 <= in.all * (1000 + (int64_t)permille);
}

/*
 * The window from one incoming payment on: in until `last_in`, out from `first_out`, which may
 * overlap.
 */
static void through(struct link_search *s, int64_t begin_ms, uint64_t group)
{
	int64_t until_ms = begin_ms + s->slot->rule.within_ms, first_out_ms, last_in_ms;

	if (!nth_of(s, &s->first, true, begin_ms, until_ms, &first_out_ms) ||
	    !nth_of(s, &s->second, false, begin_ms, until_ms, &last_in_ms) || first_out_ms > last_in_ms ||
	    !conserved(s, begin_ms, first_out_ms, last_in_ms, until_ms))
		return;
	for (uint32_t i = 0; i < s->first.count; i++)
		if (s->first.items[i].booked_ms >= begin_ms && s->first.items[i].booked_ms <= last_in_ms)
			search_found(s, s->first.items[i].edge, group);
	for (uint32_t i = 0; i < s->second.count; i++)
		if (s->second.items[i].booked_ms >= first_out_ms && s->second.items[i].booked_ms <= until_ms)
			search_found(s, s->second.items[i].edge, group);
}

static void hub(struct link_search *s, uint32_t node)
{
	const struct link_node *of = node_at(s->link, node);
	uint64_t group = link_group(s->slot, of->account);

	if (of->in.count < s->slot->rule.at_least || of->out.count < s->slot->rule.at_least ||
	    !around(s, &of->in, &s->first) || !around(s, &of->out, &s->second))
		return;
	qsort(s->first.items, s->first.count, sizeof(struct leg), by_time);
	qsort(s->second.items, s->second.count, sizeof(struct leg), by_time);
	for (uint32_t i = 0; i < s->first.count && s->first.items[i].booked_ms <= s->booked_ms && !s->full; i++)
		if (s->first.items[i].booked_ms + s->slot->rule.within_ms >= s->booked_ms &&
		    (i == 0 || s->first.items[i - 1].booked_ms != s->first.items[i].booked_ms))
			through(s, s->first.items[i].booked_ms, group);
}

void find_gather_scatter(struct link_search *s)
{
	const struct link_edge *edge = edge_at(s->link, s->edge);

	hub(s, edge->to);
	hub(s, edge->from);
}
