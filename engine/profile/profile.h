/*
 * The memory of one account: what it did, how much, with whom, from where, and in what order (design.md
 * section 5).
 *
 * A shard's profiles belong to its thread and are never locked (I1). All of it is a function of the
 * transactions put in, by booking time (I2). Sizes are bounded by profile_limits.def (I8); what a bound
 * pushes out is counted. Amounts are minor units of CNY, times UTC milliseconds.
 *
 *   profile_put(tx) ─▶ struct profile_view: the account as that transaction saw it
 *                        ├─ profile_window()      counts and sums of a window, this transaction included
 *                        ├─ profile_percentile()  of the amounts before it
 *                        ├─ profile_first_seen()  of its counterparty, device …
 *                        └─ profile_event_at()    the recent transactions, newest first
 */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include <stddef.h>

#include "base/error.h"
#include "base/tx.h"

#define PROFILE_EVENTS_MAX 64 /* recent transactions that are kept one by one */
#define PROFILE_NIGHT_HOURS UINT32_C(0x80001f) /* 23:00 to 05:00, for profile_filter.hours */
#define PROFILE_WINDOW_MAX_MS (INT64_C(90) * 24 * 3600 * 1000)
#define PROFILE_DRAINED_MAX_DAYS 16 /* of profile_drained_days() */

struct profile_shard;

/* `accounts_max` accounts; then those that were idle longest are forgotten (counted). Never NULL. */
struct profile_shard *profile_shard_new(size_t accounts_max, int64_t lateness_ms);
void profile_shard_free(struct profile_shard **shard);
size_t profile_accounts(const struct profile_shard *shard);

/*
 * What a first meeting with a counterparty says of it, as bits, asked once of each. Who is familiar, such as the own firm
 * at another bank, is no stranger and taken in as one that was always known. Of a firm that is paid: is it known where
 * its bank is, and is that in another province; is it named after the account's own place, and banks in another city?
 * And in which province: five bits, numbered 1 to 31 by who answers; 0 where it isn't told.
 */
enum {
	MEETING_FAMILIAR = 1,
	MEETING_FIRM = 2, MEETING_FIRM_ELSEWHERE = 4,
	MEETING_NEIGHBOUR = 8, MEETING_NEIGHBOUR_ELSEWHERE = 16,
	MEETING_PROVINCE_SHIFT = 8, MEETING_PROVINCES = 32 /* with that which isn't told */
};
typedef unsigned profile_meeting(void *context, const struct tx *tx);
void profile_ask_meeting(struct profile_shard *shard, profile_meeting *meeting, void *context);

/* Who an account is to this room. The prefetches bring first its slot, then its memory into the cache. */
uint64_t profile_key(struct slice bank, struct slice account);
void profile_prefetch_slot(const struct profile_shard *shard, uint64_t key);
void profile_prefetch_account(const struct profile_shard *shard, uint64_t key);

/* The account as one transaction saw it. Borrowed from the shard until the next put; do not look inside. */
struct profile_view {
	struct profile_shard *shard; /* asking changes its scratch, none of its accounts */
	const void *account;
	const struct tx *tx;
	int64_t amount_minor; /* of the transaction, CNY; 0 where there is no rate */
	int64_t now_ms;       /* its booking time */
	uint32_t at;          /* where it stands among the events */
	int64_t begin_ms;     /* of the account, before this transaction; TX_ABSENT: this is the first */
	int64_t first_seen_ms[8]; /* by enum profile_subject: before this transaction */
	uint16_t firms, neighbours; /* where they bank (places.h), before this transaction */
	bool balance_untold;        /* 0 is what its bank writes for a balance that it doesn't tell; of a late one, too */
};

enum profile_answer {
	PROFILE_NEW,       /* put in; where it is booked before others, at its place among them */
	PROFILE_DUPLICATE, /* the same bank, account and id is known: nothing changed, no view */
	PROFILE_LATE       /* older than the account's newest by more than the lateness: nothing changed, no view */
};

/*
 * Puts a booked or pending transaction into the memory of its account. `partition` is where it came from:
 * a snapshot remembers it to give the account to the right shard. `amount_cny_minor` is TX_ABSENT where
 * there is no rate.
 */
enum profile_answer profile_put(struct profile_shard *shard, const struct tx *tx, int64_t amount_cny_minor,
                                int32_t partition, struct profile_view *view_r);

/* A `reversed` transaction takes back the one that it names: false where that is not (or no longer) known. */
bool profile_take_back(struct profile_shard *shard, const struct tx *tx);

