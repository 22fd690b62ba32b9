/*
 * Private: what a connection is.
 */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include <sqlite3.h>

#include "store/connection.h"

enum { STORE_STATEMENTS_MAX = 256 };

struct store {
	sqlite3 *db;
	char *path; /* owned; for messages */
	bool writer;
	bool sealed; /* `seal` holds the key; else `seal_error` says why not */
	struct seal seal;
	struct error seal_error;
	bool timer_put; /* a timer was put or moved since the commit before */
	bool troubled; /* the file failed, not a statement: the disk is full, a page cannot be read or written */
	size_t statement_count;
	struct {
		const char *text; /* a literal */
		sqlite3_stmt *prepared;
	} statements[STORE_STATEMENTS_MAX];
};

#endif
