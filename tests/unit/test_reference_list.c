/* Lists: what a row may say, what a value is found by, until when (I2), and a million of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/counters.h"
#include "base/instant.h"
#include "fold/fold.h"
#include "reference/reference.h"
#include "tests/reference/list.h"
#include "tests/unit/match_fixture.h"

static char told[8192];
static int told_count;

static void tell(void *context, const char *text)
{
	(void)context;
	told_count++;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s\n", text);
}

static struct reference *load(const char *list, const char *csv, size_t length)
{
	struct reference *reference = reference_new();
	struct error error = {""};

	told[0] = '\0';
	told_count = 0;
	if (reference_load_list_bytes(reference, slice_of(list), "x.csv", csv, length, tell, NULL, &error) == -1)
		fail_msg("%s", error.text);
	reference_finish(reference);
	return reference;
}

static struct reference *stop(const char *csv)
{
	return load(REFERENCE_STOP_PAYMENT, csv, strlen(csv));
}

static const struct reference_entry *find(const struct reference *reference, enum reference_kind kind,
                                          const char *value, int64_t at_ms)
{
	char folded[256];
	struct slice asked = slice_of(value);

	if (kind == REFERENCE_NAME)
		asked = (struct slice){folded, (uint32_t)fold_text(value, strlen(value), folded, sizeof(folded))};
	return reference_find(reference_list(reference, slice_of(REFERENCE_STOP_PAYMENT)), kind, asked, at_ms);
}

static int64_t china(int year, int month, int day, int hour, int minute, int second)
{
	int32_t days = 0;

	assert_true(instant_day_of(year, month, day, &days));
	return instant_of(days, hour, minute, second, 0, INSTANT_CHINA_MS);
}

static void values_are_found_by_their_spelling(void **state)
{
	struct reference *r = stop("value,kind,reason,source,expires\n"
	                           "6222 0200 0000 0001,account,涉案,市局,\n"
	                           "福州骗子貿易有限公司,name,,,\n"
	                           "2001:DB8:0:0::7,ip,,,\n::ffff:203.0.113.9,ip,,,\n203.0.113.7,ip,,,\n"
	                           "91350100m000100y43,uscc,,,\n");

	(void)state;
	assert_int_equal(told_count, 0);
	assert_int_equal(reference_facts(r).entries, 6);
	assert_non_null(find(r, REFERENCE_ACCOUNT, "6222020000000001", 0));
	assert_true(slice_is(find(r, REFERENCE_ACCOUNT, "6222020000000001", 0)->reason, "涉案"));
	assert_true(slice_is(find(r, REFERENCE_ACCOUNT, "6222020000000001", 0)->value, "6222 0200 0000 0001"));
	assert_non_null(find(r, REFERENCE_NAME, "福州 骗子贸易（有限公司）", 0));
	assert_non_null(find(r, REFERENCE_IP, "2001:db8::7", 0));
	assert_non_null(find(r, REFERENCE_IP, "2001:0db8:0000::0007", 0));
	assert_non_null(find(r, REFERENCE_IP, "203.0.113.9", 0));
	assert_non_null(find(r, REFERENCE_IP, "::ffff:203.0.113.7", 0));
	assert_non_null(find(r, REFERENCE_USCC, "91350100M000100Y43", 0));
	/* A value of one kind is none of another, nothing is not on a list, and no part is the whole. */
	assert_null(find(r, REFERENCE_USCC, "6222020000000001", 0));
	assert_null(find(r, REFERENCE_ACCOUNT, "", 0));
	assert_null(find(r, REFERENCE_ACCOUNT, "622202000000000", 0));
	assert_null(reference_list(r, slice_of("stop")));
	reference_free(&r);
}

/* I2: an entry ends with its day in China, whatever clock looks it up. */
static void entries_expire_by_booking_time(void **state)
{
	struct reference *r = stop("value,kind,expires\n1,account,2026-03-02\n2,account,2026/3/2\n3,account,20260302\n"
	                           "4,account,2026-03-02T12:00:00+08:00\n5,account,\n");
	int64_t last = china(2026, 3, 2, 23, 59, 59), next = china(2026, 3, 3, 0, 0, 0);

	(void)state;
	assert_int_equal(told_count, 0);
	for (int i = 0; i < 3; i++) {
		const char account[2] = {(char)('1' + i)};
		assert_non_null(find(r, REFERENCE_ACCOUNT, account, last));
		assert_null(find(r, REFERENCE_ACCOUNT, account, next));
	}
	assert_non_null(find(r, REFERENCE_ACCOUNT, "4", china(2026, 3, 2, 11, 59, 59)));
	assert_null(find(r, REFERENCE_ACCOUNT, "4", china(2026, 3, 2, 12, 0, 0)));
	assert_non_null(find(r, REFERENCE_ACCOUNT, "5", china(2099, 1, 1, 0, 0, 0)));
	reference_free(&r);
}

