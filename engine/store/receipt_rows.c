#include "store/receipt_rows.h"

#include "store/hold_rows.h"
#include "store/row_read.h"
#include "store/store_sql.h"

enum { SAME_ID_MAX = 8, IDS_BYTES_MAX = 64 << 10 };

_Static_assert(DELIVERY_INFLIGHT == 1 && DELIVERY_RETRY == 2 && DELIVERY_SENT == 3 && DELIVERY_DEAD == 5,
               "the SQL below says these numbers");

/* One delivery; where it dies of the receipt, what its escalation makes of that is due now. */
static int put_on(struct store *store, struct slice id, const struct store_receipt *r, struct error *error)
{
	sqlite3_stmt *put = sql_prepare(store, "UPDATE delivery SET receipt = ?1, receipt_ms = ?2 WHERE id = ?3 AND "
	                                       "receipt = ''");
	sqlite3_stmt *kill = sql_prepare(store, "UPDATE delivery SET state = 5, settled_ms = ?, reason = ? WHERE id = ? AND "
	                                        "state IN (1, 2, 3)");
	sqlite3_stmt *gathered = sql_prepare(store, "UPDATE delivery INDEXED BY delivery_by_way SET state = 5 WHERE way = "
	                                            "(SELECT way FROM delivery WHERE id = ?1 AND kind = 5) AND subject = ?1 AND "
	                                            "kind = 0 AND state IN (3, 7)");
	int changed, of_digest;

	sql_bind(put, "tis", r->failed ? "failed" : "delivered", r->at_ms, id);
	if ((changed = sql_run(store, put, error)) != 1 || !r->failed)
		return changed;
	sql_bind(kill, "iss", r->at_ms, r->reason, id);
	if ((changed = sql_run(store, kill, error)) != 1)
		return changed;
	sql_bind(gathered, "s", id); /* what a digest gathered ends as it does */
	if ((of_digest = sql_run(store, gathered, error)) == -1)
		return -1;
	return hold_hurry(store, id, of_digest > 0, r->at_ms, error);
}

/* How many deliveries have the receipt's id; it is put on each. */
static int put_on_all(struct store *store, const struct store_receipt *r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT id FROM delivery WHERE provider_id = ? LIMIT ?");
	struct slice ids[SAME_ID_MAX];
	struct arena arena;
	int count = 0, found, result = 0;

	arena_init(&arena, IDS_BYTES_MAX);
	sql_bind(s, "si", r->provider_id, (int64_t)SAME_ID_MAX);
	while ((found = sql_next(store, s, error)) == 1)
		ids[count++] = row_copy(s, 0, &arena);
	for (int i = 0; found == 0 && result != -1 && i < count; i++)
		result = put_on(store, ids[i], r, error);
	arena_deinit(&arena);
	return found == -1 || result == -1 ? -1 : count;
}

static int keep_early(struct store *store, const struct store_receipt *r, struct error *error)
{
	sqlite3_stmt *forget = sql_prepare(store, "DELETE FROM receipt_early WHERE at_ms < ?");
	sqlite3_stmt *keep;

	sql_bind(forget, "i", r->at_ms - STORE_RECEIPT_EARLY_MS);
	if (sql_run(store, forget, error) == -1)
		return -1;
	keep = sql_prepare(store, "INSERT OR IGNORE INTO receipt_early(provider_id, failed, reason, at_ms) "
	                          "SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM receipt_early) < ?5");
	sql_bind(keep, "sisii", r->provider_id, (int64_t)r->failed, r->reason, r->at_ms,
	         (int64_t)STORE_RECEIPTS_EARLY_MAX);
	return sql_run(store, keep, error) == -1 ? -1 : 0;
}

int store_receipt_put(struct store *store, const struct store_receipt *receipt, struct error *error)
{
	int count;

	if (receipt->provider_id.length == 0)
		return 0;
	count = put_on_all(store, receipt, error);
	if (count == 0 && keep_early(store, receipt, error) == -1)
		return -1;
	return count;
}

/* Whatever waits for this id. */
static int take_early(struct store *store, struct slice provider_id, struct error *error)
{
	sqlite3_stmt *take = sql_prepare(store, "DELETE FROM receipt_early WHERE provider_id = ? "
	                                        "RETURNING failed, reason, at_ms");
	struct store_receipt receipt = {.provider_id = provider_id};
	struct arena arena;
	int found, result = 0;

	arena_init(&arena, IDS_BYTES_MAX);
	sql_bind(take, "s", provider_id);
	if ((found = sql_next(store, take, error)) == 1) {
		receipt.failed = sqlite3_column_int(take, 0) != 0;
		receipt.reason = row_copy(take, 1, &arena);
		receipt.at_ms = sqlite3_column_int64(take, 2);
		sqlite3_reset(take);
		result = put_on_all(store, &receipt, error);
	}
	arena_deinit(&arena);
	return found == -1 || result == -1 ? -1 : 0;
}

int store_delivery_provider(struct store *store, struct slice id, struct slice provider_id, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "UPDATE delivery SET provider_id = ? WHERE id = ?");

	if (provider_id.length == 0)
		return 0;
	sql_bind(s, "ss", provider_id, id);
	return sql_run(store, s, error) == -1 ? -1 : take_early(store, provider_id, error);
}
