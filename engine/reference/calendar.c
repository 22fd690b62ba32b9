/*
 * China's calendar out of holidays.def. The first question lays the days out as bits; every later one is a
 * look.
 */
#include <pthread.h>

#include "base/instant.h"
#include "reference/reference.h"

enum { FIRST_YEAR = 2022, LAST_YEAR = 2030, DAYS_MAX = (LAST_YEAR - FIRST_YEAR + 1) * 366, WEEK_DAYS = 7 };

static uint8_t off[DAYS_MAX], worked[DAYS_MAX]; /* by day since first_day; written once, under `once` */
static int32_t first_day;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void mark(uint8_t *days, int year, int month, int day, int count)
{
	int32_t from = 0;

	if (!instant_day_of(year, month, day, &from) || from < first_day || from - first_day + count > DAYS_MAX)
		die("holidays.def: %d-%d-%d is no day of the years %d to %d", year, month, day, FIRST_YEAR, LAST_YEAR);
	for (int i = 0; i < count; i++)
		days[from - first_day + i] = 1;
}

static void lay_out(void)
{
	instant_day_of(FIRST_YEAR, 1, 1, &first_day);
#define YEAR(year)
#define OFF(year, month, day, count, name) mark(off, year, month, day, count);
#define WORKED(year, month, day) mark(worked, year, month, day, 1);
#include "reference/holidays.def"
#undef YEAR
#undef OFF
#undef WORKED
}

static bool is_marked(const uint8_t *days, int32_t day)
{
	pthread_once(&once, lay_out);
	return day >= first_day && day < first_day + DAYS_MAX && days[day - first_day];
}

static bool is_weekend(int32_t day)
{
	int of_week = (day % WEEK_DAYS + WEEK_DAYS + 3) % WEEK_DAYS; /* 1970-01-01 was a Thursday; 0: Monday */

	return of_week >= 5;
}

bool reference_is_holiday(int32_t day)
{
	return is_marked(off, day);
}

bool reference_is_workday(int32_t day)
{
	return is_marked(worked, day) || (!is_weekend(day) && !is_marked(off, day));
}
