/* Contacts and ways as rows; what is sealed; the store of before that is taken over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store_private.h"
#include "store/store_sql.h"
#include "store_fixture.h"

#define USCC "91350100M000100Y43"

static struct store_fixture f;

static int setup(void **state)
{
	(void)state;
	store_fixture_open(&f);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_fixture_close(&f);
	return 0;
}

static struct contact_row person(const char *name)
{
	return (struct contact_row){.owner = slice_of(USCC), .name = slice_of(name), .role = slice_of("cashier"), .rank = 2,
	                            .language = slice_of("zh")};
}

static int put_person(struct contact_row *r)
{
	int change = store_contact_put(f.store, r, &r->id, &f.error);

	if (change == -1)
		fail_msg("%s", f.error.text);
	return change;
}

static int put_way(struct way_row *r)
{
	int change = store_way_put(f.store, r, &r->id, &f.error);

	if (change == -1)
		fail_msg("%s", f.error.text);
	return change;
}

static struct way_row way(int64_t contact, const char *channel, const char *address)
{
	return (struct way_row){.contact = contact, .channel = slice_of(channel), .address = slice_of(address),
	                        .secret = slice_of("s3cret"), .verified_ms = 77};
}

static size_t read_all(struct contact_row **rows)
{
	size_t count;

	arena_reset(&f.arena);
	if (store_contacts_of(f.store, slice_of(USCC), &f.arena, rows, &count, &f.error) == -1)
		fail_msg("%s", f.error.text);
	return count;
}

static int64_t count_of(const char *text)
{
	return store_fixture_number(f.store, text);
}

/* ---- persons ---- */

static void a_person_is_put_by_owner_and_name(void **state)
{
	struct contact_row a = person("张三"), b = person("李四"), c = person("张三");
	struct way_row w;

	(void)state;
	a.quiet = slice_of("22:00-07:00");
	a.stand_in = slice_of("李四");
	a.absent_from = slice_of("2026-03-01");
	a.absent_to = slice_of("2026-03-09");
	a.trained_on = slice_of("2026-01-05");
	assert_int_equal(put_person(&a), STORE_INSERTED);
	assert_int_equal(put_person(&b), STORE_INSERTED);
	assert_int_equal(put_person(&a), STORE_UNCHANGED);
	assert_int_equal(put_person(&c), STORE_UNCHANGED); /* what it does not say stays */
	assert_int_equal(c.id, a.id);
	c.stand_in = slice_of("王五");
	assert_int_equal(put_person(&c), STORE_CHANGED);
	c.role = slice_of("owner");
	assert_int_equal(put_person(&c), STORE_CHANGED);
	c.owner = slice_of("350100");
	assert_int_equal(put_person(&c), STORE_INSERTED);
	assert_int_not_equal(c.id, a.id);
	w = way(a.id, "webhook", "https://a.example.com/");
	put_way(&w);
	assert_int_equal(store_way_get(f.store, w.id, &f.arena, &w, &b, &f.error), 1);
	assert_true(slice_is(b.name, "张三") && slice_is(b.role, "owner") && slice_is(b.stand_in, "王五") && b.rank == 2 &&
	            slice_is(b.quiet, "22:00-07:00") && slice_is(b.absent_from, "2026-03-01") &&
	            slice_is(b.absent_to, "2026-03-09") && slice_is(b.trained_on, "2026-01-05") &&
	            slice_is(b.language, "zh") && slice_is(b.owner, USCC) && b.disabled.length == 0);
	assert_int_equal(store_way_get(f.store, 99, &f.arena, &w, &b, &f.error), 0);
}

/* Each text that may be left: what is there stays without it, "" empties it, another changes it, the same does not. */
static void what_is_left_out_stays(void **state)
{
	static const size_t members[] = {
		offsetof(struct contact_row, quiet),    offsetof(struct contact_row, absent_from),
		offsetof(struct contact_row, absent_to), offsetof(struct contact_row, stand_in),
		offsetof(struct contact_row, trained_on), offsetof(struct contact_row, disabled)};

	(void)state;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		char name[8];
		struct contact_row a;
		struct slice *member = (struct slice *)(void *)((char *)&a + members[i]);
		snprintf(name, sizeof(name), "p%zu", i);
		a = person(name);
		assert_int_equal(put_person(&a), STORE_INSERTED);
		*member = slice_of("");
		assert_int_equal(put_person(&a), STORE_UNCHANGED);
		*member = slice_of("one");
		assert_int_equal(put_person(&a), STORE_CHANGED);
		assert_int_equal(put_person(&a), STORE_UNCHANGED);
		*member = (struct slice){0};
		assert_int_equal(put_person(&a), STORE_UNCHANGED);
		*member = slice_of("two");
		assert_int_equal(put_person(&a), STORE_CHANGED);
		*member = slice_of("");
		assert_int_equal(put_person(&a), STORE_CHANGED);
	}
}

