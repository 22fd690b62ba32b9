/*
 * Payees' names in a few bytes, made for two questions: is it the same name, and is it nearly the same?
 *
 * The name is folded. A person's is known by a hash alone, and so is one that ends in a digit: a feed that
 * gives numbers for names (Company 80012) has neighbours in all of them, and none borrows the other's. Of a
 * firm's stands its core besides: what is left without places in front (… 省, 市, 县, 区, 州) and legal forms
 * behind (有限公司 …), a symbol a character, and one for a word of its trade (trade_words.def). Two characters
 * differ but look the same once in 184.
 *
 *     firm    │ hash 6 bits │ province │ 0 │ province, 4 bits │ symbols 0 … 15 │ symbol │ …     hash: of the whole name
 *     person  │ hash 6 bits │ province │ 1 │ hash, 8 bits │ province, 4 bits │ hash, 4 bits │
 *     faded   │ hash 6 bits │ province │ 1 │ hash of a firm's symbols, as a person's         │
 *     none    │ 0           │ 0        │ 0 │ 0                │ 0              │
 *
 * The province is where the payee's account is (profile.h, MEETING_PROVINCE_SHIFT); a name that is signed has none, and
 * names are the same wherever they bank. Two names of one core are the same once in 64, two persons' once in 2^18.
 *
 * Who borrows a supplier's name borrows one that is paid again and again. So the name of a firm that was paid in one
 * week only fades two to three weeks later (known.c): it is the same or another from then on, and near none.
 */
#ifndef PROFILE_NAME_H
#define PROFILE_NAME_H

#include "base/slice.h"
#include "fold/fold.h"
#include "profile/account.h"

enum { NAME_SHORT = 4, NAME_DISTANCE_MOST = 2, NAME_DISTANCE_NONE = 255, NAME_HASH_BYTES = 3 };

/* Fills the signature; returns the hash of the folded name, 0 where nothing of it is left. */
uint64_t name_sign(struct slice name, unsigned kind, uint8_t signature_r[NAME_BYTES_MOST]);

/* The folded name; its bytes, 0 where nothing is left, or more than a name is. */
enum { NAME_FOLDED_BYTES_MAX = 1024 };
size_t name_fold(struct slice name, char folded_r[NAME_FOLDED_BYTES_MAX + FOLD_TAIL_BYTES]);

/* A person's, a numbered one, or one that faded. */
static inline bool name_is_hash(const uint8_t *signature)
{
	return signature[0] & 1;
}

/* Where the account is; 0: not told. */
enum { NAME_PROVINCE_HIGH = 2 }; /* the bit of the first byte */
static inline unsigned name_province(const uint8_t *signature)
{
	return (signature[0] & NAME_PROVINCE_HIGH) << 3 | signature[1 + name_is_hash(signature)] >> 4;
}

/* Of none nothing is told. */
static inline void name_set_province(uint8_t *signature, unsigned province)
{
	uint8_t *low = &signature[1 + name_is_hash(signature)];

	if (!name_is_hash(signature) && (*low & 15) == 0)
		return;
	signature[0] = (uint8_t)((signature[0] & ~NAME_PROVINCE_HIGH) | (province >> 3 & NAME_PROVINCE_HIGH));
	*low = (uint8_t)((*low & 15) | (province & 15) << 4);
}

/* Symbols of a firm's core. */
static inline unsigned name_length(const uint8_t *signature)
{
	return signature[1] & 15;
}

static inline unsigned name_bytes(const uint8_t *signature)
{
	return name_is_hash(signature) ? NAME_HASH_BYTES : NAME_HEAD_BYTES + name_length(signature);
}

static inline bool name_is_none(const uint8_t *signature)
{
	return name_bytes(signature) == NAME_HEAD_BYTES;
}

/* What a firm's becomes. */
void name_fade(const uint8_t *signature, uint8_t faded_r[NAME_HASH_BYTES]);

/* One of the two is a hash. */
bool name_same_faded(const uint8_t *a, const uint8_t *b);

static inline bool name_same(const uint8_t *a, const uint8_t *b)
{
	if (name_is_hash(a) != name_is_hash(b))
		return name_same_faded(a, b);
	if (((a[0] ^ b[0]) & ~NAME_PROVINCE_HIGH) != 0)
		return false;
	if (name_is_hash(a))
		return a[1] == b[1] && (a[2] & 15) == (b[2] & 15);
	return name_length(a) == name_length(b) &&
	       memcmp(a + NAME_HEAD_BYTES, b + NAME_HEAD_BYTES, name_length(a)) == 0;
}

/*
 * Characters to change, put in or leave out between two cores; NAME_DISTANCE_NONE beyond 2, beyond 1 where
 * a core has fewer than NAME_SHORT characters (a name of three with two changed is another name), and
 * beyond 0 where one is a hash.
 */
unsigned name_distance(const uint8_t *a, const uint8_t *b);

/*
 * Characters that the longer core has more than the shorter, whose characters all stand in it in their order:
 * 1 or 2. NAME_DISTANCE_NONE otherwise, where the shorter has fewer than NAME_SHORT, and for hashes.
 */
unsigned name_added(const uint8_t *a, const uint8_t *b);

#endif
