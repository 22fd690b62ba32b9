/*
 * Whom a step tells, and when: pure, of the registry's rows, the rules and a moment.
 *
 * Each role of a step means all contacts who have it; one who is absent is his stand-in, or the stand-in's, as long
 * as that is somebody who can be reached. A role that nobody has, and an absent contact for whom nobody stands in,
 * fall to the next contact by rank who is there and was not told of this level yet. Somebody who was told of it is not
 * told again.
 */
#ifndef NOTIFY_CHOOSE_H
#define NOTIFY_CHOOSE_H

#include "pattern/pattern.h"
#include "store/store.h"

#define CHOOSE_STAND_INS_MAX 8 /* of a chain of stand-ins; who stands in behind is not looked for */

/* What of the rules matters to whom is chosen. */
struct choose_rules {
	const struct routing_step *step; /* to people */
	bool quiet_kept;
	struct routing_quiet quiet; /* of those who gave none */
};

struct chosen {
	size_t contact; /* its place in the rows given */
	int64_t at_ms; /* now, or when his quiet hours are over */
};

/*
 * `told[i]`: the i-th contact was told of this level. Fills `chosen_r` (room for `count`), by the roles as written
 * and then by rank; returns how many.
 */
size_t choose_people(const struct choose_rules *rules, const struct contact_row *contacts, size_t count,
                     const bool *told, int64_t now_ms, struct chosen *chosen_r);

/* The contact, or who stands in for him at `at_ms`; `count` where nobody does. */
size_t choose_present(const struct contact_row *contacts, size_t count, size_t contact, int64_t at_ms);

/* When the quiet hours are over in which `now_ms` lies; `now_ms` where it lies in none. On a clock in China. */
int64_t choose_quiet_end(const struct routing_quiet *quiet, int64_t now_ms);

#endif