/* ---- ways ---- */

static void a_way_is_put_by_its_folded_address(void **state)
{
	struct contact_row a = person("张三"), read;
	struct way_row w, same;
	int64_t id;

	(void)state;
	put_person(&a);
	w = way(a.id, "sms", "13800001234");
	assert_int_equal(put_way(&w), STORE_INSERTED);
	assert_int_equal(put_way(&w), STORE_UNCHANGED);
	id = w.id;
	same = way(a.id, "sms", "+86 138-0000-1234");
	assert_int_equal(put_way(&same), STORE_CHANGED); /* the new spelling, the old row */
	assert_int_equal(same.id, id);
	same.secret = slice_of("another");
	assert_int_equal(put_way(&same), STORE_CHANGED);
	assert_int_equal(put_way(&same), STORE_UNCHANGED);
	assert_int_equal(store_way_get(f.store, id, &f.arena, &w, &read, &f.error), 1);
	assert_true(slice_is(w.address, "+86 138-0000-1234") && slice_is(w.secret, "another") && w.verified_ms == 77);
	w = way(a.id, "email", "Zhang@Example.CN");
	assert_int_equal(put_way(&w), STORE_INSERTED);
	w = way(a.id, "email", "zhang@example.cn");
	assert_int_equal(put_way(&w), STORE_CHANGED);
	w = way(a.id, "webhook", "https://e.example.com/A"); /* of others every letter counts */
	assert_int_equal(put_way(&w), STORE_INSERTED);
	w = way(a.id, "webhook", "https://e.example.com/a");
	assert_int_equal(put_way(&w), STORE_INSERTED);
	assert_int_equal(count_of("SELECT count(*) FROM way"), 4);
	assert_int_equal(count_of("SELECT count(DISTINCT address_hash) FROM way"), 4);
}

static void a_verification_stays_with_the_person(void **state)
{
	struct contact_row a = person("张三"), b = person("李四"), read;
	struct way_row w;
	int64_t id;

	(void)state;
	put_person(&a);
	put_person(&b);
	w = way(a.id, "sms", "13800001234");
	put_way(&w);
	id = w.id;
	w.verified_ms = 0;
	assert_int_equal(put_way(&w), STORE_UNCHANGED); /* a file that does not know of it */
	w.verified_ms = 99;
	assert_int_equal(put_way(&w), STORE_UNCHANGED);
	w.contact = b.id;
	w.verified_ms = 0;
	assert_int_equal(put_way(&w), STORE_CHANGED); /* another has the number now: he was never asked */
	assert_int_equal(w.id, id);
	assert_int_equal(store_way_get(f.store, id, &f.arena, &w, &read, &f.error), 1);
	assert_true(w.verified_ms == 0 && slice_is(read.name, "李四"));
	w.verified_ms = 5;
	assert_int_equal(put_way(&w), STORE_CHANGED);
}

