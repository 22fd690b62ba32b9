/* Persons out of rows: who is told, how, and what a file must not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/instant.h"
#include "registry_fixture.h"

#define U REGISTRY_USCC
#define HEADER REGISTRY_CONTACTS_HEADER

static int setup(void **state)
{
	counters_clear_for_test();
	registry_setup(state);
	registry.any_channel = true;
	registry_write_all();
	return 0;
}

static void import_contacts(const char *rows)
{
	registry_write(REGISTRY_CONTACTS, rows);
	registry_import_well(false);
}

static size_t people(const char *owner, struct contact_row **rows)
{
	size_t count;

	arena_reset(&registry.store.arena);
	if (registry_contacts_of(registry.reader, slice_of(owner), &registry.store.arena, rows, &count,
	                         &registry.store.error) == -1)
		fail_msg("%s", registry.store.error.text);
	return count;
}

/* ---- one person, several rows ---- */

static void rows_of_one_person_are_one_person(void **state)
{
	struct contact_row *rows;

	(void)state;
	import_contacts(HEADER
	                U ",李四,owner,2,,,,,,,wecom,https://robot.example.com/?key=1,\n"
	                U ",张三,cashier,1,en,22:00-07:00,2026-03-01,2026-03-09,李四,2026-01-05,sms,13800001234,2026-01-02\n"
	                U ",张三,出纳,,,,,,,,email,zhang@example.com,2026-01-03\n"
	                U ",张三,cashier,1,,,,,,,dingtalk,https://robot.example.com/?key=2,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 4, 0, 0, 0);
	assert_int_equal(registry.report.issue_count, 0);
	assert_int_equal(people(U, &rows), 2);
	assert_true(slice_is(rows[0].name, "张三") && rows[0].rank == 1 && slice_is(rows[0].language, "en") &&
	            slice_is(rows[0].quiet, "22:00-07:00") && slice_is(rows[0].absent_from, "2026-03-01") &&
	            slice_is(rows[0].absent_to, "2026-03-09") && slice_is(rows[0].stand_in, "李四") &&
	            slice_is(rows[0].trained_on, "2026-01-05") && slice_is(rows[0].role, "cashier"));
	assert_int_equal(rows[0].way_count, 3);
	assert_true(slice_is(rows[0].ways[0].channel, "sms") && slice_is(rows[0].ways[1].channel, "email") &&
	            slice_is(rows[0].ways[2].channel, "dingtalk"));
	/* 2026-01-02 in China begins at 16:00 of the day before in UTC */
	assert_int_equal(rows[0].ways[0].verified_ms, INT64_C(1767283200000));
	assert_true(slice_is(rows[1].name, "李四") && slice_is(rows[1].language, "zh") && rows[1].rank == 2);
	registry_import_well(false);
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 4, 0);
}

/* Whichever row speaks first, all get it: the order of rows does not matter, and none flips at the next import. */
static void the_order_of_rows_does_not_matter(void **state)
{
	static const char *const lines[] = {U ",张三,cashier,,,,,,,,sms,13800001234,2026-01-02\n",
	                                    U ",张三,cashier,7,,,,,,,email,zhang@example.com,2026-01-03\n",
	                                    U ",张三,cashier,,en,,,,,2026-01-05,wecom,https://r.example.com/,\n"};
	static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct contact_row *rows;
		char text[1024];
		snprintf(text, sizeof(text), HEADER "%s%s%s", lines[orders[i][0]], lines[orders[i][1]], lines[orders[i][2]]);
		import_contacts(text);
		registry_assert_tally(REGISTRY_CONTACTS, i == 0 ? 3 : 0, 0, i == 0 ? 0 : 3, 0);
		assert_int_equal(people(U, &rows), 1);
		assert_true(rows[0].rank == 7 && slice_is(rows[0].language, "en") && slice_is(rows[0].trained_on, "2026-01-05"));
	}
}

