#include "store/escalation_rows.h"

#include "store/row_read.h"
#include "store/store_sql.h"

#define COLUMNS "e.alert, e.level, e.step, e.state, e.reason, e.wait_ms, e.due_ms, e.started_ms, e.jurisdiction"
#define LIVING "ifnull((SELECT alert FROM alert_alias WHERE id = ?1), ?1)"

int store_escalation_put(struct store *store, const struct escalation_row *r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "INSERT OR REPLACE INTO escalation(alert, level, step, state, reason, wait_ms, "
	                                     "due_ms, started_ms, jurisdiction) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");

	sql_bind(s, "siiisiiis", r->alert, (int64_t)r->level, (int64_t)r->step, (int64_t)r->state, r->reason, r->wait_ms,
	         r->due_ms, r->started_ms, r->jurisdiction);
	return sql_run(store, s, error) == -1 ? -1 : 0;
}

static void escalation_read(sqlite3_stmt *s, struct arena *arena, struct escalation_row *r)
{
	*r = (struct escalation_row){
		.alert = row_copy(s, 0, arena),
		.level = (uint8_t)sqlite3_column_int(s, 1),
		.step = (uint8_t)sqlite3_column_int(s, 2),
		.state = (uint8_t)sqlite3_column_int(s, 3),
		.reason = row_copy(s, 4, arena),
		.wait_ms = sqlite3_column_int64(s, 5),
		.due_ms = sqlite3_column_int64(s, 6),
		.started_ms = sqlite3_column_int64(s, 7),
		.jurisdiction = row_copy(s, 8, arena),
	};
}

int store_escalation_get(struct store *store, struct slice alert, struct arena *arena, struct escalation_row *row_r,
                         struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS " FROM escalation e WHERE e.alert = " LIVING);
	int found;

	sql_bind(s, "s", alert);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	escalation_read(s, arena, row_r);
	return row_check(s, arena, "an escalation", error) == -1 ? -1 : 1;
}

static int step(struct store *store, const char *text, struct slice old, struct slice id, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, text);

	sql_bind(s, sqlite3_bind_parameter_count(s) == 2 ? "ss" : "s", old, id);
	return sql_run(store, s, error);
}

/* Whether the escalation of ?1 is to stay rather than that of ?2. */
#define STAYS "SELECT 1 FROM escalation o JOIN escalation n ON n.alert = ?2 WHERE o.alert = ?1 AND " \
              "(o.level, o.state = 0) > (n.level, n.state = 0)"

int store_escalation_rename(struct store *store, struct slice old, struct slice id, struct error *error)
{
	static const char *const steps[] = {
		"DELETE FROM timer WHERE kind = 'escalation' AND subject = ?2 AND EXISTS (" STAYS ")",
		"DELETE FROM timer WHERE kind = 'escalation' AND subject = ?1 AND EXISTS (SELECT 1 FROM escalation WHERE "
		"alert = ?2) AND NOT EXISTS (" STAYS ")",
		"DELETE FROM escalation WHERE alert = ?2 AND EXISTS (" STAYS ")",
		"UPDATE OR IGNORE escalation SET alert = ?2 WHERE alert = ?1",
		"DELETE FROM escalation WHERE alert = ?1",
		"UPDATE OR REPLACE timer SET subject = ?2 WHERE kind = 'escalation' AND subject = ?1",
		"UPDATE OR IGNORE warning SET alert = ?2 WHERE alert = ?1",
		"DELETE FROM warning WHERE alert = ?1",
		"UPDATE OR IGNORE call SET alert = ?2 WHERE alert = ?1",
		"DELETE FROM call WHERE alert = ?1", /* the same call stands under the other name */
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (step(store, steps[i], old, id, error) == -1)
			return -1;
	return 0;
}

int store_warning_put(struct store *store, const struct warning_row *r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "INSERT OR REPLACE INTO warning(alert, level, owner, payee_hash, body) "
	                                     "VALUES(?, ?, ?, ?, ?)");

	sql_bind(s, "sisss", r->alert, (int64_t)r->level, r->owner, r->payee_hash, r->body);
	return sql_run(store, s, error) == -1 ? -1 : 0;
}

int store_warning_get(struct store *store, struct slice alert, uint8_t level, struct arena *arena,
                      struct warning_row *row_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT alert, level, owner, payee_hash, body FROM warning WHERE alert = "
	                                     LIVING " AND (?2 = 0 OR level = ?2) ORDER BY level DESC LIMIT 1");
	int found;

	sql_bind(s, "si", alert, (int64_t)level);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	*row_r = (struct warning_row){row_copy(s, 0, arena), (uint8_t)sqlite3_column_int(s, 1), row_copy(s, 2, arena),
	                              row_copy(s, 3, arena), row_copy(s, 4, arena)};
	return row_check(s, arena, "a warning", error) == -1 ? -1 : 1;
}

int store_mute_put(struct store *store, const struct mute_row *r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "INSERT OR REPLACE INTO mute(owner, payee_hash, until_ms, contact, reason, "
	                                     "created_ms) VALUES(?, ?, ?, ?, ?, ?)");

	sql_bind(s, "ssiisi", r->owner, r->payee_hash, r->until_ms, r->contact, r->reason, r->created_ms);
	return sql_run(store, s, error) == -1 ? -1 : 0;
}

int store_mute_active(struct store *store, struct slice owner, struct slice payee_hash, int64_t now_ms,
                      struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT 1 FROM mute WHERE owner = ? AND payee_hash = ? AND until_ms > ?");
	int found;

	sql_bind(s, "ssi", owner, payee_hash, now_ms);
	found = sql_next(store, s, error);
	sqlite3_reset(s);
	return found;
}
