/*
 * What an account knows: payees and payers, addresses and devices. Each is 20 bits of a hash: of the
 * 69 payees that a firm has after 90 days, one stranger in 15,000 looks known, of a full list of 128 one in 8,000;
 * what is forgotten looks new.
 *
 * Lists of parties count besides, slot by slot, how many were last met there. In the order of last use
 * that says when each was last met, without a date of its own.
 */
#ifndef PROFILE_KNOWN_H
#define PROFILE_KNOWN_H

#include "profile/account.h"

/* A hash as it is known: KNOWN_HASH_BITS of it, never 0. */
static inline uint32_t known_hash(uint64_t hash)
{
	uint32_t short_hash = hash & KNOWN_HASH_MASK;

	return short_hash != 0 ? short_hash : 1;
}

static inline unsigned known_count(const struct account *account, enum known_list list)
{
	return account->known.count[list];
}

/* Where a list begins in the columns. */
static inline unsigned known_begin(const struct account *account, enum known_list list)
{
	return account->known.begin[list];
}

/* A list has so many more; those behind it stand elsewhere. */
static inline void known_count_change(struct account *account, enum known_list list, int by)
{
	account->known.count[list] = (uint8_t)(account->known.count[list] + by);
	for (int behind = list + 1; behind <= KNOWN_LISTS; behind++)
		account->known.begin[behind] = (uint8_t)(account->known.begin[behind] + by);
}

static inline unsigned known_total(const struct account *account)
{
	return known_begin(account, KNOWN_LISTS);
}

/* The hash at a place of the columns. */
static inline uint32_t known_column_hash(const struct account *account, unsigned place)
{
	return account->known.low[place] | (uint32_t)(account->known.rest[place] & 15) << 16;
}

static inline uint32_t known_hash_at(const struct account *account, enum known_list list, unsigned at)
{
	return known_column_hash(account, known_begin(account, list) + at);
}

/* The slot of its first time. */
static inline unsigned known_first(const struct account *account, enum known_list list, unsigned at)
{
	return account->known.rest[known_begin(account, list) + at] >> 4;
}

static inline void known_set_first(struct account *account, enum known_list list, unsigned at, unsigned slot)
{
	uint8_t *rest = &account->known.rest[known_begin(account, list) + at];

	*rest = (uint8_t)((*rest & 15) | slot << 4);
}

/* Its place in the list, or known_count(). */
uint32_t known_find(const struct account *account, enum known_list list, uint32_t hash);

/*
 * The one at `at` (known_find) was met in `slot`: to the front, or to the front of those last met there.
 * New: put in, and the last is forgotten (counted) where the list is full. `name` is the payee's, for
 * KNOWN_PAYEES only.
 */
void known_meet(struct account *account, enum known_list list, uint32_t at, uint32_t hash, unsigned slot,
                const uint8_t *name);

/* As though it had never been met. */
void known_forget(struct account *account, enum known_list list, uint32_t at);

/* The place that is in the list was last met when it was first met, as far as is known. */
void known_unmeet(struct account *account, enum known_list list, uint32_t at);

/* The slot in which the one at `at` was last met. */
unsigned known_last(const struct account *account, enum known_list list, uint32_t at);

/* Time goes on: moves[slot] is where what was in a slot is now. */
void known_move(struct account *account, const uint8_t moves[SLOTS + 1]);

/* The name of the payee at `at` (name.h). */
const uint8_t *known_name(const struct account *account, uint32_t at);

#endif
