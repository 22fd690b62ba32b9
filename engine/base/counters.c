#include "base/counters.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"

const struct counter_info counter_infos[COUNTER_COUNT] = {
#define COUNTER(symbol, name, help) [COUNT_##symbol] = {name, help},
#include "base/counters.def"
#undef COUNTER
};

/* Written by its thread only, read by all: relaxed loads and stores, no read-modify-write. */
struct block {
	struct block *next;
	_Atomic uint64_t values[COUNTER_COUNT];
	_Atomic uint64_t aside[COUNTER_FEEDS_MAX][TX_FIELD_COUNT];
};

static struct block *_Atomic blocks;
static _Thread_local struct block *own;

static struct block *block_get(void)
{
	if (own != NULL)
		return own;
	own = calloc(1, sizeof(*own));
	if (own == NULL)
		die("out of memory: a thread's counters");
	own->next = atomic_load(&blocks);
	while (!atomic_compare_exchange_weak(&blocks, &own->next, own))
		;
	return own;
}

static void add(_Atomic uint64_t *value, uint64_t by)
{
	atomic_store_explicit(value, atomic_load_explicit(value, memory_order_relaxed) + by,
	                      memory_order_relaxed);
}

void count(enum counter counter)
{
	add(&block_get()->values[counter], 1);
}

void count_many(enum counter counter, uint64_t by)
{
	add(&block_get()->values[counter], by);
}

void count_aside(unsigned feed, enum tx_field field)
{
	add(&block_get()->aside[feed < COUNTER_FEEDS_MAX ? feed : COUNTER_FEEDS_MAX - 1][field], 1);
}

uint64_t counter_sum(enum counter counter)
{
	uint64_t sum = 0;

	for (struct block *b = atomic_load(&blocks); b != NULL; b = b->next)
		sum += atomic_load_explicit(&b->values[counter], memory_order_relaxed);
	return sum;
}

uint64_t counter_aside_sum(unsigned feed, enum tx_field field)
{
	uint64_t sum = 0;

	for (struct block *b = atomic_load(&blocks); b != NULL; b = b->next)
		sum += atomic_load_explicit(
			&b->aside[feed < COUNTER_FEEDS_MAX ? feed : COUNTER_FEEDS_MAX - 1][field],
			memory_order_relaxed);
	return sum;
}

void counters_clear_for_test(void)
{
	for (struct block *b = atomic_load(&blocks); b != NULL; b = b->next) {
		for (int i = 0; i < COUNTER_COUNT; i++)
			atomic_store_explicit(&b->values[i], 0, memory_order_relaxed);
		for (int f = 0; f < COUNTER_FEEDS_MAX; f++)
			for (int i = 0; i < TX_FIELD_COUNT; i++)
				atomic_store_explicit(&b->aside[f][i], 0, memory_order_relaxed);
	}
}
