/*
 * The centres' call lists as rows: whom an analyst is to call, or what he is to decide, about which alert.
 */
#ifndef STORE_CALL_ROWS_H
#define STORE_CALL_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

struct call_row {
	int64_t id;
	struct slice alert, jurisdiction; /* "": nobody's, shown to all */
	uint8_t level;
	struct slice reason; /* no_contact | unanswered | undeliverable | watched | release | paid | unsure | objection */
	int64_t created_ms, due_ms; /* due: when it goes on to the city's; 0: it stays */
	struct slice taken_by;
	int64_t taken_ms, done_ms;
	struct slice outcome;
};

/*
 * Opens one; an alert has one open row for a reason and jurisdiction. 1 new and `*id_r` its number; 0 where it is
 * open already, `*id_r` that one's, its level raised where this one's is higher; -1.
 */
int store_call_put(struct store *store, struct slice alert, uint8_t level, struct slice jurisdiction,
                   const char *reason, int64_t now_ms, int64_t due_ms, int64_t *id_r, struct error *error);
/* 1 found, 0 none, -1. */
int store_call_get(struct store *store, int64_t id, struct arena *arena, struct call_row *row_r,
                   struct error *error);
/* The number in a subject of deliveries and timers: its digits; 0 where there are none. */
int64_t store_call_number(struct slice subject);
/* An analyst takes an open call that nobody has; 1, 0 where it cannot be taken, -1. */
int store_call_take(struct store *store, int64_t id, const char *who, int64_t now_ms, struct error *error);
/* An open call → done; 1, 0 where it is none, -1. */
int store_call_close(struct store *store, int64_t id, const char *outcome, int64_t now_ms, struct error *error);
/*
 * All open calls of an alert for one of the reasons (a comma behind each: "unanswered,no_contact,") → done; only
 * those that nobody took where `untaken`. How many, or -1.
 */
int store_calls_close(struct store *store, struct slice alert, const char *reasons, bool untaken,
                      const char *outcome, int64_t now_ms, struct error *error);
/* 1 where the alert has a call of this reason that somebody took or did, 0, or -1. */
int store_call_handled(struct store *store, struct slice alert, const char *reason, int64_t since_ms,
                       struct error *error);
/*
 * Open calls as they are to be worked on: releases first, then by level, then the oldest, behind `after` rows. Of a
 * jurisdiction and all below it, and nobody's; all where it is empty.
 */
int store_calls_open(struct store *store, struct slice jurisdiction, int after, int limit, struct arena *arena,
                     struct call_row **rows_r, size_t *count_r, struct error *error);

struct call_totals {
	int64_t open, untaken, running; /* calls; calls that nobody took; escalations under way */
};
int store_call_totals(struct store *store, struct call_totals *totals_r, struct error *error);

#endif
