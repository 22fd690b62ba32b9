/*
 * A checked tree as a flat program, in postfix order. `and` and `or` jump over their right side where the left one
 * decides. Behind the condition stand short runs for the evidence: each value that the condition looked at, once.
 */
#include <stdio.h>

#include "pattern/condition.h"

struct emitter {
	struct condition_context *context;
	struct program_op ops[PROGRAM_OPS_MAX];
	struct program_fact facts[PROGRAM_FACTS_MAX];
	const struct condition_node *fact_nodes[PROGRAM_FACTS_MAX];
	uint32_t op_count, fact_count;
	int depth, depth_most; /* numbers on the stack */
	bool full;
};

static const struct {
	int8_t pops, pushes;
} effects[OP_COUNT] = {
#define OP(code, pops, pushes, help) [OP_##code] = {pops, pushes},
#include "pattern/ops.def"
#undef OP
};

static uint32_t put(struct emitter *e, struct program_op op)
{
	e->depth += effects[op.code].pushes - effects[op.code].pops;
	if (e->depth > e->depth_most)
		e->depth_most = e->depth;
	if (e->op_count == PROGRAM_OPS_MAX) {
		e->full = true;
		return 0;
	}
	e->ops[e->op_count] = op;
	return e->op_count++;
}

static void emit(struct emitter *e, const struct condition_node *node);

static void *take(struct emitter *e, size_t bytes)
{
	void *piece = arena_take(e->context->arena, bytes);

	if (piece == NULL)
		die("out of memory: the patterns are larger than their arena");
	return piece;
}

/* The texts of siblings from `node` on. */
static struct slice *texts_of(struct emitter *e, const struct condition_node *node, uint16_t *count_r)
{
	struct slice *texts;
	uint16_t count = 0;

	for (const struct condition_node *n = node; n != NULL; n = n->next)
		count++;
	texts = take(e, count * sizeof(*texts));
	for (uint16_t i = 0; i < count; i++, node = node->next)
		texts[i] = arena_copy(e->context->arena, node->text);
	*count_r = count;
	return texts;
}

static void emit_field(struct emitter *e, const struct condition_node *node)
{
	static const uint8_t codes[] = {
		[TX_TYPE_TEXT] = OP_TEXT, [TX_TYPE_MONEY] = OP_MONEY, [TX_TYPE_DATE] = OP_DATE,
		[TX_TYPE_TIME] = OP_TIME, [TX_TYPE_WORD] = OP_WORD,
	};

	put(e, (struct program_op){.code = codes[tx_fields[node->field].type], .field = node->field});
}

static void emit_call(struct emitter *e, const struct condition_node *node)
{
	const struct condition_node *first = node->first;
	struct program_op op = {.code = node->function->code};

	switch (node->function->code) {
	case OP_SUBTRACT: /* age: the booking less the other time */
		put(e, (struct program_op){.code = OP_TIME, .field = TX_BOOKED_AT_FIELD});
		emit_field(e, first);
		break;
	case OP_PRESENT:
		op.field = first->field;
		break;
	case OP_CONTAINS: case OP_STARTS_WITH: case OP_ENDS_WITH:
		emit_field(e, first);
		op.texts = texts_of(e, first->next, &op.target);
		break;
	default:
		for (const struct condition_node *argument = first; argument != NULL; argument = argument->next)
			emit(e, argument);
	}
	put(e, op);
}

/* Texts: a constant becomes a list of one, two fields are compared. */
static void emit_text_compare(struct emitter *e, const struct condition_node *a, const struct condition_node *b,
                              bool differs)
{
	struct program_op op = {.code = OP_TEXT_IN};
	const struct condition_node *swap = a;
	struct condition_node alone;

	if (a->kind == CONDITION_STRING) {
		a = b;
		b = swap;
	}
	emit_field(e, a);
	if (b->kind == CONDITION_STRING) {
		alone = *b;
		alone.next = NULL;
		op.texts = texts_of(e, &alone, &op.target);
	} else {
		emit_field(e, b);
		op.code = OP_TEXT_SAME;
	}
	put(e, op);
	if (differs)
		put(e, (struct program_op){.code = OP_NOT});
}

static void emit_compare(struct emitter *e, const struct condition_node *node)
{
	const struct condition_node *a = node->first, *b = a->next;
	uint8_t code = node->sign == '=' ? OP_EQUAL : node->sign == SIGN_NOT_EQUAL ? OP_DIFFERENT
	             : node->sign == '<' ? OP_LESS : node->sign == SIGN_AT_MOST ? OP_AT_MOST
	             : node->sign == '>' ? OP_MORE : OP_AT_LEAST;

	if (a->type == VALUE_TEXT) {
		emit_text_compare(e, a, b, code == OP_DIFFERENT);
		return;
	}
	emit(e, a);
	emit(e, b);
	put(e, (struct program_op){.code = code});
}

static const int64_t *ranges_of(struct emitter *e, const struct condition_node *item, uint16_t *count_r)
{
	const struct condition_node *first = item;
	int64_t *ranges, *at;

	for (*count_r = 0; item != NULL; item = item->next)
		++*count_r;
	ranges = at = take(e, 2 * (size_t)*count_r * sizeof(*ranges));
	for (item = first; item != NULL; item = item->next) {
		const struct condition_node *from = item->kind == CONDITION_RANGE ? item->first : item;
		*at++ = (int64_t)from->value;
		*at++ = (int64_t)(item->kind == CONDITION_RANGE ? from->next : item)->value;
	}
	return ranges;
}

