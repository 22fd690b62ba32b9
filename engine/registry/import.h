/*
 * What an import is made of: files read into rows (rows.c), then put into the store in one job (import.c,
 * put.c).
 */
#ifndef REGISTRY_IMPORT_H
#define REGISTRY_IMPORT_H

#include <assert.h>

#include "registry/columns.h"
#include "base/csv.h"

#define REGISTRY_ROWS_MAX 500000 /* of one file */
#define REGISTRY_COLUMNS_MAX 10 /* of one file */

struct registry_row {
	int line;
	bool refused, refused_when_read; /* in all; before the store was asked */
	bool needs_code; /* of contacts.csv: the channel's addresses are verified before they are used */
	struct slice values[REGISTRY_COLUMNS_MAX]; /* by column - column_first(file); in the report's arena */
};

struct registry_rows {
	enum registry_file file;
	struct registry_row *rows; /* owned */
	size_t count;
	uint32_t has_columns; /* bit by column - column_first(file) */
};

/*
 * Reads `csv` into rows, each value checked alone, keys unique; what is refused or warned of goes to the
 * report. -1 where the file as a whole cannot be taken (a required column is missing, too many rows).
 */
int registry_rows_read(struct registry_rows *rows, enum registry_file file, struct csv *csv,
                       const struct registry_import *what, struct registry_report *report, struct error *error);
void registry_rows_free(struct registry_rows *rows);

static inline struct slice registry_value(const struct registry_rows *rows, const struct registry_row *row,
                                          enum column column)
{
	assert(columns[column].file == rows->file);
	return row->values[column - column_first(rows->file)];
}

/* A row of enterprises.csv (put.c). */
struct enterprise_row registry_enterprise_row(const struct registry_rows *rows, const struct registry_row *row);

/* An issue about `row`; `column` COLUMN_NONE: the whole row. A refusal marks the row. */
void registry_issue_add(struct registry_report *report, enum registry_file file, struct registry_row *row, int column,
                        bool refused, const char *reason);

/* One import. */
struct import_job {
	const struct registry_import *what;
	struct registry_rows files[REGISTRY_FILE_COUNT];
	struct registry_report *report;
	struct registry_tally read[REGISTRY_FILE_COUNT]; /* the tallies after reading */
	size_t read_issues;
	struct arena scratch;
	bool dry_run_done;
};

/* Inside the job: puts a file's rows that are not refused; -1 where the store fails. */
int import_put_file(struct store *store, struct import_job *job, enum registry_file file, struct error *error);

#endif
