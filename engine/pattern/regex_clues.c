/*
 * Clues: what must be in a text before an expression can match. Hyperscan finds thousands of plain words in the time
 * that it takes over a few expressions of two lists and a gap between, and compiles them in a tenth; so it is given the
 * words, and only a text in which all clues of a way are found is looked at closely (match/regex_run.h).
 *
 * A sequence's pieces that touch are multiplied out while the words stay few; where they would not, or at a gap, a clue
 * ends and the next begins. A way is worth it that has two clues, even if each has a word that stands in every other text
 * (a list with 卡, one with 换): a text is searched once and then known, and as an expression such lists took most of the
 * compile. One with a single clue, or whose repeats make looking closely dear, is searched as it is.
 */
#include "pattern/read.h"
#include "pattern/regex.h"

enum {
	RUN_WORDS_MAX = 128, /* of a clue that is multiplied out */
	LETTERS_LEAST = 2, /* of a word of ASCII letters alone */
	LOOSE_MAX = 64, /* states that repeats may add: as many can run at once */
};

struct making {
	struct arena *arena;
	struct regex_way *way;
	struct regex_words run, own; /* large */
	bool whole; /* so far the run is all of it */
};

/* Are they long enough to be searched? Of other scripts a character is. */
static bool long_enough(const struct regex_words *words)
{
	for (uint32_t i = 0; i < words->count; i++) {
		struct slice word = words->items[i];
		bool ascii = true;

		for (uint32_t at = 0; at < word.length; at++)
			ascii &= (unsigned char)word.at[at] < 0x80;
		if (word.length < (ascii ? LETTERS_LEAST : 1))
			return false;
	}
	return true;
}

static void keep(struct making *making, const struct regex_words *words)
{
	struct regex_way *way = making->way;
	struct slice *own;

	if (words->count == 0 || way->clue_count == REGEX_CLUES_MAX)
		return;
	if (!making->whole && !long_enough(words))
		return;
	own = arena_take(making->arena, words->count * sizeof(*own));
	if (own == NULL)
		return;
	memcpy(own, words->items, words->count * sizeof(*own));
	way->clues[way->clue_count++] = (struct regex_clue){own, words->count};
}

/* A clue ends here. */
static void end_clue(struct making *making)
{
	making->whole = false;
	keep(making, &making->run);
	regex_words_nothing(&making->run, RUN_WORDS_MAX);
}

static void add_piece(struct making *making, const struct regex_node *node)
{
	if (node->kind == REGEX_SEQUENCE) {
		for (const struct regex_node *child = node->first; child != NULL; child = child->next)
			add_piece(making, child);
		return;
	}
	if (regex_texts(making->arena, node, RUN_WORDS_MAX, &making->own)) {
		if (regex_words_multiply(making->arena, &making->run, &making->own))
			return;
		end_clue(making);
		making->run = making->own;
		return;
	}
	end_clue(making);
	regex_words(making->arena, node, REGEX_WORDS_MAX, &making->own);
	keep(making, &making->own);
}

static bool has_anchor(const struct regex_node *node)
{
	bool has = node->kind == REGEX_BEGIN || node->kind == REGEX_ENDS;

	for (const struct regex_node *child = node->first; child != NULL && !has; child = child->next)
		has = has_anchor(child);
	return has;
}

/* How many states its repeats add. */
static uint64_t looseness(const struct regex_node *node)
{
	uint64_t sum = 0;

	for (const struct regex_node *child = node->first; child != NULL; child = child->next)
		sum += node->kind == REGEX_REPEAT ? (node->most - 1) * regex_cost(child) + looseness(child) : looseness(child);
	return sum;
}

static void make_way(struct arena *arena, const struct regex_node *node, struct regex_way *way)
{
	struct making making; /* its words are not cleared: they are large */

	*way = (struct regex_way){.node = node};
	if (looseness(node) > LOOSE_MAX)
		return;
	making.arena = arena;
	making.way = way;
	making.whole = !has_anchor(node);
	regex_words_nothing(&making.run, RUN_WORDS_MAX);
	add_piece(&making, node);
	way->whole = making.whole;
	keep(&making, &making.run);
	if (!way->whole && way->clue_count < 2)
		way->clue_count = 0;
}

/* The alternatives, those of groups within groups too; `items` NULL: only counted. */
static uint32_t make_ways(struct arena *arena, const struct regex_node *node, struct regex_way *items)
{
	uint32_t count = 0;

	if (node->kind == REGEX_SEQUENCE && node->first != NULL && node->first->next == NULL)
		return make_ways(arena, node->first, items);
	if (node->kind != REGEX_CHOICE) {
		if (items != NULL)
			make_way(arena, node, items);
		return 1;
	}
	for (const struct regex_node *child = node->first; child != NULL; child = child->next)
		count += make_ways(arena, child, items != NULL ? items + count : NULL);
	return count;
}

struct regex_ways regex_clues(struct arena *arena, const struct regex_node *root, struct regex_way *whole)
{
	uint32_t count = make_ways(arena, root, NULL);
	struct regex_way *items = arena_take(arena, count * sizeof(*items));

	if (items != NULL)
		make_ways(arena, root, items);
	if (!arena_overflowed(arena))
		return (struct regex_ways){items, count};
	*whole = (struct regex_way){.node = root};
	return (struct regex_ways){whole, 1};
}

uint32_t regex_ways_size(struct regex_ways ways)
{
	uint32_t size = ways.count;

	for (uint32_t i = 0; i < ways.count; i++)
		for (uint32_t j = 0; j < ways.items[i].clue_count; j++)
			size += ways.items[i].clues[j].count;
	return size;
}

struct regex_ways regex_ways_copy(struct arena *arena, struct regex_ways ways)
{
	struct regex_way *items = read_take(arena, ways.count * sizeof(*items));

	memcpy(items, ways.items, ways.count * sizeof(*items));
	for (uint32_t i = 0; i < ways.count; i++)
		for (uint32_t j = 0; j < items[i].clue_count; j++) {
			struct regex_clue *clue = &items[i].clues[j];
			struct slice *words = read_take(arena, clue->count * sizeof(*words));

			for (uint32_t k = 0; k < clue->count; k++)
				words[k] = arena_copy(arena, clue->words[k]);
			clue->words = words;
		}
	return (struct regex_ways){items, ways.count};
}
