/*
 * The three small files beside the patterns: from scores to levels, and the names and advice that people read.
 */
#ifndef PATTERN_LEVELS_H
#define PATTERN_LEVELS_H

#include "pattern/pattern.h"

enum { PATTERN_LEVEL_COUNT = 4 };

/* "blue", "yellow", "orange", "red". */
extern const char *const pattern_level_names[PATTERN_LEVEL_COUNT];

/* levels.yaml: {levels: {blue: 20, …}, score_cap: 100, episode_gap: 24h} */
struct pattern_levels {
	uint32_t least[PATTERN_LEVEL_COUNT]; /* the score from which a level holds; ascending */
	uint32_t score_cap;
	int64_t episode_gap_ms;
};

/* Reads `dir`/levels.yaml; -1 with its first fault. */
int pattern_levels_load(const char *dir, struct pattern_levels *levels_r, struct error *error);

/* typologies.yaml and advice.yaml: {V01: {zh: …, en: …}, …} and {a1: {zh: …, en: …}, …}. Immutable. */
struct pattern_names;
int pattern_names_load(const char *dir, struct pattern_names **names_r, struct error *error);
void pattern_names_free(struct pattern_names **names);

/* NULL where there is none. As long as the names live. */
const struct pattern_words *pattern_names_typology(const struct pattern_names *names, struct slice code);
const struct pattern_words *pattern_names_advice(const struct pattern_names *names, struct slice code);

#endif
