/*
 * An account's block: its memory as it lies in the slabs, without a gap, everything as long as it is.
 *
 *     ┌────────┬─────────┬──────┬───────────────────┬─────────┬─────────┬─────────┬───────┐
 *     │ header │ events  │ seen │ known: low │ rest │ parties │ buckets │ amounts │ names │
 *     └────────┴─────────┴──────┴───────────────────┴─────────┴─────────┴─────────┴───────┘
 *               13 or 16   1/2   2 each         1    1 an event  8 each      1/2
 *
 * An event's party is where it stands among the known; behind these places stand, of 3 bytes each, the hashes
 * of parties that were forgotten there.
 *
 * block_open() and block_pack() are two passes of copying of about 1 KB; between them everything has its
 * full room.
 */
#ifndef PROFILE_BLOCK_H
#define PROFILE_BLOCK_H

#include "profile/account.h"
#include "profile/slab.h"

extern const size_t BLOCK_HEAD_BYTES; /* of the header, for who measures */

/* What can be read without opening it. */
struct block_head {
	uint64_t key;
	uint64_t newest_ms : 42;
	int64_t partition : 22;
};

/* The first bytes of a block. */
static inline const struct block_head *block_head(const struct slabs *slabs, uint32_t ref)
{
	return slab_read(slabs, ref);
}

/* Is this block one that this program wrote? For blocks out of a file. */
bool block_sound(const void *block, size_t cell_bytes);

void block_open(const void *block, struct account *account);

/* Packs it into the cell `ref` (0: none yet), or into one of a better size; returns where it is now. */
uint32_t block_pack(const struct account *account, struct slabs *slabs, uint32_t ref);

#endif