static void only_ways_that_can_be_used_are_returned(void **state)
{
	struct contact_row first = person("先"), then = person("后"), silent = person("静"), gone = person("走"), *rows;
	struct way_row w;

	(void)state;
	then.rank = 2;
	first.rank = 1;
	put_person(&then);
	put_person(&first);
	put_person(&silent); /* nothing verified */
	gone.disabled = slice_of("has left");
	put_person(&gone);
	w = way(then.id, "webhook", "https://1.example.com/");
	put_way(&w);
	w = way(first.id, "webhook", "https://2.example.com/");
	put_way(&w);
	w = way(first.id, "sms", "13800000002");
	w.verified_ms = 0;
	put_way(&w);
	w = way(first.id, "email", "a@example.com");
	put_way(&w);
	w = way(first.id, "webhook", "https://3.example.com/");
	w.disabled = slice_of("410");
	put_way(&w);
	w = way(silent.id, "sms", "13800000003");
	w.verified_ms = 0;
	put_way(&w);
	w = way(gone.id, "webhook", "https://4.example.com/");
	put_way(&w);
	assert_int_equal(read_all(&rows), 2);
	assert_true(slice_is(rows[0].name, "先") && slice_is(rows[1].name, "后"));
	assert_int_equal(rows[0].way_count, 2);
	assert_true(slice_is(rows[0].ways[0].address, "https://2.example.com/") && slice_is(rows[0].ways[1].channel, "email"));
	assert_int_equal(rows[1].way_count, 1);
	assert_true(rows[1].ways[0].contact == then.id && slice_is(rows[1].ways[0].secret, "s3cret"));
	assert_int_equal(store_way_disable(f.store, slice_of("email"), slice_of("A@EXAMPLE.com"), "gone", &f.error), 1);
	assert_int_equal(store_way_disable(f.store, slice_of("email"), slice_of("A@EXAMPLE.com"), "gone", &f.error), 0);
	read_all(&rows);
	assert_int_equal(rows[0].way_count, 1);
}

/* I8: never more than the bounds, the first by rank. */
static void many_contacts_are_bounded(void **state)
{
	struct contact_row *rows;
	char text[64];

	(void)state;
	assert_int_equal(store_begin(f.store, &f.error), 0);
	for (int i = 0; i < STORE_CONTACTS_MAX + 6; i++) {
		struct contact_row a;
		snprintf(text, sizeof(text), "p%d", i);
		a = person(text);
		a.rank = 99 - i;
		put_person(&a);
		for (int j = 0; j < (i % 3) * 3 + 1; j++) {
			char url[64];
			struct way_row w;
			snprintf(url, sizeof(url), "https://%d.example.com/%d", i, j);
			w = way(a.id, "webhook", url);
			put_way(&w);
		}
	}
	assert_int_equal(store_commit(f.store, &f.error), 0);
	assert_true(read_all(&rows) <= STORE_CONTACTS_MAX);
	assert_int_equal(rows[0].rank, 99 - (STORE_CONTACTS_MAX + 5));
}

/* ---- what is sealed ---- */

static bool file_holds(const char *path, const char *text)
{
	FILE *file = fopen(path, "rb");
	bool found = false;
	struct stat info;
	char *bytes;

	if (file == NULL)
		return false;
	assert_int_equal(fstat(fileno(file), &info), 0);
	assert_non_null(bytes = malloc((size_t)info.st_size + 1));
	assert_int_equal(fread(bytes, 1, (size_t)info.st_size, file), info.st_size);
	found = memmem(bytes, (size_t)info.st_size, text, strlen(text)) != NULL;
	free(bytes);
	fclose(file);
	return found;
}

/* In the file or the log behind it. */
static bool store_holds(const char *text)
{
	char wal[128];

	snprintf(wal, sizeof(wal), "%s-wal", f.path);
	return file_holds(f.path, text) || file_holds(wal, text);
}

/* I9: neither name nor address nor secret nor stand-in stands in the file or its log. */
static void nothing_personal_stands_in_the_file(void **state)
{
	static const char *const secrets[] = {"张三丰", "李四光", "13800001234", "zhang@corp.example.cn", "robot-key-4711",
	                                      "s3cret", "corp.example"};
	struct contact_row a = person("张三丰");
	struct way_row w;

	(void)state;
	a.stand_in = slice_of("李四光");
	put_person(&a);
	w = way(a.id, "sms", "13800001234");
	put_way(&w);
	w = way(a.id, "email", "zhang@corp.example.cn");
	put_way(&w);
	w = way(a.id, "webhook", "https://corp.example.com/robot-key-4711");
	put_way(&w);
	assert_true(store_holds(USCC)); /* which is no person */
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		assert_false(store_holds(secrets[i]));
	assert_int_equal(sql_execute(f.store, "PRAGMA wal_checkpoint(TRUNCATE)", &f.error), 0);
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		assert_false(store_holds(secrets[i]));
}

