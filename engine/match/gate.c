#include "match/gate.h"

#include "base/instant.h"
#include "base/money.h"

static uint32_t amount_symbol(struct matcher *m)
{
	int64_t cny = plan_amount_cny(m->set, m->input.tx->amount_minor, m->input.tx->currency);

	m->input.no_rate = m->input.no_rate || cny == TX_ABSENT;
	return cny == TX_ABSENT ? GATE_ABSENT : gate_band(cny);
}

/*
 * Conditions ask when the counterparty was first met, sequences what the tape remembers; should the two ever
 * differ, both are let through. Without a view (a late transaction) nothing is known of what the account did
 * before.
 */
static uint32_t novelty_symbol(const struct profile_view *view)
{
	struct profile_event event;
	uint32_t symbol = 0;
	int64_t first_ms = view != NULL ? profile_first_seen(view, PROFILE_PARTY) : TX_ABSENT;

	if (view != NULL && profile_event_at(view, 0, &event))
		symbol = sequence_novelty(&event);
	return symbol | (first_ms == TX_ABSENT ? GATE_NO_PARTY : first_ms == view->now_ms ? GATE_NEW : GATE_KNOWN);
}

static uint32_t met_symbol(const struct profile_view *view)
{
	int64_t first_ms = view != NULL ? profile_first_seen(view, PROFILE_PARTY) : TX_ABSENT;

	return first_ms == TX_ABSENT ? GATE_ABSENT : gate_band(view->now_ms - first_ms);
}

static uint32_t idle_symbol(const struct profile_view *view)
{
	int64_t before_ms = view != NULL ? profile_previous(view) : TX_ABSENT;

	return before_ms == TX_ABSENT ? GATE_ABSENT : gate_band(view->now_ms - before_ms);
}

/* As condition_watched() says. */
static uint32_t watched_symbol(const struct condition_input *input)
{
	int64_t ms = condition_watched(input);

	return ms == VALUE_ABSENT ? GATE_ABSENT : gate_band(ms);
}

static uint32_t left_symbol(const struct profile_view *view)
{
	struct profile_event event;

	if (view == NULL || !profile_event_at(view, 0, &event) || event.left_percent > GATE_LEFT_ABSENT)
		return GATE_LEFT_ABSENT;
	return event.left_percent;
}

static uint32_t said_symbol(const struct tx *tx)
{
	return (tx->purpose.length > 0 ? GATE_PURPOSE : 0) | (tx->remark.length > 0 ? GATE_REMARK : 0) |
	       (tx->counterparty.name.length > 0 ? GATE_PARTY_NAME : 0) |
	       (tx->counterparty.account.length > 0 ? GATE_PARTY_ACCOUNT : 0) |
	       (tx->counterparty.bank.length > 0 ? GATE_PARTY_BANK : 0) |
	       (tx->balance_minor != TX_ABSENT ? GATE_BALANCE : 0) | (tx->currency != MONEY_CNY ? GATE_FOREIGN : 0);
}

static uint32_t symbol_of(struct matcher *m, enum gate_place place)
{
	const struct tx *tx = m->input.tx;

	switch (place) {
	case GATE_DIRECTION: return tx->direction;
	case GATE_AMOUNT: return amount_symbol(m);
	case GATE_KIND: return tx->counterparty.kind;
	case GATE_CHANNEL: return tx->channel;
	case GATE_SAID: return said_symbol(tx);
	case GATE_HOUR: return (uint32_t)instant_china_hour(tx->booked_ms);
	case GATE_NOVELTY: return novelty_symbol(m->input.view);
	case GATE_IDLE: return idle_symbol(m->input.view);
	case GATE_WATCHED: return watched_symbol(&m->input);
	case GATE_MET: return met_symbol(m->input.view);
	default: return left_symbol(m->input.view);
	}
}

typedef uint64_t two_words __attribute__((vector_size(16), may_alias)); /* in one step */

void gate_choose(struct matcher *m)
{
	const struct plan_gate *gate = &m->set->gate;
	const uint64_t *rows[GATE_PLACES];
	uint32_t count = 0;

	for (uint32_t places = gate->places; places != 0; places &= places - 1) {
		enum gate_place place = (enum gate_place)__builtin_ctz(places);
		size_t row = gate->first_row[place] + symbol_of(m, place);
		rows[count++] = gate->rows + row * gate->lines * GATE_LINE;
	}
	for (size_t first = 0; first < (size_t)gate->lines * GATE_LINE; first += 2) {
		two_words both = {UINT64_MAX, UINT64_MAX};
		for (uint32_t i = 0; i < count; i++)
			both &= *(const two_words *)(rows[i] + first);
		memcpy(m->passing + first, &both, sizeof(both));
	}
}
