/*
 * The tests that stand in pattern files: what they say when they pass, fail, or cannot be read; and all of
 * the patterns that are shipped, with the real decoder.
 */
#include "tests/unit/match_fixture.h"

#include <unistd.h>

#include "base/money.h"
#include "decode/decode.h"

static const struct decoder *json;
static struct decode_context decoding;

static int set_up(void **state)
{
	(void)state;
	json = decoder_find(slice_of("json"));
	assert_non_null(json);
	decode_context_init(&decoding, json, 0, (struct slice){0});
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	decode_context_deinit(&decoding, json);
	return 0;
}

static int decode_one(void *context, struct slice text, struct tx *tx_r, struct error *error)
{
	(void)context;
	decode_context_reset(&decoding);
	if (decode(json, &decoding, text.at, text.length, true) == -1)
		return error_set(error, "%s", decoding.reject.reason);
	*tx_r = decoding.txs[0];
	return 0;
}

static char said[65536];

static void take_result(void *context, const struct match_test_result *result)
{
	(void)context;
	if (result->passed)
		assert_string_equal(result->why, "");
	if (strlen(said) + 512 > sizeof(said))
		return;
	sprintf(said + strlen(said), "%s %s%s%.300s\n", result->test->name.at, result->passed ? "passed" : "failed",
	        result->passed ? "" : ": ", result->why);
}

static void tests_pass_and_fail(void **state)
{
	struct pattern_set *set = fixture_set_of(
		"id: t\nversion: 1\nstatus: shadow\ntypology: V01\ntitle: {zh: 试, en: t}\naudience: enterprise\nscore: 5\n"
		"detect: {text: {in: [remark], any: [急付]}, where: amount >= 5万}\n"
		"tests:\n"
		"  - {expect: hit, name: a, feed: [{amount: '1'}, {amount: '50000', remark: 急 付}]}\n"
		"  - {expect: hit, name: b, feed: [{amount: '50000', remark: 急付}, {amount: '1'}]}\n"
		"  - {expect: miss, name: c, feed: [{amount: '50000', remark: 急救}]}\n"
		"  - {expect: miss, name: d, feed: [{amount: '1'}, {amount: '50000', remark: 急付}, {amount: '1'}]}\n"
		"  - {expect: hit, name: e, feed: [{amount: '50_000', remark: 急付}]}\n"
		"  - {expect: miss, name: f, feed: [{amount: '50000', remark: 急付, status: failed}]}\n"
		"  - {expect: hit, name: g, feed: [{amount: '50000', remark: 急付, status: pending}]}\n");
	unsigned run;

	(void)state;
	said[0] = '\0';
	assert_int_equal(match_test(set, (struct slice){0}, decode_one, NULL, take_result, NULL, &run), 3);
	assert_int_equal(run, 7);
	assert_non_null(
		strstr(said, "a passed\nb failed: expected a hit on the last transaction; there was none\nc passed\n"
	                 "d failed: expected no hit; transaction 2 hits\n"
	                 "e failed: transaction 1 is not readable: amount"));
	assert_non_null(strstr(said, "\nf passed\ng passed\n"));
	said[0] = '\0';
	assert_int_equal(match_test(set, slice_of("other"), decode_one, NULL, take_result, NULL, &run), 0);
	assert_int_equal(run, 0);
	pattern_set_free(&set);
}

static void the_shipped_patterns_keep_their_promises(void **state)
{
	struct pattern_rate rate = {(uint8_t)money_currency_find(slice_of("USD")), 7100000};
	struct pattern_options options = {.rates = &rate, .rate_count = 1, .run_all = true};
	struct pattern_set *set;
	struct error error;
	unsigned run;

	(void)state;
	if (access("patterns/levels.yaml", R_OK) != 0)
		skip();
	if (pattern_set_load("patterns", &options, &set, &error) == -1)
		fail_msg("%s", error.text);
	said[0] = '\0';
	if (match_test(set, (struct slice){0}, decode_one, NULL, take_result, NULL, &run) > 0)
		fail_msg("%s", said);
	assert_true(run >= 2 * pattern_set_count(set));
	pattern_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tests_pass_and_fail), cmocka_unit_test(the_shipped_patterns_keep_their_promises),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
