/*
 * A little engine in one thread, for tests of batches, shards and restarts: a broker of arrays, shards that the
 * partitions are dealt to as `serve` does, the desk on a store in memory that outlives a crash.
 *
 *   broker ─▶ positions_take ─▶ pipeline_handle ─▶ works that wait ─▶ desk_apply ─▶ store
 *             └─────────── gone in a crash ───────────────────────┘
 */
#ifndef TESTS_UNIT_ENGINE_FIXTURE_H
#define TESTS_UNIT_ENGINE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "desk.h"
#include "pipeline.h"
#include "positions.h"

enum { LITTLE_SHARDS_MAX = 5, LITTLE_PARTITIONS = 6, LITTLE_FEEDS = 2, LITTLE_WAITING_MAX = 4, LITTLE_PATTERNS = 9 };

/* Text alone, the memory, and links. */
struct little_pattern {
	const char *name, *detect;
};
extern const struct little_pattern little_patterns[LITTLE_PATTERNS];

struct little_partition {
	unsigned feed;
	int32_t partition;
	struct slice *messages; /* owned array of owned texts; a message's place is its offset */
	size_t count, capacity;
	int64_t read; /* the engine's consumer: the next offset to hand out */
};

struct little_broker {
	struct little_partition partitions[LITTLE_FEEDS * LITTLE_PARTITIONS];
	size_t messages;
};

/* `txs` transactions of a few dozen accounts over some weeks, with repeats, reversals and broken ones among them. */
void little_broker_fill(struct little_broker *broker, uint64_t seed, size_t txs);
void little_broker_free(struct little_broker *broker);

struct little_engine {
	struct settings settings;
	struct pattern_set *set;
	struct little_broker *broker; /* borrowed */
	uint64_t random;
	size_t batch;
	int shard_count;
	bool catching_up; /* only the decided is taken */
	struct shard *shards[LITTLE_SHARDS_MAX];
	struct positions positions[LITTLE_SHARDS_MAX];
	struct work *waiting[LITTLE_SHARDS_MAX][LITTLE_WAITING_MAX]; /* made and not applied */
	size_t waiting_count[LITTLE_SHARDS_MAX];
	struct desk desk;
	struct store *store;
	char folder[64]; /* of snapshots */
	uint64_t round;
};

/* `batch` messages at most at a time; a store without anything in it. The shards are not up yet. */
void little_engine_init(struct little_engine *e, struct little_broker *broker, uint64_t seed, size_t batch);
void little_engine_deinit(struct little_engine *e);

/* Up with that many shards, with what the snapshots hold, reading on from where the store and the memory stand. */
void little_engine_up(struct little_engine *e, int shards);
/* A round of snapshots as the keeper makes it, while steps go on; now and then a crash comes before its end. */
void little_engine_save(struct little_engine *e);
void little_engine_save_whole(struct little_engine *e); /* without that crash */
/* Whether any account is known. */
bool little_engine_has_memory(const struct little_engine *e);
/* Gone: the shards, their memory, and what was not applied. */
void little_engine_crash(struct little_engine *e);
/* A batch of a shard, or a work that is applied, as chance will have it; false where nothing is left to do. */
bool little_engine_step(struct little_engine *e);
/* Applies everything that waits. */
void little_engine_settle(struct little_engine *e);

/* All alerts as replay would print them, and the number of dead letters. The caller frees. */
char *little_engine_alerts(struct little_engine *e);

#endif
