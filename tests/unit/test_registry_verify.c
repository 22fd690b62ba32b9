/* Verification: one right code in 24 hours and five tries, not too many codes, and nothing of them in the clear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/instant.h"
#include "registry_fixture.h"

#define U REGISTRY_USCC
#define PHONE "13812341234"

enum { NOW_MS = 1000000000 }; /* any moment: the clock is the caller's */

static struct store *store; /* the writing connection */
static struct registry_code made;
static struct registry_code_answer answer;

static int setup(void **state)
{
	registry_setup(state);
	registry.any_channel = true;
	registry_write_all();
	registry_write(REGISTRY_CONTACTS, "uscc,name,role,channel,address\n" U ",张三,cashier,sms," PHONE "\n" REGISTRY_OTHER
	                                  ",张三,accountant,sms,+86 138 1234 1234\n" U ",李四,owner,email,Li@example.com\n" U
	                                  ",李四,owner,wecom,https://r.example.com/1\n");
	registry_import_well(false);
	store_writer_stop(&registry.store.writer);
	if (store_open(registry.store.path, NULL, &registry.store.store, &registry.store.error) == -1)
		fail_msg("%s", registry.store.error.text);
	store = registry.store.store;
	return 0;
}

static int new_code(const char *address, int64_t now_ms)
{
	return registry_code_new(store, slice_of(address), "tester", now_ms, &made, &registry.store.error);
}

static enum registry_code_verdict check(const char *address, const char *code, int64_t now_ms)
{
	if (registry_code_check(store, slice_of(address), slice_of(code), "tester", now_ms, &answer, &registry.store.error) ==
	    -1)
		fail_msg("%s", registry.store.error.text);
	return answer.verdict;
}

/* One that is not `code`. */
static const char *wrong(const char *code)
{
	return strcmp(code, "123456") == 0 ? "654321" : "123456";
}

static size_t usable(const char *owner)
{
	struct contact_row *rows;
	size_t count, ways = 0;

	assert_int_equal(registry_contacts_of(registry.reader, slice_of(owner), &registry.store.arena, &rows, &count,
	                                      &registry.store.error), 0);
	for (size_t i = 0; i < count; i++)
		ways += rows[i].way_count;
	return ways;
}

static void the_right_code_verifies(void **state)
{
	int64_t rows;

	(void)state;
	assert_int_equal(usable(U), 1);
	assert_int_equal(new_code(PHONE, NOW_MS), 0);
	assert_int_equal(strlen(made.code), 6);
	assert_int_equal(strspn(made.code, "0123456789"), 6);
	assert_int_equal(made.ways, 2); /* the same phone at two enterprises */
	assert_true(made.way > 0 && made.until_ms == NOW_MS + INSTANT_DAY_MS);
	assert_int_equal(usable(U), 1); /* a code alone verifies nothing */
	assert_int_equal(check("+86 138-1234-1234", made.code, NOW_MS + 5), REGISTRY_CODE_RIGHT);
	assert_int_equal(answer.ways, 2);
	assert_int_equal(usable(U), 2);
	assert_int_equal(usable(REGISTRY_OTHER), 1);
	assert_int_equal(check(PHONE, made.code, NOW_MS + 6), REGISTRY_CODE_VOID); /* once */
	assert_int_equal(new_code(PHONE, NOW_MS + INSTANT_DAY_MS), -1);
	assert_non_null(strstr(registry.store.error.text, "verified already"));
	assert_null(strstr(registry.store.error.text, PHONE));
	/* I10 */
	assert_int_equal(registry_number("SELECT count(*) FROM audit WHERE action = 'registry.verify' AND object LIKE 'way/%'"),
	                 2);
	assert_int_equal(registry_number("SELECT count(*) FROM audit WHERE action = 'registry.code'"), 2);
	assert_int_equal(store_audit_verify(registry.reader, &rows, &registry.store.error), 0);
}

static void five_wrong_tries_end_a_code(void **state)
{
	(void)state;
	assert_int_equal(new_code("li@example.com", NOW_MS), 0);
	for (int i = 4; i >= 0; i--) {
		assert_int_equal(check("li@example.com", wrong(made.code), NOW_MS + 1), REGISTRY_CODE_WRONG);
		assert_int_equal(answer.tries_left, i);
	}
	assert_int_equal(check("li@example.com", made.code, NOW_MS + 2), REGISTRY_CODE_VOID);
	assert_int_equal(usable(U), 1);
	assert_int_equal(new_code("li@example.com", NOW_MS + REGISTRY_CODE_PAUSE_MS), 0); /* a new one has new tries */
	assert_int_equal(check("li@example.com", wrong(made.code), NOW_MS + REGISTRY_CODE_PAUSE_MS), REGISTRY_CODE_WRONG);
	assert_int_equal(check("li@example.com", made.code, NOW_MS + REGISTRY_CODE_PAUSE_MS), REGISTRY_CODE_RIGHT);
	assert_int_equal(registry_number("SELECT count(*) FROM audit WHERE action = 'registry.code.wrong'"), 6);
}

