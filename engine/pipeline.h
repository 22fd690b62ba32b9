/*
 * One shard's half of the picture: message → transactions → profile → match → work for the desk.
 *
 * `serve` runs a shard a thread, `replay` one shard in its own thread; both through pipeline_handle(), so that they
 * give the same alerts. A message that is `replayed` was judged before a restart: it only rebuilds the memory, gives link
 * events marked as such, and is counted as nothing else.
 */
#ifndef ENGINE_PIPELINE_H
#define ENGINE_PIPELINE_H

#include "base/settings.h"
#include "decode/decode.h"
#include "feed/feed.h"
#include "match/match.h"
#include "pattern/pattern.h"
#include "profile/profile.h"
#include "reference/reference.h"
#include "work.h"

struct shard; /* owned by one thread (I1) */

/* `settings` is borrowed as long as the shard; `set` is held by it. */
struct shard *shard_new(const struct settings *settings, struct pattern_set *set);
void shard_free(struct shard **shard);

/* The feed `number` (of a message) is read by `decoder`; `bank` as in the settings, borrowed. Forgets the file's state. */
void shard_set_feed(struct shard *shard, unsigned number, const struct decoder *decoder, struct slice bank);

/* Lists and enterprises from the next message on; NULL: none. Before the first one, or where a pause does not matter. */
void shard_use_reference(struct shard *shard, struct reference *reference);

/* Every account's memory is empty again; all else stays. For tests, of which each begins at nothing. */
void shard_forget(struct shard *shard);

/* The accounts' memory, for snapshots. */
struct profile_shard *shard_profiles(struct shard *shard);

/* Hits of shadow patterns, too: for tests and backtests. */
void shard_show_shadow(struct shard *shard, bool show);

/* Takes the time that patterns cost (matcher_time()). */
void shard_time_patterns(struct shard *shard, bool timed);

/*
 * Matches with `matcher` from the next message on; takes it over and gives back the one before, to be freed where time
 * does not matter. Between batches only, so that a set is swapped whole (I6).
 */
struct matcher *shard_use_matcher(struct shard *shard, struct matcher *matcher);

/*
 * The whole life, up to the desk, of the first messages of a batch; returns how many: at least one, at most a few, so
 * that the caller may hand the work on between them. Everything they found is copied into `work`. What comes out does
 * not depend on how a feed is cut into batches.
 */
size_t pipeline_handle(struct shard *shard, const struct feed_message *messages, size_t count, struct work *work);

/* The same from where it is decoded; `tx` is borrowed during the call. */
void pipeline_tx(struct shard *shard, const struct tx *tx, int32_t partition, struct work *work);

/* Puts a transaction into its account's memory and judges nothing: the past that a test begins with. */
void pipeline_remember(struct shard *shard, const struct tx *tx);

/* Puts it into the memory and says what each part of each pattern (of `only`) says of it (match_explain()). */
void pipeline_explain(struct shard *shard, const struct tx *tx, struct slice only, match_explained *report,
                      void *context);

#endif
