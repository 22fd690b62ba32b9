#include "registry_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "deliver/deliver.h"

struct registry_fixture registry;

int registry_setup(void **state)
{
	(void)state;
	registry = (struct registry_fixture){0};
	store_fixture_open(&registry.store);
	store_fixture_start(&registry.store, 5);
	assert_int_equal(store_open_reader(registry.store.path, NULL, &registry.reader, &registry.store.error), 0);
	snprintf(registry.folder, sizeof(registry.folder), "/tmp/huqi-registry-XXXXXX");
	assert_non_null(mkdtemp(registry.folder));
	return 0;
}

int registry_teardown(void **state)
{
	(void)state;
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", registry.folder, registry_file_names[i]);
		unlink(path);
	}
	rmdir(registry.folder);
	registry_report_free(&registry.report);
	store_close(&registry.reader);
	store_fixture_close(&registry.store);
	return 0;
}

void registry_write(enum registry_file file, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", registry.folder, registry_file_names[file]);
	assert_non_null(out = fopen(path, "wb"));
	fputs(text, out);
	fclose(out);
}

void registry_write_all(void)
{
	registry_write(REGISTRY_JURISDICTIONS, "code,parent,name_zh,name_en,bank_city\n350102,350100,鼓楼区,Gulou,\n"
	                                       "350100,,福州市,Fuzhou,3910\n");
	registry_write(REGISTRY_ENTERPRISES, "企业名称,统一社会信用代码,管辖区划,经营范围\n"
	                                     "福州示例商贸有限公司," REGISTRY_USCC ",350102,\"批发,零售\"\n"
	                                     "北京示例有限公司," REGISTRY_OTHER ",,\n");
	registry_write(REGISTRY_ACCOUNTS,
	               "bank,account,uscc,name,opened_on\n"
	               "102100099996,6222020200001234567," REGISTRY_USCC ",福州示例商贸有限公司,2020-01-02\n");
	registry_write(REGISTRY_CONTACTS,
	               "uscc,name,role,order,language,channel,address,secret\n"
	               REGISTRY_USCC ",甲,财务负责人,2,中文,webhook,https://a.example.com/," REGISTRY_SECRET "\n"
	               REGISTRY_USCC ",乙,cashier,1,en,webhook,https://b.example.com/," REGISTRY_SECRET "\n");
}

static int check(void *arg, struct slice *channel, struct slice address, struct slice secret,
                 bool *needs_code_r, struct error *error)
{
	static const char *const others[] = {"email", "sms", "wecom", "dingtalk", "feishu"};

	(void)arg;
	*needs_code_r = slice_is(*channel, "email") || slice_is(*channel, "sms");
	for (size_t i = 0; registry.any_channel && i < sizeof(others) / sizeof(others[0]); i++)
		if (slice_is(*channel, others[i]))
			return 0;
	return deliver_check_contact(channel, address, secret, false, needs_code_r, error);
}

int registry_import_from(const char *folder, bool dry_run)
{
	struct registry_import what = {.folder = folder, .dry_run = dry_run, .actor = "tester", .check_contact = check};

	registry_report_free(&registry.report);
	return registry_import(registry.store.writer, &what, &registry.report, &registry.store.error);
}

void registry_import_well(bool dry_run)
{
	if (registry_import_from(registry.folder, dry_run) == -1)
		fail_msg("%s", registry.store.error.text);
}

void registry_assert_tally(enum registry_file file, int inserted, int changed, int unchanged, int refused)
{
	const struct registry_tally *t = &registry.report.tallies[file];

	if (t->inserted == inserted && t->changed == changed && t->unchanged == unchanged && t->refused == refused)
		return;
	for (size_t i = 0; i < registry.report.issue_count; i++)
		print_message("%s:%d: %s: %s\n", registry_file_names[registry.report.issues[i].file],
		              registry.report.issues[i].line, registry.report.issues[i].field,
		              registry.report.issues[i].reason);
	fail_msg("%s: %d inserted, %d changed, %d unchanged, %d refused", registry_file_names[file], t->inserted,
	         t->changed, t->unchanged, t->refused);
}

const struct registry_issue *registry_issue_at(enum registry_file file, int line, const char *field, bool refused)
{
	const struct registry_report *r = &registry.report;

	for (size_t i = 0; i < r->issue_count; i++)
		if (r->issues[i].file == file && r->issues[i].line == line && strcmp(r->issues[i].field, field) == 0 &&
		    r->issues[i].refused == refused)
			return &r->issues[i];
	for (size_t i = 0; i < r->issue_count; i++)
		print_message("%s:%d: %s: %s\n", registry_file_names[r->issues[i].file], r->issues[i].line,
		              r->issues[i].field, r->issues[i].reason);
	fail_msg("no issue at %s:%d: %s", registry_file_names[file], line, field);
	return NULL;
}

int64_t registry_number(const char *text)
{
	return store_fixture_number(registry.reader, text);
}
