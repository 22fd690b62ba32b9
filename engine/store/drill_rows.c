#include "store/drill_rows.h"

#include "store/delivery_rows.h"
#include "store/row_read.h"
#include "store/store_sql.h"

_Static_assert(DELIVERY_PENDING == 0 && DELIVERY_INFLIGHT == 1 && DELIVERY_RETRY == 2 && DELIVERY_SENT == 3 &&
               DELIVERY_ACKED == 4 && DELIVERY_DEAD == 5 && DELIVERY_HELD == 6 && DELIVERY_DRILL == 2 &&
               DRILL_CHOSEN == 0 && DRILL_TOLD == 1 && DRILL_SKIPPED == 2 && DRILL_UNREACHED == 3,
               "the SQL below says these numbers");

const char *const drill_state_names[DRILL_STATE_COUNT] = {
	[DRILL_WAITING] = "waiting", [DRILL_TELLING] = "telling", [DRILL_RUNNING] = "running", [DRILL_ENDED] = "ended",
};

int store_drill_put(struct store *store, const struct drill_row *r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "INSERT OR IGNORE INTO drill(id, typology, level, jurisdiction, industry, "
	                                     "within_ms, state, started_by, created_ms) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");

	sql_bind(s, "ssissiisi", r->id, r->typology, (int64_t)r->level, r->jurisdiction, r->industry, r->within_ms,
	         (int64_t)r->state, r->started_by, r->created_ms);
	return sql_run(store, s, error);
}

int store_drill_change(struct store *store, const struct drill_row *r, struct error *error)
{
	sqlite3_stmt *s =
		sql_prepare(store, "UPDATE drill SET state = ?, told_ms = ?, ended_ms = ?, ended_by = ? WHERE id = ?");

	sql_bind(s, "iiiss", (int64_t)r->state, r->told_ms, r->ended_ms, r->ended_by, r->id);
	return sql_run(store, s, error);
}

#define COLUMNS "id, typology, level, state, jurisdiction, industry, within_ms, started_by, created_ms, told_ms, " \
                "ended_ms, ended_by"

static void drill_read(sqlite3_stmt *s, struct arena *arena, struct drill_row *r)
{
	*r = (struct drill_row){
		.id = row_copy(s, 0, arena), .typology = row_copy(s, 1, arena), .level = (uint8_t)sqlite3_column_int(s, 2),
		.state = (uint8_t)sqlite3_column_int(s, 3), .jurisdiction = row_copy(s, 4, arena),
		.industry = row_copy(s, 5, arena), .within_ms = sqlite3_column_int64(s, 6), .started_by = row_copy(s, 7, arena),
		.created_ms = sqlite3_column_int64(s, 8), .told_ms = sqlite3_column_int64(s, 9),
		.ended_ms = sqlite3_column_int64(s, 10), .ended_by = row_copy(s, 11, arena),
	};
}

int store_drill_get(struct store *store, struct slice id, struct arena *arena, struct drill_row *row_r,
                    struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS " FROM drill WHERE id = ?");
	int found;

	sql_bind(s, "s", id);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	drill_read(s, arena, row_r);
	return row_check(s, arena, "a drill", error) == -1 ? -1 : 1;
}

int store_drills(struct store *store, int64_t created_ms, struct slice id, int limit, struct arena *arena,
                 struct drill_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS " FROM drill WHERE (created_ms, id) < (?, ?) "
	                                     "ORDER BY created_ms DESC, id DESC LIMIT ?");
	struct drill_row *rows = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(s, "isi", created_ms, id, (int64_t)limit);
	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			drill_read(s, arena, &rows[count++]);
	*rows_r = rows;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "drills", error);
}

int store_drill_target_put(struct store *store, struct slice drill, struct slice enterprise, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "INSERT OR IGNORE INTO drill_target(drill, enterprise) VALUES(?, ?)");

	sql_bind(s, "ss", drill, enterprise);
	return sql_run(store, s, error);
}

int store_drill_target_set(struct store *store, struct slice drill, struct slice enterprise,
                           enum drill_target_state state, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "UPDATE drill_target SET state = ? WHERE drill = ? AND enterprise = ?");

	sql_bind(s, "iss", (int64_t)state, drill, enterprise);
	return sql_run(store, s, error);
}

