/*
 * Links and money paths through the desk, on a real store: the final alerts, byte for byte, however the
 * partitions interleave, whatever the batches, with commits that fail.
 */
#include "desk.h"
#include "tests/unit/link_fixture.h"

enum { PARTITIONS = 6, PER_PARTITION = 25, EVENTS = PARTITIONS * PER_PARTITION, RULES = 3 };
enum { ALERTS_BYTES = 1 << 20 };

static struct link_rule rules[RULES];
static struct link_event made[EVENTS];
static char accounts[EVENTS][24], ids[EVENTS][24], patterns[RULES][16];

static void make_rules(void)
{
	rules[0] = link_rule_of(LINK_KEY, 0, 3);
	rules[1] = link_rule_of(LINK_PATH, LINK_CYCLE, 1);
	rules[1].hops_least = 2;
	rules[2] = link_rule_of(LINK_PATH, LINK_GATHER_SCATTER, 2);
	for (int i = 0; i < RULES; i++) {
		snprintf(patterns[i], sizeof(patterns[i]), "p%d", i);
		rules[i].pattern = slice_of(patterns[i]);
	}
}

/*
 * A partition's transactions are in the order of time, as a bank books them; an account has one
 * partition.
 */
static void make_events(uint64_t seed)
{
	make_rules();
	for (size_t i = 0; i < EVENTS; i++) {
		size_t partition = i / PER_PARTITION, at = i % PER_PARTITION;
		uint64_t own = partition * 2 + link_random(&seed, 2), other = link_random(&seed, PARTITIONS * 2);
		struct link_event *e = &made[i];
		snprintf(accounts[i], sizeof(accounts[i]), "a%llu", (unsigned long long)own);
		snprintf(ids[i], sizeof(ids[i]), "t%zu", i);
		*e = (struct link_event){
			.hit = {.bank = slice_of("102100099996"), .account = slice_of(accounts[i]),
			        .account_name = slice_of("恒达机械"), .tx_id = slice_of(ids[i]), .version = 1,
			        .audience = AUDIENCE_ANALYST, .score = (uint8_t)(20 + link_random(&seed, 10)),
			        .booked_ms = LINK_T0 + (int64_t)at * 60 * LINK_MINUTE + link_random(&seed, 60) * LINK_MINUTE,
			        .amount_cny_minor = 1000 + link_random(&seed, 50)},
			.rule = &rules[link_random(&seed, RULES)], .key = link_random(&seed, 4), .who = own, .from = own,
			.to = other != own ? other : other + 1,
		};
		e->hit.pattern = e->rule->pattern;
		e->hit.typology = e->rule->typology;
		e->hit.score = (uint8_t)(25 + 10 * (e->rule - rules));
		e->hit.evidence = slice_of(e->rule->kind == LINK_KEY ? "{\"pattern\":\"p0\"}" : "");
		hit_id(&e->hit);
	}
}

/* Any interleaving: of each partition the next, in its order. */
static void interleave(size_t *order, uint64_t *random)
{
	size_t next[PARTITIONS] = {0};

	for (size_t i = 0; i < EVENTS; i++) {
		size_t partition = link_random(random, PARTITIONS);
		while (next[partition] == PER_PARTITION)
			partition = (partition + 1) % PARTITIONS;
		order[i] = partition * PER_PARTITION + next[partition]++;
	}
}

/* Now and then the commit fails and the work comes again. */
static void apply(struct desk *desk, struct store *store, struct work *work, uint64_t *random)
{
	struct error error;

	if (link_random(random, 4) == 0) {
		assert_int_equal(store_begin(store, &error), 0);
		assert_int_equal(desk_apply(desk, store, work, &error), 0);
		store_rollback(store);
	}
	if (store_begin(store, &error) == -1 || desk_apply(desk, store, work, &error) == -1 ||
	    store_commit(store, &error) == -1)
		fail_msg("%s", error.text);
	work_reset(work);
}