static void emit_in(struct emitter *e, const struct condition_node *node)
{
	const struct condition_node *value = node->first;
	struct program_op op = {.code = value->type == VALUE_TEXT ? OP_TEXT_IN : OP_IN};

	emit(e, value);
	if (value->type == VALUE_TEXT)
		op.texts = texts_of(e, value->next, &op.target);
	else
		op.ranges = ranges_of(e, value->next, &op.target);
	put(e, op);
	if (node->sign == '!')
		put(e, (struct program_op){.code = OP_NOT});
}

static void emit_logic(struct emitter *e, const struct condition_node *node)
{
	bool both = node->kind == CONDITION_AND;
	uint32_t jump;

	emit(e, node->first);
	jump = put(e, (struct program_op){.code = both ? OP_JUMP_IF_NO : OP_JUMP_IF_YES});
	emit(e, node->first->next);
	put(e, (struct program_op){.code = both ? OP_AND : OP_OR});
	e->ops[jump].target = (uint16_t)e->op_count;
}

static void emit_arithmetic(struct emitter *e, const struct condition_node *node)
{
	uint8_t code = node->sign == '+' ? OP_ADD : node->sign == '-' ? OP_SUBTRACT : node->sign == '*' ? OP_SCALE
	                                                                                                : OP_DIVIDE;

	emit(e, node->first);
	emit(e, node->first->next);
	put(e, (struct program_op){.code = code});
}

static void emit(struct emitter *e, const struct condition_node *node)
{
	switch (node->kind) {
	case CONDITION_LITERAL:
		put(e, (struct program_op){.code = OP_CONSTANT, .value = (int64_t)node->value});
		break;
	case CONDITION_FIELD: emit_field(e, node); break;
	case CONDITION_CALL: emit_call(e, node); break;
	case CONDITION_ARITHMETIC: emit_arithmetic(e, node); break;
	case CONDITION_COMPARE: emit_compare(e, node); break;
	case CONDITION_IN: emit_in(e, node); break;
	case CONDITION_AND: case CONDITION_OR: emit_logic(e, node); break;
	case CONDITION_NEGATE: case CONDITION_NOT:
		emit(e, node->first);
		put(e, (struct program_op){.code = node->kind == CONDITION_NOT ? OP_NOT : OP_NEGATE});
		break;
	case CONDITION_STRING: case CONDITION_NAME: case CONDITION_RANGE:
		break; /* never alone: the check saw to that */
	}
}

/* "age_account", "hour", "counterparty.kind". */
static struct slice fact_name(struct emitter *e, const struct condition_node *node)
{
	const char *name = node->kind == CONDITION_FIELD ? tx_fields[node->field].name : node->function->name;
	const struct condition_node *of = node->kind == CONDITION_CALL ? node->first : NULL;
	char *text;

	if (of == NULL || of->kind != CONDITION_FIELD || of->field == TX_BOOKED_AT_FIELD)
		return slice_of(name);
	text = arena_print(e->context->arena, "%s_%s", name,
	                   of->field == TX_OPENED_ON_FIELD   ? "account"
	                   : of->field == TX_CREDENTIAL_FIELD ? "credential"
	                                                      : tx_fields[of->field].name);
	return slice_of(text);
}

/* Places and countries tell an analyst something; names, accounts and addresses are shown elsewhere, masked. */
static bool is_fact(const struct condition_node *node)
{
	if (node->kind == CONDITION_CALL)
		return node->function->fact;
	return node->kind == CONDITION_FIELD &&
	       (node->type != VALUE_TEXT || node->field == TX_PLACE_FIELD || node->field == TX_PARTY_COUNTRY_FIELD);
}

static void collect_facts(struct emitter *e, const struct condition_node *node)
{
	struct slice name;

	if (!is_fact(node)) {
		bool whole = node->kind == CONDITION_CALL && node->function->code == OP_PRESENT;
		for (const struct condition_node *child = node->first; child != NULL && !whole; child = child->next)
			collect_facts(e, child);
		return;
	}
	name = fact_name(e, node);
	for (uint32_t i = 0; i < e->fact_count; i++)
		if (slice_equal(e->facts[i].name, name))
			return;
	if (e->fact_count == PROGRAM_FACTS_MAX)
		return; /* the evidence names the first ones */
	e->fact_nodes[e->fact_count] = node;
	e->facts[e->fact_count++] = (struct program_fact){.name = name, .type = node->type, .field = node->field};
}

static void emit_facts(struct emitter *e)
{
	for (uint32_t i = 0; i < e->fact_count; i++) {
		e->depth = 0;
		e->facts[i].first = (uint16_t)e->op_count;
		emit(e, e->fact_nodes[i]);
		put(e, (struct program_op){.code = OP_END});
	}
}

static const struct program *finish(struct emitter *e)
{
	struct program *program = take(e, sizeof(*program));
	struct program_op *ops = take(e, e->op_count * sizeof(*ops));
	struct program_fact *facts = take(e, (e->fact_count + 1) * sizeof(*facts));

	memcpy(ops, e->ops, e->op_count * sizeof(*ops));
	memcpy(facts, e->facts, e->fact_count * sizeof(*facts));
	*program = (struct program){ops, facts, (uint16_t)e->op_count, (uint16_t)e->fact_count};
	return program;
}

const struct program *condition_emit(struct condition_context *context, const struct condition_node *root)
{
	struct emitter e = {.context = context};

	emit(&e, root);
	put(&e, (struct program_op){.code = OP_END});
	collect_facts(&e, root);
	emit_facts(&e);
	if (e.full || e.depth_most > PROGRAM_STACK_MAX) {
		complain(context->complaint, root->from, "the condition is too large; split it into several patterns");
		return NULL;
	}
	return finish(&e);
}

const struct program *condition_compile(struct condition_context *context)
{
	struct condition_node *root = condition_parse(context);

	if (root == NULL || condition_check(context, root) == -1)
		return NULL;
	return condition_emit(context, root);
}