int store_drill_chosen(struct store *store, struct slice drill, int limit, struct arena *arena, struct slice **usccs_r,
                       size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT enterprise FROM drill_target INDEXED BY drill_target_chosen "
	                                     "WHERE drill = ? AND state = 0 ORDER BY enterprise LIMIT ?");
	struct slice *usccs = NULL;
	size_t count = 0;
	int found = 0;

	sql_bind(s, "si", drill, (int64_t)limit);
	while (!arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((usccs = row_grow(arena, usccs, count, sizeof(*usccs))) != NULL)
			usccs[count++] = row_copy(s, 0, arena);
	*usccs_r = usccs;
	*count_r = count;
	return found == -1 ? -1 : row_check(s, arena, "enterprises of a drill", error);
}

int store_enterprise_alarmed(struct store *store, struct slice enterprise, int64_t since_ms, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "WITH own AS (SELECT id, stored_ms FROM alert WHERE enterprise = ?1 UNION SELECT a.id, a.stored_ms FROM "
		       "account c JOIN alert a ON a.bank = c.bank AND a.account = c.account WHERE c.uscc = ?1) "
		       "SELECT 1 FROM own JOIN alert v ON v.id = own.id WHERE v.audience = 0 AND v.level >= 2 AND "
		       "(v.stored_ms >= ?2 OR EXISTS (SELECT 1 FROM escalation e WHERE e.alert = v.id AND e.state = 0) OR EXISTS "
		       "(SELECT 1 FROM call k WHERE k.alert = v.id AND k.done_ms = 0) OR EXISTS (SELECT 1 FROM delivery d WHERE "
		       "d.alert = v.id AND d.state = 6)) LIMIT 1");
	int found;

	sql_bind(s, "si", enterprise, since_ms);
	found = sql_next(store, s, error);
	sqlite3_reset(s);
	return found;
}

int store_drill_person_put(struct store *store, struct slice drill, int64_t contact, struct slice enterprise,
                           struct error *error)
{
	sqlite3_stmt *s =
		sql_prepare(store, "INSERT OR IGNORE INTO drill_person(drill, contact, enterprise) VALUES(?, ?, ?)");

	sql_bind(s, "sis", drill, contact, enterprise);
	return sql_run(store, s, error);
}

static int person_read(sqlite3_stmt *s, const struct seal *seal, struct arena *arena, struct drill_person_row *r,
                       struct error *error)
{
	*r = (struct drill_person_row){
		.contact = sqlite3_column_int64(s, 0), .enterprise = row_copy(s, 1, arena),
		.enterprise_name = row_copy(s, 2, arena), .role = row_copy(s, 4, arena), .sent_ms = sqlite3_column_int64(s, 5),
		.answered_ms = sqlite3_column_int64(s, 6), .answer = row_copy(s, 7, arena),
	};
	return seal_open(seal, "contact.name", sql_text(s, 3), arena, &r->name, error);
}

int store_drill_persons(struct store *store, struct slice drill, int limit, struct arena *arena,
                        struct drill_person_row **rows_r, size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT p.contact, p.enterprise, ifnull(e.name, ''), ifnull(c.name, ''), ifnull(c.role, ''), p.sent_ms, "
		       "p.answered_ms, ifnull((SELECT a.answer FROM delivery d JOIN answer a ON a.delivery = d.id WHERE "
		       "d.subject = p.drill AND d.kind IN (2, 3) AND a.contact = p.contact ORDER BY a.at_ms, a.id LIMIT 1), '') "
		       "FROM drill_person p LEFT JOIN enterprise e ON e.uscc = p.enterprise LEFT JOIN contact c ON c.id = "
		       "p.contact WHERE p.drill = ? ORDER BY p.enterprise, p.contact LIMIT ?");
	const struct seal *seal = store_seal(store, error);
	struct drill_person_row *rows = NULL;
	size_t count = 0;
	int found = seal != NULL ? 0 : -1;

	sql_bind(s, "si", drill, (int64_t)limit);
	while (found != -1 && !arena_overflowed(arena) && (found = sql_next(store, s, error)) == 1)
		if ((rows = row_grow(arena, rows, count, sizeof(*rows))) != NULL)
			found = person_read(s, seal, arena, &rows[count++], error);
	*rows_r = rows;
	*count_r = count;
	sqlite3_reset(s);
	return found == -1 ? -1 : row_check(s, arena, "persons of a drill", error);
}

