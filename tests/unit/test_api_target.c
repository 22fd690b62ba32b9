/* The pure parts of the API: targets, parameters, cursors, masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "api/cursor.h"
#include "api/mask.h"
#include "api/parameter.h"
#include "base/error.h"

/* Parses a copy that ends where its memory ends, so that a sanitizer sees a step beyond. */
static int parse(const char *text, struct target *target, char **copy_r, struct error *error)
{
	*copy_r = strdup(text);
	assert_non_null(*copy_r);
	return target_parse(*copy_r, target, error);
}

static void targets_are_taken_apart(void **state)
{
	struct target t;
	struct error error;
	char *copy;

	(void)state;
	assert_int_equal(parse("/api/v1/a%2Fb/%e6%8A%a4?x=1&name=%E5%BC%A0+%2B=3&y=a/b?c", &t, &copy, &error), 0);
	assert_int_equal(t.segment_count, 4);
	assert_true(slice_is(t.segments[0], "api") && slice_is(t.segments[2], "a/b") && slice_is(t.segments[3], "护"));
	assert_int_equal(t.parameter_count, 3);
	assert_true(slice_is(target_parameter(&t, "x"), "1"));
	assert_true(slice_is(target_parameter(&t, "name"), "张 +=3"));
	assert_true(slice_is(target_parameter(&t, "y"), "a/b?c"));
	assert_null(target_parameter(&t, "z").at);
	free(copy);
	assert_int_equal(parse("/", &t, &copy, &error), 0);
	assert_int_equal(t.segment_count, 0);
	free(copy);
	assert_int_equal(parse("/a+b/", &t, &copy, &error), 0);
	assert_int_equal(t.segment_count, 2);
	assert_true(slice_is(t.segments[0], "a+b") && t.segments[1].length == 0);
	free(copy);
}

static void crooked_targets_are_refused(void **state)
{
	static const struct {
		const char *text, *faulty, *says;
	} cases[] = {
		{"", "", "must begin with `/`"}, {"*", "", "must begin"}, {"a/b", "", "must begin"},
		{"/a b", "", "percent-encoded"}, {"/a\"", "", "percent-encoded"}, {"/\xe5\xbc\xa0", "", "percent-encoded"},
		{"/%", "", "two hexadecimal"}, {"/%1", "", "two hexadecimal"}, {"/%1g", "", "two hexadecimal"},
		{"/%7f", "", "control character"}, {"/%c0%80", "", "no valid UTF-8"}, {"/%ed%a0%80", "", "no valid UTF-8"},
		{"/?a", "a", "name=value"}, {"/?=1", "", "name=value"}, {"/?a=", "a", "name=value"}, {"/?a=1&", "", "name=value"},
		{"/?&a=1", "", "name=value"}, {"/?a=1&a=2", "a", "given twice"}, {"/?a=%0d%0a", "a", "control character"},
		{"/?%61=1&a=2", "a", "given twice"}, {"/?a=1#x=2", "a", "percent-encoded"},
		{"/?1=1&2=1&3=1&4=1&5=1&6=1&7=1&8=1&9=1&a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1", "h", "more than 16"},
		{"/1/2/3/4/5/6/7/8/9", "", "more than 8"},
	};
	struct target t;
	struct error error;
	char *copy;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int result = parse(cases[i].text, &t, &copy, &error);
		if (result == 0 || strstr(error.text, cases[i].says) == NULL || strcmp(t.faulty, cases[i].faulty) != 0)
			fail_msg("%s: %d, `%s`: %s", cases[i].text, result, t.faulty, result == -1 ? error.text : "");
		free(copy);
	}
}

static void a_long_name_is_cut_in_the_error(void **state)
{
	char text[4096] = "/?";
	struct target t;
	struct error error;
	char *copy;

	(void)state;
	for (int i = 0; i < 300; i++)
		strcat(text, "%e5%bc%a0");
	assert_int_equal(parse(text, &t, &copy, &error), -1);
	assert_int_equal(strlen(t.faulty), (TARGET_NAME_BYTES - 1) / 4 * 3);
	free(copy);
}

