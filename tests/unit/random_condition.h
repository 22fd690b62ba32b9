/*
 * Random conditions on the account's memory, and random accounts to ask them of.
 */
#ifndef TESTS_RANDOM_CONDITION_H
#define TESTS_RANDOM_CONDITION_H

#include "base/money.h"
#include "tests/unit/match_fixture.h"

static uint64_t seed;

static uint32_t pick(uint32_t below)
{
	return fixture_random(&seed, below);
}

#define ONE_OF(...) \
	((const char *const[]){__VA_ARGS__}[pick(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))])

static void say(char *out, const char *text)
{
	strcat(out, text);
}

static void say_set(char *out)
{
	say(out, ONE_OF("debits", "credits", "all"));
	for (uint32_t i = 0, n = pick(3); i < n; i++) {
		say(out, i == 0 ? " where " : " and ");
		say(out, ONE_OF("counterparty.kind = person", "counterparty.kind in [person, company]",
		                "counterparty.kind != bank", "counterparty.kind not in [person]", "channel = online",
		                "channel not in [counter, cash]", "hour in [22..23, 0..5]", "hour < 12", "8 <= hour",
		                "hour not in [0..7]", "hour(booked_at) != 10", "amount >= 5000", "amount < 1万", "amount = this",
		                "amount in [1000..2万]", "1000 < amount <= 5万", "counterparty = this", "counterparty = new",
		                "counterparty = known", "3000 >= amount", "online = channel"));
	}
}

static const char *window(void)
{
	return ONE_OF(", 1h)", ", 24h)", ", 7d)", ", 90d)", ", 10m)");
}

/* `exact`: nothing that the account's memory answers by an estimate, or by a name's likeness. */
static void say_question(char *out, bool exact)
{
	switch (pick(9)) {
	case 0: case 1:
		say(out, ONE_OF("count(", "distinct(", "rising("));
		say_set(out);
		say(out, window());
		say(out, ONE_OF(" >= 1", " >= 3", " < 2", " in [2..4]", " != 0", " not in [0, 1]"));
		break;
	case 2: case 3:
		say(out, ONE_OF("sum(", "avg(", "min(", "max("));
		say_set(out);
		say(out, window());
		say(out, ONE_OF(" > amount", " >= 5000", " <= 50% of amount", " = amount", " < 10 USD"));
		break;
	case 4:
		say(out, ONE_OF("debits", "credits", "all"));
		say(out, ONE_OF(".count(24h) > debits.count(1h)", ".sum(7d) >= 90% of credits.sum(24h)",
		                ".max(90d) > 1万"));
		break;
	case 5:
		say(out, "share(");
		say(out, ONE_OF("debits", "all"));
		say(out, ONE_OF(" where counterparty.kind = person, 24h)", " where hour in [0..12], 7d)",
		                " where amount = this, 90d)"));
		say(out, ONE_OF(" >= 50%", " < 0.9", " > 0"));
		break;
	case 6:
		if (exact) {
			say(out, ONE_OF("count(all, 24h) > 2", "idle() >= 30m", "distinct(debits, 7d) >= 2"));
			break;
		}
		say(out, ONE_OF("amount >= p95(debits, 90d)", "amount > 3 * p50(credits, 90d)", "p25(debits, 90d) < 1万",
		                "p1(credits, 90d) = amount"));
		break;
	case 7:
		if (!exact && pick(4) == 0) {
			say(out, "known(counterparty.name)");
			break;
		}
		say(out, ONE_OF("known(counterparty.account)", "known(ip)", "first_seen(mac) = 0s",
		                "first_seen(counterparty.account) < 1d", "first_seen(counterparty.account) = 0s",
		                "first_seen(device) > 0s", "first_seen(counterparty.account) in [0s..2h]"));
		break;
	default:
		say(out, ONE_OF("idle() >= 6h", "idle() < 10m", "watched() < 7d", "emptied() > 50%", "emptied() >= 200%", "emptied() < 30%",
		                "balance_before() > 1万",
		                "zeros(amount) >= 3", "present(ip)", "direction = debit", "idle() in [1h..2h, 1d..2d]",
		                "zeros(balance) = 0"));
		if (!exact)
			say(out, ONE_OF("", " or newcomers(debits, 3d) >= 2", " or newcomers(credits, 1h) < newcomers(credits, 30d)",
			                " or name_distance() <= 1", " or name_added() = 2",
			                " or name_disguised() = 1", " and name_stayed() = 0", " or name_moved() = 1", " and drained_days(2%, 9d) > 4",
			                " and firms_elsewhere() < 50%", " or neighbours_elsewhere() >= 40%"));
	}
}

static void say_condition(char *out, int depth, bool exact)
{
	uint32_t kind = depth > 0 ? pick(5) : 4;

	if (kind == 4) {
		say_question(out, exact);
		return;
	}
	say(out, kind == 3 ? "not (" : "(");
	say_condition(out, depth - 1, exact);
	if (kind != 3) {
		say(out, ONE_OF(" and ", " or "));
		say_condition(out, depth - 1, exact);
	}
	say(out, ")");
}

/* Transactions of one account in the order of booking. */
static void random_history(struct tx *txs, size_t count)
{
	static const int64_t amounts[] = {100, 99900, 100000, 500000, 500000, 1000000, 2000000, 123456, 10000000};
	static const char *const names[] = {"", "张三", "李四", "Ａ公司", "a 公司", "北京星河"};
	static const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",
	                                  "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x"};
	int64_t now = INT64_C(1772416800000);

	for (size_t i = 0; i < count; i++) {
		struct tx *tx = &txs[i];
		*tx = fixture_tx();
		tx->id = slice_of(ids[i]);
		now += (int64_t)pick(4) * (pick(4) == 0 ? 86400000 : pick(2) == 0 ? 1800000 : 240000);
		tx->booked_ms = now;
		tx->direction = pick(3) == 0 ? TX_CREDIT : TX_DEBIT;
		tx->amount_minor = amounts[pick(9)];
		tx->currency = (uint8_t)money_currency_find(slice_of(ONE_OF("CNY", "CNY", "CNY", "CNY", "USD", "HKD")));
		tx->balance_minor = pick(4) == 0 ? TX_ABSENT : (int64_t)pick(3) * 700000 - 100000;
		tx->counterparty.account = slice_of(ONE_OF("", "1", "2", "3", "4"));
		tx->counterparty.name = slice_of(names[pick(6)]);
		tx->counterparty.kind = (uint8_t)pick(6);
		tx->counterparty.bank = slice_of(ONE_OF("", "102393000019", "308331000013"));
		tx->channel = (uint8_t)pick(10);
		tx->ip = slice_of(ONE_OF("", "10.0.0.1", "10.0.0.2"));
		tx->mac = slice_of(ONE_OF("", "aa", "bb"));
		tx->device = slice_of(ONE_OF("", "d1"));
	}
}

#endif
