/* Lists and facts in the store: imported, exported, given to patterns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "reference_load.h"
#include "registry/registry.h"
#include "store_fixture.h"

static struct store_fixture f;
static struct store *reader;
static struct lists_report report;
static char folder[64];

static int setup(void **state)
{
	(void)state;
	store_fixture_open(&f);
	store_fixture_start(&f, 5);
	if (store_open_reader(f.path, NULL, &reader, &f.error) == -1)
		fail_msg("%s", f.error.text);
	snprintf(folder, sizeof(folder), "/tmp/huqi-lists-XXXXXX");
	assert_non_null(mkdtemp(folder));
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	lists_report_free(&report);
	store_close(&reader);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
	store_fixture_close(&f);
	return 0;
}

static void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int import(bool dry_run)
{
	struct lists_import what = {.folder = folder, .dry_run = dry_run, .actor = "test"};

	lists_report_free(&report);
	return lists_import(f.writer, &what, &report, &f.error);
}

static void assert_tally(const char *list, size_t inserted, size_t changed, size_t unchanged, size_t removed)
{
	for (size_t i = 0; i < report.count; i++) {
		const struct lists_tally *t = &report.tallies[i];
		if (!slice_is(t->list, list))
			continue;
		assert_int_equal(t->inserted, inserted);
		assert_int_equal(t->changed, changed);
		assert_int_equal(t->unchanged, unchanged);
		assert_int_equal(t->removed, removed);
		return;
	}
	fail_msg("no tally of %s", list);
}

static void write_both(void)
{
	write_file("stop-payment.csv", "value,kind,reason,source,expires\n6222 01,account,涉案,市局,2026-12-31\n"
	           "骗子公司,name,\"a, \"\"b\"\"\",,\n6.2E+9,account,,,\n203.0.113.7,ip,,,2026-03-02T10:00:00+08:00\n");
	write_file("allow.csv", "value,kind,source\n622,account,one-pattern\n622,account,other-pattern\n");
}

/*
 * The file is the list: again changes nothing, what is not in it goes, other lists stay; each change is
 * audited (I10).
 */
static void the_file_is_the_list(void **state)
{
	(void)state;
	write_both();
	assert_int_equal(import(true), 0);
	assert_tally("stop-payment", 3, 0, 0, 0);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM list_entry"), 0);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM audit"), 0);
	assert_int_equal(import(false), 0);
	assert_tally("stop-payment", 3, 0, 0, 0);
	assert_tally("allow", 2, 0, 0, 0);
	assert_int_equal(report.refused, 1);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM audit WHERE action = 'lists.import'"),
	                 2);
	assert_int_equal(import(false), 0);
	assert_tally("stop-payment", 0, 0, 3, 0);
	assert_tally("allow", 0, 0, 2, 0);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM audit"), 2);
	write_file("stop-payment.csv", "value,kind,reason\n622201,account,涉案二\n骗 子 公司,name,\n");
	write_file("allow.csv", "value,kind,source\n622,account,other-pattern\n");
	assert_int_equal(import(true), 0);
	assert_tally("stop-payment", 0, 2, 0, 1);
	assert_tally("allow", 0, 0, 1, 1);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM list_entry"), 5);
	assert_int_equal(import(false), 0);
	assert_tally("stop-payment", 0, 2, 0, 1);
	assert_tally("allow", 0, 0, 1, 1);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM list_entry"), 3);
	assert_int_equal(store_fixture_number(reader,
	                                      "SELECT count(*) FROM list_entry WHERE pattern = 'one-pattern'"), 0);
	assert_int_equal(store_audit_verify(reader, &(int64_t){0}, &f.error), 0);
}

static void what_cannot_be_read_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(import(false), -1);
	assert_non_null(strstr(f.error.text, "holds no list"));
	write_both();
	write_file("zz.csv", "value;kind\n");
	assert_int_equal(import(false), -1);
	assert_non_null(strstr(f.error.text, "zz.csv:1: the header lacks the column `value"));
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM list_entry"), 0);
}

