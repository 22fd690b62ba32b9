/*
 * What must hold of any bytes given to a decoder of XML messages: it is taken or rejected whole, with a
 * reason; what is taken keeps the contract's rules (the json decoder takes each transaction's own line);
 * and the same bytes give the same again, whatever was read before (I2).
 */
#ifndef TESTS_FUZZ_XML_FUZZ_H
#define TESTS_FUZZ_XML_FUZZ_H

#include <stdlib.h>

#include "base/utf8.h"
#include "decode/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* One context a decoder and setting, kept as in service. */
struct fuzz_side {
	const struct decoder *decoder, *json;
	struct decode_context context, check;
};

static void side_init(struct fuzz_side *side, const char *decoder, const char *bank)
{
	side->decoder = decoder_find(slice_of(decoder));
	side->json = decoder_find(slice_of("json"));
	decode_context_init(&side->context, side->decoder, 0, slice_of(bank));
	decode_context_init(&side->check, side->json, 0, (struct slice){0});
}

static void check_tx(struct fuzz_side *side, const struct tx *tx)
{
	struct slice line;

	decode_context_reset(&side->check);
	line = decode_write_tx(tx, &side->check.arena);
	must(utf8_valid(line.at, line.length));
	must(decode(side->json, &side->check, line.at, line.length, false) == 0 && side->check.tx_count == 1);
	must(slice_equal(side->check.txs[0].id, tx->id) && side->check.txs[0].amount_minor == tx->amount_minor);
}

static size_t read_once(struct fuzz_side *side, const char *bytes, size_t size)
{
	struct decode_context *context = &side->context;

	decode_context_reset(context);
	if (decode(side->decoder, context, bytes, size, true) == 0)
		return context->tx_count;
	must(context->tx_count == 0 && context->reject.reason[0] != '\0');
	must(utf8_valid(context->reject.reason, strlen(context->reject.reason)));
	return SIZE_MAX;
}

static void side_run(struct fuzz_side *side, const uint8_t *data, size_t size)
{
	/* On the heap and exactly as large as promised, so that ASan sees a byte too many. */
	char *bytes = malloc(size > 0 ? size : 1);
	size_t count;

	if (size > 0)
		memcpy(bytes, data, size);
	count = read_once(side, bytes, size);
	must(read_once(side, bytes, size) == count);
	free(bytes);
	for (size_t i = 0; i < side->context.tx_count; i++)
		check_tx(side, &side->context.txs[i]);
}

#endif
