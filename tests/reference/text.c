#include "tests/reference/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fold/fold.h"

enum { POINTS_MAX = 600, NODES_MAX = 400, MEMBERS_MAX = 64 };

/* Where a match may stand: places[i] is before the i-th character. */
struct places {
	bool at[POINTS_MAX + 1];
};

struct text {
	uint32_t points[POINTS_MAX];
	int count;
};

struct node {
	enum { CHARACTER, ANY, CLASS, SEQUENCE, CHOICE, REPEAT, BEGIN, END } kind;
	struct text folded; /* CHARACTER: what it folds to */
	uint32_t members[MEMBERS_MAX][2];
	int member_count;
	bool negated;
	int least, most;
	struct node *first, *second; /* SEQUENCE and CHOICE; REPEAT: first. NULL is the empty text */
};

struct parser {
	const char *at;
	struct node *nodes;
	int count;
};

static void text_add(struct text *text, const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length) {
		assert(text->count < POINTS_MAX);
		text->points[text->count++] = utf8_next(bytes, &at);
	}
}

static void fold_point(uint32_t point, struct text *out)
{
	char raw[4], folded[128];
	ptrdiff_t length = fold_text(raw, (size_t)utf8_put(point, raw), folded, sizeof(folded));

	assert(length >= 0);
	out->count = 0;
	text_add(out, folded, (size_t)length);
}

static struct node *node_new(struct parser *p, int kind)
{
	struct node *node = &p->nodes[p->count++];

	assert(p->count <= NODES_MAX);
	memset(node, 0, sizeof(*node));
	node->kind = kind;
	return node;
}

static uint32_t take(struct parser *p)
{
	size_t length = 0;
	uint32_t point = utf8_next(p->at, &length);

	p->at += length;
	return point;
}

static struct node *parse_choice(struct parser *p);

static struct node *parse_class(struct parser *p)
{
	struct node *node = node_new(p, CLASS);

	node->negated = *p->at == '^';
	p->at += node->negated;
	while (*p->at != ']') {
		uint32_t *member = node->members[node->member_count++];
		member[0] = member[1] = take(p);
		if (*p->at == '-' && p->at[1] != ']') {
			p->at++;
			member[1] = take(p);
		}
	}
	p->at++;
	return node;
}

static struct node *parse_one(struct parser *p)
{
	struct node *node;
	uint32_t point = take(p);

	switch (point) {
	case '.': return node_new(p, ANY);
	case '^': return node_new(p, BEGIN);
	case '$': return node_new(p, END);
	case '[': return parse_class(p);
	case '(':
		if (p->at[0] == '?')
			p->at += 2;
		node = parse_choice(p);
		p->at++;
		return node;
	case '\\':
		point = take(p);
		if (point == 'd') {
			node = node_new(p, CLASS);
			node->members[node->member_count][0] = '0';
			node->members[node->member_count++][1] = '9';
			return node;
		}
		break;
	default: break;
	}
	node = node_new(p, CHARACTER);
	fold_point(point, &node->folded);
	return node;
}

static struct node *parse_repeat(struct parser *p)
{
	struct node *inner = parse_one(p), *node;

	if (*p->at != '?' && *p->at != '{')
		return inner;
	node = node_new(p, REPEAT);
	node->first = inner;
	node->most = 1;
	if (*p->at++ == '?')
		return node;
	node->least = node->most = (int)strtol(p->at, (char **)&p->at, 10);
	if (*p->at == ',')
		node->most = (int)strtol(p->at + 1, (char **)&p->at, 10);
	p->at++;
	return node;
}

static struct node *parse_sequence(struct parser *p)
{
	struct node *left = NULL, *both;

	while (*p->at != '\0' && *p->at != '|' && *p->at != ')') {
		both = node_new(p, SEQUENCE);
		both->first = left;
		both->second = parse_repeat(p);
		left = both;
	}
	return left;
}

static struct node *parse_choice(struct parser *p)
{
	struct node *left = parse_sequence(p), *both;

	while (*p->at == '|') {
		p->at++;
		both = node_new(p, CHOICE);
		both->first = left;
		both->second = parse_sequence(p);
		left = both;
	}
	return left;
}

/* Is the folded point in the class: is it the fold of some member? */
static bool in_class(const struct node *node, uint32_t point)
{
	struct text folded;
	bool in = false;

	for (int i = 0; i < node->member_count; i++)
		for (uint32_t c = node->members[i][0]; c <= node->members[i][1] && !in; c++) {
			fold_point(c, &folded);
			in = folded.count == 1 && folded.points[0] == point;
		}
	return in != node->negated;
}

static struct places go(const struct node *node, const struct text *text, const struct places *from);

/* One character that `node` takes. */
static struct places step(const struct node *node, const struct text *text, const struct places *from)
{
	struct places to = {{false}};

