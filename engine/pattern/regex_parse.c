#include <stdio.h>

#include "base/utf8.h"
#include "fold/fold.h"
#include "pattern/regex.h"

enum { FOLDED_MAX = 4 * REGEX_BYTES_MAX };

struct parser {
	struct arena *arena;
	struct slice text;
	uint32_t at;
	int depth;
	struct complaint *complaint;
};

/* Children in order, with the last one at hand. */
struct list {
	struct regex_node *first, *last;
	int count;
};

static struct regex_node *parse_choice(struct parser *p);

static void list_add(struct list *list, struct regex_node *node)
{
	if (node->kind == REGEX_EMPTY)
		return;
	if (list->last != NULL)
		list->last->next = node;
	else
		list->first = node;
	list->last = node;
	list->count++;
}

static struct regex_node *list_node(struct parser *p, const struct list *list)
{
	struct regex_node *node;

	if (list->count == 1)
		return list->first;
	node = regex_node_new(p->arena, list->count == 0 ? REGEX_EMPTY : REGEX_SEQUENCE);
	node->first = list->first;
	return node;
}

static struct regex_node *refuse(struct parser *p, uint32_t offset, const char *words)
{
	complain(p->complaint, offset, "%s", words);
	return NULL;
}

static char peek(const struct parser *p)
{
	return p->at < p->text.length ? p->text.at[p->at] : '\0';
}

static bool is_quantifier(char c)
{
	return c == '?' || c == '*' || c == '+' || c == '{';
}

/* The length of the plain character (with its backslash) at `at`, 0 where something else stands there. */
static uint32_t plain_length(const struct parser *p, uint32_t at)
{
	size_t end = at;
	char c = at < p->text.length ? p->text.at[at] : '\0';

	if (c == '\0' || strchr(".[](){}?*+|^$", c) != NULL)
		return 0;
	if (c == '\\') {
		char next = at + 1 < p->text.length ? p->text.at[at + 1] : '\0';
		/* A backslash takes the meaning from punctuation; with a letter or digit it would be something else. */
		return next > ' ' && next < 0x7F && strchr("\\/.[](){}?*+|^$-\"'#&~@%:;,<>=!_`", next) != NULL ? 2 : 0;
	}
	utf8_next(p->text.at, &end);
	return (uint32_t)end - at;
}

static ptrdiff_t fold_piece(struct parser *p, uint32_t from, uint32_t to, char *folded)
{
	char raw[REGEX_BYTES_MAX];
	size_t length = 0;

	for (uint32_t i = from; i < to; i++) {
		if (p->text.at[i] == '\\' && i + 1 < to)
			i++;
		raw[length++] = p->text.at[i];
	}
	return fold_text(raw, length, folded, FOLDED_MAX);
}

static struct regex_node *folded_run(struct parser *p, uint32_t from, uint32_t to)
{
	char folded[FOLDED_MAX];
	ptrdiff_t length = fold_piece(p, from, to, folded);

	if (length < 0)
		return refuse(p, from, "too long when folded");
	return regex_node_of_text(p->arena, (struct slice){folded, (uint32_t)length});
}

/* A run of plain characters; a quantifier behind it takes the last one, which then stays for itself. */
static struct regex_node *parse_run(struct parser *p)
{
	uint32_t from = p->at, last = p->at, length, end;
	char whole[FOLDED_MAX], left[FOLDED_MAX], right[FOLDED_MAX];
	ptrdiff_t w, l, r;

	while ((length = plain_length(p, p->at)) > 0) {
		last = p->at;
		p->at += length;
	}
	if (!is_quantifier(peek(p)) || last == from)
		return folded_run(p, from, p->at);
	end = p->at;
	p->at = last;
	w = fold_piece(p, from, end, whole);
	l = fold_piece(p, from, last, left);
	r = fold_piece(p, last, end, right);
	if (w < 0 || w != l + r || memcmp(whole, left, (size_t)l) != 0 || memcmp(whole + l, right, (size_t)r) != 0)
		return refuse(p, last,
		              "this character and those before it are folded together, so it cannot be repeated or "
		              "left out alone; write both spellings as (a|b)");
	return folded_run(p, from, last);
}

static struct regex_node *parse_escape(struct parser *p)
{
	struct regex_class *class;
	struct regex_node *node;
	char c = p->at + 1 < p->text.length ? p->text.at[p->at + 1] : '\0';

