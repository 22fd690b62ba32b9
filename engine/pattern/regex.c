/*
 * The tree of a regular expression: sizes, and the two forms made of it. Both walk the tree once; repeats are
 * written out as Hyperscan's {n,m} in the one and as copies of the states in the other.
 */
#include "pattern/regex.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "fold/fold.h"
#include "pattern/utf8_ranges.h"

struct regex_node *regex_node_new(struct arena *arena, enum regex_kind kind)
{
	struct regex_node *node = arena_take(arena, sizeof(*node));

	if (node == NULL)
		die("out of memory: the patterns are larger than their arena");
	*node = (struct regex_node){.kind = kind};
	return node;
}

struct regex_node *regex_node_of_text(struct arena *arena, struct slice folded)
{
	struct regex_node *sequence = regex_node_new(arena, REGEX_SEQUENCE), **end = &sequence->first;
	size_t at = 0, count = 0;

	for (; at < folded.length; count++) {
		*end = regex_node_new(arena, REGEX_CHARACTER);
		(*end)->point = utf8_next(folded.at, &at);
		end = &(*end)->next;
	}
	if (count == 0)
		sequence->kind = REGEX_EMPTY;
	return count == 1 ? sequence->first : sequence;
}

bool regex_may_be_empty(const struct regex_node *node)
{
	bool some = false, all = true, may;

	if (node->kind == REGEX_CHARACTER || node->kind == REGEX_ANY || node->kind == REGEX_CLASS)
		return false;
	for (const struct regex_node *child = node->first; child != NULL; child = child->next) {
		may = regex_may_be_empty(child);
		some = some || may;
		all = all && may;
	}
	return node->kind == REGEX_CHOICE ? some : node->kind == REGEX_REPEAT ? all || node->least == 0 : all;
}

static uint64_t own_cost(const struct regex_node *node)
{
	switch (node->kind) {
	case REGEX_EMPTY: case REGEX_SEQUENCE: return 0;
	case REGEX_CLASS: return 1 + node->range_count / 16;
	case REGEX_REPEAT: return node->most;
	default: return 1;
	}
}

uint64_t regex_cost(const struct regex_node *node)
{
	uint64_t sum = 0;

	for (const struct regex_node *child = node->first; child != NULL; child = child->next) {
		sum += regex_cost(child);
		if (node->kind == REGEX_CHOICE)
			sum += 2; /* a split and a jump */
	}
	if (node->kind == REGEX_REPEAT)
		sum *= node->most;
	sum += own_cost(node);
	return sum < UINT32_MAX ? sum : UINT32_MAX;
}

/* The ASCII characters of a sequence of nothing else; 0 where it is not that, or too long to need the
 * guard. */
static bool is_bare_word(const struct regex_node *node)
{
	const struct regex_node *child = node->kind == REGEX_SEQUENCE ? node->first : node;
	uint32_t count = 0, letters = 0;

	for (; child != NULL; child = node->kind == REGEX_SEQUENCE ? child->next : NULL, count++) {
		if (child->kind != REGEX_CHARACTER || child->point >= 0x80)
			return false;
		letters += child->point >= 'a';
	}
	return letters > 0 && count <= FOLD_GUARD_BYTES_MAX;
}

bool regex_has_bare_word(const struct regex_node *node)
{
	if (node->kind != REGEX_CHOICE)
		return is_bare_word(node);
	for (const struct regex_node *child = node->first; child != NULL; child = child->next)
		if (is_bare_word(child))
			return true;
	return false;
}

static bool is_digit(uint32_t point)
{
	return point >= '0' && point <= '9';
}

/* How many digits are among a node's own characters. */
static uint32_t own_digits(const struct regex_node *node)
{
	uint32_t count = node->kind == REGEX_CHARACTER && is_digit(node->point);

	for (uint32_t i = 0; i < node->range_count; i++)
		for (uint32_t digit = '0'; digit <= '9'; digit++)
			count += node->ranges[i].from <= digit && digit <= node->ranges[i].to;
	return count;
}

bool regex_tells_digits(const struct regex_node *node)
{
	uint32_t digits = own_digits(node);
	bool tells = digits > 0 && digits < 10;

	for (const struct regex_node *child = node->first; child != NULL && !tells; child = child->next)
		tells = regex_tells_digits(child);
	return tells;
}

/* Bytes that grow up to a bound; `full` latches. */
struct output {
	char bytes[REGEX_EMITTED_MAX];
	size_t length;
	bool full, levelled;
};

