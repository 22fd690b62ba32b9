/*
 * Dead letters (I5) and feed offsets (I3) as rows.
 */
#ifndef STORE_DEAD_ROWS_H
#define STORE_DEAD_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

struct dead_row {
	int64_t id; /* given by the store */
	struct slice topic;
	int32_t partition;
	int64_t offset;
	struct slice decoder, field, reason, key, payload;
	int64_t payload_bytes; /* of the message; the payload kept may be shorter */
	int64_t received_ms, replayed_ms; /* replayed_ms 0: not yet */
	bool produced;
};

/* 1 new, 0 known (same topic, partition, offset), -1. */
int store_dead_put(struct store *store, const struct dead_row *row, struct error *error);
/* Up to `limit` rows with id > after, oldest first, `unproduced_only` for the producer; without payload unless asked. */
int store_dead_list(struct store *store, int64_t after, int limit, bool unproduced_only, bool with_payload,
                    struct arena *arena, struct dead_row **rows_r, size_t *count_r, struct error *error);
/* 1 found, 0 none, -1; with payload. */
int store_dead_get(struct store *store, int64_t id, struct arena *arena, struct dead_row *row_r, struct error *error);
int store_dead_mark_produced(struct store *store, int64_t id, struct error *error);
int store_dead_mark_replayed(struct store *store, int64_t id, int64_t now_ms, struct error *error);

int store_offset_put(struct store *store, struct slice topic, int32_t partition, int64_t next_offset,
                     struct error *error);
/* 1 found, 0 none, -1. */
int store_offset_get(struct store *store, struct slice topic, int32_t partition, int64_t *next_offset_r,
                     struct error *error);

#endif
