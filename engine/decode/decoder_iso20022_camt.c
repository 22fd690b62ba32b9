/*
 * camt.054: the bank's notification of entries on one account.
 *
 *   Ntfctn ─┬─ Acct, TxsSummry
 *           └─ Ntry ─┬─ Amt, CdtDbtInd, Sts, BookgDt
 *                    └─ NtryDtls ─┬─ Btch
 *                                 └─ TxDtls     each one transaction
 *
 * An entry without details is one transaction itself. What must add up: the summary's counts and sums with
 * the entries; a batch's with its details; the details with their entry, unless charges or another currency
 * explain the difference. (TtlNtriesPerBkTxCd is left out: it groups by codes that nothing here reads.)
 */
#include "base/counters.h"
#include "decode/decoder_iso20022.h"

#define NTFCTN "Ntfctn"
#define NTRY NTFCTN "/Ntry"
#define DETAILS NTRY "/NtryDtls"
#define ONE DETAILS "/TxDtls"
#define SUMMARY NTFCTN "/TxsSummry"

/* The parties were elements of their own until version 7; since then Pty or Agt stand between. */
#define RELATED_ROWS(role, side) \
	XML_PARTY_ROWS(ONE "/RltdPties/" role, side), \
	XML_PARTY_ROWS(ONE "/RltdPties/" role "/Pty", side), \
	{ONE "/RltdPties/" role "/Agt", (side) + PARTY_INSTITUTION, XML_SEEN}, \
	{ONE "/RltdPties/" role "/Agt/FinInstnId/Nm", (side) + PARTY_NAME, XML_ONCE}, \
	XML_ACCOUNT_ROWS(ONE "/RltdPties/" role "Acct", side), \
	XML_AGENT_ROWS(ONE "/RltdAgts/" role "Agt", side)

