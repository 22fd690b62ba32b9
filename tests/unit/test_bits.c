/* Bits counted at once, beside counting them one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bits.h"

static uint32_t one_by_one(uint64_t bits)
{
	uint32_t count = 0;

	for (; bits != 0; bits >>= 1)
		count += bits & 1;
	return count;
}

static void all_are_counted(void **state)
{
	uint64_t bits = 0x9e3779b97f4a7c15;

	(void)state;
	assert_int_equal(bits_count(0), 0);
	for (int i = 0; i < 64; i++) {
		assert_int_equal(bits_count(UINT64_C(1) << i), 1);
		assert_int_equal(bits_count(UINT64_MAX >> i), 64 - i);
		assert_int_equal(bits_count(UINT64_MAX << i), 64 - i);
	}
	for (int i = 0; i < 10000; i++) {
		bits = bits * 6364136223846793005 + 1442695040888963407;
		assert_int_equal(bits_count(bits), one_by_one(bits));
		assert_int_equal(bits_count(bits & bits >> 7 & bits >> 13), one_by_one(bits & bits >> 7 & bits >> 13));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_are_counted)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
