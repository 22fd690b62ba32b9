/*
 * What Hyperscan searches for, while a set is built: the words of all atoms' ways, each once a region, and the few
 * expressions that have to be searched as they are.
 *
 *   search ──says──▶ atom                                 a word that is a match by itself
 *          ──says──▶ clue ──leads──▶ way ──▶ atom         where the way's other clues are found too, look closely
 *
 * A way hangs on one of its clues, the leading one: that with the fewest words.
 */
#ifndef PATTERN_SEARCHES_H
#define PATTERN_SEARCHES_H

#include "pattern/plan.h"
#include "pattern/regex.h"

struct searches {
	struct pattern_set *set; /* its arena has what stays */
	struct searches_item *items; /* owned, as all here */
	struct searches_says *says;
	struct searches_clue *clues;
	struct searches_way *ways;
	uint32_t item_count, item_capacity, says_count, says_capacity, clue_count, clue_capacity, way_count, way_capacity;
	uint32_t *item_buckets, *clue_buckets; /* by hash, + 1 */
};

void searches_init(struct searches *searches, struct pattern_set *set);
void searches_deinit(struct searches *searches);

/* All ways to an atom of this region; `bytes` is its whole expression. False where one is too large for Hyperscan. */
bool searches_add(struct searches *searches, uint32_t atom, uint8_t region, struct slice bytes, struct regex_ways ways);

/* Into the set: its clues, and its regions' searches. */
void searches_finish(struct searches *searches);

/*
 * A region's expressions for Hyperscan, by number in the data base (plan_region): search_count of them, and levelled_count
 * behind those.
 */
void searches_expressions(const struct searches *searches, uint32_t region, struct slice *items);

/* The atom of a region for which the numbered search was made first, to name who is guilty. */
uint32_t searches_atom(const struct searches *searches, uint32_t region, uint32_t number);

#endif
