/* Enterprises and the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/instant.h"
#include "base/tx.h"
#include "registry/registry.h"

static int32_t day_of(int year, int month, int day)
{
	int32_t days = 0;

	assert_true(instant_day_of(year, month, day, &days));
	return days;
}

/* Days off and moved workdays, one for each kind of them in each year that holidays.def has. */
static void the_calendar_knows_moved_days(void **state)
{
	static const struct {
		int year, month, day;
		bool holiday, workday;
	} days[] = {
		{2022, 12, 30, false, true}, {2022, 12, 31, true, false}, {2023, 1, 2, true, false}, {2023, 1, 28, false,
			true},
		{2023, 4, 5, true, false}, {2023, 4, 6, false, true}, {2023, 6, 25, false, true}, {2023, 9, 29, true,
			false},
		{2023, 10, 6, true, false}, {2023, 10, 7, false, true}, {2023, 10, 9, false, true},
		{2024, 2, 4, false, true}, {2024, 2, 9, false, true}, {2024, 2, 10, true, false}, {2024, 2, 17, true,
			false},
		{2024, 2, 18, false, true}, {2024, 5, 11, false, true}, {2024, 9, 14, false, true}, {2024, 9, 17, true,
			false},
		{2024, 10, 8, false, true}, {2024, 10, 12, false, true},
		{2025, 1, 26, false, true}, {2025, 1, 27, false, true}, {2025, 1, 28, true, false}, {2025, 2, 4, true,
			false},
		{2025, 2, 5, false, true}, {2025, 2, 8, false, true}, {2025, 6, 2, true, false}, {2025, 9, 28, false, true},
		{2025, 10, 1, true, false}, {2025, 10, 8, true, false}, {2025, 10, 9, false, true}, {2025, 10, 11, false,
			true},
		{2026, 1, 2, true, false}, {2026, 1, 4, false, true}, {2026, 2, 14, false, true}, {2026, 2, 15, true,
			false},
		{2026, 2, 23, true, false}, {2026, 2, 24, false, true}, {2026, 2, 28, false, true}, {2026, 9, 20, false,
			true},
		{2026, 9, 25, true, false}, {2026, 10, 7, true, false}, {2026, 10, 10, false, true},
		/* outside the years: Monday to Friday */
		{2019, 10, 1, false, true}, {2019, 10, 5, false, false}, {2029, 10, 1, false, true}, {2031, 1, 4, false,
			false},
		{1969, 12, 31, false, true}, {1969, 12, 28, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		int32_t day = day_of(days[i].year, days[i].month, days[i].day);
		if (reference_is_holiday(day) != days[i].holiday || reference_is_workday(day) != days[i].workday)
			fail_msg("%d-%d-%d", days[i].year, days[i].month, days[i].day);
	}
}

/* A moved workday is a Saturday or Sunday, no day off is worked, and each year has its days. */
static void the_calendar_is_consistent(void **state)
{
	static const struct {
		int year, off, worked;
	} years[] = {{2023, 26, 7}, {2024, 28, 8}, {2025, 28, 5}, {2026, 33, 6}};

	(void)state;
	for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
		int off = 0, worked = 0;
		for (int32_t day = day_of(years[i].year, 1, 1); day <= day_of(years[i].year, 12, 31); day++) {
			int64_t noon = instant_of(day, 12, 0, 0, 0, INSTANT_CHINA_MS);
			bool weekend = instant_china_weekday(noon) > 5;
			assert_false(reference_is_holiday(day) && reference_is_workday(day));
			off += reference_is_holiday(day);
			worked += weekend && reference_is_workday(day);
		}
		assert_int_equal(off, years[i].off);
		assert_int_equal(worked, years[i].worked);
	}
}

static void add_in(struct reference *r, const char *jurisdiction, const char *uscc, const char *address,
                   int32_t registered_day)
{
	struct reference_enterprise e = {
		.uscc = slice_of(uscc), .name = slice_of("福州示例商貿有限公司"), .industry = slice_of("批发业"),
		.scope = slice_of("日用百货、辦公用品"), .address = slice_of(address), .legal_representative = slice_of("张 三"),
		.staff = slice_of("李四；王五、趙六;; ,"), .jurisdiction = slice_of(jurisdiction), .registered_day = registered_day};

	assert_int_equal(reference_add_enterprise(r, &e, NULL), 0);
}

