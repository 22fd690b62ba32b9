/*
 * Types. Each node learns what it is; names become fields or words; a bare number becomes an amount where it
 * meets one; arithmetic of constants is done here, so that the program has none.
 *
 *   + -    of two amounts, durations or numbers (a percentage is a number); time ± duration; time − time
 *   * of   a number or percentage by an amount, a duration or a number
 *   /      by a number; or of two amounts or durations, which gives a number
 */
#include <stdio.h>

#include "base/money.h"
#include "pattern/condition.h"

static bool is_numeric(enum value_type type)
{
	return type == VALUE_NUMBER || type == VALUE_PERCENT;
}

static int check_name(struct condition_context *context, struct condition_node *node)
{
	static const enum value_type types[] = {
		[TX_TYPE_TEXT] = VALUE_TEXT, [TX_TYPE_MONEY] = VALUE_MONEY, [TX_TYPE_DATE] = VALUE_TIME,
		[TX_TYPE_TIME] = VALUE_TIME, [TX_TYPE_WORD] = VALUE_WORD,
	};
	uint8_t field = condition_field_find(node->text);
	char near[96];

	if (context->scope != NULL)
		return context->scope->unknown(context, node);
	if (condition_is_set(node->text))
		return condition_check_set(context, node);
	if (field == PROGRAM_FIELD_COUNT) {
		const struct condition_function *function = condition_function_find(node->text);
		if (function != NULL)
			return complain(context->complaint, node->from, "`%s` is a function; write %s", function->name,
			                function->usage);
		return complain(context->complaint, node->from,
		                "unknown field `%.*s`; expected a field of the transaction%s",
		                SLICE_PRINT(node->text), condition_nearest_name(node->text, near));
	}
	node->kind = CONDITION_FIELD;
	node->field = field;
	node->type = types[condition_field_type(field)];
	return 0;
}

static const struct condition_function *function_of(const struct condition_context *context, struct slice name)
{
	if (context->scope == NULL)
		return condition_function_find(name);
	for (int i = 0; i < context->scope->function_count; i++)
		if (slice_is(name, context->scope->functions[i].name))
			return &context->scope->functions[i];
	return NULL;
}

static int check_call(struct condition_context *context, struct condition_node *node)
{
	struct condition_node *argument = node->first;
	unsigned i = 0;
	char near[96];

	node->function = function_of(context, node->text);
	if (node->function == NULL && context->scope != NULL)
		return context->scope->unknown(context, node);
	if (node->function == NULL)
		return complain(context->complaint, node->from, "unknown function `%.*s`%s", SLICE_PRINT(node->text),
		                condition_nearest_name(node->text, near));
	node->type = node->function->result;
	if (node->function->check != NULL)
		return node->function->check(context, node);
	for (; argument != NULL && i < node->function->parameter_count; argument = argument->next, i++) {
		if (condition_check_node(context, argument) == -1)
			return -1;
		if (argument->type != node->function->parameters[i])
			return complain(context->complaint, argument->from, "`%.*s` is %s; expected %s: %s",
			                CONDITION_QUOTED(argument), condition_type_words(argument->type),
			                condition_type_words(node->function->parameters[i]), node->function->usage);
		if (argument->kind == CONDITION_STRING)
			return complain(context->complaint, argument->from, "a text written out; expected a field: %s",
			                node->function->usage);
	}
	if (argument != NULL || i < node->function->parameter_count)
		return complain(context->complaint, node->from, "the wrong number of arguments; expected %s",
		                node->function->usage);
	return 0;
}

/* Turns a node into the constant `value`. */
static int become_literal(struct condition_context *context, struct condition_node *node, __int128 value,
                          bool bare)
{
	if (value > INT64_MAX || value <= INT64_MIN) {
		/* A bare number may still be an amount, whose unit is 10,000 times as large. */
		if (!bare || value / 10000 > INT64_MAX || value / 10000 < -INT64_MAX)
			return complain(context->complaint, node->from, "too large a number");
	}
	node->kind = CONDITION_LITERAL;
	node->value = value;
	node->bare = bare;
	node->first = NULL;
	return 0;
}

