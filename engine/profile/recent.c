#include "profile/recent.h"

_Static_assert(RECENT_MOST <= 64, "a transaction is a bit of a word");
_Static_assert(RECENT_MOST * 2 <= RECENT_PLACES, "half full");

void recent_slots_read(struct recent_slots *slots, int32_t today)
{
	if (slots->is_read && slots->today == today)
		return;
	slots->is_read = true;
	slots->today = today;
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		struct slot_days days = slot_days(slot, today);

		slots->begin_ms[slot] = day_begin(days.from);
		slots->end_ms[slot] = day_begin(days.to);
	}
}

/* How many of them, from the one at hand on, were booked after that. The newest come first. */
static uint32_t booked_after(const struct account *account, uint32_t at, int64_t after_ms)
{
	uint32_t least = at, most = account->event_count;

	while (least < most) {
		uint32_t middle = (least + most) / 2;
		if (event_ms(&account->events[middle]) > after_ms)
			least = middle + 1;
		else
			most = middle;
	}
	return least - at;
}

static void take(struct recent *recent, const struct event *event, uint32_t party, uint32_t i)
{
	uint64_t bit = UINT64_C(1) << i;

	recent->amounts_minor[i] = event_amount(event);
	recent->credits |= (uint64_t)(event_direction(event) == TX_CREDIT) << i;
	recent->new_parties |= (uint64_t)event_is_new(event) << i;
	recent->with_party |= (uint64_t)(party != 0) << i;
	recent->kinds[event_kind(event)] |= bit;
	recent->channels[event_channel(event)] |= bit;
}

uint64_t recent_read(struct recent *recent, const struct account *account, uint32_t at, int64_t amount_minor,
                     int64_t after_ms)
{
	uint32_t count;

	if (recent->count > 0 && recent->last_ms == after_ms)
		return recent->last;
	count = booked_after(account, at, after_ms);
	if (recent->count == 0)
		memset(&recent->credits, 0, sizeof(*recent) - offsetof(struct recent, credits));
	for (; recent->count < count; recent->count++)
		take(recent, &account->events[at + recent->count], account->parties[at + recent->count], recent->count);
	recent->amounts_minor[0] = amount_minor; /* known to the last fen */
	recent->last_ms = after_ms;
	recent->last = count > 0 ? UINT64_MAX >> (64 - count) : 0;
	return recent->last;
}

static uint64_t any_of(const uint64_t *sets, uint32_t wanted, uint32_t count)
{
	uint64_t all = 0;

	for (wanted &= (UINT32_C(1) << count) - 1; wanted != 0; wanted &= wanted - 1)
		all |= sets[__builtin_ctz(wanted)];
	return all;
}

static uint64_t by_hours(const struct account *account, uint32_t at, uint32_t hours, uint64_t events)
{
	uint64_t fit = 0;

	for (; events != 0; events &= events - 1)
		if (hours >> event_hour(&account->events[at + (unsigned)__builtin_ctzll(events)]) & 1)
			fit |= events & -events;
	return fit;
}

/* With the counterparty of the one at hand. */
static uint64_t by_party(const struct recent *recent, const struct account *account, uint32_t at, uint64_t events)
{
	uint64_t fit = 0;

	for (events &= recent->with_party; events != 0; events &= events - 1)
		if (account->parties[at + (unsigned)__builtin_ctzll(events)] == account->parties[at])
			fit |= events & -events;
	return fit;
}

static uint64_t by_amounts(const struct recent *recent, int64_t from_minor, int64_t to_minor, uint64_t events)
{
	uint64_t fit = 0;

	for (; events != 0; events &= events - 1) {
		int64_t amount_minor = recent->amounts_minor[__builtin_ctzll(events)];
		if (amount_minor >= from_minor && amount_minor <= to_minor)
			fit |= events & -events;
	}
	return fit;
}

uint64_t recent_fit(const struct recent *recent, const struct account *account, uint32_t at,
                    const struct profile_filter *filter, uint64_t events)
{
	if (filter->directions != 0)
		events &= (filter->directions >> TX_CREDIT & 1 ? recent->credits : 0) |
		          (filter->directions >> TX_DEBIT & 1 ? ~recent->credits : 0);
	if (filter->kinds != 0)
		events &= any_of(recent->kinds, filter->kinds, RECENT_KINDS);
	if (filter->channels != 0)
		events &= any_of(recent->channels, filter->channels, RECENT_CHANNELS);
	if (filter->novelty == 1)
		events &= recent->new_parties;
	if (filter->novelty == 2)
		events &= recent->with_party & ~recent->new_parties;
	if (filter->hours != 0)
		events = by_hours(account, at, filter->hours, events);
	if (filter->same_party)
		events = by_party(recent, account, at, events);
	if (filter->same_amount)
		events = by_amounts(recent, recent->amounts_minor[0], recent->amounts_minor[0], events);
	if (filter->has_amounts)
		events = by_amounts(recent, filter->amount_from_minor, filter->amount_to_minor, events);
	return events;
}

static void number(struct recent *recent, const struct account *account, uint32_t at, uint32_t i)
{
	uint32_t party = account->parties[at + i];
	unsigned place = recent_place(party);

	if (party == 0)
		return;
	while (recent->places[place] != 0 && account->parties[at + recent->places[place] - 1] != party)
		place = (place + 1) % RECENT_PLACES;
	if (recent->places[place] == 0)
		recent->places[place] = (uint8_t)(i + 1);
	recent->numbers[i] = (uint8_t)(recent->places[place] - 1);
}

uint64_t recent_parties(struct recent *recent, const struct account *account, uint32_t at, uint64_t events)
{
	uint64_t parties = 0;

	for (; recent->numbered < recent->count; recent->numbered++)
		number(recent, account, at, recent->numbered);
	for (events &= recent->with_party; events != 0; events &= events - 1)
		parties |= UINT64_C(1) << recent->numbers[__builtin_ctzll(events)];
	return parties;
}
