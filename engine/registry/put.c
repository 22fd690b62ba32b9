/*
 * Checked rows into the store, inside the job. What a row refers to must be there: the files are put in the
 * order jurisdictions, enterprises, accounts, contacts.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "registry/import.h"

static void refuse(struct import_job *job, struct registry_rows *rows, struct registry_row *row, int column,
                   const char *reason)
{
	registry_issue_add(job->report, rows->file, row, column, true, reason);
}

static void tally(struct import_job *job, enum registry_file file, int change)
{
	struct registry_tally *t = &job->report->tallies[file];

	t->inserted += change == STORE_INSERTED;
	t->changed += change == STORE_CHANGED;
	t->unchanged += change == STORE_UNCHANGED;
}

/* ---- jurisdictions: a row waits until its parent is there ---- */

/* 1 put or refused, 0 its parent is not there yet, -1. */
static int put_jurisdiction(struct store *store, struct import_job *job, struct registry_rows *rows,
                            struct registry_row *row, struct error *error)
{
	struct jurisdiction_row r = {
		registry_value(rows, row, COLUMN_JURISDICTIONS_CODE), registry_value(rows, row, COLUMN_JURISDICTIONS_PARENT),
		registry_value(rows, row, COLUMN_JURISDICTIONS_NAME_ZH), registry_value(rows, row,
		                                                                        COLUMN_JURISDICTIONS_NAME_EN),
		registry_value(rows, row, COLUMN_JURISDICTIONS_BANK_CITY)};
	struct jurisdiction_row other;
	int found, change;

	arena_reset(&job->scratch);
	if (r.parent.length > 0 && (found = store_jurisdiction_get(store, r.parent, &job->scratch, &other, error)) != 1)
		return found;
	if ((found = store_jurisdiction_of_city(store, r.bank_city, &job->scratch, &other, error)) == -1)
		return -1;
	if (found == 1 && !slice_equal(other.code, r.code)) {
		refuse(job, rows, row, COLUMN_JURISDICTIONS_BANK_CITY, "another jurisdiction has this city of the bank code");
		return 1;
	}
	if ((change = store_jurisdiction_put(store, &r, error)) == -1)
		return -1;
	tally(job, rows->file, change);
	return 1;
}

static int put_jurisdictions(struct store *store, struct import_job *job, struct error *error)
{
	struct registry_rows *rows = &job->files[REGISTRY_JURISDICTIONS];
	bool *done = calloc(rows->count + 1, sizeof(*done)), progress = true;
	int result = 0;

	if (done == NULL)
		die("out of memory: jurisdictions");
	while (progress && result != -1) {
		progress = false;
		for (size_t i = 0; i < rows->count && result != -1; i++) {
			if (done[i] || rows->rows[i].refused)
				continue;
			result = put_jurisdiction(store, job, rows, &rows->rows[i], error);
			done[i] = result == 1;
			progress |= done[i];
		}
	}
	for (size_t i = 0; i < rows->count && result != -1; i++)
		if (!done[i] && !rows->rows[i].refused)
			refuse(job, rows, &rows->rows[i], COLUMN_JURISDICTIONS_PARENT,
			       "the parent is neither in this file nor in the store");
	free(done);
	return result == -1 ? -1 : 0;
}

/* ---- the others ---- */

struct enterprise_row registry_enterprise_row(const struct registry_rows *rows, const struct registry_row *row)
{
	return (struct enterprise_row){
		.uscc = registry_value(rows, row, COLUMN_ENTERPRISES_USCC),
		.name = registry_value(rows, row, COLUMN_ENTERPRISES_NAME),
		.industry = registry_value(rows, row, COLUMN_ENTERPRISES_INDUSTRY),
		.scope = registry_value(rows, row, COLUMN_ENTERPRISES_SCOPE),
		.address = registry_value(rows, row, COLUMN_ENTERPRISES_ADDRESS),
		.registered_on = registry_value(rows, row, COLUMN_ENTERPRISES_REGISTERED),
		.legal_representative = registry_value(rows, row, COLUMN_ENTERPRISES_LEGAL),
		.jurisdiction = registry_value(rows, row, COLUMN_ENTERPRISES_JURISDICTION),
		.staff = registry_value(rows, row, COLUMN_ENTERPRISES_STAFF),
	};
}

/* A jurisdiction that nobody knows is set aside: the enterprise must not go without warnings for it. */
static int put_enterprise(struct store *store, struct import_job *job, struct registry_rows *rows,
                          struct registry_row *row, struct error *error)
{
	int staff = COLUMN_ENTERPRISES_STAFF - (int)column_first(REGISTRY_ENTERPRISES);
	struct enterprise_row r = registry_enterprise_row(rows, row);
	struct jurisdiction_row jurisdiction;
	int found = 1;

