/*
 * Settings: what is taken, and each complaint with its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/money.h"
#include "base/settings.h"

static char folder[] = "/tmp/huqi-settings-XXXXXX";

static const char *write_file(const char *name, const char *text)
{
	static char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static int load(struct settings *settings, const char *text, struct error *error)
{
	return settings_load(settings, write_file("s.yaml", text), error);
}

static void the_least_file_of_the_contract_is_enough(void **state)
{
	struct settings s;
	struct error error;
	char expected[128];

	(void)state;
	assert_int_equal(
		load(&s,
	             "store: {path: var/huqi.db}\nhttp: {listen: \"127.0.0.1:8080\", token_file: var/token}\n"
	             "patterns: {dir: /srv/patterns}\nfeeds:\n  - {topic: bank.tx, decoder: json}\n"
	             "kafka: {bootstrap.servers: \"127.0.0.1:9092\"}\n",
	             &error),
		0);
	snprintf(expected, sizeof(expected), "%s/var/huqi.db", folder);
	assert_string_equal(s.store_path, expected); /* relative to the file's folder */
	assert_string_equal(s.patterns_dir, "/srv/patterns");
	assert_int_equal(s.feed_count, 1);
	assert_string_equal(s.feeds[0].topic, "bank.tx");
	assert_string_equal(s.kafka[0].name, "bootstrap.servers");
	assert_int_equal(s.engine_lateness_ms, INT64_C(72) * 3600 * 1000);
	settings_free(&s);
}

static void complaints_name_file_line_value_and_what_was_expected(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"stor: {path: x}\n", "s.yaml:1:1: unknown section `stor` (did you mean `store`?)"},
		{"store:\n  pth: x\n", "s.yaml:2:3: unknown setting `pth` (did you mean `path`?)"},
		{"engine: {batch_messages: many}\n",
	         "s.yaml:1:26: `engine.batch_messages`: `many` is not a whole number"},
		{"engine:\n  batch_messages: 0\n",
	         "s.yaml:2:19: `engine.batch_messages`: `0` is out of range; expected 1 to 65536"},
		{"engine: {lateness: 3 days}\n",
	         "`3 days` is not a duration such as 250ms, 5s, 2m, 24h or 3d"},
		{"notify: {on: yes}\n", "`yes` is neither true nor false"},
		{"http: {body_bytes_max: 1}\n", "out of range"},
		{"feeds: [{topic: a}]\n", "a feed needs a topic and a decoder"},
		{"feeds: [{topic: a, decoder: json}, {topic: a, decoder: json}]\n",
	         "the topic `a` is named twice"},
		{"feeds: [{topic: a, decoder: json, bank: 12}]\n", "`12` is no code of 12 digits"},
		{"rates: {XXQ: 1}\n", "not a currency code"},
		{"rates: {USD: -1}\n", "expected a price above 0"},
		{"store: {path: x}\nstore: {path: y}\n", "s.yaml:2:1: the key `store` stands here twice"},
		{"store: &a {path: x}\n", "an anchor (&name) is not allowed"},
		{"store: [x\n", "not readable as YAML"},
		{"kafka: {sasl.password: \"file:/nowhere/at/all\"}\n",
	         "the secret's file /nowhere/at/all cannot be read"},
		{"http: {token: \"env:HUQI_TEST_NO_SUCH\"}\n",
	         "the environment has no variable `HUQI_TEST_NO_SUCH`"},
	};
	struct settings s;
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(load(&s, cases[i].text, &error), -1);
		if (strstr(error.text, cases[i].expected) == NULL)
			fail_msg("%s\n said: %s\n expected: %s", cases[i].text, error.text,
			         cases[i].expected);
	}
}

static void secrets_come_from_files_and_the_environment(void **state)
{
	struct settings s;
	struct error error;

	(void)state;
	write_file("secret", "  hush\n");
	setenv("HUQI_TEST_SECRET", "quiet", 1);
	assert_int_equal(
		load(&s, "http: {token: \"file:secret\"}\nkafka: {sasl.password: \"env:HUQI_TEST_SECRET\"}\n",
	             &error),
		0);
	assert_string_equal(s.http_token, "hush");
	assert_string_equal(s.kafka[0].value, "quiet");
	settings_free(&s);
}

