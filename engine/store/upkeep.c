/*
 * Checking and copying the store's file.
 */
#include <errno.h>
#include <unistd.h>

#include "store/store_private.h"
#include "store/store_sql.h"

enum { BACKUP_PAGES = 1024, BACKUP_PAUSE_MS = 10 };

int store_check(struct store *store, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "PRAGMA integrity_check(1)");
	int found = sql_next(store, statement, error);

	if (found == -1)
		return -1;
	if (!slice_is(sql_text(statement, 0), "ok"))
		return error_set(error, "the store %s is damaged: %.*s; restore a backup", store->path,
		                 SLICE_PRINT(sql_text(statement, 0)));
	sqlite3_reset(statement);
	return 0;
}

/* By pieces, so that the service may write in between; SQLite begins again where it did. */
int store_backup(struct store *store, const char *path, struct error *error)
{
	sqlite3_backup *backup;
	sqlite3 *copy = NULL;
	int result;

	if (access(path, F_OK) == 0)
		return error_set(error, "%s exists; name a new file", path);
	if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
	    (backup = sqlite3_backup_init(copy, "main", store->db, "main")) == NULL) {
		error_set(error, "%s cannot be written: %s", path, sqlite3_errmsg(copy));
		sqlite3_close(copy);
		return -1;
	}
	while ((result = sqlite3_backup_step(backup, BACKUP_PAGES)) == SQLITE_OK || result == SQLITE_BUSY ||
	       result == SQLITE_LOCKED)
		sqlite3_sleep(BACKUP_PAUSE_MS);
	sqlite3_backup_finish(backup);
	if (result != SQLITE_DONE)
		error_set(error, "%s cannot be written: %s", path, sqlite3_errstr(result));
	sqlite3_close(copy);
	return result == SQLITE_DONE ? 0 : -1;
}
