#include "pattern/weaken.h"

#include "pattern/read.h"
#include "pattern/written.h"

/* Counts one that could be left out; true where this is the one. */
static bool is_wanted(struct reader *reader)
{
	struct weakening *weakening = reader->weakening;

	return weakening != NULL && ++weakening->seen == weakening->wanted;
}

static bool weaken(struct reader *reader, const struct yaml_node *node, const char *part, bool alternative)
{
	struct pattern_lack *lack;

	if (!is_wanted(reader))
		return false;
	lack = &reader->weakening->lack;
	*lack = (struct pattern_lack){.part = slice_of(part), .alternative = alternative,
	                              .text = written_value(&reader->builder->set->arena, node)};
	lack->line = node->key.length > 0 ? node->key_line : node->line;
	lack->column = node->key.length > 0 ? node->key_column : node->column;
	return true;
}

bool weaken_value(struct reader *reader, const struct yaml_node *node, const char *part)
{
	return weaken(reader, node, part, false);
}

bool weaken_alternative(struct reader *reader, const struct yaml_node *node, const char *part)
{
	return weaken(reader, node, part, true);
}

/* ---- within a condition ---- */

struct pruning {
	struct reader *reader;
	const struct yaml_node *scalar;
	const char *part;
};

static void note(struct pruning *p, const struct condition_node *node, bool wanted)
{
	struct pattern_lack *lack = &p->reader->weakening->lack;

	*lack = (struct pattern_lack){.part = slice_of(p->part)};
	lack->text = slice_of(arena_print(&p->reader->builder->set->arena, "%s%.*s", wanted ? "" : "not ",
	                                  CONDITION_QUOTED(node)));
	source_place(p->reader->source, p->scalar, node->from, &lack->line, &lack->column);
}

static struct condition_node *prune(struct pruning *p, struct condition_node *node, bool wanted);

/* Two that must both be so: what is left of them. */
static struct condition_node *prune_both(struct pruning *p, struct condition_node *node, bool wanted)
{
	struct condition_node *second = node->first->next;
	struct condition_node *left = prune(p, node->first, wanted), *right = prune(p, second, wanted);

	if (left == NULL || right == NULL)
		return left != NULL ? left : right;
	node->first = left;
	left->next = right;
	right->next = NULL;
	return node;
}

static struct condition_node *prune(struct pruning *p, struct condition_node *node, bool wanted)
{
	if (node->meaning.length == 0 && node->kind == (wanted ? CONDITION_AND : CONDITION_OR))
		return prune_both(p, node, wanted);
	if (node->meaning.length == 0 && node->kind == CONDITION_NOT) {
		node->first = prune(p, node->first, !wanted);
		return node->first != NULL ? node : NULL;
	}
	if (!is_wanted(p->reader))
		return node;
	note(p, node, wanted);
	return NULL;
}

struct condition_node *weaken_condition(struct reader *reader, const struct yaml_node *node, const char *part,
                                        struct condition_node *root)
{
	struct pruning p = {reader, node, part};

	if (reader->weakening == NULL)
		return root;
	root = prune(&p, root, true);
	if (root != NULL)
		root->next = NULL;
	return root;
}
