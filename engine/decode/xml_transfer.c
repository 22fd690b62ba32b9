#include "decode/xml_transfer.h"

int xml_transfer_open(struct xml_reader *reader)
{
	*(struct xml_transfer_work *)reader->work = (struct xml_transfer_work){0};
	return 0;
}

static int set_booked(struct xml_reader *reader, struct tx_build *build)
{
	struct slice text = xml_either(reader, TRANSFER_ACCEPTED, TRANSFER_CREATED);
	int64_t booked_ms;

	if (text.length == 0)
		return 0;
	if (!xml_date_time(text, &booked_ms))
		return tx_build_reject(reader->context, "booked_at", text,
		                       "is no time; expected one such as 2026-03-02T09:15:04, 2000 to 2099");
	tx_build_booked(build, booked_ms);
	return 0;
}

static int set_amount(struct xml_reader *reader, struct tx_build *build)
{
	struct slice amount = xml_either(reader, TRANSFER_AMOUNT, TRANSFER_EQUIVALENT);
	struct slice currency = xml_either(reader, TRANSFER_CURRENCY, TRANSFER_EQUIVALENT_CURRENCY);

	if (amount.length > 0 && currency.length == 0)
		return tx_build_reject(reader->context, "currency", (struct slice){0},
		                       "is missing; expected the attribute Ccy of the amount");
	if (amount.length > 0 && tx_build_set(build, TX_AMOUNT_FIELD, amount) == -1)
		return -1;
	return tx_build_set(build, TX_CURRENCY_FIELD, currency);
}

static int set_texts(struct xml_reader *reader, struct tx_build *build)
{
	if (tx_build_set(build, TX_PURPOSE_FIELD, xml_value(reader, TRANSFER_PURPOSE)) == -1)
		return -1;
	return tx_build_set(build, TX_REMARK_FIELD, xml_value(reader, TRANSFER_REMARK));
}

static int set_bank(struct xml_reader *reader, struct tx_build *build, const struct xml_leg *leg)
{
	const char *whose = leg->direction == TX_DEBIT ? "debtor" : "creditor";
	struct slice code = xml_party_bank_code(reader, leg->own);

	if (leg->bank.length > 0)
		return tx_build_set(build, TX_BANK_FIELD, leg->bank);
	if (code.length == 0)
		return tx_build_reject(reader->context, "bank", code,
		                       "the %s's agent has no code; expected 12 digits, or the feed's setting `bank`",
		                       whose);
	return tx_build_reject(reader->context, "bank", code,
	                       "of the %s's agent is no bank code; expected 12 digits, or the feed's setting "
	                       "`bank`", whose);
}

int xml_transfer_leg(struct xml_reader *reader, const struct xml_leg *leg)
{
	struct tx_build build;

	if (tx_build_begin(&build, reader->context) == -1)
		return -1;
	if (leg->id.length > 0 && tx_build_set(&build, TX_ID_FIELD, leg->id) == -1)
		return -1;
	if (set_bank(reader, &build, leg) == -1)
		return -1;
	tx_build_word(&build, TX_DIRECTION_FIELD, (uint8_t)leg->direction);
	tx_build_word(&build, TX_STATUS_FIELD, (uint8_t)leg->status);
	if (xml_party_set_own(reader, &build, leg->own) == -1 || set_amount(reader, &build) == -1 ||
	    set_booked(reader, &build) == -1 || xml_party_set_counterparty(reader, &build, leg->other) == -1 ||
	    set_texts(reader, &build) == -1)
		return -1;
	return tx_build_end(&build);
}

/*
 * The sending bank's reference, by how sure it is to be its only one; at last the message's with the
 * transfer's number. EndToEndId is the customer's and may come again every month: it is none.
 */
static struct slice reference(const struct xml_reader *reader)
{
	const struct xml_transfer_work *work = reader->work;
	struct slice message = xml_value(reader, TRANSFER_MESSAGE_ID);

