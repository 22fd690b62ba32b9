#include "store/reference_rows.h"

#include "store/store_sql.h"

int store_list_entry_put(struct store *store, const struct list_entry_row *r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(
		store, "SELECT 1 FROM list_entry WHERE list = ? AND kind = ? AND spelling = ? AND pattern = ?");
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO list_entry(list, kind, spelling, pattern, value, reason, source, expires_ms) "
		       "VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(list, kind, spelling, pattern) DO UPDATE SET "
		       "value = excluded.value, reason = excluded.reason, source = excluded.source, "
		       "expires_ms = excluded.expires_ms WHERE (value, reason, source, expires_ms) IS NOT "
		       "(excluded.value, excluded.reason, excluded.source, excluded.expires_ms)");
	int found, changed;

	sql_bind(seek, "ssss", r->list, r->kind, r->spelling, r->pattern);
	if ((found = sql_next(store, seek, error)) == -1)
		return -1;
	sqlite3_reset(seek);
	sql_bind(upsert, "sssssssi", r->list, r->kind, r->spelling, r->pattern, r->value, r->reason, r->source,
	         r->expires_ms);
	if ((changed = sql_run(store, upsert, error)) == -1)
		return -1;
	return found == 0 ? STORE_INSERTED : changed > 0 ? STORE_CHANGED : STORE_UNCHANGED;
}

int store_list_entry_remove(struct store *store, const struct list_entry_row *key, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "DELETE FROM list_entry WHERE list = ? AND kind = ? AND spelling = ? AND pattern = ?");

	sql_bind(statement, "ssss", key->list, key->kind, key->spelling, key->pattern);
	return sql_run(store, statement, error);
}

/* Ends a walk early or at its end: -1 where either failed. */
static int walked(sqlite3_stmt *statement, int result)
{
	sqlite3_reset(statement);
	return result == -1 ? -1 : 0;
}

int store_list_entries_each(struct store *store, struct slice list,
                            int (*each)(void *arg, const struct list_entry_row *row,
                                        struct error *error), void *arg,
                            struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store,
	                              "SELECT list, kind, spelling, pattern, value, reason, source, expires_ms "
	                                     "FROM list_entry WHERE ?1 = '' OR list = ?1 "
	                                     "ORDER BY list, kind, spelling, pattern");
	int result;

	sql_bind(s, "s", list);
	while ((result = sql_next(store, s, error)) == 1) {
		struct list_entry_row row = {sql_text(s, 0), sql_text(s, 1), sql_text(s, 2), sql_text(s, 3), sql_text(s, 4),
		                             sql_text(s, 5), sql_text(s, 6), sqlite3_column_int64(s, 7)};
		if ((result = each(arg, &row, error)) == -1)
			break;
	}
	return walked(s, result);
}

int store_enterprises_each(struct store *store,
                           int (*each)(void *arg, const struct enterprise_row *row,
                                       struct error *error), void *arg,
                           struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT uscc, name, industry, scope, address, registered_on, "
	                                     "legal_representative, jurisdiction, staff, former_names, status FROM enterprise "
	                                     "ORDER BY uscc");
	int result;

	while ((result = sql_next(store, s, error)) == 1) {
		struct enterprise_row row = {sql_text(s, 0), sql_text(s, 1), sql_text(s, 2), sql_text(s, 3), sql_text(s, 4),
		                             sql_text(s, 5), sql_text(s, 6), sql_text(s, 7), sql_text(s, 8), sql_text(s, 9),
		                             sql_text(s, 10)};
		if ((result = each(arg, &row, error)) == -1)
			break;
	}
	return walked(s, result);
}

int store_accounts_each(struct store *store,
                        int (*each)(void *arg, const struct account_row *row, struct error *error), void *arg,
                        struct error *error)
{
	sqlite3_stmt *s =
		sql_prepare(store, "SELECT bank, account, uscc, name, opened_on FROM account ORDER BY bank, account");
	int result;

	while ((result = sql_next(store, s, error)) == 1) {
		struct account_row row = {sql_text(s, 0), sql_text(s, 1), sql_text(s, 2), sql_text(s, 3), sql_text(s, 4)};
		if ((result = each(arg, &row, error)) == -1)
			break;
	}
	return walked(s, result);
}
