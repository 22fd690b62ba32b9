#include "tests/unit/match_fixture.h"

#include "base/money.h"

enum { ARENA_BYTES = 4 << 20 };

/* The currencies' numbers by money_currency_find(); checked where they are used. */
const struct pattern_rate fixture_rates[3] = {{0, 7100000}, {0, 7700000}, {0, 48000}};

const struct pattern_rate *fixture_rate_list(void)
{
	static const char *const codes[] = {"USD", "EUR", "JPY"};
	static _Thread_local struct pattern_rate found[3];

	for (int i = 0; i < 3; i++)
		found[i] = (struct pattern_rate){(uint8_t)money_currency_find(slice_of(codes[i])),
		                                 fixture_rates[i].cny_micros};
	return found;
}

struct pattern_set *fixture_set_try(const char *yaml, struct error *error)
{
	struct pattern_options options = {.rates = fixture_rate_list(), .rate_count = 3};
	struct pattern_set *set = NULL;

	return pattern_set_load_bytes("t.yaml", yaml, strlen(yaml), &options, &set, error) == 0 ? set : NULL;
}

struct pattern_set *fixture_set_of(const char *yaml)
{
	struct error error = {""};
	struct pattern_set *set = fixture_set_try(yaml, &error);

	if (set == NULL)
		fail_msg("%s", error.text);
	return set;
}

char *fixture_yaml(const char *detect)
{
	char *yaml = malloc(strlen(detect) + 400);

	assert_non_null(yaml);
	sprintf(yaml,
	        "id: t\nversion: 1\nstatus: active\ntypology: V01\ntitle: {zh: 试验, en: A test}\n"
	        "audience: enterprise\nscore: 50\ndetect:\n%s\n",
	        detect);
	return yaml;
}

struct pattern_set *fixture_set(const char *detect)
{
	char *yaml = fixture_yaml(detect);
	struct pattern_set *set = fixture_set_of(yaml);

	free(yaml);
	return set;
}

struct tx fixture_tx(void)
{
	struct tx tx;

	tx_init(&tx);
	tx.id = slice_of("t1");
	tx.bank = slice_of("102100099996");
	tx.account = slice_of("6222020000000000001");
	tx.direction = TX_DEBIT;
	tx.channel = TX_ONLINE;
	tx.amount_minor = 48000000;
	tx.booked_ms = INT64_C(1772416800000);
	tx.opened_day = 20504; /* 2026-02-20 */
	tx.counterparty.kind = TX_PERSON;
	tx.counterparty.name = slice_of("张三");
	return tx;
}

struct tx fixture_text(const char *purpose, const char *remark)
{
	struct tx tx = fixture_tx();

	tx.purpose = slice_of(purpose);
	tx.remark = slice_of(remark);
	return tx;
}

size_t fixture_hits_with(struct matcher *matcher, const struct tx *tx)
{
	struct match_hits hits;
	struct arena arena;

	arena_init(&arena, ARENA_BYTES);
	hits = (struct match_hits){.arena = &arena};
	match_tx(matcher, tx, NULL, &hits);
	assert_false(hits.overflowed);
	arena_deinit(&arena);
	return hits.count;
}

size_t fixture_hits(struct pattern_set *set, const struct tx *tx)
{
	struct matcher *matcher = matcher_new(set);
	size_t count = fixture_hits_with(matcher, tx);

	matcher_free(&matcher);
	return count;
}

char *fixture_evidence(struct pattern_set *set, const struct tx *tx)
{
	struct matcher *matcher = matcher_new(set);
	struct match_hits hits;
	struct arena arena;
	char *copy;

	arena_init(&arena, ARENA_BYTES);
	hits = (struct match_hits){.arena = &arena};
	match_tx(matcher, tx, NULL, &hits);
	assert_int_equal(hits.count, 1);
	copy = strndup(hits.items[0].evidence.at, hits.items[0].evidence.length);
	arena_deinit(&arena);
	matcher_free(&matcher);
	return copy;
}

uint32_t fixture_random(uint64_t *state, uint32_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33) % below;
}
