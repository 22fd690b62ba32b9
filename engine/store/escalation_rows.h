/*
 * How far the telling of an alert is, what its levels say, and what contacts muted. What the states mean is drawn
 * in notify/escalate.h; here is the SQL only.
 */
#ifndef STORE_ESCALATION_ROWS_H
#define STORE_ESCALATION_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

enum escalation_state { ESCALATION_RUNNING, ESCALATION_ACKNOWLEDGED, ESCALATION_ENDED, ESCALATION_MUTED };

struct escalation_row {
	struct slice alert;
	uint8_t level, step, state;
	struct slice reason; /* why it came to this step; "" for the first */
	int64_t wait_ms; /* how long this step waits for an answer */
	int64_t due_ms; /* of the next step; 0: it waits for a release, or for nothing any more */
	int64_t started_ms; /* of this level */
	struct slice jurisdiction; /* the alert's */
};

/* Inserts or replaces by alert. */
int store_escalation_put(struct store *store, const struct escalation_row *row, struct error *error);
/* 1 found, 0 none, -1. Follows an alert's alias. */
int store_escalation_get(struct store *store, struct slice alert, struct arena *arena,
                         struct escalation_row *row_r, struct error *error);
/*
 * The alert `old` is now `id`: escalation, timer, warnings and calls follow. Where both have one, the higher level's
 * stays; of equals the one that runs, else that of `id`.
 */
int store_escalation_rename(struct store *store, struct slice old, struct slice id, struct error *error);

struct warning_row {
	struct slice alert;
	uint8_t level;
	struct slice owner; /* the enterprise that is told; "": none is known */
	struct slice payee_hash; /* of the leading payee, keyed; "": none */
	struct slice body; /* what is the same for all receivers */
};

/* Inserts or replaces by alert and level. */
int store_warning_put(struct store *store, const struct warning_row *row, struct error *error);
/* 1 found, 0 none, -1. Follows an alert's alias. `level` 0: the highest. */
int store_warning_get(struct store *store, struct slice alert, uint8_t level, struct arena *arena,
                      struct warning_row *row_r, struct error *error);

struct mute_row {
	struct slice owner, payee_hash;
	int64_t until_ms, contact;
	struct slice reason;
	int64_t created_ms;
};

/* Inserts or replaces by owner and payee. */
int store_mute_put(struct store *store, const struct mute_row *row, struct error *error);
/* 1 where the owner muted the payee and the time is not over, 0, or -1. */
int store_mute_active(struct store *store, struct slice owner, struct slice payee_hash, int64_t now_ms,
                      struct error *error);

#endif
