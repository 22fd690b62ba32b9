/*
 * What each pattern costs: how often its gates let a transaction through, and, where somebody asks, how long
 * its parts take. A matcher counts for itself, so that shards do not share a line of cache for it.
 */
#include "match/matcher.h"

#include <time.h>

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

bool costs_take(struct matcher *m, uint32_t number)
{
	uint64_t from = now_ns();
	bool holds = asking_holds(m, number);

	from = now_ns() - from;
	m->costs.items[number].sampled_ns += from > m->costs.clock_ns ? from - m->costs.clock_ns : 0;
	m->costs.items[number].sampled++;
	return holds;
}

void costs_flush(struct matcher *m)
{
	for (uint32_t i = 0; i < m->set->pattern_count; i++) {
		struct plan_counters *c = &m->set->counters[i];
		if (m->costs.items[i].looked == 0)
			continue;
		atomic_fetch_add_explicit(&c->looked, m->costs.items[i].looked, memory_order_relaxed);
		atomic_fetch_add_explicit(&c->sampled, m->costs.items[i].sampled, memory_order_relaxed);
		atomic_fetch_add_explicit(&c->sampled_ns, m->costs.items[i].sampled_ns, memory_order_relaxed);
		memset(&m->costs.items[i], 0, sizeof(m->costs.items[i]));
	}
	m->costs.ticks = 0;
}

void costs_tick(struct matcher *m)
{
	if (++m->costs.ticks == MATCH_COSTS_EVERY)
		costs_flush(m);
}

/* What taking the time takes itself: the least of many, as only disturbances are longer. */
static uint64_t clock_costs(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 1000; i++) {
		uint64_t from = now_ns(), spent = now_ns() - from;
		least = spent < least ? spent : least;
	}
	return least;
}

void matcher_time(struct matcher *matcher, bool timed)
{
	matcher->costs.timed = timed;
	matcher->costs.clock_ns = timed ? clock_costs() : 0;
}
