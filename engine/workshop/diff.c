#include "workshop/diff.h"

#include <stdlib.h>

#include "workshop/run.h"

enum { TYPOLOGIES = 200, SIDE_BYTES_MAX = 1 << 30, PATTERNS_BYTES = 2048 };

/* The ids of the patterns that hit, each once. */
static struct slice patterns_of(struct arena *arena, const struct hit *hits, size_t count)
{
	char text[PATTERNS_BYTES];
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		bool known = false;
		for (size_t j = 0; j < i && !known; j++)
			known = slice_equal(hits[i].pattern, hits[j].pattern);
		if (known || length + hits[i].pattern.length + 2 > sizeof(text))
			continue;
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%.*s", length > 0 ? " " : "",
		                           SLICE_PRINT(hits[i].pattern));
	}
	return arena_copy(arena, (struct slice){text, (uint32_t)length});
}

static int keep(void *context, const struct alert_row *row, const struct hit *hits, size_t count,
                struct error *error)
{
	struct diff_side *side = context;
	struct diff_alert *own;

	if (side->count == side->capacity) {
		side->capacity = side->capacity > 0 ? side->capacity * 2 : 256;
		side->alerts = realloc(side->alerts, side->capacity * sizeof(*side->alerts));
		if (side->alerts == NULL)
			die("out of memory: comparing two pattern sets");
	}
	own = &side->alerts[side->count++];
	*own = (struct diff_alert){
		.bank = arena_copy(&side->arena, row->bank), .account = arena_copy(&side->arena, row->account),
		.typology = arena_copy(&side->arena, row->typology),
		.first_tx = arena_copy(&side->arena, count > 0 ? hits[0].tx_id : slice_of("")),
		.patterns = patterns_of(&side->arena, hits, count), .opened_ms = row->opened_ms,
		.updated_ms = row->updated_ms, .audience = row->audience, .level = row->level};
	if (arena_overflowed(&side->arena))
		return error_set(error, "more alerts than fit into %d bytes", SIDE_BYTES_MAX);
	return 0;
}

static int key_order(const struct diff_alert *x, const struct diff_alert *y)
{
	int order = slice_compare(x->bank, y->bank);

	if (order == 0)
		order = slice_compare(x->account, y->account);
	if (order == 0)
		order = slice_compare(x->typology, y->typology);
	return order != 0 ? order : (int)x->audience - (int)y->audience;
}

static int by_key(const void *a, const void *b)
{
	const struct diff_alert *x = a, *y = b;
	int order = key_order(x, y);

	return order != 0 ? order : (x->opened_ms > y->opened_ms) - (x->opened_ms < y->opened_ms);
}

static int play(struct diff *d, struct diff_side *side, const struct workshop_source *source, const char *dir,
                struct error *error)
{
	struct run run;
	int result;

	arena_init(&side->arena, SIDE_BYTES_MAX);
	if (run_begin(&run, source, dir, error) == -1)
		return -1;
	side->set = pattern_set_hold(run.set);
	result = run_play(&run, NULL, NULL, error);
	if (result == 0)
		result = run_alerts(&run, keep, side, error);
	d->txs = run.txs;
	run_end(&run);
	if (side->count > 0)
		qsort(side->alerts, side->count, sizeof(*side->alerts), by_key);
	return result;
}

/* Both sides are sorted by key and time, so one walk finds the pairs. */
static void pair(struct diff_side *before, struct diff_side *after)
{
	size_t i = 0, j = 0;

	while (i < before->count && j < after->count) {
		struct diff_alert *x = &before->alerts[i], *y = &after->alerts[j];
		int order = key_order(x, y);
		if (order == 0 && x->updated_ms < y->opened_ms)
			order = -1;
		else if (order == 0 && y->updated_ms < x->opened_ms)
			order = 1;
		if (order == 0) {
			x->other = y;
			y->other = x;
		}
		i += order <= 0;
		j += order >= 0;
	}
}

enum diff_change diff_change_of(const struct diff_alert *alert, bool after)
{
	if (alert->other == NULL)
		return after ? DIFF_GAINED : DIFF_LOST;
	if (!after || alert->level == alert->other->level)
		return DIFF_CHANGES;
	return alert->level > alert->other->level ? DIFF_RAISED : DIFF_LOWERED;
}

static void count_side(struct diff_typology *all, const struct diff_side *side, bool after)
{
	for (size_t i = 0; i < side->count; i++) {
		const struct diff_alert *alert = &side->alerts[i];
		const char *code = alert->typology.at;
		int number = (code[1] - '0') * 10 + (code[2] - '0');
		struct diff_typology *t = &all[(code[0] == 'M' ? TYPOLOGIES / 2 : 0) + number % (TYPOLOGIES / 2)];
		enum diff_change change = diff_change_of(alert, after);
		memcpy(t->code, code, 3);
		if (after)
			t->after++;
		else
			t->before++;
		if (change != DIFF_CHANGES)
			t->changes[change]++;
	}
}

static void conclude(struct diff *d)
{
	struct diff_typology all[TYPOLOGIES] = {0};

	pair(&d->before, &d->after);
	count_side(all, &d->before, false);
	count_side(all, &d->after, true);
	d->typologies = calloc(TYPOLOGIES, sizeof(*d->typologies));
	if (d->typologies == NULL)
		die("out of memory: comparing two pattern sets");
	for (int i = 0; i < TYPOLOGIES; i++)
		if (all[i].before + all[i].after > 0)
			d->typologies[d->typology_count++] = all[i];
}

int workshop_diff(const struct workshop_source *source, const char *before_dir, const char *after_dir,
                  struct diff **diff_r, struct error *error)
{
	struct diff *d = calloc(1, sizeof(*d));

	*diff_r = d;
	if (d == NULL)
		die("out of memory: comparing two pattern sets");
	if (play(d, &d->before, source, before_dir, error) == -1 ||
	    play(d, &d->after, source, after_dir, error) == -1) {
		workshop_diff_free(diff_r);
		return -1;
	}
	conclude(d);
	return 0;
}

static void side_deinit(struct diff_side *side)
{
	pattern_set_free(&side->set);
	free(side->alerts);
	arena_deinit(&side->arena);
}

void workshop_diff_free(struct diff **diff)
{
	if (*diff == NULL)
		return;
	side_deinit(&(*diff)->before);
	side_deinit(&(*diff)->after);
	free((*diff)->typologies);
	free(*diff);
	*diff = NULL;
}
