/* The export: what an import takes back unchanged, in each language and encoding; nothing personal without a reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/csv_writer.h"
#include "registry_fixture.h"

#define U REGISTRY_USCC

static char out[64];

static int setup(void **state)
{
	registry_setup(state);
	registry.any_channel = true;
	snprintf(out, sizeof(out), "/tmp/huqi-export-XXXXXX");
	assert_non_null(mkdtemp(out));
	return 0;
}

static void remove_files(const char *folder)
{
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", folder, registry_file_names[i]);
		unlink(path);
	}
}

static int teardown(void **state)
{
	remove_files(out);
	rmdir(out);
	return registry_teardown(state);
}

static char *read_file(const char *folder, enum registry_file file)
{
	static char bytes[4][1 << 20];
	static int turn;
	char path[128], *text = bytes[turn++ % 4];
	size_t length;
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s", folder, registry_file_names[file]);
	if ((in = fopen(path, "rb")) == NULL)
		return NULL;
	length = fread(text, 1, (1 << 20) - 1, in);
	text[length] = '\0';
	fclose(in);
	return text;
}

static int export_with(const char *reason, bool gb18030, bool chinese, struct registry_exported *done)
{
	struct registry_export what = {.folder = out, .reason = reason, .actor = "tester", .gb18030 = gb18030,
	                               .chinese = chinese};

	return registry_export(registry.store.writer, registry.reader, &what, done, &registry.store.error);
}

static void export_well(const char *reason, bool gb18030, bool chinese, struct registry_exported *done)
{
	remove_files(out);
	if (export_with(reason, gb18030, chinese, done) == -1)
		fail_msg("%s", registry.store.error.text);
}

/* Everything that a registry can hold, with what is awkward in CSV. */
static void fill(void)
{
	registry_write(REGISTRY_JURISDICTIONS, "code,parent,name_zh,name_en,bank_city\n350000,,福建省,Fujian,\n"
	                                       "350100,350000,福州市,\"Fuzhou, city\",3910\n");
	registry_write(REGISTRY_ENTERPRISES,
	               "uscc,name,industry,scope,address,registered_on,legal_representative,staff,former_names,status,"
	               "jurisdiction\n" U ",\"福州\"\"示例\"\"商贸, 有限公司\",批发业,\"批发,零售\",\"1, \"\"A\"\" 座\",2020-01-02,甲丙丁,"
	               "乙;丙,旧名,active,350100\n" REGISTRY_OTHER ",北京㐂示例🏢公司,,,,,,,,注销,\n");
	registry_write(REGISTRY_ACCOUNTS, "bank,account,uscc,name,opened_on\n102100099996,6222020200001234567," U
	                                  ",户名,2020-01-02\n102100099996,622202," U ",,\n");
	registry_write(REGISTRY_CONTACTS,
	               "uscc,name,role,order,language,quiet,absent_from,absent_to,stand_in,trained_on,channel,address,secret,"
	               "verified_on,disabled\n"
	               "350100,值班,duty,1,zh,,,,,,sms,13900000001,,2026-01-02,\n" U
	               ",张三,cashier,1,en,22:00-07:00,2026-03-01,2026-03-09,李四,2026-01-05,sms,+86 138-0000-1234,,2026-01-03,\n" U
	               ",张三,cashier,,,,,,,,email,Zhang@example.com,,,\n" U
	               ",李四,owner,2,,,,,,,dingtalk,https://r.example.com/?a=1,\"SEC,\"\"x\",,\"gone, for good\"\n");
	registry_import_well(false);
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		assert_int_equal(registry.report.tallies[i].refused, 0);
}

static void assert_unchanged(int jurisdictions, int enterprises, int accounts, int contacts)
{
	registry_assert_tally(REGISTRY_JURISDICTIONS, 0, 0, jurisdictions, 0);
	registry_assert_tally(REGISTRY_ENTERPRISES, 0, 0, enterprises, 0);
	registry_assert_tally(REGISTRY_ACCOUNTS, 0, 0, accounts, 0);
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, contacts, 0);
}

