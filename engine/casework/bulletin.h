/*
 * Bulletins: drafted from figures, read and approved by a person, sent in office hours.
 *
 *   bulletin_draft, by a person or on Monday and the 1st at 08:00
 *        │
 *        ▼   bulletin_approve            a batch in office hours       the last batch
 *      DRAFT ───────────────▶ APPROVED ───────────────▶ SENDING ───────────────▶ SENT
 *      ▲ │ ▲                   │   │                       │
 *      │ │ └── bulletin_edit ──┘   │                       │
 *      └─┘                         │                       │
 *        └─────────────────────────┴───────────────────────┴── bulletin_withdraw ──▶ WITHDRAWN
 *
 *   What was sent stays sent; what waits in the outbox of a withdrawn one is dead.
 *
 * An approval is of one revision of the text: an edit takes it back. The id is a function of period, jurisdiction and
 * industry, so a period is drafted once. A batch puts at most BULLETIN_BATCH_MAX deliveries in one job with the place
 * where the next one begins, so that a crash between leaves nobody out, and by their ids tells nobody twice.
 */
#ifndef CASEWORK_BULLETIN_H
#define CASEWORK_BULLETIN_H

#include "casework/period.h"
#include "notify/notify.h"
#include "store/store.h"

#define BULLETIN_BATCH_MAX 500
#define BULLETIN_TITLE_CHARACTERS_MAX 60
#define BULLETIN_ZH_CHARACTERS_MAX 1500 /* of a body: it must stand in a message of 20 kB twice, as text and as value */
#define BULLETIN_EN_CHARACTERS_MAX 3000
#define BULLETIN_REASON_CHARACTERS_MAX 200

struct catalogue;

/* REFUSED: nothing was written, and `error` says why in words for whoever asked. */
enum casework_result { CASEWORK_DONE, CASEWORK_KNOWN, CASEWORK_UNKNOWN, CASEWORK_REFUSED };

/* Of the last full period before `now_ms`. */
struct bulletin_ask {
	enum period_kind period;
	struct slice jurisdiction, industry;
	struct slice by; /* empty: huqi's timer */
	int64_t now_ms;
};
/* DONE, KNOWN (`row_r` is the one that is there), REFUSED (no such jurisdiction), or -1. The row is in the arena. */
int bulletin_draft(struct store *store, const struct catalogue *catalogue, const struct bulletin_ask *ask,
                   struct arena *arena, struct bulletin_row *row_r, struct error *error);

/* What `at` NULL leaves as it is. */
struct bulletin_edit {
	struct slice title_zh, title_en, body_zh, body_en;
};

/* DONE, UNKNOWN, REFUSED or -1. `revision` 0: whichever it is. */
int bulletin_edit(struct store *store, const struct catalogue *catalogue, struct slice id,
                  const struct bulletin_edit *edit, struct slice by, int64_t now_ms, struct error *error);
int bulletin_approve(struct store *store, const struct catalogue *catalogue, struct slice id, int64_t revision,
                     struct slice by, int64_t now_ms, struct error *error);
int bulletin_withdraw(struct store *store, struct slice id, struct slice by, struct slice reason, int64_t now_ms,
                      struct error *error);

/*
 * What a text for enterprises may not have: nothing at all, more than the bounds, a link, a number that could be an
 * account or a telephone, and whatever names a typology that is for analysts (I7). 0, or -1 and where.
 */
int bulletin_check(const struct catalogue *catalogue, const struct bulletin_row *row, struct error *error);

/* The period of a bulletin, for its text. */
struct period bulletin_period(const struct bulletin_row *row);

/* A name in the audit: what is wrong with it, or 0. */
int casework_check_name(struct slice by, struct error *error);

#endif
