/*
 * `where`: a condition over the transaction (condition.h has the language).
 */
#include "pattern/builder.h"
#include "pattern/weaken.h"

static int list_number(void *context, struct slice name, const char **why_r)
{
	return builder_list(context, name, why_r);
}

bool part_where_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	struct complaint complaint;
	struct condition_context context = {
		.arena = &reader->builder->set->arena, .text = node->text, .rates = reader->builder->set->rates,
		.complaint = &complaint, .questions = &reader->builder->questions, .needs = &reader->builder->needs,
		.words = &reader->builder->words, .conditions = &reader->builder->conditions,
		.list = list_number, .list_context = reader->builder, .apart = reader->builder->explain,
	};

	struct condition_node *root;

	if (node->type != YAML_TEXT) {
		source_fault(reader->source, node, "`where` must be a condition such as amount >= 5万");
		return false;
	}
	part_r->where = NULL;
	root = condition_parse(&context);
	if (root != NULL && condition_check(&context, root) == 0) {
		root = weaken_condition(reader, node, "where", root);
		if (root == NULL)
			return false; /* its only condition is left out */
		part_r->where = condition_emit(&context, root);
	}
	if (part_r->where == NULL)
		source_complain(reader->source, node, &complaint);
	return part_r->where != NULL;
}
