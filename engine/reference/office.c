#include "reference/office.h"

#include "base/instant.h"
#include "reference/reference.h"

#define OPENS_MS (8 * INSTANT_HOUR_MS + 30 * INSTANT_MINUTE_MS)
#define CLOSES_MS (18 * INSTANT_HOUR_MS)

enum { DAYS_OFF_MAX = 60 }; /* in a row: no holiday is that long */

static int64_t midnight_ms(int32_t day)
{
	return day * INSTANT_DAY_MS - INSTANT_CHINA_MS;
}

bool office_is_open(int64_t now_ms)
{
	int32_t day = instant_china_day(now_ms);
	int64_t in_day = now_ms - midnight_ms(day);

	return in_day >= OPENS_MS && in_day < CLOSES_MS && reference_is_workday(day);
}

int64_t office_opens_ms(int64_t now_ms)
{
	int32_t day = instant_china_day(now_ms);

	if (office_is_open(now_ms))
		return now_ms;
	if (now_ms - midnight_ms(day) >= OPENS_MS)
		day++;
	for (int i = 0; i < DAYS_OFF_MAX && !reference_is_workday(day); i++)
		day++;
	return midnight_ms(day) + OPENS_MS;
}
