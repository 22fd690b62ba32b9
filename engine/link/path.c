#include "link/path.h"

#include <stdlib.h>

#include "base/counters.h"

static void (*const finders[LINK_SHAPES])(struct link_search *s) = {
	[LINK_CYCLE] = find_chains,
	[LINK_SCATTER_GATHER] = find_scatter_gather,
	[LINK_GATHER_SCATTER] = find_gather_scatter,
	[LINK_STACK] = find_stack,
	[LINK_BIPARTITE] = find_bipartite,
	[LINK_TO_LISTED] = find_chains,
	[LINK_CHAIN] = find_chains,
	[LINK_RING] = find_rings,
};

static void *take(size_t count, size_t bytes)
{
	void *piece = calloc(count, bytes);

	if (piece == NULL)
		die("out of memory: the search for money paths");
	return piece;
}

struct link_search *search_new(void)
{
	struct link_search *s = take(1, sizeof(*s));

	s->first.items = take(LEGS_MAX, sizeof(struct leg));
	s->second.items = take(LEGS_MAX, sizeof(struct leg));
	s->third.items = take(LEGS_MAX, sizeof(struct leg));
	s->nodes = take(LEGS_MAX, sizeof(*s->nodes));
	s->marks = take(MARKS, sizeof(*s->marks));
	return s;
}

void search_free(struct link_search *search)
{
	free(search->first.items);
	free(search->second.items);
	free(search->third.items);
	free(search->nodes);
	free(search->marks);
	free(search);
}

bool search_step(struct link_search *s, uint64_t steps)
{
	s->steps += steps;
	s->full = s->full || s->steps > s->link->limits.steps_max;
	return s->full;
}

bool search_near(const struct link_search *s, int64_t before_minor, int64_t after_minor)
{
	int64_t change = after_minor > before_minor ? after_minor - before_minor : before_minor - after_minor;

	return s->slot->rule.tolerance_permille == LINK_TOLERANCE_ANY ||
	       (__int128)change * 1000 <= (__int128)before_minor * s->slot->rule.tolerance_permille;
}

bool search_follows(const struct link_search *s, const struct link_edge *before,
                    const struct link_edge *after)
{
	return after->booked_ms >= before->booked_ms && search_near(s, before->amount_minor, after->amount_minor);
}

bool search_goes_on(struct link_search *s, const struct link_edge *edge)
{
	const struct ties *out = &node_at(s->link, edge->to)->out;
	const struct tie *items = ties_of(s->link, out);
	uint32_t last = second_of(edge->booked_ms + s->slot->rule.within_ms), bit = 1u << s->slot->bit;
	uint32_t i = ties_from(s->link, out, second_of(edge->booked_ms));

	for (; i < out->count && items[i].second <= last; i++) {
		const struct link_edge *after = edge_at(s->link, items[i].edge);
		if (search_step(s, 1) || ((items[i].rules & bit) != 0 && search_follows(s, edge, after)))
			return !s->full;
	}
	return false;
}

bool search_came_in(struct link_search *s, const struct link_edge *edge)
{
	const struct ties *in = &node_at(s->link, edge->from)->in;
	const struct tie *items = ties_of(s->link, in);
	uint32_t last = second_of(edge->booked_ms), bit = 1u << s->slot->bit;

	for (uint32_t i = ties_from(s->link, in, second_of(edge->booked_ms - s->slot->rule.within_ms));
	     i < in->count && items[i].second <= last; i++) {
		const struct link_edge *before = edge_at(s->link, items[i].edge);
		if (search_step(s, 1) || ((items[i].rules & bit) != 0 && search_follows(s, before, edge)))
			return !s->full;
	}
	return false;
}

bool search_collect(struct link_search *s, const struct ties *ties, int64_t from_ms, int64_t to_ms,
                    struct legs *legs)
{
	const struct tie *items = ties_of(s->link, ties);
	uint32_t last = second_of(to_ms), bit = 1u << s->slot->bit, i = ties_from(s->link, ties, second_of(from_ms));

	for (; i < ties->count && items[i].second <= last; i++) {
		const struct link_edge *edge = edge_at(s->link, items[i].edge);
		if (search_step(s, 1))
			return false;
		if ((items[i].rules & bit) == 0 || edge->booked_ms < from_ms || edge->booked_ms > to_ms)
			continue;
		if (legs->count == LEGS_MAX) {
			s->full = true;
			return false;
		}
		legs->items[legs->count++] = (struct leg){
			edge->booked_ms, edge->amount_minor, items[i].edge, edge->from, edge->to, edge->credit,
		};
	}
	return true;
}

void marks_clear(struct link_search *s)
{
	if (++s->stamp == 0) {
		memset(s->marks, 0, MARKS * sizeof(*s->marks));
		s->stamp = 1;
	}
}

/* A node's mark, or a free one. At most 2 nodes a leg are marked, so there always is one. */
static struct mark *mark_at(const struct link_search *s, uint32_t node)
{
	uint32_t at = (uint32_t)(mix(node, 1) % MARKS);

	while (s->marks[at].stamp == s->stamp && s->marks[at].node != node)
		at = (at + 1) % MARKS;
	return &s->marks[at];
}

