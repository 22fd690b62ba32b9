/*
 * What conditions ask of an account's memory. Equal questions of a whole pattern set are one and have one number,
 * so that `match` answers each at most once a transaction, however many patterns ask it.
 */
#ifndef PATTERN_QUESTION_H
#define PATTERN_QUESTION_H

#include <stdint.h>

#include "profile/profile.h"

enum { QUESTIONS_MAX = 4096 }; /* different ones, of a set */

enum program_question_kind {
	QUESTION_WINDOW,        /* filter, window_ms: a struct profile_sum; the others are one value */
	QUESTION_RISING,        /* filter, window_ms */
	QUESTION_PERCENTILE,    /* direction, permille */
	QUESTION_FIRST_SEEN,    /* subject */
	QUESTION_NAME_DISTANCE,
	QUESTION_NAME_ADDED,
	QUESTION_NAME_DISGUISED, /* 1 or 0, as the next two */
	QUESTION_NAME_STAYED,
	QUESTION_NAME_MOVED,
	QUESTION_DRAINED_DAYS,  /* permille, window_ms */
	QUESTION_NEWCOMERS,     /* direction, window_ms */
	QUESTION_FIRMS_ELSEWHERE,
	QUESTION_NEIGHBOURS_ELSEWHERE
};

struct program_question {
	uint8_t kind;      /* enum program_question_kind */
	uint8_t subject;   /* enum profile_subject */
	uint8_t direction; /* enum tx_direction */
	uint16_t permille;
	int64_t window_ms;
	struct profile_filter filter;
};

/* The questions of a set while it is built. Zero to begin with. */
struct questions {
	struct program_question *items; /* owned */
	uint32_t count, capacity;
};

/* The number of a question, added where it is new; -1 where there are too many. */
int questions_number(struct questions *questions, const struct program_question *question);
void questions_deinit(struct questions *questions);

#endif