/* Which transactions of a window count. Zero but for `directions` takes all. */
struct profile_filter {
	uint8_t directions; /* bits 1 << TX_DEBIT, 1 << TX_CREDIT */
	uint8_t kinds;      /* bits 1 << enum tx_party_kind; 0: any */
	uint16_t channels;  /* bits 1 << enum tx_channel; 0: any */
	uint32_t hours;     /* bits 1 << hour of the day in China; 0: any */
	uint8_t novelty;    /* 1: with a counterparty that was new then; 2: with a known one; 0: any */
	bool same_party;    /* with the counterparty of the transaction at hand */
	bool same_amount;   /* of its amount, to the minor unit */
	bool has_amounts;   /* the two below count */
	int64_t amount_from_minor, amount_to_minor; /* both included */
};

struct profile_sum {
	int64_t count, sum_minor;     /* the transaction at hand included, where it fits the filter */
	int64_t min_minor, max_minor; /* TX_ABSENT where count is 0 */
	int64_t distinct;             /* counterparties; never more than there are */
	bool exact; /* else older transactions came from day and week buckets (profile.c says with which error), and
	             * those that a bucket cannot tell apart by this filter were left out */
};

/*
 * What was booked in (now − window, now], at most PROFILE_WINDOW_MAX_MS: the count and what is wanted besides, bits of
 * enum profile_wanted; the rest of the figures mean nothing. A count alone looks at no transaction.
 */
enum profile_wanted { PROFILE_AMOUNTS = 1 << 0, PROFILE_PARTIES = 1 << 1 };
void profile_window(const struct profile_view *view, const struct profile_filter *filter, int64_t window_ms,
                    unsigned wanted, struct profile_sum *sum_r);

/*
 * Could so many transactions, the one at hand included, have been booked after `after_ms`? A no is certain, and costs
 * one look: when the one that many back was booked.
 */
bool profile_may_hold(const struct profile_view *view, int64_t after_ms, uint32_t count);

/* How many transactions, the one at hand included, the account has had: `most` where there are more, or some left. */
uint32_t profile_events_until(const struct profile_view *view, uint32_t most);

/*
 * That share (500 the median, 950 …) of the account's earlier amounts lies at or below the result: within
 * one bin of the histogram, whose bounds stand √2 apart. Older amounts weigh less. TX_ABSENT with fewer
 * than 5 amounts.
 */
int64_t profile_percentile(const struct profile_view *view, enum tx_direction direction, int permille);

enum profile_subject {
	PROFILE_PARTY,      /* the counterparty's account; its folded name where the bank sends no account */
	PROFILE_PARTY_NAME, /* its folded name */
	PROFILE_IP, PROFILE_MAC, PROFILE_DEVICE,
	PROFILE_SUBJECT_COUNT
};

/*
 * When the account first met this before, or now_ms where it is new; TX_ABSENT where the transaction
 * doesn't say. An error may only make what is known look new.
 */
int64_t profile_first_seen(const struct profile_view *view, enum profile_subject subject);

/*
 * When the account's memory begins (its first transaction), and the one before this one; TX_ABSENT: this
 * is the first.
 */
int64_t profile_begin(const struct profile_view *view);
int64_t profile_previous(const struct profile_view *view);

/*
 * Edit distance (characters) of the counterparty's folded name, legal form set aside, to the nearest of
 * the payees that are known under another account; 0: the same name. TX_ABSENT: none within 2. Of a firm that was
 * paid in one week only, with two whole weeks since, the whole name alone is known: it is at 0, or absent, and the two
 * questions below say no.
 */
int64_t profile_name_distance(const struct profile_view *view);

/*
 * Characters (1 or 2) by which the name is longer or shorter than the nearest such payee's while none is
 * changed: its brand and trade, with 实业 or 发展 put in. TX_ABSENT: there is none.
 */
int64_t profile_name_added(const struct profile_view *view);

/* Is the name, near such a payee's by profile_name_distance(), that one in disguise (disguise.h)? */
bool profile_name_disguised(const struct profile_view *view);

/*
 * Where payees of that name (at distance 0) bank under other accounts: a bit for each province by the number of the
 * meeting, the lowest for one that isn't told; 0: nobody is known by that name.
 */
uint32_t profile_name_provinces(const struct profile_view *view);

/*
 * Days of the window (before today, at most 16 back, with credits) at whose end the balance was at most that share of
 * the day's credits.
 */
int64_t profile_drained_days(const struct profile_view *view, int permille, int64_t window_ms);

