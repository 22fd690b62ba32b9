/*
 * In which order the conditions of the outermost `and`s are asked until a matcher has seen which refuses most
 * (match/asking.h): the cheap ones first, since one that is no yes spares the rest. What a pattern means does not
 * depend on it, nor does its evidence: that keeps the written order.
 *
 * Costs are rough, in about ten instructions: a field is in the cache, a window walks the account's events. Equal ones
 * keep their order, so that an author can still put the rarer first.
 */
#include "base/instant.h"
#include "pattern/condition_emit.h"

enum { COST_FIELD = 1, COST_TEXT = 4, COST_LOOK_UP = 8, COST_WINDOW = 40, COST_NAME = 120 };

static unsigned cost_of_call(const struct condition_node *call)
{
	struct program_question question;

	switch (call->function->code) {
	case OP_CONTAINS: case OP_HOLDS_ONLY: case OP_STARTS_WITH: case OP_ENDS_WITH: case OP_LENGTH: return COST_TEXT;
	case OP_AGE: case OP_HOUR: case OP_WEEKDAY: case OP_DAY: case OP_MONTH: case OP_PRESENT: return COST_FIELD;
	default: break;
	}
	if (!emit_question(call, &question))
		return COST_LOOK_UP;
	switch (question.kind) {
	case QUESTION_WINDOW: return COST_WINDOW + (question.window_ms > INSTANT_DAY_MS ? COST_WINDOW : 0);
	case QUESTION_NAME_DISTANCE: case QUESTION_NAME_ADDED: case QUESTION_NAME_DISGUISED: case QUESTION_NAME_STAYED:
	case QUESTION_NAME_MOVED: return COST_NAME;
	case QUESTION_FIRST_SEEN: case QUESTION_FIRMS_ELSEWHERE: case QUESTION_NEIGHBOURS_ELSEWHERE: return COST_LOOK_UP;
	default: return COST_WINDOW;
	}
}

static unsigned cost_of(const struct condition_node *node)
{
	struct program_question question;
	unsigned cost = COST_FIELD;

	if (node->kind == CONDITION_CALL && node->function != NULL) {
		cost = cost_of_call(node);
		if (emit_question(node, &question))
			return cost; /* its arguments are constants by now */
	}

	for (const struct condition_node *child = node->first; child != NULL; child = child->next)
		cost += cost_of(child);
	return cost;
}

static void flatten(const struct condition_node *node, struct condition_outermost *all)
{
	unsigned cost, at;

	if (node->kind == CONDITION_AND) {
		flatten(node->first, all);
		flatten(node->first->next, all);
		return;
	}
	cost = cost_of(node);
	for (at = all->count++; at > 0 && all->costs[at - 1] > cost; at--) {
		all->costs[at] = all->costs[at - 1];
		all->nodes[at] = all->nodes[at - 1];
	}
	all->costs[at] = cost;
	all->nodes[at] = node;
}

static uint32_t leaves(const struct condition_node *node)
{
	return node->kind == CONDITION_AND ? leaves(node->first) + leaves(node->first->next) : 1;
}

void condition_order(const struct condition_node *root, struct condition_outermost *all_r)
{
	/* More than there is room for stay as they are written: right, only slower. */
	*all_r = (struct condition_outermost){.nodes = {root}, .count = 1};
	if (leaves(root) > CONDITION_APART_MAX)
		return;
	all_r->count = 0;
	flatten(root, all_r);
}
