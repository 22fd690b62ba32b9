/*
 * Hits → episodes → score, level → alerts (design.md section 7). It knows nothing of how hits were found.
 *
 * An episode is a run of hits of one account, typology and audience, each within the gap of the one before by booking
 * time. Everything here is a function of the set of hits in booking order, so the final alerts do not depend on the
 * order in which hits arrive (I2): the desk gives a whole episode's hits again whenever one joins.
 *
 * Audience is part of what makes an episode, so that an analyst's finding never adds to a warning (I7).
 */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/hit.h"

#define JUDGE_ALERT_HITS_MAX \
	256 /* hits and transactions that an alert's body lists, the earliest first; counted */
#define JUDGE_SCORE_MAX 100

enum alert_level { LEVEL_NONE, LEVEL_BLUE, LEVEL_YELLOW, LEVEL_ORANGE, LEVEL_RED };

/* "", "blue", "yellow", "orange", "red". */
extern const char *const alert_level_names[];

struct judge_rules {
	uint8_t score_of_level[LEVEL_RED + 1]; /* [LEVEL_NONE] is 0; rising */
	uint8_t score_cap;
	int64_t gap_ms;
};

/* The shipped ones: blue 20, yellow 40, orange 60, red 80, cap 100, gap 24 h. */
struct judge_rules judge_rules_default(void);

struct episode {
	size_t first, count; /* hits[first .. first + count) */
	int64_t opened_ms, raised_ms,
		updated_ms;   /* earliest hit; the one that first made it an alert; latest */
	int64_t amount_minor; /* CNY, each transaction once */
	uint32_t revision; /* hits: grows with the evidence, whatever the order of arrival; a transaction's hits need not
	                    * come together (link) */
	uint64_t group; /* the least of its hits'; 0: none */
	uint8_t score;
	enum alert_level level; /* LEVEL_NONE: no alert, and raised_ms means nothing */
};

/*
 * The next episode of `hits`, which are sorted by hit_order() and of one key, from `first` on.
 * Returns false at the end.
 */
bool judge_next(const struct judge_rules *rules, const struct hit *hits, size_t count, size_t first,
                struct episode *episode_r);

/* Booking time, transaction, pattern, version: for qsort, and the store's order. */
int hit_order(const void *a, const void *b);

/* The alert's id, hexadecimal: a function of bank, account, typology, audience and the earliest transaction. */
#define ALERT_ID_BYTES 33
void judge_alert_id(const struct hit *earliest, char id_r[ALERT_ID_BYTES]);

/* huqi.alert.v1, one line without its end, into the arena. */
struct slice judge_alert_body(const struct hit *hits, const struct episode *episode, struct arena *arena);

#endif
