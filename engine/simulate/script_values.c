/*
 * The values of a scenario file's keys: each reader fills one member and says where and what is wrong.
 */
#include <assert.h>
#include <stddef.h>

#include "base/tx.h"
#include "simulate/script_read.h"
#include "simulate/script_rules.h"

static int wrong(struct reading *r, const struct yaml_node *node, const char *expected)
{
	return yaml_error(r->error, &r->script->file, node, "`%.*s`: expected %s", SLICE_PRINT(node->text),
	                  expected);
}

int script_read_text(struct reading *r, const struct yaml_node *node, void *at)
{
	if (node->type != YAML_TEXT || node->text.length == 0)
		return wrong(r, node, "a text");
	*(struct slice *)at = node->text;
	return 0;
}

int script_read_string(struct reading *r, const struct yaml_node *node, void *at)
{
	if (node->type != YAML_TEXT || node->text.length == 0 || node->text.length > 64 ||
	    strspn(node->text.at,
	           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != node->text.length)
		return wrong(r, node, "letters, digits and `-`, 64 at most");
	*(const char **)at = node->text.at;
	return 0;
}

int script_read_typology(struct reading *r, const struct yaml_node *node, void *at)
{
	if (node->text.length != 3 || strchr("VM", node->text.at[0]) == NULL || strspn(node->text.at + 1,
	                                                                               "0123456789") != 2)
		return wrong(r, node, "a typology of the catalogue, such as V01 or M13");
	*(const char **)at = node->text.at;
	return 0;
}

int script_read_yes(struct reading *r, const struct yaml_node *node, void *at)
{
	*(bool *)at = slice_is(node->text, "yes");
	return slice_is(node->text, "yes") || slice_is(node->text, "no") ? 0 : wrong(r, node, "yes or no");
}

int script_read_count(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_count(node->text, at) ? 0 : wrong(r, node, "a count or a range such as 2..5");
}

int script_read_duration(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_duration(node->text, at) ? 0 : wrong(r, node,
	                                                 "a duration or a range such as 5m..2h (s, m, h, d)");
}

int script_read_clock(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_clock(node->text, at) ? 0 : wrong(r, node, "a time of day range such as 9:00..17:30");
}

int script_read_percent(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_percent(node->text, at) ? 0 : wrong(r, node, "a percentage such as 25%");
}

int script_read_yuan(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_yuan(node->text, at) ? 0 : wrong(r, node, "an amount in yuan such as 100 or 1万");
}

static int read_amount_list(struct reading *r, const struct yaml_node *node, struct script_amount *amount)
{
	*amount = (struct script_amount){.of = OF_LIST};
	for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
		if (amount->list_count == SCRIPT_AMOUNTS_MAX)
			return yaml_error(r->error, &r->script->file, item, "more than %d amounts", SCRIPT_AMOUNTS_MAX);
		if (!rule_yuan(item->text, &amount->list_minor[amount->list_count++]))
			return wrong(r, item, "an amount in yuan such as 100 or 1万");
	}
	if (amount->list_count > 0)
		return 0;
	return yaml_error(r->error, &r->script->file, node, "expected at least one amount");
}

int script_read_amount(struct reading *r, const struct yaml_node *node, void *at)
{
	if (node->type == YAML_LIST)
		return read_amount_list(r, node, at);
	if (rule_amount(node->text, at))
		return 0;
	return wrong(r, node, "5万..48万, a list of amounts, or a share such as 90%..98% of held (or of balance, "
	                      "credit, usual, last)");
}

/* One of a list of words; the number of the first is 0. */
static int read_one_of(struct reading *r, const struct yaml_node *node, uint8_t *at,
                       const char *const words[3], const char *expected)
{
	for (uint8_t i = 0; i < 3; i++) {
		if (!slice_is(node->text, words[i]))
			continue;
		*at = i;
		return 0;
	}
	return wrong(r, node, expected);
}

int script_read_machine(struct reading *r, const struct yaml_node *node, void *at)
{
	static const char *const words[] = {"own", "new", "shared"};

	return read_one_of(r, node, at, words, "own, new or shared");
}

