/*
 * The plain reference of engine/profile: keeps every transaction of one account for ever, in the order of
 * booking, with its strings, and counts by walking over all of them. Slow, and meant to be read.
 */
#ifndef HUQI_REFERENCE_WINDOW_H
#define HUQI_REFERENCE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/tx.h"
#include "profile/profile.h"

enum { REFERENCE_TEXT_BYTES = 24 };

struct reference_tx {
	int64_t booked_ms, amount_minor, balance_minor;
	char id[REFERENCE_TEXT_BYTES], party[REFERENCE_TEXT_BYTES], name[96], mac[REFERENCE_TEXT_BYTES];
	uint8_t direction, kind, channel;
};

struct reference_history {
	struct reference_tx *txs; /* owned; oldest first, equal times as they came */
	size_t count, capacity;
	bool balance_untold; /* its bank writes 0, also behind the last receipt that had no other balance behind it */
};

void history_free(struct reference_history *history);

/* Puts it in; returns its place, from which the questions below look back. */
size_t history_put(struct reference_history *history, const struct tx *tx, int64_t amount_cny_minor);
bool history_take_back(struct reference_history *history, struct slice id);
bool history_has(const struct reference_history *history, struct slice id);

/* (from, now of `at`]; only what stands up to `at`. `exact` is set. */
void history_window(const struct reference_history *history, size_t at, const struct profile_filter *filter,
                      int64_t from_ms, struct profile_sum *sum_r);

/* When the party (its account, or its name where there is none), or the MAC, was met first; the time of `at`
 * where it was not before. */
int64_t history_first_party(const struct reference_history *history, size_t at);
int64_t history_first_mac(const struct reference_history *history, size_t at);
bool history_is_new(const struct reference_history *history, size_t at);

/* Of the others of that direction: the amount at that rank; TX_ABSENT with fewer than 5. */
int64_t history_percentile(const struct reference_history *history, size_t at, unsigned direction,
                           int permille);

/* Parties of that direction whose first time in it is booked on one of these days of China's calendar, both included. */
int64_t history_newcomers(const struct reference_history *history, unsigned direction, int32_t from, int32_t to);

/*
 * Days in (from, to) of China's calendar with credits whose last balance is at most that share of them.
 */
int64_t history_drained_days(const struct reference_history *history, int32_t from, int32_t to, int permille);

/* Levenshtein's distance of two strings of bytes, by the full table. */
unsigned history_distance(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length);

#endif
