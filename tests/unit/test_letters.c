/* The characters of a text as bits: no word that is in it may be ruled out, and hardly one that is not is let through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/letters.h"

enum { CHARACTERS = 24 };

static uint32_t next_number(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static uint32_t put_character(char *at, uint32_t point)
{
	if (point < 0x80)
		return (uint32_t)sprintf(at, "%c", (int)point);
	if (point < 0x800)
		return (uint32_t)sprintf(at, "%c%c", (int)(0xc0 | point >> 6), (int)(0x80 | (point & 63)));
	if (point < 0x10000)
		return (uint32_t)sprintf(at, "%c%c%c", (int)(0xe0 | point >> 12), (int)(0x80 | (point >> 6 & 63)),
		                         (int)(0x80 | (point & 63)));
	return (uint32_t)sprintf(at, "%c%c%c%c", (int)(0xf0 | point >> 18), (int)(0x80 | (point >> 12 & 63)),
	                         (int)(0x80 | (point >> 6 & 63)), (int)(0x80 | (point & 63)));
}

static uint32_t any_point(uint32_t *state)
{
	switch (next_number(state) % 8) {
	case 0: return 'a' + next_number(state) % 26;
	case 1: return 0x80 + next_number(state) % 0x700;
	case 2: return 0x20000 + next_number(state) % 0x1000;
	default: return 0x4e00 + next_number(state) % 0x5000;
	}
}

static void every_part_is_among_them(void **state)
{
	uint32_t seed = 7;
	char bytes[4 * CHARACTERS + 1];

	(void)state;
	for (int round = 0; round < 500; round++) {
		uint32_t begins[CHARACTERS + 1] = {0};
		struct slice text;

		for (int i = 0; i < CHARACTERS; i++)
			begins[i + 1] = begins[i] + put_character(bytes + begins[i], any_point(&seed));
		text = (struct slice){bytes, begins[CHARACTERS]};
		for (int from = 0; from < CHARACTERS; from++)
			for (int to = from; to <= CHARACTERS; to++) {
				char apart[sizeof(bytes)] = {0}; /* with something else behind it */
				struct slice part = {apart, begins[to] - begins[from]};

				memcpy(apart, bytes + begins[from], part.length);
				assert_int_equal(letters_of(part) & ~letters_of(text), 0);
			}
	}
}

/* Two characters, of a text of twelve. */
static void others_are_mostly_not(void **state)
{
	uint32_t seed = 11, through = 0;
	char text[64], word[16];

	(void)state;
	for (int round = 0; round < 2000; round++) {
		uint32_t length = 0, word_length = 0;

		for (int i = 0; i < 12; i++)
			length += put_character(text + length, 0x4e00 + next_number(&seed) % 0x2000);
		for (int i = 0; i < 2; i++)
			word_length += put_character(word + word_length, 0x6e00 + next_number(&seed) % 0x2000);
		through += (letters_of((struct slice){word, word_length}) & ~letters_of((struct slice){text, length})) == 0;
	}
	assert_true(through > 0 && through < 200);
}

static void nothing_is_read_beyond_the_end(void **state)
{
	(void)state;
	assert_int_equal(letters_of((struct slice){NULL, 0}), 0);
	assert_int_equal(letters_of((struct slice){"a\xe5\xb8", 3}), letters_of((struct slice){"a", 1}));
	assert_int_equal(letters_of((struct slice){"\xf0", 1}), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_is_among_them),
		cmocka_unit_test(others_are_mostly_not),
		cmocka_unit_test(nothing_is_read_beyond_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
