/*
 * Receivers of warnings for tests, on loopback: an HTTP server that answers as its path says and writes down
 * what it got, and a port that takes connections and never answers.
 *
 *   /ok/…        200                    /gone/…      410
 *   /error/…     500                    /moved/…     302 to /ok/moved
 *   /busy/…      429, Retry-After: 1, once, then 200
 *   /flaky/…     500 twice, then 200    /huge/…      200 and a megabyte
 *   /drip/…      200, then a body that never ends
 *   /robot/…     200 {"errcode":0}            /full/…      200 {"errcode":45009}, once, then as /robot/
 *   /removed/…   200 {"errcode":93000}
 */
#ifndef TESTS_UNIT_NOTIFY_RECEIVER_H
#define TESTS_UNIT_NOTIFY_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECEIVER_SECRET "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY" /* bytes 1 to 24 */

struct received {
	char path[96], id[48], agent[48];
	bool signed_right;
	int64_t timestamp_s, at_ms; /* at_ms: steady */
};

/* `key` and `certificate` are PEM texts for https, or NULL. */
void receiver_start(const char *key, const char *certificate);
void receiver_stop(void);
int receiver_port(void);

/*
 * How many requests came whose path begins like this; the `nth` of them (from 0) into `r` where it is there.
 */
int receiver_count(const char *path);
bool receiver_get(const char *path, int nth, struct received *r);

/* A listening port that answers nothing; the socket to close. */
int receiver_hang(int *port_r);

#endif
