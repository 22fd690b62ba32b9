/*
 * Contacts and the ways to reach them. Names, addresses and secrets are sealed in the file and opened here: nobody
 * else sees sealed text. Writing happens inside a job, reading on any connection that has the key.
 */
#ifndef STORE_CONTACT_ROWS_H
#define STORE_CONTACT_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

#define STORE_CONTACTS_MAX 64 /* of one owner that are ever warned, by rank */
#define STORE_WAYS_MAX 256 /* of all of them */

/* One channel with an address. Slices borrow from the arena given, or from the caller when written. */
struct way_row {
	int64_t id; /* given by the store, kept as long as the owner, channel and address stay; deliveries name it */
	int64_t contact;
	struct slice channel, address;
	struct slice secret, disabled; /* disabled: why; empty: in use. When written, `at` NULL leaves what is there */
	int64_t verified_ms; /* 0: waits for its code. When written, 0 leaves what is there */
	int64_t destination; /* read only: the hash under which its deliveries are limited, paused and served in turn */
};

/* A person. When written, rank 0 and `at` NULL leave what is there, from `rank` on; a new row has rank 1 and zh. */
struct contact_row {
	int64_t id; /* given by the store, kept as long as owner and name stay */
	struct slice owner; /* USCC of an enterprise, or the division code of a centre */
	struct slice name, role;
	int64_t rank; /* 1 is asked first */
	struct slice language;
	struct slice quiet; /* "22:00-07:00"; empty: none */
	struct slice absent_from, absent_to; /* YYYY-MM-DD, both days included; empty: not, or without an end */
	struct slice stand_in; /* the name of another contact of the owner */
	struct slice trained_on; /* YYYY-MM-DD */
	struct slice disabled; /* why; empty: in use */
	const struct way_row *ways;
	size_t way_count;
};

/* Insert or change by owner and name; enum store_change, or -1. `ways` are not looked at. */
int store_contact_put(struct store *store, const struct contact_row *row, int64_t *id_r, struct error *error);
/* Insert or change by the contact's owner, channel and address: an address moves to the contact named. */
int store_way_put(struct store *store, const struct way_row *row, int64_t *id_r, struct error *error);

/*
 * The contacts of an owner who are in use and can be reached, by rank and id, each with the ways that are verified
 * and in use, by id; at most STORE_CONTACTS_MAX and STORE_WAYS_MAX, what is beyond is counted. None of an enterprise
 * that is closed.
 */
int store_contacts_of(struct store *store, struct slice owner, struct arena *arena, struct contact_row **rows_r,
                      size_t *count_r, struct error *error);
/* All of an owner's who have a way, whatever the state of either, for people who look. */
int store_contacts_all(struct store *store, struct slice owner, struct arena *arena, struct contact_row **rows_r,
                       size_t *count_r, struct error *error);

/* One row, whatever its state; 1 found, 0 none, -1. The contact's `ways` is the one way. */
int store_way_get(struct store *store, int64_t id, struct arena *arena, struct way_row *way_r,
                  struct contact_row *contact_r, struct error *error);
int store_way_find(struct store *store, struct slice owner, struct slice channel, struct slice address,
                   struct arena *arena, struct way_row *way_r, struct contact_row *contact_r, struct error *error);
/* Without ways. */
int store_contact_find(struct store *store, struct slice owner, struct slice name, struct arena *arena,
                       struct contact_row *row_r, struct error *error);
/* Every way with this address, of any channel and owner: a contact each with the one way; at most STORE_WAYS_MAX. */
int store_ways_at(struct store *store, struct slice address, struct arena *arena, struct contact_row **rows_r,
                  size_t *count_r, struct error *error);
/* Every way by owner, rank and id, until `each` returns -1; texts are valid for the call. */
int store_ways_each(struct store *store, int (*each)(void *arg, const struct contact_row *contact,
                                                     const struct way_row *way, struct error *error),
                    void *arg, struct error *error);

/*
 * I7: 1 where a way in use with this channel and address belongs to the other kind of owner, a centre where `owner` is
 * an enterprise and the other way round; 0, -1.
 */
int store_way_crosses(struct store *store, struct slice owner, struct slice channel, struct slice address,
                      struct error *error);

/* Takes every way with this channel and address out of use; the rows changed, or -1. */
int store_way_disable(struct store *store, struct slice channel, struct slice address, const char *why,
                      struct error *error);


#endif
