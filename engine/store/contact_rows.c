/*
 * A sealed value differs each time it is sealed, so what is the same is told by hashes where there are some, and by
 * opening where there are none (addresses in another spelling, secrets).
 */
#include "store/contact_rows.h"

#include "store/registry_rows.h"
#include "store/store_key.h"
#include "store/store_sql.h"

enum { PUT_BYTES_MAX = 64 << 10 };

#define HASH(bytes) ((struct slice){(const char *)(bytes), SEAL_HASH_BYTES})

/* ---- persons ---- */

/* Binds a text, or NULL where `at` is. */
static void bind_or_leave(sqlite3_stmt *statement, int at, struct slice text)
{
	if (text.at != NULL)
		sqlite3_bind_text(statement, at, text.at, (int)text.length, SQLITE_TRANSIENT);
}

static void bind_stand_in(sqlite3_stmt *statement, const struct seal *seal, struct slice stand_in,
                          struct arena *arena)
{
	unsigned char hash[SEAL_HASH_BYTES];

	if (stand_in.at == NULL)
		return;
	seal_hash(seal, "name", stand_in, hash);
	bind_or_leave(statement, 12, seal_text(seal, "contact.stand_in", stand_in, arena));
	sqlite3_bind_blob(statement, 13, hash, stand_in.length > 0 ? SEAL_HASH_BYTES : 0, SQLITE_TRANSIENT);
}

static int contact_seek(struct store *store, struct slice owner, const unsigned char *hash, int64_t *id_r,
                        struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(store, "SELECT id FROM contact WHERE owner = ? AND name_hash = ?");
	int found;

	sql_bind(seek, "sb", owner, HASH(hash));
	if ((found = sql_next(store, seek, error)) != 1)
		return found;
	*id_r = sqlite3_column_int64(seek, 0);
	sqlite3_reset(seek);
	return 1;
}

static int contact_write(struct store *store, const struct seal *seal, const struct contact_row *r,
                         const unsigned char *hash, struct arena *arena, struct error *error)
{
	sqlite3_stmt *upsert = sql_prepare(
		store, "INSERT INTO contact(owner, name, name_hash, role, rank, language, quiet, absent_from, absent_to, "
		       "trained_on, disabled, stand_in, stand_in_hash) VALUES(?1, ?2, ?3, ?4, iif(?5 = 0, 1, ?5), "
		       "ifnull(?6, 'zh'), ifnull(?7, ''), "
		       "ifnull(?8, ''), ifnull(?9, ''), ifnull(?10, ''), ifnull(?11, ''), ifnull(?12, ''), "
		       "ifnull(?13, x'')) ON CONFLICT(owner, name_hash) DO UPDATE SET role = ?4, "
		       "rank = iif(?5 = 0, rank, ?5), language = ifnull(?6, language), "
		       "quiet = ifnull(?7, quiet), absent_from = ifnull(?8, absent_from), "
		       "absent_to = ifnull(?9, absent_to), trained_on = ifnull(?10, trained_on), "
		       "disabled = ifnull(?11, disabled), stand_in = ifnull(?12, stand_in), "
		       "stand_in_hash = ifnull(?13, stand_in_hash) WHERE (role, rank, language, quiet, absent_from, "
		       "absent_to, trained_on, disabled, stand_in_hash) IS NOT (?4, iif(?5 = 0, rank, ?5), "
		       "ifnull(?6, language), ifnull(?7, quiet), "
		       "ifnull(?8, absent_from), ifnull(?9, absent_to), ifnull(?10, trained_on), ifnull(?11, disabled), "
		       "ifnull(?13, stand_in_hash))");

	sql_bind(upsert, "ssbsi", r->owner, seal_text(seal, "contact.name", r->name, arena), HASH(hash), r->role,
	         r->rank);
	bind_or_leave(upsert, 6, r->language);
	bind_or_leave(upsert, 7, r->quiet);
	bind_or_leave(upsert, 8, r->absent_from);
	bind_or_leave(upsert, 9, r->absent_to);
	bind_or_leave(upsert, 10, r->trained_on);
	bind_or_leave(upsert, 11, r->disabled);
	bind_stand_in(upsert, seal, r->stand_in, arena);
	return sql_run(store, upsert, error);
}

int store_contact_put(struct store *store, const struct contact_row *r, int64_t *id_r, struct error *error)
{
	const struct seal *seal = store_seal(store, error);
	unsigned char hash[SEAL_HASH_BYTES];
	struct arena arena;
	int found, changed;

	if (seal == NULL)
		return -1;
	seal_hash(seal, "name", r->name, hash);
	if ((found = contact_seek(store, r->owner, hash, id_r, error)) == -1)
		return -1;
	arena_init(&arena, PUT_BYTES_MAX);
	changed = contact_write(store, seal, r, hash, &arena, error);
	arena_deinit(&arena);
	if (changed == -1)
		return -1;
	if (found == 1)
		return changed > 0 ? STORE_CHANGED : STORE_UNCHANGED;
	return contact_seek(store, r->owner, hash, id_r, error) == 1 ? STORE_INSERTED : -1;
}

/* ---- ways ---- */

struct way_seek {
	int64_t id;
	bool same_address, same_secret;
};

