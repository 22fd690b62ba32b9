#include "store/store_key.h"

#include <limits.h>
#include <stdio.h>

#include "base/ident.h"
#include "store/store_private.h"
#include "store/store_sql.h"

enum { VALUE_BYTES_MAX = 1 << 20, KIND_BYTES = 64 };

/* ---- hashes ---- */

void store_way_hash(const struct seal *seal, struct slice channel, struct slice address,
                    unsigned char hash_r[SEAL_HASH_BYTES])
{
	char kind[KIND_BYTES], folded[IDENT_FOLDED_BYTES];

	snprintf(kind, sizeof(kind), "way/%.*s", SLICE_PRINT(channel));
	seal_hash(seal, kind, ident_fold_address(channel, address, folded), hash_r);
}

/* A walk over destinations begins before the least number, so none is that. */
int64_t store_hash_destination(const unsigned char hash[SEAL_HASH_BYTES])
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | hash[i];
	return (int64_t)number != INT64_MIN ? (int64_t)number : 0;
}

/* ---- in SQL ---- */

static struct slice argument(sqlite3_value *value)
{
	const char *text = (const char *)sqlite3_value_text(value);

	return (struct slice){text, text != NULL ? (uint32_t)sqlite3_value_bytes(value) : 0};
}

static void sql_seal_text(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct slice column = argument(values[0]), sealed;
	char name[KIND_BYTES];
	struct arena arena;

	(void)count;
	arena_init(&arena, 2 * VALUE_BYTES_MAX);
	snprintf(name, sizeof(name), "%.*s", SLICE_PRINT(column));
	sealed = seal_text(sqlite3_user_data(context), name, argument(values[1]), &arena);
	if (sealed.at == NULL)
		sqlite3_result_error_toobig(context);
	else
		sqlite3_result_text(context, sealed.at, (int)sealed.length, SQLITE_TRANSIENT);
	arena_deinit(&arena);
}

static void sql_seal_hash(sqlite3_context *context, int count, sqlite3_value **values)
{
	unsigned char hash[SEAL_HASH_BYTES];
	char kind[KIND_BYTES];

	(void)count;
	snprintf(kind, sizeof(kind), "%.*s", SLICE_PRINT(argument(values[0])));
	seal_hash(sqlite3_user_data(context), kind, argument(values[1]), hash);
	sqlite3_result_blob(context, hash, sizeof(hash), SQLITE_TRANSIENT);
}

static void sql_seal_way(sqlite3_context *context, int count, sqlite3_value **values)
{
	unsigned char hash[SEAL_HASH_BYTES];

	(void)count;
	store_way_hash(sqlite3_user_data(context), argument(values[0]), argument(values[1]), hash);
	sqlite3_result_blob(context, hash, sizeof(hash), SQLITE_TRANSIENT);
}

static void sql_seal_destination(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	if (sqlite3_value_bytes(values[0]) != SEAL_HASH_BYTES)
		sqlite3_result_null(context);
	else
		sqlite3_result_int64(context, store_hash_destination(sqlite3_value_blob(values[0])));
}

static void register_functions(struct store *store)
{
	static const struct {
		const char *name;
		int arguments;
		void (*run)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {
		{"seal_text", 2, sql_seal_text},
		{"seal_hash", 2, sql_seal_hash},
		{"seal_way", 2, sql_seal_way},
		{"seal_destination", 1, sql_seal_destination},
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (sqlite3_create_function(store->db, functions[i].name, functions[i].arguments,
		                            SQLITE_UTF8 | SQLITE_DIRECTONLY, &store->seal, functions[i].run, NULL, NULL) !=
		    SQLITE_OK)
			die("store: the function %s cannot be registered", functions[i].name);
}

/* ---- the key ---- */

static int key_path(const struct store *store, const char *key_file, char path_r[PATH_MAX], struct error *error)
{
	const char *slash = strrchr(store->path, '/');
	int length;

	if (key_file != NULL && key_file[0] != '\0')
		length = snprintf(path_r, PATH_MAX, "%s", key_file);
	else
		length = snprintf(path_r, PATH_MAX, "%.*skey", slash != NULL ? (int)(slash - store->path) + 1 : 0,
		                  store->path);
	return length < PATH_MAX ? 0 : error_set(error, "the key file's name is too long");
}

int store_key_open(struct store *store, const char *key_file, bool may_make, struct error *error)
{
	char path[PATH_MAX];

	if (strcmp(store->path, ":memory:") == 0 && (key_file == NULL || key_file[0] == '\0')) {
		seal_random(&store->seal);
	} else if (key_path(store, key_file, path, error) == -1 ||
	           seal_open_file(path, may_make, &store->seal, error) == -1) {
		return may_make ? -1
		                : error_wrap(error, "the store %s seals its contacts, and the key that opens them is needed "
		                                    "(setting store.key_file)", store->path);
	}
	store->sealed = true;
	if (store->writer)
		register_functions(store);
	return 0;
}

int store_key_check(struct store *store, struct error *error)
{
	sqlite3_stmt *statement;
	struct arena arena;
	struct slice text;
	int found, result = 0;

	if (sqlite3_table_column_metadata(store->db, NULL, "seal_check", "text", NULL, NULL, NULL, NULL, NULL) != SQLITE_OK)
		return 0; /* a reader of a store that is older yet */
	statement = sql_prepare(store, "SELECT text FROM seal_check");
	if ((found = sql_next(store, statement, error)) != 1)
		return found;
	arena_init(&arena, VALUE_BYTES_MAX);
	if (seal_open(&store->seal, "seal_check.text", sql_text(statement, 0), &arena, &text, error) == -1) {
		store->sealed = false;
		seal_clear(&store->seal);
		result = error_set(error, "the store %s was sealed with another key than the key file holds: put the right "
		                          "file in its place, or name it in the setting store.key_file", store->path);
	}
	sqlite3_reset(statement);
	arena_deinit(&arena);
	return result;
}

const struct seal *store_seal(struct store *store, struct error *error)
{
	if (store->sealed)
		return &store->seal;
	error_set(error, "%s", store->seal_error.text);
	return NULL;
}
