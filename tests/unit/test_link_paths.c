/*
 * Money paths against brute force on small graphs, in any order.
 */
#include "base/counters.h"
#include "tests/unit/link_fixture.h"

static void name(struct link_case *c, size_t i)
{
	snprintf(c->accounts[i], sizeof(c->accounts[i]), "a%llu",
	         (unsigned long long)(c->events[i].credit ? c->events[i].to : c->events[i].from));
	snprintf(c->ids[i], sizeof(c->ids[i]), "t%zu", i);
}

/* A payment; its twin now and then, a few minutes apart. */
static void make(struct link_case *c, uint64_t seed, size_t count, uint32_t nodes, uint32_t minutes)
{
	c->count = 0;
	while (c->count < count) {
		struct reference_link_event *e = &c->events[c->count];
		*e = (struct reference_link_event){
			.booked_ms = LINK_T0 + link_random(&seed, minutes) * LINK_MINUTE, .from = 1 + link_random(&seed, nodes),
			.to = 1 + link_random(&seed, nodes), .amount_minor = 900 + link_random(&seed, 200),
			.credit = link_random(&seed, 2) == 1,
		};
		if (e->from == e->to)
			continue;
		e->listed = e->to == 1;
		name(c, c->count++);
		if (link_random(&seed, 5) == 0 && c->count < count) {
			e[1] = e[0];
			e[1].credit = !e->credit;
			e[1].booked_ms += (link_random(&seed, 24) - INT64_C(12)) * LINK_MINUTE;
			name(c, c->count++);
		}
	}
}

static void check_shape(enum link_shape shape, uint32_t least, uint32_t nodes, uint32_t edges)
{
	static struct link_case c;

	for (uint64_t seed = 1; seed <= 8; seed++) {
		uint64_t random = seed;
		c.rule = link_rule_of(LINK_PATH, shape, least);
		if (shape == LINK_TO_LISTED)
			c.rule.hops_least = 1 + seed % 2;
		if (shape == LINK_TO_LISTED || shape == LINK_CYCLE || shape == LINK_RING)
			c.rule.hops_most = (uint8_t)(2 + link_random(&random, LINK_HOPS_MAX - 1));
		if (c.rule.hops_least > c.rule.hops_most)
			c.rule.hops_least = c.rule.hops_most;
		if (seed % 2 == 0 && shape != LINK_GATHER_SCATTER && shape != LINK_BIPARTITE)
			c.rule.tolerance_permille = 50;
		c.rule.told = seed % 4 > 1 && (shape == LINK_SCATTER_GATHER || shape == LINK_BIPARTITE);
		make(&c, seed, edges / 2 + link_random(&random, edges), nodes, 300 + link_random(&random, 3000));
		link_check(&c, seed);
	}
}

static void cycles(void **state)
{
	(void)state;
	check_shape(LINK_CYCLE, 1, 9, 24);
}

static void rings(void **state)
{
	(void)state;
	check_shape(LINK_RING, 1, 9, 16);
	check_shape(LINK_RING, 1, 5, 20);
}

static void ways_to_a_listed_account(void **state)
{
	(void)state;
	check_shape(LINK_TO_LISTED, 1, 12, 20);
}

static void chains(void **state)
{
	static struct link_case c;

	(void)state;
	for (uint64_t seed = 1; seed <= 12; seed++) {
		uint64_t random = seed;
		c.rule = link_rule_of(LINK_PATH, LINK_CHAIN, 1);
		c.rule.hops_least = c.rule.hops_most = (uint8_t)(2 + seed % 4);
		c.rule.tolerance_permille = seed % 3 == 0 ? LINK_TOLERANCE_ANY : 60;
		make(&c, seed, 15 + link_random(&random, 20), 10, 300 + link_random(&random, 3000));
		link_check(&c, seed);
	}
}

static void scattered_and_gathered(void **state)
{
	(void)state;
	check_shape(LINK_SCATTER_GATHER, 2, 7, 30);
}

static void gathered_and_scattered(void **state)
{
	(void)state;
	check_shape(LINK_GATHER_SCATTER, 3, 8, 40);
}

static void stacks(void **state)
{
	(void)state;
	check_shape(LINK_STACK, 2, 9, 40);
	check_shape(LINK_STACK, 3, 8, 60);
}

static void the_same_payees_of_several_payers(void **state)
{
	(void)state;
	check_shape(LINK_BIPARTITE, 2, 10, 30);
	check_shape(LINK_BIPARTITE, 3, 8, 50);
}

