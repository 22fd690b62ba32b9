/*
 * `list`: is something of the transaction on a list at its booking time? A list that is not there holds
 * nobody.
 *
 * The list `allow` quiets one pattern for one party, but no hit that a list made, and no pattern that asks
 * the stop-payment list.
 */
#include "match/matcher.h"

const struct reference_entry *condition_listed(struct condition_input *input, uint8_t field, uint8_t kind,
                                               uint16_t list)
{
	const struct reference_list *named = input->lists != NULL ? input->lists[list] : NULL;
	struct slice value = named != NULL ? tx_text(input->tx, field) : (struct slice){0};
	ptrdiff_t folded;

	if (value.length == 0)
		return NULL;
	if (kind == REFERENCE_NAME) {
		if ((folded = fold_text(value.at, value.length, input->fold_bytes, FOLD_BYTES_MAX)) <= 0)
			return NULL;
		value = (struct slice){input->fold_bytes, (uint32_t)folded};
	}
	return reference_find(named, kind, value, input->tx->booked_ms);
}

const struct reference_entry *part_list_entry(struct matcher *m, const struct plan_part *part,
                                              const struct plan_list_entry **asked_r)
{
	for (uint32_t i = 0; i < part->list.count; i++) {
		const struct plan_list_entry *asked = &part->list.items[i];
		const struct reference_entry *entry = condition_listed(&m->input, asked->field, asked->kind, asked->list);
		*asked_r = asked;
		if (entry != NULL)
			return entry;
	}
	return NULL;
}

bool part_list_holds(struct matcher *m, const struct plan_part *part)
{
	const struct plan_list_entry *asked;

	return part_list_entry(m, part, &asked) != NULL;
}

static bool part_is_listless(const struct matcher *m, const struct plan_part *part)
{
	if (part->kind == PART_PATH)
		return part->link->rule.shape == LINK_TO_LISTED && m->lists[part->link->list] == NULL;
	if (part->kind != PART_LIST)
		return false;
	for (uint32_t i = 0; i < part->list.count; i++)
		if (m->lists[part->list.items[i].list] != NULL)
			return false;
	return true;
}

bool detect_is_listless(const struct matcher *m, const struct plan_detect *detect)
{
	for (uint32_t i = 0; i < detect->part_count; i++)
		if (part_is_listless(m, &detect->parts[i]))
			return true;
	return false;
}

/* ---- quieting ---- */

static bool listed(struct matcher *m, const struct plan_detect *detect)
{
	for (uint32_t i = 0; i < detect->part_count; i++) {
		const struct plan_part *part = &detect->parts[i];
		if (part->kind == PART_LIST && part_list_holds(m, part))
			return true;
		for (uint32_t j = 0; part->kind == PART_ANY_OF && j < part->any_of.count; j++)
			if (detect_holds(m, &part->any_of.items[j]) && listed(m, &part->any_of.items[j]))
				return true;
	}
	return false;
}

static bool allows(struct matcher *m, const struct pattern *pattern, enum reference_kind kind,
                   struct slice value)
{
	ptrdiff_t folded;

	if (value.length == 0)
		return false;
	if (kind == REFERENCE_NAME) {
		folded = fold_text(value.at, value.length, m->input.fold_bytes, FOLD_BYTES_MAX);
		value = (struct slice){m->input.fold_bytes, folded > 0 ? (uint32_t)folded : 0};
	}
	return reference_allows(m->reference, pattern->id, kind, value, m->input.tx->booked_ms);
}

bool hit_is_allowed(struct matcher *m, const struct pattern *pattern)
{
	const struct tx *tx = m->input.tx;

	if (m->reference == NULL || !reference_has_allow(m->reference) || pattern->asks_stop_payment)
		return false;
	return (allows(m, pattern, REFERENCE_ACCOUNT, tx->counterparty.account) ||
	        allows(m, pattern, REFERENCE_NAME, tx->counterparty.name) ||
	        allows(m, pattern, REFERENCE_IP, tx->ip) ||
	        allows(m, pattern, REFERENCE_ACCOUNT, tx->account) ||
	        allows(m, pattern, REFERENCE_USCC, tx->enterprise)) &&
	       !listed(m, pattern->detect);
}
