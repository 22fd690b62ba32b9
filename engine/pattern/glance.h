/*
 * A glance at a text: could any expression of a region be in it at all? Where not, nobody need search it.
 *
 * Each expression has words one of which is in whatever it matches: a literal is its own, of a regular expression they
 * are taken out of its tree (regex_words.c). Of each word two neighbouring characters are looked up by their bytes, the
 * two that fewest other words have, so that 有限 and 公司 tell nothing where 备付金 will do; what is found there is then
 * compared whole. Words of fewer bytes are looked up by their first three.
 *
 *   云桥市宏腾信息技术有限公司 ─▶ 云桥 桥市 市宏 … ─▶ a bit each ─▶ mostly none is set: no ─▶ else words in full ─▶ yes or no
 *
 * Why beside Hyperscan, which does the same and more: a name of 40 bytes against 424 expressions costs it 1,900
 * instructions whatever it says, and nine names of ten say nothing. A glance costs 250.
 */
#ifndef PATTERN_GLANCE_H
#define PATTERN_GLANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/slice.h"

enum {
	GLANCE_WORDS_MAX = 1024, /* of a region: among more some is in most texts */
	GLANCE_WORDS_OF_ONE_MAX = 64, /* of one expression */
	GLANCE_LONG = 6, GLANCE_SHORT = 3, /* bytes that are looked up */
	GLANCE_BITS = 1 << 14,
	GLANCE_BUCKETS = 1 << 9,
};

struct plan_glance {
	uint64_t bits[GLANCE_BITS / 64]; /* by hash: some word has these bytes */
	const struct glance_word {
		struct slice text; /* folded */
		uint32_t from; /* of the bytes that are looked up, within it */
		uint32_t hash; /* theirs, below GLANCE_BITS */
	} *words; /* by bucket, which is the hash's low bits */
	uint16_t first[GLANCE_BUCKETS + 1]; /* word of each bucket */
	bool short_of_three; /* a word that is looked up by a character of three bytes alone */
};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first bytes are the low ones");

/* Of the first bytes of eight that are read at once; both below GLANCE_BITS. */
static inline uint32_t glance_hash_long(uint64_t eight)
{
	return (uint32_t)((eight << 16) * UINT64_C(0x9e3779b97f4a7c15) >> 50);
}

static inline uint32_t glance_hash_short(uint64_t eight)
{
	return (uint32_t)((eight << 40) * UINT64_C(0xc2b2ae3d27d4eb4f) >> 50);
}

struct arena;

/*
 * Of these words, one of which is in whatever a region's expressions match. NULL where that cannot be told: there are
 * too many, or one is too short.
 */
const struct plan_glance *glance_build(struct arena *arena, const struct slice *words, uint32_t count);

/* Is some word in the text, valid UTF-8 behind which eight bytes may be read? */
bool glance_finds(const struct plan_glance *glance, struct slice text);

#endif
