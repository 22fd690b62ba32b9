/*
 * A way to reach a contact: webhook today, robots, SMS and mail beside it later. A channel is a triad: this
 * page, a line in the table of channels.c, a file channel_<name>.c.
 *
 * Its functions are pure: no channel opens a socket, keeps a timer or knows the outbox, so each is tested
 * with a table of bytes in, bytes out.
 */
#ifndef NOTIFY_CHANNEL_H
#define NOTIFY_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#define CHANNEL_HEADERS_MAX 8
#define CHANNEL_REASON_BYTES 192

/* What is to be said to whom, at this attempt. All borrowed. */
struct channel_message {
	struct slice id; /* of the delivery, the same at every attempt */
	struct slice address, secret; /* as registered */
	struct slice language; /* zh | en */
	struct slice body; /* huqi.warning.v1; a channel that speaks otherwise makes its text of it */
	int64_t now_ms; /* UTC, of this attempt */
	bool allow_private; /* the setting */
};

/* A POST over HTTP. Texts live in the arena given, or are borrowed from the message. */
struct channel_request {
	const char *url;
	const char *headers[CHANNEL_HEADERS_MAX]; /* "name: value" */
	size_t header_count;
	struct slice body;
	bool loopback_only; /* plain http: only to this machine */
};

/* What came back. All borrowed. */
struct channel_answer {
	const char *failure; /* why no answer came; NULL where `status` is one */
	long status; /* of HTTP */
	struct slice retry_after; /* that header's value, or empty */
	struct slice body; /* cut at the bound */
	int64_t now_ms;
};

enum channel_outcome { CHANNEL_SENT, CHANNEL_RETRY, CHANNEL_DEAD };

struct channel_verdict {
	enum channel_outcome outcome;
	bool gone; /* with DEAD: the destination takes nothing any more, ever */
	int64_t wait_ms; /* with RETRY: the receiver asks to be left alone that long; 0: it does not say */
	char reason[CHANNEL_REASON_BYTES]; /* for people; no secret, no personal data */
};

struct channel {
	const char *name; /* as in contacts.csv */
	const char *title_zh, *title_en;
	struct {
		size_t body_bytes_max;
		int per_minute_max; /* to one destination; 0: the receiver says when it is too much */
	} limits;
	bool needs_code; /* nothing proves whose an address is: it is verified by a code before its first warning */
	/* At registration: what is wrong with an address or its secret. */
	int (*check_address)(struct slice address, struct slice secret, bool allow_private, struct error *error);
	/* -1: it can never be sent like this; the delivery is DEAD with these words. */
	int (*build_request)(const struct channel_message *message, struct arena *arena,
	                     struct channel_request *request_r, struct error *error);
	void (*judge_answer)(const struct channel_answer *answer, struct channel_verdict *verdict_r);
};

/* NULL where there is none such. */
const struct channel *channel_find(struct slice name);
/* The i-th of the table; NULL past its end. */
const struct channel *channel_at(size_t i);

/*
 * For judge_answer: a Retry-After in seconds or as an HTTP date, in ms from `now_ms`; at most a day, 0 for
 * none.
 */
int64_t channel_retry_after_ms(struct slice value, int64_t now_ms);

extern const struct channel channel_webhook;

#endif
