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

/* Binds a text, or NULL where `at` is: what is there stays then. */
static void bind_or_leave(sqlite3_stmt *statement, int at, struct slice text)
{
	if (text.at != NULL)
		sqlite3_bind_text(statement, at, text.at, (int)text.length, SQLITE_TRANSIENT);
}

int store_jurisdiction_put(struct store *store, const struct jurisdiction_row *r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(store, "SELECT 1 FROM jurisdiction WHERE code = ?");
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO jurisdiction(code, name_zh, parent, name_en, bank_city) "
		       "VALUES(?1, ?2, ifnull(?3, ''), ifnull(?4, ''), ifnull(?5, '')) "
		       "ON CONFLICT(code) DO UPDATE SET name_zh = ?2, parent = ifnull(?3, parent), "
		       "name_en = ifnull(?4, name_en), bank_city = ifnull(?5, bank_city) "
		       "WHERE (name_zh, parent, name_en, bank_city) IS NOT "
		       "(?2, ifnull(?3, parent), ifnull(?4, name_en), ifnull(?5, bank_city))");

	sql_bind(seek, "s", r->code);
	sql_bind(upsert, "ss", r->code, r->name_zh);
	bind_or_leave(upsert, 3, r->parent);
	bind_or_leave(upsert, 4, r->name_en);
	bind_or_leave(upsert, 5, r->bank_city);
	return put(store, seek, upsert, error);
}

int store_enterprise_put(struct store *store, const struct enterprise_row *r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(store, "SELECT 1 FROM enterprise WHERE uscc = ?");
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO enterprise(uscc, name, industry, scope, address, registered_on, legal_representative, "
		       "jurisdiction, staff, former_names, status) VALUES(?1, ?2, ifnull(?3, ''), ifnull(?4, ''), "
		       "ifnull(?5, ''), ifnull(?6, ''), ifnull(?7, ''), ifnull(?8, ''), ifnull(?9, ''), ifnull(?10, ''), "
		       "ifnull(?11, 'active')) ON CONFLICT(uscc) DO UPDATE SET name = ?2, industry = ifnull(?3, industry), "
		       "scope = ifnull(?4, scope), address = ifnull(?5, address), "
		       "registered_on = ifnull(?6, registered_on), "
		       "legal_representative = ifnull(?7, legal_representative), "
		       "jurisdiction = ifnull(?8, jurisdiction), staff = ifnull(?9, staff), "
		       "former_names = ifnull(?10, former_names), status = ifnull(?11, status) WHERE "
		       "(name, industry, scope, address, registered_on, legal_representative, jurisdiction, staff, "
		       "former_names, status) IS NOT (?2, ifnull(?3, industry), ifnull(?4, scope), ifnull(?5, address), "
		       "ifnull(?6, registered_on), ifnull(?7, legal_representative), ifnull(?8, jurisdiction), "
		       "ifnull(?9, staff), ifnull(?10, former_names), ifnull(?11, status))");
	const struct slice optional[] = {r->industry, r->scope, r->address, r->registered_on, r->legal_representative,
	                                 r->jurisdiction, r->staff, r->former_names, r->status};

	sql_bind(seek, "s", r->uscc);
	sql_bind(upsert, "ss", r->uscc, r->name);
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		bind_or_leave(upsert, 3 + (int)i, optional[i]);
	return put(store, seek, upsert, error);
}

int store_account_put(struct store *store, const struct account_row *r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(store, "SELECT 1 FROM account WHERE bank = ? AND account = ?");
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO account(bank, account, uscc, name, opened_on) "
		       "VALUES(?1, ?2, ?3, ifnull(?4, ''), ifnull(?5, '')) "
		       "ON CONFLICT(bank, account) DO UPDATE SET uscc = ?3, name = ifnull(?4, name), "
		       "opened_on = ifnull(?5, opened_on) WHERE (uscc, name, opened_on) IS NOT "
		       "(?3, ifnull(?4, name), ifnull(?5, opened_on))");

	sql_bind(seek, "ss", r->bank, r->account);
	sql_bind(upsert, "sss", r->bank, r->account, r->uscc);
	bind_or_leave(upsert, 4, r->name);
	bind_or_leave(upsert, 5, r->opened_on);
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

