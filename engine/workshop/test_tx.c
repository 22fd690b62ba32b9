/*
 * A test's transaction as the pipeline gets it: decoded like any bank's, then filled with what the history
 * tells: whom a role names, how much is usual, the firm's own machine and running balance.
 */
#include "workshop/test_tx.h"

#include <stdio.h>

#include "base/money.h"

enum { NEW_ACCOUNT_DIGITS = 19, YUAN_MINOR = 100 };

static bool given(const struct pattern_test_tx *asked, enum tx_field field)
{
	return asked->given >> field & 1;
}

static bool own_account(const struct tx *tx)
{
	return slice_is(tx->bank, PATTERN_TEST_BANK) && slice_is(tx->account, PATTERN_TEST_ACCOUNT);
}

/* Another account of the same holder, or a lookalike's: digits that depend on whose and for what. */
static struct slice new_account(struct test_story *story, const struct history_party *party, uint8_t how)
{
	struct slice old = party->party.account;
	char digits[NEW_ACCOUNT_DIGITS + 1];

	for (int i = 0; i < NEW_ACCOUNT_DIGITS; i++) {
		int digit = (int)old.length > i && old.at[i] >= '0' && old.at[i] <= '9' ? old.at[i] - '0' : i;
		digits[i] = (char)(i < 4 ? '6' : '0' + (digit + 3 + how + i) % 10);
	}
	return arena_copy(&story->arena, (struct slice){digits, NEW_ACCOUNT_DIGITS});
}

static struct slice lookalike(struct test_story *story, const struct history_party *party)
{
	char name[SIMULATE_NAME_BYTES];
	struct slice made = party->party.name;

	/* Some seeds change nothing where a name has nothing that can be mistaken for another. */
	for (uint64_t seed = 1; seed < 50 && slice_equal(made, party->party.name); seed++)
		made = simulate_lookalike(seed, party->party.name, name);
	return arena_copy(&story->arena, made);
}

static int fill_party(struct test_story *story, const struct pattern_test_tx *asked, struct tx *tx,
                      struct error *error)
{
	unsigned count;
	const struct history_party *known =
		history_party(story->history, asked->role, asked->role_number, &count);
	struct tx_party party;

	if (known == NULL)
		return error_set(error, "the history `%s` has no `%s%u`; it has %u",
		                 pattern_history_names[story->history->kind], pattern_role_names[asked->role],
		                 asked->role_number, count);
	party = known->party;
	if (asked->party_how != PATTERN_PARTY_AS) {
		party.account = new_account(story, known, asked->party_how);
		party.bank = slice_of(simulate_bank_code(0));
	}
	if (asked->party_how == PATTERN_PARTY_LIKE)
		party.name = lookalike(story, known);
	if (!given(asked, TX_PARTY_ACCOUNT_FIELD))
		tx->counterparty.account = party.account;
	if (!given(asked, TX_PARTY_NAME_FIELD))
		tx->counterparty.name = party.name;
	if (!given(asked, TX_PARTY_BANK_FIELD))
		tx->counterparty.bank = arena_copy(&story->arena, party.bank);
	if (!given(asked, TX_PARTY_KIND_FIELD))
		tx->counterparty.kind = party.kind;
	return 0;
}

static int fill_amount(struct test_story *story, const struct pattern_test_tx *asked, struct tx *tx,
                       struct error *error)
{
	int64_t base = 0;

	switch (asked->amount_of) {
	case PATTERN_AMOUNT_GIVEN: return 0;
	case PATTERN_AMOUNT_USUAL: base = story->history->usual_minor[tx->direction]; break;
	case PATTERN_AMOUNT_LARGE: base = story->history->large_minor[tx->direction]; break;
	case PATTERN_AMOUNT_BALANCE: base = story->balance_minor == TX_ABSENT ? 0 : story->balance_minor; break;
	}
	if (base <= 0)
		return error_set(error, "its amount is a part of the %s, which is not known there",
		                 asked->amount_of == PATTERN_AMOUNT_BALANCE ? "balance" : "usual amounts");
	tx->amount_minor = base * asked->amount_permille / 1000;
	tx->amount_minor -= tx->amount_minor > YUAN_MINOR ? tx->amount_minor % YUAN_MINOR : 0;
	return 0;
}

/* What the history's bank would send beside, of the history's account. */
static void fill_account(const struct history *h, const struct pattern_test_tx *asked, struct tx *tx)
{
	bool by_people = tx->direction == TX_DEBIT && (tx->channel == TX_ONLINE || tx->channel == TX_MOBILE ||
	                                               tx->channel == TX_PAYROLL);

	if (!given(asked, TX_BANK_FIELD))
		tx->bank = h->enterprise.bank;
	if (!given(asked, TX_ACCOUNT_NAME_FIELD))
		tx->account_name = h->enterprise.name;
	if (!given(asked, TX_ENTERPRISE_FIELD))
		tx->enterprise = h->enterprise.uscc;
	if (!given(asked, TX_OPENED_ON_FIELD))
		tx->opened_day = h->enterprise.opened_day;
	if (!by_people)
		return;
	if (!given(asked, TX_IP_FIELD))
		tx->ip = h->machine.ip;
	if (!given(asked, TX_MAC_FIELD))
		tx->mac = h->machine.mac;
	if (!given(asked, TX_DEVICE_FIELD))
		tx->device = h->machine.device;
	if (!given(asked, TX_OPERATOR_FIELD))
		tx->operator= h->machine.operator;
	if (!given(asked, TX_PLACE_FIELD))
		tx->place = h->machine.place;
}

/* A payment that the account cannot have made leaves the balance unknown. */
static void fill_balance(struct test_story *story, const struct pattern_test_tx *asked, struct tx *tx)
{
	bool judged = tx->status == TX_BOOKED || tx->status == TX_PENDING;
	int64_t change = tx->direction == TX_DEBIT ? -tx->amount_minor : tx->amount_minor;

	if (given(asked, TX_BALANCE_FIELD) || !judged) {
		story->balance_minor = judged ? tx->balance_minor : story->balance_minor;
		return;
	}
	if (story->balance_minor == TX_ABSENT)
		return;
	story->balance_minor += change;
	if (story->balance_minor < 0 || tx->currency != money_currency_find(slice_of("CNY")))
		story->balance_minor = TX_ABSENT;
	if (story->history != NULL)
		tx->balance_minor = story->balance_minor;
}

int test_tx_fill(struct test_story *story, const struct pattern_test_tx *asked, struct tx *tx,
                 struct error *error)
{
	bool own = own_account(tx);

	if (asked->party_how != PATTERN_PARTY_GIVEN && fill_party(story, asked, tx, error) == -1)
		return -1;
	if (fill_amount(story, asked, tx, error) == -1)
		return -1;
	if (own && story->history != NULL)
		fill_account(story->history, asked, tx);
	if (own)
		fill_balance(story, asked, tx);
	return 0;
}
