/*
 * A checked tree as a flat program, in postfix order; calls are in condition_emit_call.c. `and` and `or` jump
 * over their right side where the left one decides. Behind the condition stand short runs for the evidence: each
 * value that the condition looked at, once.
 */
#include "pattern/condition_emit.h"

static const struct {
	int8_t pops, pushes;
} effects[OP_COUNT] = {
#define OP(code, pops, pushes, help) [OP_##code] = {pops, pushes},
#include "pattern/ops.def"
#undef OP
};

uint32_t emit_op(struct emitter *e, struct program_op op)
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

void *emit_take(struct emitter *e, size_t bytes)
{
	void *piece = arena_take(e->context->arena, bytes);

	if (piece == NULL)
		die("out of memory: the patterns are larger than their arena");
	return piece;
}

struct slice *emit_texts(struct emitter *e, const struct condition_node *node, uint16_t *count_r)
{
	struct slice *texts;
	uint16_t count = 0;

	for (const struct condition_node *n = node; n != NULL; n = n->next)
		count++;
	texts = emit_take(e, count * sizeof(*texts));
	for (uint16_t i = 0; i < count; i++, node = node->next)
		texts[i] = arena_copy(e->context->arena, node->text);
	*count_r = count;
	return texts;
}

static const uint8_t load_codes[] = {
	[TX_TYPE_TEXT] = OP_TEXT, [TX_TYPE_MONEY] = OP_MONEY, [TX_TYPE_DATE] = OP_DATE, [TX_TYPE_TIME] = OP_TIME,
	[TX_TYPE_WORD] = OP_WORD,
};

void emit_field(struct emitter *e, const struct condition_node *node)
{
	emit_op(e, (struct program_op){.code = load_codes[condition_field_type(node->field)], .field = node->field});
}

/* Texts: a constant becomes a list of one, two fields are compared. */
static void emit_text_compare(struct emitter *e, const struct condition_node *a,
                              const struct condition_node *b, bool differs)
{
	struct program_op op = {.code = OP_TEXT_IN};
	const struct condition_node *swap = a;
	struct condition_node alone;

	if (a->kind == CONDITION_STRING) {
		a = b;
		b = swap;
	}
	facts_mark(e, a);
	emit_field(e, a);
	if (b->kind == CONDITION_STRING) {
		alone = *b;
		alone.next = NULL;
		op.texts = emit_texts(e, &alone, &op.target);
	} else {
		emit_field(e, b);
		op.code = OP_TEXT_SAME;
	}
	emit_op(e, op);
	if (differs)
		emit_op(e, (struct program_op){.code = OP_NOT});
}

static uint8_t compare_code(int sign)
{
	switch (sign) {
	case '=': return OP_EQUAL;
	case SIGN_NOT_EQUAL: return OP_DIFFERENT;
	case '<': return OP_LESS;
	case SIGN_AT_MOST: return OP_AT_MOST;
	case '>': return OP_MORE;
	default: return OP_AT_LEAST;
	}
}

int condition_sign_mirrored(int sign)
{
	switch (sign) {
	case '<': return '>';
	case '>': return '<';
	case SIGN_AT_MOST: return SIGN_AT_LEAST;
	case SIGN_AT_LEAST: return SIGN_AT_MOST;
	default: return sign;
	}
}

/* amount >= 5万 and its like, either way round, as one op. */
static bool test_op(const struct condition_node *a, const struct condition_node *b, int sign,
                    struct program_op *op_r)
{
	if (a->kind == CONDITION_LITERAL && b->kind == CONDITION_FIELD)
		return test_op(b, a, condition_sign_mirrored(sign), op_r);
	if (a->kind != CONDITION_FIELD || b->kind != CONDITION_LITERAL)
		return false;
	*op_r = (struct program_op){
		.code = OP_TEST, .field = a->field, .load = load_codes[condition_field_type(a->field)],
		.compare = compare_code(sign), .value = (int64_t)b->value,
	};
	return true;
}

/* May a TEST load it? It needs `load`, `compare` and `value` for itself. */
static bool brings_alone(uint8_t code)
{
	return code == OP_WINDOW || code == OP_ANSWER || code == OP_WATCHED || code == OP_IDLE || code == OP_EMPTIED ||
	       code == OP_BALANCE_BEFORE || code == OP_AGE;
}