static char *alerts_of(struct store *store)
{
	struct alert_row *rows;
	struct arena arena;
	struct error error;
	size_t n, length = 0;
	char *text = calloc(1, ALERTS_BYTES);

	arena_init(&arena, 64 << 20);
	assert_int_equal(
		store_alerts_by_opened(store, INT64_MIN, slice_of(""), 10000, &arena, &rows, &n, &error), 0);
	for (size_t i = 0; i < n; i++)
		length += (size_t)snprintf(text + length, ALERTS_BYTES - length, "%.*s\n", SLICE_PRINT(rows[i].body));
	arena_deinit(&arena);
	return text;
}

static char *run(const size_t *order, uint64_t *random)
{
	struct judge_rules judging = judge_rules_default();
	uint32_t batch = 1 + link_random(random, 40);
	struct desk desk;
	struct store *store;
	struct error error;
	struct work *work = work_new(NULL);
	char *alerts;

	assert_int_equal(store_open(":memory:", NULL, &store, &error), 0);
	desk_init(&desk, &judging, NULL, INT64_C(72) * 60 * LINK_MINUTE, false);
	for (size_t i = 0; i < EVENTS; i++) {
		work_add_link(work, &made[order[i]]);
		if (link_random(random, batch) == 0)
			apply(&desk, store, work, random);
	}
	apply(&desk, store, work, random);
	alerts = alerts_of(store);
	work_free(work);
	desk_deinit(&desk);
	store_close(&store);
	return alerts;
}

/* I2, I3: 200 interleavings. */
static void partitions_interleave_in_any_way(void **state)
{
	uint64_t random = 77;
	size_t order[EVENTS];
	char *first = NULL;

	(void)state;
	make_events(5);
	for (int round = 0; round < 200; round++) {
		char *alerts;
		interleave(order, &random);
		alerts = run(order, &random);
		if (first == NULL)
			first = alerts;
		assert_string_equal(first, alerts);
		if (alerts != first)
			free(alerts);
	}
	assert_non_null(strstr(first, "\"path\":\"cycle\""));
	assert_non_null(strstr(first, "\"path\":\"gather-scatter\""));
	assert_non_null(strstr(first, "{\"pattern\":\"p0\"}"));
	assert_null(strstr(first, "\"group\":null"));
	free(first);
}

static size_t groups_in(const char *alerts, char groups[][17], size_t most)
{
	size_t n = 0;

	for (const char *at = alerts; (at = strstr(at, "\"group\":\"")) != NULL && n < most; n++) {
		memcpy(groups[n], at += strlen("\"group\":\""), 16);
		groups[n][16] = '\0';
		assert_int_equal(groups[n][strspn(groups[n], "0123456789abcdef")], '\0');
	}
	return n;
}

/* contract.md section 2: what several accounts did gives each its alert, with one group. */
static void accounts_that_belong_together_share_a_group(void **state)
{
	size_t order[EVENTS];
	char groups[3][17], *alerts;
	uint64_t random = 1;

	(void)state;
	make_events(1);
	for (size_t i = 0; i < EVENTS; i++) {
		order[i] = i;
		made[i].rule = &rules[0];
		made[i].hit.pattern = rules[0].pattern;
		made[i].hit.evidence = slice_of("{\"pattern\":\"p0\"}");
		made[i].hit.booked_ms = LINK_T0 + (int64_t)i * 1000;
		made[i].key = i < 3 ? 7 : 1000 + i;
		made[i].who = i;
		snprintf(accounts[i], sizeof(accounts[i]), "a%zu", i);
		made[i].hit.account = slice_of(accounts[i]);
		made[i].hit.score = 50;
		hit_id(&made[i].hit);
	}
	alerts = run(order, &random);
	assert_int_equal(groups_in(alerts, groups, 4), 3);
	assert_string_equal(groups[0], groups[1]);
	assert_string_equal(groups[0], groups[2]);
	free(alerts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(partitions_interleave_in_any_way),
		cmocka_unit_test(accounts_that_belong_together_share_a_group),
	};
	return cmocka_run_group_tests_name("link_desk", tests, NULL, NULL);
}
