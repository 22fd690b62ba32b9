/*
 * Recursive descent, a function a rule of condition.h's grammar. A comparison of three (`5万 <= amount <
 * 20万`) is two comparisons joined by `and` that share their middle.
 */
#include "pattern/condition.h"

struct parser {
	struct condition_context *context;
	struct condition_token token; /* the one at hand */
	uint32_t at; /* behind it */
	int depth;
};

static struct condition_node *parse_or(struct parser *p);
static struct condition_node *parse_sum(struct parser *p);
static struct condition_node *parse_one(struct parser *p);

struct condition_node *condition_node_new(struct condition_context *context, enum condition_kind kind,
                                          uint32_t from, uint32_t to)
{
	struct condition_node *node = arena_take(context->arena, sizeof(*node));

	if (node == NULL)
		die("out of memory: the patterns are larger than their arena");
	*node = (struct condition_node){.kind = kind, .of = context->text.at, .from = from, .to = to};
	context->node_count++;
	return node;
}

static int advance(struct parser *p)
{
	if (p->context->node_count > CONDITION_NODES_MAX)
		return complain(p->context->complaint, p->token.from, "the condition is too long; at most %d terms",
		                CONDITION_NODES_MAX);
	return condition_lex(p->context->text, &p->at, &p->token, p->context->complaint);
}

static bool at_sign(const struct parser *p, int sign)
{
	return p->token.kind == TOKEN_SIGN && p->token.sign == sign;
}

static bool at_word(const struct parser *p, const char *word)
{
	return p->token.kind == TOKEN_NAME && slice_is(p->token.text, word);
}

static bool is_keyword(struct slice name)
{
	return slice_is(name, "and") || slice_is(name, "or") || slice_is(name, "not") || slice_is(name, "in") ||
	       slice_is(name, "of") || slice_is(name, "where");
}

/* "found `x`; expected …", at the token at hand. */
static struct condition_node *expected(struct parser *p, const char *what)
{
	struct slice text = p->context->text;

	if (p->token.kind == TOKEN_END)
		complain(p->context->complaint, p->token.from, "the condition ends here; expected %s", what);
	else
		complain(p->context->complaint, p->token.from, "found `%.*s`; expected %s",
		         (int)(p->token.to - p->token.from), text.at + p->token.from, what);
	return NULL;
}

static struct condition_node *join(struct parser *p, enum condition_kind kind, int sign,
                                   struct condition_node *left, struct condition_node *right)
{
	struct condition_node *node;

	if (left == NULL || right == NULL)
		return NULL;
	node = condition_node_new(p->context, kind, left->from, right->to);
	node->sign = sign;
	node->first = left;
	left->next = right;
	return node;
}

static struct condition_node *parse_number(struct parser *p)
{
	struct condition_node *node = condition_node_new(p->context, CONDITION_LITERAL, p->token.from, p->token.to);

	if (condition_literal(p->context, node, p->token.text) == -1 || advance(p) == -1)
		return NULL;
	/* `50 USD`, `2 hours`: a word behind a number can only be its unit. */
	if (p->token.kind == TOKEN_NAME && !is_keyword(p->token.text)) {
		if (condition_literal_unit(p->context, node, p->token.text, p->token.from) == -1)
			return NULL;
		node->to = p->token.to;
		return advance(p) == 0 ? node : NULL;
	}
	return node;
}

/* `where counterparty.kind = person and amount >= 1万` behind the name of a set. */
static struct condition_node *parse_filter(struct parser *p, struct condition_node *set)
{
	struct condition_node **end = &set->first;

	set->kind = CONDITION_SET;
	do {
		if (advance(p) == -1)
			return NULL;
		*end = parse_one(p);
		if (*end == NULL)
			return NULL;
		set->to = (*end)->to;
		end = &(*end)->next;
	} while (at_word(p, "and"));
	return at_word(p, "or") ? expected(p, "`and` or `,`: only `and` joins the conditions of a set") : set;
}

/* Only signs() takes conditions. */
static bool takes_conditions(const struct condition_node *call)
{
	return slice_is(call->text, "signs");
}

static struct condition_node *parse_argument(struct parser *p, const struct condition_node *call)
{
	struct condition_node *node = takes_conditions(call) ? parse_or(p) : parse_sum(p);

	return node != NULL && node->kind == CONDITION_NAME && at_word(p, "where") ? parse_filter(p, node) : node;
}

