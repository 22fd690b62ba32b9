#include "store/answer_rows.h"

#include "store/delivery_rows.h"
#include "store/row_read.h"
#include "store/store_key.h"
#include "store/store_sql.h"

_Static_assert(DELIVERY_PENDING == 0 && DELIVERY_INFLIGHT == 1 && DELIVERY_RETRY == 2 && DELIVERY_SENT == 3 &&
               DELIVERY_ACKED == 4 && DELIVERY_DEAD == 5 && DELIVERY_GATHERED == 7 && DELIVERY_WARNING == 0 &&
               DELIVERY_DRILL == 2 && DELIVERY_DIGEST == 5, "the SQL below says these numbers");

int store_answer_put(struct store *store, const struct answer_row *r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "INSERT OR IGNORE INTO answer(alert, delivery, way, contact, via, answer, text, value, at_ms, actor, "
		       "message) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	sql_bind(statement, "ssiisssiiss", r->alert, r->delivery, r->way, r->contact, r->via, r->answer, r->text, r->value,
	         r->at_ms, r->actor, r->message);
	return sql_run(store, statement, error);
}

#define ANSWER_COLUMNS "id, alert, delivery, way, contact, via, answer, text, value, at_ms, actor, message"

static void answer_read(sqlite3_stmt *s, struct arena *arena, struct answer_row *r)
{
	*r = (struct answer_row){
		.id = sqlite3_column_int64(s, 0), .alert = row_copy(s, 1, arena), .delivery = row_copy(s, 2, arena),
		.way = sqlite3_column_int64(s, 3), .contact = sqlite3_column_int64(s, 4), .via = row_copy(s, 5, arena),
		.answer = row_copy(s, 6, arena), .text = row_copy(s, 7, arena), .value = sqlite3_column_int64(s, 8),
		.at_ms = sqlite3_column_int64(s, 9), .actor = row_copy(s, 10, arena), .message = row_copy(s, 11, arena),
	};
}