	if (c == '\0')
		return refuse(p, p->at, "a backslash at the end");
	if (c == 'b' || c == 'B')
		return refuse(p, p->at,
		              "no word borders here: folding drops what stands between words; a short ASCII literal "
		              "must stand alone by itself");
	if (c >= '1' && c <= '9')
		return refuse(p, p->at, "no back-references; write the text out");
	if (c != 'd')
		return refuse(
			p, p->at,
			"unknown escape; \\d is a digit, and a backslash takes the meaning from . [ ] ( ) { } ? "
			"* + | ^ $ / \\");
	class = regex_class_new();
	regex_class_add(class, '0', '9');
	node = regex_class_node(class, false, p->arena, p->at, p->complaint);
	regex_class_free(class);
	p->at += 2;
	return node;
}

/* One member of a class: a character, perhaps escaped. */
static int parse_member(struct parser *p, uint32_t *point_r)
{
	size_t at = p->at;
	uint32_t begin = p->at;

	if (p->at >= p->text.length)
		return complain(p->complaint, begin, "the class is not closed; expected ]");
	if (p->text.at[at] == '[')
		return complain(p->complaint, begin, "no [ within a class; write \\[ for the character");
	if (p->text.at[at] == '\\') {
		at++;
		if (at >= p->text.length || plain_length(p, begin) == 0)
			return complain(p->complaint, begin, "unknown escape in a class; \\d, or a backslash before punctuation");
	}
	*point_r = utf8_next(p->text.at, &at);
	p->at = (uint32_t)at;
	return 0;
}

static int parse_range(struct parser *p, struct regex_class *class)
{
	uint32_t from, to, begin = p->at;

	if (peek(p) == '\\' && p->at + 1 < p->text.length && p->text.at[p->at + 1] == 'd') {
		p->at += 2;
		regex_class_add(class, '0', '9');
		return 0;
	}
	if (parse_member(p, &from) == -1)
		return -1;
	to = from;
	if (peek(p) == '-' && p->at + 1 < p->text.length && p->text.at[p->at + 1] != ']') {
		p->at++;
		if (parse_member(p, &to) == -1)
			return -1;
	}
	if (to < from)
		return complain(p->complaint, begin, "a range that goes backwards");
	regex_class_add(class, from, to);
	return 0;
}

static struct regex_node *parse_class(struct parser *p)
{
	struct regex_class *class = regex_class_new();
	struct regex_node *node = NULL;
	uint32_t begin = p->at++;
	bool negated = peek(p) == '^', empty = true, failed = false;

	if (negated)
		p->at++;
	while (!failed && p->at < p->text.length && peek(p) != ']') {
		failed = parse_range(p, class) == -1;
		empty = false;
	}
	if (!failed && p->at >= p->text.length)
		complain(p->complaint, begin, "the class is not closed; expected ]");
	else if (!failed && empty)
		complain(p->complaint, begin, "an empty class");
	else if (!failed)
		node = regex_class_node(class, negated, p->arena, begin, p->complaint);
	p->at++;
	regex_class_free(class);
	return node;
}

static struct regex_node *parse_group(struct parser *p)
{
	uint32_t begin = p->at++;
	struct regex_node *node;

	if (peek(p) == '?') {
		if (p->at + 1 >= p->text.length || p->text.at[p->at + 1] != ':')
			return refuse(p, begin, "no looking around, names or options; a group is (…) or (?:…)");
		p->at += 2;
	}
	if (++p->depth > REGEX_DEPTH_MAX)
		return refuse(p, begin, "groups nested too deep");
	node = parse_choice(p);
	p->depth--;
	if (node == NULL)
		return NULL;
	if (peek(p) != ')')
		return refuse(p, begin, "the group is not closed; expected )");
	p->at++;
	return node;
}

static bool parse_number(struct parser *p, uint32_t *value_r)
{
	uint32_t from = p->at;

	*value_r = 0;
	for (; peek(p) >= '0' && peek(p) <= '9' && p->at - from < 6; p->at++)
		*value_r = *value_r * 10 + (uint32_t)(peek(p) - '0');
	return p->at > from;
}

/* {n} or {n,m}; the brace is at hand. */
static int parse_braces(struct parser *p, uint32_t *least_r, uint32_t *most_r)
{
	uint32_t begin = p->at++;

	if (!parse_number(p, least_r))
		return complain(p->complaint, begin, "expected {n} or {n,m} with numbers; write \\{ for the character");
	*most_r = *least_r;
	if (peek(p) == ',') {
		p->at++;
		if (peek(p) == '}')
			return complain(p->complaint, begin, "an unbounded repeat; say how many at most: {%u,20}", *least_r);
		if (!parse_number(p, most_r))
			return complain(p->complaint, begin, "expected {n,m} with numbers");
	}
	if (peek(p) != '}')
		return complain(p->complaint, begin, "the repeat is not closed; expected }");
	p->at++;
	if (*most_r < *least_r)
		return complain(p->complaint, begin, "at least %u and at most %u; swap them", *least_r, *most_r);
	if (*most_r == 0 || *most_r > REGEX_REPEAT_MAX)
		return complain(p->complaint, begin, "a repeat goes from 1 to %d times", REGEX_REPEAT_MAX);
	return 0;
}

