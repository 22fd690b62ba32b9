/*
 * What people do beside single warnings: bulletins to the enterprises of an area, and exercises. It knows nothing of
 * HTTP. Everything that writes runs inside a store job, and what a person does is in the audit (I10).
 *
 *   period.h       the last full week or month
 *   draft.h        figures → a draft's texts
 *   bulletin.h     a bulletin's states; who may do what with it; its batches
 *   drill.h        an exercise's states, its report, the certificates
 *   shown.h        both as JSON
 *
 * Timers of engine/timers.c run casework_run_…; they survive restarts as all timers do.
 */
#ifndef CASEWORK_CASEWORK_H
#define CASEWORK_CASEWORK_H

#include "casework/bulletin.h"
#include "casework/drill.h"
#include "casework/period.h"
#include "casework/shown.h"

#define CASEWORK_BYTES_MAX (32u << 20) /* scratch of one job */
#define CASEWORK_NAME_CHARACTERS_MAX 40 /* of whoever does something */

/* Kinds of timers. */
#define CASEWORK_TIMER_DRAFTS "drafts" /* subject: week | month; a period is over */
#define CASEWORK_TIMER_BULLETIN "bulletin" /* subject: its id; a batch is to be put */
#define CASEWORK_TIMER_DRILL "drill" /* subject: its id; enterprises are to be told */
#define CASEWORK_TIMER_DRILL_END "drill_end" /* subject: its id; its time is over */

/*
 * At the service's start, inside a job: the timers of the drafts stand where the calendar says, or nowhere where a
 * kind is not wanted.
 */
int casework_begin(struct store *store, bool weekly, bool monthly, int64_t now_ms, struct error *error);

int casework_run_drafts(struct notify_timer *timer, struct slice period, struct error *error);
int casework_run_bulletin(struct notify_timer *timer, struct slice bulletin, struct error *error);
int casework_run_drill(struct notify_timer *timer, struct slice drill, struct error *error);
int casework_run_drill_end(struct notify_timer *timer, struct slice drill, struct error *error);

#endif
