#include "registry/verify.h"

#include <sodium.h>
#include <stdio.h>

#include "base/ident.h"
#include "base/instant.h"

enum { ARENA_BYTES = 4 << 20, CODES = 1000000, CODE_LENGTH = REGISTRY_CODE_BYTES - 1 };

/* The hash is of the way, too: the same code to two addresses is two codes. */
static void hash_code(const struct seal *seal, int64_t way, struct slice code, unsigned char hash_r[SEAL_HASH_BYTES])
{
	char text[48];

	snprintf(text, sizeof(text), "%lld/%.*s", (long long)way, code.length <= CODE_LENGTH ? (int)code.length : 0,
	         code.at);
	seal_hash(seal, "code", slice_of(text), hash_r);
}

/* Without the address: the audit is read by people who need not know it. */
static int audit(struct store *store, const char *actor, const char *action, int64_t way, int64_t now_ms,
                 struct error *error)
{
	char object[32];

	snprintf(object, sizeof(object), "way/%lld", (long long)way);
	return store_audit_put(store, now_ms, actor, action, object, "{}", error);
}

static int nobody(struct slice address, struct error *error)
{
	char masked[IDENT_MASKED_BYTES];

	return error_set(error, "no contact in use is registered with %s; `huqi registry import` registers",
	                 ident_mask_address(address, masked));
}

static bool in_use(const struct contact_row *contact)
{
	return contact->disabled.length == 0 && contact->ways[0].disabled.length == 0;
}

/* ---- a new code ---- */

/* -1 where it is too early, or too many were made. */
static int check_rate(const struct way_code *code, int64_t now_ms, struct error *error)
{
	int64_t made_ms = code->until_ms - REGISTRY_CODE_LIFE_MS;

	if (code->is_set && now_ms - made_ms < REGISTRY_CODE_PAUSE_MS)
		return error_set(error, "a code was sent there just now; another one goes out after %lld seconds",
		                 (long long)((REGISTRY_CODE_PAUSE_MS - (now_ms - made_ms) + 999) / 1000));
	if (now_ms - code->since_ms < INSTANT_DAY_MS && code->codes >= REGISTRY_CODES_A_DAY)
		return error_set(error, "%d codes were sent there within a day; the next one goes out after that",
		                 REGISTRY_CODES_A_DAY);
	return 0;
}

static int make_for(struct store *store, const struct seal *seal, int64_t way, int64_t now_ms,
                    const struct registry_code *made, struct error *error)
{
	struct way_code code;

	if (store_way_code_get(store, way, &code, error) != 1 || check_rate(&code, now_ms, error) == -1)
		return -1;
	if (now_ms - code.since_ms >= INSTANT_DAY_MS) {
		code.codes = 0;
		code.since_ms = now_ms;
	}
	code.codes++;
	code.tries = 0;
	code.until_ms = made->until_ms;
	code.is_set = true;
	hash_code(seal, way, slice_of(made->code), code.hash);
	return store_way_code_put(store, way, &code, error);
}

static int code_new(struct store *store, const struct seal *seal, const struct contact_row *rows, size_t count,
                    struct slice address, const char *actor, int64_t now_ms, struct registry_code *code_r,
                    struct error *error)
{
	char masked[IDENT_MASKED_BYTES];
	bool known = false;

	for (size_t i = 0; i < count; i++) {
		if (!in_use(&rows[i]))
			continue;
		known = true;
		if (rows[i].ways[0].verified_ms != 0)
			continue;
		if (make_for(store, seal, rows[i].ways[0].id, now_ms, code_r, error) == -1 ||
		    audit(store, actor, "registry.code", rows[i].ways[0].id, now_ms, error) == -1)
			return -1;
		if (code_r->ways++ == 0)
			code_r->way = rows[i].ways[0].id;
	}
	if (!known)
		return nobody(address, error);
	return code_r->ways > 0 ? 0 : error_set(error, "%s is verified already", ident_mask_address(address, masked));
}

int registry_code_new(struct store *store, struct slice address, const char *actor, int64_t now_ms,
                      struct registry_code *code_r, struct error *error)
{
	const struct seal *seal = store_seal(store, error);
	struct contact_row *rows;
	struct arena arena;
	size_t count;
	int result;

	*code_r = (struct registry_code){.until_ms = now_ms + REGISTRY_CODE_LIFE_MS};
	if (seal == NULL)
		return -1;
	snprintf(code_r->code, sizeof(code_r->code), "%06u", (unsigned)randombytes_uniform(CODES));
	arena_init(&arena, ARENA_BYTES);
	result = store_ways_at(store, address, &arena, &rows, &count, error);
	if (result == 0)
		result = code_new(store, seal, rows, count, address, actor, now_ms, code_r, error);
	arena_deinit(&arena);
	if (result == -1)
		sodium_memzero(code_r->code, sizeof(code_r->code));
	return result;
}

/* ---- a code read back ---- */

static int check_one(struct store *store, const struct seal *seal, int64_t way, struct slice code, const char *actor,
                     int64_t now_ms, struct registry_code_answer *answer, struct error *error)
{
	unsigned char hash[SEAL_HASH_BYTES];
	struct way_code kept;

	if (store_way_code_get(store, way, &kept, error) != 1)
		return -1;
	if (!kept.is_set || kept.tries >= REGISTRY_CODE_TRIES || now_ms >= kept.until_ms)
		return 0;
	hash_code(seal, way, code, hash);
	if (sodium_memcmp(hash, kept.hash, sizeof(hash)) == 0) {
		answer->verdict = REGISTRY_CODE_RIGHT;
		answer->ways++;
		return store_way_verify(store, way, now_ms, error) == -1
		               ? -1
		               : audit(store, actor, "registry.verify", way, now_ms, error);
	}
	kept.tries++;
	if (answer->verdict != REGISTRY_CODE_RIGHT)
		answer->verdict = REGISTRY_CODE_WRONG;
	if (REGISTRY_CODE_TRIES - kept.tries > answer->tries_left)
		answer->tries_left = (int)(REGISTRY_CODE_TRIES - kept.tries);
	return store_way_code_put(store, way, &kept, error) == -1
	               ? -1
	               : audit(store, actor, "registry.code.wrong", way, now_ms, error);
}

int registry_code_check(struct store *store, struct slice address, struct slice code, const char *actor,
                        int64_t now_ms, struct registry_code_answer *answer_r, struct error *error)
{
	const struct seal *seal = store_seal(store, error);
	struct contact_row *rows;
	struct arena arena;
	size_t count;
	int result;
	bool known = false;

	*answer_r = (struct registry_code_answer){.verdict = REGISTRY_CODE_VOID};
	if (seal == NULL)
		return -1;
	arena_init(&arena, ARENA_BYTES);
	result = store_ways_at(store, address, &arena, &rows, &count, error);
	for (size_t i = 0; result == 0 && i < count; i++) {
		known |= in_use(&rows[i]);
		if (in_use(&rows[i]) && rows[i].ways[0].verified_ms == 0)
			result = check_one(store, seal, rows[i].ways[0].id, code, actor, now_ms, answer_r, error);
	}
	if (result == 0 && !known)
		result = nobody(address, error);
	arena_deinit(&arena);
	return result;
}