/* An address is one person's among those of an owner: where the file names another, it moves to him. */
static int way_seek(struct store *store, const struct seal *seal, const struct way_row *r, const unsigned char *hash,
                    struct arena *arena, struct way_seek *seek_r, struct error *error)
{
	sqlite3_stmt *seek = sql_prepare(
		store, "SELECT w.id, w.address, w.secret FROM way w JOIN contact c ON c.id = w.contact "
		       "WHERE w.channel = ?2 AND w.address_hash = ?3 AND c.owner = (SELECT owner FROM contact WHERE id = ?1)");
	struct slice address, secret;
	int found;

	sql_bind(seek, "isb", r->contact, r->channel, HASH(hash));
	if ((found = sql_next(store, seek, error)) != 1)
		return found;
	seek_r->id = sqlite3_column_int64(seek, 0);
	if (seal_open(seal, "way.address", sql_text(seek, 1), arena, &address, error) == -1 ||
	    seal_open(seal, "way.secret", sql_text(seek, 2), arena, &secret, error) == -1)
		found = -1;
	sqlite3_reset(seek);
	seek_r->same_address = found == 1 && slice_equal(address, r->address);
	seek_r->same_secret = found == 1 && (r->secret.at == NULL || slice_equal(secret, r->secret));
	return found;
}

static int way_insert(struct store *store, const struct seal *seal, const struct way_row *r,
                      const unsigned char *hash, struct arena *arena, struct error *error)
{
	sqlite3_stmt *insert = sql_prepare(
		store, "INSERT INTO way(contact, channel, address, address_hash, secret, verified_ms, disabled) "
		       "VALUES(?, ?, ?, ?, ?, ?, ?)");

	sql_bind(insert, "issbsis", r->contact, r->channel, seal_text(seal, "way.address", r->address, arena), HASH(hash),
	         seal_text(seal, "way.secret", r->secret, arena), r->verified_ms, r->disabled);
	return sql_run(store, insert, error);
}

/*
 * A verification is not taken back by a file that does not speak of it, but it does not go over to another person: it
 * was he who had the code.
 */
static int way_update(struct store *store, const struct seal *seal, const struct way_row *r,
                      const struct way_seek *seek, struct arena *arena, struct error *error)
{
	sqlite3_stmt *update = sql_prepare(
		store, "UPDATE way SET address = ifnull(?2, address), secret = ifnull(?3, secret), "
		       "disabled = ifnull(?4, disabled), contact = ?6, "
		       "verified_ms = iif(verified_ms = 0 OR contact <> ?6, ?5, verified_ms) WHERE id = ?1 "
		       "AND (?2 IS NOT NULL OR ?3 IS NOT NULL OR disabled IS NOT ifnull(?4, disabled) OR contact <> ?6 OR "
		       "(verified_ms = 0 AND ?5 <> 0))");

	sql_bind(update, "i", seek->id);
	if (!seek->same_address)
		bind_or_leave(update, 2, seal_text(seal, "way.address", r->address, arena));
	if (!seek->same_secret)
		bind_or_leave(update, 3, seal_text(seal, "way.secret", r->secret, arena));
	bind_or_leave(update, 4, r->disabled);
	sqlite3_bind_int64(update, 5, r->verified_ms);
	sqlite3_bind_int64(update, 6, r->contact);
	return sql_run(store, update, error);
}

static int way_put(struct store *store, const struct seal *seal, const struct way_row *r, const unsigned char *hash,
                   struct arena *arena, int64_t *id_r, struct error *error)
{
	struct way_seek seek = {0};
	int found = way_seek(store, seal, r, hash, arena, &seek, error), changed;

	if (found == -1)
		return -1;
	changed = found == 1 ? way_update(store, seal, r, &seek, arena, error)
	                     : way_insert(store, seal, r, hash, arena, error);
	if (changed == -1)
		return -1;
	if (found == 0 && way_seek(store, seal, r, hash, arena, &seek, error) != 1)
		return -1;
	*id_r = seek.id;
	return found == 0 ? STORE_INSERTED : changed > 0 ? STORE_CHANGED : STORE_UNCHANGED;
}

int store_way_put(struct store *store, const struct way_row *r, int64_t *id_r, struct error *error)
{
	const struct seal *seal = store_seal(store, error);
	unsigned char hash[SEAL_HASH_BYTES];
	struct arena arena;
	int change;

	if (seal == NULL)
		return -1;
	store_way_hash(seal, r->channel, r->address, hash);
	arena_init(&arena, PUT_BYTES_MAX);
	change = way_put(store, seal, r, hash, &arena, id_r, error);
	arena_deinit(&arena);
	return change;
}

int store_way_disable(struct store *store, struct slice channel, struct slice address, const char *why,
                      struct error *error)
{
	sqlite3_stmt *statement = sql_prepare(
		store, "UPDATE way SET disabled = ? WHERE channel = ? AND address_hash = ? AND disabled = ''");
	const struct seal *seal = store_seal(store, error);
	unsigned char hash[SEAL_HASH_BYTES];

	if (seal == NULL)
		return -1;
	store_way_hash(seal, channel, address, hash);
	sql_bind(statement, "tsb", why, channel, HASH(hash));
	return sql_run(store, statement, error);
}