static const struct xml_path paths[] = {
	{"GrpHdr/MsgId", CAMT_MESSAGE_ID, XML_ONCE},
	{"GrpHdr/CreDtTm", CAMT_MESSAGE_CREATED, XML_ONCE},

	{NTFCTN, CAMT_NOTIFICATION, XML_GROUP},
	{NTFCTN "/Id", CAMT_NOTIFICATION_ID, XML_ONCE},
	{NTFCTN "/CreDtTm", CAMT_NOTIFICATION_CREATED, XML_ONCE},
	XML_PARTY_ROWS(NTFCTN "/Acct/Ownr", CAMT_ACCOUNT),
	XML_ACCOUNT_ROWS(NTFCTN "/Acct", CAMT_ACCOUNT),
	XML_AGENT_ROWS(NTFCTN "/Acct/Svcr", CAMT_ACCOUNT),
	{SUMMARY "/TtlNtries/NbOfNtries", CAMT_TOTAL_COUNT, XML_ONCE},
	{SUMMARY "/TtlNtries/Sum", CAMT_TOTAL_SUM, XML_ONCE},
	{SUMMARY "/TtlNtries/TtlNetNtryAmt", CAMT_NET, XML_ONCE},
	{SUMMARY "/TtlNtries/CdtDbtInd", CAMT_NET_DIRECTION, XML_ONCE},
	{SUMMARY "/TtlNtries/TtlNetNtry/Amt", CAMT_NET, XML_ONCE},
	{SUMMARY "/TtlNtries/TtlNetNtry/CdtDbtInd", CAMT_NET_DIRECTION, XML_ONCE},
	{SUMMARY "/TtlCdtNtries/NbOfNtries", CAMT_CREDIT_COUNT, XML_ONCE},
	{SUMMARY "/TtlCdtNtries/Sum", CAMT_CREDIT_SUM, XML_ONCE},
	{SUMMARY "/TtlDbtNtries/NbOfNtries", CAMT_DEBIT_COUNT, XML_ONCE},
	{SUMMARY "/TtlDbtNtries/Sum", CAMT_DEBIT_SUM, XML_ONCE},

	{NTRY, CAMT_ENTRY, XML_GROUP},
	{NTRY "/NtryRef", CAMT_ENTRY_REFERENCE, XML_ONCE},
	{NTRY "/AcctSvcrRef", CAMT_ENTRY_SERVICER_REFERENCE, XML_ONCE},
	{NTRY "/Amt", CAMT_ENTRY_AMOUNT, XML_ONCE},
	{NTRY "/Amt@Ccy", CAMT_ENTRY_CURRENCY, XML_ONCE},
	{NTRY "/CdtDbtInd", CAMT_ENTRY_DIRECTION, XML_ONCE},
	{NTRY "/RvslInd", CAMT_ENTRY_REVERSAL, XML_ONCE},
	{NTRY "/Sts", CAMT_ENTRY_STATUS, XML_ONCE}, /* a text until version 7, then a choice */
	{NTRY "/Sts/Cd", CAMT_ENTRY_STATUS, XML_ONCE},
	{NTRY "/Sts/Prtry", CAMT_ENTRY_STATUS, XML_ONCE},
	{NTRY "/BookgDt/Dt", CAMT_ENTRY_BOOKED_ON, XML_ONCE},
	{NTRY "/BookgDt/DtTm", CAMT_ENTRY_BOOKED_AT, XML_ONCE},
	{NTRY "/Chrgs", CAMT_ENTRY_CHARGES, XML_SEEN},
	{NTRY "/AddtlNtryInf", CAMT_ENTRY_INFORMATION, XML_ONCE},

	{DETAILS, CAMT_DETAILS, XML_GROUP},
	{DETAILS "/Btch/NbOfTxs", CAMT_BATCH_COUNT, XML_ONCE},
	{DETAILS "/Btch/TtlAmt", CAMT_BATCH_AMOUNT, XML_ONCE},
	{DETAILS "/Btch/TtlAmt@Ccy", CAMT_BATCH_CURRENCY, XML_ONCE},
	{DETAILS "/Btch/CdtDbtInd", CAMT_BATCH_DIRECTION, XML_ONCE},

	{ONE, CAMT_ONE, XML_GROUP},
	{ONE "/Refs/AcctSvcrRef", CAMT_SERVICER_REFERENCE, XML_ONCE},
	{ONE "/Refs/TxId", CAMT_TRANSACTION, XML_ONCE},
	{ONE "/Refs/EndToEndId", CAMT_END_TO_END, XML_ONCE},
	{ONE "/Amt", CAMT_AMOUNT, XML_FIRST},
	{ONE "/Amt@Ccy", CAMT_CURRENCY, XML_FIRST},
	/* The only one of version 2; where both are, Amt stands first. */
	{ONE "/AmtDtls/TxAmt/Amt", CAMT_AMOUNT, XML_FIRST},
	{ONE "/AmtDtls/TxAmt/Amt@Ccy", CAMT_CURRENCY, XML_FIRST},
	{ONE "/CdtDbtInd", CAMT_DIRECTION, XML_ONCE},
	{ONE "/Chrgs", CAMT_CHARGES, XML_SEEN},
	RELATED_ROWS("Dbtr", CAMT_DEBTOR),
	RELATED_ROWS("Cdtr", CAMT_CREDITOR),
	{ONE "/Purp/Cd", CAMT_PURPOSE, XML_JOIN},
	{ONE "/Purp/Prtry", CAMT_PURPOSE, XML_JOIN},
	{ONE "/AddtlTxInf", CAMT_PURPOSE, XML_JOIN},
	{ONE "/RmtInf/Ustrd", CAMT_REMARK, XML_JOIN},
	{ONE "/RmtInf/Strd/CdtrRefInf/Ref", CAMT_REMARK, XML_JOIN},
	{ONE "/RmtInf/Strd/RfrdDocInf/Nb", CAMT_REMARK, XML_JOIN},
	{ONE "/RmtInf/Strd/AddtlRmtInf", CAMT_REMARK, XML_JOIN},
	{NULL, 0, XML_PASS}
};

enum { ONE_BYTES = (CAMT_SLOTS - CAMT_ONE) * sizeof(struct slice) };

