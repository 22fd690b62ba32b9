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
	struct slice channel, address, secret;
	struct slice disabled; /* why; empty: in use. When written, `at` NULL leaves what is there */
	int64_t verified_ms; /* 0: waits for its code. When written, 0 leaves what is there */
	int64_t destination; /* read only: the hash under which its deliveries are limited, paused and served in turn */
};

/* A person. When written, `at` NULL leaves what is there, from `quiet` on. */
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
 * and in use, by id; at most STORE_CONTACTS_MAX and STORE_WAYS_MAX.
 */
int store_contacts_of(struct store *store, struct slice owner, struct arena *arena, struct contact_row **rows_r,
                      size_t *count_r, struct error *error);
/* A way and whose it is, whatever their state; 1 found, 0 none, -1. The contact's `ways` is the one way. */
int store_way_get(struct store *store, int64_t id, struct arena *arena, struct way_row *way_r,
                  struct contact_row *contact_r, struct error *error);

/* Takes every way with this channel and address out of use; the rows changed, or -1. */
int store_way_disable(struct store *store, struct slice channel, struct slice address, const char *why,
                      struct error *error);

#endif
