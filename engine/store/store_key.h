/*
 * Private: the key of a connection, and the functions with it that SQL may call on the writing one:
 *
 *   seal_text(column, text)      sealed
 *   seal_hash(kind, text)        a hash, as a blob
 *   seal_way(channel, address)   the hash by which a way is found
 *   seal_destination(hash)       that hash as a delivery's destination
 */
#ifndef STORE_STORE_KEY_H
#define STORE_STORE_KEY_H

#include "store/connection.h"

#define STORE_KEY_SINCE 4 /* the schema that seals */

/* Reads the key file, or makes it for a store that has sealed nothing yet (`may_make`). */
int store_key_open(struct store *store, const char *key_file, bool may_make, struct error *error);
/* Whether it opens what the store sealed. On -1 the connection has no key. */
int store_key_check(struct store *store, struct error *error);

/* Of the channel and the folded address (base/ident.h): the same phone number in two spellings is one way. */
void store_way_hash(const struct seal *seal, struct slice channel, struct slice address,
                    unsigned char hash_r[SEAL_HASH_BYTES]);
int64_t store_hash_destination(const unsigned char hash[SEAL_HASH_BYTES]);

#endif