/* Out and in again: the same; the reason is kept, and no file is written over (I9, I10). */
static void an_export_is_imported_unchanged(void **state)
{
	char command[128];

	(void)state;
	write_both();
	assert_int_equal(import(false), 0);
	assert_int_equal(lists_export(f.writer, folder, slice_of(""), "test", "r", &f.error), -1);
	assert_non_null(strstr(f.error.text, "is there already"));
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM audit WHERE action = 'lists.export'"),
	                 0);
	snprintf(command, sizeof(command), "rm %s/*.csv", folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(lists_export(f.writer, folder, slice_of("stop-payment"), "test", "a reason", &f.error), 3);
	assert_int_equal(import(false), 0);
	assert_int_equal(report.count, 1);
	assert_tally("stop-payment", 0, 0, 3, 0);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM audit WHERE action = 'lists.export' AND "
	                                      "detail LIKE '%a reason%' AND object = 'stop-payment'"), 1);
}

/* A list's values come from anywhere, also out of payments; opened in a spreadsheet they compute nothing. */
static void no_value_is_a_formula(void **state)
{
	char text[512] = "", path[128];
	FILE *file;

	(void)state;
	write_file("names.csv", "value,kind,reason,source\n=1+1公司,name,@x,-y\n");
	assert_int_equal(import(false), 0);
	snprintf(path, sizeof(path), "%s/names.csv", folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(lists_export(f.writer, folder, slice_of(""), "test", "r", &f.error), 1);
	assert_non_null(file = fopen(path, "r"));
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_string_equal(text, "value,kind,reason,source,expires\n'=1+1公司,name,'@x,'-y,\n");
	assert_int_equal(import(false), 0);
	assert_tally("names", 0, 0, 1, 0);
}

static int put_facts(struct store *store, void *arg, struct error *error)
{
	struct enterprise_row e = {
		.uscc = slice_of("91350102MA00000A1Y"), .name = slice_of("甲"), .industry = slice_of(""), .scope = slice_of("百货"),
		.address = slice_of("示例路1号"), .registered_on = slice_of("2016-05-18"), .legal_representative = slice_of("赵"),
		.jurisdiction = slice_of(""), .staff = *(struct slice *)arg};
	struct account_row a = {.bank = slice_of("102100099996"), .account = slice_of("35"),
	                        .uscc = slice_of("91350102MA00000A1Y"), .name = slice_of(""), .opened_on = slice_of("")};

	return store_enterprise_put(store, &e, error) == -1 || store_account_put(store, &a, error) == -1 ? -1 : 0;
}

/*
 * Lists of a folder and of the store are one; the registry comes along. Staff stay where a file does not name
 * them.
 */
static void the_service_s_reference_is_both(void **state)
{
	struct slice staff = slice_of("张三、李四"), none = {0};
	struct settings settings = {.lists_dir = folder};
	const struct reference_enterprise *e;
	struct reference *r;

	(void)state;
	write_both();
	assert_int_equal(import(false), 0);
	write_file("stop-payment.csv", "value,kind\n999,account\n");
	assert_int_equal(store_run(f.writer, put_facts, &staff, &f.error), 0);
	assert_int_equal(store_run(f.writer, put_facts, &none, &f.error), 0);
	assert_int_equal(reference_load_store(&settings, reader, NULL, NULL, &r, &f.error), 0);
	assert_int_equal(reference_facts(r).entries, 3 + 1 + 2);
	assert_int_equal(reference_facts(r).enterprises, 1);
	assert_non_null(reference_find(reference_list(r, slice_of("stop-payment")), REFERENCE_ACCOUNT,
	                               slice_of("622201"), 0));
	assert_non_null(reference_find(reference_list(r, slice_of("stop-payment")), REFERENCE_ACCOUNT,
	                               slice_of("999"), 0));
	assert_true(reference_allows(r, slice_of("other-pattern"), REFERENCE_ACCOUNT, slice_of("622"), 0));
	e = reference_enterprise(r, none, slice_of("102100099996"), slice_of("35"));
	assert_true(slice_is(e->staff, "\n张3\n李4\n"));
	reference_free(&r);
	write_file("stop-payment.csv", "no header");
	assert_int_equal(reference_load_store(&settings, reader, NULL, NULL, &r, &f.error), -1);
	assert_null(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_file_is_the_list, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(an_export_is_imported_unchanged, setup, teardown),
		cmocka_unit_test_setup_teardown(no_value_is_a_formula, setup, teardown),
		cmocka_unit_test_setup_teardown(the_service_s_reference_is_both, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
