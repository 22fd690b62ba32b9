#include "store/way_code_rows.h"

#include "store/store_sql.h"

int store_way_code_get(struct store *store, int64_t way, struct way_code *code_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT code_hash, code_until_ms, code_tries, codes, codes_since_ms FROM way "
	                                     "WHERE id = ?");
	int found;

	sql_bind(s, "i", way);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	*code_r = (struct way_code){.is_set = sqlite3_column_bytes(s, 0) == SEAL_HASH_BYTES,
	                            .until_ms = sqlite3_column_int64(s, 1), .tries = sqlite3_column_int64(s, 2),
	                            .codes = sqlite3_column_int64(s, 3), .since_ms = sqlite3_column_int64(s, 4)};
	if (code_r->is_set)
		memcpy(code_r->hash, sqlite3_column_blob(s, 0), SEAL_HASH_BYTES);
	sqlite3_reset(s);
	return 1;
}

int store_way_code_put(struct store *store, int64_t way, const struct way_code *code, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "UPDATE way SET code_hash = ?, code_until_ms = ?, code_tries = ?, codes = ?, "
	                                     "codes_since_ms = ? WHERE id = ?");
	struct slice hash = {(const char *)code->hash, code->is_set ? SEAL_HASH_BYTES : 0};

	sql_bind(s, "biiiii", hash, code->until_ms, code->tries, code->codes, code->since_ms, way);
	return sql_run(store, s, error) == -1 ? -1 : 0;
}

int store_way_verify(struct store *store, int64_t way, int64_t now_ms, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "UPDATE way SET verified_ms = ?, code_hash = x'', code_until_ms = 0, "
	                                     "code_tries = 0 WHERE id = ?");

	sql_bind(s, "ii", now_ms, way);
	return sql_run(store, s, error) == -1 ? -1 : 0;
}
