/*
 * A pattern without one of its conditions, to see whether its tests miss it (pattern_options.weakened).
 *
 * Neither the file's bytes nor its tree change. `detect` is read once more for each condition, by the same readers:
 * wherever something could be left out they ask here, in an order that is the same every time, whether this is the
 * one. What is left is checked, folded and compiled as everything else is.
 *
 *   reading 0: nothing is left out, n are counted ─▶ readings 1 … n: the k-th is left out ─▶ n copies
 *
 * What counts as a condition: a list of a text (each entry of `all`), whatever `and` joins in `where` and `having`
 * (and what `or` joins behind a `not`, which is the same; `<by-hand>` is one), each key of a step but its name, the
 * bounds of a sequence, a link or a path, each of these two as a whole, a `list`, an `any_of`. Of those where one is
 * enough, each alternative, too: without it the pattern is not weaker but narrower. Not: numbers and words by
 * themselves; they could be a little different in endless ways.
 */
#ifndef PATTERN_WEAKEN_H
#define PATTERN_WEAKEN_H

#include "pattern/builder.h"
#include "pattern/condition.h"

struct weakening {
	uint32_t wanted; /* which is left out, from 1; 0: none */
	uint32_t seen;
	struct pattern_lack lack; /* what was left out */
};

/* Is the value `node` left out? `part` says what it is, such as "text none", and is borrowed for good. */
bool weaken_value(struct reader *reader, const struct yaml_node *node, const char *part);
/* The same for one of several of which one is enough. */
bool weaken_alternative(struct reader *reader, const struct yaml_node *node, const char *part);

/* The checked tree of the scalar `node` without what is left out of it; NULL where nothing remains. */
struct condition_node *weaken_condition(struct reader *reader, const struct yaml_node *node, const char *part,
                                        struct condition_node *root);

#endif
