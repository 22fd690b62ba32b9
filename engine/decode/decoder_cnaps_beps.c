/*
 * beps.121: a package of customers' transfers of the small-value system. Its namespace is its own; parties,
 * accounts and agents are written as in ISO 20022. AddtlInf is the payer's remark (附言), Purp the code of
 * the kind of business.
 */
#include "decode/decoder_cnaps.h"

#define HEADER "PKGGrpHdr"
#define ONE "CstmrCdtTrfInf"

static const struct xml_path paths[] = {
	{HEADER "/MsgId", TRANSFER_MESSAGE_ID, XML_ONCE},
	{HEADER "/CreDtTm", TRANSFER_CREATED, XML_ONCE},
	{HEADER "/NbOfTxs", TRANSFER_COUNT, XML_ONCE},
	{HEADER "/CtrlSum", TRANSFER_SUM, XML_ONCE},

	{ONE, TRANSFER_ONE, XML_GROUP},
	{ONE "/TxId", TRANSFER_REFERENCE, XML_ONCE},
	{ONE "/Amt", TRANSFER_AMOUNT, XML_ONCE},
	{ONE "/Amt@Ccy", TRANSFER_CURRENCY, XML_ONCE},
	XML_PARTY_ROWS(ONE "/Dbtr", TRANSFER_DEBTOR),
	XML_ACCOUNT_ROWS(ONE "/DbtrAcct", TRANSFER_DEBTOR),
	XML_AGENT_ROWS(ONE "/DbtrAgt", TRANSFER_DEBTOR),
	XML_PARTY_ROWS(ONE "/Cdtr", TRANSFER_CREDITOR),
	XML_ACCOUNT_ROWS(ONE "/CdtrAcct", TRANSFER_CREDITOR),
	XML_AGENT_ROWS(ONE "/CdtrAgt", TRANSFER_CREDITOR),
	{ONE "/Purp/Prtry", TRANSFER_PURPOSE, XML_JOIN},
	{ONE "/AddtlInf", TRANSFER_REMARK, XML_TAGGED},
	{ONE "/RmtInf/Ustrd", TRANSFER_REMARK, XML_TAGGED},
	{NULL, 0, XML_PASS}
};

static int end_transfer(struct xml_reader *reader, unsigned slot)
{
	(void)slot;
	return xml_transfer_legs(reader);
}

static int close_message(struct xml_reader *reader)
{
	return xml_transfer_check(reader, "PKGGrpHdr/NbOfTxs", "PKGGrpHdr/CtrlSum");
}

const struct xml_family family_beps = {
	.name = "beps.121",
	.paths = paths,
	.slot_count = TRANSFER_SLOTS,
	.end = end_transfer,
	.open = xml_transfer_open,
	.close = close_message
};
