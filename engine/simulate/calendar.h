/*
 * Workdays and due days of the simulated world.
 *
 * Weekends, the fixed public holidays of every year and the Spring Festival of 2026 are free; the
 * exchanged working weekends of the official calendar are left out. What falls due on a free day is paid
 * on the next workday.
 */
#ifndef SIMULATE_CALENDAR_H
#define SIMULATE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_DUE_LAST 28 /* the latest day of a month on which anything is due: every month has it */

struct calendar_day {
	int32_t day; /* since 1970 */
	int year, month, of_month; /* 1.. */
	bool weekend, workday;
	uint32_t due; /* bit d: what is due on the d-th (1..28) is paid today */
};

void calendar_day_init(struct calendar_day *c, int32_t day);

static inline bool calendar_due(const struct calendar_day *c, int of_month)
{
	return c->due >> of_month & 1;
}

bool calendar_workday(int32_t day);

#endif
