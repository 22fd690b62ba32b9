/* The simulator's parts: numbers with their checks, draws, the calendar, the day's order, names, texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/ident.h"
#include "base/instant.h"
#include "base/utf8.h"
#include "simulate/agenda.h"
#include "simulate/draw.h"
#include "simulate/names.h"
#include "simulate/text.h"

/* base/ident.h checks with code of its own. */
static void bank_codes_and_usccs_check(void **state)
{
	char bank[NUMBERS_BANK_BYTES], uscc[NUMBERS_USCC_BYTES];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		numbers_bank(i % 12, (enum place)(i % PLACE_COUNT), i, bank);
		assert_true(ident_bank_checks(slice_of(bank)));
		numbers_uscc((uint64_t)i, 359902, uscc);
		assert_true(ident_uscc_checks(slice_of(uscc)));
	}
}

/* Luhn from the right: every second digit doubled, its digits summed; the whole a multiple of 10. */
static void cards_pass_luhn(void **state)
{
	char card[NUMBERS_ACCOUNT_BYTES];

	(void)state;
	for (uint64_t i = 0; i < 2000; i++) {
		int sum = 0, length = numbers_card(random_mix(i, 1), card);
		for (int j = 0; j < length; j++) {
			int digit = (card[length - 1 - j] - '0') * (j % 2 + 1);
			sum += digit / 10 + digit % 10;
		}
		assert_int_equal(length, 19);
		assert_int_equal(sum % 10, 0);
	}
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void accounts_and_addresses_of_a_population_differ(void **state)
{
	enum { COUNT = 20000 };
	char(*accounts)[NUMBERS_ACCOUNT_BYTES] = calloc(COUNT, NUMBERS_ACCOUNT_BYTES);
	char(*ips)[NUMBERS_IP_BYTES] = calloc(COUNT, NUMBERS_IP_BYTES);

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++) {
		int length = numbers_account_of_serial(77, i, accounts[i]);
		assert_in_range(length, 16, 19);
		numbers_ip_of_serial(i, ips[i]);
	}
	qsort(accounts, COUNT, sizeof(*accounts), by_bytes);
	qsort(ips, COUNT, sizeof(*ips), by_bytes);
	for (int i = 1; i < COUNT; i++) {
		assert_string_not_equal(accounts[i - 1], accounts[i]);
		assert_string_not_equal(ips[i - 1], ips[i]);
	}
	free(accounts);
	free(ips);
}

static void draws_have_the_mean_that_they_promise(void **state)
{
	static const enum draw_spread spreads[] = {DRAW_NARROW, DRAW_MIDDLE, DRAW_WIDE};
	struct random r = {1};
	int64_t count = 0;

	(void)state;
	for (int s = 0; s < 3; s++) {
		int64_t sum = 0;
		for (int i = 0; i < 100000; i++)
			sum += draw_factor(&r, spreads[s], 0);
		assert_in_range(sum / 100000, 970, 1030);
	}
	for (int i = 0; i < 100000; i++)
		count += draw_count(&r, 250);
	assert_in_range(count, 243000, 257000);
	assert_true(draw_factor(&r, DRAW_FIXED, 5) == draw_factor(&r, DRAW_FIXED, 5));
}

static void rounding_never_gives_nothing(void **state)
{
	struct random r = {2};

	(void)state;
	for (int64_t amount = 1; amount < 100000000; amount = amount * 3 + 1)
		for (int rounding = DRAW_CENT; rounding <= DRAW_MIXED; rounding++) {
			int64_t rounded = draw_round(&r, amount, (enum draw_rounding)rounding);
			assert_true(rounded > 0 && rounded <= amount);
		}
	assert_int_equal(draw_round(&r, 123456, DRAW_HUNDRED), 120000);
}

static int32_t day(int year, int month, int of_month)
{
	int32_t day_r = 0;

	assert_true(instant_day_of(year, month, of_month, &day_r));
	return day_r;
}

static void what_is_due_on_a_free_day_is_paid_on_the_next_workday(void **state)
{
	struct calendar_day c;

	(void)state;
	assert_false(calendar_workday(day(2026, 1, 10))); /* a Saturday */
	calendar_day_init(&c, day(2026, 1, 10));
	assert_int_equal(c.due, 0);
	calendar_day_init(&c, day(2026, 1, 12));
	assert_true(calendar_due(&c, 10) && calendar_due(&c, 11) && calendar_due(&c, 12) && !calendar_due(&c, 13));
	calendar_day_init(&c, day(2026, 2, 24)); /* after the Spring Festival */
	assert_true(calendar_due(&c, 15) && calendar_due(&c, 23) && calendar_due(&c, 24));
	assert_false(calendar_due(&c, 25));
	assert_false(calendar_workday(day(2031, 10, 1)));
}

