/*
 * A shard's accounts: where each account's block is.
 *
 * An open-addressing table of (reference, 32 bits of the key), at most three quarters full; it is not
 * saved, but made anew by walking the blocks. When `accounts_max` is reached, the half of the accounts
 * whose newest booking is oldest is forgotten at once (counted), so that the cost is spread over as many
 * new accounts.
 */
#ifndef PROFILE_ACCOUNTS_H
#define PROFILE_ACCOUNTS_H

#include "profile/account.h"
#include "profile/block.h"
#include "profile/slab.h"

struct accounts_slot {
	uint32_t ref; /* 0: free */
	uint32_t tag;
};

struct accounts {
	struct slabs slabs;
	struct accounts_slot *slots; /* owned; slot_count is a power of two */
	size_t slot_count, count, most;
};

void accounts_init(struct accounts *accounts, size_t accounts_max);
void accounts_deinit(struct accounts *accounts);

/* The block of an account, 0 where there is none. */
uint32_t accounts_find(const struct accounts *accounts, uint64_t key);

/* Bring its slot, then the first lines of its block into the cache. */
void accounts_prefetch_slot(const struct accounts *accounts, uint64_t key);
void accounts_prefetch(const struct accounts *accounts, uint64_t key, unsigned lines);

/* An account's block moved, or came (`before` is 0). Forgets others where the table is full. */
void accounts_place(struct accounts *accounts, uint64_t key, uint32_t before, uint32_t ref);

/* Makes the table anew from the blocks in the slabs; -1 where one is not sound. */
int accounts_index(struct accounts *accounts, struct error *error);

#endif
