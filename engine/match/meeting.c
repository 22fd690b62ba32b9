/*
 * What a first meeting says of a party. Who is no stranger though the account never met him: banks check names against
 * accounts, so the own name is the own firm; topping up from another bank what then is paid to a supplier is no
 * stranger's money passing through. And where a firm banks, for an account that pays all over the country is not
 * alarmed by one more far away.
 */
#include "match/condition.h"
#include "match/match.h"
#include "match/matcher.h"

/* The head of the group pays in what its firm is to pay out. */
static bool is_head(struct condition_input *input)
{
	static const char *const heads[] = {"集团", "控股", "投资"};
	struct slice name = condition_text_folded(input, TX_PARTY_NAME_FIELD)->text;
	bool says_so = false;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]) && name.length > 0; i++)
		says_so = says_so || memmem(name.at, name.length, heads[i], strlen(heads[i])) != NULL;
	return says_so && condition_shares_brand(input, input->tx->counterparty.name) == 1;
}

static bool is_familiar(struct condition_input *input)
{
	const struct tx *tx = input->tx;
	uint8_t kind = tx->counterparty.kind;

	if (condition_is_own_name(input, tx->counterparty.name) == 1)
		return true;
	return tx->direction == TX_CREDIT &&
	       (kind == TX_BANK || kind == TX_TREASURY ||
	        condition_is_legal_representative(input, tx->counterparty.name) == 1 || is_head(input));
}

/* Where a firm banks that the account begins to pay; nothing where its bank, or the own, is not told. */
static unsigned place_of_firm(struct condition_input *input)
{
	int64_t province = condition_same_place(input, OP_SAME_PROVINCE, TX_PARTY_BANK_FIELD);
	int64_t city = condition_same_place(input, OP_SAME_CITY, TX_PARTY_BANK_FIELD);
	unsigned meeting = 0;

	if (province != VALUE_ABSENT)
		meeting |= province ? MEETING_FIRM : MEETING_FIRM | MEETING_FIRM_ELSEWHERE;
	if (city != VALUE_ABSENT && condition_is_named_here(input, input->tx->counterparty.name) == 1)
		meeting |= city ? MEETING_NEIGHBOUR : MEETING_NEIGHBOUR | MEETING_NEIGHBOUR_ELSEWHERE;
	return meeting;
}

unsigned match_meeting(struct matcher *matcher, const struct tx *tx)
{
	struct condition_input *input = &matcher->input;
	unsigned meeting;

	condition_begin(input, tx, NULL);
	if (is_familiar(input))
		return MEETING_FAMILIAR;
	if (tx->direction != TX_DEBIT || tx->counterparty.kind == TX_PERSON)
		return 0;
	meeting = tx->counterparty.kind == TX_COMPANY ? place_of_firm(input) : 0;
	return meeting | condition_bank_province(tx) << MEETING_PROVINCE_SHIFT;
}
