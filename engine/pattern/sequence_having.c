/*
 * `having`: a condition over the steps of a sequence, in the language of `where` with functions of its own.
 *
 * A call's check leaves the question in the node's `sign`, the step in `field`, the other step in `value`;
 * condition_emit.c makes an OP_STEP of it.
 */
#include <stdio.h>

#include "pattern/read.h"
#include "pattern/sequence_read.h"
#include "pattern/weaken.h"

struct steps {
	const struct plan_step *items;
	uint32_t count;
};

static int check_step(struct condition_context *context, struct condition_node *call);

#define OF_STEP(name, result) {name, name "(step)", result, check_step, OP_STEP, 0, 1, {0}, false}
#define OF_TWO(name, result) {name, name "(step, other)", result, check_step, OP_STEP, 0, 2, {0}, false}

static const struct condition_function functions[SEQUENCE_QUESTIONS] = {
	[SEQUENCE_COUNT] = OF_STEP("count", VALUE_NUMBER),
	[SEQUENCE_SUM] = OF_STEP("sum", VALUE_MONEY),
	[SEQUENCE_AVG] = OF_STEP("avg", VALUE_MONEY),
	[SEQUENCE_MIN] = OF_STEP("min", VALUE_MONEY),
	[SEQUENCE_MAX] = OF_STEP("max", VALUE_MONEY),
	[SEQUENCE_FIRST] = OF_STEP("first", VALUE_MONEY),
	[SEQUENCE_LAST] = OF_STEP("last", VALUE_MONEY),
	[SEQUENCE_DISTINCT] = OF_STEP("distinct", VALUE_NUMBER),
	[SEQUENCE_SPAN] = OF_STEP("span", VALUE_DURATION),
	[SEQUENCE_RISING] = OF_STEP("rising", VALUE_NUMBER),
	[SEQUENCE_GAP] = OF_TWO("gap", VALUE_DURATION),
	[SEQUENCE_SAME_PARTY] = OF_TWO("same_party", VALUE_BOOL),
};

static _Thread_local const struct steps *steps_asked; /* what step_name_at() gives; set before each use */

static const char *step_name_at(int i)
{
	return steps_asked->items[i].name.at;
}

static const char *function_name_at(int i)
{
	return functions[i].name;
}

/* "in, out": the names that there are; without any, how to give them. */
static const char *step_names(const struct steps *steps, char *out, size_t size)
{
	size_t length = 0;

	out[0] = '\0';
	for (uint32_t i = 0; i < steps->count; i++)
		if (steps->items[i].name.length > 0 && length < size)
			length += (size_t)snprintf(out + length, size - length, "%s%s", length > 0 ? ", " : "one of ",
			                           steps->items[i].name.at);
	if (length == 0)
		snprintf(out, size, "a step with a name: {name: in, direction: credit}");
	return out;
}

static const char *hint(const char *nearest, char out[64])
{
	out[0] = '\0';
	if (nearest != NULL)
		snprintf(out, 64, " (did you mean `%s`?)", nearest);
	return out;
}

/* The number of the step that `node` names; -1 with a complaint. */
static int find_step(struct condition_context *context, const struct condition_node *node)
{
	const struct steps *steps = context->scope->names;
	char names[300], near[64];
	int found = -1;

	for (uint32_t i = 0; i < steps->count && node->kind == CONDITION_NAME; i++) {
		if (!slice_equal(steps->items[i].name, node->text))
			continue;
		if (found >= 0)
			return complain(context->complaint, node->from, "two steps are called `%.*s`; give each a name of its own",
			                SLICE_PRINT(node->text));
		found = (int)i;
	}
	if (found >= 0)
		return found;
	steps_asked = steps;
	return complain(context->complaint, node->from, "`%.*s` is no step; expected %s%s",
	                CONDITION_QUOTED(node), step_names(steps, names, sizeof(names)),
	                hint(yaml_nearest(node->text, step_name_at, (int)steps->count), near));
}

static int check_step(struct condition_context *context, struct condition_node *call)
{
	struct condition_node *first = call->first, *second = first != NULL ? first->next : NULL;
	bool two = call->function->parameter_count == 2;
	int step, other = 0;

	if (first == NULL || (second != NULL) != two || (two && second->next != NULL))
		return complain(context->complaint, call->from, "the wrong number of steps; expected %s",
		                call->function->usage);
	step = find_step(context, first);
	if (step >= 0 && two)
		other = find_step(context, second);
	if (step < 0 || other < 0)
		return -1;
	call->sign = (int)(call->function - functions);
	if (call->sign == SEQUENCE_GAP && step >= other)
		return complain(context->complaint, first->from,
		                "gap(a, b) is from the last of a to the first of b, so a must be the earlier step");
	call->field = (uint8_t)step;
	call->value = other;
	return 0;
}

