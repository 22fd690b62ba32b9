/*
 * Numbers with units. Everything is exact: a literal is read into a 128-bit integer of millionths and only
 * then brought into its type's unit, with a complaint where it does not fit or is too fine.
 *
 *   5万 50_000 1.5亿      numbers; beside an amount they mean CNY
 *   5万元 50 USD 1万JPY   amounts; other currencies at the settings' rates
 *   90%                   percentages        2h 1h30m 180d 45s   durations
 *   2026-03-01            when that day began in China; 2026-03-01T08:00:00+08:00 a moment
 */
#include <stdio.h>

#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "pattern/condition.h"
#include "pattern/rates.h"

enum { DIGITS_MAX = 18, DECIMALS_MAX = 6 };

static const struct {
	const char *text;
	int64_t times;
} multipliers[] = {{"百", 100}, {"千", 1000}, {"万", 10000}, {"亿", 100000000}};

static const struct {
	const char *text;
	int64_t ms;
} durations[] = {
	{"s", INSTANT_SECOND_MS}, {"m", INSTANT_MINUTE_MS}, {"h", INSTANT_HOUR_MS}, {"d", INSTANT_DAY_MS}
};

/* What people write and what it is called here. */
static const struct {
	const char *written, *unit;
} near_units[] = {
	{"sec", "s"},    {"secs", "s"},    {"second", "s"},  {"seconds", "s"}, {"秒", "s"},    {"min", "m"},
	{"mins", "m"},   {"minute", "m"},  {"minutes", "m"}, {"分钟", "m"},    {"hr", "h"},    {"hrs", "h"},
	{"hour", "h"},   {"hours", "h"},   {"小时", "h"},    {"day", "d"},     {"days", "d"},  {"天", "d"},
	{"日", "d"},     {"week", "d"},    {"yuan", "元"},   {"rmb", "CNY"},   {"RMB", "CNY"}, {"CNH", "CNY"},
	{"block", "元"}, {"块", "元"},     {"圆", "元"},     {"萬", "万"},     {"億", "亿"},   {"w", "万"},
	{"k", "千"},     {"percent", "%"},
};

static const char *near_unit(int i)
{
	return near_units[i].written;
}

static int unknown_unit(struct condition_context *context, uint32_t offset, struct slice unit)
{
	enum { COUNT = sizeof(near_units) / sizeof(near_units[0]) };
	const char *nearest = yaml_nearest(unit, near_unit, COUNT), *meant = NULL;
	char hint[48] = "";

	if (unit.length == 0)
		return complain(context->complaint, offset, "a number without its unit; expected s, m, h or d behind it");
	for (int i = 0; i < COUNT; i++)
		if (slice_is(unit, near_units[i].written) || (nearest != NULL && meant == NULL &&
		                                              strcmp(nearest, near_units[i].written) == 0))
			meant = near_units[i].unit;
	if (meant != NULL)
		snprintf(hint, sizeof(hint), " (did you mean `%s`?)", meant);
	return complain(context->complaint, offset,
	                "unknown unit `%.*s`; expected 百 千 万 亿, 元 or a currency code, %%, or s m h d%s",
	                SLICE_PRINT(unit), hint);
}

static bool take(struct slice *text, const char *what)
{
	size_t length = strlen(what);

	if (text->length < length || memcmp(text->at, what, length) != 0)
		return false;
	text->at += length;
	text->length -= (uint32_t)length;
	return true;
}

static uint32_t offset_of(const struct condition_context *context, struct slice at)
{
	return (uint32_t)(at.at - context->text.at);
}

