/* The import: good rows taken, bad ones refused with file, line, column and reason; again changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "notify/notify.h"
#include "registry/registry.h"
#include "store_fixture.h"

#define SECRET "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"

static struct store_fixture f;
static struct store *reader;
static char folder[64];
static struct registry_report report;

static int setup(void **state)
{
	(void)state;
	store_fixture_open(&f);
	store_fixture_start(&f, 5);
	assert_int_equal(store_open_reader(f.path, NULL, &reader, &f.error), 0);
	snprintf(folder, sizeof(folder), "/tmp/huqi-registry-XXXXXX");
	assert_non_null(mkdtemp(folder));
	report = (struct registry_report){0};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", folder, registry_file_names[i]);
		unlink(path);
	}
	rmdir(folder);
	registry_report_free(&report);
	store_close(&reader);
	store_fixture_close(&f);
	return 0;
}

static void write_file(enum registry_file file, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, registry_file_names[file]);
	assert_non_null(out = fopen(path, "wb"));
	fputs(text, out);
	fclose(out);
}

static int check(void *arg, struct slice channel, struct slice address, struct slice secret,
                 bool *needs_code_r, struct error *error)
{
	(void)arg;
	return notify_check_contact(channel, address, secret, false, needs_code_r, error);
}

static int import_from(const char *from, bool dry_run)
{
	struct registry_import what = {.folder = from, .dry_run = dry_run, .actor = "tester", .check_contact = check};

	registry_report_free(&report);
	return registry_import(f.writer, &what, &report, &f.error);
}

static void import_well(bool dry_run)
{
	if (import_from(folder, dry_run) == -1)
		fail_msg("%s", f.error.text);
}

static void assert_tally(enum registry_file file, int inserted, int changed, int unchanged, int refused)
{
	const struct registry_tally *t = &report.tallies[file];

	if (t->inserted != inserted || t->changed != changed || t->unchanged != unchanged || t->refused != refused)
		fail_msg("%s: %d inserted, %d changed, %d unchanged, %d refused", registry_file_names[file], t->inserted,
		         t->changed, t->unchanged, t->refused);
}

static const struct registry_issue *issue(enum registry_file file, int line, const char *field, bool refused)
{
	for (size_t i = 0; i < report.issue_count; i++)
		if (report.issues[i].file == file && report.issues[i].line == line &&
		    strcmp(report.issues[i].field, field) == 0 && report.issues[i].refused == refused)
			return &report.issues[i];
	for (size_t i = 0; i < report.issue_count; i++)
		print_message("%s:%d: %s: %s\n", registry_file_names[report.issues[i].file], report.issues[i].line,
		              report.issues[i].field, report.issues[i].reason);
	fail_msg("no issue at %s:%d: %s", registry_file_names[file], line, field);
	return NULL;
}

static int64_t number(const char *text)
{
	return store_fixture_number(reader, text);
}

static void write_all(void)
{
	write_file(REGISTRY_JURISDICTIONS, "code,parent,name_zh,name_en,bank_city\n350102,350100,鼓楼区,Gulou,\n"
	                                   "350100,,福州市,Fuzhou,3910\n");
	write_file(REGISTRY_ENTERPRISES, "企业名称,统一社会信用代码,管辖区划,经营范围\n"
	                                 "福州示例商贸有限公司,91350100M000100Y43,350102,\"批发,零售\"\n"
	                                 "北京示例有限公司,91110000101623741K,,\n");
	write_file(REGISTRY_ACCOUNTS, "bank,account,uscc,name,opened_on\n"
	                              "102100099996,6222020200001234567,91350100M000100Y43,福州示例商贸有限公司,2020-01-02\n");
	write_file(REGISTRY_CONTACTS, "uscc,name,role,order,language,channel,address,secret\n"
	                              "91350100M000100Y43,甲,财务负责人,2,中文,webhook,https://a.example.com/," SECRET "\n"
	                              "91350100M000100Y43,乙,cashier,1,en,webhook,https://b.example.com/," SECRET "\n");
}

static void a_registry_is_imported_once(void **state)
{
	int64_t rows;

	(void)state;
	write_all();
	import_well(true); /* dry: told, not done */
	assert_tally(REGISTRY_ENTERPRISES, 2, 0, 0, 0);
	assert_int_equal(number("SELECT count(*) FROM enterprise"), 0);
	import_well(false);
	assert_int_equal(report.issue_count, 0);
	assert_tally(REGISTRY_JURISDICTIONS, 2, 0, 0, 0);
	assert_tally(REGISTRY_ENTERPRISES, 2, 0, 0, 0);
	assert_tally(REGISTRY_ACCOUNTS, 1, 0, 0, 0);
	assert_tally(REGISTRY_CONTACTS, 2, 0, 0, 0);
	assert_int_equal(number("SELECT count(*) FROM enterprise WHERE scope = '批发,零售' AND jurisdiction = '350102'"), 1);
	assert_int_equal(number("SELECT count(*) FROM contact WHERE role = 'finance_lead' AND rank = 2 AND language = 'zh'"), 1);
	import_well(false);
	assert_tally(REGISTRY_JURISDICTIONS, 0, 0, 2, 0);
	assert_tally(REGISTRY_ENTERPRISES, 0, 0, 2, 0);
	assert_tally(REGISTRY_ACCOUNTS, 0, 0, 1, 0);
	assert_tally(REGISTRY_CONTACTS, 0, 0, 2, 0);
	/* I10: one row an import that changed something */
	assert_int_equal(store_audit_verify(reader, &rows, &f.error), 0);
	assert_int_equal(rows, 1);
	assert_int_equal(number("SELECT count(*) FROM audit WHERE actor = 'tester' AND action = 'registry.import' AND "
	                        "detail ->> '$.\"enterprises.csv\".inserted' = 2"), 1);
	write_file(REGISTRY_ACCOUNTS, "bank,account,uscc,name\n"
	                              "102100099996,6222020200001234567,91110000101623741K,北京示例有限公司\n");
	import_well(false);
	assert_tally(REGISTRY_ACCOUNTS, 0, 1, 0, 0);
	assert_int_equal(number("SELECT count(*) FROM audit"), 2);
}

