/*
 * Amounts: int64 minor units of a currency, never a double.
 *
 * The currencies and their decimals are ISO 4217's active list (currencies.def), CNY first.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define MONEY_CNY 0
#define MONEY_TEXT_BYTES 24 /* "-9223372036854775808", a point, a zero */

struct money_currency {
	char code[4];
	uint8_t decimals;
};

/* The number of a currency code in upper case, -1 where ISO 4217 has none such. */
int money_currency_find(struct slice code);
const struct money_currency *money_currency(uint8_t currency);

enum { MONEY_CURRENCIES = 256 }; /* that a currency's byte can tell apart */

/* Millionths of CNY for one unit of each currency where nobody set a rate (rates.def); 0: none. */
void money_built_in_rates(int64_t rates_r[MONEY_CURRENCIES]);

enum money_fault { MONEY_OK, MONEY_NOT_A_NUMBER, MONEY_TOO_FINE, MONEY_TOO_LARGE };

/*
 * Reads `0|[1-9][0-9]*` with an optional point and digits; digits beyond the currency's decimals must be zeros.
 * A leading `-` only where `negative_allowed`. The value in minor units goes to `minor_r`.
 */
enum money_fault money_parse(struct slice text, uint8_t currency, bool negative_allowed, int64_t *minor_r);

/* "480000.00": all the currency's decimals, no separators. Returns the length. */
int money_format(int64_t minor, uint8_t currency, char text_r[MONEY_TEXT_BYTES]);

/* "480,000.00", for people. `text_r` holds MONEY_GROUPED_BYTES. */
#define MONEY_GROUPED_BYTES 32
int money_format_grouped(int64_t minor, uint8_t currency, char text_r[MONEY_GROUPED_BYTES]);

#endif
