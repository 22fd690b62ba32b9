/*
 * Named histories: the same for everybody, honest, ending before the test, and with whom tests ask for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/instant.h"
#include "workshop/test_facts.h"

enum { MONDAY = 20514 }; /* 2026-03-02 */

static const int64_t monday_ms = MONDAY * INSTANT_DAY_MS - INSTANT_CHINA_MS;

static unsigned how_many(const struct history *h, uint8_t role)
{
	unsigned count;

	history_party(h, role, 1, &count);
	return count;
}

static void ends_before_the_test(void **state)
{
	struct history_shelf shelf = {0};

	(void)state;
	for (uint8_t kind = 1; kind < PATTERN_HISTORY_COUNT; kind++) {
		const struct history *h = history_get(&shelf, kind, MONDAY);
		assert_true(h->tx_count >= 8);
		for (size_t i = 1; i < h->tx_count; i++)
			assert_true(h->txs[i - 1].booked_ms <= h->txs[i].booked_ms);
		assert_true(h->txs[h->tx_count - 1].booked_ms < monday_ms);
		assert_true(h->enterprise.opened_day < MONDAY && h->balance_minor > 0);
		assert_true(slice_is(h->txs[0].account, PATTERN_TEST_ACCOUNT));
		assert_ptr_equal(h, history_get(&shelf, kind, MONDAY));
		assert_ptr_not_equal(h, history_get(&shelf, kind, MONDAY + 1));
	}
	history_shelf_free(&shelf);
}

/* I2: two shelves agree to the byte. */
static void is_the_same_every_time(void **state)
{
	struct history_shelf a = {0}, b = {0};
	const struct history *x = history_get(&a, PATTERN_HISTORY_FACTORY, MONDAY);
	const struct history *y = history_get(&b, PATTERN_HISTORY_FACTORY, MONDAY);

	(void)state;
	assert_int_equal(x->tx_count, y->tx_count);
	for (size_t i = 0; i < x->tx_count; i++) {
		assert_true(slice_equal(x->txs[i].id, y->txs[i].id));
		assert_int_equal(x->txs[i].amount_minor, y->txs[i].amount_minor);
		assert_true(slice_equal(x->txs[i].counterparty.name, y->txs[i].counterparty.name));
	}
	history_shelf_free(&a);
	history_shelf_free(&b);
}

static void knows_its_people(void **state)
{
	static const uint8_t everybody[] = {PATTERN_ROLE_OWNER, PATTERN_ROLE_LANDLORD, PATTERN_ROLE_TREASURY,
	                                    PATTERN_ROLE_BANK, PATTERN_ROLE_STAFF};
	struct history_shelf shelf = {0};

	(void)state;
	for (uint8_t kind = 1; kind < PATTERN_HISTORY_SLEEPER; kind++)
		for (size_t i = 0; i < sizeof(everybody); i++)
			assert_true(how_many(history_get(&shelf, kind, MONDAY), everybody[i]) >= 1);
	assert_true(how_many(history_get(&shelf, PATTERN_HISTORY_TRADER, MONDAY), PATTERN_ROLE_SUPPLIER) >= 10);
	assert_true(how_many(history_get(&shelf, PATTERN_HISTORY_FACTORY, MONDAY), PATTERN_ROLE_CUSTOMER) >= 5);
	assert_true(how_many(history_get(&shelf, PATTERN_HISTORY_BUILDER, MONDAY), PATTERN_ROLE_WORKER) >= 20);
	assert_true(how_many(history_get(&shelf, PATTERN_HISTORY_BUILDER, MONDAY), PATTERN_ROLE_EXCHANGE) == 1);
	assert_true(how_many(history_get(&shelf, PATTERN_HISTORY_CLINIC, MONDAY), PATTERN_ROLE_BUYER) >= 20);
	assert_true(how_many(history_get(&shelf, PATTERN_HISTORY_WHOLESALER, MONDAY), PATTERN_ROLE_HEAD) == 1);
	assert_true(how_many(history_get(&shelf, PATTERN_HISTORY_SLEEPER, MONDAY), PATTERN_ROLE_SUPPLIER) == 0);
	history_shelf_free(&shelf);
}

static void keeps_its_promises(void **state)
{
	struct history_shelf shelf = {0};
	const struct history *fresh = history_get(&shelf, PATTERN_HISTORY_NEW_FIRM, MONDAY);
	const struct history *quiet = history_get(&shelf, PATTERN_HISTORY_DORMANT, MONDAY);
	const struct history *trader = history_get(&shelf, PATTERN_HISTORY_TRADER, MONDAY);

	(void)state;
	assert_in_range(MONDAY - fresh->enterprise.opened_day, 14, 30);
	assert_true(quiet->txs[quiet->tx_count - 1].booked_ms <= monday_ms - 200 * INSTANT_DAY_MS);
	assert_true(trader->txs[0].booked_ms <= monday_ms - 70 * INSTANT_DAY_MS);
	assert_true(trader->usual_minor[TX_DEBIT] < trader->large_minor[TX_DEBIT]);
	assert_true(trader->machine.ip.length > 0 && trader->machine.mac.length > 0);
	history_shelf_free(&shelf);
}

/* The registry knows the history's enterprise, but for what the test says itself. */
static void facts_come_from_the_history(void **state)
{
	static const struct slice staff[] = {{"张三", 6}};
	struct history_shelf shelf = {0};
	const struct history *h = history_get(&shelf, PATTERN_HISTORY_BUILDER, MONDAY);
	struct pattern_test test = {.history = PATTERN_HISTORY_BUILDER};
	const struct pattern pattern = {.id = {"p", 1}};
	const struct reference_enterprise *e;
	struct reference *reference;
	struct error error;

	(void)state;
	assert_int_equal(test_facts(&pattern, &test, h, &reference, &error), 0);
	e = reference_enterprise(reference, h->enterprise.uscc, (struct slice){0}, (struct slice){0});
	assert_non_null(e);
	assert_true(slice_equal(e->scope, h->enterprise.scope) && e->staff.length > 100);
	assert_true(e->registered_day == h->enterprise.registered_day && e->jurisdiction.length == 6);
	reference_free(&reference);

	test.enterprise = (struct pattern_test_enterprise){
		.given = true, .scope = slice_of("食品批发"), .registered_on = slice_of("2026-01-31"), .staff = staff, .staff_count = 1};
	assert_int_equal(test_facts(&pattern, &test, h, &reference, &error), 0);
	e = reference_enterprise(reference, (struct slice){0}, h->enterprise.bank, slice_of(PATTERN_TEST_ACCOUNT));
	assert_non_null(e);
	assert_true(slice_is(e->scope, "食品批发") && slice_equal(e->name, h->enterprise.name) && e->staff.length < 12);
	reference_free(&reference);

	test.enterprise.registered_on = slice_of("soon");
	assert_int_equal(test_facts(&pattern, &test, NULL, &reference, &error), -1);
	assert_non_null(strstr(error.text, "`registered_on: soon` is no day"));
	assert_null(reference);
	test.enterprise.given = false;
	assert_int_equal(test_facts(&pattern, &test, NULL, &reference, &error), 0);
	assert_null(reference);
	history_shelf_free(&shelf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_before_the_test), cmocka_unit_test(is_the_same_every_time),
		cmocka_unit_test(knows_its_people), cmocka_unit_test(keeps_its_promises),
		cmocka_unit_test(facts_come_from_the_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
