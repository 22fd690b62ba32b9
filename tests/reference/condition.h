/*
 * A condition by walking its checked tree: slow, plain, with 128-bit integers, and nothing of the flat
 * program.
 */
#ifndef TESTS_REFERENCE_CONDITION_H
#define TESTS_REFERENCE_CONDITION_H

#include "pattern/condition.h"

/* 1 yes, 0 no, -1 neither. `rates` is CNY micros by currency, 0: none. */
int reference_condition(const struct condition_node *root, const struct tx *tx, const int64_t *rates);

#endif