/* The way of a name; the test ends where nobody of the enterprise has it. */
static struct way_row way_of(const char *name, struct contact_row *contact_r)
{
	int64_t count = number("SELECT max(id) FROM way");

	for (int64_t id = 1; id <= count; id++) {
		struct way_row way;
		if (store_way_get(reader, id, &f.arena, &way, contact_r, &f.error) == 1 && slice_is(contact_r->name, name))
			return way;
	}
	fail_msg("no way to reach %s", name);
	return (struct way_row){0};
}

/* A way keeps its id, also where another person takes it over; disabled stays unless the file says otherwise. */
static void a_way_is_changed_in_place(void **state)
{
	struct contact_row contact;
	struct way_row way;
	int64_t id;

	(void)state;
	write_all();
	import_well(false);
	id = way_of("甲", &contact).id;
	write_file(REGISTRY_CONTACTS, "uscc,name,role,channel,address,secret,disabled\n"
	                              "91350100M000100Y43,丙,owner,webhook,https://a.example.com/," SECRET ",has left\n");
	import_well(false);
	assert_tally(REGISTRY_CONTACTS, 0, 1, 0, 0);
	way = way_of("丙", &contact);
	assert_int_equal(way.id, id);
	assert_true(slice_is(way.disabled, "has left") && slice_is(contact.role, "owner"));
	assert_int_equal(number("SELECT count(*) FROM way"), 2);
	write_file(REGISTRY_CONTACTS, "uscc,name,role,channel,address,secret\n"
	                              "91350100M000100Y43,丙,owner,webhook,https://a.example.com/," SECRET "\n");
	import_well(false);
	assert_tally(REGISTRY_CONTACTS, 0, 0, 1, 0);
	write_file(REGISTRY_CONTACTS, "uscc,name,role,channel,address,secret,disabled\n"
	                              "91350100M000100Y43,丙,owner,webhook,https://a.example.com/," SECRET ",\n");
	import_well(false);
	assert_tally(REGISTRY_CONTACTS, 0, 1, 0, 0);
	assert_int_equal(number("SELECT count(*) FROM way WHERE disabled = ''"), 2);
}