/* Bounds on sums only widen, so they may be asked in any order, too (I2). */
static void conserved_sums_in_any_order(void **state)
{
	static struct link_case c;
	size_t order[LINK_EVENTS], hits = 0;
	bool first[LINK_EVENTS];

	(void)state;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		uint64_t random = seed;
		c.rule = link_rule_of(LINK_PATH, LINK_GATHER_SCATTER, 3);
		c.rule.tolerance_permille = 100;
		make(&c, seed, 44, 6, 800);
		for (size_t i = 0; i < c.count; i++) {
			order[i] = i;
			c.events[i].amount_minor = 1 + link_random(&random, 100) * (c.events[i].from < 4 ? 100 : 1);
		}
		for (int round = 0; round < 200; round++) {
			link_run(&c, order);
			if (round == 0)
				memcpy(first, c.hit, sizeof(first));
			assert_memory_equal(first, c.hit, sizeof(first));
			link_shuffle(order, c.count, &random);
		}
		for (size_t i = 0; i < c.count; i++)
			hits += first[i];
	}
	assert_true(hits > 0);
}

/* I4: an edge that comes again says again what it is part of. */
static void an_edge_again_repeats_its_report(void **state)
{
	static struct link_case c;
	struct link *link = link_new(0);

	(void)state;
	c.rule = link_rule_of(LINK_PATH, LINK_CYCLE, 1);
	make(&c, 11, 40, 8, 900);
	for (size_t i = 0; i < c.count; i++) {
		bool hits[LINK_EVENTS];
		link_forget_reports(&c);
		link_put_one(&c, link, i);
		memcpy(hits, c.hit, sizeof(hits));
		link_forget_reports(&c);
		link_put_one(&c, link, i);
		for (size_t j = 0; j < c.count; j++)
			assert_true(!hits[j] || c.hit[j]);
	}
	link_free(&link);
}

/* Two legs of one transfer are one payment: they make no width. */
static void twins_are_no_width(void **state)
{
	static struct link_case c;
	size_t order[LINK_EVENTS];

	(void)state;
	c.rule = link_rule_of(LINK_PATH, LINK_GATHER_SCATTER, 2);
	c.count = 4;
	for (size_t i = 0; i < 4; i++) {
		c.events[i] = (struct reference_link_event){
			.booked_ms = LINK_T0 + (int64_t)i * LINK_MINUTE, .from = i < 2 ? 1 : 2, .to = i < 2 ? 2 : 3,
			.amount_minor = 1000, .credit = i % 2 == 1,
		};
		name(&c, i);
		order[i] = i;
	}
	link_run(&c, order);
	assert_int_equal(c.reports, 0);
	/* With a second payer and a second payee all hit, the twins too. */
	for (size_t i = 4; i < 6; i++) {
		c.events[i] = (struct reference_link_event){
			.booked_ms = LINK_T0 + (i == 4 ? 0 : 9) * LINK_MINUTE, .from = i == 4 ? 4 : 2, .to = i == 4 ? 2 : 5,
			.amount_minor = 700,
		};
		name(&c, i);
		order[i] = i;
	}
	c.count = 6;
	link_run(&c, order);
	for (size_t i = 0; i < 6; i++)
		assert_true(c.hit[i]);
}

/*
 * I8: an account of too many edges lets go of the oldest; a search of too many steps ends. Both are
 * counted.
 */
static void degree_and_steps_are_bounded(void **state)
{
	static const enum link_shape shapes[] = {LINK_CYCLE, LINK_RING};
	static struct link_case c;
	struct link_limits limits = link_limits_default;

	(void)state;
	limits.node_edges_max = 20;
	limits.steps_max = 60;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		uint64_t nodes = counter_sum(COUNT_LINK_NODE_FULL), searches = counter_sum(COUNT_LINK_SEARCH_FULL);
		struct link *link = link_new_bounded(0, &limits);

		c.rule = link_rule_of(LINK_PATH, shapes[i], 1);
		make(&c, 13, 400, 6, 500);
		link_forget_reports(&c);
		for (size_t at = 0; at < c.count; at++)
			link_put_one(&c, link, at);
		assert_true(counter_sum(COUNT_LINK_NODE_FULL) > nodes);
		assert_true(counter_sum(COUNT_LINK_SEARCH_FULL) > searches);
		link_free(&link);
	}
}

