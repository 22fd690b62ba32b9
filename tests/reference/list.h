/*
 * A list as a plain array, looked up by going through it: the slow reference of reference/.
 */
#ifndef TESTS_REFERENCE_LIST_H
#define TESTS_REFERENCE_LIST_H

#include "reference/reference.h"

/*
 * The latest expiry among the entries of that kind and value (byte for byte); INT64_MIN where there is none.
 */
int64_t plain_list_expiry(const struct reference_entry *entries, size_t count, uint8_t kind,
                          struct slice value);

#endif
