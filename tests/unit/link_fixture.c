#include "tests/unit/link_fixture.h"

enum { SHUFFLES = 200, ARENA_BYTES = 16 << 20 };

struct link_rule link_rule_of(enum link_kind kind, enum link_shape shape, uint32_t at_least)
{
	return (struct link_rule){
		.kind = kind, .shape = shape, .at_least = at_least, .hops_least = 3, .hops_most = 5,
		.within_ms = 600 * LINK_MINUTE, .tolerance_permille = LINK_TOLERANCE_ANY, .pattern = slice_of("t"),
		.typology = slice_of("M13"), .title_zh = slice_of("试验"), .title_en = slice_of("A test"),
	};
}

struct link_event link_event_of(const struct link_case *c, size_t i)
{
	const struct reference_link_event *e = &c->events[i];
	struct link_event event = {
		.hit = {.bank = slice_of("102100099996"), .account = slice_of(c->accounts[i]),
		        .account_name = slice_of("恒达机械"), .tx_id = slice_of(c->ids[i]), .pattern = c->rule.pattern,
		        .typology = c->rule.typology, .version = 1, .audience = AUDIENCE_ANALYST, .score = 55,
		        .booked_ms = e->booked_ms, .amount_cny_minor = e->amount_minor,
		        .evidence = slice_of(c->rule.kind == LINK_KEY ? "{\"pattern\":\"t\"}" : "")},
		.rule = &c->rule, .key = e->key, .who = e->who, .from = e->from, .to = e->to, .credit = e->credit,
		.listed = e->listed,
	};

	hit_id(&event.hit);
	return event;
}

void link_forget_reports(struct link_case *c)
{
	memset(c->hit, 0, sizeof(c->hit));
	memset(c->group, 0, sizeof(c->group));
	c->reports = 0;
}

static void note(void *context, const struct hit *hit)
{
	struct link_case *c = context;
	char text[24];
	size_t i;

	snprintf(text, sizeof(text), "%.*s", SLICE_PRINT(hit->tx_id));
	i = (size_t)atoi(text + 1);
	assert_true(i < c->count);
	assert_true(slice_is(hit->account, c->accounts[i]) && slice_is(hit->account_name, "恒达机械"));
	assert_true(slice_equal(hit->pattern, c->rule.pattern) && slice_is(hit->typology, "M13"));
	assert_int_equal(hit->booked_ms, c->events[i].booked_ms);
	assert_int_equal(hit->amount_cny_minor, c->events[i].amount_minor);
	assert_true(hit->group != 0 && hit->group <= INT64_MAX);
	assert_true(hit->evidence.length > 0 && hit->evidence.at[hit->evidence.length - 1] == '}');
	c->hit[i] = true;
	if (c->group[i] == 0 || hit->group < c->group[i])
		c->group[i] = hit->group;
	c->reports++;
}

void link_put_one(struct link_case *c, struct link *link, size_t i)
{
	struct link_event event = link_event_of(c, i);
	struct arena arena;

	arena_init(&arena, ARENA_BYTES);
	link_put(link, &event, &arena, note, c);
	arena_deinit(&arena);
}

void link_run(struct link_case *c, const size_t *order)
{
	struct link_limits limits = link_limits_default;
	struct link *link;

	limits.steps_max = UINT64_MAX; /* small graphs, but dense */
	link = link_new_bounded(0, &limits);

	link_forget_reports(c);
	for (size_t i = 0; i < c->count; i++)
		link_put_one(c, link, order[i]);
	link_free(&link);
}

uint32_t link_random(uint64_t *state, uint32_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33) % below;
}

void link_shuffle(size_t *order, size_t count, uint64_t *random)
{
	for (size_t i = count; i-- > 1;) {
		size_t j = link_random(random, (uint32_t)i + 1), kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
}

void link_check(struct link_case *c, uint64_t seed)
{
	bool expected[LINK_EVENTS];
	uint64_t groups[LINK_EVENTS];
	size_t order[LINK_EVENTS];

	reference_link(&c->rule, c->events, c->count, expected);
	for (size_t i = 0; i < c->count; i++)
		order[i] = i;
	for (int round = 0; round <= SHUFFLES; round++) {
		link_run(c, order);
		for (size_t i = 0; i < c->count; i++)
			if (c->hit[i] != expected[i] || (round > 0 && c->group[i] != groups[i]))
				fail_msg("seed %llu, shape %d, round %d, event %zu: hit %d, expected %d; group %llx, %llx",
				         (unsigned long long)seed, c->rule.shape, round, i, c->hit[i], expected[i],
				         (unsigned long long)c->group[i], (unsigned long long)groups[i]);
		memcpy(groups, c->group, sizeof(groups));
		link_shuffle(order, c->count, &seed);
	}
}