static void rows_that_contradict_are_refused(void **state)
{
	static const struct {
		const char *first, *second, *field;
	} cases[] = {
		{"cashier,,,,,,,,", "owner,,,,,,,,", "role"},
		{"cashier,1,,,,,,,", "cashier,2,,,,,,,", "order"},
		{"cashier,,zh,,,,,,", "cashier,,en,,,,,,", "language"},
		{"cashier,,,22:00-07:00,,,,,", "cashier,,,23:00-07:00,,,,,", "quiet"},
		{"cashier,,,,2026-03-01,,,,", "cashier,,,,2026-03-02,,,,", "absent_from"},
		{"cashier,,,,,2026-03-01,,,", "cashier,,,,,2026-03-02,,,", "absent_to"},
		{"cashier,,,,,,李四,,", "cashier,,,,,,王五,,", "stand_in"},
		{"cashier,,,,,,,2026-01-01,", "cashier,,,,,,,2026-01-02,", "trained_on"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1024];
		const char *reason;
		snprintf(text, sizeof(text), HEADER U ",张三%zu,%swecom,https://r.example.com/%zu,\n" U
		                             ",张三%zu,%swecom,https://s.example.com/%zu,\n" U ",李四,owner,,,,,,,,wecom,https://l,\n" U
		                             ",王五,owner,,,,,,,,wecom,https://w,\n", i, cases[i].first, i, i, cases[i].second, i);
		import_contacts(text);
		assert_int_equal(registry.report.tallies[REGISTRY_CONTACTS].refused, 1);
		reason = registry_issue_at(REGISTRY_CONTACTS, 3, cases[i].field, true)->reason;
		assert_non_null(strstr(reason, "line 2 says"));
		assert_null(strstr(reason, "李四"));
	}
}