static int refuse_list(struct parser *p, const char *why)
{
	return complain(p->context->complaint, p->token.from, "the list `%.*s` %s", SLICE_PRINT(p->token.text), why);
}

/* The words of the list `entry`, and of those it names, as texts behind `*end`. */
static int append_words(struct parser *p, struct slice entry, struct condition_node ***end, int depth)
{
	char why[GLOSSARY_WHY_BYTES];
	struct glossary_entry *list = glossary_use(p->context->words, entry, why);

	if (list == NULL)
		return complain(p->context->complaint, p->token.from, "%s", why);
	if (depth > GLOSSARY_DEPTH)
		return refuse_list(p, "has lists within lists, too deep; is one within itself?");
	for (const struct yaml_node *word = list->node->first; word != NULL; word = word->next) {
		if (word->type == YAML_TEXT && glossary_is_name(word->text)) {
			if (append_words(p, word->text, end, depth + 1) == -1)
				return -1;
			continue;
		}
		if (word->type != YAML_TEXT || word->text.length == 0 || word->text.at[0] == '/')
			return refuse_list(p, "holds more than words; an expression can only be looked for by a `text`");
		if (++p->context->word_count > CONDITION_WORDS_MAX)
			return refuse_list(p, "is too long for a condition");
		**end = condition_node_new(p->context, CONDITION_STRING, p->token.from, p->token.to);
		(**end)->text = arena_copy(p->context->arena, word->text);
		*end = &(**end)->next;
		p->context->node_count--; /* a list is one term, by its name */
	}
	return 0;
}

/* One argument behind `*end`; a list is as many as it has words. -1 with a complaint. */
static int append_argument(struct parser *p, const struct condition_node *call, struct condition_node ***end)
{
	if (p->token.kind == TOKEN_LIST && !takes_conditions(call))
		return append_words(p, p->token.text, end, 1) == -1 ? -1 : advance(p);
	**end = parse_argument(p, call);
	if (**end == NULL)
		return -1;
	*end = &(**end)->next;
	return 0;
}

static struct condition_node *parse_arguments(struct parser *p, struct condition_node *call)
{
	struct condition_node **end = call->first != NULL ? &call->first->next : &call->first;
	bool more = false;

	call->kind = CONDITION_CALL;
	if (advance(p) == -1)
		return NULL;
	for (; !at_sign(p, ')'); more = true) {
		if (more) {
			if (!at_sign(p, ','))
				return expected(p, "`,` or `)`");
			if (advance(p) == -1)
				return NULL;
		}
		if (append_argument(p, call, &end) == -1)
			return NULL;
	}
	call->to = p->token.to;
	return advance(p) == 0 ? call : NULL;
}

/* `credits.count(30d)` is count(credits, 30d). */
static void split_method(struct parser *p, struct condition_node *call)
{
	const char *dot = memchr(call->text.at, '.', call->text.length);
	struct slice set = {call->text.at, dot != NULL ? (uint32_t)(dot - call->text.at) : 0};

	if (!condition_is_set(set))
		return;
	call->first = condition_node_new(p->context, CONDITION_NAME, call->from, call->from + set.length);
	call->first->text = set;
	call->text = (struct slice){dot + 1, call->text.length - set.length - 1};
	call->from += set.length + 1;
}

static struct condition_node *parse_name(struct parser *p)
{
	struct condition_node *node;

	/* A step may be called `in`: where a value is due, it is no operator. */
	if (is_keyword(p->token.text) && !(p->context->scope != NULL && at_word(p, "in")))
		return expected(p, "a field, a function, a number or a text");
	node = condition_node_new(p->context, CONDITION_NAME, p->token.from, p->token.to);
	node->text = p->token.text;
	if (advance(p) == -1)
		return NULL;
	if (!at_sign(p, '('))
		return node;
	split_method(p, node);
	return parse_arguments(p, node);
}

static struct condition_node *parse_parentheses(struct parser *p)
{
	uint32_t from = p->token.from;
	struct condition_node *node;

	if (advance(p) == -1)
		return NULL;
	node = parse_or(p);
	if (node == NULL)
		return NULL;
	if (!at_sign(p, ')'))
		return expected(p, "`)`");
	node->from = from;
	node->to = p->token.to;
	return advance(p) == 0 ? node : NULL;
}

static struct condition_node *parse_negation(struct parser *p)
{
	struct condition_node *node = condition_node_new(p->context, CONDITION_NEGATE, p->token.from, p->token.to);

