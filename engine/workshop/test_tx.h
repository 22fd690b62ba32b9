/*
 * One test under way, as far as its transactions depend on it.
 */
#ifndef WORKSHOP_TEST_TX_H
#define WORKSHOP_TEST_TX_H

#include "base/error.h"
#include "workshop/history.h"

struct test_story {
	const struct history *history; /* borrowed; NULL: none */
	int64_t balance_minor; /* of the default account now; TX_ABSENT: not known */
	struct arena arena; /* owned; texts of the test's transactions */
};

/* `tx` as decoded from asked->json becomes what the test means; texts are the history's or the story's. */
int test_tx_fill(struct test_story *story, const struct pattern_test_tx *asked, struct tx *tx,
                 struct error *error);

#endif
