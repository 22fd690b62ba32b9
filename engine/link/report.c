/*
 * From what is kept to a hit.
 */
#include "base/counters.h"
#include "link/state.h"

void link_tell(struct link *link, const struct slot *slot, struct hit *hit, uint64_t group)
{
	hit->pattern = arena_copy(link->arena, slot_text(slot, SLOT_PATTERN));
	hit->typology = arena_copy(link->arena, slot_text(slot, SLOT_TYPOLOGY));
	hit->version = slot->version;
	hit->audience = slot->audience;
	hit->score = slot->score;
	hit->group = group;
	hit_id(hit);
	if (slot->rule.kind == LINK_PATH)
		hit->evidence = path_evidence(slot, hit, link->arena);
	if (arena_overflowed(link->arena))
		die("link: the hits of one batch do not fit into %zu bytes", link->arena->most_bytes);
	count(COUNT_LINK_HITS);
	link->report(link->context, hit);
}
