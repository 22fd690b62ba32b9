/*
 * Days at whose end an account was empty, beside a list of its transactions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/instant.h"
#include "tests/unit/profile_fixture.h"

/* 2026-03-02 10:00 in China, a Monday. */
#define MONDAY_MS INT64_C(1772416800000)

static struct profile_shard *shard;
static struct profile_view view;
static unsigned number;

static int begin(void **state)
{
	(void)state;
	shard = profile_shard_new(1000, 30 * INSTANT_DAY_MS);
	number = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	profile_shard_free(&shard);
	return 0;
}

/* Kept until the next: the view borrows them. */
static struct tx tx;
static char id[16];

static void make(int64_t ms, unsigned direction, int64_t amount_minor, const char *account, const char *name)
{
	tx_init(&tx);
	snprintf(id, sizeof(id), "%u", number++);
	tx.bank = slice_of("102100099996");
	tx.account = slice_of("62001");
	tx.id = slice_of(id);
	tx.booked_ms = ms;
	tx.direction = (uint8_t)direction;
	tx.amount_minor = amount_minor;
	tx.counterparty.account = slice_of(account);
	tx.counterparty.name = slice_of(name);
	tx.counterparty.kind = TX_COMPANY;
}

static void put(void)
{
	assert_int_equal(profile_put(shard, &tx, tx.amount_minor, 0, &view), PROFILE_NEW);
}

static void pay(int64_t ms, int64_t amount_minor, const char *account, const char *name)
{
	make(ms, TX_DEBIT, amount_minor, account, name);
	put();
}

static void drained_days_agree(void **state)
{
	static const int permilles[] = {0, 1, 2, 5, 10, 20, 50, 100, 200, 500};

	(void)state;
	for (uint64_t seed = 0; seed < 300; seed++) {
		struct feed_kind kind = {.parties = 3, .gap_ms = (int64_t)(1 + seed % 12) * INSTANT_HOUR_MS,
		                         .amount_most = 10000000, .night_of_8 = (unsigned)(seed % 9)};
		struct reference_history history = {0};
		struct feed feed;

		end(NULL);
		begin(NULL);
		feed_begin(&feed, seed, &kind);
		for (unsigned i = 0; i < 200; i++) {
			const struct tx *next = feed_next(&feed);
			int permille = permilles[feed_random(&feed, 10)], days = 1 + (int)feed_random(&feed, PROFILE_DRAINED_MAX_DAYS);
			int32_t today = instant_china_day(next->booked_ms);

			assert_int_equal(profile_put(shard, next, next->amount_minor, 0, &view), PROFILE_NEW);
			history_put(&history, next, next->amount_minor);
			if (i % 4 == 0)
				assert_int_equal(profile_drained_days(&view, permille, days * INSTANT_DAY_MS),
				                 history_drained_days(&history, today - days, today, permille));
		}
		history_free(&history);
	}
}

/* A bank that writes 0 for every balance has no accounts that are emptied each day. */
static void a_balance_of_nothing_after_a_receipt_tells_nothing(void **state)
{
	(void)state;
	for (int64_t day = 0; day < 6; day++) {
		make(MONDAY_MS + day * INSTANT_DAY_MS, TX_CREDIT, 100000, "1", "");
		tx.balance_minor = day < 3 ? 100000 : 0;
		put();
		make(MONDAY_MS + day * INSTANT_DAY_MS + 1, TX_DEBIT, 100000, "2", "");
		tx.balance_minor = 0;
		put();
	}
	make(MONDAY_MS + 6 * INSTANT_DAY_MS, TX_DEBIT, 100, "2", "");
	put();
	assert_int_equal(profile_drained_days(&view, 10, 7 * INSTANT_DAY_MS), 3); /* and not 6 */
}

/* A late one of yesterday changes yesterday's end only where it is yesterday's last. */
static void a_late_one_drains_yesterday(void **state)
{
	(void)state;
	make(MONDAY_MS, TX_CREDIT, 100000, "1", "");
	tx.balance_minor = 100000;
	put();
	make(MONDAY_MS + INSTANT_DAY_MS, TX_DEBIT, 1, "2", "");
	tx.balance_minor = 0;
	put();
	assert_int_equal(profile_drained_days(&view, 10, 7 * INSTANT_DAY_MS), 0);
	make(MONDAY_MS + INSTANT_HOUR_MS, TX_DEBIT, 99999, "2", "");
	tx.balance_minor = 1;
	put();
	make(MONDAY_MS + 1, TX_DEBIT, 1, "2", "");
	tx.balance_minor = 50000;
	put();
	pay(MONDAY_MS + INSTANT_DAY_MS + 1, 1, "2", "");
	assert_int_equal(profile_drained_days(&view, 10, 7 * INSTANT_DAY_MS), 1);
	assert_int_equal(profile_drained_days(&view, 10, INSTANT_HOUR_MS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(drained_days_agree, begin, end),
		cmocka_unit_test_setup_teardown(a_balance_of_nothing_after_a_receipt_tells_nothing, begin, end),
		cmocka_unit_test_setup_teardown(a_late_one_drains_yesterday, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
