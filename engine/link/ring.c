/*
 * Money that goes round in no order of time: each pays the next, and somebody with money of his own pays before he is
 * paid, so that nobody can follow it.
 *
 *     a ─▶ b ─▶ c ─▶ … ─▶ a      all within the window, the largest sum at most `tolerance` above the least
 *
 * Without an order only the sums and the window thin out the search; so first it is looked up, back from the new edge's
 * payer, who can reach him at all and in how many steps: ways on from the payee only go where that is so.
 */
#include "link/path.h"

struct ring {
	struct link_search *s;
	uint32_t start; /* the new edge's payer */
	uint32_t edges[LINK_HOPS_MAX];
	uint32_t hops;
};

/* Of the edges so far. */
struct extent {
	int64_t first_ms, last_ms, least_minor, most_minor;
};

static bool fits(const struct link_search *s, const struct extent *extent)
{
	uint32_t permille = s->slot->rule.tolerance_permille;

	return extent->last_ms - extent->first_ms <= s->slot->rule.within_ms &&
	       (permille == LINK_TOLERANCE_ANY ||
	        (__int128)extent->most_minor * 1000 <= (__int128)extent->least_minor * (1000 + (int64_t)permille));
}

static struct extent extent_of(const struct link_edge *edge)
{
	return (struct extent){edge->booked_ms, edge->booked_ms, edge->amount_minor, edge->amount_minor};
}

static struct extent widened(struct extent by, const struct link_edge *edge)
{
	by.first_ms = edge->booked_ms < by.first_ms ? edge->booked_ms : by.first_ms;
	by.last_ms = edge->booked_ms > by.last_ms ? edge->booked_ms : by.last_ms;
	by.least_minor = edge->amount_minor < by.least_minor ? edge->amount_minor : by.least_minor;
	by.most_minor = edge->amount_minor > by.most_minor ? edge->amount_minor : by.most_minor;
	return by;
}

/* The next tie from `*i` on whose edge may be in a ring with those of the extent; NULL: none is left. */
static const struct tie *next_tie(struct link_search *s, const struct ties *ties, const struct extent *extent,
                                  uint32_t *i)
{
	const struct tie *items = ties_of(s->link, ties);
	uint32_t last = second_of(extent->first_ms + s->slot->rule.within_ms), bit = 1u << s->slot->bit;

	for (; *i < ties->count && items[*i].second <= last && !search_step(s, 1); ++*i) {
		struct extent with = widened(*extent, edge_at(s->link, items[*i].edge));
		if ((items[*i].rules & bit) != 0 && fits(s, &with))
			return &items[(*i)++];
	}
	return NULL;
}

static uint32_t first_tie(const struct link_search *s, const struct ties *ties, const struct extent *extent)
{
	int64_t from_ms = extent->last_ms - s->slot->rule.within_ms;

	return ties_from(s->link, ties, second_of(from_ms));
}

/*
 * Marks everybody from whom the start can be reached with how many steps it takes. The sums are compared with the new
 * edge's alone, so some too many are marked, none too few.
 */
static void mark_reach(struct ring *ring, const struct extent *extent)
{
	struct link_search *s = ring->s;
	uint32_t n = 1;

	marks_clear(s);
	*mark_of(s, ring->start) = 1;
	s->nodes[0] = ring->start;
	for (uint32_t at = 0; at < n && !s->full; at++) {
		const struct ties *in = &node_at(s->link, s->nodes[at])->in;
		uint32_t steps = *mark_of(s, s->nodes[at]), i = first_tie(s, in, extent);
		const struct tie *tie;
		if (steps >= s->slot->rule.hops_most)
			return;
		while ((tie = next_tie(s, in, extent, &i)) != NULL) {
			uint32_t *mark = mark_of(s, tie->other);
			if (*mark != 0)
				continue;
			if (n == LEGS_MAX) {
				s->full = true;
				return;
			}
			*mark = steps + 1;
			s->nodes[n++] = tie->other;
		}
	}
}

static bool passes(const struct ring *ring, uint32_t node)
{
	for (uint32_t i = 0; i < ring->hops; i++)
		if (edge_at(ring->s->link, ring->edges[i])->from == node)
			return true;
	return false;
}

static void found(struct ring *ring)
{
	struct link *link = ring->s->link;
	uint64_t what = 0, group;

	if (ring->hops < ring->s->slot->rule.hops_least)
		return;
	for (uint32_t i = 0; i < ring->hops; i++)
		what += mix(node_at(link, edge_at(link, ring->edges[i])->from)->account, 2);
	group = link_group(ring->s->slot, what);
	for (uint32_t i = 0; i < ring->hops; i++)
		search_found(ring->s, ring->edges[i], group);
}

/* Every way on from the last edge's payee to the start. A mark is 1 for the start, and one more a step from it. */
static void go_on(struct ring *ring, struct extent extent)
{
	struct link_search *s = ring->s;
	const struct ties *out = &node_at(s->link, edge_at(s->link, ring->edges[ring->hops - 1])->to)->out;
	uint32_t i = first_tie(s, out, &extent), left = s->slot->rule.hops_most - ring->hops;
	const struct tie *tie;

	while ((tie = next_tie(s, out, &extent, &i)) != NULL) {
		uint32_t away = mark_seen(s, tie->other);
		if (away == 0 || away > left || (tie->other != ring->start && passes(ring, tie->other)))
			continue;
		ring->edges[ring->hops++] = tie->edge;
		if (tie->other == ring->start)
			found(ring);
		else
			go_on(ring, widened(extent, edge_at(s->link, tie->edge)));
		ring->hops--;
	}
}

void find_rings(struct link_search *s)
{
	const struct link_edge *edge = edge_at(s->link, s->edge);
	struct ring ring = {.s = s, .start = edge->from, .edges = {s->edge}, .hops = 1};
	struct extent extent = extent_of(edge);

	if (node_at(s->link, edge->to)->out.count == 0 || node_at(s->link, edge->from)->in.count == 0)
		return;
	mark_reach(&ring, &extent);
	if (!s->full && mark_seen(s, edge->to) != 0)
		go_on(&ring, extent);
}
