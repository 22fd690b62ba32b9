/*
 * Times: UTC milliseconds since 1970 in an int64, days since 1970 in an int32. No time zone data base is asked:
 * feeds carry an offset or mean China Standard Time, which is UTC+8 all year.
 */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define INSTANT_SECOND_MS INT64_C(1000)
#define INSTANT_MINUTE_MS (60 * INSTANT_SECOND_MS)
#define INSTANT_HOUR_MS (60 * INSTANT_MINUTE_MS)
#define INSTANT_DAY_MS (24 * INSTANT_HOUR_MS)
#define INSTANT_CHINA_MS (8 * INSTANT_HOUR_MS)
#define INSTANT_TEXT_BYTES 32

/*
 * RFC 3339 as contract.md section 1 narrows it: `T`, `t` or a space; `Z`, `z` or an offset from -12:00 to +14:00;
 * up to six decimals of a second, kept to the millisecond; second 60 counts as 59.999; years 2000 to 2099.
 */
bool instant_parse(struct slice text, int64_t *ms_r);

/* `YYYY-MM-DD`, years 1900 to 2099 (an account may be old). */
bool instant_parse_date(struct slice text, int32_t *day_r);

/* Days since 1970 of a civil date of the Gregorian calendar; false where there is no such day. */
bool instant_day_of(int year, int month, int day, int32_t *day_r);
void instant_civil(int32_t day, int *year_r, int *month_r, int *day_r);

/* A civil time `hour:minute:second.ms` of a day at an offset → UTC. Arguments must be in range. */
int64_t instant_of(int32_t day, int hour, int minute, int second, int ms, int64_t offset_ms);

/* "2026-03-02T01:15:04.123Z"; returns the length. */
int instant_format(int64_t ms, char text_r[INSTANT_TEXT_BYTES]);

/* The same moment on a clock in China: "2026-03-02 09:15:04". */
int instant_format_china(int64_t ms, char text_r[INSTANT_TEXT_BYTES]);

/* "2026-03-02". */
int instant_format_date(int32_t day, char text_r[INSTANT_TEXT_BYTES]);

/*
 * Day, hour (0..23) and weekday (1 Monday .. 7 Sunday) on a clock in China. Midnight to the millisecond is what a date
 * without a time becomes in many exports: it counts as noon, or all that such a bank books would have been done by
 * night. Before 1970 hours are undefined.
 */
int32_t instant_china_day(int64_t ms);
static inline int instant_china_hour(int64_t ms)
{
	uint64_t of_day_ms = (uint64_t)(ms + INSTANT_CHINA_MS) % (uint64_t)INSTANT_DAY_MS;

	return of_day_ms == 0 ? 12 : (int)(of_day_ms / (uint64_t)INSTANT_HOUR_MS);
}
int instant_china_weekday(int64_t ms);

#endif
