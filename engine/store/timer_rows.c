#include "store/timer_rows.h"

#include "store/row_read.h"
#include "store/store_private.h"
#include "store/store_sql.h"

int store_timer_put(struct store *store, const char *kind, struct slice subject, int64_t due_ms, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "INSERT INTO timer(kind, subject, due_ms) VALUES(?, ?, ?) "
	                                             "ON CONFLICT DO UPDATE SET due_ms = excluded.due_ms");

	sql_bind(statement, "tsi", kind, subject, due_ms);
	store->timer_put = true;
	return sql_run(store, statement, error) == -1 ? -1 : 0;
}

int store_timer_hasten(struct store *store, const char *kind, struct slice subject, int64_t due_ms,
                       struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "INSERT INTO timer(kind, subject, due_ms) VALUES(?, ?, ?) "
	                                             "ON CONFLICT DO UPDATE SET due_ms = min(due_ms, excluded.due_ms)");

	sql_bind(statement, "tsi", kind, subject, due_ms);
	store->timer_put = true;
	return sql_run(store, statement, error) == -1 ? -1 : 0;
}

int store_timer_remove(struct store *store, const char *kind, struct slice subject, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "DELETE FROM timer WHERE kind = ? AND subject = ?");

	sql_bind(statement, "ts", kind, subject);
	return sql_run(store, statement, error);
}

int store_timer_take(struct store *store, const struct timer_row *timer, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "DELETE FROM timer WHERE kind = ? AND subject = ? AND due_ms <= ?");

	sql_bind(statement, "ssi", timer->kind, timer->subject, now_ms);
	return sql_run(store, statement, error);
}

int store_timer_next(struct store *store, int64_t *due_ms_r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "SELECT due_ms FROM timer ORDER BY due_ms LIMIT 1");
	int found = sql_next(store, statement, error);

	if (found != 1)
		return found;
	*due_ms_r = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return 1;
}

int store_timers_due(struct store *store, int64_t now_ms, int limit, struct arena *arena,
                     struct timer_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT kind, subject, due_ms FROM timer WHERE due_ms <= ? "
	                                     "ORDER BY due_ms, kind, subject LIMIT ?");
	struct timer_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(s, "ii", now_ms, (int64_t)limit);
	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			rows[count++] = (struct timer_row){row_copy(s, 0, arena), row_copy(s, 1, arena),
			                                   sqlite3_column_int64(s, 2)};
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "due timers", error);
}

int store_clock_seen(struct store *store, int64_t *seen_ms_r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "SELECT seen_ms FROM desk_clock");
	int found = sql_next(store, statement, error);

	*seen_ms_r = found == 1 ? sqlite3_column_int64(statement, 0) : 0;
	sqlite3_reset(statement);
	return found == -1 ? -1 : 0;
}

int store_clock_note(struct store *store, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "INSERT INTO desk_clock(id, seen_ms) VALUES(1, ?) "
	                                             "ON CONFLICT DO UPDATE SET seen_ms = excluded.seen_ms");

	sql_bind(statement, "i", now_ms);
	return sql_run(store, statement, error) == -1 ? -1 : 0;
}

/* A Monday at 08:00 and the beginning of office hours stay where the calendar has them. */
int store_clock_shift(struct store *store, int64_t jump_ms, struct error *error)
{
	sqlite3_stmt *steps[] = {
		sql_prepare(store, "UPDATE timer SET due_ms = due_ms + ? WHERE kind NOT IN ('drafts', 'bulletin', 'drill')"),
		sql_prepare(store, "UPDATE escalation SET due_ms = due_ms + ? WHERE state = 0 AND due_ms <> 0"),
		sql_prepare(store, "UPDATE call SET due_ms = due_ms + ? WHERE done_ms = 0 AND due_ms <> 0"),
		sql_prepare(store, "UPDATE delivery SET due_ms = due_ms + ? WHERE state IN (0, 2) AND kind NOT IN (2, 3)"),
		sql_prepare(store, "UPDATE delivery SET due_ms = due_ms + ? WHERE state = 7"),
	};

	store->timer_put = true;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		sql_bind(steps[i], "i", jump_ms);
		if (sql_run(store, steps[i], error) == -1)
			return error_wrap(error, "moving the timers along with the clock");
	}
	return 0;
}
