/*
 * A transaction is one edge for all the path rules whose own part it passed: each rule finds what it finds alone.
 */
#include <unistd.h>

#include "link/snapshot.h"
#include "tests/unit/link_fixture.h"
#include "work.h"

enum { RULES = 6, EDGES = 60, SHUFFLES = 200, FOUND_BYTES = 16 << 20 };

static struct link_case c; /* its edges; its rule is not asked */
static struct link_rule rules[RULES];
static char names[RULES][8];
static uint32_t passed[EDGES]; /* a bit a rule */
static bool hit[RULES][EDGES];

static void make_rules(void)
{
	static const enum link_shape shapes[RULES] = {LINK_CYCLE, LINK_SCATTER_GATHER, LINK_BIPARTITE, LINK_STACK,
	                                              LINK_TO_LISTED, LINK_CHAIN};

	for (int r = 0; r < RULES; r++) {
		snprintf(names[r], sizeof(names[r]), "r%d", r);
		rules[r] = link_rule_of(LINK_PATH, shapes[r], 2);
		rules[r].pattern = slice_of(names[r]);
		rules[r].within_ms = (200 + 100 * r) * LINK_MINUTE;
		if (shapes[r] == LINK_CHAIN)
			rules[r].hops_least = rules[r].hops_most = 3;
		if (r == 1)
			rules[r].tolerance_permille = 100;
	}
}

static void make_edges(uint64_t seed)
{
	c.count = EDGES;
	for (size_t i = 0; i < EDGES; i++) {
		struct reference_link_event *e = &c.events[i];
		*e = (struct reference_link_event){
			.booked_ms = LINK_T0 + link_random(&seed, 1500) * LINK_MINUTE, .from = 1 + link_random(&seed, 9),
			.amount_minor = 900 + link_random(&seed, 200), .credit = link_random(&seed, 2) == 1,
		};
		e->to = 1 + (e->from + link_random(&seed, 8)) % 9;
		e->listed = e->to == 1;
		passed[i] = 1 + link_random(&seed, (1u << RULES) - 1);
		snprintf(c.accounts[i], sizeof(c.accounts[i]), "a%llu", (unsigned long long)(e->credit ? e->to : e->from));
		snprintf(c.ids[i], sizeof(c.ids[i]), "t%zu", i);
	}
}

/* What each rule finds among the edges that passed it, by the plain definitions. */
static void expect(bool expected_r[RULES][EDGES])
{
	for (int r = 0; r < RULES; r++) {
		struct reference_link_event events[EDGES];
		size_t at[EDGES], n = 0;
		bool hits[EDGES];
		for (size_t i = 0; i < EDGES; i++)
			if ((passed[i] >> r & 1) != 0) {
				at[n] = i;
				events[n++] = c.events[i];
			}
		reference_link(&rules[r], events, n, hits);
		memset(expected_r[r], 0, sizeof(expected_r[r]));
		for (size_t i = 0; i < n; i++)
			expected_r[r][at[i]] = hits[i];
	}
}

static void note(void *context, const struct hit *found)
{
	char pattern[8], id[24], expected[64];
	int r;

	(void)context;
	snprintf(pattern, sizeof(pattern), "%.*s", SLICE_PRINT(found->pattern));
	snprintf(id, sizeof(id), "%.*s", SLICE_PRINT(found->tx_id));
	r = atoi(pattern + 1);
	assert_in_range(r, 0, RULES - 1);
	assert_int_equal(found->version, 1 + r);
	assert_int_equal(found->score, 40 + r);
	snprintf(expected, sizeof(expected), "{\"pattern\":\"r%d\",\"version\":%d,", r, 1 + r);
	assert_memory_equal(found->evidence.at, expected, strlen(expected));
	hit[r][atoi(id + 1)] = true;
}

/* The event of an edge for those of its rules in `which`. */
static struct link_event event_of(size_t i, uint32_t which, struct link_passed also[RULES])
{
	struct link_event event = link_event_of(&c, i);

	event.rule = NULL;
	event.also = also;
	for (uint32_t r = 0; r < RULES; r++) {
		struct link_passed one = {.rule = &rules[r], .version = 1 + r, .audience = AUDIENCE_ANALYST,
		                          .score = (uint8_t)(40 + r), .listed = c.events[i].listed};
		if ((which >> r & 1) == 0)
			continue;
		if (event.rule != NULL) {
			also[event.also_count++] = one;
			continue;
		}
		event.rule = &rules[r];
		event.listed = one.listed;
		event.hit.pattern = rules[r].pattern;
		event.hit.version = one.version;
		event.hit.score = one.score;
	}
	return event;
}

