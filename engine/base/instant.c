#include "base/instant.h"

#include <stdio.h>

enum { DATE_BYTES = 10, CLOCK_BYTES = 8 };

/* Days before each month of a year without 29 February. */
static const uint16_t days_before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

/* Days from civil and back: the usual arithmetic of eras of 400 years that begin on 1 March. */
static int32_t days_from_civil(int year, int month, int day)
{
	int shifted = month <= 2 ? year - 1 : year;
	int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
	int of_era = shifted - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void instant_civil(int32_t day, int *year_r, int *month_r, int *day_r)
{
	int32_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int32_t of_era = z - era * 146097;
	int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int32_t shifted = (5 * of_year + 2) / 153;

	*day_r = of_year - (153 * shifted + 2) / 5 + 1;
	*month_r = shifted < 10 ? shifted + 3 : shifted - 9;
	*year_r = year + era * 400 + (*month_r <= 2);
}

bool instant_day_of(int year, int month, int day, int32_t *day_r)
{
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month < 1 || month > 12 || day < 1 || day > days_before[month] - days_before[month - 1] + (month == 2 && leap))
		return false;
	*day_r = days_from_civil(year, month, day);
	return true;
}

int64_t instant_of(int32_t day, int hour, int minute, int second, int ms, int64_t offset_ms)
{
	return day * INSTANT_DAY_MS + hour * INSTANT_HOUR_MS + minute * INSTANT_MINUTE_MS + second * INSTANT_SECOND_MS +
	       ms - offset_ms;
}

/* -1 where they are not digits. Inlined: a time is seven of them. */
static inline __attribute__((always_inline)) int two_digits(const char *at)
{
	unsigned tens = (unsigned char)at[0] - (unsigned)'0', ones = (unsigned char)at[1] - (unsigned)'0';

	return tens < 10 && ones < 10 ? (int)(tens * 10 + ones) : -1;
}

static bool literal(struct slice text, uint32_t *at, char wanted)
{
	if (*at >= text.length || text.at[*at] != wanted)
		return false;
	(*at)++;
	return true;
}

/* The same for 1900 to 2099, where every fourth year is a leap year but for the first: twice a transaction. */
static inline bool day_near(int year, int month, int day, int32_t *day_r)
{
	enum { DAYS_1900 = -25567 };
	bool leap = (year & 3) == 0 && year != 1900;

	if (month < 1 || month > 12 || day < 1 || day > days_before[month] - days_before[month - 1] + (month == 2 && leap))
		return false;
	*day_r = DAYS_1900 + (year - 1900) * 365 + (year - 1901) / 4 + days_before[month - 1] + (month > 2 && leap) +
	         day - 1;
	return true;
}

/*
 * Eight bytes of digits and signs at once: each byte of `pairs_r` is then the number that begins there with two digits.
 * `form`: what they are like, with 0 for a digit. `beyond`: what lifts each byte over 127 that is too large, a digit
 * over 9 or a sign that is another.
 */
static inline __attribute__((always_inline)) bool pairs_at(const char *at, uint64_t form, uint64_t beyond,
                                                           uint64_t *pairs_r)
{
	uint64_t bytes;

	memcpy(&bytes, at, sizeof(bytes));
	bytes ^= form;
	*pairs_r = bytes * 10 + (bytes >> 8);
	return (((bytes + beyond) | bytes) & UINT64_C(0x8080808080808080)) == 0;
}

static inline int pair(uint64_t pairs, int at)
{
	return (int)(pairs >> 8 * at & 255);
}

/* 2026-03-02: 10 bytes that are there. */
static inline bool date_at(const char *at, int year_least, int32_t *day_r)
{
	int day = two_digits(at + 8), year;
	uint64_t pairs;

	/* "0000-00-" */
	if (!pairs_at(at, UINT64_C(0x2D30302D30303030), UINT64_C(0x7F76767F76767676), &pairs) || day < 0)
		return false;
	year = pair(pairs, 0) * 100 + pair(pairs, 2);
	return year >= year_least && year <= 2099 && day_near(year, pair(pairs, 5), day, day_r);
}

/* 09:15:04: 8 bytes that are there. */
static inline bool clock_at(const char *at, int *hour_r, int *minute_r, int *second_r)
{
	uint64_t pairs;

	/* "00:00:00" */
	if (!pairs_at(at, UINT64_C(0x30303A30303A3030), UINT64_C(0x76767F76767F7676), &pairs))
		return false;
	*hour_r = pair(pairs, 0);
	*minute_r = pair(pairs, 3);
	*second_r = pair(pairs, 6);
	return *hour_r <= 23 && *minute_r <= 59 && *second_r <= 60;
}

