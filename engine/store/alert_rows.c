/*
 * Hits and alerts as rows.
 *
 * A hit's row never changes but for its group, which may become smaller: its id is a function of what it is, so a
 * replay finds it there already (I4). An alert's
 * row is replaced by each revision, except what the store itself put there: when it first came in. An id that an
 * earlier opening made obsolete stays readable through `alert_alias`, which always leads to the living alert in one
 * step.
 */
#include "store/alert_rows.h"

#include "store/answer_rows.h"
#include "store/escalation_rows.h"
#include "store/row_read.h"
#include "store/store_sql.h"

#define OF_KEY "bank = ?1 AND account = ?2 AND typology = ?3 AND audience = ?4"

static int regroup(struct store *store, struct slice id, uint64_t group, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "UPDATE hit SET group_id = ?2 WHERE id = ?1 AND"
	                                             " (group_id = 0 OR group_id > ?2)");
	int changed;

	sql_bind(statement, "bi", id, (int64_t)group);
	changed = sql_run(store, statement, error);
	return changed == 1 ? 2 : changed;
}

int store_hit_put(struct store *store, const struct hit *hit, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store,
		"INSERT INTO hit(id, bank, account, typology, audience, pattern, version, tx_id, booked_ms, "
	        "score,"
		" amount_minor, account_name, enterprise, party_name, party_account, party_is_company, "
	        "evidence, group_id)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING");
	struct slice id = {(const char *)hit->id, HIT_ID_BYTES};

	int is_new;

	sql_bind(statement, "bSSSiSiSiiiSSSSiSi", id, hit->bank, hit->account, hit->typology,
	         (int64_t)hit->audience, hit->pattern, (int64_t)hit->version, hit->tx_id, hit->booked_ms,
	         (int64_t)hit->score, hit->amount_cny_minor, hit->account_name, hit->enterprise,
	         hit->party_name, hit->party_account, (int64_t)hit->party_is_company, hit->evidence,
	         (int64_t)hit->group);
	is_new = sql_run(store, statement, error);
	return is_new == 0 && hit->group != 0 ? regroup(store, id, hit->group, error) : is_new;
}

static void hit_read(sqlite3_stmt *statement, const struct episode_key *key, struct arena *arena,
                     struct hit *hit_r)
{
	struct slice id = row_copy(statement, 0, arena);

	*hit_r = (struct hit){
		.bank = key->bank,
		.account = key->account,
		.typology = key->typology,
		.audience = key->audience,
		.pattern = row_copy(statement, 1, arena),
		.version = (uint32_t)sqlite3_column_int64(statement, 2),
		.tx_id = row_copy(statement, 3, arena),
		.booked_ms = sqlite3_column_int64(statement, 4),
		.score = (uint8_t)sqlite3_column_int(statement, 5),
		.amount_cny_minor = sqlite3_column_int64(statement, 6),
		.account_name = row_copy(statement, 7, arena),
		.enterprise = row_copy(statement, 8, arena),
		.party_name = row_copy(statement, 9, arena),
		.party_account = row_copy(statement, 10, arena),
		.party_is_company = sqlite3_column_int(statement, 11) != 0,
		.evidence = row_copy(statement, 12, arena),
		.group = (uint64_t)sqlite3_column_int64(statement, 13),
	};
	if (id.length == HIT_ID_BYTES)
		memcpy(hit_r->id, id.at, HIT_ID_BYTES);
}

/* The key's slices, copied once, so that every row outlives the caller's. */
static struct episode_key key_copy(const struct episode_key *key, struct arena *arena)
{
	return (struct episode_key){arena_copy(arena, key->bank), arena_copy(arena, key->account),
	                            arena_copy(arena, key->typology), key->audience};
}

static void bind_range(sqlite3_stmt *statement, const struct episode_key *key, int64_t from_ms, int64_t to_ms)
{
	sql_bind(statement, "sssiii", key->bank, key->account, key->typology, (int64_t)key->audience, from_ms,
	         to_ms);
}

static bool same_but_version(const struct hit *a, const struct hit *b)
{
	return a->booked_ms == b->booked_ms && slice_equal(a->tx_id, b->tx_id) && slice_equal(a->pattern, b->pattern);
}

/* The last of the hits to its place by version: the index knows no versions, and SQLite's sorter would copy each row. */
static void sink(struct hit *hits, size_t count)
{
	for (size_t i = count - 1; i > 0 && same_but_version(&hits[i - 1], &hits[i]) &&
	                           hits[i - 1].version > hits[i].version; i--) {
		struct hit swapped = hits[i - 1];
		hits[i - 1] = hits[i];
		hits[i] = swapped;
	}
}

int store_hits_get(struct store *store, const struct episode_key *key, int64_t from_ms, int64_t to_ms,
                   struct arena *arena, struct hit **hits_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store,
	                    "SELECT id, pattern, version, tx_id, booked_ms, score, amount_minor, "
	                    "account_name, enterprise,"
	                    " party_name, party_account, party_is_company, evidence, group_id FROM hit WHERE " OF_KEY
	                    " AND booked_ms BETWEEN ?5 AND ?6 ORDER BY booked_ms, tx_id, pattern");
	struct episode_key kept = key_copy(key, arena);
	struct hit *hits = NULL;
	size_t count = 0;
	int found = 0;

	bind_range(statement, key, from_ms, to_ms);
	while (!arena_overflowed(arena) && (found = sql_next(store, statement, error)) == 1) {
		if ((hits = row_grow(arena, hits, count, sizeof(*hits))) == NULL)
			continue;
		hit_read(statement, &kept, arena, &hits[count++]);
		sink(hits, count);
	}
	*hits_r = hits;
	*count_r = count;
	if (found == -1)
		return -1;
	return row_check(statement, arena, "the hits of an episode", error);
}

