/*
 * Lists from CSV files: one file a list, each row judged by itself.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/counters.h"
#include "base/csv.h"
#include "base/ident.h"
#include "base/instant.h"
#include "reference/reference_private.h"

enum { SUFFIX_BYTES = 4, RECORD_ARENA_BYTES_MAX = 1 << 20, REPORT_BYTES = ERROR_TEXT_BYTES + PATH_MAX + 64 };

enum list_column {
#define COLUMN(symbol, names, required) COLUMN_##symbol,
#include "reference/list_columns.def"
#undef COLUMN
	COLUMN_COUNT
};

static const struct {
	const char *names;
	bool required;
} list_columns[COLUMN_COUNT] = {
#define COLUMN(symbol, names, required) {names, required},
#include "reference/list_columns.def"
#undef COLUMN
};

/* One file while it is read. */
struct reading {
	struct reference *reference;
	struct slice list;
	const char *file;
	reference_report *report;
	void *context;
	int columns[CSV_FIELDS_MAX]; /* enum list_column of each field, or -1 */
	size_t count;
};

/* ---- values ---- */

int reference_parse_kind(struct slice word)
{
	static const char *const kinds[REFERENCE_KINDS] = {
		[REFERENCE_ACCOUNT] = "account|账号|账户|卡号|银行账号|帐号", [REFERENCE_NAME] = "name|户名|名称|姓名|企业名称",
		[REFERENCE_IP] = "ip|IP地址", [REFERENCE_USCC] = "uscc|统一社会信用代码|信用代码"};

	for (int i = 0; i < REFERENCE_KINDS; i++)
		if (csv_is_named(kinds[i], word))
			return i;
	return -1;
}

/* A number of `least` to `most` digits at text[*at]; -1. */
static int parse_digits(struct slice text, uint32_t *at, uint32_t least, uint32_t most)
{
	uint32_t from = *at;
	int number = 0;

	for (; *at < text.length && *at - from < most && text.at[*at] >= '0' && text.at[*at] <= '9'; ++*at)
		number = 10 * number + text.at[*at] - '0';
	return *at - from >= least ? number : -1;
}

/* 2026-12-31, and as spreadsheets make it: 2026/1/5, 20261231. */
static bool parse_day(struct slice text, int32_t *day_r)
{
	uint32_t at = 0, least = text.length > 4 && text.at[4] >= '0' ? 2 : 1;
	int year = parse_digits(text, &at, 4, 4), month, day;
	char between = at < text.length ? text.at[at] : '\0';
	bool separated = between == '-' || between == '/';

	at += separated;
	month = parse_digits(text, &at, least, 2);
	if (separated && (at == text.length || text.at[at++] != between))
		return false;
	day = parse_digits(text, &at, least, 2);
	return year >= 1900 && year <= 2099 && month > 0 && day > 0 && at == text.length &&
	       (separated || text.length == 8) && instant_day_of(year, month, day, day_r);
}

bool reference_parse_expiry(struct slice text, int64_t *expires_ms_r)
{
	int32_t day;

	if (text.length == 0) {
		*expires_ms_r = INT64_MAX;
		return true;
	}
	if (parse_day(text, &day)) {
		*expires_ms_r = instant_of(day + 1, 0, 0, 0, 0, INSTANT_CHINA_MS);
		return true;
	}
	return instant_parse(text, expires_ms_r);
}

/* ---- reports ---- */

static void tell(const struct reading *reading, int line, const char *why)
{
	char text[REPORT_BYTES];

	if (reading->report == NULL)
		return;
	snprintf(text, sizeof(text), "%s:%d: %s", reading->file, line, why);
	reading->report(reading->context, text);
}

static void refuse(struct reading *reading, int line, const char *why)
{
	reading->reference->refused++;
	count(COUNT_LIST_ROWS_REFUSED);
	tell(reading, line, why);
}

static void refuse_value(struct reading *reading, int line, const char *field, struct slice value,
                         const char *expected)
{
	char masked[IDENT_MASKED_BYTES], why[ERROR_TEXT_BYTES];

	snprintf(why, sizeof(why), "%s: `%s`: expected %s", field, ident_mask_value(value, masked), expected);
	refuse(reading, line, why);
}

/* ---- the header ---- */

static int column_of(struct slice name)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (csv_is_named(list_columns[i].names, name))
			return i;
	return -1;
}

static int header_lacks(const struct reading *reading, const struct csv_record *r, const char *column,
                        struct error *error)
{
	return error_set(error, "%s:%d: the header lacks the column `%s`; expected value,kind,reason,source,expires",
	                 reading->file, r->line, column);
}

static int read_header(struct reading *reading, const struct csv_record *r, struct error *error)
{
	unsigned has = 0;

	if (r->fault != NULL)
		return error_set(error, "%s:%d: the header cannot be read: %s", reading->file, r->line, r->fault);
	reading->count = r->count;
	for (size_t i = 0; i < r->count; i++) {
		int column = reading->columns[i] = column_of(r->fields[i]);
		if (column >= 0 && has >> column & 1)
			return error_set(error, "%s:%d: the column `%.*s` stands there twice", reading->file, r->line,
			                 SLICE_PRINT(r->fields[i]));
		has |= column >= 0 ? 1u << column : 0;
		if (column < 0 && r->fields[i].length > 0)
			tell(reading, r->line, "a column that is not known is not read; known are value, kind, reason, source, "
			     "expires");
	}
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (list_columns[i].required && !(has >> i & 1))
			return header_lacks(reading, r, list_columns[i].names, error);
	return 0;
}

