/*
 * The shard threads of `serve`: each takes batches from the feed, runs the pipeline, and submits the work to the
 * store's thread, where the desk applies it (design.md section 10).
 *
 *   pool ─ work ─▶ take · handle · take · … ─ submit ─▶ store's thread: desk_apply · COMMIT ─▶ done ─▶ pool
 *
 * A shard has `engine.batches_waiting` works. With all of them at the desk it waits (counted), its queue fills, and
 * librdkafka stops fetching its partitions: nothing is lost and memory stays bounded.
 */
#ifndef ENGINE_SHARDS_H
#define ENGINE_SHARDS_H

#include "desk.h"
#include "feed/feed.h"
#include "pattern/pattern.h"
#include "positions.h"
#include "profile/profile.h"

#define SHARDS_MAX 64

struct shards;

struct shards_options {
	const struct settings *settings; /* borrowed, as are all of these, as long as the shards */
	struct pattern_set *patterns;    /* the first set; held */
	struct reference *reference;     /* the first lists and enterprises; held */
	struct store_writer *writer;
	struct desk *desk;
	int count;
	/* On the store's thread after each commit, with what the batch changed; may be NULL. */
	void (*committed)(void *arg, const struct work *work);
	void *arg;
};

struct shards *shards_new(const struct shards_options *options);
void shards_start(struct shards *shards, struct feed_kafka *feed);

/*
 * Each shard goes over to `set` between two batches: a message that is fetched after this returns is judged by it.
 * What a shard does for it is to exchange two pointers; making and freeing matchers is the caller's time, for which a
 * pause of milliseconds does not matter. The memory is not touched. One thread at a time.
 */
void shards_use_patterns(struct shards *shards, struct pattern_set *set);
/* How long the last change held the shard up that it held up most. */
int64_t shards_takeover_us(struct shards *shards);
/* The same for lists and enterprises. */
void shards_use_reference(struct shards *shards, struct reference *reference);

/* The set at hand, held for the caller. Any thread. */
struct pattern_set *shards_patterns(struct shards *shards);

/* How far the partitions of whichever shard owns that partition are. */
struct positions *shards_positions(struct shards *shards, int32_t partition);
/* Messages that must be read again before new ones are judged. Any thread. */
int64_t shards_behind(struct shards *shards);

/* Returns when every batch taken before the call is committed, with all partitions closed (feed_kafka_options.settle). */
void shards_settle(struct shards *shards);

/*
 * Snapshots, by one thread, a shard at a time (keeper.c):
 *
 *   begin ─ profile_save_write() ─ end ─ committed ─▶ the file may be believed
 *
 * Begin waits until the shard is between two batches: NULL where it ends instead. End waits until the shard has let
 * go. Committed waits until all is in the store that the shard had made when it began: false where it never will be.
 * `quiet` is for shards whose threads have ended: the caller's thread does their part.
 */
struct profile_save *shards_save_begin(struct shards *shards, int shard, uint64_t round);
void shards_save_end(struct shards *shards, int shard);
bool shards_save_committed(struct shards *shards, int shard);
struct profile_shard *shards_quiet(struct shards *shards, int shard); /* NULL while its thread runs */

bool shards_are_stopping(const struct shards *shards);

/* Where snapshots are loaded into, before the start. */
struct profile_shard *shards_profiles(struct shards *shards, int shard);

/* Ends the threads after their current batch and waits until all work is committed. */
void shards_stop(struct shards *shards);
void shards_free(struct shards **shards);

#endif
