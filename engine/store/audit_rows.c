/*
 * The audit chain (I10). The bytes that are hashed are drawn in audit_rows.h.
 *
 * A changed, inserted or removed row breaks the chain at its place. Rows removed at the end leave a chain
 * that still fits; they show because the table is AUTOINCREMENT, and SQLite remembers the greatest number it
 * ever gave. Whoever can rewrite the whole file can rewrite that too: an anchor outside (the day's last hash,
 * sent away) is left to the operator's backup.
 */
#include "store/audit_rows.h"

#include <sodium.h>

#include "store/store_sql.h"

enum { HASH_BYTES = crypto_hash_sha256_BYTES };

static void hash_number(crypto_hash_sha256_state *state, uint64_t number)
{
	unsigned char bytes[8];

	for (int i = 7; i >= 0; i--, number >>= 8)
		bytes[i] = (unsigned char)number;
	crypto_hash_sha256_update(state, bytes, sizeof(bytes));
}

static void row_hash(const unsigned char before[HASH_BYTES], int64_t seq, int64_t at_ms,
                     const struct slice texts[4], unsigned char hash_r[HASH_BYTES])
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, before, HASH_BYTES);
	hash_number(&state, (uint64_t)seq);
	hash_number(&state, (uint64_t)at_ms);
	for (int i = 0; i < 4; i++) {
		hash_number(&state, texts[i].length);
		if (texts[i].length > 0)
			crypto_hash_sha256_update(&state, (const unsigned char *)texts[i].at, texts[i].length);
	}
	crypto_hash_sha256_final(&state, hash_r);
}

/* The greatest number ever given, and the last row's hash (zeros before the first). */
static int chain_end(struct store *store, int64_t *seq_r, unsigned char hash_r[HASH_BYTES],
                     struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "SELECT max(ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0),"
		       " ifnull((SELECT max(seq) FROM audit), 0)), (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1)");
	int found = sql_next(store, statement, error);

	if (found == -1)
		return -1;
	*seq_r = sqlite3_column_int64(statement, 0);
	memset(hash_r, 0, HASH_BYTES);
	if (sqlite3_column_bytes(statement, 1) == HASH_BYTES)
		memcpy(hash_r, sqlite3_column_blob(statement, 1), HASH_BYTES);
	sqlite3_reset(statement);
	return 0;
}

int store_audit_put(struct store *store, int64_t at_ms, const char *actor, const char *action,
                    const char *object, const char *detail, struct error *error)
{
	sqlite3_stmt *statement;
	const struct slice texts[4] = {slice_of(actor), slice_of(action), slice_of(object), slice_of(detail)};
	unsigned char before[HASH_BYTES], hash[HASH_BYTES];
	int64_t seq;

	if (chain_end(store, &seq, before, error) == -1)
		return -1;
	row_hash(before, ++seq, at_ms, texts, hash);
	statement = sql_prepare(store, "INSERT INTO audit(seq, at_ms, actor, action, object, detail, hash)"
	                               " VALUES(?, ?, ?, ?, ?, ?, ?)");
	sql_bind(statement, "iissssb", seq, at_ms, texts[0], texts[1], texts[2], texts[3],
	         (struct slice){(const char *)hash, HASH_BYTES});
	return sql_run(store, statement, error) == -1 ? -1 : 0;
}

/* Whether the row at the statement follows on `hash`, which becomes its own. */
static int row_verify(sqlite3_stmt *statement, int64_t expected, unsigned char hash[HASH_BYTES],
                      struct error *error)
{
	int64_t seq = sqlite3_column_int64(statement, 0);
	const struct slice texts[4] = {sql_text(statement, 2), sql_text(statement, 3), sql_text(statement, 4),
	                               sql_text(statement, 5)};
	unsigned char computed[HASH_BYTES];

	if (seq != expected)
		return error_set(error, "audit row %lld is missing: the next one there is %lld", (long long)expected,
		                 (long long)seq);
	row_hash(hash, seq, sqlite3_column_int64(statement, 1), texts, computed);
	if (sqlite3_column_bytes(statement, 6) != HASH_BYTES ||
	    memcmp(sqlite3_column_blob(statement, 6), computed, HASH_BYTES) != 0)
		return error_set(error, "audit row %lld does not fit the one before it: it was changed, or put in from "
		                        "outside", (long long)seq);
	memcpy(hash, computed, HASH_BYTES);
	return 0;
}

int store_audit_verify(struct store *store, int64_t *rows_r, struct error *error)
{
	sqlite3_stmt *statement;
	unsigned char hash[HASH_BYTES];
	int64_t last, rows = 0;
	int found, fits = 0;

	if (chain_end(store, &last, hash, error) == -1)
		return -1;
	memset(hash, 0, HASH_BYTES);
	statement = sql_prepare(store, "SELECT seq, at_ms, actor, action, object, detail, hash FROM audit"
	                               " ORDER BY seq");
	while (fits == 0 && (found = sql_next(store, statement, error)) != 0) {
		if (found == -1)
			return -1;
		fits = row_verify(statement, ++rows, hash, error);
	}
	sqlite3_reset(statement);
	if (fits == 0 && rows < last)
		fits = error_set(error, "the audit ends at row %lld, but row %lld was written once", (long long)rows,
		                 (long long)last);
	*rows_r = rows;
	return fits;
}