static void times_and_words_are_read(void **state)
{
	static const char *const words[] = {"one", "two", "three"};
	struct target t;
	struct error error;
	char *copy;
	int64_t ms = -1, same = -1, number = 7;
	unsigned bits = 0;
	int word = -1;

	(void)state;
	assert_int_equal(parse("/?day=2026-03-02&time=2026-03-02T00:00:00%2B08:00&w=two&ws=three,one&n=42", &t, &copy, &error), 0);
	assert_int_equal(parameter_time(&t, "day", &ms, &error), 0);
	assert_int_equal(parameter_time(&t, "time", &same, &error), 0);
	assert_int_equal(ms, same);
	assert_int_equal(parameter_word(&t, "w", words, 3, &word, &error), 0);
	assert_int_equal(word, 1);
	assert_int_equal(parameter_words(&t, "ws", words, 3, &bits, &error), 0);
	assert_int_equal(bits, 1 | 4);
	assert_int_equal(parameter_number(&t, "n", 0, 42, &number, &error), 0);
	assert_int_equal(number, 42);
	assert_int_equal(parameter_number(&t, "absent", 0, 42, &number, &error), 0);
	assert_int_equal(number, 42);
	assert_int_equal(parameter_word(&t, "absent", words, 3, &word, &error), 0);
	assert_int_equal(word, 1);
	assert_int_equal(parameter_number(&t, "n", 0, 41, &number, &error), -1);
	assert_string_equal(t.faulty, "n");
	free(copy);
}

static void cursors_come_back(void **state)
{
	static const struct {
		int64_t number;
		const char *id;
	} cases[] = {{0, ""}, {1772414100000, "0123456789abcdef0123456789abcdef"}, {-1, "x"}, {INT64_MAX, "护企"}};
	char text[CURSOR_TEXT_BYTES], id[CURSOR_ID_BYTES + 2];
	struct cursor c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(cursor_write('a', cases[i].number, slice_of(cases[i].id), text));
		assert_true(cursor_read(slice_of(text), 'a', &c));
		assert_int_equal(c.number, cases[i].number);
		assert_string_equal(c.id, cases[i].id);
		assert_false(cursor_read(slice_of(text), 'd', &c));
		for (size_t at = 0; text[at] != '\0'; at++) { /* no shorter text is a cursor of the same place */
			struct cursor other;
			if (cursor_read((struct slice){text, (uint32_t)at}, 'a', &other))
				assert_true(other.number != c.number || strcmp(other.id, c.id) != 0);
		}
	}
	memset(id, 'x', sizeof(id));
	assert_true(cursor_write('a', 1, (struct slice){id, CURSOR_ID_BYTES}, text));
	assert_int_equal(strlen(text), CURSOR_TEXT_BYTES - 1);
	assert_true(cursor_read(slice_of(text), 'a', &c));
	assert_false(cursor_write('a', 1, (struct slice){id, CURSOR_ID_BYTES + 1}, text));
	assert_false(cursor_read(slice_of("YQ"), 'a', &c));
	assert_false(cursor_read(slice_of("YQAAAAAAAAAA="), 'a', &c));
	assert_false(cursor_read(slice_of("YQAAAAAAAAAA!"), 'a', &c));
	assert_false(cursor_read(slice_of(""), 'a', &c));
}

