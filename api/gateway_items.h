/*
 * Private: what an SMS gateway posts, as items with named fields: a form is one, a JSON object is one, a JSON
 * list is as many as it has. Pure.
 */
#ifndef API_GATEWAY_ITEMS_H
#define API_GATEWAY_ITEMS_H

#include <yyjson.h>

#include "api/form.h"

#define GATEWAY_ITEMS_MAX 500 /* of one call */

struct gateway_items {
	struct form form;
	yyjson_doc *document; /* owned; NULL: the form is the one item */
	size_t count;
};

/* -1 and why. On 0 to be ended with gateway_items_end(). */
int gateway_items_read(struct slice body, bool is_json, struct arena *arena, struct gateway_items *items_r,
                       struct error *error);
void gateway_items_end(struct gateway_items *items);

/* A field of the i-th: a name, or in JSON also a pointer; numbers as their digits. Empty where it is not there. */
struct slice gateway_field(const struct gateway_items *items, size_t i, const char *name, struct arena *arena);

#endif
