/*
 * The desk's half of the picture: work → link → judge → store → outbox, in one SQLite transaction (I3).
 *
 * Between batches it keeps in memory only what `link` needs to see what several accounts do; snapshots hold that,
 * at offsets of their own. Hits are rows, an episode is judged anew from its rows whenever a hit joins it, and so a
 * crash at any point leaves nothing to repair (I4).
 */
#ifndef ENGINE_DESK_H
#define ENGINE_DESK_H

#include "desk_words.h"
#include "judge/judge.h"
#include "link/link.h"
#include "work.h"

struct desk {
	struct judge_rules rules;
	bool deliver;            /* put warnings into the outbox */
	struct desk_words words; /* what warnings say */
	struct link *link;       /* owned; on the store's thread */
	struct arena arena;      /* scratch of one job, on the store's thread */
};

/*
 * `catalogue` is borrowed as long as the desk; NULL where nothing is delivered. `lateness_ms`: by how much later
 * than others an account's transactions may come and still be linked with theirs.
 */
void desk_init(struct desk *desk, const struct judge_rules *rules, const struct catalogue *catalogue,
               int64_t lateness_ms, bool deliver);
void desk_deinit(struct desk *desk);

/*
 * Writes everything a batch brought: dead letters, hits, those that its link events complete, the alerts they raise or
 * change, their outbox rows, offsets. Link events become hits of the work the first time; it fills work->alerts and
 * work->notified each time. May run again after a failed commit. Inside a job, or a transaction.
 */
int desk_apply(struct desk *desk, struct store *store, struct work *work, struct error *error);

/* Counts what a batch did, once it is committed. */
void desk_count(const struct work *work);

#endif