/* count(…) >= 4, distinct(…) > 3 */
static bool asks_for_many(const struct program_op *op)
{
	return op->load == OP_WINDOW && (op->field == FIGURE_COUNT || op->field == FIGURE_DISTINCT) && op->value > 0 &&
	       (op->compare == OP_AT_LEAST || (op->compare == OP_MORE && op->value < INT64_MAX));
}

/* Compares what `op` brings with a constant, in one step. */
static void make_test(struct program_op *op, int sign, int64_t value)
{
	op->load = op->code;
	op->code = OP_TEST;
	op->compare = compare_code(sign);
	op->value = value;
	if (asks_for_many(op)) {
		op->value += op->compare == OP_MORE; /* more than 3.5 begin at 3.500001 */
		op->compare = OP_AT_LEAST;
		op->code = OP_TEST_MANY;
	}
}

static void emit_compare(struct emitter *e, const struct condition_node *node)
{
	const struct condition_node *a = node->first, *b = a->next;
	struct program_op op;
	uint32_t before;

	if (a->type == VALUE_TEXT) {
		emit_text_compare(e, a, b, node->sign == SIGN_NOT_EQUAL);
		return;
	}
	if (test_op(a, b, node->sign, &op)) {
		facts_mark(e, a->kind == CONDITION_FIELD ? a : b);
		emit_op(e, op);
		return;
	}
	before = e->op_count;
	emit_node(e, a);
	if (b->kind == CONDITION_LITERAL && e->op_count == before + 1 && brings_alone(e->ops[before].code)) {
		make_test(&e->ops[before], node->sign, (int64_t)b->value);
		return;
	}
	emit_node(e, b);
	emit_op(e, (struct program_op){.code = compare_code(node->sign)});
}

static const int64_t *ranges_of(struct emitter *e, const struct condition_node *item, uint16_t *count_r)
{
	const struct condition_node *first = item;
	int64_t *ranges, *at;

	for (*count_r = 0; item != NULL; item = item->next)
		++*count_r;
	ranges = at = emit_take(e, 2 * (size_t)*count_r * sizeof(*ranges));
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

	emit_node(e, value);
	if (value->type == VALUE_TEXT)
		op.texts = emit_texts(e, value->next, &op.target);
	else
		op.ranges = ranges_of(e, value->next, &op.target);
	emit_op(e, op);
	if (node->sign == '!')
		emit_op(e, (struct program_op){.code = OP_NOT});
}

/*
 * Where a yes is wanted, an `or` that goes on to its right side has learnt nothing from its left one; where a
 * no is wanted, behind a `not`, that is so of an `and`. The evidence then leaves the left side out.
 */
static void emit_logic(struct emitter *e, const struct condition_node *node)
{
	bool both = node->kind == CONDITION_AND, undecided = both == e->reversed;
	uint32_t begin = e->op_count, jump;

	emit_node(e, node->first);
	jump = emit_op(e, (struct program_op){.code = both ? OP_JUMP_IF_NO : OP_JUMP_IF_YES,
	                                  .undecided = undecided ? (uint16_t)(begin + 1) : 0});
	emit_node(e, node->first->next);
	emit_op(e, (struct program_op){.code = both ? OP_AND : OP_OR});
	e->ops[jump].target = (uint16_t)e->op_count;
}

/* The comparison that is a yes where this is a no; neither is either where a value is absent. 0: there is none. */
static uint8_t compare_opposite(uint8_t code)
{
	switch (code) {
	case OP_EQUAL: return OP_DIFFERENT;
	case OP_DIFFERENT: return OP_EQUAL;
	case OP_LESS: return OP_AT_LEAST;
	case OP_AT_LEAST: return OP_LESS;
	case OP_MORE: return OP_AT_MOST;
	case OP_AT_MOST: return OP_MORE;
	default: return 0;
	}
}

/* A comparison is turned round; it comes last of what it compares. */
static void emit_not(struct emitter *e, const struct condition_node *node)
{
	struct program_op *last;

	e->reversed = !e->reversed;
	emit_node(e, node->first);
	e->reversed = !e->reversed;
	last = &e->ops[e->op_count > 0 ? e->op_count - 1 : 0];
	if (!e->full && last->code == OP_TEST && compare_opposite(last->compare) != 0) {
		last->compare = compare_opposite(last->compare);
		return;
	}
	if (!e->full && compare_opposite(last->code) != 0) {
		last->code = compare_opposite(last->code);
		return;
	}
	emit_op(e, (struct program_op){.code = OP_NOT});
}

