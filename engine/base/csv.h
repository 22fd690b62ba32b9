/*
 * CSV as people's spreadsheets write it: commas, quotes doubled inside quotes, line ends LF or CRLF, UTF-8
 * with or without a byte order mark, or GB18030.
 *
 * Records are found in the raw bytes: in neither encoding does a comma, a quote or a line end stand inside a
 * character. So one bad record never spoils the next: it comes back with its fault, and reading goes on
 * behind it.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <iconv.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#define CSV_BYTES_MAX (512u << 20) /* of a file */
#define CSV_FIELDS_MAX 32
#define CSV_RECORD_BYTES_MAX 65536

struct csv {
	char *bytes; /* owned */
	size_t length, at;
	int line; /* of `at`, from 1 */
	bool gb18030;
	iconv_t converter; /* where gb18030 */
};

struct csv_record {
	int line; /* where it begins */
	size_t count;
	struct slice fields[CSV_FIELDS_MAX]; /* valid UTF-8, trimmed, control characters made spaces; in the arena */
	const char *fault; /* why it cannot be read, NULL where it can; a literal */
};

/* 1, 0 where there is no such file, -1. */
int csv_open_file(struct csv *csv, const char *path, struct error *error);
/* Copies the bytes. */
void csv_open_bytes(struct csv *csv, const char *bytes, size_t length);
void csv_close(struct csv *csv);

/* The next record that is not an empty line; false at the end. */
bool csv_next(struct csv *csv, struct arena *arena, struct csv_record *record_r);

/*
 * Would a spreadsheet compute a cell with this text? It does where = + - @ begin it, also as full-width characters. Who
 * gives a firm or an account its name could so run a formula before whoever opens an export. csv_writer.h writes such a
 * text with an apostrophe before it, which is read as "this is text" and taken off; what begins with apostrophes and goes
 * on like that gets one more, so that every text comes back as it was.
 */
bool csv_is_formula(struct slice text);

/* Is `name` one of `names` ("value|值|内容")? Small and capital letters are the same. For headers and words. */
bool csv_is_named(const char *names, struct slice name);

#endif
