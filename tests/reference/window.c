#include "tests/reference/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"

void history_free(struct reference_history *history)
{
	free(history->txs);
	*history = (struct reference_history){0};
}

static void copy(char *to, size_t size, struct slice from)
{
	size_t length = from.length < size - 1 ? from.length : size - 1;

	memset(to, 0, size);
	if (length > 0)
		memcpy(to, from.at, length);
}

/* Behind a receipt there is something: a 0 there, and all that follow until another balance, is not the bank's word. */
static int64_t balance_told(struct reference_history *history, const struct tx *tx)
{
	if (tx->balance_minor != TX_ABSENT && tx->balance_minor != 0)
		history->balance_untold = false;
	if (tx->balance_minor == 0 && tx->direction == TX_CREDIT)
		history->balance_untold = true;
	return history->balance_untold ? TX_ABSENT : tx->balance_minor;
}

size_t history_put(struct reference_history *history, const struct tx *tx, int64_t amount_cny_minor)
{
	size_t at = history->count;
	struct reference_tx *own;

	if (history->count == history->capacity) {
		history->capacity = history->capacity > 0 ? history->capacity * 2 : 64;
		history->txs = realloc(history->txs, history->capacity * sizeof(*history->txs));
	}
	while (at > 0 && history->txs[at - 1].booked_ms > tx->booked_ms)
		at--;
	memmove(&history->txs[at + 1], &history->txs[at], (history->count - at) * sizeof(*history->txs));
	history->count++;
	own = &history->txs[at];
	*own = (struct reference_tx){
		.booked_ms = tx->booked_ms,
		.amount_minor = amount_cny_minor,
		.balance_minor = balance_told(history, tx),
		.direction = tx->direction,
		.kind = tx->counterparty.kind,
		.channel = tx->channel,
	};
	copy(own->id, sizeof(own->id), tx->id);
	copy(own->party, sizeof(own->party), tx->counterparty.account);
	copy(own->name, sizeof(own->name), tx->counterparty.name);
	copy(own->mac, sizeof(own->mac), tx->mac);
	return at;
}

static size_t find(const struct reference_history *history, struct slice id)
{
	for (size_t i = 0; i < history->count; i++)
		if (slice_is(id, history->txs[i].id))
			return i;
	return history->count;
}

bool history_has(const struct reference_history *history, struct slice id)
{
	return find(history, id) < history->count;
}

bool history_take_back(struct reference_history *history, struct slice id)
{
	size_t at = find(history, id);

	if (at == history->count)
		return false;
	history->count--;
	memmove(&history->txs[at], &history->txs[at + 1], (history->count - at) * sizeof(*history->txs));
	return true;
}

static const char *party_of(const struct reference_tx *tx)
{
	return tx->party[0] != 0 ? tx->party : tx->name;
}

static bool same_party(const struct reference_tx *a, const struct reference_tx *b)
{
	return party_of(a)[0] != 0 && (a->party[0] != 0) == (b->party[0] != 0) &&
	       strcmp(party_of(a), party_of(b)) == 0;
}

int64_t history_first_party(const struct reference_history *history, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (same_party(&history->txs[i], &history->txs[at]))
			return history->txs[i].booked_ms;
	return history->txs[at].booked_ms;
}

bool history_is_new(const struct reference_history *history, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (same_party(&history->txs[i], &history->txs[at]))
			return false;
	return party_of(&history->txs[at])[0] != 0;
}

int64_t history_first_mac(const struct reference_history *history, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(history->txs[i].mac, history->txs[at].mac) == 0)
			return history->txs[i].booked_ms;
	return history->txs[at].booked_ms;
}

static bool fits(const struct reference_history *history, size_t i, size_t at,
                 const struct profile_filter *filter)
{
	const struct reference_tx *tx = &history->txs[i], *own = &history->txs[at];
	bool has_party = party_of(tx)[0] != 0;

	return (filter->directions == 0 || filter->directions >> tx->direction & 1) &&
	       (filter->kinds == 0 || filter->kinds >> tx->kind & 1) &&
	       (filter->channels == 0 || filter->channels >> tx->channel & 1) &&
	       (filter->hours == 0 || filter->hours >> instant_china_hour(tx->booked_ms) & 1) &&
	       (filter->novelty != 1 || history_is_new(history, i)) &&
	       (filter->novelty != 2 || (has_party && !history_is_new(history, i))) &&
	       (!filter->same_party || same_party(tx, own)) &&
	       (!filter->same_amount || tx->amount_minor == own->amount_minor) &&
	       (!filter->has_amounts || (tx->amount_minor >= filter->amount_from_minor &&
	                                 tx->amount_minor <= filter->amount_to_minor));
}