static void dates_are_taken_as_people_write_them(void **state)
{
	static const char *const right[] = {"2026-03-05", "2026/3/5", "2026/03/05", "20260305", "2026-3-5"};
	static const char *const wrong[] = {"2026-13-01", "2026-02-30", "2026-3", "2026-3-", "2026-3-5-",
		"2026-3/5", "202635",
	                                    "2026030", "202603055", "26-03-05", "1899-01-01", "2100-01-01", "2026-00-05",
	                                    "2026-03-05x", "5.3.2026", "-", "/", "2026"};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		assert_true(reference_parse_expiry(slice_of(right[i]), &ms));
		assert_int_equal(ms, china(2026, 3, 6, 0, 0, 0));
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (reference_parse_expiry(slice_of(wrong[i]), &ms))
			fail_msg("%s was taken", wrong[i]);
}

/*
 * I5: each wrong row is told with file, line, field, what was found and what was expected; the others count.
 */
static void wrong_rows_are_told_and_left_out(void **state)
{
	static const struct {
		const char *row, *says;
	} rows[] = {
		{"6.22E+18,account,,,", "x.csv:2: value: `6.22E+18`: expected an account"},
		{",account,,,", "value: ``: expected an account"},
		{"12345678901234567890123456789012345,account,,,", "expected an account of 1 to 34"},
		{"。。,name,,,", "value: `。。`: expected a name"},
		{"10.0.0.0/8,ip,,,", "and no range"},
		{"203.0.113.256,ip,,,", "expected one address"},
		{"9135010OM000100Y43,uscc,,,", "expected 18 characters"},
		{"1,card,,,", "kind: `card`: expected account, name, ip or uscc"},
		{"1,,,,", "kind: ``: expected"},
		{"1,account,,,2026-02-30", "expires: `2026-02-30`: expected a date such as 2026-12-31"},
		{"1,account,,,soon", "expires: `soon`"},
		{"1,account,a,b,,c", "6 fields; the header has 5"},
		{"\"1,account,,,", "a quote that is never closed"},
		{"\xFF\xFE,name,,,", "neither UTF-8 nor GB18030"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t before = counter_sum(COUNT_LIST_ROWS_REFUSED);
		char csv[512];
		struct reference *r;
		snprintf(csv, sizeof(csv), "value,kind,reason,source,expires\n%s\n9,account,好的,,\n好,name,,,\n",
		         rows[i].row);
		r = stop(csv);
		if (strstr(told, rows[i].says) == NULL || told_count != 1)
			fail_msg("row %zu: %s", i, told);
		assert_non_null(find(r, REFERENCE_ACCOUNT, "9", 0));
		assert_int_equal(reference_facts(r).entries, 2);
		assert_int_equal(reference_facts(r).refused, 1);
		assert_int_equal(counter_sum(COUNT_LIST_ROWS_REFUSED), before + 1);
		reference_free(&r);
	}
}

static void headers_are_zh_or_en_and_must_be_there(void **state)
{
	/* 类型,值,原因 / 账号,6222,赌博 in GB18030 */
	static const char gb[] = "\xC0\xE0\xD0\xCD,\xD6\xB5,\xD4\xAD\xD2\xF2\r\n\xD5\xCB\xBA\xC5,6222,\xB6\xC4\xB2\xA9\r\n";
	static const char *const headers[] = {"", "a,b\n1,2\n", "value,reason\n1,x\n", "kind\naccount\n",
	                                      "value,value,kind\n1,2,account\n", "\"value,kind\n"};
	struct reference *r = load(REFERENCE_STOP_PAYMENT, gb, sizeof(gb) - 1);
	struct error error;

	(void)state;
	assert_true(slice_is(find(r, REFERENCE_ACCOUNT, "6222", 0)->reason, "赌博"));
	reference_free(&r);
	r = stop("\xEF\xBB\xBF" "号码,类别,事由,来源,有效期至,备注\n6222,卡号,x,y,2027-01-01,\n6223,户名\n");
	assert_string_equal(told,
	                    "x.csv:1: a column that is not known is not read; known are value, kind, reason, source, "
	                    "expires\n");
	assert_non_null(find(r, REFERENCE_ACCOUNT, "6222", 0));
	assert_non_null(find(r, REFERENCE_NAME, "6223", 0));
	reference_free(&r);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		r = reference_new();
		assert_int_equal(reference_load_list_bytes(r, slice_of("l"), "l.csv", headers[i], strlen(headers[i]), NULL,
		                                           NULL, &error), -1);
		assert_non_null(strstr(error.text, "l.csv"));
		reference_free(&r);
	}
}