static void put(struct output *out, const char *text)
{
	size_t length = strlen(text);

	if (out->full || length >= sizeof(out->bytes) - out->length) {
		out->full = true;
		return;
	}
	memcpy(out->bytes + out->length, text, length + 1);
	out->length += length;
}

/* Letters and digits as they are, every other byte in hexadecimal: no byte can mean anything else. */
static void put_byte(struct output *out, unsigned char byte)
{
	static const char digits[] = "0123456789abcdef";
	bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
	char hexadecimal[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15], '\0'}, itself[] = {(char)byte, '\0'};

	put(out, plain ? itself : hexadecimal);
}

static void put_character(struct output *out, uint32_t point)
{
	char bytes[4];
	int length = utf8_put(point, bytes);

	if (out->levelled && is_digit(point)) {
		put(out, "[0-9]");
		return;
	}
	/* A group, so that a repeat behind it takes the character, not its last byte. */
	if (length > 1)
		put(out, "(?:");
	for (int i = 0; i < length; i++)
		put_byte(out, (unsigned char)bytes[i]);
	if (length > 1)
		put(out, ")");
}

static void put_byte_range(void *context, const struct utf8_bytes *bytes)
{
	struct output *out = context;

	if (out->bytes[out->length - 1] != ':')
		put(out, "|");
	for (int i = 0; i < bytes->count; i++) {
		if (bytes->from[i] == bytes->to[i]) {
			put_byte(out, bytes->from[i]);
			continue;
		}
		put(out, "[");
		put_byte(out, bytes->from[i]);
		put(out, "-");
		put_byte(out, bytes->to[i]);
		put(out, "]");
	}
}

static void put_class(struct output *out, const struct regex_node *node)
{
	put(out, "(?:");
	for (uint32_t i = 0; i < node->range_count && !out->full; i++)
		utf8_ranges(node->ranges[i].from, node->ranges[i].to, put_byte_range, out);
	put(out, out->levelled && own_digits(node) > 0 ? "|[0-9])" : ")");
}

static void emit(struct output *out, const struct regex_node *node);

static void emit_children(struct output *out, const struct regex_node *node, const char *between)
{
	for (const struct regex_node *child = node->first; child != NULL; child = child->next) {
		if (child != node->first)
			put(out, between);
		emit(out, child);
	}
}

static void emit_repeat(struct output *out, const struct regex_node *node)
{
	char bounds[32];

	put(out, "(?:");
	emit(out, node->first);
	snprintf(bounds, sizeof(bounds), "){%u,%u}", node->least, node->most);
	put(out, bounds);
}

static void emit(struct output *out, const struct regex_node *node)
{
	switch (node->kind) {
	case REGEX_EMPTY: break;
	case REGEX_CHARACTER: put_character(out, node->point); break;
	case REGEX_ANY: put(out, FOLD_CHARACTER_REGEX); break;
	case REGEX_CLASS: put_class(out, node); break;
	case REGEX_SEQUENCE: emit_children(out, node, ""); break;
	case REGEX_CHOICE:
		put(out, "(?:");
		emit_children(out, node, "|");
		put(out, ")");
		break;
	case REGEX_REPEAT: emit_repeat(out, node); break;
	case REGEX_BEGIN: put(out, "^"); break;
	case REGEX_ENDS: put(out, "$"); break;
	}
}

static struct slice finish(struct arena *arena, struct output *out)
{
	struct slice bytes = {out->bytes, (uint32_t)out->length};

	bytes = out->full ? (struct slice){0} : arena_copy(arena, bytes);
	free(out);
	return bytes;
}

static struct output *output_new(bool levelled)
{
	struct output *out = malloc(sizeof(*out));

	if (out == NULL)
		die("out of memory: compiling patterns");
	out->length = 0;
	out->full = false;
	out->levelled = levelled;
	return out;
}

struct slice regex_emit(struct arena *arena, const struct regex_node *node, bool levelled)
{
	struct output *out = output_new(levelled);

	/* Alternatives with anchors stand on the top level, where Hyperscan takes them. */
	if (node->kind == REGEX_CHOICE)
		emit_children(out, node, "|");
	else
		emit(out, node);
	return finish(arena, out);
}

struct slice regex_emit_literal(struct arena *arena, struct slice folded)
{
	struct output *out = output_new(false);

	for (uint32_t i = 0; i < folded.length; i++)
		put_byte(out, (unsigned char)folded.at[i]);
	return finish(arena, out);
}
