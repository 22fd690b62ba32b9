/*
 * From a key of huqi.tx.v1 to its field, by one look into a small table made from tx_fields.def.
 *
 * Two tables: the keys of the transaction and those inside `counterparty`. Who sends a message writes its keys in the
 * order of the one before, so each table remembers which key came after which, and compares with that one first.
 */
#ifndef DECODE_JSON_KEYS_H
#define DECODE_JSON_KEYS_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/tx.h"

#define JSON_KEY_UNKNOWN (TX_FIELD_COUNT + 1)
#define JSON_KEY_PARTY TX_FIELD_COUNT /* the key `counterparty` itself */
#define JSON_KEY_FIRST (TX_FIELD_COUNT + 2) /* what stands before the first key */
#define JSON_KEY_SLOTS 128 /* a power of two, four times the keys, so that most look-ups need one probe */
#define JSON_KEY_OPENING_BYTES 16

struct json_key {
	const char *name; /* NULL: a free slot */
	uint8_t length, field;
	char opening[JSON_KEY_OPENING_BYTES]; /* the name and the quote behind it, as far as there is room */
};

struct json_key_table {
	struct json_key slots[JSON_KEY_SLOTS];
	const struct json_key *after[JSON_KEY_FIRST + 1]; /* by the field before it; NULL: not yet known */
};

struct json_keys {
	struct json_key_table top, party;
};

void json_keys_init(struct json_keys *keys);

static inline unsigned json_key_slot(const char *name, size_t length)
{
	unsigned first = (unsigned char)name[0], last = (unsigned char)name[length - 1];

	return ((unsigned)length * 11 + first * 5 + last * 29) % JSON_KEY_SLOTS;
}

/* memcmp() == 0 for the short lengths of keys: two overlapping words instead of a call. */
static inline bool json_key_same(const char *a, const char *b, size_t length)
{
	uint64_t a64, b64, a64_end, b64_end;
	uint32_t a32, b32, a32_end, b32_end;

	if (length > 16)
		return memcmp(a, b, length) == 0;
	if (length >= 8) {
		memcpy(&a64, a, 8);
		memcpy(&b64, b, 8);
		memcpy(&a64_end, a + length - 8, 8);
		memcpy(&b64_end, b + length - 8, 8);
		return ((a64 ^ b64) | (a64_end ^ b64_end)) == 0;
	}
	if (length >= 4) {
		memcpy(&a32, a, 4);
		memcpy(&b32, b, 4);
		memcpy(&a32_end, a + length - 4, 4);
		memcpy(&b32_end, b + length - 4, 4);
		return ((a32 ^ b32) | (a32_end ^ b32_end)) == 0;
	}
	return a[0] == b[0] && a[length / 2] == b[length / 2] && a[length - 1] == b[length - 1];
}

static inline bool json_key_is(const struct json_key *key, const char *name, size_t length)
{
	return key->length == length && json_key_same(key->name, name, length);
}

/* Does this key, with the quote behind it, stand at `at`? Reads JSON_KEY_OPENING_BYTES or what is longer of the two. */
static inline bool json_key_opens(const struct json_key *key, const char *at)
{
#ifdef __SSE2__
	uint32_t wanted = (UINT32_C(2) << key->length) - 1, same;

	if (__builtin_expect(key->length < JSON_KEY_OPENING_BYTES, 1)) {
		__m128i there = _mm_loadu_si128((const __m128i *)(const void *)at);
		__m128i opening = _mm_loadu_si128((const __m128i *)(const void *)key->opening);
		same = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(there, opening));
		return (same & wanted) == wanted;
	}
#endif
	return memcmp(at, key->name, key->length) == 0 && at[key->length] == '"';
}

/* A key in the slots; NULL where it is not there. */
static inline const struct json_key *json_key_find(const struct json_key *slots, const char *name, size_t length)
{
	if (length == 0)
		return NULL;
	for (unsigned slot = json_key_slot(name, length); slots[slot].name != NULL; slot = (slot + 1) % JSON_KEY_SLOTS)
		if (json_key_is(&slots[slot], name, length))
			return &slots[slot];
	return NULL;
}

/* The field of the key behind that of the field `before`, JSON_KEY_PARTY or JSON_KEY_UNKNOWN. */
static inline unsigned json_key_next(struct json_key_table *table, unsigned before, const char *name, size_t length)
{
	const struct json_key *key = table->after[before];

	if (key != NULL && json_key_is(key, name, length))
		return key->field;
	key = json_key_find(table->slots, name, length);
	if (key == NULL)
		return JSON_KEY_UNKNOWN;
	table->after[before] = key;
	return key->field;
}

#endif
