/*
 * `detect` as it is written: kept to explain a pattern in its own words, and to see where two patterns say
 * the same.
 */
#ifndef PATTERN_WRITTEN_H
#define PATTERN_WRITTEN_H

#include "base/arena.h"
#include "base/yaml.h"
#include "pattern/faults.h"
#include "pattern/pattern.h"

/* The members of the map `detect`, each on one line, in the arena. */
const struct pattern_written *written_keep(struct arena *arena, const struct yaml_node *detect,
                                           uint32_t *count_r);

/* A value on one line, in the arena. */
struct slice written_value(struct arena *arena, const struct yaml_node *node);

/*
 * Warns of every pattern that another one of its typology and audience makes idle: all that is asked there is
 * asked here, too; or the same words stand in both.
 */
void overlap_check(struct faults *faults, const struct pattern_set *set);

#endif
