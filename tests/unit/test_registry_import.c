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

#include "registry_fixture.h"

#define SECRET REGISTRY_SECRET

static void a_registry_is_imported_once(void **state)
{
	int64_t rows;

	(void)state;
	registry_write_all();
	registry_import_well(true); /* dry: told, not done */
	registry_assert_tally(REGISTRY_ENTERPRISES, 2, 0, 0, 0);
	assert_int_equal(registry_number("SELECT count(*) FROM enterprise"), 0);
	registry_import_well(false);
	assert_int_equal(registry.report.issue_count, 0);
	registry_assert_tally(REGISTRY_JURISDICTIONS, 2, 0, 0, 0);
	registry_assert_tally(REGISTRY_ENTERPRISES, 2, 0, 0, 0);
	registry_assert_tally(REGISTRY_ACCOUNTS, 1, 0, 0, 0);
	registry_assert_tally(REGISTRY_CONTACTS, 2, 0, 0, 0);
	assert_int_equal(registry_number("SELECT count(*) FROM enterprise WHERE scope = '批发,零售' AND jurisdiction = '350102'"), 1);
	assert_int_equal(registry_number("SELECT count(*) FROM contact WHERE role = 'finance_lead' AND rank = 2 AND language = 'zh'"), 1);
	registry_import_well(false);
	registry_assert_tally(REGISTRY_JURISDICTIONS, 0, 0, 2, 0);
	registry_assert_tally(REGISTRY_ENTERPRISES, 0, 0, 2, 0);
	registry_assert_tally(REGISTRY_ACCOUNTS, 0, 0, 1, 0);
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 2, 0);
	/* I10: one row an import that changed something */
	assert_int_equal(store_audit_verify(registry.reader, &rows, &registry.store.error), 0);
	assert_int_equal(rows, 1);
	assert_int_equal(registry_number("SELECT count(*) FROM audit WHERE actor = 'tester' AND action = 'registry.import' AND "
	                        "detail ->> '$.\"enterprises.csv\".inserted' = 2"), 1);
	registry_write(REGISTRY_ACCOUNTS, "bank,account,uscc,name\n"
	                              "102100099996,6222020200001234567,91110000101623741K,北京示例有限公司\n");
	registry_import_well(false);
	registry_assert_tally(REGISTRY_ACCOUNTS, 0, 1, 0, 0);
	assert_int_equal(registry_number("SELECT count(*) FROM audit"), 2);
}

/* The way of a name; the test ends where nobody of the enterprise has it. */
static struct way_row way_of(const char *name, struct contact_row *contact_r)
{
	int64_t count = registry_number("SELECT max(id) FROM way");

	for (int64_t id = 1; id <= count; id++) {
		struct way_row way;
		if (store_way_get(registry.reader, id, &registry.store.arena, &way, contact_r, &registry.store.error) == 1 &&
		    slice_is(contact_r->name, name))
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
	registry_write_all();
	registry_import_well(false);
	id = way_of("甲", &contact).id;
	registry_write(REGISTRY_CONTACTS, "uscc,name,role,channel,address,secret,disabled\n"
	                              "91350100M000100Y43,丙,owner,webhook,https://a.example.com/," SECRET ",has left\n");
	registry_import_well(false);
	registry_assert_tally(REGISTRY_CONTACTS, 0, 1, 0, 0);
	way = way_of("丙", &contact);
	assert_int_equal(way.id, id);
	assert_true(slice_is(way.disabled, "has left") && slice_is(contact.role, "owner"));
	assert_int_equal(registry_number("SELECT count(*) FROM way"), 2);
	registry_write(REGISTRY_CONTACTS, "uscc,name,role,channel,address,secret\n"
	                              "91350100M000100Y43,丙,owner,webhook,https://a.example.com/," SECRET "\n");
	registry_import_well(false);
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 1, 0);
	registry_write(REGISTRY_CONTACTS, "uscc,name,role,channel,address,secret,disabled\n"
	                              "91350100M000100Y43,丙,owner,webhook,https://a.example.com/," SECRET ",\n");
	registry_import_well(false);
	registry_assert_tally(REGISTRY_CONTACTS, 0, 1, 0, 0);
	assert_int_equal(registry_number("SELECT count(*) FROM way WHERE disabled = ''"), 2);
}

