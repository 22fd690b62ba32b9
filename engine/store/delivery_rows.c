/*
 * The states are written as numbers in the SQL, since the partial indexes of the schema are: 0 PENDING, 1
 * INFLIGHT, 2 RETRY, 3 SENT, 4 ACKED, 5 DEAD, 6 HELD, 7 GATHERED. An index over `state IN (0, 2)` serves only a query
 * that says it so; INDEXED BY makes one that could not use it fail at once, instead of reading the whole
 * outbox for every wake-up.
 */
#include "store/delivery_rows.h"

#include "store/hold_rows.h"
#include "store/row_read.h"
#include "store/store_sql.h"

_Static_assert(DELIVERY_PENDING == 0 && DELIVERY_INFLIGHT == 1 && DELIVERY_RETRY == 2 && DELIVERY_SENT == 3 &&
               DELIVERY_ACKED == 4 && DELIVERY_DEAD == 5 && DELIVERY_HELD == 6 && DELIVERY_GATHERED == 7 &&
               DELIVERY_WARNING == 0 && DELIVERY_DIGEST == 5, "the SQL below says these numbers");

enum { GIVE_UP_BYTES_MAX = 256 << 20 };

const char *const delivery_state_names[DELIVERY_STATE_COUNT] = {
	[DELIVERY_PENDING] = "pending", [DELIVERY_INFLIGHT] = "inflight", [DELIVERY_RETRY] = "retry",
	[DELIVERY_SENT] = "sent",       [DELIVERY_ACKED] = "acked",       [DELIVERY_DEAD] = "dead",
	[DELIVERY_HELD] = "held",       [DELIVERY_GATHERED] = "gathered",
};

const char *const delivery_kind_names[DELIVERY_KIND_COUNT] = {
	[DELIVERY_WARNING] = "warning",   [DELIVERY_CODE] = "code", [DELIVERY_DRILL] = "drill",
	[DELIVERY_BULLETIN] = "bulletin", [DELIVERY_CALL] = "call", [DELIVERY_DIGEST] = "digest",
};

int store_delivery_put(struct store *store, const struct delivery_row *r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "INSERT OR IGNORE INTO delivery(id, alert, revision, level, way, destination, state, created_ms, "
		       "due_ms, reason, body, kind, subject, step, released_ms) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
		       "?10, ?11, ?12, ?13, ?14, nullif(?15, 0) WHERE ?12 <> 0 OR NOT EXISTS "
		       "(SELECT 1 FROM delivery WHERE alert = ?2 AND way = ?5 AND kind = 0 AND level >= ?4)");

	sql_bind(statement, "ssiiiiiiissisii", r->id, r->alert, r->revision, (int64_t)r->level, r->way, r->destination,
	         (int64_t)r->state, r->created_ms, r->due_ms, r->reason, r->body, (int64_t)r->kind, r->subject, r->step,
	         r->released_ms);
	return sql_run(store, statement, error);
}

#define COLUMNS "id, alert, revision, level, way, destination, state, attempts, created_ms, due_ms, " \
                "ifnull(settled_ms, 0), ifnull(released_ms, 0), reason, body, kind, subject, step"

static void row_read(sqlite3_stmt *s, struct arena *arena, struct delivery_row *r)
{
	*r = (struct delivery_row){
		.id = arena_copy(arena, sql_text(s, 0)), .alert = arena_copy(arena, sql_text(s, 1)),
		.revision = sqlite3_column_int64(s, 2), .level = (uint8_t)sqlite3_column_int(s, 3),
		.way = sqlite3_column_int64(s, 4), .destination = sqlite3_column_int64(s, 5),
		.state = (uint8_t)sqlite3_column_int(s, 6), .attempts = sqlite3_column_int64(s, 7),
		.created_ms = sqlite3_column_int64(s, 8), .due_ms = sqlite3_column_int64(s, 9),
		.settled_ms = sqlite3_column_int64(s, 10), .released_ms = sqlite3_column_int64(s, 11),
		.reason = arena_copy(arena, sql_text(s, 12)), .body = arena_copy(arena, sql_text(s, 13)),
		.kind = (uint8_t)sqlite3_column_int(s, 14), .subject = arena_copy(arena, sql_text(s, 15)),
		.step = sqlite3_column_int64(s, 16),
	};
}