static int check_negate(struct condition_context *context, struct condition_node *node)
{
	struct condition_node *of = node->first;

	if (condition_check_node(context, of) == -1)
		return -1;
	if (!is_numeric(of->type) && of->type != VALUE_MONEY && of->type != VALUE_DURATION)
		return complain(context->complaint, node->from, "`-` goes before a number, an amount or a duration, not %s",
		                condition_type_words(of->type));
	node->type = of->type;
	return of->kind == CONDITION_LITERAL ? become_literal(context, node, -of->value, of->bare) : 0;
}

/* Where a bare number meets an amount it is one. */
static int agree(struct condition_context *context, struct condition_node *a, struct condition_node *b)
{
	if (a->type == VALUE_MONEY && b->kind == CONDITION_LITERAL && b->bare)
		return condition_literal_money(context, b);
	if (b->type == VALUE_MONEY && a->kind == CONDITION_LITERAL && a->bare)
		return condition_literal_money(context, a);
	return 0;
}

/* The type of a + b, a − b; false where there is none. */
static bool type_of_sum(const struct condition_node *a, const struct condition_node *b, int sign,
                        enum value_type *type_r)
{
	*type_r = a->type;
	if (is_numeric(a->type) && is_numeric(b->type)) {
		*type_r = a->type == VALUE_PERCENT && b->type == VALUE_PERCENT ? VALUE_PERCENT : VALUE_NUMBER;
		return true;
	}
	if (a->type == VALUE_TIME && b->type == VALUE_TIME && sign == '-') {
		*type_r = VALUE_DURATION;
		return true;
	}
	if (a->type == VALUE_DURATION && b->type == VALUE_TIME && sign == '+') {
		*type_r = VALUE_TIME;
		return true;
	}
	return (a->type == b->type && (a->type == VALUE_MONEY || a->type == VALUE_DURATION)) ||
	       (a->type == VALUE_TIME && b->type == VALUE_DURATION);
}

static bool is_scalable(enum value_type type)
{
	return is_numeric(type) || type == VALUE_MONEY || type == VALUE_DURATION;
}

static bool type_of_product(const struct condition_node *a, const struct condition_node *b, int sign,
                            enum value_type *type_r)
{
	if (is_numeric(b->type) && is_scalable(a->type)) {
		*type_r = is_numeric(a->type) ? VALUE_NUMBER : a->type;
		return true;
	}
	if (sign == '*' && is_numeric(a->type) && is_scalable(b->type)) {
		*type_r = b->type;
		return true;
	}
	*type_r = VALUE_NUMBER;
	return sign == '/' && a->type == b->type && (a->type == VALUE_MONEY || a->type == VALUE_DURATION);
}

static int fold_constants(struct condition_context *context, struct condition_node *node,
                          const struct condition_node *a, const struct condition_node *b)
{
	bool bare = node->type == VALUE_NUMBER; /* 2 * 5万 is still an amount where one is wanted */

	switch (node->sign) {
	case '+': return become_literal(context, node, a->value + b->value, bare);
	case '-': return become_literal(context, node, a->value - b->value, bare);
	case '*':
		if (a->value > INT64_MAX || a->value < -INT64_MAX || b->value > INT64_MAX || b->value < -INT64_MAX)
			return complain(context->complaint, node->from, "too large a number");
		return become_literal(context, node, a->value * b->value / VALUE_MICROS, bare);
	default:
		if (b->value == 0)
			return complain(context->complaint, node->from, "a division by zero");
		if (a->value > (__int128)INT64_MAX * VALUE_MICROS)
			return complain(context->complaint, node->from, "too large a number");
		return become_literal(context, node, a->value * VALUE_MICROS / b->value, bare);
	}
}

static int check_arithmetic(struct condition_context *context, struct condition_node *node)
{
	struct condition_node *a = node->first, *b = a->next;
	bool sum = node->sign == '+' || node->sign == '-', fine;

	if (condition_check_node(context, a) == -1 || condition_check_node(context, b) == -1)
		return -1;
	if (sum && agree(context, a, b) == -1)
		return -1;
	fine = sum ? type_of_sum(a, b, node->sign, &node->type) : type_of_product(a, b, node->sign, &node->type);
	if (!fine)
		return complain(context->complaint, node->from, "`%.*s` is %s and `%.*s` is %s; `%c` does not join them",
		                CONDITION_QUOTED(a), condition_type_words(a->type), CONDITION_QUOTED(b),
		                condition_type_words(b->type), node->sign);
	if (a->kind == CONDITION_LITERAL && b->kind == CONDITION_LITERAL)
		return fold_constants(context, node, a, b);
	return 0;
}

