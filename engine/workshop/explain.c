#include "workshop/explain.h"

#include <stdlib.h>

#include "workshop/run.h"

enum { EXPLANATION_BYTES_MAX = 64 << 20 };

const char *const told_answers[][2] = {
	[MATCH_NO] = {"否", "no"}, [MATCH_YES] = {"是", "yes"}, [MATCH_ABSENT] = {"缺", "absent"},
	[MATCH_LATER] = {"待", "later"}};

const char *const told_parts[] = {
#define PART(symbol, key, member) [PART_##symbol] = key,
#include "pattern/parts.def"
#undef PART
};

struct asking {
	struct run run;
	struct slice bank, id, only;
	struct explanation *result;
	bool seen;
};

static void keep(void *context, const struct match_said *said)
{
	struct explanation *x = context;
	struct told *told = x->pattern_count > 0 ? &x->patterns[x->pattern_count - 1] : NULL;

	if (told == NULL || told->pattern != said->pattern) {
		told = &x->patterns[x->pattern_count++];
		*told = (struct told){.pattern = said->pattern, .first = x->line_count};
	}
	if (x->line_count == x->line_capacity) {
		x->line_capacity = x->line_capacity > 0 ? x->line_capacity * 2 : 256;
		x->lines = realloc(x->lines, x->line_capacity * sizeof(*x->lines));
		if (x->lines == NULL)
			die("out of memory: explaining patterns");
	}
	x->lines[x->line_count++] = (struct told_line){said->part, said->depth, said->alternative, said->answer,
	                                               arena_copy(&x->arena, said->asked),
	                                               arena_copy(&x->arena, said->found)};
	told->count++;
	if (said->depth == 0) {
		told->missing += said->answer == MATCH_NO || said->answer == MATCH_ABSENT;
		told->waits = told->waits || said->answer == MATCH_LATER;
	}
}

/* The first of that bank and id: a copy that comes later is no transaction of its own. */
static bool see(void *context, const struct tx *tx)
{
	struct asking *a = context;
	struct slice line;

	if (!slice_equal(tx->id, a->id) || !slice_equal(tx->bank, a->bank))
		return true;
	a->seen = true;
	line = decode_write_tx(tx, &a->result->arena);
	a->result->tx = (struct slice){line.at, line.length > 0 ? line.length - 1 : 0};
	pipeline_explain(a->run.shard, tx, a->only, keep, a->result);
	return false;
}

static int by_distance(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	if (x->missing != y->missing)
		return x->missing < y->missing ? -1 : 1;
	/* Who asks more and misses as little is nearer. */
	if (x->missing > 0 && x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return slice_compare(x->pattern->id, y->pattern->id);
}

static int ask(struct asking *a, struct error *error)
{
	struct explanation *x = a->result;

	x->set = pattern_set_hold(a->run.set);
	x->patterns = calloc(pattern_set_count(x->set) + 1, sizeof(*x->patterns));
	if (x->patterns == NULL)
		die("out of memory: explaining patterns");
	if (a->only.length > 0 && pattern_set_find(x->set, a->only) == NULL)
		return error_set(error, "there is no pattern `%.*s`; `huqi list patterns` shows all", SLICE_PRINT(a->only));
	if (run_play(&a->run, see, a, error) == -1)
		return -1;
	if (!a->seen)
		return error_set(error, "the feed has no transaction `%.*s` of the bank `%.*s`", SLICE_PRINT(a->id),
		                 SLICE_PRINT(a->bank));
	if (a->only.length > 0 && x->pattern_count == 0)
		return error_set(error, "the pattern `%.*s` does not run; only shadow and active ones do",
		                 SLICE_PRINT(a->only));
	qsort(x->patterns, x->pattern_count, sizeof(*x->patterns), by_distance);
	return 0;
}

int workshop_explain(const struct workshop_source *source, const char *patterns_dir, struct slice bank,
                     struct slice id, struct slice only, struct explanation **explanation_r,
                     struct error *error)
{
	struct workshop_source own = *source;
	struct asking a = {.bank = bank, .id = id, .only = only, .result = calloc(1, sizeof(*a.result))};
	int result;

	*explanation_r = a.result;
	if (a.result == NULL)
		die("out of memory: explaining patterns");
	arena_init(&a.result->arena, EXPLANATION_BYTES_MAX);
	own.explain = true;
	result = run_begin(&a.run, &own, patterns_dir, error);
	if (result == 0) {
		result = ask(&a, error);
		run_end(&a.run);
	}
	if (result == -1)
		workshop_explain_free(explanation_r);
	return result;
}

void workshop_explain_free(struct explanation **explanation)
{
	struct explanation *x = *explanation;

	*explanation = NULL;
	if (x == NULL)
		return;
	pattern_set_free(&x->set);
	free(x->lines);
	free(x->patterns);
	arena_deinit(&x->arena);
	free(x);
}
