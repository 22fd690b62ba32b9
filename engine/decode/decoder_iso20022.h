/*
 * The families of ISO 20022 messages, each a table of paths and what its groups become.
 *
 * Source of the element names: the message definitions in ISO 20022's catalogue. Only what a transaction of
 * contract.md section 1 needs is read; all else is passed over.
 */
#ifndef DECODE_DECODER_ISO20022_H
#define DECODE_DECODER_ISO20022_H

#include "decode/xml_transfer.h"

/* camt.054: entries of one account's books. reader->work is a struct camt_work. */
extern const struct xml_family family_camt;

/*
 * pacs.008: customers' transfers between banks, also as hvps.111. reader->work is a struct
 * xml_transfer_work.
 */
extern const struct xml_family family_pacs;

/* pain.001: a customer's order to its bank. reader->work is a struct xml_transfer_work. */
extern const struct xml_family family_pain;

enum camt_slot {
	CAMT_MESSAGE_ID,
	CAMT_MESSAGE_CREATED,
	CAMT_NOTIFICATION, /* group Ntfctn */
	CAMT_NOTIFICATION_ID = CAMT_NOTIFICATION,
	CAMT_NOTIFICATION_CREATED,
	CAMT_ACCOUNT, /* PARTY_SLOTS: the account, its owner and its bank */
	CAMT_TOTAL_COUNT = CAMT_ACCOUNT + PARTY_SLOTS,
	CAMT_TOTAL_SUM,
	CAMT_NET,
	CAMT_NET_DIRECTION,
	CAMT_CREDIT_COUNT,
	CAMT_CREDIT_SUM,
	CAMT_DEBIT_COUNT,
	CAMT_DEBIT_SUM,
	CAMT_ENTRY, /* group Ntry */
	CAMT_ENTRY_REFERENCE = CAMT_ENTRY,
	CAMT_ENTRY_SERVICER_REFERENCE,
	CAMT_ENTRY_AMOUNT,
	CAMT_ENTRY_CURRENCY,
	CAMT_ENTRY_DIRECTION,
	CAMT_ENTRY_REVERSAL,
	CAMT_ENTRY_STATUS,
	CAMT_ENTRY_BOOKED_ON,
	CAMT_ENTRY_BOOKED_AT,
	CAMT_ENTRY_CHARGES, /* seen */
	CAMT_ENTRY_INFORMATION,
	CAMT_DETAILS, /* group NtryDtls */
	CAMT_BATCH_COUNT = CAMT_DETAILS,
	CAMT_BATCH_AMOUNT,
	CAMT_BATCH_CURRENCY,
	CAMT_BATCH_DIRECTION,
	CAMT_ONE, /* group TxDtls */
	CAMT_SERVICER_REFERENCE = CAMT_ONE,
	CAMT_TRANSACTION,
	CAMT_END_TO_END,
	CAMT_AMOUNT,
	CAMT_CURRENCY,
	CAMT_DIRECTION,
	CAMT_CHARGES, /* seen */
	CAMT_PURPOSE,
	CAMT_REMARK,
	CAMT_DEBTOR, /* PARTY_SLOTS */
	CAMT_CREDITOR = CAMT_DEBTOR + PARTY_SLOTS, /* PARTY_SLOTS */
	CAMT_SLOTS = CAMT_CREDITOR + PARTY_SLOTS
};
_Static_assert(CAMT_SLOTS <= XML_SLOTS_MAX, "the reader has room for all slots");

/* What a notification has come to so far; part of the decoder's state. */
struct camt_work {
	uint64_t not_judged; /* of the message: entries of other statuses */
	unsigned notifications;

	/* Of the notification. */
	uint64_t entries, credits, debits;
	xml_sum sum, credit_sum, debit_sum;

	/* Of the entry. */
	uint64_t entry_number; /* in its notification, from 1 */
	bool entry_read; /* the members below are filled */
	enum tx_direction direction;
	enum tx_status status; /* TX_STATUS_NONE: not judged */
	bool reversal;
	xml_sum amount;
	uint64_t details;
	xml_sum details_sum; /* against the entry's direction counted as below zero */
	bool comparable; /* no charges and no other currency explain a difference */

	/* Of one NtryDtls. */
	uint64_t block_details;
	xml_sum block_sum;

	/* Of the entry: batches that are told by their totals alone. */
	bool batch_told;
	xml_sum batch_sum;

	/* The entry's first detail: whether it is the only one is known when the next one or the end comes. */
	struct slice first[CAMT_SLOTS - CAMT_ONE];
};

/*
 * The detail in the slots → one transaction, unless the entry's status is not judged. `number` counts the
 * details of the entry from 1; 0 says that it is the only one (or that the entry has none and stands for
 * itself).
 */
int camt_detail(struct xml_reader *reader, uint64_t number);

/* TX_DIRECTION_NONE where `text` is neither CRDT nor DBIT. */
enum tx_direction camt_direction(struct slice text);

#endif
