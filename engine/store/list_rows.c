/*
 * Pages and statistics. Each statement names the index it walks, so that a page costs its rows and not the
 * table; what a filter asks besides is checked row by row on the way.
 */
#include "store/list_rows.h"

#include "store/row_read.h"
#include "store/store_sql.h"

#define ALERT_WHERE \
	" WHERE (raised_ms, id) < (?1, ?2) AND raised_ms >= ?3 AND score >= ?4" \
	" AND (?5 = 0 OR (?5 >> level) & 1) AND (?6 < 0 OR audience = ?6) AND (?7 = '' OR typology = ?7)" \
	" AND (?8 = '' OR bank = ?8) AND jurisdiction BETWEEN ?9 AND ?10"
#define ALERT_ORDER " ORDER BY raised_ms DESC, id DESC LIMIT ?11"
#define ALERT_FROM(index) "SELECT " ALERT_COLUMNS " FROM alert INDEXED BY " index ALERT_WHERE

/* The narrowest index for what is asked. */
static sqlite3_stmt *page_statement(struct store *store, const struct alert_filter *filter)
{
	if (filter->account.length > 0)
		return sql_prepare(store, ALERT_FROM("alert_by_holder")
		                   " AND account = ?12 AND (?13 = '' OR enterprise = ?13)" ALERT_ORDER);
	if (filter->enterprise.length > 0)
		return sql_prepare(store, ALERT_FROM("alert_by_enterprise")
		                   " AND enterprise = ?13" ALERT_ORDER);
	return sql_prepare(store, ALERT_FROM("alert_by_raised") ALERT_ORDER);
}

/* The greatest code below a division: 411000 covers up to 411099, 410000 up to 419999. */
static struct slice division_end(struct slice code, char end[8])
{
	size_t i = code.length;

	if (code.length == 0 || code.length >= 8)
		return code.length == 0 ? slice_of("\x7f") : code;
	memcpy(end, code.at, code.length);
	for (; i >= 2 && end[i - 1] == '0' && end[i - 2] == '0'; i -= 2)
		end[i - 1] = end[i - 2] = '9';
	return (struct slice){end, code.length};
}

static void bind_filter(sqlite3_stmt *statement, const struct alert_filter *f,
                        const struct alert_place *after, int limit)
{
	bool narrowed = f->account.length > 0 || f->enterprise.length > 0; /* the statement has ?12 and ?13 */
	/* (until, "") stands behind every place at or after until. */
	struct alert_place from = {f->until_ms != 0 ? f->until_ms : INT64_MAX, {"", 0}};
	char end[8];

	if (after != NULL && after->raised_ms < from.raised_ms)
		from = *after;
	sql_bind(statement, narrowed ? "isiiiissssiss" : "isiiiissssi", from.raised_ms, from.id, f->since_ms,
	         (int64_t)f->score_min, (int64_t)f->levels, (int64_t)f->audience, f->typology, f->bank,
	         f->jurisdiction, division_end(f->jurisdiction, end), (int64_t)limit + 1, f->account, f->enterprise);
}

int store_alert_page(struct store *store, const struct alert_filter *filter, const struct alert_place *after,
		int limit, size_t bytes_max, struct arena *arena, struct alert_row **rows_r,
		size_t *count_r, bool *more_r, struct error *error)
{
	sqlite3_stmt *statement = page_statement(store, filter);
	struct alert_row *rows = NULL;
	size_t count = 0, bytes = 0;
	int found = 0;

	bind_filter(statement, filter, after, limit);
	while (!arena_overflowed(arena) && (found = sql_next(store, statement, error)) == 1) {
		if (count == (size_t)limit || (count > 0 && bytes >= bytes_max))
			break;
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) == NULL)
			break;
		alert_row_read(statement, arena, &rows[count]);
		bytes += rows[count++].body.length;
	}
	*rows_r = rows;
	*count_r = count;
	*more_r = found == 1;
	return found == -1 ? -1 : row_check(statement, arena, "a page of alerts", error);
}

#define DEAD_PAGE \
	"SELECT " DEAD_COLUMNS ", NULL FROM dead_letter WHERE id < ?1 AND (?2 = '' OR topic = ?2)" \
	" AND (?3 = '' OR field = ?3) ORDER BY id DESC LIMIT ?4"

int store_dead_page(struct store *store, struct slice topic, struct slice field, int64_t before, int limit,
		struct arena *arena, struct dead_row **rows_r, size_t *count_r, bool *more_r,
		struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, DEAD_PAGE);
	struct dead_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(statement, "issi", before > 0 ? before : INT64_MAX, topic, field, (int64_t)limit + 1);
	while (!arena_overflowed(arena) && (found = sql_next(store, statement, error)) == 1) {
		if (count == (size_t)limit || (rows = row_grow(arena, rows, count, sizeof(*rows))) == NULL)
			break;
		dead_row_read(statement, arena, &rows[count++]);
	}
	*rows_r = rows;
	*count_r = count;
	*more_r = found == 1;
	return found == -1 ? -1 : row_check(statement, arena, "a page of dead letters", error);
}

