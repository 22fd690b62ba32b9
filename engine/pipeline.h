/*
 * One shard's half of the picture: message → transactions → profile → match → work for the desk.
 *
 * `serve` runs a shard a thread, `replay` one shard in its own thread; both through pipeline_handle(), so that they
 * give the same alerts.
 */
#ifndef ENGINE_PIPELINE_H
#define ENGINE_PIPELINE_H

#include "base/settings.h"
#include "decode/decode.h"
#include "feed/feed.h"
#include "pattern/pattern.h"
#include "reference/reference.h"
#include "work.h"

struct shard; /* owned by one thread (I1) */

/* `settings` is borrowed as long as the shard; `set` is held by it. */
struct shard *shard_new(const struct settings *settings, struct pattern_set *set);
void shard_free(struct shard **shard);

/* The feed `number` (of a message) is read by `decoder`; `bank` as in the settings, borrowed. Forgets the file's state. */
void shard_set_feed(struct shard *shard, unsigned number, const struct decoder *decoder, struct slice bank);

/* From the next message on. Between batches only, so that a set is swapped whole (I6). */
void shard_use_patterns(struct shard *shard, struct pattern_set *set);

/* Lists and enterprises from the next message on; NULL: none. As for the patterns. */
void shard_use_reference(struct shard *shard, struct reference *reference);

/* Hits of shadow patterns, too: for tests and backtests. */
void shard_show_shadow(struct shard *shard, bool show);

/* Takes the time that patterns cost (matcher_time()). */
void shard_time_patterns(struct shard *shard, bool timed);

/* A message's whole life up to the desk. Everything it finds is copied into `work`. */
void pipeline_handle(struct shard *shard, const struct feed_message *message, struct work *work);

/* The same from where it is decoded; `tx` is borrowed during the call. */
void pipeline_tx(struct shard *shard, const struct tx *tx, int32_t partition, struct work *work);

/* Puts a transaction into its account's memory and judges nothing: the past that a test begins with. */
void pipeline_remember(struct shard *shard, const struct tx *tx);

#endif
