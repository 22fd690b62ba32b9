#include "simulate/script_rules.h"

#include <stdlib.h>

#include "base/instant.h"

enum { DIGITS_MAX = 12 };

static bool take(struct slice *text, const char *word)
{
	size_t length = strlen(word);

	if (text->length < length || memcmp(text->at, word, length) != 0)
		return false;
	text->at += length;
	text->length -= (uint32_t)length;
	return true;
}

/* Digits with an optional point and `_` between them, as a whole number of 10^-scale. */
static bool take_number(struct slice *text, int scale, int64_t *number_r)
{
	int digits = 0, decimals = -1;

	*number_r = 0;
	for (; text->length > 0; text->at++, text->length--) {
		char c = *text->at;
		if (c == '_' && digits > 0)
			continue;
		if (c == '.' && decimals < 0 && digits > 0 && text->length > 1 && text->at[1] != '.') {
			decimals = 0;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		if (++digits > DIGITS_MAX || (decimals >= 0 && ++decimals > scale))
			return false;
		*number_r = *number_r * 10 + (c - '0');
	}
	for (int i = decimals > 0 ? decimals : 0; i < scale; i++)
		*number_r *= 10;
	return digits > 0;
}

/* `a` or `a..b`, each read by `one`. */
static bool take_range(struct slice *text, bool (*one)(struct slice *, int64_t *),
                       struct script_range *range_r)
{
	if (!one(text, &range_r->least))
		return false;
	range_r->most = range_r->least;
	return !take(text, "..") || one(text, &range_r->most);
}

static bool one_count(struct slice *text, int64_t *count_r)
{
	return take_number(text, 0, count_r);
}

bool rule_count(struct slice text, struct script_range *range_r)
{
	return take_range(&text, one_count, range_r) && text.length == 0 && range_r->least <= range_r->most;
}

static bool one_duration(struct slice *text, int64_t *ms_r)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {{"s", INSTANT_SECOND_MS}, {"m", INSTANT_MINUTE_MS}, {"h", INSTANT_HOUR_MS}, {"d",
	                                                                                          INSTANT_DAY_MS}};

	if (!take_number(text, 0, ms_r) || *ms_r > 100000)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!take(text, units[i].unit))
			continue;
		*ms_r *= units[i].ms;
		return true;
	}
	return false;
}

bool rule_duration(struct slice text, struct script_range *ms_r)
{
	return take_range(&text, one_duration, ms_r) && text.length == 0 && ms_r->least <= ms_r->most;
}

static bool one_clock(struct slice *text, int64_t *minute_r)
{
	int64_t hour, minute;

	if (!take_number(text, 0, &hour) || !take(text, ":") || !take_number(text, 0, &minute))
		return false;
	*minute_r = hour * 60 + minute;
	return hour <= 24 && minute < 60 && *minute_r <= 24 * 60;
}

bool rule_clock(struct slice text, struct script_range *minute_r)
{
	return take_range(&text, one_clock, minute_r) && text.length == 0 && minute_r->least != minute_r->most;
}

bool rule_percent(struct slice text, int64_t *percent_r)
{
	return take_number(&text, 0, percent_r) && take(&text, "%") && text.length == 0 && *percent_r <= 100;
}

/* Minor units of CNY; the two decimals of a plain number are fen. */
static bool one_yuan(struct slice *text, int64_t *minor_r)
{
	struct slice digits = *text;

	while (text->length > 0 && (strchr("0123456789_", *text->at) != NULL ||
	                            (*text->at == '.' && text->length > 1 && text->at[1] != '.'))) {
		text->at++;
		text->length--;
	}
	digits.length = (uint32_t)(text->at - digits.at);
	return take_number(&digits, take(text, "万") ? 6 : take(text, "亿") ? 10 : 2, minor_r) && digits.length == 0;
}

bool rule_yuan(struct slice text, int64_t *minor_r)
{
	return one_yuan(&text, minor_r) && text.length == 0 && *minor_r > 0;
}

static bool one_share(struct slice *text, int64_t *points_r)
{
	return take_number(text, 2, points_r) && take(text, "%");
}

static bool rule_share(struct slice text, struct script_amount *amount_r)
{
	static const struct {
		const char *word;
		enum script_of of;
	} bases[] = {{"balance", OF_BALANCE}, {"credit", OF_CREDIT}, {"held", OF_HELD}, {"usual", OF_USUAL},
	             {"last", OF_LAST}};

	if (!take_range(&text, one_share, &amount_r->range) || !take(&text, " of "))
		return false;
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		if (!slice_is(text, bases[i].word))
			continue;
		amount_r->of = bases[i].of;
		return amount_r->range.least <= amount_r->range.most && amount_r->range.least > 0;
	}
	return false;
}

bool rule_amount(struct slice text, struct script_amount *amount_r)
{
	struct slice rest = text;

	*amount_r = (struct script_amount){.of = OF_YUAN};
	if (take_range(&rest, one_yuan, &amount_r->range) && rest.length == 0)
		return amount_r->range.least <= amount_r->range.most && amount_r->range.least > 0;
	return rule_share(text, amount_r);
}
