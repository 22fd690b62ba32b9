/*
 * What every format has in common: the context's memory, the bounds on a message, and the counting.
 *
 * A message is taken whole or not at all, so its counts are tallied beside it and reach the counters at its
 * end.
 */
#include "decode/decode.h"

#include <assert.h>
#include <stdlib.h>

#include "base/counters.h"
#include "base/error.h"
#include "decode/tx_build.h"

void decode_context_init(struct decode_context *context, const struct decoder *decoder, unsigned feed,
                         struct slice bank)
{
	*context = (struct decode_context){.feed = feed, .bank = bank};
	arena_init(&context->arena, DECODE_ARENA_BYTES_MAX);
	/* The whole room at once: pages that are never used cost nothing, and no transaction ever moves. */
	context->txs = malloc(DECODE_HELD_TX_MAX * sizeof(*context->txs));
	if (context->txs == NULL || (decoder->state_new != NULL && decoder->state_new(context) == -1))
		die("out of memory: the decoder %s", decoder->name);
}

void decode_context_deinit(struct decode_context *context, const struct decoder *decoder)
{
	if (decoder->state_free != NULL)
		decoder->state_free(context);
	free(context->txs);
	arena_deinit(&context->arena);
	*context = (struct decode_context){0};
}

void decode_context_reset(struct decode_context *context)
{
	arena_reset(&context->arena);
	context->tx_count = 0;
	context->message_first = 0;
}

bool decode_context_full(const struct decode_context *context)
{
	/* A message of DECODE_MESSAGE_BYTES_MAX grows at most threefold (GB18030 to UTF-8, and the row's cells). */
	return context->tx_count > DECODE_HELD_TX_MAX - DECODE_TX_MAX ||
	       context->arena.used_bytes > DECODE_ARENA_BYTES_MAX - 4 * DECODE_MESSAGE_BYTES_MAX;
}

static void count_times(enum counter counter, uint32_t times)
{
	if (times > 0)
		count_many(counter, times);
}

static void tally_count(struct decode_context *context)
{
	struct decode_tally *tally = &context->tally;

	if (!tally->any)
		return;
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++)
		for (uint32_t i = 0; i < tally->aside[field]; i++)
			count_aside(context->feed, field);
	count_times(COUNT_TX_CUT_TEXT, tally->cut);
	count_times(COUNT_TX_BANK_CHECK, tally->bank_check);
	count_times(COUNT_TX_USCC_CHECK, tally->uscc_check);
	count_times(COUNT_TX_CASE_RAISED, tally->raised);
	count_times(COUNT_TX_OPENED_LATER, tally->opened_later);
}

static void tally_clear(struct decode_context *context)
{
	if (context->tally.any)
		context->tally = (struct decode_tally){0};
}

static void message_count(struct decode_context *context, size_t length, bool taken)
{
	count(COUNT_MESSAGES);
	count_many(COUNT_MESSAGE_BYTES, length);
	if (!taken) {
		count(COUNT_DEAD_LETTERS);
		return;
	}
	count_many(COUNT_TXS, context->tx_count - context->message_first);
	tally_count(context);
}

static int decode_checked(const struct decoder *decoder, struct decode_context *context, const char *bytes,
                          size_t length, bool at_start)
{
	size_t bytes_max = decoder->bytes_max > 0 ? decoder->bytes_max : DECODE_MESSAGE_BYTES_MAX;
	struct slice none = {0};

	if (length == 0)
		return tx_build_reject(context, "", none, "is empty; expected %s", decoder->title[1]);
	if (length > bytes_max)
		return tx_build_reject(context, "", none, "has %zu bytes; expected at most %zu", length, bytes_max);
	if (decoder->decode(context, bytes, length, at_start) == -1)
		return -1;
	if (arena_overflowed(&context->arena))
		return tx_build_reject(context, "", none, "holds too much text; send it in smaller messages");
	return 0;
}

int decode(const struct decoder *decoder, struct decode_context *context, const char *bytes, size_t length,
           bool at_start)
{
	int result;

	assert(!decode_context_full(context));
	context->message_first = context->tx_count;
	result = decode_checked(decoder, context, bytes, length, at_start);
	if (result == -1)
		context->tx_count = context->message_first;
	if (!context->silent)
		message_count(context, length, result == 0);
	tally_clear(context);
	return result;
}
