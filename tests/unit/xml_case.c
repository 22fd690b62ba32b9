#include "tests/unit/xml_case.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static void fail_case(const struct xml_case *row, const char *wanted, const char *found)
{
	fail_msg("%s: wanted `%s` in:\n%s", row->name, wanted, found);
}

/* Each text is looked for behind the one before it. */
static void find_in_order(const struct xml_case *row, const char *text)
{
	const char *at = text;

	for (size_t i = 0; i < XML_CASE_WANTS_MAX && row->wants[i] != NULL; i++) {
		const char *found = strstr(at, row->wants[i]);
		if (found == NULL)
			fail_case(row, row->wants[i], at);
		at = found + strlen(row->wants[i]);
	}
}

/* The lines of all transactions, as `huqi decode` prints them. */
static const char *lines_of(struct decode_context *context)
{
	char *text = arena_print(&context->arena, "%s", "");

	for (size_t i = 0; i < context->tx_count; i++) {
		struct slice line = decode_write_tx(&context->txs[i], &context->arena);
		assert_true(utf8_valid(line.at, line.length));
		text = arena_print(&context->arena, "%s%.*s", text, SLICE_PRINT(line));
	}
	return text;
}

static void run(const struct decoder *decoder, struct decode_context *context, const struct xml_case *row)
{
	int result;

	decode_context_reset(context);
	context->bank = slice_of(row->bank);
	result = decode(decoder, context, row->message, strlen(row->message), true);
	if (row->rejected != (result == -1))
		fail_case(row, row->rejected ? "a rejection" : "to be taken", result == -1 ? context->reject.reason :
		 lines_of(context));
	if (context->tx_count != (row->rejected ? 0 : row->count))
		fail_msg("%s: %zu transactions", row->name, context->tx_count);
	find_in_order(row, result == -1 ? context->reject.reason : lines_of(context));
}

void xml_cases_run(const char *name, const struct xml_case *cases, size_t count)
{
	const struct decoder *decoder = decoder_find(slice_of(name));
	struct decode_context context;

	assert_non_null(decoder);
	decode_context_init(&context, decoder, 0, (struct slice){0});
	for (size_t i = 0; i < count; i++)
		run(decoder, &context, &cases[i]);
	decode_context_deinit(&context, decoder);
}

void xml_case_rejected(const char *name, const char *bytes, size_t length, const char *reason)
{
	const struct decoder *decoder = decoder_find(slice_of(name));
	struct decode_context context;

	decode_context_init(&context, decoder, 0, (struct slice){0});
	assert_int_equal(decode(decoder, &context, bytes, length, true), -1);
	assert_int_equal(context.tx_count, 0);
	if (strstr(context.reject.reason, reason) == NULL)
		fail_msg("wanted `%s` in: %s", reason, context.reject.reason);
	decode_context_deinit(&context, decoder);
}