	if (++p->depth > CONDITION_DEPTH_MAX)
		return expected(p, "less nesting");
	if (advance(p) == -1)
		return NULL;
	if (at_sign(p, '-')) {
		node->first = parse_negation(p);
	} else if (p->token.kind == TOKEN_NUMBER) {
		node->first = parse_number(p);
	} else if (p->token.kind == TOKEN_NAME) {
		node->first = parse_name(p);
	} else if (at_sign(p, '(')) {
		node->first = parse_parentheses(p);
	} else {
		return expected(p, "a number or a field behind `-`");
	}
	p->depth--;
	if (node->first == NULL)
		return NULL;
	node->to = node->first->to;
	return node;
}

static struct condition_node *parse_string(struct parser *p)
{
	struct condition_node *node = condition_node_new(p->context, CONDITION_STRING, p->token.from, p->token.to);

	node->text = p->token.text;
	return advance(p) == 0 ? node : NULL;
}

/* What `entry` stands for, by itself. What is wrong in it is said once, at its own place; then NULL. */
static struct condition_node *parse_meaning(struct parser *p, struct glossary_entry *entry)
{
	struct complaint complaint;
	struct condition_context within = *p->context;
	struct condition_node *root;

	within.text = entry->node->text;
	within.complaint = &complaint;
	within.named_depth++;
	root = condition_parse(&within);
	if (!entry->checked && root != NULL) {
		root = condition_check(&within, root) == 0 ? condition_parse(&within) : NULL; /* once more: a check changes it */
		entry->checked = root != NULL;
	}
	p->context->node_count = within.node_count;
	p->context->word_count = within.word_count;
	if (root == NULL && !entry->faulty)
		source_complain(&p->context->conditions->source, entry->node, &complaint);
	entry->faulty = root == NULL;
	return root;
}

/* `<by-hand>`: the condition of that name, which is one term wherever it is spoken of. */
static struct condition_node *parse_named(struct parser *p)
{
	struct condition_token name = p->token;
	char why[GLOSSARY_WHY_BYTES];
	struct glossary_entry *entry;
	struct condition_node *node;

	if (p->context->scope != NULL)
		return expected(p, "a question about the steps: a named condition asks about the transaction at hand");
	entry = glossary_use(p->context->conditions, name.text, why);
	if (entry == NULL) {
		complain(p->context->complaint, name.from, "%s", why);
		return NULL;
	}
	if (p->context->named_depth == GLOSSARY_DEPTH)
		return expected(p, "a condition, not another within so many others; is it within itself?");
	node = entry->faulty ? NULL : parse_meaning(p, entry);
	if (node == NULL) {
		complain(p->context->complaint, name.from, "`%.*s` cannot be used: it is faulty itself", SLICE_PRINT(name.text));
		return NULL;
	}
	node->of = p->context->text.at;
	node->from = name.from;
	node->to = name.to;
	node->meaning = arena_copy(p->context->arena, slice_trim(entry->node->text));
	return advance(p) == 0 ? node : NULL;
}

static struct condition_node *parse_factor(struct parser *p)
{
	struct condition_node *node;

	if (++p->depth > CONDITION_DEPTH_MAX)
		return expected(p, "less nesting");
	if (p->token.kind == TOKEN_NUMBER)
		node = parse_number(p);
	else if (p->token.kind == TOKEN_NAME)
		node = parse_name(p);
	else if (p->token.kind == TOKEN_STRING)
		node = parse_string(p);
	else if (p->token.kind == TOKEN_LIST)
		node = parse_named(p);
	else if (at_sign(p, '-'))
		node = parse_negation(p);
	else if (at_sign(p, '('))
		node = parse_parentheses(p);
	else
		node = expected(p, "a field, a function, a number or a text");
	p->depth--;
	return node;
}

static struct condition_node *parse_product(struct parser *p)
{
	struct condition_node *node = parse_factor(p);

	while (node != NULL && (at_sign(p, '*') || at_sign(p, '/') || at_word(p, "of"))) {
		int sign = at_sign(p, '/') ? '/' : '*';
		if (advance(p) == -1)
			return NULL;
		node = join(p, CONDITION_ARITHMETIC, sign, node, parse_factor(p));
	}
	return node;
}

static struct condition_node *parse_sum(struct parser *p)
{
	struct condition_node *node = parse_product(p);

	while (node != NULL && (at_sign(p, '+') || at_sign(p, '-'))) {
		int sign = p->token.sign;
		if (advance(p) == -1)
			return NULL;
		node = join(p, CONDITION_ARITHMETIC, sign, node, parse_product(p));
	}
	return node;
}

