/*
 * From a key of huqi.tx.v1 to its field, by one look into a small table made from tx_fields.def.
 *
 * Two tables: the keys of the transaction and those inside `counterparty`.
 */
#ifndef DECODE_JSON_KEYS_H
#define DECODE_JSON_KEYS_H

#include "base/tx.h"

#define JSON_KEY_UNKNOWN (TX_FIELD_COUNT + 1)
#define JSON_KEY_PARTY TX_FIELD_COUNT /* the key `counterparty` itself */
#define JSON_KEY_SLOTS 128 /* a power of two, four times the keys, so that most look-ups need one probe */

struct json_key {
	const char *name; /* NULL: a free slot */
	uint8_t length, field;
};

struct json_keys {
	struct json_key top[JSON_KEY_SLOTS], party[JSON_KEY_SLOTS];
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

/* The field of a key in one of the tables, JSON_KEY_PARTY or JSON_KEY_UNKNOWN. */
static inline unsigned json_key_find(const struct json_key *table, const char *name, size_t length)
{
	if (length == 0)
		return JSON_KEY_UNKNOWN;
	for (unsigned slot = json_key_slot(name, length); table[slot].name != NULL;
	     slot = (slot + 1) % JSON_KEY_SLOTS)
		if (table[slot].length == length && json_key_same(table[slot].name, name, length))
			return table[slot].field;
	return JSON_KEY_UNKNOWN;
}

#endif
