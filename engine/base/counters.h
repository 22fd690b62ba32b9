/*
 * Counters. Each thread adds to a block of its own without a lock; readers sum the blocks. A block outlives its
 * thread, so nothing counted is ever lost.
 *
 * Fields of transactions that were set aside are counted by feed and field.
 */
#ifndef BASE_COUNTERS_H
#define BASE_COUNTERS_H

#include <stdint.h>

#include "base/tx.h"

#define COUNTER_FEEDS_MAX 64 /* feeds (topics or files) with counters of their own; those beyond share the last */

enum counter {
#define COUNTER(symbol, name, help) COUNT_##symbol,
#include "base/counters.def"
#undef COUNTER
	COUNTER_COUNT
};

struct counter_info {
	const char *name; /* in /metrics with the prefix `huqi_` */
	const char *help;
};

extern const struct counter_info counter_infos[COUNTER_COUNT];

void count(enum counter counter);
void count_many(enum counter counter, uint64_t by);
void count_aside(unsigned feed, enum tx_field field);

uint64_t counter_sum(enum counter counter);
uint64_t counter_aside_sum(unsigned feed, enum tx_field field);

void counters_clear_for_test(void);

#endif