static void list_names_are_bounded(void **state)
{
	static const char *const wrong[] = {"", ".x", "a/b", "a b", "a\"b", "a`b", "a:b",
	                                    "x123456789012345678901234567890123456789012345678901234567890123456789"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct reference *r = reference_new();
		struct reference_entry entry = {.value = slice_of("1"), .expires_ms = INT64_MAX};
		assert_false(reference_is_name(slice_of(wrong[i])));
		assert_int_equal(reference_add(r, slice_of(wrong[i]), &entry, NULL), -1);
		reference_free(&r);
	}
	assert_true(reference_is_name(slice_of("涉案名单")));
	assert_true(reference_is_name(slice_of("stop-payment")));
}

/* A list allows one pattern one party; there is no entry for all patterns. */
static void allow_names_one_pattern(void **state)
{
	static const char csv[] = "value,kind,reason,source,expires\n"
	                          "622,account,月结,pass-through-2h,2026-03-02\n622,account,月结,mule-words,\n"
	                          "623,account,,*,\n624,account,,,\n好客户,name,,mule-words,\n";
	struct reference *r = load(REFERENCE_ALLOW, csv, sizeof(csv) - 1);
	int64_t now = china(2026, 3, 2, 1, 0, 0), later = china(2026, 3, 3, 0, 0, 0);
	struct slice both = slice_of("622"), mule = slice_of("mule-words"), pass = slice_of("pass-through-2h");

	(void)state;
	assert_int_equal(told_count, 2);
	assert_non_null(strstr(told, "source: `*`: expected the id of the one pattern"));
	assert_true(reference_has_allow(r));
	assert_true(reference_allows(r, pass, REFERENCE_ACCOUNT, both, now));
	assert_false(reference_allows(r, pass, REFERENCE_ACCOUNT, both, later));
	assert_true(reference_allows(r, mule, REFERENCE_ACCOUNT, both, later));
	assert_false(reference_allows(r, slice_of("other"), REFERENCE_ACCOUNT, both, now));
	assert_false(reference_allows(r, (struct slice){0}, REFERENCE_ACCOUNT, both, now));
	assert_false(reference_allows(r, mule, REFERENCE_NAME, both, now));
	assert_true(reference_allows(r, mule, REFERENCE_NAME, slice_of("好客户"), now));
	/* It is not asked as a list. */
	assert_null(reference_find(reference_list(r, slice_of(REFERENCE_ALLOW)), REFERENCE_ACCOUNT, both, now));
	reference_free(&r);
}

static void folders_hold_a_list_a_file(void **state)
{
	char dir[] = "/tmp/huqi-lists-XXXXXX", command[256];
	struct reference *r = reference_new();
	struct error error;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(command, sizeof(command),
	         "cd %s && printf 'value,kind\\n1,account\\nx y,ip\\n' > b.csv && printf 'kind,value\\naccount,2\\n' > a.csv "
	         "&& touch notes.txt .hidden.csv", dir);
	assert_int_equal(system(command), 0);
	told[0] = '\0';
	assert_int_equal(reference_load_lists(r, dir, tell, NULL, &error), 0);
	reference_finish(r);
	assert_int_equal(reference_facts(r).lists, 2);
	assert_true(slice_is(reference_list_name(reference_list_at(r, 0)), "a"));
	assert_true(slice_is(reference_list_name(reference_list_at(r, 1)), "b"));
	assert_null(reference_list_at(r, 2));
	assert_non_null(strstr(told, "/b.csv:3: value: "));
	reference_free(&r);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
	r = reference_new();
	assert_int_equal(reference_load_lists(r, dir, NULL, NULL, &error), -1);
	assert_non_null(strstr(error.text, "cannot be read"));
	reference_free(&r);
}

