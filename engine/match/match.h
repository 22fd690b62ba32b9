/*
 * One transaction against the pattern set → hits with their evidence.
 *
 * A matcher belongs to one thread. What it finds is a function of the transaction and the set alone (I2):
 * hits come in the order of their patterns' ids, and their evidence is the same to the byte. A transaction
 * without hits allocates nothing and takes no lock. It knows nothing of scores' sums, levels or delivery;
 * which statuses are judged is the pipeline's business.
 *
 * Cost: about 0.3 µs for folding and scanning 107 bytes against 240 expressions, 0.4 µs against 1,800; 0.06 µs
 * for the gate, which leaves a few of the patterns without text; of those 10 to 20 ns for each that asks the
 * transaction alone, 0.08 µs for a sequence.
 */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/hit.h"
#include "base/tx.h"
#include "pattern/pattern.h"
#include "profile/profile.h"
#include "reference/reference.h"

struct matcher;

/*
 * Takes a hold of the set. The set must not have been loaded with check_only. Never NULL: without memory the
 * program ends.
 */
struct matcher *matcher_new(struct pattern_set *set);
void matcher_free(struct matcher **matcher);

/* From the next transaction on this set (I6); lets go of the old one. Between batches, by the matcher's
 * thread. */
void matcher_swap(struct matcher *matcher, struct pattern_set *set);

/* From the next transaction on these lists and enterprises; held. NULL: none. As for matcher_swap(). */
void matcher_refer(struct matcher *matcher, struct reference *reference);

/* From the next transaction on, takes the time of the patterns' parts in every MATCH_COSTS_SAMPLE-th one. */
#define MATCH_COSTS_EVERY 65536 /* transactions after which counts go to the set (pattern_set_costs()) */
#define MATCH_COSTS_SAMPLE 16
void matcher_time(struct matcher *matcher, bool timed);

/*
 * What a first meeting says of the counterparty, as profile_meeting() wants to know it. Familiar, and nobody whom an account
 * has to meet, are the own firm under another number, and where the money comes in its legal representative, the head
 * of its group, the bank's own book (a loan paid out, a payment that comes back) and the treasury.
 */
unsigned match_meeting(struct matcher *matcher, const struct tx *tx);

/* The set at hand, held by the matcher. */
const struct pattern_set *matcher_set(const struct matcher *matcher);

/*
 * Hits of a batch, in an arena of the caller. Their strings are the arena's too, but for those of the
 * transaction (bank, account, names, tx_id), which are borrowed from it; of `links` the pattern's are the set's.
 * Zero but for `arena` to begin with, and again after the arena's reset.
 */
struct match_hits {
	struct arena *arena;
	struct hit *items;
	size_t count, capacity;
	struct link_event *links;
	size_t link_count, link_capacity;
	bool shadow_too; /* shadow patterns' hits as well, for tests */
	bool links_only; /* judged before, rebuilding the memory: only `links` come, and nothing is counted */
	bool overflowed; /* the arena was full: hits are missing and counted */
};

/*
 * What the texts of a transaction say: the set's words that are in them. It depends on the transaction and the set
 * alone, so whoever has several transactions reads all their texts first: what searching goes through, code and tables,
 * then stays in the cache from one to the next.
 */
enum { MATCH_WORDS_MOST = 24, MATCH_WORDS_UNREAD = UINT8_MAX };
struct match_texts {
	uint64_t sieve;
	uint8_t count; /* MATCH_WORDS_UNREAD: more than there is room for, to be read again */
	uint8_t known, searched; /* pieces of text */
	bool overflowed; /* a text was over its bound and is read in part */
	uint32_t words[MATCH_WORDS_MOST];
};

void match_read(struct matcher *matcher, const struct tx *tx, struct match_texts *texts_r);

/*
 * Appends the transaction's hits, and what waits for other accounts to `links`. `texts`: what match_read() made of it,
 * with the set that is still at hand. `view` is the account as the transaction saw it; NULL (a late one): what asks for
 * its history is absent. match_tx() reads the texts itself.
 */
void match_read_tx(struct matcher *matcher, const struct tx *tx, const struct match_texts *texts,
                   const struct profile_view *view, struct match_hits *hits);
void match_tx(struct matcher *matcher, const struct tx *tx, const struct profile_view *view,
              struct match_hits *hits);

/*
 * What each part of a pattern says of one transaction. LATER: what other accounts do decides it. ABSENT: what is
 * asked for is not there, which is neither a yes nor a no.
 */
enum match_answer { MATCH_NO, MATCH_YES, MATCH_ABSENT, MATCH_LATER };

struct match_said {
	const struct pattern *pattern;
	uint8_t part; /* enum plan_part_kind */
	uint8_t depth; /* 0: of `detect`; within any_of deeper; an any_of stands before its alternatives */
	uint8_t alternative; /* of the any_of around it, from 1; 0: none is */
	enum match_answer answer;
	struct slice asked; /* the condition as written, "any of 12"; borrowed, as long as the call */
	struct slice found; /* "amount 480000.00, hour 3"; the same */
};
typedef void match_explained(void *context, const struct match_said *said);

/*
 * Asks every part of every running pattern (of `only` where its length is not 0) about the transaction, whatever
 * the others say; nothing is counted. The set must be loaded with `explain`.
 */
void match_explain(struct matcher *matcher, const struct tx *tx, const struct profile_view *view,
                   struct slice only, match_explained *report, void *context);

#endif
