/*
 * The gate of a set only spares work: random patterns and transactions give the same hits with it and
 * without. So does what is remembered of the conditions that patterns share, and the order in which a pattern's
 * questions are asked.
 */
#include "tests/unit/tape_fixture.h"

#include "base/money.h"
#include "match/gate.h"
#include "pattern/gate_rows.h"

enum { SETS = 15, PATTERNS = 90, TXS = 500, SET_BYTES = 200000 };

static uint64_t seed = 5;

static uint32_t pick(uint32_t below)
{
	return fixture_random(&seed, below);
}

#define ONE_OF(...) \
	((const char *const[]){__VA_ARGS__}[pick(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))])

static const char *test(void)
{
	return ONE_OF("direction = debit", "direction != debit", "amount >= 5万", "amount < 1千", "5 <= amount <= 99",
	              "amount in [3..7, 10万..20万]", "amount >= 100 USD", "counterparty.kind = person",
	              "counterparty.kind != company", "counterparty.kind in [person, unknown]",
	              "not present(counterparty.kind)", "not counterparty.kind = person", "channel in [online, mobile]",
	              "channel = atm", "not (channel = atm)", "hour(booked_at) in [22..23, 0..5]", "hour(booked_at) < 9",
	              "not hour(booked_at) >= 9", "contains(remark, '货款')", "amount != 500", "balance < 1万", "contains(remark, '款项')",
	              "amount in [3..8, 10万..20万]", "known(counterparty.account)", "count(all, 24h) >= 2",
	              "count(all, 24h) >= 3", "count(debits, 24h) >= 2", "watched() < 4h", "not count(all, 5h) < 2", "distinct(all, 30d) > 1",
	              "count(credits, 24h) in [2, 3..9]", "not distinct(debits, 24h) >= 2",
	              "first_seen(counterparty.account) < 5h", "not first_seen(counterparty.account) > 2h",
	              "first_seen(counterparty.account) in [0s, 6h..20h]",
	              "present(remark)", "not present(remark)", "present(balance)", "not present(counterparty.bank)",
	              "currency != CNY", "currency in [CNY, USD]", "not currency = JPY",
	              "(amount >= 5万 or direction = credit)", "(amount >= 5万 or direction = debit)");
}

static void put_where(char *out)
{
	sprintf(out + strlen(out), "%s%s %s %s%s", ONE_OF("", "", "not "), test(), ONE_OF("and", "and", "or"), ONE_OF("", "not "),
	        test());
}

static void put_sequence(char *out)
{
	sprintf(out + strlen(out), "[{name: a, %s}, {name: b, %s, %s}]", ONE_OF("direction: credit", "amount: '>= 5千'", "repeat: 1..2"),
	        ONE_OF("direction: debit", "direction: credit", "repeat: 1..2"),
	        ONE_OF("amount: '>= 1万'", "amount: '< 9.99'", "counterparty: new", "counterparty: known", "kind: person",
	               "left: '<= 20%'", "left: '> 3%'", "channel: [online, atm]", "hour: [22..23, 0..9]"));
}

static void put_detect(char *out, const char *indent)
{
	switch (pick(3)) {
	case 0:
		sprintf(out + strlen(out), "%ssequence: ", indent);
		put_sequence(out);
		strcat(out, "\n");
		if (pick(2) == 0)
			sprintf(out + strlen(out), "%shaving: %s\n", indent,
			        ONE_OF("gap(a, b) >= 3h", "span(b) > 1h", "not gap(a, b) > 5h", "not (gap(a, b) <= 5h)",
			               "gap(a, b) > 6h or sum(a) >= 5千", "gap(a, b) in [1h..3h, 8h..9h]"));
		break;
	case 1:
		sprintf(out + strlen(out), "%stext: {in: [remark], %s: ['货', '/[款项]/']}\n%swhere: ", indent, ONE_OF("any", "none"),
		        indent);
		put_where(out);
		strcat(out, "\n");
		break;
	default:
		sprintf(out + strlen(out), "%swhere: ", indent);
		put_where(out);
		strcat(out, "\n");
	}
}

static void put_pattern(char *out)
{
	put_detect(out, "  ");
	if (pick(3) > 0)
		return;
	strcat(out, "  any_of:\n");
	for (uint32_t i = 0; i < 2 + pick(2); i++) {
		strcat(out, "  -\n");
		put_detect(out, "    ");
	}
}

/* One pattern a set would test one bit: many are loaded from a folder. */
static struct pattern_set *set_new(const char *dir)
{
	struct pattern_options options = {.rates = fixture_rate_list(), .rate_count = 3};
	struct pattern_set *set = NULL;
	struct error error = {""};
	static char yaml[SET_BYTES];

	for (int i = 0; i < PATTERNS; i++) {
		char path[200];
		FILE *file;
		sprintf(yaml, "id: p%d\nversion: 1\nstatus: active\ntypology: M01\ntitle: {zh: 试验, en: A test}\n"
		              "audience: analyst\nscore: 50\ndetect:\n", i);
		put_pattern(yaml);
		snprintf(path, sizeof(path), "%s/p%d.yaml", dir, i);
		file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fputs(yaml, file) >= 0);
		fclose(file);
	}
	if (pattern_set_load(dir, &options, &set, &error) == -1)
		fail_msg("%s", error.text);
	return set;
}