/* One to six decimals after the point; `ms_r` keeps the first three. */
static bool fraction_at(struct slice text, uint32_t *at, int *ms_r)
{
	int count = 0;

	*ms_r = 0;
	for (; *at < text.length && text.at[*at] >= '0' && text.at[*at] <= '9'; (*at)++, count++)
		if (count < 3)
			*ms_r = *ms_r * 10 + (text.at[*at] - '0');
	if (count < 1 || count > 6)
		return false;
	for (int i = count; i < 3; i++)
		*ms_r *= 10;
	return true;
}

static bool offset_at(struct slice text, uint32_t *at, int64_t *offset_ms_r)
{
	bool east = *at < text.length && text.at[*at] == '+';
	int hours, minutes;

	if (literal(text, at, 'Z') || literal(text, at, 'z')) {
		*offset_ms_r = 0;
		return true;
	}
	if ((!literal(text, at, '+') && !literal(text, at, '-')) || text.length - *at < 5 || text.at[*at + 2] != ':')
		return false;
	hours = two_digits(text.at + *at);
	minutes = two_digits(text.at + *at + 3);
	*at += 5;
	if ((hours | minutes) < 0 || minutes > 59 || hours * 60 + minutes > (east ? 14 : 12) * 60)
		return false;
	*offset_ms_r = (hours * INSTANT_HOUR_MS + minutes * INSTANT_MINUTE_MS) * (east ? 1 : -1);
	return true;
}

bool instant_parse(struct slice text, int64_t *ms_r)
{
	uint32_t at = DATE_BYTES + 1 + CLOCK_BYTES;
	int32_t day = 0; /* for compilers that do not see that date_at() fills it */
	int hour, minute, second, ms = 0;
	int64_t offset_ms;

	if (text.length < at || !date_at(text.at, 2000, &day) || !clock_at(text.at + DATE_BYTES + 1, &hour, &minute, &second))
		return false;
	if (text.at[DATE_BYTES] != 'T' && text.at[DATE_BYTES] != ' ' && text.at[DATE_BYTES] != 't')
		return false;
	if (literal(text, &at, '.') && !fraction_at(text, &at, &ms))
		return false;
	if (!offset_at(text, &at, &offset_ms) || at != text.length)
		return false;
	if (second == 60) {
		second = 59;
		ms = 999;
	}
	*ms_r = instant_of(day, hour, minute, second, ms, offset_ms);
	return true;
}

bool instant_parse_date(struct slice text, int32_t *day_r)
{
	return text.length == DATE_BYTES && date_at(text.at, 1900, day_r);
}

static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

/* `digits` digits of a number that has no more, and what stands behind them. */
static char *put_digits(char *at, int digits, int number, char behind)
{
	for (int i = digits - 1; i >= 0; i--, number /= 10)
		at[i] = (char)('0' + number % 10);
	at[digits] = behind;
	return at + digits + 1;
}

/* Each alert and each hit's evidence has some: snprintf would take ten times as long. */
int instant_format(int64_t ms, char text_r[INSTANT_TEXT_BYTES])
{
	int32_t day = (int32_t)floor_div(ms, INSTANT_DAY_MS);
	int rest = (int)(ms - day * INSTANT_DAY_MS), year, month, of_month;
	char *at = text_r;

	instant_civil(day, &year, &month, &of_month);
	if (year < 0 || year > 9999)
		return snprintf(text_r, INSTANT_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, of_month,
		                rest / (int)INSTANT_HOUR_MS, rest / (int)INSTANT_MINUTE_MS % 60,
		                rest / (int)INSTANT_SECOND_MS % 60, rest % 1000);
	at = put_digits(at, 4, year, '-');
	at = put_digits(at, 2, month, '-');
	at = put_digits(at, 2, of_month, 'T');
	at = put_digits(at, 2, rest / (int)INSTANT_HOUR_MS, ':');
	at = put_digits(at, 2, rest / (int)INSTANT_MINUTE_MS % 60, ':');
	at = put_digits(at, 2, rest / (int)INSTANT_SECOND_MS % 60, '.');
	at = put_digits(at, 3, rest % 1000, 'Z');
	*at = '\0';
	return (int)(at - text_r);
}

int instant_format_china(int64_t ms, char text_r[INSTANT_TEXT_BYTES])
{
	instant_format(ms + INSTANT_CHINA_MS, text_r);
	text_r[10] = ' ';
	text_r[19] = '\0';
	return 19;
}

int instant_format_date(int32_t day, char text_r[INSTANT_TEXT_BYTES])
{
	int year, month, of_month;

	instant_civil(day, &year, &month, &of_month);
	return snprintf(text_r, INSTANT_TEXT_BYTES, "%04d-%02d-%02d", year, month, of_month);
}

int32_t instant_china_day(int64_t ms)
{
	return (int32_t)floor_div(ms + INSTANT_CHINA_MS, INSTANT_DAY_MS);
}

int instant_china_weekday(int64_t ms)
{
	/* 1970-01-01 was a Thursday. */
	int32_t since_monday = (instant_china_day(ms) + 3) % 7;

	return (since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}
