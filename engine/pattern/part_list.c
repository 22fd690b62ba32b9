/*
 * `list`: {counterparty.account: stop-payment, counterparty.name: [stop-payment, mules]}: any one that is
 * found is enough.
 */
#include "pattern/builder.h"
#include "pattern/read.h"
#include "pattern/weaken.h"
#include "reference/reference.h"

enum { LIST_ENTRIES_MAX = 32 };

static const struct {
	uint8_t field, kind;
} kinds[] = {
	{TX_ACCOUNT_FIELD, REFERENCE_ACCOUNT}, {TX_PARTY_ACCOUNT_FIELD, REFERENCE_ACCOUNT},
	{TX_ACCOUNT_NAME_FIELD, REFERENCE_NAME}, {TX_PARTY_NAME_FIELD, REFERENCE_NAME},
	{TX_OPERATOR_FIELD, REFERENCE_NAME},
	{TX_IP_FIELD, REFERENCE_IP}, {TX_ENTERPRISE_FIELD, REFERENCE_USCC},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

int builder_list_kind(uint8_t field)
{
	for (int i = 0; i < KINDS; i++)
		if (kinds[i].field == field)
			return kinds[i].kind;
	return -1;
}

static const char *field_at(int i)
{
	return tx_fields[kinds[i].field].name;
}

static void unknown_field(struct reader *reader, const struct yaml_node *node)
{
	const char *near = yaml_nearest(node->key, field_at, KINDS);

	source_fault_key(reader->source, node,
	                 "`%.*s` cannot be on a list; expected counterparty.account, counterparty.name, ip, account, "
	                 "account_name, operator or enterprise%s%s%s",
	                 SLICE_PRINT(node->key), near != NULL ? " (did you mean `" : "", near != NULL ? near : "",
	                 near != NULL ? "`?)" : "");
}

static void read_name(struct reader *reader, const struct yaml_node *node, uint8_t field,
                      struct plan_list *list, struct plan_list_entry *items)
{
	const char *why = "the name of a list, such as " REFERENCE_STOP_PAYMENT;
	int number = node->type == YAML_TEXT ? builder_list(reader->builder, node->text, &why) : -1;

	if (number < 0) {
		source_fault(reader->source, node, "expected %s", why);
		return;
	}
	for (uint32_t i = 0; i < list->count; i++)
		if (items[i].field == field && items[i].list == number)
			source_warn(reader->source, node, "the list `%.*s` stands here twice", SLICE_PRINT(node->text));
	if (list->count == LIST_ENTRIES_MAX)
		source_fault(reader->source, node, "more than %d lists in one part", LIST_ENTRIES_MAX);
	else
		items[list->count++] = (struct plan_list_entry){field, (uint8_t)builder_list_kind(field), (uint16_t)number};
}

bool part_list_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	struct plan_list_entry *items = read_take(&reader->builder->set->arena, LIST_ENTRIES_MAX * sizeof(*items));

	part_r->list = (struct plan_list){.items = items};
	if (node->type != YAML_MAP || node->first == NULL) {
		source_fault(reader->source, node, "`list` must say which field is on which list, as in "
		             "{counterparty.account: " REFERENCE_STOP_PAYMENT "}");
		return false;
	}
	for (const struct yaml_node *member = node->first; member != NULL; member = member->next) {
		enum tx_field field = tx_field_find(member->key);
		if (node->count > 1 && weaken_alternative(reader, member, "list"))
			continue;
		if (field == TX_FIELD_COUNT || builder_list_kind((uint8_t)field) < 0) {
			unknown_field(reader, member);
			continue;
		}
		if (member->type != YAML_LIST)
			read_name(reader, member, (uint8_t)field, &part_r->list, items);
		for (const struct yaml_node *item = member->type == YAML_LIST ? member->first : NULL; item != NULL;
		     item = item->next)
			read_name(reader, item, (uint8_t)field, &part_r->list, items);
	}
	if (part_r->list.count == 0)
		source_fault(reader->source, node, "`list` names no list");
	return part_r->list.count > 0;
}
