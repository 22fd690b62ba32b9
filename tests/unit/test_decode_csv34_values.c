/* What banks write into the cells of the police export, word by word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/instant.h"
#include "base/money.h"
#include "base/tx.h"
#include "decode/csv34_values.h"

struct word {
	const char *text;
	int value;
};

static void directions(void **state)
{
	static const struct word words[] = {
		{"出", TX_DEBIT}, {"进", TX_CREDIT}, {"借", TX_DEBIT}, {"贷", TX_CREDIT}, {"D", TX_DEBIT}, {"C", TX_CREDIT},
		{"d", TX_DEBIT}, {"c", TX_CREDIT}, {"借方", TX_DEBIT}, {"贷方", TX_CREDIT}, {"付", TX_DEBIT}, {"收", TX_CREDIT},
		{"支出", TX_DEBIT}, {"收入", TX_CREDIT}, {"转", 0}, {"进出", 0}, {"", 0}, {"1", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_int_equal(csv34_direction(slice_of(words[i].text)), words[i].value);
}

static void words_of_success(void **state)
{
	static const struct word words[] = {
		{"成功", TX_BOOKED},
		{"1", TX_BOOKED},
		{"是", TX_BOOKED},
		{"00", TX_BOOKED},
		{"交易成功", TX_BOOKED},
		{"Y", TX_BOOKED},
		{"失败", TX_FAILED},
		{"0", TX_FAILED},
		{"否", TX_FAILED},
		{"01", TX_FAILED},
		{"交易失败", TX_FAILED},
		{"N", TX_FAILED},
		{"冲正", 0},
		{"", 0},
		{"2", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_int_equal(csv34_status(slice_of(words[i].text)), words[i].value);
}

static void currencies(void **state)
{
	static const struct {
		const char *text, *code;
	} words[] = {
		{"CNY", "CNY"}, {"RMB", "CNY"}, {"rmb", "CNY"}, {"156", "CNY"}, {"人民币", "CNY"}, {"人民币元", "CNY"},
		{"usd", "USD"}, {"840", "USD"}, {"美元", "USD"}, {"344", "HKD"}, {"港币", "HKD"}, {"JPY", "JPY"}, {"日元", "JPY"},
		{"036", "AUD"}, {"KWD", "KWD"}, {"欧元", "EUR"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_int_equal(csv34_currency(slice_of(words[i].text)), money_currency_find(slice_of(words[i].code)));
	assert_int_equal(csv34_currency(slice_of("贝壳")), -1);
	assert_int_equal(csv34_currency(slice_of("999")), -1);
	assert_int_equal(csv34_currency(slice_of("01")), -1);
	assert_int_equal(csv34_currency(slice_of("XXQ")), -1);
}

static void channels(void **state)
{
	static const struct {
		const char *type, *cash;
		int channel;
	} rows[] = {
		{"网银转账", "", TX_ONLINE}, {"企业网上银行", "转账", TX_ONLINE}, {"手机银行", "", TX_MOBILE},
		{"手机网银", "", TX_MOBILE}, {"银企直联", "0", TX_DIRECT}, {"银企直连付款", "", TX_DIRECT}, {"柜面", "", TX_COUNTER},
		{"柜台转账", "", TX_COUNTER}, {"ATM", "", TX_ATM}, {"atm取款", "1", TX_ATM}, {"自助取款", "", TX_ATM},
		{"POS消费", "", TX_POS}, {"代发工资", "", TX_PAYROLL}, {"网银代发", "", TX_PAYROLL}, {"现金存入", "", TX_CASH},
		{"取现", "", TX_CASH}, {"柜面", "现金", TX_CASH}, {"", "1", TX_CASH}, {"", "01", TX_CASH}, {"", "是", TX_CASH},
		{"", "非现金", 0}, {"非现金转账", "", 0}, {"", "0", 0}, {"", "", 0}, {"转账", "", 0}, {"DEPOSIT", "", 0},
		{"TREATMENT", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (csv34_channel(slice_of(rows[i].type), slice_of(rows[i].cash)) != rows[i].channel)
			fail_msg("`%s` `%s`: %d", rows[i].type, rows[i].cash,
			         csv34_channel(slice_of(rows[i].type), slice_of(rows[i].cash)));
}

static void amounts(void **state)
{
	static const struct {
		const char *text, *amount;
		char sign;
	} rows[] = {
		{"480000.00", "480000.00", 0},
		{"480,000.00", "480000.00", 0},
		{"1,234,567", "1234567", 0},
		{"12,345.6", "12345.6", 0},
		{"-5.00", "5.00", '-'},
		{"+1,000", "1000", '+'},
		{".5", "0.5", 0},
		{"-.5", "0.5", '-'},
		{"0", "0", 0},
	};
	static const char *const none[] = {"",         "-",    "+",      "12,5",      "1,2345",
	                                   "1234,567", ",123", "1,,234", "1.234,567", "--5",
	                                   "x",        ".",    "-+5",    "¥5",        "1,234,56"};
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 16);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice amount;
		char sign;
		assert_true(csv34_amount(slice_of(rows[i].text), &arena, &sign, &amount));
		assert_true(slice_is(amount, rows[i].amount));
		assert_int_equal(sign, rows[i].sign);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct slice amount;
		char sign;
		if (csv34_amount(slice_of(none[i]), &arena, &sign, &amount))
			fail_msg("`%s` was taken as %.*s", none[i], SLICE_PRINT(amount));
	}
	arena_deinit(&arena);
}

static const struct {
	const char *text, *utc;
} right_times[] = {
	{"20260302091504", "2026-03-02T01:15:04.000Z"},
	{"20260302091504123", "2026-03-02T01:15:04.123Z"},
	{"202603020915", "2026-03-02T01:15:00.000Z"},
	{"20260302 091504", "2026-03-02T01:15:04.000Z"},
	{"20260302T091504", "2026-03-02T01:15:04.000Z"},
	{"20260302 09:15:04", "2026-03-02T01:15:04.000Z"},
	{"2026-03-02 09:15:04", "2026-03-02T01:15:04.000Z"},
	{"2026-03-02T09:15:04", "2026-03-02T01:15:04.000Z"},
	{"2026-03-02  09:15:04.5", "2026-03-02T01:15:04.500Z"},
	{"2026/3/2 9:15", "2026-03-02T01:15:00.000Z"},
	{"2026/03/02 09:15:04", "2026-03-02T01:15:04.000Z"},
	{"2026.03.02 09.15.04", "2026-03-02T01:15:04.000Z"},
	{"2026-03-02-09.15.04.123456", "2026-03-02T01:15:04.123Z"},
	{"2026-03-02T09:15:04+08:00", "2026-03-02T01:15:04.000Z"},
	{"2026-03-02T09:15:04Z", "2026-03-02T09:15:04.000Z"},
	{"20260302235960", "2026-03-02T15:59:59.999Z"},
	{"20000101000000", "1999-12-31T16:00:00.000Z"},
	{"20240229000000", "2024-02-28T16:00:00.000Z"},
};
static const char *const wrong_times[] = {
	"",
	"20260302",
	"2026-03-02",
	"20261302091504",
	"20260230091504",
	"20260302241504",
	"20260302096004",
	"20260302091561",
	"19991231235959",
	"21000101000000",
	"-2026-03-02 09:15",
	"2026-03-02 09:15:04 x",
	"yesterday",
	"2026-03-02 09:15:04.",
	"2026--03-02 09:15",
	"2026-03-02 09:15:04.1234567",
	"2026030209150",
	"202603020915041",
	"26-03-02 09:15:04",
	"2026-03-02 9:15:04 PM",
	"2026-03-02,09:15:04",
};

static void times(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(right_times) / sizeof(right_times[0]); i++) {
		char text[INSTANT_TEXT_BYTES];
		int64_t ms;
		if (!csv34_time(slice_of(right_times[i].text), &ms))
			fail_msg("`%s` was refused", right_times[i].text);
		instant_format(ms, text);
		assert_string_equal(text, right_times[i].utc);
	}
	for (size_t i = 0; i < sizeof(wrong_times) / sizeof(wrong_times[0]); i++) {
		int64_t ms;
		if (csv34_time(slice_of(wrong_times[i]), &ms))
			fail_msg("`%s` was taken", wrong_times[i]);
	}
}

/*
 * 11010519491231002X is the standard's own example (GB 11643). 350100198008254603 has both shapes, and only
 * the company's check is right.
 */
