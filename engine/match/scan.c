/*
 * One scan a region: Hyperscan finds words; some are atoms, some are clues to atoms, and where all clues of a way to an
 * atom are in the text, its states run over it (pattern/searches.h, regex_run.h).
 */
#include "match/matcher.h"

void scan_touch(struct matcher *m, uint32_t atom)
{
	uint64_t bit = UINT64_C(1) << atom % 64;

	if ((m->found[atom / 64] & bit) == 0) {
		m->found[atom / 64] |= bit;
		m->touched[m->touched_count++] = atom;
	}
}

static void touch_clue(struct matcher *m, uint32_t clue)
{
	uint64_t bit = UINT64_C(1) << clue % 64;

	if ((m->clues[clue / 64] & bit) == 0) {
		m->clues[clue / 64] |= bit;
		m->clues_touched[m->clues_touched_count++] = clue;
	}
}

static int on_match(unsigned number, unsigned long long from, unsigned long long to, unsigned flags,
                    void *context)
{
	struct matcher *m = context;
	const struct plan_search *search = &m->region->searches[number];

	(void)from;
	(void)to;
	(void)flags;
	if (number >= m->region->search_count) {
		m->texts.digits_matter = true;
		return 0;
	}
	for (uint32_t i = 0; i < search->atom_count; i++)
		scan_touch(m, search->targets[i]);
	for (uint32_t i = 0; i < search->clue_count; i++)
		touch_clue(m, search->targets[search->atom_count + i]);
	return 0;
}

static bool has_clues(const struct matcher *m, const struct plan_way *way)
{
	for (uint32_t i = 0; i < way->other_count; i++)
		if ((m->clues[way->others[i] / 64] >> way->others[i] % 64 & 1) == 0)
			return false;
	return true;
}

/* Every clue to an atom is there: is the atom? */
static void look_closely(struct matcher *m, uint32_t number, struct slice text)
{
	const struct plan_atom *atom = &m->set->atoms[number];
	size_t from, to;

	if (atom_found(m, number))
		return;
	m->texts.digits_matter |= atom->tells_digits;
	if (regex_find(atom->program, &m->regex, text.at, text.length, &from, &to))
		scan_touch(m, number);
}

static void follow_clues(struct matcher *m, struct slice text)
{
	for (uint32_t i = 0; i < m->clues_touched_count; i++) {
		const struct plan_clue *clue = &m->set->clues[m->clues_touched[i]];
		for (uint32_t j = 0; j < clue->way_count; j++)
			if (has_clues(m, &clue->ways[j]))
				look_closely(m, clue->ways[j].atom, text);
	}
	for (uint32_t i = 0; i < m->clues_touched_count; i++)
		m->clues[m->clues_touched[i] / 64] &= ~(UINT64_C(1) << m->clues_touched[i] % 64);
	m->clues_touched_count = 0;
}

void scan_regions(struct matcher *m, uint32_t regions)
{
	m->texts.digits_matter = false;
	for (; regions != 0; regions &= regions - 1) {
		struct slice text;
		m->region = &m->set->regions[__builtin_ctz(regions)];
		text = fold_tx_region(m, m->region);
		/* The scan can only fail by a program's error: a wrong data base or scratch. */
		if (text.length > 0 && m->region->database != NULL &&
		    hs_scan(m->region->database, text.at, text.length, 0, m->scratch, on_match, m) != HS_SUCCESS)
			die("Hyperscan refused to scan");
		follow_clues(m, text);
	}
}
