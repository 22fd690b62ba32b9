/*
 * A party of a payment with its account and its bank, as all ISO 20022 messages and those of CNAPS write
 * them: one block of slots a side, filled by the same rows under different roots.
 *
 * Of the codes of a bank the branch's goes first (BrnchId/Id is the bank that keeps the account;
 * ClrSysMmbId/MmbId may be the participant that clears for it), then the clearing member's, then the BIC.
 */
#ifndef DECODE_XML_PARTY_H
#define DECODE_XML_PARTY_H

#include "decode/tx_build.h"
#include "decode/xml_reader.h"

enum xml_party_slot {
	PARTY_NAME,
	PARTY_COUNTRY, /* of the postal address */
	PARTY_RESIDENCE,
	PARTY_ORGANISATION, /* seen */
	PARTY_PRIVATE, /* seen */
	PARTY_INSTITUTION, /* seen: the party is a bank itself */
	PARTY_CODE, /* the organisation's identification, perhaps a USCC */
	PARTY_IBAN,
	PARTY_ACCOUNT,
	PARTY_ACCOUNT_NAME,
	PARTY_BRANCH,
	PARTY_MEMBER,
	PARTY_BIC,
	PARTY_SLOTS
};

/* Rows of a table: the party itself, its account, its bank. `side` is the first of its PARTY_SLOTS slots. */
#define XML_PARTY_ROWS(path, side) \
	{path "/Nm", (side) + PARTY_NAME, XML_ONCE}, \
	{path "/PstlAdr/Ctry", (side) + PARTY_COUNTRY, XML_ONCE}, \
	{path "/CtryOfRes", (side) + PARTY_RESIDENCE, XML_ONCE}, \
	{path "/Id/OrgId", (side) + PARTY_ORGANISATION, XML_SEEN}, \
	{path "/Id/PrvtId", (side) + PARTY_PRIVATE, XML_SEEN}, \
	{path "/Id/OrgId/Othr/Id", (side) + PARTY_CODE, XML_FIRST}
#define XML_ACCOUNT_ROWS(path, side) \
	{path "/Id/IBAN", (side) + PARTY_IBAN, XML_ONCE}, \
	{path "/Id/Othr/Id", (side) + PARTY_ACCOUNT, XML_ONCE}, \
	{path "/Nm", (side) + PARTY_ACCOUNT_NAME, XML_ONCE}
#define XML_AGENT_ROWS(path, side) \
	{path "/BrnchId/Id", (side) + PARTY_BRANCH, XML_ONCE}, \
	{path "/FinInstnId/ClrSysMmbId/MmbId", (side) + PARTY_MEMBER, XML_ONCE}, \
	{path "/FinInstnId/BICFI", (side) + PARTY_BIC, XML_ONCE}, \
	{path "/FinInstnId/BIC", (side) + PARTY_BIC, XML_ONCE}

/* The account's number: IBAN or other; empty where absent. */
struct slice xml_party_account(const struct xml_reader *reader, unsigned side);

/* The name: the party's, else its account's. */
struct slice xml_party_name(const struct xml_reader *reader, unsigned side);

/* The 12 digits of its bank; empty where neither branch nor member is such a code. */
struct slice xml_party_bank(const struct xml_reader *reader, unsigned side);

/* Any code of its bank, those of 12 digits first; empty where none. */
struct slice xml_party_bank_code(const struct xml_reader *reader, unsigned side);

/* Whether branch or member is `bank`. */
bool xml_party_banks_with(const struct xml_reader *reader, unsigned side, struct slice bank);

/* Sets the fields of the account's own side (account, account_name, enterprise) or of the counterparty. */
int xml_party_set_own(struct xml_reader *reader, struct tx_build *build, unsigned side);
int xml_party_set_counterparty(struct xml_reader *reader, struct tx_build *build, unsigned side);

#endif
