/*
 * A row of the police export → a transaction (csv34_columns.def says which column becomes what).
 *
 * Personal identity numbers tell the kind of a counterparty and are left behind here: they are in no
 * transaction, no id and no reason.
 */
#include "decode/csv34_row.h"

#include <stdio.h>
#define XXH_INLINE_ALL /* the streaming state on the stack */
#include <xxhash.h>

#include "decode/csv34_values.h"
#include "decode/tx_build.h"

const char *const csv34_column_names[COLUMN_COUNT] = {
#define COLUMN(symbol, name, use) [COLUMN_##symbol] = name,
#include "decode/csv34_columns.def"
#undef COLUMN
};

enum { ROW_ID_BYTES = 4 + 32 + 1 };

/* Works on one row. Each of the functions below takes one matter of it and returns 0 or -1 (rejected). */
struct taking {
	struct decode_context *context;
	struct tx_build build;
	const struct csv34_row *row;
};

static struct slice cell(const struct taking *t, enum csv34_column column)
{
	return t->row->cells[column];
}

/* The first of two columns that says something. */
static struct slice either(const struct taking *t, enum csv34_column first, enum csv34_column second)
{
	return cell(t, first).length > 0 ? cell(t, first) : cell(t, second);
}

static int refuse(struct taking *t, enum tx_field field, enum csv34_column column, const char *expected)
{
	if (cell(t, column).length == 0)
		return tx_build_reject(t->context, tx_fields[field].name, (struct slice){0},
		                       "is missing: %s is empty; expected %s", csv34_column_names[column],
		                       expected);
	return tx_build_reject(t->context, tx_fields[field].name, cell(t, column),
	                       "in %s is not allowed; expected %s", csv34_column_names[column], expected);
}

static int refuse_size(struct taking *t)
{
	return tx_build_reject(t->context, "", (struct slice){0}, "is too large; send it in smaller messages");
}

/*
 * "row-" and a hash of what the row says, whatever its encoding and order of columns; without the personal
 * numbers. Two rows alike in everything get one id, and the second counts as a duplicate.
 */
static int take_row_id(struct taking *t)
{
	XXH3_state_t state;
	XXH128_hash_t hash;
	char *id = arena_take(&t->context->arena, ROW_ID_BYTES);

	if (id == NULL)
		return refuse_size(t);
	XXH3_INITSTATE(&state);
	XXH3_128bits_reset(&state);
	for (enum csv34_column column = 0; column < COLUMN_COUNT; column++) {
		struct slice text = cell(t, column);
		if (column == COLUMN_HOLDER_ID || column == COLUMN_PARTY_ID)
			continue;
		XXH3_128bits_update(&state, &text.length, sizeof(text.length));
		XXH3_128bits_update(&state, text.at, text.length);
	}
	hash = XXH3_128bits_digest(&state);
	snprintf(id, ROW_ID_BYTES, "row-%016llx%016llx", (unsigned long long)hash.high64,
	         (unsigned long long)hash.low64);
	return tx_build_set(&t->build, TX_ID_FIELD, (struct slice){id, ROW_ID_BYTES - 1});
}

static int take_id(struct taking *t)
{
	struct slice id = either(t, COLUMN_SERIAL, COLUMN_LOG_NUMBER);

	return id.length > 0 ? tx_build_set(&t->build, TX_ID_FIELD, id) : take_row_id(t);
}

static int take_bank(struct taking *t)
{
	struct slice branch = cell(t, COLUMN_BRANCH);

	if (t->context->bank.length > 0)
		return tx_build_set(&t->build, TX_BANK_FIELD, t->context->bank);
	if (ident_bank_checks(branch))
		return tx_build_set(&t->build, TX_BANK_FIELD, branch);
	return refuse(t, TX_BANK_FIELD, COLUMN_BRANCH,
	              "the feed's setting `bank:` (or --bank), or a bank code of 12 digits "
	              "with a right check digit");
}

static int take_account(struct taking *t)
{
	struct slice account = either(t, COLUMN_ACCOUNT, COLUMN_CARD);

	if (account.length == 0)
		return refuse(t, TX_ACCOUNT_FIELD, COLUMN_ACCOUNT, "an account number there or in 交易卡号");
	return tx_build_set(&t->build, TX_ACCOUNT_FIELD, account) == -1 ||
	       tx_build_set(&t->build, TX_ACCOUNT_NAME_FIELD, cell(t, COLUMN_HOLDER)) == -1 ? -1 : 0;
}

static int take_enterprise(struct taking *t)
{
	struct slice number = cell(t, COLUMN_HOLDER_ID);

	if (number.length > 0 && csv34_holder_kind(number) == TX_PERSON) {
		tx_build_aside(&t->build, TX_ENTERPRISE_FIELD);
		return 0;
	}
	return tx_build_set(&t->build, TX_ENTERPRISE_FIELD, number);
}

/* 收付标志 decides; where it is empty, the sign does; where both speak they must agree. */
static int take_direction(struct taking *t, char sign)
{
	struct slice flag = cell(t, COLUMN_FLAG);
	uint8_t by_sign = sign == '-' ? TX_DEBIT : sign == '+' ? TX_CREDIT : TX_DIRECTION_NONE;
	uint8_t direction = flag.length > 0 ? csv34_direction(flag) : by_sign;

	if (direction == TX_DIRECTION_NONE)
		return refuse(t, TX_DIRECTION_FIELD, COLUMN_FLAG, "进, 出, 借, 贷, D or C, or a sign before 交易金额");
	if (by_sign == TX_DEBIT && direction == TX_CREDIT)
		return refuse(t, TX_DIRECTION_FIELD, COLUMN_FLAG, "出 beside a negative 交易金额");
	tx_build_word(&t->build, TX_DIRECTION_FIELD, direction);
	return 0;
}