int store_drill_totals(struct store *store, struct slice drill, struct drill_totals *totals_r, struct error *error)
{
	sqlite3_stmt *targets = sql_prepare(
		store, "SELECT ifnull(sum(state = 0), 0), ifnull(sum(state = 1), 0), ifnull(sum(state = 2), 0), "
		       "ifnull(sum(state = 3), 0), (SELECT count(*) FROM certificate WHERE drill = ?1) FROM drill_target WHERE "
		       "drill = ?1");
	sqlite3_stmt *sent = sql_prepare(
		store, "SELECT count(*), ifnull(sum(state IN (0, 1, 2)), 0), ifnull(sum(state IN (3, 4)), 0), "
		       "ifnull(sum(state = 5), 0) FROM delivery WHERE subject = ? AND kind IN (2, 3) AND kind = 2");

	sql_bind(targets, "s", drill);
	sql_bind(sent, "s", drill);
	if (sql_next(store, targets, error) != 1 || sql_next(store, sent, error) != 1)
		return -1;
	*totals_r = (struct drill_totals){
		.chosen = sqlite3_column_int64(targets, 0), .told = sqlite3_column_int64(targets, 1),
		.skipped = sqlite3_column_int64(targets, 2), .unreached = sqlite3_column_int64(targets, 3),
		.certificates = sqlite3_column_int64(targets, 4), .put = sqlite3_column_int64(sent, 0),
		.waiting = sqlite3_column_int64(sent, 1), .sent = sqlite3_column_int64(sent, 2),
		.dead = sqlite3_column_int64(sent, 3),
	};
	sqlite3_reset(targets);
	sqlite3_reset(sent);
	return 0;
}

int store_certificate_put(struct store *store, const struct certificate_row *r, struct error *error)
{
	sqlite3_stmt *put = sql_prepare(store, "INSERT OR IGNORE INTO certificate(number, drill, contact, enterprise, day, "
	                                       "response_ms, issued_ms) VALUES(?, ?, ?, ?, ?, ?, ?)");
	sqlite3_stmt *trained = sql_prepare(store, "UPDATE contact SET trained_on = ?1 WHERE id = ?2 AND trained_on < ?1");
	int added;

	sql_bind(put, "ssissii", r->number, r->drill, r->contact, r->enterprise, r->day, r->response_ms, r->issued_ms);
	if ((added = sql_run(store, put, error)) != 1)
		return added;
	sql_bind(trained, "si", r->day, r->contact);
	return sql_run(store, trained, error) == -1 ? -1 : 1;
}

int store_certificate_get(struct store *store, struct slice number, struct arena *arena,
                          struct certificate_row *row_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT number, drill, contact, enterprise, day, response_ms, issued_ms FROM "
	                                     "certificate WHERE number = ?");
	int found;

	sql_bind(s, "s", number);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	*row_r = (struct certificate_row){
		.number = row_copy(s, 0, arena), .drill = row_copy(s, 1, arena), .contact = sqlite3_column_int64(s, 2),
		.enterprise = row_copy(s, 3, arena), .day = row_copy(s, 4, arena), .response_ms = sqlite3_column_int64(s, 5),
		.issued_ms = sqlite3_column_int64(s, 6),
	};
	return row_check(s, arena, "a certificate", error) == -1 ? -1 : 1;
}

int store_contact_name(struct store *store, int64_t contact, struct arena *arena, struct slice *name_r,
                       struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT name FROM contact WHERE id = ?");
	const struct seal *seal = store_seal(store, error);
	int found;

	*name_r = (struct slice){"", 0};
	if (seal == NULL)
		return -1;
	sql_bind(s, "i", contact);
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	found = seal_open(seal, "contact.name", sql_text(s, 0), arena, name_r, error);
	sqlite3_reset(s);
	return found;
}