static void tape_new(struct tape_fixture *tape, const struct pattern_set *set)
{
	static const int64_t amounts[] = {1, 400, 999, 1000, 4999, 50000, 99999, 100000, 999999, 1000000, 4999999, 5000000,
	                                  71000, 70999, INT64_C(900000000000)};
	struct tx *tx;

	*tape = (struct tape_fixture){0};
	for (uint32_t i = 0; i < 3; i++)
		tape_fixture_add(tape, 3600000 * (int64_t)pick(12), pick(2) == 0 ? TX_DEBIT : TX_CREDIT,
		                 amounts[pick(sizeof(amounts) / sizeof(amounts[0]))], pick(3), (enum tx_party_kind)pick(6),
		                 pick(2) == 0 ? (uint8_t)pick(101) : UINT8_MAX);
	tx = &tape->txs[2];
	tx->channel = (uint8_t)pick(10);
	tx->remark = slice_of(ONE_OF("", "货款", "款项", "服务费"));
	tx->counterparty.bank = slice_of(ONE_OF("", "308584000013", "308584001231")); /* the first of the two is a head office */
	if (pick(4) == 0)
		tx->currency = (uint8_t)money_currency_find(slice_of(ONE_OF("USD", "JPY", "GBP")));
	tape_fixture_put(tape, set);
}

/* The ids of the hits, joined. */
static void hits_of(struct matcher *matcher, const struct tape_fixture *tape, bool late, char *out)
{
	struct match_hits hits;
	struct arena arena;

	arena_init(&arena, 4 << 20);
	hits = (struct match_hits){.arena = &arena};
	match_tx(matcher, &tape->txs[tape->count - 1], late ? NULL : &tape->view, &hits);
	out[0] = '\0';
	for (size_t i = 0; i < hits.count; i++)
		sprintf(out + strlen(out), "%.*s ", SLICE_PRINT(hits.items[i].pattern));
	arena_deinit(&arena);
}

/* What other patterns were told of the transaction is what a program says by itself, without asking them. */
static void memory_agrees(struct matcher *matcher, const struct plan_detect *detect)
{
	for (uint32_t i = 0; i < detect->part_count; i++) {
		const struct plan_part *part = &detect->parts[i];
		if (part->kind == PART_WHERE)
			assert_int_equal(condition_holds(part->where, &matcher->input),
			                 condition_run(part->where, 0, &matcher->input) == 1);
		for (uint32_t j = 0; part->kind == PART_ANY_OF && j < part->any_of.count; j++)
			memory_agrees(matcher, &part->any_of.items[j]);
	}
}

static void the_gate_loses_no_hit(void **state)
{
	static struct tape_fixture tape;
	char with[PATTERNS * 6], without[PATTERNS * 6];
	char dir[] = "/tmp/huqi-gate-XXXXXX", command[64];
	unsigned hits = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (int i = 0; i < SETS; i++) {
		struct pattern_set *set = set_new(dir);
		struct matcher *matcher = matcher_new(set), *as_written = matcher_new(set);
		uint32_t places = set->gate.places;
		assert_int_not_equal(places, 0);
		for (int j = 0; j < TXS; j++) {
			bool late = pick(8) == 0;
			tape_new(&tape, set);
			set->gate.places = places;
			hits_of(matcher, &tape, late, with);
			hits_of(as_written, &tape, late, without);
			if (strcmp(with, without) != 0)
				fail_msg("in another order %s\nas it is written %s", with, without);
			askings_sort(&matcher->askings);
			set->gate.places = 0;
			hits_of(matcher, &tape, late, without);
			if (strcmp(with, without) != 0)
				fail_msg("with the gate %s\nwithout it %s", with, without);
			for (uint32_t k = 0; k < set->pattern_count; k++)
				memory_agrees(matcher, set->patterns[k].detect);
			hits += with[0] != '\0';
			tape_fixture_free(&tape);
		}
		matcher_free(&matcher);
		matcher_free(&as_written);
		pattern_set_free(&set);
	}
	sprintf(command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
	assert_true(hits > SETS * TXS / 10);
}

/*
 * Every amount lies within the bounds of its band, and bands do not overlap: what one gate allows in full is
 * there.
 */
static void bands_hold_their_amounts(void **state)
{
	struct program_gate gate = program_gate_open();

	(void)state;
	for (int i = 0; i < 200000; i++) {
		int64_t amount = (int64_t)((uint64_t)pick(UINT32_MAX) << 31 | pick(UINT32_MAX)) >> pick(63);
		gate.amount = (struct program_range){amount, amount, false};
		assert_true(gate_allows(&gate, GATE_AMOUNT, gate_band(amount)));
		if (amount > 1 << 4) /* 5/4 further up lies another band */
			assert_int_not_equal(gate_band(amount), gate_band(amount / 4 * 5 + 3));
	}
	gate.amount = (struct program_range){INT64_MAX, INT64_MAX, false};
	assert_true(gate_allows(&gate, GATE_AMOUNT, gate_band(INT64_MAX)));
	assert_true(gate_band(INT64_MAX) < GATE_BANDS);
	assert_false(gate_allows(&gate, GATE_AMOUNT, GATE_ABSENT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_gate_loses_no_hit),
		cmocka_unit_test(bands_hold_their_amounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
