/*
 * Private: what a running API is made of.
 */
#ifndef API_API_PRIVATE_H
#define API_API_PRIVATE_H

#include <pthread.h>

#include <sodium.h>

#include "api/api.h"
#include "api/connection.h"
#include "base/arena.h"

struct inbox;
struct MHD_Daemon;
struct readers;
struct request;
struct answer;

#define TOKEN_HASH_BYTES crypto_hash_sha256_BYTES
#define REASON_CHARACTERS_MAX 200 /* of a reveal */

struct api {
	struct api_options options; /* without the secrets */
	bool has_token;
	unsigned char token_hash[TOKEN_HASH_BYTES];
	uint16_t port;
	pthread_mutex_t gauges_lock; /* around options.gauges */
	struct readers *readers;
	struct connection_table *connections;
	struct inbox *inbox; /* the demo's; else NULL */
	struct MHD_Daemon *daemon;
};

/* server.c: serves `listen_fd`, which it takes over. */
int server_start(struct api *api, int listen_fd, struct error *error);
void server_stop(struct api *api);

/* auth.c: whether an Authorization header carries the token. Constant in time over the token. */
bool auth_check(const struct api *api, const char *authorization);
void auth_set_token(struct api *api, const char *token);

/* readers.c: a read-only connection and an arena for each HTTP thread. */
struct reader {
	struct store *store;
	struct arena arena;
};
int readers_open(const char *path, const char *key_file, unsigned count, struct readers **readers_r, struct error *error);
void readers_close(struct readers **readers);
struct reader *reader_take(struct readers *readers);
void reader_give(struct readers *readers, struct reader *reader);

/*
 * reveal.c: `?reveal=REASON`. Fills `reason_r` with the reason (at NULL: not asked); -1 where it is no
 * reason, and the answer is filled.
 */
int reveal_asked(struct request *request, struct slice *reason_r, struct answer *answer);
/*
 * Writes that `object` was shown in full, and why, into the audit chain (I10), and waits until it is
 * committed. -1 where that fails or takes too long, and the answer is filled: then nothing may be shown (I9).
 */
int reveal_audit(struct request *request, struct slice reason, const char *object, struct answer *answer);

/* The demo's inbox; `secret` as "whsec_…". */
struct inbox *inbox_new(const char *secret, struct error *error);
void inbox_free(struct inbox **inbox);

#endif