static struct regex_node *repeat(struct parser *p, struct regex_node *node, uint32_t item)
{
	uint32_t least = 0, most = 1;
	char c = peek(p);
	struct regex_node *result;

	if (!is_quantifier(c))
		return node;
	if (c == '*' || c == '+') {
		complain(p->complaint, p->at, "an unbounded repeat `%c`; say how many at most: {%d,20}", c, c == '+');
		return NULL;
	}
	if (c == '{' && parse_braces(p, &least, &most) == -1)
		return NULL;
	if (c == '?')
		p->at++;
	if (is_quantifier(peek(p)))
		return refuse(p, p->at,
		              "a repeat of a repeat; lazy and possessive repeats do not exist here, and any place "
		              "where the expression matches counts");
	if (node->kind == REGEX_EMPTY)
		return refuse(p, item, "folding drops this, so there is nothing to repeat; leave it out");
	if (node->kind == REGEX_BEGIN || node->kind == REGEX_ENDS)
		return refuse(p, item, "^ and $ cannot be repeated");
	result = regex_node_new(p->arena, REGEX_REPEAT);
	result->first = node;
	result->least = least;
	result->most = most;
	return result;
}

static struct regex_node *parse_anchor(struct parser *p)
{
	bool begins = peek(p) == '^';
	char before = p->at > 0 ? p->text.at[p->at - 1] : '|', after;

	p->at++;
	after = p->at < p->text.length ? p->text.at[p->at] : '|';
	if (p->depth > 0 || (begins ? before != '|' : after != '|'))
		return refuse(p, p->at - 1, begins ? "^ may only begin the expression or an alternative of it"
		                                   : "$ may only end the expression or an alternative of it");
	return regex_node_new(p->arena, begins ? REGEX_BEGIN : REGEX_ENDS);
}

static struct regex_node *parse_item(struct parser *p)
{
	switch (peek(p)) {
	case '.':
		p->at++;
		return regex_node_new(p->arena, REGEX_ANY);
	case '[':
		return parse_class(p);
	case '(':
		return parse_group(p);
	case '^': case '$':
		return parse_anchor(p);
	case ']': case '}':
		return refuse(p, p->at, "closes nothing; write a backslash before it for the character");
	case '?': case '*': case '+': case '{':
		return refuse(p, p->at, "nothing stands before this repeat");
	default:
		return plain_length(p, p->at) > 0 ? parse_run(p) : parse_escape(p);
	}
}

static struct regex_node *parse_sequence(struct parser *p)
{
	struct list list = {0};

	while (p->at < p->text.length && peek(p) != '|' && peek(p) != ')') {
		uint32_t from = p->at;
		struct regex_node *node = parse_item(p);

		if (node != NULL)
			node = repeat(p, node, from);
		if (node == NULL)
			return NULL;
		list_add(&list, node);
	}
	return list_node(p, &list);
}

static struct regex_node *parse_choice(struct parser *p)
{
	struct regex_node *first = parse_sequence(p), *last = first, *choice;

	if (first == NULL || peek(p) != '|')
		return first;
	while (peek(p) == '|') {
		p->at++;
		last->next = parse_sequence(p);
		if (last->next == NULL)
			return NULL;
		last = last->next;
	}
	choice = regex_node_new(p->arena, REGEX_CHOICE);
	choice->first = first;
	return choice;
}

struct regex_node *regex_parse(struct arena *arena, struct slice text, struct complaint *complaint)
{
	struct parser p = {.arena = arena, .text = text, .complaint = complaint};
	struct regex_node *node;

	if (text.length > REGEX_BYTES_MAX) {
		complain(complaint, 0, "%u bytes; an expression may have at most %d", text.length, REGEX_BYTES_MAX);
		return NULL;
	}
	node = parse_choice(&p);
	if (node == NULL)
		return NULL;
	if (p.at < text.length)
		return refuse(&p, p.at, "closes no group; write \\) for the character");
	if (regex_may_be_empty(node))
		return refuse(&p, 0, "matches the empty text too, and so everywhere; something in it must be there");
	if (regex_cost(node) > REGEX_COST_MAX) {
		complain(complaint, 0, "too large: %llu steps with all repeats written out, at most %d; repeat less",
		         (unsigned long long)regex_cost(node), REGEX_COST_MAX);
		return NULL;
	}
	return node;
}
