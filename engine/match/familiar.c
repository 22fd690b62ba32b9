/*
 * Who is no stranger though the account never met him. Banks check names against accounts, so the own name is the own firm;
 * topping up from another bank what then is paid to a supplier is no stranger's money passing through.
 */
#include "match/condition.h"
#include "match/match.h"
#include "match/matcher.h"

bool match_is_familiar(struct matcher *matcher, const struct tx *tx)
{
	struct condition_input *input = &matcher->input;
	uint8_t kind = tx->counterparty.kind;

	condition_begin(input, tx, NULL);
	if (condition_is_own_name(input, tx->counterparty.name) == 1)
		return true;
	return tx->direction == TX_CREDIT && (kind == TX_BANK || kind == TX_TREASURY ||
	                                      condition_is_legal_representative(input, tx->counterparty.name) == 1);
}
