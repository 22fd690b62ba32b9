/*
 * The language of `where`: what it means (against a table, and against a plain walk of the tree for random
 * conditions and transactions). What it says of faults: test_condition_faults.c; the account's memory:
 * test_condition_memory.c; lists and the registry: test_condition_registry.c.
 */
#include "tests/unit/match_fixture.h"

#include "base/instant.h"
#include "base/money.h"
#include "match/condition.h"
#include "pattern/condition.h"
#include "tests/reference/condition.h"

enum { ARENA_BYTES = 64 << 20 };

static struct arena arena;
static int64_t rates[256];
static struct complaint complaint;
static struct questions questions;
static char fold_bytes[8192], kept_bytes[8192];
static int gates_shut; /* how often a gate left something out */

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_BYTES);
	rates[money_currency_find(slice_of("USD"))] = 7100000;
	rates[money_currency_find(slice_of("JPY"))] = 48000;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&arena);
	questions_deinit(&questions);
	return 0;
}

static struct condition_context context_of(const char *where)
{
	return (struct condition_context){.arena = &arena, .text = slice_of(where), .rates = rates,
	                                  .complaint = &complaint, .questions = &questions};
}

static bool in_range(struct program_range range, int64_t value)
{
	return value == TX_ABSENT ? range.absent : value >= range.from && value <= range.to;
}

static bool said_passes(const struct program_gate *gate, const struct tx *tx)
{
	const bool said[] = {tx->purpose.length > 0, tx->remark.length > 0, tx->counterparty.name.length > 0,
	                     tx->counterparty.account.length > 0, tx->counterparty.bank.length > 0,
	                     tx->balance_minor != TX_ABSENT, tx->currency != MONEY_CNY};

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if ((said[i] ? gate->lacks : gate->has) >> i & 1)
			return false;
	return true;
}

static bool gate_passes(const struct program_gate *gate, const struct tx *tx, const struct pattern_set *set)
{
	return gate->directions >> tx->direction & 1 && gate->kinds >> tx->counterparty.kind & 1 &&
	       gate->channels >> tx->channel & 1 && gate->hours >> instant_china_hour(tx->booked_ms) & 1 &&
	       said_passes(gate, tx) &&
	       in_range(gate->amount, plan_amount_cny(set, tx->amount_minor, tx->currency));
}

/* 1, 0, or -1 for neither; by the program and by the reference, which must agree. */
static int ask(const char *where, const struct tx *tx)
{
	struct pattern_set set = {0};
	struct condition_input input = {.tx = tx, .set = &set, .fold_bytes = fold_bytes, .kept_bytes = kept_bytes, .epoch = 1};
	struct condition_context context = context_of(where);
	struct condition_node *root = condition_parse(&context);
	const struct program *program;
	int64_t value;
	int expected;

	memcpy(set.rates, rates, sizeof(rates));
	if (root == NULL || condition_check(&context, root) == -1)
		fail_msg("%s: %s", where, complaint.text);
	program = condition_emit(&context, root);
	assert_non_null(program);
	value = condition_run(program, 0, &input);
	expected = reference_condition(root, &(struct reference_input){.tx = tx, .rates = rates});
	/* What the outermost `and`s join ends at the first that is no yes, whichever of the two it is. */
	if (root->kind == CONDITION_AND ? (value == 1) != (expected == 1)
	                                : (value == VALUE_ABSENT ? -1 : value) != expected)
		fail_msg("%s: the program says %lld, the reference %d", where, (long long)value, expected);
	assert_int_equal(condition_holds(program, &input), value == 1);
	if (value == 1 && !gate_passes(&program->gate, tx, &set))
		fail_msg("%s: holds for what its gate leaves out", where);
	gates_shut += !gate_passes(&program->gate, tx, &set);
	return expected;
}

static struct tx full_tx(void)
{
	struct tx tx = fixture_tx();