static int take_amount(struct taking *t)
{
	char sign = '\0';
	struct slice amount;

	if (!csv34_amount(cell(t, COLUMN_AMOUNT), &t->context->arena, &sign, &amount))
		return refuse(t, TX_AMOUNT_FIELD, COLUMN_AMOUNT,
		              "digits with an optional point, commas only between thousands");
	if (take_direction(t, sign) == -1)
		return -1;
	return tx_build_set(&t->build, TX_AMOUNT_FIELD, amount);
}

static int take_balance(struct taking *t)
{
	struct slice balance = cell(t, COLUMN_BALANCE), size;
	char sign, *copy;

	if (balance.length == 0)
		return 0;
	if (!csv34_amount(balance, &t->context->arena, &sign, &size)) {
		tx_build_aside(&t->build, TX_BALANCE_FIELD);
		return 0;
	}
	if (sign != '-')
		return tx_build_set(&t->build, TX_BALANCE_FIELD, size);
	copy = arena_take(&t->context->arena, (size_t)size.length + 1);
	if (copy == NULL)
		return refuse_size(t);
	copy[0] = '-';
	memcpy(copy + 1, size.at, size.length);
	return tx_build_set(&t->build, TX_BALANCE_FIELD, (struct slice){copy, size.length + 1});
}

static int take_currency(struct taking *t)
{
	struct slice text = cell(t, COLUMN_CURRENCY);
	int currency = text.length > 0 ? csv34_currency(text) : -1;

	if (text.length == 0)
		return 0;
	if (currency < 0)
		return refuse(t, TX_CURRENCY_FIELD, COLUMN_CURRENCY,
		              "CNY, RMB, 156, 人民币 or another currency's ISO 4217 code");
	tx_build_word(&t->build, TX_CURRENCY_FIELD, (uint8_t)currency);
	return 0;
}

static int take_time_and_status(struct taking *t)
{
	struct slice success = cell(t, COLUMN_SUCCESS);
	uint8_t status = success.length > 0 ? csv34_status(success) : TX_BOOKED;
	int64_t booked_ms;

	if (!csv34_time(cell(t, COLUMN_TIME), &booked_ms))
		return refuse(t, TX_BOOKED_AT_FIELD, COLUMN_TIME,
		              "yyyyMMddHHmmss or 2026-03-02 09:15:04, 2000 to 2099, China time");
	tx_build_booked(&t->build, booked_ms);
	if (status == TX_STATUS_NONE)
		return refuse(t, TX_STATUS_FIELD, COLUMN_SUCCESS, "成功, 失败, 1, 0, 是, 否, 00 or 01");
	tx_build_word(&t->build, TX_STATUS_FIELD, status);
	return 0;
}

static int take_party(struct taking *t)
{
	struct slice bank = cell(t, COLUMN_PARTY_BANK), number = cell(t, COLUMN_PARTY_ID);

	if (number.length > 0)
		tx_build_word(&t->build, TX_PARTY_KIND_FIELD, csv34_holder_kind(number));
	if (csv34_is_bank_code(bank) && tx_build_set(&t->build, TX_PARTY_BANK_FIELD, bank) == -1)
		return -1;
	if (tx_build_set(&t->build, TX_PARTY_NAME_FIELD, either(t, COLUMN_PARTY_NAME, COLUMN_MERCHANT_NAME)) == -1)
		return -1;
	return tx_build_set(&t->build, TX_PARTY_ACCOUNT_FIELD, cell(t, COLUMN_PARTY_ACCOUNT));
}

static bool is_place_code(struct slice text)
{
	uint32_t digits = 0;

	for (uint32_t i = 0; i < text.length; i++)
		digits += text.at[i] >= '0' && text.at[i] <= '9';
	return text.length == 6 && digits == 6;
}

/* Texts that need no reading; each is cut at its limit. */
static int take_rest(struct taking *t)
{
	static const struct {
		enum tx_field field;
		enum csv34_column column;
	} texts[] = {
		{TX_PURPOSE_FIELD, COLUMN_SUMMARY}, {TX_REMARK_FIELD, COLUMN_REMARK}, {TX_IP_FIELD, COLUMN_IP},
		{TX_MAC_FIELD, COLUMN_MAC},         {TX_TERMINAL_FIELD, COLUMN_TERMINAL},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (tx_build_set(&t->build, texts[i].field, cell(t, texts[i].column)) == -1)
			return -1;
	tx_build_word(&t->build, TX_CHANNEL_FIELD, csv34_channel(cell(t, COLUMN_TYPE), cell(t, COLUMN_CASH)));
	return is_place_code(cell(t, COLUMN_PLACE))
	           ? tx_build_set(&t->build, TX_PLACE_FIELD, cell(t, COLUMN_PLACE))
	           : 0;
}

int csv34_row_take(struct decode_context *context, const struct csv34_row *row)
{
	static int (*const matters[])(struct taking *) = {
		take_id, take_bank, take_account, take_enterprise, take_amount, take_currency, take_balance,
		take_time_and_status, take_party, take_rest,
	};
	struct taking t = {.context = context, .row = row};

	if (tx_build_begin(&t.build, context) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(matters) / sizeof(matters[0]); i++)
		if (matters[i](&t) == -1)
			return -1;
	return tx_build_end(&t.build);
}
