/*
 * What happens when a time has come: a thread that sleeps until the next timer of the store is due, and submits a job
 * for each that is.
 *
 *   a job of whoever needs it: store_timer_put ──▶ commit ──▶ the thread is woken ──▶ sleeps until it is due
 *                                                   due: a job takes the row and runs its kind, in one transaction
 *
 * So a crash loses no timer and runs none twice: what was due meanwhile runs after the start. A timer whose work fails
 * is put off by a minute, counted and logged, and holds up no other.
 *
 * Times are wall times, since people's are: when the wall clock jumps (against the steady one, by more than
 * TIMERS_JUMP_MS, in either direction), everything that waits is moved along with it, so that five minutes stay five
 * minutes. At the start only a clock that stands before the last time seen tells of a jump: a time when nothing ran
 * looks like one forwards.
 */
#ifndef ENGINE_TIMERS_H
#define ENGINE_TIMERS_H

#include "notify/notify.h"

#define TIMERS_JUMP_MS 2000 /* a slower drift is the clock's own adjusting */
#define TIMERS_LOOK_MS 1000 /* how often the clocks are compared, at least */
#define TIMERS_NOTE_MS 30000 /* how often the time is noted for the next start */
#define TIMERS_RETRY_MS 60000 /* a timer that failed is due again after this */
#define TIMERS_BATCH_MAX 64 /* jobs under way at the store */

struct timers_options {
	struct store_writer *writer; /* must outlive the thread */
	const char *store_path, *key_file; /* for a reader; borrowed for the call */
	const struct catalogue *const *catalogue; /* where the one in use stands; read on the store's thread */
	void (*ran)(void *arg); /* after a commit that put deliveries; may be NULL */
	void *arg;
};

struct timers;

/* Moves what waits where the clock was turned back since, and starts. */
int timers_start(const struct timers_options *options, struct timers **timers_r, struct error *error);
/* Waits for no job at the store: what is under way is still committed, or runs after the next start. */
void timers_stop(struct timers **timers);

/* ---- the leaves, for the thread and for tests ---- */

/*
 * Takes the timer where it is still there and due, and runs its kind. Inside a job. 1 it ran, 0 it was moved or
 * removed meanwhile, -1. Adds to `put`.
 */
int timers_fire(struct store *store, const struct catalogue *catalogue, const struct timer_row *timer,
                int64_t now_ms, struct notify_put *put, struct error *error);

/* How far the wall clock jumped since the call before; 0 where it did not. `*offset_ms` is kept between calls. */
int64_t timers_jump(int64_t *offset_ms, int64_t wall_ms, int64_t steady_ms);

/* At the start, inside a job: `*jump_ms_r` is by how much everything was moved, 0 or less. */
int timers_clock_begin(struct store *store, int64_t now_ms, int64_t *jump_ms_r, struct error *error);

#endif
