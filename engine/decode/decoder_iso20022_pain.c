/*
 * pain.001: a customer orders its bank to pay. Only the debtor's leg is a transaction, and it is pending:
 * whether and when the bank books it is told by others.
 *
 * Its time is the order's, not the day asked for, which may lie in the future and would make all else look
 * late. Its id: references here are the customer's own, so two customers may use the same one. MsgId names
 * the order among the orders of one customer, a hash of the account the customer, a number the payment:
 * "ORDER-17/5f0e62c1/3". (The account itself must not stand in an id, which is shown unmasked.)
 */
#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

#include "decode/decoder_iso20022.h"

#define BLOCK "PmtInf"
#define ONE BLOCK "/CdtTrfTxInf"

static const struct xml_path paths[] = {
	{"GrpHdr/MsgId", TRANSFER_MESSAGE_ID, XML_ONCE},
	{"GrpHdr/CreDtTm", TRANSFER_CREATED, XML_ONCE},
	{"GrpHdr/NbOfTxs", TRANSFER_COUNT, XML_ONCE},
	{"GrpHdr/CtrlSum", TRANSFER_SUM, XML_ONCE},

	{BLOCK, TRANSFER_BLOCK, XML_GROUP},
	{BLOCK "/NbOfTxs", TRANSFER_BLOCK_COUNT, XML_ONCE},
	{BLOCK "/CtrlSum", TRANSFER_BLOCK_SUM, XML_ONCE},
	XML_PARTY_ROWS(BLOCK "/Dbtr", TRANSFER_BLOCK_DEBTOR),
	XML_ACCOUNT_ROWS(BLOCK "/DbtrAcct", TRANSFER_BLOCK_DEBTOR),
	XML_AGENT_ROWS(BLOCK "/DbtrAgt", TRANSFER_BLOCK_DEBTOR),

	{ONE, TRANSFER_ONE, XML_GROUP},
	{ONE "/Amt/InstdAmt", TRANSFER_AMOUNT, XML_ONCE},
	{ONE "/Amt/InstdAmt@Ccy", TRANSFER_CURRENCY, XML_ONCE},
	{ONE "/Amt/EqvtAmt/Amt", TRANSFER_EQUIVALENT, XML_ONCE},
	{ONE "/Amt/EqvtAmt/Amt@Ccy", TRANSFER_EQUIVALENT_CURRENCY, XML_ONCE},
	XML_PARTY_ROWS(ONE "/Cdtr", TRANSFER_CREDITOR),
	XML_ACCOUNT_ROWS(ONE "/CdtrAcct", TRANSFER_CREDITOR),
	XML_AGENT_ROWS(ONE "/CdtrAgt", TRANSFER_CREDITOR),
	{ONE "/Purp/Cd", TRANSFER_PURPOSE, XML_JOIN},
	{ONE "/Purp/Prtry", TRANSFER_PURPOSE, XML_JOIN},
	{ONE "/RmtInf/Ustrd", TRANSFER_REMARK, XML_JOIN},
	{ONE "/RmtInf/Strd/CdtrRefInf/Ref", TRANSFER_REMARK, XML_JOIN},
	{ONE "/RmtInf/Strd/RfrdDocInf/Nb", TRANSFER_REMARK, XML_JOIN},
	{ONE "/RmtInf/Strd/AddtlRmtInf", TRANSFER_REMARK, XML_JOIN},
	{NULL, 0, XML_PASS}
};

static int begin(struct xml_reader *reader, unsigned slot)
{
	struct xml_transfer_work *work = reader->work;

	if (slot == TRANSFER_BLOCK) {
		work->block_count = 0;
		work->block_sum = 0;
	}
	return 0;
}

static struct slice order_id(struct xml_reader *reader)
{
	const struct xml_transfer_work *work = reader->work;
	struct slice account = xml_party_account(reader, TRANSFER_BLOCK_DEBTOR);
	char customer[9];

	if (xml_value(reader, TRANSFER_MESSAGE_ID).length == 0 || account.length == 0)
		return (struct slice){0};
	snprintf(customer, sizeof(customer), "%08" PRIx32, (uint32_t)XXH3_64bits(account.at, account.length));
	return xml_reference(reader->context, xml_value(reader, TRANSFER_MESSAGE_ID), slice_of(customer),
	                     work->count + 1);
}

/* The debtor's agent by its own code; by the feed's where that is among its codes, or where it has none. */
static struct slice order_bank(struct xml_reader *reader)
{
	struct slice bank = reader->context->bank, code = xml_party_bank(reader, TRANSFER_BLOCK_DEBTOR);

	if (code.length == 0 || (bank.length > 0 && xml_party_banks_with(reader, TRANSFER_BLOCK_DEBTOR, bank)))
		return bank;
	return code;
}

static int end(struct xml_reader *reader, unsigned slot)
{
	struct xml_transfer_work *work = reader->work;
	struct xml_leg leg = {
		.own = TRANSFER_BLOCK_DEBTOR, .other = TRANSFER_CREDITOR, .direction = TX_DEBIT, .status = TX_PENDING
	};

	if (slot == TRANSFER_BLOCK) {
		if (xml_check_count(reader->context, "PmtInf/NbOfTxs", xml_value(reader, TRANSFER_BLOCK_COUNT),
		                    work->block_count) == -1)
			return -1;
		return xml_check_sum(reader->context, "PmtInf/CtrlSum", xml_value(reader, TRANSFER_BLOCK_SUM),
		                     work->block_sum);
	}
	leg.id = order_id(reader);
	leg.bank = order_bank(reader);
	if (xml_transfer_leg(reader, &leg) == -1)
		return -1;
	xml_transfer_add(reader);
	return 0;
}

static int close_message(struct xml_reader *reader)
{
	return xml_transfer_check(reader, "GrpHdr/NbOfTxs", "GrpHdr/CtrlSum");
}

const struct xml_family family_pain = {
	.name = "pain.001",
	.paths = paths,
	.slot_count = TRANSFER_SLOTS,
	.begin = begin,
	.end = end,
	.open = xml_transfer_open,
	.close = close_message
};
