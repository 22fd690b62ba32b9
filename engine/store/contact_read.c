/*
 * Contacts and ways, read and opened. Every statement here has the columns of COLUMNS, a way a row; those of one
 * person follow each other.
 */
#include "base/counters.h"
#include "base/ident.h"
#include "store/contact_rows.h"
#include "store/store_key.h"
#include "store/store_sql.h"

enum { EACH_BYTES_MAX = 64 << 10 };

#define HASH(bytes) ((struct slice){(const char *)(bytes), SEAL_HASH_BYTES})

#define CONTACT_COLUMNS "c.id, c.owner, c.name, c.role, c.rank, c.language, c.quiet, c.absent_from, c.absent_to, " \
                        "c.stand_in, c.trained_on, c.disabled"
#define COLUMNS CONTACT_COLUMNS ", w.id, w.channel, w.address, w.secret, w.disabled, w.verified_ms, w.address_hash"
#define FROM_BOTH " FROM contact c JOIN way w ON w.contact = c.id "

/* What a reading needs. */
struct reading {
	struct store *store;
	const struct seal *seal;
	struct arena *arena;
	struct error *error;
};

static int reading_begin(struct reading *r, struct store *store, struct arena *arena, struct error *error)
{
	*r = (struct reading){store, store_seal(store, error), arena, error};
	return r->seal != NULL ? 0 : -1;
}

static struct slice column(const struct reading *r, sqlite3_stmt *s, int at)
{
	return arena_copy(r->arena, sql_text(s, at));
}

static int read_contact(const struct reading *r, sqlite3_stmt *s, struct contact_row *row)
{
	*row = (struct contact_row){
		.id = sqlite3_column_int64(s, 0), .owner = column(r, s, 1), .role = column(r, s, 3),
		.rank = sqlite3_column_int64(s, 4), .language = column(r, s, 5), .quiet = column(r, s, 6),
		.absent_from = column(r, s, 7), .absent_to = column(r, s, 8), .trained_on = column(r, s, 10),
		.disabled = column(r, s, 11),
	};
	return seal_open(r->seal, "contact.name", sql_text(s, 2), r->arena, &row->name, r->error) == -1 ||
	               seal_open(r->seal, "contact.stand_in", sql_text(s, 9), r->arena, &row->stand_in, r->error) == -1
	               ? -1
	               : 0;
}

static int read_way(const struct reading *r, sqlite3_stmt *s, struct way_row *row)
{
	*row = (struct way_row){
		.id = sqlite3_column_int64(s, 12), .contact = sqlite3_column_int64(s, 0), .channel = column(r, s, 13),
		.disabled = column(r, s, 16), .verified_ms = sqlite3_column_int64(s, 17),
	};
	if (sqlite3_column_bytes(s, 18) == SEAL_HASH_BYTES)
		row->destination = store_hash_destination(sqlite3_column_blob(s, 18));
	return seal_open(r->seal, "way.address", sql_text(s, 14), r->arena, &row->address, r->error) == -1 ||
	               seal_open(r->seal, "way.secret", sql_text(s, 15), r->arena, &row->secret, r->error) == -1
	               ? -1
	               : 0;
}

/* ---- many ---- */

struct people {
	struct contact_row *rows;
	struct way_row *ways;
	size_t count, way_count;
	bool apart; /* each way with a contact of its own */
};

/* 0 added, 1 no room, -1. */
static int people_add(struct people *p, const struct reading *r, sqlite3_stmt *s)
{
	bool is_new = p->apart || p->count == 0 || p->rows[p->count - 1].id != sqlite3_column_int64(s, 0);

	if (p->way_count == STORE_WAYS_MAX || (is_new && !p->apart && p->count == STORE_CONTACTS_MAX))
		return 1;
	if (is_new) {
		if (read_contact(r, s, &p->rows[p->count]) == -1)
			return -1;
		p->rows[p->count++].ways = &p->ways[p->way_count];
	}
	p->rows[p->count - 1].way_count++;
	return read_way(r, s, &p->ways[p->way_count++]);
}

