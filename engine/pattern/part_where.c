/*
 * `where`: a condition over the transaction (condition.h has the language).
 */
#include "pattern/builder.h"
#include "pattern/condition.h"

bool part_where_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	struct complaint complaint;
	struct condition_context context = {
		.arena = &reader->builder->set->arena, .text = node->text, .rates = reader->builder->set->rates,
		.complaint = &complaint,
	};

	if (node->type != YAML_TEXT) {
		source_fault(reader->source, node, "`where` must be a condition such as amount >= 5万");
		return false;
	}
	part_r->where = condition_compile(&context);
	if (part_r->where == NULL)
		source_complain(reader->source, node, &complaint);
	return part_r->where != NULL;
}
