/*
 * An account's memory that is a list of transactions: the functions of profile.h that look into a view, defined
 * for one test program, which must not also link the real ones. They know nothing but the filter that a condition
 * was compiled to. Tests of the profile prove that the real ones do the same.
 */
#ifndef TESTS_PLAIN_MEMORY_H
#define TESTS_PLAIN_MEMORY_H

#include "base/instant.h"
#include "pattern/pattern.h"
#include "tests/reference/condition.h"
#include "tests/unit/match_fixture.h"

enum { HISTORY_MAX = 24 };

static struct tx history[HISTORY_MAX];

struct memory {
	const struct tx *txs; /* the last is the transaction at hand */
	size_t count;
	struct pattern_set *set; /* for its rates */
};

static unsigned windows_asked, parties_asked;

static const struct memory *memory_of(const struct profile_view *view)
{
	return view->account;
}

static int64_t amount_of(const struct memory *m, const struct tx *tx)
{
	int64_t cny = plan_amount_cny(m->set, tx->amount_minor, tx->currency);

	return cny == TX_ABSENT ? 0 : cny;
}

/* The place, from 1 on, of the first transaction with the same counterparty; 0: none was given. */
static uint32_t party_of(const struct memory *m, size_t at)
{
	char room[8192], other[8192];
	const struct tx *tx = &m->txs[at];
	bool by_account = tx->counterparty.account.length > 0;
	struct slice key = by_account ? tx->counterparty.account : reference_folded(tx->counterparty.name, room);

	for (size_t i = 0; i <= at && key.length > 0; i++) {
		const struct tx *t = &m->txs[i];
		bool t_by_account = t->counterparty.account.length > 0;
		if (slice_equal(t_by_account ? t->counterparty.account : reference_folded(t->counterparty.name, other), key))
			return (uint32_t)i + 1;
	}
	return 0;
}

static struct profile_event event_at(const struct memory *m, size_t at)
{
	const struct tx *tx = &m->txs[at];
	uint32_t party = party_of(m, at);

	return (struct profile_event){
		.booked_ms = tx->booked_ms, .amount_minor = amount_of(m, tx), .party = party, .direction = tx->direction,
		.kind = tx->counterparty.kind, .channel = tx->channel, .is_new = party == at + 1,
		.hour = (uint8_t)instant_china_hour(tx->booked_ms), .left_percent = 255,
	};
}

bool profile_event_at(const struct profile_view *view, uint32_t i, struct profile_event *event_r)
{
	const struct memory *m = memory_of(view);

	if (i >= m->count)
		return false;
	*event_r = event_at(m, m->count - 1 - i);
	return true;
}

uint32_t profile_events_read(const struct profile_view *view, uint32_t i, int64_t since_ms,
                             struct profile_event *events_r)
{
	uint32_t count = 0;

	while (profile_event_at(view, i + count, &events_r[count]))
		if (events_r[count++].booked_ms < since_ms)
			break;
	return count;
}

/* All lie open here, so that a yes is certain, too. */
bool profile_may_hold(const struct profile_view *view, int64_t after_ms, uint32_t count)
{
	const struct memory *m = memory_of(view);
	uint32_t there = 0;

	for (size_t i = 0; i < m->count; i++)
		there += m->txs[i].booked_ms > after_ms;
	return there >= count;
}

uint32_t profile_events_until(const struct profile_view *view, uint32_t most)
{
	const struct memory *m = memory_of(view);

	return m->count < most ? (uint32_t)m->count : most;
}

static bool fits(const struct profile_filter *f, const struct profile_event *e, const struct profile_event *now)
{
	return f->directions >> e->direction & 1 && (f->kinds == 0 || f->kinds >> e->kind & 1) &&
	       (f->channels == 0 || f->channels >> e->channel & 1) && (f->hours == 0 || f->hours >> e->hour & 1) &&
	       (f->novelty == 0 || (e->party > 0 && e->is_new == (f->novelty == 1))) &&
	       (!f->same_party || (e->party > 0 && e->party == now->party)) &&
	       (!f->same_amount || e->amount_minor == now->amount_minor) &&
	       (!f->has_amounts || (e->amount_minor >= f->amount_from_minor && e->amount_minor <= f->amount_to_minor));
}

static void window_sum(const struct profile_view *view, const struct profile_filter *filter, int64_t window_ms,
                       struct profile_sum *sum_r)
{
	const struct memory *m = memory_of(view);
	struct profile_event now = event_at(m, m->count - 1);
	bool met[HISTORY_MAX + 1] = {false};

	windows_asked++;
	*sum_r = (struct profile_sum){.min_minor = TX_ABSENT, .max_minor = TX_ABSENT, .exact = true};
	for (size_t i = 0; i < m->count; i++) {
		struct profile_event e = event_at(m, i);
		if (e.booked_ms <= now.booked_ms - window_ms || !fits(filter, &e, &now))
			continue;
		if (sum_r->count == 0 || e.amount_minor < sum_r->min_minor)
			sum_r->min_minor = e.amount_minor;
		if (sum_r->count == 0 || e.amount_minor > sum_r->max_minor)
			sum_r->max_minor = e.amount_minor;
		sum_r->count++;
		sum_r->sum_minor += e.amount_minor;
		sum_r->distinct += e.party > 0 && !met[e.party];
		met[e.party] = true;
	}
}