/* Is the party of `i` met again between it and `at`, in the same set? */
static bool met_later(const struct reference_history *history, size_t i, size_t at,
                      const struct profile_filter *filter)
{
	for (size_t j = i + 1; j <= at; j++)
		if (same_party(&history->txs[i], &history->txs[j]) && fits(history, j, at, filter))
			return true;
	return false;
}

void history_window(const struct reference_history *history, size_t at, const struct profile_filter *filter,
                      int64_t from_ms, struct profile_sum *sum_r)
{
	*sum_r = (struct profile_sum){.min_minor = TX_ABSENT, .max_minor = TX_ABSENT, .exact = true};
	for (size_t i = at + 1; i-- > 0 && history->txs[i].booked_ms > from_ms;) {
		int64_t amount = history->txs[i].amount_minor;

		if (!fits(history, i, at, filter))
			continue;
		if (sum_r->count == 0 || amount < sum_r->min_minor)
			sum_r->min_minor = amount;
		if (sum_r->count == 0 || amount > sum_r->max_minor)
			sum_r->max_minor = amount;
		sum_r->count++;
		sum_r->sum_minor += amount;
		if (party_of(&history->txs[i])[0] != 0 && !met_later(history, i, at, filter))
			sum_r->distinct++;
	}
}

static int by_amount(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t history_percentile(const struct reference_history *history, size_t at, unsigned direction,
                           int permille)
{
	int64_t *amounts = malloc((history->count + 1) * sizeof(*amounts)), found = TX_ABSENT;
	size_t count = 0, rank;

	for (size_t i = 0; i < history->count; i++)
		if (i != at && history->txs[i].direction == direction && history->txs[i].amount_minor > 0)
			amounts[count++] = history->txs[i].amount_minor;
	qsort(amounts, count, sizeof(*amounts), by_amount);
	rank = (count * (size_t)permille + 999) / 1000;
	if (count >= 5)
		found = amounts[rank > 0 ? rank - 1 : 0];
	free(amounts);
	return found;
}

/* Was the j-th booked before the i-th or, at the same time, told before it? */
static bool comes_before(const struct reference_history *history, size_t j, size_t i)
{
	int64_t a = history->txs[j].booked_ms, b = history->txs[i].booked_ms;

	return a < b || (a == b && j < i);
}

int64_t history_newcomers(const struct reference_history *history, unsigned direction, int32_t from, int32_t to)
{
	int64_t n = 0;

	for (size_t i = 0; i < history->count; i++) {
		int32_t day = instant_china_day(history->txs[i].booked_ms);
		bool first = history->txs[i].direction == direction && party_of(&history->txs[i])[0] != 0;

		for (size_t j = 0; j < history->count && first; j++)
			first = !comes_before(history, j, i) || history->txs[j].direction != direction ||
			        strcmp(party_of(&history->txs[j]), party_of(&history->txs[i])) != 0;
		n += first && day >= from && day <= to;
	}
	return n;
}

int64_t history_drained_days(const struct reference_history *history, int32_t from, int32_t to, int permille)
{
	int64_t days = 0;

	for (int32_t day = from; day < to; day++) {
		int64_t credits = 0, balance = TX_ABSENT;

		for (size_t i = 0; i < history->count; i++) {
			if (instant_china_day(history->txs[i].booked_ms) != day)
				continue;
			if (history->txs[i].direction == TX_CREDIT)
				credits += history->txs[i].amount_minor;
			balance = history->txs[i].balance_minor;
		}
		if (credits > 0 && balance != TX_ABSENT && balance * 1000 <= credits * permille)
			days++;
	}
	return days;
}

unsigned history_distance(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
	unsigned table[32][32];

	for (size_t i = 0; i <= a_length; i++)
		for (size_t j = 0; j <= b_length; j++) {
			unsigned best = (unsigned)(i == 0 ? j : j == 0 ? i : table[i - 1][j - 1] + (a[i - 1] != b[j - 1]));

			if (i > 0 && table[i - 1][j] + 1 < best)
				best = table[i - 1][j] + 1;
			if (j > 0 && table[i][j - 1] + 1 < best)
				best = table[i][j - 1] + 1;
			table[i][j] = best;
		}
	return table[a_length][b_length];
}