/* Digits with _ between them and at most six decimals → millionths. */
static int digits(struct condition_context *context, struct slice *text, __int128 *micros_r)
{
	struct slice begin = *text;
	int count = 0, decimals = -1;

	*micros_r = 0;
	for (; text->length > 0; text->at++, text->length--) {
		char c = *text->at;
		if (c == '_' && count > 0)
			continue;
		if (c == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		*micros_r = *micros_r * 10 + (c - '0');
		count++;
		if (decimals >= 0 && ++decimals > DECIMALS_MAX)
			return complain(context->complaint, offset_of(context, begin), "too fine; at most %d decimals",
			                DECIMALS_MAX);
		if (count > DIGITS_MAX)
			return complain(context->complaint, offset_of(context, begin), "too many digits; at most %d", DIGITS_MAX);
	}
	for (int i = decimals < 0 ? 0 : decimals; i < DECIMALS_MAX; i++)
		*micros_r *= 10;
	return 0;
}

static int fits(struct condition_context *context, const struct condition_node *node)
{
	if (node->value > INT64_MAX || node->value < -INT64_MAX)
		return complain(context->complaint, node->from, "too large a number");
	return 0;
}

/* A currency's amount in millionths of its major unit → CNY minor units, by the rate. */
static int in_currency(struct condition_context *context, struct condition_node *node, int currency,
                       uint32_t offset)
{
	int64_t rate = currency == MONEY_CNY ? VALUE_MICROS : context->rates[currency];

	if (rate == 0)
		return complain(context->complaint, offset,
		                "no rate for %s in the settings (rates); write the amount in CNY",
		                money_currency((uint8_t)currency)->code);
	if (currency == MONEY_CNY && node->value % (VALUE_MICROS / 100) != 0)
		return complain(context->complaint, node->from, "too fine; an amount has at most 2 decimals");
	node->type = VALUE_MONEY;
	node->bare = false;
	node->value = currency == MONEY_CNY ? node->value / (VALUE_MICROS / 100) : rate_convert(node->value, rate);
	return fits(context, node);
}

int condition_literal_money(struct condition_context *context, struct condition_node *node)
{
	return in_currency(context, node, MONEY_CNY, node->from);
}

static int64_t duration_unit(struct slice *text)
{
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++)
		if (take(text, durations[i].text))
			return durations[i].ms;
	return 0;
}

/* `1h30m`: the first number is read, its unit stands at `text`. */
static int duration(struct condition_context *context, struct condition_node *node, struct slice text)
{
	__int128 micros = node->value, sum = 0;
	struct slice begin = text;
	int64_t unit;

	for (;;) {
		unit = duration_unit(&text);
		if (unit == 0 || (text.length > 0 && (*text.at < '0' || *text.at > '9')))
			return unknown_unit(context, offset_of(context, begin), begin);
		sum += micros * unit / VALUE_MICROS;
		if (text.length == 0)
			break;
		if (digits(context, &text, &micros) == -1)
			return -1;
		begin = text;
	}
	node->type = VALUE_DURATION;
	node->bare = false;
	node->value = sum;
	return fits(context, node);
}

/* 千万 is two of them. */
static int multiply(struct condition_context *context, struct condition_node *node, struct slice *text)
{
	enum { COUNT = sizeof(multipliers) / sizeof(multipliers[0]) };
	int i = 0;

	while (i < COUNT) {
		if (!take(text, multipliers[i].text)) {
			i++;
			continue;
		}
		node->value *= multipliers[i].times;
		if (node->value > (__int128)INT64_MAX * VALUE_MICROS)
			return complain(context->complaint, node->from, "too large a number");
		i = 0;
	}
	return 0;
}

static int units(struct condition_context *context, struct condition_node *node, struct slice text)
{
	struct slice begin = text;
	int currency;

	if (multiply(context, node, &text) == -1)
		return -1;
	if (text.length == 0)
		return 0;
	if (take(&text, "元") && text.length == 0)
		return in_currency(context, node, MONEY_CNY, node->from);
	currency = money_currency_find(text);
	if (currency >= 0)
		return in_currency(context, node, currency, offset_of(context, text));
	if (begin.length == 1 && *begin.at == '%') {
		node->type = VALUE_PERCENT;
		node->bare = false;
		node->value /= 100;
		return 0;
	}
	/* A plain number with a plain letter is a duration, or what its writer took for one. */
	if (text.at == begin.at)
		return duration(context, node, text);
	return unknown_unit(context, offset_of(context, text), text);
}

static int moment(struct condition_context *context, struct condition_node *node, struct slice text)
{
	int64_t ms;
	int32_t day;

	if (text.length == 10 && instant_parse_date(text, &day))
		ms = day * INSTANT_DAY_MS - INSTANT_CHINA_MS;
	else if (!instant_parse(text, &ms))
		return complain(context->complaint, node->from,
		                "`%.*s` is no day or moment; expected 2026-03-01 or 2026-03-01T08:00:00+08:00",
		                SLICE_PRINT(text));
	node->type = VALUE_TIME;
	node->bare = false;
	node->value = ms;
	return 0;
}

int condition_literal(struct condition_context *context, struct condition_node *node, struct slice number)
{
	node->type = VALUE_NUMBER;
	node->bare = true;
	if (number.length >= 10 && number.at[4] == '-')
		return moment(context, node, number);
	if (digits(context, &number, &node->value) == -1)
		return -1;
	return number.length == 0 ? 0 : units(context, node, number);
}

int condition_literal_unit(struct condition_context *context, struct condition_node *node, struct slice unit,
                           uint32_t from)
{
	if (!node->bare)
		return complain(context->complaint, from, "found `%.*s` behind a value that has its unit already",
		                SLICE_PRINT(unit));
	return units(context, node, unit);
}
