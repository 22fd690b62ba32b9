#include "store/told_rows.h"

#include "store/row_read.h"
#include "store/store_sql.h"

int store_contacts_told(struct store *store, struct slice alert, uint8_t level, struct arena *arena,
                        int64_t **contacts_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT DISTINCT w.contact FROM delivery d INDEXED BY delivery_by_alert "
	                                     "JOIN way w ON w.id = d.way WHERE d.alert = ? AND d.kind = 0 AND d.level >= ? "
	                                     "ORDER BY w.contact");
	int64_t *contacts = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(s, "si", alert, (int64_t)level);
	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((contacts = row_grow(arena, contacts, count, sizeof(*contacts))) != NULL)
			contacts[count++] = sqlite3_column_int64(s, 0);
	*contacts_r = contacts;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "who was told", error);
}

int store_warnings_supersede(struct store *store, struct slice alert, int64_t contact, uint8_t level, int64_t now_ms,
                             struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "UPDATE delivery INDEXED BY delivery_by_alert SET state = 5, settled_ms = ?4, reason = 'superseded: told of a "
		       "higher level' WHERE alert = ?1 AND kind = 0 AND level < ?3 AND state = 0 AND due_ms > ?4 AND way IN "
		       "(SELECT id FROM way WHERE contact = ?2)");

	sql_bind(s, "siii", alert, contact, (int64_t)level, now_ms);
	return sql_run(store, s, error);
}

int store_warning_states(struct store *store, struct slice alert, uint8_t level, int step,
                         int64_t of_state_r[DELIVERY_STATE_COUNT], struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT state, count(*) FROM delivery INDEXED BY delivery_by_alert WHERE "
	                                     "alert = ?1 AND kind = 0 AND level = ?2 AND (?3 = -1 OR step = ?3) "
	                                     "GROUP BY state");
	int found;

	memset(of_state_r, 0, DELIVERY_STATE_COUNT * sizeof(*of_state_r));
	sql_bind(s, "sii", alert, (int64_t)level, (int64_t)step);
	while ((found = sql_next(store, s, error)) == 1) {
		int state = sqlite3_column_int(s, 0);
		if (state >= 0 && state < DELIVERY_STATE_COUNT)
			of_state_r[state] = sqlite3_column_int64(s, 1);
	}
	return found;
}

int store_alert_released(struct store *store, struct slice alert, uint8_t level, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT 1 FROM delivery INDEXED BY delivery_by_alert WHERE alert = ? AND "
	                                     "kind = 0 AND level >= ? AND released_ms IS NOT NULL LIMIT 1");
	int found;

	sql_bind(s, "si", alert, (int64_t)level);
	found = sql_next(store, s, error);
	sqlite3_reset(s);
	return found;
}

/* What was sent has as due time that of its sending. Dead, held and gathered ones told nobody. */
int store_warning_first(struct store *store, struct slice alert, uint8_t level, int step, int64_t *due_ms_r,
                        struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT due_ms FROM delivery INDEXED BY delivery_by_alert WHERE alert = ? AND "
	                                     "kind = 0 AND level = ? AND step = ? AND state = 0 ORDER BY due_ms LIMIT 1");
	int found;

	sql_bind(s, "sii", alert, (int64_t)level, (int64_t)step);
	if ((found = sql_next(store, s, error)) == 1)
		*due_ms_r = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return found;
}

int store_told_window(struct store *store, int64_t contact, int64_t from_ms, int64_t to_ms,
                      struct told_window *window_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT count(DISTINCT iif(d.kind = 5, d.subject, d.alert)), ifnull(max(d.level), 0), "
		       "ifnull(min(d.due_ms), 0), ifnull(max(iif(d.kind = 5, d.due_ms, 0)), 0) "
		       "FROM way w JOIN delivery d INDEXED BY delivery_by_way ON d.way = w.id WHERE w.contact = ? AND "
		       "d.due_ms > ? AND d.due_ms <= ? AND d.state <= 4 AND d.kind IN (0, 5)");

	sql_bind(s, "iii", contact, from_ms, to_ms);
	if (sql_next(store, s, error) != 1)
		return -1;
	*window_r = (struct told_window){sqlite3_column_int64(s, 0), (uint8_t)sqlite3_column_int(s, 1),
	                                 sqlite3_column_int64(s, 2), sqlite3_column_int64(s, 3)};
	sqlite3_reset(s);
	return 0;
}

