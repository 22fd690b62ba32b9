/* Where names say that somebody is, beside the plain walk over all words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "reference/reference.h"

static const struct {
	int province;
	const char *words;
} provinces[] = {
#define PLACES(province, words) {province, words},
#include "reference/place_names.def"
#undef PLACES
};
enum { PROVINCES = sizeof(provinces) / sizeof(provinces[0]) };

static int walked(struct slice name)
{
	for (size_t i = 0; i < PROVINCES; i++)
		for (const char *at = provinces[i].words; *at != '\0';) {
			size_t length = strcspn(at, " ");

			if (length < name.length && memcmp(name.at, at, length) == 0)
				return provinces[i].province;
			at += length + (at[length] == ' ');
		}
	return -1;
}

/* Every beginning of the word with what stands behind it, and the word one byte shorter than that. */
static void check_word(const char *word, size_t length, int province)
{
	static const char *const behind[] = {"", "x", "\xe5\xb8\x82", "\xe6\x9f\x90\xe5\x8e\x82"};
	char name[64];

	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		int whole = snprintf(name, sizeof(name), "%.*s%s", (int)length, word, behind[i]);

		for (uint32_t bytes = 0; bytes <= (uint32_t)whole; bytes++) {
			struct slice cut = {name, bytes};
			assert_int_equal(reference_name_province(cut), walked(cut));
		}
		assert_int_equal(reference_name_province((struct slice){name, (uint32_t)whole}), i > 0 ? province : -1);
	}
	snprintf(name, sizeof(name), "%.*sx", (int)length - 1, word);
	assert_int_equal(reference_name_province(slice_of(name)), walked(slice_of(name)));
}

static void each_place_is_in_its_province(void **state)
{
	int words = 0;

	(void)state;
	for (size_t i = 0; i < PROVINCES; i++)
		for (const char *at = provinces[i].words; *at != '\0'; words++) {
			size_t length = strcspn(at, " ");

			check_word(at, length, provinces[i].province);
			at += length + (at[length] == ' ');
		}
	assert_true(words > PROVINCES);
}

static void others_are_in_none(void **state)
{
	static const char *const names[] = {
		"", "x", "abcd", "abcdefgh", "\xe6\x9f\x90\xe6\x9f\x90\xe6\x9f\x90\xe6\x9f\x90", "3", "4\xe5\xb7\x9d",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(reference_name_province(slice_of(names[i])), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_place_is_in_its_province),
		cmocka_unit_test(others_are_in_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
