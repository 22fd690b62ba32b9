/*
 * One transaction under the contract's rules, field by field (contract.md section 1).
 *
 * Each field has one of three fates when its text breaks its rule: the message is rejected, the field is
 * set aside, or the text is cut (tx_fields.def says which). Nothing is copied but what has to be raised to
 * upper case.
 */
#include "decode/tx_build.h"

#include <assert.h>

#include "base/counters.h"
#include "base/ident.h"
#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "decode/country.h"

/* The switch over the fields only jumps to these: inlined, it would save registers for all of them, twenty times a
 * transaction. */
#define APART __attribute__((noinline))

static const char *expected(enum tx_field field)
{
	switch (field) {
	case TX_ID_FIELD: return "1 to 64 characters, the bank's id of the booking";
	case TX_BANK_FIELD: return "the 12 digits of a bank code";
	case TX_ACCOUNT_FIELD: return "1 to 34 characters";
	case TX_DIRECTION_FIELD: return "debit or credit";
	case TX_AMOUNT_FIELD: return "digits with an optional point, above 0";
	case TX_CURRENCY_FIELD: return "a code of ISO 4217 in upper case, such as CNY";
	case TX_BOOKED_AT_FIELD:
		return "an RFC 3339 time with its offset, 2000 to 2099, such as 2026-03-02T09:15:04+08:00";
	case TX_STATUS_FIELD: return "booked, pending, failed or reversed";
	case TX_REVERSES_FIELD: return "1 to 64 characters, the id of the booking that is taken back";
	default: return "another value";
	}
}

static int reject_wrong(struct tx_build *build, enum tx_field field, struct slice value)
{
	return tx_build_reject(build->context, tx_fields[field].name, value, "is not allowed; expected %s",
	                       expected(field));
}

static struct decode_tally *tally(struct tx_build *build)
{
	build->context->tally.any = true;
	return &build->context->tally;
}

void tx_build_aside(struct tx_build *build, enum tx_field field)
{
	tally(build)->aside[field]++;
}

static int aside(struct tx_build *build, enum tx_field field)
{
	tx_build_aside(build, field);
	return 0;
}

static struct slice *text_of(struct tx_build *build, enum tx_field field)
{
	return (struct slice *)(void *)((char *)build->tx + tx_fields[field].offset);
}

static bool too_long(enum tx_field field, struct slice value)
{
	uint32_t most = tx_fields[field].characters_max;

	return value.length > most && utf8_count(value) > most;
}

/* A text whose only rule is its length. */
static APART int set_long_text(struct tx_build *build, enum tx_field field, struct slice value)
{
	enum tx_when_wrong when_wrong = tx_fields[field].when_wrong;
	struct slice cut;

	if (when_wrong != TX_WRONG_CUT && too_long(field, value))
		return when_wrong == TX_WRONG_REJECT ? reject_wrong(build, field, value) : aside(build, field);
	cut = when_wrong == TX_WRONG_CUT ? utf8_cut(value, tx_fields[field].characters_max) : value;
	if (cut.length < value.length)
		tally(build)->cut++;
	*text_of(build, field) = cut;
	return 0;
}

/* So many bytes are at most so many characters. */
static inline int set_text(struct tx_build *build, enum tx_field field, struct slice value)
{
	if (__builtin_expect(value.length > tx_fields[field].characters_max, 0))
		return set_long_text(build, field, value);
	*text_of(build, field) = value;
	return 0;
}

static APART int set_bank(struct tx_build *build, struct slice value)
{
	enum ident_verdict verdict = ident_bank_judge(value);

	if (verdict == IDENT_NONE)
		return reject_wrong(build, TX_BANK_FIELD, value);
	if (verdict == IDENT_UNCHECKED)
		tally(build)->bank_check++;
	build->tx->bank = value;
	return 0;
}

/* Other codes than the 12 digits are in use here (14 digits, BIC), and those have no check that is known. */
static APART int set_party_bank(struct tx_build *build, struct slice value)
{
	if (ident_bank_judge(value) == IDENT_UNCHECKED)
		tally(build)->bank_check++;
	return set_text(build, TX_PARTY_BANK_FIELD, value);
}

/* A copy of `value` in upper case; `value` itself where the arena is full, which rejects the message at its
 * end. */
static struct slice raise_case(struct tx_build *build, struct slice value)
{
	char *copy = arena_take(&build->context->arena, value.length);

