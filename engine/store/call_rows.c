#include "store/call_rows.h"

#include "store/row_read.h"
#include "store/store_sql.h"

#define COLUMNS "id, alert, jurisdiction, level, reason, created_ms, due_ms, taken_by, taken_ms, done_ms, outcome"

static void call_read(sqlite3_stmt *s, struct arena *arena, struct call_row *r)
{
	*r = (struct call_row){
		.id = sqlite3_column_int64(s, 0),
		.alert = row_copy(s, 1, arena),
		.jurisdiction = row_copy(s, 2, arena),
		.level = (uint8_t)sqlite3_column_int(s, 3),
		.reason = row_copy(s, 4, arena),
		.created_ms = sqlite3_column_int64(s, 5),
		.due_ms = sqlite3_column_int64(s, 6),
		.taken_by = row_copy(s, 7, arena),
		.taken_ms = sqlite3_column_int64(s, 8),
		.done_ms = sqlite3_column_int64(s, 9),
		.outcome = row_copy(s, 10, arena),
	};
}

/* 1, 0, -1; the open one's number. */
static int find_open(struct store *store, struct slice alert, struct slice jurisdiction, const char *reason,
                     int64_t *id_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT id FROM call INDEXED BY call_open WHERE alert = ? AND reason = ? AND "
	                                     "jurisdiction = ? AND done_ms = 0");
	int found;

	sql_bind(s, "sts", alert, reason, jurisdiction);
	found = sql_next(store, s, error);
	*id_r = found == 1 ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return found;
}

int store_call_put(struct store *store, struct slice alert, uint8_t level, struct slice jurisdiction,
                   const char *reason, int64_t now_ms, int64_t due_ms, int64_t *id_r, struct error *error)
{
	sqlite3_stmt *put = sql_prepare(store, "INSERT INTO call(alert, jurisdiction, level, reason, created_ms, due_ms) "
	                                       "VALUES(?, ?, ?, ?, ?, ?)");
	sqlite3_stmt *raise = sql_prepare(store, "UPDATE call SET level = max(level, ?) WHERE id = ?");
	int found = find_open(store, alert, jurisdiction, reason, id_r, error);

	if (found == -1)
		return -1;
	if (found == 1) {
		sql_bind(raise, "ii", (int64_t)level, *id_r);
		return sql_run(store, raise, error) == -1 ? -1 : 0;
	}
	sql_bind(put, "ssitii", alert, jurisdiction, (int64_t)level, reason, now_ms, due_ms);
	if (sql_run(store, put, error) == -1)
		return -1;
	return find_open(store, alert, jurisdiction, reason, id_r, error);
}

int store_call_get(struct store *store, int64_t id, struct arena *arena, struct call_row *row_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS " FROM call WHERE id = ?");
	int found;

	sql_bind(s, "i", id);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	call_read(s, arena, row_r);
	return row_check(s, arena, "a call", error) == -1 ? -1 : 1;
}

int64_t store_call_number(struct slice subject)
{
	int64_t id = 0;

	for (uint32_t i = 0; i < subject.length && subject.at[i] >= '0' && subject.at[i] <= '9' && id < INT64_MAX / 100; i++)
		id = id * 10 + (subject.at[i] - '0');
	return id;
}

int store_call_take(struct store *store, int64_t id, const char *who, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "UPDATE call SET taken_by = ?, taken_ms = ? "
	                                     "WHERE id = ? AND done_ms = 0 AND taken_ms = 0");

	sql_bind(s, "tii", who, now_ms, id);
	return sql_run(store, s, error);
}

int store_call_close(struct store *store, int64_t id, const char *outcome, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "UPDATE call SET done_ms = ?, outcome = ? WHERE id = ? AND done_ms = 0");

	sql_bind(s, "iti", now_ms, outcome, id);
	return sql_run(store, s, error);
}

int store_calls_close(struct store *store, struct slice alert, const char *reasons, bool untaken,
                      const char *outcome, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "UPDATE call SET done_ms = ?, outcome = ? WHERE alert = ? AND done_ms = 0 AND "
	                                     "instr(?, reason || ',') > 0 AND taken_ms * ? = 0");

	sql_bind(s, "itsti", now_ms, outcome, alert, reasons, (int64_t)untaken);
	return sql_run(store, s, error);
}

int store_call_handled(struct store *store, struct slice alert, const char *reason, int64_t since_ms,
                       struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT 1 FROM call WHERE alert = ? AND reason = ? AND created_ms >= ? AND "
	                                     "(taken_ms > 0 OR done_ms > 0) LIMIT 1");
	int found;

	sql_bind(s, "sti", alert, reason, since_ms);
	found = sql_next(store, s, error);
	sqlite3_reset(s);
	return found;
}

int store_calls_open(struct store *store, struct slice jurisdiction, int after, int limit, struct arena *arena,
                     struct call_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "WITH RECURSIVE below(code) AS (SELECT ?1 UNION SELECT j.code FROM jurisdiction j JOIN below ON "
		       "j.parent = below.code AND below.code <> '') SELECT " COLUMNS " FROM call WHERE done_ms = 0 AND "
		       "(?1 = '' OR jurisdiction = '' OR jurisdiction IN (SELECT code FROM below)) "
		       "ORDER BY reason <> 'release', level DESC, created_ms, id LIMIT ?3 OFFSET ?2");
	struct call_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(s, "sii", jurisdiction, (int64_t)after, (int64_t)limit);
	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			call_read(s, arena, &rows[count++]);
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "the call list", error);
}

int store_call_totals(struct store *store, struct call_totals *totals_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT (SELECT count(*) FROM call WHERE done_ms = 0), "
	                                     "(SELECT count(*) FROM call WHERE done_ms = 0 AND taken_ms = 0), "
	                                     "(SELECT count(*) FROM escalation WHERE state = 0)");

	if (sql_next(store, s, error) != 1)
		return -1;
	*totals_r = (struct call_totals){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
	                                 sqlite3_column_int64(s, 2)};
	sqlite3_reset(s);
	return 0;
}