#define GATHERED_OF "FROM way w JOIN delivery d INDEXED BY delivery_gathered ON d.way = w.id "

int store_gathered_of(struct store *store, int64_t contact, int64_t now_ms, struct arena *arena,
                      struct gathered_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT d.id, d.alert, ifnull(a.account, ''), d.level, d.way, ifnull(a.amount_minor, 0), "
		       "ifnull(a.raised_ms, d.created_ms), d.created_ms, ifnull(a.typology, '') " GATHERED_OF
		       "LEFT JOIN alert a ON a.id = d.alert WHERE w.contact = ? AND d.state = 7 AND d.due_ms <= ? AND "
		       "d.subject = '' ORDER BY d.way, d.level DESC, d.id");
	struct gathered_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(s, "ii", contact, now_ms);
	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			rows[count++] = (struct gathered_row){
				.id = row_copy(s, 0, arena),
				.alert = row_copy(s, 1, arena),
				.account = row_copy(s, 2, arena),
				.level = (uint8_t)sqlite3_column_int(s, 3),
				.way = sqlite3_column_int64(s, 4),
				.amount_minor = sqlite3_column_int64(s, 5),
				.raised_ms = sqlite3_column_int64(s, 6),
				.created_ms = sqlite3_column_int64(s, 7),
				.typology = row_copy(s, 8, arena),
			};
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "what waits for a digest", error);
}

int store_gathered_next(struct store *store, int64_t contact, int64_t *due_ms_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT min(d.due_ms) " GATHERED_OF "WHERE w.contact = ? AND d.state = 7 AND "
	                                     "d.subject = ''");
	int found;

	sql_bind(s, "i", contact);
	found = sql_next(store, s, error);
	if (found == 1 && sqlite3_column_type(s, 0) == SQLITE_NULL)
		found = 0;
	*due_ms_r = found == 1 ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return found;
}

int store_gathered_assign(struct store *store, int64_t way, int64_t now_ms, struct slice digest, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "UPDATE delivery INDEXED BY delivery_gathered SET subject = ?3 WHERE way = ?1 "
	                                     "AND state = 7 AND due_ms <= ?2 AND subject = ''");

	sql_bind(s, "iis", way, now_ms, digest);
	return sql_run(store, s, error);
}

int store_held_uncalled(struct store *store, struct arena *arena, struct held_row **rows_r, size_t *count_r,
                        struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT d.alert, a.jurisdiction, max(d.level) FROM delivery d INDEXED BY delivery_held "
		       "JOIN alert a ON a.id = d.alert WHERE d.state = 6 AND NOT EXISTS (SELECT 1 FROM call c "
		       "WHERE c.alert = d.alert AND c.reason = 'release' AND (c.done_ms = 0 OR c.level >= d.level)) "
		       "GROUP BY d.alert ORDER BY d.alert");
	struct held_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			rows[count++] = (struct held_row){row_copy(s, 0, arena), row_copy(s, 1, arena),
			                                  (uint8_t)sqlite3_column_int(s, 2)};
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "what is held", error);
}

int store_acknowledged(struct store *store, struct slice delivery, struct arena *arena,
                       struct acknowledged_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT alert, level FROM delivery WHERE id = ?1 AND kind = 0 UNION SELECT g.alert, max(g.level) FROM "
		       "delivery d JOIN delivery g INDEXED BY delivery_by_way ON g.way = d.way AND g.subject = d.id AND "
		       "g.kind = 0 WHERE d.id = ?1 AND d.kind = 5 GROUP BY g.alert");
	struct acknowledged_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(s, "s", delivery);
	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			rows[count++] = (struct acknowledged_row){row_copy(s, 0, arena), (uint8_t)sqlite3_column_int(s, 1)};
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "what was acknowledged", error);
}