static int unknown(struct condition_context *context, struct condition_node *node)
{
	char near[64], names[300];

	for (int i = 0; i < SEQUENCE_QUESTIONS && node->kind == CONDITION_NAME; i++)
		if (slice_is(node->text, functions[i].name))
			return complain(context->complaint, node->from, "`%s` is a function; write %s", functions[i].name,
			                functions[i].usage);
	if (node->kind == CONDITION_CALL)
		return complain(context->complaint, node->from,
		                "unknown function `%.*s`; expected sum, count, avg, min, max, first, last, distinct, "
		                "span, gap, rising or same_party of a step%s",
		                SLICE_PRINT(node->text),
		                hint(yaml_nearest(node->text, function_name_at, SEQUENCE_QUESTIONS), near));
	return complain(context->complaint, node->from,
	                "`%.*s` alone says nothing here; expected a function of a step, such as sum(in), of %s; "
	                "the transaction's own fields belong into `where`",
	                SLICE_PRINT(node->text), step_names(context->scope->names, names, sizeof(names)));
}

/* Both steps into one group; the members of two groups become one. */
static void join(struct plan_step *steps, uint32_t count, uint32_t a, uint32_t b)
{
	uint8_t from = steps[b].party, to = steps[a].party;
	uint8_t fresh = SEQUENCE_PARTY_FIRST_GROUP;

	/* "This" counterparty stays what it is; of two others the lower number. */
	if (to == SEQUENCE_PARTY_ANY || (from != SEQUENCE_PARTY_ANY && from < to)) {
		uint8_t swap = from;
		from = to;
		to = swap;
	}
	for (uint32_t i = 0; to == SEQUENCE_PARTY_ANY && i < count; i++)
		if (steps[i].party >= fresh)
			fresh = (uint8_t)(steps[i].party + 1);
	if (to == SEQUENCE_PARTY_ANY)
		to = fresh;
	for (uint32_t i = 0; i < count; i++)
		if (i == a || i == b || (from != SEQUENCE_PARTY_ANY && steps[i].party == from))
			steps[i].party = to;
}

/* max(step) <= min(step), the same of two steps' being one, or the other way round. */
static bool wants_equal(const struct condition_node *node)
{
	const struct condition_node *a = node->first, *b = a->next;
	bool mirrored = a->sign == SEQUENCE_MIN;

	if (a->kind != CONDITION_CALL || b->kind != CONDITION_CALL || a->field != b->field ||
	    a->sign + b->sign != SEQUENCE_MIN + SEQUENCE_MAX || (!mirrored && a->sign != SEQUENCE_MAX))
		return false;
	return node->sign == '=' || node->sign == (mirrored ? SIGN_AT_LEAST : SIGN_AT_MOST);
}

/* What the outermost `and`s say of counterparties and of equal amounts narrows the steps. */
static void narrow(const struct condition_node *node, struct plan_step *steps, uint32_t count)
{
	if (node->kind == CONDITION_AND) {
		narrow(node->first, steps, count);
		narrow(node->first->next, steps, count);
	} else if (node->kind == CONDITION_CALL && node->sign == SEQUENCE_SAME_PARTY) {
		join(steps, count, node->field, (uint32_t)node->value);
	} else if (node->kind == CONDITION_COMPARE && wants_equal(node)) {
		steps[node->first->field].equal = true;
	}
}

const struct program *sequence_having_read(struct reader *reader, const struct yaml_node *node,
                                           struct plan_step *steps, uint32_t count)
{
	struct steps names = {steps, count};
	struct condition_scope scope = {
		.functions = functions, .function_count = SEQUENCE_QUESTIONS, .unknown = unknown, .names = &names};
	struct complaint complaint;
	struct condition_context context = {
		.scope = &scope, .arena = &reader->builder->set->arena, .text = node->text,
		.rates = reader->builder->set->rates, .complaint = &complaint,
		.words = &reader->builder->words,
	};
	const struct program *program = NULL;
	struct condition_node *root;

	if (node->type != YAML_TEXT) {
		source_fault(reader->source, node, "`having` must be a condition such as sum(out) >= 90%% of sum(in)");
		return NULL;
	}
	root = condition_parse(&context);
	if (root != NULL && condition_check(&context, root) == 0) {
		root = weaken_condition(reader, node, "having", root);
		if (root == NULL)
			return NULL; /* its only condition is left out */
		program = condition_emit(&context, root);
	}
	if (program == NULL)
		source_complain(reader->source, node, &complaint);
	else
		narrow(root, steps, count);
	return program;
}
