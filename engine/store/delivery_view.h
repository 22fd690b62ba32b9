/*
 * Deliveries for people who look at an alert: who was told what, how far it is, and where it goes. Names and
 * addresses come opened; whoever shows them masks them (I9).
 */
#ifndef STORE_DELIVERY_VIEW_H
#define STORE_DELIVERY_VIEW_H

#include "base/arena.h"
#include "store/connection.h"

#define STORE_VIEWS_MAX 500 /* of one alert that are ever shown, the oldest first */

struct delivery_view {
	struct slice id, channel, address, name, role; /* of the contact; "" where he is no longer registered */
	struct slice owner; /* whose contact: USCC of an enterprise, or the code of a centre */
	struct slice reason, receipt;
	int64_t contact; /* 0: no longer registered */
	int64_t attempts, created_ms, due_ms, settled_ms, receipt_ms; /* 0: not yet */
	int64_t step;
	uint8_t level, state, kind;
};

int store_deliveries_view(struct store *store, struct slice alert, struct arena *arena, struct delivery_view **rows_r,
                          size_t *count_r, struct error *error);

#endif
