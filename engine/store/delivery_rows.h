/*
 * The outbox's rows. What the states mean and who moves them is drawn in deliver/outbox.h; here is the SQL
 * only. Writing happens inside a job, reading on any connection.
 */
#ifndef STORE_DELIVERY_ROWS_H
#define STORE_DELIVERY_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

/* The numbers in the column `state`. */
enum delivery_state {
	DELIVERY_PENDING, DELIVERY_INFLIGHT, DELIVERY_RETRY, DELIVERY_SENT, DELIVERY_ACKED, DELIVERY_DEAD, DELIVERY_HELD,
	DELIVERY_GATHERED, DELIVERY_STATE_COUNT
};
extern const char *const delivery_state_names[DELIVERY_STATE_COUNT]; /* "pending" … */

/* The numbers in the column `kind`. */
enum delivery_kind {
	DELIVERY_WARNING, DELIVERY_CODE, DELIVERY_DRILL, DELIVERY_BULLETIN, DELIVERY_CALL, DELIVERY_DIGEST,
	DELIVERY_KIND_COUNT
};
extern const char *const delivery_kind_names[DELIVERY_KIND_COUNT]; /* "warning" … */

struct delivery_row {
	struct slice id;
	struct slice alert; /* "" for kinds without one */
	struct slice subject; /* what it is about where that is no alert; of a gathered warning its digest's id */
	int64_t revision, way, destination, attempts;
	int64_t step; /* of the level's routing */
	uint8_t level, state, kind;
	int64_t created_ms, due_ms, settled_ms, released_ms; /* 0: not yet */
	struct slice reason, body; /* body: huqi.warning.v1 */
};

/* A delivery that waits, with what its way and its contact say about sending it. */
struct delivery_due {
	struct slice id, channel, address, secret, language, disabled, body;
	int64_t destination, attempts, created_ms;
	uint8_t level;
};

/*
 * 1 new; 0 where the id is known, or it is a warning and the alert's way has one of this level or higher; -1, also
 * where it would say to an enterprise what is for analysts (I7).
 */
int store_delivery_put(struct store *store, const struct delivery_row *row, struct error *error);
/* 1 found, 0 none, -1. */
int store_delivery_get(struct store *store, struct slice id, struct arena *arena, struct delivery_row *row_r,
                       struct error *error);
/*
 * The deliveries of an alert, or with `state` >= 0 and `alert` empty those of a state, with id > after, by
 * id.
 */
int store_delivery_list(struct store *store, struct slice alert, int state, struct slice after, int limit,
                        struct arena *arena, struct delivery_row **rows_r, size_t *count_r, struct error *error);

/* The next destination after `after` with something waiting, and when its earliest is due; 1, 0 none, -1. */
int store_destination_next(struct store *store, int64_t after, int64_t *destination_r, int64_t *due_ms_r,
                           struct error *error);
/* What is due at a destination, oldest first. */
int store_deliveries_due(struct store *store, int64_t destination, int64_t now_ms, int limit, struct arena *arena,
                         struct delivery_due **rows_r, size_t *count_r, struct error *error);

/* PENDING or RETRY → INFLIGHT, one attempt more; 1, or 0 where it no longer waits, or -1. */
int store_delivery_claim(struct store *store, struct slice id, struct error *error);
/* Past office hours: a bulletin or an exercise that waits is due at `opens_ms`; 1, 0 where it is neither, -1. */
int store_delivery_put_off(struct store *store, struct slice id, int64_t opens_ms, struct error *error);
/*
 * INFLIGHT → `state`; 1, 0 where it is not in flight, -1. A RETRY of a watched account becomes HELD (I7). What a digest
 * gathered ends as it does. Where all warnings of an escalation's step are DEAD, its next step is due now.
 */
int store_delivery_settle(struct store *store, struct slice id, enum delivery_state state, int64_t due_ms,
                          int64_t now_ms, const char *reason, struct error *error);
/* All that wait for a destination → DEAD; how many, or -1. */
int store_deliveries_give_up(struct store *store, int64_t destination, int64_t now_ms, const char *reason,
                             struct error *error);
/* INFLIGHT → RETRY, due now, the id unchanged: what a crash left; how many, or -1. */
int store_deliveries_recover(struct store *store, int64_t now_ms, struct error *error);

/* I7: 1 where an analysts' alert of orange or red is open on the account, 0, or -1. */
int store_account_watched(struct store *store, struct slice bank, struct slice account, struct error *error);
/*
 * What waits for an account's enterprise and was not released → HELD; how many, or -1. A waiting digest that lists
 * the account is broken up: its other warnings go out one by one.
 */
int store_deliveries_hold(struct store *store, struct slice bank, struct slice account, int64_t now_ms,
                          struct error *error);
/* The HELD of an alert (or of one that was renamed to it) → PENDING, due now; how many, or -1. */
int store_deliveries_release(struct store *store, struct slice alert, int64_t now_ms, struct error *error);

/* `from` → `to` by a person; 1, 0 where it is not in `from`, -1. To PENDING: due now, as if never tried. */
int store_delivery_move(struct store *store, struct slice id, enum delivery_state from, enum delivery_state to,
                        int64_t now_ms, struct error *error);

struct delivery_totals {
	int64_t of_state[DELIVERY_STATE_COUNT];
};
int store_delivery_totals(struct store *store, struct delivery_totals *totals_r, struct error *error);

#endif
