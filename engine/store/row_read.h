/*
 * Private: rows that are read go into the caller's arena, and an array of them grows there by doubling.
 */
#ifndef STORE_ROW_READ_H
#define STORE_ROW_READ_H

#include <sqlite3.h>

#include "base/arena.h"
#include "store/store.h"

/* A copy of a column, text or blob; NULL reads as an empty slice with `at` NULL. Past the bound the arena
 * latches. */
struct slice row_copy(sqlite3_stmt *statement, int column, struct arena *arena);

/* Room for one more item behind `count` items of `size` bytes: the array, moved where it had to grow; NULL
 * past the arena's bound. `items` is NULL at first. */
void *row_grow(struct arena *arena, void *items, size_t count, size_t size);

/* Resets the statement and fills `error` where the arena's bound cut the rows short: then -1, else 0. */
int row_check(sqlite3_stmt *statement, const struct arena *arena, const char *what, struct error *error);

/* What the readers below expect, in this order; the text of a SELECT begins with it. */
#define ALERT_COLUMNS_BUT_BODY \
	"id, revision, level, score, audience, typology, bank, account, account_name, enterprise, jurisdiction, " \
	"opened_ms, raised_ms, updated_ms, amount_minor, stored_ms, group_id"
#define ALERT_COLUMNS ALERT_COLUMNS_BUT_BODY ", body"
/* And behind these the payload, or NULL. */
#define DEAD_COLUMNS \
	"id, topic, partition, offset, decoder, field, reason, key, payload_bytes, received_ms, replayed_ms, " \
	"produced"

void alert_row_read(sqlite3_stmt *statement, struct arena *arena, struct alert_row *row_r);
void dead_row_read(sqlite3_stmt *statement, struct arena *arena, struct dead_row *row_r);

#endif
