#include "tests/reference/link.h"

#include <string.h>

enum { TWIN_MS = 10 * 60 * 1000, MOST = 512 };

struct all {
	const struct link_rule *rule;
	const struct reference_link_event *e;
	size_t count;
	bool *hit;
};

static bool within(const struct all *a, int64_t begin_ms, size_t i)
{
	return a->e[i].booked_ms >= begin_ms && a->e[i].booked_ms - begin_ms <= a->rule->within_ms;
}

static bool near(const struct all *a, size_t before, size_t after)
{
	double from = (double)a->e[before].amount_minor, to = (double)a->e[after].amount_minor;
	double change = to > from ? to - from : from - to;

	return a->rule->tolerance_permille == LINK_TOLERANCE_ANY ||
	       change * 1000 <= from * (double)a->rule->tolerance_permille;
}

static bool follows(const struct all *a, size_t before, size_t after)
{
	return a->e[before].to == a->e[after].from && a->e[after].booked_ms >= a->e[before].booked_ms &&
	       near(a, before, after);
}

static size_t add(uint64_t *set, size_t n, uint64_t value)
{
	for (size_t i = 0; i < n; i++)
		if (set[i] == value)
			return n;
	set[n] = value;
	return n + 1;
}

static bool has(const uint64_t *set, size_t n, uint64_t value)
{
	for (size_t i = 0; i < n; i++)
		if (set[i] == value)
			return true;
	return false;
}

static void keys(struct all *a)
{
	for (size_t s = 0; s < a->count; s++) {
		uint64_t whos[MOST];
		size_t n = 0, count = 0;
		int64_t sum = 0;
		for (size_t i = 0; i < a->count; i++)
			if (a->e[i].key == a->e[s].key && within(a, a->e[s].booked_ms, i)) {
				n = add(whos, n, a->e[i].who);
				count++;
				sum += a->e[i].amount_minor;
			}
		if (n < a->rule->at_least || count < a->rule->count_least || sum < a->rule->sum_least_minor)
			continue;
		for (size_t i = 0; i < a->count; i++)
			if (a->e[i].key == a->e[s].key && within(a, a->e[s].booked_ms, i))
				a->hit[i] = true;
	}
}

static void chains_from(struct all *a, size_t *way, size_t hops)
{
	size_t last = way[hops - 1];
	bool cycle = a->rule->shape == LINK_CYCLE;
	bool ends = cycle ? a->e[last].to == a->e[way[0]].from : a->e[last].listed || a->rule->shape == LINK_CHAIN;

	if (ends && hops >= a->rule->hops_least)
		for (size_t i = 0; i < hops; i++)
			a->hit[way[i]] = true;
	if (hops == a->rule->hops_most || (cycle && ends))
		return;
	for (size_t next = 0; next < a->count; next++) {
		bool fresh = cycle || a->e[next].to != a->e[way[0]].from;
		for (size_t i = 1; i < hops; i++)
			fresh = fresh && a->e[next].to != a->e[way[i]].from;
		if (!fresh || a->e[next].to == a->e[last].to || !follows(a, last, next) ||
		    !within(a, a->e[way[0]].booked_ms, next))
			continue;
		way[hops] = next;
		chains_from(a, way, hops + 1);
	}
}

static void chains(struct all *a)
{
	size_t way[LINK_HOPS_MAX];

	for (size_t i = 0; i < a->count; i++) {
		way[0] = i;
		chains_from(a, way, 1);
	}
}

static bool is_ring(const struct all *a, const size_t *way, size_t hops)
{
	int64_t least = INT64_MAX, most = 0;

	for (size_t i = 0; i < hops; i++) {
		least = a->e[way[i]].amount_minor < least ? a->e[way[i]].amount_minor : least;
		most = a->e[way[i]].amount_minor > most ? a->e[way[i]].amount_minor : most;
		for (size_t j = 0; j < hops; j++)
			if (a->e[way[i]].booked_ms - a->e[way[j]].booked_ms > a->rule->within_ms)
				return false;
	}
	return a->rule->tolerance_permille == LINK_TOLERANCE_ANY ||
	       (double)most * 1000 <= (double)least * (1000 + (double)a->rule->tolerance_permille);
}

