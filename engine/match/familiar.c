/*
 * Who is no stranger though the account never met him. Banks check names against accounts, so the own name is the own firm;
 * topping up from another bank what then is paid to a supplier is no stranger's money passing through.
 */
#include "match/condition.h"
#include "match/match.h"
#include "match/matcher.h"

#include "fold/fold.h"

enum { BRAND_BYTES = 6, BRAND_REACH = 15 }; /* two characters, among the first five */

static bool is_brand(const char *at)
{
	static const char no_brand[][4] = {"市", "区", "县", "省", "镇", "乡"};

	for (size_t i = 0; i < sizeof(no_brand) / sizeof(no_brand[0]); i++)
		if (memcmp(at, no_brand[i], 3) == 0 || memcmp(at + 3, no_brand[i], 3) == 0)
			return false;
	return true;
}

/*
 * The brand stands behind the place, or first where there is none: 云桥市恒达投资集团, 林港恒达机械. What stands first in
 * both is the place. All of it Chinese characters of three bytes; else no brand is found.
 */
static bool share_brand(struct slice a, struct slice b)
{
	for (uint32_t i = 0; i + BRAND_BYTES <= a.length && i <= BRAND_REACH - BRAND_BYTES; i += 3)
		for (uint32_t j = 0; j + BRAND_BYTES <= b.length && j <= BRAND_REACH - BRAND_BYTES; j += 3)
			if ((i > 0 || j > 0) && memcmp(a.at + i, b.at + j, BRAND_BYTES) == 0 && is_brand(a.at + i))
				return true;
	return false;
}

/* The head of the group pays in what its firm is to pay out. */
static bool is_head(struct condition_input *input)
{
	static const struct slice heads[] = {
		{"集团", sizeof("集团") - 1}, {"控股", sizeof("控股") - 1}, {"投资", sizeof("投资") - 1}};
	const struct reference_enterprise *enterprise = condition_enterprise(input);
	const struct tx *tx = input->tx;
	char bytes[FOLD_BYTES_MAX], own_bytes[FOLD_BYTES_MAX];
	ptrdiff_t length = fold_text(tx->counterparty.name.at, tx->counterparty.name.length, bytes, sizeof(bytes));
	struct slice name = {bytes, length > 0 ? (uint32_t)length : 0}, own = {own_bytes, 0};
	bool says_so = false;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		says_so = says_so || (name.length > 0 && memmem(name.at, name.length, heads[i].at, heads[i].length) != NULL);
	if (!says_so)
		return false;
	length = fold_text(tx->account_name.at, tx->account_name.length, own_bytes, sizeof(own_bytes));
	own.length = length > 0 ? (uint32_t)length : 0;
	if (own.length == 0 && enterprise != NULL)
		own = enterprise->folded.name;
	return share_brand(own, name);
}

bool match_is_familiar(struct matcher *matcher, const struct tx *tx)
{
	struct condition_input *input = &matcher->input;
	uint8_t kind = tx->counterparty.kind;

	condition_begin(input, tx, NULL);
	if (condition_is_own_name(input, tx->counterparty.name) == 1)
		return true;
	return tx->direction == TX_CREDIT &&
	       (kind == TX_BANK || kind == TX_TREASURY ||
	        condition_is_legal_representative(input, tx->counterparty.name) == 1 || is_head(input));
}