static int people_begin(struct people *p, bool apart, struct arena *arena, struct error *error)
{
	size_t count = apart ? STORE_WAYS_MAX : STORE_CONTACTS_MAX;

	*p = (struct people){.rows = arena_take(arena, count * sizeof(*p->rows)),
	                     .ways = arena_take(arena, STORE_WAYS_MAX * sizeof(*p->ways)), .apart = apart};
	return p->rows != NULL && p->ways != NULL ? 0 : error_set(error, "no room for contacts");
}

/* All rows of a statement whose parameters are bound. */
static int people_read(struct people *p, const struct reading *r, sqlite3_stmt *s)
{
	int found;

	while ((found = sql_next(r->store, s, r->error)) == 1)
		if ((found = people_add(p, r, s)) != 0)
			break;
	sqlite3_reset(s);
	if (found == 1)
		count(COUNT_CONTACTS_FULL);
	if (found == -1)
		return -1;
	return arena_overflowed(r->arena) ? error_set(r->error, "no room for contacts") : 0;
}

static int contacts_read(struct store *store, sqlite3_stmt *s, struct slice owner, struct arena *arena,
                         struct contact_row **rows_r, size_t *count_r, struct error *error)
{
	struct reading r;
	struct people people;

	sql_bind(s, "s", owner);
	if (reading_begin(&r, store, arena, error) == -1 || people_begin(&people, false, arena, error) == -1 ||
	    people_read(&people, &r, s) == -1)
		return -1;
	*rows_r = people.rows;
	*count_r = people.count;
	return 0;
}

int store_contacts_of(struct store *store, struct slice owner, struct arena *arena, struct contact_row **rows_r,
                      size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT " COLUMNS FROM_BOTH "WHERE c.owner = ?1 AND c.disabled = '' AND w.disabled = '' AND "
		       "w.verified_ms > 0 AND NOT EXISTS (SELECT 1 FROM enterprise WHERE uscc = ?1 AND status = 'closed') "
		       "ORDER BY c.rank, c.id, w.id");

	return contacts_read(store, s, owner, arena, rows_r, count_r, error);
}

int store_contacts_all(struct store *store, struct slice owner, struct arena *arena, struct contact_row **rows_r,
                       size_t *count_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT " COLUMNS FROM_BOTH "WHERE c.owner = ?1 ORDER BY c.rank, c.id, w.id");

	return contacts_read(store, s, owner, arena, rows_r, count_r, error);
}

/* A hash is of the channel, too, so each channel that there is is asked in turn. */
int store_ways_at(struct store *store, struct slice address, struct arena *arena, struct contact_row **rows_r,
                  size_t *count_r, struct error *error)
{
	sqlite3_stmt *channels = sql_prepare(store, "SELECT DISTINCT channel FROM way ORDER BY channel");
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS FROM_BOTH "WHERE w.channel = ? AND w.address_hash = ? "
	                                     "ORDER BY w.id");
	unsigned char hash[SEAL_HASH_BYTES];
	struct reading r;
	struct people people;
	int found = 0;

	if (reading_begin(&r, store, arena, error) == -1 || people_begin(&people, true, arena, error) == -1)
		return -1;
	while (found != -1 && (found = sql_next(store, channels, error)) == 1) {
		struct slice channel = sql_text(channels, 0);
		store_way_hash(r.seal, channel, address, hash);
		sqlite3_reset(s);
		sql_bind(s, "sb", channel, HASH(hash));
		found = people_read(&people, &r, s);
	}
	sqlite3_reset(channels);
	*rows_r = people.rows;
	*count_r = people.count;
	return found;
}

