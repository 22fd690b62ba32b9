/*
 * Opening, pragmas, migrations.
 *
 * WAL with synchronous=FULL: a commit survives a power cut, and readers never wait. One connection writes and makes
 * all checkpoints, since SQLite up to 3.51.2 can corrupt a WAL that two connections checkpoint; readers therefore
 * open read-only with wal_autocheckpoint=0.
 */
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_key.h"
#include "store/store_private.h"
#include "store/store_sql.h"

enum { BUSY_MS = 5000 };

static const char *const migrations[] = {
#include "embedded_sql.inc"
};

enum { SCHEMA_VERSION = sizeof(migrations) / sizeof(migrations[0]) };

static int64_t pragma_number(struct store *store, const char *text)
{
	sqlite3_stmt *statement = sql_prepare(store, text);
	int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;

	sqlite3_reset(statement);
	return value;
}

static int migrate_one(struct store *store, int version, struct error *error)
{
	char mark[64];

	snprintf(mark, sizeof(mark), "PRAGMA user_version = %d", version + 1);
	if (sql_execute(store, "BEGIN IMMEDIATE", error) == -1)
		return -1;
	if (sql_execute(store, migrations[version], error) == 0 && sql_execute(store, mark, error) == 0 &&
	    sql_execute(store, "COMMIT", error) == 0)
		return 0;
	sql_execute(store, "ROLLBACK", NULL);
	return error_wrap(error, "schema %d", version + 1);
}

static int migrate(struct store *store, int64_t version, struct error *error)
{
	/* What a migration takes away is overwritten: it may be personal data that was not sealed yet. */
	if (version < SCHEMA_VERSION && sql_execute(store, "PRAGMA secure_delete = ON", error) == -1)
		return -1;
	for (; version < SCHEMA_VERSION; version++)
		if (migrate_one(store, (int)version, error) == -1)
			return -1;
	return sql_execute(store, "PRAGMA secure_delete = OFF", error);
}

static int open_connection(const char *path, bool writer, struct store **store_r,
                           struct error *error)
{
	int flags = writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
	struct store *store = calloc(1, sizeof(*store));

	if (store == NULL || (store->path = strdup(path)) == NULL)
		die("out of memory: opening the store");
	store->writer = writer;
	if (sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) !=
	    SQLITE_OK) {
		error_set(
			error,
			"the store %s cannot be opened: %s; check that its folder exists and may be written",
			path, sqlite3_errmsg(store->db));
		store_close(&store);
		return -1;
	}
	sqlite3_busy_timeout(store->db, BUSY_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	*store_r = store;
	return 0;
}

/* The key before the migrations, which may need it; then whether it is the right one. */
static int open_schema(struct store *store, const char *key_file, struct error *error)
{
	int64_t version = pragma_number(store, "PRAGMA user_version");

	if (version > SCHEMA_VERSION)
		return error_set(error,
		                 "the store %s was written by a newer huqi (schema %lld, this one knows %d); "
		                 "install that version or restore a backup",
		                 store->path, (long long)version, SCHEMA_VERSION);
	return store_key_open(store, key_file, version < STORE_KEY_SINCE, error) == -1 ||
	                       migrate(store, version, error) == -1
	               ? -1
	               : store_key_check(store, error);
}

int store_open(const char *path, const char *key_file, struct store **store_r, struct error *error)
{
	int64_t before;

	if (open_connection(path, true, store_r, error) == -1)
		return -1;
	before = pragma_number(*store_r, "PRAGMA user_version");
	if (sql_execute(*store_r,
	                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
	                "PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
	                error) == 0 &&
	    open_schema(*store_r, key_file, error) == 0 &&
	    (before == 0 || before >= STORE_KEY_SINCE ||
	     sql_execute(*store_r, "PRAGMA wal_checkpoint(TRUNCATE)", error) == 0)) /* the log held it, too */
		return 0;
	store_close(store_r);
	return -1;
}

int store_open_beside(const char *path, const char *key_file, struct store **store_r, struct error *error)
{
	if (open_connection(path, true, store_r, error) == -1)
		return -1;
	sqlite3_db_config((*store_r)->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (sql_execute(*store_r,
	                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;",
	                error) == 0 &&
	    open_schema(*store_r, key_file, error) == 0)
		return 0;
	store_close(store_r);
	return -1;
}

int store_begin(struct store *store, struct error *error)
{
	return sql_execute(store, "BEGIN IMMEDIATE", error);
}

void store_rollback(struct store *store)
{
	sql_execute(store, "ROLLBACK", NULL);
}

int store_commit(struct store *store, struct error *error)
{
	if (sql_execute(store, "COMMIT", error) == 0)
		return 0;
	store_rollback(store);
	return -1;
}

int store_open_reader(const char *path, const char *key_file, struct store **store_r, struct error *error)
{
	if (open_connection(path, false, store_r, error) == -1)
		return -1;
	if (sql_execute(*store_r,
	                "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-16384;",
	                error) == 0) {
		/* Most of what is read is not sealed, so whoever reads that needs no key. */
		if (store_key_open(*store_r, key_file, false, &(*store_r)->seal_error) == 0)
			store_key_check(*store_r, &(*store_r)->seal_error);
		return 0;
	}
	store_close(store_r);
	return -1;
}

void store_close(struct store **store)
{
	if (*store == NULL)
		return;
	for (size_t i = 0; i < (*store)->statement_count; i++)
		sqlite3_finalize((*store)->statements[i].prepared);
	sqlite3_close((*store)->db);
	seal_clear(&(*store)->seal);
	free((*store)->path);
	free(*store);
	*store = NULL;
}
