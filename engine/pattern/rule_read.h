/*
 * What `link` and `path` have in common: values with units, and what the rule takes from its pattern.
 */
#ifndef PATTERN_RULE_READ_H
#define PATTERN_RULE_READ_H

#include "pattern/builder.h"

/*
 * A literal of this type with its unit (`24h`, `10%`, `50万`), from `least` to `most` in the type's unit
 * (program.h), as `bounds` says in words. False where it is absent, or wrong and reported.
 */
bool rule_value(struct reader *reader, const struct yaml_node *map, const char *key, enum value_type type,
                int64_t least, int64_t most, const char *bounds, int64_t *value_r);

/* `3` or `3..5` within [least, most]; false where it is absent, or wrong and reported. */
bool rule_range(struct reader *reader, const struct yaml_node *map, const char *key, uint32_t least,
                uint32_t most, uint8_t *from_r, uint8_t *to_r);

/*
 * A link's or path's plan with the pattern's texts; NULL and a fault where the part may not stand
 * here.
 */
struct plan_link *rule_begin(struct reader *reader, const struct yaml_node *node, const char *part);

#endif
