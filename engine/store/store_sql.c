#include "store/store_sql.h"

#include <stdarg.h>
#include <string.h>

#include "store/store_private.h"

/* A text is nearly always the same literal, so its address tells; the same words elsewhere are the second look. */
static sqlite3_stmt *find(const struct store *store, const char *text)
{
	for (size_t i = 0; i < store->statement_count; i++)
		if (store->statements[i].text == text)
			return store->statements[i].prepared;
	for (size_t i = 0; i < store->statement_count; i++)
		if (strcmp(store->statements[i].text, text) == 0)
			return store->statements[i].prepared;
	return NULL;
}

sqlite3_stmt *sql_prepare(struct store *store, const char *text)
{
	sqlite3_stmt *prepared = find(store, text);

	if (prepared != NULL) {
		sqlite3_reset(prepared);
		sqlite3_clear_bindings(prepared);
		return prepared;
	}
	if (store->statement_count == STORE_STATEMENTS_MAX)
		die("store: more than %d kinds of statements", STORE_STATEMENTS_MAX);
	if (sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL) != SQLITE_OK)
		die("store: %s, in: %s", sqlite3_errmsg(store->db), text);
	store->statements[store->statement_count].text = text;
	store->statements[store->statement_count++].prepared = prepared;
	return prepared;
}

void sql_bind(sqlite3_stmt *statement, const char *kinds, ...)
{
	va_list args;
	int at = 1;

	va_start(args, kinds);
	for (; *kinds != '\0'; kinds++, at++) {
		struct slice s;
		switch (*kinds) {
		case 'i':
			sqlite3_bind_int64(statement, at, va_arg(args, int64_t));
			break;
		case 't':
			sqlite3_bind_text(statement, at, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
			break;
		case 's':
			s = va_arg(args, struct slice);
			sqlite3_bind_text(statement, at, s.at != NULL ? s.at : "", (int)s.length, SQLITE_TRANSIENT);
			break;
		case 'S':
			s = va_arg(args, struct slice);
			sqlite3_bind_text(statement, at, s.at != NULL ? s.at : "", (int)s.length, SQLITE_STATIC);
			break;
		case 'b':
			s = va_arg(args, struct slice);
			sqlite3_bind_blob(statement, at, s.at != NULL ? s.at : "", (int)s.length, SQLITE_TRANSIENT);
			break;
		default:
			sqlite3_bind_null(statement, at);
		}
	}
	va_end(args);
}

/* Fills `error`, and notes where it is the file that failed: then SQLite may have taken the transaction back. */
static int failed(struct store *store, int result, struct error *error)
{
	switch (result & 0xFF) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_NOMEM:
	case SQLITE_BUSY:
	case SQLITE_CANTOPEN:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		store->troubled = true;
	}
	return error_set(error, "the store %s: %s", store->path, sqlite3_errmsg(store->db));
}

int sql_run(struct store *store, sqlite3_stmt *statement, struct error *error)
{
	int result = sqlite3_step(statement);

	sqlite3_reset(statement);
	if (result != SQLITE_DONE && result != SQLITE_ROW)
		return failed(store, result, error);
	return sqlite3_changes(store->db);
}

int sql_next(struct store *store, sqlite3_stmt *statement, struct error *error)
{
	int result = sqlite3_step(statement);

	if (result == SQLITE_ROW)
		return 1;
	sqlite3_reset(statement);
	if (result != SQLITE_DONE)
		return failed(store, result, error);
	return 0;
}

struct slice sql_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return (struct slice){text, text != NULL ? (uint32_t)sqlite3_column_bytes(statement, column) : 0};
}

int sql_execute(struct store *store, const char *text, struct error *error)
{
	int result = sqlite3_exec(store->db, text, NULL, NULL, NULL);

	return result != SQLITE_OK ? failed(store, result, error) : 0;
}
