/* The table of fields, and slices. */
#include "base/tx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/money.h"

static void a_new_transaction_is_absent_everywhere(void **state)
{
	struct tx tx;

	(void)state;
	memset(&tx, 0x55, sizeof(tx));
	tx_init(&tx);
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++) {
		const void *member = (const char *)&tx + tx_fields[field].offset;
		switch (tx_fields[field].type) {
		case TX_TYPE_TEXT: assert_int_equal(tx_text(&tx, field).length, 0); break;
		case TX_TYPE_DATE: assert_int_equal(*(const int32_t *)member, TX_DAY_ABSENT); break;
		case TX_TYPE_TIME: assert_true(*(const int64_t *)member == TX_ABSENT); break;
		case TX_TYPE_MONEY:
			assert_true(*(const int64_t *)member == (field == TX_AMOUNT_FIELD ? 0 : TX_ABSENT));
			break;
		case TX_TYPE_WORD:
			assert_string_equal(tx_word_name(field, &tx), field == TX_STATUS_FIELD     ? "booked"
			                                              : field == TX_CURRENCY_FIELD ? "CNY"
			                                                                           : "");
		}
	}
}

static void every_field_is_found_by_its_name(void **state)
{
	(void)state;
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++)
		assert_int_equal(tx_field_find(slice_of(tx_fields[field].name)), field);
	assert_int_equal(tx_field_find(slice_of("name")), TX_FIELD_COUNT);
	assert_int_equal(tx_field_find(slice_of("")), TX_FIELD_COUNT);
	assert_int_equal(tx_field_find(slice_of("counterparty")), TX_FIELD_COUNT);
}

/* Words and numbers belong together in both directions, and the enums name the right words. */
static void words(void **state)
{
	struct tx tx;

	(void)state;
	tx_init(&tx);
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++) {
		const char *const *list = tx_words(field);
		for (uint8_t i = 0; list != NULL && list[i] != NULL; i++) {
			struct slice and_its_zero = {list[i], (uint32_t)strlen(list[i]) + 1};
			assert_int_equal(tx_word_find(field, slice_of(list[i])), i + 1);
			assert_int_equal(tx_word_find(field, and_its_zero), 0);
			assert_true(strlen(list[i]) <= tx_fields[field].characters_max);
			*((uint8_t *)&tx + tx_fields[field].offset) = i + 1;
			assert_string_equal(tx_word_name(field, &tx), list[i]);
		}
	}
	assert_int_equal(tx_word_find(TX_DIRECTION_FIELD, slice_of("credit")), TX_CREDIT);
	assert_int_equal(tx_word_find(TX_STATUS_FIELD, slice_of("reversed")), TX_REVERSED);
	assert_int_equal(tx_word_find(TX_PARTY_KIND_FIELD, slice_of("unknown")), TX_UNKNOWN);
	assert_int_equal(tx_word_find(TX_CHANNEL_FIELD, slice_of("other")), TX_OTHER);
	assert_int_equal(tx_word_find(TX_CHANNEL_FIELD, slice_of("Online")), 0);
	assert_int_equal(tx_word_find(TX_CHANNEL_FIELD, slice_of("")), 0);
	assert_int_equal(tx_word_find(TX_CHANNEL_FIELD, (struct slice){0}), 0);
	assert_int_equal(tx_word_find(TX_ID_FIELD, slice_of("debit")), 0);
}

static void slices(void **state)
{
	struct slice none = {0};

	(void)state;
	assert_true(slice_equal(none, slice_of("")));
	assert_false(slice_equal(none, slice_of("a")));
	assert_true(slice_compare(slice_of("a"), slice_of("b")) < 0);
	assert_true(slice_compare(slice_of("ab"), slice_of("a")) > 0);
	assert_true(slice_compare(slice_of("\xE4"), slice_of("z")) > 0);
	assert_int_equal(slice_compare(none, slice_of("")), 0);
	assert_true(slice_is(slice_trim(slice_of(" \t\r\na b \n")), "a b"));
	assert_int_equal(slice_trim(slice_of(" \t")).length, 0);
	assert_int_equal(slice_trim(none).length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_transaction_is_absent_everywhere),
		cmocka_unit_test(every_field_is_found_by_its_name),
		cmocka_unit_test(words),
		cmocka_unit_test(slices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
