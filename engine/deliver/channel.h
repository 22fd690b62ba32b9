/*
 * A way to reach a contact: webhook, chat robots, SMS, mail. A channel is a triad: this page, a line in the
 * table of channels.c, a file channel_<name>.c.
 *
 * Its functions are pure: no channel opens a socket, keeps a timer or knows the outbox, so each is tested
 * with a table of bytes in, bytes out.
 */
#ifndef DELIVER_CHANNEL_H
#define DELIVER_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#define CHANNEL_HEADERS_MAX 16
#define CHANNEL_REASON_BYTES 192
#define CHANNEL_PROVIDER_ID_BYTES 64

struct sms_gateway; /* sms_gateway.h */

/*
 * What channels need of the settings besides an address: the operator's own servers. Their addresses come from
 * the settings file and not from the registry that many hands write, so they may be private (guard.h).
 */
struct channel_settings {
	const char *smtp_url, *smtp_user, *smtp_password, *smtp_from; /* "" where not set; borrowed */
	bool smtp_require_tls;
	struct sms_gateway *sms_gateway; /* owned; NULL: none */
	const char *signature; /* who writes; borrowed */
};

/* What is to be said to whom, at this attempt. All borrowed. */
struct channel_message {
	struct slice id; /* of the delivery, the same at every attempt */
	struct slice address, secret; /* as registered */
	struct slice language; /* zh | en */
	struct slice body; /* huqi.warning.v1; a channel that speaks otherwise makes its text of it */
	int64_t now_ms; /* UTC, of this attempt */
	bool allow_private; /* the setting */
	const struct channel_settings *settings;
};

enum channel_kind { CHANNEL_HTTP, CHANNEL_SMTP };

/* A request over HTTP, or a mail. Texts live in the arena given, or are borrowed from the message. */
struct channel_request {
	enum channel_kind kind;
	const char *url;
	struct slice body; /* of HTTP; or the whole message of RFC 5322 */
	bool loopback_only; /* in the clear: only to this machine */
	bool operators; /* the server is the operator's own: it may be in a private network */
	bool cut; /* a text was over the channel's bound and goes out in part */
	/* of HTTP */
	const char *method; /* NULL: POST */
	const char *headers[CHANNEL_HEADERS_MAX]; /* "name: value" */
	size_t header_count;
	/* of SMTP */
	const char *from, *to; /* addr-specs */
	const char *user, *password; /* "" for no log-in */
	bool require_tls;
};

/* What came back. All borrowed. */
struct channel_answer {
	const char *failure; /* why no answer came; NULL where `status` is one */
	long status; /* of HTTP; the last reply of SMTP */
	struct slice retry_after; /* that header's value, or empty */
	struct slice body; /* cut at the bound; of SMTP the last reply's words behind its code */
	struct slice command; /* of SMTP: the first four letters of what that replies to; empty: the greeting */
	int64_t now_ms;
	const struct channel_settings *settings;
};

enum channel_outcome { CHANNEL_SENT, CHANNEL_RETRY, CHANNEL_DEAD };

struct channel_verdict {
	enum channel_outcome outcome;
	bool gone; /* with DEAD: the destination takes nothing any more, ever */
	int64_t wait_ms; /* with RETRY: the receiver asks to be left alone that long; 0: it does not say */
	char reason[CHANNEL_REASON_BYTES]; /* for people; no secret, no personal data, none of the answer's words */
	char provider_id[CHANNEL_PROVIDER_ID_BYTES]; /* with SENT: what an SMS gateway calls it in its receipts, or "" */
};

enum { CHANNEL_BUILD_LATER = 1 };

struct channel {
	const char *name; /* as in contacts.csv */
	const char *title_zh, *title_en;
	const char *called; /* what else people write for it in contacts.csv, by `|` */
	struct {
		size_t body_bytes_max; /* of what it says, in UTF-8: a longer text is cut, a longer webhook body refused */
		int per_minute_max; /* to one destination; 0: the receiver says when it is too much */
	} limits;
	bool needs_code; /* nothing proves whose an address is: it is verified by a code before its first warning */
	/* At registration: what is wrong with an address or its secret. */
	int (*check_address)(struct slice address, struct slice secret, bool allow_private, struct error *error);
	/*
	 * -1: it can never be sent like this; the delivery is DEAD with these words. CHANNEL_BUILD_LATER: not with
	 * these settings; it is repeated, so that an operator has time to mend them.
	 */
	int (*build_request)(const struct channel_message *message, struct arena *arena,
	                     struct channel_request *request_r, struct error *error);
	void (*judge_answer)(const struct channel_answer *answer, struct channel_verdict *verdict_r);
};

/* By its name, a title, or what else it is called; NULL where there is none such. */
const struct channel *channel_find(struct slice name);
/* The i-th of the table; NULL past its end. */
const struct channel *channel_at(size_t i);

/*
 * For judge_answer: a Retry-After in seconds or as an HTTP date, in ms from `now_ms`; at most a day, 0 for
 * none.
 */
int64_t channel_retry_after_ms(struct slice value, int64_t now_ms);

/* Before there are settings, and where none are given: no servers. */
extern const struct channel_settings channel_settings_none;

extern const struct channel channel_webhook, channel_email, channel_sms, channel_wecom, channel_dingtalk,
	channel_feishu;

#endif
