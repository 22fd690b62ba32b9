/*
 * What an SMS gateway calls back with: receipts of what we sent, and what contacts reply. Which fields hold what,
 * and by which secret the gateway is known, its file says (seeds/sms-gateway.yaml, `callback`).
 */
#ifndef NOTIFY_SMS_CALLBACK_H
#define NOTIFY_SMS_CALLBACK_H

#include <stdbool.h>

#include "notify/answer.h"

#define SMS_DELIVERED_MAX 16

/* A field is a form's name, or in JSON a member's name or a pointer (RFC 6901). "" where the file names none. */
struct sms_callback {
	const char *header, *query; /* where the secret comes: a header's name or a query parameter's; one of them */
	const char *secret; /* "": nothing is taken */
	const char *answer; /* the body of 200 */
	const char *receipt_id, *receipt_status;
	const char *delivered[SMS_DELIVERED_MAX]; /* values of the status that say so; all others say the contrary */
	size_t delivered_count;
	const char *reply_id, *reply_phone, *reply_text, *reply_time;
};

/*
 * Reads `callback`, `receipt`, `reply` and the secret they need out of the gateway's file:
 *
 *   secrets:  {callback: "file:gateway-token"}
 *   callback: {header: X-Gateway-Token, secret: callback, answer: '{"code":0}'}    # or query: NAME; answer: ok
 *   receipt:  {provider_id: msgid, status: status, delivered: [DELIVRD]}
 *   reply:    {id: moid, phone: mobile, text: content, time: time}                # id and time may be left out
 *
 * 1; 0 where `path` is "" or the file has no `callback`: then the gateway does not call; -1 with file and line.
 * Texts live in `arena`.
 */
int sms_callback_load(const char *path, struct arena *arena, struct sms_callback *callback_r, struct error *error);

/*
 * Which answer a reply is, ANSWER_NOTE where it is none. 1 genuine, 2 stopped, 3 paid, 4 unsure, alone or before
 * a separator, in any width; or one of the usual words in Chinese or English. Pure.
 */
enum answer_word sms_reply_word(struct slice text);

enum sms_result { SMS_TAKEN, SMS_KNOWN, SMS_UNMATCHED };

/*
 * Inside a job. A receipt for the delivery that the gateway calls `id`. One that comes before the sending has been
 * written waits for it: SMS_UNMATCHED then.
 */
int notify_sms_receipt(struct store *store, struct slice id, bool delivered, struct slice status, int64_t now_ms,
                       enum sms_result *result_r, struct error *error);

/* One reply; all borrowed. */
struct sms_reply {
	struct slice id; /* the gateway's; empty: it has none, and the same text at the same time is the same reply */
	struct slice phone, text, time;
	int64_t since_ms; /* a warning that went out before is not answered any more */
	const struct catalogue *catalogue; /* as of an answer */
};
/*
 * Inside a job. The reply answers the latest warning to its number; what is no answer, or one too many, is kept
 * as a note. `*word_r` is what it was taken as.
 */
int notify_sms_reply(struct store *store, const struct sms_reply *reply, int64_t now_ms, enum sms_result *result_r,
                     enum answer_word *word_r, struct notify_put *put, struct error *error);

#endif
