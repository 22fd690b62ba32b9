/*
 * The many ways of writing a local time in the police export, read as groups of digits.
 *
 *   20260302091504    20260302 091504    2026-03-02 09:15:04    2026/3/2 9:15    2026.03.02T09:15:04.123
 *
 * Groups are year, month, day, hour, minute, second and fraction. A group that is longer than it should be
 * holds the following ones too, two digits each.
 */
#include "base/instant.h"
#include "decode/csv34_values.h"

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, PARTS };

struct parts {
	int values[PARTS];
	int count;
	int ms;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Decimals of the second; the first three are kept. */
static bool take_fraction(struct parts *parts, const char *at, uint32_t length)
{
	if (length > 6)
		return false;
	for (uint32_t i = 0; i < 3; i++)
		parts->ms = parts->ms * 10 + (i < length ? at[i] - '0' : 0);
	return true;
}

/*
 * Deals a run of digits out to the parts that are still open: four to the year, two to each other (one
 * where it stands alone), and 3 or 6 decimals.
 */
static bool take_digits(struct parts *parts, const char *at, uint32_t length)
{
	bool alone = length == 1;

	while (length > 0 && parts->count < PARTS) {
		uint32_t width = parts->count == YEAR ? 4 : alone ? 1 : 2;
		int value = 0;

		if (length < width)
			return false;
		for (uint32_t i = 0; i < width; i++)
			value = value * 10 + (at[i] - '0');
		parts->values[parts->count++] = value;
		at += width;
		length -= width;
	}
	return length == 0 || ((length == 3 || length == 6) && take_fraction(parts, at, length));
}

/* Whether what stands between two groups may stand there: one mark, or blanks and a T before the hour. */
static bool gap_allowed(const struct parts *parts, struct slice gap)
{
	const char *marks;

	if (parts->count == YEAR)
		return gap.length == 0;
	if (parts->count == PARTS)
		return slice_is(gap, ".");
	if (parts->count == HOUR && gap.length > 0 && gap.at[0] == ' ')
		return slice_trim(gap).length == 0;
	marks = parts->count == HOUR ? "Tt-." : parts->count < HOUR ? "-/." : ":.";
	return gap.length == 1 && strchr(marks, gap.at[0]) != NULL;
}

static bool read_parts(struct slice text, struct parts *parts)
{
	uint32_t at = 0;

	while (at < text.length) {
		uint32_t gap = at, from;

		while (at < text.length && !is_digit(text.at[at]))
			at++;
		if (!gap_allowed(parts, (struct slice){text.at + gap, at - gap}))
			return false;
		for (from = at; at < text.length && is_digit(text.at[at]);)
			at++;
		if (at == from)
			return false;
		if (parts->count == PARTS)
			return take_fraction(parts, text.at + from, at - from) && at == text.length;
		if (!take_digits(parts, text.at + from, at - from))
			return false;
	}
	return parts->count > MINUTE;
}

bool csv34_time(struct slice text, int64_t *ms_r)
{
	struct parts parts = {0};
	int32_t day;

	if (instant_parse(text, ms_r))
		return true;
	if (!read_parts(text, &parts))
		return false;
	if (parts.values[YEAR] < 2000 || parts.values[YEAR] > 2099 || parts.values[HOUR] > 23 ||
	    parts.values[MINUTE] > 59 || parts.values[SECOND] > 60 ||
	    !instant_day_of(parts.values[YEAR], parts.values[MONTH], parts.values[DAY], &day))
		return false;
	if (parts.values[SECOND] == 60) {
		parts.values[SECOND] = 59;
		parts.ms = 999;
	}
	*ms_r = instant_of(day, parts.values[HOUR], parts.values[MINUTE], parts.values[SECOND], parts.ms,
	                   INSTANT_CHINA_MS);
	return true;
}
