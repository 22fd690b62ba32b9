#include "casework/draft.h"

static int64_t warnings_of(const struct figure_row *rows, size_t count, struct slice typology)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(rows[i].typology, typology))
			return rows[i].warnings;
	return 0;
}

static int64_t sum_of(const struct figure_row *rows, size_t count)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += rows[i].warnings;
	return sum;
}

/* What the untold amounts leave behind must be too many firms to tell one from it. */
static int may_tell_total(struct store *store, const struct figure_scope *scope, struct draft_figures *f,
                          struct error *error)
{
	struct figure_row untold;

	if (store_figures_total(store, scope, DRAFT_FIRMS_LEAST, &untold, error) == -1)
		return -1;
	f->tells_amount = f->total.enterprises >= DRAFT_FIRMS_LEAST &&
	                  (untold.warnings == 0 || untold.enterprises >= DRAFT_FIRMS_LEAST);
	return 0;
}

int draft_figures(struct store *store, struct slice jurisdiction, struct slice industry, const struct period *period,
                  struct arena *arena, struct draft_figures *figures_r, struct error *error)
{
	struct period before = period_before(period), first = before;
	struct figure_scope scope = {jurisdiction, industry, period->from_ms, period->to_ms}, past = scope;
	struct figure_row *now, *last, *earlier;
	size_t count, last_count, earlier_count;
	struct draft_line *lines;

	for (int i = 1; i < DRAFT_NEW_PERIODS; i++)
		first = period_before(&first);
	*figures_r = (struct draft_figures){.lines = NULL};
	past.from_ms = before.from_ms;
	past.to_ms = before.to_ms;
	if (store_figures(store, &scope, arena, &now, &count, error) == -1 ||
	    store_figures(store, &past, arena, &last, &last_count, error) == -1)
		return -1;
	past.from_ms = first.from_ms;
	if (store_figures(store, &past, arena, &earlier, &earlier_count, error) == -1 ||
	    store_figures_total(store, &scope, 0, &figures_r->total, error) == -1 ||
	    may_tell_total(store, &scope, figures_r, error) == -1)
		return -1;
	lines = arena_take(arena, (count + 1) * sizeof(*lines));
	if (lines == NULL)
		return error_set(error, "no room for the figures of a bulletin");
	for (size_t i = 0; i < count; i++)
		lines[i] = (struct draft_line){now[i], warnings_of(last, last_count, now[i].typology),
		                               warnings_of(earlier, earlier_count, now[i].typology) == 0,
		                               now[i].enterprises >= DRAFT_FIRMS_LEAST};
	figures_r->before = sum_of(last, last_count);
	figures_r->lines = lines;
	figures_r->line_count = count;
	return 0;
}
