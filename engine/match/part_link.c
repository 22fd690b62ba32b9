/*
 * `link` and `path` are decided where transactions of several accounts meet (link/link.h). Here they hold,
 * and what would be a hit becomes an event for there.
 */
#include "base/counters.h"
#include "base/device.h"
#include "match/matcher.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

bool part_link_holds(struct matcher *m, const struct plan_part *part)
{
	(void)m;
	(void)part;
	return true;
}

/* Banks write the same number with blanks and hyphens or without; mostly it is digits alone. */
static uint64_t account_hash(struct slice account)
{
	char kept[64];
	size_t length = 0;
	uint32_t i = 0;

	while (i < account.length && i < sizeof(kept) && account.at[i] >= '0' && account.at[i] <= '9')
		i++;
	if (i == account.length)
		return XXH3_64bits(account.at, account.length);
	for (i = 0; i < account.length && length < sizeof(kept); i++) {
		char c = account.at[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != ' ' && c != '-')
			kept[length++] = c;
	}
	return XXH3_64bits(kept, length);
}

static uint64_t own_hash(const struct tx *tx)
{
	return XXH3_64bits(tx->bank.at, tx->bank.length) * 31 + account_hash(tx->account);
}

/* By its number, or its folded name where there is none; 0: nobody was given. */
static uint64_t party_hash(struct matcher *m)
{
	const struct tx *tx = m->input.tx;
	ptrdiff_t folded;

	if (tx->counterparty.account.length > 0)
		return account_hash(tx->counterparty.account);
	folded = fold_text(tx->counterparty.name.at, tx->counterparty.name.length, m->input.fold_bytes, FOLD_BYTES_MAX);
	return folded > 0 ? XXH3_64bits(m->input.fold_bytes, (size_t)folded) : 0;
}

static uint64_t who_hash(struct matcher *m, uint8_t distinct)
{
	const struct tx *tx = m->input.tx;
	const struct reference_enterprise *known;
	struct slice uscc = tx->enterprise;

	if (distinct == LINK_PARTIES)
		return party_hash(m);
	if (distinct == LINK_BANKS)
		return XXH3_64bits(tx->bank.at, tx->bank.length);
	if (distinct == LINK_ENTERPRISES && uscc.length == 0 && m->reference != NULL) {
		known = reference_enterprise(m->reference, uscc, tx->bank, tx->account);
		uscc = known != NULL ? known->uscc : uscc;
	}
	return distinct == LINK_ENTERPRISES && uscc.length > 0 ? XXH3_64bits(uscc.at, uscc.length) : own_hash(tx);
}

/* What the rule's accounts may share; false where the transaction doesn't have it. */
static bool key_hash(struct matcher *m, uint8_t field, uint64_t *key_r)
{
	struct slice text = tx_text(m->input.tx, field);
	ptrdiff_t folded;

	if (text.length == 0)
		return false;
	if (field == TX_DEVICE_FIELD && device_is_kind(text)) {
		count(COUNT_LINK_DEVICE_KINDS);
		return false;
	}
	if (field == TX_ACCOUNT_FIELD) {
		*key_r = own_hash(m->input.tx);
	} else if (field == TX_PARTY_ACCOUNT_FIELD) {
		*key_r = account_hash(text);
	} else {
		/*
		 * Names, and the addresses of machines in whatever case and with whatever signs between their digits.
		 */
		folded = fold_text(text.at, text.length, m->input.fold_bytes, FOLD_BYTES_MAX);
		if (folded <= 0)
			return false;
		*key_r = field == TX_IP_FIELD ? XXH3_64bits(text.at, text.length)
		                              : XXH3_64bits(m->input.fold_bytes, (size_t)folded);
	}
	*key_r = *key_r * 31 + field;
	return true;
}

static bool is_listed(struct matcher *m, const struct plan_link *plan)
{
	bool debit = m->input.tx->direction == TX_DEBIT;
	uint8_t account = debit ? TX_PARTY_ACCOUNT_FIELD : TX_ACCOUNT_FIELD,
		name = debit ? TX_PARTY_NAME_FIELD : TX_ACCOUNT_NAME_FIELD;

	return condition_listed(&m->input, account, REFERENCE_ACCOUNT, plan->list) != NULL ||
	       condition_listed(&m->input, name, REFERENCE_NAME, plan->list) != NULL;
}

/* Every path asks the same: hashed once a transaction. */
static void path_ends(struct matcher *m, uint64_t *own_r, uint64_t *other_r)
{
	if (m->ends.epoch != m->input.epoch) {
		m->ends.epoch = m->input.epoch;
		m->ends.own = account_hash(m->input.tx->account);
		m->ends.other = account_hash(m->input.tx->counterparty.account);
	}
	*own_r = m->ends.own;
	*other_r = m->ends.other;
}

bool link_event_fill(struct matcher *m, const struct plan_link *plan, struct link_event *event)
{
	const struct tx *tx = m->input.tx;
	uint64_t own, other;

	event->rule = &plan->rule;
	if (plan->rule.kind == LINK_KEY) {
		event->who = who_hash(m, plan->rule.distinct);
		return (event->who != 0 || plan->rule.distinct != LINK_PARTIES) && key_hash(m, plan->by, &event->key);
	}
	/* Without the list no way leads to it. */
	if (tx->counterparty.account.length == 0 ||
	    (plan->rule.shape == LINK_TO_LISTED && m->lists[plan->list] == NULL))
		return false;
	path_ends(m, &own, &other);
	event->credit = tx->direction == TX_CREDIT;
	event->from = event->credit ? other : own;
	event->to = event->credit ? own : other;
	event->listed = plan->rule.shape == LINK_TO_LISTED && is_listed(m, plan);
	return own != other;
}