	if (!(rows->has_columns >> staff & 1))
		r.staff = (struct slice){0}; /* what the store says of it stays */
	if (r.jurisdiction.length > 0)
		found = store_jurisdiction_get(store, r.jurisdiction, &job->scratch, &jurisdiction, error);
	if (found == 0) {
		registry_issue_add(job->report, rows->file, row, COLUMN_ENTERPRISES_JURISDICTION, false,
		                   "no such jurisdiction is registered; taken without it");
		r.jurisdiction = slice_of("");
	}
	return found == -1 ? -1 : store_enterprise_put(store, &r, error);
}

static int put_account(struct store *store, struct registry_rows *rows, struct registry_row *row, struct error *error)
{
	struct account_row r = {
		registry_value(rows, row, COLUMN_ACCOUNTS_BANK), registry_value(rows, row, COLUMN_ACCOUNTS_ACCOUNT),
		registry_value(rows, row, COLUMN_ACCOUNTS_USCC), registry_value(rows, row, COLUMN_ACCOUNTS_NAME),
		registry_value(rows, row, COLUMN_ACCOUNTS_OPENED)};

	return store_account_put(store, &r, error);
}

/* Inserted or changed is what either of the two was. */
static int both(int person, int way)
{
	if (person == -1 || way == -1)
		return -1;
	return way == STORE_INSERTED ? STORE_INSERTED : person != STORE_UNCHANGED ? STORE_CHANGED : way;
}

/*
 * Without the column `disabled`, what the store says about it stays (a destination that answered 410, say).
 */
static int put_contact(struct store *store, struct registry_rows *rows, struct registry_row *row, struct error *error)
{
	int disabled = COLUMN_CONTACTS_DISABLED - (int)column_first(REGISTRY_CONTACTS), change;
	struct slice rank = registry_value(rows, row, COLUMN_CONTACTS_RANK);
	struct slice language = registry_value(rows, row, COLUMN_CONTACTS_LANGUAGE);
	struct contact_row person = {
		.owner = registry_value(rows, row, COLUMN_CONTACTS_USCC),
		.name = registry_value(rows, row, COLUMN_CONTACTS_NAME),
		.role = registry_value(rows, row, COLUMN_CONTACTS_ROLE),
		.rank = rank.length > 0 ? atoi(rank.at) : 1,
		.language = language.length > 0 ? language : slice_of("zh"),
	};
	struct way_row way = {
		.channel = registry_value(rows, row, COLUMN_CONTACTS_CHANNEL),
		.address = registry_value(rows, row, COLUMN_CONTACTS_ADDRESS),
		.secret = registry_value(rows, row, COLUMN_CONTACTS_SECRET),
		.verified_ms = row->needs_code ? 0 : clock_now_ms(),
	};

	if (rows->has_columns >> disabled & 1)
		way.disabled = registry_value(rows, row, COLUMN_CONTACTS_DISABLED);
	if ((change = store_contact_put(store, &person, &way.contact, error)) == -1)
		return -1;
	return both(change, store_way_put(store, &way, &way.id, error));
}

static int is_enterprise(struct store *store, struct import_job *job, struct slice uscc, struct error *error)
{
	struct enterprise_row enterprise;

	return store_enterprise_get(store, uscc, &job->scratch, &enterprise, error);
}

/* enum store_change; -2 where it was refused; -1. */
static int put_row(struct store *store, struct import_job *job, struct registry_rows *rows, struct registry_row *row,
                   struct error *error)
{
	enum column uscc = rows->file == REGISTRY_ACCOUNTS ? COLUMN_ACCOUNTS_USCC : COLUMN_CONTACTS_USCC;
	int known;

	arena_reset(&job->scratch);
	if (rows->file == REGISTRY_ENTERPRISES)
		return put_enterprise(store, job, rows, row, error);
	if ((known = is_enterprise(store, job, registry_value(rows, row, uscc), error)) == -1)
		return -1;
	if (known == 0) {
		refuse(job, rows, row, (int)uscc, "no enterprise with this code, neither in enterprises.csv nor in the store");
		return -2;
	}
	return rows->file == REGISTRY_ACCOUNTS ? put_account(store, rows, row, error) : put_contact(store, rows,
	                                                                                            row, error);
}

int import_put_file(struct store *store, struct import_job *job, enum registry_file file, struct error *error)
{
	struct registry_rows *rows = &job->files[file];

	if (file == REGISTRY_JURISDICTIONS)
		return put_jurisdictions(store, job, error);
	for (size_t i = 0; i < rows->count; i++) {
		int change = rows->rows[i].refused ? -2 : put_row(store, job, rows, &rows->rows[i], error);
		if (change == -1)
			return error_wrap(error, "%s:%d", registry_file_names[file], rows->rows[i].line);
		if (change >= 0)
			tally(job, file, change);
	}
	return 0;
}