	if (copy == NULL)
		return value;
	for (uint32_t i = 0; i < value.length; i++)
		copy[i] = (char)(value.at[i] >= 'a' && value.at[i] <= 'z' ? value.at[i] - ('a' - 'A') : value.at[i]);
	return (struct slice){copy, value.length};
}

static APART int set_enterprise(struct tx_build *build, struct slice value)
{
	enum ident_verdict verdict = ident_uscc_judge(value);

	if (verdict == IDENT_NONE && value.length == IDENT_USCC_LENGTH) {
		value = raise_case(build, value);
		verdict = ident_uscc_judge(value);
		if (verdict != IDENT_NONE)
			tally(build)->raised++;
	}
	if (verdict == IDENT_NONE)
		return aside(build, TX_ENTERPRISE_FIELD);
	if (verdict == IDENT_UNCHECKED)
		tally(build)->uscc_check++;
	build->tx->enterprise = value;
	return 0;
}

static APART int set_country(struct tx_build *build, struct slice value)
{
	bool known = country_known(value);

	if (!known && value.length == 2) {
		value = raise_case(build, value);
		known = country_known(value);
		if (known)
			tally(build)->raised++;
	}
	if (!known)
		return aside(build, TX_PARTY_COUNTRY_FIELD);
	build->tx->counterparty.country = value;
	return 0;
}

static APART int set_place(struct tx_build *build, struct slice value)
{
	if (value.length != 6)
		return aside(build, TX_PLACE_FIELD);
	for (uint32_t i = 0; i < value.length; i++)
		if (value.at[i] < '0' || value.at[i] > '9')
			return aside(build, TX_PLACE_FIELD);
	build->tx->place = value;
	return 0;
}

static APART int set_word(struct tx_build *build, enum tx_field field, struct slice value)
{
	uint8_t number = tx_word_find(field, value);

	if (number > 0) {
		tx_build_word(build, field, number);
		return 0;
	}
	return tx_fields[field].when_wrong == TX_WRONG_REJECT ? reject_wrong(build, field, value)
	                                                      : aside(build, field);
}

static APART int set_currency(struct tx_build *build, struct slice value)
{
	int currency = money_currency_find(value);

	if (currency < 0)
		return reject_wrong(build, TX_CURRENCY_FIELD, value);
	build->tx->currency = (uint8_t)currency;
	return 0;
}

static APART int set_booked_at(struct tx_build *build, struct slice value)
{
	return instant_parse(value, &build->tx->booked_ms) ? 0 : reject_wrong(build, TX_BOOKED_AT_FIELD, value);
}

static APART int set_opened_on(struct tx_build *build, struct slice value)
{
	return instant_parse_date(value, &build->tx->opened_day) ? 0 : aside(build, TX_OPENED_ON_FIELD);
}

/* A date means the beginning of that day in China, in the same years as a time. */
static APART int set_credential(struct tx_build *build, struct slice value)
{
	int32_t day;

	if (instant_parse(value, &build->tx->credential_ms))
		return 0;
	if (!instant_parse_date(value, &day) || value.at[0] < '2')
		return aside(build, TX_CREDENTIAL_FIELD);
	build->tx->credential_ms = instant_of(day, 0, 0, 0, 0, INSTANT_CHINA_MS);
	return 0;
}

int tx_build_begin(struct tx_build *build, struct decode_context *context)
{
	if (context->tx_count - context->message_first >= DECODE_TX_MAX) {
		if (!context->silent)
			count(COUNT_BATCH_FULL);
		return tx_build_reject(context, "", (struct slice){0}, "holds more than %d transactions; send fewer in one",
		                       DECODE_TX_MAX);
	}
	assert(context->tx_count < DECODE_HELD_TX_MAX);
	*build = (struct tx_build){.context = context, .tx = &context->txs[context->tx_count]};
	tx_init(build->tx);
	return 0;
}

static APART int set_empty(struct tx_build *build, enum tx_field field)
{
	switch (field) {
	case TX_ID_FIELD:
	case TX_BANK_FIELD:
	case TX_ACCOUNT_FIELD:
	case TX_DIRECTION_FIELD:
	case TX_AMOUNT_FIELD:
	case TX_BOOKED_AT_FIELD:
		return tx_build_reject(build->context, tx_fields[field].name, (struct slice){0}, "is empty; expected %s",
		                       expected(field));
	default:
		return 0;
	}
}

