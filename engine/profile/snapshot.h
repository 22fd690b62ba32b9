/*
 * The file of a shard's snapshot, for the three files that write, read and keep it.
 *
 *     0        4096                       4096 + chunks × 131,072
 *     ┌────────┬─────────┬─ ─ ─┬───────────┬────────────────────┬──────────────────────────────────┐
 *     │ head   │ chunk 0 │     │ chunk n−1 │ sums: 8 a chunk    │ offsets: next 8, partition 4,    │
 *     │        │         │     │           │                    │          topic 4 + its bytes     │
 *     └────────┴─────────┴─ ─ ─┴───────────┴────────────────────┴──────────────────────────────────┘
 *                                          └──────────────── tail_bytes ───────────────────────────┘
 *
 * Chunks are those of slab.h as they lie in memory. All sums are XXH3's 64 bits: of each chunk; of the tail, which
 * holds the chunks' sums and so stands for the whole; of the head, which holds the tail's. Numbers are in the byte
 * order of the machine that wrote it; `order` tells.
 */
#ifndef PROFILE_SNAPSHOT_H
#define PROFILE_SNAPSHOT_H

#include "profile/shard.h"

#define SNAPSHOT_MAGIC "huqimem\n"
#define SNAPSHOT_ORDER UINT32_C(0x01020304)

enum {
	SNAPSHOT_VERSION = 8, /* of this drawing and of a block's (block.h) */
	SNAPSHOT_HEAD_BYTES = 4096,
	SNAPSHOT_OFFSETS_MAX = 1 << 20, /* partitions of one shard */
	SNAPSHOT_TOPIC_BYTES_MAX = 1024,
};

struct snapshot_head {
	char magic[8];
	uint32_t order, version;
	uint32_t chunk_bytes, chunks;
	uint64_t round;
	uint32_t shard, shards;
	uint32_t offsets, tail_bytes;
	uint64_t accounts;
	int64_t written_ms; /* UTC, for people */
	uint64_t tail_sum;
	uint64_t head_sum; /* of what stands before it */
};

/* As it stands in the tail; the topic's bytes behind it, without padding. */
struct snapshot_offset {
	int64_t next;
	int32_t partition;
	uint32_t topic_bytes;
};

_Static_assert(sizeof(struct snapshot_head) <= SNAPSHOT_HEAD_BYTES, "the head fits its page");
_Static_assert(sizeof(struct snapshot_offset) == 16, "no gap whose bytes nobody wrote");

/* snapshot_read.c: a file that is mapped in as chunks, until the shard goes. */
struct profile_mapping {
	struct profile_mapping *next;
	void *bytes;
	size_t length;
};

#endif