/* 10% × sum(credits, 24h), either way round, as one op. */
static bool join_share(struct emitter *e, uint32_t first)
{
	struct program_op *a = &e->ops[first], *b = a + 1;
	bool share = e->op_count == first + 2 && !e->full && a->code == OP_CONSTANT && b->code == OP_WINDOW,
	     mirrored = e->op_count == first + 2 && !e->full && a->code == OP_WINDOW && b->code == OP_CONSTANT;

	if (!share && !mirrored)
		return false;
	if (share) {
		b->value = a->value;
		*a = *b;
		e->fact_of[first] = e->fact_of[first + 1];
	} else {
		a->value = b->value;
	}
	a->code = OP_WINDOW_SHARE;
	e->fact_of[first + 1] = 0;
	e->op_count--;
	e->depth--;
	return true;
}

static void emit_arithmetic(struct emitter *e, const struct condition_node *node)
{
	uint32_t begin = e->op_count;

	uint8_t code = node->sign == '+' ? OP_ADD : node->sign == '-' ? OP_SUBTRACT : node->sign == '*' ? OP_SCALE
	                                                                                                : OP_DIVIDE;

	emit_node(e, node->first);
	emit_node(e, node->first->next);
	if (code != OP_SCALE || !join_share(e, begin))
		emit_op(e, (struct program_op){.code = code});
}

void emit_node(struct emitter *e, const struct condition_node *node)
{
	facts_mark(e, node);
	switch (node->kind) {
	case CONDITION_LITERAL:
		emit_op(e, (struct program_op){.code = OP_CONSTANT, .value = (int64_t)node->value});
		break;
	case CONDITION_FIELD: emit_field(e, node); break;
	case CONDITION_CALL: emit_call(e, node); break;
	case CONDITION_ARITHMETIC: emit_arithmetic(e, node); break;
	case CONDITION_COMPARE: emit_compare(e, node); break;
	case CONDITION_IN: emit_in(e, node); break;
	case CONDITION_AND: case CONDITION_OR: emit_logic(e, node); break;
	case CONDITION_NOT: emit_not(e, node); break;
	case CONDITION_NEGATE:
		emit_node(e, node->first);
		emit_op(e, (struct program_op){.code = OP_NEGATE});
		break;
	case CONDITION_STRING: case CONDITION_NAME: case CONDITION_RANGE: case CONDITION_SET:
		break; /* never alone: the check saw to that */
	}
}

static void emit_facts(struct emitter *e)
{
	for (uint32_t i = 0; i < e->fact_count; i++) {
		e->depth = 0;
		e->facts[i].first = (uint16_t)e->op_count;
		emit_node(e, e->fact_nodes[i]);
		emit_op(e, (struct program_op){.code = OP_END});
	}
}

/* What the op runs from `first` on look at. */
static uint32_t facts_since(const struct emitter *e, uint32_t first)
{
	uint32_t facts = 0;

	for (uint32_t i = first; i < e->op_count; i++)
		if (e->fact_of[i] > 0)
			facts |= UINT32_C(1) << (e->fact_of[i] - 1);
	return facts;
}

/* As the condition is written; of a named one what it stands for, too. */
static struct slice written(struct emitter *e, const struct condition_node *node)
{
	if (node->meaning.length == 0)
		return arena_copy(e->context->arena, (struct slice){node->of + node->from, node->to - node->from});
	return slice_of(arena_print(e->context->arena, "%.*s: %.*s", CONDITION_QUOTED(node), SLICE_PRINT(node->meaning)));
}

/* Each condition of the outermost `and`s once more, as a run of its own. */
static void emit_apart(struct emitter *e, const struct condition_node *node)
{
	uint32_t first = e->op_count;

	if (node->kind == CONDITION_AND) {
		emit_apart(e, node->first);
		emit_apart(e, node->first->next);
		return;
	}
	e->depth = 0;
	emit_node(e, node);
	emit_op(e, (struct program_op){.code = OP_END});
	if (e->apart_count == CONDITION_APART_MAX) {
		e->full = true;
		return;
	}
	e->apart[e->apart_count++] = (struct program_apart){
		.text = written(e, node), .first = (uint16_t)first, .facts = facts_since(e, first)};
}

/* Where there is no room for all of them, there are none. */
static void emit_all_apart(struct emitter *e, const struct condition_node *root)
{
	uint32_t whole = e->op_count;

	if (!e->context->apart || e->full)
		return;
	emit_apart(e, root);
	if (!e->full)
		return;
	e->op_count = whole;
	e->apart_count = 0;
	e->full = false;
}