uint32_t *mark_of(struct link_search *s, uint32_t node)
{
	struct mark *mark = mark_at(s, node);

	if (mark->stamp != s->stamp)
		*mark = (struct mark){node, s->stamp, 0};
	return &mark->value;
}

uint32_t mark_seen(const struct link_search *s, uint32_t node)
{
	const struct mark *mark = mark_at(s, node);

	return mark->stamp == s->stamp ? mark->value : 0;
}

static void tell(struct link_search *s, uint32_t edge, uint64_t group)
{
	struct hit hit;

	if (s->link->report == NULL)
		return;
	if (!edge_hit_texts(s->link, edge, s->link->arena, &hit))
		die("link: the hits of one batch do not fit into %zu bytes", s->link->arena->most_bytes);
	link_tell(s->link, s->slot, &hit, group);
}

/* True where this was news. */
static bool found_one(struct link_search *s, uint32_t edge, uint64_t group)
{
	struct edge_hit *hit = edge_hit_find(s->link, edge, s->slot->serial);

	if (hit != NULL && hit->group <= group) {
		if (s->again)
			tell(s, edge, hit->group);
		return false;
	}
	if (hit == NULL)
		hit = edge_hit_make(s->link, edge, s->slot->serial);
	if (hit != NULL) {
		touch(s->link, hit, sizeof(*hit));
		hit->group = group;
	} else {
		count(COUNT_LINK_FORGOTTEN); /* told again with every shape that it is in */
	}
	tell(s, edge, group);
	return hit != NULL;
}

/* The other leg of the same transfer, told by the other side's bank. */
static bool is_twin(const struct link_edge *one, const struct link_edge *other)
{
	int64_t apart = one->booked_ms - other->booked_ms;

	return other->credit != one->credit && other->amount_minor == one->amount_minor && apart <= TWIN_MS &&
	       apart >= -TWIN_MS;
}

typedef void twin_visit(struct link_search *s, uint32_t edge, uint32_t twin, uint64_t group);

static void each_twin(struct link_search *s, uint32_t at, uint64_t group, twin_visit *visit)
{
	const struct link_edge *edge = edge_at(s->link, at);
	const struct ties *out = &node_at(s->link, edge->from)->out;
	const struct tie *items = ties_of(s->link, out);
	uint32_t last = second_of(edge->booked_ms + TWIN_MS), bit = 1u << s->slot->bit;

	for (uint32_t i = ties_from(s->link, out, second_of(edge->booked_ms - TWIN_MS));
	     i < out->count && items[i].second <= last; i++)
		if (items[i].other == edge->to && items[i].edge != at && (items[i].rules & bit) != 0 &&
		    is_twin(edge, edge_at(s->link, items[i].edge)))
			visit(s, at, items[i].edge, group);
}

static void twin_found(struct link_search *s, uint32_t edge, uint32_t twin, uint64_t group)
{
	(void)edge;
	if (found_one(s, twin, group))
		each_twin(s, twin, group, twin_found);
}

void search_found(struct link_search *s, uint32_t edge, uint64_t group)
{
	if (found_one(s, edge, group))
		each_twin(s, edge, group, twin_found);
}

/* The new edge is the second leg of a transfer that hit. */
static void twin_joins(struct link_search *s, uint32_t edge, uint32_t twin, uint64_t group)
{
	const struct edge_hit *hit = edge_hit_find(s->link, twin, s->slot->serial);

	(void)group;
	if (hit != NULL)
		search_found(s, edge, hit->group);
}

static void search(struct link_search *s, const struct slot *slot, bool known)
{
	s->slot = slot;
	s->again = known;
	s->steps = 0;
	s->full = false;
	finders[slot->rule.shape](s);
	each_twin(s, s->edge, 0, twin_joins);
	if (s->full)
		count(COUNT_LINK_SEARCH_FULL);
}

/* The slots of the rules that the event passed; how many. */
static uint32_t find_slots(struct link *link, const struct link_passed *first, const struct link_event *event,
                           const struct slot **slots, struct edge_rules *rules_r)
{
	uint32_t n = 0;

	*rules_r = (struct edge_rules){0, 0, 0};
	for (const struct link_passed *passed = first; n < PATHS_MAX; passed = &event->also[n - 1]) {
		const struct slot *slot = slots[n++] = slots_ref(link, passed);
		rules_r->passed |= 1u << slot->bit;
		rules_r->listed |= passed->listed ? 1u << slot->bit : 0;
		if (slot->rule.within_ms > rules_r->within_ms)
			rules_r->within_ms = slot->rule.within_ms;
		if (n > event->also_count)
			break;
	}
	return n;
}

void path_put(struct link *link, const struct link_passed *first, const struct link_event *event)
{
	const struct slot *slots[PATHS_MAX];
	struct link_search *s = link->search;
	struct edge_rules rules;
	uint32_t n = find_slots(link, first, event, slots, &rules), known;

	s->link = link;
	s->edge = graph_put(link, event, &rules, &known);
	s->booked_ms = event->hit.booked_ms;
	if (s->edge == 0) {
		count(COUNT_LINK_FORGOTTEN);
		return;
	}
	if ((known & rules.passed) != 0)
		count(COUNT_LINK_KNOWN);
	for (uint32_t i = 0; i < n; i++)
		search(s, slots[i], (known >> slots[i]->bit & 1) != 0);
}
