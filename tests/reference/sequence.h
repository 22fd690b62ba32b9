/*
 * Sequences as sequence.h says them, without bits, expressions or haste: every choice of numbers is tried.
 */
#ifndef TESTS_REFERENCE_SEQUENCE_H
#define TESTS_REFERENCE_SEQUENCE_H

#include "profile/profile.h"

enum { REFERENCE_STEPS = 4 };

struct reference_step {
	int direction; /* enum tx_direction; 0: any */
	int64_t from_minor, to_minor;
	int novelty; /* 0 any, 1 new, 2 known */
	int kind; /* 0 any */
	int left_most; /* percent; -1: any */
	int hour_from, hour_to;
	uint32_t least, most;
	int party; /* 0: any; 1: as the transaction at hand; else a group */
};

/* What the steps took, for `having`: by step, from the newest to the oldest, numbers of events. */
struct reference_taken {
	const struct profile_event *events;
	uint32_t items[REFERENCE_STEPS][PROFILE_EVENTS_MAX], count[REFERENCE_STEPS];
};

struct reference_sequence {
	struct reference_step steps[REFERENCE_STEPS]; /* oldest first */
	uint32_t step_count, gaps; /* UINT32_MAX: any */
	int64_t within_ms; /* INT64_MAX: any */
	bool (*having)(const struct reference_taken *taken); /* NULL: none */
};

/* Of events[0], the newest; the best placing goes to `taken_r`. */
bool reference_sequence(const struct reference_sequence *sequence, const struct profile_event *events,
                        uint32_t count, struct reference_taken *taken_r);

#endif
