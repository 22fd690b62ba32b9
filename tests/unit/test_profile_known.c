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

static struct profile_view view;
static struct tx tx; /* the view borrows it */
static char id[16];
static int number;

static void pay(struct profile_shard *shard, int64_t ms, const char *party, const char *name)
{
	snprintf(id, sizeof(id), "%d", number++);
	tx = (struct tx){
		.bank = slice_of("1"), .account = slice_of("2"), .id = slice_of(id), .direction = TX_DEBIT,
		.amount_minor = 100, .booked_ms = ms, .balance_minor = TX_ABSENT,
		.counterparty = {.account = slice_of(party), .name = slice_of(name), .kind = TX_COMPANY},
	};
	assert_int_equal(profile_put(shard, &tx, tx.amount_minor, 0, &view), PROFILE_NEW);
}

/* Pays so many payees, one a millisecond. */
static void pay_many(struct profile_shard *shard, int payees)
{
	char party[16];

	for (int i = 0; i < payees; i++) {
		snprintf(party, sizeof(party), "%d", i);
		pay(shard, MONDAY_MS + i, party, "");
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

static int64_t distance_to(struct profile_shard *shard, int64_t ms, const char *name)
{
	pay(shard, ms, "stranger", name);
	return profile_name_distance(&view);
}

/* Of a firm that was paid in one week only, with two whole weeks since, the whole name alone is known. */
static void a_name_fades_that_was_paid_once(void **state)
{
	struct profile_shard *shard = profile_shard_new(10, 30 * INSTANT_DAY_MS);
	const int64_t week_ms = 7 * INSTANT_DAY_MS;
	size_t fresh;

	(void)state;
	pay(shard, MONDAY_MS, "once", "云桥市远发网络科技有限公司");
	pay(shard, MONDAY_MS, "more", "北山恒丰建材有限责任公司");
	pay(shard, MONDAY_MS + week_ms, "more", "北山恒丰建材有限责任公司");
	assert_int_equal(distance_to(shard, MONDAY_MS + 3 * week_ms - INSTANT_DAY_MS, "云桥市远发网路科技有限公司"), 1);
	fresh = shard->open.name_bytes;
	assert_int_equal(distance_to(shard, MONDAY_MS + 3 * week_ms, "云桥市远发网络科技有限公司"), 0);
	assert_int_equal(profile_first_seen(&view, PROFILE_PARTY_NAME), MONDAY_MS);
	assert_true(shard->open.name_bytes < fresh);
	assert_int_equal(distance_to(shard, MONDAY_MS + 3 * week_ms, "云桥市远发网路科技有限公司"), TX_ABSENT);
	assert_int_equal(distance_to(shard, MONDAY_MS + 3 * week_ms, "云桥市远法网络科技有限公司"), TX_ABSENT);
	assert_false(profile_name_disguised(&view));
	assert_int_equal(distance_to(shard, MONDAY_MS + 3 * week_ms, "北山恒丰建才有限责任公司"), 1);
	/* Paid again, it is what it was, and stays so. */
	pay(shard, MONDAY_MS + 3 * week_ms, "once", "云桥市远发网络科技有限公司");
	assert_int_equal(distance_to(shard, MONDAY_MS + 6 * week_ms, "云桥市远发网路科技有限公司"), 1);
	assert_int_equal(distance_to(shard, MONDAY_MS + 10 * week_ms, "云桥市远发网路科技有限公司"), 1);
	profile_shard_free(&shard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strangers_seldom_look_known),
		cmocka_unit_test(a_name_fades_that_was_paid_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
