/*
 * Patterns in words: conditions token by token, a pattern with its gates, and what is asked for wrongly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "workshop/plain.h"
#include "workshop/workshop.h"

#define FOLDER "tests/cases/explain-nearest/patterns"

static char *said;

static void plain(const char *condition, enum plain_language language, const char *wanted)
{
	size_t bytes;
	FILE *out = open_memstream(&said, &bytes);

	plain_write(out, slice_of(condition), language);
	fclose(out);
	assert_string_equal(said, wanted);
	free(said);
}

static void conditions_become_words(void **state)
{
	(void)state;
	plain("amount >= 5万", PLAIN_ZH, "金额不少于5万");
	plain("amount >= 5万", PLAIN_EN, "the amount is at least 5万");
	plain("not known(counterparty.account)", PLAIN_EN, "not known(the counterparty's account)");
	plain("count(debits where counterparty.kind = person, 24h) >= 3", PLAIN_ZH,
	      "笔数(付款，其中对方类型为个人, 24h) 不少于3");
	/* What stands in quotes or is a unit is nobody's name. */
	plain("contains(remark, ' amount and ')", PLAIN_EN, "contains(the remark, ' amount and ')");
	plain("amount = 50 USD", PLAIN_EN, "the amount is 50 USD");
	plain("amount ≥ 1", PLAIN_EN, "the amount is at least 1");
	plain("", PLAIN_ZH, "");
	plain("'", PLAIN_ZH, "'");
}

static void count_one(void *context, struct slice condition)
{
	char *all = context;

	sprintf(all + strlen(all), "[%.*s]", SLICE_PRINT(condition));
}

static void each(const char *where, const char *wanted)
{
	char all[512] = "";

	plain_each(slice_of(where), count_one, all);
	assert_string_equal(all, wanted);
}

static void outermost_ands_part(void **state)
{
	(void)state;
	each("a", "[a]");
	each("a and b and (c or d)", "[a][b][(c or d)]");
	each("a and b or c", "[a and b or c]");
	each("x(debits where a and b, 2h) > 1 and c", "[x(debits where a and b, 2h) > 1][c]");
	each("contains(remark, ' and ') and c", "[contains(remark, ' and ')][c]");
}

static void a_pattern_is_described(void **state)
{
	static const char *const wanted[] = {
		"试 · trial\nwords-and-night 1, active, V01", "warns the enterprise, 45 分 points",
		"{in: [remark], any: [急付, 加急, /转.{0,2}账/], none: [运费]}",
		"hour(booked_at) < 6\n        钟点(记账时间) 少于6\n        the hour of(the booking time) is less than 6",
		"one of 3 expressions must be there", "on 14 honest histories"};
	struct error error;
	size_t bytes;
	FILE *out;

	(void)state;
	if (access(FOLDER, R_OK) != 0)
		skip();
	out = open_memstream(&said, &bytes);
	assert_int_equal(workshop_describe(FOLDER, slice_of("words-and-night"), out, &error), 0);
	fclose(out);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (strstr(said, wanted[i]) == NULL)
			fail_msg("no `%s` in:\n%s", wanted[i], said);
	free(said);
	assert_int_equal(workshop_describe(FOLDER, slice_of("nobody"), stdout, &error), -1);
	assert_non_null(strstr(error.text, "there is no pattern `nobody`"));
}

/* The same file as the golden case explain-nearest. */
static int ask(const char *id, const char *only, struct explanation **x, struct error *error)
{
	const char *const feeds[] = {"tests/cases/explain-nearest/feed.jsonl"};
	struct settings settings;
	struct workshop_source source = {.settings = &settings, .decoder = decoder_find(slice_of("json")), .bank = "",
	                                 .feeds = feeds, .feed_count = 1};
	int result;

	settings_defaults(&settings);
	settings.patterns_cache = "";
	result = workshop_explain(&source, FOLDER, slice_of("102100099996"), slice_of(id),
	                          slice_of(only), x, error);
	settings_free(&settings);
	return result;
}

static void what_is_not_there_is_said(void **state)
{
	struct explanation *x;
	struct error error;

	(void)state;
	if (access("tests/cases/explain-nearest/feed.jsonl", R_OK) != 0)
		skip();
	assert_int_equal(ask("nothing", "", &x, &error), -1);
	assert_non_null(strstr(error.text, "the feed has no transaction `nothing`"));
	assert_null(x);
	assert_int_equal(ask("target", "nobody", &x, &error), -1);
	assert_non_null(strstr(error.text, "there is no pattern `nobody`"));
}

/* The memory is the one of then: a transaction later the same payee is known. */
static void the_memory_is_that_of_then(void **state)
{
	struct explanation *x;
	struct error error;
	size_t bytes;
	FILE *out;

	(void)state;
	if (access("tests/cases/explain-nearest/feed.jsonl", R_OK) != 0)
		skip();
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ask(i == 0 ? "target" : "later", "new-and-large", &x, &error), 0);
		out = open_memstream(&said, &bytes);
		workshop_explain_json(x, out);
		fclose(out);
		assert_non_null(strstr(said, i == 0 ? "known_counterparty_account no" : "known_counterparty_account yes"));
		assert_non_null(strstr(said, i == 0 ? "\"missing\": 1" : "\"missing\": 2"));
		free(said);
		workshop_explain_free(&x);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_become_words), cmocka_unit_test(outermost_ands_part),
		cmocka_unit_test(a_pattern_is_described), cmocka_unit_test(what_is_not_there_is_said),
		cmocka_unit_test(the_memory_is_that_of_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
