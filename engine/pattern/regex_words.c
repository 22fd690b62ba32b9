/*
 * Words one of which is in whatever a regular expression matches, for the glance (glance.h) and for clues
 * (regex_clues.c).
 *
 *   /(代收|稽查).{0,4}税/ ─▶ 代收 稽查        /[0-9]{2,6}(上|下)分/ ─▶ 上分 下分        /退.{0,16}保证金/ ─▶ 保证金
 *
 * A piece that stands for a few texts only has them all; pieces that touch are multiplied out. Of what a sequence
 * joins, the piece whose shortest word is longest is kept; of a choice every side must have words.
 */
#include "base/utf8.h"
#include "pattern/read.h"
#include "pattern/regex.h"

enum { TIMES_MAX = 3 }; /* of a repeat that is written out */

/* Not cleared: they are large. */
static void begin(struct regex_words *words, uint32_t most)
{
	words->count = 0;
	words->most = most;
}

static bool add(struct regex_words *words, struct slice word)
{
	if (words->count == words->most)
		return false;
	words->items[words->count++] = word;
	return true;
}

static bool add_all(struct regex_words *words, const struct regex_words *more)
{
	for (uint32_t i = 0; i < more->count; i++)
		if (!add(words, more->items[i]))
			return false;
	return true;
}

/* At NULL where the arena is full. */
static struct slice joined(struct arena *arena, struct slice a, struct slice b)
{
	char *bytes = arena_take(arena, a.length + b.length);

	if (bytes == NULL)
		return (struct slice){0};
	if (a.length > 0)
		memcpy(bytes, a.at, a.length);
	if (b.length > 0)
		memcpy(bytes + a.length, b.at, b.length);
	return (struct slice){bytes, a.length + b.length};
}

bool regex_words_multiply(struct arena *arena, struct regex_words *words, const struct regex_words *more)
{
	struct slice before[REGEX_WORDS_MAX];
	uint32_t count = words->count;

	if (count * more->count > words->most)
		return false;
	memcpy(before, words->items, count * sizeof(before[0]));
	words->count = 0;
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < more->count; j++)
			add(words, joined(arena, before[i], more->items[j]));
	if (!arena_overflowed(arena))
		return true;
	memcpy(words->items, before, count * sizeof(before[0]));
	words->count = count;
	return false;
}

void regex_words_nothing(struct regex_words *words, uint32_t most)
{
	begin(words, most);
	add(words, (struct slice){"", 0});
}

static bool add_point(struct arena *arena, uint32_t point, struct regex_words *words)
{
	char bytes[4];
	int length = utf8_put(point, bytes);

	return add(words, arena_copy(arena, (struct slice){bytes, (uint32_t)length})) && !arena_overflowed(arena);
}

static bool all_texts(struct arena *arena, const struct regex_node *node, struct regex_words *words_r);

static bool texts_of_class(struct arena *arena, const struct regex_node *node, struct regex_words *words_r)
{
	for (uint32_t i = 0; i < node->range_count; i++)
		for (uint32_t point = node->ranges[i].from; point <= node->ranges[i].to; point++)
			if (!add_point(arena, point, words_r))
				return false;
	return true;
}

static bool texts_of_choice(struct arena *arena, const struct regex_node *node, struct regex_words *words_r)
{
	for (const struct regex_node *child = node->first; child != NULL; child = child->next) {
		struct regex_words own;

		begin(&own, words_r->most);
		if (!all_texts(arena, child, &own) || !add_all(words_r, &own))
			return false;
	}
	return true;
}

static bool texts_of_sequence(struct arena *arena, const struct regex_node *node, struct regex_words *words_r)
{
	regex_words_nothing(words_r, words_r->most);
	for (const struct regex_node *child = node->first; child != NULL; child = child->next) {
		struct regex_words own;

		begin(&own, words_r->most);
		if (!all_texts(arena, child, &own) || !regex_words_multiply(arena, words_r, &own))
			return false;
	}
	return true;
}

static bool texts_of_repeat(struct arena *arena, const struct regex_node *node, struct regex_words *words_r)
{
	struct regex_words once, times;

	begin(&once, words_r->most);
	regex_words_nothing(&times, words_r->most);
	if (node->most > TIMES_MAX || !all_texts(arena, node->first, &once))
		return false;
	for (uint32_t i = 0; i <= node->most; i++) {
		if (i >= node->least && !add_all(words_r, &times))
			return false;
		if (!regex_words_multiply(arena, &times, &once))
			return false;
	}
	return true;
}

/* All that the node matches, begun already; false where that is too much. */
static bool all_texts(struct arena *arena, const struct regex_node *node, struct regex_words *words_r)
{
	switch (node->kind) {
	case REGEX_EMPTY: case REGEX_BEGIN: case REGEX_ENDS: return add(words_r, (struct slice){"", 0});
	case REGEX_CHARACTER: return add_point(arena, node->point, words_r);
	case REGEX_CLASS: return texts_of_class(arena, node, words_r);
	case REGEX_CHOICE: return texts_of_choice(arena, node, words_r);
	case REGEX_SEQUENCE: return texts_of_sequence(arena, node, words_r);
	case REGEX_REPEAT: return texts_of_repeat(arena, node, words_r);
	default: return false;
	}
}

bool regex_texts(struct arena *arena, const struct regex_node *node, uint32_t most, struct regex_words *words_r)
{
	begin(words_r, most);
	return all_texts(arena, node, words_r);
}

static uint32_t shortest(const struct regex_words *words)
{
	uint32_t least = words->count > 0 ? UINT32_MAX : 0;

	for (uint32_t i = 0; i < words->count; i++)
		least = words->items[i].length < least ? words->items[i].length : least;
	return least;
}

static void keep_better(struct regex_words *kept, const struct regex_words *words)
{
	if (shortest(words) > shortest(kept))
		*kept = *words;
}

static void words_of_choice(struct arena *arena, const struct regex_node *node, struct regex_words *words_r)
{
	for (const struct regex_node *child = node->first; child != NULL; child = child->next) {
		struct regex_words own;

		regex_words(arena, child, words_r->most, &own);
		if (own.count == 0 || !add_all(words_r, &own)) {
			words_r->count = 0;
			return;
		}
	}
}

static void words_of_sequence(struct arena *arena, const struct regex_node *node, struct regex_words *words_r)
{
	uint32_t most = words_r->most;
	struct regex_words run;

	regex_words_nothing(&run, most);
	for (const struct regex_node *child = node->first; child != NULL; child = child->next) {
		struct regex_words own;
		bool whole = regex_texts(arena, child, most, &own);

		if (whole && regex_words_multiply(arena, &run, &own))
			continue;
		keep_better(words_r, &run);
		if (whole) {
			run = own;
			continue;
		}
		regex_words(arena, child, most, &own);
		keep_better(words_r, &own);
		regex_words_nothing(&run, most);
	}
	keep_better(words_r, &run);
}

void regex_words(struct arena *arena, const struct regex_node *node, uint32_t most, struct regex_words *words_r)
{
	begin(words_r, most);
	if (node->kind == REGEX_SEQUENCE)
		words_of_sequence(arena, node, words_r);
	else if (node->kind == REGEX_CHOICE)
		words_of_choice(arena, node, words_r);
	else if (node->kind == REGEX_REPEAT && node->least > 0)
		regex_words(arena, node->first, most, words_r);
	else if (!all_texts(arena, node, words_r))
		words_r->count = 0;
	if (shortest(words_r) == 0)
		words_r->count = 0;
}
