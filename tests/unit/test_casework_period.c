/* When a period is over, what it is called, and when office hours are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reference/reference.h"
#include "base/instant.h"
#include "casework_fixture.h"
#include "reference/reference.h"

static const char *name_of(enum period_kind kind, const char *now)
{
	struct period period = period_last(kind, area_time(now));
	char zh[PERIOD_TEXT_BYTES], en[PERIOD_TEXT_BYTES];
	static char both[2 * PERIOD_TEXT_BYTES + 8];

	period_text(&period, false, zh);
	period_text(&period, true, en);
	snprintf(both, sizeof(both), "%s | %s", zh, en);
	return both;
}

static void the_last_full_period(void **state)
{
	static const struct {
		enum period_kind kind;
		const char *now, *name;
	} table[] = {
		{PERIOD_WEEK, "2026-03-09 00:00", "2026年3月2日至3月8日 | 2 to 8 March 2026"},
		{PERIOD_WEEK, "2026-03-08 23:59", "2026年2月23日至3月1日 | 23 February to 1 March 2026"},
		{PERIOD_WEEK, "2026-03-15 23:59", "2026年3月2日至3月8日 | 2 to 8 March 2026"},
		{PERIOD_WEEK, "2026-01-05 08:00", "2025年12月29日至2026年1月4日 | 29 December 2025 to 4 January 2026"},
		{PERIOD_MONTH, "2026-03-01 00:00", "2026年2月 | February 2026"},
		{PERIOD_MONTH, "2026-02-28 23:59", "2026年1月 | January 2026"},
		{PERIOD_MONTH, "2026-01-31 12:00", "2025年12月 | December 2025"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(name_of(table[i].kind, table[i].now), table[i].name);
}

/* Ten years of hours: periods follow one another without gap, and every moment is behind exactly the last one. */
static void periods_tile_the_time(void **state)
{
	(void)state;
	for (int kind = 0; kind < PERIOD_KINDS; kind++) {
		struct period last = period_last((enum period_kind)kind, area_time("2020-01-01 00:00"));
		for (int64_t ms = area_time("2020-01-01 00:00"); ms < area_time("2030-01-01 00:00"); ms += INSTANT_HOUR_MS) {
			struct period p = period_last((enum period_kind)kind, ms), before = period_before(&p);
			assert_true(p.to_ms <= ms && p.from_ms < p.to_ms && before.to_ms == p.from_ms);
			assert_true(p.from_ms == last.from_ms || p.from_ms == last.to_ms);
			if (p.from_ms == last.to_ms)
				assert_int_equal(p.to_ms, ms); /* it changed at its end, not an hour later */
			last = p;
		}
	}
}

static void drafts_come_at_eight(void **state)
{
	(void)state;
	assert_int_equal(period_drafts_ms(PERIOD_WEEK, area_time("2026-03-08 12:00")), area_time("2026-03-09 08:00"));
	assert_int_equal(period_drafts_ms(PERIOD_WEEK, area_time("2026-03-09 07:59")), area_time("2026-03-09 08:00"));
	assert_int_equal(period_drafts_ms(PERIOD_WEEK, area_time("2026-03-09 08:00")), area_time("2026-03-16 08:00"));
	assert_int_equal(period_drafts_ms(PERIOD_MONTH, area_time("2026-12-31 23:00")), area_time("2027-01-01 08:00"));
	assert_int_equal(period_drafts_ms(PERIOD_MONTH, area_time("2026-03-01 08:00")), area_time("2026-04-01 08:00"));
}

static void office_hours_know_the_calendar(void **state)
{
	static const struct {
		const char *now, *opens;
	} table[] = {
		{"2026-03-09 08:29", "2026-03-09 08:30"}, {"2026-03-09 08:30", "2026-03-09 08:30"},
		{"2026-03-09 17:59", "2026-03-09 17:59"}, {"2026-03-09 18:00", "2026-03-10 08:30"},
		{"2026-03-13 18:00", "2026-03-16 08:30"}, /* Friday evening */
		{"2026-01-03 10:00", "2026-01-04 08:30"}, /* a Sunday that is worked */
		{"2026-02-14 10:00", "2026-02-14 10:00"}, /* a Saturday that is worked */
		{"2026-02-14 18:00", "2026-02-24 08:30"}, /* the Spring Festival */
		{"2026-04-06 10:00", "2026-04-07 08:30"}, /* a Monday that is off */
		{"2026-09-30 18:00", "2026-10-08 08:30"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(office_opens_ms(area_time(table[i].now)), area_time(table[i].opens));
		assert_int_equal(office_is_open(area_time(table[i].now)), area_time(table[i].now) == area_time(table[i].opens));
	}
}

/* Against a walk minute by minute backwards through a year. */
static void office_hours_agree_with_a_walk(void **state)
{
	int64_t opens_ms = area_time("2027-01-04 08:30");

	(void)state;
	for (int64_t ms = opens_ms; ms >= area_time("2026-01-01 00:00"); ms -= INSTANT_MINUTE_MS) {
		int64_t in_day = (ms + INSTANT_CHINA_MS) % INSTANT_DAY_MS / INSTANT_MINUTE_MS;
		bool open = reference_is_workday((int32_t)((ms + INSTANT_CHINA_MS) / INSTANT_DAY_MS)) && in_day >= 510 &&
		            in_day < 1080;
		if (open)
			opens_ms = ms;
		assert_int_equal(office_is_open(ms), open);
		assert_int_equal(office_opens_ms(ms), opens_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_full_period),
		cmocka_unit_test(periods_tile_the_time),
		cmocka_unit_test(drafts_come_at_eight),
		cmocka_unit_test(office_hours_know_the_calendar),
		cmocka_unit_test(office_hours_agree_with_a_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
