/*
 * I7: who passes strangers' money on is warned of nothing. It looks like a victim's burst to strangers, and whoever reads the
 * warning is the launderer. Patterns that say so are asked when another pattern's hit would go to an enterprise, which
 * is seldom; the answer stands for the transaction.
 *
 * Of the hits that several accounts make (`link`) this account's are not held back here: the same event counts for others.
 */
#include "match/matcher.h"

static bool passes(const struct matcher *m, uint32_t number)
{
	return m->passing[number / 64] & ~m->listless[number / 64] & UINT64_C(1) << number % 64;
}

static const struct pattern *find(struct matcher *m)
{
	const struct pattern_set *set = m->set;

	for (uint32_t i = 0; i < set->withholding_count; i++) {
		uint32_t number = set->withholding[i];
		const struct pattern *by = &set->patterns[number];
		if (passes(m, number) && asking_holds(m, number) && !hit_is_allowed(m, by))
			return by;
	}
	return NULL;
}

const struct pattern *hit_is_withheld_by(struct matcher *m, const struct pattern *pattern)
{
	if (pattern->audience != AUDIENCE_ENTERPRISE || detect_link(pattern->detect) != NULL)
		return NULL;
	if (m->withheld.epoch != m->input.epoch) {
		m->withheld.by = find(m);
		m->withheld.epoch = m->input.epoch;
	}
	return m->withheld.by;
}