	tx.purpose = slice_of("货款");
	tx.remark = slice_of("Ｕ 盾 升级");
	tx.place = slice_of("350100");
	tx.balance_minor = 1230;
	tx.counterparty.country = slice_of("HK");
	tx.counterparty.account = slice_of("6228480000000000011");
	tx.credential_ms = tx.booked_ms - 5 * INT64_C(3600000);
	return tx;
}

static const struct {
	const char *where;
	int expected;
} meanings[] = {
	{"amount = 480000", 1}, {"amount = 480000.00", 1}, {"amount = 48万", 1}, {"amount = 48万元", 1},
	{"amount = 480_000 CNY", 1}, {"amount >= 48万", 1}, {"amount > 48万", 0}, {"amount < 480000.01", 1},
	{"amount = 0.48百万", 1}, {"amount <= 1.5亿", 1}, {"amount != 48万", 0}, {"48万 = amount", 1},
	{"47万 < amount", 1}, {"5万 <= amount < 50万", 1}, {"5万 <= amount < 48万", 0}, {"amount ≥ 48万", 1},
	{"amount ≠ 48万", 0}, {"amount ≤ 47万", 0}, {"amount == 48万", 1}, {"amount <> 48万", 0},
	{"amount in [1万, 48万]", 1}, {"amount in [47万..49万]", 1}, {"amount not in [47万..49万]", 0},
	{"amount in [1..2, 3万]", 0}, {"amount >= 50 USD", 1}, {"amount < 67605.64 USD", 1},
	{"amount > 67605.63 USD", 1}, {"amount < 100万 JPY", 0}, {"amount * 2 = 96万", 1}, {"amount / 2 = 24万", 1},
	{"amount - balance > 47.99万", 1}, {"amount + balance = 480012.30", 1}, {"-amount < 0", 1},
	{"balance <= 1% of amount", 1}, {"balance / amount < 0.1%", 1}, {"amount >= 80% * 60万", 1},
	{"amount / balance > 39000", 1}, {"2 * 24万 = amount", 1}, {"amount = 50万 - 2万", 1},
	{"amount >= 90% of (amount + balance)", 1}, {"balance = 12.3", 1}, {"balance > -5", 1},
	{"signs(amount > 1, direction = credit, balance > 5) = 2", 1}, {"signs(amount > 1, balance < 0 or amount = 48万) >= 2", 1},
	{"signs(amount > 1, operator = 'x') = 1", 1}, {"signs(amount < 1, operator = 'x') = 0", 1}, /* absent: no sign */
	{"signs(amount > 1, direction = debit) + 2 * signs(balance > 5, not present(place)) = 4", 1},
	{"not (signs(amount > 1, not (balance > 5 and amount < 1)) < 2)", 1},
	{"direction = debit", 1}, {"direction = 'debit'", 1}, {"direction != credit", 1}, {"debit = direction", 1},
	{"counterparty.kind in [person, unknown]", 1}, {"counterparty.kind not in [company, treasury]", 1},
	{"not counterparty.kind in [person]", 0}, {"counterparty.kind != bank", 1}, {"channel = online", 1},
	{"currency = CNY", 1}, {"currency in [USD, HKD]", 0}, {"counterparty.country = HK", 1},
	{"counterparty.country != CN", 1}, {"counterparty.country in [HK, MO, 'TW']", 1},
	{"counterparty.name = '张三'", 1}, {"counterparty.name != \"张三\"", 0}, {"place in ['350100', '410100']", 1},
	{"purpose = remark", 0}, {"purpose != remark", 1}, {"counterparty.account != account", 1},
	{"contains(remark, 'u盾')", 1}, {"contains(remark, 'Ｕ盾升級')", 1}, {"contains(remark, '货', '升')", 1},
	{"holds_only(remark, 'u盾', '升级')", 1}, {"holds_only(remark, '升级')", 0}, {"holds_only(remark, 'u', 'u盾升级')", 1},
	{"not holds_only(remark, 'u盾升')", 1}, {"contains(purpose, '盾')", 0}, {"starts_with(place, '35')", 1}, {"starts_with(place, '41', '3')", 1},
	{"ends_with(place, '0')", 1}, {"ends_with(place, '000000000')", 0}, {"length(counterparty.name) = 2", 1},
	{"length(remark) > 5", 1}, {"hour(booked_at) = 10", 1}, {"hour(booked_at) in [23, 0..5]", 0},
	{"weekday(booked_at) = 1", 1}, {"day(booked_at) = 2", 1}, {"month(booked_at) = 3", 1},
	{"age(account) = 10d10h", 1}, {"age(account) < 30d", 1}, {"age(account) > 10d", 1},
	{"age(credential) = 5h", 1}, {"age(credential) < 72h", 1}, {"age(credential) <= 4h59m59s", 0},
	{"opened_on = 2026-02-20", 1}, {"opened_on >= 2026-02-21", 0}, {"booked_at < 2026-03-02T10:00:01+08:00", 1},
	{"booked_at - credential_changed_on = 300m", 1}, {"opened_on + 11d > booked_at", 1},
	{"age(account) * 2 > 20d", 1}, {"age(account) / age(credential) = 50", 1}, {"10% of age(account) > 1d", 1},
	{"is_round(amount, 1万)", 1}, {"is_round(amount, 100万)", 0}, {"round_to(amount, 100万) = 0", 1},
	{"round_to(amount, 50万) = 50万", 1}, {"present(balance)", 1}, {"present(device)", 0},
	{"not present(device)", 1}, {"amount > 1 and balance > 1", 1}, {"amount > 1 and balance > 20", 0},
	{"amount > 1 or balance > 20", 1}, {"not amount > 1", 0}, {"not (amount > 1 and balance > 20)", 1},
	{"amount < 1 or amount > 2 and balance > 20", 0}, {"(amount < 1 or amount > 2) and balance > 2", 1},
	{"amount>=48万 and direction=debit", 1}, {"amount * 48 / 48 = amount", 1}, {"present(ip) = present(mac)", 1},
};

