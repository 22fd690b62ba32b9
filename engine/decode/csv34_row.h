/*
 * One row of the police export, its cells dealt to their columns, and what becomes of them.
 */
#ifndef DECODE_CSV34_ROW_H
#define DECODE_CSV34_ROW_H

#include "decode/decode.h"

enum csv34_column {
#define COLUMN(symbol, name, use) COLUMN_##symbol,
#include "decode/csv34_columns.def"
#undef COLUMN
	COLUMN_COUNT
};

extern const char *const csv34_column_names[COLUMN_COUNT];

/* The cells by column; what a row leaves out is empty. Borrowed from the message or the context's arena. */
struct csv34_row {
	struct slice cells[COLUMN_COUNT];
};

/* Appends the row's transaction to the context's. Returns 0 or -1 with context->reject filled. */
int csv34_row_take(struct decode_context *context, const struct csv34_row *row);

#endif
