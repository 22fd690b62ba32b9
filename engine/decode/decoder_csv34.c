/*
 * The police fund-query export: 34 columns of comma-separated values, in UTF-8 or GB18030 (domain.md
 * section 3).
 *
 * A message holds rows in the standard order of columns, or a header line and rows in its order. A file
 * comes line by line: what its header and its bytes told about columns and encoding is kept for the lines
 * behind it. A message with several rows is taken whole or rejected whole.
 *
 * The encoding: whatever is valid UTF-8 is UTF-8. A short GB18030 text may be valid UTF-8 by chance, so in
 * a file the header's encoding holds for all its lines; without a header each line is looked at by itself.
 */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "decode/csv34_row.h"
#include "decode/csv_record.h"
#include "decode/decoders.h"
#include "decode/tx_build.h"

enum { HEADER_NAMES_LEAST = 2 };

static const char utf8_bom[] = "\xEF\xBB\xBF";

/* Which column stands in which cell. */
struct layout {
	size_t cells;
	uint8_t columns[CSV_CELLS_MAX]; /* COLUMN_COUNT: not one of the 34 */
};

enum encoding { ENCODING_OPEN, ENCODING_UTF8, ENCODING_GB18030 };

struct csv34_state {
	iconv_t from_gb18030;
	struct layout layout; /* of the file, or the message, at hand */
	enum encoding encoding; /* of the file at hand, ENCODING_OPEN until it is known */
	bool in_file; /* messages are the lines of a file */
	bool header_read; /* in the message at hand */
	bool header_refused; /* the file's header is of no use, so its rows can't be read */
};

static void layout_standard(struct layout *layout)
{
	layout->cells = COLUMN_COUNT;
	for (uint8_t i = 0; i < COLUMN_COUNT; i++)
		layout->columns[i] = i;
}

static int state_new(struct decode_context *context)
{
	struct csv34_state *state = calloc(1, sizeof(*state));

	if (state == NULL)
		return -1;
	state->from_gb18030 = iconv_open("UTF-8", "GB18030");
	if (state->from_gb18030 == (iconv_t)-1) {
		free(state);
		return -1;
	}
	layout_standard(&state->layout);
	context->state = state;
	return 0;
}

static void state_free(struct decode_context *context)
{
	struct csv34_state *state = context->state;

	if (state == NULL)
		return;
	iconv_close(state->from_gb18030);
	free(state);
}

static int reject_message(struct decode_context *context, const char *why)
{
	return tx_build_reject(context, "", (struct slice){0}, "%s", why);
}

/* GB18030 → UTF-8 in the arena: at most 3 bytes for 2, and 4 for 4. */
static int transcode(struct decode_context *context, struct slice bytes, struct slice *text_r)
{
	struct csv34_state *state = context->state;
	size_t room = (size_t)bytes.length / 2 * 3 + 4, left = bytes.length, free_bytes = room;
	char *out = arena_take(&context->arena, room), *to = out, *from = (char *)(uintptr_t)bytes.at;

	if (out == NULL)
		return reject_message(context, "is too large; send it in smaller messages");
	iconv(state->from_gb18030, NULL, NULL, NULL, NULL);
	if (iconv(state->from_gb18030, &from, &left, &to, &free_bytes) == (size_t)-1)
		return tx_build_reject(context, "", (struct slice){0},
		                       "is neither UTF-8 nor GB18030 (byte %zu); expected one of "
		                       "them",
		                       bytes.length - left + 1);
	*text_r = (struct slice){out, (uint32_t)(to - out)};
	return 0;
}

/* The message as UTF-8 without a BOM or a NUL, and what it was in. */
static int to_text(struct decode_context *context, struct slice bytes, struct slice *text_r,
                   enum encoding *encoding_r)
{
	const struct csv34_state *state = context->state;
	bool valid = utf8_valid(bytes.at, bytes.length), as_it_is = valid && state->encoding != ENCODING_GB18030;

	if (memchr(bytes.at, '\0', bytes.length) != NULL)
		return reject_message(context, "holds a NUL character; expected text without it");
	if (state->encoding == ENCODING_UTF8 && !valid)
		return reject_message(
			context, "is not UTF-8, as this file's header line is; expected one encoding in a file");
	*encoding_r = as_it_is ? ENCODING_UTF8 : ENCODING_GB18030;
	*text_r = bytes;
	if (!as_it_is && transcode(context, bytes, text_r) == -1)
		return -1;
	if (text_r->length >= 3 && memcmp(text_r->at, utf8_bom, 3) == 0)
		*text_r = (struct slice){text_r->at + 3, text_r->length - 3};
	return 0;
}

/* Every cell of a message's first record is asked whether it is a name, so lengths are compared first. */
static enum csv34_column column_find(struct slice name)
{
	static const uint8_t lengths[COLUMN_COUNT] = {
#define COLUMN(symbol, name, use) [COLUMN_##symbol] = sizeof(name) - 1,
#include "decode/csv34_columns.def"
#undef COLUMN
	};
	enum csv34_column column = 0;

	if (name.length == 0 || (name.at[0] >= '0' && name.at[0] <= '9'))
		return COLUMN_COUNT; /* most cells of most rows */
	while (column < COLUMN_COUNT &&
	       (name.length != lengths[column] || memcmp(name.at, csv34_column_names[column], name.length) != 0))
		column++;
	return column;
}

