/*
 * One account's memory, laid open: what profile_put() changes and a view reads. A shard has one of them,
 * filled from the account's block (block.h) and packed back into it, so that here every part has its full
 * room and a plain array.
 *
 * Lists of what is known stand in the order of last use, newest first, so that their order says what to
 * forget.
 */
#ifndef PROFILE_ACCOUNT_H
#define PROFILE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/bits.h"
#include "base/counters.h"
#include "profile/profile.h"
#include "profile/slot.h"

enum {
#define PROFILE_LIMIT(name, value, counter, help) PROFILE_##name = value,
#include "profile/profile_limits.def"
#undef PROFILE_LIMIT
};

/*
 * A recent transaction as it is kept: 16 bytes, of which a block mostly stores 13 (block_events.h), and there one more
 * for its party.
 *
 *   low    32 id │ 32 amount                                                                 (lowest bits first)
 *   high   2 more of the id │ 7 left │ 3 kind │ 4 channel │ 1 credit │ 1 new │ 42 booking time, ms since 1970
 *
 *   amount 27 bits of mantissa, 5 of exponent (small.h): exact to 1.3 million yuan, and beyond where the fen
 *          divide by the power of two, which round amounts do; else within 2^-28
 *   id     of a hash: one payment in a billion looks like one of 16 that are known, four of 64
 */
struct event {
	uint64_t low, high;
};

/* Where an event's party stands in the columns of what is known; or it was forgotten there, or none was given. */
enum { PLACE_FORGOTTEN = 254, PLACE_NONE = 255 };

enum { EVENT_LEFT_UNKNOWN = 127, EVENT_LEFT_MOST = 126 };

#define ACCOUNT_TIME_MAX ((INT64_C(1) << 42) - 1) /* the year 2109 */

/*
 * What is known: a hash of 20 bits, and the slot of its first time (slot.h). All lists stand one behind
 * another, in two columns.
 */
enum { KNOWN_HASH_BITS = 20, KNOWN_HASH_MASK = (1 << KNOWN_HASH_BITS) - 1, KNOWN_BYTES = 3 };
enum known_list {
	KNOWN_PAYEES, KNOWN_PAYERS, KNOWN_IPS, KNOWN_MACS, KNOWN_DEVICES,
	KNOWN_LISTS, KNOWN_PARTY_LISTS = KNOWN_IPS
};
enum {
	KNOWN_MOST = PROFILE_PAYEES + PROFILE_PAYERS + PROFILE_IPS + PROFILE_MACS + PROFILE_DEVICES,
	KNOWN_ROOM = KNOWN_MOST + 16 /* searches read so far beyond */
};
struct known {
	uint8_t count[KNOWN_LISTS];
	uint8_t begin[KNOWN_LISTS + 1]; /* where they stand in the columns; where the last ends */
	uint16_t low[KNOWN_ROOM]; /* of the hash */
	uint8_t rest[KNOWN_ROOM]; /* 4 bits more of it; 4 of the slot */
};

enum { SEEN_ROOM = SLOTS + 1 }; /* counts are read sixteen at a time (counts.h) */

/* Names of payees in the order of their words (name.h). */
enum { NAME_HEAD_BYTES = 2, NAME_BYTES_MOST = NAME_HEAD_BYTES + PROFILE_NAME_CHARACTERS };

/* A day that is not closed yet: credits and the latest balance as small numbers of 27 bits (small.h). */
struct open_day {
	uint32_t credits, balance;
};
enum { OPEN_DAYS = 2 };
#define OPEN_DAY_BALANCE_UNKNOWN UINT32_MAX

enum { AMOUNT_BINS = 128 };

/*
 * Amounts of one direction by size, as they are stored: `count` bins from `from` on, half a byte each. Of a count of
 * 15 and more that is 15, and its byte stands behind all halves (amounts.c).
 */
struct amounts {
	uint8_t from, count, large;
	uint8_t bytes[AMOUNT_BINS / 2 + AMOUNT_BINS];
};

static inline size_t amounts_bytes(unsigned count, unsigned large)
{
	return (count + 1) / 2 + large;
}

struct account {
	uint64_t key;
	int64_t begin_ms;  /* its first transaction */
	int64_t newest_ms; /* the newest ever put in */
	int64_t gone_ms;   /* the newest that is in the buckets only; TX_ABSENT */
	int32_t partition;
	int32_t today; /* the day of newest_ms */

	uint32_t event_count, events_large; /* of them: amounts of more than EVENT_AMOUNT_SHORT_BITS */
	struct event events[PROFILE_EVENTS_MOST];     /* by booking time, the newest first */
	uint32_t parties[PROFILE_EVENTS_MOST];        /* theirs: hashes of 20 bits; 0: none */
	uint8_t places[PROFILE_EVENTS_MOST];          /* of these parties */
	bool may_be_forgotten;                        /* some of them: PLACE_FORGOTTEN */

	struct known known;
	uint8_t seen[KNOWN_PARTY_LISTS][SEEN_ROOM]; /* how many of the list were last met in that slot */
	uint32_t name_bytes;
	uint8_t names[PROFILE_PAYEES * NAME_BYTES_MOST];

	uint32_t bucket_bits; /* bit slot: debits have a bucket there; bit 16 + slot: credits */
	uint64_t buckets[2 * SLOTS]; /* one for each bit, in their order */
	struct amounts amounts[2];
	struct open_day days[OPEN_DAYS]; /* today, the day before */
	uint16_t firms;     /* where those bank that it began to pay, and of them the own place's (places.h) */
	uint8_t neighbours;
	bool balance_untold; /* its bank writes 0 for what it doesn't tell */
	uint8_t drained[PROFILE_DRAINED_DAYS / 2]; /* 4 bits a day, the day before today first (drained.h) */
};

static inline unsigned direction_index(unsigned direction)
{
	return direction == TX_CREDIT;
}

/* Where the bucket of a bit stands, or would. */
static inline unsigned account_bucket_place(const struct account *account, unsigned bit)
{
	return bits_count(account->bucket_bits & ((UINT32_C(1) << bit) - 1));
}

/* A slot's bucket of debits (0) or credits (1); 0: nothing. */
static inline uint64_t account_bucket(const struct account *account, unsigned index, unsigned slot)
{
	unsigned bit = 16 * index + slot;

	return account->bucket_bits >> bit & 1 ? account->buckets[account_bucket_place(account, bit)] : 0;
}

static inline void account_set_bucket(struct account *account, unsigned index, unsigned slot, uint64_t bucket)
{
	unsigned bit = 16 * index + slot, place = account_bucket_place(account, bit);

	if ((account->bucket_bits >> bit & 1) == 0) {
		unsigned behind = bits_count(account->bucket_bits) - place;

		memmove(&account->buckets[place + 1], &account->buckets[place], behind * sizeof(account->buckets[0]));
		account->bucket_bits |= UINT32_C(1) << bit;
	}
	account->buckets[place] = bucket;
}

#endif
