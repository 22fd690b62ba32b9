/*
 * Private: what becomes of waiting rows besides being sent: held (I7), and hurried on because nothing of them can be.
 */
#ifndef STORE_HOLD_ROWS_H
#define STORE_HOLD_ROWS_H

#include "store/delivery_rows.h"

/* A row that waits again is held where its account is watched by then; a digest is broken up. */
int hold_if_watched(struct store *store, struct slice id, int64_t now_ms, struct error *error);
/* All that wait. */
int hold_all_watched(struct store *store, int64_t now_ms, struct error *error);

/* The delivery is DEAD (`is_digest`: with what it gathered): steps with nothing but dead warnings are over now. */
int hold_hurry(struct store *store, struct slice id, bool is_digest, int64_t now_ms, struct error *error);

#endif
