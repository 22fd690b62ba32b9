/*
 * Any bytes as a JSON message: they are taken or rejected with a reason in UTF-8 that names its field. What
 * is taken keeps the promises of struct tx, and its written line reads as the same line again. What json_plain.c
 * reads is what yyjson reads.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "decode/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct decode_context context, again;
static const struct decoder *json;

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
	decode_context_init(&context, json, 0, (struct slice){0});
	decode_context_init(&again, json, 1, (struct slice){0});
}

static void check_reject(const struct decode_reject *reject)
{
	size_t length = strnlen(reject->reason, sizeof(reject->reason));
	const char *name = reject->field[0] != '\0' ? reject->field : "message";

	must(length > 0 && length < sizeof(reject->reason));
	must(utf8_valid(reject->reason, length));
	must(strncmp(reject->reason, name, strlen(name)) == 0);
}

/* Every text is valid UTF-8 without a NUL and within its limit; what is required is there. */
static void check_tx(const struct tx *tx)
{
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++) {
		struct slice text;
		if (tx_fields[field].type != TX_TYPE_TEXT)
			continue;
		text = tx_text(tx, field);
		must(text.length == 0 || (utf8_valid(text.at, text.length) && memchr(text.at, '\0', text.length) == NULL));
		must(utf8_count(text) <= tx_fields[field].characters_max);
	}
	must(tx->id.length > 0 && tx->bank.length == 12 && tx->account.length > 0);
	must(tx->direction == TX_DEBIT || tx->direction == TX_CREDIT);
	must(tx->amount_minor > 0 && tx->booked_ms != TX_ABSENT);
	must(tx->status != TX_REVERSED || tx->reverses.length > 0);
}

static void check_round_trip(const struct tx *tx)
{
	struct slice line = decode_write_tx(tx, &context.arena), second;

	decode_context_reset(&again);
	must(decode(json, &again, line.at, line.length, false) == 0);
	must(again.tx_count == 1);
	second = decode_write_tx(&again.txs[0], &again.arena);
	must(slice_equal(line, second));
}

/* The same message behind a first key with an escape, which nobody knows: json_plain.c leaves it to yyjson. */
static void check_other_way(const char *bytes, size_t size, int result)
{
	static const char first[] = "{\"\\u0078\":0,";
	size_t length = size - 1 + sizeof(first) - 1;
	char *other;

	if (size < 2 || bytes[0] != '{' || memchr(" \t\r\n}", bytes[1], 5) != NULL || length > DECODE_JSON_BYTES_MAX)
		return; /* an empty object had a comma too many */
	if (result == -1 && context.reject.field[0] == '\0')
		return; /* the reason tells which byte */
	other = malloc(length);
	memcpy(other, first, sizeof(first) - 1);
	memcpy(other + sizeof(first) - 1, bytes + 1, size - 1);
	decode_context_reset(&again);
	must(decode(json, &again, other, length, false) == result);
	if (result == -1)
		must(strcmp(again.reject.reason, context.reject.reason) == 0);
	else
		must(slice_equal(decode_write_tx(&again.txs[0], &again.arena), decode_write_tx(&context.txs[0], &context.arena)));
	free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int result;
	char *bytes = malloc(size + (size == 0)); /* exactly as large, so that ASan sees a byte too many */

	begin();
	memcpy(bytes, data, size);
	decode_context_reset(&context);
	result = decode(json, &context, bytes, size, false);
	check_other_way(bytes, size, result);
	if (result == -1) {
		must(context.tx_count == 0);
		check_reject(&context.reject);
	} else {
		must(context.tx_count == 1);
		check_tx(&context.txs[0]);
		check_round_trip(&context.txs[0]);
	}
	must(memcmp(bytes, data, size) == 0);
	free(bytes);
	return 0;
}
