#include "pattern/searches.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "pattern/read.h"

enum { BUCKETS = 1 << 16, FIRST = 256 };

struct searches_item {
	struct slice bytes, levelled; /* for Hyperscan; levelled: empty where it does not tell digits apart */
	uint32_t atom; /* the first */
	uint32_t number; /* in its region's data base */
	uint32_t next_same_hash;
	uint8_t region;
	bool is_word;
};

struct searches_says {
	uint32_t search, target;
	bool is_clue; /* else an atom */
};

struct searches_clue {
	const uint32_t *searches; /* ascending, each once */
	uint32_t count;
	uint32_t next_same_hash;
};

_Static_assert((int)REGEX_CLUES_MAX == (int)PLAN_CLUES_MAX, "a way has all the clues that an expression tells");

struct searches_way {
	uint32_t lead, atom;
	uint32_t others[REGEX_CLUES_MAX - 1], other_count;
};

/* Room for one more. */
static void *grow(void *array, uint32_t count, uint32_t *capacity, size_t item_bytes)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity > 0 ? *capacity * 2 : FIRST;
	array = realloc(array, *capacity * item_bytes);
	if (array == NULL)
		die("out of memory: loading patterns");
	return array;
}

void searches_init(struct searches *searches, struct pattern_set *set)
{
	*searches = (struct searches){.set = set};
	searches->item_buckets = calloc(BUCKETS, sizeof(uint32_t));
	searches->clue_buckets = calloc(BUCKETS, sizeof(uint32_t));
	if (searches->item_buckets == NULL || searches->clue_buckets == NULL)
		die("out of memory: loading patterns");
}

void searches_deinit(struct searches *searches)
{
	free(searches->items);
	free(searches->says);
	free(searches->clues);
	free(searches->ways);
	free(searches->item_buckets);
	free(searches->clue_buckets);
	*searches = (struct searches){0};
}

/* ---- adding ---- */

static uint32_t add_item(struct searches *s, const struct searches_item *item)
{
	uint64_t hash = XXH3_64bits_withSeed(item->bytes.at, item->bytes.length, item->region);
	uint32_t *bucket = &s->item_buckets[hash % BUCKETS], i = *bucket;

	for (; i != 0; i = s->items[i - 1].next_same_hash)
		if (s->items[i - 1].region == item->region && slice_equal(s->items[i - 1].bytes, item->bytes)) {
			if (s->items[i - 1].levelled.length == 0)
				s->items[i - 1].levelled = item->levelled;
			return i - 1;
		}
	s->items = grow(s->items, s->item_count, &s->item_capacity, sizeof(*s->items));
	s->items[s->item_count] = *item;
	s->items[s->item_count].next_same_hash = *bucket;
	*bucket = ++s->item_count;
	return s->item_count - 1;
}

static bool has_digit(struct slice word)
{
	for (uint32_t i = 0; i < word.length; i++)
		if (word.at[i] >= '0' && word.at[i] <= '9')
			return true;
	return false;
}

/* `tells_digits`: of the way that it is from; one that takes any digit has all ten of them among its words. */
static uint32_t add_word(struct searches *s, uint32_t atom, uint8_t region, struct slice word, bool tells_digits)
{
	struct arena *arena = &s->set->arena;
	struct searches_item item = {.atom = atom, .region = region, .is_word = true};

	item.bytes = regex_emit_literal(arena, word);
	if (tells_digits && has_digit(word))
		item.levelled = regex_emit(arena, regex_node_of_text(arena, word), true);
	return add_item(s, &item);
}

