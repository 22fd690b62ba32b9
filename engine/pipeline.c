/*
 * One transaction's life (design.md section 1). Each step says no by returning; nothing is undone.
 */
#include "pipeline.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/counters.h"
#include "match/match.h"
#include "profile/profile.h"

enum { FOUND_BYTES_MAX = 16 << 20 }; /* evidence of one transaction's hits */

struct shard_feed {
	const struct decoder *decoder; /* NULL: not used yet */
	struct decode_context context;
};

struct shard {
	struct shard_feed feeds[COUNTER_FEEDS_MAX];
	struct profile_shard *profiles; /* owned */
	struct matcher *matcher;        /* owned */
	struct arena found;             /* owned; hits of one transaction before they go into the work */
	bool shadow_too;
};

static void dead_letter(const struct shard_feed *feed, const struct feed_message *message, struct work *work)
{
	const struct decode_reject *reject = &feed->context.reject;
	struct dead_row row = {
		.topic = message->source,
		.partition = message->partition,
		.offset = message->offset,
		.decoder = slice_of(feed->decoder->name),
		.field = slice_of(reject->field),
		.reason = slice_of(reject->reason),
		.key = message->key,
		.payload = message->payload,
		.received_ms = clock_now_ms(),
	};

	work_add_dead(work, &row);
}

/* Only what is booked or about to be is judged (contract.md section 1). */
static bool judged(const struct tx *tx)
{
	if (tx->status == TX_BOOKED || tx->status == TX_PENDING)
		return true;
	count(tx->status == TX_REVERSED ? COUNT_TX_REVERSED : COUNT_TX_NOT_JUDGED);
	return false;
}

static enum profile_answer remember(struct shard *shard, const struct tx *tx, int32_t partition,
                                    struct profile_view *view_r)
{
	int64_t amount_cny = plan_amount_cny(matcher_set(shard->matcher), tx->amount_minor, tx->currency);

	return profile_put(shard->profiles, tx, amount_cny, partition, view_r);
}

void pipeline_remember(struct shard *shard, const struct tx *tx)
{
	struct profile_view view;

	remember(shard, tx, 0, &view);
}

void pipeline_tx(struct shard *shard, const struct tx *tx, int32_t partition, struct work *work)
{
	struct match_hits hits = {.arena = &shard->found, .shadow_too = shard->shadow_too};
	struct profile_view view;

	if (!judged(tx))
		return;
	switch (remember(shard, tx, partition, &view)) {
	case PROFILE_DUPLICATE: count(COUNT_TX_DUPLICATE); return;
	case PROFILE_LATE: count(COUNT_TX_LATE); match_tx(shard->matcher, tx, NULL, &hits); break;
	case PROFILE_NEW: match_tx(shard->matcher, tx, &view, &hits); break;
	}
	if (hits.count == 0 && hits.link_count == 0)
		return;
	for (size_t i = 0; i < hits.count; i++)
		work_add_hit(work, &hits.items[i]);
	for (size_t i = 0; i < hits.link_count; i++)
		work_add_link(work, &hits.links[i]);
	arena_reset(&shard->found);
}

void pipeline_handle(struct shard *shard, const struct feed_message *message, struct work *work)
{
	struct shard_feed *feed = &shard->feeds[message->feed];

	decode_context_reset(&feed->context);
	if (decode(feed->decoder, &feed->context, message->payload.at, message->payload.length,
	           message->at_start) == -1) {
		dead_letter(feed, message, work);
		return;
	}
	for (size_t i = 0; i < feed->context.tx_count; i++)
		pipeline_tx(shard, &feed->context.txs[i], message->partition, work);
}

struct shard *shard_new(const struct settings *settings, struct pattern_set *set)
{
	struct shard *shard = calloc(1, sizeof(*shard));

	if (shard == NULL)
		die("out of memory: a shard");
	shard->profiles = profile_shard_new((size_t)settings->engine_accounts, settings->engine_lateness_ms);
	shard->matcher = matcher_new(set);
	arena_init(&shard->found, FOUND_BYTES_MAX);
	return shard;
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

void shard_use_patterns(struct shard *shard, struct pattern_set *set)
{
	matcher_swap(shard->matcher, set);
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
