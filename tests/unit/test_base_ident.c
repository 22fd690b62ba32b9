/* Identifiers: the vectors of domain.md section 3, a plain reference for both checks, and what masking
 * leaves. */
#include "base/ident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/utf8.h"

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
static uint64_t state_of_random = 5;

static uint32_t random_below(uint32_t below)
{
	state_of_random = state_of_random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state_of_random >> 33) % below;
}

static void vectors(void **state)
{
	(void)state;
	assert_int_equal(ident_bank_judge(slice_of("102100099996")), IDENT_RIGHT);
	assert_int_equal(ident_bank_judge(slice_of("308584000013")), IDENT_RIGHT);
	assert_int_equal(ident_bank_judge(slice_of("102100099997")), IDENT_UNCHECKED);
	assert_int_equal(ident_bank_judge(slice_of("10210009999")), IDENT_NONE);
	assert_int_equal(ident_bank_judge(slice_of("1021000999966")), IDENT_NONE);
	assert_int_equal(ident_bank_judge(slice_of("10210009999X")), IDENT_NONE);
	assert_int_equal(ident_bank_judge(slice_of("")), IDENT_NONE);
	assert_int_equal(ident_uscc_judge(slice_of("91350100M000100Y43")), IDENT_RIGHT);
	assert_int_equal(ident_uscc_judge(slice_of("91110000101623741K")), IDENT_RIGHT);
	assert_int_equal(ident_uscc_judge(slice_of("91350100M000100Y44")), IDENT_UNCHECKED);
	assert_int_equal(ident_uscc_judge(slice_of("91350100m000100y43")), IDENT_NONE);
	assert_int_equal(ident_uscc_judge(slice_of("91350100M000100YI3")), IDENT_NONE);
	assert_int_equal(ident_uscc_judge(slice_of("91350100M000100Y4")), IDENT_NONE);
	assert_int_equal(ident_uscc_judge(slice_of("91350100M000100福")), IDENT_NONE);
	assert_true(ident_bank_shaped(slice_of("102100099997")) && !ident_bank_checks(slice_of("102100099997")));
	assert_true(ident_uscc_shaped(slice_of("91350100M000100Y44")) &&
	            !ident_uscc_checks(slice_of("91350100M000100Y44")));
}

/* ISO 7064 MOD 11,10 in the standard's own steps. */
static bool bank_reference(const char *digits)
{
	int product = 10;

	for (int i = 0; i < 11; i++) {
		int sum = (product + digits[i] - '0') % 10;
		product = 2 * (sum == 0 ? 10 : sum) % 11;
	}
	return (product + digits[11] - '0') % 10 == 1;
}

/* GB 32100: weights 3^(i-1) mod 31, check = 31 - sum mod 31, 31 standing for 0. */
static bool uscc_reference(const char *text)
{
	int sum = 0, weight = 1;

	for (int i = 0; i < 17; i++) {
		sum += (int)(strchr(alphabet, text[i]) - alphabet) * weight;
		weight = weight * 3 % 31;
	}
	return (31 - sum % 31) % 31 == (int)(strchr(alphabet, text[17]) - alphabet);
}

static void checks_agree_with_the_reference(void **state)
{
	(void)state;
	for (int round = 0; round < 100000; round++) {
		char bank[13], uscc[19];
		for (int i = 0; i < 12; i++)
			bank[i] = (char)('0' + random_below(10));
		for (int i = 0; i < 18; i++)
			uscc[i] = alphabet[random_below(31)];
		bank[12] = uscc[18] = '\0';
		assert_int_equal(ident_bank_checks(slice_of(bank)), bank_reference(bank));
		assert_int_equal(ident_uscc_checks(slice_of(uscc)), uscc_reference(uscc));
	}
}

