/*
 * Links and money paths as their definitions say, by looking at everything: all windows, all ways, all
 * splits. For a few dozen events.
 */
#ifndef TESTS_REFERENCE_LINK_H
#define TESTS_REFERENCE_LINK_H

#include "base/link_event.h"

struct reference_link_event {
	int64_t booked_ms, amount_minor;
	uint64_t key, who, from, to;
	bool credit, listed;
};

/* Which of the events hit, once all are there. */
void reference_link(const struct link_rule *rule, const struct reference_link_event *events, size_t count,
                    bool *hits_r);

#endif