static struct condition_node *parse_item(struct parser *p)
{
	struct condition_node *item = parse_sum(p);

	if (item == NULL || !at_sign(p, SIGN_RANGE))
		return item;
	return advance(p) == 0 ? join(p, CONDITION_RANGE, 0, item, parse_sum(p)) : NULL;
}

static struct condition_node *parse_in(struct parser *p, struct condition_node *value)
{
	struct condition_node *in = condition_node_new(p->context, CONDITION_IN, value->from, value->to),
	                      *last = value;

	in->first = value;
	if (advance(p) == -1)
		return NULL;
	if (!at_sign(p, '['))
		return expected(p, "`[` and a list behind `in`");
	do {
		if (advance(p) == -1)
			return NULL;
		last->next = parse_item(p);
		if (last->next == NULL)
			return NULL;
		last = last->next;
	} while (at_sign(p, ','));
	if (!at_sign(p, ']'))
		return expected(p, "`,` or `]`");
	in->to = p->token.to;
	return advance(p) == 0 ? in : NULL;
}

static bool at_compare(const struct parser *p)
{
	return p->token.kind == TOKEN_SIGN && (strchr("=<>", p->token.sign < 256 ? p->token.sign : '!') != NULL ||
	                                       p->token.sign == SIGN_NOT_EQUAL || p->token.sign == SIGN_AT_MOST ||
	                                       p->token.sign == SIGN_AT_LEAST);
}

static struct condition_node *parse_compare(struct parser *p, struct condition_node *left)
{
	int sign = p->token.sign;
	struct condition_node *right, *compare, *again, *middle;

	if (advance(p) == -1 || (right = parse_sum(p)) == NULL)
		return NULL;
	compare = join(p, CONDITION_COMPARE, sign, left, right);
	if (!at_compare(p))
		return compare;
	middle = condition_node_new(p->context, right->kind, right->from, right->to);
	*middle = *right;
	sign = p->token.sign;
	if (advance(p) == -1)
		return NULL;
	again = join(p, CONDITION_COMPARE, sign, middle, parse_sum(p));
	if (again != NULL && at_compare(p))
		return expected(p, "`and` or `or`; at most three values are compared in a row");
	return join(p, CONDITION_AND, 0, compare, again);
}

static struct condition_node *parse_not(struct parser *p)
{
	struct condition_node *node = condition_node_new(p->context, CONDITION_NOT, p->token.from, p->token.to);

	if (++p->depth > CONDITION_DEPTH_MAX)
		return expected(p, "less nesting");
	if (advance(p) == -1)
		return NULL;
	node->first = parse_one(p);
	if (node->first == NULL)
		return NULL;
	node->to = node->first->to;
	p->depth--;
	return node;
}

static struct condition_node *parse_one(struct parser *p)
{
	struct condition_node *node;

	if (at_word(p, "not"))
		return parse_not(p);
	node = parse_sum(p);
	if (node == NULL)
		return NULL;
	if (at_word(p, "in"))
		return parse_in(p, node);
	if (at_word(p, "not")) {
		if (advance(p) == -1)
			return NULL;
		if (!at_word(p, "in"))
			return expected(p, "`in` behind `not`");
		node = parse_in(p, node);
		if (node != NULL)
			node->sign = '!';
		return node;
	}
	return at_compare(p) ? parse_compare(p, node) : node;
}

static struct condition_node *parse_and(struct parser *p)
{
	struct condition_node *node = parse_one(p);

	while (node != NULL && at_word(p, "and"))
		node = advance(p) == 0 ? join(p, CONDITION_AND, 0, node, parse_one(p)) : NULL;
	return node;
}

static struct condition_node *parse_or(struct parser *p)
{
	struct condition_node *node = parse_and(p);

	while (node != NULL && at_word(p, "or"))
		node = advance(p) == 0 ? join(p, CONDITION_OR, 0, node, parse_and(p)) : NULL;
	return node;
}

struct condition_node *condition_parse(struct condition_context *context)
{
	struct parser p = {.context = context};
	struct condition_node *root;

	if (context->text.length > CONDITION_BYTES_MAX) {
		complain(context->complaint, 0, "the condition is too long; at most %d bytes", CONDITION_BYTES_MAX);
		return NULL;
	}
	if (advance(&p) == -1)
		return NULL;
	root = parse_or(&p);
	if (root != NULL && p.token.kind != TOKEN_END)
		return expected(&p, "`and`, `or` or the end");
	return root;
}