/* A no that leads to the next JUMP_IF_NO leads on from there at once; the same for a yes. */
static void shorten_jumps(struct emitter *e)
{
	for (uint32_t i = e->op_count; i-- > 0;) {
		struct program_op *op = &e->ops[i];
		if ((op->code == OP_JUMP_IF_NO || op->code == OP_JUMP_IF_YES) && e->ops[op->target].code == op->code)
			op->target = e->ops[op->target].target;
	}
}

static uint8_t earliest_step(const struct program_op *op)
{
	uint8_t earliest = NEED_STEPLESS;

	for (; op->code > OP_REQUIRE; op++) {
		if (op->code != OP_STEP)
			continue;
		earliest = op->field < earliest ? op->field : earliest;
		if (op->load == SEQUENCE_GAP || op->load == SEQUENCE_SAME_PARTY)
			earliest = op->compare < earliest ? op->compare : earliest;
	}
	return earliest;
}

/* The numbers of what the program needs, now that its ops stay where they are. */
static const struct program_need *needs_of(struct emitter *e, const struct program_op *ops)
{
	struct program_need *needs = emit_take(e, (e->need_count + 1) * sizeof(*needs));

	memcpy(needs, e->needs, e->need_count * sizeof(*needs));
	for (uint32_t i = 0; i < e->need_count; i++)
		needs[i].step = earliest_step(ops + needs[i].first);
	for (uint32_t i = 0; i < e->need_count && e->context->needs != NULL; i++) {
		uint32_t first = needs[i].first, to = first;

		while (ops[to].code != OP_END && ops[to].code != OP_REQUIRE)
			to++;
		needs[i].number = (uint16_t)needs_number(e->context->needs, ops, first, to - first);
	}
	return needs;
}

static const struct program *finish(struct emitter *e, const struct condition_node *root)
{
	struct program *program = emit_take(e, sizeof(*program));
	struct program_op *ops = emit_take(e, e->op_count * sizeof(*ops));
	struct program_fact *facts = emit_take(e, (e->fact_count + 1) * sizeof(*facts));
	uint8_t *fact_of = emit_take(e, e->op_count);
	struct program_apart *apart = emit_take(e, (e->apart_count + 1) * sizeof(*apart));

	memcpy(ops, e->ops, e->op_count * sizeof(*ops));
	memcpy(facts, e->facts, e->fact_count * sizeof(*facts));
	memcpy(fact_of, e->fact_of, e->op_count);
	memcpy(apart, e->apart, e->apart_count * sizeof(*apart));
	*program = (struct program){
		.needs = needs_of(e, ops), .need_count = (uint16_t)e->need_count, .ops = ops, .facts = facts,
		.fact_of = fact_of, .op_count = (uint16_t)e->op_count, .fact_count = (uint16_t)e->fact_count, .apart = apart,
		.apart_count = (uint16_t)e->apart_count, .gate = condition_gate(root, true),
	};
	return program;
}

/* Only a yes of all the outermost conditions is a yes, so the first that is none ends it. */
static void emit_whole(struct emitter *e, const struct condition_node *root)
{
	struct condition_outermost all;

	condition_order(root, &all);
	for (uint32_t i = 0; i < all.count; i++) {
		e->needs[e->need_count++] = (struct program_need){
			.first = (uint16_t)e->op_count, .gated = condition_gated(all.nodes[i])};
		emit_node(e, all.nodes[i]);
		emit_op(e, (struct program_op){.code = i + 1 < all.count ? OP_REQUIRE : OP_END});
	}
}

const struct program *condition_emit(struct condition_context *context, const struct condition_node *root)
{
	struct emitter e = {.context = context};

	facts_find(&e, root);
	emit_whole(&e, root);
	emit_facts(&e);
	emit_all_apart(&e, root);
	if (e.questions_full) {
		complain(context->complaint, root->from, "the patterns ask more of accounts' memories than can be numbered; "
		         "at most %d different questions", QUESTIONS_MAX);
		return NULL;
	}
	if (e.full || e.depth_most > PROGRAM_STACK_MAX) {
		complain(context->complaint, root->from, "the condition is too large; split it into several patterns");
		return NULL;
	}
	shorten_jumps(&e);
	return finish(&e, root);
}

const struct program *condition_compile(struct condition_context *context)
{
	struct condition_node *root = condition_parse(context);

	if (root == NULL || condition_check(context, root) == -1)
		return NULL;
	return condition_emit(context, root);
}
