/*
 * Private: the listening socket. Addresses are numbers; no name is looked up.
 */
#ifndef API_LISTEN_H
#define API_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* A non-blocking socket that listens on "127.0.0.1:8080" or "[::1]:8080"; the caller's. An address that is
 * not loopback is an error unless `public_allowed`. -1 with what is wrong. */
int listen_open(const char *address, bool public_allowed, uint16_t *port_r, struct error *error);

#endif
