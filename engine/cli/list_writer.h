/*
 * Private: a table of texts, for people in columns or as a JSON array of objects.
 */
#ifndef CLI_LIST_WRITER_H
#define CLI_LIST_WRITER_H

#include <stdbool.h>
#include <yyjson.h>

#include "base/error.h"

#define LIST_COLUMNS_MAX 10

struct list_writer {
	bool json;
	const char *patterns_dir;
	const char *store; /* where hits and alerts of patterns are counted; NULL: nowhere */
	const char *columns[LIST_COLUMNS_MAX + 1];
	int column_count;
	yyjson_mut_doc *doc; /* all rows: JSON needs them, and so do the columns' widths */
	yyjson_mut_val *rows;
	struct error error;
	bool failed;
};

void list_begin(struct list_writer *w);
void list_columns(struct list_writer *w, const char *const *names); /* literals, ended by NULL */
void list_row(struct list_writer *w, const char *const *cells);     /* as many as columns; copied */
/* Prints; returns the exit status. */
int list_end(struct list_writer *w);

/* The tables of other rooms, in files of their own. */
void list_channels(struct list_writer *w);
void list_routes(struct list_writer *w);
void list_patterns(struct list_writer *w);

#endif