static void the_command_line_overrides(void **state)
{
	struct settings s;
	struct error error;

	(void)state;
	settings_defaults(&s);
	assert_int_equal(settings_override(&s, "engine.shards=3", &error), 0);
	assert_int_equal(s.engine_shards, 3);
	assert_int_equal(settings_override(&s, "kafka.bootstrap.servers=a:1", &error), 0);
	assert_int_equal(settings_override(&s, "kafka.bootstrap.servers=b:2", &error), 0);
	assert_int_equal(s.kafka_count, 1);
	assert_string_equal(s.kafka[0].value, "b:2");
	assert_int_equal(settings_override(&s, "engine.shards=many", &error), -1);
	assert_int_equal(settings_override(&s, "shards", &error), -1);
	assert_int_equal(settings_override(&s, "no.such=1", &error), -1);
	settings_free(&s);
}

static void other_currencies_are_converted_at_the_rates(void **state)
{
	struct settings s;
	struct error error;

	(void)state;
	assert_int_equal(load(&s, "rates: {USD: 7.125, JPY: 0.047, KWD: 23.1}\n", &error), 0);
	assert_int_equal(settings_to_cny(&s, 10000, MONEY_CNY), 10000);
	assert_int_equal(settings_to_cny(&s, 10000, (uint8_t)money_currency_find(slice_of("USD"))), 71250);
	assert_int_equal(settings_to_cny(&s, 10000, (uint8_t)money_currency_find(slice_of("JPY"))), 47000);
	assert_int_equal(settings_to_cny(&s, 10000, (uint8_t)money_currency_find(slice_of("KWD"))), 23100);
	assert_int_equal(settings_to_cny(&s, 10000, (uint8_t)money_currency_find(slice_of("EUR"))), 81000);
	assert_int_equal(settings_to_cny(&s, 10000, (uint8_t)money_currency_find(slice_of("XOF"))), -1);
	settings_free(&s);
	assert_int_equal(load(&s, "rates: {USD: 7, XOF: 0.012}\n", &error), 0);
	assert_int_equal(settings_to_cny(&s, 10000, (uint8_t)money_currency_find(slice_of("USD"))), 70000);
	assert_int_equal(settings_to_cny(&s, 10000, (uint8_t)money_currency_find(slice_of("XOF"))), 12000);
	settings_free(&s);
}

/* Beside those that are built in. */
static void every_currency_may_have_a_rate(void **state)
{
	static const char *const codes[] = {
#define CURRENCY(code, decimals) #code,
#include "base/currencies.def"
#undef CURRENCY
	};
	char text[4096] = "rates: {USD: 2";
	struct settings s;
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(codes[i], "CNY") != 0 && strcmp(codes[i], "USD") != 0)
			sprintf(text + strlen(text), ", %s: 2", codes[i]);
	strcat(text, "}\n");
	if (load(&s, text, &error) == -1)
		fail_msg("%s", error.text);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		uint8_t currency = (uint8_t)money_currency_find(slice_of(codes[i]));
		int64_t unit = 1;
		for (int j = 0; j < money_currency(currency)->decimals; j++)
			unit *= 10;
		assert_int_equal(settings_to_cny(&s, unit, currency), currency == MONEY_CNY ? unit : 200);
	}
	settings_free(&s);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(write_file("s.yaml", ""));
	unlink(write_file("secret", ""));
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_least_file_of_the_contract_is_enough),
		cmocka_unit_test(complaints_name_file_line_value_and_what_was_expected),
		cmocka_unit_test(secrets_come_from_files_and_the_environment),
		cmocka_unit_test(the_command_line_overrides),
		cmocka_unit_test(other_currencies_are_converted_at_the_rates),
		cmocka_unit_test(every_currency_may_have_a_rate),
	};
	return cmocka_run_group_tests_name("settings", tests, make_folder, remove_folder);
}
