/*
 * Where the firms bank that an account began to pay (places.h), beside a list of all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/instant.h"
#include "profile/profile.h"

#define MONDAY_MS INT64_C(1772416800000) /* 2026-03-02 10:00 in China */

/* A party's account says where it banks; what the engine would tell of it. */
static unsigned met(void *context, const struct tx *of)
{
	(void)context;
	return (unsigned)of->counterparty.account.at[0] - '@';
}

/* The last 15 firms, and the last 7 neighbours, that were paid for the first time, beside a list of all of them. */
static void places_agree(void **state)
{
	enum { PARTIES = 45, TXS = 400 }; /* few enough that none is forgotten */
	static bool known[PARTIES];
	static unsigned firms[PARTIES], neighbours[PARTIES];
	struct profile_shard *shard = profile_shard_new(10, INSTANT_DAY_MS);
	struct profile_view view;
	struct tx tx;
	unsigned firm_count = 0, neighbour_count = 0, elsewhere, wanted;
	uint64_t random = 5;

	(void)state;
	profile_ask_meeting(shard, met, NULL);
	for (int64_t i = 0; i < TXS; i++) {
		unsigned party, says;
		char account[16], id[16];

		random = random * UINT64_C(6364136223846793005) + 1;
		party = (unsigned)(random >> 40) % PARTIES;
		says = party * 7 % 16 * 2;

		snprintf(account, sizeof(account), "%c%u", '@' + (int)says, party);
		tx_init(&tx);
		snprintf(id, sizeof(id), "%d", (int)i);
		tx.bank = slice_of("102100099996");
		tx.account = slice_of("62001");
		tx.id = slice_of(id);
		tx.booked_ms = MONDAY_MS + i * INSTANT_HOUR_MS;
		tx.direction = i % 4 == 3 ? TX_CREDIT : TX_DEBIT;
		tx.amount_minor = 100;
		tx.counterparty.account = slice_of(account);
		assert_int_equal(profile_put(shard, &tx, tx.amount_minor, 0, &view), PROFILE_NEW);
		assert_int_equal(profile_firms(&view, &elsewhere), firm_count < 15 ? firm_count : 15);
		wanted = 0;
		for (unsigned n = firm_count; n > 0 && n + 15 > firm_count; n--)
			wanted += firms[n - 1];
		assert_int_equal(elsewhere, wanted);
		assert_int_equal(profile_neighbours(&view, &elsewhere), neighbour_count < 7 ? neighbour_count : 7);
		wanted = 0;
		for (unsigned n = neighbour_count; n > 0 && n + 7 > neighbour_count; n--)
			wanted += neighbours[n - 1];
		assert_int_equal(elsewhere, wanted);
		if (known[party])
			continue;
		known[party] = true;
		if (says & MEETING_FIRM)
			firms[firm_count++] = (says & MEETING_FIRM_ELSEWHERE) != 0;
		if (says & MEETING_NEIGHBOUR)
			neighbours[neighbour_count++] = (says & MEETING_NEIGHBOUR_ELSEWHERE) != 0;
	}
	assert_true(firm_count > 15 && neighbour_count > 7);
	profile_shard_free(&shard);
}

static unsigned province_of(void *context, const struct tx *of)
{
	(void)context;
	return (unsigned)of->counterparty.bank.at[0] << MEETING_PROVINCE_SHIFT;
}

static uint32_t provinces_of(struct profile_shard *shard, int64_t ms, const char *account, const char *name, char province)
{
	static int count;
	struct profile_view view;
	struct tx tx;
	char id[16];

	tx_init(&tx);
	snprintf(id, sizeof(id), "p%d", count++);
	tx.bank = slice_of("102100099996");
	tx.account = slice_of("62001");
	tx.id = slice_of(id);
	tx.booked_ms = ms;
	tx.direction = TX_DEBIT;
	tx.amount_minor = 100;
	tx.counterparty.kind = TX_COMPANY;
	tx.counterparty.account = slice_of(account);
	tx.counterparty.name = slice_of(name);
	tx.counterparty.bank = (struct slice){&province, 1};
	assert_int_equal(profile_put(shard, &tx, tx.amount_minor, 0, &view), PROFILE_NEW);
	return profile_name_provinces(&view);
}

/* A name knows where its accounts are: those others that bear it, told at the first meeting of each. */
static void a_name_knows_where_it_banks(void **state)
{
	const char *name = "云桥市远发网络科技有限公司", *renamed = "云桥市远发网路科技有限公司";
	struct profile_shard *shard = profile_shard_new(10, 30 * INSTANT_DAY_MS);
	int64_t ms = MONDAY_MS;

	(void)state;
	profile_ask_meeting(shard, province_of, NULL);
	assert_int_equal(provinces_of(shard, ms, "1", name, 31), 0);
	assert_int_equal(provinces_of(shard, ms += INSTANT_DAY_MS, "1", name, 7), 0); /* its own says nothing */
	assert_int_equal(provinces_of(shard, ms += INSTANT_DAY_MS, "2", name, 16), UINT32_C(1) << 31);
	assert_int_equal(provinces_of(shard, ms += INSTANT_DAY_MS, "3", "云桥市远发网络科技有限责任公司", 0),
	                 UINT32_C(1) << 31 | 1 << 16);
	assert_int_equal(provinces_of(shard, ms += INSTANT_DAY_MS, "4", renamed, 1), 0);
	assert_int_equal(provinces_of(shard, ms += INSTANT_DAY_MS, "5", "孙芳", 1), 0);
	/* An account that is paid under another name is still where it was; late payments, too. */
	provinces_of(shard, ms, "2", renamed, 3);
	provinces_of(shard, MONDAY_MS + 1, "1", name, 3);
	assert_int_equal(provinces_of(shard, ms += INSTANT_DAY_MS, "6", renamed, 2), 1 << 1 | 1 << 16);
	assert_int_equal(provinces_of(shard, ms += INSTANT_DAY_MS, "7", name, 2), UINT32_C(1) << 31 | 1);
	/* What was paid in one week only fades, and is still told; it is near none, for all that. */
	ms += 21 * INSTANT_DAY_MS;
	assert_int_equal(provinces_of(shard, ms, "8", renamed, 2), 1 << 1 | 1 << 2 | 1 << 16);
	assert_int_equal(provinces_of(shard, ms, "9", "云桥市远发网络科枝有限公司", 2), 0);
	profile_shard_free(&shard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(places_agree), cmocka_unit_test(a_name_knows_where_it_banks)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
