/*
 * The inside of the shard threads: for shards.c, and shards_save.c, which makes their snapshots.
 */
#ifndef ENGINE_SHARDS_PRIVATE_H
#define ENGINE_SHARDS_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "pipeline.h"
#include "shards.h"

/*
 *            shards_save_begin()          between two batches          all steps made, or the thread ends
 *   SAVE_NONE ───────────────▶ SAVE_ASKED ──────────────────▶ SAVE_BEGUN ───────────────────▶ SAVE_GIVEN
 *       ▲                                                                                         │
 *       └────────────────────────────── shards_save_end() ────────────────────────────────────────┘
 */
enum shard_save_state { SAVE_NONE, SAVE_ASKED, SAVE_BEGUN, SAVE_GIVEN };

struct shard_thread {
	struct shards *shards;
	int number;
	pthread_t thread;
	/* owned by the thread */
	struct shard *shard;
	struct feed_message *messages; /* owned; a batch */
	struct work *open;             /* what the batches since the last submit made; NULL: nothing */
	int64_t opened_ms, full_since_ms; /* of the open work; since when batches are large, 0: they are not */
	uint64_t seen; /* of shards->looked_at */
	bool saving;   /* a snapshot is under way that wants steps */
	/* shared, locked within */
	struct positions positions;
	/* shared, under shards->lock */
	struct matcher *matcher_next; /* owned; to be used from the next batch on */
	struct matcher *matcher_old;  /* owned; no longer used */
	struct work *pool;
	int at_desk;      /* works submitted and not done */
	uint64_t submitted, done;
	enum shard_save_state save_state;
	uint64_t save_round;
	uint64_t save_mark;        /* works submitted when it began: what the snapshot stands for */
	struct profile_save *save; /* owned by whoever saves; from BEGUN on */
	uint64_t settled; /* the last settle request that this thread saw between two batches */
};

struct shards {
	struct shards_options options;
	struct feed_kafka *feed;
	struct shard_thread *threads; /* owned */
	/* owned by the thread that reloads */
	struct pattern_set *patterns; /* held */
	struct reference *reference;  /* held */
	/* shared, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t settle_wanted;
	int64_t takeover_us; /* the longest that the last change of matchers held a shard up */
	bool started;
	/* shared */
	_Atomic bool stopping;
	_Atomic uint64_t looked_at; /* grows with each request, so that a thread looks without a lock */
};

/* shards_save.c, by the shard's thread: begins what is asked for; makes a step; ends, whole or not. */
void shard_save_look(struct shard_thread *t);
void shard_save_step(struct shard_thread *t);
void shard_save_stop(struct shard_thread *t);

#endif
