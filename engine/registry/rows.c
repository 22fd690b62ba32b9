/*
 * A file's rows, each judged by itself. What depends on other rows or on the store is import.c's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/ident.h"
#include "registry/import.h"

const char *const registry_file_names[REGISTRY_FILE_COUNT] = {
	[REGISTRY_JURISDICTIONS] = "jurisdictions.csv",
	[REGISTRY_ENTERPRISES] = "enterprises.csv",
	[REGISTRY_ACCOUNTS] = "accounts.csv",
	[REGISTRY_CONTACTS] = "contacts.csv",
};

void registry_issue_add(struct registry_report *report, enum registry_file file, struct registry_row *row, int column,
                        bool refused, const char *reason)
{
	struct registry_tally *tally = &report->tallies[file];
	const char *field = column == COLUMN_NONE ? "" : arena_copy(&report->arena, column_name((enum column)column)).at;
	const char *kept = arena_copy(&report->arena, slice_of(reason)).at;

	tally->warned += !refused;
	if (refused && !row->refused)
		tally->refused++;
	row->refused |= refused;
	if (report->issue_count < REGISTRY_ISSUES_MAX && field != NULL && kept != NULL)
		report->issues[report->issue_count++] = (struct registry_issue){file, row->line, field, kept, refused};
}

/* ---- the header ---- */

struct header {
	int columns[CSV_FIELDS_MAX]; /* enum column, or COLUMN_NONE */
	size_t count;
};

static void header_warn(struct registry_report *report, enum registry_file file, int line, struct slice name)
{
	struct registry_row here = {.line = line};
	char masked[IDENT_MASKED_BYTES], reason[COLUMN_REASON_BYTES] = "";
	int length = snprintf(reason, sizeof(reason), "unknown column `%s` is not read; known are",
	                      ident_mask_value(name, masked));

	for (int i = (int)column_first(file); i < (int)column_first(file + 1); i++)
		length += snprintf(reason + length, sizeof(reason) - (size_t)length, "%s %.*s",
		                   i > (int)column_first(file) ? "," : "",
		                   SLICE_PRINT(column_name((enum column)i)));
	registry_issue_add(report, file, &here, COLUMN_NONE, false, reason);
}

static int header_missing(enum registry_file file, int column, const struct csv_record *r, struct error *error)
{
	return error_set(error, "%s:%d: column `%s` is missing%s", registry_file_names[file], r->line,
	                 columns[column].names,
	                 r->count == 1 ? "; expected columns separated by commas" : "");
}

static int header_read(struct header *h, struct registry_rows *rows, const struct csv_record *r,
                       struct registry_report *report, struct error *error)
{
	int first = (int)column_first(rows->file);

	if (r->fault != NULL)
		return error_set(error, "%s:%d: the header cannot be read: %s", registry_file_names[rows->file],
		                 r->line, r->fault);
	h->count = r->count;
	for (size_t i = 0; i < r->count; i++) {
		h->columns[i] = column_find(rows->file, r->fields[i]);
		if (h->columns[i] == COLUMN_NONE && r->fields[i].length > 0) {
			header_warn(report, rows->file, r->line, r->fields[i]);
		} else if (h->columns[i] != COLUMN_NONE) {
			if (rows->has_columns >> (h->columns[i] - first) & 1)
				return error_set(error, "%s:%d: column `%s` stands there twice",
				                 registry_file_names[rows->file], r->line,
				                 columns[h->columns[i]].names);
			rows->has_columns |= 1u << (h->columns[i] - first);
		}
	}
	for (int i = first; i < (int)column_first(rows->file + 1); i++)
		if (columns[i].need != COLUMN_OPTIONAL && !(rows->has_columns >> (i - first) & 1))
			return header_missing(rows->file, i, r, error);
	return 0;
}

/* ---- a row ---- */

static void row_check(struct registry_rows *rows, struct registry_row *row, struct registry_report *report)
{
	int first = (int)column_first(rows->file);
	char reason[COLUMN_REASON_BYTES];

	for (int i = first; i < (int)column_first(rows->file + 1); i++) {
		struct slice *value = &row->values[i - first];
		enum column_fault fault = column_check((enum column)i, value, &report->arena, reason);
		if (fault == COLUMN_FINE)
			continue;
		registry_issue_add(report, rows->file, row, i, fault == COLUMN_REFUSED, reason);
		if (fault == COLUMN_ASIDE)
			*value = slice_of("");
	}
}

/*
 * The channel, its address and its secret are the caller's to judge. The reason tells neither address nor
 * secret.
 */
static void contact_check(struct registry_rows *rows, struct registry_row *row, const struct registry_import *what,
                          struct registry_report *report)
{
	struct slice secret, *channel;
	struct error error;
	int verdict;

	if (rows->file != REGISTRY_CONTACTS || row->refused || what->check_contact == NULL)
		return;
	secret = registry_value(rows, row, COLUMN_CONTACTS_SECRET);
	channel = &row->values[COLUMN_CONTACTS_CHANNEL - column_first(REGISTRY_CONTACTS)];
	verdict = what->check_contact(what->check_arg, channel, registry_value(rows, row, COLUMN_CONTACTS_ADDRESS),
	                              secret.at != NULL ? secret : slice_of(""), &row->needs_code, &error);
	if (verdict != 0)
		registry_issue_add(report, rows->file, row, verdict == -2 ? COLUMN_CONTACTS_CHANNEL : COLUMN_CONTACTS_ADDRESS,
		                   true, error.text);
}

