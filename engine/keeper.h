/*
 * The thread that keeps the memory: a snapshot of all shards now and then, and what there is to tell while the memory
 * is brought up to date.
 *
 * A round: each shard is written while it goes on; all that it had made is committed; then `link`; then the files take
 * the place of the last round's. What fails leaves the last round as it is.
 */
#ifndef ENGINE_KEEPER_H
#define ENGINE_KEEPER_H

#include "shards.h"

struct keeper;

struct keeper_options {
	const struct settings *settings; /* borrowed, as are all of these, as long as the keeper */
	struct shards *shards;
	int shard_count;
	struct store_writer *writer; /* on whose thread `link` lives */
	struct link *link;
	uint64_t round; /* the highest so far */
};

/* NULL where the settings name no folder for snapshots. */
struct keeper *keeper_start(const struct keeper_options *options);

/* The shards have ended: one more round, of what is there now. Returns at once. */
void keeper_finish(struct keeper *keeper);

/*
 * Waits for it, until the steady clock says `until_ms`; then the last round but one is what the next start finds. False
 * where the disk still holds the thread up: then the process must end with it, and free nothing that it uses.
 */
bool keeper_stop(struct keeper **keeper, int64_t until_ms);

#endif
