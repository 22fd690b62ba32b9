/*
 * Bulletins as rows. What the states mean is drawn in casework/bulletin.h; here is the SQL only. Writing happens
 * inside a job, reading on any connection.
 */
#ifndef STORE_BULLETIN_ROWS_H
#define STORE_BULLETIN_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

/* The numbers in the column `state`. */
enum bulletin_state {
	BULLETIN_DRAFT, BULLETIN_APPROVED, BULLETIN_SENDING, BULLETIN_SENT, BULLETIN_WITHDRAWN, BULLETIN_STATE_COUNT
};
extern const char *const bulletin_state_names[BULLETIN_STATE_COUNT]; /* "draft" … */

/* Slices borrow from the arena given, or from the caller when written. */
struct bulletin_row {
	struct slice id, period; /* week | month */
	int64_t from_ms, to_ms;
	struct slice jurisdiction, industry;
	uint8_t state;
	int64_t revision;
	struct slice title_zh, title_en, body_zh, body_en, figures;
	int64_t drafted_ms;
	struct slice edited_by;
	int64_t edited_ms;
	struct slice approved_by;
	int64_t approved_ms;
	struct slice withdrawn_by;
	int64_t withdrawn_ms;
	struct slice next;
	int64_t enterprises, unreached, sent_ms;
};

/* A new draft; 1, 0 where there is one of this id, whatever its state, -1. */
int store_bulletin_put(struct store *store, const struct bulletin_row *row, struct error *error);
/* Writes all that may change behind the id; 1, 0 none, -1. */
int store_bulletin_change(struct store *store, const struct bulletin_row *row, struct error *error);
/* 1 found, 0 none, -1. */
int store_bulletin_get(struct store *store, struct slice id, struct arena *arena, struct bulletin_row *row_r,
                       struct error *error);
/* The latest period first, those with (from_ms, id) below the given (INT64_MAX: from the beginning). */
int store_bulletins(struct store *store, int64_t from_ms, struct slice id, int limit, struct arena *arena,
                    struct bulletin_row **rows_r, size_t *count_r, struct error *error);

/* What became of a bulletin's copies. */
struct bulletin_totals {
	int64_t put, waiting, sent, dead; /* copies; sent: with those that were read */
	int64_t read; /* different contacts who said that they read it: a fetch of the page is none */
};
int store_bulletin_totals(struct store *store, struct slice id, struct bulletin_totals *totals_r,
                          struct error *error);

/* Active enterprises of an area and industry behind `after`, by USCC. */
int store_enterprises_in(struct store *store, struct slice jurisdiction, struct slice industry, struct slice after,
                         int limit, struct arena *arena, struct slice **usccs_r, size_t *count_r,
                         struct error *error);
/* Registered jurisdictions that have an active enterprise of their own, by code. */
int store_jurisdictions_used(struct store *store, struct arena *arena, struct slice **codes_r, size_t *count_r,
                struct error *error);

/* 1 where a copy of this subject (a bulletin or a drill) was put for the destination, 0, or -1. */
int store_subject_reached(struct store *store, struct slice subject, int64_t destination, struct error *error);
/* Copies of a subject that were not sent yet → DEAD; how many, or -1. */
int store_subject_give_up(struct store *store, struct slice subject, const char *reason, int64_t now_ms,
                          struct error *error);

#endif
