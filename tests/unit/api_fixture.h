/*
 * A running API on a free loopback port over a store of its own, and a client to ask it with.
 */
#ifndef TESTS_UNIT_API_FIXTURE_H
#define TESTS_UNIT_API_FIXTURE_H

#include <yyjson.h>

#include "api/api.h"
#include "store_fixture.h"

#define API_TOKEN "a-token-of-the-tests-0123456789"
#define API_DEMO_SECRET "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

struct api_fixture {
	struct store_fixture store; /* its writer runs */
	struct api_options options; /* change them before api_fixture_start() */
	struct api *api;
	void *curl;
};

struct reply {
	long status;
	char head[8192]; /* all header lines */
	char *body; /* owned by the fixture's last reply; ends with a zero */
	size_t body_bytes;
};

/* The store is open and its connection free for rows (f->store.store) until the start. */
void api_fixture_open(struct api_fixture *f);
void api_fixture_start(struct api_fixture *f);
void api_fixture_close(struct api_fixture *f);

/* Asks with the token. `headers` is NULL-ended or NULL; `body` NULL: none. The reply's body is freed by
 * the next. */
struct reply api_ask_with(struct api_fixture *f, const char *method, const char *target, const char *const *headers,
                          const char *body);
struct reply api_ask(struct api_fixture *f, const char *target);

/* A header's value in `value_r`, "" where it is not there. */
const char *reply_header(const struct reply *reply, const char *name, char value_r[512]);

/* Ends the test unless the status is this one and, from 400 on, the body a problem about `parameter`
 * (NULL: none). */
void assert_reply(const struct reply *reply, long status, const char *parameter);

/* A socket to the API; raw bytes in, raw bytes out until the end or `within_ms`. */
int api_connect(const struct api_fixture *f);
int api_try_connect(const struct api_fixture *f); /* -1 where the backlog is full */
void api_send(int fd, const char *text);
size_t api_receive(int fd, char *text_r, size_t most, int within_ms);
/* How long until the other side closed, at most `within_ms`. */
int64_t api_wait_closed(int fd, int within_ms);

#endif
