/*
 * The JSON decoder's own ways: no memory taken in a steady load, strings that are the message's own bytes,
 * the table of keys against a plain search, and that the order of keys changes nothing.
 */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "decode/json_keys.h"
#include "tests/unit/decode_fixture.h"

static const char *const members[] = {
	"'id':'20260302000070'",
	"'bank':'102100099996'",
	"'account':'6222020200012345678'",
	"'account_name':'福州机械有限公司'",
	"'enterprise':'91350100M000100Y43'",
	"'opened_on':'2019-05-06'",
	"'direction':'debit'",
	"'amount':480000.00",
	"'currency':'CNY'",
	"'balance':'-0.01'",
	"'booked_at':'2026-03-02T09:15:04.123+08:00'",
	"'status':'pending'",
	"'reverses':'1'",
	"'counterparty':{'kind':'company','country':'CN','bank':'308584000013','name':'某某','account':'6217'}",
	"'channel':'online'",
	"'purpose':'货款'",
	"'remark':'合同尾款'",
	"'ip':'110.80.1.22'",
	"'mac':'00:11'",
	"'device':'d'",
	"'terminal':'t'",
	"'place':'350100'",
	"'operator':'o'",
	"'credential_changed_on':'2026-03-01'",
	"'x':[{'y':null}]",
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static const char *whole_message(const int *order)
{
	char text[4096] = "{";

	for (int i = 0; i < MEMBERS; i++) {
		strcat(text, i > 0 ? "," : "");
		strcat(text, members[order != NULL ? order[i] : i]);
	}
	strcat(text, "}");
	return quoted(text);
}

static void shuffle(int order[MEMBERS])
{
	for (int i = 0; i < MEMBERS; i++)
		order[i] = i;
	for (int i = MEMBERS - 1; i > 0; i--) {
		int j = (int)decode_random((uint32_t)i + 1), kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
}

static void the_order_of_keys_changes_nothing(void **state)
{
	char wanted[4096];
	int order[MEMBERS];

	(void)state;
	fixture_begin("json", "");
	assert_int_equal(fixture_decode_text(whole_message(NULL)), 0);
	snprintf(wanted, sizeof(wanted), "%s", fixture_line(0));
	for (int round = 0; round < 500; round++) {
		shuffle(order);
		assert_int_equal(fixture_decode_text(whole_message(order)), 0);
		assert_string_equal(fixture_line(0), wanted);
	}
	fixture_end();
}

static void every_field_is_written_in_the_contracts_order(void **state)
{
	(void)state;
	fixture_begin("json", "");
	assert_int_equal(fixture_decode_text(whole_message(NULL)), 0);
	assert_string_equal(fixture_line(0), quoted("{'id':'20260302000070','bank':'102100099996','account':'"
	                                            "6222020200012345678','account_name':'福州机械有限公司',"
	                                            "'enterprise':'91350100M000100Y43','opened_on':'2019-05-06'"
	                                            ",'direction':'debit','amount':'480000.00',"
	                                            "'currency':'CNY','balance':'-0.01','booked_at':'2026-03-"
	                                            "02T01:15:04.123Z','status':'pending','reverses':'1',"
	                                            "'counterparty':{'account':'6217','name':'某某','bank':'"
	                                            "308584000013','country':'CN','kind':'company'},"
	                                            "'channel':'online','purpose':'货款','remark':'合同尾款','"
	                                            "ip':'110.80.1.22','mac':'00:11','device':'d',"
	                                            "'terminal':'t','place':'350100','operator':'o','"
	                                            "credential_changed_on':'2026-02-28T16:00:00.000Z'}"));
	fixture_end();
}

/* What becomes of a message: its line, or the reason without JSON's own, which depends on what stands before. */
static const char *outcome(const char *message)
{
	static char texts[2][4096];
	static int turn;
	char *text = texts[turn++ % 2], *own;

	if (fixture_decode(message, strlen(message), false) == 0) {
		snprintf(text, sizeof(texts[0]), "%s", fixture_line(0));
		return text;
	}
	snprintf(text, sizeof(texts[0]), "%s", fixture.reject.reason);
	own = strstr(text, "is not one JSON object: ");
	if (own != NULL)
		*own = '\0';
	return text;
}

/* An escape in the first key, which nobody knows, and json_plain.c lets the message go: yyjson reads it. */
static void assert_read_alike(const char *message)
{
	char escaped[8192];

	assert_in_range(snprintf(escaped, sizeof(escaped), "{\"\\u0078\":0,%s", message + 1), 1, sizeof(escaped) - 1);
	assert_string_equal(outcome(message), outcome(escaped));
}

/* The whole message without what json_plain.c leaves alone. */
static const char *plain_message(const int *order)
{
	static char text[4096];
	char *array;

	snprintf(text, sizeof(text), "%s", whole_message(order));
	array = strchr(text, '[');
	memcpy(array, "\"1234567890\"", strlen("[{'y':null}]")); /* as long */
	return text;
}

/* Pieces that break a message, or say something else in it. */
static const char *const splinters[] = {
	"\"", "\\", "{", "}", ",", ":", " ", "\t", "\n", "\x01", "\x7F", "\xC3", "\xC3\xA9", "\xE4\xB8", "\xED\xA0\x80",
	"\xE0\x80\x80", "\xF0\x9F\x92\xB0", "\xC0\x80", "\xF4\x90\x80\x80", "null", "-", "0", "1e3", "true", "[]", "{}",
	"\"\"", "\"a\":\"b\",", "\"id\":\"2\",", "\"amount\":1.50,", "\"remark\":null,", "\"counterparty\":{},",
	"\"counterparty\":null,", "\\n", "货", "\"credential_changed_on\":\"2026-03-01\",", "\"credential_changed_om\":\"\",",
};

enum { SPLINTERS = sizeof(splinters) / sizeof(splinters[0]) };

static void plain_messages_mean_what_yyjson_reads_in_them(void **state)
{
	char whole[4096], broken[8192];
	int order[MEMBERS];

	(void)state;
	fixture_begin("json", "");
	decode_random_seed(5);
	for (int round = 0; round < 30000; round++) {
		size_t at, length, left;
		shuffle(order);
		snprintf(whole, sizeof(whole), "%s", plain_message(round % 2 == 0 ? order : NULL));
		length = strlen(whole);
		at = 1 + decode_random((uint32_t)length - 1);
		left = decode_random(3) == 0 ? decode_random((uint32_t)(length - at)) % 8 : 0;
		length = (size_t)snprintf(broken, sizeof(broken), "%.*s%s%s", (int)at, whole, splinters[decode_random(SPLINTERS)],
		                          whole + at + left);
		assert_true(length < sizeof(broken));
		assert_read_alike(broken);
	}
	fixture_end();
}

/* Nothing is left of the message before. */
static void a_null_is_as_no_such_key(void **state)
{
	(void)state;
	fixture_begin("json", "");
	assert_int_equal(fixture_decode_text(plain_message(NULL)), 0);
	assert_string_equal(outcome(quoted("{'id':'1','bank':'102100099996','account':'2','account_name':null,'enterprise':null,"
	                                   "'direction':'debit','amount':'1','balance':null,'booked_at':'2026-03-02T01:15:04Z',"
	                                   "'status':null,'counterparty':{'name':null,'kind':null},'remark':null}")),
	                    quoted("{'id':'1','bank':'102100099996','account':'2','direction':'debit','amount':'1.00',"
	                           "'currency':'CNY','booked_at':'2026-03-02T01:15:04.000Z','status':'booked'}"));
	fixture_end();
}

/* With blanks wherever they may stand, and with a key in each place that the message before had another in. */
static void blanks_change_nothing(void **state)
{
	char spaced[8192], wanted[4096];
	size_t length = 0;

	(void)state;
	fixture_begin("json", "");
	snprintf(wanted, sizeof(wanted), "%s", outcome(plain_message(NULL)));
	for (const char *at = plain_message(NULL); *at != '\0'; at++)
		length += (size_t)sprintf(spaced + length, strchr("{}:,", *at) != NULL && !(*at == ':' && at[1] >= '0' && at[1] <= '9')
		                                                   ? " \t\r\n%c \t\r\n" : "%c", *at);
	assert_string_equal(outcome(spaced), wanted);
	fixture_end();
}

/* Nothing is allocated by a transaction once the first messages have been through. */
static void a_steady_load_allocates_nothing(void **state)
{
	const char *plain = whole_message(NULL), *escaped;
	char text[4200];
	size_t before;

	(void)state;
	snprintf(text, sizeof(text), "%.*s,'zz':'a\\nb'}", (int)strlen(plain) - 1, plain);
	escaped = quoted(text);
	fixture_begin("json", "");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_decode_text(escaped), 0);
		assert_int_equal(fixture_decode_text(plain), 0);
		assert_int_equal(fixture_decode_text("{"), -1);
	}
	before = mallinfo2().uordblks;
	for (int i = 0; i < 3000; i++) {
		assert_int_equal(fixture_decode_text(i % 2 ? plain : escaped), 0);
		if (i % 10 == 0)
			assert_int_equal(fixture_decode_text("{'id':1"), -1);
	}
	assert_int_equal(mallinfo2().uordblks, before);
	fixture_end();
}

