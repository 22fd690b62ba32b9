/*
 * The registry as facts for patterns: from a folder's files, checked as an import checks them, or from the
 * store.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/counters.h"
#include "base/instant.h"
#include "registry/import.h"

enum { REPORT_BYTES_MAX = 1 << 30, LINE_BYTES = PATH_MAX + COLUMN_REASON_BYTES + 64 };

static int add_enterprise(struct reference *reference, const struct enterprise_row *row, struct error *error)
{
	struct reference_enterprise e = {
		.uscc = row->uscc, .name = row->name, .industry = row->industry, .scope = row->scope, .address = row->address,
		.legal_representative = row->legal_representative, .staff = row->staff, .jurisdiction = row->jurisdiction,
		.registered_day = TX_DAY_ABSENT};

	if (!instant_parse_date(row->registered_on, &e.registered_day))
		e.registered_day = TX_DAY_ABSENT;
	return reference_add_enterprise(reference, &e, error);
}

/* ---- from a folder ---- */

static int add_row(struct reference *reference, const struct registry_rows *rows,
                   const struct registry_row *row, struct error *error)
{
	struct enterprise_row enterprise;

	if (rows->file == REGISTRY_ACCOUNTS)
		return reference_add_account(reference, registry_value(rows, row, COLUMN_ACCOUNTS_BANK),
		                             registry_value(rows, row, COLUMN_ACCOUNTS_ACCOUNT),
		                             registry_value(rows, row, COLUMN_ACCOUNTS_USCC), error);
	enterprise = registry_enterprise_row(rows, row);
	return add_enterprise(reference, &enterprise, error);
}

static void tell(const char *folder, const struct registry_report *from, reference_report *report,
                 void *context)
{
	char line[LINE_BYTES];

	for (size_t i = 0; report != NULL && i < from->issue_count; i++) {
		const struct registry_issue *issue = &from->issues[i];
		snprintf(line, sizeof(line), "%s/%s:%d: %s%s%s", folder, registry_file_names[issue->file], issue->line,
		         issue->field, issue->field[0] != '\0' ? ": " : "", issue->reason);
		report(context, line);
	}
}

/* 1, 0 where the folder has no such file, -1. */
static int add_file(struct reference *reference, const char *folder, enum registry_file file,
                    struct registry_report *report, struct error *error)
{
	static const struct registry_import nothing;
	struct registry_rows rows = {0};
	char path[PATH_MAX];
	struct csv csv;
	int result;

	if (snprintf(path, sizeof(path), "%s/%s", folder, registry_file_names[file]) >= (int)sizeof(path))
		return error_set(error, "the folder's name is too long");
	if ((result = csv_open_file(&csv, path, error)) != 1)
		return result;
	result = registry_rows_read(&rows, file, &csv, &nothing, report, error);
	for (size_t i = 0; i < rows.count && result == 0; i++)
		if (!rows.rows[i].refused)
			result = add_row(reference, &rows, &rows.rows[i], error);
	count_many(COUNT_REGISTRY_REFUSED, (uint64_t)report->tallies[file].refused);
	registry_rows_free(&rows);
	csv_close(&csv);
	return result == -1 ? error_wrap(error, "%s", folder) : 1;
}

/* People also name one of the files. */
static void folder_of(const char *path, char folder_r[PATH_MAX])
{
	struct stat stat_r;
	char *slash;

	snprintf(folder_r, PATH_MAX, "%s", path);
	if (stat(path, &stat_r) != 0 || S_ISDIR(stat_r.st_mode))
		return;
	if ((slash = strrchr(folder_r, '/')) == NULL)
		snprintf(folder_r, PATH_MAX, ".");
	else
		*slash = '\0';
}

int registry_refer_folder(const char *path, struct reference *reference, reference_report *report,
                          void *context, struct error *error)
{
	struct registry_report found = {.issues = calloc(REGISTRY_ISSUES_MAX, sizeof(struct registry_issue))};
	int enterprises, accounts = -1, result;
	char folder[PATH_MAX];

	if (found.issues == NULL)
		die("out of memory: a report");
	arena_init(&found.arena, REPORT_BYTES_MAX);
	folder_of(path, folder);
	enterprises = add_file(reference, folder, REGISTRY_ENTERPRISES, &found, error);
	if (enterprises != -1)
		accounts = add_file(reference, folder, REGISTRY_ACCOUNTS, &found, error);
	result = accounts == -1 ? -1 : 0;
	if (result == 0 && enterprises + accounts == 0)
		result = error_set(error, "%s holds neither enterprises.csv nor accounts.csv", folder);
	tell(folder, &found, report, context);
	registry_report_free(&found);
	return result;
}

/* ---- from the store ---- */

static int each_enterprise(void *arg, const struct enterprise_row *row, struct error *error)
{
	return add_enterprise(arg, row, error);
}

static int each_account(void *arg, const struct account_row *row, struct error *error)
{
	return reference_add_account(arg, row->bank, row->account, row->uscc, error);
}

int registry_refer_store(struct store *store, struct reference *reference, struct error *error)
{
	return store_enterprises_each(store, each_enterprise, reference, error) == -1 ||
	               store_accounts_each(store, each_account, reference, error) == -1
	               ? -1
	               : 0;
}