static int answers(struct store *store, sqlite3_stmt *statement, struct slice of, struct arena *arena,
                   struct answer_row **rows_r, size_t *count_r, struct error *error)
{
	struct answer_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(statement, "si", of, (int64_t)STORE_ANSWERS_MAX);
	while (!arena_overflowed(arena) && (found = sql_next(store, statement, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			answer_read(statement, arena, &rows[count++]);
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(statement, arena, "the answers", error);
}

int store_answers_of_alert(struct store *store, struct slice alert, struct arena *arena, struct answer_row **rows_r,
                           size_t *count_r, struct error *error)
{
	return answers(store, sql_prepare(store, "SELECT " ANSWER_COLUMNS " FROM answer WHERE alert = ?1 AND alert <> '' "
	                                         "ORDER BY at_ms, id LIMIT ?2"), alert, arena, rows_r, count_r, error);
}

int store_answers_of_delivery(struct store *store, struct slice delivery, struct arena *arena,
                              struct answer_row **rows_r, size_t *count_r, struct error *error)
{
	return answers(store, sql_prepare(store, "SELECT " ANSWER_COLUMNS " FROM answer WHERE delivery = ?1 AND "
	                                         "delivery <> '' ORDER BY id LIMIT ?2"), delivery, arena, rows_r, count_r,
	               error);
}

int store_delivery_acknowledge(struct store *store, struct slice id, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *own = sql_prepare(
		store, "UPDATE delivery SET state = 4, settled_ms = ? WHERE id = ? AND state IN (0, 1, 2, 3, 5)");
	sqlite3_stmt *told = sql_prepare(
		store, "UPDATE delivery INDEXED BY delivery_by_way SET state = 4, settled_ms = ?1 WHERE way = (SELECT way FROM "
		       "delivery WHERE id = ?2 AND kind = 5) AND subject = ?2 AND kind = 0 AND state IN (3, 5, 7)");
	int changed;

	sql_bind(own, "is", now_ms, id);
	if ((changed = sql_run(store, own, error)) != 1)
		return changed;
	sql_bind(told, "is", now_ms, id);
	return sql_run(store, told, error) == -1 ? -1 : 1;
}

int store_delivery_face(struct store *store, struct slice id, struct arena *arena, struct delivery_face *face_r,
                        struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT d.id, d.alert, d.body, d.level, d.state, d.kind, d.created_ms, ifnull(w.id, 0), ifnull(c.id, 0), "
		       "ifnull(c.owner, ''), ifnull(c.role, ''), ifnull(c.language, ''), ifnull(w.channel, ''), "
		       "d.subject FROM delivery d LEFT JOIN way w ON w.id = d.way LEFT JOIN contact c ON c.id = w.contact WHERE d.id = ?");
	int found;

	sql_bind(s, "s", id);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	*face_r = (struct delivery_face){
		.id = row_copy(s, 0, arena), .alert = row_copy(s, 1, arena), .body = row_copy(s, 2, arena),
		.level = (uint8_t)sqlite3_column_int(s, 3), .state = (uint8_t)sqlite3_column_int(s, 4),
		.kind = (uint8_t)sqlite3_column_int(s, 5), .created_ms = sqlite3_column_int64(s, 6),
		.way = sqlite3_column_int64(s, 7), .contact = sqlite3_column_int64(s, 8), .owner = row_copy(s, 9, arena),
		.role = row_copy(s, 10, arena), .language = row_copy(s, 11, arena), .channel = row_copy(s, 12, arena),
		.subject = row_copy(s, 13, arena),
	};
	return row_check(s, arena, "a delivery", error) == -1 ? -1 : 1;
}

/*
 * A contact may have the number twice, for two enterprises: what went out last is what he answers, whenever it was made
 * (one of the evening before may have waited for the morning). What is dead he has hardly seen, but receipts err.
 */
int store_delivery_of_phone(struct store *store, struct slice phone, int64_t since_ms, struct arena *arena,
                            struct slice *id_r, struct error *error)
{
	const struct seal *seal = store_seal(store, error);
	unsigned char hash[SEAL_HASH_BYTES];
	sqlite3_stmt *s;
	int found;

	if (seal == NULL)
		return -1;
	store_way_hash(seal, slice_of("sms"), phone, hash);
	s = sql_prepare(store, "SELECT d.id FROM way w JOIN delivery d ON d.way = w.id WHERE w.channel = 'sms' AND "
	                       "w.address_hash = ? AND d.kind IN (0, 2) AND d.state IN (1, 2, 3, 4, 5) AND "
	                       "d.created_ms >= ? ORDER BY d.state = 5, d.due_ms DESC, d.level DESC, d.id LIMIT 1");
	sql_bind(s, "bi", (struct slice){(const char *)hash, sizeof(hash)}, since_ms);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	*id_r = row_copy(s, 0, arena);
	return row_check(s, arena, "a delivery", error) == -1 ? -1 : 1;
}

int store_handling_raise(struct store *store, struct slice alert, uint8_t level, const char *reason, int64_t now_ms,
                         struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "INSERT INTO alert_handling(alert, level, reason, at_ms) VALUES(?, ?, ?, ?) ON CONFLICT(alert) DO UPDATE "
		       "SET level = excluded.level, reason = excluded.reason, at_ms = excluded.at_ms WHERE excluded.level > level");

	sql_bind(statement, "siti", alert, (int64_t)level, reason, now_ms);
	return sql_run(store, statement, error);
}

int store_handling_get(struct store *store, struct slice alert, uint8_t *level_r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "SELECT level FROM alert_handling WHERE alert = ?");
	int found;

	sql_bind(statement, "s", alert);
	if ((found = sql_next(store, statement, error)) != 1)
		return found;
	*level_r = (uint8_t)sqlite3_column_int(statement, 0);
	sqlite3_reset(statement);
	return 1;
}

/* Runs a statement over ?1 = old and ?2 = id; one that has no ?2 is not given it. */
static int rename_step(struct store *store, const char *text, struct slice old, struct slice id, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, text);

	sql_bind(statement, sqlite3_bind_parameter_count(statement) == 2 ? "ss" : "s", old, id);
	return sql_run(store, statement, error) == -1 ? -1 : 0;
}

int store_answers_rename(struct store *store, struct slice old, struct slice id, struct error *error)
{
	if (rename_step(store, "UPDATE answer SET alert = ?2 WHERE alert = ?1", old, id, error) == -1 ||
	    rename_step(store, "INSERT INTO alert_handling(alert, level, reason, at_ms) SELECT ?2, level, reason, at_ms "
	                       "FROM alert_handling WHERE alert = ?1 ON CONFLICT(alert) DO UPDATE SET level = excluded.level, "
	                       "reason = excluded.reason, at_ms = excluded.at_ms WHERE excluded.level > level",
	                old, id, error) == -1)
		return -1;
	return rename_step(store, "DELETE FROM alert_handling WHERE alert = ?1", old, id, error);
}
