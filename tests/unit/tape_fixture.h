/*
 * An account's recent transactions for the tests of sequences, in words: oldest first, an amount in yuan with
 * its sign, its counterparty, and the time until the next.
 *
 *   "+500000@9 30m -200000@1 5m -260000@2"   half a million in; half an hour later 200,000 out to party 1 …
 *
 * Behind a party may stand its kind (c company, p person, u unknown; else a person), and after `:` what is
 * left of the balance before, in percent. The last one is the transaction at hand, booked 2026-03-02 10:00 in
 * China.
 */
#ifndef TESTS_TAPE_FIXTURE_H
#define TESTS_TAPE_FIXTURE_H

#include "tests/unit/match_fixture.h"

enum { TAPE_FIXTURE_MAX = 100 };

struct tape_fixture {
	struct tx txs[TAPE_FIXTURE_MAX]; /* oldest first */
	char texts[TAPE_FIXTURE_MAX][2][24]; /* ids and counterparties' accounts */
	uint32_t count;
	struct profile_view view; /* as the last transaction saw the account */
	struct profile_shard *shard; /* owned */
};

/* Fills it from words; tape_fixture_free() is due. */
void tape_fixture_read(struct tape_fixture *tape, const char *words);

/* Appends a transaction `after_ms` after the one before; party 0: not said; left 255: not said. */
void tape_fixture_add(struct tape_fixture *tape, int64_t after_ms, enum tx_direction direction,
                      int64_t amount_minor, uint32_t party, enum tx_party_kind kind, uint8_t left_percent);

/* Puts what was added into an account's memory, at the set's rates; NULL: all is in CNY. */
void tape_fixture_put(struct tape_fixture *tape, const struct pattern_set *set);
void tape_fixture_free(struct tape_fixture *tape);

/* How many patterns of the set hit the last transaction. */
size_t tape_fixture_hits(struct matcher *matcher, const struct tape_fixture *tape);
/* The evidence of the only hit; the caller frees. */
char *tape_fixture_evidence(struct matcher *matcher, const struct tape_fixture *tape);

#endif
