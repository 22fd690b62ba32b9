/*
 * Private: whom an alert was told to, and what they said, as JSON. By default masked (I9): a name keeps its
 * first character, an address what tells its kind, a text loses its long numbers.
 */
#ifndef API_CONTACTED_H
#define API_CONTACTED_H

#include "api/resource.h"

/* Adds `deliveries`, `answers` and `handling_level` to the object. -1 where a reading failed. */
int contacted_add(struct request *request, struct slice alert, bool revealed, yyjson_mut_doc *document,
                  yyjson_mut_val *object, struct error *error);

#endif
