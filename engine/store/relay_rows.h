/*
 * Alerts on their way out: to the alert topic, and all of them at the end of a replay.
 */
#ifndef STORE_RELAY_ROWS_H
#define STORE_RELAY_ROWS_H

#include "base/arena.h"
#include "store/alert_rows.h"

struct unproduced_alert {
	struct slice id, account, body;
	int64_t revision;
};

/* Up to `limit` that the topic does not have in the revision that stands now, by id. */
int store_alerts_unproduced(struct store *store, int limit, struct arena *arena, struct unproduced_alert **rows_r,
                            size_t *count_r, struct error *error);
/* What changed since `row` was read stays unproduced, also within a revision (a group that became smaller). */
int store_alert_mark_produced(struct store *store, const struct unproduced_alert *row, struct error *error);

/* Up to `limit` behind (after_ms, after) in the order of (opened_ms, id). */
int store_alerts_by_opened(struct store *store, int64_t after_ms, struct slice after, int limit, struct arena *arena,
                           struct alert_row **rows_r, size_t *count_r, struct error *error);

/* Every offset there is, in order of topic and partition. */
struct offset_row {
	struct slice topic;
	int32_t partition;
	int64_t next_offset;
};
int store_offsets_like(struct store *store, const char *topic_prefix, struct arena *arena, struct offset_row **rows_r,
                       size_t *count_r, struct error *error);

#endif
