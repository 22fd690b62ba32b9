/*
 * `link: {by: account, distinct: counterparty}` from the pattern's file to the hits: accounts' own counterparties are
 * counted, in whatever order the transactions come, against the plain reference.
 */
#include "tests/unit/link_fixture.h"
#include "tests/unit/match_fixture.h"

enum { TXS_MAX = 60, ACCOUNTS = 3, PARTIES = 7, SHUFFLES = 200, ARENA_BYTES = 16 << 20 };

/* How each account and counterparty is written: a bank writes a number now with blanks, now without. */
static const struct {
	const char *bank, *number[2];
} accounts[ACCOUNTS] = {
	{"102100099996", {"6222020000000000001", "6222 0200 0000 0000 001"}},
	{"102100099996", {"6222020000000000002", "6222-0200-0000-0000-002"}},
	{"308584000013", {"6222020000000000001", "6222 0200 00000000001"}}, /* another bank's of that number */
};
static const struct {
	const char *number, *name;
} parties[PARTIES][2] = {
	{{"62170001", "甲商行"}, {"6217 0001", "乙商行"}}, /* the number says who it is, whatever the name */
	{{"62170002", "甲商行"}, {"6217-0002", ""}},
	{{"62170003", "丙商行"}, {"62170003", "丙 商 行"}},
	{{"", "张三"}, {"", "張 三"}}, /* without a number the folded name does */
	{{"", "ＬＩ　ＳＩ"}, {"", "lisi"}},
	{{"", "甲商行"}, {"", "甲　商行"}},
	{{"gb29nwbk601613", "x"}, {"GB29 NWBK 6016 13", "x"}},
};

struct story {
	struct pattern_set *set;
	struct tx txs[TXS_MAX];
	struct reference_link_event events[TXS_MAX]; /* who is who, without any hash */
	size_t count;
	char ids[TXS_MAX][24];
	struct match_hits hits; /* their links, in the order of the transactions */
	bool hit[TXS_MAX];
	uint64_t group[TXS_MAX];
};

static void write_tx(struct story *s, size_t i, uint64_t *random)
{
	uint32_t account = link_random(random, ACCOUNTS), party = link_random(random, PARTIES),
	         way = link_random(random, 2);
	struct tx *tx = &s->txs[i];

	*tx = fixture_tx();
	snprintf(s->ids[i], sizeof(s->ids[i]), "t%zu", i);
	tx->id = slice_of(s->ids[i]);
	tx->bank = slice_of(accounts[account].bank);
	tx->account = slice_of(accounts[account].number[link_random(random, 2)]);
	tx->counterparty.account = slice_of(parties[party][way].number);
	tx->counterparty.name = slice_of(parties[party][way].name);
	tx->booked_ms = LINK_T0 + link_random(random, 3000) * LINK_MINUTE;
	tx->amount_minor = 1 + link_random(random, 1000);
	tx->direction = link_random(random, 2) == 0 ? TX_DEBIT : TX_CREDIT;
	s->events[i] = (struct reference_link_event){
		.booked_ms = tx->booked_ms, .amount_minor = tx->amount_minor, .key = account, .who = 1 + party};
}

static void story_make(struct story *s, uint64_t seed, struct arena *arena)
{
	uint64_t random = seed;
	char detect[200];
	struct matcher *matcher;

	snprintf(detect, sizeof(detect), "  link: {by: account, distinct: counterparty, at_least: %u, within: 10h%s}",
	         2 + link_random(&random, 5), seed % 3 == 1 ? ", count: 6" : seed % 3 == 2 ? ", sum: 20" : "");
	s->set = fixture_set(detect);
	s->count = 20 + link_random(&random, TXS_MAX - 20);
	s->hits = (struct match_hits){.arena = arena};
	matcher = matcher_new(s->set);
	for (size_t i = 0; i < s->count; i++) {
		write_tx(s, i, &random);
		match_tx(matcher, &s->txs[i], NULL, &s->hits);
	}
	matcher_free(&matcher);
	assert_int_equal(s->hits.count, 0);
	assert_int_equal(s->hits.link_count, s->count);
}

static void note(void *context, const struct hit *hit)
{
	struct story *s = context;
	char id[8];
	size_t i;

	snprintf(id, sizeof(id), "%.*s", SLICE_PRINT(hit->tx_id));
	i = (size_t)atoi(id + 1);
	assert_true(i < s->count && slice_equal(hit->account, s->txs[i].account));
	s->hit[i] = true;
	if (s->group[i] == 0 || hit->group < s->group[i])
		s->group[i] = hit->group;
}

static void run(struct story *s, const size_t *order)
{
	struct link *link = link_new(0);
	struct arena arena;

	memset(s->hit, 0, sizeof(s->hit));
	memset(s->group, 0, sizeof(s->group));
	arena_init(&arena, ARENA_BYTES);
	for (size_t i = 0; i < s->count; i++) {
		link_put(link, &s->hits.links[order[i]], &arena, note, s);
		arena_reset(&arena);
	}
	arena_deinit(&arena);
	link_free(&link);
}

/* Hits of one account are one group, and no other account's. */
static void check_groups(const struct story *s)
{
	for (size_t i = 0; i < s->count; i++)
		for (size_t j = 0; j < i; j++)
			if (s->hit[i] && s->hit[j])
				assert_int_equal(s->group[i] == s->group[j], s->events[i].key == s->events[j].key);
}

/* I2: 200 interleavings of accounts' transactions. */
static void any_order_gives_the_hits_of_the_reference(void **state)
{
	static struct story s;
	size_t order[TXS_MAX], found = 0, not_found = 0;
	bool expected[TXS_MAX];

	(void)state;
	for (uint64_t seed = 1; seed <= 24; seed++) {
		uint64_t random = seed;
		struct arena arena;
		arena_init(&arena, ARENA_BYTES);
		story_make(&s, seed, &arena);
		reference_link(s.hits.links[0].rule, s.events, s.count, expected);
		for (size_t i = 0; i < s.count; i++)
			order[i] = i;
		for (int round = 0; round <= SHUFFLES; round++) {
			run(&s, order);
			for (size_t i = 0; i < s.count; i++)
				if (s.hit[i] != expected[i])
					fail_msg("seed %d, round %d, transaction %zu: hit %d", (int)seed, round, i, s.hit[i]);
			check_groups(&s);
			link_shuffle(order, s.count, &random);
		}
		for (size_t i = 0; i < s.count; i++)
			*(expected[i] ? &found : &not_found) += 1;
		pattern_set_free(&s.set);
		arena_deinit(&arena);
	}
	assert_true(found > 100 && not_found > 100); /* else it says little */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(any_order_gives_the_hits_of_the_reference)};

	return cmocka_run_group_tests_name("link_account", tests, NULL, NULL);
}