/* A name or text beside a word field is one of its words. */
int condition_check_word(struct condition_context *context, struct condition_node *node, uint8_t field)
{
	struct slice word = node->text;
	int value = field == TX_CURRENCY_FIELD ? money_currency_find(word) : (int)tx_word_find(field, word) - 1;
	char near[96], list[160];

	if (value < 0)
		return complain(context->complaint, node->from, "`%.*s` is no %s; expected %s%s", SLICE_PRINT(word),
		                tx_fields[field].name, condition_word_list(field, list, sizeof(list)),
		                condition_nearest_word(field, word, near));
	node->kind = CONDITION_LITERAL;
	node->type = VALUE_WORD;
	node->field = field;
	node->value = field == TX_CURRENCY_FIELD ? value : value + 1;
	return 0;
}

/* Country codes may stand without quotes: CN. */
static bool become_country(const struct condition_node *beside, struct condition_node *node)
{
	if (beside->kind != CONDITION_FIELD || beside->field != TX_PARTY_COUNTRY_FIELD ||
	    node->kind != CONDITION_NAME)
		return false;
	if (node->text.length != 2 || strspn(node->text.at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") < 2)
		return false;
	node->kind = CONDITION_STRING;
	return true;
}

static bool is_word_field(const struct condition_node *node)
{
	return node->kind == CONDITION_FIELD && node->type == VALUE_WORD;
}

static bool may_be_word(const struct condition_node *node)
{
	return node->kind == CONDITION_NAME || node->kind == CONDITION_STRING;
}

static bool is_unknown(const struct condition_node *node)
{
	return node->kind == CONDITION_NAME && condition_field_find(node->text) == PROGRAM_FIELD_COUNT;
}

/* Both sides of a comparison; either may say what the other is. */
static int check_sides(struct condition_context *context, struct condition_node *a, struct condition_node *b)
{
	if (is_unknown(a) && b->kind == CONDITION_NAME && !is_unknown(b)) {
		struct condition_node *swap = a;
		a = b;
		b = swap;
	}
	if (condition_check_node(context, a) == -1)
		return -1;
	if (is_word_field(a) && may_be_word(b))
		return condition_check_word(context, b, a->field);
	if (become_country(a, b))
		b->type = VALUE_TEXT;
	if (condition_check_node(context, b) == -1)
		return -1;
	if (is_word_field(b) && may_be_word(a))
		return condition_check_word(context, a, b->field);
	return agree(context, a, b);
}

static bool comparable(const struct condition_node *a, const struct condition_node *b)
{
	if (a->type == VALUE_WORD || b->type == VALUE_WORD)
		return a->type == b->type && a->field == b->field;
	return a->type == b->type || (is_numeric(a->type) && is_numeric(b->type));
}

static bool is_constant(const struct condition_node *node)
{
	return node->kind == CONDITION_LITERAL || node->kind == CONDITION_STRING;
}

static bool is_empty(const struct condition_node *node)
{
	return node->kind == CONDITION_STRING && node->text.length == 0;
}

static int check_compare(struct condition_context *context, struct condition_node *node)
{
	struct condition_node *a = node->first, *b = a->next;
	bool order = node->sign != '=' && node->sign != SIGN_NOT_EQUAL;

	node->type = VALUE_BOOL;
	if (check_sides(context, a, b) == -1)
		return -1;
	if (!comparable(a, b))
		return complain(context->complaint, b->from, "`%.*s` is %s and `%.*s` is %s; they cannot be compared",
		                CONDITION_QUOTED(a), condition_type_words(a->type), CONDITION_QUOTED(b),
		                condition_type_words(b->type));
	if (a->type == VALUE_SET)
		return complain(context->complaint, a->from,
		                "`%.*s` is %s; expected a figure of it such as count(debits, 24h)",
		                CONDITION_QUOTED(a), condition_type_words(a->type));
	if (order && (a->type == VALUE_WORD || a->type == VALUE_TEXT || a->type == VALUE_BOOL))
		return complain(context->complaint, a->from, "`%.*s` is %s, which has no order; expected = or !=",
		                CONDITION_QUOTED(a), condition_type_words(a->type));
	if (is_constant(a) && is_constant(b))
		return complain(context->complaint, a->from, "compares two constants; expected a field on one side");
	if (is_empty(a) || is_empty(b))
		return complain(context->complaint, is_empty(a) ? a->from : b->from,
		                "nothing equals an empty text; to ask whether a field is there write present(field)");
	return 0;
}

static int check_item(struct condition_context *context, struct condition_node *value,
                      struct condition_node *item)
{
	if (item->kind == CONDITION_RANGE) {
		struct condition_node *to = item->first->next;
		if (check_item(context, value, item->first) == -1 || check_item(context, value, to) == -1)
			return -1;
		if (value->type == VALUE_TEXT || value->type == VALUE_WORD)
			return complain(context->complaint, item->from, "%s has no ranges", condition_type_words(value->type));
		if (item->first->value > to->value)
			return complain(context->complaint, item->from,
			                "a range that goes backwards; write the smaller end first, "
			                "or two ranges (22..23, 0..5)");
		return 0;
	}
	if (check_sides(context, value, item) == -1)
		return -1;
	if (!comparable(value, item))
		return complain(context->complaint, item->from, "`%.*s` is %s and `%.*s` is %s; they cannot be compared",
		                CONDITION_QUOTED(value), condition_type_words(value->type),
		                CONDITION_QUOTED(item), condition_type_words(item->type));
	if (!is_constant(item) || is_empty(item))
		return complain(context->complaint, item->from, "a list holds constants only, and no empty text");
	return 0;
}

static int check_in(struct condition_context *context, struct condition_node *node)
{
	struct condition_node *value = node->first;

	node->type = VALUE_BOOL;
	if (condition_check_node(context, value) == -1)
		return -1;
	if (is_constant(value))
		return complain(context->complaint, value->from, "a constant; expected a field before `in`");
	if (value->type == VALUE_BOOL || value->type == VALUE_SET)
		return complain(context->complaint, value->from, "`%.*s` is %s, which is in no list",
		                CONDITION_QUOTED(value), condition_type_words(value->type));
	for (struct condition_node *item = value->next; item != NULL; item = item->next)
		if (check_item(context, value, item) == -1)
			return -1;
	return 0;
}

static int check_logic(struct condition_context *context, struct condition_node *node)
{
	node->type = VALUE_BOOL;
	for (struct condition_node *side = node->first; side != NULL; side = side->next) {
		if (condition_check_node(context, side) == -1)
			return -1;
		if (side->type != VALUE_BOOL)
			return complain(context->complaint, side->from, "`%.*s` is %s; expected a comparison or another question",
			                CONDITION_QUOTED(side), condition_type_words(side->type));
	}
	return 0;
}

int condition_check_node(struct condition_context *context, struct condition_node *node)
{
	switch (node->kind) {
	case CONDITION_NAME: return check_name(context, node);
	case CONDITION_SET: return condition_check_set(context, node);
	case CONDITION_CALL: return check_call(context, node);
	case CONDITION_NEGATE: return check_negate(context, node);
	case CONDITION_ARITHMETIC: return check_arithmetic(context, node);
	case CONDITION_COMPARE: return check_compare(context, node);
	case CONDITION_IN: return check_in(context, node);
	case CONDITION_NOT: case CONDITION_AND: case CONDITION_OR: return check_logic(context, node);
	case CONDITION_STRING: node->type = VALUE_TEXT; return 0;
	default: return 0; /* a LITERAL has its type, a FIELD was checked, a RANGE belongs to its IN */
	}
}

/* A number that stayed a number must fit one. */
static int check_size(struct condition_context *context, const struct condition_node *node)
{
	if (node->kind == CONDITION_LITERAL && (node->value > INT64_MAX || node->value <= INT64_MIN))
		return complain(context->complaint, node->from, "too large a number");
	for (const struct condition_node *child = node->first; child != NULL; child = child->next)
		if (check_size(context, child) == -1)
			return -1;
	return 0;
}

int condition_check(struct condition_context *context, struct condition_node *root)
{
	if (condition_check_node(context, root) == -1)
		return -1;
	if (root->type != VALUE_BOOL)
		return complain(context->complaint, root->from,
		                "the condition is %s; expected a comparison such as amount >= 5万",
		                condition_type_words(root->type));
	return check_size(context, root);
}
