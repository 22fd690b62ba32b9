/*
 * An upsert tells whether it inserted, changed or found the same: the key is looked up first, and the
 * update's WHERE compares all the other columns, so that a row that is the same is not written at all.
 */
#include "store/registry_rows.h"

#include "store/store_sql.h"

/* Whether `seek` (bound by the caller) finds a row decides between inserted and changed. */
static int put(struct store *store, sqlite3_stmt *seek, sqlite3_stmt *upsert, struct error *error)
{
	int found = sql_next(store, seek, error), changed;

	if (found == -1)
		return -1;
	sqlite3_reset(seek);
	if ((changed = sql_run(store, upsert, error)) == -1)
		return -1;
	return found == 0 ? STORE_INSERTED : changed > 0 ? STORE_CHANGED : STORE_UNCHANGED;
}

int store_jurisdiction_put(struct store *store, const struct jurisdiction_row *r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(store, "SELECT 1 FROM jurisdiction WHERE code = ?");
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO jurisdiction(code, parent, name_zh, name_en, bank_city) VALUES(?, ?, ?, ?, ?) "
		       "ON CONFLICT(code) DO UPDATE SET parent = excluded.parent, name_zh = excluded.name_zh, "
		       "name_en = excluded.name_en, bank_city = excluded.bank_city "
		       "WHERE (parent, name_zh, name_en, bank_city) IS NOT "
		       "(excluded.parent, excluded.name_zh, excluded.name_en, excluded.bank_city)");

	sql_bind(seek, "s", r->code);
	sql_bind(upsert, "sssss", r->code, r->parent, r->name_zh, r->name_en, r->bank_city);
	return put(store, seek, upsert, error);
}

int store_enterprise_put(struct store *store, const struct enterprise_row *r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(store, "SELECT 1 FROM enterprise WHERE uscc = ?");
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO enterprise(uscc, name, industry, scope, address, registered_on, legal_representative, "
		       "jurisdiction, staff) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ifnull(?9, '')) "
		       "ON CONFLICT(uscc) DO UPDATE SET name = excluded.name, industry = excluded.industry, "
		       "scope = excluded.scope, address = excluded.address, registered_on = excluded.registered_on, "
		       "legal_representative = excluded.legal_representative, jurisdiction = excluded.jurisdiction, "
		       "staff = ifnull(?9, staff) WHERE "
		       "(name, industry, scope, address, registered_on, legal_representative, jurisdiction, staff) IS NOT "
		       "(excluded.name, excluded.industry, excluded.scope, excluded.address, excluded.registered_on, "
		       "excluded.legal_representative, excluded.jurisdiction, ifnull(?9, staff))");

	sql_bind(seek, "s", r->uscc);
	sql_bind(upsert, r->staff.at != NULL ? "sssssssss" : "ssssssssn", r->uscc, r->name, r->industry, r->scope,
	         r->address, r->registered_on, r->legal_representative, r->jurisdiction, r->staff);
	return put(store, seek, upsert, error);
}

int store_account_put(struct store *store, const struct account_row *r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(store, "SELECT 1 FROM account WHERE bank = ? AND account = ?");
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO account(bank, account, uscc, name, opened_on) VALUES(?, ?, ?, ?, ?) "
		       "ON CONFLICT(bank, account) DO UPDATE SET uscc = excluded.uscc, name = excluded.name, "
		       "opened_on = excluded.opened_on WHERE (uscc, name, opened_on) IS NOT "
		       "(excluded.uscc, excluded.name, excluded.opened_on)");

	sql_bind(seek, "ss", r->bank, r->account);
	sql_bind(upsert, "sssss", r->bank, r->account, r->uscc, r->name, r->opened_on);
	return put(store, seek, upsert, error);
}

/*
 * A destination that answered 410 stays disabled unless the caller says otherwise: the last parameter is NULL
 * then.
 */
int store_contact_put(struct store *store, const struct contact_row *r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(store, "SELECT 1 FROM contact WHERE uscc = ? AND channel = ? AND address = ?");
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO contact(uscc, name, role, rank, language, channel, address, secret, disabled) "
		       "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ifnull(?9, '')) "
		       "ON CONFLICT(uscc, channel, address) DO UPDATE SET name = excluded.name, role = excluded.role, "
		       "rank = excluded.rank, language = excluded.language, secret = excluded.secret, "
		       "disabled = ifnull(?9, disabled) WHERE (name, role, rank, language, secret, disabled) IS NOT "
		       "(excluded.name, excluded.role, excluded.rank, excluded.language, excluded.secret, "
		       "ifnull(?9, disabled))");

	sql_bind(seek, "sss", r->uscc, r->channel, r->address);
	sql_bind(upsert, r->disabled.at != NULL ? "sssisssss" : "sssissssn", r->uscc, r->name, r->role, r->rank,
	         r->language,
	         r->channel, r->address, r->secret, r->disabled);
	return put(store, seek, upsert, error);
}

