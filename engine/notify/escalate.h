/*
 * Silence is noticed: an alert's level goes from step to step until somebody answers.
 *
 *     notify_put_for_alert, yellow or higher
 *          │
 *          ▼   timer: nobody answered; or, at once, all of the step's deliveries are dead
 *       RUNNING step 0 ─────────────▶ RUNNING step 1 ─── … ───▶ the last step, a call list ──▶ ENDED
 *          ▲ │  │                        │        a step with nobody (new) to tell is passed over
 *          │ │  └────────────────────────┤
 *          │ │ HELD (I7): no timer,      │ escalation_stop, by an answer: ACKNOWLEDGED
 *          │ │ until notify_release      └ by an analyst: ENDED
 *          │ ▼
 *          └── the alert's level rises: the new level's steps from the first on, from every state
 *
 *   A payee that a contact muted: MUTED, nothing is sent; a rise, or another payee, begins as above.
 *
 * All of it is rows: a step's deliveries, the escalation's row and its timer commit together, so whatever a crash
 * interrupts is done when the timer fires after the start. Ids of deliveries are a function of (alert, level, step,
 * way, kind), so a step taken twice tells nobody twice.
 */
#ifndef NOTIFY_ESCALATE_H
#define NOTIFY_ESCALATE_H

#include "store/store.h"

/*
 * Somebody answered (ESCALATION_ACKNOWLEDGED), or an analyst closed it (ESCALATION_ENDED): no further step, and calls
 * that nobody took are off the lists. Only a rise of the level begins anew. Follows an alert's alias. 1, 0 where none
 * was running, -1.
 */
int escalation_stop(struct store *store, struct slice alert, enum escalation_state why, int64_t now_ms,
                    struct error *error);

/*
 * Somebody has what this delivery says: of its alert, or of those that it tells as a digest, the escalations stop that
 * are at its level. 0 or -1.
 */
int escalation_answered(struct store *store, struct slice delivery, int64_t now_ms, struct error *error);

/*
 * An analyst released the alert's warnings: the time for their answer begins now. Called by notify_release(). 0 or -1.
 */
int escalation_released(struct store *store, struct slice alert, int64_t now_ms, struct error *error);

#endif
