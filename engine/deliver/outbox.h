/*
 * The outbox's states and the jobs that move them. All writing happens on the store's thread.
 *
 *                 told much of late             its digest is sent, or dead
 *       ┌──────────────────────────▶ GATHERED ─────────────────────────────▶ ends as its digest does
 *       │
 *    PENDING ── outbox_claim ──▶ INFLIGHT ── accepted ──▶ SENT ── an answer ──▶ ACKED
 *     ▲ ▲ │                       ▲   │ │
 *     │ │ │ the account           │   │ └─ refused for good, or tries used up ──▶ DEAD
 *     │ │ │ is watched      claim │   │ try later, or outbox_recover()             │
 *     │ │ ▼                       │   ▼ after a crash                              │
 *     │ │ HELD ◀── watched ────── RETRY                                            │
 *     │ └──┘ notify_release(), by an analyst                                       │
 *     └────────────────────── notify_replay(), by a person ────────────────────────┘
 *
 * A PENDING row whose time is ahead waits for the end of quiet hours. A GATHERED one names its digest in `subject`
 * once that is made, and ends as it does.
 *
 * A claim counts the attempt before it is made, so that a delivery which brings the program down is not tried
 * for ever. The id of a row never changes: at least once, and the receiver can tell.
 */
#ifndef DELIVER_OUTBOX_H
#define DELIVER_OUTBOX_H

#include "deliver/channel.h"
#include "deliver/deliver.h"

#define OUTBOX_BATCH_MAX 512 /* rows of one job */
#define OUTBOX_ATTEMPTS_MAX 10

/*
 * How long after the `attempts`-th failure the next attempt is due, in ms; -1 where it was the last. The
 * schedule is Standard Webhooks' (domain.md section 4), each delay ± 10 % by a hash of id and attempt, so
 * that a crowd of failures does not come back as a crowd, and a test knows when.
 */
int64_t outbox_retry_delay_ms(struct slice id, int64_t attempts, int permille);

/* One row of a job. */
struct outbox_item {
	char id[OUTBOX_ID_BYTES];
	int slot; /* the caller's */
	int64_t destination;
	/* of a claim */
	bool claimed; /* filled by the job */
	/* of a settle */
	enum delivery_state state;
	int64_t due_ms;
	char reason[CHANNEL_REASON_BYTES], provider_id[CHANNEL_PROVIDER_ID_BYTES];
	char *gone_channel, *gone_address; /* owned by the caller; NULL unless the destination is gone */
	bool disabled; /* filled by the job: it was this item that took the destination out of use */
};

/*
 * A job of many rows. The caller keeps it until `done` was called, on the store's thread; a job that failed
 * as a whole has `result` -1 then (the store is broken and the program stops).
 */
struct outbox_job {
	struct store_job job; /* first, so that the job's address is this one's */
	bool is_claim;
	int count;
	int given_up; /* filled: rows that went DEAD with their destination */
	struct outbox_item items[OUTBOX_BATCH_MAX];
};

/* Prepare a job for store_submit(); `done` is the caller's to set. */
void outbox_claim(struct outbox_job *job);
void outbox_settle(struct outbox_job *job);

/* INFLIGHT → RETRY, for store_run() at the start; `arg` is an int64_t: now. */
int outbox_recover(struct store *store, void *arg, struct error *error);

#endif