/* What a refused row says of the person does not count. */
static void a_refused_row_has_no_say(void **state)
{
	struct contact_row *rows;

	(void)state;
	import_contacts(HEADER
	                U ",张三,cashier,1,,,,,,,wecom,https://r.example.com/1,\n"
	                U ",张三,owner,,en,,,,,,wecom,https://r.example.com/2,\n"
	                U ",张三,cashier,,,,,,,,wecom,https://r.example.com/3,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 2, 0, 0, 1);
	people(U, &rows);
	assert_true(slice_is(rows[0].language, "zh") && rows[0].way_count == 2);
}

/* ---- values ---- */

static void times_and_dates_are_checked(void **state)
{
	static const struct {
		const char *quiet;
		bool good;
	} cases[] = {
		{"22:00-07:00", true},  {"00:00-23:59", true}, {"24:00-07:00", false}, {"22:60-07:00", false},
		{"22:00-22:00", false}, {"2200-0700", false},  {"22:00", false},       {"22:00-7:00", false},
		{"22:00 07:00", false}, {"aa:bb-cc:dd", false}, {"22.00-07.00", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[512];
		struct contact_row *rows;
		snprintf(text, sizeof(text), HEADER U ",张三,cashier,1,,%s,,,,,wecom,https://r.example.com/1,\n", cases[i].quiet);
		import_contacts(text);
		if (!cases[i].good)
			assert_non_null(strstr(registry_issue_at(REGISTRY_CONTACTS, 2, "quiet", false)->reason, "22:00-07:00"));
		people(U, &rows);
		assert_true(slice_is(rows[0].quiet, cases[i].good ? cases[i].quiet : ""));
	}
	import_contacts(HEADER U ",张三,cashier,1,,,2026-03-09,2026-03-01,张三,2126-01-01,wecom,https://r.example.com/1,\n"
	                       U ",李四,cashier,1,,,,,,,sms,13800001234,2126-01-01\n");
	registry_issue_at(REGISTRY_CONTACTS, 2, "absent_to", false);
	registry_issue_at(REGISTRY_CONTACTS, 2, "stand_in", false);
	registry_issue_at(REGISTRY_CONTACTS, 2, "trained_on", false);
	registry_issue_at(REGISTRY_CONTACTS, 3, "verified_on", false); /* the future verifies nothing */
	assert_int_equal(registry.report.waiting, 1);
	assert_int_equal(registry_number("SELECT count(*) FROM contact WHERE absent_from || absent_to || trained_on <> ''"), 0);
}

static void a_stand_in_is_somebody(void **state)
{
	struct contact_row *rows;

	(void)state;
	import_contacts(HEADER
	                U ",张三,cashier,1,,,,,李四,,wecom,https://r.example.com/1,\n" /* who comes later */
	                U ",李四,owner,2,,,,,王五,,wecom,https://r.example.com/2,\n" /* nobody */
	                REGISTRY_OTHER ",王五,owner,1,,,,,李四,,wecom,https://r.example.com/3,\n"); /* another's */
	registry_issue_at(REGISTRY_CONTACTS, 3, "stand_in", false);
	registry_issue_at(REGISTRY_CONTACTS, 4, "stand_in", false);
	assert_int_equal(registry.report.issue_count, 2);
	assert_int_equal(people(U, &rows), 2);
	assert_true(slice_is(rows[0].stand_in, "李四") && rows[1].stand_in.length == 0);
	/* who is in the store counts */
	import_contacts(HEADER U ",钱六,owner,3,,,,,李四,,wecom,https://r.example.com/4,\n");
	assert_int_equal(registry.report.issue_count, 0);
	people(U, &rows);
	assert_true(slice_is(rows[2].stand_in, "李四"));
}

/* A column that is not in the file leaves what the store has; an empty field empties it. */
static void columns_that_are_missing_change_nothing(void **state)
{
	struct contact_row *rows;

	(void)state;
	import_contacts(HEADER
	                U ",张三,cashier,3,en,22:00-07:00,2026-03-01,2026-03-09,李四,2026-01-05,wecom,https://r/1,\n"
	                U ",李四,owner,2,,,,,,,wecom,https://r/2,\n");
	import_contacts("uscc,name,role,channel,address,secret\n" U ",张三,cashier,wecom,https://r/1,key\n");
	registry_assert_tally(REGISTRY_CONTACTS, 0, 1, 0, 0);
	import_contacts("uscc,name,role,channel,address\n" U ",张三,cashier,wecom,https://r/1\n");
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 1, 0);
	people(U, &rows);
	assert_true(rows[1].rank == 3 && slice_is(rows[1].language, "en") && slice_is(rows[1].quiet, "22:00-07:00") &&
	            slice_is(rows[1].stand_in, "李四") && slice_is(rows[1].ways[0].secret, "key"));
	import_contacts(HEADER U ",张三,cashier,,,,,,,,wecom,https://r/1,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 0, 1, 0, 0);
	people(U, &rows);
	assert_true(rows[0].rank == 1 && slice_is(rows[0].language, "zh") && rows[0].quiet.length == 0 &&
	            rows[0].stand_in.length == 0 && rows[0].absent_from.length == 0 && rows[0].trained_on.length == 0);
}

static void an_enterprise_keeps_what_the_file_leaves_out(void **state)
{
	(void)state;
	registry_write(REGISTRY_ENTERPRISES, "uscc,name,industry,scope,address,registered_on,legal_representative,staff,"
	                                     "曾用名,状态,jurisdiction\n" U ",新名,业,范围,地址,2020-01-02,甲,乙;丙,旧名;更旧名,存续,350102\n");
	registry_import_well(false);
	registry_write(REGISTRY_ENTERPRISES, "uscc,name\n" U ",新名\n");
	registry_import_well(false);
	registry_assert_tally(REGISTRY_ENTERPRISES, 0, 0, 1, 0);
	assert_int_equal(registry_number("SELECT count(*) FROM enterprise WHERE former_names = '旧名;更旧名' AND "
	                                 "status = 'active' AND staff = '乙;丙' AND industry = '业' AND scope = '范围' AND "
	                                 "jurisdiction = '350102'"), 1);
	registry_write(REGISTRY_ENTERPRISES, "uscc,name,status\n" U ",新名,注销\n" REGISTRY_OTHER ",北京示例有限公司,gone\n");
	registry_import_well(false);
	registry_assert_tally(REGISTRY_ENTERPRISES, 0, 1, 0, 1);
	registry_issue_at(REGISTRY_ENTERPRISES, 3, "status", true);
}

static void nobody_of_a_closed_enterprise_is_told(void **state)
{
	struct enterprise_row e;
	struct contact_row *rows;

	(void)state;
	registry_import_well(false);
	assert_int_equal(people(U, &rows), 2);
	registry_write(REGISTRY_ENTERPRISES, "uscc,name,status\n" U ",福州示例商贸有限公司,closed\n");
	registry_import_well(false);
	assert_int_equal(people(U, &rows), 0);
	assert_int_equal(store_enterprise_get(registry.reader, slice_of(U), &registry.store.arena, &e, &registry.store.error),
	                 1);
	assert_false(registry_enterprise_open(&e));
	registry_write(REGISTRY_ENTERPRISES, "uscc,name,status\n" U ",福州示例商贸有限公司,\n");
	registry_import_well(false);
	assert_int_equal(people(U, &rows), 2);
}

/* ---- centres ---- */

static void a_centre_has_its_duty(void **state)
{
	struct contact_row *rows;

	(void)state;
	import_contacts(HEADER
	                "350102,值班一,duty,1,,,,,值班二,,sms,13900000001,2026-01-02\n"
	                "350102,值班二,值班,2,,,,,,,wecom,https://centre.example.com/1,\n"
	                "350102,值班三,cashier,3,,,,,,,wecom,https://centre.example.com/2,\n"
	                U ",张三,duty,1,,,,,,,wecom,https://r.example.com/1,\n"
	                "350199,值班四,duty,1,,,,,,,wecom,https://centre.example.com/3,\n"
	                "35010x,值班五,duty,1,,,,,,,wecom,https://centre.example.com/4,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 2, 0, 0, 4);
	assert_non_null(strstr(registry_issue_at(REGISTRY_CONTACTS, 4, "role", true)->reason, "duty"));
	registry_issue_at(REGISTRY_CONTACTS, 5, "role", true);
	assert_non_null(strstr(registry_issue_at(REGISTRY_CONTACTS, 6, "uscc", true)->reason, "jurisdiction"));
	registry_issue_at(REGISTRY_CONTACTS, 7, "uscc", true);
	assert_int_equal(people("350102", &rows), 2);
	assert_true(slice_is(rows[0].role, "duty") && slice_is(rows[0].stand_in, "值班二"));
}

/* I7: an address is an enterprise's or a centre's, in whatever order and spelling they come. */
static void an_address_is_of_one_kind(void **state)
{
	struct contact_row *rows;

	(void)state;
	import_contacts(HEADER
	                "350102,值班,duty,1,,,,,,,sms,13900000001,2026-01-02\n"
	                U ",张三,cashier,1,,,,,,,sms,+86 139-0000-0001,2026-01-02\n"
	                U ",李四,cashier,1,,,,,,,email,Duty@example.com,2026-01-02\n"
	                "350102,值班,duty,1,,,,,,,email,duty@EXAMPLE.com,2026-01-02\n"
	                U ",王五,cashier,1,,,,,,,wecom,https://r.example.com/1,\n"
	                "350102,值班,duty,1,,,,,,,wecom,https://r.example.com/1,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 3, 0, 0, 3);
	assert_non_null(strstr(registry_issue_at(REGISTRY_CONTACTS, 3, "address", true)->reason, "a centre has this"));
	assert_non_null(strstr(registry_issue_at(REGISTRY_CONTACTS, 5, "address", true)->reason, "an enterprise has this"));
	registry_issue_at(REGISTRY_CONTACTS, 7, "address", true);
	registry_import_well(false); /* the same again */
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 3, 3);
	assert_int_equal(people(U, &rows), 2);
	/* from another file, later */
	import_contacts(HEADER U ",赵七,cashier,1,,,,,,,sms,13900000001,2026-01-02\n");
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 0, 1);
	/* once it is out of use there, it may be the other's; and then not go back */
	import_contacts("uscc,name,role,channel,address,disabled\n350102,值班,duty,sms,13900000001,number changed\n" U
	                ",赵七,cashier,sms,13900000001,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 1, 1, 0, 0);
	registry_import_well(false);
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 2, 0);
	import_contacts("uscc,name,role,channel,address,disabled\n350102,值班,duty,sms,13900000001,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 0, 1);
	/* two enterprises may share a bookkeeper */
	import_contacts(HEADER REGISTRY_OTHER ",赵七,accountant,1,,,,,,,sms,13900000001,2026-01-02\n");
	registry_assert_tally(REGISTRY_CONTACTS, 1, 0, 0, 0);
}

static void one_address_in_two_spellings_is_once(void **state)
{
	(void)state;
	import_contacts(HEADER
	                U ",张三,cashier,1,,,,,,,sms,13900000001,\n"
	                U ",李四,cashier,1,,,,,,,sms,+86 139 0000 0001,\n"
	                U ",李四,cashier,1,,,,,,,email,A@example.com,\n"
	                U ",李四,cashier,1,,,,,,,email,a@example.com,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 2, 0, 0, 2);
	assert_non_null(strstr(registry_issue_at(REGISTRY_CONTACTS, 3, "", true)->reason, "line 2"));
	assert_non_null(strstr(registry_issue_at(REGISTRY_CONTACTS, 5, "", true)->reason, "line 4"));
}

/* ---- who waits for a code ---- */

static void unverified_addresses_wait(void **state)
{
	struct contact_row *rows;
	const char *reason;

	(void)state;
	import_contacts(HEADER
	                U ",张三,cashier,1,,,,,,,sms,13812341234,\n"
	                U ",张三,cashier,1,,,,,,,email,zhang.san@corp.example.cn,\n"
	                U ",张三,cashier,1,,,,,,,feishu,https://r.example.com/1,\n"
	                U ",李四,owner,2,,,,,,,sms,13812345678,2026-02-03\n"
	                U ",王五,owner,3,,,,,,,sms,13812345679,\n");
	assert_int_equal(registry.report.waiting, 3);
	reason = registry_issue_at(REGISTRY_CONTACTS, 2, "address", false)->reason;
	assert_non_null(strstr(reason, "138****1234"));
	assert_non_null(strstr(reason, "huqi registry verify"));
	reason = registry_issue_at(REGISTRY_CONTACTS, 3, "address", false)->reason;
	assert_non_null(strstr(reason, "z***@corp.example.cn"));
	assert_int_equal(people(U, &rows), 2);
	assert_true(rows[0].way_count == 1 && slice_is(rows[0].ways[0].channel, "feishu"));
	assert_true(rows[1].way_count == 1 && slice_is(rows[1].name, "李四"));
	/* the date may come later; and a file without it does not take it back */
	import_contacts(HEADER U ",王五,owner,3,,,,,,,sms,13812345679,2026-02-04\n");
	registry_assert_tally(REGISTRY_CONTACTS, 0, 1, 0, 0);
	assert_int_equal(registry.report.waiting, 0);
	import_contacts(HEADER U ",王五,owner,3,,,,,,,sms,13812345679,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 0, 0, 1, 0);
	assert_int_equal(registry.report.waiting, 0);
	assert_int_equal(people(U, &rows), 3);
	/* nobody waits for an address that is out of use */
	import_contacts("uscc,name,role,channel,address,disabled\n" U ",张三,cashier,sms,13812341234,left\n");
	assert_int_equal(registry.report.waiting, 0);
}

/* The rows to copy from, of every channel, import as they are beside the sample. */
static void the_samples_of_channels_are_without_fault(void **state)
{
	static const char *const channels[] = {"webhook", "sms", "email", "wecom", "dingtalk", "feishu"};
	static char text[8192];
	struct contact_row *rows;
	FILE *file = fopen("seeds/registry/contacts.channels.csv", "rb");

	(void)state;
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	registry.any_channel = false; /* the channels themselves judge */
	registry_import_from("seeds/registry", false);
	registry_write(REGISTRY_CONTACTS, text);
	registry_import_well(false);
	for (size_t i = 0; i < registry.report.issue_count; i++)
		print_message("%d: %s: %s\n", registry.report.issues[i].line, registry.report.issues[i].field,
		              registry.report.issues[i].reason);
	assert_int_equal(registry.report.tallies[REGISTRY_CONTACTS].refused, 0);
	assert_int_equal(registry.report.waiting, 1); /* and nothing else is said of them */
	assert_int_equal(registry.report.tallies[REGISTRY_CONTACTS].warned, 1);
	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++)
		assert_non_null(strstr(text, channels[i]));
	assert_int_equal(people("350102", &rows), 1);
}

/* A channel may be called as people call it; a word for none is refused in its own column, not as an address. */
static void a_channel_goes_by_the_names_that_people_use(void **state)
{
	struct contact_row *rows;

	(void)state;
	registry.any_channel = false;
	import_contacts("uscc,name,role,channel,address\n" U ",张三,cashier,短信,13812341234\n"
	                U ",张三,cashier,邮箱,zhang@example.com\n" U ",张三,cashier,sms,13812341234\n"
	                U ",张三,cashier,鸽子,13812341234\n");
	assert_non_null(strstr(registry_issue_at(REGISTRY_CONTACTS, 5, "channel", true)->reason, "sms"));
	registry_assert_tally(REGISTRY_CONTACTS, 2, 0, 0, 2); /* the third is the first again, by another name */
	assert_int_equal(registry_number("SELECT count(*) FROM way WHERE channel IN ('sms', 'email')"), 2);
	assert_int_equal(people(U, &rows), 0); /* not before they are verified */
}

/* ---- at rest ---- */

static bool holds(const char *path, const char *text)
{
	FILE *file = fopen(path, "rb");
	static char bytes[8 << 20];
	size_t length;

	if (file == NULL)
		return false;
	length = fread(bytes, 1, sizeof(bytes), file);
	assert_true(length < sizeof(bytes));
	fclose(file);
	return memmem(bytes, length, text, strlen(text)) != NULL;
}

/* I9: after an import, a dry run, a code and a disabling nothing personal of the contacts is in the store's bytes. */
static void the_store_has_no_contact_in_clear(void **state)
{
	static const char *const secrets[] = {"13812341234", "138-1234-1234", "zhang.san@corp", "corp.example.cn", "欧阳张三",
	                                      "令狐李四", "robot-4711", REGISTRY_SECRET, "warn.example.com", "r.example.com"};
	static const char *const ends[] = {"", "-wal", "-shm"};
	struct registry_code made;
	struct store *store;
	bool looked = false;

	(void)state;
	import_contacts("uscc,name,role,stand_in,channel,address,secret\n"
	                U ",欧阳张三,cashier,令狐李四,sms,+86 138-1234-1234,\n"
	                U ",欧阳张三,cashier,,email,zhang.san@corp.example.cn,\n"
	                U ",令狐李四,owner,,webhook,https://warn.example.com/hook," REGISTRY_SECRET "\n"
	                U ",令狐李四,owner,,wecom,https://r.example.com/?key=robot-4711,\n");
	registry_assert_tally(REGISTRY_CONTACTS, 4, 0, 0, 0);
	registry_import_well(true);
	store_writer_stop(&registry.store.writer);
	assert_int_equal(store_open(registry.store.path, NULL, &store, &registry.store.error), 0);
	assert_int_equal(registry_code_new(store, slice_of("13812341234"), "tester", clock_now_ms(), &made,
	                                   &registry.store.error), 0);
	assert_int_equal(store_way_disable(store, slice_of("webhook"), slice_of("https://warn.example.com/hook"), "410",
	                                   &registry.store.error), 1);
	for (size_t j = 0; j < sizeof(ends) / sizeof(ends[0]); j++) {
		char path[160];
		snprintf(path, sizeof(path), "%s%s", registry.store.path, ends[j]);
		looked |= holds(path, "福州示例商贸有限公司"); /* an enterprise's name is public */
		for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
			if (holds(path, secrets[i]))
				fail_msg("%s stands in %s", secrets[i], path);
	}
	assert_true(looked);
	store_close(&store);
}

/* I9: what the report says of a contact is masked, whatever is wrong with it. */
static void no_report_repeats_an_address(void **state)
{
	static const char *const secrets[] = {"13812341234", "zhang.san", "key=robot", "whsec_AQ", "张三丰"};

	(void)state;
	import_contacts("uscc,name,role,order,channel,address,secret,stand_in\n"
	                U ",张三丰,boss,1,sms,13812341234,,\n"
	                U ",张三丰,cashier,1,sms,13812341234,,欧阳\n"
	                U ",张三丰,cashier,1,sms,13812341234,,\n"
	                U ",张三丰,cashier,2,email,zhang.san@corp.example.cn,,\n"
	                U ",李四,cashier,0,webhook,http://r.example.com/?key=robot," REGISTRY_SECRET ",张三丰\n"
	                U ",李四,cashier,1,webhook,http://r.example.com/?key=robot," REGISTRY_SECRET ",张三丰\n"
	                "91350100MA00000000,李四,cashier,1,email,zhang.san@corp.example.cn,,\n");
	assert_true(registry.report.issue_count >= 6);
	for (size_t i = 0; i < registry.report.issue_count; i++)
		for (size_t j = 0; j < sizeof(secrets) / sizeof(secrets[0]); j++)
			if (strstr(registry.report.issues[i].reason, secrets[j]) != NULL)
				fail_msg("%s", registry.report.issues[i].reason);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, registry_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_of_one_person_are_one_person),
		TEST(the_order_of_rows_does_not_matter),
		TEST(rows_that_contradict_are_refused),
		TEST(a_refused_row_has_no_say),
		TEST(times_and_dates_are_checked),
		TEST(a_stand_in_is_somebody),
		TEST(columns_that_are_missing_change_nothing),
		TEST(an_enterprise_keeps_what_the_file_leaves_out),
		TEST(nobody_of_a_closed_enterprise_is_told),
		TEST(a_centre_has_its_duty),
		TEST(an_address_is_of_one_kind),
		TEST(one_address_in_two_spellings_is_once),
		TEST(unverified_addresses_wait),
		TEST(the_samples_of_channels_are_without_fault),
		TEST(a_channel_goes_by_the_names_that_people_use),
		TEST(the_store_has_no_contact_in_clear),
		TEST(no_report_repeats_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