/* Of the ten or 31 last characters exactly one is right. */
static void one_check_character_is_right(void **state)
{
	(void)state;
	for (int round = 0; round < 500; round++) {
		char bank[13] = "000000000000", uscc[19] = "000000000000000000";
		int right = 0;
		for (int i = 0; i < 17; i++) {
			uscc[i] = alphabet[random_below(31)];
			if (i < 11)
				bank[i] = (char)('0' + random_below(10));
		}
		for (int last = 0; last < 31; last++) {
			bank[11] = (char)('0' + last % 10);
			uscc[17] = alphabet[last];
			right += (last < 10 && ident_bank_checks(slice_of(bank))) + ident_uscc_checks(slice_of(uscc)) * 100;
		}
		assert_int_equal(right, 101);
	}
}

static void all_bytes_are_looked_up_safely(void **state)
{
	char text[19] = "91350100M000100Y43";

	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		text[5] = (char)byte;
		assert_int_equal(ident_uscc_shaped((struct slice){text, 18}), byte != 0 && strchr(alphabet, byte) != NULL);
		assert_int_equal(ident_bank_shaped((struct slice){(char[12]){'1', '2', '3', '4', '5', (char)byte,
		                                                             '1', '1', '1', '1', '1', '1'},
		                                                  12}),
		                 byte >= '0' && byte <= '9');
	}
}

/* I9: first 6 and last 4 of an account, the surname, 138****1234. */
static void masking(void **state)
{
	char masked[IDENT_MASKED_BYTES];

	(void)state;
	assert_string_equal(ident_mask_account(slice_of("6222020200012340001"), masked), "622202*********0001");
	assert_string_equal(ident_mask_account(slice_of("12345"), masked), "***45");
	assert_string_equal(ident_mask_account(slice_of("1234"), masked), "****");
	assert_string_equal(ident_mask_account(slice_of(""), masked), "");
	assert_string_equal(ident_mask_phone(slice_of("13812341234"), masked), "138****1234");
	assert_string_equal(ident_mask_name(slice_of("张三丰"), masked), "张*");
	assert_string_equal(ident_mask_name(slice_of(""), masked), "");
}

/* What was masked ends in its room and is UTF-8. */
static void assert_sound(const char *masked)
{
	size_t length = strnlen(masked, IDENT_MASKED_BYTES);

	assert_true(length < IDENT_MASKED_BYTES);
	assert_true(utf8_valid(masked, length));
}

static void values_in_reasons(void **state)
{
	static const char wide[] = "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀";
	char masked[IDENT_MASKED_BYTES];

	(void)state;
	assert_string_equal(ident_mask_value(slice_of("12,5"), masked), "12,5");
	assert_string_equal(ident_mask_value(slice_of("6222020200012340001"), masked), "62***************01");
	assert_string_equal(ident_mask_value(slice_of("a\x01\x7F\nb"), masked), "a   b");
	assert_string_equal(ident_mask_value(slice_of("\xFF"), masked), "?");
	assert_string_equal(ident_mask_value(slice_of("一二三四五六七八九十一二三四五六七八九十一二三四五"), masked),
	                    "一二三四五六七八九十一二三四五六七八九十一二三四…");
	assert_sound(ident_mask_value(slice_of(wide), masked));
}

/* However long or odd the text, what is masked ends, is UTF-8 and fits. */
static void masking_stays_within_bounds(void **state)
{
	static const uint32_t bounds[] = {0x80, 0x800, 0xD800, 0x110000};

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[1200], masked[IDENT_MASKED_BYTES];
		uint32_t length = 0, count = random_below(round % 2 ? 12 : 250);
		struct slice slice;
		for (uint32_t i = 0; i < count; i++) {
			uint32_t point = 1 + random_below(bounds[random_below(4)] - 1);
			length += (uint32_t)utf8_put(point >= 0xD800 && point < 0xE000 ? 'x' : point, text + length);
		}
		slice = (struct slice){text, length};
		assert_sound(ident_mask_account(slice, masked));
		assert_sound(ident_mask_phone(slice, masked));
		assert_sound(ident_mask_name(slice, masked));
		assert_sound(ident_mask_value(slice, masked));
		assert_sound(ident_mask_address(slice, masked));
		assert_sound(ident_mask_email(slice, masked));
		assert_sound(ident_mask_url(slice, masked));
		if (length > 8) {
			memcpy(text + random_below(length - 4), round % 2 ? "://" : "@@@", 3);
			if (utf8_valid(text, length))
				assert_sound(ident_mask_address(slice, masked));
		}
	}
}