static void add(struct reference *r, const char *uscc, const char *address, int32_t registered_day)
{
	add_in(r, "350102", uscc, address, registered_day);
}

static void enterprises_are_found_by_code_or_account(void **state)
{
	struct slice bank = slice_of("102100099996"), account = slice_of("3501"), none = {0};
	struct reference *r = reference_new();
	const struct reference_enterprise *e;

	(void)state;
	add(r, "91350102MA00000A1Y", "示例路1号", day_of(2016, 5, 18));
	add(r, "91350105MA00000B2E", "示例路2号", TX_DAY_ABSENT);
	assert_int_equal(reference_add_account(r, bank, account, slice_of("91350105MA00000B2E"), NULL), 0);
	assert_int_equal(reference_add_account(r, bank, slice_of("3502"), slice_of("91350104MA00000C34"), NULL), 0);
	reference_finish(r);
	e = reference_enterprise(r, slice_of("91350102MA00000A1Y"), bank, account);
	assert_true(slice_is(e->uscc, "91350102MA00000A1Y"));
	assert_int_equal(e->registered_day, day_of(2016, 5, 18));
	assert_true(slice_is(e->folded.name, "福州示例商贸有限公司"));
	assert_true(slice_is(e->folded.scope, "日用百货办公用品"));
	assert_true(slice_is(e->folded.legal_representative, "张3"));
	assert_true(slice_is(e->staff, "\n李4\n王5\n赵6\n"));
	assert_true(slice_is(reference_enterprise(r, none, bank, account)->uscc, "91350105MA00000B2E"));
	/* A code that is not registered leaves the account's; the rest is unknown. */
	assert_true(slice_is(reference_enterprise(r, slice_of("91350100M000100Y43"), bank, account)->uscc,
	                     "91350105MA00000B2E"));
	assert_null(reference_enterprise(r, none, bank, slice_of("3502")));
	assert_null(reference_enterprise(r, none, slice_of("102391000016"), account));
	assert_null(reference_enterprise(r, none, bank, none));
	reference_free(&r);
}

/* M17: firms at one address, counted by when they were registered. */
static void addresses_are_counted(void **state)
{
	struct reference *r = reference_new();
	const struct reference_enterprise *e;
	struct slice none = {0};

	(void)state;
	for (int i = 0; i < 6; i++) {
		char uscc[32];
		snprintf(uscc, sizeof(uscc), "91350102MA0000%04d", i);
		add(r, uscc, i % 2 == 0 ? "福州市 樣板大道8号" : "福州市样板大道８号", i == 5 ? TX_DAY_ABSENT : day_of(2026, 1 + i, 1));
	}
	add(r, "A", "样板大道9号", 0);
	add(r, "B", "", 0);
	add(r, "C", "", 0);
	reference_finish(r);
	e = reference_enterprise(r, slice_of("91350102MA00000003"), none, none);
	assert_int_equal(e->near[REFERENCE_SAME_ADDRESS].count, 6);
	assert_int_equal(reference_neighbours(r, e, REFERENCE_SAME_ADDRESS, day_of(2026, 1, 1), day_of(2026, 5, 1)), 5);
	assert_int_equal(reference_neighbours(r, e, REFERENCE_SAME_ADDRESS, day_of(2026, 1, 2), day_of(2026, 4, 30)), 3);
	assert_int_equal(reference_neighbours(r, e, REFERENCE_SAME_ADDRESS, TX_DAY_ABSENT, INT32_MAX), 5);
	assert_int_equal(reference_neighbours(r, e, REFERENCE_SAME_ADDRESS, day_of(2026, 6, 1), day_of(2026, 5, 1)), 0);
	assert_int_equal(reference_enterprise(r, slice_of("A"), none, none)->near[REFERENCE_SAME_ADDRESS].count, 1);
	/* No address is nobody's address. */
	e = reference_enterprise(r, slice_of("B"), none, none);
	assert_int_equal(e->near[REFERENCE_SAME_ADDRESS].count, 0);
	assert_int_equal(reference_neighbours(r, e, REFERENCE_SAME_ADDRESS, 0, INT32_MAX), 0);
	reference_free(&r);
}