#define ENTERPRISE_COLUMNS "uscc, name, industry, scope, address, registered_on, legal_representative, jurisdiction, " \
                           "staff, former_names, status"

static int enterprise_read(struct store *store, sqlite3_stmt *s, struct arena *arena, struct enterprise_row *r,
                           struct error *error)
{
	int found = sql_next(store, s, error);

	if (found != 1)
		return found;
	*r = (struct enterprise_row){column(s, 0, arena), column(s, 1, arena), column(s, 2, arena), column(s, 3, arena),
	                             column(s, 4, arena), column(s, 5, arena), column(s, 6, arena), column(s, 7, arena),
	                             column(s, 8, arena), column(s, 9, arena), column(s, 10, arena)};
	sqlite3_reset(s);
	return 1;
}

int store_enterprise_get(struct store *store, struct slice uscc, struct arena *arena, struct enterprise_row *r,
                         struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " ENTERPRISE_COLUMNS " FROM enterprise WHERE uscc = ?");

	sql_bind(s, "s", uscc);
	return enterprise_read(store, s, arena, r, error);
}

/* No index: people ask it, rarely. */
int store_enterprise_named(struct store *store, struct slice name, struct arena *arena, struct enterprise_row *r,
                           struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT " ENTERPRISE_COLUMNS " FROM enterprise WHERE name = ?1 OR "
		       "instr(';' || replace(replace(former_names, '；', ';'), '; ', ';') || ';', ';' || ?1 || ';') > 0 "
		       "ORDER BY name = ?1 DESC, uscc LIMIT 1");

	sql_bind(s, "s", name);
	return enterprise_read(store, s, arena, r, error);
}

static int accounts_read(struct store *store, sqlite3_stmt *s, int limit, struct arena *arena,
                         struct account_row **rows_r, size_t *count_r, struct error *error)
{
	struct account_row *rows = arena_take(arena, (size_t)limit * sizeof(*rows));
	size_t count = 0;
	int found;

	if (rows == NULL)
		return error_set(error, "no room for %d accounts", limit);
	while ((found = sql_next(store, s, error)) == 1)
		rows[count++] = (struct account_row){column(s, 0, arena), column(s, 1, arena), column(s, 2, arena),
		                                     column(s, 3, arena), column(s, 4, arena)};
	*rows_r = rows;
	*count_r = count;
	return found == 0 && arena_overflowed(arena) ? error_set(error, "no room for %d accounts", limit) : found;
}

int store_accounts_of(struct store *store, struct slice uscc, int limit, struct arena *arena,
                      struct account_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT bank, account, uscc, name, opened_on FROM account WHERE uscc = ? "
	                                     "ORDER BY bank, account LIMIT ?");

	sql_bind(s, "si", uscc, (int64_t)limit);
	return accounts_read(store, s, limit, arena, rows_r, count_r, error);
}

int store_accounts_numbered(struct store *store, struct slice account, int limit, struct arena *arena,
                            struct account_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT bank, account, uscc, name, opened_on FROM account WHERE account = ? "
	                                     "ORDER BY bank LIMIT ?");

	sql_bind(s, "si", account, (int64_t)limit);
	return accounts_read(store, s, limit, arena, rows_r, count_r, error);
}

int store_jurisdictions_each(struct store *store, int (*each)(void *arg, const struct jurisdiction_row *row,
                                                              struct error *error),
                             void *arg, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT code, parent, name_zh, name_en, bank_city FROM jurisdiction "
	                                     "ORDER BY code");
	int found;

	while ((found = sql_next(store, s, error)) == 1) {
		struct jurisdiction_row row = {sql_text(s, 0), sql_text(s, 1), sql_text(s, 2), sql_text(s, 3), sql_text(s, 4)};
		if (each(arg, &row, error) == -1)
			found = -1;
		if (found == -1)
			break;
	}
	sqlite3_reset(s);
	return found;
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
