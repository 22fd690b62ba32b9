/*
 * How far an episode reaches: from a hit, step by step in booking order, as long as no step is wider than the gap.
 *
 * Both walks read the index hit_episode only and stop at the first gap, so their cost is the episode's length.
 */
#include "store/store.h"
#include "store/store_sql.h"

static void bind_key(sqlite3_stmt *statement, const struct episode_key *key, int64_t ms)
{
	sql_bind(statement, "sssii", key->bank, key->account, key->typology, (int64_t)key->audience, ms);
}

static int walk(struct store *store, sqlite3_stmt *statement, int64_t gap_ms, int64_t *at_ms,
                struct error *error)
{
	int found;

	while ((found = sql_next(store, statement, error)) == 1) {
		int64_t booked_ms = sqlite3_column_int64(statement, 0);
		int64_t step_ms = booked_ms > *at_ms ? booked_ms - *at_ms : *at_ms - booked_ms;
		if (step_ms > gap_ms)
			break;
		*at_ms = booked_ms;
	}
	sqlite3_reset(statement);
	return found == -1 ? -1 : 0;
}

int store_episode_bounds(struct store *store, const struct episode_key *key, int64_t ms, int64_t gap_ms,
                         int64_t *from_ms_r, int64_t *to_ms_r, struct error *error)
{
	sqlite3_stmt *statement;

	if (from_ms_r != NULL) {
		statement = sql_prepare(
			store,
			"SELECT booked_ms FROM hit WHERE bank = ? AND account = ? AND typology = ? AND "
			"audience = ? AND booked_ms < ? ORDER BY booked_ms DESC");
		bind_key(statement, key, ms);
		*from_ms_r = ms;
		if (walk(store, statement, gap_ms, from_ms_r, error) == -1)
			return -1;
	}
	if (to_ms_r != NULL) {
		statement = sql_prepare(
			store,
			"SELECT booked_ms FROM hit WHERE bank = ? AND account = ? AND typology = ? AND "
			"audience = ? AND booked_ms > ? ORDER BY booked_ms");
		bind_key(statement, key, ms);
		*to_ms_r = ms;
		if (walk(store, statement, gap_ms, to_ms_r, error) == -1)
			return -1;
	}
	return 0;
}
