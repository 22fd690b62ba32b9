/*
 * A feed's labels and how they become cases: the same fraud on one account with gaps up to 30 days.
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

#include "workshop/backtest.h"
#include "workshop/cases.h"

static char path[] = "/tmp/huqi-truth-XXXXXX";

static int load(struct truth *truth, const char *text, struct error *error)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return truth_load(truth, path, error);
}

static struct tx tx_of(const char *account, const char *id, int64_t day, uint8_t direction)
{
	struct tx tx;

	tx_init(&tx);
	tx.bank = slice_of("102100099996");
	tx.account = slice_of(account);
	tx.id = slice_of(id);
	tx.booked_ms = day * INSTANT_DAY_MS;
	tx.direction = direction;
	return tx;
}

#define LABEL(id, typology, scenario) \
	"{\"tx\":{\"bank\":\"102100099996\",\"id\":\"" id "\"},\"typology\":\"" typology "\",\"scenario\":\"" scenario "\"}\n"

static void labels_are_found_again(void **state)
{
	struct tx tx = tx_of("1", "a", 1, TX_DEBIT), other = tx_of("1", "c", 1, TX_DEBIT);
	struct truth truth;
	struct error error;
	size_t at = SIZE_MAX;
	const struct truth_label *label;

	(void)state;
	assert_int_equal(load(&truth, LABEL("a", "V01", "x") LABEL("b", "M02", "y") "\n" LABEL("a", "V02", "x"), &error), 0);
	assert_int_equal(truth.label_count, 3);
	label = truth_next(&truth, &tx, &at);
	assert_non_null(label);
	assert_string_equal(label->typology, "V01");
	label = truth_next(&truth, &tx, &at);
	assert_non_null(label);
	assert_string_equal(label->typology, "V02");
	assert_null(truth_next(&truth, &tx, &at));
	at = SIZE_MAX;
	assert_null(truth_next(&truth, &other, &at));
	truth_free(&truth);
}

static void many_labels_grow_the_table(void **state)
{
	static char text[4 << 20];
	size_t length = 0;
	struct truth truth;
	struct error error;

	(void)state;
	for (int i = 0; i < 20000; i++)
		length += (size_t)sprintf(text + length, LABEL("t%d", "V01", "x"), i);
	assert_int_equal(load(&truth, text, &error), 0);
	for (int i = 0; i < 20000; i += 777) {
		char id[16];
		size_t at = SIZE_MAX;
		struct tx tx;
		snprintf(id, sizeof(id), "t%d", i);
		tx = tx_of("1", id, 1, TX_DEBIT);
		assert_non_null(truth_next(&truth, &tx, &at));
	}
	truth_free(&truth);
}

static void what_is_no_label_is_named(void **state)
{
	static const char *const wrong[] = {"{}", "[1]", "x", LABEL("a", "X01", ""), LABEL("a", "V1", ""),
	                                    "{\"tx\":{\"id\":\"a\"},\"typology\":\"V01\"}"};
	struct truth truth;
	struct error error;
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), LABEL("a", "V01", "x") "%s", wrong[i]);
		assert_int_equal(load(&truth, text, &error), -1);
		assert_non_null(strstr(error.text, ":2: no label; expected"));
	}
	assert_int_equal(truth_load(&truth, "/tmp/there/is/none", &error), -1);
}

static void label(struct cases *cases, struct truth *truth, struct tx tx)
{
	size_t at = SIZE_MAX;

	cases_see(cases, &tx);
	for (struct truth_label *l; (l = truth_next(truth, &tx, &at)) != NULL;)
		cases_label(cases, &tx, l);
}

static void gaps_and_names_part_cases(void **state)
{
	struct truth truth;
	struct error error;
	struct cases cases;
	size_t from, to;

	(void)state;
	cases_init(&cases);
	assert_int_equal(load(&truth,
	                      LABEL("a", "V01", "x") LABEL("b", "V01", "x") LABEL("c", "V01", "x") LABEL("d", "V01", "y")
	                      LABEL("e", "M03", "x") LABEL("f", "V01", "x"), &error), 0);
	label(&cases, &truth, tx_of("1", "a", 10, TX_CREDIT));
	label(&cases, &truth, tx_of("1", "b", 40, TX_DEBIT));
	label(&cases, &truth, tx_of("1", "c", 71, TX_DEBIT)); /* 31 days on: another */
	label(&cases, &truth, tx_of("1", "d", 41, TX_DEBIT)); /* another scenario */
	label(&cases, &truth, tx_of("1", "e", 41, TX_DEBIT)); /* another typology */
	label(&cases, &truth, tx_of("2", "f", 41, TX_CREDIT)); /* another account */
	label(&cases, &truth, tx_of("3", "z", 90, TX_CREDIT)); /* honest */
	cases_join(&cases);
	assert_int_equal(cases.count, 5);
	assert_int_equal(cases.account_count, 3);
	assert_int_equal(cases.end_ms, 90 * INSTANT_DAY_MS);
	to = cases_of(&cases, cases_account(slice_of("102100099996"), slice_of("1")), &from);
	assert_int_equal(to - from, 4);
	assert_int_equal(cases.items[from].first_ms, 10 * INSTANT_DAY_MS);
	assert_int_equal(cases.items[from].last_ms, 40 * INSTANT_DAY_MS);
	assert_int_equal(cases.items[from].first_debit_ms, 40 * INSTANT_DAY_MS);
	to = cases_of(&cases, cases_account(slice_of("102100099996"), slice_of("2")), &from);
	assert_int_equal(to - from, 1);
	assert_int_equal(cases.items[from].first_debit_ms, INT64_MAX);
	to = cases_of(&cases, cases_account(slice_of("102100099996"), slice_of("3")), &from);
	assert_int_equal(to - from, 0);
	cases_deinit(&cases);
	truth_free(&truth);
}

static int set_up(void **state)
{
	(void)state;
	return mkstemp(path) >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_found_again), cmocka_unit_test(many_labels_grow_the_table),
		cmocka_unit_test(what_is_no_label_is_named), cmocka_unit_test(gaps_and_names_part_cases),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
