/*
 * Private: the demo's contact. It receives webhooks as any receiver would, checks their signature by its own
 * code, and keeps the last ones in memory.
 */
#ifndef API_INBOX_H
#define API_INBOX_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

#define INBOX_MESSAGES_MAX 100
#define INBOX_BODY_BYTES_MAX 20000 /* Standard Webhooks: less than 20 kB */

struct inbox;

struct inbox_message {
	struct slice id, body;
	struct slice to; /* the contact whose address it came to; empty: the demo's only one */
	int64_t received_ms; /* when it first came */
	unsigned times; /* how often it came: at least once is the promise */
};

/*
 * Whether the headers of a webhook carry a valid signature of Standard Webhooks 1.0.0: base64 of HMAC-SHA256
 * over "id.timestamp.body", with a timestamp at most five minutes away from `now_ms`. -1 and why not. Headers
 * may be NULL.
 */
int inbox_check(const struct inbox *inbox, const char *id, const char *timestamp, const char *signatures,
                struct slice body, int64_t now_ms, struct error *error);

/* Keeps a message; the oldest goes where there are too many. */
void inbox_put(struct inbox *inbox, const char *id, struct slice to, struct slice body, int64_t now_ms);

/* Copies, newest first. */
size_t inbox_list(struct inbox *inbox, struct arena *arena,
                  struct inbox_message messages_r[INBOX_MESSAGES_MAX]);

#endif
