/*
 * The writer of evidence against the plain reading of JSON's escapes, on texts of every length and place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "match/writer.h"

enum { TEXTS = 200000, TEXT_BYTES_MAX = 40 };

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Byte by byte. */
static size_t plain(struct slice text, char *out)
{
	size_t length = 0;

	for (uint32_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (c == '"' || c == '\\')
			out[length++] = '\\';
		if (c < 0x20)
			length += (size_t)sprintf(out + length, "\\u%04x", c);
		else
			out[length++] = (char)c;
	}
	return length;
}

static void every_byte_is_escaped_where_it_must_be(void **state)
{
	static const unsigned char near[] = {0, 1, 0x1f, 0x20, 0x21, '"', '#', '[', '\\', ']', 0x7f, 0x80, 0xa2, 0xdc, 0xff};
	char raw[TEXT_BYTES_MAX], wanted[6 * TEXT_BYTES_MAX], got[6 * TEXT_BYTES_MAX];
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < TEXTS; i++) {
		struct slice text = {raw, next(&seed) % (TEXT_BYTES_MAX + 1)};
		struct writer out = {.bytes = got, .capacity = sizeof(got)};
		uint32_t rare = 1 + next(&seed) % 20;
		size_t length;

		for (uint32_t j = 0; j < text.length; j++)
			raw[j] = (char)(next(&seed) % rare == 0 ? near[next(&seed) % sizeof(near)] : 'a' + next(&seed) % 26);
		length = plain(text, wanted);
		writer_text(&out, text);
		assert_false(out.full);
		assert_int_equal(out.length, length);
		assert_memory_equal(got, wanted, length);
	}
}

static void numbers_are_written_whole(void **state)
{
	static const uint64_t numbers[] = {0, 9, 10, 1000, UINT64_MAX};
	char got[32], wanted[32];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct writer out = {.bytes = got, .capacity = sizeof(got)};
		int length = snprintf(wanted, sizeof(wanted), "%llu", (unsigned long long)numbers[i]);

		writer_number(&out, numbers[i]);
		assert_int_equal(out.length, length);
		assert_memory_equal(got, wanted, length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_escaped_where_it_must_be),
		cmocka_unit_test(numbers_are_written_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
