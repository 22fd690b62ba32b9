/*
 * What accounts cost in memory, on the simulator's population: prints the distribution and what each part
 * takes. HUQI_MEMORY_ENTERPRISES and HUQI_MEMORY_DAYS set another population than the small one that every
 * test run pays for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "profile/block_form.h"
#include "profile/shard.h"
#include "simulate/simulate.h"

static int from_environment(const char *name, int otherwise)
{
	const char *value = getenv(name);

	return value != NULL ? atoi(value) : otherwise;
}

static int by_size(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

struct parts {
	size_t accounts, cells, events, parties, others, names, buckets, amounts, seen, payees, payers;
	size_t *sizes; /* of cells, sorted */
};

static void parts_add(struct parts *parts, const struct account *account, size_t cell_bytes)
{
	parts->sizes[parts->accounts++] = cell_bytes;
	parts->cells += cell_bytes;
	parts->events += block_events_bytes(account->event_count, block_events_wide(account)) + account->event_count;
	parts->payees += account->known.count[KNOWN_PAYEES];
	parts->payers += account->known.count[KNOWN_PAYERS];
	for (int list = KNOWN_PARTY_LISTS; list < KNOWN_LISTS; list++)
		parts->others += account->known.count[list] * (size_t)KNOWN_BYTES;
	parts->names += account->name_bytes;
	parts->buckets += (size_t)__builtin_popcount(account->bucket_bits) * sizeof(uint64_t);
	for (int i = 0; i < 2; i++)
		parts->amounts += amounts_bytes(account->amounts[i].count, account->amounts[i].large);
	parts->seen += COUNTS_BYTES + counts_large(account->seen);
}

/* All that stands behind the heads. */
static size_t parts_bytes(const struct parts *parts)
{
	return parts->events + (parts->payees + parts->payers) * KNOWN_BYTES + parts->others + parts->names + parts->buckets +
	       parts->amounts + parts->seen;
}

static void parts_print(const struct parts *parts, const struct accounts *accounts)
{
	size_t n = parts->accounts;

	print_message("%zu accounts: %zu bytes a block, with its cell's slack; index %zu; chunks %zu\n", n,
	              parts->cells / n, accounts->slot_count * sizeof(struct accounts_slot) / n,
	              slabs_bytes(&accounts->slabs) / n);
	print_message("  1 %% %zu  10 %% %zu  50 %% %zu  90 %% %zu  99 %% %zu  largest %zu\n", parts->sizes[n / 100],
	              parts->sizes[n / 10], parts->sizes[n / 2], parts->sizes[n * 9 / 10],
	              parts->sizes[n * 99 / 100], parts->sizes[n - 1]);
	print_message("  events %zu, payees %zu (%zu of them), their names %zu, payers %zu (%zu), buckets %zu, "
	              "amounts %zu, addresses and devices %zu\n", parts->events / n, parts->payees * KNOWN_BYTES / n,
	              parts->payees / n, parts->names / n, parts->payers * KNOWN_BYTES / n, parts->payers / n,
	              parts->buckets / n, parts->amounts / n, parts->others / n);
	print_message("  the rest: head %zu and what was seen when %zu, slack of cells %zu\n", BLOCK_HEAD_BYTES,
	              parts->seen / n,
	              parts->cells / n - BLOCK_HEAD_BYTES - parts_bytes(parts) / n);
}

static void measure(struct profile_shard *shard, struct parts *parts)
{
	const struct slabs *slabs = &shard->accounts.slabs;

	parts->sizes = calloc(profile_accounts(shard), sizeof(*parts->sizes));
	for (uint32_t ref = slab_next(slabs, 0); ref != 0; ref = slab_next(slabs, ref)) {
		assert_true(block_sound(slab_read(slabs, ref), slab_cell_size(slabs, ref)));
		block_open(slab_read(slabs, ref), &shard->open);
		parts_add(parts, &shard->open, slab_cell_size(slabs, ref));
	}
	qsort(parts->sizes, parts->accounts, sizeof(*parts->sizes), by_size);
}

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* An index that is made anew from the blocks finds every account: what loading a snapshot does. */
static void index_again(struct profile_shard *shard)
{
	size_t count = profile_accounts(shard);
	double from_us = now_us();

	memset(shard->accounts.slots, 0, shard->accounts.slot_count * sizeof(*shard->accounts.slots));
	shard->accounts.count = 0;
	assert_int_equal(accounts_index(&shard->accounts, NULL), 0);
	assert_int_equal(profile_accounts(shard), count);
	print_message("  the index anew: %.2f us an account\n", (now_us() - from_us) / (double)count);
}

static void accounts_are_small(void **state)
{
	struct profile_shard *shard = profile_shard_new(1 << 24, 72 * INSTANT_HOUR_MS);
	const struct simulate_label *label;
	struct simulate_options options;
	struct simulation *simulation;
	struct profile_view view;
	struct parts parts = {0};
	struct error error;
	struct tx tx;
	size_t count = 0;

	(void)state;
	simulate_options_init(&options);
	options.enterprises = from_environment("HUQI_MEMORY_ENTERPRISES", 200);
	options.days = from_environment("HUQI_MEMORY_DAYS", 30);
	if (simulate_new(&options, &simulation, &error) == -1)
		fail_msg("%s", error.text);
	while (simulate_next(simulation, &tx, &label) == 1) {
		assert_int_equal(profile_put(shard, &tx, tx.amount_minor, 0, &view), PROFILE_NEW);
		count++;
	}
	measure(shard, &parts);
	print_message("%d days, %zu transactions a day and account\n", options.days,
	              count / parts.accounts / (size_t)options.days);
	parts_print(&parts, &shard->accounts);
	index_again(shard);
	assert_true(parts.cells / parts.accounts <= 1100);
	free(parts.sizes);
	simulate_free(&simulation);
	profile_shard_free(&shard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(accounts_are_small)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
