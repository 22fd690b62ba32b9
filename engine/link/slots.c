/*
 * The rules that events bring along, each kept once. A pattern set is swapped while events of the old one
 * wait, so a rule is known by its pattern, version and content, not by where it lay.
 */
#include "base/counters.h"
#include "link/graph.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* What makes it another rule, without padding. */
static uint64_t rule_hash(const struct link_passed *passed)
{
	const struct link_rule *rule = passed->rule;
	const int64_t parts[] = {
		rule->kind, rule->distinct, rule->shape, rule->hops_least, rule->hops_most, rule->at_least,
		rule->count_least, rule->sum_least_minor, rule->within_ms, rule->tolerance_permille, rule->told, passed->version,
	};

	return XXH3_64bits(parts, sizeof(parts)) ^ XXH3_64bits(rule->pattern.at, rule->pattern.length);
}

/* The slot that was not asked for longest: free ones first. A path's bit needs a path's slot to go. */
static struct slot *slot_to_take(struct link *link, bool path)
{
	struct slot *oldest = NULL, *oldest_path = NULL, *slot = link->head->slots;
	unsigned paths = 0;

	for (; slot < link->head->slots + SLOTS_MAX; slot++) {
		bool is_path = slot->serial != 0 && slot->rule.kind == LINK_PATH;
		paths += is_path;
		if (is_path && (oldest_path == NULL || slot->used_at < oldest_path->used_at))
			oldest_path = slot;
		if (oldest == NULL || (oldest->serial != 0 && (slot->serial == 0 || slot->used_at < oldest->used_at)))
			oldest = slot;
	}
	return path && paths == PATHS_MAX ? oldest_path : oldest;
}

static uint8_t bit_free(const struct link *link)
{
	uint32_t taken = 0;

	for (int i = 0; i < SLOTS_MAX; i++)
		if (link->head->slots[i].serial != 0 && link->head->slots[i].rule.kind == LINK_PATH)
			taken |= 1u << link->head->slots[i].bit;
	return (uint8_t)__builtin_ctz(~taken);
}

static uint16_t text_add(struct slot *slot, size_t *at, struct slice text)
{
	size_t length = text.length < SLOT_TEXT_BYTES - *at ? text.length : SLOT_TEXT_BYTES - *at;

	if (length > 0)
		memcpy(slot->texts + *at, text.at, length);
	*at += length;
	return (uint16_t)length;
}

static struct slot *slot_make(struct link *link, const struct link_passed *passed, uint64_t hash)
{
	bool path = passed->rule->kind == LINK_PATH;
	struct slot *slot = slot_to_take(link, path);
	size_t at = 0;

	if (slot->serial != 0) {
		count(COUNT_LINK_RULES_FULL);
		if (slot->rule.kind == LINK_PATH)
			graph_forget_rule(link, slot);
		slot->serial = 0;
	}
	*slot = (struct slot){
		.version = passed->version, .hash = hash, .audience = passed->audience, .score = passed->score,
		.bit = path ? bit_free(link) : 0, .rule = *passed->rule,
	};
	slot->rule.pattern = slot->rule.typology = slot->rule.title_zh = slot->rule.title_en = (struct slice){0};
	slot->pattern_length = text_add(slot, &at, passed->rule->pattern);
	slot->typology_length = text_add(slot, &at, passed->rule->typology);
	slot->zh_length = text_add(slot, &at, passed->rule->title_zh);
	slot->en_length = text_add(slot, &at, passed->rule->title_en);
	slot->serial = ++link->head->slot_round * SLOTS_MAX + (uint32_t)(slot - link->head->slots);
	return slot;
}

struct slot *slots_ref(struct link *link, const struct link_passed *passed)
{
	uint64_t hash = rule_hash(passed);
	uint8_t *guess = &link->slot_guess[hash % SLOT_GUESSES];
	struct slot *slot = &link->head->slots[*guess];

	if (slot->serial == 0 || slot->hash != hash)
		for (slot = link->head->slots; slot < link->head->slots + SLOTS_MAX; slot++)
			if (slot->serial != 0 && slot->hash == hash)
				break;
	if (slot == link->head->slots + SLOTS_MAX)
		slot = slot_make(link, passed, hash);
	slot->used_at = link->head->sequence;
	*guess = (uint8_t)(slot - link->head->slots);
	return slot;
}

struct slot *slot_find(const struct link *link, uint32_t serial)
{
	struct slot *slot = &link->head->slots[serial % SLOTS_MAX];

	return slot->serial == serial ? slot : NULL;
}

struct slot *slot_by_text(const struct link *link, struct slice pattern, uint32_t version)
{
	for (struct slot *slot = link->head->slots; slot < link->head->slots + SLOTS_MAX; slot++)
		if (slot->serial != 0 && slot->version == version && slice_equal(slot_text(slot, SLOT_PATTERN), pattern))
			return slot;
	return NULL;
}

struct slice slot_text(const struct slot *slot, int which)
{
	const uint16_t lengths[] = {slot->pattern_length, slot->typology_length, slot->zh_length, slot->en_length};
	const char *at = slot->texts;

	for (int i = 0; i < which; i++)
		at += lengths[i];
	return (struct slice){at, lengths[which]};
}

uint64_t link_group(const struct slot *slot, uint64_t what)
{
	uint64_t group = mix(what, XXH3_64bits(slot->texts, slot->pattern_length)) >> 1;

	return group > 0 ? group : 1;
}