int store_delivery_get(struct store *store, struct slice id, struct arena *arena, struct delivery_row *row_r,
                       struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "SELECT " COLUMNS " FROM delivery WHERE id = ?");
	int found;

	sql_bind(statement, "s", id);
	if ((found = sql_next(store, statement, error)) != 1)
		return found;
	row_read(statement, arena, row_r);
	sqlite3_reset(statement);
	return 1;
}

static sqlite3_stmt *list_statement(struct store *store, struct slice alert, int state, struct slice after, int limit)
{
	sqlite3_stmt *statement;

	if (alert.length > 0) {
		statement = sql_prepare(store, "SELECT " COLUMNS " FROM delivery WHERE (?1 < 0 OR state = ?1) AND id > ?2 AND "
		                               "alert = ?4 ORDER BY id LIMIT ?3");
		sql_bind(statement, "isis", (int64_t)state, after, (int64_t)limit, alert);
	} else if (state >= 0) { /* a statement of its own, so that the index on states serves it, in the order of ids */
		statement = sql_prepare(store, "SELECT " COLUMNS " FROM delivery INDEXED BY delivery_by_state WHERE state = ?1 AND "
		                               "id > ?2 ORDER BY id LIMIT ?3");
		sql_bind(statement, "isi", (int64_t)state, after, (int64_t)limit);
	} else {
		statement = sql_prepare(store, "SELECT " COLUMNS " FROM delivery WHERE id > ?1 ORDER BY id LIMIT ?2");
		sql_bind(statement, "si", after, (int64_t)limit);
	}
	return statement;
}

int store_delivery_list(struct store *store, struct slice alert, int state, struct slice after, int limit,
                        struct arena *arena, struct delivery_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *statement = list_statement(store, alert, state, after, limit);
	struct delivery_row *rows = arena_take(arena, (size_t)limit * sizeof(*rows));
	size_t count = 0;
	int found;

	if (rows == NULL)
		return error_set(error, "no room for %d deliveries", limit);
	while ((found = sql_next(store, statement, error)) == 1)
		row_read(statement, arena, &rows[count++]);
	*rows_r = rows;
	*count_r = count;
	return found;
}

int store_destination_next(struct store *store, int64_t after, int64_t *destination_r, int64_t *due_ms_r,
                           struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "SELECT destination, due_ms FROM delivery INDEXED BY delivery_waiting "
		       "WHERE state IN (0, 2) AND destination > ? ORDER BY destination, due_ms LIMIT 1");
	int found;

	sql_bind(statement, "i", after);
	if ((found = sql_next(store, statement, error)) != 1)
		return found;
	*destination_r = sqlite3_column_int64(statement, 0);
	*due_ms_r = sqlite3_column_int64(statement, 1);
	sqlite3_reset(statement);
	return 1;
}

static int due_read(sqlite3_stmt *s, const struct seal *seal, struct arena *arena, struct delivery_due *r,
                    struct error *error)
{
	*r = (struct delivery_due){
		.id = arena_copy(arena, sql_text(s, 0)), .channel = arena_copy(arena, sql_text(s, 1)),
		.language = arena_copy(arena, sql_text(s, 4)), .disabled = arena_copy(arena, sql_text(s, 5)),
		.body = arena_copy(arena, sql_text(s, 6)), .destination = sqlite3_column_int64(s, 7),
		.attempts = sqlite3_column_int64(s, 8), .created_ms = sqlite3_column_int64(s, 9),
		.level = (uint8_t)sqlite3_column_int(s, 10),
	};
	return seal_open(seal, "way.address", sql_text(s, 2), arena, &r->address, error) == -1 ||
	               seal_open(seal, "way.secret", sql_text(s, 3), arena, &r->secret, error) == -1
	               ? -1
	               : 0;
}

