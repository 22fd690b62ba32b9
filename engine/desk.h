/*
 * The desk's half of the picture: work → judge → store → outbox, in one SQLite transaction (I3).
 *
 * It keeps nothing in memory between batches: hits are rows, an episode is judged anew from its rows whenever a hit
 * joins it, and so a crash at any point leaves nothing to repair (I4).
 */
#ifndef ENGINE_DESK_H
#define ENGINE_DESK_H

#include "desk_words.h"
#include "judge/judge.h"
#include "work.h"

struct desk {
	struct judge_rules rules;
	bool deliver;            /* put warnings into the outbox */
	struct desk_words words; /* what warnings say */
	struct arena arena;      /* scratch of one job, on the store's thread */
};

/* `catalogue` is borrowed as long as the desk; NULL where nothing is delivered. */
void desk_init(struct desk *desk, const struct judge_rules *rules, const struct catalogue *catalogue,
               bool deliver);
void desk_deinit(struct desk *desk);

/*
 * Writes everything a batch brought: dead letters, hits, the alerts they raise or change, their outbox rows, offsets.
 * Fills work->alerts and work->notified. May run again after a failed commit. Inside a job, or a transaction.
 */
int desk_apply(struct desk *desk, struct store *store, struct work *work, struct error *error);

/* Counts what a batch did, once it is committed. */
void desk_count(const struct work *work);

#endif
