/*
 * Random feeds of one account for the tests of engine/profile: the memory and its plain reference fed side
 * by side.
 */
#ifndef PROFILE_FIXTURE_H
#define PROFILE_FIXTURE_H

#include "profile/profile.h"
#include "tests/reference/window.h"

/* What a random feed is like. */
struct feed_kind {
	unsigned parties;
	int64_t gap_ms;       /* between two transactions, at most twice */
	int64_t late_ms;      /* how late one in eight is, at most; 0: none */
	int64_t amount_most;
	unsigned night_of_8; /* how many of eight are booked whenever, the others from 9 to 17 */
};

struct feed {
	struct feed_kind kind;
	uint64_t seed;
	int64_t clock_ms;
	unsigned number;
	struct tx tx; /* the last one made; borrows from the texts below */
	char id[24], party[24], name[64], mac[24];
};

uint64_t feed_random(struct feed *feed, uint64_t below);
void feed_begin(struct feed *feed, uint64_t seed, const struct feed_kind *kind);

/* Makes the next transaction. */
const struct tx *feed_next(struct feed *feed);

#endif