/* The transaction: debit of 480,000.00 CNY on a Monday at 10:00, balance 12.30, see full_tx(). */
static void conditions_mean_what_they_say(void **state)
{
	struct tx tx = full_tx();

	(void)state;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (ask(meanings[i].where, &tx) != meanings[i].expected)
			fail_msg("%s: expected %d", meanings[i].where, meanings[i].expected);
}

/* What a bank did not send is neither yes nor no; only present(), contains() and holds_only() always answer. */
static void absent_is_neither_yes_nor_no(void **state)
{
	static const struct {
		const char *where;
		int expected;
	} rows[] = {
		{"balance < 100", -1}, {"not balance < 100", -1}, {"balance = balance", -1}, {"balance in [1..2]", -1},
		{"balance not in [1..2]", -1}, {"balance < 100 and amount > 1", -1}, {"balance < 100 and amount < 1", 0},
		{"amount < 1 and balance < 100", 0}, {"amount > 1 or balance < 100", 1}, {"balance < 100 or amount > 1", 1},
		{"balance < 100 or amount < 1", -1}, {"amount < 1 or balance < 100", -1}, {"present(balance)", 0},
		{"not present(balance) or balance < 100", 1}, {"device = 'x'", -1}, {"device != 'x'", -1},
		{"device in ['x']", -1}, {"device not in ['x']", -1}, {"device = ip", -1}, {"length(device) < 5", -1},
		{"contains(device, 'x')", 0}, {"not contains(device, 'x')", 1}, {"holds_only(device, 'x')", 1},
		{"not holds_only(device, 'x')", 0}, {"starts_with(place, '35')", -1},
		{"not starts_with(place, '35')", -1}, {"age(credential) < 5h", -1}, {"balance + amount > 0", -1},
		{"amount / balance > 1", -1}, {"is_round(balance, 1万)", -1}, {"counterparty.country != CN", -1},
		{"amount / (amount - amount) > 0", -1}, {"hour(credential_changed_on) < 24", -1}, {"-balance < 5", -1},
		{"amount * 900万 > 1 or amount > 1", 1}, {"amount * 9_000_000_000_000 > 1", -1},
	};
	struct tx tx = fixture_tx();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (ask(rows[i].where, &tx) != rows[i].expected)
			fail_msg("%s: expected %d", rows[i].where, rows[i].expected);
}