/* Rooms of one house are one address; rooms of a tower, with a floor or three digits, are not. */
static void rooms_of_a_house_are_one_address(void **state)
{
	static const char *const house[] = {"红山村78号", "红山村78号2室", "红山村78号之一", "红山村78号-3", "红山村78号附５号"};
	static const char *const others[] = {"红山村78号3层4室", "红山村78号1203室", "红山村78号A座", "红山村8号2室",
	                                     "红山村78号12室东", "红山村号2室"};
	struct reference *r = reference_new();
	struct slice none = {0};
	char uscc[32];

	(void)state;
	for (int i = 0; i < 5; i++) {
		snprintf(uscc, sizeof(uscc), "H%d", i);
		add(r, uscc, house[i], day_of(2026, 1, 1));
	}
	for (int i = 0; i < 6; i++) {
		snprintf(uscc, sizeof(uscc), "O%d", i);
		add(r, uscc, others[i], day_of(2026, 1, 1));
	}
	reference_finish(r);
	for (int i = 0; i < 5; i++) {
		snprintf(uscc, sizeof(uscc), "H%d", i);
		assert_int_equal(reference_enterprise(r, slice_of(uscc), none, none)->near[REFERENCE_SAME_ADDRESS].count, 5);
	}
	for (int i = 0; i < 6; i++) {
		snprintf(uscc, sizeof(uscc), "O%d", i);
		assert_int_equal(reference_enterprise(r, slice_of(uscc), none, none)->near[REFERENCE_SAME_ADDRESS].count, 1);
	}
	reference_free(&r);
}

/* Every city has such a street; its districts and those whose city nobody tells are one each. */
static void a_street_is_of_one_city(void **state)
{
	static const struct {
		const char *jurisdiction, *address;
		uint32_t same;
	} rows[] = {
		{"350102", "海滨市人民路1号301室", 2}, {"350104", "人民路1号301", 2}, {"350203", "云桥市人民路1号301室", 1},
		{"", "海滨市人民路1号301室", 2}, {"", "人民路1号301室", 2},
	};
	struct reference *r = reference_new();
	struct slice none = {0};
	char uscc[32];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(uscc, sizeof(uscc), "S%zu", i);
		add_in(r, rows[i].jurisdiction, uscc, rows[i].address, day_of(2026, 1, 1));
	}
	reference_finish(r);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct reference_enterprise *e;
		snprintf(uscc, sizeof(uscc), "S%zu", i);
		e = reference_enterprise(r, slice_of(uscc), none, none);
		for (int near = 0; near < REFERENCE_NEARS; near++)
			assert_int_equal(e->near[near].count, rows[i].same);
	}
	reference_free(&r);
}

/* Rooms of one floor, its floor alone too, with or without district, desks, brackets, 室; and what is elsewhere. */
static void rooms_of_a_floor_are_near(void **state)
{
	static const struct {
		const char *address;
		uint32_t same_address, same_floor;
	} rows[] = {
		{"海滨市城东区文昌街656号3幢601室", 5, 8},
		{"海滨市文昌街656号 3幢601", 5, 8},
		{"山东省海滨市城东区文昌街656号3幢601室（集群）", 5, 8},
		{"城东区文昌街656号3幢601室-5", 5, 8},
		{"海滨市城东区文昌街６５６號3幢601室之七", 5, 8},
		{"海滨市城东区文昌街656号3幢602室", 1, 8},
		{"海滨市城东区文昌街656号3幢六层", 1, 8},
		{"海滨市城东区文昌街656号3幢699房", 1, 8},
		{"海滨市城东区文昌街656号3幢701室", 1, 1},
		{"海滨市城东区文昌街656号4幢601室", 1, 1},
		{"海滨市城东区文昌街656号3幢1601室", 1, 1},
		{"海滨市城东区文昌街65号3幢601室", 1, 1},
		{"海滨市阳光小区3幢601室", 1, 1},
		{"海滨市月光小区3幢601室", 1, 1},
		{"海滨市创业园A座1203室", 2, 2},
		{"海滨市创业园a座1203", 2, 2},
		{"海滨市南山村78号", 2, 2},
		{"海滨市南山村78号2室", 2, 2},
		/* No districts. */
		{"海滨市文昌街9号A区501室", 2, 2},
		{"海滨市城东区文昌街9号A区501", 2, 2},
		{"海滨市南山路2号B区501室", 1, 1},
		{"海滨市临港工业区5号601室", 1, 1},
		{"海滨市海东产业区5号601室", 1, 1},
		/* Nobody's, so not each other's either. */
		{"海滨市", 0, 0},
		{"海滨市城东区", 0, 0},
		{"601室", 0, 0},
		{"海滨市601", 0, 0},
	};
	struct reference *r = reference_new();
	struct slice none = {0};
	char uscc[32];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(uscc, sizeof(uscc), "F%zu", i);
		add(r, uscc, rows[i].address, day_of(2026, 1, 1 + (int)i % 9));
	}
	reference_finish(r);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct reference_enterprise *e;
		snprintf(uscc, sizeof(uscc), "F%zu", i);
		e = reference_enterprise(r, slice_of(uscc), none, none);
		assert_int_equal(e->near[REFERENCE_SAME_ADDRESS].count, rows[i].same_address);
		assert_int_equal(e->near[REFERENCE_SAME_FLOOR].count, rows[i].same_floor);
		assert_int_equal(reference_neighbours(r, e, REFERENCE_SAME_FLOOR, day_of(2026, 1, 1), day_of(2026, 1, 9)),
		                 rows[i].same_floor);
	}
	reference_free(&r);
}