int store_ways_each(struct store *store, int (*each)(void *arg, const struct contact_row *contact,
                                                     const struct way_row *way, struct error *error),
                    void *arg, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS FROM_BOTH "ORDER BY c.owner, c.rank, c.id, w.id");
	struct contact_row contact;
	struct way_row way;
	struct reading r;
	struct arena arena;
	int found;

	arena_init(&arena, EACH_BYTES_MAX);
	found = reading_begin(&r, store, &arena, error);
	while (found != -1 && (found = sql_next(store, s, error)) == 1) {
		arena_reset(&arena);
		if (read_contact(&r, s, &contact) == -1 || read_way(&r, s, &way) == -1 ||
		    each(arg, &contact, &way, error) == -1)
			found = -1;
	}
	sqlite3_reset(s);
	arena_deinit(&arena);
	return found;
}

/* ---- one ---- */

static int one_way(const struct reading *r, sqlite3_stmt *s, struct way_row *way_r, struct contact_row *contact_r)
{
	int found = sql_next(r->store, s, r->error);

	if (found != 1)
		return found;
	if (read_contact(r, s, contact_r) == -1 || read_way(r, s, way_r) == -1)
		found = -1;
	sqlite3_reset(s);
	contact_r->ways = way_r;
	contact_r->way_count = 1;
	return found;
}

int store_way_get(struct store *store, int64_t id, struct arena *arena, struct way_row *way_r,
                  struct contact_row *contact_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS FROM_BOTH "WHERE w.id = ?");
	struct reading r;

	if (reading_begin(&r, store, arena, error) == -1)
		return -1;
	sql_bind(s, "i", id);
	return one_way(&r, s, way_r, contact_r);
}

int store_way_find(struct store *store, struct slice owner, struct slice channel, struct slice address,
                   struct arena *arena, struct way_row *way_r, struct contact_row *contact_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " COLUMNS FROM_BOTH "WHERE w.channel = ? AND w.address_hash = ? AND "
	                                     "c.owner = ?");
	unsigned char hash[SEAL_HASH_BYTES];
	struct reading r;

	if (reading_begin(&r, store, arena, error) == -1)
		return -1;
	store_way_hash(r.seal, channel, address, hash);
	sql_bind(s, "sbs", channel, HASH(hash), owner);
	return one_way(&r, s, way_r, contact_r);
}

int store_contact_find(struct store *store, struct slice owner, struct slice name, struct arena *arena,
                       struct contact_row *row_r, struct error *error)
{
	sqlite3_stmt *s = sql_prepare(store, "SELECT " CONTACT_COLUMNS " FROM contact c WHERE c.owner = ? AND "
	                                     "c.name_hash = ?");
	unsigned char hash[SEAL_HASH_BYTES];
	struct reading r;
	int found;

	if (reading_begin(&r, store, arena, error) == -1)
		return -1;
	seal_hash(r.seal, "name", name, hash);
	sql_bind(s, "sb", owner, HASH(hash));
	if ((found = sql_next(store, s, error)) != 1)
		return found;
	found = read_contact(&r, s, row_r) == -1 ? -1 : 1;
	sqlite3_reset(s);
	return found;
}

int store_way_crosses(struct store *store, struct slice owner, struct slice channel, struct slice address,
                      struct error *error)
{
	sqlite3_stmt *s = sql_prepare(
		store, "SELECT 1 FROM way w JOIN contact c ON c.id = w.contact WHERE w.channel = ? AND w.address_hash = ? AND "
		       "w.disabled = '' AND (length(c.owner) = ?3) <> (length(?4) = ?3) LIMIT 1");
	const struct seal *seal = store_seal(store, error);
	unsigned char hash[SEAL_HASH_BYTES];
	int found;

	if (seal == NULL)
		return -1;
	store_way_hash(seal, channel, address, hash);
	sql_bind(s, "sbis", channel, HASH(hash), (int64_t)IDENT_DIVISION_LENGTH, owner);
	found = sql_next(store, s, error);
	sqlite3_reset(s);
	return found;
}
