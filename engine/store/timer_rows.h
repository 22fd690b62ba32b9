/*
 * Timers as rows: what is to happen when, in wall time. They are put and removed inside the job that makes them
 * needed, so a crash loses none; engine/timers.c runs them.
 */
#ifndef STORE_TIMER_ROWS_H
#define STORE_TIMER_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

struct timer_row {
	struct slice kind, subject;
	int64_t due_ms;
};

/* One a kind and subject: a second put moves it. Kinds are those of engine/timers.c. */
int store_timer_put(struct store *store, const char *kind, struct slice subject, int64_t due_ms,
                    struct error *error);
/* The same, but one that is there is only moved to an earlier time: what came due while nothing ran stays due. */
int store_timer_hasten(struct store *store, const char *kind, struct slice subject, int64_t due_ms,
                       struct error *error);
/* 1 removed, 0 there was none, -1. */
int store_timer_remove(struct store *store, const char *kind, struct slice subject, struct error *error);
/* 1 and it is removed where it is due by `now_ms`; 0 where it is not, or not there any more; -1. */
int store_timer_take(struct store *store, const struct timer_row *timer, int64_t now_ms, struct error *error);

/* When the next is due; 1, 0 there is none, -1. */
int store_timer_next(struct store *store, int64_t *due_ms_r, struct error *error);
/* Those that are due, the earliest first, then by kind and subject. */
int store_timers_due(struct store *store, int64_t now_ms, int limit, struct arena *arena,
                     struct timer_row **rows_r, size_t *count_r, struct error *error);

/* The wall time that was noted last; 0: never. */
int store_clock_seen(struct store *store, int64_t *seen_ms_r, struct error *error);
int store_clock_note(struct store *store, int64_t now_ms, struct error *error);
/*
 * The wall clock was moved by `jump_ms`: everything that waits for a time is moved with it, timers, escalations,
 * calls, and what the outbox has waiting. What happened keeps its time, and a mute its end: people named them.
 */
int store_clock_shift(struct store *store, int64_t jump_ms, struct error *error);

#endif