static void other_currencies_are_converted(void **state)
{
	struct tx tx = fixture_tx();

	(void)state;
	tx.currency = (uint8_t)money_currency_find(slice_of("USD"));
	tx.amount_minor = 5000; /* 50.00 */
	assert_int_equal(ask("amount = 50 USD", &tx), 1);
	assert_int_equal(ask("amount = 355", &tx), 1);
	assert_int_equal(ask("amount >= 355.01", &tx), 0);
	tx.currency = (uint8_t)money_currency_find(slice_of("JPY"));
	tx.amount_minor = 1000000;
	assert_int_equal(ask("amount = 48000", &tx), 1);
	assert_int_equal(ask("amount = 100万 JPY", &tx), 1);
	tx.currency = (uint8_t)money_currency_find(slice_of("HKD"));
	assert_int_equal(ask("amount > 0", &tx), -1);
	assert_int_equal(ask("present(amount)", &tx), 1);
}

static void bounds_hold(void **state)
{
	char where[8192] = "";
	struct condition_context context;

	(void)state;
	for (int i = 0; i < 40; i++)
		strcat(where, "(");
	context = context_of(where);
	assert_null(condition_compile(&context));
	assert_non_null(strstr(complaint.text, "less nesting"));
	strcpy(where, "amount > 1");
	for (int i = 0; i < 250; i++)
		strcat(where, " and amount > 1");
	context = context_of(where);
	assert_null(condition_compile(&context));
	assert_non_null(strstr(complaint.text, "too long"));
	memset(where, ' ', 5000);
	where[5000] = '\0';
	context = context_of(where);
	assert_null(condition_compile(&context));
	assert_non_null(strstr(complaint.text, "too long"));
}

/* ---- random conditions ---- */

static uint64_t seed;

static uint32_t pick(uint32_t below)
{
	return fixture_random(&seed, below);
}

static void put(char *out, const char *text)
{
	strcat(out, text);
}

#define ONE_OF(...) \
	((const char *const[]){__VA_ARGS__}[pick(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))])

static void put_money(char *out, int depth)
{
	switch (pick(depth > 0 ? 6 : 2)) {
	case 0:
		put(out, ONE_OF("amount", "balance", "amount", "balance", "48万元", "12.3元", "50 USD", "100万 JPY"));
		break;
	case 1: put(out, ONE_OF("amount", "balance")); break;
	case 2:
		put(out, "(");
		put_money(out, depth - 1);
		put(out, ONE_OF(" + ", " - "));
		put_money(out, depth - 1);
		put(out, ")");
		break;
	case 3:
		put(out, ONE_OF("(90% of ", "(0.5 * ", "(-3 * "));
		put_money(out, depth - 1);
		put(out, ")");
		break;
	case 4:
		put(out, "(");
		put_money(out, depth - 1);
		put(out, ONE_OF(" / 3)", " / 0.7)", " / hour(booked_at))"));
		break;
	default:
		put(out, "round_to(");
		put(out, ONE_OF("amount", "balance"));
		put(out, ONE_OF(", 1万)", ", 0.03)", ", 50 USD)"));
	}
}

