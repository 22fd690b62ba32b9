/*
 * What stands between brackets, folded: a set of code points with a bit each, while a class is read.
 *
 * A folded text holds only characters that fold to themselves, so a class may keep its other members (they
 * never occur): that keeps wide ranges such as [一-龥] in one piece. Members that fold to several characters
 * (❿ is 10) become alternatives beside the class.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "fold/fold.h"
#include "pattern/regex.h"

enum { POINTS = 0x110000, LONG_MAX_COUNT = 32, LONG_BYTES = 80, WIDE = 512 };

struct regex_class {
	uint64_t bits[POINTS / 64];
	char longer[LONG_MAX_COUNT][LONG_BYTES]; /* folds of several characters */
	uint32_t longer_length[LONG_MAX_COUNT];
	uint32_t longer_count;
	bool longer_full, longer_named, any; /* `named`: one of them stands for itself, not within a range */
};

struct regex_class *regex_class_new(void)
{
	struct regex_class *class = calloc(1, sizeof(*class));

	if (class == NULL)
		die("out of memory: compiling patterns");
	return class;
}

void regex_class_free(struct regex_class *class)
{
	free(class);
}

static void set(struct regex_class *class, uint32_t point)
{
	class->bits[point / 64] |= UINT64_C(1) << point % 64;
}

static void add_longer(struct regex_class *class, const char *folded, uint32_t length)
{
	for (uint32_t i = 0; i < class->longer_count; i++)
		if (class->longer_length[i] == length && memcmp(class->longer[i], folded, length) == 0)
			return;
	if (class->longer_count == LONG_MAX_COUNT) {
		class->longer_full = true;
		return;
	}
	memcpy(class->longer[class->longer_count], folded, length);
	class->longer_length[class->longer_count++] = length;
}

static void set_all(struct regex_class *class, uint32_t from, uint32_t to)
{
	for (uint32_t point = from; point <= to; point++)
		set(class, point);
}

/* The fold of a member of a wide range: alone, or with its whole block. */
static void set_fold(struct regex_class *class, uint32_t point, bool wide)
{
	bool extension_a = point >= 0x3400 && point <= 0x4DBF;

	if (!wide || (!extension_a && point < 0x20000))
		set(class, point);
	else if (extension_a)
		set_all(class, 0x3400, 0x4DBF);
	else if ((class->bits[0x20000 / 64] & class->bits[0x3FFFF / 64]) != UINT64_MAX)
		set_all(class, 0x20000, 0x3FFFF);
}

static void add_point(struct regex_class *class, uint32_t point, bool wide)
{
	char raw[4], folded[LONG_BYTES];
	ptrdiff_t length;
	size_t first = 0;
	uint32_t one;

	if (point >= 0xD800 && point <= 0xDFFF)
		return;
	if (point >= 0x80)
		set(class, point);
	length = fold_text(raw, (size_t)utf8_put(point, raw), folded, sizeof(folded));
	if (length <= 0) {
		class->longer_full = class->longer_full || length < 0;
		return;
	}
	class->any = true;
	one = utf8_next(folded, &first);
	if ((ptrdiff_t)first < length)
		add_longer(class, folded, (uint32_t)length);
	else
		set_fold(class, one, wide);
}

void regex_class_add(struct regex_class *class, uint32_t from, uint32_t to)
{
	uint32_t longer_before = class->longer_count;

	for (uint32_t point = from; point <= to; point++)
		add_point(class, point, to - from >= WIDE);
	class->longer_named = class->longer_named || (from == to && class->longer_count > longer_before);
}

/* The first point from `point` on that is in the class, or is not; POINTS where there is none. */
static uint32_t next(const struct regex_class *class, uint32_t point, bool in)
{
	while (point < POINTS) {
		uint64_t bits = (in ? class->bits[point / 64] : ~class->bits[point / 64]) >> point % 64;
		if (bits != 0)
			return point + (uint32_t)__builtin_ctzll(bits);
		point = (point / 64 + 1) * 64;
	}
	return POINTS;
}

static struct regex_node *ranges_node(struct regex_class *class, struct arena *arena)
{
	struct regex_node *node = regex_node_new(arena, REGEX_CLASS);
	struct regex_range *ranges;
	uint32_t count = 0;

	for (uint32_t at = next(class, 0, true); at < POINTS; at = next(class, next(class, at, false), true))
		count++;
	ranges = arena_take(arena, (count + 1) * sizeof(*ranges));
	if (ranges == NULL)
		die("out of memory: the patterns are larger than their arena");
	for (uint32_t at = next(class, 0, true); at < POINTS; at = next(class, at, true)) {
		uint32_t end = next(class, at, false);
		ranges[node->range_count++] = (struct regex_range){at, end - 1};
		at = end;
	}
	node->ranges = ranges;
	return node;
}

static void clear(struct regex_class *class, uint32_t from, uint32_t to)
{
	for (uint32_t point = from; point <= to; point++)
		class->bits[point / 64] &= ~(UINT64_C(1) << point % 64);
}

/* Everything else that a folded text can hold: 0-9, a-z, and all beyond ASCII but the surrogates. */
static void negate(struct regex_class *class)
{
	for (size_t i = 0; i < POINTS / 64; i++)
		class->bits[i] = ~class->bits[i];
	clear(class, 0, '0' - 1);
	clear(class, '9' + 1, 'a' - 1);
	clear(class, 'z' + 1, 0x7F);
	clear(class, 0xD800, 0xDFFF);
}

struct regex_node *regex_class_node(struct regex_class *class, bool negated, struct arena *arena,
                                    uint32_t offset, struct complaint *complaint)
{
	struct regex_node *node, *choice;

	/* Of a range's members that fold to several characters, a class of one other character can say nothing. */
	if (negated ? class->longer_named : class->longer_full) {
		complain(complaint, offset, "members of this class fold to several characters; write them as (a|b)");
		return NULL;
	}
	if (!class->any && !negated) {
		complain(complaint, offset,
		         "folding drops every member of this class, so it would never match; leave it out");
		return NULL;
	}
	if (negated)
		negate(class);
	node = ranges_node(class, arena);
	if (class->longer_count == 0 || negated)
		return node;
	choice = regex_node_new(arena, REGEX_CHOICE);
	choice->first = node->range_count > 0 ? node : NULL;
	for (uint32_t i = 0; i < class->longer_count; i++) {
		struct regex_node *text =
			regex_node_of_text(arena, (struct slice){class->longer[i], class->longer_length[i]});
		text->next = choice->first;
		choice->first = text;
	}
	return choice;
}