void profile_window(const struct profile_view *view, const struct profile_filter *filter, int64_t window_ms,
                    unsigned wanted, struct profile_sum *sum_r)
{
	window_sum(view, filter, window_ms, sum_r);
	parties_asked += (wanted & PROFILE_PARTIES) != 0;
	if ((wanted & PROFILE_PARTIES) == 0)
		sum_r->distinct = INT64_MIN;
	if ((wanted & PROFILE_AMOUNTS) == 0)
		sum_r->sum_minor = sum_r->min_minor = sum_r->max_minor = INT64_MIN;
}

/* The smallest amount with enough amounts at or below it. */
int64_t profile_percentile(const struct profile_view *view, enum tx_direction direction, int permille)
{
	const struct memory *m = memory_of(view);
	int64_t best = TX_ABSENT, count = 0;

	for (size_t i = 0; i + 1 < m->count; i++)
		count += m->txs[i].direction == direction;
	for (size_t i = 0; i + 1 < m->count && count >= 5; i++) {
		int64_t below = 0, amount = amount_of(m, &m->txs[i]);
		for (size_t j = 0; j + 1 < m->count; j++)
			below += m->txs[j].direction == direction && amount_of(m, &m->txs[j]) <= amount;
		if (m->txs[i].direction == direction && below * 1000 >= count * permille &&
		    (best == TX_ABSENT || amount < best))
			best = amount;
	}
	return best;
}

/* What came before in the same millisecond was before. */
static int64_t first_at(const struct memory *m, size_t at)
{
	int64_t then = m->txs[at].booked_ms, now = m->txs[m->count - 1].booked_ms;

	return at + 1 < m->count && then >= now ? now - 1 : then;
}

int64_t profile_first_seen(const struct profile_view *view, enum profile_subject subject)
{
	static const uint8_t fields[] = {
		[PROFILE_PARTY_NAME] = TX_PARTY_NAME_FIELD, [PROFILE_IP] = TX_IP_FIELD, [PROFILE_MAC] = TX_MAC_FIELD,
		[PROFILE_DEVICE] = TX_DEVICE_FIELD,
	};
	const struct memory *m = memory_of(view);
	uint32_t party = party_of(m, m->count - 1);
	char room[8192], other[8192];
	struct slice now;

	if (subject == PROFILE_PARTY)
		return party == 0 ? TX_ABSENT : first_at(m, party - 1);
	now = reference_folded(tx_text(view->tx, fields[subject]), room);
	for (size_t i = 0; now.length > 0 && i < m->count; i++)
		if (slice_equal(reference_folded(tx_text(&m->txs[i], fields[subject]), other), now))
			return first_at(m, i);
	return TX_ABSENT;
}

int64_t profile_begin(const struct profile_view *view)
{
	const struct memory *m = memory_of(view);

	return m->count < 2 ? TX_ABSENT : m->txs[0].booked_ms;
}

int64_t profile_previous(const struct profile_view *view)
{
	const struct memory *m = memory_of(view);

	return m->count < 2 ? TX_ABSENT : m->txs[m->count - 2].booked_ms;
}

int64_t profile_name_distance(const struct profile_view *view)
{
	return reference_some_distance(view->tx);
}

int64_t profile_name_added(const struct profile_view *view)
{
	int64_t distance = reference_some_distance(view->tx);

	return distance == TX_ABSENT ? TX_ABSENT : distance + 1;
}

bool profile_name_disguised(const struct profile_view *view)
{
	return reference_some_distance(view->tx) == 1;
}

uint32_t profile_name_provinces(const struct profile_view *view)
{
	return reference_some_provinces(memory_of(view)->count);
}

int64_t profile_newcomers(const struct profile_view *view, enum tx_direction direction, int64_t window_ms)
{
	const struct memory *m = memory_of(view);
	int64_t n = 0;

	for (size_t i = 0; i < m->count; i++) {
		bool first = m->txs[i].direction == direction && party_of(m, i) != 0;

		for (size_t j = 0; j < i && first; j++)
			first = m->txs[j].direction != direction || party_of(m, j) != party_of(m, i);
		n += first && m->txs[i].booked_ms > view->now_ms - window_ms;
	}
	return n;
}

unsigned profile_firms(const struct profile_view *view, unsigned *elsewhere_r)
{
	return reference_some_places(memory_of(view)->count, false, elsewhere_r);
}

unsigned profile_neighbours(const struct profile_view *view, unsigned *elsewhere_r)
{
	return reference_some_places(memory_of(view)->count, true, elsewhere_r);
}

int64_t profile_drained_days(const struct profile_view *view, int permille, int64_t window_ms)
{
	(void)view;
	return reference_some_days(permille, window_ms);
}

static void put(size_t at, const char *time, uint8_t direction, int64_t yuan, const char *account, uint8_t kind)
{
	struct tx *tx = &history[at];

	*tx = fixture_tx();
	assert_true(instant_parse(slice_of(time), &tx->booked_ms));
	tx->direction = direction;
	tx->amount_minor = yuan * 100;
	tx->counterparty.account = slice_of(account);
	tx->counterparty.name = slice_of(account);
	tx->counterparty.kind = kind;
	tx->counterparty.bank = slice_of(at % 3 == 0 ? "" : at % 3 == 1 ? "102393000019" : "308331000013");
	tx->channel = at % 2 == 0 ? TX_ONLINE : TX_COUNTER;
	tx->balance_minor = 500000;
}

#endif
