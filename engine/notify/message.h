/*
 * A warning as its receiver reads it, `huqi.warning.v1`: one JSON object.
 *
 *   {"type":"huqi.warning.v1", "id":"msg_…", "alert":"…", "revision":1, "language":"zh",
 *    "level":"red", "level_name":{zh,en}, "typology":{"id":"V01",zh,en}, "title":{zh,en}, "message":{zh,en},
 *    "do_now":{"zh":[…],"en":[…]}, "advice":{"zh":[…],"en":[…]},
 *    "enterprise":{"uscc":"…","name":"…"}, "bank":"…", "account":"622202*********0001",
 *    "payee":{"name":"张*","account":"…"}, "amount_at_risk":"480000.00", "currency":"CNY",
 *    "opened_at":"2026-03-02T01:15:04.123Z", "raised_at":"…"}
 *
 * It is written for a cashier who is frightened and in a hurry: what was seen, that he must stop, whom to
 * call, what to do if the money is gone. Accounts and persons are masked (I9). `payee` is null where none is
 * known.
 */
#ifndef NOTIFY_MESSAGE_H
#define NOTIFY_MESSAGE_H

#include "notify/notify.h"

#define MESSAGE_BYTES_MAX 20000 /* Standard Webhooks: less than 20 kB */
#define MESSAGE_TITLE_CHARACTERS_MAX 80
#define MESSAGE_TEXT_CHARACTERS_MAX 500
#define MESSAGE_ADVICE_CHARACTERS_MAX 160
#define MESSAGE_ADVICE_MAX 8
#define MESSAGE_NAME_CHARACTERS_MAX 140

/*
 * The body for one delivery, in `arena`; `*cut_r` tells that a text was over its bound. An alert for analysts
 * is a programmer's error: asserted, and refused where assertions are compiled out (I7).
 */
int message_build(const struct alert_row *alert, const struct notify_warning *words, struct slice enterprise_name,
                  struct slice delivery_id, struct slice language, struct arena *arena, struct slice *body_r,
                  bool *cut_r, struct error *error);

/*
 * `template` with each {name} replaced by the value of that name; what has no value becomes a dash. At most
 * `characters_max`, else cut and `*cut_r` set. Pure.
 */
struct message_value {
	const char *name;
	struct slice zh, en;
};
struct slice message_fill(struct arena *arena, struct slice template, const struct message_value *values,
                          size_t count, bool english, size_t characters_max, bool *cut_r);

#endif
