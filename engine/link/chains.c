/*
 * Chains through the new edge: on from its payee, then back from its payer, hop by hop.
 *
 *   back ◀── first … the new edge … last ──▶ on
 *
 * A cycle closes where one end meets the other; a chain to a listed account ends with a payment to it. A chain as such
 * has exactly as many hops as are asked for: a longer one is nothing but several of these.
 */
#include "link/path.h"

enum { CHAIN_ROOM = 2 * LINK_HOPS_MAX };

struct way {
	struct link_search *s;
	uint32_t edges[CHAIN_ROOM]; /* [first, last] */
	int first, last;
};

static const struct link_edge *edge_of(const struct way *way, int i)
{
	return edge_at(way->s->link, way->edges[i]);
}

static int hops(const struct way *way)
{
	return way->last - way->first + 1;
}

static bool is_cycle(const struct way *way)
{
	return way->s->slot->rule.shape == LINK_CYCLE;
}

static bool is_chain(const struct way *way)
{
	return way->s->slot->rule.shape == LINK_CHAIN;
}

/* Has the way been at this account? */
static bool passes(const struct way *way, uint32_t node)
{
	for (int i = way->first; i <= way->last; i++)
		if (edge_of(way, i)->from == node)
			return true;
	return edge_of(way, way->last)->to == node;
}

static void found(const struct way *way)
{
	struct link *link = way->s->link;
	uint64_t what = 0, group;

	if (hops(way) < way->s->slot->rule.hops_least)
		return;
	/* The same wherever the way around begins. */
	for (int i = way->first; is_cycle(way) && i <= way->last; i++)
		what += mix(node_at(link, edge_of(way, i)->from)->account, 2);
	if (!is_cycle(way))
		what = node_at(link, edge_of(way, way->last)->to)->account;
	group = link_group(way->s->slot, what);
	for (int i = way->first; i <= way->last; i++)
		search_found(way->s, way->edges[i], group);
}

static bool in_window(const struct way *way, int64_t first_ms, int64_t last_ms)
{
	return last_ms - first_ms <= way->s->slot->rule.within_ms;
}

static void go_back(struct way *way)
{
	const struct link_edge *first = edge_of(way, way->first);
	const struct ties *in = &node_at(way->s->link, first->from)->in;
	const struct tie *items = ties_of(way->s->link, in);
	uint32_t bit = 1u << way->s->slot->bit;

	if (hops(way) >= way->s->slot->rule.hops_most)
		return;
	for (uint32_t i = ties_from(way->s->link, in, second_of(first->booked_ms) + 1); i-- > 0;) {
		const struct link_edge *before = edge_at(way->s->link, items[i].edge);
		bool closes = is_cycle(way) && items[i].other == edge_of(way, way->last)->to;
		if (search_step(way->s, 1) ||
		    !in_window(way, (int64_t)items[i].second * 1000 + 999, edge_of(way, way->last)->booked_ms))
			return;
		if ((items[i].rules & bit) == 0 || !search_follows(way->s, before, first) ||
		    !in_window(way, before->booked_ms, edge_of(way, way->last)->booked_ms) ||
		    (!closes && passes(way, items[i].other)))
			continue;
		way->edges[--way->first] = items[i].edge;
		if (closes || !is_cycle(way))
			found(way);
		if (!closes)
			go_back(way);
		way->first++;
	}
}

/* A way with this end is complete, or goes back from its beginning. */
static void end_here(struct way *way)
{
	uint32_t bit = 1u << way->s->slot->bit;

	if (is_cycle(way)) {
		go_back(way);
	} else if (is_chain(way)) {
		found(way);
		go_back(way);
	} else if ((edge_of(way, way->last)->listed & bit) != 0) {
		found(way);
		go_back(way);
	}
}

static void go_on(struct way *way)
{
	const struct link_edge *last = edge_of(way, way->last);
	const struct ties *out = &node_at(way->s->link, last->to)->out;
	const struct tie *items = ties_of(way->s->link, out);
	uint32_t bit = 1u << way->s->slot->bit;

	end_here(way);
	if (hops(way) >= way->s->slot->rule.hops_most)
		return;
	for (uint32_t i = ties_from(way->s->link, out, second_of(last->booked_ms)); i < out->count; i++) {
		const struct link_edge *after = edge_at(way->s->link, items[i].edge);
		bool closes = is_cycle(way) && items[i].other == edge_of(way, way->first)->from;
		if (search_step(way->s, 1) ||
		    !in_window(way, edge_of(way, way->first)->booked_ms, (int64_t)items[i].second * 1000))
			return;
		if ((items[i].rules & bit) == 0 || !search_follows(way->s, last, after) ||
		    !in_window(way, edge_of(way, way->first)->booked_ms, after->booked_ms) ||
		    (!closes && passes(way, items[i].other)))
			continue;
		way->edges[++way->last] = items[i].edge;
		if (closes)
			found(way);
		else
			go_on(way);
		way->last--;
	}
}

void find_chains(struct link_search *s)
{
	struct way way = {.s = s, .first = LINK_HOPS_MAX - 1, .last = LINK_HOPS_MAX - 1};
	const struct link_edge *edge = edge_at(s->link, s->edge);
	bool leads_on = node_at(s->link, edge->to)->out.count > 0;
	bool leads_here = node_at(s->link, edge->from)->in.count > 0;

	way.edges[way.first] = s->edge;
	switch (s->slot->rule.shape) {
	case LINK_CYCLE:
		if (!leads_on || !leads_here)
			return;
		break;
	case LINK_CHAIN:
		if (!leads_on && !leads_here)
			return;
		break;
	default:
		if (!leads_on && (edge->listed & 1u << s->slot->bit) == 0)
			return;
	}
	go_on(&way);
}