static void what_goes_out_comes_back_unchanged(void **state)
{
	struct registry_exported done;

	(void)state;
	fill();
	for (int i = 0; i < 4; i++) {
		export_well("move to another machine", i & 1, i & 2, &done);
		assert_true(done.jurisdictions == 2 && done.enterprises == 2 && done.accounts == 2 && done.contacts == 4);
		if (registry_import_from(out, false) == -1)
			fail_msg("%s", registry.store.error.text);
		assert_unchanged(2, 2, 2, 4);
		assert_int_equal(strncmp(read_file(out, REGISTRY_CONTACTS), i & 2 ? "" : "uscc,name,role,order", i & 2 ? 0 : 20), 0);
		if (i == 2)
			assert_non_null(strstr(read_file(out, REGISTRY_CONTACTS), "统一社会信用代码,姓名,职务,顺序,语言,静默时段,离岗自"));
	}
}

/* Into an empty store, and out of it again: the same bytes. */
static void another_store_gives_the_same_bytes(void **state)
{
	struct registry_exported done;
	char kept[REGISTRY_FILE_COUNT][4096], moved[64];

	(void)state;
	fill();
	export_well("move", false, true, &done);
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		snprintf(kept[i], sizeof(kept[i]), "%s", read_file(out, (enum registry_file)i));
	snprintf(moved, sizeof(moved), "%s", out);
	registry_teardown(state);
	registry_setup(state);
	registry.any_channel = true;
	if (registry_import_from(moved, false) == -1)
		fail_msg("%s", registry.store.error.text);
	registry_assert_tally(REGISTRY_CONTACTS, 4, 0, 0, 0);
	export_well("move", false, true, &done);
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		assert_string_equal(kept[i], read_file(out, (enum registry_file)i));
}

/* I9, I10 */
static void nothing_personal_leaves_without_a_reason(void **state)
{
	static const char *const reasons[] = {NULL, ""};
	struct registry_exported done;
	int64_t rows;

	(void)state;
	fill();
	for (size_t i = 0; i < 2; i++) {
		const char *text;
		export_well(reasons[i], false, false, &done);
		assert_true(done.accounts == -1 && done.contacts == -1 && done.enterprises == 2);
		assert_null(read_file(out, REGISTRY_ACCOUNTS));
		assert_null(read_file(out, REGISTRY_CONTACTS));
		assert_non_null(text = read_file(out, REGISTRY_ENTERPRISES));
		assert_null(strstr(text, "甲丙丁"));
		assert_null(strstr(text, "乙;丙"));
		assert_null(strstr(text, "legal_representative"));
	}
	/* and bringing it back takes nothing away */
	if (registry_import_from(out, false) == -1)
		fail_msg("%s", registry.store.error.text);
	registry_assert_tally(REGISTRY_ENTERPRISES, 0, 0, 2, 0);
	export_well("audit \"of\" the centre", false, false, &done);
	assert_int_equal(registry_number("SELECT count(*) FROM audit WHERE action = 'registry.export' AND actor = 'tester'"),
	                 3);
	assert_int_equal(registry_number("SELECT count(*) FROM audit WHERE action = 'registry.export' AND "
	                                 "detail LIKE '%reason: audit \"of\" the centre'"), 1);
	assert_int_equal(store_audit_verify(registry.reader, &rows, &registry.store.error), 0);
}

static void what_is_there_is_not_written_over(void **state)
{
	struct registry_exported done;

	(void)state;
	fill();
	export_well("move", false, false, &done);
	assert_int_equal(export_with("move", false, false, &done), -1);
	assert_non_null(strstr(registry.store.error.text, "empty folder"));
	snprintf(out + strlen(out), sizeof(out) - strlen(out), "/none");
	assert_int_equal(export_with("move", false, false, &done), -1);
	assert_non_null(strstr(registry.store.error.text, "cannot be made"));
	*strrchr(out, '/') = '\0';
}

/* A reader without the key cannot export contacts, and says so before anything is written or audited. */
static void without_the_key_nothing_is_written(void **state)
{
	struct registry_exported done;
	char path[128];

	(void)state;
	fill();
	store_close(&registry.reader);
	snprintf(path, sizeof(path), "%s/key", registry.store.folder);
	unlink(path);
	assert_int_equal(store_open_reader(registry.store.path, NULL, &registry.reader, &registry.store.error), 0);
	assert_int_equal(export_with("move", false, false, &done), -1);
	assert_non_null(strstr(registry.store.error.text, "store.key_file"));
	assert_null(read_file(out, REGISTRY_JURISDICTIONS));
	assert_int_equal(registry_number("SELECT count(*) FROM audit WHERE action = 'registry.export'"), 0);
}

/* ---- the writer ---- */

