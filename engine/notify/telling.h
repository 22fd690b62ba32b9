/*
 * What the parts of routing share while they tell people of one alert, or run one timer: inside a store job, all of it
 * a function of the store's rows, the rules and `now_ms`.
 */
#ifndef NOTIFY_TELLING_H
#define NOTIFY_TELLING_H

#include "notify/notify.h"
#include "pattern/pattern.h"

#define TELLING_BYTES_MAX (16u << 20) /* scratch of one alert or timer */

/* Kinds of timers, as engine/timers.c has them. */
#define TIMER_ESCALATION "escalation" /* subject: an alert; its step was waited for */
#define TIMER_CALL "call" /* subject: a call's number; nobody took it */
#define TIMER_DIGEST "digest" /* subject: a contact's number; his window is over */
#define TIMER_HOLD "hold" /* subject: ""; something became HELD outside of routing */

struct telling {
	struct store *store;
	const struct catalogue *catalogue; /* NULL: as shipped, without words */
	const struct routing *routing;
	struct slice signature; /* who writes; empty: MESSAGE_SIGNATURE */
	struct arena *arena; /* scratch */
	int64_t now_ms;
	struct notify_put *put; /* what was done, counted after the commit */
};

/* Of a timer's run, with an arena that the caller ends. */
void telling_init(struct telling *t, struct notify_timer *timer, struct arena *arena);
const struct routing *telling_routing(const struct catalogue *catalogue);

/* One alert, while its people are told. */
struct told_alert {
	struct alert_row row;
	struct warning_row warning; /* of the level that is told */
	bool held; /* its warnings wait for a release (I7) */
	bool released; /* an analyst let this level go: what comes is not held any more */
};

/*
 * The persons whom a step chooses get their deliveries. How many persons, and when the first of them is reached; 0
 * where there is nobody (more) to tell.
 */
int telling_people(struct telling *t, const struct told_alert *alert, size_t step, int64_t *first_ms_r,
                   struct error *error);

/*
 * Opens a call and tells the duty contacts of the jurisdiction. With `due_ms` and nobody who takes it until then, it
 * becomes the city's too. 1 new, 0 it was open already, -1.
 */
int telling_call(struct telling *t, struct slice alert, uint8_t level, struct slice jurisdiction, const char *reason,
                 int64_t due_ms, bool lifted, struct error *error);
/* Calls for the release of what is HELD, and a stop of the escalations that wait for it. */
int telling_release_calls(struct telling *t, struct error *error);

/*
 * Whether a warning of `level` that would reach the contact at `at_ms` is to be gathered: 1 and `*until_ms_r`, when
 * its digest is due; 0; -1.
 */
int telling_gather(struct telling *t, int64_t contact, uint8_t level, int64_t at_ms, int64_t *until_ms_r,
                   struct error *error);

/* Begins the telling of a level, at its first step. */
int telling_begin(struct telling *t, struct told_alert *alert, struct error *error);

#endif
