#include "registry/export.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/csv_writer.h"
#include "base/instant.h"
#include "registry/import.h"

struct exporting {
	const struct registry_export *what;
	struct registry_exported *done;
	struct csv_writer file;
	bool personal;
};

/* Without a reason, these columns are not in the file, so importing it leaves them as they are. */
static bool leaves_out(const struct exporting *e, enum column column)
{
	return !e->personal && (column == COLUMN_ENTERPRISES_LEGAL || column == COLUMN_ENTERPRISES_STAFF);
}

/* ---- a file ---- */

/* The first name is the English one; the first that is not of ASCII the usual Chinese one. */
static struct slice header_of(enum column column, bool chinese)
{
	const char *names = columns[column].names;

	while (chinese && (unsigned char)names[0] < 0x80 && strchr(names, '|') != NULL)
		names = strchr(names, '|') + 1;
	return (struct slice){names, (uint32_t)strcspn(names, "|")};
}

static int begin_file(struct exporting *e, enum registry_file file, struct error *error)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", e->what->folder, registry_file_names[file]) >= (int)sizeof(path))
		return error_set(error, "the folder's name is too long");
	if (csv_writer_open(&e->file, path, e->what->gb18030, error) == -1)
		return -1;
	for (int i = (int)column_first(file); i < (int)column_first(file + 1); i++)
		if (!leaves_out(e, (enum column)i))
			csv_writer_field(&e->file, header_of((enum column)i, e->what->chinese));
	csv_writer_end_row(&e->file);
	return 0;
}

/* Values in the order of the file's columns. */
static void put_row(struct exporting *e, enum registry_file file, const struct slice *values)
{
	int first = (int)column_first(file);

	for (int i = first; i < (int)column_first(file + 1); i++)
		if (!leaves_out(e, (enum column)i))
			csv_writer_field(&e->file, values[i - first]);
	csv_writer_end_row(&e->file);
}

/* ---- rows ---- */

#define OF(file, symbol) [COLUMN_##file##_##symbol - COLUMN_##file##_FIRST]
enum {
	COLUMN_JURISDICTIONS_FIRST = COLUMN_JURISDICTIONS_CODE,
	COLUMN_ENTERPRISES_FIRST = COLUMN_ENTERPRISES_USCC,
	COLUMN_ACCOUNTS_FIRST = COLUMN_ACCOUNTS_BANK,
	COLUMN_CONTACTS_FIRST = COLUMN_CONTACTS_OWNER,
};

static int put_jurisdiction(void *arg, const struct jurisdiction_row *r, struct error *error)
{
	struct exporting *e = arg;

	(void)error;
	put_row(e, REGISTRY_JURISDICTIONS,
	        (const struct slice[]){OF(JURISDICTIONS, CODE) = r->code, OF(JURISDICTIONS, PARENT) = r->parent,
	                               OF(JURISDICTIONS, NAME_ZH) = r->name_zh, OF(JURISDICTIONS, NAME_EN) = r->name_en,
	                               OF(JURISDICTIONS, BANK_CITY) = r->bank_city});
	e->done->jurisdictions++;
	return 0;
}

static int put_enterprise(void *arg, const struct enterprise_row *r, struct error *error)
{
	struct exporting *e = arg;

	(void)error;
	put_row(e, REGISTRY_ENTERPRISES,
	        (const struct slice[]){
			OF(ENTERPRISES, USCC) = r->uscc, OF(ENTERPRISES, NAME) = r->name,
			OF(ENTERPRISES, INDUSTRY) = r->industry, OF(ENTERPRISES, SCOPE) = r->scope,
			OF(ENTERPRISES, ADDRESS) = r->address, OF(ENTERPRISES, REGISTERED) = r->registered_on,
			OF(ENTERPRISES, LEGAL) = r->legal_representative, OF(ENTERPRISES, STAFF) = r->staff,
			OF(ENTERPRISES, FORMER) = r->former_names, OF(ENTERPRISES, STATUS) = r->status,
			OF(ENTERPRISES, JURISDICTION) = r->jurisdiction});
	e->done->enterprises++;
	return 0;
}