static const char *random_text(char *text, size_t bytes)
{
	static const char *const pieces[] = {"a", "\"", ",", "\n", "", " ", "张", "é", "🏢", "㐂", "\"\"", "x,y", "'", "=1",
	                                     "＝", "-", "@", "+"};
	int length = 0, count = rand() % 12;

	text[0] = '\0';
	for (int i = 0; i < count && length < (int)bytes - 8; i++)
		length += snprintf(text + length, bytes - (size_t)length, "%s", pieces[rand() % 18]);
	if (rand() % 40 == 0) /* longer than a piece that is converted at once */
		for (int i = 0; i < 500 && length < (int)bytes - 8; i++)
			length += snprintf(text + length, bytes - (size_t)length, "%s", pieces[6 + rand() % 4]);
	return text;
}

/* What the reader makes of it: control characters are spaces, the ends trimmed. */
static struct slice as_read(char *text)
{
	for (char *c = text; *c != '\0'; c++)
		if (*c == '\n')
			*c = ' ';
	return slice_trim(slice_of(text));
}

/* The first character of a cell, as a spreadsheet takes the quotes off. */
static char first_of(const char *cell)
{
	return cell[cell[0] == '"'];
}

/* Whoever names a firm or a contact must not make an analyst's spreadsheet compute. */
static void no_cell_is_a_formula(void **state)
{
	static const char *const names[] = {"=HYPERLINK(\"\"http://x\"\")", "+1", "-1", "@SUM(1)", "＝1", "＋1", "－1", "＠1",
	                                    "'=1", "''-1", "' =1"};
	struct registry_exported done;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char rows[512], *text, *cell;

		snprintf(rows, sizeof(rows), "uscc,name,scope\n" U ",\"%s\",\"\t%s, 1\"\n", names[i], names[i]);
		registry_write(REGISTRY_ENTERPRISES, rows);
		registry_import_well(false);
		export_well("move", false, false, &done);
		text = read_file(out, REGISTRY_ENTERPRISES);
		assert_non_null(cell = strstr(text, "\n" U ","));
		assert_int_equal(first_of(cell += sizeof("\n" U ",") - 1), '\'');
		assert_non_null(cell = strstr(cell, ",,")); /* no industry, the scope */
		assert_int_equal(first_of(cell + 2), '\'');
		if (registry_import_from(out, false) == -1)
			fail_msg("%s", registry.store.error.text);
		registry_assert_tally(REGISTRY_ENTERPRISES, 0, 0, 1, 0);
	}
}

static void any_text_is_read_as_it_was_written(void **state)
{
	enum { ROWS = 400, FIELDS = 4 };
	static char texts[ROWS][FIELDS][4096];
	struct csv_writer writer;
	struct csv_record record;
	char path[128];
	struct csv csv;

	(void)state;
	srand(11);
	snprintf(path, sizeof(path), "%s/contacts.csv", out);
	for (int gb = 0; gb < 2; gb++) {
		unlink(path);
		assert_int_equal(csv_writer_open(&writer, path, gb, &registry.store.error), 0);
		for (int i = 0; i < ROWS; i++) {
			for (int j = 0; j < FIELDS; j++)
				csv_writer_field(&writer, slice_of(j == 0 ? strcpy(texts[i][j], "第") : random_text(texts[i][j], 4096)));
			csv_writer_end_row(&writer);
		}
		assert_int_equal(csv_writer_close(&writer, &registry.store.error), 0);
		assert_int_equal(csv_open_file(&csv, path, &registry.store.error), 1);
		for (int i = 0; i < ROWS; i++) {
			assert_true(csv_next(&csv, &registry.store.arena, &record));
			assert_null(record.fault);
			assert_int_equal(record.count, FIELDS);
			for (int j = 0; j < FIELDS; j++)
				assert_true(slice_equal(record.fields[j], as_read(texts[i][j])));
		}
		assert_false(csv_next(&csv, &registry.store.arena, &record));
		csv_close(&csv);
		arena_reset(&registry.store.arena);
	}
	assert_int_equal(csv_writer_open(&writer, "/dev/full", false, &registry.store.error), -1); /* it is there */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_goes_out_comes_back_unchanged),
		TEST(another_store_gives_the_same_bytes),
		TEST(nothing_personal_leaves_without_a_reason),
		TEST(what_is_there_is_not_written_over),
		TEST(without_the_key_nothing_is_written),
		TEST(no_cell_is_a_formula),
		TEST(any_text_is_read_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
