#include "workshop/cases.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "workshop/backtest.h"

enum { SLOTS_LEAST = 1 << 12 };

static void *take(size_t count, size_t size)
{
	void *piece = calloc(count > 0 ? count : 1, size);

	if (piece == NULL)
		die("out of memory: a backtest");
	return piece;
}

void cases_init(struct cases *cases)
{
	*cases = (struct cases){.slot_count = SLOTS_LEAST, .end_ms = INT64_MIN};
	cases->accounts = take(SLOTS_LEAST, sizeof(*cases->accounts));
}

void cases_deinit(struct cases *cases)
{
	free(cases->sightings);
	free(cases->accounts);
	free(cases->items);
}

uint64_t cases_account(struct slice bank, struct slice account)
{
	uint64_t key = XXH3_64bits_withSeed(account.at, account.length, XXH3_64bits(bank.at, bank.length));

	return key != 0 ? key : 1;
}

static struct watched *slot_of(const struct cases *c, uint64_t account)
{
	size_t at = account & (c->slot_count - 1);

	while (c->accounts[at].account != 0 && c->accounts[at].account != account)
		at = (at + 1) & (c->slot_count - 1);
	return &c->accounts[at];
}

static void grow(struct cases *c)
{
	struct watched *old = c->accounts;
	size_t old_count = c->slot_count;

	if (c->account_count < c->slot_count / 2)
		return;
	c->slot_count *= 2;
	c->accounts = take(c->slot_count, sizeof(*c->accounts));
	for (size_t i = 0; i < old_count; i++)
		if (old[i].account != 0)
			*slot_of(c, old[i].account) = old[i];
	free(old);
}

void cases_see(struct cases *cases, const struct tx *tx)
{
	uint64_t account = cases_account(tx->bank, tx->account);
	struct watched *w;

	grow(cases);
	w = slot_of(cases, account);
	if (w->account == 0) {
		*w = (struct watched){account, tx->booked_ms};
		cases->account_count++;
	}
	if (tx->booked_ms < w->first_ms)
		w->first_ms = tx->booked_ms;
	if (tx->booked_ms > cases->end_ms)
		cases->end_ms = tx->booked_ms;
}

void cases_label(struct cases *cases, const struct tx *tx, const struct truth_label *label)
{
	if (cases->sighting_count == cases->sighting_capacity) {
		cases->sighting_capacity = cases->sighting_capacity > 0 ? cases->sighting_capacity * 2 : 1024;
		cases->sightings =
			realloc(cases->sightings, cases->sighting_capacity * sizeof(*cases->sightings));
		if (cases->sightings == NULL)
			die("out of memory: a backtest");
	}
	cases->sightings[cases->sighting_count++] = (struct sighting){
		cases_account(tx->bank, tx->account), tx->booked_ms, label, tx->direction == TX_DEBIT};
}

/* Account, typology, scenario; then time. */
static int group_order(const struct sighting *x, const struct sighting *y)
{
	int order = (x->account > y->account) - (x->account < y->account);

	if (order == 0)
		order = strcmp(x->label->typology, y->label->typology);
	return order != 0 ? order : slice_compare(x->label->scenario, y->label->scenario);
}

static int by_group(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;
	int order = group_order(x, y);

	return order != 0 ? order : (x->booked_ms > y->booked_ms) - (x->booked_ms < y->booked_ms);
}

static int by_account(const void *a, const void *b)
{
	const struct fraud_case *x = a, *y = b;
	int order = (x->account > y->account) - (x->account < y->account);

	if (order == 0)
		order = (x->first_ms > y->first_ms) - (x->first_ms < y->first_ms);
	return order != 0 ? order : strcmp(x->label->typology, y->label->typology);
}

static void join(struct cases *c, const struct sighting *s, const struct sighting *before)
{
	struct fraud_case *item;

	if (before == NULL || group_order(before, s) != 0 || s->booked_ms - before->booked_ms > CASE_GAP_MS)
		c->items[c->count++] = (struct fraud_case){.account = s->account, .label = s->label,
		                                           .first_ms = s->booked_ms, .first_debit_ms = INT64_MAX,
		                                           .found_ms = INT64_MAX};
	item = &c->items[c->count - 1];
	item->last_ms = s->booked_ms;
	if (s->debit && item->first_debit_ms == INT64_MAX)
		item->first_debit_ms = s->booked_ms;
}

void cases_join(struct cases *cases)
{
	cases->items = take(cases->sighting_count, sizeof(*cases->items));
	if (cases->sighting_count == 0)
		return;
	qsort(cases->sightings, cases->sighting_count, sizeof(*cases->sightings), by_group);
	for (size_t i = 0; i < cases->sighting_count; i++)
		join(cases, &cases->sightings[i], i > 0 ? &cases->sightings[i - 1] : NULL);
	qsort(cases->items, cases->count, sizeof(*cases->items), by_account);
}

size_t cases_of(const struct cases *cases, uint64_t account, size_t *from_r)
{
	size_t low = 0, high = cases->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (cases->items[middle].account < account)
			low = middle + 1;
		else
			high = middle;
	}
	*from_r = low;
	while (low < cases->count && cases->items[low].account == account)
		low++;
	return low;
}
