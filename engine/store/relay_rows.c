#include "store/row_read.h"
#include "store/store.h"
#include "store/store_sql.h"

int store_alerts_unproduced(struct store *store, int limit, struct arena *arena,
                            struct unproduced_alert **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "SELECT u.alert, a.account, a.body, u.revision FROM alert_unproduced AS u"
		       " JOIN alert AS a ON a.id = u.alert ORDER BY u.alert LIMIT ?");
	struct unproduced_alert *rows = arena_take(arena, (size_t)limit * sizeof(*rows));
	size_t count = 0;
	int found = 0;

	sql_bind(statement, "i", (int64_t)limit);
	while (rows != NULL && (found = sql_next(store, statement, error)) == 1)
		rows[count++] = (struct unproduced_alert){
			.id = arena_copy(arena, sql_text(statement, 0)),
			.account = arena_copy(arena, sql_text(statement, 1)),
			.body = arena_copy(arena, sql_text(statement, 2)),
			.revision = sqlite3_column_int64(statement, 3),
		};
	*rows_r = rows;
	*count_r = count;
	if (found == -1)
		return -1;
	return row_check(statement, arena, "the alerts to produce", error);
}

int store_alert_mark_produced(struct store *store, const struct unproduced_alert *row, struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "DELETE FROM alert_unproduced WHERE alert = ?1 AND revision = ?2"
	                           " AND EXISTS (SELECT 1 FROM alert WHERE id = ?1 AND body = ?3)");

	sql_bind(statement, "sis", row->id, row->revision, row->body);
	return sql_run(store, statement, error) == -1 ? -1 : 0;
}

int store_alerts_by_opened(struct store *store, int64_t after_ms, struct slice after, int limit,
                           struct arena *arena, struct alert_row **rows_r, size_t *count_r,
                           struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "SELECT " ALERT_COLUMNS " FROM alert WHERE (opened_ms, id) > (?, ?)"
	                           " ORDER BY opened_ms, id LIMIT ?");
	struct alert_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(statement, "isi", after_ms, after, (int64_t)limit);
	while (!arena_overflowed(arena) && (found = sql_next(store, statement, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			alert_row_read(statement, arena, &rows[count++]);
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(statement, arena, "the alerts", error);
}

int store_offsets_like(struct store *store, const char *topic_prefix, struct arena *arena,
                       struct offset_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "SELECT topic, partition, next_offset FROM feed_offset"
	                           " WHERE substr(topic, 1, length(?1)) = ?1 ORDER BY topic, partition");
	struct offset_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(statement, "t", topic_prefix);
	while (!arena_overflowed(arena) && (found = sql_next(store, statement, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			rows[count++] = (struct offset_row){row_copy(statement, 0, arena),
			                                    sqlite3_column_int(statement, 1),
			                                    sqlite3_column_int64(statement, 2)};
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(statement, arena, "the offsets", error);
}
