/*
 * What patterns say of one transaction, kept to be sorted and printed.
 */
#ifndef WORKSHOP_EXPLAIN_H
#define WORKSHOP_EXPLAIN_H

#include "base/arena.h"
#include "match/match.h"
#include "workshop/workshop.h"

struct told_line {
	uint8_t part, depth, alternative;
	enum match_answer answer;
	struct slice asked, found;
};

/* One pattern's lines. */
struct told {
	const struct pattern *pattern; /* the set's */
	size_t first, count; /* of explanation.lines */
	uint32_t missing; /* conditions of `detect` itself that are not a yes; an any_of counts as one */
	bool waits; /* for what other accounts do */
};

struct explanation {
	struct pattern_set *set; /* held */
	struct told_line *lines; /* owned */
	size_t line_count, line_capacity;
	struct told *patterns; /* owned; hits first, then by what is missing and what is met */
	size_t pattern_count;
	struct slice tx; /* as huqi.tx.v1, in the arena */
	struct arena arena; /* owned */
};

extern const char *const told_answers[][2]; /* by enum match_answer: zh, en */
extern const char *const told_parts[]; /* by enum plan_part_kind: "text", "where" */

#endif
