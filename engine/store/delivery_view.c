#include "store/delivery_view.h"

#include "store/row_read.h"
#include "store/store_sql.h"

static int view_read(sqlite3_stmt *s, const struct seal *seal, struct arena *arena, struct delivery_view *v,
                     struct error *error)
{
	*v = (struct delivery_view){
		.id = row_copy(s, 0, arena), .channel = row_copy(s, 1, arena), .role = row_copy(s, 4, arena),
		.owner = row_copy(s, 5, arena), .reason = row_copy(s, 6, arena), .receipt = row_copy(s, 7, arena),
		.contact = sqlite3_column_int64(s, 8), .attempts = sqlite3_column_int64(s, 9),
		.created_ms = sqlite3_column_int64(s, 10), .due_ms = sqlite3_column_int64(s, 11),
		.settled_ms = sqlite3_column_int64(s, 12), .receipt_ms = sqlite3_column_int64(s, 13),
		.step = sqlite3_column_int64(s, 14), .level = (uint8_t)sqlite3_column_int(s, 15),
		.state = (uint8_t)sqlite3_column_int(s, 16), .kind = (uint8_t)sqlite3_column_int(s, 17),
	};
	if (seal_open(seal, "way.address", sql_text(s, 2), arena, &v->address, error) == -1 ||
	    seal_open(seal, "contact.name", sql_text(s, 3), arena, &v->name, error) == -1)
		return -1;
	return 0;
}

int store_deliveries_view(struct store *store, struct slice alert, struct arena *arena, struct delivery_view **rows_r,
                          size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT d.id, ifnull(w.channel, ''), ifnull(w.address, ''), ifnull(c.name, ''), ifnull(c.role, ''), "
		       "ifnull(c.owner, ''), d.reason, d.receipt, ifnull(c.id, 0), d.attempts, d.created_ms, d.due_ms, "
		       "ifnull(d.settled_ms, 0), d.receipt_ms, d.step, d.level, d.state, d.kind FROM delivery d "
		       "INDEXED BY delivery_by_alert LEFT JOIN way w ON w.id = d.way LEFT JOIN contact c ON c.id = w.contact "
		       "WHERE d.alert = ?1 AND ?1 <> '' ORDER BY d.created_ms, d.id LIMIT ?2");
	const struct seal *seal = store_seal(store, error);
	struct delivery_view *rows = NULL;
	size_t count = 0;
	int found = seal != NULL ? 0 : -1;

	sql_bind(s, "si", alert, (int64_t)STORE_VIEWS_MAX);
	while (found != -1 && !arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			found = view_read(s, seal, arena, &rows[count++], error);
	*rows_r = rows;
	*count_r = count;
	sqlite3_reset(s);
	return found == -1 ? -1 : row_check(s, arena, "the deliveries of an alert", error);
}