/* How many of the rows each is at one address and on one floor with, itself included. */
struct place_row {
	const char *address;
	uint32_t same_address, same_floor;
};

static void assert_near(const struct place_row *rows, size_t count)
{
	struct reference *r = reference_new();
	struct slice none = {0};
	char uscc[32];

	for (size_t i = 0; i < count; i++) {
		snprintf(uscc, sizeof(uscc), "N%zu", i);
		add(r, uscc, rows[i].address, day_of(2026, 1, 1));
	}
	reference_finish(r);
	for (size_t i = 0; i < count; i++) {
		const struct reference_enterprise *e;

		snprintf(uscc, sizeof(uscc), "N%zu", i);
		e = reference_enterprise(r, slice_of(uscc), none, none);
		if (e->near[REFERENCE_SAME_ADDRESS].count != rows[i].same_address ||
		    e->near[REFERENCE_SAME_FLOOR].count != rows[i].same_floor)
			fail_msg("%s: %u at the address, %u on the floor", rows[i].address, e->near[REFERENCE_SAME_ADDRESS].count,
			         e->near[REFERENCE_SAME_FLOOR].count);
	}
	reference_free(&r);
}

/* Desks of one room, whose number stands bare behind a dash; folding makes 6015 of 601-5. */
static void desks_of_a_room_are_one_address(void **state)
{
	static const struct place_row rows[] = {
		{"海滨市文昌街656号3幢601", 6, 7}, {"海滨市文昌街656号3幢601-5", 6, 7}, {"海滨市文昌街656号3幢 601 － 12 ", 6, 7},
		{"海滨市文昌街656号3幢601—06", 6, 7}, {"海滨市文昌街656号3幢601之七", 6, 7}, {"海滨市文昌街656号3幢六〇一－二", 6, 7},
		{"海滨市文昌街656号3幢602-1", 1, 7},
		/* Buildings, storeys, ranges of rooms, and a dash before another thing. */
		{"海滨市文昌街656号3幢6015", 1, 1}, {"海滨市文昌街9号3-601", 1, 1}, {"海滨市文昌街8号601-603", 1, 1},
		{"海滨市文昌街7号601-A", 1, 1}, {"海滨市文昌街7号601-B", 1, 1}, {"海滨市文昌街6号60-5", 1, 1},
		{"海滨市文昌街5号-5", 2, 2}, {"海滨市文昌街5号", 2, 2}, {"-5", 0, 0}, {"601-5", 0, 0}, {"-", 0, 0},
	};

	(void)state;
	assert_near(rows, sizeof(rows) / sizeof(rows[0]));
}

