/*
 * The files are read and checked before the store is asked for anything; then one job puts the rows, in the
 * order in which they refer to each other, with one audit row (I10).
 *
 * A job may run twice where the commit failed, so it begins by taking back what it told the report.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/counters.h"
#include "registry/import.h"

enum { REPORT_BYTES_MAX = 1 << 30 };

/* ---- the job ---- */

static int audit(struct store *store, const struct import_job *job, struct error *error)
{
	char detail[1024];
	int length = snprintf(detail, sizeof(detail), "{"), changes = 0;

	for (int i = 0; i < REGISTRY_FILE_COUNT; i++) {
		const struct registry_tally *t = &job->report->tallies[i];
		if (!t->present)
			continue;
		changes += t->inserted + t->changed;
		length += snprintf(detail + length, sizeof(detail) - (size_t)length,
		                   "%s\"%s\":{\"inserted\":%d,\"changed\":%d,\"unchanged\":%d,\"refused\":%d}",
		                   length > 1 ? "," : "", registry_file_names[i], t->inserted, t->changed, t->unchanged,
		                   t->refused);
	}
	snprintf(detail + length, sizeof(detail) - (size_t)length, "}");
	if (changes == 0)
		return 0;
	return store_audit_put(store, clock_now_ms(), job->what->actor, "registry.import", "registry", detail, error);
}

/* As it was after reading: a second run must not count twice. */
static void begin_anew(struct import_job *job)
{
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		for (size_t j = 0; j < job->files[i].count; j++)
			job->files[i].rows[j].refused = job->files[i].rows[j].refused_when_read;
	job->report->issue_count = job->read_issues;
	job->report->change_count = 0;
	job->report->waiting = 0;
	memcpy(job->report->tallies, job->read, sizeof(job->read));
}

static int import_run(struct store *store, void *arg, struct error *error)
{
	struct import_job *job = arg;

	begin_anew(job);
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		if (import_put_file(store, job, (enum registry_file)i, error) == -1)
			return -1;
	if (job->what->dry_run) {
		job->dry_run_done = true;
		return error_set(error, "dry run"); /* which takes everything back */
	}
	return audit(store, job, error) == -1 ? -1 : 0;
}

/* ---- reading ---- */

static int read_file(struct import_job *job, enum registry_file file, struct error *error)
{
	char path[PATH_MAX];
	struct csv csv;
	int found, result;

	job->files[file].file = file;
	if (snprintf(path, sizeof(path), "%s/%s", job->what->folder, registry_file_names[file]) >= (int)sizeof(path))
		return error_set(error, "the folder's name is too long");
	if ((found = csv_open_file(&csv, path, error)) != 1)
		return found;
	job->report->tallies[file].present = true;
	result = registry_rows_read(&job->files[file], file, &csv, job->what, job->report, error);
	csv_close(&csv);
	return result == -1 ? error_wrap(error, "%s", job->what->folder) : 1;
}

static int read_folder(struct import_job *job, struct error *error)
{
	int present = 0, found;

	for (int i = 0; i < REGISTRY_FILE_COUNT; i++) {
		if ((found = read_file(job, (enum registry_file)i, error)) == -1)
			return -1;
		present += found;
	}
	if (present == 0)
		return error_set(error, "%s holds none of jurisdictions.csv, enterprises.csv, accounts.csv, contacts.csv",
		                 job->what->folder);
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		for (size_t j = 0; j < job->files[i].count; j++)
			job->files[i].rows[j].refused_when_read = job->files[i].rows[j].refused;
	job->read_issues = job->report->issue_count;
	memcpy(job->read, job->report->tallies, sizeof(job->read));
	return 0;
}

static int issue_order(const void *a, const void *b)
{
	const struct registry_issue *x = a, *y = b;

	return x->file != y->file ? (int)x->file - (int)y->file : x->line - y->line;
}

static int change_order(const void *a, const void *b)
{
	const struct registry_change *x = a, *y = b;

	return x->file != y->file ? (int)x->file - (int)y->file : x->line - y->line;
}

static void finish(struct registry_report *report)
{
	int refused = 0;

	qsort(report->issues, report->issue_count, sizeof(*report->issues), issue_order);
	qsort(report->changes, report->change_count, sizeof(*report->changes), change_order);
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		refused += report->tallies[i].refused;
	count_many(COUNT_REGISTRY_REFUSED, (uint64_t)refused);
}

int registry_import(struct store_writer *writer, const struct registry_import *what, struct registry_report *report_r,
                    struct error *error)
{
	struct import_job job = {.what = what, .report = report_r};
	int result;

	*report_r = (struct registry_report){.issues = calloc(REGISTRY_ISSUES_MAX, sizeof(struct registry_issue)),
	                                     .changes = calloc(REGISTRY_CHANGES_MAX, sizeof(struct registry_change))};
	if (report_r->issues == NULL || report_r->changes == NULL)
		die("out of memory: a report");
	arena_init(&report_r->arena, REPORT_BYTES_MAX);
	arena_init(&job.scratch, 1 << 20);
	result = read_folder(&job, error);
	if (result == 0 && store_run(writer, import_run, &job, error) == -1 && !job.dry_run_done)
		result = -1;
	if (result == 0)
		finish(report_r);
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		registry_rows_free(&job.files[i]);
	arena_deinit(&job.scratch);
	return result;
}

void registry_report_free(struct registry_report *report)
{
	arena_deinit(&report->arena);
	free(report->issues);
	free(report->changes);
	*report = (struct registry_report){0};
}
