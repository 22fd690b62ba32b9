/*
 * How large an account's debits, and its credits, usually are: a histogram of bins whose bounds stand √2
 * apart.
 *
 * Every 45 days by China's calendar (days since 1970 divided by 45) all counts are halved, and those of
 * one direction when a count would pass 255. An odd count's half goes up in every second bin, so that a
 * single amount fades away in the end and no direction is left empty-handed at once.
 */
#ifndef PROFILE_AMOUNTS_H
#define PROFILE_AMOUNTS_H

#include "profile/account.h"

enum { AMOUNTS_HALF_DAYS = 45, AMOUNTS_LEAST = 5 };

void amounts_add(struct amounts *amounts, int64_t amount_minor);
void amounts_take_back(struct amounts *amounts, int64_t amount_minor);

/* Days have gone by: halves as often as a period of 45 days began in between. */
void amounts_fade(struct amounts *amounts, int32_t before, int32_t today);

/*
 * That share lies at or below; within the bin by straight line. `left_out` (0: none) is an amount that is
 * in and doesn't count. TX_ABSENT with less than AMOUNTS_LEAST.
 */
int64_t amounts_percentile(const struct amounts *amounts, int64_t left_out_minor, int permille);

/* How many of the first `count` that are stored are 15 and more; 64 bytes of halves can be read. */
unsigned amounts_large(const uint8_t *halves, unsigned count);

/* The bin of an amount > 0, and the least amount that is in a bin. */
unsigned amounts_bin(int64_t amount_minor);
int64_t amounts_bin_from(unsigned bin);

#endif
