/*
 * Private: the body of a form (application/x-www-form-urlencoded). Pure, and fuzzed.
 *
 * Read as strictly as a query (percent.h), but that a value may be empty and may hold encoded line ends: a
 * browser sends what stands in a text field like this. A name twice is an error.
 */
#ifndef API_FORM_H
#define API_FORM_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

#define FORM_FIELDS_MAX 16
#define FORM_BYTES_MAX (16 * 1024)

struct form {
	struct {
		struct slice name, value;
	} fields[FORM_FIELDS_MAX];
	size_t count;
};

/* The fields, in `arena`. -1 and why. */
int form_parse(struct slice body, struct arena *arena, struct form *form_r, struct error *error);

/* A field's value; `at` NULL where there is none of this name. */
struct slice form_field(const struct form *form, const char *name);

#endif
