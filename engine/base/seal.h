/*
 * Personal data at rest: texts are sealed with a key that stands in a file of its own, and found again by keyed
 * hashes.
 *
 *   key file   base64 of 32 random bytes, readable by its owner only
 *   sealed     "s1:" base64( nonce 24 | box ), XChaCha20-Poly1305; the name of the column is authenticated with
 *              it, so that a value put into another column does not open
 *   hash       the first 16 bytes of BLAKE2b, keyed, over kind, a zero, text: equal texts are found, others cannot
 *              be tried without the key (a phone number has but eleven digits)
 *
 * Each use has a key of its own, derived from that of the file. Whoever has the store's file without the key file
 * learns how long a value is, and which are equal; whoever has both reads all. An empty text stays empty.
 */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

#define SEAL_KEY_BYTES 32
#define SEAL_HASH_BYTES 16

struct seal {
	unsigned char key[SEAL_KEY_BYTES]; /* the file's */
	unsigned char text_key[SEAL_KEY_BYTES], hash_key[SEAL_KEY_BYTES];
};

/*
 * Reads the key file; where it is missing and `make`, a new key is written first (with the folders above it). -1
 * where it is missing otherwise, is no key, or may be read by others than its owner.
 */
int seal_open_file(const char *path, bool make, struct seal *seal_r, struct error *error);
/* A key that is kept nowhere, for a store in memory. */
void seal_random(struct seal *seal_r);
/* Forgets the key. */
void seal_clear(struct seal *seal);

/* A slice with `at` NULL past the arena's bound. `column` is a literal such as "way.address". */
struct slice seal_text(const struct seal *seal, const char *column, struct slice text, struct arena *arena);
/* -1 where it was sealed with another key, for another column, or was changed. */
int seal_open(const struct seal *seal, const char *column, struct slice sealed, struct arena *arena,
              struct slice *text_r, struct error *error);

void seal_hash(const struct seal *seal, const char *kind, struct slice text, unsigned char hash_r[SEAL_HASH_BYTES]);

/* A key for another use, by its name. */
void seal_subkey(const struct seal *seal, const char *name, unsigned char key_r[SEAL_KEY_BYTES]);

#endif