static void rings_from(struct all *a, size_t *way, size_t hops)
{
	size_t last = way[hops - 1];

	if (a->e[last].to == a->e[way[0]].from) {
		if (hops >= a->rule->hops_least && is_ring(a, way, hops))
			for (size_t i = 0; i < hops; i++)
				a->hit[way[i]] = true;
		return;
	}
	for (size_t next = 0; next < a->count && hops < a->rule->hops_most; next++) {
		bool fresh = a->e[next].from == a->e[last].to;
		for (size_t i = 0; i < hops; i++)
			fresh = fresh && a->e[next].from != a->e[way[i]].from;
		if (!fresh)
			continue;
		way[hops] = next;
		rings_from(a, way, hops + 1);
	}
}

static void rings(struct all *a)
{
	size_t way[LINK_HOPS_MAX];

	for (size_t i = 0; i < a->count; i++) {
		way[0] = i;
		rings_from(a, way, 1);
	}
}

/* Whether i and j are the two hops from → middle → to within the window. */
static bool passes(const struct all *a, int64_t begin_ms, uint64_t from, uint64_t to, size_t i, size_t j)
{
	return a->e[i].from == from && a->e[j].to == to && follows(a, i, j) && within(a, begin_ms, i) &&
	       within(a, begin_ms, j);
}

static void scatter_gather(struct all *a)
{
	for (size_t s = 0; s < a->count; s++)
		for (size_t d = 0; d < a->count; d++) {
			uint64_t from = a->e[s].from, to = a->e[d].to, middles[MOST];
			size_t n = 0;
			bool from_told = !a->rule->told, to_told = !a->rule->told;
			for (size_t i = 0; i < a->count && from != to; i++)
				for (size_t j = 0; j < a->count; j++)
					if (passes(a, a->e[s].booked_ms, from, to, i, j)) {
						n = add(middles, n, a->e[i].to);
						from_told = from_told || !a->e[i].credit;
						to_told = to_told || a->e[j].credit;
					}
			if (!from_told || !to_told)
				continue;
			for (size_t i = 0; i < a->count && n >= a->rule->at_least; i++)
				for (size_t j = 0; j < a->count; j++)
					if (passes(a, a->e[s].booked_ms, from, to, i, j))
						a->hit[i] = a->hit[j] = true;
		}
}

/* Every window, every moment at which gathering ends and scattering begins. */
static void gather_scatter(struct all *a)
{
	for (size_t s = 0; s < a->count; s++)
		for (size_t m = 0; m < a->count; m++) {
			uint64_t hub = a->e[s].to, payers[MOST], payees[MOST];
			int64_t begin_ms = a->e[s].booked_ms, split_ms = a->e[m].booked_ms;
			size_t in = 0, out = 0;
			for (size_t i = 0; i < a->count; i++) {
				if (within(a, begin_ms, i) && a->e[i].to == hub && a->e[i].booked_ms <= split_ms)
					in = add(payers, in, a->e[i].from);
				if (within(a, begin_ms, i) && a->e[i].from == hub && a->e[i].booked_ms >= split_ms)
					out = add(payees, out, a->e[i].to);
			}
			for (size_t i = 0; i < a->count && in >= a->rule->at_least && out >= a->rule->at_least; i++)
				if (within(a, begin_ms, i) && ((a->e[i].to == hub && a->e[i].booked_ms <= split_ms) ||
				                               (a->e[i].from == hub && a->e[i].booked_ms >= split_ms)))
					a->hit[i] = true;
		}
}

static bool goes_on(const struct all *a, int64_t begin_ms, uint64_t centre, size_t i)
{
	for (size_t j = 0; j < a->count; j++)
		if (a->e[j].to != centre && follows(a, i, j) && within(a, begin_ms, j))
			return true;
	return false;
}

static bool came_in(const struct all *a, int64_t begin_ms, size_t j)
{
	for (size_t i = 0; i < a->count; i++)
		if (follows(a, i, j) && within(a, begin_ms, i))
			return true;
	return false;
}

static void stack_at(struct all *a, int64_t begin_ms, uint64_t centre)
{
	uint64_t middles[MOST], payers[MOST], ends[MOST];
	size_t b = 0, p = 0, c = 0, n = a->rule->at_least;
	bool first[MOST] = {false}, second[MOST] = {false};

	for (size_t i = 0; i < a->count; i++)
		if (a->e[i].from == centre && within(a, begin_ms, i) && goes_on(a, begin_ms, centre, i))
			b = add(middles, b, a->e[i].to);
	for (size_t i = 0; i < a->count; i++) {
		first[i] = within(a, begin_ms, i) && has(middles, b, a->e[i].to) && goes_on(a, begin_ms, centre, i);
		second[i] = within(a, begin_ms, i) && has(middles, b, a->e[i].from) && a->e[i].to != centre &&
		            came_in(a, begin_ms, i);
		p = first[i] ? add(payers, p, a->e[i].from) : p;
		c = second[i] ? add(ends, c, a->e[i].to) : c;
	}
	for (size_t i = 0; i < a->count && b >= n && p >= n && c >= n; i++)
		a->hit[i] = a->hit[i] || first[i] || second[i];
}

