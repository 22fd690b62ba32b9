/*
 * Alerts that the alert topic does not have yet, in the revision that stands now.
 */
#ifndef STORE_RELAY_ROWS_H
#define STORE_RELAY_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

struct unproduced_alert {
	struct slice id, account, body;
	int64_t revision;
};

/* Up to `limit`, by id. */
int store_alerts_unproduced(struct store *store, int limit, struct arena *arena, struct unproduced_alert **rows_r,
                            size_t *count_r, struct error *error);
/* A later revision stays unproduced. */
int store_alert_mark_produced(struct store *store, struct slice id, int64_t revision, struct error *error);

#endif
