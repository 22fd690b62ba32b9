/* UTF-8: every code point, every two-byte and many longer sequences against a plain reading of RFC 3629. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static uint64_t state_of_random = 3;

static uint32_t random_below(uint32_t below)
{
	state_of_random = state_of_random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state_of_random >> 33) % below;
}

/* Reads the bits together and then asks whether the value needed that many bytes and may be written at all.
 */
static bool reference(const unsigned char *bytes, size_t length)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	for (size_t at = 0; at < length;) {
		unsigned first = bytes[at];
		size_t count = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
		uint32_t point = count == 1 ? first : first & (0x7Fu >> count);
		if (count == 0 || at + count > length)
			return false;
		for (size_t i = 1; i < count; i++) {
			if (bytes[at + i] >> 6 != 2)
				return false;
			point = point << 6 | (bytes[at + i] & 0x3Fu);
		}
		if (point < least[count] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
			return false;
		at += count;
	}
	return true;
}

static void every_code_point(void **state)
{
	(void)state;
	for (uint32_t point = 0; point <= 0x10FFFF; point++) {
		char bytes[4];
		size_t at = 0;
		int length;
		if (point >= 0xD800 && point <= 0xDFFF)
			continue;
		length = utf8_put(point, bytes);
		assert_true(utf8_valid(bytes, (size_t)length));
		assert_true(utf8_next(bytes, &at) == point);
		assert_int_equal(at, length);
		assert_int_equal(utf8_count((struct slice){bytes, (uint32_t)length}), 1);
		for (int cut = 1; cut < length; cut++)
			assert_false(utf8_valid(bytes, (size_t)cut));
	}
}

/* All sequences of up to two bytes, and all three- and four-byte ones over telling bytes, at all places in
 * a word. */
static void sequences_agree_with_the_reference(void **state)
{
	static const unsigned char telling[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
	                                        0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
	                                        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF};
	enum { TELLING = sizeof(telling) };

	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		unsigned char two[2] = {(unsigned char)(i >> 8), (unsigned char)i};
		assert_int_equal(utf8_valid((char *)two, 2), reference(two, 2));
		assert_int_equal(utf8_valid((char *)two, 1), reference(two, 1));
	}
	for (unsigned i = 0; i < TELLING * TELLING * TELLING * TELLING; i++) {
		unsigned char four[4] = {telling[i % TELLING], telling[i / TELLING % TELLING],
		                         telling[i / TELLING / TELLING % TELLING],
		                         telling[i / TELLING / TELLING / TELLING]};
		assert_int_equal(utf8_valid((char *)four, 3), reference(four, 3));
		assert_int_equal(utf8_valid((char *)four, 4), reference(four, 4));
	}
	for (int round = 0; round < 200000; round++) {
		unsigned char bytes[24];
		size_t length = random_below(24);
		for (size_t i = 0; i < length; i++)
			bytes[i] = random_below(3) ? 'a' : telling[random_below(TELLING)];
		assert_int_equal(utf8_valid((char *)bytes, length), reference(bytes, length));
	}
}

static void cutting(void **state)
{
	struct slice text = slice_of("a合😀b");

	(void)state;
	assert_int_equal(utf8_count(text), 4);
	assert_int_equal(utf8_cut(text, 0).length, 0);
	assert_true(slice_is(utf8_cut(text, 1), "a"));
	assert_true(slice_is(utf8_cut(text, 2), "a合"));
	assert_true(slice_is(utf8_cut(text, 3), "a合😀"));
	assert_true(slice_is(utf8_cut(text, 4), "a合😀b"));
	assert_true(slice_is(utf8_cut(text, 100), "a合😀b"));
	assert_int_equal(utf8_cut((struct slice){0}, 3).length, 0);
	assert_int_equal(utf8_count((struct slice){0}), 0);
	assert_true(utf8_valid(NULL, 0));
}

/* Chinese is looked at two characters a time: every pair of telling three bytes, with text behind. */
static void pairs_of_three(void **state)
{
	static const unsigned char first[] = {0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0},
		second[] = {0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0}, third[] = {0x41, 0x80, 0xBF, 0xC0};
	unsigned char text[] = "......text behind", threes[8 * 6 * 4][3];
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(first); i++)
		for (size_t j = 0; j < sizeof(second); j++)
			for (size_t k = 0; k < sizeof(third); k++)
				memcpy(threes[count++], (unsigned char[]){first[i], second[j], third[k]}, 3);
	for (size_t a = 0; a < count; a++)
		for (size_t b = 0; b < count; b++)
			for (size_t length = 6; length <= sizeof(text) - 1; length += 3) {
				memcpy(text, threes[a], 3);
				memcpy(text + 3, threes[b], 3);
				assert_int_equal(utf8_valid((char *)text, length), reference(text, length));
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point),
		cmocka_unit_test(sequences_agree_with_the_reference),
		cmocka_unit_test(pairs_of_three),
		cmocka_unit_test(cutting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
