/*
 * A store, a folder for the registry's files, and imports from it, for tests. One at a time.
 */
#ifndef TESTS_UNIT_REGISTRY_FIXTURE_H
#define TESTS_UNIT_REGISTRY_FIXTURE_H

#include "registry/registry.h"
#include "store_fixture.h"

#define REGISTRY_USCC "91350100M000100Y43" /* 福州示例商贸有限公司, of write_all */
#define REGISTRY_OTHER "91110000101623741K" /* 北京示例有限公司 */
#define REGISTRY_SECRET "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"

struct registry_fixture {
	struct store_fixture store;
	struct store *reader;
	char folder[64];
	struct registry_report report; /* of the last import */
	bool any_channel; /* takes email, sms (which need a code), wecom, dingtalk and feishu, too, as they are */
};

extern struct registry_fixture registry;

int registry_setup(void **state);
int registry_teardown(void **state);

void registry_write(enum registry_file file, const char *text);
/* Two jurisdictions, two enterprises, an account, two contacts with a webhook. */
void registry_write_all(void);
/* contacts.csv with a header of every column but `secret` and `disabled`, in their order. */
#define REGISTRY_CONTACTS_HEADER \
	"uscc,name,role,order,language,quiet,absent_from,absent_to,stand_in,trained_on,channel,address,verified_on\n"

int registry_import_from(const char *folder, bool dry_run);
void registry_import_well(bool dry_run); /* ends the test where it fails */
void registry_assert_tally(enum registry_file file, int inserted, int changed, int unchanged, int refused);
/* The test ends where there is no such issue. */
const struct registry_issue *registry_issue_at(enum registry_file file, int line, const char *field, bool refused);
/* A number out of the store. */
int64_t registry_number(const char *text);

#endif
