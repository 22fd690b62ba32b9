/*
 * Any bytes as an account's block out of a snapshot whose checksums are right. They are refused; or the account goes on
 * from there: it takes transactions, takes them back, answers, and each block that it is packed into is sound again.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile/block_form.h"
#include "profile/profile.h"
#include "profile/shard.h"

enum { TRANSACTIONS = 24, STEP_MS = 5 * 3600 * 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* By its number: some are large, some late, some to the same party. */
static struct tx transaction(int number, int64_t newest_ms, char text[24])
{
	static const char *const names[] = {"云桥市第一贸易有限公司", "云桥市第二贸易有限公司", "林某", ""};
	struct tx tx;

	tx_init(&tx);
	snprintf(text, 24, "T%d", number);
	tx.id = tx.ip = slice_of(text);
	tx.bank = slice_of("102100099996");
	tx.account = slice_of("62001");
	tx.counterparty.account = slice_of(text + number % 2);
	tx.counterparty.name = slice_of(names[number % 4]);
	tx.direction = number % 3 == 0 ? TX_CREDIT : TX_DEBIT;
	tx.amount_minor = number % 5 == 0 ? INT64_C(1) << 40 : 1 + number * 777;
	tx.balance_minor = number * 1000;
	tx.booked_ms = newest_ms + (number % 4 == 1 ? -STEP_MS : number * (int64_t)STEP_MS);
	return tx;
}

static void ask(const struct profile_view *view)
{
	static const struct profile_filter all = {.directions = 1 << TX_DEBIT | 1 << TX_CREDIT};
	struct profile_event event;
	struct profile_sum sum;

	profile_window(view, &all, 30 * INSTANT_DAY_MS, PROFILE_AMOUNTS | PROFILE_PARTIES, &sum);
	for (int direction = TX_DEBIT; direction <= TX_CREDIT; direction++) {
		assert(profile_newcomers(view, (enum tx_direction)direction, 30 * INSTANT_DAY_MS) >= 0);
		profile_percentile(view, (enum tx_direction)direction, 950);
	}
	assert(profile_drained_days(view, 10, 30 * INSTANT_DAY_MS) >= 0);
	for (int subject = 0; subject < PROFILE_SUBJECT_COUNT; subject++)
		profile_first_seen(view, (enum profile_subject)subject);
	profile_name_distance(view);
	profile_name_added(view);
	profile_name_disguised(view);
	profile_name_provinces(view);
	profile_previous(view);
	for (uint32_t i = 0; profile_event_at(view, i, &event); i++)
		assert(event.amount_minor >= 0);
}

static void check(const struct profile_shard *shard)
{
	const struct slabs *slabs = &shard->accounts.slabs;
	uint32_t ref = accounts_find(&shard->accounts, shard->open.key);

	assert(ref != 0 && block_sound(slab_read(slabs, ref), slab_cell_size(slabs, ref)));
}

static void go_on(struct profile_shard *shard, int64_t newest_ms)
{
	struct profile_view view;
	char text[24];

	for (int i = 0; i < TRANSACTIONS; i++) {
		struct tx tx = transaction(i, newest_ms, text);

		if (profile_put(shard, &tx, tx.amount_minor, 7, &view) == PROFILE_NEW) {
			ask(&view);
			check(shard);
		}
		tx.reverses = tx.id;
		if (i % 3 == 1 && profile_take_back(shard, &tx))
			check(shard);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct profile_shard *shard;
	struct block *block;
	size_t cell;
	uint32_t ref;

	if (length < sizeof(*block) || length > SLAB_CELL_BYTES_MAX)
		return 0;
	shard = profile_shard_new(10, 72 * INSTANT_HOUR_MS);
	ref = slab_take(&shard->accounts.slabs, length);
	cell = slab_cell_size(&shard->accounts.slabs, ref);
	block = slab_write(&shard->accounts.slabs, ref);
	memset(block, 0, cell);
	memcpy(block, bytes, length);
	block->key = profile_key(slice_of("102100099996"), slice_of("62001"));
	if (block_sound(block, cell)) {
		accounts_place(&shard->accounts, block->key, 0, ref);
		go_on(shard, (int64_t)block->newest_ms);
	}
	profile_shard_free(&shard);
	return 0;
}
