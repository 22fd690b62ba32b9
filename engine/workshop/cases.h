/*
 * The frauds of a feed: labels seen while it is played, then joined into cases (backtest.h), and the accounts
 * that were watched.
 */
#ifndef WORKSHOP_CASES_H
#define WORKSHOP_CASES_H

#include "workshop/truth.h"

/* A labelled transaction. */
struct sighting {
	uint64_t account;
	int64_t booked_ms;
	const struct truth_label *label;
	bool debit;
};

struct fraud_case {
	uint64_t account;
	const struct truth_label *label; /* typology and scenario */
	int64_t first_ms, last_ms, first_debit_ms; /* INT64_MAX: it has none */
	int64_t found_ms; /* when an alert counted as its find; INT64_MAX: none */
	bool found_exactly;
};

struct watched {
	uint64_t account; /* 0: free */
	int64_t first_ms;
};

struct cases {
	struct sighting *sightings; /* owned */
	size_t sighting_count, sighting_capacity;
	struct watched *accounts; /* owned; open addressing */
	size_t account_count, slot_count;
	int64_t end_ms; /* the latest booking */
	struct fraud_case *items; /* owned; by account and time, after cases_join() */
	size_t count;
};

void cases_init(struct cases *cases);
void cases_deinit(struct cases *cases);

uint64_t cases_account(struct slice bank, struct slice account);

/* Every transaction of the feed, and each label of it. */
void cases_see(struct cases *cases, const struct tx *tx);
void cases_label(struct cases *cases, const struct tx *tx, const struct truth_label *label);

/* After the last: makes `items`. */
void cases_join(struct cases *cases);

/* The account's cases: items[*from_r .. to). */
size_t cases_of(const struct cases *cases, uint64_t account, size_t *from_r);

#endif