static void put_question(char *out)
{
	switch (pick(8)) {
	case 0: case 1:
		put(out, ONE_OF("amount", "balance"));
		put(out, ONE_OF(" < ", " <= ", " = ", " != ", " > ", " >= "));
		put_money(out, 2);
		break;
	case 2:
		put(out, ONE_OF("amount", "balance", "amount - balance"));
		put(out, ONE_OF(" in [1, 2..3]", " in [12.3, 1万..50万]", " not in [480000]"));
		break;
	case 3:
		put(out, ONE_OF("counterparty.kind", "channel != online and counterparty.kind"));
		put(out, ONE_OF(" = person", " != company", " in [person, bank]", " not in [treasury]"));
		break;
	case 4:
		put(out,
		    ONE_OF("present(balance)", "present(place)", "present(currency)", "contains(remark, '盾', 'x')",
		           "starts_with(place, '35')", "ends_with(remark, '级')", "is_round(balance, 0.1)"));
		break;
	case 5: put(out, ONE_OF("length(remark) > 2", "remark = purpose", "remark != '货款'", "place in ['350100']",
	                        "holds_only(remark, '盾', 'u', '升级')",
	                        "counterparty.country != CN", "purpose not in ['货款']")); break;
	case 6:
		put(out, ONE_OF("age(account) < 30d", "age(credential) <= 5h", "opened_on < 2026-01-01",
		                "booked_at - opened_on > 20d", "age(account) / age(credential) > 2",
		                "hour(booked_at) in [9..17]", "weekday(booked_at) >= 6", "day(booked_at) = 31",
		                "month(booked_at) <= 2"));
		break;
	default:
		put(out, ONE_OF("1万 <= amount < 50万", "amount / balance > 2", "balance / amount < 50%",
		                "currency = USD"));
	}
}

static void put_condition(char *out, int depth);

static void put_signs(char *out, int depth)
{
	put(out, "signs(");
	put_condition(out, depth - 1);
	for (uint32_t i = 0, last = pick(3); i <= last; i++) {
		put(out, ", ");
		put_condition(out, depth - 1);
	}
	put(out, ONE_OF(") >= 2", ") = 1", ") < 2", ") * 2 > 3", ") > 1 / 3"));
}

static void put_condition(char *out, int depth)
{
	uint32_t kind = depth > 0 ? pick(11) / 2 : 4;

	if (kind == 5) {
		put_signs(out, depth);
		return;
	}

	if (kind == 4) {
		put_question(out);
		return;
	}
	put(out, kind == 3 ? "not (" : "(");
	put_condition(out, depth - 1);
	if (kind != 3) {
		put(out, ONE_OF(" and ", " or "));
		put_condition(out, depth - 1);
	}
	put(out, ")");
}

static struct tx random_tx(void)
{
	static const int64_t amounts[] = {1, 1230, 48000000, 5000, 1000000, 35500, INT64_MAX, 999999, 5000001};
	static const char *const texts[] = {"", "货款", "Ｕ 盾 升级", "x", "350100", "", "HK", "CN"};
	struct tx tx = fixture_tx();

	tx.amount_minor = amounts[pick(9)];
	tx.balance_minor = pick(3) == 0 ? TX_ABSENT : pick(4) == 0 ? -amounts[pick(9)] : amounts[pick(9)];
	tx.currency = (uint8_t)money_currency_find(slice_of(ONE_OF("CNY", "CNY", "USD", "JPY", "HKD")));
	tx.opened_day = pick(3) == 0 ? TX_DAY_ABSENT : (int32_t)(19000 + pick(3000));
	tx.booked_ms = INT64_C(1772416800000) + pick(100000000) * INT64_C(31);
	tx.credential_ms = pick(2) == 0 ? TX_ABSENT : tx.booked_ms - (int64_t)pick(40000000);
	tx.counterparty.kind = (uint8_t)pick(6);
	tx.channel = (uint8_t)pick(4);
	tx.remark = slice_of(texts[pick(8)]);
	tx.purpose = slice_of(texts[pick(8)]);
	tx.place = slice_of(texts[pick(8)]);
	tx.counterparty.country = slice_of(texts[pick(8)]);
	return tx;
}

/* The flat program against a walk of the tree: 3,000 random conditions on 20 random transactions each. */
static void programs_agree_with_the_tree(void **state)
{
	int answers[3] = {0};

	(void)state;
	seed = 20260302;
	for (int i = 0; i < 3000; i++) {
		char where[CONDITION_BYTES_MAX] = "";
		put_condition(where, 3);
		for (int j = 0; j < 20; j++) {
			struct tx tx = random_tx();
			answers[ask(where, &tx) + 1]++;
		}
		arena_reset(&arena);
	}
	/* The generator is no use if one answer hardly comes. */
	for (int i = 0; i < 3; i++)
		assert_true(answers[i] > 6000);
	assert_true(gates_shut > 6000);
}

