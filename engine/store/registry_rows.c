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

static void bind_or_leave(sqlite3_stmt *statement, int at, struct slice text)
{
	if (text.at != NULL)
		sqlite3_bind_text(statement, at, text.at, (int)text.length, SQLITE_TRANSIENT);
}

int store_enterprise_put(struct store *store, const struct enterprise_row *r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(store, "SELECT 1 FROM enterprise WHERE uscc = ?");
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO enterprise(uscc, name, industry, scope, address, registered_on, legal_representative, "
		       "jurisdiction, staff, former_names, status) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ifnull(?9, ''), "
		       "ifnull(?10, ''), ifnull(?11, 'active')) "
		       "ON CONFLICT(uscc) DO UPDATE SET name = ?2, industry = ?3, scope = ?4, address = ?5, "
		       "registered_on = ?6, legal_representative = ?7, jurisdiction = ?8, staff = ifnull(?9, staff), "
		       "former_names = ifnull(?10, former_names), status = ifnull(?11, status) WHERE "
		       "(name, industry, scope, address, registered_on, legal_representative, jurisdiction, staff, "
		       "former_names, status) IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ifnull(?9, staff), "
		       "ifnull(?10, former_names), ifnull(?11, status))");

	sql_bind(seek, "s", r->uscc);
	sql_bind(upsert, "ssssssss", r->uscc, r->name, r->industry, r->scope, r->address, r->registered_on,
	         r->legal_representative, r->jurisdiction);
	bind_or_leave(upsert, 9, r->staff);
	bind_or_leave(upsert, 10, r->former_names);
	bind_or_leave(upsert, 11, r->status);
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
	                                     "legal_representative, jurisdiction, staff, former_names, status FROM enterprise "
	                                     "WHERE uscc = ?");
	int found;

	sql_bind(s, "s", uscc);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	*r = (struct enterprise_row){column(s, 0, arena), column(s, 1, arena), column(s, 2, arena), column(s, 3, arena),
	                             column(s, 4, arena), column(s, 5, arena), column(s, 6, arena), column(s, 7, arena),
	                             column(s, 8, arena), column(s, 9, arena), column(s, 10, arena)};
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
