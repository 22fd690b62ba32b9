/*
 * The files of the snapshots: which there are, which to believe, which to remove.
 *
 *   FOLDER/shard-00.snapshot     the last round's, of shard 0; .1 is the one before, .new one being written
 *   FOLDER/link.snapshot         what links accounts, and .1
 *
 * A round is kept in this order: link, then the shards one by one. So after a crash anywhere in between, `link` is
 * never older than a shard; what it has above a shard's offsets comes again from the feed, and is known (I4). For
 * the same reason link's .1 goes only with the shards' .1, and without either nothing is believed: links reach back
 * farther than what is read again behind a snapshot.
 *
 * Which file an account comes from is decided by partition: the newest sound file that held it, whatever the number
 * of shards was then. A file that is ahead of the store (it was removed, or restored from a copy) is not believed:
 * what it has above the store's offsets would be passed over and never judged.
 */
#ifndef ENGINE_SNAPSHOTS_H
#define ENGINE_SNAPSHOTS_H

#include "base/error.h"
#include "base/settings.h"
#include "link/link.h"
#include "positions.h"
#include "profile/profile.h"
#include "store/store.h"

#define SNAPSHOT_PATH_BYTES 4096

/* Paths of a round's files. */
void snapshots_shard_path(const char *folder, int shard, char path_r[SNAPSHOT_PATH_BYTES]);
void snapshots_link_path(const char *folder, char path_r[SNAPSHOT_PATH_BYTES]);

/* `path` stays as PATH.1, too, whatever is renamed onto it next. A file that is not there is none to keep. */
int snapshots_keep_before(const char *path, struct error *error);
/* PATH.new becomes `path`, and what that was PATH.1; synced. */
int snapshots_keep(const char *path, struct error *error);
/* Removes files of shards that there are no more. */
void snapshots_remove_beyond(const char *folder, int shards);

struct snapshots_target {
	const struct settings *settings; /* topics; the folder */
	struct store *store; /* a reader: how far it is */
	struct profile_shard *const *shards; /* empty */
	struct positions *const *positions;  /* filled with what was loaded */
	int count;
	struct link *link; /* empty */
};

/*
 * Loads what can be believed and says what cannot, and why, in the log. Partitions without a sound file have no
 * position afterwards: they are rebuilt from the feed. Returns the highest round seen, 0 where there is none.
 */
uint64_t snapshots_load(const struct snapshots_target *target);

#endif
