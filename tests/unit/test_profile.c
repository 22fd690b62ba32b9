#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/counters.h"
#include "profile/profile.h"

static enum profile_answer put(struct profile_shard *shard, const char *account, const char *id,
                               int64_t booked_ms)
{
	struct tx tx;

	tx_init(&tx);
	tx.bank = slice_of("102100099996");
	tx.account = slice_of(account);
	tx.id = slice_of(id);
	tx.booked_ms = booked_ms;
	struct profile_view view;

	return profile_put(shard, &tx, tx.amount_minor, 0, &view);
}

static void a_transaction_is_known_again_within_the_memory(void **state)
{
	struct profile_shard *shard = profile_shard_new(1 << 20, 1000);
	char id[16];

	(void)state;
	assert_int_equal(put(shard, "1", "a", 100), PROFILE_NEW);
	assert_int_equal(put(shard, "1", "a", 100), PROFILE_DUPLICATE);
	assert_int_equal(put(shard, "2", "a", 100), PROFILE_NEW); /* another account's */
	for (int i = 0; i < PROFILE_EVENTS_MAX - 1; i++) {
		snprintf(id, sizeof(id), "b%d", i);
		assert_int_equal(put(shard, "1", id, 100), PROFILE_NEW);
	}
	assert_int_equal(put(shard, "1", "a", 100), PROFILE_DUPLICATE); /* the oldest that is kept */
	assert_int_equal(put(shard, "1", "c", 100), PROFILE_NEW);
	assert_int_equal(put(shard, "1", "a", 100), PROFILE_NEW); /* forgotten: the bound is PROFILE_EVENTS_MAX */
	profile_shard_free(&shard);
}

static void later_than_the_lateness_is_told(void **state)
{
	struct profile_shard *shard = profile_shard_new(1 << 20, 1000);

	(void)state;
	assert_int_equal(put(shard, "1", "a", 5000), PROFILE_NEW);
	assert_int_equal(put(shard, "1", "b", 4000), PROFILE_NEW); /* at the bound */
	assert_int_equal(put(shard, "1", "c", 3999), PROFILE_LATE);
	assert_int_equal(put(shard, "1", "c", 3999), PROFILE_LATE); /* nothing changed, so it is not known */
	assert_int_equal(put(shard, "2", "d", 1), PROFILE_NEW); /* each account has its own newest */
	profile_shard_free(&shard);
}

/* I8: the bound on accounts holds and is counted; those with the newest bookings stay. */
static void the_longest_idle_are_forgotten_when_it_is_full(void **state)
{
	struct profile_shard *shard = profile_shard_new(1000, 1000000);
	char account[16];

	(void)state;
	counters_clear_for_test();
	for (int i = 0; i < 5000; i++) {
		snprintf(account, sizeof(account), "%d", i);
		assert_int_equal(put(shard, account, "a", i), PROFILE_NEW);
		assert_true(profile_accounts(shard) <= 1000);
	}
	assert_int_equal(counter_sum(COUNT_ACCOUNTS_FULL) + profile_accounts(shard), 5000);
	assert_int_equal(put(shard, "4999", "a", 4999), PROFILE_DUPLICATE);
	assert_int_equal(put(shard, "0", "a", 0), PROFILE_NEW);
	profile_shard_free(&shard);
}

static void many_accounts_keep_apart(void **state)
{
	struct profile_shard *shard = profile_shard_new(1 << 20, 1000);
	char account[16];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 50000; i++) {
			snprintf(account, sizeof(account), "%d", i);
			assert_int_equal(put(shard, account, "x", 5),
			                 round == 0 ? PROFILE_NEW : PROFILE_DUPLICATE);
		}
	assert_int_equal(profile_accounts(shard), 50000);
	profile_shard_free(&shard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_transaction_is_known_again_within_the_memory),
		cmocka_unit_test(later_than_the_lateness_is_told),
		cmocka_unit_test(the_longest_idle_are_forgotten_when_it_is_full),
		cmocka_unit_test(many_accounts_keep_apart),
	};
	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
