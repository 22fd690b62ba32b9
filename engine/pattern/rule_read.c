#include "pattern/rule_read.h"

#include <stdio.h>
#include <stdlib.h>

#include "pattern/condition.h"
#include "pattern/read.h"

static const char *const expected_of[] = {
	[VALUE_PERCENT] = "a percentage such as 10%", [VALUE_MONEY] = "an amount such as 50万",
	[VALUE_DURATION] = "a duration such as 24h",
};

static int literal(struct condition_context *context, enum value_type type, struct condition_node *node_r)
{
	struct condition_token token;
	uint32_t at = 0;

	*node_r = (struct condition_node){.kind = CONDITION_LITERAL};
	if (condition_lex(context->text, &at, &token, context->complaint) == -1)
		return -1;
	if (token.kind != TOKEN_NUMBER || at != context->text.length)
		return complain(context->complaint, 0, "found `%.60s`; expected %s", context->text.at, expected_of[type]);
	if (condition_literal(context, node_r, token.text) == -1 ||
	    (type == VALUE_MONEY && node_r->bare && condition_literal_money(context, node_r) == -1))
		return -1;
	if (node_r->type != type)
		return complain(context->complaint, 0, "found `%.60s`; expected %s", context->text.at, expected_of[type]);
	return 0;
}

bool rule_value(struct reader *reader, const struct yaml_node *map, const char *key, enum value_type type,
                int64_t least, int64_t most, const char *bounds, int64_t *value_r)
{
	const struct yaml_node *node = read_member(reader->source, map, key, false);
	struct complaint complaint;
	struct condition_context context = {.arena = &reader->builder->set->arena,
	                                    .rates = reader->builder->set->rates, .complaint = &complaint};
	struct condition_node value;

	if (node == NULL)
		return false;
	if (node->type != YAML_TEXT) {
		source_fault(reader->source, node, "`%s` must be %s", key, expected_of[type]);
		return false;
	}
	context.text = slice_trim(node->text);
	if (literal(&context, type, &value) == -1) {
		source_complain(reader->source, node, &complaint);
		return false;
	}
	if (value.value < least || value.value > most) {
		source_fault(reader->source, node, "`%s: %.40s`: expected %s", key, node->text.at, bounds);
		return false;
	}
	*value_r = (int64_t)value.value;
	return true;
}

bool rule_range(struct reader *reader, const struct yaml_node *map, const char *key, uint32_t least,
                uint32_t most, uint8_t *from_r, uint8_t *to_r)
{
	const struct yaml_node *node = read_member(reader->source, map, key, false);
	unsigned from, to;
	int end = 0, read;

	if (node == NULL)
		return false;
	read = node->type == YAML_TEXT ? sscanf(node->text.at, "%3u..%3u%n", &from, &to, &end) : 0;
	if (read < 2) {
		end = 0;
		read = node->type == YAML_TEXT ? sscanf(node->text.at, "%3u%n", &from, &end) : 0;
		to = from;
	}
	if (read < 1 || (uint32_t)end != node->text.length || from < least || to > most || from > to) {
		source_fault(reader->source, node,
		             "`%s: %.40s`: expected a number or a range within %u..%u, such as %u..%u", key,
		             node->type == YAML_TEXT ? node->text.at : "", least, most, least, most);
		return false;
	}
	*from_r = (uint8_t)from;
	*to_r = (uint8_t)to;
	return true;
}

struct plan_link *rule_begin(struct reader *reader, const struct yaml_node *node, const char *part)
{
	struct plan_link *plan = read_take(&reader->builder->set->arena, sizeof(*plan));
	const struct pattern *pattern = reader->pattern;

	if (reader->depth > 0) {
		source_fault_key(reader->source, node,
		                 "`%s` may only stand at the top of `detect`, beside `any_of`, not in it", part);
		return NULL;
	}
	*plan = (struct plan_link){
		.rule = {.pattern = pattern->id, .typology = pattern->typology, .title_zh = pattern->title.zh,
		         .title_en = pattern->title.en},
	};
	return plan;
}
