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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(places_agree)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
