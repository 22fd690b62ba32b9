/* Amounts: the rules of contract.md section 1, the limits of int64, and a plain reference in 128 bits. */
#include "base/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static uint64_t state_of_random = 11;

static uint32_t random_below(uint32_t below)
{
	state_of_random = state_of_random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state_of_random >> 33) % below;
}

static uint8_t currency(const char *code)
{
	int found = money_currency_find(slice_of(code));

	assert_true(found >= 0);
	return (uint8_t)found;
}

static void what_an_amount_is(void **state)
{
	static const struct {
		const char *text, *code;
		bool negative_allowed;
		enum money_fault fault;
		int64_t minor;
	} rows[] = {
		{"0", "CNY", false, MONEY_OK, 0},
		{"0.01", "CNY", false, MONEY_OK, 1},
		{"480000.00", "CNY", false, MONEY_OK, 48000000},
		{"1.5", "CNY", false, MONEY_OK, 150},
		{"1.500000000000000000000000", "CNY", false, MONEY_OK, 150},
		{"92233720368547758.07", "CNY", false, MONEY_OK, INT64_MAX},
		{"92233720368547758.08", "CNY", false, MONEY_TOO_LARGE, 0},
		{"92233720368547758.0700", "CNY", false, MONEY_OK, INT64_MAX},
		{"-92233720368547758.08", "CNY", true, MONEY_OK, INT64_MIN},
		{"-92233720368547758.09", "CNY", true, MONEY_TOO_LARGE, 0},
		{"99999999999999999999999999", "CNY", false, MONEY_TOO_LARGE, 0},
		{"9223372036854775807", "JPY", false, MONEY_OK, INT64_MAX},
		{"9223372036854775808", "JPY", false, MONEY_TOO_LARGE, 0},
		{"7", "JPY", false, MONEY_OK, 7},
		{"7.0", "JPY", false, MONEY_OK, 7},
		{"7.1", "JPY", false, MONEY_TOO_FINE, 0},
		{"7.125", "KWD", false, MONEY_OK, 7125},
		{"7.1255", "KWD", false, MONEY_TOO_FINE, 0},
		{"7.1255", "CLF", false, MONEY_OK, 71255},
		{"1.005", "CNY", false, MONEY_TOO_FINE, 0},
		{"1.0050", "CNY", false, MONEY_TOO_FINE, 0},
		{"-1", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{"-1", "CNY", true, MONEY_OK, -100},
		{"-0", "CNY", true, MONEY_OK, 0},
		{"", "CNY", true, MONEY_NOT_A_NUMBER, 0},
		{"-", "CNY", true, MONEY_NOT_A_NUMBER, 0},
		{"--1", "CNY", true, MONEY_NOT_A_NUMBER, 0},
		{"+1", "CNY", true, MONEY_NOT_A_NUMBER, 0},
		{"01", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{"00", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{"1.", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{".1", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{".", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{"1e5", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{"1,000", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{"1.005x", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{"1.0.0", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{" 1", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{"1 ", "CNY", false, MONEY_NOT_A_NUMBER, 0},
		{"１", "CNY", false, MONEY_NOT_A_NUMBER, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t minor = 0;
		enum money_fault fault =
			money_parse(slice_of(rows[i].text), currency(rows[i].code), rows[i].negative_allowed, &minor);
		if (fault != rows[i].fault || (fault == MONEY_OK && minor != rows[i].minor))
			fail_msg("`%s` %s: fault %d, %lld", rows[i].text, rows[i].code, (int)fault, (long long)minor);
	}
}

/* The same by the book: digits into 128 bits, then one comparison. */
static enum money_fault reference(const char *text, unsigned decimals, int64_t *minor_r)
{
	__int128 value = 0;
	size_t whole = strspn(text, "0123456789"), seen = 0;
	const char *at = text + whole;

	if (whole == 0 || (whole > 1 && text[0] == '0') || (*at == '.' && strspn(at + 1, "0123456789") == 0) ||
	    at[*at == '.' ? 1 + strspn(at + 1, "0123456789") : 0] != '\0')
		return MONEY_NOT_A_NUMBER;
	for (size_t i = 0; i < whole; i++)
		value = value * 10 + (text[i] - '0');
	for (at += *at == '.'; seen < decimals || *at != '\0'; seen++) {
		int digit = *at != '\0' ? *at++ - '0' : 0;
		if (seen < decimals)
			value = value * 10 + digit;
		else if (digit != 0)
			return MONEY_TOO_FINE;
	}
	*minor_r = (int64_t)value;
	return value > INT64_MAX ? MONEY_TOO_LARGE : MONEY_OK;
}

static void amounts_agree_with_the_reference(void **state)
{
	static const char *const codes[] = {"CNY", "JPY", "KWD", "CLF"};

	(void)state;
	for (int round = 0; round < 300000; round++) {
		char text[40];
		size_t length = 1 + random_below(round % 2 ? 6 : 22);
		uint8_t of = currency(codes[random_below(4)]);
		int64_t minor = 0, wanted = 0;
		for (size_t i = 0; i < length; i++)
			text[i] = "0123456789.0000090909,-"[random_below(i == 0 ? 10 : round % 3 ? 21 : 23)];
		text[length] = '\0';
		if (money_parse(slice_of(text), of, false, &minor) !=
		        reference(text, money_currency(of)->decimals, &wanted) ||
		    (reference(text, money_currency(of)->decimals, &wanted) == MONEY_OK && minor != wanted))
			fail_msg("`%s` %s", text, money_currency(of)->code);
	}
}

static void what_is_written_is_read_again(void **state)
{
	static const int64_t edges[] = {0, 1, -1, 99, 100, INT64_MAX, INT64_MIN, INT64_MIN + 1};
	char text[MONEY_TEXT_BYTES];

	(void)state;
	for (unsigned of = 0; of < 180; of++)
		for (int i = 0; i < 200; i++) {
			int64_t minor = 0,
					wanted = i < 8 ? edges[i]
			                       : (int64_t)((uint64_t)random_below(UINT32_MAX) << random_below(32));
			int length = money_format(wanted, (uint8_t)of, text);
			assert_int_equal(length, strlen(text));
			assert_int_equal(money_parse(slice_of(text), (uint8_t)of, true, &minor), MONEY_OK);
			assert_true(minor == wanted);
		}
}

static void amounts_for_people(void **state)
{
	char text[MONEY_GROUPED_BYTES];

	(void)state;
	money_format_grouped(48000000, currency("CNY"), text);
	assert_string_equal(text, "480,000.00");
	money_format_grouped(-100, currency("CNY"), text);
	assert_string_equal(text, "-1.00");
	money_format_grouped(123456, currency("CNY"), text);
	assert_string_equal(text, "1,234.56");
	money_format_grouped(1234567, currency("JPY"), text);
	assert_string_equal(text, "1,234,567");
	assert_int_equal(money_format_grouped(INT64_MIN, currency("CNY"), text),
	                 strlen("-92,233,720,368,547,758.08"));
	assert_string_equal(text, "-92,233,720,368,547,758.08");
}

/* The search halves the list, so the list must stand in order; a code that isn't there is none. */
static void every_currency_is_found(void **state)
{
	int count = 0;

	(void)state;
	for (; count < 256 && (count == 0 || money_currency((uint8_t)count) != money_currency(0)); count++) {
		assert_int_equal(money_currency_find(slice_of(money_currency((uint8_t)count)->code)), count);
		assert_true(money_currency((uint8_t)count)->decimals <= 4);
	}
	assert_true(count > 150);
	assert_string_equal(money_currency(MONEY_CNY)->code, "CNY");
	assert_int_equal(money_currency_find(slice_of("cny")), -1);
	assert_int_equal(money_currency_find(slice_of("XXX")), -1);
	assert_int_equal(money_currency_find(slice_of("RMB")), -1);
	assert_int_equal(money_currency_find(slice_of("")), -1);
	assert_int_equal(money_currency_find(slice_of("CNYX")), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_amount_is),
		cmocka_unit_test(amounts_agree_with_the_reference),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(amounts_for_people),
		cmocka_unit_test(every_currency_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