/* A way that is no longer there gives an empty channel, which no table of channels has. */
int store_deliveries_due(struct store *store, int64_t destination, int64_t now_ms, int limit, struct arena *arena,
                         struct delivery_due **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT d.id, ifnull(w.channel, ''), ifnull(w.address, ''), ifnull(w.secret, ''), "
		       "ifnull(c.language, ''), ifnull(iif(w.disabled <> '', w.disabled, c.disabled), ''), d.body, "
		       "d.destination, d.attempts, d.created_ms, d.level FROM delivery d INDEXED BY delivery_waiting "
		       "LEFT JOIN way w ON w.id = d.way LEFT JOIN contact c ON c.id = w.contact "
		       "WHERE d.state IN (0, 2) AND d.destination = ? AND d.due_ms <= ? ORDER BY d.due_ms, d.id LIMIT ?");
	const struct seal *seal = store_seal(store, error);
	struct delivery_due *rows = arena_take(arena, (size_t)limit * sizeof(*rows));
	int found = seal != NULL ? 0 : -1;
	size_t count = 0;

	if (rows == NULL)
		return error_set(error, "no room for %d deliveries", limit);
	sql_bind(s, "iii", destination, now_ms, (int64_t)limit);
	while (found != -1 && (found = sql_next(store, s, error)) == 1)
		found = due_read(s, seal, arena, &rows[count++], error);
	sqlite3_reset(s);
	*rows_r = rows;
	*count_r = count;
	return arena_overflowed(arena) ? error_set(error, "no room for %d deliveries", limit) : found;
}

int store_delivery_claim(struct store *store, struct slice id, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE delivery SET state = 1, attempts = attempts + 1 WHERE id = ? AND state IN (0, 2)");

	sql_bind(statement, "s", id);
	return sql_run(store, statement, error);
}

int store_delivery_put_off(struct store *store, struct slice id, int64_t opens_ms, struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "UPDATE delivery SET due_ms = ? WHERE id = ? AND state IN (0, 2) AND kind IN (2, 3)");

	sql_bind(statement, "is", opens_ms, id);
	return sql_run(store, statement, error);
}

/*
 * What becomes of a delivery's alerts: what its digest gathered ends as it does, and where a step of an escalation has
 * nothing left but dead warnings, the next is due now.
 */
static int ended(struct store *store, struct slice id, enum delivery_state state, int64_t now_ms, const char *reason,
                 struct error *error)
{
	sqlite3_stmt *gathered = sql_prepare(store, "UPDATE delivery INDEXED BY delivery_digested SET state = ?2, "
	                                            "settled_ms = ?3, due_ms = ?3, reason = ?4 WHERE subject = ?1 AND state = 7");
	int changed;

	sql_bind(gathered, "siit", id, (int64_t)state, now_ms, reason);
	if ((changed = sql_run(store, gathered, error)) == -1)
		return -1;
	return state == DELIVERY_DEAD ? hold_hurry(store, id, changed > 0, now_ms, error) : 0;
}

int store_delivery_settle(struct store *store, struct slice id, enum delivery_state state, int64_t due_ms,
                          int64_t now_ms, const char *reason, struct error *error)
{
	sqlite3_stmt *settle = sql_prepare(store, "UPDATE delivery SET state = ?1, due_ms = ?2, settled_ms = ?3, reason = ?4, "
	                                          "body = iif(kind = 1 AND ?1 <> 2, '{}', body) " /* a code is struck out */
	                                          "WHERE id = ?5 AND state = 1");
	int changed;

	sql_bind(settle, "iiits", (int64_t)state, due_ms, now_ms, reason, id);
	changed = sql_run(store, settle, error);
	if (changed != 1)
		return changed;
	if (state == DELIVERY_RETRY)
		return hold_if_watched(store, id, now_ms, error) == -1 ? -1 : 1;
	return ended(store, id, state, now_ms, reason, error) == -1 ? -1 : 1;
}