/* Different ones of `own` that the account pays in the window; whether its own bank tells of such a payment. */
static size_t pays(const struct all *a, int64_t begin_ms, uint64_t payer, const uint64_t *own, size_t q, bool *told_r)
{
	uint64_t paid[MOST];
	size_t n = 0;

	*told_r = false;
	for (size_t j = 0; j < a->count; j++)
		if (a->e[j].from == payer && within(a, begin_ms, j) && has(own, q, a->e[j].to)) {
			n = add(paid, n, a->e[j].to);
			*told_r = *told_r || !a->e[j].credit;
		}
	return n;
}

/* Those of `own` that another who pays two of them pays, too, and whose own bank tells of his payment or the centre's. */
static size_t told_of(const struct all *a, int64_t begin_ms, uint64_t centre, const uint64_t *own, size_t q,
                      uint64_t *told_r)
{
	size_t n = 0;

	for (size_t i = 0; i < q; i++) {
		bool other = false, told = false, any;
		for (size_t j = 0; j < a->count; j++)
			if (within(a, begin_ms, j) && a->e[j].to == own[i] && pays(a, begin_ms, a->e[j].from, own, q, &any) >= 2) {
				other = other || a->e[j].from != centre;
				told = told || a->e[j].credit;
			}
		if (other && told)
			n = add(told_r, n, own[i]);
	}
	return n;
}

static void bipartite_at(struct all *a, int64_t begin_ms, uint64_t centre)
{
	uint64_t all[MOST], told[MOST], payers[MOST], shared[MOST], *own = all;
	size_t q = 0, p = 0, both = 0;
	bool payer_told;

	for (size_t i = 0; i < a->count; i++)
		if (a->e[i].from == centre && within(a, begin_ms, i))
			q = add(all, q, a->e[i].to);
	if (a->rule->told) {
		q = told_of(a, begin_ms, centre, all, q, told);
		own = told;
	}
	for (size_t i = 0; i < a->count; i++)
		if (pays(a, begin_ms, a->e[i].from, own, q, &payer_told) >= 2 && (payer_told || !a->rule->told))
			p = add(payers, p, a->e[i].from);
	for (size_t i = 0; i < a->count; i++)
		if (within(a, begin_ms, i) && a->e[i].from != centre && has(payers, p, a->e[i].from) &&
		    has(own, q, a->e[i].to))
			both = add(shared, both, a->e[i].to);
	for (size_t i = 0; i < a->count && p >= a->rule->at_least && both >= a->rule->at_least; i++)
		if (within(a, begin_ms, i) && has(payers, p, a->e[i].from) && has(shared, both, a->e[i].to))
			a->hit[i] = true;
}

static void layers(struct all *a)
{
	for (size_t s = 0; s < a->count; s++)
		for (size_t c = 0; c < a->count; c++) {
			if (a->rule->shape == LINK_STACK)
				stack_at(a, a->e[s].booked_ms, a->e[c].from);
			else
				bipartite_at(a, a->e[s].booked_ms, a->e[c].from);
		}
}

static void twins(struct all *a)
{
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < a->count; i++)
			for (size_t j = 0; j < a->count; j++) {
				int64_t apart = a->e[i].booked_ms - a->e[j].booked_ms;
				if (a->hit[i] && !a->hit[j] && a->e[i].from == a->e[j].from && a->e[i].to == a->e[j].to &&
				    a->e[i].amount_minor == a->e[j].amount_minor && a->e[i].credit != a->e[j].credit &&
				    apart <= TWIN_MS && apart >= -TWIN_MS)
					a->hit[j] = more = true;
			}
	}
}

void reference_link(const struct link_rule *rule, const struct reference_link_event *events, size_t count,
                    bool *hits_r)
{
	struct all a = {rule, events, count, hits_r};

	memset(hits_r, 0, count * sizeof(*hits_r));
	if (rule->kind == LINK_KEY) {
		keys(&a);
		return;
	}
	switch (rule->shape) {
	case LINK_SCATTER_GATHER: scatter_gather(&a); break;
	case LINK_GATHER_SCATTER: gather_scatter(&a); break;
	case LINK_STACK:
	case LINK_BIPARTITE: layers(&a); break;
	case LINK_RING: rings(&a); break;
	default: chains(&a);
	}
	twins(&a);
}