static void holders(void **state)
{
	static const struct word words[] = {
		{"11010519491231002X", TX_PERSON}, {"11010519491231002x", TX_PERSON}, {"110105194912310021", TX_PERSON},
		{"91350100M000100Y43", TX_COMPANY}, {"91110000101623741K", TX_COMPANY}, {"91350100M000100Y44", TX_COMPANY},
		{"110105194913310021", TX_COMPANY},
		{"350100198008254603", TX_COMPANY}, {"", 0}, {"350100100012345", 0}, {"护照E12345678", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (csv34_holder_kind(slice_of(words[i].text)) != words[i].value)
			fail_msg("`%s`: %d", words[i].text, csv34_holder_kind(slice_of(words[i].text)));
	assert_int_equal(csv34_person_judge(slice_of("11010519491231002X")), IDENT_RIGHT);
	assert_int_equal(csv34_person_judge(slice_of("110105194912310021")), IDENT_UNCHECKED);
	assert_int_equal(csv34_person_judge(slice_of("11010518991231002X")), IDENT_NONE);
}

static void bank_codes(void **state)
{
	(void)state;
	assert_true(csv34_is_bank_code(slice_of("102100099996")));
	assert_true(csv34_is_bank_code(slice_of("10210009999612")));
	assert_true(csv34_is_bank_code(slice_of("ICBKCNBJ")));
	assert_true(csv34_is_bank_code(slice_of("ICBKCNBJFJN")));
	assert_false(csv34_is_bank_code(slice_of("中国工商银行")));
	assert_false(csv34_is_bank_code(slice_of("10210009999")));
	assert_false(csv34_is_bank_code(slice_of("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directions), cmocka_unit_test(words_of_success), cmocka_unit_test(currencies),
		cmocka_unit_test(channels),   cmocka_unit_test(amounts),          cmocka_unit_test(times),
		cmocka_unit_test(holders),    cmocka_unit_test(bank_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