int store_alert_put(struct store *store, const struct alert_row *row, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store,
		"INSERT INTO alert(" ALERT_COLUMNS
		") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT(id) DO UPDATE SET revision = excluded.revision, level = excluded.level,"
		" score = excluded.score, audience = excluded.audience, typology = excluded.typology,"
		" bank = excluded.bank, account = excluded.account, account_name = excluded.account_name,"
		" enterprise = excluded.enterprise, jurisdiction = excluded.jurisdiction, opened_ms = "
	        "excluded.opened_ms,"
		" raised_ms = excluded.raised_ms, updated_ms = excluded.updated_ms, amount_minor = "
	        "excluded.amount_minor,"
		" group_id = excluded.group_id, body = excluded.body");

	sql_bind(statement, "SiiiiSSSSSSiiiiiiS", row->id, row->revision, (int64_t)row->level,
	         (int64_t)row->score, (int64_t)row->audience, row->typology, row->bank, row->account,
	         row->account_name, row->enterprise, row->jurisdiction, row->opened_ms, row->raised_ms,
	         row->updated_ms, row->amount_minor, row->stored_ms, (int64_t)row->group, row->body);
	if (sql_run(store, statement, error) == -1)
		return -1;
	statement = sql_prepare(store, "INSERT OR REPLACE INTO alert_unproduced(alert, revision) VALUES(?, ?)");
	sql_bind(statement, "si", row->id, row->revision);
	return sql_run(store, statement, error) == -1 ? -1 : 0;
}

void alert_row_read(sqlite3_stmt *statement, struct arena *arena, struct alert_row *row_r)
{
	*row_r = (struct alert_row){
		.id = row_copy(statement, 0, arena),
		.revision = sqlite3_column_int64(statement, 1),
		.level = (uint8_t)sqlite3_column_int(statement, 2),
		.score = (uint8_t)sqlite3_column_int(statement, 3),
		.audience = (uint8_t)sqlite3_column_int(statement, 4),
		.typology = row_copy(statement, 5, arena),
		.bank = row_copy(statement, 6, arena),
		.account = row_copy(statement, 7, arena),
		.account_name = row_copy(statement, 8, arena),
		.enterprise = row_copy(statement, 9, arena),
		.jurisdiction = row_copy(statement, 10, arena),
		.opened_ms = sqlite3_column_int64(statement, 11),
		.raised_ms = sqlite3_column_int64(statement, 12),
		.updated_ms = sqlite3_column_int64(statement, 13),
		.amount_minor = sqlite3_column_int64(statement, 14),
		.stored_ms = sqlite3_column_int64(statement, 15),
		.group = (uint64_t)sqlite3_column_int64(statement, 16),
		.body = row_copy(statement, 17, arena),
	};
}

/* One statement looks under the id itself first, then where its alias leads. */
int store_alert_get(struct store *store, struct slice id, struct arena *arena, struct alert_row *row_r,
                    struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "SELECT " ALERT_COLUMNS
	                           " FROM alert WHERE id IN (?1, (SELECT alert FROM alert_alias"
	                           " WHERE alert_alias.id = ?1)) ORDER BY alert.id = ?1 DESC LIMIT 1");
	int found;

	sql_bind(statement, "s", id);
	found = sql_next(store, statement, error);
	if (found != 1)
		return found;
	alert_row_read(statement, arena, row_r);
	return row_check(statement, arena, "an alert", error) == -1 ? -1 : 1;
}

int store_alerts_of(struct store *store, const struct episode_key *key, int64_t from_ms, int64_t to_ms,
                    struct arena *arena, struct alert_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *statement =
		sql_prepare(store, "SELECT " ALERT_COLUMNS_BUT_BODY ", NULL FROM alert WHERE " OF_KEY
	                           " AND opened_ms BETWEEN ?5 AND ?6 ORDER BY opened_ms, id");
	struct alert_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	bind_range(statement, key, from_ms, to_ms);
	while (!arena_overflowed(arena) && (found = sql_next(store, statement, error)) == 1) {
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			alert_row_read(statement, arena, &rows[count++]);
	}
	*rows_r = rows;
	*count_r = count;
	if (found == -1)
		return -1;
	return row_check(statement, arena, "the alerts of an account", error);
}

/* Runs a statement over ?1 = old and ?2 = id; one that has no ?2 is not given it. */
static int rename_step(struct store *store, const char *text, struct slice old, struct slice id,
                       struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, text);

	sql_bind(statement, sqlite3_bind_parameter_count(statement) == 2 ? "ss" : "s", old, id);
	return sql_run(store, statement, error);
}

int store_alert_rename(struct store *store, struct slice old, struct slice id, struct error *error)
{
	if (slice_equal(old, id))
		return 0;
	if (rename_step(store, "DELETE FROM alert WHERE id = ?1", old, id, error) == -1 ||
	    rename_step(store, "DELETE FROM alert_unproduced WHERE alert = ?1", old, id, error) == -1 ||
	    rename_step(store, "UPDATE alert_alias SET alert = ?2 WHERE alert = ?1", old, id, error) == -1 ||
	    rename_step(store, "DELETE FROM alert_alias WHERE id = ?2", old, id, error) == -1 ||
	    rename_step(store,
	                "INSERT INTO alert_alias(id, alert) VALUES(?1, ?2)"
	                " ON CONFLICT(id) DO UPDATE SET alert = excluded.alert",
	                old, id, error) == -1 ||
	    rename_step(store, "UPDATE delivery SET alert = ?2 WHERE alert = ?1", old, id, error) == -1 ||
	    store_escalation_rename(store, old, id, error) == -1 ||
	    store_answers_rename(store, old, id, error) == -1)
		return error_wrap(error, "renaming an alert");
	return 0;
}
