#include "match/matcher.h"

#include <assert.h>
#include <stdlib.h>

#include "match/evidence.h"

static void *take(size_t bytes)
{
	void *piece = calloc(1, bytes > 0 ? bytes : 1);

	if (piece == NULL)
		die("out of memory: a matcher");
	return piece;
}

static void buffers_new(struct matcher *m)
{
	struct fold_origin *origin = take(FOLD_BYTES_MAX * sizeof(*origin));

	fold_init(&m->folded, take(FOLD_BYTES_MAX + FOLD_TAIL_BYTES), NULL, FOLD_BYTES_MAX);
	fold_init(&m->mapped, take(FOLD_BYTES_MAX + FOLD_TAIL_BYTES), origin, FOLD_BYTES_MAX);
	m->input.fold_bytes = take(FOLD_BYTES_MAX);
	m->input.kept_bytes = take(FOLD_BYTES_MAX);
	m->writing = take(EVIDENCE_BYTES_MAX);
	m->kept.bytes = take(EVIDENCE_BYTES_MAX);
}

/* The lists that the set names, of the reference at hand. */
static void lists_find(struct matcher *m)
{
	free(m->lists);
	m->lists = take((m->set->list_count + 1) * sizeof(*m->lists));
	for (uint32_t i = 0; i < m->set->list_count; i++)
		m->lists[i] = m->reference != NULL ? reference_list(m->reference, m->set->lists[i]) : NULL;
	m->input.lists = m->lists;
	for (uint32_t i = 0; i < m->set->pattern_count; i++) {
		const struct plan_detect *detect = m->set->patterns[i].detect;
		uint64_t bit = UINT64_C(1) << i % 64;

		m->listless[i / 64] &= ~bit;
		if (detect != NULL && detect_is_listless(m, detect))
			m->listless[i / 64] |= bit;
	}
}

/* What depends on the set. */
static void set_take(struct matcher *m, struct pattern_set *set)
{
	m->set = pattern_set_hold(set);
	m->input.set = set;
	if (set->scratch != NULL && hs_clone_scratch(set->scratch, &m->scratch) != HS_SUCCESS)
		die("out of memory: Hyperscan's scratch");
	m->found = take((set->atom_count / 64 + 1) * sizeof(*m->found));
	m->touched = take((set->atom_count + 1) * sizeof(*m->touched));
	m->clues = take((set->clue_count / 64 + 1) * sizeof(*m->clues));
	m->clues_levelled = take((set->clue_count / 64 + 1) * sizeof(*m->clues_levelled));
	m->clues_touched = take((set->clue_count + 1) * sizeof(*m->clues_touched));
	texts_init(&m->texts, set);
	m->candidates = take((set->pattern_count / 64 + 1) * sizeof(*m->candidates));
	m->passing = take((size_t)set->gate.lines * GATE_LINE * sizeof(*m->passing));
	m->listless = take((set->pattern_count / 64 + 1) * sizeof(*m->listless));
	m->costs.items = take((set->pattern_count + 1) * sizeof(*m->costs.items));
	m->input.answers = take((set->question_count + 1) * sizeof(*m->input.answers));
	m->input.decided = take((set->need_count + 1) * sizeof(*m->input.decided));
	askings_init(&m->askings, set);
	regex_scratch_init(&m->regex, set->program_longest);
	lists_find(m);
}

static void set_drop(struct matcher *m)
{
	costs_flush(m);
	free(m->costs.items);
	hs_free_scratch(m->scratch);
	m->scratch = NULL;
	free(m->found);
	free(m->touched);
	free(m->clues);
	free(m->clues_levelled);
	free(m->clues_touched);
	texts_deinit(&m->texts);
	free(m->candidates);
	free(m->passing);
	free(m->listless);
	free(m->input.answers);
	free(m->input.decided);
	askings_deinit(&m->askings);
	regex_scratch_deinit(&m->regex);
	pattern_set_free(&m->set);
}

struct matcher *matcher_new(struct pattern_set *set)
{
	struct matcher *m = take(sizeof(*m));

	assert(set->counters != NULL);
	buffers_new(m);
	set_take(m, set);
	return m;
}

void matcher_free(struct matcher **matcher)
{
	struct matcher *m = *matcher;

	*matcher = NULL;
	if (m == NULL)
		return;
	set_drop(m);
	free(m->folded.bytes);
	free(m->mapped.bytes);
	free(m->mapped.origin);
	free(m->input.fold_bytes);
	free(m->input.kept_bytes);
	free(m->writing);
	free(m->kept.bytes);
	free(m->lists);
	reference_free(&m->reference);
	free(m);
}

void matcher_refer(struct matcher *matcher, struct reference *reference)
{
	if (reference != NULL)
		reference_hold(reference);
	reference_free(&matcher->reference);
	matcher->reference = reference;
	matcher->input.reference = reference;
	lists_find(matcher);
}

void matcher_swap(struct matcher *matcher, struct pattern_set *set)
{
	set_drop(matcher);
	set_take(matcher, set);
}

const struct pattern_set *matcher_set(const struct matcher *matcher)
{
	return matcher->set;
}
