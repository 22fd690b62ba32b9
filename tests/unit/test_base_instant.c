/* Times: RFC 3339 as the contract narrows it, and the calendar against the C library's. */
#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <cmocka.h>

static void times_that_are_taken(void **state)
{
	static const struct {
		const char *text, *utc;
	} rows[] = {
		{"2026-03-02T09:15:04+08:00", "2026-03-02T01:15:04.000Z"},
		{"2026-03-02T01:15:04Z", "2026-03-02T01:15:04.000Z"},
		{"2026-03-02t01:15:04z", "2026-03-02T01:15:04.000Z"},
		{"2026-03-02 01:15:04Z", "2026-03-02T01:15:04.000Z"},
		{"2026-03-02T01:15:04.1Z", "2026-03-02T01:15:04.100Z"},
		{"2026-03-02T01:15:04.1239Z", "2026-03-02T01:15:04.123Z"},
		{"2026-03-02T01:15:04.999999Z", "2026-03-02T01:15:04.999Z"},
		{"2026-03-02T01:15:60Z", "2026-03-02T01:15:59.999Z"},
		{"2026-03-02T01:15:60.5Z", "2026-03-02T01:15:59.999Z"},
		{"2026-03-02T01:15:04+14:00", "2026-03-01T11:15:04.000Z"},
		{"2026-03-02T01:15:04-12:00", "2026-03-02T13:15:04.000Z"},
		{"2026-03-02T01:15:04-00:30", "2026-03-02T01:45:04.000Z"},
		{"2026-03-02T01:15:04+05:45", "2026-03-01T19:30:04.000Z"},
		{"2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000Z"},
		{"2000-01-01T00:00:00+14:00", "1999-12-31T10:00:00.000Z"},
		{"2099-12-31T23:59:59.999-12:00", "2100-01-01T11:59:59.999Z"},
		{"2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"},
		{"2000-02-29T12:00:00Z", "2000-02-29T12:00:00.000Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[INSTANT_TEXT_BYTES];
		int64_t ms;
		if (!instant_parse(slice_of(rows[i].text), &ms))
			fail_msg("`%s` was refused", rows[i].text);
		assert_int_equal(instant_format(ms, text), 24);
		assert_string_equal(text, rows[i].utc);
	}
}

static void times_that_are_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"2026-03-02",
		"2026-03-02T09:15:04",
		"2026-03-02T09:15Z",
		"2026-03-02T9:15:04Z",
		"26-03-02T09:15:04Z",
		"2026-13-02T09:15:04Z",
		"2026-00-02T09:15:04Z",
		"2026-02-29T09:15:04Z",
		"2026-04-31T09:15:04Z",
		"2026-03-00T09:15:04Z",
		"2026-03-32T09:15:04Z",
		"2026-03-02T24:00:00Z",
		"2026-03-02T09:60:04Z",
		"2026-03-02T09:15:61Z",
		"2026-03-02T09:15:04.Z",
		"2026-03-02T09:15:04.1234567Z",
		"2026-03-02T09:15:04,1Z",
		"2026-03-02T09:15:04+14:01",
		"2026-03-02T09:15:04+15:00",
		"2026-03-02T09:15:04-12:01",
		"2026-03-02T09:15:04+08:60",
		"2026-03-02T09:15:04+0800",
		"2026-03-02T09:15:04+8:00",
		"2026-03-02T09:15:04+08",
		"2026-03-02T09:15:04ZZ",
		"2026-03-02T09:15:04Z ",
		" 2026-03-02T09:15:04Z",
		"1999-12-31T23:59:59Z",
		"2100-01-01T00:00:00Z",
		"2026/03/02T09:15:04Z",
		"2026-03-02X09:15:04Z",
		"2026-03-02T09.15.04Z",
		"2026-03-02T09:15:04+",
		"-026-03-02T09:15:04Z",
		"2026-03-02T0:15:04Z",
		"2026-03-02T09:15:0 Z",
		"２026-03-02T09:15:04Z",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t ms;
		if (instant_parse(slice_of(rows[i]), &ms))
			fail_msg("`%s` was taken", rows[i]);
	}
}

/* Every beginning of a right time is refused, and nothing behind its end is looked at. */
static void cut_times_are_refused(void **state)
{
	static const char whole[] = "2026-03-02T09:15:04.123456+08:00";

	(void)state;
	for (uint32_t length = 0; length < sizeof(whole) - 1; length++) {
		char exact[sizeof(whole)]; /* so that a sanitizer sees a look behind the end */
		int64_t ms;
		memcpy(exact + sizeof(exact) - length, whole, length);
		assert_false(instant_parse((struct slice){exact + sizeof(exact) - length, length}, &ms));
	}
}