/* Against a plain array: random entries, many of them twice, at random times. */
static void look_ups_agree_with_the_reference(void **state)
{
	enum { ENTRIES = 400, VALUES = 150, QUESTIONS = 3000 };
	static struct reference_entry entries[ENTRIES];
	static char values[VALUES][24];
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 20; round++) {
		struct reference *r = reference_new();
		for (int i = 0; i < VALUES; i++)
			snprintf(values[i], sizeof(values[i]), "62220%03d%06u", i, fixture_random(&seed, 900000));
		for (int i = 0; i < ENTRIES; i++) {
			entries[i] = (struct reference_entry){
				.value = slice_of(values[fixture_random(&seed, VALUES)]), .kind = REFERENCE_ACCOUNT,
				.expires_ms = fixture_random(&seed, 4) == 0 ? INT64_MAX : (int64_t)fixture_random(&seed, 1000)};
			assert_int_equal(reference_add(r, slice_of("l"), &entries[i], NULL), 0);
		}
		reference_finish(r);
		for (int i = 0; i < QUESTIONS; i++) {
			struct slice value = slice_of(values[fixture_random(&seed, VALUES)]);
			int64_t at = (int64_t)fixture_random(&seed, 1100);
			int64_t expiry = plain_list_expiry(entries, ENTRIES, REFERENCE_ACCOUNT, value);
			const struct reference_entry *found =
				reference_find(reference_list(r, slice_of("l")), REFERENCE_ACCOUNT, value, at);
			assert_int_equal(found != NULL, at < expiry);
			if (found != NULL)
				assert_int_equal(found->expires_ms, expiry);
		}
		reference_free(&r);
	}
}

/* Of processor time: the machine may be busy. */
static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A million rows; the figures are printed, the bounds are wide enough for a busy machine and sanitizers. */
static void a_million_entries_are_taken(void **state)
{
	enum { ENTRIES = 1000000, QUESTIONS = 1000000, ACCOUNT_BYTES = 20 };
	size_t room = (size_t)ENTRIES * 64 + 64, length;
	char *csv = malloc(room);
	uint64_t seed = 3;
	size_t found = 0;
	double begun, loaded, asked;
	const struct reference_list *list;
	struct reference *r;

	(void)state;
	assert_non_null(csv);
	length = (size_t)sprintf(csv, "value,kind,reason,source,expires\n");
	for (int i = 0; i < ENTRIES; i++)
		length += (size_t)sprintf(csv + length, "6222%015d,account,%s,市反诈中心,%s\n", i * 7,
		                          i % 3 == 0 ? "涉案账户" : "诈骗收款", i % 2 == 0 ? "2027-01-01" : "");
	begun = seconds();
	r = load(REFERENCE_STOP_PAYMENT, csv, length);
	loaded = seconds() - begun;
	assert_int_equal(reference_facts(r).entries, ENTRIES);
	list = reference_list(r, slice_of(REFERENCE_STOP_PAYMENT));
	for (int i = 0; i < QUESTIONS; i++)
		sprintf(csv + i * ACCOUNT_BYTES, "6222%015u", fixture_random(&seed, ENTRIES * 7));
	begun = seconds();
	for (int i = 0; i < QUESTIONS; i++)
		found += reference_find(list, REFERENCE_ACCOUNT,
		                        (struct slice){csv + i * ACCOUNT_BYTES, ACCOUNT_BYTES - 1}, 0) !=
		         NULL;
	asked = seconds() - begun;
	print_message("a million entries: loaded in %.2f s, %.0f ns a look-up\n", loaded,
	              asked / QUESTIONS * 1e9);
	assert_in_range(found, QUESTIONS / 7 - 5000, QUESTIONS / 7 + 5000);
	assert_true(loaded < 60);
	reference_free(&r);
	free(csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_found_by_their_spelling), cmocka_unit_test(entries_expire_by_booking_time),
		cmocka_unit_test(dates_are_taken_as_people_write_them),
		cmocka_unit_test(wrong_rows_are_told_and_left_out), cmocka_unit_test(headers_are_zh_or_en_and_must_be_there),
		cmocka_unit_test(list_names_are_bounded), cmocka_unit_test(allow_names_one_pattern),
		cmocka_unit_test(folders_hold_a_list_a_file), cmocka_unit_test(look_ups_agree_with_the_reference),
		cmocka_unit_test(a_million_entries_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