/* Rows of (name, detail, number, count). */
static int stat_read(struct store *store, sqlite3_stmt *statement, struct arena *arena,
                     struct stat_rows *rows_r, struct error *error)
{
	int found = 0;

	*rows_r = (struct stat_rows){0};
	while (!arena_overflowed(arena) && (found = sql_next(store, statement, error)) == 1) {
		rows_r->items = row_grow(arena, rows_r->items, rows_r->count, sizeof(*rows_r->items));
		if (rows_r->items == NULL)
			break;
		rows_r->items[rows_r->count++] = (struct stat_row){
			row_copy(statement, 0, arena), row_copy(statement, 1, arena),
			sqlite3_column_int64(statement, 2), sqlite3_column_int64(statement, 3)};
	}
	return found == -1 ? -1 : row_check(statement, arena, "the statistics", error);
}

#define RAISED_WITHIN " FROM alert WHERE raised_ms >= ?1 AND raised_ms < ?2 GROUP BY "

static int alerts_by(struct store *store, const char *text, int64_t since_ms, int64_t until_ms,
		struct arena *arena, struct stat_rows *rows_r, struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, text);

	sql_bind(statement, "ii", since_ms, until_ms != 0 ? until_ms : INT64_MAX);
	return stat_read(store, statement, arena, rows_r, error);
}

static int stats_read(struct store *store, int64_t since_ms, int64_t until_ms, struct arena *arena,
		struct store_stats *s, struct error *error)
{
	struct stat_rows hits;

	if (alerts_by(store, "SELECT '', '', level, count(*)" RAISED_WITHIN "level ORDER BY level", since_ms,
	              until_ms, arena, &s->by_level, error) == -1 ||
	    alerts_by(store, "SELECT typology, '', 0, count(*)" RAISED_WITHIN "typology ORDER BY typology", since_ms,
	              until_ms, arena, &s->by_typology, error) == -1 ||
	    alerts_by(store, "SELECT '', '', (raised_ms + 28800000) / 86400000 AS day, count(*)" RAISED_WITHIN
	                     "day ORDER BY day", since_ms, until_ms, arena, &s->by_day, error) == -1 ||
	    stat_read(store, sql_prepare(store, "SELECT '', '', 0, count(*) FROM hit"), arena, &hits, error) == -1 ||
	    stat_read(store, sql_prepare(store, "SELECT topic, field, 0, count(*) FROM dead_letter"
	                                        " GROUP BY topic, field ORDER BY topic, field"),
	              arena, &s->dead, error) == -1 ||
	    stat_read(store, sql_prepare(store, "SELECT topic, '', partition, next_offset FROM feed_offset"
	                                        " ORDER BY topic, partition"), arena, &s->offsets, error) == -1)
		return -1;
	s->hits = hits.count == 1 ? hits.items[0].count : 0;
	return store_delivery_counts(store, s->deliveries, error);
}

/* A transaction, so that all figures are of one moment. */
int store_stats_get(struct store *store, int64_t since_ms, int64_t until_ms, struct arena *arena,
		struct store_stats *stats_r, struct error *error)
{
	int result;

	*stats_r = (struct store_stats){0};
	if (sql_execute(store, "SAVEPOINT stats", error) == -1)
		return -1;
	result = stats_read(store, since_ms, until_ms, arena, stats_r, error);
	sql_execute(store, "RELEASE stats", NULL);
	return result;
}

int store_delivery_counts(struct store *store, int64_t counts_r[DELIVERY_STATE_COUNT], struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store, "SELECT state, count(*) FROM delivery GROUP BY state");
	int found;

	memset(counts_r, 0, DELIVERY_STATE_COUNT * sizeof(*counts_r));
	while ((found = sql_next(store, statement, error)) == 1) {
		int64_t state = sqlite3_column_int64(statement, 0);
		if (state >= 0 && state < DELIVERY_STATE_COUNT)
			counts_r[state] = sqlite3_column_int64(statement, 1);
	}
	return found;
}

int store_pattern_counts(struct store *store, struct arena *arena, struct pattern_count **rows_r, size_t *count_r,
                         struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(store,
		"SELECT hit.pattern, hit.version, COUNT(DISTINCT hit.id), COUNT(DISTINCT alert.id)"
		" FROM hit LEFT JOIN alert ON alert.bank = hit.bank AND alert.account = hit.account"
		" AND alert.typology = hit.typology AND alert.audience = hit.audience"
		" AND hit.booked_ms BETWEEN alert.opened_ms AND alert.updated_ms"
		" GROUP BY hit.pattern, hit.version ORDER BY hit.pattern, hit.version");
	struct pattern_count *rows = NULL;
	size_t count = 0;
	int found;

	while ((found = sql_next(store, statement, error)) == 1) {
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) == NULL)
			die("out of memory: counting the hits of patterns");
		rows[count++] = (struct pattern_count){
			arena_copy(arena, sql_text(statement, 0)), sqlite3_column_int64(statement, 1),
			sqlite3_column_int64(statement, 2), sqlite3_column_int64(statement, 3)};
	}
	*rows_r = rows;
	*count_r = count;
	return found;
}
