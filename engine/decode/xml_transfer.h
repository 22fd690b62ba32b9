/*
 * A credit transfer as a message between banks or to a bank carries it: both sides in one element. pacs.008
 * (and hvps.111, which is one), beps.121 and pain.001 differ in their tables; what a transfer becomes is
 * here.
 *
 * Which legs it has (contract.md section 3): with the feed's `bank:` the debtor's where the debtor's agent
 * is that bank, the creditor's where the creditor's agent is; without it both, each under the code of its
 * own agent. A transfer that has neither leg at the feed's bank rejects the message: it came by the wrong
 * topic or with the wrong setting.
 *
 * A debtor's leg has the transfer's reference (TxId, UETR, InstrId, or MsgId and number) as its id.
 * References are given out by the sending bank, so two senders may use the same one: a creditor's leg
 * carries the sender's code before it ("102100099996/2026030200000017").
 *
 * The time is the one at which the debtor's agent accepted the transfer where that is told, else the
 * message's.
 */
#ifndef DECODE_XML_TRANSFER_H
#define DECODE_XML_TRANSFER_H

#include "decode/xml_party.h"
#include "decode/xml_value.h"

/* Slots of all transfers' tables; a family uses those that its messages have. */
enum xml_transfer_slot {
	TRANSFER_MESSAGE_ID,
	TRANSFER_CREATED,
	TRANSFER_COUNT,
	TRANSFER_SUM,
	TRANSFER_TOTAL, /* a control sum that names its currency */
	TRANSFER_TOTAL_CURRENCY,
	TRANSFER_BLOCK, /* group: pain.001's payments of one debtor */
	TRANSFER_BLOCK_COUNT = TRANSFER_BLOCK,
	TRANSFER_BLOCK_SUM,
	TRANSFER_BLOCK_DEBTOR, /* PARTY_SLOTS */
	TRANSFER_ONE = TRANSFER_BLOCK_DEBTOR + PARTY_SLOTS, /* group: one transfer */
	TRANSFER_REFERENCE = TRANSFER_ONE,
	TRANSFER_INSTRUCTION,
	TRANSFER_UETR,
	TRANSFER_AMOUNT,
	TRANSFER_CURRENCY,
	TRANSFER_EQUIVALENT, /* pain.001: an amount in the debtor's currency, instead of the above */
	TRANSFER_EQUIVALENT_CURRENCY,
	TRANSFER_ACCEPTED,
	TRANSFER_PURPOSE,
	TRANSFER_REMARK,
	TRANSFER_DEBTOR, /* PARTY_SLOTS */
	TRANSFER_CREDITOR = TRANSFER_DEBTOR + PARTY_SLOTS, /* PARTY_SLOTS */
	TRANSFER_SLOTS = TRANSFER_CREDITOR + PARTY_SLOTS
};
_Static_assert(TRANSFER_SLOTS <= XML_SLOTS_MAX, "the reader has room for all slots");

/* What a transfers' message has come to; part of the decoder's state. */
struct xml_transfer_work {
	uint64_t count, block_count;
	xml_sum sum, block_sum;
	bool several_currencies;
};

struct xml_leg {
	unsigned own, other; /* sides */
	enum tx_direction direction;
	enum tx_status status;
	struct slice id, bank;
};

/* For a family's open(): begins the counting. reader->work is the struct xml_transfer_work. */
int xml_transfer_open(struct xml_reader *reader);

/* One leg → one transaction. */
int xml_transfer_leg(struct xml_reader *reader, const struct xml_leg *leg);

/* The legs of the transfer in the slots, and its part of the sums. */
int xml_transfer_legs(struct xml_reader *reader);

/* Adds the transfer in the slots to the sums; after its legs, whose checks the amount has passed. */
void xml_transfer_add(struct xml_reader *reader);

/* Checks the message's control sums; `count_field` and `sum_field` are their names in reasons. */
int xml_transfer_check(struct xml_reader *reader, const char *count_field, const char *sum_field);

#endif