static void write_key(const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/key", f.folder);
	assert_non_null(file = fopen(path, "w"));
	fputs(text, file);
	fclose(file);
}

static void the_wrong_key_is_said(void **state)
{
	struct contact_row *rows;
	struct store *reader;
	char path[128];
	size_t count;

	(void)state;
	store_fixture_contact(f.store, USCC, "张三", "https://a.example.com/", "s", "");
	store_close(&f.store);
	write_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
	assert_int_equal(store_open(f.path, NULL, &f.store, &f.error), -1);
	assert_non_null(strstr(f.error.text, "another key"));
	assert_non_null(strstr(f.error.text, "store.key_file"));
	assert_int_equal(store_open_beside(f.path, "", &f.store, &f.error), -1);
	/* who reads what is not sealed needs none */
	assert_int_equal(store_open_reader(f.path, NULL, &reader, &f.error), 0);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM contact"), 1);
	assert_null(store_seal(reader, &f.error));
	assert_int_equal(store_contacts_of(reader, slice_of(USCC), &f.arena, &rows, &count, &f.error), -1);
	assert_non_null(strstr(f.error.text, "another key"));
	store_close(&reader);
	/* a missing key is not made anew: it would hide that the right one is lost */
	snprintf(path, sizeof(path), "%s/key", f.folder);
	unlink(path);
	assert_int_equal(store_open(f.path, NULL, &f.store, &f.error), -1);
	assert_non_null(strstr(f.error.text, path));
	assert_non_null(strstr(f.error.text, "is needed"));
	assert_int_equal(access(path, F_OK), -1);
	store_open_reader(f.path, NULL, &reader, &f.error);
	assert_int_equal(store_contacts_of(reader, slice_of(USCC), &f.arena, &rows, &count, &f.error), -1);
	assert_non_null(strstr(f.error.text, "is needed"));
	store_close(&reader);
	/* nor is one that others may read taken */
	write_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(store_open(f.path, NULL, &f.store, &f.error), -1);
	assert_non_null(strstr(f.error.text, "chmod 600"));
}

static void a_key_file_may_stand_elsewhere(void **state)
{
	struct store *reader;
	char from[128], to[128];

	(void)state;
	snprintf(from, sizeof(from), "%s/key", f.folder);
	snprintf(to, sizeof(to), "%s.elsewhere", f.folder);
	store_close(&f.store);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(store_open(f.path, to, &f.store, &f.error), 0);
	assert_int_equal(store_open_reader(f.path, to, &reader, &f.error), 0);
	assert_memory_equal(store_seal(reader, &f.error), store_seal(f.store, &f.error), sizeof(struct seal));
	store_close(&reader);
	unlink(to);
}

/* ---- the store of before ---- */