	if (xml_value(reader, TRANSFER_REFERENCE).length > 0)
		return xml_value(reader, TRANSFER_REFERENCE);
	if (xml_value(reader, TRANSFER_UETR).length > 0)
		return xml_value(reader, TRANSFER_UETR);
	if (xml_value(reader, TRANSFER_INSTRUCTION).length > 0 || message.length == 0)
		return xml_value(reader, TRANSFER_INSTRUCTION);
	return xml_reference(reader->context, message, (struct slice){0}, work->count + 1);
}

static int debtor_leg(struct xml_reader *reader, struct slice bank)
{
	struct xml_leg leg = {
		.own = TRANSFER_DEBTOR, .other = TRANSFER_CREDITOR, .direction = TX_DEBIT, .status = TX_BOOKED,
		.id = reference(reader), .bank = bank
	};

	return xml_transfer_leg(reader, &leg);
}

static int creditor_leg(struct xml_reader *reader, struct slice bank)
{
	struct slice sender = xml_party_bank_code(reader, TRANSFER_DEBTOR), id = reference(reader);
	struct xml_leg leg = {
		.own = TRANSFER_CREDITOR, .other = TRANSFER_DEBTOR, .direction = TX_CREDIT, .status = TX_BOOKED,
		.bank = bank
	};

	if (id.length > 0)
		leg.id = xml_reference(reader->context, sender.length > 0 ? sender : slice_of("credit"), id, 0);
	return xml_transfer_leg(reader, &leg);
}

void xml_transfer_add(struct xml_reader *reader)
{
	struct xml_transfer_work *work = reader->work;
	xml_sum amount = 0;

	xml_decimal(xml_either(reader, TRANSFER_AMOUNT, TRANSFER_EQUIVALENT), &amount);
	work->count++;
	work->sum += amount;
	work->block_count++;
	work->block_sum += amount;
	if (!slice_equal(xml_value(reader, TRANSFER_CURRENCY), xml_value(reader, TRANSFER_TOTAL_CURRENCY)))
		work->several_currencies = true;
}

int xml_transfer_legs(struct xml_reader *reader)
{
	struct slice bank = reader->context->bank;
	bool both = bank.length == 0;
	bool debtor = both || xml_party_banks_with(reader, TRANSFER_DEBTOR, bank);
	bool creditor = both || xml_party_banks_with(reader, TRANSFER_CREDITOR, bank);

	if (!debtor && !creditor)
		return tx_build_reject(reader->context, "bank", bank,
		                       "is the feed's bank, but neither the debtor's agent nor the creditor's; expected "
		                       "a transfer of its books");
	if (debtor && debtor_leg(reader, both ? xml_party_bank(reader, TRANSFER_DEBTOR) : bank) == -1)
		return -1;
	if (creditor && creditor_leg(reader, both ? xml_party_bank(reader, TRANSFER_CREDITOR) : bank) == -1)
		return -1;
	xml_transfer_add(reader);
	return 0;
}

int xml_transfer_check(struct xml_reader *reader, const char *count_field, const char *sum_field)
{
	struct xml_transfer_work *work = reader->work;
	struct slice total = xml_value(reader, TRANSFER_TOTAL);

	if (work->count == 0)
		return tx_build_reject(reader->context, "", (struct slice){0}, "holds no transfer");
	if (xml_check_count(reader->context, count_field, xml_value(reader, TRANSFER_COUNT), work->count) == -1 ||
	    xml_check_sum(reader->context, sum_field, xml_value(reader, TRANSFER_SUM), work->sum) == -1)
		return -1;
	if (total.length > 0 && work->several_currencies)
		return tx_build_reject(reader->context, "TtlIntrBkSttlmAmt", xml_value(reader, TRANSFER_TOTAL_CURRENCY),
		                       "is not the currency of all its amounts");
	return xml_check_sum(reader->context, "TtlIntrBkSttlmAmt", total, work->sum);
}
