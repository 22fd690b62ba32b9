/*
 * The form of a block (block.h), for the files that write, read and check it.
 */
#ifndef PROFILE_BLOCK_FORM_H
#define PROFILE_BLOCK_FORM_H

#include "base/bits.h"
#include "profile/block_events.h"
#include "profile/counts.h"

enum {
	FORGOTTEN_BYTES = 3, /* the hash of a party that is no longer in its list */
	SEEN_LARGE_MOST = PROFILE_PAYEES / COUNT_LARGE + PROFILE_PAYERS / COUNT_LARGE
};

struct block {
	uint64_t key;
	uint64_t newest_ms : 42;
	int64_t partition : 22;
	uint64_t begin_ms : 42;
	uint64_t payees : 8, payers : 6, ips : 3, macs : 3;
	uint64_t events_wide : 1;
	uint64_t unused : 1;
	uint64_t gone : 43; /* 0: nothing; else gone_ms + 1 */
	uint64_t events : 7, forgotten : 7, devices : 3;
	uint64_t unused_too : 4;
	uint32_t bucket_bits;
	uint16_t name_bytes : 12, seen_large : 4;
	uint16_t firms;
	uint8_t neighbours, balance_untold;
	uint8_t amount_from[2], amount_count[2], amount_large[2];
	uint8_t drained[PROFILE_DRAINED_DAYS / 2];
	struct open_day days[OPEN_DAYS];
} __attribute__((packed, aligned(4)));

_Static_assert(KNOWN_PARTY_LISTS * SEEN_ROOM == COUNTS, "all that was seen at once");
_Static_assert(sizeof(struct block) == 72, "no gap whose bytes nobody wrote");
static inline unsigned block_known_total(const struct block *block)
{
	return block->payees + block->payers + block->ips + block->macs + block->devices;
}

static inline size_t known_bytes(unsigned total)
{
	return total * (size_t)KNOWN_BYTES;
}

static inline size_t buckets_bytes(uint32_t bucket_bits)
{
	return (size_t)bits_count(bucket_bits) * sizeof(uint64_t);
}

static inline size_t block_bytes(const struct block *block)
{
	return sizeof(*block) + block_events_bytes(block->events, block->events_wide) + block->events +
	       COUNTS_BYTES + block->seen_large + block->forgotten * FORGOTTEN_BYTES +
	       known_bytes(block_known_total(block)) + buckets_bytes(block->bucket_bits) +
	       amounts_bytes(block->amount_count[0], block->amount_large[0]) +
	       amounts_bytes(block->amount_count[1], block->amount_large[1]) + block->name_bytes;
}

#endif
