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

static inline bool bit_is_set(const uint64_t *bits, uint32_t number)
{
	return bits[number / 64] >> number % 64 & 1;
}

/* In one of the two sets of clues. */
static void touch_clue(struct matcher *m, uint64_t *bits, uint32_t clue)
{
	if (!bit_is_set(m->clues, clue) && !bit_is_set(m->clues_levelled, clue))
		m->clues_touched[m->clues_touched_count++] = clue;
	bits[clue / 64] |= UINT64_C(1) << clue % 64;
}

static int on_match(unsigned number, unsigned long long from, unsigned long long to, unsigned flags,
                    void *context)
{
	struct matcher *m = context;
	const struct plan_region *region = m->region;
	bool levelled = number >= region->search_count;
	const struct plan_search *search = &region->searches[levelled ? region->levelled[number - region->search_count] : number];

	(void)from;
	(void)to;
	(void)flags;
	m->texts.digits_matter |= levelled && search->atom_count > 0;
	for (uint32_t i = 0; i < search->atom_count && !levelled; i++)
		scan_touch(m, search->targets[i]);
	for (uint32_t i = 0; i < search->clue_count; i++)
		touch_clue(m, levelled ? m->clues_levelled : m->clues, search->targets[search->atom_count + i]);
	return 0;
}

/* Has it all clues, and if not, would it with other digits? */
enum has { HAS_NOT, HAS_WITH_OTHER_DIGITS, HAS_ALL };

static enum has has_clues(const struct matcher *m, uint32_t lead, const struct plan_way *way)
{
	enum has has = bit_is_set(m->clues, lead) ? HAS_ALL : HAS_WITH_OTHER_DIGITS;

	for (uint32_t i = 0; i < way->other_count; i++)
		if (!bit_is_set(m->clues, way->others[i])) {
			if (!bit_is_set(m->clues_levelled, way->others[i]))
				return HAS_NOT;
			has = HAS_WITH_OTHER_DIGITS;
		}
	return has;
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

static void follow_clue(struct matcher *m, uint32_t number, struct slice text)
{
	const struct plan_clue *clue = &m->set->clues[number];

	for (uint32_t i = 0; i < clue->way_count; i++) {
		enum has has = has_clues(m, number, &clue->ways[i]);
		if (has == HAS_ALL)
			look_closely(m, clue->ways[i].atom, text);
		m->texts.digits_matter |= has == HAS_WITH_OTHER_DIGITS;
	}
}

static void follow_clues(struct matcher *m, struct slice text)
{
	for (uint32_t i = 0; i < m->clues_touched_count; i++)
		follow_clue(m, m->clues_touched[i], text);
	for (uint32_t i = 0; i < m->clues_touched_count; i++) {
		uint32_t clue = m->clues_touched[i];
		m->clues[clue / 64] &= ~(UINT64_C(1) << clue % 64);
		m->clues_levelled[clue / 64] &= ~(UINT64_C(1) << clue % 64);
	}
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