enum tx_direction camt_direction(struct slice text)
{
	if (slice_is(text, "CRDT"))
		return TX_CREDIT;
	return slice_is(text, "DBIT") ? TX_DEBIT : TX_DIRECTION_NONE;
}

static int reject_direction(struct xml_reader *reader, const char *field, struct slice text)
{
	return tx_build_reject(reader->context, field, text, "is no direction; expected CRDT or DBIT");
}

static int open_message(struct xml_reader *reader)
{
	struct camt_work *work = reader->work;

	work->not_judged = 0;
	work->notifications = 0;
	return 0;
}

static int begin(struct xml_reader *reader, unsigned slot)
{
	struct camt_work *work = reader->work;

	switch (slot) {
	case CAMT_NOTIFICATION:
		work->notifications++;
		work->entries = work->credits = work->debits = 0;
		work->sum = work->credit_sum = work->debit_sum = 0;
		break;
	case CAMT_ENTRY:
		work->entry_number = work->entries + 1;
		work->entry_read = false;
		work->details = 0;
		work->details_sum = work->batch_sum = 0;
		work->batch_told = false;
		break;
	case CAMT_DETAILS:
		work->block_details = 0;
		work->block_sum = 0;
		break;
	default:
		break;
	}
	return 0;
}

static int read_status(struct xml_reader *reader, struct camt_work *work)
{
	struct slice status = xml_value(reader, CAMT_ENTRY_STATUS);
	struct slice reversal = xml_value(reader, CAMT_ENTRY_REVERSAL);

	if (status.length == 0)
		return tx_build_reject(reader->context, "Ntry/Sts", status, "is missing; expected BOOK or PDNG");
	work->reversal = slice_is(reversal, "true") || slice_is(reversal, "1");
	if (!work->reversal && reversal.length > 0 && !slice_is(reversal, "false") && !slice_is(reversal, "0"))
		return tx_build_reject(reader->context, "Ntry/RvslInd", reversal, "is not allowed; expected true or false");
	if (slice_is(status, "BOOK"))
		work->status = work->reversal ? TX_REVERSED : TX_BOOKED;
	else if (slice_is(status, "PDNG"))
		work->status = work->reversal ? TX_REVERSED : TX_PENDING;
	else
		work->status = TX_STATUS_NONE;
	return 0;
}

/* What stands before the details in an entry, read once: at its first detail, or at its end. */
static int read_entry(struct xml_reader *reader, struct camt_work *work)
{
	struct slice amount = xml_value(reader, CAMT_ENTRY_AMOUNT);
	struct slice direction = xml_value(reader, CAMT_ENTRY_DIRECTION);

	if (work->entry_read)
		return 0;
	work->entry_read = true;
	work->comparable = xml_value(reader, CAMT_ENTRY_CHARGES).length == 0;
	if (!xml_decimal(amount, &work->amount))
		return tx_build_reject(reader->context, "Ntry/Amt", amount, "%s", amount.length > 0
		                       ? "is no amount; expected digits with an optional point" : "is missing");
	work->direction = camt_direction(direction);
	if (work->direction == TX_DIRECTION_NONE)
		return reject_direction(reader, "Ntry/CdtDbtInd", direction);
	return read_status(reader, work);
}

/* The detail's part of its entry's and batch's sums. */
static int add_detail(struct xml_reader *reader, struct camt_work *work)
{
	struct slice text = xml_value(reader, CAMT_AMOUNT), direction = xml_value(reader, CAMT_DIRECTION);
	xml_sum amount = work->amount;
	bool same_currency;

	if (text.length > 0 && !xml_decimal(text, &amount))
		return tx_build_reject(reader->context, "amount", text,
		                       "is not an amount; expected digits with an optional point");
	if (direction.length > 0 && camt_direction(direction) == TX_DIRECTION_NONE)
		return reject_direction(reader, "TxDtls/CdtDbtInd", direction);
	if (direction.length > 0 && camt_direction(direction) != work->direction)
		amount = -amount;
	work->details_sum += amount;
	work->block_sum += amount;
	same_currency = slice_equal(xml_value(reader, CAMT_CURRENCY), xml_value(reader, CAMT_ENTRY_CURRENCY));
	if (xml_value(reader, CAMT_CHARGES).length > 0 || (text.length > 0 && !same_currency))
		work->comparable = false;
	return 0;
}