static void digits_of_an_account_are_masked(void **state)
{
	static const struct {
		const char *plain, *masked;
	} cases[] = {
		{"", ""}, {"paid 480,000.00 at 09:15", "paid 480,000.00 at 09:15"}, {"123456789", "123456789"},
		{"1234567890", "123***7890"}, {"13812345678", "138****5678"}, {"to 6222020200001234567.", "to 622202*********4567."},
		{"to 6222020200001234567. At", "to 622202*********4567. At"},
		{"（6222020200001234567）", "（622202*********4567）"}, {"12345678901234.00", "12345678901234.00"},
		{"6222020200001234567,6222020200001234567", "622202*********4567,622202*********4567"},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!slice_is(mask_digits(slice_of(cases[i].plain), &arena), cases[i].masked))
			fail_msg("%s: %s", cases[i].plain, mask_digits(slice_of(cases[i].plain), &arena).at);
	arena_deinit(&arena);
}

/* Masks a body, as text. */
static char *masked(const char *body, struct arena *arena)
{
	yyjson_mut_doc *document = yyjson_mut_doc_new(NULL);
	struct error error;
	yyjson_mut_val *alert = mask_alert(slice_of(body), document, arena, &error);
	char *text = NULL;

	if (alert != NULL) {
		yyjson_mut_doc_set_root(document, alert);
		text = yyjson_mut_write(document, 0, NULL);
	}
	yyjson_mut_doc_free(document);
	return text;
}

/* I9 */
static void an_alert_is_masked_and_keeps_its_figures(void **state)
{
	static const struct {
		const char *plain, *masked;
	} cases[] = {
		{"{\"account\":\"6222020200001234567\",\"account_name\":\"许昌恒达机械有限公司\"}",
		 "{\"account\":\"622202*********4567\",\"account_name\":\"许昌恒达机械有限公司\"}"},
		{"{\"account\":\"1\",\"account_name\":\"ZHANG SAN\"}", "{\"account\":\"*\",\"account_name\":\"Z*\"}"},
		{"{\"account_name\":null,\"score\":95,\"amount_at_risk\":\"480000.00\"}",
		 "{\"account_name\":null,\"score\":95,\"amount_at_risk\":\"480000.00\"}"},
		{"{\"hits\":[{\"tx\":\"20260302000070\",\"facts\":{\"counterparty.account\":\"6217001234567890123\","
		 "\"counterparty.name\":\"李四\","
		 "\"ip\":\"203.0.113.77\",\"distinct\":3,\"age_account\":\"45d\",\"list\":[\"6217001234567890123\",1e2],"
		 "\"payers\":{\"name\":\"王五\"}},\"reason\":{\"zh\":\"李四、王五（6217001234567890123）\",\"en\":\"x\"}}]}",
		 "{\"hits\":[{\"tx\":\"20260302000070\",\"facts\":{\"counterparty.account\":\"621700*********0123\","
		 "\"counterparty.name\":\"李*\","
		 "\"ip\":\"203.*\",\"distinct\":3,\"age_account\":\"45d\",\"list\":[\"621700*********0123\",1e2],"
		 "\"payers\":{\"name\":\"王*\"}},\"reason\":{\"zh\":\"李*、王*（621700*********0123）\",\"en\":\"x\"}}]}"},
		{"{\"hits\":[{},{\"facts\":null,\"reason\":5},7],\"n\":123456789012345678901234567890.5}",
		 "{\"hits\":[{},{\"facts\":null,\"reason\":5},7],\"n\":123456789012345678901234567890.5}"},
		{"[]", NULL}, {"", NULL}, {"{", NULL}, {"\"x\"", NULL},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = masked(cases[i].plain, &arena);
		if (text == NULL || cases[i].masked == NULL)
			assert_ptr_equal(text, cases[i].masked);
		else
			assert_string_equal(text, cases[i].masked);
		free(text);
	}
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_are_taken_apart),
		cmocka_unit_test(crooked_targets_are_refused),
		cmocka_unit_test(a_long_name_is_cut_in_the_error),
		cmocka_unit_test(times_and_words_are_read),
		cmocka_unit_test(cursors_come_back),
		cmocka_unit_test(digits_of_an_account_are_masked),
		cmocka_unit_test(an_alert_is_masked_and_keeps_its_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
