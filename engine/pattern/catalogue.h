/*
 * What all patterns of a folder share: levels.yaml, typologies.yaml, advice.yaml, messages/ (pattern/message.h).
 *
 * Everything lives as long as the catalogue; the same files give the same catalogue.
 */
#ifndef PATTERN_CATALOGUE_H
#define PATTERN_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "pattern/message.h"
#include "pattern/routing.h"

#define CATALOGUE_LEVELS 5 /* none, blue, yellow, orange, red */

struct catalogue_entry {
	struct slice id, zh, en; /* "V01"; "a1" */
};

struct catalogue {
	uint8_t score_of_level[CATALOGUE_LEVELS]; /* [0] is 0; rising */
	uint8_t score_cap;
	int64_t episode_gap_ms;
	struct routing routing; /* whom a level tells, and when */
	const struct catalogue_entry *typologies, *advice; /* in the files' order */
	size_t typology_count, advice_count;
	const struct message_template *messages; /* in the files' order, files by name */
	const struct message_phrase *phrases;
	size_t message_count, phrase_count;
	struct slice signature; /* who writes; set by whoever loads it, borrowed. Empty: MESSAGE_SIGNATURE */
};

/* A missing levels.yaml means the shipped levels, another missing file none of its names. What is
 * wrong in messages/ refuses the catalogue, too. */
int catalogue_load(const char *dir, struct catalogue **catalogue_r, struct error *error);
void catalogue_free(struct catalogue **catalogue);

/* NULL where there is none. */
const struct catalogue_entry *catalogue_typology(const struct catalogue *catalogue, struct slice id);
const struct catalogue_entry *catalogue_advice(const struct catalogue *catalogue, struct slice id);

/* The template that fits best; NULL where none does. Level 0: only one for any level. */
const struct message_template *catalogue_message(const struct catalogue *catalogue, enum message_kind kind,
                                                 struct slice channel, struct slice typology, uint8_t level);
const struct message_phrase *catalogue_phrase(const struct catalogue *catalogue, struct slice typology);

#endif
