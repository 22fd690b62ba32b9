/*
 * What a shard is made of: for pipeline.c, which runs transactions through it, and shard.c, which makes, equips and
 * saves it.
 */
#ifndef ENGINE_SHARD_H
#define ENGINE_SHARD_H

#include "decode/decode.h"
#include "match/match.h"
#include "pipeline.h"
#include "profile/profile.h"

enum {
	/* Far enough ahead for two cache misses of the memory, near enough that the messages stay in the cache. */
	AHEAD_MESSAGES = 16,
	AHEAD_TXS = 32,
};

struct shard_feed {
	const struct decoder *decoder; /* NULL: not used yet */
	/* Messages are decoded into it one behind the other, in the feed's order: so a decoder that remembers what a file
	 * began with (csv34's header line) needs no care. */
	struct decode_context context;
};

/* A decoded transaction on its way to its account. */
struct waiting {
	struct tx *tx; /* in its feed's context */
	uint64_t key;
	int32_t partition;
	bool replayed; /* its finds are stored already: it only rebuilds memory */
	struct match_texts texts; /* of one that is judged */
};

/* Owned by one thread (I1). */
struct shard {
	const struct settings *settings; /* borrowed */
	struct shard_feed feeds[COUNTER_FEEDS_MAX];
	struct profile_shard *profiles; /* owned */
	struct matcher *matcher;        /* owned */
	struct arena found;             /* owned; hits of one transaction before they go into the work */
	struct waiting ahead[AHEAD_TXS];
	size_t ahead_count;
	bool shadow_too;
	uint64_t feeds_in_use; /* bit i: feed i holds messages decoded ahead */
};

_Static_assert(COUNTER_FEEDS_MAX <= 64, "feeds_in_use has a bit for each feed");

#endif
