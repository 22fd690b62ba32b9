#include "store/row_read.h"
#include "store/store.h"
#include "store/store_sql.h"

int store_alerts_unproduced(struct store *store, int limit, struct arena *arena, struct unproduced_alert **rows_r,
                            size_t *count_r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "SELECT id, account, body, revision FROM alert WHERE produced_revision < revision ORDER BY id LIMIT ?");
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

int store_alert_mark_produced(struct store *store, struct slice id, int64_t revision, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "UPDATE alert SET produced_revision = ? WHERE id = ?");

	sql_bind(statement, "is", revision, id);
	return sql_run(store, statement, error) == -1 ? -1 : 0;
}
