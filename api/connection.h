/*
 * Private: the connections there are, each with its deadline, and the thread that cuts those past theirs.
 *
 *              a head is through          its body is through         the answer is out
 *   HEAD ─────────────────────▶ BODY ─────────────────────▶ ANSWER ─────────────────────▶ HEAD …
 *    │  head_deadline_ms         │  body_deadline_ms         │  body_deadline_ms
 *    └──────── past it: counted, told 408 unless an answer began, and shut down ──────────┘
 *              (in HEAD, without a byte: the connection was idle, and is closed)
 *
 * Deadlines run from the beginning of a phase, not from the last byte: a client that sends a byte a second is
 * cut like one that sends nothing. The HTTP library's own time-out starts again with every byte, so it is not
 * used.
 *
 * A connection over a bound is taken, answered 503 or 429 if it asks quickly, and closed in any case; so many
 * of these at a time, and further ones wait in the kernel's backlog.
 */
#ifndef API_CONNECTION_H
#define API_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/socket.h>

#define CONNECTIONS_REFUSED_MAX 64
#define CONNECTION_REFUSED_MS 250

enum connection_phase { CONNECTION_FREE, CONNECTION_HEAD, CONNECTION_BODY, CONNECTION_ANSWER };

struct connection_bounds {
	unsigned connections_max, per_address_max; /* per_address_max 0: none */
	int64_t head_deadline_ms, body_deadline_ms;
};

struct connection_table; /* all of it under one lock, taken a few times a request */
struct connection; /* one of its slots */

struct connection_table *connection_table_new(const struct connection_bounds *bounds);
void connection_table_free(struct connection_table **table);

/* NULL where even the slots for refusals are taken; the caller then closes. */
struct connection *connection_open(struct connection_table *table, int fd, const struct sockaddr *address);
/* Before the socket is closed: from here on nothing touches it. */
void connection_close(struct connection_table *table, struct connection *connection);
/* The next phase, with a new deadline. */
void connection_enter(struct connection_table *table, struct connection *connection,
                      enum connection_phase phase);

/* The status to refuse every request with, 503 or 429; 0: serve it. */
unsigned connection_refusal(const struct connection *connection);
unsigned connection_count(struct connection_table *table);

#endif
