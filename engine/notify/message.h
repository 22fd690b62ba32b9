/*
 * A message as its receiver reads it, in two steps:
 *
 *   alert, words ── message_base() ──▶ base, in both languages: what is the same for everybody who is told. Kept, so
 *                                      that a later step of an escalation says what the first one said.
 *   base ── message_for() ──▶ the body of one delivery: with its id, language, subject and text, which are rendered
 *                             from the templates of patterns/messages/ for the channel
 *
 * A warning's body, `huqi.warning.v1`:
 *
 *   {"type":"huqi.warning.v1", "id":"msg_…", "language":"zh", "alert":"…", "revision":1,
 *    "level":"red", "level_name":{zh,en}, "typology":{"id":"V01",zh,en}, "title":{zh,en}, "message":{zh,en},
 *    "do_now":{"zh":[…],"en":[…]}, "advice":{"zh":[…],"en":[…]},
 *    "enterprise":{"uscc":"…","name":"…"}, "bank":"…", "account":"622202*********0001",
 *    "payee":{"name":"张*","account":"…"}, "payment":{"amount":"480000.00","currency":"CNY"},
 *    "amount_at_risk":"480000.00", "currency":"CNY",
 *    "opened_at":"2026-03-02T01:15:04.123Z", "raised_at":"…",
 *    "subject":"…", "text":"…", "answer_url":null}
 *
 * A drill is one with "exercise":true. The other kinds (huqi.code.v1, huqi.bulletin.v1, huqi.call.v1,
 * huqi.digest.v1) have type, id, language, subject, text, answer_url and what they are about.
 *
 * It is written for a cashier who is frightened and in a hurry: what was seen, that he must stop, whom to
 * call, what to do if the money is gone. Accounts and persons are masked (I9). `payee` is null where none is
 * known. An SMS's text has no signature: the channel puts it in front, and the text leaves it its room.
 */
#ifndef NOTIFY_MESSAGE_H
#define NOTIFY_MESSAGE_H

#include "notify/notify.h"
#include "pattern/pattern.h"

#define MESSAGE_BYTES_MAX 20000 /* Standard Webhooks: less than 20 kB */
#define MESSAGE_BASE_BYTES_MAX 12000
#define MESSAGE_TITLE_CHARACTERS_MAX 80
#define MESSAGE_TEXT_CHARACTERS_MAX 500
#define MESSAGE_ADVICE_CHARACTERS_MAX 160
#define MESSAGE_ADVICE_MAX 8
#define MESSAGE_NAME_CHARACTERS_MAX 140

/*
 * What is the same for every receiver, in `arena`; `*cut_r` tells that a text was over its bound. Of kind
 * MESSAGE_CALL it says for whom the alert is, and may be of any. For every other kind an alert for analysts is a
 * programmer's error: asserted, and refused where assertions are compiled out (I7).
 */
int message_base(enum message_kind kind, const struct alert_row *alert, const struct notify_warning *words,
                 struct slice enterprise_name, struct arena *arena, struct slice *base_r, bool *cut_r,
                 struct error *error);

/* One delivery. All borrowed. */
struct message_order {
	enum message_kind kind;
	struct slice id, channel, language; /* zh | en */
	struct slice answer_url; /* empty: none. An SMS never has one */
	struct slice signature; /* empty: MESSAGE_SIGNATURE */
	const struct fill_value *more; /* what the base does not know: code, reason, list, … (message_values.def); they */
	size_t more_count; /* are members of the body, too */
};

/* For counters, after the commit. */
struct message_made {
	bool builtin; /* no template stood ready or fitted */
	bool shortened; /* an amount or the payee was left out, or a text cut, for the channel's bound */
};

/*
 * The body of one delivery, in `arena`. `base` may be empty where the kind has no alert. `catalogue` may be NULL:
 * then the built-in words are said. I7: a base that speaks of analysts' business is taken for a MESSAGE_CALL only.
 */
int message_for(struct slice base, const struct catalogue *catalogue, const struct message_order *order,
                struct arena *arena, struct slice *body_r, struct message_made *made_r, struct error *error);

#endif
