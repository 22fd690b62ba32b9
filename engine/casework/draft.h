/*
 * A bulletin's draft: what happened, what is new, what to do; in both languages, from the period's figures, the
 * catalogue's names and the phrases of patterns/messages/. A function of the store's rows and the catalogue.
 *
 * Nobody is named, and an amount is told only where DRAFT_FIRMS_LEAST enterprises stand behind it, so that none can be
 * told from it. The sum of all is left out, too, where taking the told amounts from it would leave that of fewer.
 */
#ifndef CASEWORK_DRAFT_H
#define CASEWORK_DRAFT_H

#include "casework/period.h"
#include "pattern/pattern.h"
#include "store/store.h"

#define DRAFT_FIRMS_LEAST 3
#define DRAFT_NEW_PERIODS 4 /* what was not warned of in so many periods before is new */
#define DRAFT_LINES_MAX 5 /* typologies with a line of their own */
#define DRAFT_CHECKS_MAX 3 /* of them with what to check; the frequent ones first */

struct draft_line {
	struct figure_row now;
	int64_t before; /* warnings in the period before */
	bool is_new, tells_amount;
};

struct draft_figures {
	struct figure_row total;
	int64_t before;
	bool tells_amount;
	const struct draft_line *lines; /* the most warnings first */
	size_t line_count;
};

int draft_figures(struct store *store, struct slice jurisdiction, struct slice industry, const struct period *period,
                  struct arena *arena, struct draft_figures *figures_r, struct error *error);

/* Fills titles, bodies and figures (JSON) of the row. `catalogue` may be NULL: then typologies are told by id. */
int draft_write(const struct catalogue *catalogue, const struct draft_figures *figures, const struct period *period,
                struct slice industry, struct arena *arena, struct bulletin_row *row, struct error *error);

#endif
