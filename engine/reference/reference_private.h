/*
 * The inside of a reference: what the files of this room share.
 *
 *   add ─▶ items in arrays, texts in one arena ── finish ─▶ an index of slots over each array
 *
 * A slot is a byte of the hash and, in an array beside, the item's number; half of the slots are free. Nearly
 * every value of a feed is on no list, and that is seen from the bytes alone: 2 MB for a million entries,
 * which stay in the cache. A value that is there costs three cache misses more (number, item, text).
 */
#ifndef REFERENCE_REFERENCE_PRIVATE_H
#define REFERENCE_REFERENCE_PRIVATE_H

#include <stdatomic.h>

#include "base/arena.h"
#include "reference/reference.h"

enum { REFERENCE_REPEATS = 1 << 10 };

#define REFERENCE_BYTES_MAX (4ull << 30) /* of all texts */

struct reference_index {
	uint8_t *tags; /* owned; NULL: empty. 0: the slot is free */
	uint32_t *items; /* owned; by slot */
	uint64_t mask;
};

void index_init(struct reference_index *index, size_t items);
void index_deinit(struct reference_index *index);
void index_put(struct reference_index *index, uint64_t hash, uint32_t item);
/* Is `items[item]` what `key` names? */
typedef bool index_is(const void *items, uint32_t item, const void *key);
/* The number of the item with that key, + 1; 0 where there is none. */
uint32_t index_find(const struct reference_index *index, uint64_t hash, index_is *is, const void *items,
                    const void *key);

/* What an entry is found by: kind, the value in its one spelling, and on the list `allow` the pattern. */
struct reference_key {
	uint8_t kind;
	struct slice value, pattern;
};

struct reference_list {
	struct slice name;
	bool is_allow;
	struct reference_entry *entries; /* owned */
	size_t count, capacity;
	struct reference_index index;
};

struct reference_account {
	struct slice bank, account, uscc;
	uint32_t enterprise; /* + 1; 0: none */
};

struct reference {
	_Atomic unsigned users;
	struct arena texts; /* owns every slice */
	struct slice repeats[REFERENCE_REPEATS]; /* texts lately kept, by hash, so that most repeats cost nothing */
	struct reference_list *lists[REFERENCE_LISTS_MAX]; /* owned; by name */
	size_t list_count, entry_count, refused;
	const struct reference_list *allow;
	struct reference_enterprise *enterprises; /* owned */
	size_t enterprise_count, enterprise_capacity;
	struct reference_index by_uscc, by_name;
	struct reference_account *accounts; /* owned */
	size_t account_count, account_capacity;
	struct reference_index by_account;
	int32_t *near_days[REFERENCE_NEARS]; /* owned: registration days, key by key, each key's ascending */
};

/* A copy in the reference's arena; dies without memory. keep_repeated() finds a text lately kept again. */
struct slice reference_keep(struct reference *reference, struct slice text);
struct slice reference_keep_repeated(struct reference *reference, struct slice text);
/* Folded; cut where folding passes its bound. */
struct slice reference_keep_folded(struct reference *reference, struct slice text);
/* Room for one more of `size` bytes in an array that doubles. */
void *reference_room(void *array, size_t count, size_t *capacity, size_t size);

/*
 * value.c: the one spelling of a value, in `room` of REFERENCE_VALUE_BYTES or as it is given; at NULL where
 * it is no such value, and then `expected_r` says what is one.
 */
enum { REFERENCE_VALUE_BYTES = 1024 };
struct slice reference_spelling(uint8_t kind, struct slice value, char room[REFERENCE_VALUE_BYTES],
                                const char **expected_r);
/* What a look-up does to a value of the feed: an IP of version 6 has many spellings. */
struct slice reference_spelling_of_feed(uint8_t kind, struct slice value, char room[REFERENCE_VALUE_BYTES]);

/* list.c: the list of that name, made where it is new; NULL with `error` where it cannot be. */
struct reference_list *reference_list_open(struct reference *reference, struct slice name,
                                           struct error *error);

/* enterprise.c */
void reference_finish_enterprises(struct reference *reference);

#endif
