#include "store/bulletin_rows.h"

#include "store/delivery_rows.h"
#include "store/row_read.h"
#include "store/store_sql.h"

_Static_assert(DELIVERY_PENDING == 0 && DELIVERY_INFLIGHT == 1 && DELIVERY_RETRY == 2 && DELIVERY_SENT == 3 &&
               DELIVERY_ACKED == 4 && DELIVERY_DEAD == 5 && DELIVERY_DRILL == 2 && DELIVERY_BULLETIN == 3,
               "the SQL below says these numbers");

const char *const bulletin_state_names[BULLETIN_STATE_COUNT] = {
	[BULLETIN_DRAFT] = "draft", [BULLETIN_APPROVED] = "approved",   [BULLETIN_SENDING] = "sending",
	[BULLETIN_SENT] = "sent",   [BULLETIN_WITHDRAWN] = "withdrawn",
};

int store_bulletin_put(struct store *store, const struct bulletin_row *r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "INSERT OR IGNORE INTO bulletin(id, period, from_ms, to_ms, jurisdiction, industry, state, revision, "
		       "title_zh, title_en, body_zh, body_en, figures, drafted_ms) "
		       "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	sql_bind(s, "ssiissiisssssi", r->id, r->period, r->from_ms, r->to_ms, r->jurisdiction, r->industry,
	         (int64_t)r->state, r->revision, r->title_zh, r->title_en, r->body_zh, r->body_en, r->figures,
	         r->drafted_ms);
	return sql_run(store, s, error);
}

int store_bulletin_change(struct store *store, const struct bulletin_row *r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "UPDATE bulletin SET state = ?, revision = ?, title_zh = ?, title_en = ?, body_zh = ?, body_en = ?, "
		       "edited_by = ?, edited_ms = ?, approved_by = ?, approved_ms = ?, withdrawn_by = ?, withdrawn_ms = ?, "
		       "next = ?, enterprises = ?, unreached = ?, sent_ms = ? WHERE id = ?");

	sql_bind(s, "iisssssisisisiiis", (int64_t)r->state, r->revision, r->title_zh, r->title_en, r->body_zh, r->body_en,
	         r->edited_by, r->edited_ms, r->approved_by, r->approved_ms, r->withdrawn_by, r->withdrawn_ms, r->next,
	         r->enterprises, r->unreached, r->sent_ms, r->id);
	return sql_run(store, s, error);
}

#define COLUMNS \
	"id, period, from_ms, to_ms, jurisdiction, industry, state, revision, title_zh, title_en, body_zh, body_en, " \
	"figures, drafted_ms, edited_by, edited_ms, approved_by, approved_ms, withdrawn_by, withdrawn_ms, next, " \
	"enterprises, unreached, sent_ms"

static void bulletin_read(sqlite3_stmt *s, struct arena *arena, struct bulletin_row *r)
{
	*r = (struct bulletin_row){
		.id = row_copy(s, 0, arena), .period = row_copy(s, 1, arena), .from_ms = sqlite3_column_int64(s, 2),
		.to_ms = sqlite3_column_int64(s, 3), .jurisdiction = row_copy(s, 4, arena), .industry = row_copy(s, 5, arena),
		.state = (uint8_t)sqlite3_column_int(s, 6), .revision = sqlite3_column_int64(s, 7),
		.title_zh = row_copy(s, 8, arena), .title_en = row_copy(s, 9, arena), .body_zh = row_copy(s, 10, arena),
		.body_en = row_copy(s, 11, arena), .figures = row_copy(s, 12, arena), .drafted_ms = sqlite3_column_int64(s, 13),
		.edited_by = row_copy(s, 14, arena), .edited_ms = sqlite3_column_int64(s, 15),
		.approved_by = row_copy(s, 16, arena), .approved_ms = sqlite3_column_int64(s, 17),
		.withdrawn_by = row_copy(s, 18, arena), .withdrawn_ms = sqlite3_column_int64(s, 19),
		.next = row_copy(s, 20, arena), .enterprises = sqlite3_column_int64(s, 21),
		.unreached = sqlite3_column_int64(s, 22), .sent_ms = sqlite3_column_int64(s, 23),
	};
}