/*
 * How many of the payees (payers) that are known were first paid (first paid the account) within the window, the one at
 * hand among them. Exact to a day within a week, to the week within four more: an edge may lie further out by that, the
 * near one where a transaction is late. At most as many as are known; who is forgotten for want of room is not counted.
 */
int64_t profile_newcomers(const struct profile_view *view, enum tx_direction direction, int64_t window_ms);

/*
 * Of the firms that were first paid before this transaction, the last 15, or of those among them that are named after the
 * account's own place, the last 7: how many there are, and how many bank in another province, or those of the own place
 * in another city. What is taken back later counts.
 */
unsigned profile_firms(const struct profile_view *view, unsigned *elsewhere_r);
unsigned profile_neighbours(const struct profile_view *view, unsigned *elsewhere_r);

/* One of the recent transactions. */
struct profile_event {
	int64_t booked_ms, amount_minor;
	uint32_t party;   /* the same number: the same counterparty; 0: none was given */
	uint8_t direction, kind, channel; /* enums of tx.h */
	bool is_new;      /* with a counterparty that was new then */
	uint8_t hour;     /* in China */
	uint8_t left_percent; /* of the balance before it, after it; 255: not known */
};

/* 0 is the transaction at hand, then back in time; false behind the last. */
bool profile_event_at(const struct profile_view *view, uint32_t i, struct profile_event *event_r);

/* The i-th and those before it in time, up to the first booked before `since_ms`, which is among them; how many. */
uint32_t profile_events_read(const struct profile_view *view, uint32_t i, int64_t since_ms,
                             struct profile_event *events_r);

/*
 * Snapshots: the memory as it was at one moment, in a file, while transactions go on (snapshot.h draws it).
 *
 *   shard's thread    profile_save_begin() ─ step ─ put ─ put ─ step ─ … ─ step: true
 *                                              └─ chunks: each once, before its first change, or in a step ─┐
 *   another thread    profile_save_write() ◀───────────────────────────────────────────────────────────────┘
 *
 * A step and a put's copying of a chunk stay well below a millisecond. What is copied and not yet written is at
 * most as much again as the memory itself.
 */
struct profile_offset {
	struct slice topic;
	int32_t partition;
	int64_t next; /* what lies below it is in the memory */
};

struct profile_save_info {
	uint64_t round; /* grows with each snapshot of a process and the ones before it */
	int shard, shards;
	const struct profile_offset *offsets; /* copied */
	size_t offset_count;
};

struct profile_save;

/* By the shard's thread, one at a time. Never NULL. */
struct profile_save *profile_save_begin(struct profile_shard *shard, const struct profile_save_info *info);
/* By the shard's thread: copies a few chunks, where the writer has use for them. True: all are on their way. */
bool profile_save_step(struct profile_shard *shard);
/* By the shard's thread, or when it has ended: the shard knows nothing of the save any more. */
void profile_save_end(struct profile_shard *shard);

/*
 * By another thread: writes `path` and syncs it, waiting for what the shard copies. With `quiet` the shard stands
 * still, and this thread makes its steps. Gives up where *give_up becomes true. On -1 there is no file.
 */
int profile_save_write(struct profile_save *save, const char *path, struct profile_shard *quiet,
                       const _Atomic bool *give_up, struct error *error);
/* What it cost: bytes of the file, and the most of the shard's processor time that it took at a time. */
void profile_save_cost(const struct profile_save *save, uint64_t *bytes_r, int64_t *pause_us_r);
/* After profile_save_end() and profile_save_write(). */
void profile_save_free(struct profile_save **save);

/*
 * Reading one. Opening checks all but the chunks: what kind of file it is, and whether it is whole. A file that is
 * damaged, or of another version or kind of machine, is -1 with the reason.
 */
struct profile_snapshot;
int profile_snapshot_open(const char *path, struct profile_snapshot **snapshot_r, struct error *error);
void profile_snapshot_close(struct profile_snapshot **snapshot);
/* Borrowed until the close. */
const struct profile_save_info *profile_snapshot_info(const struct profile_snapshot *snapshot);
/* Every chunk against its sum, every account against its form. */
int profile_snapshot_check(struct profile_snapshot *snapshot, struct error *error);

/*
 * Gives the accounts of the partitions for which `wanted` says yes to the shard that owns them,
 * shards[partition % count]. To be checked before. Where all go to one empty shard the file becomes its memory as
 * it is; the snapshot may be closed then, too.
 */
void profile_load(struct profile_snapshot *snapshot, struct profile_shard *const *shards, int count,
                  bool (*wanted)(void *arg, int32_t partition), void *arg);

#endif