/* A payment of its own id. */
static void pay(struct link_case *c, struct link *link, uint64_t from, uint64_t to, size_t number)
{
	struct link_event event;

	c->events[0] = (struct reference_link_event){.booked_ms = LINK_T0, .from = from, .to = to, .amount_minor = 1000};
	name(c, 0);
	snprintf(c->ids[0], sizeof(c->ids[0]), "t%zu", number);
	event = link_event_of(c, 0);
	link_put(link, &event, NULL, NULL, NULL);
}

/* I8: those who can reach a payer at all may be more than are looked at. */
static void the_reach_of_a_ring_is_bounded(void **state)
{
	enum { PAYERS = 3, EACH = 1500 };
	static struct link_case c;
	struct link_limits limits = link_limits_default;
	uint64_t searches = counter_sum(COUNT_LINK_SEARCH_FULL);
	struct link *link;
	size_t n = 0;

	(void)state;
	limits.steps_max = UINT64_MAX;
	link = link_new_bounded(0, &limits);
	c.rule = link_rule_of(LINK_PATH, LINK_RING, 1);
	for (uint64_t payer = 0; payer < PAYERS; payer++) {
		pay(&c, link, 10 + payer, 1, n++);
		for (uint64_t i = 0; i < EACH; i++)
			pay(&c, link, 1000 + payer * EACH + i, 10 + payer, n++);
	}
	pay(&c, link, 2, 3, n++);
	assert_int_equal(counter_sum(COUNT_LINK_SEARCH_FULL), searches);
	pay(&c, link, 1, 2, n++);
	assert_true(counter_sum(COUNT_LINK_SEARCH_FULL) > searches);
	link_free(&link);
}

/* More than there are marks get money from those in reach, and nobody of them pays on: they take no mark. */
static void whom_a_ring_passes_by_is_not_marked(void **state)
{
	enum { WAYS = 17, EACH = 2000 };
	static struct link_case c;
	struct link_limits limits = link_limits_default;
	struct link *link;
	size_t n = 0;

	(void)state;
	limits.steps_max = UINT64_MAX;
	link = link_new_bounded(0, &limits);
	c.rule = link_rule_of(LINK_PATH, LINK_RING, 1);
	for (uint64_t way = 0; way < WAYS; way++) {
		for (uint64_t i = 0; i < EACH; i++)
			pay(&c, link, 10 + way, 1000 + way * EACH + i, n++);
		pay(&c, link, 10 + way, 1, n++);
		pay(&c, link, 2, 10 + way, n++);
	}
	pay(&c, link, 1, 2, n++);
	link_free(&link);
}

/* I8: memory ends while edges, names and hits come and go. */
static void memory_is_bounded(void **state)
{
	static struct link_case c;
	struct link_limits limits = link_limits_default;
	uint64_t forgotten = counter_sum(COUNT_LINK_FORGOTTEN);
	struct link_event event;
	struct link *link;

	(void)state;
	limits.bytes_max = 1 << 20;
	limits.bytes_kept = 1 << 18;
	link = link_new_bounded(0, &limits);
	c.rule = link_rule_of(LINK_PATH, LINK_CYCLE, 1);
	for (uint64_t round = 0; round < 60; round++) {
		make(&c, round, 400, 300, 600);
		for (size_t i = 0; i < c.count; i++) {
			snprintf(c.accounts[i], sizeof(c.accounts[i]), "%llu-%zu", (unsigned long long)round, i);
			c.events[i].booked_ms += (int64_t)round * 30 * LINK_MINUTE;
			event = link_event_of(&c, i);
			link_put(link, &event, NULL, NULL, NULL);
			assert_true(link_bytes(link) <= limits.bytes_max);
		}
	}
	assert_true(counter_sum(COUNT_LINK_FORGOTTEN) > forgotten);
	link_free(&link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cycles),
		cmocka_unit_test(rings),
		cmocka_unit_test(ways_to_a_listed_account),
		cmocka_unit_test(chains),
		cmocka_unit_test(scattered_and_gathered),
		cmocka_unit_test(gathered_and_scattered),
		cmocka_unit_test(stacks),
		cmocka_unit_test(the_same_payees_of_several_payers),
		cmocka_unit_test(conserved_sums_in_any_order),
		cmocka_unit_test(an_edge_again_repeats_its_report),
		cmocka_unit_test(twins_are_no_width),
		cmocka_unit_test(degree_and_steps_are_bounded),
		cmocka_unit_test(the_reach_of_a_ring_is_bounded),
		cmocka_unit_test(whom_a_ring_passes_by_is_not_marked),
		cmocka_unit_test(memory_is_bounded),
	};
	return cmocka_run_group_tests_name("link_paths", tests, NULL, NULL);
}
