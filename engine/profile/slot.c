#include "profile/slot.h"

/* 1970-01-01 was a Thursday. */
static int32_t week_of(int32_t day)
{
	return (day + 3) / 7;
}

static int32_t week_begin(int32_t week)
{
	return week * 7 - 3;
}

/* The newest week that weeks' slots hold, and the newest block that blocks' slots hold. */
static int32_t newest_week(int32_t today)
{
	return today >= SLOT_DAYS ? week_of(today - SLOT_DAYS) : -1;
}

static int32_t newest_block(int32_t today)
{
	return newest_week(today) >= SLOT_WEEKS ? (newest_week(today) - SLOT_WEEKS) / 4 : -1;
}

unsigned slot_of(int32_t day, int32_t today)
{
	int32_t back;

	if (today - day < SLOT_DAYS)
		return today > day ? (unsigned)(today - day) : 0;
	back = newest_week(today) - week_of(day);
	if (back < SLOT_WEEKS)
		return SLOT_DAYS + (unsigned)back;
	back = newest_block(today) - week_of(day) / 4;
	return back < SLOT_BLOCKS ? SLOT_DAYS + SLOT_WEEKS + (unsigned)back : SLOT_OLDER;
}

static int32_t least(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

struct slot_days slot_days(unsigned slot, int32_t today)
{
	int32_t week, block;

	if (slot < SLOT_DAYS)
		return (struct slot_days){today - (int32_t)slot, today - (int32_t)slot + 1};
	if (slot < SLOT_DAYS + SLOT_WEEKS) {
		week = newest_week(today) - (int32_t)(slot - SLOT_DAYS);
		return (struct slot_days){week_begin(week), least(week_begin(week + 1), today - SLOT_DAYS + 1)};
	}
	block = newest_block(today) - (int32_t)(slot - SLOT_DAYS - SLOT_WEEKS);
	return (struct slot_days){week_begin(block * 4),
		least(week_begin(block * 4 + 4), week_begin(newest_week(today) - SLOT_WEEKS + 1))};
}

unsigned slot_moved(unsigned slot, int32_t before, int32_t today)
{
	/* Its newest day is in the part that stands fast longest. */
	return slot == SLOT_OLDER ? SLOT_OLDER : slot_of(slot_days(slot, before).to - 1, today);
}
