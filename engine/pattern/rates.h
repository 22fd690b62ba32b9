/*
 * Amounts of other currencies in CNY. One function for literals and transactions, so that 50 USD in a
 * condition is exactly a transaction's 50 USD.
 */
#ifndef PATTERN_RATES_H
#define PATTERN_RATES_H

#include <stdint.h>

#include "base/error.h"
#include "pattern/pattern.h"

#define RATE_MICROS_MAX INT64_C(1000000000000) /* a million CNY for one unit */

/* Fills `rates` (CNY micros by currency, 0: none) from the options, or those built in; -1 where one is out of range. */
int rates_read(const struct pattern_options *options, int64_t rates[256], struct error *error);

/* Millionths of a major unit → minor units of CNY, halves up. `micros` is at most INT64_MAX millions, not
 * negative. */
__int128 rate_convert(__int128 micros, int64_t rate_micros);

#endif
