/* The dry run: each row that would change, field by field, masked, and nothing done. */
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

#define U REGISTRY_USCC

static int setup(void **state)
{
	registry_setup(state);
	registry.any_channel = true;
	registry_write_all();
	return 0;
}

static const char *told(enum registry_file file, int line, bool inserted)
{
	for (size_t i = 0; i < registry.report.change_count; i++) {
		const struct registry_change *c = &registry.report.changes[i];
		if (c->file == file && c->line == line && c->inserted == inserted)
			return c->what;
	}
	for (size_t i = 0; i < registry.report.change_count; i++)
		print_message("%s:%d: %s\n", registry_file_names[registry.report.changes[i].file],
		              registry.report.changes[i].line, registry.report.changes[i].what);
	fail_msg("nothing is told of %s:%d", registry_file_names[file], line);
	return NULL;
}

static void what_would_be_inserted_is_told(void **state)
{
	(void)state;
	registry_import_well(true);
	assert_int_equal(registry.report.change_count, 7);
	assert_string_equal(told(REGISTRY_JURISDICTIONS, 3, true), "code: 350100; name_zh: 福州市; name_en: Fuzhou; bank_city: 3910");
	assert_string_equal(told(REGISTRY_ENTERPRISES, 2, true),
	                    "uscc: " U "; name: 福州示例商贸有限公司; scope: 批发,零售; jurisdiction: 350102");
	assert_string_equal(told(REGISTRY_ACCOUNTS, 2, true),
	                    "bank: 102100099996; account: 622202*********4567; uscc: " U
	                    "; name: 福州示例商贸有限公司; opened_on: 2020-01-02");
	assert_non_null(strstr(told(REGISTRY_CONTACTS, 2, true), "name: 甲*; role: finance_lead; order: 2; language: zh; "
	                                                         "channel: webhook; address: https://a.example.com/…; "
	                                                         "secret: ***"));
	assert_int_equal(registry_number("SELECT count(*) FROM enterprise") + registry_number("SELECT count(*) FROM way"), 0);
	registry_import_well(false);
	assert_int_equal(registry.report.change_count, 0); /* told only where nothing is done */
	registry_import_well(true);
	assert_int_equal(registry.report.change_count, 0); /* nothing would change */
	assert_int_equal(registry_number("SELECT count(*) FROM audit"), 1);
}

static void what_would_change_is_told_by_field(void **state)
{
	(void)state;
	registry_write(REGISTRY_CONTACTS, REGISTRY_CONTACTS_HEADER U ",张三,cashier,1,,,,,,,sms,13812341234,\n" U
	                                                           ",李四,owner,2,,,,,,,email,li@example.com,2026-01-02\n");
	registry_import_well(false);
	registry_write(REGISTRY_JURISDICTIONS, "code,parent,name_zh,name_en,bank_city\n350102,,鼓楼区,Gulou District,\n");
	registry_write(REGISTRY_ENTERPRISES, "uscc,name,legal_representative,staff,status,jurisdiction\n" U
	                                     ",新名,欧阳修,甲;乙,注销,\n");
	registry_write(REGISTRY_ACCOUNTS, "bank,account,uscc,name,opened_on\n"
	                                  "102100099996,6222020200001234567," REGISTRY_OTHER ",,2020-01-02\n");
	registry_write(REGISTRY_CONTACTS, REGISTRY_CONTACTS_HEADER
	               U ",张三,owner,3,en,22:00-07:00,2026-03-01,,李四,,sms,+8613812341234,2026-02-03\n"
	               U ",王五,owner,2,,,,,,,email,li@example.com,\n");
	registry_import_well(true);
	assert_string_equal(told(REGISTRY_JURISDICTIONS, 2, false), "parent: 350100 → -; name_en: Gulou → Gulou District");
	assert_string_equal(told(REGISTRY_ENTERPRISES, 2, false),
	                    "name: 福州示例商贸有限公司 → 新名; legal_representative: - → 欧*; staff: - → ***; "
	                    "status: active → closed; jurisdiction: 350102 → -");
	assert_string_equal(told(REGISTRY_ACCOUNTS, 2, false),
	                    "uscc: " U " → " REGISTRY_OTHER "; name: 福州示例商贸有限公司 → -");
	assert_string_equal(told(REGISTRY_CONTACTS, 2, false),
	                    "role: cashier → owner; order: 1 → 3; language: zh → en; quiet: - → 22:00-07:00; "
	                    "absent_from: - → 2026-03-01; stand_in: - → 李*; address: 138****1234 → 138****1234; "
	                    "verified_on: - → 2026-02-03");
	assert_string_equal(told(REGISTRY_CONTACTS, 3, false), "name: 李* → 王*"); /* the address goes to another person */
	assert_int_equal(registry_number("SELECT count(*) FROM enterprise WHERE name = '新名'"), 0);
}

/* I8: a first import would tell of everything; the report keeps the first so many, and the tallies count all. */
static void the_telling_is_bounded(void **state)
{
	static char text[200000];
	int length = snprintf(text, sizeof(text), "bank,account,uscc\n");

	(void)state;
	for (int i = 0; i < REGISTRY_CHANGES_MAX + 50; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length, "102100099996,%d," U "\n", 1000 + i);
	registry_write(REGISTRY_ACCOUNTS, text);
	registry_import_well(true);
	assert_int_equal(registry.report.change_count, REGISTRY_CHANGES_MAX);
	registry_assert_tally(REGISTRY_ACCOUNTS, REGISTRY_CHANGES_MAX + 50, 0, 0, 0);
}

static void long_values_are_cut(void **state)
{
	char text[2200], scope[1600];

	(void)state;
	for (int i = 0; i < 500; i++)
		memcpy(scope + 3 * i, "营", 3);
	scope[1500] = '\0';
	snprintf(text, sizeof(text), "uscc,name,scope,industry,address,former_names\n" U ",名,%s,行,址,旧\n", scope);
	registry_write(REGISTRY_ENTERPRISES, text);
	registry_import_well(true);
	assert_non_null(strstr(told(REGISTRY_ENTERPRISES, 2, true), "营…; address: 址; former_names: 旧"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, registry_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_would_be_inserted_is_told),
		TEST(what_would_change_is_told_by_field),
		TEST(the_telling_is_bounded),
		TEST(long_values_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
