#include "match/gate.h"

#include "base/instant.h"
#include "base/money.h"

static uint32_t amount_symbol(struct matcher *m)
{
	int64_t cny = plan_amount_cny(m->set, m->input.tx->amount_minor, m->input.tx->currency);
	bool asked = (m->set->gate.places & 1u << GATE_AMOUNT) != 0;

	m->input.no_rate = m->input.no_rate || (asked && cny == TX_ABSENT);
	return cny == TX_ABSENT ? GATE_ABSENT : gate_band(cny);
}

static uint32_t since_symbol(const struct profile_view *view, int64_t ms)
{
	return ms == TX_ABSENT ? GATE_ABSENT : gate_band(view->now_ms - ms);
}

/* As condition_watched() says. */
static uint32_t watched_symbol(const struct condition_input *input)
{
	int64_t ms = condition_watched(input);

	return ms == VALUE_ABSENT ? GATE_ABSENT : gate_band(ms);
}

/*
 * Conditions ask when the counterparty was first met, sequences what the tape remembers; should the two ever
 * differ, both are let through.
 */
static void memory_symbols(const struct condition_input *input, uint32_t symbols[GATE_PLACES])
{
	const struct profile_view *view = input->view;
	int64_t first_ms = profile_first_seen(view, PROFILE_PARTY);
	struct profile_event event;

	symbols[GATE_NOVELTY] = first_ms == TX_ABSENT ? GATE_NO_PARTY : first_ms == view->now_ms ? GATE_NEW : GATE_KNOWN;
	symbols[GATE_MET] = since_symbol(view, first_ms);
	symbols[GATE_IDLE] = since_symbol(view, profile_previous(view));
	symbols[GATE_WATCHED] = watched_symbol(input);
	symbols[GATE_EVENTS] = profile_events_until(view, GATE_EVENTS_MOST);
	symbols[GATE_LEFT] = GATE_LEFT_ABSENT;
	if (!profile_event_at(view, 0, &event))
		return;
	symbols[GATE_NOVELTY] |= sequence_novelty(&event);
	if (event.left_percent < GATE_LEFT_ABSENT)
		symbols[GATE_LEFT] = event.left_percent;
}

static uint32_t said_symbol(const struct tx *tx)
{
	return (tx->purpose.length > 0 ? GATE_PURPOSE : 0) | (tx->remark.length > 0 ? GATE_REMARK : 0) |
	       (tx->counterparty.name.length > 0 ? GATE_PARTY_NAME : 0) |
	       (tx->counterparty.account.length > 0 ? GATE_PARTY_ACCOUNT : 0) |
	       (condition_bank_is_told(tx) ? GATE_PARTY_BANK : 0) |
	       (tx->balance_minor != TX_ABSENT ? GATE_BALANCE : 0) | (tx->currency != MONEY_CNY ? GATE_FOREIGN : 0);
}

static void tx_symbols(struct matcher *m, uint32_t symbols[GATE_PLACES])
{
	const struct tx *tx = m->input.tx;

	symbols[GATE_DIRECTION] = tx->direction;
	symbols[GATE_AMOUNT] = amount_symbol(m);
	symbols[GATE_KIND] = tx->counterparty.kind;
	symbols[GATE_CHANNEL] = tx->channel;
	symbols[GATE_SAID] = said_symbol(tx);
	symbols[GATE_HOUR] = (uint32_t)instant_china_hour(tx->booked_ms);
}

typedef uint64_t two_words __attribute__((vector_size(16), may_alias)); /* in one step */

/* What a line of cache of all rows has in common; it stays in registers meanwhile. */
static inline void pass_line(const uint64_t *const *rows, uint32_t count, size_t first, uint64_t *passing)
{
	two_words a = {UINT64_MAX, UINT64_MAX}, b = a, c = a, d = a;

	for (uint32_t i = 0; i < count; i++) {
		const two_words *row = (const two_words *)(rows[i] + first);
		a &= row[0];
		b &= row[1];
		c &= row[2];
		d &= row[3];
	}
	memcpy(passing + first, &a, sizeof(a));
	memcpy(passing + first + 2, &b, sizeof(b));
	memcpy(passing + first + 4, &c, sizeof(c));
	memcpy(passing + first + 6, &d, sizeof(d));
}

_Static_assert(GATE_LINE == 8, "four times two words");

void gate_choose(struct matcher *m)
{
	const struct plan_gate *gate = &m->set->gate;
	/* Without a view (a late transaction) nothing is known of what the account did before. */
	uint32_t symbols[GATE_PLACES] = {[GATE_NOVELTY] = GATE_NO_PARTY, [GATE_LEFT] = GATE_LEFT_ABSENT};
	const uint64_t *rows[GATE_PLACES];
	uint32_t count = 0;

	tx_symbols(m, symbols);
	if (m->input.view != NULL)
		memory_symbols(&m->input, symbols);
	for (uint32_t places = gate->places; places != 0; places &= places - 1) {
		uint32_t place = (uint32_t)__builtin_ctz(places);
		size_t row = gate->first_row[place] + symbols[place];
		rows[count++] = gate->rows + row * gate->lines * GATE_LINE;
	}
	for (uint32_t line = 0; line < gate->lines; line++)
		pass_line(rows, count, (size_t)line * GATE_LINE, m->passing);
}