static void put(struct link *link, size_t i, uint32_t which, struct arena *arena)
{
	struct link_passed also[RULES];
	struct link_event event;

	if (which == 0)
		return;
	event = event_of(i, which, also);
	link_put(link, &event, arena, note, NULL);
	arena_reset(arena);
}

static struct link *link_of_steps(void)
{
	struct link_limits limits = link_limits_default;

	limits.steps_max = UINT64_MAX;
	return link_new_bounded(0, &limits);
}

/* Now and then a rule learns of an edge later than the others. */
static void run(const size_t *order, size_t from, size_t to, struct link *link, uint64_t *random)
{
	struct arena arena;

	arena_init(&arena, FOUND_BYTES);
	for (size_t i = from; i < to; i++) {
		uint32_t later = link_random(random, 4) == 0 ? link_random(random, 1u << RULES) : 0;
		put(link, order[i], passed[order[i]] & ~later, &arena);
		put(link, order[i], passed[order[i]] & later, &arena);
	}
	arena_deinit(&arena);
}

/* I2: 200 shuffles, against the plain reference of each rule. */
static void each_rule_finds_what_it_finds_alone(void **state)
{
	bool expected[RULES][EDGES];
	size_t order[EDGES], found = 0;

	(void)state;
	make_rules();
	for (uint64_t seed = 1; seed <= 4; seed++) {
		uint64_t random = seed;
		make_edges(seed);
		expect(expected);
		for (size_t i = 0; i < EDGES; i++)
			order[i] = i;
		for (int round = 0; round < SHUFFLES; round++) {
			struct link *link = link_of_steps();
			memset(hit, 0, sizeof(hit));
			run(order, 0, EDGES, link, &random);
			assert_memory_equal(hit, expected, sizeof(hit));
			link_free(&link);
			link_shuffle(order, EDGES, &random);
		}
		for (size_t i = 0; i < sizeof(hit); i++)
			found += ((bool *)hit)[i];
	}
	assert_true(found > 4 * RULES);
}

/* I4: saved in the middle and read again, every rule of an edge is there. */
static void a_snapshot_keeps_every_rule(void **state)
{
	char folder[64] = "/tmp/huqi-rules-XXXXXX", path[96];
	struct link *link = link_of_steps(), *other = link_of_steps();
	bool before[RULES][EDGES], expected[RULES][EDGES];
	struct error error = {""};
	size_t order[EDGES];
	uint64_t random = 3;

	(void)state;
	make_rules();
	make_edges(9);
	expect(expected);
	for (size_t i = 0; i < EDGES; i++)
		order[i] = i;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/links", folder);
	memset(hit, 0, sizeof(hit));
	run(order, 0, EDGES / 2, link, &random);
	memcpy(before, hit, sizeof(hit));
	if (link_save(link, path, &error) == -1 || link_load(other, path, &error) == -1)
		fail_msg("%s", error.text);
	run(order, EDGES / 2, EDGES, other, &random);
	for (int r = 0; r < RULES; r++)
		for (size_t i = 0; i < EDGES; i++)
			assert_int_equal(before[r][i] || hit[r][i], expected[r][i]);
	link_free(&link);
	link_free(&other);
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

/* A work keeps all that an event borrows. */
static void a_work_keeps_every_rule(void **state)
{
	struct work *work = work_new(NULL);
	struct link_passed also[RULES];
	struct link_event event;

	(void)state;
	make_rules();
	make_edges(1);
	for (size_t i = 0; i < 2; i++) {
		event = event_of(i, (1u << RULES) - 1, also);
		work_add_link(work, &event);
		memset(also, 0, sizeof(also));
	}
	memset(rules, 0, sizeof(rules));
	assert_int_equal(work->link_count, 2);
	assert_int_equal(work->rule_count, RULES);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(work->links[i].also_count, RULES - 1);
		for (uint32_t r = 1; r < RULES; r++) {
			const struct link_passed *one = &work->links[i].also[r - 1];
			assert_true(slice_is(one->rule->pattern, names[r]));
			assert_int_equal(one->version, 1 + r);
			assert_int_equal(one->listed, c.events[i].listed);
		}
	}
	work_free(work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_finds_what_it_finds_alone),
		cmocka_unit_test(a_snapshot_keeps_every_rule),
		cmocka_unit_test(a_work_keeps_every_rule),
	};
	return cmocka_run_group_tests_name("link_rules", tests, NULL, NULL);
}
