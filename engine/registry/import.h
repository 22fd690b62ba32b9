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

struct registry_row {
	int line;
	bool refused, refused_when_read; /* in all; before the store was asked */
	/* Of contacts.csv: */
	bool needs_code; /* the channel's addresses are verified before they are used */
	bool stand_in_here; /* the stand-in is in the file */
	/* By column - column_first(file); in the report's arena. `at` NULL: the file has no such column. */
	struct slice *values;
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
/*
 * contacts.csv has a row a channel: what it says of the person, the rows of one owner and name say together (an empty
 * field says nothing). Rows that contradict an earlier one are refused; the others get what the first to speak said.
 */
void registry_persons_join(struct registry_rows *rows, struct registry_report *report);

static inline struct slice registry_value(const struct registry_rows *rows, const struct registry_row *row,
                                          enum column column)
{
	assert(columns[column].file == rows->file);
	return row->values[column - column_first(rows->file)];
}

static inline void registry_value_set(const struct registry_rows *rows, struct registry_row *row, enum column column,
                                      struct slice value)
{
	assert(columns[column].file == rows->file);
	row->values[column - column_first(rows->file)] = value;
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

/* For the files' own put functions: refuses a row; `column` COLUMN_NONE: the whole of it. */
void import_refuse(struct import_job *job, struct registry_rows *rows, struct registry_row *row, int column,
                   const char *reason);
#define IMPORT_REFUSED (-2) /* instead of an enum store_change */
int import_put_jurisdictions(struct store *store, struct import_job *job, struct error *error);
int import_put_contact(struct store *store, struct import_job *job, struct registry_rows *rows,
                       struct registry_row *row, struct error *error);
void import_tally(struct import_job *job, enum registry_file file, int change);

/*
 * What a dry run tells of a row: for each column that the file has and whose value is another, old → new, masked (I9).
 * `change` is what putting it did; an inserted row is told by its values. Nothing is kept unless it is a dry run.
 */
struct import_field {
	enum column column;
	struct slice before, after; /* `after.at` NULL: left as it is */
};
void import_tell(struct import_job *job, const struct registry_rows *rows, const struct registry_row *row, int change,
                 const struct import_field *fields, size_t count);

#endif