/* What is shown of an address: enough to tell one's own from others, nothing that reaches anybody. */
static void addresses_are_masked(void **state)
{
	static const struct {
		const char *address, *shown;
	} cases[] = {
		{"13812341234", "138****1234"},
		{"+8613812341234", "138****1234"},
		{"110", "***"},
		{"zhang.san@corp.example.cn", "z***@corp.example.cn"},
		{"张@b.cn", "张***@b.cn"},
		{"a@b@c.cn", "a***@c.cn"},
		{"@b.cn", "***"},
		{"https://oapi.example.com/robot/send?access_token=abc", "https://oapi.example.com/…"},
		{"https://user:pw@host.example.com:8443/x", "https://host.example.com:8443/…"},
		{"https://host.example.com", "https://host.example.com"},
		{"https://host.example.com#part", "https://host.example.com/…"},
		{"", ""},
	};
	char masked[IDENT_MASKED_BYTES], longest[400];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(ident_mask_address(slice_of(cases[i].address), masked), cases[i].shown);
	assert_string_equal(ident_mask_url(slice_of("no address"), masked), "***");
	assert_string_equal(ident_mask_email(slice_of("13812341234"), masked), "***");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memcpy(longest, "https://", 8);
	assert_int_equal(strlen(ident_mask_address(slice_of(longest), masked)), IDENT_MASKED_BYTES - 1);
	longest[1] = '@';
	longest[6] = 'x';
	assert_int_equal(strlen(ident_mask_address(slice_of(longest), masked)), IDENT_MASKED_BYTES - 1);
}

static void an_address_has_one_spelling(void **state)
{
	static const struct {
		const char *phone, *folded;
	} phones[] = {
		{"13812341234", "13812341234"},       {"+86 138 1234 1234", "13812341234"},
		{"0086-138-1234-1234", "13812341234"}, {"8613812341234", "13812341234"},
		{"(0591) 8765-4321", "059187654321"}, {"+1 202 555 0100", "12025550100"},
		{"86138123412345", "86138123412345"}, {"", ""},
	};
	char folded[IDENT_FOLDED_BYTES], longest[400];

	(void)state;
	for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++)
		assert_true(slice_is(ident_fold_phone(slice_of(phones[i].phone), folded), phones[i].folded));
	assert_true(slice_is(ident_fold_email(slice_of("Zhang.San@Corp.CN"), folded), "zhang.san@corp.cn"));
	assert_true(slice_is(ident_fold_email(slice_of(""), folded), ""));
	memset(longest, '1', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(ident_fold_phone(slice_of(longest), folded).length, sizeof(longest) - 1); /* not cut */
	assert_int_equal(ident_fold_email(slice_of(longest), folded).length, sizeof(longest) - 1);
	longest[IDENT_FOLDED_BYTES - 1] = '\0';
	assert_int_equal(ident_fold_phone(slice_of(longest), folded).length, IDENT_FOLDED_BYTES - 1);
	assert_int_equal(ident_fold_email(slice_of(longest), folded).length, IDENT_FOLDED_BYTES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors),
		cmocka_unit_test(checks_agree_with_the_reference),
		cmocka_unit_test(one_check_character_is_right),
		cmocka_unit_test(all_bytes_are_looked_up_safely),
		cmocka_unit_test(masking),
		cmocka_unit_test(addresses_are_masked),
		cmocka_unit_test(an_address_has_one_spelling),
		cmocka_unit_test(values_in_reasons),
		cmocka_unit_test(masking_stays_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