/* The rows are gathered before the first is followed: a statement that changes rows runs to its end first. */
int store_deliveries_give_up(struct store *store, int64_t destination, int64_t now_ms, const char *reason,
                             struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE delivery INDEXED BY delivery_waiting SET state = 5, settled_ms = ?, reason = ? "
		       "WHERE state IN (0, 2) AND destination = ? RETURNING id");
	struct slice *ids = NULL;
	struct arena arena;
	size_t count = 0;
	int found;

	arena_init(&arena, GIVE_UP_BYTES_MAX);
	sql_bind(statement, "iti", now_ms, reason, destination);
	while ((found = sql_next(store, statement, error)) == 1)
		if ((ids = row_grow(&arena, ids, count, sizeof(*ids))) != NULL)
			ids[count++] = row_copy(statement, 0, &arena);
	if (found == 0)
		found = row_check(statement, &arena, "what waits for a destination", error);
	for (size_t i = 0; found == 0 && i < count; i++)
		found = ended(store, ids[i], DELIVERY_DEAD, now_ms, reason, error);
	arena_deinit(&arena);
	return found == -1 ? -1 : (int)count;
}

int store_deliveries_recover(struct store *store, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store,
		            "UPDATE delivery SET state = 2, due_ms = ?, reason = 'the program ended during the attempt' "
	                           "WHERE state = 1");
	int changed;

	sql_bind(statement, "i", now_ms);
	changed = sql_run(store, statement, error);
	if (changed > 0 && hold_all_watched(store, now_ms, error) == -1)
		return -1;
	return changed;
}

int store_delivery_move(struct store *store, struct slice id, enum delivery_state from, enum delivery_state to,
                        int64_t now_ms, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE delivery SET state = ?1, settled_ms = ?2, due_ms = iif(?1 = 0, ?2, due_ms), "
		       "attempts = iif(?1 = 0, 0, attempts) WHERE id = ?3 AND state = ?4 AND kind <> 1 AND " /* a code is made anew */
		       "(kind <> 5 OR ?1 <> 0 OR EXISTS (SELECT 1 FROM delivery g INDEXED BY delivery_by_way WHERE g.way = "
		       "delivery.way AND g.subject = delivery.id AND g.kind = 0))"); /* a digest that was broken up is over (I7) */
	sqlite3_stmt *gathered = sql_prepare(store, "UPDATE delivery INDEXED BY delivery_by_way SET state = iif(?2 = 0, 7, ?2) "
	                                            "WHERE way = (SELECT way FROM delivery WHERE id = ?1 AND kind = 5) AND "
	                                            "subject = ?1 AND kind = 0 AND state = ?3");
	int changed;

	sql_bind(statement, "iisi", (int64_t)to, now_ms, id, (int64_t)from);
	changed = sql_run(store, statement, error);
	if (changed != 1)
		return changed;
	sql_bind(gathered, "sii", id, (int64_t)to, (int64_t)from);
	if (sql_run(store, gathered, error) == -1 ||
	    (to == DELIVERY_PENDING && hold_if_watched(store, id, now_ms, error) == -1))
		return -1;
	return changed;
}

int store_delivery_totals(struct store *store, struct delivery_totals *totals_r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "SELECT state, count(*) FROM delivery GROUP BY state");
	int found;

	*totals_r = (struct delivery_totals){0};
	while ((found = sql_next(store, statement, error)) == 1) {
		int state = sqlite3_column_int(statement, 0);
		if (state >= 0 && state < DELIVERY_STATE_COUNT)
			totals_r->of_state[state] = sqlite3_column_int64(statement, 1);
	}
	return found;
}
