/*
 * What a test's patterns may look up: its lists, and the facts of its enterprise as the test gives them, else
 * as its history has them.
 */
#ifndef WORKSHOP_TEST_FACTS_H
#define WORKSHOP_TEST_FACTS_H

#include "reference/reference.h"
#include "workshop/history.h"

/* Held for the caller; NULL where there is nothing to look up. -1: a value or fact is refused, with why. */
int test_facts(const struct pattern *pattern, const struct pattern_test *test, const struct history *history,
               struct reference **reference_r, struct error *error);

#endif
