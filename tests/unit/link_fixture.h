/*
 * Random events for `link`, put in any order, and what came out.
 */
#ifndef TESTS_LINK_FIXTURE_H
#define TESTS_LINK_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/link.h"
#include "link/state.h"
#include "tests/reference/link.h"

enum { LINK_EVENTS = 512 };

struct link_case {
	struct link_rule rule;
	struct reference_link_event events[LINK_EVENTS];
	size_t count;
	char accounts[LINK_EVENTS][24], ids[LINK_EVENTS][24];
	/* what came out, by event */
	bool hit[LINK_EVENTS];
	uint64_t group[LINK_EVENTS]; /* the least reported */
	size_t reports;
};

#define LINK_T0 INT64_C(1772416800000)
#define LINK_MINUTE INT64_C(60000)

/* A rule of pattern `t`, within 600 minutes. */
struct link_rule link_rule_of(enum link_kind kind, enum link_shape shape, uint32_t at_least);

/* Event `i` of the case; slices point into it. */
struct link_event link_event_of(const struct link_case *c, size_t i);

void link_forget_reports(struct link_case *c);
/* Puts event `i`; what comes out is noted in the case. */
void link_put_one(struct link_case *c, struct link *link, size_t i);
/* All events in this order into an empty link. */
void link_run(struct link_case *c, const size_t *order);
void link_shuffle(size_t *order, size_t count, uint64_t *random);
uint32_t link_random(uint64_t *state, uint32_t below);

/* Against the reference, then 200 shuffles: the same hits, in the same groups (I2). */
void link_check(struct link_case *c, uint64_t seed);

#endif
