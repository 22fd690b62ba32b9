/*
 * Any bytes as a message of police-export rows, and as a file of them line by line: each is taken whole or
 * rejected whole with a reason in UTF-8, and every transaction can be written as huqi.tx.v1 and read again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "decode/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct decode_context message, file, again;
static const struct decoder *csv34, *json;

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void begin(void)
{
	if (json != NULL)
		return;
	json = decoder_find(slice_of("json"));
	csv34 = decoder_find(slice_of("csv34"));
	decode_context_init(&message, csv34, 0, slice_of("102100099996"));
	decode_context_init(&file, csv34, 1, (struct slice){0});
	decode_context_init(&again, json, 2, (struct slice){0});
}

static void check_tx(const struct tx *tx, struct arena *arena)
{
	struct slice line = decode_write_tx(tx, arena), second;

	decode_context_reset(&again);
	must(decode(json, &again, line.at, line.length, false) == 0);
	second = decode_write_tx(&again.txs[0], &again.arena);
	must(slice_equal(line, second));
}

static void decode_one(struct decode_context *context, const char *bytes, size_t length, bool at_start)
{
	decode_context_reset(context);
	if (decode(csv34, context, bytes, length, at_start) == 0) {
		for (size_t i = 0; i < context->tx_count; i++)
			check_tx(&context->txs[i], &context->arena);
		return;
	}
	must(context->tx_count == 0);
	must(utf8_valid(context->reject.reason, strlen(context->reject.reason)));
	must(strlen(context->reject.reason) > 0);
}

static void decode_file(const char *bytes, size_t size)
{
	bool at_start = true;

	for (size_t at = 0, from, next; at < size; at += next) {
		size_t length = decode_frame(DECODE_LINES, bytes + at, size - at, true, &from, &next);
		must(next > 0);
		if (length == 0)
			continue;
		decode_one(&file, bytes + at + from, length, at_start);
		at_start = false;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size + (size == 0)); /* exactly as large, so that ASan sees a byte too many */

	begin();
	memcpy(bytes, data, size);
	decode_one(&message, bytes, size, false);
	decode_file(bytes, size);
	must(memcmp(bytes, data, size) == 0);
	free(bytes);
	return 0;
}