/* Several messages between two resets: the strings of the first outlive the second. */
static void strings_live_until_the_reset(void **state)
{
	const struct decoder *json = decoder_find(slice_of("json"));
	char text[512], plain[4096];

	(void)state;
	snprintf(plain, sizeof(plain), "%s", whole_message(NULL));
	fixture_begin("json", "");
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text),
		         "{'id':'%d','bank':'102100099996','account':'1','direction':'credit','amount':'1',"
		         "'booked_at':'2026-03-02T09:15:04Z','remark':'\\u4e00%d'}",
		         i, i);
		assert_int_equal(decode(json, &fixture, quoted(text), strlen(text), false), 0);
		assert_int_equal(decode(json, &fixture, plain, strlen(plain), false), 0);
	}
	assert_int_equal(fixture.tx_count, 200);
	for (int i = 0; i < 100; i++) {
		char remark[16];
		snprintf(remark, sizeof(remark), "一%d", i);
		assert_true(slice_is(fixture.txs[2 * i].remark, remark));
		assert_ptr_equal(fixture.txs[2 * i + 1].id.at, strstr(plain, "20260302000070"));
	}
	fixture_end();
}

/* Asked behind a field of any kind, which guesses right, wrong or not at all. */
static unsigned field_of(struct json_key_table *table, const char *name, size_t length)
{
	return json_key_next(table, decode_random(JSON_KEY_FIRST + 1), name, length);
}

