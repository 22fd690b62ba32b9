/*
 * Checked rows into the store, inside the job. What a row refers to must be there: the files are put in the
 * order jurisdictions, enterprises, accounts, contacts.
 */
#include "registry/import.h"

void import_refuse(struct import_job *job, struct registry_rows *rows, struct registry_row *row, int column,
                   const char *reason)
{
	registry_issue_add(job->report, rows->file, row, column, true, reason);
}

void import_tally(struct import_job *job, enum registry_file file, int change)
{
	struct registry_tally *t = &job->report->tallies[file];

	t->inserted += change == STORE_INSERTED;
	t->changed += change == STORE_CHANGED;
	t->unchanged += change == STORE_UNCHANGED;
}

struct enterprise_row registry_enterprise_row(const struct registry_rows *rows, const struct registry_row *row)
{
	struct slice status = registry_value(rows, row, COLUMN_ENTERPRISES_STATUS);

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
		.former_names = registry_value(rows, row, COLUMN_ENTERPRISES_FORMER),
		.status = status.at != NULL && status.length == 0 ? slice_of("active") : status,
	};
}

static void tell_enterprise(struct import_job *job, const struct registry_rows *rows, const struct registry_row *row,
                            int change, const struct enterprise_row *old, const struct enterprise_row *new)
{
	const struct import_field fields[] = {
		{COLUMN_ENTERPRISES_USCC, old->uscc, new->uscc},
		{COLUMN_ENTERPRISES_NAME, old->name, new->name},
		{COLUMN_ENTERPRISES_INDUSTRY, old->industry, new->industry},
		{COLUMN_ENTERPRISES_SCOPE, old->scope, new->scope},
		{COLUMN_ENTERPRISES_ADDRESS, old->address, new->address},
		{COLUMN_ENTERPRISES_REGISTERED, old->registered_on, new->registered_on},
		{COLUMN_ENTERPRISES_LEGAL, old->legal_representative, new->legal_representative},
		{COLUMN_ENTERPRISES_STAFF, old->staff, new->staff},
		{COLUMN_ENTERPRISES_FORMER, old->former_names, new->former_names},
		{COLUMN_ENTERPRISES_STATUS, old->status, new->status},
		{COLUMN_ENTERPRISES_JURISDICTION, old->jurisdiction, new->jurisdiction},
	};

	import_tell(job, rows, row, change, fields, sizeof(fields) / sizeof(fields[0]));
}

/* A jurisdiction that nobody knows is set aside: the enterprise must not go without warnings for it. */
static int put_enterprise(struct store *store, struct import_job *job, struct registry_rows *rows,
                          struct registry_row *row, struct error *error)
{
	struct enterprise_row r = registry_enterprise_row(rows, row), old = {0};
	struct jurisdiction_row jurisdiction;
	int found = 1, change;

	if (r.jurisdiction.length > 0)
		found = store_jurisdiction_get(store, r.jurisdiction, &job->scratch, &jurisdiction, error);
	if (found == 0) {
		registry_issue_add(job->report, rows->file, row, COLUMN_ENTERPRISES_JURISDICTION, false,
		                   "no such jurisdiction is registered; taken without it");
		r.jurisdiction = slice_of("");
	}
	if (found == -1 ||
	    (job->what->dry_run && store_enterprise_get(store, r.uscc, &job->scratch, &old, error) == -1) ||
	    (change = store_enterprise_put(store, &r, error)) == -1)
		return -1;
	tell_enterprise(job, rows, row, change, &old, &r);
	return change;
}

static int put_account(struct store *store, struct import_job *job, struct registry_rows *rows,
                       struct registry_row *row, struct error *error)
{
	struct account_row r = {
		registry_value(rows, row, COLUMN_ACCOUNTS_BANK), registry_value(rows, row, COLUMN_ACCOUNTS_ACCOUNT),
		registry_value(rows, row, COLUMN_ACCOUNTS_USCC), registry_value(rows, row, COLUMN_ACCOUNTS_NAME),
		registry_value(rows, row, COLUMN_ACCOUNTS_OPENED)}, old = {0};
	struct enterprise_row enterprise;
	int known = store_enterprise_get(store, r.uscc, &job->scratch, &enterprise, error), change;

	if (known == 0)
		import_refuse(job, rows, row, COLUMN_ACCOUNTS_USCC,
		              "no enterprise with this code, neither in enterprises.csv nor in the store");
	if (known != 1)
		return known == -1 ? -1 : IMPORT_REFUSED;
	if ((job->what->dry_run && store_account_get(store, r.bank, r.account, &job->scratch, &old, error) == -1) ||
	    (change = store_account_put(store, &r, error)) == -1)
		return -1;
	import_tell(job, rows, row, change,
	            (const struct import_field[]){{COLUMN_ACCOUNTS_BANK, old.bank, r.bank},
	                                          {COLUMN_ACCOUNTS_ACCOUNT, old.account, r.account},
	                                          {COLUMN_ACCOUNTS_USCC, old.uscc, r.uscc},
	                                          {COLUMN_ACCOUNTS_NAME, old.name, r.name},
	                                          {COLUMN_ACCOUNTS_OPENED, old.opened_on, r.opened_on}},
	            5);
	return change;
}

/* enum store_change; IMPORT_REFUSED; -1. */
static int put_row(struct store *store, struct import_job *job, struct registry_rows *rows, struct registry_row *row,
                   struct error *error)
{
	arena_reset(&job->scratch);
	if (rows->file == REGISTRY_ENTERPRISES)
		return put_enterprise(store, job, rows, row, error);
	if (rows->file == REGISTRY_ACCOUNTS)
		return put_account(store, job, rows, row, error);
	return import_put_contact(store, job, rows, row, error);
}

int import_put_file(struct store *store, struct import_job *job, enum registry_file file, struct error *error)
{
	struct registry_rows *rows = &job->files[file];

	if (file == REGISTRY_JURISDICTIONS)
		return import_put_jurisdictions(store, job, error);
	for (size_t i = 0; i < rows->count; i++) {
		int change = rows->rows[i].refused ? IMPORT_REFUSED : put_row(store, job, rows, &rows->rows[i], error);
		if (change == -1)
			return error_wrap(error, "%s:%d", registry_file_names[file], rows->rows[i].line);
		if (change >= 0)
			import_tally(job, file, change);
	}
	return 0;
}