int tx_build_set(struct tx_build *build, enum tx_field field, struct slice value)
{
	if (value.length == 0)
		return set_empty(build, field);
	switch (field) {
	case TX_DIRECTION_FIELD:
	case TX_STATUS_FIELD:
	case TX_PARTY_KIND_FIELD:
	case TX_CHANNEL_FIELD:
		return set_word(build, field, value);
	case TX_AMOUNT_FIELD:
		build->amount = value;
		return 0;
	case TX_BALANCE_FIELD:
		build->balance = value;
		return 0;
	case TX_BANK_FIELD: return set_bank(build, value);
	case TX_ENTERPRISE_FIELD: return set_enterprise(build, value);
	case TX_OPENED_ON_FIELD: return set_opened_on(build, value);
	case TX_CURRENCY_FIELD: return set_currency(build, value);
	case TX_BOOKED_AT_FIELD: return set_booked_at(build, value);
	case TX_PARTY_BANK_FIELD: return set_party_bank(build, value);
	case TX_PARTY_COUNTRY_FIELD: return set_country(build, value);
	case TX_PLACE_FIELD: return set_place(build, value);
	case TX_CREDENTIAL_FIELD: return set_credential(build, value);
	default: return set_text(build, field, value);
	}
}

void tx_build_booked(struct tx_build *build, int64_t booked_ms)
{
	build->tx->booked_ms = booked_ms;
}

void tx_build_word(struct tx_build *build, enum tx_field field, uint8_t value)
{
	*((uint8_t *)build->tx + tx_fields[field].offset) = value;
}

static int end_amount(struct tx_build *build)
{
	const struct money_currency *currency = money_currency(build->tx->currency);
	enum money_fault fault = money_parse(build->amount, build->tx->currency, false, &build->tx->amount_minor);
	const char *name = tx_fields[TX_AMOUNT_FIELD].name;

	if (fault == MONEY_NOT_A_NUMBER)
		return tx_build_reject(build->context, name, build->amount, "is not an amount; expected %s",
		                       expected(TX_AMOUNT_FIELD));
	if (fault == MONEY_TOO_FINE)
		return tx_build_reject(build->context, name, build->amount,
		                       "is too fine; expected at most the %d decimals of %s", currency->decimals,
		                       currency->code);
	if (fault == MONEY_TOO_LARGE)
		return tx_build_reject(build->context, name, build->amount,
		                       "is too large; expected what fits 63 bits of %s's "
		                       "smallest unit",
		                       currency->code);
	if (build->tx->amount_minor == 0)
		return tx_build_reject(build->context, name, build->amount, "is zero; expected an amount above 0");
	return 0;
}

static void end_balance(struct tx_build *build)
{
	struct tx *tx = build->tx;

	if (build->balance.length == 0)
		return;
	if (money_parse(build->balance, tx->currency, true, &tx->balance_minor) != MONEY_OK ||
	    tx->balance_minor == TX_ABSENT) {
		tx->balance_minor = TX_ABSENT;
		tx_build_aside(build, TX_BALANCE_FIELD);
	}
}

/* The first required field that nobody gave; TX_FIELD_COUNT where all are there. */
static enum tx_field missing(const struct tx_build *build)
{
	const struct tx *tx = build->tx;

	return tx->id.length == 0                                            ? TX_ID_FIELD
	       : tx->bank.length == 0                                        ? TX_BANK_FIELD
	       : tx->account.length == 0                                     ? TX_ACCOUNT_FIELD
	       : tx->direction == TX_DIRECTION_NONE                          ? TX_DIRECTION_FIELD
	       : build->amount.length == 0                                   ? TX_AMOUNT_FIELD
	       : tx->booked_ms == TX_ABSENT                                  ? TX_BOOKED_AT_FIELD
	       : tx->status == TX_REVERSED && tx->reverses.length == 0       ? TX_REVERSES_FIELD
	                                                                     : TX_FIELD_COUNT;
}

int tx_build_end(struct tx_build *build)
{
	struct tx *tx = build->tx;
	enum tx_field absent = missing(build);

	if (absent != TX_FIELD_COUNT)
		return tx_build_reject(build->context, tx_fields[absent].name, (struct slice){0},
		                       "is missing%s; expected %s",
		                       absent == TX_REVERSES_FIELD ? " from a reversed booking" : "",
		                       expected(absent));
	if (end_amount(build) == -1)
		return -1;
	end_balance(build);
	if (tx->opened_day != TX_DAY_ABSENT && tx->opened_day > instant_china_day(tx->booked_ms))
		tally(build)->opened_later++;
	build->context->tx_count++;
	return 0;
}
