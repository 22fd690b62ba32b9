/*
 * One attempt over HTTP or SMTP, in a slot:
 *
 *   FREE ─ transfer_take ─▶ CLAIMING ─ transfer_start ─▶ FLYING ─ transfer_finish ─▶ LANDED ─▶ SETTLING ─▶ FREE
 *                     (the store is asked)           (curl has it)            (a verdict)  (the store is told)
 *
 * The delivery thread owns all slots; their number bounds what it holds (I8).
 */
#ifndef DELIVER_TRANSFER_H
#define DELIVER_TRANSFER_H

#include <curl/curl.h>

#include "deliver/channel.h"
#include "deliver/outbox.h"

#define TRANSFER_ANSWER_BYTES_MAX 65536 /* of a receiver's answer; the rest is not read */

enum transfer_stage { TRANSFER_FREE, TRANSFER_CLAIMING, TRANSFER_FLYING, TRANSFER_LANDED, TRANSFER_SETTLING };

struct transfer {
	enum transfer_stage stage;
	char id[OUTBOX_ID_BYTES];
	int64_t destination, attempts; /* attempts: with this one */
	const struct channel *channel; /* NULL: an unknown one */
	struct arena arena; /* owns what follows */
	struct delivery_due due;
	/* of the flight */
	CURL *easy; /* owned */
	struct curl_slist *headers; /* owned */
	char *answer; /* owned */
	size_t answer_length;
	bool answer_cut, head_whole, address_refused, loopback_only, allow_private;
	char retry_after[64];
	enum channel_kind kind;
	const struct channel_settings *settings; /* borrowed */
	struct slice upload; /* of SMTP: what is left to be sent */
	long reply; /* of SMTP: the last one's code; its words are the answer */
	char command[8]; /* of SMTP: what it replies to */
	bool quitting; /* of SMTP: the reply to QUIT says nothing */
	int64_t started_ms; /* steady */
	bool suspect; /* its destination failed last time */
	/* of the landing */
	struct channel_verdict verdict;
	bool aborted; /* by the stop: it says nothing about the destination */
};

/* Takes `due` into a free slot. */
void transfer_take(struct transfer *t, const struct delivery_due *due);
void transfer_free(struct transfer *t);

/*
 * Builds the request and hands it to `multi`. -1 where it can never be sent: it has LANDED then, DEAD and
 * why.
 */
int transfer_start(struct transfer *t, CURLM *multi, const struct deliver_options *options, int64_t now_ms);

/* Lands with the verdict over curl's result, and takes the handle out of `multi`. */
void transfer_finish(struct transfer *t, CURLM *multi, CURLcode result, int64_t now_ms);
/* Lands an attempt that the stop cuts off, to be repeated. */
void transfer_abort(struct transfer *t, CURLM *multi);

#endif
