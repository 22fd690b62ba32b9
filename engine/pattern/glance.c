#include "pattern/glance.h"

#include "pattern/read.h"

static uint64_t eight_at(const char *at, size_t left)
{
	uint64_t eight = 0;

	memcpy(&eight, at, left < sizeof(eight) ? left : sizeof(eight));
	return eight;
}

static inline size_t width_of(char lead)
{
	unsigned char byte = (unsigned char)lead;

	return 1u + (byte >= 0xC0) + (byte >= 0xE0) + (byte >= 0xF0);
}

/* ---- building ---- */

/* How often each place of the bits is asked for, by all words: a wrong neighbour only makes a choice worse. */
static void count_places(const struct slice *words, uint32_t count, uint16_t places[GLANCE_BITS])
{
	for (uint32_t i = 0; i < count; i++)
		for (size_t at = 0; at + GLANCE_LONG <= words[i].length; at += width_of(words[i].at[at]))
			places[glance_hash_long(eight_at(words[i].at + at, words[i].length - at))]++;
}

/* The characters to look the word up by: those that fewest words have, of equals the last. */
static struct glance_word choose(struct slice text, const uint16_t places[GLANCE_BITS])
{
	struct glance_word word = {.text = text, .hash = glance_hash_short(eight_at(text.at, text.length))};
	uint32_t fewest = UINT32_MAX;

	for (size_t at = 0; at + GLANCE_LONG <= text.length; at += width_of(text.at[at])) {
		uint32_t hash = glance_hash_long(eight_at(text.at + at, text.length - at));
		if (places[hash] > fewest)
			continue;
		fewest = places[hash];
		word.from = (uint32_t)at;
		word.hash = hash;
	}
	return word;
}

/* Sorted by bucket, by counting. */
static void fill(struct plan_glance *glance, struct glance_word *words, const struct slice *texts, uint32_t count,
                 const uint16_t places[GLANCE_BITS])
{
	uint16_t next[GLANCE_BUCKETS];

	for (uint32_t i = 0; i < count; i++)
		glance->first[choose(texts[i], places).hash % GLANCE_BUCKETS + 1]++;
	for (uint32_t bucket = 0; bucket < GLANCE_BUCKETS; bucket++) {
		glance->first[bucket + 1] = (uint16_t)(glance->first[bucket + 1] + glance->first[bucket]);
		next[bucket] = glance->first[bucket];
	}
	for (uint32_t i = 0; i < count; i++) {
		struct glance_word word = choose(texts[i], places);
		glance->bits[word.hash / 64] |= UINT64_C(1) << word.hash % 64;
		words[next[word.hash % GLANCE_BUCKETS]++] = word;
		glance->short_of_three |= word.text.length < GLANCE_LONG && (word.text.at[0] & 0xF0) == 0xE0;
	}
}

const struct plan_glance *glance_build(struct arena *arena, const struct slice *words, uint32_t count)
{
	uint16_t places[GLANCE_BITS] = {0};
	struct plan_glance *glance;
	struct glance_word *sorted;

	if (count > GLANCE_WORDS_MAX)
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		if (words[i].length < GLANCE_SHORT)
			return NULL;
	count_places(words, count, places);
	glance = read_take(arena, sizeof(*glance));
	memset(glance, 0, sizeof(*glance));
	glance->words = sorted = read_take(arena, count * sizeof(*sorted));
	fill(glance, sorted, words, count, places);
	return glance;
}

/* ---- looking ---- */

/* Does a word stand where these bytes are? */
static bool stands_here(const struct plan_glance *glance, uint32_t hash, const char *at, struct slice text)
{
	size_t before = (size_t)(at - text.at), behind = text.length - before;
	uint32_t bucket = hash % GLANCE_BUCKETS;

	for (uint32_t i = glance->first[bucket]; i < glance->first[bucket + 1]; i++) {
		const struct glance_word *word = &glance->words[i];
		if (word->hash == hash && word->from <= before && word->text.length - word->from <= behind &&
		    memcmp(at - word->from, word->text.at, word->text.length) == 0)
			return true;
	}
	return false;
}

static inline bool is_set(const struct plan_glance *glance, uint32_t hash)
{
	return glance->bits[hash / 64] >> hash % 64 & 1;
}

static inline bool begins_here(const struct plan_glance *glance, const char *at, struct slice text, bool shorts)
{
	uint64_t eight;
	uint32_t hash;

	memcpy(&eight, at, sizeof(eight));
	hash = glance_hash_long(eight);
	if (is_set(glance, hash) && stands_here(glance, hash, at, text))
		return true;
	hash = glance_hash_short(eight);
	return shorts && is_set(glance, hash) && stands_here(glance, hash, at, text);
}

bool glance_finds(const struct plan_glance *glance, struct slice text)
{
	const char *at = text.at, *end = at + text.length;

	while (at < end) {
		/* Most is Chinese, of which hardly a word is short. */
		for (; at < end && (*at & 0xF0) == 0xE0; at += 3)
			if (begins_here(glance, at, text, glance->short_of_three))
				return true;
		for (; at < end && (*at & 0xF0) != 0xE0; at += width_of(*at))
			if (begins_here(glance, at, text, true))
				return true;
	}
	return false;
}
