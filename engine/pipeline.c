/*
 * A transaction's life (design.md section 1):
 *
 *   message ─ decode ─┬─▶ ahead: the other side's kind is guessed where nobody told it; its account's memory is on the
 *                     │          way into the cache while others are decoded
 *                     └─▶ dead letter
 *   ahead ─ texts, of all ─ profile ─ match ─▶ work: hits, link events
 *
 * Each step says no by returning; nothing is undone. Transactions leave `ahead` in the order in which they came, so
 * how many messages are handled at a time changes nothing (I1, I2).
 */
#include "pipeline.h"

#include "base/blank.h"
#include "base/clock.h"
#include "base/counters.h"
#include "base/party.h"
#include "shard.h"

static void tell(const struct waiting *one, enum counter counter)
{
	if (!one->replayed)
		count(counter);
}

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

static void take_back(struct shard *shard, const struct waiting *one)
{
	tell(one, COUNT_TX_REVERSED);
	if (!profile_take_back(shard->profiles, one->tx))
		tell(one, COUNT_TX_REVERSED_UNKNOWN);
}

/* Only what is booked or about to be is judged (contract.md section 1). */
static bool is_judged(const struct tx *tx)
{
	return tx->status == TX_BOOKED || tx->status == TX_PENDING;
}

static void hand_over(struct shard *shard, const struct waiting *one, struct match_hits *hits, struct work *work)
{
	for (size_t i = 0; i < hits->count; i++)
		work_add_hit(work, &hits->items[i]);
	for (size_t i = 0; i < hits->link_count; i++) {
		hits->links[i].replayed = one->replayed;
		work_add_link(work, &hits->links[i]);
	}
	/* Also where nothing was found: room is taken before it shows that a party's account, to be linked by, is not told. */
	arena_reset(&shard->found);
}

static enum profile_answer remember(struct shard *shard, const struct tx *tx, int32_t partition,
                                    struct profile_view *view_r)
{
	int64_t amount_cny = plan_amount_cny(matcher_set(shard->matcher), tx->amount_minor, tx->currency);

	return profile_put(shard->profiles, tx, amount_cny, partition, view_r);
}

/* What the account's memory knows better than the transaction says: was there something to leave out? */
static bool correct(struct tx *tx, const struct profile_view *view)
{
	if (!view->balance_untold || tx->balance_minor != 0)
		return false;
	tx->balance_minor = TX_ABSENT;
	return true;
}

static void handle_one(struct shard *shard, const struct waiting *one, struct work *work)
{
	const struct tx *tx = one->tx;
	struct match_hits hits = {
		.arena = &shard->found, .shadow_too = shard->shadow_too, .links_only = one->replayed};
	struct profile_view view;
	bool is_late = false;

	if (tx->status == TX_REVERSED)
		return take_back(shard, one);
	if (!is_judged(tx))
		return tell(one, COUNT_TX_NOT_JUDGED);
	switch (remember(shard, tx, one->partition, &view)) {
	case PROFILE_DUPLICATE: return tell(one, COUNT_TX_DUPLICATE);
	case PROFILE_LATE: tell(one, COUNT_TX_LATE); is_late = true; break;
	case PROFILE_NEW: break;
	}
	if (correct(one->tx, &view))
		tell(one, COUNT_TX_BALANCE_UNTOLD);
	match_read_tx(shard->matcher, tx, &one->texts, is_late ? NULL : &view, &hits);
	hand_over(shard, one, &hits, work);
}

static void read_texts(struct shard *shard, struct waiting *one)
{
	if (is_judged(one->tx))
		match_read(shard->matcher, one->tx, &one->texts);
}

/* The slots are in the cache since they were decoded; now what they point to, which comes while texts are searched. */
static void handle_ahead(struct shard *shard, struct work *work)
{
	for (size_t i = 0; i < shard->ahead_count; i++)
		profile_prefetch_account(shard->profiles, shard->ahead[i].key);
	for (size_t i = 0; i < shard->ahead_count; i++)
		read_texts(shard, &shard->ahead[i]);
	for (size_t i = 0; i < shard->ahead_count; i++)
		handle_one(shard, &shard->ahead[i], work);
	shard->ahead_count = 0;
}

static void put_ahead(struct shard *shard, struct tx *tx, const struct feed_message *message,
                      struct work *work)
{
	struct waiting *one;

	if (shard->ahead_count == AHEAD_TXS)
		handle_ahead(shard, work);
	one = &shard->ahead[shard->ahead_count++];
	one->tx = tx;
	one->key = profile_key(tx->bank, tx->account);
	one->partition = message->partition;
	one->replayed = message->replayed;
	profile_prefetch_slot(shard->profiles, one->key);
}

/* What the bank leaves out, and what it only seems to say. */
static uint32_t complete(struct tx *tx)
{
	uint32_t cleared = blank_clear(tx);

	party_complete(tx);
	return cleared;
}

static void count_cleared(unsigned feed, uint32_t cleared)
{
	for (; cleared != 0; cleared &= cleared - 1)
		count_aside(feed, (enum tx_field)__builtin_ctz(cleared));
}

static void decode_one(struct shard *shard, const struct feed_message *message, struct work *work)
{
	struct shard_feed *feed = &shard->feeds[message->feed];
	struct decode_context *context = &feed->context;

	if (message->replayed)
		count(COUNT_MESSAGES_REPLAYED);
	context->silent = message->replayed;
	shard->feeds_in_use |= UINT64_C(1) << message->feed;
	if (decode(feed->decoder, context, message->payload.at, message->payload.length, message->at_start) == 0)
		for (size_t i = context->message_first; i < context->tx_count; i++) {
			uint32_t cleared = complete(&context->txs[i]);
			if (!message->replayed)
				count_cleared(message->feed, cleared);
			put_ahead(shard, &context->txs[i], message, work);
		}
	else if (!message->replayed)
		dead_letter(feed, message, work);
}

/* Forgets the messages that were handled. */
static void feeds_reset(struct shard *shard)
{
	for (; shard->feeds_in_use != 0; shard->feeds_in_use &= shard->feeds_in_use - 1)
		decode_context_reset(&shard->feeds[__builtin_ctzll(shard->feeds_in_use)].context);
}

size_t pipeline_handle(struct shard *shard, const struct feed_message *messages, size_t count, struct work *work)
{
	size_t n = 0, most = count < AHEAD_MESSAGES ? count : AHEAD_MESSAGES;

	do
		decode_one(shard, &messages[n++], work);
	while (n < most && shard->ahead_count < AHEAD_TXS &&
	       !decode_context_full(&shard->feeds[messages[n].feed].context));
	handle_ahead(shard, work);
	feeds_reset(shard);
	return n;
}

void pipeline_tx(struct shard *shard, const struct tx *tx, int32_t partition, struct work *work)
{
	struct tx whole = *tx;
	struct waiting one = {.tx = &whole, .partition = partition};

	complete(&whole);
	read_texts(shard, &one);
	handle_one(shard, &one, work);
}

void pipeline_remember(struct shard *shard, const struct tx *tx)
{
	struct tx whole = *tx;
	struct profile_view view;

	complete(&whole);
	remember(shard, &whole, 0, &view);
}

void pipeline_explain(struct shard *shard, const struct tx *tx, struct slice only, match_explained *report,
                      void *context)
{
	struct tx whole = *tx;
	struct profile_view view;
	bool remembered;

	complete(&whole);
	remembered = remember(shard, &whole, 0, &view) == PROFILE_NEW;
	correct(&whole, &view);
	match_explain(shard->matcher, &whole, remembered ? &view : NULL, only, report, context);
}
