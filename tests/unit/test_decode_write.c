/*
 * Reading a written line gives the same transaction, for random ones with every field there or not, and the
 * written line of that is the same again. Rejections are JSON lines too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "tests/unit/decode_fixture.h"

enum { ROUNDS = 5000 };

static struct arena texts;

/* Up to `most` characters of all kinds that a text may hold: controls, quotes, two to four bytes. */
static struct slice random_text(uint32_t least, uint32_t most)
{
	static const uint32_t bounds[] = {0x20, 0x80, 0x800, 0xD800, 0x10000, 0x110000};
	static const char often[] = "\"\\/\b\f\n\r\t\x7F";
	uint32_t count =
				 least + decode_random(decode_random(4) == 0 ? most - least + 1 : (most - least) / 8 + 1),
			 length = 0;
	char *at = arena_take(&texts, (size_t)most * 4 + 1);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t point = decode_random(bounds[decode_random(6)] - 1) + 1;
		if (decode_random(4) == 0)
			point = (unsigned char)often[decode_random(sizeof(often) - 1)];
		if (point >= 0xD800 && point < 0xE000)
			point = 0x4E00;
		length += (uint32_t)utf8_put(point, at + length);
	}
	return (struct slice){at, length};
}

static struct slice random_of(const char *const *words, uint32_t count)
{
	return slice_of(words[decode_random(count)]);
}

static int64_t random_wide(void)
{
	uint64_t wide = (uint64_t)decode_random(UINT32_MAX) << 32 | decode_random(UINT32_MAX);

	return (int64_t)(wide >> decode_random(63));
}

/* From the first moment that a message can name to the last. */
static int64_t random_ms(void)
{
	static const int64_t edges[] = {INT64_C(946684800000) - 14 * INSTANT_HOUR_MS, INT64_C(946684799999),
	                                INT64_C(946684800000), INT64_C(4102444799999), INT64_C(4102444800000),
	                                INT64_C(4102444800000) + 12 * INSTANT_HOUR_MS - 1};

	if (decode_random(20) == 0)
		return edges[decode_random(6)];
	return edges[0] + (int64_t)(((uint64_t)decode_random(UINT32_MAX) << 10) % (uint64_t)(edges[5] - edges[0]));
}

static void random_codes(struct tx *tx)
{
	static const char *const banks[] = {"102100099996", "308584000013", "000000000000"};
	static const char *const companies[] = {"91350100M000100Y43", "91110000101623741K", "000000000000000000"};
	static const char *const countries[] = {"CN", "HK", "GB", "ZW", "AD"};

	tx->bank = random_of(banks, 3);
	if (decode_random(2) == 0)
		tx->enterprise = random_of(companies, 3);
	if (decode_random(2) == 0)
		tx->counterparty.country = random_of(countries, 5);
	if (decode_random(2) == 0)
		tx->place = slice_of("350100");
}

static void random_numbers(struct tx *tx)
{
	tx->direction = (uint8_t)(1 + decode_random(2));
	tx->status = (uint8_t)(1 + decode_random(4));
	tx->channel = (uint8_t)decode_random(10);
	tx->counterparty.kind = (uint8_t)decode_random(6);
	do
		tx->currency = (uint8_t)decode_random(200);
	while (tx->currency > 0 && money_currency(tx->currency) == money_currency(MONEY_CNY));
	tx->amount_minor = random_wide();
	tx->amount_minor += tx->amount_minor == 0;
	tx->booked_ms = random_ms();
	if (decode_random(2) == 0)
		tx->balance_minor = decode_random(2) == 0 ? random_wide() : -random_wide();
	if (decode_random(2) == 0)
		tx->credential_ms = random_ms();
	if (decode_random(2) == 0)
		tx->opened_day = (int32_t)decode_random(73049) - 25567;
}

static void random_tx(struct tx *tx)
{
	tx_init(tx);
	random_numbers(tx);
	random_codes(tx);
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++) {
		const struct tx_field_info *info = &tx_fields[field];
		bool wanted = field == TX_ID_FIELD || field == TX_ACCOUNT_FIELD ||
		              (field == TX_REVERSES_FIELD && tx->status == TX_REVERSED);
		bool free_text = field != TX_BANK_FIELD && field != TX_ENTERPRISE_FIELD &&
		                 field != TX_PARTY_COUNTRY_FIELD && field != TX_PLACE_FIELD;
		if (info->type == TX_TYPE_TEXT && free_text && (wanted || decode_random(2) == 0))
			*(struct slice *)(void *)((char *)tx + info->offset) = random_text(wanted, info->characters_max);
	}
}