/* Four files, of whose rows most are wrong, each in its own way. */
static void write_bad_rows(void)
{
	registry_write(REGISTRY_JURISDICTIONS,
	           "code,parent,name_zh,bank_city\n350100,,福州市,3910\n35010,,x,\n350300,999999,莆田市,\n"
	                                   "350200,,厦门市,3910\n350400,350500,a,\n350500,350400,b,\n");
	registry_write(REGISTRY_ENTERPRISES, "uscc,name,registered_on,jurisdiction,colour\n"
	                                 "91350100M000100Y43,甲公司,2020-02-30,350100,red\n"
	                                 "91350100M000100Y44,乙公司,,350999,\n" /* check character; unknown place */
	                                 "91350100I000100Y43,丙公司,,,\n"
	                                 "91110000101623741k,,,,\n"
	                                 "91110000101623741k,丁公司,,,\n" /* raised */
	                                 "91110000101623741K,戊公司,,,\n" /* the same again */
	                                 "91110000101623741K\n"
	                                 "\"91110000101623741K,己公司,,,\n"
	                                 "91310000607378248X,庚公司,,,\n");
	registry_write(REGISTRY_ACCOUNTS, "bank,account,uscc\n"
	                              "102100099996,622202,91350100M000100Y43\n"
	                              "102100099990,622203,91350100M000100Y43\n" /* check digit */
	                              "10210009999,622204,91350100M000100Y43\n"
	                              "102100099996,6.22202E+18,91350100M000100Y43\n"
	                              "102100099996,622205,91350100MA00000000\n"
	                              "102100099996,,91350100M000100Y43\n");
	registry_write(REGISTRY_CONTACTS, "uscc,name,role,order,language,channel,address,secret\n"
	                              "91350100M000100Y43,甲,boss,1,zh,webhook,https://a.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,0,zh,webhook,https://b.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,1,fr,webhook,https://c.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,1,zh,pigeon,https://d.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,1,zh,webhook,http://e.example.com/," SECRET "\n"
	                              "91350100M000100Y43,甲,cashier,1,zh,webhook,https://f.example.com/,secret\n"
	                              "91350100M000100Y43,甲,cashier,1,zh,webhook,https://g.example.com/," SECRET "\n");
}

static void bad_rows_are_refused_by_themselves(void **state)
{
	(void)state;
	write_bad_rows();
	registry_import_well(false);
	registry_assert_tally(REGISTRY_JURISDICTIONS, 1, 0, 0, 5);
	registry_issue_at(REGISTRY_JURISDICTIONS, 3, "code", true);
	registry_issue_at(REGISTRY_JURISDICTIONS, 4, "parent", true);
	registry_issue_at(REGISTRY_JURISDICTIONS, 5, "bank_city", true);
	registry_issue_at(REGISTRY_JURISDICTIONS, 6, "parent", true); /* two that wait for each other */
	registry_issue_at(REGISTRY_JURISDICTIONS, 7, "parent", true);
	registry_assert_tally(REGISTRY_ENTERPRISES, 4, 0, 0, 5);
	assert_non_null(strstr(registry_issue_at(REGISTRY_ENTERPRISES, 1, "", false)->reason, "colour"));
	registry_issue_at(REGISTRY_ENTERPRISES, 2, "registered_on", false);
	registry_issue_at(REGISTRY_ENTERPRISES, 3, "uscc", false);
	registry_issue_at(REGISTRY_ENTERPRISES, 3, "jurisdiction", false);
	registry_issue_at(REGISTRY_ENTERPRISES, 4, "uscc", true);
	registry_issue_at(REGISTRY_ENTERPRISES, 5, "name", true);
	assert_non_null(strstr(registry_issue_at(REGISTRY_ENTERPRISES, 7, "", true)->reason, "line 6"));
	assert_non_null(strstr(registry_issue_at(REGISTRY_ENTERPRISES, 8, "", true)->reason, "fields"));
	assert_non_null(strstr(registry_issue_at(REGISTRY_ENTERPRISES, 9, "", true)->reason, "quote"));
	registry_assert_tally(REGISTRY_ACCOUNTS, 2, 0, 0, 4);
	registry_issue_at(REGISTRY_ACCOUNTS, 3, "bank", false);
	registry_issue_at(REGISTRY_ACCOUNTS, 4, "bank", true);
	assert_non_null(strstr(registry_issue_at(REGISTRY_ACCOUNTS, 5, "account", true)->reason, "text"));
	registry_issue_at(REGISTRY_ACCOUNTS, 6, "uscc", true);
	registry_issue_at(REGISTRY_ACCOUNTS, 7, "account", true);
	registry_assert_tally(REGISTRY_CONTACTS, 1, 0, 0, 6);
	registry_issue_at(REGISTRY_CONTACTS, 2, "role", true);
	registry_issue_at(REGISTRY_CONTACTS, 3, "order", true);
	registry_issue_at(REGISTRY_CONTACTS, 4, "language", true);
	registry_issue_at(REGISTRY_CONTACTS, 5, "channel", true);
	registry_issue_at(REGISTRY_CONTACTS, 6, "address", true);
	registry_issue_at(REGISTRY_CONTACTS, 7, "address", true);
	registry_import_well(false);
	registry_assert_tally(REGISTRY_ENTERPRISES, 0, 0, 4, 5);
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 1, 6);
}

