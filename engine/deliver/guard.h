/*
 * Which addresses may be called. A contact's address comes from a file that many hands wrote; it must not
 * become a way into the centre's own network (server-side request forgery). The check stands after DNS, at
 * the socket, so that a name that changes its mind between check and connect gains nothing.
 *
 * The operator's own mail server and SMS gateway are not meant: their names stand in the settings, which only an
 * operator writes, and in a centre's private network more often than not.
 */
#ifndef DELIVER_GUARD_H
#define DELIVER_GUARD_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/slice.h"

#define GUARD_URL_BYTES_MAX 2048

/*
 * Public unicast only: not private, loopback, link-local, shared, documentation, multicast or any other range
 * of the IANA special-purpose registries, nor IPv4 inside IPv6 other than NAT64 to a public address.
 */
bool guard_is_public(const struct sockaddr *address);
bool guard_is_loopback(const struct sockaddr *address);

/*
 * What a socket may connect to: public, or with `allow_private` any unicast; with `loopback_only` loopback
 * alone.
 */
bool guard_allows(const struct sockaddr *address, bool allow_private, bool loopback_only);

/*
 * A URL that may be registered: https with a host, no user, no fragment; with `allow_private` also http to
 * loopback. Names are not resolved here. `http_r` (may be NULL) tells that it is the latter, to be connected
 * with loopback_only.
 */
int guard_check_url(struct slice url, bool allow_private, bool *http_r, struct error *error);

#endif
