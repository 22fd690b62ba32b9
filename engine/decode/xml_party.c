#include "decode/xml_party.h"

#include "base/ident.h"

struct slice xml_party_account(const struct xml_reader *reader, unsigned side)
{
	return xml_either(reader, side + PARTY_IBAN, side + PARTY_ACCOUNT);
}

struct slice xml_party_name(const struct xml_reader *reader, unsigned side)
{
	return xml_either(reader, side + PARTY_NAME, side + PARTY_ACCOUNT_NAME);
}

struct slice xml_party_bank(const struct xml_reader *reader, unsigned side)
{
	struct slice branch = xml_value(reader, side + PARTY_BRANCH);
	struct slice member = xml_value(reader, side + PARTY_MEMBER);

	if (ident_bank_shaped(branch))
		return branch;
	return ident_bank_shaped(member) ? member : (struct slice){0};
}

struct slice xml_party_bank_code(const struct xml_reader *reader, unsigned side)
{
	struct slice bank = xml_party_bank(reader, side);

	if (bank.length > 0)
		return bank;
	bank = xml_either(reader, side + PARTY_BIC, side + PARTY_MEMBER);
	return bank.length > 0 ? bank : xml_value(reader, side + PARTY_BRANCH);
}

bool xml_party_banks_with(const struct xml_reader *reader, unsigned side, struct slice bank)
{
	return slice_equal(xml_value(reader, side + PARTY_BRANCH), bank) ||
	       slice_equal(xml_value(reader, side + PARTY_MEMBER), bank);
}

/* An organisation's identification may be of any scheme: only what has a USCC's shape is taken for one. */
static int set_enterprise(struct xml_reader *reader, struct tx_build *build, unsigned side)
{
	struct slice code = xml_value(reader, side + PARTY_CODE);

	return ident_uscc_shaped(code) ? tx_build_set(build, TX_ENTERPRISE_FIELD, code) : 0;
}

int xml_party_set_own(struct xml_reader *reader, struct tx_build *build, unsigned side)
{
	struct slice account = xml_party_account(reader, side);

	if (account.length > 0 && tx_build_set(build, TX_ACCOUNT_FIELD, account) == -1)
		return -1;
	if (tx_build_set(build, TX_ACCOUNT_NAME_FIELD, xml_party_name(reader, side)) == -1)
		return -1;
	return set_enterprise(reader, build, side);
}

static void set_kind(struct xml_reader *reader, struct tx_build *build, unsigned side)
{
	if (xml_value(reader, side + PARTY_INSTITUTION).length > 0)
		tx_build_word(build, TX_PARTY_KIND_FIELD, TX_BANK);
	else if (xml_value(reader, side + PARTY_ORGANISATION).length > 0)
		tx_build_word(build, TX_PARTY_KIND_FIELD, TX_COMPANY);
	else if (xml_value(reader, side + PARTY_PRIVATE).length > 0)
		tx_build_word(build, TX_PARTY_KIND_FIELD, TX_PERSON);
}

int xml_party_set_counterparty(struct xml_reader *reader, struct tx_build *build, unsigned side)
{
	struct slice country = xml_either(reader, side + PARTY_COUNTRY, side + PARTY_RESIDENCE);

	set_kind(reader, build, side);
	if (tx_build_set(build, TX_PARTY_ACCOUNT_FIELD, xml_party_account(reader, side)) == -1 ||
	    tx_build_set(build, TX_PARTY_NAME_FIELD, xml_party_name(reader, side)) == -1 ||
	    tx_build_set(build, TX_PARTY_BANK_FIELD, xml_party_bank_code(reader, side)) == -1)
		return -1;
	return tx_build_set(build, TX_PARTY_COUNTRY_FIELD, country);
}
