/*
 * One open-addressing table of fixed-size entries, linear probing, at most three quarters full.
 *
 * An account is known by a 64-bit hash of bank and account, a transaction by a 64-bit hash of its id; ids of a few
 * recent transactions are kept in a ring, the oldest overwritten first. When `accounts_max` is reached, the half of
 * the accounts whose newest booking is oldest is forgotten at once (counted), so that the cost is spread over as many
 * new accounts.
 */
#include "profile/profile.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/counters.h"

#define PROFILE_RECENT 14 /* transactions of an account that are known again; two cache lines an account */

#include "base/error.h"

enum { SLOTS_LEAST = 1 << 10 };

struct account {
	uint64_t key; /* 0: free */
	int64_t newest_ms;
	uint64_t recent[PROFILE_RECENT]; /* hashes of ids; 0: none yet */
};

/* The ring's place is kept in the key's free table beside, to hold an account in two cache lines. */
struct profile_shard {
	struct account *slots; /* owned; slot_count is a power of two */
	uint8_t *ring_at;      /* owned; for each slot, where the next id goes */
	size_t slot_count, account_count, accounts_max;
	int64_t lateness_ms;
};

_Static_assert(sizeof(struct account) == 128, "an account is two cache lines");

static void slots_new(struct profile_shard *shard, size_t slot_count)
{
	shard->slots = aligned_alloc(64, slot_count * sizeof(*shard->slots));
	shard->ring_at = calloc(slot_count, 1);
	if (shard->slots == NULL || shard->ring_at == NULL)
		die("out of memory: %zu accounts; lower engine.accounts_max", slot_count);
	memset(shard->slots, 0, slot_count * sizeof(*shard->slots));
	shard->slot_count = slot_count;
	shard->account_count = 0;
}

struct profile_shard *profile_shard_new(size_t accounts_max, int64_t lateness_ms)
{
	struct profile_shard *shard = calloc(1, sizeof(*shard));

	if (shard == NULL)
		die("out of memory: a shard");
	shard->accounts_max = accounts_max;
	shard->lateness_ms = lateness_ms;
	slots_new(shard, SLOTS_LEAST);
	return shard;
}

void profile_shard_free(struct profile_shard **shard)
{
	if (*shard == NULL)
		return;
	free((*shard)->slots);
	free((*shard)->ring_at);
	free(*shard);
	*shard = NULL;
}

size_t profile_accounts(const struct profile_shard *shard)
{
	return shard->account_count;
}

/* The slot of a key: its own, or the free one where it would stand. */
static size_t slot_find(const struct profile_shard *shard, uint64_t key)
{
	size_t mask = shard->slot_count - 1, at = key & mask;

	while (shard->slots[at].key != 0 && shard->slots[at].key != key)
		at = (at + 1) & mask;
	return at;
}

/* Moves every account whose newest booking is at or after `from_ms` into a table of `slot_count`. */
static void slots_move(struct profile_shard *shard, size_t slot_count, int64_t from_ms)
{
	struct profile_shard old = *shard;

	slots_new(shard, slot_count);
	for (size_t i = 0; i < old.slot_count; i++) {
		if (old.slots[i].key == 0)
			continue;
		if (old.slots[i].newest_ms < from_ms) {
			count(COUNT_ACCOUNTS_FULL);
			continue;
		}
		size_t to = slot_find(shard, old.slots[i].key);
		shard->slots[to] = old.slots[i];
		shard->ring_at[to] = old.ring_at[i];
		shard->account_count++;
	}
	free(old.slots);
	free(old.ring_at);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t median_newest(const struct profile_shard *shard)
{
	int64_t *times = malloc(shard->account_count * sizeof(*times)), median;
	size_t n = 0;

	if (times == NULL)
		die("out of memory: sorting %zu accounts", shard->account_count);
	for (size_t i = 0; i < shard->slot_count; i++)
		if (shard->slots[i].key != 0)
			times[n++] = shard->slots[i].newest_ms;
	qsort(times, n, sizeof(*times), by_time);
	median = times[n / 2];
	free(times);
	/* Where half the accounts share one moment, something must still go. */
	return median + 1;
}

static size_t slot_take(struct profile_shard *shard, uint64_t key)
{
	size_t at;

	if (shard->account_count == shard->accounts_max)
		slots_move(shard, shard->slot_count, median_newest(shard));
	else if (shard->account_count >= shard->slot_count / 4 * 3)
		slots_move(shard, shard->slot_count * 2, INT64_MIN);
	at = slot_find(shard, key);
	shard->slots[at].key = key;
	shard->slots[at].newest_ms = INT64_MIN;
	shard->account_count++;
	return at;
}

/* 0 marks what is free, so no hash may be 0. */
static uint64_t hash_text(struct slice text, uint64_t seed)
{
	uint64_t hash = XXH3_64bits_withSeed(text.at, text.length, seed);

	return hash != 0 ? hash : 1;
}

uint64_t profile_key(struct slice bank, struct slice account)
{
	return hash_text(account, hash_text(bank, 0));
}

void profile_prefetch_slot(const struct profile_shard *shard, uint64_t key)
{
	__builtin_prefetch(&shard->slots[key & (shard->slot_count - 1)]);
}

void profile_prefetch_account(const struct profile_shard *shard, uint64_t key)
{
	(void)shard;
	(void)key;
}

bool profile_take_back(struct profile_shard *shard, const struct tx *tx)
{
	const struct account *account = &shard->slots[slot_find(shard, profile_key(tx->bank, tx->account))];
	uint64_t id = hash_text(tx->reverses, 0);

	for (int i = 0; account->key != 0 && i < PROFILE_RECENT; i++)
		if (account->recent[i] == id)
			return true;
	return false;
}

enum profile_answer profile_put(struct profile_shard *shard, const struct tx *tx, int64_t amount_cny_minor,
                                int32_t partition, struct profile_view *view_r)
{
	uint64_t key = profile_key(tx->bank, tx->account), id = hash_text(tx->id, 0);
	size_t at = slot_find(shard, key);
	struct account *account;
	bool late;

	(void)partition;
	*view_r = (struct profile_view){.shard = shard, .tx = tx, .amount_minor = amount_cny_minor, .now_ms = tx->booked_ms};

	if (shard->slots[at].key == 0)
		at = slot_take(shard, key);
	account = &shard->slots[at];
	for (int i = 0; i < PROFILE_RECENT; i++)
		if (account->recent[i] == id)
			return PROFILE_DUPLICATE;
	account->recent[shard->ring_at[at]] = id;
	shard->ring_at[at] = (uint8_t)((shard->ring_at[at] + 1) % PROFILE_RECENT);
	late = account->newest_ms != INT64_MIN && tx->booked_ms < account->newest_ms - shard->lateness_ms;
	if (tx->booked_ms > account->newest_ms)
		account->newest_ms = tx->booked_ms;
	return late ? PROFILE_LATE : PROFILE_NEW;
}
