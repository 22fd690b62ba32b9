/*
 * Reading the tests that stand in a pattern: test_read.c the test itself, test_feed.c its transactions,
 * test_words.c what stands for a party, an amount or a time of its history.
 */
#ifndef PATTERN_TEST_READ_H
#define PATTERN_TEST_READ_H

#include "base/arena.h"
#include "pattern/pattern.h"
#include "pattern/source.h"

/* The pattern's `tests`. */
void tests_read(struct source *source, struct arena *arena, const struct yaml_node *root, struct pattern *p);

/* `feed` of a test. */
void test_feed_read(struct source *source, struct arena *arena, const struct yaml_node *node,
                    struct pattern_test *test);

/* {as: supplier2}, {named: …}, {like: …}: fills the party of `tx`; other keys of the map are left alone. */
void test_party_read(struct source *source, const struct yaml_node *party, struct pattern_test_tx *tx);
bool test_party_key(struct slice key);

/* Is the amount words (`usual`, `3x large`, `90% of balance`)? Then it is read into `tx`. */
bool test_amount_read(struct source *source, const struct yaml_node *node, struct pattern_test_tx *tx);

/* `after: 26h`: false, and reported, where it is no duration. */
bool test_after_read(struct source *source, const struct yaml_node *node, int64_t *ms_r);

#endif