static void an_import_that_cannot_be_read_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(registry_import_from("/nonexistent", false), -1);
	assert_non_null(strstr(registry.store.error.text, "/nonexistent"));
	assert_int_equal(registry_import_from(registry.folder, false), -1);
	assert_non_null(strstr(registry.store.error.text, "contacts.csv"));
	registry_write_all();
	registry_write(REGISTRY_CONTACTS, "uscc;name;role\n");
	assert_int_equal(registry_import_from(registry.folder, false), -1);
	assert_non_null(strstr(registry.store.error.text, "contacts.csv:1"));
	assert_non_null(strstr(registry.store.error.text, "commas"));
	registry_write(REGISTRY_CONTACTS, "uscc,name,role,channel,address,职务\n");
	assert_int_equal(registry_import_from(registry.folder, false), -1);
	assert_non_null(strstr(registry.store.error.text, "twice"));
	registry_write(REGISTRY_CONTACTS, "");
	assert_int_equal(registry_import_from(registry.folder, false), -1);
	assert_int_equal(registry_number("SELECT count(*) FROM enterprise"), 0);
	registry_write(REGISTRY_CONTACTS, "uscc,name,role,channel,address\n"); /* nobody yet is no fault */
	registry_import_well(false);
	assert_int_equal(registry_number("SELECT count(*) FROM enterprise"), 2);
}

static void the_sample_is_without_fault(void **state)
{
	(void)state;
	if (registry_import_from("seeds/registry", false) == -1)
		fail_msg("%s", registry.store.error.text);
	for (size_t i = 0; i < registry.report.issue_count; i++)
		print_message("%s:%d: %s: %s\n", registry_file_names[registry.report.issues[i].file], registry.report.issues[i].line,
		              registry.report.issues[i].field, registry.report.issues[i].reason);
	assert_int_equal(registry.report.issue_count, 0);
	registry_assert_tally(REGISTRY_ENTERPRISES, 6, 0, 0, 0);
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
	registry_write_all();
	registry_import_well(false);
	assert_int_equal(registry_enterprise_of(registry.reader, bank, account, slice_of("91110000101623741K"), &registry.store.arena,
	                                        &e, &registry.store.error), 1);
	assert_true(slice_is(e.uscc, "91350100M000100Y43")); /* the registry before the feed */
	assert_int_equal(registry_jurisdiction_of(registry.reader, &e, bank, &registry.store.arena, &code, &registry.store.error), 1);
	assert_true(slice_is(code, "350102"));
	assert_int_equal(registry_contacts_of(registry.reader, e.uscc, &registry.store.arena, &contacts, &count,
	                                      &registry.store.error), 0);
	assert_int_equal(count, 2);
	assert_true(slice_is(contacts[0].name, "乙") && slice_is(contacts[1].name, "甲"));
	assert_int_equal(registry_enterprise_of(registry.reader, bank, slice_of("1"), slice_of("91110000101623741K"),
	                                        &registry.store.arena, &e, &registry.store.error), 1);
	assert_true(slice_is(e.name, "北京示例有限公司"));
	/* without a jurisdiction of its own: by the bank's city, where that is known */
	assert_int_equal(registry_jurisdiction_of(registry.reader, &e, slice_of("102391000016"),
	                                          &registry.store.arena, &code, &registry.store.error), 1);
	assert_true(slice_is(code, "350100"));
	assert_int_equal(registry_enterprise_of(registry.reader, bank, slice_of("1"), slice_of(""),
	                                        &registry.store.arena, &e, &registry.store.error), 0);
	assert_int_equal(registry_enterprise_of(registry.reader, bank, slice_of("1"), slice_of("91350100MA00000000"),
	                                        &registry.store.arena, &e, &registry.store.error), 0);
	assert_int_equal(registry_jurisdiction_of(registry.reader, NULL, bank, &registry.store.arena, &code, &registry.store.error), 0);
	assert_int_equal(code.length, 0);
	assert_int_equal(registry_jurisdiction_of(registry.reader, NULL, slice_of("xx"), &registry.store.arena, &code,
	                                          &registry.store.error), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_registry_is_imported_once, registry_setup, registry_teardown),
		cmocka_unit_test_setup_teardown(a_way_is_changed_in_place, registry_setup, registry_teardown),
		cmocka_unit_test_setup_teardown(bad_rows_are_refused_by_themselves, registry_setup, registry_teardown),
		cmocka_unit_test_setup_teardown(an_import_that_cannot_be_read_changes_nothing, registry_setup, registry_teardown),
		cmocka_unit_test_setup_teardown(the_sample_is_without_fault, registry_setup, registry_teardown),
		cmocka_unit_test_setup_teardown(an_account_leads_to_its_enterprise, registry_setup, registry_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