static struct program_gate gate_of(const char *where)
{
	struct condition_context context = context_of(where);
	const struct program *program = condition_compile(&context);

	if (program == NULL)
		fail_msg("%s: %s", where, complaint.text);
	return program->gate;
}

static void gates_leave_out_what_they_can(void **state)
{
	struct program_gate gate = gate_of("direction = debit and 5万 <= amount < 20万 and hour(booked_at) in [22..23, 0..5]"
	                                   " and (counterparty.kind = person or not present(counterparty.kind))"
	                                   " and not channel in [counter, cash] and length(remark) < 4");

	(void)state;
	assert_int_equal(gate.directions, 1 << TX_DEBIT);
	assert_int_equal(gate.amount.from, 5000000);
	assert_int_equal(gate.amount.to, 19999999);
	assert_false(gate.amount.absent);
	assert_int_equal(gate.hours, 0xC0003F);
	assert_int_equal(gate.kinds, 1 << TX_KIND_NONE | 1 << TX_PERSON);
	assert_int_equal(gate.channels, 0x3fe & ~(1 << TX_COUNTER | 1 << TX_CASH));
	gate = gate_of("amount < 5 or amount in [50, 100..200]");
	assert_int_equal(gate.amount.from, INT64_MIN);
	assert_int_equal(gate.amount.to, 20000);
	assert_int_equal(gate.directions, 0x7);
	gate = gate_of("present(remark) and not (present(purpose) or present(balance)) and currency != CNY");
	assert_int_equal(gate.has, GATE_REMARK | GATE_FOREIGN);
	assert_int_equal(gate.lacks, GATE_PURPOSE | GATE_BALANCE);
	gate = gate_of("present(remark) and not present(purpose) or present(remark) and not currency = CNY");
	assert_int_equal(gate.has, GATE_REMARK);
	assert_int_equal(gate.lacks, 0);
	gate = gate_of("currency in [CNY] and present(counterparty.name)");
	assert_int_equal(gate.has, GATE_PARTY_NAME);
	assert_int_equal(gate.lacks, GATE_FOREIGN);
	gate = gate_of("currency in [CNY, USD] and currency != EUR");
	assert_int_equal(gate.has | gate.lacks, 0);
	gate = gate_of("currency != USD and currency = EUR");
	assert_int_equal(gate.has, GATE_FOREIGN);
	gate = gate_of("count(all, 24h) > 3 and not distinct(debits, 7d) < 6 or count(credits, 90d) in [5, 9..12]");
	assert_int_equal(gate.events, 5);
	gate = gate_of("count(all, 24h) >= 3 and count(debits, 24h) <= 70");
	assert_int_equal(gate.events, 3);
	gate = gate_of("count(all, 90d) > 500");
	assert_int_equal(gate.events, GATE_EVENTS_MOST);
	gate = gate_of("not count(all, 90d) > 500 and sum(all, 24h) > 5");
	assert_int_equal(gate.events, 0);
	gate = gate_of("present(remark) and not present(remark)");
	assert_true(program_gate_shut(&gate));
	gate = gate_of("direction = debit and direction = credit");
	assert_true(program_gate_shut(&gate));
	gate = gate_of("direction = debit and direction = credit or 5 > amount");
	assert_int_equal(gate.amount.to, 499);
	gate = gate_of("contains(remark, '急') or direction = debit");
	assert_int_equal(gate.directions, 0x7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_mean_what_they_say), cmocka_unit_test(absent_is_neither_yes_nor_no),
		cmocka_unit_test(other_currencies_are_converted),
		cmocka_unit_test(bounds_hold), cmocka_unit_test(programs_agree_with_the_tree),
		cmocka_unit_test(gates_leave_out_what_they_can),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
