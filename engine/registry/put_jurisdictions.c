/*
 * Jurisdictions are a tree: a row waits until its parent is there, and none becomes its own ancestor.
 *
 * The file may turn a tree round (a county becomes the city's neighbour), so a row that would close a circle waits as
 * well: another row may open it first. What still waits when nothing moves any more is refused, with the reason.
 */
#include <stdlib.h>

#include "registry/import.h"

enum { DEPTH_MAX = 16 }; /* province, city, county, station; what is deeper is no tree of places */

enum waiting { TAKEN, NO_PARENT, CIRCLE, TOO_DEEP };

/* Why a row with this parent has to wait; -1. */
static int look_up_tree(struct store *store, struct import_job *job, const struct jurisdiction_row *r,
                        struct error *error)
{
	struct slice at = r->parent, parent;
	struct jurisdiction_row other;
	int found;

	for (int depth = 0; at.length > 0; depth++) {
		if (slice_equal(at, r->code))
			return CIRCLE;
		if (depth == DEPTH_MAX)
			return TOO_DEEP;
		if (depth == 0 && (found = store_jurisdiction_get(store, at, &job->scratch, &other, error)) != 1)
			return found == -1 ? -1 : NO_PARENT;
		if (registry_jurisdiction_parent(store, at, &job->scratch, &parent, error) == -1)
			return -1;
		at = parent;
	}
	return TAKEN;
}

static struct jurisdiction_row row_of(const struct registry_rows *rows, const struct registry_row *row)
{
	return (struct jurisdiction_row){
		registry_value(rows, row, COLUMN_JURISDICTIONS_CODE), registry_value(rows, row, COLUMN_JURISDICTIONS_PARENT),
		registry_value(rows, row, COLUMN_JURISDICTIONS_NAME_ZH),
		registry_value(rows, row, COLUMN_JURISDICTIONS_NAME_EN),
		registry_value(rows, row, COLUMN_JURISDICTIONS_BANK_CITY)};
}

/* 1 where the row was refused for a city of bank codes that another jurisdiction has; 0; -1. */
static int refuse_city(struct store *store, struct import_job *job, struct registry_rows *rows,
                       struct registry_row *row, const struct jurisdiction_row *r, struct error *error)
{
	struct jurisdiction_row other;
	int found = store_jurisdiction_of_city(store, r->bank_city, &job->scratch, &other, error);

	if (found != 1 || slice_equal(other.code, r->code))
		return found == -1 ? -1 : 0;
	import_refuse(job, rows, row, COLUMN_JURISDICTIONS_BANK_CITY, "another jurisdiction has this city of the bank code");
	return 1;
}

static int put(struct store *store, struct import_job *job, struct registry_rows *rows, struct registry_row *row,
               const struct jurisdiction_row *r, struct error *error)
{
	struct jurisdiction_row old = {0};
	int change;

	if (store_jurisdiction_get(store, r->code, &job->scratch, &old, error) == -1 ||
	    (change = store_jurisdiction_put(store, r, error)) == -1)
		return -1;
	import_tally(job, rows->file, change);
	import_tell(job, rows, row, change,
	            (const struct import_field[]){{COLUMN_JURISDICTIONS_CODE, old.code, r->code},
	                                          {COLUMN_JURISDICTIONS_PARENT, old.parent, r->parent},
	                                          {COLUMN_JURISDICTIONS_NAME_ZH, old.name_zh, r->name_zh},
	                                          {COLUMN_JURISDICTIONS_NAME_EN, old.name_en, r->name_en},
	                                          {COLUMN_JURISDICTIONS_BANK_CITY, old.bank_city, r->bank_city}},
	            5);
	return 0;
}

/* enum waiting, TAKEN also where it was refused; -1. */
static int put_or_wait(struct store *store, struct import_job *job, struct registry_rows *rows,
                       struct registry_row *row, struct error *error)
{
	struct jurisdiction_row r = row_of(rows, row);
	int waiting, refused;

	arena_reset(&job->scratch);
	if ((waiting = look_up_tree(store, job, &r, error)) != TAKEN)
		return waiting;
	if ((refused = refuse_city(store, job, rows, row, &r, error)) != 0)
		return refused == -1 ? -1 : TAKEN;
	return put(store, job, rows, row, &r, error) == -1 ? -1 : TAKEN;
}

static void refuse_waiting(struct import_job *job, struct registry_rows *rows, const int *waiting)
{
	static const char *const reasons[] = {
		[NO_PARENT] = "the parent is neither in this file nor in the store",
		[CIRCLE] = "it would stand above itself: the parents make a circle",
		[TOO_DEEP] = "more than 16 jurisdictions stand above it",
	};

	for (size_t i = 0; i < rows->count; i++)
		if (waiting[i] != TAKEN && !rows->rows[i].refused)
			import_refuse(job, rows, &rows->rows[i], COLUMN_JURISDICTIONS_PARENT, reasons[waiting[i]]);
}

int import_put_jurisdictions(struct store *store, struct import_job *job, struct error *error)
{
	struct registry_rows *rows = &job->files[REGISTRY_JURISDICTIONS];
	int *waiting = calloc(rows->count + 1, sizeof(*waiting)), result = 0;
	bool progress = true;

	if (waiting == NULL)
		die("out of memory: jurisdictions");
	for (size_t i = 0; i < rows->count; i++)
		waiting[i] = rows->rows[i].refused ? TAKEN : NO_PARENT;
	while (progress && result != -1) {
		progress = false;
		for (size_t i = 0; i < rows->count && result != -1; i++) {
			if (waiting[i] == TAKEN)
				continue;
			waiting[i] = result = put_or_wait(store, job, rows, &rows->rows[i], error);
			progress |= result == TAKEN;
		}
	}
	if (result != -1)
		refuse_waiting(job, rows, waiting);
	free(waiting);
	return result == -1 ? -1 : 0;
}
