/*
 * Making and equipping a shard.
 */
#include "shard.h"

#include <stdlib.h>

enum { FOUND_BYTES_MAX = 16 << 20 }; /* evidence of one transaction's hits */

static unsigned meet(void *context, const struct tx *tx)
{
	struct shard *shard = context;

	return match_meeting(shard->matcher, tx);
}

static void remember_nothing(struct shard *shard)
{
	shard->profiles = profile_shard_new((size_t)shard->settings->engine_accounts, shard->settings->engine_lateness_ms);
	profile_ask_meeting(shard->profiles, meet, shard);
}

struct shard *shard_new(const struct settings *settings, struct pattern_set *set)
{
	struct shard *shard = calloc(1, sizeof(*shard));

	if (shard == NULL)
		die("out of memory: a shard");
	shard->settings = settings;
	shard->matcher = matcher_new(set);
	remember_nothing(shard);
	arena_init(&shard->found, FOUND_BYTES_MAX);
	return shard;
}

void shard_forget(struct shard *shard)
{
	profile_shard_free(&shard->profiles);
	remember_nothing(shard);
}

void shard_free(struct shard **shard)
{
	if (*shard == NULL)
		return;
	for (unsigned i = 0; i < COUNTER_FEEDS_MAX; i++)
		if ((*shard)->feeds[i].decoder != NULL)
			decode_context_deinit(&(*shard)->feeds[i].context, (*shard)->feeds[i].decoder);
	profile_shard_free(&(*shard)->profiles);
	matcher_free(&(*shard)->matcher);
	arena_deinit(&(*shard)->found);
	free(*shard);
	*shard = NULL;
}

void shard_set_feed(struct shard *shard, unsigned number, const struct decoder *decoder, struct slice bank)
{
	struct shard_feed *feed = &shard->feeds[number];

	if (feed->decoder != NULL)
		decode_context_deinit(&feed->context, feed->decoder);
	feed->decoder = decoder;
	decode_context_init(&feed->context, decoder, number, bank);
}

struct matcher *shard_use_matcher(struct shard *shard, struct matcher *matcher)
{
	struct matcher *old = shard->matcher;

	shard->matcher = matcher;
	return old;
}

void shard_use_reference(struct shard *shard, struct reference *reference)
{
	matcher_refer(shard->matcher, reference);
}

void shard_show_shadow(struct shard *shard, bool show)
{
	shard->shadow_too = show;
}

void shard_time_patterns(struct shard *shard, bool timed)
{
	matcher_time(shard->matcher, timed);
}

struct profile_shard *shard_profiles(struct shard *shard)
{
	return shard->profiles;
}
