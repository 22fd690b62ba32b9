/*
 * How far each partition of a shard got: in the accounts' memory, and in the store.
 *
 *                 memory has it        read again: rebuilds memory        judged
 *   offset 0 ───────────────────▶ next ───────────────────────▶ decided ─────────▶
 *
 * What lies below the offset committed in the store is decided: its hits, link results and dead letters went
 * into the same commit (I3). A memory that is older than the store (a snapshot, or none at all) is brought up
 * to it by reading from there; what was decided is then put into memory, and nothing else comes of it (I4).
 * Until all partitions have come that far, nothing new is taken of any: what is judged must find everything
 * that went before it, also in other partitions (link).
 *
 * The feed's thread opens partitions, the shard's thread moves them on, anyone may ask how far they are.
 */
#ifndef ENGINE_POSITIONS_H
#define ENGINE_POSITIONS_H

#include <pthread.h>

#include "feed/feed.h"
#include "profile/profile.h"

#define POSITION_UNKNOWN (-1)

struct position {
	const char *topic; /* the settings' */
	int32_t partition;
	_Atomic int64_t next; /* the first offset that memory does not have; POSITION_UNKNOWN */
	_Atomic int64_t decided, from; /* from: where reading began */
	_Atomic bool held; /* nothing from `decided` on is taken yet */
	struct position *behind;
};

struct positions {
	pthread_mutex_t lock; /* of the list; entries never move or go */
	struct position *first; /* owned */
	struct position *last_used; /* owned by the shard's thread */
};

void positions_init(struct positions *positions);
void positions_deinit(struct positions *positions);

/* NULL where it was never opened or loaded. */
struct position *positions_find(struct positions *positions, struct slice topic, int32_t partition);
/* `topic` lives as long as the positions. The same again where it is there. */
struct position *positions_add(struct positions *positions, const char *topic, int32_t partition);

/* Where reading should begin, if the store knows `stored` (POSITION_UNKNOWN: nothing). */
struct feed_start positions_start(struct positions *positions, struct slice topic, int32_t partition,
                                  int64_t stored, bool may_rebuild);
/* Reading begins at `start`, whose `from` is an offset or FEED_BEGINNING. */
void positions_open(struct positions *positions, const char *topic, int32_t partition,
                    const struct feed_start *start);

/* All partitions are taken away; memory keeps what it has of them. */
void positions_close(struct positions *positions);

/*
 * By the shard's thread, for a batch: marks what is replayed, and moves what memory has already, or what has to
 * wait, behind the others, whose number it returns. These count as put from now on. Where a partition has come to
 * its end, what is missing of the decided is not in the topic any more, and is not waited for.
 */
size_t positions_take(struct positions *positions, struct feed_message *messages, size_t count);

/* What memory has, for a snapshot; the caller frees the array. By the shard's thread. */
struct profile_offset *positions_list(struct positions *positions, size_t *count_r);

/* Messages still to be replayed. */
int64_t positions_behind(struct positions *positions);

#endif
