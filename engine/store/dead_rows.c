/*
 * Dead letters (I5) and feed offsets (I3) as rows. A message is known by topic, partition and offset, so
 * reading it again after a crash makes no second dead letter.
 */
#include "store/dead_rows.h"

#include "store/row_read.h"
#include "store/store_sql.h"

int store_dead_put(struct store *store, const struct dead_row *row, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "INSERT INTO dead_letter(topic, partition, offset, decoder, field, reason, payload, payload_bytes,"
		       " received_ms, produced, key) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		       " ON CONFLICT(topic, partition, offset) DO NOTHING");

	/* A message without a key is not one with an empty key: the dead-letter topic gets what the feed had. */
	sql_bind(statement, row->key.at != NULL ? "siisssbiiib" : "siisssbiiin", row->topic, (int64_t)row->partition,
	         row->offset, row->decoder, row->field, row->reason, row->payload, row->payload_bytes,
	         row->received_ms, (int64_t)row->produced, row->key);
	return sql_run(store, statement, error);
}

void dead_row_read(sqlite3_stmt *statement, struct arena *arena, struct dead_row *row_r)
{
	*row_r = (struct dead_row){
		.id = sqlite3_column_int64(statement, 0),
		.topic = row_copy(statement, 1, arena),
		.partition = sqlite3_column_int(statement, 2),
		.offset = sqlite3_column_int64(statement, 3),
		.decoder = row_copy(statement, 4, arena),
		.field = row_copy(statement, 5, arena),
		.reason = row_copy(statement, 6, arena),
		.key = row_copy(statement, 7, arena),
		.payload_bytes = sqlite3_column_int64(statement, 8),
		.received_ms = sqlite3_column_int64(statement, 9),
		.replayed_ms = sqlite3_column_int64(statement, 10),
		.produced = sqlite3_column_int(statement, 11) != 0,
		.payload = row_copy(statement, 12, arena),
	};
}

/* CASE keeps SQLite from reading the pages of a payload that nobody asked for. */
#define DEAD_SELECT "SELECT " DEAD_COLUMNS ", CASE WHEN ?3 THEN payload END FROM dead_letter WHERE id > ?1"

int store_dead_list(struct store *store, int64_t after, int limit, bool unproduced_only, bool with_payload,
		struct arena *arena, struct dead_row **rows_r, size_t *count_r, struct error *error)
{
	/* The condition stands in the text, not in a parameter, so that the partial index serves it. */
	sqlite3_stmt *statement = unproduced_only
		? sql_prepare(store, DEAD_SELECT " AND produced = 0 ORDER BY id LIMIT ?2")
		: sql_prepare(store, DEAD_SELECT " ORDER BY id LIMIT ?2");
	struct dead_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(statement, "iii", after, (int64_t)limit, (int64_t)with_payload);
	while (!arena_overflowed(arena) && (found = sql_next(store, statement, error)) == 1) {
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			dead_row_read(statement, arena, &rows[count++]);
	}
	*rows_r = rows;
	*count_r = count;
	if (found == -1)
		return -1;
	return row_check(statement, arena, "the dead letters", error);
}

int store_dead_get(struct store *store, int64_t id, struct arena *arena, struct dead_row *row_r,
                   struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "SELECT " DEAD_COLUMNS ", payload FROM dead_letter WHERE id = ?1");
	int found;

	sql_bind(statement, "i", id);
	found = sql_next(store, statement, error);
	if (found != 1)
		return found;
	dead_row_read(statement, arena, row_r);
	return row_check(statement, arena, "a dead letter", error) == -1 ? -1 : 1;
}

/* A change of one dead letter; that it is gone is an error that names it. */
static int change_one(struct store *store, sqlite3_stmt *statement, int64_t id, struct error *error)
{
	int changed = sql_run(store, statement, error);

	if (changed == 0)
		return error_set(error, "there is no dead letter %lld; `huqi dead list` shows those there are",
		                 (long long)id);
	return changed == -1 ? -1 : 0;
}

int store_dead_mark_produced(struct store *store, int64_t id, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "UPDATE dead_letter SET produced = 1 WHERE id = ?1");

	sql_bind(statement, "i", id);
	return change_one(store, statement, id, error);
}

int store_dead_mark_replayed(struct store *store, int64_t id, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "UPDATE dead_letter SET replayed_ms = ?2 WHERE id = ?1");

	sql_bind(statement, "ii", id, now_ms);
	return change_one(store, statement, id, error);
}

int store_offset_put(struct store *store, struct slice topic, int32_t partition, int64_t next_offset,
		struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "INSERT INTO feed_offset(topic, partition, next_offset) VALUES(?, ?, ?) ON CONFLICT"
	                           "(topic, partition) DO UPDATE SET next_offset = excluded.next_offset");

	sql_bind(statement, "sii", topic, (int64_t)partition, next_offset);
	return sql_run(store, statement, error) == -1 ? -1 : 0;
}

int store_offset_get(struct store *store, struct slice topic, int32_t partition, int64_t *next_offset_r,
		struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "SELECT next_offset FROM feed_offset WHERE topic = ?1 AND partition = ?2");
	int found;

	sql_bind(statement, "si", topic, (int64_t)partition);
	found = sql_next(store, statement, error);
	if (found == 1)
		*next_offset_r = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return found;
}
