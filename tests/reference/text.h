/*
 * Text parts the slow way: literals by looking at every place, regular expressions as sets of places, by a
 * parser of their own. Knows the same language as pattern/regex.h and nothing of its code.
 */
#ifndef TESTS_REFERENCE_TEXT_H
#define TESTS_REFERENCE_TEXT_H

#include <stdbool.h>

#include "base/tx.h"

/* Is the entry (a literal, or a regular expression between slashes) in the text of these fields, joined in
 * order? */
bool reference_text(const char *entry, const struct tx *tx, const enum tx_field *fields, int field_count);

#endif
