#include "base/money.h"

#include <string.h>

#include "base/error.h"

static const struct money_currency currencies[] = {
#define CURRENCY(code, decimals) {#code, decimals},
#include "base/currencies.def"
#undef CURRENCY
};

enum { CURRENCY_COUNT = sizeof(currencies) / sizeof(currencies[0]) };
_Static_assert(CURRENCY_COUNT <= UINT8_MAX, "a currency's number is one byte");

int money_currency_find(struct slice code)
{
	int low = 1, high = CURRENCY_COUNT - 1;

	if (code.length != 3)
		return -1;
	if (memcmp(code.at, "CNY", 3) == 0)
		return MONEY_CNY;
	while (low <= high) {
		int middle = (low + high) / 2, order = memcmp(code.at, currencies[middle].code, 3);
		if (order == 0)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}

const struct money_currency *money_currency(uint8_t currency)
{
	return &currencies[currency < CURRENCY_COUNT ? currency : 0];
}

void money_built_in_rates(int64_t rates_r[MONEY_CURRENCIES])
{
	static const struct {
		const char *code;
		int64_t cny_millionths;
	} rates[] = {
#define RATE(code, cny_millionths) {code, cny_millionths},
#include "base/rates.def"
#undef RATE
	};

	memset(rates_r, 0, MONEY_CURRENCIES * sizeof(*rates_r));
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		int currency = money_currency_find(slice_of(rates[i].code));
		if (currency == -1)
			die("rates.def: %s is no currency of currencies.def", rates[i].code);
		rates_r[currency] = rates[i].cny_millionths;
	}
}

/* The digits so far: below zero, so that INT64_MIN fits. */
struct amount {
	int64_t negative;
	bool fits;
};

static inline __attribute__((always_inline)) bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline __attribute__((always_inline)) void take_digit(struct amount *amount, char digit)
{
	int64_t next;

	if (__builtin_expect(amount->negative > -INT64_C(100000000000000000), 1)) /* ten times that still fits */
		amount->negative = amount->negative * 10 - (digit - '0');
	else if (__builtin_mul_overflow(amount->negative, 10, &next) || __builtin_sub_overflow(next, digit - '0', &next))
		amount->fits = false;
	else
		amount->negative = next;
}

enum money_fault money_parse(struct slice text, uint8_t currency, bool negative_allowed, int64_t *minor_r)
{
	const char *at = text.at, *end = text.at + text.length, *whole;
	unsigned decimals = money_currency(currency)->decimals, seen = 0; /* decimals read */
	bool minus = negative_allowed && at < end && *at == '-';
	struct amount amount = {0, true};

	if (minus)
		at++;
	for (whole = at; at < end && is_digit(*at); at++)
		take_digit(&amount, *at);
	if (at == whole || (*whole == '0' && at - whole > 1))
		return MONEY_NOT_A_NUMBER;
	if (at < end && *at == '.') {
		bool fine = true;
		if (++at == end)
			return MONEY_NOT_A_NUMBER;
		for (; at < end && is_digit(*at); at++, seen++) {
			if (seen < decimals)
				take_digit(&amount, *at);
			else if (*at != '0')
				fine = false;
		}
		if (!fine && at == end)
			return MONEY_TOO_FINE;
	}
	if (at != end)
		return MONEY_NOT_A_NUMBER;
	for (; seen < decimals; seen++)
		take_digit(&amount, '0');
	if (!amount.fits || (!minus && amount.negative == INT64_MIN))
		return MONEY_TOO_LARGE;
	*minor_r = minus ? amount.negative : -amount.negative;
	return MONEY_OK;
}

int money_format(int64_t minor, uint8_t currency, char text_r[MONEY_TEXT_BYTES])
{
	unsigned decimals = money_currency(currency)->decimals, written = 0;
	uint64_t left = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	char digits[MONEY_TEXT_BYTES], *at = digits + sizeof(digits);

	for (; written <= decimals || left != 0; written++, left /= 10) {
		if (written == decimals && decimals > 0)
			*--at = '.';
		*--at = (char)('0' + left % 10);
	}
	if (minor < 0)
		*--at = '-';
	memcpy(text_r, at, (size_t)(digits + sizeof(digits) - at));
	text_r[digits + sizeof(digits) - at] = '\0';
	return (int)(digits + sizeof(digits) - at);
}

int money_format_grouped(int64_t minor, uint8_t currency, char text_r[MONEY_GROUPED_BYTES])
{
	char plain[MONEY_TEXT_BYTES];
	int length = money_format(minor, currency, plain), at = 0, out = 0, whole;
	const char *point = strchr(plain, '.');

	whole = point != NULL ? (int)(point - plain) : length;
	if (plain[0] == '-')
		text_r[out++] = plain[at++];
	for (; at < whole; at++) {
		text_r[out++] = plain[at];
		if ((whole - at - 1) % 3 == 0 && at + 1 < whole)
			text_r[out++] = ',';
	}
	for (; at < length; at++)
		text_r[out++] = plain[at];
	text_r[out] = '\0';
	return out;
}
