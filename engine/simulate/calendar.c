#include "simulate/calendar.h"

#include <stddef.h>

#include "base/instant.h"

struct holiday {
	int16_t year; /* 0: every year */
	int8_t month, from, to;
};

static const struct holiday holidays[] = {
	{0, 1, 1, 3}, {2026, 2, 15, 23}, {0, 4, 4, 6}, {0, 5, 1, 5}, {0, 10, 1, 7},
};

static bool weekend(int32_t day)
{
	return (day + 3) % 7 >= 5; /* 1970-01-01 was a Thursday */
}

static bool holiday(int32_t day)
{
	int year, month, of_month;

	instant_civil(day, &year, &month, &of_month);
	for (size_t i = 0; i < sizeof(holidays) / sizeof(holidays[0]); i++) {
		const struct holiday *h = &holidays[i];
		if ((h->year == 0 || h->year == year) && h->month == month && of_month >= h->from && of_month <= h->to)
			return true;
	}
	return false;
}

bool calendar_workday(int32_t day)
{
	return !weekend(day) && !holiday(day);
}

static void mark_due(struct calendar_day *c, int32_t day)
{
	int year, month, of_month;

	instant_civil(day, &year, &month, &of_month);
	if (of_month <= CALENDAR_DUE_LAST)
		c->due |= UINT32_C(1) << of_month;
}

void calendar_day_init(struct calendar_day *c, int32_t day)
{
	*c = (struct calendar_day){.day = day, .weekend = weekend(day), .workday = calendar_workday(day)};
	instant_civil(day, &c->year, &c->month, &c->of_month);
	if (!c->workday)
		return;
	mark_due(c, day);
	for (int32_t free = day - 1; !calendar_workday(free); free--)
		mark_due(c, free);
}