static struct slice column(sqlite3_stmt *statement, int at, struct arena *arena)
{
	return arena_copy(arena, sql_text(statement, at));
}

static int jurisdiction_read(struct store *store, sqlite3_stmt *statement, struct arena *arena,
                             struct jurisdiction_row *r, struct error *error)
{
	int found = sql_next(store, statement, error);

	if (found != 1)
		return found;
	*r = (struct jurisdiction_row){column(statement, 0, arena), column(statement, 1, arena),
	                               column(statement, 2, arena), column(statement, 3, arena),
	                               column(statement, 4, arena)};
	sqlite3_reset(statement);
	return 1;
}

int store_jurisdiction_get(struct store *store, struct slice code, struct arena *arena, struct jurisdiction_row *row_r,
                           struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "SELECT code, parent, name_zh, name_en, bank_city FROM jurisdiction WHERE code = ?");

	sql_bind(statement, "s", code);
	return jurisdiction_read(store, statement, arena, row_r, error);
}

int store_jurisdiction_of_city(struct store *store, struct slice bank_city, struct arena *arena,
                               struct jurisdiction_row *row_r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "SELECT code, parent, name_zh, name_en, bank_city FROM jurisdiction "
	                                             "WHERE bank_city = ? AND bank_city <> ''");

	sql_bind(statement, "s", bank_city);
	return jurisdiction_read(store, statement, arena, row_r, error);
}

int store_enterprise_get(struct store *store, struct slice uscc, struct arena *arena, struct enterprise_row *r,
                         struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT uscc, name, industry, scope, address, registered_on, "
	                                     "legal_representative, jurisdiction, staff FROM enterprise WHERE uscc = ?");
	int found;

	sql_bind(s, "s", uscc);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	*r = (struct enterprise_row){column(s, 0, arena), column(s, 1, arena), column(s, 2, arena), column(s, 3, arena),
	                             column(s, 4, arena), column(s, 5, arena), column(s, 6, arena), column(s, 7, arena),
	                             column(s, 8, arena)};
	sqlite3_reset(s);
	return 1;
}

int store_account_get(struct store *store, struct slice bank, struct slice account, struct arena *arena,
                      struct account_row *r, struct error *error)
{
	sqlite3_stmt *s =
		sql_prepare(store, "SELECT bank, account, uscc, name, opened_on FROM account WHERE bank = ? AND account = ?");
	int found;

	sql_bind(s, "ss", bank, account);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	*r = (struct account_row){column(s, 0, arena), column(s, 1, arena), column(s, 2, arena), column(s, 3, arena),
	                          column(s, 4, arena)};
	sqlite3_reset(s);
	return 1;
}

static void contact_read(sqlite3_stmt *s, struct arena *arena, struct contact_row *r)
{
	*r = (struct contact_row){
		.id = sqlite3_column_int64(s, 0), .uscc = column(s, 1, arena), .name = column(s, 2, arena),
		.role = column(s, 3, arena), .rank = sqlite3_column_int64(s, 4), .language = column(s, 5, arena),
		.channel = column(s, 6, arena), .address = column(s, 7, arena), .secret = column(s, 8, arena),
		.disabled = column(s, 9, arena),
	};
}

int store_contacts_of(struct store *store, struct slice uscc, struct arena *arena, struct contact_row **rows_r,
                      size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT id, uscc, name, role, rank, language, channel, address, secret, "
	                                     "disabled FROM contact WHERE uscc = ? AND disabled = '' "
	                                     "ORDER BY rank, id LIMIT ?");
	struct contact_row *rows = arena_take(arena, STORE_CONTACTS_MAX * sizeof(*rows));
	size_t count = 0;
	int found;

	if (rows == NULL)
		return error_set(error, "no room for the contacts of an enterprise");
	sql_bind(s, "si", uscc, (int64_t)STORE_CONTACTS_MAX);
	while ((found = sql_next(store, s, error)) == 1)
		contact_read(s, arena, &rows[count++]);
	if (found == -1)
		return -1;
	if (arena_overflowed(arena))
		return error_set(error, "no room for the contacts of an enterprise");
	*rows_r = rows;
	*count_r = count;
	return 0;
}

int store_contact_disable(struct store *store, struct slice channel, struct slice address, const char *why,
                          struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE contact SET disabled = ? WHERE channel = ? AND address = ? AND disabled = ''");

	sql_bind(statement, "tss", why, channel, address);
	return sql_run(store, statement, error);
}

int store_registry_totals(struct store *store, struct registry_totals *totals_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store,
	                              "SELECT (SELECT count(*) FROM jurisdiction), (SELECT count(*) FROM enterprise), "
	                                     "(SELECT count(*) FROM account), (SELECT count(*) FROM contact)");

	if (sql_next(store, s, error) != 1)
		return -1;
	*totals_r = (struct registry_totals){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
	                                     sqlite3_column_int64(s, 2), sqlite3_column_int64(s, 3)};
	sqlite3_reset(s);
	return 0;
}
