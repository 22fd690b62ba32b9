#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/blank.h"

static void some_texts_say_nothing(void **state)
{
	static const char *const nothing[] = {
		"0", "-", "--", "****************", "000000000000", "0.0.0.0", "00-00-00-00-00-00", "::", "...", " ",
		"无", "未知", "不详", "——", "null", "NULL", "(null)", "None", "N/A", "unknown",
		"127.0.0.1", "FF-FF-FF-FF-FF-FF", "ff:ff:ff:ff:ff:ff"};
	static const char *const something[] = {
		"", "7", "0001", "A", "6222****1234", "无锡", "无锡市某某商贸有限公司", "空调款", "未知科技",
		"nullify", "货款", "10.0.0.1", "00-16-3E-00-00-01", "张*", "*三", "N", "Na", "💴"};

	(void)state;
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		if (!blank_text(slice_of(nothing[i])))
			fail_msg("`%s` says nothing", nothing[i]);
	for (size_t i = 0; i < sizeof(something) / sizeof(something[0]); i++)
		if (blank_text(slice_of(something[i])))
			fail_msg("`%s` says something", something[i]);
}

static void they_are_emptied_and_told(void **state)
{
	struct tx tx;

	(void)state;
	tx_init(&tx);
	tx.account = slice_of("0"); /* the own account is a key, whatever it looks like */
	tx.id = slice_of("0");
	tx.counterparty.account = slice_of("0");
	tx.counterparty.name = slice_of("李四");
	tx.remark = slice_of("无");
	tx.ip = slice_of("0.0.0.0");
	tx.mac = slice_of("00-16-3E-00-00-01");
	assert_int_equal(blank_clear(&tx), 1u << TX_PARTY_ACCOUNT_FIELD | 1u << TX_REMARK_FIELD | 1u << TX_IP_FIELD);
	assert_int_equal(tx.counterparty.account.length, 0);
	assert_int_equal(tx.remark.length, 0);
	assert_int_equal(tx.ip.length, 0);
	assert_int_equal(tx.account.length, 1);
	assert_int_equal(tx.id.length, 1);
	assert_true(slice_is(tx.counterparty.name, "李四"));
	assert_true(slice_is(tx.mac, "00-16-3E-00-00-01"));
	assert_int_equal(blank_clear(&tx), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_texts_say_nothing),
		cmocka_unit_test(they_are_emptied_and_told),
	};

	return cmocka_run_group_tests_name("base/blank", tests, NULL, NULL);
}
