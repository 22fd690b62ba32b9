/*
 * Writing CSV (RFC 4180, line ends LF) as csv.h reads it, in UTF-8 or GB18030; nothing in it is a spreadsheet's formula
 * (csv_is_formula).
 */
#ifndef BASE_CSV_WRITER_H
#define BASE_CSV_WRITER_H

#include <iconv.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/slice.h"

struct csv_writer {
	FILE *file; /* owned */
	iconv_t converter;
	bool converts, begun, failed;
	char path[PATH_MAX]; /* for messages */
};

/* Makes a file for its owner and group; one that is there is left alone: -1. */
int csv_writer_open(struct csv_writer *writer, const char *path, bool gb18030, struct error *error);
void csv_writer_field(struct csv_writer *writer, struct slice text);
void csv_writer_end_row(struct csv_writer *writer);
/* -1 where not everything could be written; a file never opened is fine. */
int csv_writer_close(struct csv_writer *writer, struct error *error);

#endif