int script_read_pick(struct reading *r, const struct yaml_node *node, void *at)
{
	static const char *const words[] = {"each", "same", "random"};

	return read_one_of(r, node, at, words, "each, same or random");
}

int script_read_where(struct reading *r, const struct yaml_node *node, void *at)
{
	static const char *const words[] = {"far", "near", "home"};

	return read_one_of(r, node, at, words, "far, near or home");
}

/* `machine` sets ip, mac and device together: they lie side by side. */
static_assert(offsetof(struct script_step, mac) == offsetof(struct script_step, ip) + 1, "mac follows ip");
static_assert(offsetof(struct script_step, device) == offsetof(struct script_step, mac) + 1,
              "device follows");

int script_read_machines(struct reading *r, const struct yaml_node *node, void *at)
{
	uint8_t *ip = at;

	if (script_read_machine(r, node, ip) == -1)
		return -1;
	ip[1] = ip[2] = ip[0];
	return 0;
}

int script_read_channel(struct reading *r, const struct yaml_node *node, void *at)
{
	*(uint8_t *)at = tx_word_find(TX_CHANNEL_FIELD, node->text);
	return *(uint8_t *)at != 0 ? 0 : wrong(r, node, "a channel such as online, mobile, counter, payroll, cash");
}

int script_read_kind(struct reading *r, const struct yaml_node *node, void *at)
{
	*(uint8_t *)at = tx_word_find(TX_PARTY_KIND_FIELD, node->text);
	return *(uint8_t *)at != 0 ? 0 : wrong(r, node, "company, person, treasury, bank or unknown");
}

int script_class_find(struct slice name)
{
	for (int i = 0; i < PARTY_COUNT; i++)
		if (slice_is(name, party_infos[i].name))
			return i;
	return SCRIPT_NO_CLASS;
}

int script_read_class(struct reading *r, const struct yaml_node *node, void *at)
{
	*(int *)at = script_class_find(node->text);
	if (*(int *)at != SCRIPT_NO_CLASS)
		return 0;
	return wrong(r, node, "whom honest firms know, such as supplier, customer, staff");
}

int script_read_kinds(struct reading *r, const struct yaml_node *node, void *at)
{
	struct script_role *role = (struct script_role *)((char *)at - offsetof(struct script_role, kinds));

	for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
		int k = 0;
		while (k < KIND_COUNT && !slice_is(item->text, kinds[k].name))
			k++;
		if (k == KIND_COUNT || role->kind_count == KIND_COUNT)
			return wrong(r, item, "a kind of enterprise such as factory, trader, shell");
		role->kinds[role->kind_count++] = (uint8_t)k;
	}
	return role->kind_count > 0 ? 0 : yaml_error(r->error, &r->script->file, node, "expected a list of kinds");
}

static int read_list(struct reading *r, const struct yaml_node *node, struct script_texts *texts)
{
	texts->count = 0;
	for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
		if (item->type != YAML_TEXT)
			return wrong(r, item, "a text");
		if (texts->count == SCRIPT_TEXTS_MAX)
			return yaml_error(r->error, &r->script->file, item, "more than %d texts", SCRIPT_TEXTS_MAX);
		texts->items[texts->count++] = item->text;
	}
	return texts->count > 0 ? 0 : yaml_error(r->error, &r->script->file, node, "expected at least one text");
}

int script_read_names(struct reading *r, const struct yaml_node *node, void *at)
{
	return read_list(r, node, at);
}

/* A list, the name of a list of `texts`, or a single text. */
int script_read_texts(struct reading *r, const struct yaml_node *node, void *at)
{
	const struct yaml_node *named = node->type == YAML_TEXT ? yaml_find(r->texts, node->text.at) : node;
	struct script_texts *texts = arena_take(&r->script->file.arena, sizeof(*texts));

	if (texts == NULL)
		return yaml_error(r->error, &r->script->file, node, "the file holds too much");
	*(const struct script_texts **)at = texts;
	if (named != NULL)
		return read_list(r, named, texts);
	*texts = (struct script_texts){{node->text}, 1};
	return 0;
}

int script_read_nothing(struct reading *r, const struct yaml_node *node, void *at)
{
	(void)r, (void)node, (void)at;
	return 0;
}
