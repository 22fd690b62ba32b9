/*
 * Reading checked values out of a YAML map: each function takes what it can, reports what is wrong with its
 * place, and leaves the value empty then, so that one look at a file finds all its faults.
 */
#ifndef PATTERN_READ_H
#define PATTERN_READ_H

#include "base/arena.h"
#include "pattern/source.h"

/* Reports every member of `map` that is not in `known` (ended by NULL), and `map` itself where it is no
 * map. */
bool read_map(struct source *source, const struct yaml_node *map, const char *what, const char *const *known);

/* The member `key`; reports its absence where it is required. NULL where it is absent. */
const struct yaml_node *read_member(struct source *source, const struct yaml_node *map, const char *key,
                                    bool required);

/* A text that is not empty; at NULL where there is none. Copied into the arena. */
struct slice read_text(struct source *source, struct arena *arena, const struct yaml_node *map,
                       const char *key, bool required);

/* A whole number; 0 where there is none. */
uint32_t read_number(struct source *source, const struct yaml_node *map, const char *key, uint32_t least,
                     uint32_t most, bool required);

/* The position of a word in `words` (ended by NULL); -1 where there is none. */
int read_word(struct source *source, const struct yaml_node *map, const char *key, const char *const *words,
              bool required);

/* {zh: …, en: …}, both. */
struct pattern_words read_words(struct source *source, struct arena *arena, const struct yaml_node *node,
                                const char *what);

/* A list of texts, or one text alone. */
const struct slice *read_list(struct source *source, struct arena *arena, const struct yaml_node *map,
                              const char *key, uint32_t *count_r);

/* "one of `a`, `b`, `c`", or the one that is near: " (did you mean `b`?)". */
const char *read_choices(struct slice wrong, const char *const *words, char *out, size_t size);

void *read_take(struct arena *arena, size_t bytes); /* never NULL */

#endif