/* Any other byte than a digit where one stands, or than the sign that stands there, is refused. */
static void no_other_bytes_are_taken(void **state)
{
	static const char form[] = "0000-00-00T00:00:00Z";

	(void)state;
	for (uint32_t at = 0; at < sizeof(form) - 1; at++)
		for (int byte = 0; byte < 256; byte++) {
			char text[] = "2001-01-01T01:01:01Z";
			bool allowed = form[at] == '0'
			                       ? byte >= '0' && byte <= '9'
			                       : byte == form[at] || (at == 10 && (byte == 't' || byte == ' ')) || (at == 19 && byte == 'z');
			int64_t ms;
			text[at] = (char)byte;
			if (!allowed && instant_parse((struct slice){text, sizeof(text) - 1}, &ms))
				fail_msg("byte %d at %u was taken", byte, at);
		}
}

static void dates(void **state)
{
	static const char *const none[] = {"",          "2025-02-29",  "1899-12-31",  "2100-01-01", "20250228",
	                                   "2025-2-28", "2025-02-28T", "2025-02-28 ", "2025-02-3"};
	int32_t day;

	(void)state;
	assert_true(instant_parse_date(slice_of("1970-01-01"), &day));
	assert_int_equal(day, 0);
	assert_true(instant_parse_date(slice_of("1900-01-01"), &day));
	assert_int_equal(day, -25567);
	assert_true(instant_parse_date(slice_of("2099-12-31"), &day));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (instant_parse_date(slice_of(none[i]), &day))
			fail_msg("`%s` was taken", none[i]);
}

/* Every day of 1900 to 2100 against timegm() and gmtime_r(). */
static void the_calendar_agrees_with_the_c_library(void **state)
{
	(void)state;
	for (int32_t day = -25567; day < 47850; day++) {
		time_t seconds = (time_t)day * 86400;
		struct tm tm;
		int year, month, of_month;
		int32_t back;
		char text[INSTANT_TEXT_BYTES];
		gmtime_r(&seconds, &tm);
		instant_civil(day, &year, &month, &of_month);
		assert_int_equal(year, tm.tm_year + 1900);
		assert_int_equal(month, tm.tm_mon + 1);
		assert_int_equal(of_month, tm.tm_mday);
		assert_true(instant_day_of(year, month, of_month, &back));
		assert_int_equal(back, day);
		assert_int_equal(instant_china_weekday(instant_of(day, 12, 0, 0, 0, INSTANT_CHINA_MS)),
		                 tm.tm_wday == 0 ? 7 : tm.tm_wday);
		instant_format_date(day, text);
		if (day < 47482)
			assert_true(instant_parse_date(slice_of(text), &back) && back == day);
	}
}

/* Every four, two and two digits: a day of the calendar from 1900 to 2099, or refused. */
static void dates_that_are_no_days_are_refused(void **state)
{
	char text[32];

	(void)state;
	for (int year = 1890; year < 2110; year++)
		for (int rest = 0; rest < 10000; rest++) {
			int32_t day, wanted;
			bool is_day = year >= 1900 && year <= 2099 && instant_day_of(year, rest / 100, rest % 100, &wanted);

			snprintf(text, sizeof(text), "%04d-%02d-%02d", year % 10000, rest / 100, rest % 100);
			if (instant_parse_date(slice_of(text), &day) != is_day || (is_day && day != wanted))
				fail_msg("%s", text);
		}
}

/* "Night" is a matter of the clock in China (domain.md section 3). */
static void the_clock_in_china(void **state)
{
	char text[INSTANT_TEXT_BYTES];
	int64_t ms;

	(void)state;
	assert_true(instant_parse(slice_of("2026-03-01T16:30:00Z"), &ms));
	assert_int_equal(instant_china_hour(ms), 0);
	instant_format_china(ms, text);
	assert_string_equal(text, "2026-03-02 00:30:00");
	instant_format_date(instant_china_day(ms), text);
	assert_string_equal(text, "2026-03-02");
	assert_int_equal(instant_china_weekday(ms), 1);
	assert_int_equal(instant_china_hour(ms - 1800001), 23);
	assert_int_equal(instant_china_day(-INSTANT_CHINA_MS - 1), -1);
	assert_true(instant_parse(slice_of("2026-03-02T00:00:00+08:00"), &ms)); /* no time was told */
	assert_int_equal(instant_china_hour(ms), 12);
	assert_int_equal(instant_china_hour(ms + 1), 0);
	assert_int_equal(instant_china_hour(ms - 1), 23);
	assert_int_equal(instant_china_weekday(0), 4);
	assert_int_equal(instant_china_weekday(-INSTANT_CHINA_MS - 1), 3);
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	for (int64_t ms = INT64_C(946684800000); ms < INT64_C(4102444800000); ms += INT64_C(7777777777)) {
		char text[INSTANT_TEXT_BYTES];
		int64_t back;
		instant_format(ms, text);
		assert_true(instant_parse(slice_of(text), &back));
		assert_true(back == ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_that_are_taken),
		cmocka_unit_test(times_that_are_refused),
		cmocka_unit_test(cut_times_are_refused),
		cmocka_unit_test(no_other_bytes_are_taken),
		cmocka_unit_test(dates),
		cmocka_unit_test(the_calendar_agrees_with_the_c_library),
		cmocka_unit_test(dates_that_are_no_days_are_refused),
		cmocka_unit_test(the_clock_in_china),
		cmocka_unit_test(what_is_written_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
