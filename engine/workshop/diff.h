/*
 * Two pattern sets over one feed: which alerts came, went, or changed their level.
 *
 * An alert of one set is that of the other where bank, account, typology and audience are the same and their
 * times overlap; the first that does, in the order of time.
 */
#ifndef WORKSHOP_DIFF_H
#define WORKSHOP_DIFF_H

#include "base/arena.h"
#include "judge/judge.h"
#include "workshop/workshop.h"

struct diff_alert {
	struct slice bank, account, typology, first_tx, patterns; /* patterns: ids with blanks between, each once */
	int64_t opened_ms, updated_ms;
	uint8_t audience, level;
	const struct diff_alert *other; /* of the other set; NULL: it has none */
};

/* What one set found. */
struct diff_side {
	struct diff_alert *alerts; /* owned; by bank, account, typology, audience, time */
	size_t count, capacity;
	struct pattern_set *set; /* held */
	struct arena arena; /* owned */
};

enum diff_change { DIFF_GAINED, DIFF_LOST, DIFF_RAISED, DIFF_LOWERED, DIFF_CHANGES };

struct diff_typology {
	char code[4];
	uint32_t before, after, changes[DIFF_CHANGES];
};

struct diff {
	uint64_t txs;
	struct diff_side before, after;
	struct diff_typology *typologies; /* owned; those with an alert, V before M */
	size_t typology_count;
};

/* How `alert` of that side changed; DIFF_CHANGES: it did not, or the other side tells it. */
enum diff_change diff_change_of(const struct diff_alert *alert, bool after);

#endif