	for (int i = 0; i < text->count; i++)
		if (from->at[i] && (node->kind == ANY || in_class(node, text->points[i])))
			to.at[i + 1] = true;
	return to;
}

static struct places step_folded(const struct text *folded, const struct text *text,
                                 const struct places *from)
{
	struct places to = {{false}};

	for (int i = 0; i + folded->count <= text->count; i++)
		if (from->at[i] && memcmp(text->points + i, folded->points, (size_t)folded->count * sizeof(uint32_t)) == 0)
			to.at[i + folded->count] = true;
	return to;
}

static struct places merge(struct places a, const struct places *b)
{
	for (int i = 0; i <= POINTS_MAX; i++)
		a.at[i] = a.at[i] || b->at[i];
	return a;
}

static struct places repeat(const struct node *node, const struct text *text, const struct places *from)
{
	struct places now = *from, all = {{false}};

	for (int i = 0; i <= node->most; i++) {
		if (i >= node->least)
			all = merge(all, &now);
		now = go(node->first, text, &now);
	}
	return all;
}

static struct places go(const struct node *node, const struct text *text, const struct places *from)
{
	struct places a = {{false}}, b;

	if (node == NULL)
		return *from;
	switch (node->kind) {
	case CHARACTER: return step_folded(&node->folded, text, from);
	case ANY: case CLASS: return step(node, text, from);
	case REPEAT: return repeat(node, text, from);
	case SEQUENCE:
		a = go(node->first, text, from);
		return go(node->second, text, &a);
	case CHOICE:
		a = go(node->first, text, from);
		b = go(node->second, text, from);
		return merge(a, &b);
	case BEGIN:
		a.at[0] = from->at[0];
		return a;
	default:
		a.at[text->count] = from->at[text->count];
		return a;
	}
}

static bool regex_in(const char *regex, const struct text *text)
{
	struct parser p = {.at = regex, .nodes = calloc(NODES_MAX, sizeof(struct node))};
	struct node *root = parse_choice(&p);
	struct places from, to;
	bool found = false;

	assert(*p.at == '\0');
	memset(&from, 0, sizeof(from));
	for (int i = 0; i <= text->count; i++)
		from.at[i] = true;
	to = go(root, text, &from);
	for (int i = 0; i <= text->count; i++)
		found = found || to.at[i];
	free(p.nodes);
	return found;
}

/* A short ASCII word must stand alone in each field that holds a part of it. */
static bool guarded_at(const struct fold_buffer *folded, size_t from, size_t to, const struct tx *tx,
                       const enum tx_field *fields, int field_count)
{
	struct fold_origin whole = fold_span(folded, from, to);
	size_t begin = 0;

	for (int i = 0; i < field_count; i++) {
		struct slice raw = tx_text(tx, fields[i]);
		size_t a = whole.from > begin ? whole.from - begin : 0;
		size_t b = whole.to < begin + raw.length ? whole.to - begin : raw.length;
		if (whole.from < begin + raw.length && whole.to > begin && !fold_stands_alone(raw.at, raw.length, a, b))
			return false;
		begin += raw.length;
	}
	return true;
}

static bool literal_in(const char *literal, const struct fold_buffer *text, const struct tx *tx,
                       const enum tx_field *fields, int field_count)
{
	char folded[1024];
	ptrdiff_t length = fold_text(literal, strlen(literal), folded, sizeof(folded));

	assert(length > 0);
	for (size_t i = 0; i + (size_t)length <= text->length; i++)
		if (memcmp(text->bytes + i, folded, (size_t)length) == 0 &&
		    (!fold_wants_guard(folded, (size_t)length) ||
		     guarded_at(text, i, i + (size_t)length, tx, fields, field_count)))
			return true;
	return false;
}

bool reference_text(const char *entry, const struct tx *tx, const enum tx_field *fields, int field_count)
{
	static char bytes[FOLD_BYTES_MAX + FOLD_TAIL_BYTES];
	static struct fold_origin origins[FOLD_BYTES_MAX];
	struct fold_buffer buffer;
	struct text text = {.count = 0};
	char regex[512];
	size_t length = strlen(entry);

	fold_init(&buffer, bytes, origins, FOLD_BYTES_MAX);
	for (int i = 0; i < field_count; i++)
		if (tx_text(tx, fields[i]).length > 0)
			fold_append(&buffer, tx_text(tx, fields[i]).at, tx_text(tx, fields[i]).length);
	if (entry[0] != '/' || length < 3 || entry[length - 1] != '/')
		return literal_in(entry, &buffer, tx, fields, field_count);
	assert(length < sizeof(regex));
	memcpy(regex, entry + 1, length - 2);
	regex[length - 2] = '\0';
	text_add(&text, buffer.bytes, buffer.length);
	return regex_in(regex, &text);
}