static void bad_rows_are_refused_by_themselves(void **state)
{
	(void)state;
	write_file(REGISTRY_JURISDICTIONS,
	           "code,parent,name_zh,bank_city\n350100,,福州市,3910\n35010,,x,\n350300,999999,莆田市,\n"
	                                   "350200,,厦门市,3910\n350400,350500,a,\n350500,350400,b,\n");
	write_file(REGISTRY_ENTERPRISES, "uscc,name,registered_on,jurisdiction,colour\n"
	                                 "91350100M000100Y43,甲公司,2020-02-30,350100,red\n"
	                                 "91350100M000100Y44,乙公司,,350999,\n" /* check character; unknown place */
	                                 "91350100I000100Y43,丙公司,,,\n"
	                                 "91110000101623741k,,,,\n"
	                                 "91110000101623741k,丁公司,,,\n" /* raised */
	                                 "91110000101623741K,戊公司,,,\n" /* the same again */
	                                 "91110000101623741K\n"
	                                 "\"91110000101623741K,己公司,,,\n"
	                                 "91310000607378248X,庚公司,,,\n");
	write_file(REGISTRY_ACCOUNTS, "bank,account,uscc\n"
	                              "102100099996,622202,91350100M000100Y43\n"
	                              "102100099990,622203,91350100M000100Y43\n" /* check digit */
	                              "10210009999,622204,91350100M000100Y43\n"
	                              "102100099996,6.22202E+18,91350100M000100Y43\n"
	                              "102100099996,622205,91350100MA00000000\n"
	                              "102100099996,,91350100M000100Y43\n");
	write_file(REGISTRY_CONTACTS, "uscc,name,role,order,language,channel,address,secret\n"
	                              "91350100M000100Y43,甲,boss,1,zh,webhook,https://a.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,0,zh,webhook,https://b.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,1,fr,webhook,https://c.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,1,zh,pigeon,https://d.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,1,zh,webhook,http://e.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,1,zh,webhook,https://f.example.com/,secret\n"
	                              "91350100M000100Y43,甲,cashier,1,zh,webhook,https://g.example.com/," SECRET "\n");
	import_well(false);
	assert_tally(REGISTRY_JURISDICTIONS, 1, 0, 0, 5);
	issue(REGISTRY_JURISDICTIONS, 3, "code", true);
	issue(REGISTRY_JURISDICTIONS, 4, "parent", true);
	issue(REGISTRY_JURISDICTIONS, 5, "bank_city", true);
	issue(REGISTRY_JURISDICTIONS, 6, "parent", true); /* two that wait for each other */
	issue(REGISTRY_JURISDICTIONS, 7, "parent", true);
	assert_tally(REGISTRY_ENTERPRISES, 4, 0, 0, 5);
	assert_non_null(strstr(issue(REGISTRY_ENTERPRISES, 1, "", false)->reason, "colour"));
	issue(REGISTRY_ENTERPRISES, 2, "registered_on", false);
	issue(REGISTRY_ENTERPRISES, 3, "uscc", false);
	issue(REGISTRY_ENTERPRISES, 3, "jurisdiction", false);
	issue(REGISTRY_ENTERPRISES, 4, "uscc", true);
	issue(REGISTRY_ENTERPRISES, 5, "name", true);
	assert_non_null(strstr(issue(REGISTRY_ENTERPRISES, 7, "", true)->reason, "line 6"));
	assert_non_null(strstr(issue(REGISTRY_ENTERPRISES, 8, "", true)->reason, "fields"));
	assert_non_null(strstr(issue(REGISTRY_ENTERPRISES, 9, "", true)->reason, "quote"));
	assert_tally(REGISTRY_ACCOUNTS, 2, 0, 0, 4);
	issue(REGISTRY_ACCOUNTS, 3, "bank", false);
	issue(REGISTRY_ACCOUNTS, 4, "bank", true);
	assert_non_null(strstr(issue(REGISTRY_ACCOUNTS, 5, "account", true)->reason, "text"));
	issue(REGISTRY_ACCOUNTS, 6, "uscc", true);
	issue(REGISTRY_ACCOUNTS, 7, "account", true);
	assert_tally(REGISTRY_CONTACTS, 1, 0, 0, 6);
	issue(REGISTRY_CONTACTS, 2, "role", true);
	issue(REGISTRY_CONTACTS, 3, "order", true);
	issue(REGISTRY_CONTACTS, 4, "language", true);
	issue(REGISTRY_CONTACTS, 5, "address", true);
	issue(REGISTRY_CONTACTS, 6, "address", true);
	issue(REGISTRY_CONTACTS, 7, "address", true);
	import_well(false);
	assert_tally(REGISTRY_ENTERPRISES, 0, 0, 4, 5);
	assert_tally(REGISTRY_CONTACTS, 0, 0, 1, 6);
}

