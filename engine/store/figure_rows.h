/*
 * What enterprises were warned of in a period, as numbers, for bulletins.
 *
 * Only warnings to enterprises, of yellow or higher and of a victim's typology (V…): nothing that is for analysts is
 * ever counted here (I7), and no warning of an account that analysts watch, since that one may never have been sent
 * and its holder is not to wonder. An area is a jurisdiction with all below it.
 */
#ifndef STORE_FIGURE_ROWS_H
#define STORE_FIGURE_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

struct figure_scope {
	struct slice jurisdiction; /* a code; with all below it */
	struct slice industry; /* how the enterprises' industry begins; empty: any, also of those who are not registered */
	int64_t from_ms, to_ms; /* booking time, [from, to) */
};

struct figure_row {
	struct slice typology;
	int64_t warnings, enterprises, amount_minor; /* enterprises: different ones; the amount is at risk, in CNY */
	int64_t stopped, paid; /* warnings whose last answer of the two was that */
};

/* By typology, the most warnings first. */
int store_figures(struct store *store, const struct figure_scope *scope, struct arena *arena,
                  struct figure_row **rows_r, size_t *count_r, struct error *error);
/*
 * Of all typologies, or with `fewer_than` > 0 of those only that have fewer enterprises: `typology` stays empty.
 */
int store_figures_total(struct store *store, const struct figure_scope *scope, int64_t fewer_than,
                        struct figure_row *row_r, struct error *error);

#endif