static void assert_same(const struct tx *a, const struct tx *b)
{
	assert_int_equal(a->booked_ms, b->booked_ms);
	assert_int_equal(a->amount_minor, b->amount_minor);
	assert_int_equal(a->balance_minor, b->balance_minor);
	assert_int_equal(a->credential_ms, b->credential_ms);
	assert_int_equal(a->opened_day, b->opened_day);
	assert_int_equal(a->direction, b->direction);
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->channel, b->channel);
	assert_int_equal(a->currency, b->currency);
	assert_int_equal(a->counterparty.kind, b->counterparty.kind);
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++)
		if (tx_fields[field].type == TX_TYPE_TEXT && !slice_equal(tx_text(a, field), tx_text(b, field)))
			fail_msg("%s differs", tx_fields[field].name);
}

static void a_written_line_reads_as_the_same_transaction(void **state)
{
	struct arena lines;
	struct tx tx;

	(void)state;
	fixture_begin("json", "");
	arena_init(&texts, 64 << 20);
	arena_init(&lines, 64 << 20);
	for (int i = 0; i < ROUNDS; i++) {
		struct slice line, again;
		random_tx(&tx);
		line = decode_write_tx(&tx, &lines);
		if (fixture_decode(line.at, line.length, false) == -1)
			fail_msg("%s: %.*s", fixture.reject.reason, SLICE_PRINT(line));
		assert_same(&fixture.txs[0], &tx);
		again = decode_write_tx(&fixture.txs[0], &lines);
		assert_true(slice_equal(line, again));
		arena_reset(&lines);
		arena_reset(&texts);
	}
	assert_int_equal(counter_sum(COUNT_TXS), ROUNDS);
	assert_int_equal(counter_sum(COUNT_TX_CUT_TEXT), 0);
	arena_deinit(&lines);
	arena_deinit(&texts);
	fixture_end();
}

static void the_longest_transaction_can_be_written(void **state)
{
	char control[513];
	struct arena lines;
	struct slice line;
	struct tx tx;

	(void)state;
	memset(control, 1, sizeof(control));
	tx_init(&tx);
	tx.direction = tx.status = tx.channel = tx.counterparty.kind = 1;
	tx.amount_minor = tx.balance_minor = INT64_MIN + 1;
	tx.booked_ms = tx.credential_ms = 0;
	tx.opened_day = 0;
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++)
		if (tx_fields[field].type == TX_TYPE_TEXT)
			*(struct slice *)(void *)((char *)&tx + tx_fields[field].offset) =
				(struct slice){control, tx_fields[field].characters_max};
	arena_init(&lines, 1 << 20);
	line = decode_write_tx(&tx, &lines);
	assert_true(line.length > 6 * 1500);
	assert_int_equal(line.at[line.length - 1], '\n');
	arena_deinit(&lines);
}

static void a_rejection_is_a_line_too(void **state)
{
	struct slice line;

	(void)state;
	fixture_begin("json", "");
	assert_int_equal(fixture_decode_text(quoted("{'id':''}")), -1);
	line = decode_write_reject("a\"b.jsonl@3", &fixture.reject, &fixture.arena);
	assert_true(slice_is(line, "{\"source\":\"a\\\"b.jsonl@3\",\"field\":\"id\",\"reason\":\"id: is empty; "
	                           "expected 1 to 64 characters, the bank's id of the booking\"}\n"));
	assert_int_equal(fixture_decode_text("[]"), -1);
	line = decode_write_reject("x@1", &fixture.reject, &fixture.arena);
	assert_true(
		slice_is(line,
	             "{\"source\":\"x@1\",\"field\":null,\"reason\":\"message: is an array; expected one JSON "
	             "object\"}\n"));
	fixture_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_written_line_reads_as_the_same_transaction),
		cmocka_unit_test(the_longest_transaction_can_be_written),
		cmocka_unit_test(a_rejection_is_a_line_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