/* The record's cells without the empty ones at its end (a comma behind each line), but at least `least`. */
static size_t used_cells(const struct csv_record *record, size_t least)
{
	size_t used = record->count;

	while (used > least && record->cells[used - 1].length == 0)
		used--;
	return used;
}

static bool is_header(const struct csv_record *record)
{
	size_t known = 0;

	for (size_t i = 0; i < record->count && known < HEADER_NAMES_LEAST; i++)
		known += column_find(record->cells[i]) != COLUMN_COUNT;
	return known >= HEADER_NAMES_LEAST;
}

/* Columns without which no row can be a transaction. */
static int check_layout(struct decode_context *context, const bool has[COLUMN_COUNT])
{
	struct slice none = {0};

	if (!has[COLUMN_ACCOUNT] && !has[COLUMN_CARD])
		return tx_build_reject(context, csv34_column_names[COLUMN_ACCOUNT], none,
		                       "is missing from the header line, and so is %s; "
		                       "expected one of them",
		                       csv34_column_names[COLUMN_CARD]);
	if (!has[COLUMN_TIME] || !has[COLUMN_AMOUNT])
		return tx_build_reject(context, csv34_column_names[has[COLUMN_TIME] ? COLUMN_AMOUNT : COLUMN_TIME], none,
		                       "is missing from the header line; expected the names of the police export");
	return 0;
}

static int read_header(struct decode_context *context, const struct csv_record *record)
{
	struct csv34_state *state = context->state;
	bool has[COLUMN_COUNT + 1] = {false};

	state->header_refused = true;
	state->layout.cells = used_cells(record, 0);
	for (size_t i = 0; i < state->layout.cells; i++) {
		enum csv34_column column = column_find(record->cells[i]);
		if (column != COLUMN_COUNT && has[column])
			return tx_build_reject(context, csv34_column_names[column], (struct slice){0},
			                       "stands in the header line twice; "
			                       "expected it once");
		has[column] = true;
		state->layout.columns[i] = (uint8_t)column;
	}
	if (check_layout(context, has) == -1)
		return -1;
	state->header_refused = false;
	state->header_read = true;
	return 0;
}

/* What exports write where they have nothing. */
static bool is_placeholder(struct slice cell)
{
	return slice_is(cell, "-") || slice_is(cell, "--") || slice_is(cell, "null") || slice_is(cell, "NULL");
}

/* Deals a record's cells to their columns. */
static int deal(struct decode_context *context, const struct csv_record *record, struct csv34_row *row_r)
{
	const struct layout *layout = &((struct csv34_state *)context->state)->layout;
	size_t used = used_cells(record, layout->cells);

	if (used != layout->cells)
		return tx_build_reject(context, "", (struct slice){0}, "has %zu columns; expected %zu", record->count,
		                       layout->cells);
	*row_r = (struct csv34_row){0};
	for (size_t i = 0; i < used; i++)
		if (layout->columns[i] != COLUMN_COUNT && !is_placeholder(record->cells[i]))
			row_r->cells[layout->columns[i]] = record->cells[i];
	return 0;
}

static int take_record(struct decode_context *context, const struct csv_record *record, bool first)
{
	struct csv34_state *state = context->state;
	struct csv34_row row;

	if (first && is_header(record))
		return read_header(context, record);
	if (state->header_refused)
		return reject_message(context, "stands below a header line that was refused; mend that line first");
	if (deal(context, record, &row) == -1)
		return -1;
	return csv34_row_take(context, &row);
}

/* In a message of several rows the reason says which one. */
static int name_row(struct decode_context *context, size_t number, bool several)
{
	char row[32];
	size_t used = strlen(context->reject.reason),
		   length = (size_t)snprintf(row, sizeof(row), " (row %zu)", number);

	if (several && used + length < sizeof(context->reject.reason))
		memcpy(context->reject.reason + used, row, length + 1);
	return -1;
}

static int take_records(struct decode_context *context, struct slice text)
{
	struct csv_cursor cursor = {text.at, text.at + text.length, &context->arena, 0};
	bool several = memchr(text.at, '\n', text.length) != NULL, first = true;
	struct csv_record record;
	const char *fault;

	for (;;) {
		enum csv_result result = csv_record_next(&cursor, &record, &fault);
		if (result == CSV_END)
			return 0;
		if (result == CSV_FAULT) {
			reject_message(context, fault);
			return name_row(context, cursor.records, several);
		}
		if (take_record(context, &record, first) == -1)
			return name_row(context, cursor.records, several);
		first = false;
	}
}

static void begin_file(struct csv34_state *state, bool in_file)
{
	state->in_file = in_file;
	state->encoding = ENCODING_OPEN;
	state->header_refused = false;
	layout_standard(&state->layout);
}

static int decode_csv34(struct decode_context *context, const char *bytes, size_t length, bool at_start)
{
	struct csv34_state *state = context->state;
	struct slice text = {0};
	enum encoding encoding = ENCODING_OPEN;

	if (at_start || !state->in_file)
		begin_file(state, at_start);
	state->header_read = false;
	if (to_text(context, (struct slice){bytes, (uint32_t)length}, &text, &encoding) == -1 ||
	    take_records(context, text) == -1)
		return -1;
	if (state->header_read && state->in_file)
		state->encoding = encoding;
	return 0;
}

const struct decoder decoder_csv34 = {
	.name = "csv34",
	.title = {"公安资金查询导出（34 列）", "rows of the police fund-query export"},
	.framing = DECODE_LINES,
	.decode = decode_csv34,
	.state_new = state_new,
	.state_free = state_free,
};
