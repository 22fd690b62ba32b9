/*
 * How warnings of a level find people: `routing:` of levels.yaml, checked. patterns/README.md shows its shape.
 *
 * A level has steps. Each names whom to tell and how long to wait for an answer before the next: people of the
 * enterprise by their roles, then the call lists of the county's and the city's centre. A level without steps
 * tells nobody.
 */
#ifndef PATTERN_ROUTING_H
#define PATTERN_ROUTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/yaml.h"

#define ROUTING_LEVELS 5 /* as CATALOGUE_LEVELS */
#define ROUTING_STEPS_MAX 8
#define ROUTING_ROLES 5

enum routing_to { ROUTING_PEOPLE, ROUTING_COUNTY, ROUTING_CITY };

struct routing_step {
	enum routing_to to;
	uint8_t roles[ROUTING_ROLES], role_count; /* of PEOPLE: positions in routing_roles, as written */
	bool first; /* by a person's first way only; else by all at once */
	int64_t within_ms; /* until the next step, when nobody answers; 0 on the last */
};

/* Minutes of a day in China; `from` > `to` goes over midnight. Equal: none. */
struct routing_quiet {
	int16_t from, to;
};

struct routing {
	struct routing_level {
		struct routing_step steps[ROUTING_STEPS_MAX];
		size_t step_count;
		bool quiet_kept; /* what comes in a person's quiet hours waits for their end */
	} levels[ROUTING_LEVELS];
	struct routing_quiet quiet; /* of those who gave none */
	int digest_after; /* so many warnings to a person within the window; further ones gather */
	int64_t digest_window_ms;
	int64_t hold_ms; /* what waits for an analyst's release becomes the city's after this */
};

extern const char *const routing_roles[ROUTING_ROLES + 1]; /* "owner" …; NULL at the end */

/* "22:00-07:00"; false where it is none. Empty: no quiet hours (0, 0). */
bool routing_quiet_parse(struct slice text, struct routing_quiet *quiet_r);

/* The shipped rules, for a levels.yaml that has none. */
const struct routing *routing_shipped(void);

/* What `map`, the value of `routing:`, says; what it does not name is as shipped. -1 with file, line and column. */
int routing_read(struct routing *routing_r, const struct yaml *yaml, const struct yaml_node *map,
                 struct error *error);

#endif
