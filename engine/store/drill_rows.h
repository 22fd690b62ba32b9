/*
 * Exercises, whom they told, and the certificates that came of them, as rows. What the states mean is drawn in
 * casework/drill.h. When a person's message arrived and when he answered is written by triggers of the schema, in the
 * same transaction as what happened to the delivery.
 */
#ifndef STORE_DRILL_ROWS_H
#define STORE_DRILL_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

/* The numbers in the columns `state`. */
enum drill_state { DRILL_WAITING, DRILL_TELLING, DRILL_RUNNING, DRILL_ENDED, DRILL_STATE_COUNT };
extern const char *const drill_state_names[DRILL_STATE_COUNT]; /* "waiting" … */
enum drill_target_state { DRILL_CHOSEN, DRILL_TOLD, DRILL_SKIPPED, DRILL_UNREACHED };

/* Slices borrow from the arena given, or from the caller when written. */
struct drill_row {
	struct slice id, typology;
	uint8_t level, state;
	struct slice jurisdiction, industry;
	int64_t within_ms;
	struct slice started_by;
	int64_t created_ms, told_ms, ended_ms;
	struct slice ended_by;
};

/* 1 new, 0 known, -1. */
int store_drill_put(struct store *store, const struct drill_row *row, struct error *error);
/* Writes state, told_ms, ended_ms, ended_by; 1, 0 none, -1. */
int store_drill_change(struct store *store, const struct drill_row *row, struct error *error);
/* 1 found, 0 none, -1. */
int store_drill_get(struct store *store, struct slice id, struct arena *arena, struct drill_row *row_r,
                    struct error *error);
/* The latest first, those with (created_ms, id) below the given. */
int store_drills(struct store *store, int64_t created_ms, struct slice id, int limit, struct arena *arena,
                 struct drill_row **rows_r, size_t *count_r, struct error *error);

/* One enterprise, CHOSEN; 1 new, 0 known, -1. */
int store_drill_target_put(struct store *store, struct slice drill, struct slice enterprise, struct error *error);
int store_drill_target_set(struct store *store, struct slice drill, struct slice enterprise,
                           enum drill_target_state state, struct error *error);
/* The CHOSEN, by USCC. */
int store_drill_chosen(struct store *store, struct slice drill, int limit, struct arena *arena, struct slice **usccs_r,
                       size_t *count_r, struct error *error);
/*
 * 1 where a real warning of the enterprise is open: its escalation runs, it is on a call list or held, or it was
 * stored at or after `since_ms`; 0; -1.
 */
int store_enterprise_alarmed(struct store *store, struct slice enterprise, int64_t since_ms, struct error *error);

int store_drill_person_put(struct store *store, struct slice drill, int64_t contact, struct slice enterprise,
                           struct error *error);

struct drill_person_row {
	int64_t contact;
	struct slice enterprise, enterprise_name; /* the name is "" where it is no longer registered */
	struct slice name, role; /* of the contact; "" where he is no longer registered. Not masked */
	int64_t sent_ms, answered_ms; /* 0: not yet */
	struct slice answer; /* the first word he answered with; "" */
};
/* By enterprise and contact; at most `limit`. */
int store_drill_persons(struct store *store, struct slice drill, int limit, struct arena *arena,
                        struct drill_person_row **rows_r, size_t *count_r, struct error *error);

struct drill_totals {
	int64_t chosen, told, skipped, unreached; /* enterprises */
	int64_t put, waiting, sent, dead; /* deliveries; sent: with those that were answered */
	int64_t certificates;
};
int store_drill_totals(struct store *store, struct slice drill, struct drill_totals *totals_r, struct error *error);

struct certificate_row {
	struct slice number, drill;
	int64_t contact;
	struct slice enterprise, day;
	int64_t response_ms, issued_ms;
};
/* 1 new, 0 known, -1. The contact's `trained_on` becomes the day where it is earlier. */
int store_certificate_put(struct store *store, const struct certificate_row *row, struct error *error);
/* 1 found, 0 none, -1. */
int store_certificate_get(struct store *store, struct slice number, struct arena *arena,
                          struct certificate_row *row_r, struct error *error);
/* The name of a contact, opened; empty where there is none. */
int store_contact_name(struct store *store, int64_t contact, struct arena *arena, struct slice *name_r,
                       struct error *error);

#endif
