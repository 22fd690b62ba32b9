/*
 * Who is told of an alert, what, and when; and what their answers set in motion.
 *
 *   desk's job: notify_put_for_alert() ── rows in the alert's own transaction (I3) ──▶ the outbox (deliver/deliver.h)
 *
 * The id of a row is a function of what it is about and whom it goes to: a crash or a replay makes no second. A warning
 * reaches the contacts of the account's own enterprise only, step by step until somebody answers (escalate.h), and
 * nothing that is meant for analysts ever does (I7). What a body says of accounts and payees is masked (I9).
 */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include <stdbool.h>

#include "deliver/deliver.h"
#include "notify/answer.h"
#include "notify/escalate.h"
#include "notify/post.h"
#include "notify/sms_callback.h"
#include "notify/token.h"
#include "store/store.h"

struct catalogue; /* pattern/catalogue.h */

/* A text in both languages; slices borrowed for the call. */
struct notify_words {
	struct slice zh, en;
};

/*
 * What the caller knows about an alert in words. Title and message are those of the pattern that leads it;
 * `{name}` in them is filled: amount, amount_at_risk, account, account_name, enterprise, payee, payer,
 * counterparty, payee_account, time, title, level, typology, or the name of one of the leading hit's facts.
 */
struct notify_warning {
	struct notify_words level, typology, title, message;
	const struct notify_words *advice;
	size_t advice_count;
	struct slice pattern; /* that leads; empty: the hit with the highest score does */
	struct slice payee_name, payee_account; /* as booked; masked here. Both empty: by the hit's facts `payee`,
	                                          * `payee_account`, `payee_kind`, or counterparty.name, … */
	bool payee_is_company; /* then its name is no personal data and is shown */
	const struct catalogue *catalogue; /* with the templates; NULL: the built-in words. Borrowed for the call */
	struct slice signature; /* who writes; empty: MESSAGE_SIGNATURE */
};

/* What putting or a timer did, for the caller's `done`: nothing is counted before the commit. */
struct notify_put {
	int put, held; /* new rows; of them waiting for a release */
	int holding; /* older rows that now wait for a release, because this alert watches their account */
	int quiet, gathered, digests; /* rows that wait for the end of quiet hours, for a digest; digests made */
	int superseded; /* rows that waited and whose contact is told of a higher level */
	int muted; /* alerts not sent because of their payee */
	int stand_ins; /* persons told in the place of another */
	int started, steps, unanswered, undeliverable; /* levels begun; further steps, and why */
	int calls, calls_to_city, calls_of_nobody, call_deliveries;
	int unknown_timers; /* of a kind that this version does not have */
	int no_contact; /* alerts for which nobody of the enterprise can be told */
	int closed; /* alerts of an enterprise that is registered as closed: a centre is told instead */
	bool cut; /* a text was over its bound */
	int builtin, shortened; /* messages without a template that fits; with less in them for their channel's bound */
};

/*
 * Inside the desk's job, after store_alert_put(). For an enterprise alert whose level was not told yet: the level's
 * first step (escalate.h) by the rules of the words' catalogue (NULL: as shipped), HELD where an analysts' alert of
 * orange or red is open on the account. For an analysts' alert of orange or red: its account's waiting warnings become
 * HELD.
 */
int notify_put_for_alert(struct store *store, const struct alert_row *alert, const struct notify_warning *words,
                         int64_t now_ms, struct notify_put *put_r, struct error *error);
void notify_put_add(struct notify_put *sum, const struct notify_put *one);
/* After the commit: adds to the counters. */
void notify_put_count(const struct notify_put *put);

/*
 * What a person does with the outbox; inside a job, audited (I10). The rows changed, or -1.
 *   notify_release      the HELD deliveries of an alert go out, and the time for their answer begins
 *   notify_replay       a DEAD delivery is tried anew
 *   notify_acknowledge  a SENT delivery was read: the escalation of what it says stops, unless its level is higher
 */
int notify_release(struct store *store, struct slice alert, const char *actor, int64_t now_ms, struct error *error);
int notify_replay(struct store *store, struct slice delivery, const char *actor, int64_t now_ms, struct error *error);
int notify_acknowledge(struct store *store, struct slice delivery, const char *actor, int64_t now_ms,
                       struct error *error);

/*
 * A contact wants no more warnings about the payee that leads the alert's highest warning, until then. Only the same
 * name as it is read with the same account is muted, never a level. Audited. 1, 0 where no payee is known, -1.
 */
int notify_mute(struct store *store, struct slice alert, int64_t contact, int64_t until_ms, struct slice reason,
                const char *actor, int64_t now_ms, struct error *error);

/*
 * A call on a centre's list, with deliveries to its duty contacts; with `due_ms` (0: none) it becomes the city's too
 * when nobody took it until then. Reasons are those of store/call_rows.h. 1 new, 0 it is open already, -1. Adds to
 * `put`.
 */
int notify_call(struct store *store, const struct catalogue *catalogue, struct slice alert, uint8_t level,
                struct slice jurisdiction, const char *reason, int64_t now_ms, int64_t due_ms,
                struct notify_put *put, struct error *error);

/* A code by which an address is verified, on its way to it. */
struct notify_code {
	int64_t way; /* over which it goes */
	struct slice code;
	int64_t until_ms; /* it counts */
};
/* Inside the job that made the code: its delivery. Without a catalogue the built-in words are said. */
int notify_send_code(struct store *store, const struct catalogue *catalogue, const struct notify_code *code,
                     int64_t now_ms, struct error *error);

/* What the timers of engine/timers.c run, each inside a job of its own. */
struct notify_timer {
	struct store *store;
	const struct catalogue *catalogue; /* NULL: as shipped */
	int64_t now_ms;
	struct notify_put put; /* filled */
};
int notify_run_escalation(struct notify_timer *timer, struct slice alert, struct error *error);
int notify_run_call(struct notify_timer *timer, struct slice call, struct error *error);
int notify_run_digest(struct notify_timer *timer, struct slice contact, struct error *error);
int notify_run_hold(struct notify_timer *timer, struct slice nothing, struct error *error);

#endif
