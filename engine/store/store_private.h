/*
 * Private: what a connection is.
 */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include <sqlite3.h>

#include "store/connection.h"

enum { STORE_STATEMENTS_MAX = 160 };

struct store {
	sqlite3 *db;
	char *path; /* owned; for messages */
	bool writer;
	bool troubled; /* the file failed, not a statement: the disk is full, a page cannot be read or written */
	size_t statement_count;
	struct {
		const char *text; /* a literal */
		sqlite3_stmt *prepared;
	} statements[STORE_STATEMENTS_MAX];
};

/* Brings the schema up to date, or refuses a newer one. */
int store_migrate(struct store *store, struct error *error);

#endif
