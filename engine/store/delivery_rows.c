/*
 * The states are written as numbers in the SQL, since the partial indexes of the schema are: 0 PENDING, 1
 * INFLIGHT, 2 RETRY, 3 SENT, 4 ACKED, 5 DEAD, 6 HELD. An index over `state IN (0, 2)` serves only a query
 * that says it so; INDEXED BY makes one that could not use it fail at once, instead of reading the whole
 * outbox for every wake-up.
 */
#include "store/delivery_rows.h"

#include "store/store_sql.h"

_Static_assert(DELIVERY_PENDING == 0 && DELIVERY_INFLIGHT == 1 && DELIVERY_RETRY == 2 && DELIVERY_SENT == 3 &&
               DELIVERY_ACKED == 4 && DELIVERY_DEAD == 5 && DELIVERY_HELD == 6, "the SQL below says these numbers");

/*
 * What forbids warning an account's holder, here and in HOLD_WATCHED: an alert for analysts, orange or red.
 * There is no closing of alerts yet; whoever adds it ends the watch with it.
 */
#define WATCHES "audience = 1 AND level >= 3"

const char *const delivery_state_names[DELIVERY_STATE_COUNT] = {
	[DELIVERY_PENDING] = "pending", [DELIVERY_INFLIGHT] = "inflight", [DELIVERY_RETRY] = "retry",
	[DELIVERY_SENT] = "sent",       [DELIVERY_ACKED] = "acked",       [DELIVERY_DEAD] = "dead",
	[DELIVERY_HELD] = "held",
};

int store_delivery_put(struct store *store, const struct delivery_row *r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "INSERT OR IGNORE INTO delivery(id, alert, revision, level, way, destination, state, created_ms, "
		       "due_ms, reason, body) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 WHERE NOT EXISTS "
		       "(SELECT 1 FROM delivery WHERE alert = ?2 AND way = ?5 AND level >= ?4)");

	sql_bind(statement, "ssiiiiiiiss", r->id, r->alert, r->revision, (int64_t)r->level, r->way, r->destination,
	         (int64_t)r->state, r->created_ms, r->due_ms, r->reason, r->body);
	return sql_run(store, statement, error);
}

#define COLUMNS "id, alert, revision, level, way, destination, state, attempts, created_ms, due_ms, " \
                "ifnull(settled_ms, 0), ifnull(released_ms, 0), reason, body"

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
	} else {
		statement = sql_prepare(store, "SELECT " COLUMNS " FROM delivery WHERE (?1 < 0 OR state = ?1) AND id > ?2 "
		                               "ORDER BY id LIMIT ?3");
		sql_bind(statement, "isi", (int64_t)state, after, (int64_t)limit);
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

/* I7: whatever becomes due again is held where its account is watched by then. */
#define HOLD_WATCHED "UPDATE delivery SET state = 6 WHERE state IN (0, 2) AND released_ms IS NULL AND EXISTS " \
                     "(SELECT 1 FROM alert v JOIN alert m ON m.bank = v.bank AND m.account = v.account " \
                     "WHERE v.id = delivery.alert AND m.audience = 1 AND m.level >= 3)"

static int hold_if_watched(struct store *store, struct slice id, struct error *error)
{
	sqlite3_stmt *hold = sql_prepare(store, HOLD_WATCHED " AND id = ?");

	sql_bind(hold, "s", id);
	return sql_run(store, hold, error);
}

int store_delivery_settle(struct store *store, struct slice id, enum delivery_state state, int64_t due_ms,
                          int64_t now_ms, const char *reason, struct error *error)
{
	sqlite3_stmt *settle = sql_prepare(store, "UPDATE delivery SET state = ?, due_ms = ?, settled_ms = ?, reason = ? "
	                                          "WHERE id = ? AND state = 1");
	int changed;

	sql_bind(settle, "iiits", (int64_t)state, due_ms, now_ms, reason, id);
	changed = sql_run(store, settle, error);
	if (changed == 1 && state == DELIVERY_RETRY && hold_if_watched(store, id, error) == -1)
		return -1;
	return changed;
}

int store_deliveries_give_up(struct store *store, int64_t destination, int64_t now_ms, const char *reason,
                             struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE delivery INDEXED BY delivery_waiting SET state = 5, settled_ms = ?, reason = ? "
		       "WHERE state IN (0, 2) AND destination = ?");

	sql_bind(statement, "iti", now_ms, reason, destination);
	return sql_run(store, statement, error);
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
	if (changed > 0 && sql_run(store, sql_prepare(store, HOLD_WATCHED), error) == -1)
		return -1;
	return changed;
}

int store_account_watched(struct store *store, struct slice bank, struct slice account, struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "SELECT 1 FROM alert WHERE bank = ? AND account = ? AND " WATCHES " LIMIT 1");
	int found;

	sql_bind(statement, "ss", bank, account);
	found = sql_next(store, statement, error);
	sqlite3_reset(statement);
	return found;
}

int store_deliveries_hold(struct store *store, struct slice bank, struct slice account, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE delivery INDEXED BY delivery_by_alert SET state = 6 WHERE state IN (0, 2) AND "
		       "released_ms IS NULL AND alert IN (SELECT id FROM alert WHERE bank = ? AND account = ?)");

	sql_bind(statement, "ss", bank, account);
	return sql_run(store, statement, error);
}

int store_deliveries_release(struct store *store, struct slice alert, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE delivery SET state = 0, due_ms = ?2, released_ms = ?2 WHERE state = 6 AND "
		       "alert IN (?1, (SELECT alert FROM alert_alias WHERE id = ?1))");

	sql_bind(statement, "si", alert, now_ms);
	return sql_run(store, statement, error);
}

int store_delivery_move(struct store *store, struct slice id, enum delivery_state from, enum delivery_state to,
                        int64_t now_ms, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE delivery SET state = ?1, settled_ms = ?2, due_ms = iif(?1 = 0, ?2, due_ms), "
		       "attempts = iif(?1 = 0, 0, attempts) WHERE id = ?3 AND state = ?4");
	int changed;

	sql_bind(statement, "iisi", (int64_t)to, now_ms, id, (int64_t)from);
	changed = sql_run(store, statement, error);
	if (changed == 1 && to == DELIVERY_PENDING && hold_if_watched(store, id, error) == -1)
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