/* The table of keys against the plain list, for every name, its prefixes and random neighbours. */
static void keys_are_found_as_by_a_plain_search(void **state)
{
	static struct json_keys keys;

	(void)state;
	json_keys_init(&keys);
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++) {
		char name[64];
		size_t length = strlen(strcpy(name, tx_fields[field].name));
		for (int round = 0; round < 200; round++) {
			const char *point = strchr(name, '.');
			enum tx_field plain = tx_field_find((struct slice){name, (uint32_t)length});
			unsigned found = point == NULL ? field_of(&keys.top, name, length)
			                               : field_of(&keys.party, point + 1, length - (size_t)(point + 1 - name));
			assert_int_equal(found, plain == TX_FIELD_COUNT ? JSON_KEY_UNKNOWN : plain);
			length = strlen(strcpy(name, tx_fields[field].name));
			if (strchr(name, '.') == NULL)
				name[decode_random((uint32_t)length)] = (char)('a' + decode_random(26));
		}
	}
	assert_int_equal(field_of(&keys.top, "counterparty", 12), JSON_KEY_PARTY);
	assert_int_equal(field_of(&keys.top, "", 0), JSON_KEY_UNKNOWN);
	assert_int_equal(field_of(&keys.top, "name", 4), JSON_KEY_UNKNOWN);
	assert_int_equal(field_of(&keys.party, "id", 2), JSON_KEY_UNKNOWN);
}

/* I8: a context that is full says so before anything is lost. */
static void a_context_says_when_it_is_full(void **state)
{
	const struct decoder *json = decoder_find(slice_of("json"));
	const char *plain = whole_message(NULL);
	size_t taken = 0;

	(void)state;
	fixture_begin("json", "");
	while (!decode_context_full(&fixture)) {
		assert_int_equal(decode(json, &fixture, plain, strlen(plain), false), 0);
		taken++;
	}
	assert_int_equal(taken, DECODE_HELD_TX_MAX - DECODE_TX_MAX + 1);
	decode_context_reset(&fixture);
	assert_false(decode_context_full(&fixture));
	fixture_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_of_keys_changes_nothing),
		cmocka_unit_test(every_field_is_written_in_the_contracts_order),
		cmocka_unit_test(plain_messages_mean_what_yyjson_reads_in_them),
		cmocka_unit_test(a_null_is_as_no_such_key),
		cmocka_unit_test(blanks_change_nothing),
		cmocka_unit_test(a_steady_load_allocates_nothing),
		cmocka_unit_test(strings_live_until_the_reset),
		cmocka_unit_test(keys_are_found_as_by_a_plain_search),
		cmocka_unit_test(a_context_says_when_it_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