/* Between province and city, and counties of a people, whose names are long. */
static void prefectures_are_left_out(void **state)
{
	static const struct place_row rows[] = {
		{"云南省大理白族自治州大理市人民路1号301室", 4, 4}, {"大理白族自治州大理市人民路1号301", 4, 4},
		{"大理市人民路1号301室", 4, 4}, {"人民路1号301室", 4, 4},
		{"内蒙古自治区锡林郭勒盟锡林浩特市那达慕街1号301室", 2, 2}, {"锡林浩特市那达慕街1号301室", 2, 2},
		{"新疆维吾尔自治区阿克苏地区阿克苏市塔中路1号301室", 2, 2}, {"阿克苏市塔中路1号301室", 2, 2},
		{"克孜勒苏柯尔克孜自治州阿图什市帕米尔路1号301室", 2, 2}, {"阿图什市帕米尔路1号301室", 2, 2},
		{"广西壮族自治区柳州市三江侗族自治县江峰街1号301室", 2, 2}, {"柳州市江峰街1号301室", 2, 2},
		{"云南省双江拉祜族佤族布朗族傣族自治县勐勐街1号301室", 2, 2}, {"勐勐街1号301室", 2, 2},
		{"呼伦贝尔市莫力达瓦达斡尔族自治旗纳文街1号301室", 2, 2}, {"呼伦贝尔市纳文街1号301室", 2, 2},
		{"福建省三明市三元区沙洲路1号301室", 2, 2}, {"三明市沙洲路1号301室", 2, 2}, /* 三 is folded to 3 */
		/* No prefectures, no districts. */
		{"海滨市联盟路1号301室", 1, 1}, {"海滨市同盟路1号301室", 1, 1},
		{"海滨市8幢东区301室", 1, 1}, {"海滨市9幢东区301室", 1, 1},
	};

	(void)state;
	assert_near(rows, sizeof(rows) / sizeof(rows[0]));
}

static char told[4096];

static void tell(void *context, const char *text)
{
	(void)context;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s\n", text);
}

static void the_registry_s_folder_gives_facts(void **state)
{
	char dir[] = "/tmp/huqi-facts-XXXXXX", command[1024], path[64];
	struct slice none = {0};
	struct reference *r = reference_new();
	struct error error = {""};

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(command, sizeof(command),
	         "cd %s && printf '统一社会信用代码,企业名称,员工姓名,注册日期\\n91350102MA00000A1Y,甲,张三、李四,2016-05-18\\n"
	         "x,乙,,\\n91350105MA00000B2E,丙,,when\\n' > enterprises.csv && "
	         "printf 'bank,account,uscc\\n102100099996,35,91350102MA00000A1Y\\n' > accounts.csv", dir);
	assert_int_equal(system(command), 0);
	snprintf(path, sizeof(path), "%s/enterprises.csv", dir);
	assert_int_equal(registry_refer_folder(path, r, tell, NULL, &error), 0);
	reference_finish(r);
	assert_int_equal(reference_facts(r).enterprises, 2);
	assert_int_equal(reference_facts(r).accounts, 1);
	assert_non_null(strstr(told, "/enterprises.csv:3: uscc: `x`: expected 18 characters"));
	assert_true(slice_is(reference_enterprise(r, none, slice_of("102100099996"), slice_of("35"))->staff,
	                     "\n张3\n李4\n"));
	assert_int_equal(reference_enterprise(r, slice_of("91350105MA00000B2E"), none, none)->registered_day,
	                 TX_DAY_ABSENT);
	reference_free(&r);
	snprintf(command, sizeof(command), "rm -r %s/*", dir);
	assert_int_equal(system(command), 0);
	r = reference_new();
	assert_int_equal(registry_refer_folder(dir, r, NULL, NULL, &error), -1);
	assert_non_null(strstr(error.text, "neither enterprises.csv nor accounts.csv"));
	reference_free(&r);
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_calendar_knows_moved_days), cmocka_unit_test(the_calendar_is_consistent),
		cmocka_unit_test(enterprises_are_found_by_code_or_account), cmocka_unit_test(addresses_are_counted),
		cmocka_unit_test(rooms_of_a_house_are_one_address), cmocka_unit_test(desks_of_a_room_are_one_address),
		cmocka_unit_test(prefectures_are_left_out),
		cmocka_unit_test(rooms_of_a_floor_are_near), cmocka_unit_test(a_street_is_of_one_city),
		cmocka_unit_test(the_registry_s_folder_gives_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
