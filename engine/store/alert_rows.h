/*
 * Hits and alerts as rows. Writing happens inside a job (the desk's), reading on any connection.
 */
#ifndef STORE_ALERT_ROWS_H
#define STORE_ALERT_ROWS_H

#include "base/arena.h"
#include "base/hit.h"
#include "store/connection.h"

/* Which episode stream a hit belongs to; an alert belongs to one. */
struct episode_key {
	struct slice bank, account, typology;
	uint8_t audience; /* enum audience */
};

/* A row of `alert`. Slices borrow from the arena given, or from the caller when written. */
struct alert_row {
	struct slice id;
	int64_t revision;
	uint8_t level, score, audience;
	struct slice typology, bank, account, account_name, enterprise, jurisdiction;
	int64_t opened_ms, raised_ms, updated_ms, amount_minor, stored_ms;
	uint64_t group; /* the least of its hits'; 0: none */
	struct slice body; /* huqi.alert.v1 */
};

/*
 * 1 where the hit is new, 0 where the store had it, 2 where it had it in a larger group or none and the group is
 * replaced by this one, -1.
 */
int store_hit_put(struct store *store, const struct hit *hit, struct error *error);

/* All hits of a key booked in [from_ms, to_ms], in order of (booked_ms, tx_id, pattern, version), into `arena`. */
int store_hits_get(struct store *store, const struct episode_key *key, int64_t from_ms, int64_t to_ms,
                   struct arena *arena, struct hit **hits_r, size_t *count_r, struct error *error);

/*
 * The first and the last booking time of the episode that holds a hit booked at `ms`: neighbours at most `gap_ms`
 * apart. Either pointer may be NULL.
 */
int store_episode_bounds(struct store *store, const struct episode_key *key, int64_t ms, int64_t gap_ms,
                         int64_t *from_ms_r, int64_t *to_ms_r, struct error *error);

/* Inserts or replaces by id. */
int store_alert_put(struct store *store, const struct alert_row *row, struct error *error);
/* 1 found, 0 none, -1. Follows an alias. */
int store_alert_get(struct store *store, struct slice id, struct arena *arena, struct alert_row *row_r,
                    struct error *error);
/* Alerts of a key with opened_ms in [from_ms, to_ms], without their bodies; the rows in the order of opened_ms. */
int store_alerts_of(struct store *store, const struct episode_key *key, int64_t from_ms, int64_t to_ms,
                    struct arena *arena, struct alert_row **rows_r, size_t *count_r, struct error *error);
/* Deletes `old` and makes it lead to `id`; its deliveries follow. */
int store_alert_rename(struct store *store, struct slice old, struct slice id, struct error *error);

#endif
