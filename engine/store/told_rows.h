/*
 * Questions that routing asks of the outbox: who was told of what, how much of late, and what waits for a digest or a
 * release. Writing happens inside a job.
 */
#ifndef STORE_TOLD_ROWS_H
#define STORE_TOLD_ROWS_H

#include "store/delivery_rows.h"

/* The contacts who have a warning of this alert of this level or a higher one, whatever became of it; by id. */
int store_contacts_told(struct store *store, struct slice alert, uint8_t level, struct arena *arena,
                        int64_t **contacts_r, size_t *count_r, struct error *error);

/*
 * What a contact has waiting for the end of his quiet hours of lower levels of the alert → DEAD: he is told of `level`
 * now. How many, or -1.
 */
int store_warnings_supersede(struct store *store, struct slice alert, int64_t contact, uint8_t level, int64_t now_ms,
                             struct error *error);

/* Warnings of an alert's level and step (any step where it is -1), by state. */
int store_warning_states(struct store *store, struct slice alert, uint8_t level, int step,
                         int64_t of_state_r[DELIVERY_STATE_COUNT], struct error *error);

/* 1 where an analyst released a warning of this alert of this level or a higher one, 0, or -1. */
int store_alert_released(struct store *store, struct slice alert, uint8_t level, struct error *error);

/* When the first of a step's warnings that wait is due; 1, 0 none waits, -1. */
int store_warning_first(struct store *store, struct slice alert, uint8_t level, int step, int64_t *due_ms_r,
                        struct error *error);

/* What a contact was told, or is to be told, in (from_ms, to_ms]. */
struct told_window {
	int64_t count; /* alerts and digests */
	uint8_t level; /* the highest */
	int64_t first_ms, digest_ms; /* the first of them; the last digest, 0: none */
};
int store_told_window(struct store *store, int64_t contact, int64_t from_ms, int64_t to_ms,
                      struct told_window *window_r, struct error *error);

/* A warning that waits for a digest. */
struct gathered_row {
	struct slice id, alert, account, typology;
	uint8_t level;
	int64_t way, amount_minor, raised_ms, created_ms;
};
/* Those of a contact that are due and in no digest yet, by way, then the highest level, then id. */
int store_gathered_of(struct store *store, int64_t contact, int64_t now_ms, struct arena *arena,
                      struct gathered_row **rows_r, size_t *count_r, struct error *error);
/* When a contact's next gathered warning that is in no digest is due; 1, 0 none, -1. */
int store_gathered_next(struct store *store, int64_t contact, int64_t *due_ms_r, struct error *error);
/* Gathered warnings of a way that are due name their digest now; how many, or -1. */
int store_gathered_assign(struct store *store, int64_t way, int64_t now_ms, struct slice digest,
                          struct error *error);

/* What an acknowledged delivery was about: its own alert, or those that its digest told. */
struct acknowledged_row {
	struct slice alert;
	uint8_t level;
};
int store_acknowledged(struct store *store, struct slice delivery, struct arena *arena,
                       struct acknowledged_row **rows_r, size_t *count_r, struct error *error);

/* An alert with HELD warnings that no call asks the release of, nor asked: whoever did that one left them held. */
struct held_row {
	struct slice alert, jurisdiction;
	uint8_t level;
};
int store_held_uncalled(struct store *store, struct arena *arena, struct held_row **rows_r, size_t *count_r,
                        struct error *error);

#endif
