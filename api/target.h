/*
 * Private: what a request's first line asks for. Pure, and fuzzed.
 *
 * Percent-encoding is read strictly: a broken `%`, a control character, bytes that are no UTF-8, a parameter
 * twice or without a value are errors, so that no two readers can understand a request differently. `+` in a
 * query is a space, as browsers write it.
 */
#ifndef API_TARGET_H
#define API_TARGET_H

#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"

#define TARGET_SEGMENTS_MAX 8
#define TARGET_PARAMETERS_MAX 16
#define TARGET_NAME_BYTES 128

struct target {
	struct slice segments[TARGET_SEGMENTS_MAX]; /* "/" has none */
	size_t segment_count;
	struct {
		struct slice name, value;
	} parameters[TARGET_PARAMETERS_MAX];
	size_t parameter_count;
	char faulty[TARGET_NAME_BYTES]; /* the parameter that the last error was about, "" where it was none */
};

/* Reads `text` ("/api/v1/alerts?limit=5") and decodes it in place; the slices borrow from it. -1 and why. */
int target_parse(char *text, struct target *target_r, struct error *error);

/* A parameter's value; `at` NULL where it is not given. */
struct slice target_parameter(const struct target *target, const char *name);

/* -1 with the nearest name where there is a parameter that is none of `names` (NULL-ended). */
int target_check_names(struct target *target, const char *const *names, struct error *error);

#endif
