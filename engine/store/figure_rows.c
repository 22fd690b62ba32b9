/*
 * A warning is a row of `alert`; who it was for is its registered enterprise, else its account. UNION, not UNION ALL,
 * so that a circle of jurisdictions ends.
 */
#include "store/figure_rows.h"

#include "base/hit.h"
#include "store/row_read.h"
#include "store/store_sql.h"

_Static_assert(AUDIENCE_ENTERPRISE == 0, "the SQL below says this number");

#define AREA(code) \
	"WITH RECURSIVE area(code) AS (SELECT " code " UNION SELECT j.code FROM jurisdiction j JOIN area ON j.parent = " \
	"area.code) "

/* ?1 jurisdiction, ?2 industry, ?3 from, ?4 to. Of two answers about one warning, "paid" is what counts. */
#define WARNINGS \
	AREA("?1") \
	", warned AS MATERIALIZED (SELECT a.typology AS typology, iif(a.enterprise <> '', a.enterprise, a.bank || '/' || " \
	"a.account) AS who, max(a.amount_minor, 0) AS amount, " \
	"EXISTS (SELECT 1 FROM answer w WHERE w.alert = a.id AND w.answer = 'paid') AS paid, " \
	"EXISTS (SELECT 1 FROM answer w WHERE w.alert = a.id AND w.answer = 'stopped') AS stopped " \
	"FROM alert a INDEXED BY alert_by_raised WHERE a.raised_ms >= ?3 AND a.raised_ms < ?4 AND a.audience = 0 AND " \
	"a.level >= 2 AND a.typology LIKE 'V%' AND a.jurisdiction IN (SELECT code FROM area) AND NOT EXISTS (SELECT 1 FROM " \
	"alert m WHERE m.bank = a.bank AND m.account = a.account AND m.audience = 1 AND m.level >= 3) AND (?2 = '' OR EXISTS " \
	"(SELECT 1 FROM enterprise e WHERE e.uscc = a.enterprise AND substr(e.industry, 1, length(?2)) = ?2))) "

#define COLUMNS "count(*), count(DISTINCT who), ifnull(sum(amount), 0), ifnull(sum(stopped AND NOT paid), 0), " \
                "ifnull(sum(paid), 0)"

static void bind_scope(sqlite3_stmt *s, const struct figure_scope *scope)
{
	sql_bind(s, "ssii", scope->jurisdiction, scope->industry, scope->from_ms, scope->to_ms);
}

static void read_numbers(sqlite3_stmt *s, int at, struct figure_row *r)
{
	r->warnings = sqlite3_column_int64(s, at);
	r->enterprises = sqlite3_column_int64(s, at + 1);
	r->amount_minor = sqlite3_column_int64(s, at + 2);
	r->stopped = sqlite3_column_int64(s, at + 3);
	r->paid = sqlite3_column_int64(s, at + 4);
}

int store_figures(struct store *store, const struct figure_scope *scope, struct arena *arena,
                  struct figure_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, WARNINGS "SELECT typology, " COLUMNS " FROM warned GROUP BY typology "
	                                              "ORDER BY count(*) DESC, typology");
	struct figure_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	bind_scope(s, scope);
	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL) {
			rows[count] = (struct figure_row){.typology = row_copy(s, 0, arena)};
			read_numbers(s, 1, &rows[count++]);
		}
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "the figures of a bulletin", error);
}

int store_figures_total(struct store *store, const struct figure_scope *scope, int64_t fewer_than,
                        struct figure_row *row_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, WARNINGS "SELECT " COLUMNS " FROM warned WHERE ?5 = 0 OR typology IN (SELECT "
	                                              "typology FROM warned GROUP BY typology HAVING count(DISTINCT who) < ?5)");

	bind_scope(s, scope);
	sqlite3_bind_int64(s, 5, fewer_than);
	if (sql_next(store, s, error) != 1)
		return -1;
	*row_r = (struct figure_row){.typology = {"", 0}};
	read_numbers(s, 0, row_r);
	sqlite3_reset(s);
	return 0;
}