static int put_account(void *arg, const struct account_row *r, struct error *error)
{
	struct exporting *e = arg;

	(void)error;
	put_row(e, REGISTRY_ACCOUNTS,
	        (const struct slice[]){OF(ACCOUNTS, BANK) = r->bank, OF(ACCOUNTS, ACCOUNT) = r->account,
	                               OF(ACCOUNTS, USCC) = r->uscc, OF(ACCOUNTS, NAME) = r->name,
	                               OF(ACCOUNTS, OPENED) = r->opened_on});
	e->done->accounts++;
	return 0;
}

static int put_contact(void *arg, const struct contact_row *c, const struct way_row *w, struct error *error)
{
	struct exporting *e = arg;
	char rank[24], verified[INSTANT_TEXT_BYTES] = "";

	(void)error;
	snprintf(rank, sizeof(rank), "%lld", (long long)c->rank);
	if (w->verified_ms != 0)
		instant_format_date(instant_china_day(w->verified_ms), verified);
	put_row(e, REGISTRY_CONTACTS,
	        (const struct slice[]){
			OF(CONTACTS, OWNER) = c->owner, OF(CONTACTS, NAME) = c->name, OF(CONTACTS, ROLE) = c->role,
			OF(CONTACTS, RANK) = slice_of(rank), OF(CONTACTS, LANGUAGE) = c->language,
			OF(CONTACTS, QUIET) = c->quiet, OF(CONTACTS, ABSENT_FROM) = c->absent_from,
			OF(CONTACTS, ABSENT_TO) = c->absent_to, OF(CONTACTS, STAND_IN) = c->stand_in,
			OF(CONTACTS, TRAINED) = c->trained_on, OF(CONTACTS, CHANNEL) = w->channel,
			OF(CONTACTS, ADDRESS) = w->address, OF(CONTACTS, SECRET) = w->secret,
			OF(CONTACTS, VERIFIED) = slice_of(verified),
			OF(CONTACTS, DISABLED) = w->disabled.length > 0 ? w->disabled : c->disabled});
	e->done->contacts++;
	return 0;
}

/* ---- all of it ---- */

static int write_file(struct exporting *e, struct store *reader, enum registry_file file, struct error *error)
{
	int result = begin_file(e, file, error);

	if (result == 0 && file == REGISTRY_JURISDICTIONS)
		result = store_jurisdictions_each(reader, put_jurisdiction, e, error);
	else if (result == 0 && file == REGISTRY_ENTERPRISES)
		result = store_enterprises_each(reader, put_enterprise, e, error);
	else if (result == 0 && file == REGISTRY_ACCOUNTS)
		result = store_accounts_each(reader, put_account, e, error);
	else if (result == 0)
		result = store_ways_each(reader, put_contact, e, error);
	return csv_writer_close(&e->file, result == 0 ? error : NULL) == -1 ? -1 : result;
}

static int audit(struct store *store, void *arg, struct error *error)
{
	const struct registry_export *what = arg;
	bool personal = what->reason != NULL && what->reason[0] != '\0';
	char detail[512];

	snprintf(detail, sizeof(detail), personal ? "with personal data; reason: %.300s" : "without personal data",
	         personal ? what->reason : "");
	return store_audit_put(store, clock_now_ms(), what->actor, "registry.export", "registry", detail, error);
}

int registry_export(struct store_writer *writer, struct store *reader, const struct registry_export *what,
                    struct registry_exported *done_r, struct error *error)
{
	struct exporting e = {.what = what, .done = done_r,
	                      .personal = what->reason != NULL && what->reason[0] != '\0'};
	enum registry_file end = e.personal ? REGISTRY_FILE_COUNT : REGISTRY_ACCOUNTS;

	*done_r = (struct registry_exported){.accounts = e.personal ? 0 : -1, .contacts = e.personal ? 0 : -1};
	if ((e.personal && store_seal(reader, error) == NULL) || store_run(writer, audit, (void *)what, error) == -1)
		return -1;
	for (int file = 0; file < (int)end; file++)
		if (write_file(&e, reader, (enum registry_file)file, error) == -1)
			return -1;
	return 0;
}