/* ---- a row ---- */

/*
 * The last columns may be missing where nothing would stand in them. More than the header has: a comma too
 * many.
 */
static bool fits_header(struct reading *reading, const struct csv_record *r)
{
	char why[ERROR_TEXT_BYTES];

	for (size_t i = reading->count; i < r->count; i++) {
		if (r->fields[i].length == 0)
			continue;
		snprintf(why, sizeof(why), "%zu fields; the header has %zu (what holds a comma goes into quotes)", r->count,
		         reading->count);
		refuse(reading, r->line, why);
		return false;
	}
	return true;
}

static void read_row(struct reading *reading, const struct csv_record *r)
{
	struct slice values[COLUMN_COUNT];
	struct reference_entry entry;
	struct error error;
	int kind;

	for (int i = 0; i < COLUMN_COUNT; i++)
		values[i] = slice_of("");
	if (r->fault != NULL) {
		refuse(reading, r->line, r->fault);
		return;
	}
	if (!fits_header(reading, r))
		return;
	for (size_t i = 0; i < r->count && i < reading->count; i++)
		if (reading->columns[i] >= 0)
			values[reading->columns[i]] = r->fields[i];
	if ((kind = reference_parse_kind(values[COLUMN_KIND])) < 0) {
		refuse_value(reading, r->line, "kind", values[COLUMN_KIND], "account, name, ip or uscc");
		return;
	}
	entry = (struct reference_entry){.value = values[COLUMN_VALUE], .kind = (uint8_t)kind,
	                                 .reason = values[COLUMN_REASON], .source = values[COLUMN_SOURCE]};
	if (!reference_parse_expiry(values[COLUMN_EXPIRES], &entry.expires_ms)) {
		refuse_value(reading, r->line, "expires", values[COLUMN_EXPIRES], "a date such as 2026-12-31, or nothing");
		return;
	}
	if (reference_add(reading->reference, reading->list, &entry, &error) == -1)
		refuse(reading, r->line, error.text);
}

/* ---- a file, a folder ---- */

static int read_csv(struct reading *reading, struct csv *csv, struct error *error)
{
	struct csv_record record;
	struct arena arena;
	int result;

	if (reference_list_open(reading->reference, reading->list, error) == NULL)
		return error_wrap(error, "%s", reading->file);
	arena_init(&arena, RECORD_ARENA_BYTES_MAX);
	if (!csv_next(csv, &arena, &record))
		result = error_set(error, "%s is empty; expected a header value,kind,reason,source,expires", reading->file);
	else
		result = read_header(reading, &record, error);
	while (result == 0 && (arena_reset(&arena), csv_next(csv, &arena, &record)))
		read_row(reading, &record);
	arena_deinit(&arena);
	return result;
}

int reference_load_list_bytes(struct reference *reference, struct slice list, const char *file,
                              const char *bytes,
                              size_t length, reference_report *report, void *context, struct error *error)
{
	struct reading reading = {.reference = reference, .list = list, .file = file, .report = report,
	                          .context = context};
	struct csv csv;
	int result;

	csv_open_bytes(&csv, bytes, length);
	result = read_csv(&reading, &csv, error);
	csv_close(&csv);
	return result;
}

static int load_file(struct reading *reading, const char *path, struct error *error)
{
	struct csv csv;
	int found = csv_open_file(&csv, path, error), result;

	if (found != 1)
		return found == 0 ? error_set(error, "%s is not there any more", path) : -1;
	result = read_csv(reading, &csv, error);
	csv_close(&csv);
	return result;
}

static int is_list_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > SUFFIX_BYTES &&
	       strcmp(entry->d_name + length - SUFFIX_BYTES, ".csv") == 0;
}

/* In the order of their names, so that the first fault is always the same one. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int reference_load_lists(struct reference *reference, const char *dir, reference_report *report,
                         void *context, struct error *error)
{
	struct dirent **files;
	int file_count = scandir(dir, &files, is_list_file, by_name), result = 0;

	if (file_count < 0)
		return error_set(error, "the folder of lists %s cannot be read: %s", dir, strerror(errno));
	for (int i = 0; i < file_count; i++) {
		struct reading reading = {.reference = reference, .report = report, .context = context};
		char path[PATH_MAX];
		reading.list = slice_of(files[i]->d_name);
		reading.list.length -= SUFFIX_BYTES;
		reading.file = path;
		if (result == 0 && snprintf(path, sizeof(path), "%s/%s", dir, files[i]->d_name) >= (int)sizeof(path))
			result = error_set(error, "the folder's name is too long: %s", dir);
		if (result == 0)
			result = load_file(&reading, path, error);
		free(files[i]);
	}
	free(files);
	return result;
}
