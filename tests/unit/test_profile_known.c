/*
 * What an account knows by hashes and signatures: how seldom one that it never met looks known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "profile/known.h"
#include "profile/shard.h"

#define MONDAY_MS INT64_C(1772416800000)

/* Pays so many payees, one a millisecond. */
static void pay_many(struct profile_shard *shard, int payees)
{
	char party[16];

	for (int i = 0; i < payees; i++) {
		struct profile_view view;
		struct tx tx = {
			.bank = slice_of("1"), .account = slice_of("2"), .direction = TX_DEBIT,
			.amount_minor = 100, .booked_ms = MONDAY_MS + i, .balance_minor = TX_ABSENT,
		};

		snprintf(party, sizeof(party), "%d", i);
		tx.id = tx.counterparty.account = slice_of(party);
		assert_int_equal(profile_put(shard, &tx, tx.amount_minor, 0, &view), PROFILE_NEW);
	}
}

/* Of a full list a stranger looks known once in 2^20 / 128. */
static void strangers_seldom_look_known(void **state)
{
	enum { STRANGERS = 1000000, EXPECTED = STRANGERS / (1 << 13) };
	struct profile_shard *shard = profile_shard_new(10, 0);
	char party[32];
	int known = 0;

	(void)state;
	pay_many(shard, PROFILE_PAYEES);
	assert_int_equal(known_count(&shard->open, KNOWN_PAYEES), PROFILE_PAYEES);
	for (int i = 0; i < STRANGERS; i++) {
		uint32_t hash;

		snprintf(party, sizeof(party), "%d", i);
		hash = known_hash(profile_key(slice_of("stranger"), slice_of(party))); /* any hash will do */
		known += known_find(&shard->open, KNOWN_PAYEES, hash) < PROFILE_PAYEES;
	}
	assert_true(known > EXPECTED / 2 && known < EXPECTED * 3 / 2);
	profile_shard_free(&shard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(strangers_seldom_look_known)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
