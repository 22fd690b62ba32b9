/*
 * A list's file into the store.
 *
 *   read and check ─▶ put the entries, some thousands a transaction ─▶ remove what is in no file ─▶ audit
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "registry/lists.h"

enum { ROWS_A_JOB = 20000, DETAIL_BYTES = 1024 }; /* about 0.1 s of the store's thread */

/* Some entries of one list, on their way. */
struct piece {
	const struct lists_import *what;
	const struct reference_list *list;
	size_t from, to;
	const struct list_entry_row *gone; /* instead of entries: what is to be removed */
	struct lists_tally *tally;
	struct lists_tally done; /* of this piece; counts again where the job runs again */
	bool taken_back; /* a dry run did its work and took it back */
};

static struct slice pattern_of(const struct reference_list *list, const struct reference_entry *entry)
{
	return slice_is(reference_list_name(list), REFERENCE_ALLOW) ? entry->source : (struct slice){"", 0};
}

static int put_one(struct store *store, struct piece *piece, const struct reference_entry *entry,
                   struct error *error)
{
	struct list_entry_row row = {.list = reference_list_name(piece->list),
	                             .kind = slice_of(reference_kind_names[entry->kind]), .spelling = entry->key,
	                             .pattern = pattern_of(piece->list, entry), .value = entry->value,
	                             .reason = entry->reason, .source = entry->source, .expires_ms = entry->expires_ms};
	int change = store_list_entry_put(store, &row, error);

	piece->done.inserted += change == STORE_INSERTED;
	piece->done.changed += change == STORE_CHANGED;
	piece->done.unchanged += change == STORE_UNCHANGED;
	return change == -1 ? -1 : 0;
}

static int run_piece(struct store *store, void *arg, struct error *error)
{
	struct piece *piece = arg;

	piece->done = (struct lists_tally){0};
	for (size_t i = piece->from; i < piece->to; i++) {
		if (piece->gone == NULL && put_one(store, piece, reference_entry_at(piece->list, i), error) == -1)
			return -1;
		if (piece->gone != NULL && store_list_entry_remove(store, &piece->gone[i], error) == -1)
			return -1;
		piece->done.removed += piece->gone != NULL;
	}
	piece->taken_back = piece->what->dry_run;
	return piece->what->dry_run ? error_set(error, "dry run") : 0; /* which takes everything back */
}

static int run_all(struct store_writer *writer, struct piece *piece, size_t count, struct error *error)
{
	for (size_t from = 0; from < count; from = piece->to) {
		piece->from = from;
		piece->to = count - from > ROWS_A_JOB ? from + ROWS_A_JOB : count;
		piece->taken_back = false;
		if (store_run(writer, run_piece, piece, error) == -1 && !piece->taken_back)
			return -1;
		piece->tally->inserted += piece->done.inserted;
		piece->tally->changed += piece->done.changed;
		piece->tally->unchanged += piece->done.unchanged;
		piece->tally->removed += piece->done.removed;
	}
	return 0;
}

/* ---- what is in the store and no longer in the file ---- */

struct gone {
	const struct reference *reference;
	const struct reference_list *list;
	struct list_entry_row *rows; /* owned */
	size_t count, capacity;
	struct arena arena;
};

static bool is_in_file(const struct gone *gone, const struct list_entry_row *row)
{
	int kind = reference_parse_kind(row->kind);

	if (kind < 0)
		return false;
	if (row->pattern.length > 0)
		return reference_allows(gone->reference, row->pattern, (enum reference_kind)kind, row->spelling, INT64_MIN);
	return reference_find(gone->list, (enum reference_kind)kind, row->spelling, INT64_MIN) != NULL;
}

static int look(void *arg, const struct list_entry_row *row, struct error *error)
{
	struct gone *gone = arg;

	(void)error;
	if (is_in_file(gone, row))
		return 0;
	if (gone->count == gone->capacity) {
		gone->capacity = gone->capacity > 0 ? 2 * gone->capacity : 256;
		gone->rows = realloc(gone->rows, gone->capacity * sizeof(*gone->rows));
		if (gone->rows == NULL)
			die("out of memory: entries that go");
	}
	gone->rows[gone->count++] = (struct list_entry_row){
		.list = arena_copy(&gone->arena, row->list), .kind = arena_copy(&gone->arena, row->kind),
		.spelling = arena_copy(&gone->arena, row->spelling), .pattern = arena_copy(&gone->arena, row->pattern)};
	return arena_overflowed(&gone->arena) ? error_set(error, "too many entries go at once") : 0;
}

static int find_gone(struct store *store, void *arg, struct error *error)
{
	struct gone *gone = arg;

	gone->count = 0;
	arena_reset(&gone->arena);
	return store_list_entries_each(store, reference_list_name(gone->list), look, gone, error);
}

/* ---- a list ---- */

static int import_list(struct store_writer *writer, const struct lists_import *what,
                       struct lists_report *report, const struct reference_list *list, struct error *error)
{
	struct lists_tally *tally = &report->tallies[report->count++];
	struct piece piece = {.what = what, .list = list, .tally = tally};
	struct gone gone = {.reference = report->reference, .list = list};
	int result;

	*tally = (struct lists_tally){.list = reference_list_name(list)};
	if (run_all(writer, &piece, reference_list_size(list), error) == -1)
		return -1;
	arena_init(&gone.arena, (size_t)1 << 30);
	result = store_run(writer, find_gone, &gone, error);
	piece.gone = gone.rows;
	if (result == 0 && gone.count > 0)
		result = run_all(writer, &piece, gone.count, error);
	arena_deinit(&gone.arena);
	free(gone.rows);
	return result;
}

struct auditing {
	const struct lists_import *what;
	const struct lists_report *report;
};

/* A row a list that changed (I10). */
static int audit(struct store *store, void *arg, struct error *error)
{
	const struct auditing *a = arg;
	char detail[DETAIL_BYTES], object[REFERENCE_NAME_BYTES_MAX + 1];

	for (size_t i = 0; i < a->report->count; i++) {
		const struct lists_tally *t = &a->report->tallies[i];
		if (t->inserted + t->changed + t->removed == 0)
			continue;
		snprintf(object, sizeof(object), "%.*s", SLICE_PRINT(t->list));
		snprintf(detail, sizeof(detail),
		         "{\"inserted\":%zu,\"changed\":%zu,\"unchanged\":%zu,\"removed\":%zu,\"refused_in_folder\":%zu}",
		         t->inserted, t->changed, t->unchanged, t->removed, a->report->refused);
		if (store_audit_put(store, clock_now_ms(), a->what->actor, "lists.import", object, detail, error) == -1)
			return -1;
	}
	return 0;
}

int lists_import(struct store_writer *writer, const struct lists_import *what, struct lists_report *report_r,
                 struct error *error)
{
	struct auditing auditing = {what, report_r};
	const struct reference_list *list;
	int result;

	*report_r = (struct lists_report){.reference = reference_new()};
	result = reference_load_lists(report_r->reference, what->folder, what->report, what->context, error);
	reference_finish(report_r->reference);
	report_r->refused = reference_facts(report_r->reference).refused;
	if (result == 0 && reference_facts(report_r->reference).lists == 0)
		result = error_set(error, "%s holds no list; expected files such as stop-payment.csv", what->folder);
	for (size_t i = 0; result == 0 && (list = reference_list_at(report_r->reference, i)) != NULL; i++)
		result = import_list(writer, what, report_r, list, error);
	if (result == 0 && !what->dry_run)
		result = store_run(writer, audit, &auditing, error);
	return result;
}

void lists_report_free(struct lists_report *report)
{
	reference_free(&report->reference);
}
