/*
 * A name in disguise: one character that sounds or looks like the true one, or two neighbours that changed places.
 */
#include "profile/disguise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/counters.h"
#include "profile/name.h"

static bool is_disguise(const char *name, const char *of)
{
	static struct disguises disguises;
	uint8_t signature[NAME_BYTES_MOST];

	name_sign(slice_of(of), TX_COMPANY, signature);
	disguises_of(slice_of(name), &disguises);
	return disguises_hold(&disguises, signature);
}

static void by_sound_by_look_and_swapped(void **state)
{
	static const char supplier[] = "云桥市华瑞嘉未建材有限公司";

	(void)state;
	assert_true(is_disguise("云桥市华瑞佳未建材有限公司", supplier));
	assert_true(is_disguise("云桥市华瑞嘉末建材有限公司", supplier));
	assert_true(is_disguise("云桥市瑞华嘉未建材有限公司", supplier));
	assert_true(is_disguise("雲橋市華瑞佳未建材有限公司", supplier)); /* folded */
	assert_true(is_disguise("济南市华瑞佳未建材有限公司", "际南市华瑞佳未建材有限公司")); /* of the place as well */
	/* Numerals are folded to digits. */
	assert_true(is_disguise("四川九洲建材有限公司", "四川九州建材有限公司"));
	assert_true(is_disguise("云桥市久州建材有限公司", "云桥市九州建材有限公司"));
	assert_true(is_disguise("云桥市和三建材有限公司", "云桥市三和建材有限公司"));
}

static void another_name_is_no_disguise(void **state)
{
	static const char supplier[] = "云桥市华瑞嘉未建材有限公司";

	(void)state;
	assert_false(is_disguise("临澜利亿电子元件有限公司", "临澜利亿电子元件有限公司")); /* 圆 is folded to 元 */
	assert_false(is_disguise(supplier, supplier));
	assert_false(is_disguise("云桥市华瑞宏未建材有限公司", supplier));
	assert_false(is_disguise("云桥市花瑞佳未建材有限公司", supplier)); /* two */
	assert_false(is_disguise("南川市华瑞佳未建材有限公司", supplier)); /* another town's */
	assert_false(is_disguise("云桥市华瑞佳未建材有限责任公司", supplier)); /* another form besides */
	assert_false(is_disguise("云桥市嘉瑞华未建材有限公司", supplier)); /* no neighbours */
	assert_false(is_disguise("云桥市华瑞佳未建材经营部", supplier));
	assert_false(is_disguise("云桥市第一二建材有限公司", "云桥市第二一建材有限公司")); /* other numbers */
	assert_false(is_disguise("HUARUI JIAWEI LTD", supplier));
	assert_false(is_disguise("佳未", "嘉未")); /* too short to be anybody's */
	assert_false(is_disguise("", supplier));
	assert_false(is_disguise("有限公司", supplier));
}

/* Names are as long as a bank likes, and the bound holds. */
static void a_long_name_has_no_more_than_the_bound(void **state)
{
	static struct disguises disguises;
	char name[sizeof("新") * 200] = "";

	(void)state;
	for (int i = 0; i < 100; i++)
		strcat(name, i % 2 == 0 ? "新" : "宏");
	counters_clear_for_test();
	disguises_of(slice_of(name), &disguises);
	assert_int_equal(disguises.count, DISGUISES_MAX);
	/* 8 others sound like each 新, 6 like each 宏, and 99 pairs may be swapped. */
	assert_int_equal(counter_sum(COUNT_DISGUISES_FULL), 50 * 8 + 50 * 6 + 99 - DISGUISES_MAX);
}

static size_t fold_character(const char *character, char folded_r[NAME_FOLDED_BYTES_MAX + FOLD_TAIL_BYTES])
{
	return name_fold((struct slice){character, 3}, folded_r);
}

/* A character that is folded to another of its line would stand for what is written already. */
static void each_line_has_different_characters(void **state)
{
	static const char *const lines[] = {
#define ALIKE(characters) characters,
#include "profile/alike.def"
#undef ALIKE
	};
	char one[NAME_FOLDED_BYTES_MAX + FOLD_TAIL_BYTES], other[NAME_FOLDED_BYTES_MAX + FOLD_TAIL_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_true(strlen(lines[i]) >= 2 * 3 && strlen(lines[i]) % 3 == 0);
		for (const char *at = lines[i]; *at != '\0'; at += 3) {
			size_t bytes = fold_character(at, one);

			if (!(bytes == 1 && *one >= '0' && *one <= '9') && !(bytes == 3 && memcmp(one, at, 3) == 0))
				fail_msg("%s: %.3s is folded to %.*s", lines[i], at, (int)bytes, one);
			for (const char *behind = at + 3; *behind != '\0'; behind += 3)
				if (fold_character(behind, other) == bytes && memcmp(one, other, bytes) == 0)
					fail_msg("%s: %.3s and %.3s are the same folded", lines[i], at, behind);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_sound_by_look_and_swapped),
		cmocka_unit_test(another_name_is_no_disguise),
		cmocka_unit_test(a_long_name_has_no_more_than_the_bound),
		cmocka_unit_test(each_line_has_different_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
