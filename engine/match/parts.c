/*
 * Do the parts of a pattern hold? One table, one file a part; all that hold, hit.
 */
#include "match/matcher.h"

static bool (*const holds[PART_KIND_COUNT])(struct matcher *m, const struct plan_part *part) = {
#define PART(symbol, key, member) [PART_##symbol] = part_##member##_holds,
#include "pattern/parts.def"
#undef PART
};

bool detect_holds(struct matcher *m, const struct plan_detect *detect)
{
	for (uint32_t i = 0; i < detect->part_count; i++)
		if (!holds[detect->parts[i].kind](m, &detect->parts[i]))
			return false;
	return true;
}

bool part_any_of_holds(struct matcher *m, const struct plan_part *part)
{
	for (uint32_t i = 0; i < part->any_of.count; i++)
		if (detect_holds(m, &part->any_of.items[i]))
			return true;
	return false;
}

bool part_where_holds(struct matcher *m, const struct plan_part *part)
{
	return condition_holds(part->where, &m->input);
}

/* An entry is found where any of its atoms is, one for each region that it looks into. */
static bool entry_found(const struct matcher *m, const struct plan_entry *entry)
{
	for (uint32_t i = 0; i < entry->atom_count; i++)
		if (atom_found(m, entry->atoms[i]))
			return true;
	return false;
}

/* Is any of the atoms? */
static bool one_found(const struct matcher *m, const struct plan_bits *atoms)
{
	if ((atoms->sieve & m->sieve) == 0)
		return false;
	for (uint32_t i = 0; i < atoms->word_count; i++)
		if ((atoms->words[i].bits & m->found[atoms->words[i].number]) != 0)
			return true;
	return false;
}

bool part_text_holds(struct matcher *m, const struct plan_part *part)
{
	const struct plan_text *text = &part->text;

	if (text->any_count > 0 && !one_found(m, &text->any_bits))
		return false;
	for (uint32_t i = 0; i < text->all_count; i++)
		if (!entry_found(m, &text->all[i]))
			return false;
	return !one_found(m, &text->none_bits);
}
