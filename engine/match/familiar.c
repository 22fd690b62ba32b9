/*
 * Who is no stranger though the account never met him. Banks check names against accounts, so the own name is the own firm;
 * topping up from another bank what then is paid to a supplier is no stranger's money passing through.
 */
#include "match/condition.h"
#include "match/match.h"
#include "match/matcher.h"

#include "fold/fold.h"

static const struct slice bank_words[] = {
#define BANK_WORD(word) {word, sizeof(word) - 1},
#include "match/bank_words.def"
#undef BANK_WORD
};

static bool has_word(struct slice name, struct slice word)
{
	return name.length >= word.length && memmem(name.at, name.length, word.at, word.length) != NULL;
}

/* A firm that lends, or advises on loans, is no bank's book; its kind or its name's end tells. */
static bool is_bank_book(const struct tx *tx)
{
	static const struct slice firm = {"公司", sizeof("公司") - 1}, bank = {"银行", sizeof("银行") - 1};
	char bytes[FOLD_BYTES_MAX];
	const struct tx_party *party = &tx->counterparty;
	ptrdiff_t length;
	struct slice name;

	if (party->kind == TX_BANK || party->kind == TX_TREASURY)
		return true;
	if (party->kind == TX_COMPANY || party->kind == TX_PERSON)
		return false;
	length = fold_text(party->name.at, party->name.length, bytes, sizeof(bytes));
	name = (struct slice){bytes, length > 0 ? (uint32_t)length : 0};
	if (has_word(name, firm) && !has_word(name, bank))
		return false;
	for (size_t i = 0; i < sizeof(bank_words) / sizeof(bank_words[0]); i++)
		if (has_word(name, bank_words[i]))
			return true;
	return false;
}

bool match_is_familiar(struct matcher *matcher, const struct tx *tx)
{
	struct condition_input *input = &matcher->input;

	condition_begin(input, tx, NULL);
	if (condition_is_own_name(input, tx->counterparty.name) == 1)
		return true;
	return tx->direction == TX_CREDIT &&
	       (is_bank_book(tx) || condition_is_legal_representative(input, tx->counterparty.name) == 1);
}
