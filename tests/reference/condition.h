/*
 * A condition by walking its checked tree: slow, plain, with 128-bit integers, and nothing of the flat
 * program. The account's memory is a list of transactions, and each question to it a walk over all of them.
 */
#ifndef TESTS_REFERENCE_CONDITION_H
#define TESTS_REFERENCE_CONDITION_H

#include "pattern/condition.h"
#include "reference/reference.h"

struct reference_input {
	const struct tx *tx;
	const int64_t *rates; /* CNY micros by currency, 0: none */
	const struct tx *history; /* of one account, in the order of booking; the last is `tx` */
	size_t history_count; /* 0: no memory */
	const struct reference *reference; /* NULL: none */
};

/* 1 yes, 0 no, -1 neither. */
int reference_condition(const struct condition_node *root, const struct reference_input *input);

/* What the parts of the walk share. */
struct reference_value {
	bool absent;
	__int128 number; /* micros, fen, ms, a word's number, or 0 and 1 */
	struct slice text;
};
struct reference_value reference_number(__int128 number);
struct reference_value reference_amount(const struct reference_input *input, const struct tx *tx, int64_t minor);

/* condition_memory.c: a call that asks the account's memory; false where it asks something else. */
bool reference_memory_call(const struct reference_input *input, const struct condition_node *call,
                           struct reference_value *value_r);
/* Folds into `out` (8,192 bytes); the folded text. */
struct slice reference_folded(struct slice text, char *out);

/* Stand-ins, for what is too clever to be said plainly twice: any function of their arguments will do. */
int64_t reference_some_days(int permille, int64_t window_ms);
int64_t reference_some_distance(const struct tx *tx); /* TX_ABSENT: none */
unsigned reference_some_places(size_t history_count, bool neighbours, unsigned *elsewhere_r);
/* As profile_name_provinces(): of Zhejiang, Fujian, both, none, or one that isn't told. */
uint32_t reference_some_provinces(size_t history_count);

#endif