static void an_import_that_cannot_be_read_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(import_from("/nonexistent", false), -1);
	assert_non_null(strstr(f.error.text, "/nonexistent"));
	assert_int_equal(import_from(folder, false), -1);
	assert_non_null(strstr(f.error.text, "contacts.csv"));
	write_all();
	write_file(REGISTRY_CONTACTS, "uscc;name;role\n");
	assert_int_equal(import_from(folder, false), -1);
	assert_non_null(strstr(f.error.text, "contacts.csv:1"));
	assert_non_null(strstr(f.error.text, "commas"));
	write_file(REGISTRY_CONTACTS, "uscc,name,role,channel,address,职务\n");
	assert_int_equal(import_from(folder, false), -1);
	assert_non_null(strstr(f.error.text, "twice"));
	write_file(REGISTRY_CONTACTS, "");
	assert_int_equal(import_from(folder, false), -1);
	assert_int_equal(number("SELECT count(*) FROM enterprise"), 0);
	write_file(REGISTRY_CONTACTS, "uscc,name,role,channel,address\n"); /* nobody yet is no fault */
	import_well(false);
	assert_int_equal(number("SELECT count(*) FROM enterprise"), 2);
}

static void the_sample_is_without_fault(void **state)
{
	(void)state;
	if (import_from("seeds/registry", false) == -1)
		fail_msg("%s", f.error.text);
	for (size_t i = 0; i < report.issue_count; i++)
		print_message("%s:%d: %s: %s\n", registry_file_names[report.issues[i].file], report.issues[i].line,
		              report.issues[i].field, report.issues[i].reason);
	assert_int_equal(report.issue_count, 0);
	assert_tally(REGISTRY_ENTERPRISES, 6, 0, 0, 0);
}

/* ---- what the desk asks ---- */

static void an_account_leads_to_its_enterprise(void **state)
{
	const struct slice bank = slice_of("102100099996"), account = slice_of("6222020200001234567");
	struct contact_row *contacts;
	struct enterprise_row e;
	struct slice code;
	size_t count;

	(void)state;
	write_all();
	import_well(false);
	assert_int_equal(registry_enterprise_of(reader, bank, account, slice_of("91110000101623741K"), &f.arena,
	                                        &e, &f.error), 1);
	assert_true(slice_is(e.uscc, "91350100M000100Y43")); /* the registry before the feed */
	assert_int_equal(registry_jurisdiction_of(reader, &e, bank, &f.arena, &code, &f.error), 1);
	assert_true(slice_is(code, "350102"));
	assert_int_equal(registry_contacts_of(reader, e.uscc, &f.arena, &contacts, &count, &f.error), 0);
	assert_int_equal(count, 2);
	assert_true(slice_is(contacts[0].name, "乙") && slice_is(contacts[1].name, "甲"));
	assert_int_equal(registry_enterprise_of(reader, bank, slice_of("1"), slice_of("91110000101623741K"),
	                                        &f.arena, &e, &f.error), 1);
	assert_true(slice_is(e.name, "北京示例有限公司"));
	/* without a jurisdiction of its own: by the bank's city, where that is known */
	assert_int_equal(registry_jurisdiction_of(reader, &e, slice_of("102391000016"), &f.arena, &code, &f.error), 1);
	assert_true(slice_is(code, "350100"));
	assert_int_equal(registry_enterprise_of(reader, bank, slice_of("1"), slice_of(""), &f.arena, &e, &f.error), 0);
	assert_int_equal(registry_enterprise_of(reader, bank, slice_of("1"), slice_of("91350100MA00000000"),
	                                        &f.arena, &e, &f.error), 0);
	assert_int_equal(registry_jurisdiction_of(reader, NULL, bank, &f.arena, &code, &f.error), 0);
	assert_int_equal(code.length, 0);
	assert_int_equal(registry_jurisdiction_of(reader, NULL, slice_of("xx"), &f.arena, &code, &f.error), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_registry_is_imported_once, setup, teardown),
		cmocka_unit_test_setup_teardown(a_way_is_changed_in_place, setup, teardown),
		cmocka_unit_test_setup_teardown(bad_rows_are_refused_by_themselves, setup, teardown),
		cmocka_unit_test_setup_teardown(an_import_that_cannot_be_read_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(the_sample_is_without_fault, setup, teardown),
		cmocka_unit_test_setup_teardown(an_account_leads_to_its_enterprise, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