static void odd_codes_are_wrong(void **state)
{
	static const char *const odd[] = {"", "12345", "1234567", "12345678901234567890", "12345a", " 12345", "１２３４５６"};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		if (i % 4 == 0)
			assert_int_equal(new_code(PHONE, NOW_MS + (int64_t)i * INSTANT_HOUR_MS), 0);
		assert_int_equal(check(PHONE, odd[i], NOW_MS + (int64_t)i * INSTANT_HOUR_MS), REGISTRY_CODE_WRONG);
	}
}

static void a_code_lasts_a_day(void **state)
{
	char first[REGISTRY_CODE_BYTES];

	(void)state;
	assert_int_equal(new_code(PHONE, NOW_MS), 0);
	assert_int_equal(check(PHONE, made.code, NOW_MS + INSTANT_DAY_MS), REGISTRY_CODE_VOID);
	assert_int_equal(new_code(PHONE, NOW_MS + INSTANT_DAY_MS), 0);
	memcpy(first, made.code, sizeof(first));
	assert_int_equal(new_code("li@example.com", NOW_MS + INSTANT_DAY_MS), 0);
	assert_int_equal(check("li@example.com", strcmp(first, made.code) != 0 ? first : wrong(first), NOW_MS + INSTANT_DAY_MS),
	                 REGISTRY_CODE_WRONG); /* a code is for its address */
	assert_int_equal(check(PHONE, first, NOW_MS + 2 * INSTANT_DAY_MS - 1), REGISTRY_CODE_RIGHT);
}

static void codes_are_not_sent_at_will(void **state)
{
	int64_t at_ms = NOW_MS;

	(void)state;
	assert_int_equal(new_code(PHONE, at_ms), 0);
	assert_int_equal(new_code(PHONE, at_ms + REGISTRY_CODE_PAUSE_MS - 1), -1);
	assert_non_null(strstr(registry.store.error.text, "after 1 seconds"));
	assert_int_equal(strlen(made.code), 0); /* nothing to send */
	for (int i = 1; i < REGISTRY_CODES_A_DAY; i++)
		assert_int_equal(new_code("138-1234-1234", at_ms += REGISTRY_CODE_PAUSE_MS), 0);
	assert_int_equal(new_code(PHONE, at_ms + REGISTRY_CODE_PAUSE_MS), -1);
	assert_non_null(strstr(registry.store.error.text, "5 codes"));
	assert_int_equal(new_code("li@example.com", at_ms), 0); /* another's count is another's */
	assert_int_equal(new_code(PHONE, NOW_MS + INSTANT_DAY_MS), 0);
}

static void who_is_not_registered_gets_none(void **state)
{
	(void)state;
	assert_int_equal(new_code("13899999999", NOW_MS), -1);
	assert_non_null(strstr(registry.store.error.text, "138****9999"));
	assert_int_equal(registry_code_check(store, slice_of("x@example.com"), slice_of("123456"), "t", NOW_MS, &answer,
	                                     &registry.store.error), -1);
	assert_int_equal(new_code("https://r.example.com/1", NOW_MS), -1); /* its secret proved it */
	assert_non_null(strstr(registry.store.error.text, "verified already"));
	assert_int_equal(check(PHONE, "123456", NOW_MS), REGISTRY_CODE_VOID); /* none was made */
	assert_int_equal(store_way_disable(store, slice_of("sms"), slice_of(PHONE), "left", &registry.store.error), 2);
	assert_int_equal(new_code(PHONE, NOW_MS), -1);
}

/* I9: what is kept of a code is a hash, of 2^128 and not of 10^6 for whoever lacks the key. */
static void a_code_is_not_in_the_store(void **state)
{
	struct way_code one, other;

	(void)state;
	assert_int_equal(new_code(PHONE, NOW_MS), 0);
	assert_int_equal(store_way_code_get(store, 1, &one, &registry.store.error), 1);
	assert_int_equal(store_way_code_get(store, 2, &other, &registry.store.error), 1);
	assert_true(one.is_set && other.is_set);
	assert_memory_not_equal(one.hash, other.hash, sizeof(one.hash)); /* the same code, two ways */
	assert_int_equal(store_way_code_get(store, 99, &one, &registry.store.error), 0);
}

/* Codes come from the whole range: of 3,000, each first digit between 200 and 400 times. */
static void codes_are_spread(void **state)
{
	int counts[10] = {0};

	(void)state;
	for (int i = 0; i < 3000; i++) {
		assert_int_equal(new_code(PHONE, NOW_MS + i * INSTANT_DAY_MS), 0);
		counts[made.code[0] - '0']++;
	}
	for (int i = 0; i < 10; i++)
		assert_in_range(counts[i], 200, 400);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, registry_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_right_code_verifies),
		TEST(five_wrong_tries_end_a_code),
		TEST(odd_codes_are_wrong),
		TEST(a_code_lasts_a_day),
		TEST(codes_are_not_sent_at_will),
		TEST(who_is_not_registered_gets_none),
		TEST(a_code_is_not_in_the_store),
		TEST(codes_are_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
