/* CSV as spreadsheets write it, in three encodings; a bad record never spoils the next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 8 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

/* A file as one text: records by "\n", "LINE:" first, fields by "|", a fault as "!". */
static const char *flat(const char *bytes, size_t length)
{
	static char out[4096];
	struct csv_record r;
	struct csv csv;
	size_t at = 0;

	out[0] = '\0';
	csv_open_bytes(&csv, bytes, length);
	while (csv_next(&csv, &arena, &r)) {
		at += (size_t)snprintf(out + at, sizeof(out) - at, "%d:%s", r.line, r.fault != NULL ? "!" : "");
		for (size_t i = 0; r.fault == NULL && i < r.count; i++)
			at += (size_t)snprintf(out + at, sizeof(out) - at, "%s%.*s", i > 0 ? "|" : "", SLICE_PRINT(r.fields[i]));
		at += (size_t)snprintf(out + at, sizeof(out) - at, "\n");
	}
	csv_close(&csv);
	return out;
}

static void records_are_read(void **state)
{
	static const struct {
		const char *bytes, *read;
	} cases[] = {
		{"", ""},
		{"\n\r\n \n,,\n", ""},
		{"a", "1:a\n"},
		{"a,b\nc,d\n", "1:a|b\n2:c|d\n"},
		{"a,b\r\n\r\nc,d", "1:a|b\n3:c|d\n"},
		{"\xEF\xBB\xBF" "a,企业", "1:a|企业\n"},
		{" a ,\t b\t\n", "1:a|b\n"},
		{"\"a,b\",c\n", "1:a,b|c\n"},
		{"\"a\"\"b\",\"\"\n", "1:a\"b|\n"},
		{"\"a\nb\",c\nd\n", "1:a b|c\n3:d\n"},
		{"a\"b,c\n", "1:a\"b|c\n"},
		{"\"a\" ,b\n", "1:a|b\n"},
		{"a,\n", "1:a|\n"},
		/* an apostrophe before what a spreadsheet would compute only says that it is text */
		{"'=1,'+1,'-1,'@1,\"'＝1\",' ＋1,'－1,'＠1\n", "1:=1|+1|-1|@1|＝1|＋1|－1|＠1\n"},
		{"''=1,'a,'1,',''\n", "1:'=1|'a|'1|'|''\n"},
		/* faults, and what follows is read all the same */
		{"\"a\"b,c\nd\n", "1:!\n2:d\n"},
		{"\"a,b\nc,d\ne,f\n", "1:!\n2:c|d\n3:e|f\n"},
		{"x\n\"a,\"\"b\nc\n", "1:x\n2:!\n3:c\n"},
		{"a\xFF,企业名称\n福州,b\nc\n", "1:!\n2:福州|b\n3:c\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *read = flat(cases[i].bytes, strlen(cases[i].bytes));
		if (strcmp(read, cases[i].read) != 0)
			fail_msg("case %zu was read as\n%s", i, read);
	}
	assert_string_equal(flat("a\0b,c\nd\n", 8), "1:!\n2:d\n");
}

static void gb18030_is_recognised(void **state)
{
	/* 企业名称,账户 / 福州,镕 (U+9555) / a row that is neither */
	static const char bytes[] = "\xC6\xF3\xD2\xB5\xC3\xFB\xB3\xC6,\xD5\xCB\xBB\xA7\r\n"
	                            "\xB8\xA3\xD6\xDD,\xE9\x46\n\xFF\xFF,x\nz,\x81\x30\x81\x30\n";

	(void)state;
	assert_string_equal(flat(bytes, sizeof(bytes) - 1), "1:企业名称|账户\n2:福州|镕\n3:!\n4:z|\xC2\x80\n");
}

/* I8: one field too many, and a record that never ends. */
static void records_are_bounded(void **state)
{
	char *bytes = malloc(CSV_RECORD_BYTES_MAX + 100), many[128] = "";

	(void)state;
	for (int i = 0; i < CSV_FIELDS_MAX; i++)
		strcat(many, "a,");
	strcat(many, "\nb\n");
	assert_string_equal(flat(many, strlen(many)), "1:!\n2:b\n");
	memset(bytes, 'x', CSV_RECORD_BYTES_MAX + 50);
	bytes[0] = '"';
	memcpy(bytes + CSV_RECORD_BYTES_MAX + 50, "\nb\n", 3);
	assert_string_equal(flat(bytes, CSV_RECORD_BYTES_MAX + 53), "1:!\n2:b\n");
	bytes[0] = 'x';
	assert_string_equal(flat(bytes, CSV_RECORD_BYTES_MAX + 53), "1:!\n2:b\n");
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(records_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(gb18030_is_recognised, setup, teardown),
		cmocka_unit_test_setup_teardown(records_are_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