/* Each due day of a year is paid exactly once. */
static void every_due_day_comes_once(void **state)
{
	int paid[CALENDAR_DUE_LAST + 1] = {0};

	(void)state;
	for (int32_t d = day(2026, 1, 1); d < day(2027, 1, 4); d++) {
		struct calendar_day c;
		calendar_day_init(&c, d);
		for (int i = 1; i <= CALENDAR_DUE_LAST; i++)
			paid[i] += calendar_due(&c, i);
	}
	for (int i = 4; i <= CALENDAR_DUE_LAST; i++)
		assert_int_equal(paid[i], 12);
}

static int by_key(const void *a, const void *b)
{
	const struct agenda_key *x = a, *y = b;

	if (x->ms != y->ms)
		return x->ms < y->ms ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* The radix sort against the library's sort with the order of planning as a second key. */
static void the_days_order_agrees_with_a_plain_sort(void **state)
{
	enum { COUNT = 50000 };
	struct agenda_key *plain = calloc(COUNT, sizeof(*plain));
	struct agenda agenda = {.count = 0};
	struct random r = {3};

	(void)state;
	for (int round = 0; round < 3; round++) {
		agenda_clear(&agenda);
		for (uint32_t i = 0; i < COUNT; i++) {
			uint32_t ms = random_below(&r, round == 0 ? 50 : INSTANT_DAY_MS);
			plain[i] = (struct agenda_key){ms, i};
			agenda_add(&agenda, &(struct agenda_event){.ms = ms, .member = i});
		}
		agenda_sort(&agenda);
		qsort(plain, COUNT, sizeof(*plain), by_key);
		for (uint32_t i = 0; i < COUNT; i++) {
			assert_int_equal(agenda_peek(&agenda)->member, plain[i].index);
			agenda_take(&agenda);
		}
		assert_null(agenda_peek(&agenda));
	}
	agenda_deinit(&agenda);
	free(plain);
}

/* I8: a day has a bound, and what is beyond it is counted. */
static void a_full_day_counts_what_it_leaves_out(void **state)
{
	struct agenda agenda = {.count = AGENDA_EVENTS_MAX};

	(void)state;
	agenda_add(&agenda, &(struct agenda_event){.ms = 1});
	agenda_add(&agenda, &(struct agenda_event){.ms = 2});
	assert_int_equal(agenda.count, AGENDA_EVENTS_MAX);
	assert_int_equal(agenda.left_out, 2);
}

static void lookalikes_differ_a_little(void **state)
{
	int trades_seen = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 500; seed++) {
		char name[NAMES_FIRM_BYTES], like[NAMES_FIRM_BYTES];
		struct put n = put_begin(name, sizeof(name)), l = put_begin(like, sizeof(like));
		size_t a, b;
		names_firm(seed, PLACE_359900, &trades[seed % (uint64_t)trade_count], &n);
		names_lookalike(seed, put_end(&n), &l);
		a = utf8_count(slice_of(name));
		b = utf8_count(slice_of(like));
		assert_true(utf8_valid(like, strlen(like)));
		assert_true(a <= b + 2 && b <= a + 2);
		trades_seen += strcmp(name, like) != 0;
	}
	assert_in_range(trades_seen, 490, 500);
}

static void placeholders_are_filled(void **state)
{
	struct enterprise e = {.name = "云桥甲商贸有限公司", .owner = "王小明"};
	struct calendar_day today;
	struct text_context context = {&e, slice_of("乙公司"), &today};
	struct random r = {4};
	char text[TEXT_BYTES];
	struct put p = put_begin(text, sizeof(text));

	(void)state;
	calendar_day_init(&today, day(2026, 5, 6));
	text_expand(slice_of("{title} {m}月 {y}Q{q} {d} {name}/{own} {boss}{nothing}{"), &context, &r, &p);
	assert_string_equal(text, "王总 5月 2026Q2 0506 乙公司/云桥甲商贸有限公司 王小明{");
}

static void a_disguised_text_keeps_its_characters(void **state)
{
	struct random r = {5};

	(void)state;
	for (int i = 0; i < 200; i++) {
		char text[TEXT_BYTES] = "安全账户保证金与更多的字";
		text_disguise(&r, text);
		assert_true(utf8_valid(text, strlen(text)));
		assert_true(utf8_count(slice_of(text)) >= 12 + 7);
		assert_non_null(strstr(text, "安"));
		assert_non_null(strstr(text, "与更多的字"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bank_codes_and_usccs_check),
		cmocka_unit_test(cards_pass_luhn),
		cmocka_unit_test(accounts_and_addresses_of_a_population_differ),
		cmocka_unit_test(draws_have_the_mean_that_they_promise),
		cmocka_unit_test(rounding_never_gives_nothing),
		cmocka_unit_test(what_is_due_on_a_free_day_is_paid_on_the_next_workday),
		cmocka_unit_test(every_due_day_comes_once),
		cmocka_unit_test(the_days_order_agrees_with_a_plain_sort),
		cmocka_unit_test(a_full_day_counts_what_it_leaves_out),
		cmocka_unit_test(lookalikes_differ_a_little),
		cmocka_unit_test(placeholders_are_filled),
		cmocka_unit_test(a_disguised_text_keeps_its_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