static void add_says(struct searches *s, uint32_t search, uint32_t target, bool is_clue)
{
	s->says = grow(s->says, s->says_count, &s->says_capacity, sizeof(*s->says));
	s->says[s->says_count++] = (struct searches_says){search, target, is_clue};
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t unique(uint32_t *items, uint32_t count)
{
	uint32_t kept = 0;

	qsort(items, count, sizeof(*items), by_number);
	for (uint32_t i = 0; i < count; i++)
		if (kept == 0 || items[kept - 1] != items[i])
			items[kept++] = items[i];
	return kept;
}

static uint32_t add_clue(struct searches *s, uint32_t atom, uint8_t region, const struct regex_clue *clue,
                         bool tells_digits)
{
	uint32_t *searches = read_take(&s->set->arena, clue->count * sizeof(*searches)), count, *bucket, i;

	for (i = 0; i < clue->count; i++)
		searches[i] = add_word(s, atom, region, clue->words[i], tells_digits);
	count = unique(searches, clue->count);
	bucket = &s->clue_buckets[XXH3_64bits(searches, count * sizeof(*searches)) % BUCKETS];
	for (i = *bucket; i != 0; i = s->clues[i - 1].next_same_hash)
		if (s->clues[i - 1].count == count && memcmp(s->clues[i - 1].searches, searches, count * sizeof(*searches)) == 0)
			return i - 1;
	s->clues = grow(s->clues, s->clue_count, &s->clue_capacity, sizeof(*s->clues));
	s->clues[s->clue_count] = (struct searches_clue){searches, count, *bucket};
	*bucket = ++s->clue_count;
	for (i = 0; i < count; i++)
		add_says(s, searches[i], s->clue_count - 1, true);
	return s->clue_count - 1;
}

/* The clue with the fewest words leads. */
static void add_way(struct searches *s, uint32_t atom, uint8_t region, const struct regex_way *way)
{
	struct searches_way own = {.atom = atom};
	bool tells_digits = regex_tells_digits(way->node);
	uint32_t lead = 0;

	for (uint32_t i = 1; i < way->clue_count; i++)
		if (way->clues[i].count < way->clues[lead].count)
			lead = i;
	own.lead = add_clue(s, atom, region, &way->clues[lead], tells_digits);
	for (uint32_t i = 0; i < way->clue_count; i++)
		if (i != lead)
			own.others[own.other_count++] = add_clue(s, atom, region, &way->clues[i], tells_digits);
	s->ways = grow(s->ways, s->way_count, &s->way_capacity, sizeof(*s->ways));
	s->ways[s->way_count++] = own;
}

/* Any of its words is a match by itself. */
static void add_whole(struct searches *s, uint32_t atom, uint8_t region, const struct regex_way *way)
{
	bool tells_digits = regex_tells_digits(way->node);

	for (uint32_t i = 0; i < way->clues[0].count; i++)
		add_says(s, add_word(s, atom, region, way->clues[0].words[i], tells_digits), atom, false);
}

/* `bytes`: where they are there already. */
static bool add_expression(struct searches *s, uint32_t atom, uint8_t region, const struct regex_node *node,
                           struct slice bytes)
{
	struct arena *arena = &s->set->arena;
	bool tells_digits = regex_tells_digits(node);
	struct searches_item item = {.atom = atom, .region = region, .bytes = bytes};

	if (bytes.length == 0)
		item.bytes = regex_emit(arena, node, false);
	if (tells_digits)
		item.levelled = regex_emit(arena, node, true);
	if (item.bytes.length == 0 || (tells_digits && item.levelled.length == 0))
		return false;
	add_says(s, add_item(s, &item), atom, false);
	return true;
}

/* The alternatives without a clue as one: few large expressions cost less than many small ones. */
static const struct regex_node *clueless(struct arena *arena, struct regex_ways ways)
{
	struct regex_node *choice = regex_node_new(arena, REGEX_CHOICE), **end = &choice->first;

	for (uint32_t i = 0; i < ways.count; i++) {
		if (ways.items[i].clue_count > 0)
			continue;
		*end = regex_node_new(arena, REGEX_EMPTY);
		**end = *ways.items[i].node;
		(*end)->next = NULL;
		end = &(*end)->next;
	}
	return choice->first != NULL && choice->first->next == NULL ? choice->first : choice;
}

bool searches_add(struct searches *searches, uint32_t atom, uint8_t region, struct slice bytes, struct regex_ways ways)
{
	uint32_t without = 0;

	for (uint32_t i = 0; i < ways.count; i++)
		without += ways.items[i].clue_count == 0;
	if (without > 0 && !add_expression(searches, atom, region, clueless(&searches->set->arena, ways),
	                                   without == ways.count ? bytes : (struct slice){0}))
		return false;
	for (uint32_t i = 0; i < ways.count; i++) {
		const struct regex_way *way = &ways.items[i];

		if (way->clue_count > 0 && way->whole)
			add_whole(searches, atom, region, way);
		else if (way->clue_count > 0)
			add_way(searches, atom, region, way);
	}
	return true;
}

/* ---- into the set ---- */

/* Expressions before words. */
static void number_items(struct searches *s, uint32_t number)
{
	struct plan_region *region = &s->set->regions[number];
	uint32_t *levelled;

	for (int words = 0; words <= 1; words++)
		for (uint32_t i = 0; i < s->item_count; i++)
			if (s->items[i].region == number && s->items[i].is_word == words) {
				s->items[i].number = region->search_count++;
				region->tried_count += !words;
				region->levelled_count += s->items[i].levelled.length > 0;
			}
	levelled = read_take(&s->set->arena, region->levelled_count * sizeof(*levelled));
	region->levelled = levelled;
	for (uint32_t i = 0; i < s->item_count; i++)
		if (s->items[i].region == number && s->items[i].levelled.length > 0)
			*levelled++ = s->items[i].number;
}

static int by_search(const void *a, const void *b)
{
	const struct searches_says *x = a, *y = b;

	if (x->search != y->search)
		return x->search < y->search ? -1 : 1;
	if (x->is_clue != y->is_clue)
		return x->is_clue ? 1 : -1;
	return x->target < y->target ? -1 : x->target > y->target;
}

/* What each search says: its atoms, then its clues, one behind the other. */
static void finish_says(struct searches *s)
{
	uint32_t *targets = read_take(&s->set->arena, s->says_count * sizeof(*targets)), kept = 0;
	struct plan_search *searches[PLAN_REGIONS_MAX];

	for (uint32_t i = 0; i < s->set->region_count; i++) {
		struct plan_region *region = &s->set->regions[i];
		searches[i] = read_take(&s->set->arena, region->search_count * sizeof(*searches[i]));
		memset(searches[i], 0, region->search_count * sizeof(*searches[i]));
		region->searches = searches[i];
	}
	if (s->says_count > 0)
		qsort(s->says, s->says_count, sizeof(*s->says), by_search);
	for (uint32_t i = 0; i < s->says_count; i++) {
		const struct searches_says *says = &s->says[i];
		const struct searches_item *item = &s->items[says->search];
		struct plan_search *search = &searches[item->region][item->number];

		if (i > 0 && by_search(says, says - 1) == 0)
			continue;
		if (search->targets == NULL)
			search->targets = targets + kept;
		targets[kept++] = says->target;
		if (says->is_clue)
			search->clue_count++;
		else
			search->atom_count++;
	}
}

static int by_lead(const void *a, const void *b)
{
	const struct searches_way *x = a, *y = b;

	if (x->lead != y->lead)
		return x->lead < y->lead ? -1 : 1;
	return x->atom < y->atom ? -1 : x->atom > y->atom;
}

static void finish_clues(struct searches *s)
{
	struct plan_clue *clues = read_take(&s->set->arena, s->clue_count * sizeof(*clues));
	struct plan_way *ways = read_take(&s->set->arena, s->way_count * sizeof(*ways));

	memset(clues, 0, s->clue_count * sizeof(*clues));
	if (s->way_count > 0)
		qsort(s->ways, s->way_count, sizeof(*s->ways), by_lead);
	for (uint32_t i = 0; i < s->way_count; i++) {
		const struct searches_way *way = &s->ways[i];

		ways[i] = (struct plan_way){.atom = way->atom, .other_count = way->other_count};
		memcpy(ways[i].others, way->others, sizeof(ways[i].others));
		if (clues[way->lead].way_count++ == 0)
			clues[way->lead].ways = ways + i;
	}
	s->set->clues = clues;
	s->set->clue_count = s->clue_count;
}

void searches_finish(struct searches *searches)
{
	for (uint32_t i = 0; i < searches->set->region_count; i++)
		number_items(searches, i);
	finish_says(searches);
	finish_clues(searches);
}

void searches_expressions(const struct searches *searches, uint32_t region, struct slice *items)
{
	uint32_t levelled = searches->set->regions[region].search_count;

	for (uint32_t i = 0; i < searches->item_count; i++) {
		const struct searches_item *item = &searches->items[i];
		if (item->region != region)
			continue;
		items[item->number] = item->bytes;
		if (item->levelled.length > 0)
			items[levelled++] = item->levelled;
	}
}

uint32_t searches_atom(const struct searches *searches, uint32_t region, uint32_t number)
{
	for (uint32_t i = 0; i < searches->item_count; i++)
		if (searches->items[i].region == region && searches->items[i].number == number)
			return searches->items[i].atom;
	return 0;
}
