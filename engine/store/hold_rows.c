/*
 * Holding back, and hurrying on.
 *
 * What forbids warning an account's holder is an alert for analysts, orange or red. There is no closing of alerts yet;
 * whoever adds it ends the watch with it.
 */
#include "store/hold_rows.h"

#include <stdio.h>

#include "store/row_read.h"
#include "store/store_sql.h"
#include "store/timer_rows.h"

enum { HURRY_BYTES_MAX = 16 << 20 };

#define WATCHES "audience = 1 AND level >= 3"
/* The row's alert is on a watched account, and nobody let it go. */
#define IS_WATCHED(row) row ".released_ms IS NULL AND EXISTS (SELECT 1 FROM alert v JOIN alert m ON m.bank = v.bank " \
                            "AND m.account = v.account WHERE v.id = " row ".alert AND m.audience = 1 AND m.level >= 3)"

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

/* What became HELD outside of routing asks for its release there. */
static int ask_release(struct store *store, int64_t now_ms, struct error *error)
{
	return store_timer_put(store, "hold", slice_of(""), now_ms, error);
}

/* ---- digests that list a watched account ---- */

static int break_up_step(struct store *store, const char *text, struct slice digest, int64_t now_ms,
                         struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, text);

	sql_bind(s, sqlite3_bind_parameter_count(s) == 2 ? "si" : "s", digest, now_ms);
	return sql_run(store, s, error);
}

/*
 * The watched account's warnings are held, the others go out one by one. Nothing names the digest any more: what it
 * says lists the account for ever, so it is never tried anew.
 */
static int break_up(struct store *store, struct slice digest, int64_t now_ms, struct error *error)
{
	if (break_up_step(store, "UPDATE delivery INDEXED BY delivery_digested SET state = 6, subject = '' WHERE "
	                         "subject = ?1 AND state = 7 AND " IS_WATCHED("delivery"), digest, now_ms, error) == -1 ||
	    break_up_step(store, "UPDATE delivery INDEXED BY delivery_digested SET state = 0, due_ms = ?2, subject = '' "
	                         "WHERE subject = ?1 AND state = 7", digest, now_ms, error) == -1 ||
	    break_up_step(store, "UPDATE delivery INDEXED BY delivery_by_way SET subject = '' WHERE way = (SELECT way FROM "
	                         "delivery WHERE id = ?1) AND subject = ?1 AND kind = 0", digest, now_ms, error) == -1 ||
	    break_up_step(store, "UPDATE delivery SET state = 5, settled_ms = ?2, reason = 'broken up: an account that it "
	                         "lists is watched' WHERE id = ?1", digest, now_ms, error) == -1)
		return -1;
	return ask_release(store, now_ms, error);
}

/* By what a digest lists, whatever became of those rows: of one that is tried anew some may have been answered. */
static int break_up_all(struct store *store, int64_t now_ms, struct error *error)
{
	for (;;) {
		sqlite3_stmt *s = sql_prepare(
			store, "SELECT d.id FROM delivery d INDEXED BY delivery_digests WHERE d.kind = 5 AND d.state IN (0, 2) AND "
			       "EXISTS (SELECT 1 FROM delivery g INDEXED BY delivery_by_way WHERE g.way = d.way AND g.subject = d.id "
			       "AND g.kind = 0 AND " IS_WATCHED("g") ") LIMIT 1");
		char id[64];
		int found = sql_next(store, s, error);
		if (found != 1)
			return found;
		snprintf(id, sizeof(id), "%.*s", SLICE_PRINT(sql_text(s, 0)));
		sqlite3_reset(s);
		if (break_up(store, slice_of(id), now_ms, error) == -1)
			return -1;
	}
}

/* ---- warnings ---- */

int hold_if_watched(struct store *store, struct slice id, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *hold = sql_prepare(store, "UPDATE delivery SET state = 6 WHERE state IN (0, 2) AND kind = 0 AND "
	                                        IS_WATCHED("delivery") " AND id = ?");
	int held;

	sql_bind(hold, "s", id);
	if ((held = sql_run(store, hold, error)) == -1 || (held > 0 && ask_release(store, now_ms, error) == -1))
		return -1;
	return break_up_all(store, now_ms, error);
}

int hold_all_watched(struct store *store, int64_t now_ms, struct error *error)
{
	int held = sql_run(store,
	                   sql_prepare(store, "UPDATE delivery SET state = 6 WHERE state IN (0, 2) AND kind = 0 AND "
	                                      IS_WATCHED("delivery")),
	                   error);

	if (held == -1 || (held > 0 && ask_release(store, now_ms, error) == -1))
		return -1;
	return break_up_all(store, now_ms, error);
}

int store_deliveries_hold(struct store *store, struct slice bank, struct slice account, int64_t now_ms,
                          struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE delivery INDEXED BY delivery_by_alert SET state = 6 WHERE (state IN (0, 2) OR (state = 7 AND "
		       "subject = '')) AND kind = 0 AND released_ms IS NULL AND "
		       "alert IN (SELECT id FROM alert WHERE bank = ? AND account = ?)");
	int held;

	sql_bind(statement, "ss", bank, account);
	if ((held = sql_run(store, statement, error)) == -1 || break_up_all(store, now_ms, error) == -1)
		return -1;
	return held;
}

int store_deliveries_release(struct store *store, struct slice alert, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE delivery SET state = 0, due_ms = max(due_ms, ?2), released_ms = ?2 WHERE state = 6 AND "
		       "alert IN (?1, (SELECT alert FROM alert_alias WHERE id = ?1))");

	sql_bind(statement, "si", alert, now_ms);
	return sql_run(store, statement, error);
}

/* ---- nothing of a step can be sent ---- */

static int hurry_alert(struct store *store, struct slice alert, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "UPDATE escalation SET due_ms = ?2 WHERE alert = ?1 AND state = 0 AND due_ms > ?2 AND EXISTS "
		       "(SELECT 1 FROM delivery d INDEXED BY delivery_by_alert WHERE d.alert = ?1 AND d.kind = 0 AND "
		       "d.level = escalation.level AND d.step = escalation.step) AND NOT EXISTS "
		       "(SELECT 1 FROM delivery d INDEXED BY delivery_by_alert WHERE d.alert = ?1 AND d.kind = 0 AND "
		       "d.level = escalation.level AND d.step = escalation.step AND d.state <> 5)");
	int changed;

	sql_bind(s, "si", alert, now_ms);
	if ((changed = sql_run(store, s, error)) != 1)
		return changed;
	return store_timer_put(store, "escalation", alert, now_ms, error);
}

int hold_hurry(struct store *store, struct slice id, bool is_digest, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT alert FROM delivery WHERE id = ?1 AND kind = 0 UNION SELECT alert FROM delivery INDEXED BY "
		       "delivery_by_way WHERE ?2 AND way = (SELECT way FROM delivery WHERE id = ?1) AND subject = ?1 AND kind = 0");
	struct slice *alerts = NULL;
	struct arena arena;
	size_t count = 0;
	int found;

	arena_init(&arena, HURRY_BYTES_MAX);
	sql_bind(s, "si", id, (int64_t)is_digest);
	while ((found = sql_next(store, s, error)) == 1)
		if ((alerts = row_grow(&arena, alerts, count, sizeof(*alerts))) != NULL)
			alerts[count++] = row_copy(s, 0, &arena);
	if (found == 0)
		found = row_check(s, &arena, "the alerts of a dead delivery", error);
	for (size_t i = 0; found == 0 && i < count; i++)
		found = hurry_alert(store, alerts[i], now_ms, error);
	arena_deinit(&arena);
	return found == -1 ? -1 : 0;
}
