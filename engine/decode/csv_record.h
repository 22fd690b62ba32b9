/*
 * Comma-separated records as banks export them: RFC 4180's quoting, tabs to be thrown away wherever they
 * stand (they keep spreadsheets from turning account numbers into floats), blanks around a cell, LF or
 * CRLF.
 */
#ifndef DECODE_CSV_RECORD_H
#define DECODE_CSV_RECORD_H

#include "base/arena.h"
#include "base/slice.h"

#define CSV_CELLS_MAX 128 /* a header may hold columns that aren't known; beyond, the record is refused */

struct csv_cursor {
	const char *at, *end; /* what isn't read yet */
	struct arena *arena; /* for cells that aren't the text's own bytes */
	size_t records; /* read so far, the current one included */
};

struct csv_record {
	size_t count;
	struct slice cells[CSV_CELLS_MAX]; /* of the text or the arena; without tabs and blanks at the ends */
};

enum csv_result { CSV_END, CSV_RECORD, CSV_FAULT };

/* The next record that isn't blank. At CSV_FAULT `*fault_r` says what is wrong with it; reading can't go
 * on. */
enum csv_result csv_record_next(struct csv_cursor *cursor, struct csv_record *record, const char **fault_r);

#endif
