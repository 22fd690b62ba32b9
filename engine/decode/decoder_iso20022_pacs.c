/*
 * pacs.008: customers' credit transfers from bank to bank. hvps.111 of CNAPS is one of them, so a tag such
 * as "/H01/" before a remark is left out here too.
 */
#include "decode/decoder_iso20022.h"

#define ONE "CdtTrfTxInf"

static const struct xml_path paths[] = {
	{"GrpHdr/MsgId", TRANSFER_MESSAGE_ID, XML_ONCE},
	{"GrpHdr/CreDtTm", TRANSFER_CREATED, XML_ONCE},
	{"GrpHdr/NbOfTxs", TRANSFER_COUNT, XML_ONCE},
	{"GrpHdr/CtrlSum", TRANSFER_SUM, XML_ONCE},
	{"GrpHdr/TtlIntrBkSttlmAmt", TRANSFER_TOTAL, XML_ONCE},
	{"GrpHdr/TtlIntrBkSttlmAmt@Ccy", TRANSFER_TOTAL_CURRENCY, XML_ONCE},

	{ONE, TRANSFER_ONE, XML_GROUP},
	{ONE "/PmtId/TxId", TRANSFER_REFERENCE, XML_ONCE},
	{ONE "/PmtId/InstrId", TRANSFER_INSTRUCTION, XML_ONCE},
	{ONE "/PmtId/UETR", TRANSFER_UETR, XML_ONCE},
	{ONE "/IntrBkSttlmAmt", TRANSFER_AMOUNT, XML_ONCE},
	{ONE "/IntrBkSttlmAmt@Ccy", TRANSFER_CURRENCY, XML_ONCE},
	{ONE "/AccptncDtTm", TRANSFER_ACCEPTED, XML_ONCE},
	XML_PARTY_ROWS(ONE "/Dbtr", TRANSFER_DEBTOR),
	XML_ACCOUNT_ROWS(ONE "/DbtrAcct", TRANSFER_DEBTOR),
	XML_AGENT_ROWS(ONE "/DbtrAgt", TRANSFER_DEBTOR),
	XML_PARTY_ROWS(ONE "/Cdtr", TRANSFER_CREDITOR),
	XML_ACCOUNT_ROWS(ONE "/CdtrAcct", TRANSFER_CREDITOR),
	XML_AGENT_ROWS(ONE "/CdtrAgt", TRANSFER_CREDITOR),
	{ONE "/Purp/Cd", TRANSFER_PURPOSE, XML_JOIN},
	{ONE "/Purp/Prtry", TRANSFER_PURPOSE, XML_JOIN},
	{ONE "/RmtInf/Ustrd", TRANSFER_REMARK, XML_TAGGED},
	{ONE "/RmtInf/Strd/CdtrRefInf/Ref", TRANSFER_REMARK, XML_TAGGED},
	{ONE "/RmtInf/Strd/RfrdDocInf/Nb", TRANSFER_REMARK, XML_TAGGED},
	{ONE "/RmtInf/Strd/AddtlRmtInf", TRANSFER_REMARK, XML_TAGGED},
	{NULL, 0, XML_PASS}
};

static int end_transfer(struct xml_reader *reader, unsigned slot)
{
	(void)slot;
	return xml_transfer_legs(reader);
}

static int close_message(struct xml_reader *reader)
{
	return xml_transfer_check(reader, "GrpHdr/NbOfTxs", "GrpHdr/CtrlSum");
}

const struct xml_family family_pacs = {
	.name = "pacs.008",
	.paths = paths,
	.slot_count = TRANSFER_SLOTS,
	.end = end_transfer,
	.open = xml_transfer_open,
	.close = close_message
};