/* One of several details: it must say its amount itself. */
static int one_of_several(struct xml_reader *reader, uint64_t number)
{
	if (xml_value(reader, CAMT_AMOUNT).length == 0)
		return tx_build_reject(reader->context, "amount", (struct slice){0},
		                       "is missing from a detail; expected one in each, where an entry has several");
	return camt_detail(reader, number);
}

/* The second detail shows that the first was not the only one. */
static int first_of_several(struct xml_reader *reader, struct camt_work *work)
{
	struct slice second[CAMT_SLOTS - CAMT_ONE];
	int result;

	memcpy(second, &reader->values[CAMT_ONE], ONE_BYTES);
	memcpy(&reader->values[CAMT_ONE], work->first, ONE_BYTES);
	result = one_of_several(reader, 1);
	memcpy(&reader->values[CAMT_ONE], second, ONE_BYTES);
	return result;
}

static int end_detail(struct xml_reader *reader, struct camt_work *work)
{
	if (read_entry(reader, work) == -1 || add_detail(reader, work) == -1)
		return -1;
	work->block_details++;
	work->details++;
	if (work->details == 1) {
		memcpy(work->first, &reader->values[CAMT_ONE], ONE_BYTES);
		return 0;
	}
	if (work->details == 2 && first_of_several(reader, work) == -1)
		return -1;
	return one_of_several(reader, work->details);
}

/*
 * The sign that turns a sum in the entry's direction into one in the batch's; 0 where that is no
 * direction.
 */
static int batch_sign(struct xml_reader *reader, const struct camt_work *work)
{
	struct slice direction = xml_value(reader, CAMT_BATCH_DIRECTION);

	if (direction.length == 0)
		return 1;
	if (camt_direction(direction) == TX_DIRECTION_NONE)
		return 0;
	return camt_direction(direction) == work->direction ? 1 : -1;
}

/* A batch that is told by its totals alone: they count towards the entry. */
static int add_batch(struct xml_reader *reader, struct camt_work *work, int sign)
{
	struct slice text = xml_value(reader, CAMT_BATCH_AMOUNT);
	xml_sum amount;

	if (text.length == 0)
		return 0;
	if (!xml_decimal(text, &amount))
		return tx_build_reject(reader->context, "Btch/TtlAmt", text,
		                       "is no sum; expected digits with an optional point");
	work->batch_told = true;
	work->batch_sum += sign * amount;
	return 0;
}

/* Where a batch's details are told too, its totals must be theirs. */
static int end_details(struct xml_reader *reader, struct camt_work *work)
{
	struct slice currency = xml_value(reader, CAMT_BATCH_CURRENCY);
	int sign;

	if (read_entry(reader, work) == -1)
		return -1;
	sign = batch_sign(reader, work);
	if (sign == 0)
		return reject_direction(reader, "Btch/CdtDbtInd", xml_value(reader, CAMT_BATCH_DIRECTION));
	if (currency.length > 0 && !slice_equal(currency, xml_value(reader, CAMT_ENTRY_CURRENCY)))
		work->comparable = false;
	if (work->block_details == 0)
		return add_batch(reader, work, sign);
	if (xml_check_count(reader->context, "Btch/NbOfTxs", xml_value(reader, CAMT_BATCH_COUNT),
	                    work->block_details) == -1)
		return -1;
	if (!work->comparable)
		return 0;
	return xml_check_sum(reader->context, "Btch/TtlAmt", xml_value(reader, CAMT_BATCH_AMOUNT),
	                     sign * work->block_sum);
}