/* What schema 3 had: two rows of one person, two of another enterprise, one disabled; deliveries to each. */
static void write_schema_3(void)
{
	static const char rows[] =
		"INSERT INTO contact(id, uscc, name, role, rank, language, channel, address, secret, disabled) VALUES"
		" (3, '" USCC "', '张三丰', 'cashier', 2, 'en', 'webhook', 'https://b.example.com/hook', 'whsec_b', ''),"
		" (4, '" USCC "', '张三丰', 'finance_lead', 1, 'zh', 'webhook', 'https://a.example.com/hook', 'whsec_a', ''),"
		" (7, '" USCC "', '李四光', 'owner', 3, 'zh', 'webhook', 'https://c.example.com/hook', '', 'answered 410'),"
		" (9, '91110000101623741K', '张三丰', 'owner', 1, 'zh', 'webhook', 'https://a.example.com/hook', 'whsec_d', '');"
		"INSERT INTO delivery(id, alert, revision, level, contact, destination, state, created_ms, due_ms, body) VALUES"
		" ('d3', 'a', 1, 3, 3, 11, 0, 1, 1, '{}'), ('d4', 'a', 1, 3, 4, 12, 3, 1, 1, '{}'),"
		" ('d8', 'a', 1, 3, 8, 13, 3, 1, 1, '{}'), ('d9', 'a', 1, 3, 9, 12, 0, 1, 1, '{}');"
		"PRAGMA user_version = 3;";
	static const char *const migrations[] = {
#include "embedded_sql.inc"
	};
	sqlite3 *db;

	store_close(&f.store);
	unlink(f.path);
	assert_int_equal(sqlite3_open(f.path, &db), SQLITE_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(sqlite3_exec(db, migrations[i], NULL, NULL, NULL), SQLITE_OK);
	if (sqlite3_exec(db, rows, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void a_store_of_before_is_sealed(void **state)
{
	static const char *const secrets[] = {"张三丰", "李四光", "b.example.com", "whsec_", "/hook"};
	struct contact_row *rows, contact;
	struct delivery_row delivery;
	struct delivery_due *due;
	struct way_row w;
	char path[128];
	size_t count;

	(void)state;
	write_schema_3();
	assert_true(store_holds("whsec_a"));
	snprintf(path, sizeof(path), "%s/key", f.folder);
	unlink(path); /* schema 3 had none */
	if (store_open(f.path, NULL, &f.store, &f.error) == -1)
		fail_msg("%s", f.error.text);
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		assert_false(store_holds(secrets[i]));
	assert_int_equal(count_of("SELECT count(*) FROM contact"), 3);
	assert_int_equal(count_of("SELECT count(*) FROM way"), 4);
	assert_int_equal(read_all(&rows), 1);
	assert_true(slice_is(rows[0].name, "张三丰") && slice_is(rows[0].role, "finance_lead") && rows[0].rank == 1);
	assert_int_equal(rows[0].way_count, 2);
	assert_true(rows[0].ways[0].id == 3 && slice_is(rows[0].ways[0].address, "https://b.example.com/hook") &&
	            slice_is(rows[0].ways[0].secret, "whsec_b") && rows[0].ways[1].id == 4);
	assert_int_equal(store_way_get(f.store, 7, &f.arena, &w, &contact, &f.error), 1);
	assert_true(slice_is(w.disabled, "answered 410") && slice_is(contact.name, "李四光"));
	/* deliveries keep their way, and wait at the destination of today */
	assert_int_equal(store_delivery_get(f.store, slice_of("d3"), &f.arena, &delivery, &f.error), 1);
	assert_true(delivery.way == 3 && delivery.destination == rows[0].ways[0].destination);
	assert_int_equal(count_of("SELECT count(*) FROM delivery WHERE id = 'd8' AND destination = 13"), 1);
	assert_int_equal(store_deliveries_due(f.store, delivery.destination, 5, 9, &f.arena, &due, &count, &f.error), 0);
	assert_int_equal(count, 1);
	assert_true(slice_is(due[0].address, "https://b.example.com/hook") && slice_is(due[0].language, "zh"));
	/* what was told before is not told anew */
	assert_int_equal(count_of("SELECT count(*) FROM escalation WHERE alert = 'a' AND level = 3 AND state = 2"), 1);
	/* an import of today finds the rows of before */
	w = way(rows[0].id, "webhook", "https://a.example.com/hook");
	w.secret = slice_of("whsec_a");
	assert_int_equal(put_way(&w), STORE_UNCHANGED);
	assert_int_equal(w.id, 4);
}

static void a_store_that_was_taken_over_is_sound(void **state)
{
	(void)state;
	write_schema_3();
	assert_int_equal(store_open_reader(f.path, NULL, &f.store, &f.error), 0);
	store_close(&f.store);
	assert_int_equal(store_open(f.path, NULL, &f.store, &f.error), 0);
	assert_int_equal(count_of("SELECT count(*) FROM way WHERE substr(address, 1, 3) <> 's1:'"), 0);
	assert_int_equal(count_of("SELECT count(*) FROM pragma_table_info('delivery') WHERE name IN ('contact')"), 0);
	assert_int_equal(count_of("PRAGMA foreign_keys"), 1);
	assert_int_equal(store_check(f.store, &f.error), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_person_is_put_by_owner_and_name),
		TEST(what_is_left_out_stays),
		TEST(a_way_is_put_by_its_folded_address),
		TEST(a_verification_stays_with_the_person),
		TEST(only_ways_that_can_be_used_are_returned),
		TEST(many_contacts_are_bounded),
		TEST(nothing_personal_stands_in_the_file),
		TEST(the_wrong_key_is_said),
		TEST(a_key_file_may_stand_elsewhere),
		TEST(a_store_of_before_is_sealed),
		TEST(a_store_that_was_taken_over_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