int store_bulletin_get(struct store *store, struct slice id, struct arena *arena, struct bulletin_row *row_r,
                       struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS " FROM bulletin WHERE id = ?");
	int found;

	sql_bind(s, "s", id);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	bulletin_read(s, arena, row_r);
	return row_check(s, arena, "a bulletin", error) == -1 ? -1 : 1;
}

int store_bulletins(struct store *store, int64_t from_ms, struct slice id, int limit, struct arena *arena,
                    struct bulletin_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS " FROM bulletin WHERE (from_ms, id) < (?, ?) "
	                                     "ORDER BY from_ms DESC, id DESC LIMIT ?");
	struct bulletin_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(s, "isi", from_ms, id, (int64_t)limit);
	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			bulletin_read(s, arena, &rows[count++]);
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "bulletins", error);
}

int store_bulletin_totals(struct store *store, struct slice id, struct bulletin_totals *totals_r,
                          struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT count(*), ifnull(sum(state IN (0, 1, 2)), 0), ifnull(sum(state IN (3, 4)), 0), "
		       "ifnull(sum(state = 5), 0), (SELECT count(DISTINCT a.contact) FROM delivery d JOIN answer a ON "
		       "a.delivery = d.id WHERE d.subject = ?1 AND d.kind IN (2, 3) AND d.kind = 3 AND a.answer = 'read') "
		       "FROM delivery WHERE subject = ?1 AND kind IN (2, 3) AND kind = 3");

	sql_bind(s, "s", id);
	if (sql_next(store, s, error) != 1)
		return -1;
	*totals_r = (struct bulletin_totals){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
	                                     sqlite3_column_int64(s, 2), sqlite3_column_int64(s, 3),
	                                     sqlite3_column_int64(s, 4)};
	sqlite3_reset(s);
	return 0;
}

static int texts(struct store *store, sqlite3_stmt *s, struct arena *arena, struct slice **texts_r, size_t *count_r,
                 struct error *error)
{
	struct slice *texts = NULL;
	size_t count = 0;
	int found = 0;

	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((texts = row_grow(arena, texts, count, sizeof(*texts))) != NULL)
			texts[count++] = row_copy(s, 0, arena);
	*texts_r = texts;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "enterprises of an area", error);
}

int store_enterprises_in(struct store *store, struct slice jurisdiction, struct slice industry, struct slice after,
                         int limit, struct arena *arena, struct slice **usccs_r, size_t *count_r,
                         struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "WITH RECURSIVE area(code) AS (SELECT ?1 UNION SELECT j.code FROM jurisdiction j JOIN area ON j.parent = "
		       "area.code) SELECT uscc FROM enterprise WHERE uscc > ?3 AND status = 'active' AND jurisdiction IN "
		       "(SELECT code FROM area) AND substr(industry, 1, length(?2)) = ?2 ORDER BY uscc LIMIT ?4");

	sql_bind(s, "sssi", jurisdiction, industry, after, (int64_t)limit);
	return texts(store, s, arena, usccs_r, count_r, error);
}

int store_jurisdictions_used(struct store *store, struct arena *arena, struct slice **codes_r, size_t *count_r,
                struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT DISTINCT e.jurisdiction FROM enterprise e JOIN jurisdiction j ON "
	                                     "j.code = e.jurisdiction WHERE e.status = 'active' ORDER BY e.jurisdiction");

	return texts(store, s, arena, codes_r, count_r, error);
}

int store_subject_reached(struct store *store, struct slice subject, int64_t destination, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT 1 FROM delivery INDEXED BY delivery_by_subject WHERE subject = ? AND "
	                                     "destination = ? AND kind IN (2, 3)");
	int found;

	sql_bind(s, "si", subject, destination);
	found = sql_next(store, s, error);
	sqlite3_reset(s);
	return found;
}

int store_subject_give_up(struct store *store, struct slice subject, const char *reason, int64_t now_ms,
                          struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "UPDATE delivery INDEXED BY delivery_by_subject SET state = 5, settled_ms = ?, "
	                                     "reason = ? WHERE subject = ? AND kind IN (2, 3) AND state IN (0, 2)");

	sql_bind(s, "its", now_ms, reason, subject);
	return sql_run(store, s, error);
}