/* What the entry holds against its own amount. */
static int check_entry(struct xml_reader *reader, const struct camt_work *work)
{
	struct slice amount = xml_value(reader, CAMT_ENTRY_AMOUNT);

	if (!work->comparable || (work->details == 0 && !work->batch_told))
		return 0;
	return xml_check_sum(reader->context, "Ntry/Amt", amount, work->details_sum + work->batch_sum);
}

static int end_entry(struct xml_reader *reader, struct camt_work *work)
{
	if (read_entry(reader, work) == -1 || check_entry(reader, work) == -1)
		return -1;
	work->entries++;
	work->sum += work->amount;
	*(work->direction == TX_CREDIT ? &work->credits : &work->debits) += 1;
	*(work->direction == TX_CREDIT ? &work->credit_sum : &work->debit_sum) += work->amount;
	if (work->status == TX_STATUS_NONE)
		work->not_judged += work->details > 0 ? work->details : 1;
	if (work->details > 1)
		return 0;
	if (work->details == 1)
		memcpy(&reader->values[CAMT_ONE], work->first, ONE_BYTES);
	else
		memset(&reader->values[CAMT_ONE], 0, ONE_BYTES);
	return camt_detail(reader, 0);
}

/* The net sum's sign stands beside it; without it, its size alone is compared. */
static int check_net(struct xml_reader *reader, const struct camt_work *work)
{
	struct slice direction = xml_value(reader, CAMT_NET_DIRECTION);
	xml_sum net = work->credit_sum - work->debit_sum;

	if (direction.length > 0 && camt_direction(direction) == TX_DIRECTION_NONE)
		return reject_direction(reader, "TxsSummry/TtlNtries/CdtDbtInd", direction);
	if (direction.length > 0 ? camt_direction(direction) == TX_DEBIT : net < 0)
		net = -net;
	return xml_check_sum(reader->context, "TxsSummry/TtlNtries/TtlNetNtry", xml_value(reader, CAMT_NET), net);
}

static int check_part(struct xml_reader *reader, const char *count_field, const char *sum_field,
                      unsigned count_slot, uint64_t count, xml_sum sum)
{
	if (xml_check_count(reader->context, count_field, xml_value(reader, count_slot), count) == -1)
		return -1;
	return xml_check_sum(reader->context, sum_field, xml_value(reader, count_slot + 1), sum);
}

static int end_notification(struct xml_reader *reader, const struct camt_work *work)
{
	if (check_part(reader, "TxsSummry/TtlNtries/NbOfNtries", "TxsSummry/TtlNtries/Sum", CAMT_TOTAL_COUNT,
	               work->entries, work->sum) == -1 ||
	    check_part(reader, "TxsSummry/TtlCdtNtries/NbOfNtries", "TxsSummry/TtlCdtNtries/Sum", CAMT_CREDIT_COUNT,
	               work->credits, work->credit_sum) == -1 ||
	    check_part(reader, "TxsSummry/TtlDbtNtries/NbOfNtries", "TxsSummry/TtlDbtNtries/Sum", CAMT_DEBIT_COUNT,
	               work->debits, work->debit_sum) == -1)
		return -1;
	return check_net(reader, work);
}

static int end(struct xml_reader *reader, unsigned slot)
{
	struct camt_work *work = reader->work;

	switch (slot) {
	case CAMT_ONE: return end_detail(reader, work);
	case CAMT_DETAILS: return end_details(reader, work);
	case CAMT_ENTRY: return end_entry(reader, work);
	default: return end_notification(reader, work);
	}
}

static int close_message(struct xml_reader *reader)
{
	struct camt_work *work = reader->work;

	if (work->notifications == 0)
		return tx_build_reject(reader->context, "Ntfctn", (struct slice){0}, "is missing; expected a notification");
	if (work->not_judged > 0 && !reader->context->silent)
		count_many(COUNT_TX_NOT_JUDGED, work->not_judged);
	return 0;
}

const struct xml_family family_camt = {
	.name = "camt.054",
	.paths = paths,
	.slot_count = CAMT_SLOTS,
	.begin = begin,
	.end = end,
	.open = open_message,
	.close = close_message
};
