/*
 * Private: prepared statements by their text, and binding them without repetition.
 */
#ifndef STORE_STORE_SQL_H
#define STORE_STORE_SQL_H

#include <sqlite3.h>

#include "store/connection.h"

/* A cached statement, reset, its parameters cleared; dies on SQL that does not prepare (a programmer's error). */
sqlite3_stmt *sql_prepare(struct store *store, const char *text);

/*
 * Binds in order by `kinds`: i int64_t, t const char *, s struct slice as text, b struct slice as a blob, n NULL. S is s
 * without a copy: the text is borrowed until the statement is run, for sql_run().
 */
void sql_bind(sqlite3_stmt *statement, const char *kinds, ...);

/* Steps a statement that returns nothing; the rows changed, or -1 with `error` filled. */
int sql_run(struct store *store, sqlite3_stmt *statement, struct error *error);

/* 1 a row, 0 no more (and the statement is reset), -1 with `error` filled. */
int sql_next(struct store *store, sqlite3_stmt *statement, struct error *error);

/* A column's text, borrowed until the next step. */
struct slice sql_text(sqlite3_stmt *statement, int column);

/* Runs one or several statements without parameters. */
int sql_execute(struct store *store, const char *text, struct error *error);

#endif
