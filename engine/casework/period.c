#include "casework/period.h"

#include <stdio.h>

#include "base/instant.h"

enum { WEEK_DAYS = 7, MONTHS = 12, DRAFTS_HOUR = 8 };

const char *const period_names[PERIOD_KINDS] = {[PERIOD_WEEK] = "week", [PERIOD_MONTH] = "month"};

bool period_parse(struct slice name, enum period_kind *kind_r)
{
	for (int i = 0; i < PERIOD_KINDS; i++)
		if (slice_is(name, period_names[i])) {
			*kind_r = (enum period_kind)i;
			return true;
		}
	return false;
}

static int64_t midnight_ms(int32_t day)
{
	return day * INSTANT_DAY_MS - INSTANT_CHINA_MS;
}

/* The first day of the period in which `day` lies. */
static int32_t first_day(enum period_kind kind, int32_t day)
{
	int year, month, in_month;

	if (kind == PERIOD_WEEK)
		return day - (instant_china_weekday(midnight_ms(day)) - 1);
	instant_civil(day, &year, &month, &in_month);
	return day - (in_month - 1);
}

/* The first day behind the period that begins on `day`. */
static int32_t next_day(enum period_kind kind, int32_t day)
{
	int year, month, in_month;
	int32_t next = day + WEEK_DAYS;

	if (kind == PERIOD_WEEK)
		return next;
	instant_civil(day, &year, &month, &in_month);
	instant_day_of(month == MONTHS ? year + 1 : year, month == MONTHS ? 1 : month + 1, 1, &next);
	return next;
}

static struct period period_of(enum period_kind kind, int32_t from_day)
{
	int32_t to_day = next_day(kind, from_day);

	return (struct period){kind, from_day, to_day, midnight_ms(from_day), midnight_ms(to_day)};
}

struct period period_last(enum period_kind kind, int64_t now_ms)
{
	return period_of(kind, first_day(kind, first_day(kind, instant_china_day(now_ms)) - 1));
}

struct period period_before(const struct period *period)
{
	return period_of(period->kind, first_day(period->kind, period->from_day - 1));
}

int64_t period_drafts_ms(enum period_kind kind, int64_t now_ms)
{
	int32_t day = first_day(kind, instant_china_day(now_ms));
	int64_t due_ms = midnight_ms(day) + DRAFTS_HOUR * INSTANT_HOUR_MS;

	return due_ms > now_ms ? due_ms : midnight_ms(next_day(kind, day)) + DRAFTS_HOUR * INSTANT_HOUR_MS;
}

struct civil {
	int year, month, day;
};

static struct civil civil_of(int32_t day)
{
	struct civil c;

	instant_civil(day, &c.year, &c.month, &c.day);
	return c;
}

static void week_zh(struct civil a, struct civil b, char text_r[PERIOD_TEXT_BYTES])
{
	if (a.year == b.year)
		snprintf(text_r, PERIOD_TEXT_BYTES, "%d年%d月%d日至%d月%d日", a.year, a.month, a.day, b.month, b.day);
	else
		snprintf(text_r, PERIOD_TEXT_BYTES, "%d年%d月%d日至%d年%d月%d日", a.year, a.month, a.day, b.year, b.month, b.day);
}

static const char *const months[MONTHS] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                           "September", "October", "November", "December"};

static void week_en(struct civil a, struct civil b, char text_r[PERIOD_TEXT_BYTES])
{
	if (a.year != b.year)
		snprintf(text_r, PERIOD_TEXT_BYTES, "%d %s %d to %d %s %d", a.day, months[a.month - 1], a.year, b.day,
		         months[b.month - 1], b.year);
	else if (a.month != b.month)
		snprintf(text_r, PERIOD_TEXT_BYTES, "%d %s to %d %s %d", a.day, months[a.month - 1], b.day, months[b.month - 1],
		         b.year);
	else
		snprintf(text_r, PERIOD_TEXT_BYTES, "%d to %d %s %d", a.day, b.day, months[b.month - 1], b.year);
}

void period_text(const struct period *period, bool english, char text_r[PERIOD_TEXT_BYTES])
{
	struct civil a = civil_of(period->from_day), b = civil_of(period->to_day - 1);

	if (period->kind == PERIOD_MONTH && english)
		snprintf(text_r, PERIOD_TEXT_BYTES, "%s %d", months[a.month - 1], a.year);
	else if (period->kind == PERIOD_MONTH)
		snprintf(text_r, PERIOD_TEXT_BYTES, "%d年%d月", a.year, a.month);
	else if (english)
		week_en(a, b, text_r);
	else
		week_zh(a, b, text_r);
}
