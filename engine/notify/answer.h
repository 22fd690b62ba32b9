/*
 * What a contact says to a warning, and what that sets in motion.
 *
 *   page ────┐                                ┌─▶ the row of `answer`, and the audit (I10)
 *   SMS ─────┼─▶ notify_answer(), in a job ───┼─▶ its delivery: ACKED, also where the receipt is still out
 *   phone ───┘   (taken once, see below)      ├─▶ its alert's escalation: stopped
 *                                             └─▶ paid: the alert is handled as red, the county is called at once;
 *                                                 unsure: the county is to ring the contact;
 *                                                 read, by a centre's duty: the call is his
 *
 * A delivery takes one of the answers genuine, stopped, paid, unsure (read, where it asks nothing), one
 * objection, one rating. Whatever comes a second time changes nothing. But `paid` may follow any of the others
 * once, since it is the one thing that must never be refused. An analyst who writes down what he was told by
 * phone may do so as often as it changes: he is known and audited.
 */
#ifndef NOTIFY_ANSWER_H
#define NOTIFY_ANSWER_H

#include <stdbool.h>

#include "base/error.h"
#include "store/store.h"

#define ANSWER_TEXT_CHARACTERS_MAX 500
#define ANSWER_RATING_MOST 5
#define ANSWER_MUTE_MS (30 * INT64_C(86400000))

struct catalogue;
struct notify_put;

enum answer_word {
	ANSWER_GENUINE, ANSWER_STOPPED, ANSWER_PAID, ANSWER_UNSURE,
	ANSWER_READ, /* of a delivery that asks nothing */
	ANSWER_OBJECTION, ANSWER_RATING,
	ANSWER_MUTE, /* of the payee, after "genuine" and below red */
	ANSWER_NOTE, /* an SMS that says none of these */
	ANSWER_WORD_COUNT
};
extern const char *const answer_words[ANSWER_WORD_COUNT]; /* "genuine" … */

enum answer_via { ANSWER_VIA_PAGE, ANSWER_VIA_SMS, ANSWER_VIA_PHONE, ANSWER_VIA_ROBOT, ANSWER_VIA_COUNT };
extern const char *const answer_vias[ANSWER_VIA_COUNT];

/* ANSWER_WORD_COUNT where it is none. */
enum answer_word answer_word_of(struct slice text);

/* What a delivery was answered so far. */
struct answer_state {
	bool has[ANSWER_WORD_COUNT];
	int64_t at_ms[ANSWER_WORD_COUNT]; /* of the first of each */
	enum answer_word first; /* that counts as its answer; ANSWER_WORD_COUNT: none yet */
	int64_t rating;
};
void answer_state_read(const struct answer_row *rows, size_t count, struct answer_state *state_r);

/* Whether a delivery of this kind and level, answered so, takes this answer. The page offers by the same rule. */
bool answer_is_open(const struct answer_state *state, uint8_t kind, uint8_t level, enum answer_word word);

/* A delivery's level, or the highest that was told of its alert, or as which people handle that one. 0 or -1. */
int answer_level(struct store *store, const struct delivery_face *delivery, uint8_t *level_r, struct error *error);

/* All borrowed for the call. */
struct notify_answer {
	struct slice delivery; /* empty: by phone, about the whole alert */
	struct slice alert; /* where `delivery` is empty */
	enum answer_word word;
	enum answer_via via;
	struct slice text; /* at most ANSWER_TEXT_CHARACTERS_MAX */
	int64_t value; /* of a rating, 1 to ANSWER_RATING_MOST */
	int64_t contact; /* by phone: who said it, 0 unknown */
	struct slice message; /* of an SMS: the gateway's id of it */
	const char *actor; /* NULL: the delivery's contact */
	const struct catalogue *catalogue; /* what calls say; NULL: as shipped */
};

enum answer_result {
	ANSWER_TAKEN,
	ANSWER_CLOSED, /* it was answered, or does not ask this; nothing changed */
	ANSWER_UNKNOWN, /* no such delivery or alert */
};

/*
 * Inside a job. 0 and what became of it, or -1. What was put into the outbox and on call lists is added to `put`:
 * notify_put_count() and deliver_wake() after the commit.
 */
int notify_answer(struct store *store, const struct notify_answer *answer, int64_t now_ms, enum answer_result *result_r,
                  struct notify_put *put, struct error *error);
/* After the commit: adds to the counters. */
void notify_answer_count(enum answer_word word, enum answer_result result);

#endif