static void row_take(struct registry_rows *rows, const struct header *h, const struct csv_record *r,
                     const struct registry_import *what, struct registry_report *report)
{
	struct registry_row *row = &rows->rows[rows->count++];
	size_t count = (size_t)(column_first(rows->file + 1) - column_first(rows->file));
	char reason[COLUMN_REASON_BYTES];

	*row = (struct registry_row){.line = r->line, .values = arena_take(&report->arena, count * sizeof(struct slice))};
	if (row->values == NULL) {
		row->refused = true; /* the file as a whole is, at its end */
		return;
	}
	for (size_t i = 0; i < count; i++)
		row->values[i] = (struct slice){rows->has_columns >> i & 1 ? "" : NULL, 0};
	if (r->fault != NULL) {
		registry_issue_add(report, rows->file, row, COLUMN_NONE, true, r->fault);
		return;
	}
	if (r->count != h->count) {
		snprintf(reason, sizeof(reason), "%zu fields; the header has %zu", r->count, h->count);
		registry_issue_add(report, rows->file, row, COLUMN_NONE, true, reason);
		return;
	}
	for (size_t i = 0; i < r->count; i++)
		if (h->columns[i] != COLUMN_NONE)
			row->values[h->columns[i] - (int)column_first(rows->file)] = r->fields[i];
	row_check(rows, row, report);
	contact_check(rows, row, what, report);
}

/* ---- the keys ---- */

/* An address counts as one in each of its spellings. */
static int address_order(const struct registry_row *x, const struct registry_row *y)
{
	int channel = COLUMN_CONTACTS_CHANNEL - COLUMN_CONTACTS_OWNER, address = channel + 1;
	char folded[2][IDENT_FOLDED_BYTES];

	_Static_assert(COLUMN_CONTACTS_ADDRESS == COLUMN_CONTACTS_CHANNEL + 1, "the channel is compared before");
	return slice_compare(ident_fold_address(x->values[channel], x->values[address], folded[0]),
	                     ident_fold_address(y->values[channel], y->values[address], folded[1]));
}

static int key_order(const void *a, const void *b, void *arg)
{
	const struct registry_row *x = *(struct registry_row *const *)a, *y = *(struct registry_row *const *)b;
	enum registry_file file = *(const enum registry_file *)arg;
	int first = (int)column_first(file), order;

	for (int i = first; i < (int)column_first(file + 1); i++) {
		if (columns[i].need != COLUMN_KEY)
			continue;
		order = i == COLUMN_CONTACTS_ADDRESS ? address_order(x, y)
		                                     : slice_compare(x->values[i - first], y->values[i - first]);
		if (order != 0)
			return order;
	}
	return 0;
}

static int key_then_line_order(const void *a, const void *b, void *arg)
{
	int order = key_order(a, b, arg);
	const struct registry_row *x = *(struct registry_row *const *)a, *y = *(struct registry_row *const *)b;

	return order != 0 ? order : x->line - y->line;
}

/* A key twice would flip at each import: the first row stands, the others are refused. */
static void refuse_twice(struct registry_rows *rows, struct registry_report *report)
{
	struct registry_row **sorted = calloc(rows->count + 1, sizeof(struct registry_row *));
	size_t count = 0, first = 0;
	char reason[COLUMN_REASON_BYTES];

	if (sorted == NULL)
		die("out of memory: the registry's rows");
	for (size_t i = 0; i < rows->count; i++)
		if (!rows->rows[i].refused)
			sorted[count++] = &rows->rows[i];
	qsort_r(sorted, count, sizeof(struct registry_row *), key_then_line_order, &rows->file);
	for (size_t i = 1; i < count; i++) {
		if (key_order(&sorted[first], &sorted[i], &rows->file) != 0) {
			first = i;
			continue;
		}
		snprintf(reason, sizeof(reason), "the same as in line %d", sorted[first]->line);
		registry_issue_add(report, rows->file, sorted[i], COLUMN_NONE, true, reason);
	}
	free(sorted);
}

/* ---- the file ---- */

static int rows_grow(struct registry_rows *rows, size_t *capacity, struct error *error)
{
	if (rows->count < *capacity)
		return 0;
	if (rows->count == REGISTRY_ROWS_MAX)
		return error_set(error, "%s has more than %d rows; split it", registry_file_names[rows->file],
		                 REGISTRY_ROWS_MAX);
	*capacity = *capacity > 0 ? 2 * *capacity : 256;
	rows->rows = realloc(rows->rows, *capacity * sizeof(*rows->rows));
	if (rows->rows == NULL)
		die("out of memory: %s", registry_file_names[rows->file]);
	return 0;
}

int registry_rows_read(struct registry_rows *rows, enum registry_file file, struct csv *csv,
                       const struct registry_import *what, struct registry_report *report, struct error *error)
{
	struct csv_record record;
	struct header header = {0};
	size_t capacity = 0;

	*rows = (struct registry_rows){.file = file};
	if (!csv_next(csv, &report->arena, &record))
		return error_set(error, "%s is empty; expected a header and rows", registry_file_names[file]);
	if (header_read(&header, rows, &record, report, error) == -1)
		return -1;
	while (csv_next(csv, &report->arena, &record)) {
		if (rows_grow(rows, &capacity, error) == -1)
			return -1;
		row_take(rows, &header, &record, what, report);
	}
	if (arena_overflowed(&report->arena))
		return error_set(error, "%s is too large to be taken at once; split it", registry_file_names[file]);
	refuse_twice(rows, report);
	if (file == REGISTRY_CONTACTS)
		registry_persons_join(rows, report);
	return 0;
}

void registry_rows_free(struct registry_rows *rows)
{
	free(rows->rows);
	*rows = (struct registry_rows){0};
}
