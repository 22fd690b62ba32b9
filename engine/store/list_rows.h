/*
 * Lists and statistics: pages of rows for people, newest first. Reading only, on any connection.
 *
 * A page is found by the last row of the one before it, not by a number of rows to skip: a row that comes in
 * between two pages moves nothing, and every row that stays is seen exactly once.
 */
#ifndef STORE_LIST_ROWS_H
#define STORE_LIST_ROWS_H

#include "store/alert_rows.h"
#include "store/dead_rows.h"
#include "store/delivery_rows.h"

/* What an alert must be; an empty slice, 0 or a negative audience asks nothing. */
struct alert_filter {
	unsigned levels; /* a bit a level: 1 << level */
	int audience; /* enum audience; -1 any */
	int score_min;
	struct slice typology, bank, account, enterprise;
	struct slice jurisdiction; /* GB/T 2260; a city's or province's code covers what is below it */
	int64_t since_ms, until_ms; /* of raised_ms: since <= raised < until; until 0 has no end */
};

/* The last row of a page, in the order (raised_ms, id) from the newest down. */
struct alert_place {
	int64_t raised_ms;
	struct slice id;
};

/*
 * Up to `limit` alerts behind `after` (NULL: from the newest). The page ends early, with at least one row,
 * when its bodies pass `bytes_max`. `more_r` says whether there are further ones.
 */
int store_alert_page(struct store *store, const struct alert_filter *filter, const struct alert_place *after,
		int limit, size_t bytes_max, struct arena *arena, struct alert_row **rows_r,
		size_t *count_r, bool *more_r, struct error *error);

/* Up to `limit` dead letters with id < `before` (0: from the newest), newest first, without payload. Empty
 * slices ask nothing. */
int store_dead_page(struct store *store, struct slice topic, struct slice field, int64_t before, int limit,
		struct arena *arena, struct dead_row **rows_r, size_t *count_r, bool *more_r,
		struct error *error);

/* One line of a statistic; what it does not have is empty or 0. */
struct stat_row {
	struct slice name, detail;
	int64_t number, count;
};

struct stat_rows {
	struct stat_row *items; /* in the arena */
	size_t count;
};

struct store_stats {
	/* alerts raised in [since_ms, until_ms) */
	struct stat_rows by_level; /* number: the level */
	struct stat_rows by_typology; /* name */
	struct stat_rows by_day; /* number: days since 1970 on a clock in China */
	/* all there is */
	int64_t hits;
	struct stat_rows dead; /* name: topic, detail: field */
	struct stat_rows offsets; /* name: topic, number: partition, count: the next offset */
	int64_t deliveries[DELIVERY_STATE_COUNT];
};

/* All of it from one moment of the store. `until_ms` 0 has no end. */
int store_stats_get(struct store *store, int64_t since_ms, int64_t until_ms, struct arena *arena,
		struct store_stats *stats_r, struct error *error);

/* What a version of a pattern brought: hits, and the alerts that they are in. By pattern and version; reads all
 * hits, so it is for commands, not for pages. */
struct pattern_count {
	struct slice pattern;
	int64_t version, hits, alerts;
};
int store_pattern_counts(struct store *store, struct arena *arena, struct pattern_count **rows_r, size_t *count_r,
                         struct error *error);

int store_delivery_counts(struct store *store, int64_t counts_r[DELIVERY_STATE_COUNT], struct error *error);

#endif
