/*
 * Where an account's past lies in time: 7 single days, then 4 weeks, then 4 blocks of 4 weeks, all by
 * China's calendar, seen from the account's latest day ("today"). Weeks begin on Mondays; weeks and blocks
 * stand fast, so that what is in one slot stays together when time goes on, and no boundary drifts.
 *
 *     slot    14 13 12 11      10 9 8 7        6 5 4 3 2 1 0
 *             4 weeks each     a week each     a day each, 0 is today          15: older than all of them
 *
 * Slot 7 is the part of its week that is older than slot 6; the same for slot 11 and slot 10. At least 112
 * days.
 */
#ifndef PROFILE_SLOT_H
#define PROFILE_SLOT_H

#include <stdint.h>

#include "base/instant.h"

enum { SLOT_DAYS = 7, SLOT_WEEKS = 4, SLOT_BLOCKS = 4, SLOTS = 15, SLOT_OLDER = 15 };

/* The slot of a day; 0 for one after today. */
unsigned slot_of(int32_t day, int32_t today);

/* Its days [from, to). An empty one has from ≥ to; that of SLOT_OLDER ends where slot 14 begins. */
struct slot_days {
	int32_t from, to;
};
struct slot_days slot_days(unsigned slot, int32_t today);

/* What a slot of `before` becomes when it is `today`. */
unsigned slot_moved(unsigned slot, int32_t before, int32_t today);

/* China's day of a booking time from 1970 on, and where a day begins. */
static inline int32_t day_of(int64_t ms)
{
	return (int32_t)((uint64_t)(ms + INSTANT_CHINA_MS) / (uint64_t)INSTANT_DAY_MS);
}

static inline int64_t day_begin(int32_t day)
{
	return day * INSTANT_DAY_MS - INSTANT_CHINA_MS;
}

#endif
