/*
 * Private: percent-encoding (RFC 3986), read strictly: a broken `%`, a character that may not stand bare, and
 * bytes that are no UTF-8 are errors, so that no two readers can understand a request differently. Pure.
 */
#ifndef API_PERCENT_H
#define API_PERCENT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"

struct percent_rules {
	bool plus_is_space; /* as browsers write it in a query or a form */
	bool lines; /* encoded line ends and tabs are allowed, no other control character */
};

/* Decodes `text` in place, at `out`, which is `text->at` of bytes that may be written. `part` names it in an
 * error. */
int percent_decode(struct slice *text, char *out, struct percent_rules rules, const char *part,
                   struct error *error);

#endif
