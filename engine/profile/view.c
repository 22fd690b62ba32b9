/*
 * What a view answers besides windows. The account is open in its shard.
 */
#include "profile/amounts.h"
#include "profile/disguise.h"
#include "profile/drained.h"
#include "profile/event.h"
#include "profile/known.h"
#include "profile/places.h"
#include "profile/shard.h"

int64_t profile_percentile(const struct profile_view *view, enum tx_direction direction, int permille)
{
	const struct event *own = &view->shard->open.events[view->at];
	bool is_in = event_direction(own) == direction;

	return amounts_percentile(&view->shard->open.amounts[direction_index(direction)],
	                          is_in ? event_amount(own) : 0, permille);
}

/* A payee that is known may be an older one's new account, on the second payment as on the first. */
static int64_t name_first(const struct profile_view *view, const uint8_t *name)
{
	const struct account *account = &view->shard->open;
	bool is_late = view->at > 0;
	int64_t first = view->first_seen_ms[PROFILE_PARTY_NAME], elsewhere;

	if (view->tx->direction == TX_CREDIT)
		return seen_name(account, name, 0, view->now_ms, is_late);
	if (view->first_seen_ms[PROFILE_PARTY] == view->now_ms)
		return first;
	elsewhere = seen_name(account, name, account->parties[view->at], view->now_ms, is_late);
	return elsewhere < first ? elsewhere : first;
}

int64_t profile_first_seen(const struct profile_view *view, enum profile_subject subject)
{
	const uint8_t *name;

	if (subject != PROFILE_PARTY_NAME)
		return view->first_seen_ms[subject];
	name = shard_name(view->shard, view->tx, NULL);
	return name_is_none(name) ? TX_ABSENT : name_first(view, name);
}

int64_t profile_begin(const struct profile_view *view)
{
	return view->begin_ms;
}

int64_t profile_previous(const struct profile_view *view)
{
	const struct account *account = &view->shard->open;
	int64_t own_ms = event_ms(&account->events[view->at]);

	if (view->at + 1 < account->event_count)
		return event_ms(&account->events[view->at + 1]);
	/* Of those that left, the newest is known; where that is later than this one, only the first is. */
	if (account->gone_ms != TX_ABSENT && account->gone_ms <= own_ms)
		return account->gone_ms;
	return account->begin_ms < own_ms ? account->begin_ms : TX_ABSENT;
}

/* The least that `compare` says of the name and a payee's under another account. */
static int64_t nearest_name(const struct profile_view *view, unsigned (*compare)(const uint8_t *, const uint8_t *))
{
	struct profile_shard *shard = view->shard;
	const struct account *account = &shard->open;
	const uint8_t *name = shard_name(shard, view->tx, NULL), *other = account->names;
	uint32_t party = account->parties[view->at];
	unsigned nearest = NAME_DISTANCE_NONE;

	if (name_is_none(name))
		return TX_ABSENT;
	for (uint32_t i = 0; i < known_count(account, KNOWN_PAYEES) && nearest > 0; i++) {
		if (known_hash_at(account, KNOWN_PAYEES, i) != party) {
			unsigned distance = compare(name, other);

			nearest = distance < nearest ? distance : nearest;
		}
		other += name_bytes(other);
	}
	return nearest == NAME_DISTANCE_NONE ? TX_ABSENT : nearest;
}

int64_t profile_name_distance(const struct profile_view *view)
{
	return nearest_name(view, name_distance);
}

int64_t profile_name_added(const struct profile_view *view)
{
	return nearest_name(view, name_added);
}

uint32_t profile_name_provinces(const struct profile_view *view)
{
	const struct account *account = &view->shard->open;
	const uint8_t *name = shard_name(view->shard, view->tx, NULL), *other = account->names;
	uint32_t party = account->parties[view->at], provinces = 0;

	if (name_is_none(name))
		return 0;
	for (uint32_t i = 0; i < known_count(account, KNOWN_PAYEES); i++) {
		if (known_hash_at(account, KNOWN_PAYEES, i) != party && name_distance(name, other) == 0)
			provinces |= UINT32_C(1) << name_province(other);
		other += name_bytes(other);
	}
	return provinces;
}

bool profile_name_disguised(const struct profile_view *view)
{
	const struct account *account = &view->shard->open;
	const uint8_t *name = shard_name(view->shard, view->tx, NULL), *other = account->names;
	uint32_t party = account->parties[view->at];
	struct disguises disguises;

	/* Only where a core is near: to look for one takes a tenth of trying all disguises. */
	if (name_is_none(name) || name_is_hash(name) || profile_name_distance(view) == TX_ABSENT)
		return false;
	disguises_of(view->tx->counterparty.name, &disguises);
	for (uint32_t i = 0; i < known_count(account, KNOWN_PAYEES) && disguises.count > 0; i++) {
		if (known_hash_at(account, KNOWN_PAYEES, i) != party && disguises_hold(&disguises, other))
			return true;
		other += name_bytes(other);
	}
	return false;
}

unsigned profile_firms(const struct profile_view *view, unsigned *elsewhere_r)
{
	*elsewhere_r = places_elsewhere(view->firms);
	return places_count(view->firms);
}

unsigned profile_neighbours(const struct profile_view *view, unsigned *elsewhere_r)
{
	*elsewhere_r = places_elsewhere(view->neighbours);
	return places_count(view->neighbours);
}

int64_t profile_drained_days(const struct profile_view *view, int permille, int64_t window_ms)
{
	int32_t today = day_of(view->now_ms);
	int64_t from_ms = view->now_ms - (window_ms < PROFILE_WINDOW_MAX_MS ? window_ms : PROFILE_WINDOW_MAX_MS);

	/* A day is in the window where its end is. */
	if (window_ms <= 0)
		return 0;
	return drained_days(&view->shard->open, day_of(from_ms > 0 ? from_ms : 0), today, permille);
}

/* The first slot that lies before that day altogether. */
static unsigned slots_from(int32_t day, int32_t today)
{
	unsigned slot = 0;

	while (slot < SLOTS && slot_days(slot, today).to > day)
		slot++;
	return slot;
}

int64_t profile_newcomers(const struct profile_view *view, enum tx_direction direction, int64_t window_ms)
{
	const struct account *account = &view->shard->open;
	enum known_list list = direction == TX_DEBIT ? KNOWN_PAYEES : KNOWN_PAYERS;
	int64_t from_ms = view->now_ms - (window_ms < PROFILE_WINDOW_MAX_MS ? window_ms : PROFILE_WINDOW_MAX_MS), n = 0;
	unsigned begin, end;

	if (window_ms <= 0)
		return 0;
	begin = slot_of(day_of(view->now_ms), account->today); /* those met after a late one stand before it */
	end = slots_from(day_of(from_ms > 0 ? from_ms : 0), account->today);
	for (unsigned at = 0, count = known_count(account, list); at < count; at++)
		n += known_first(account, list, at) >= begin && known_first(account, list, at) < end;
	return n;
}

bool profile_may_hold(const struct profile_view *view, int64_t after_ms, uint32_t count)
{
	const struct account *account = &view->shard->open;
	uint32_t recent = account->event_count - view->at;

	if (count <= recent && (count == 0 || event_ms(&account->events[view->at + count - 1]) > after_ms))
		return true;
	return account->gone_ms > after_ms; /* in buckets, who knows how many */
}

uint32_t profile_events_until(const struct profile_view *view, uint32_t most)
{
	const struct account *account = &view->shard->open;
	uint32_t recent = account->event_count - view->at;

	return account->gone_ms != TX_ABSENT || recent > most ? most : recent;
}

bool profile_event_at(const struct profile_view *view, uint32_t i, struct profile_event *event_r)
{
	if (i >= view->shard->open.event_count - view->at)
		return false;
	event_unpack(&view->shard->open, view->at + i, event_r);
	if (i == 0)
		event_r->amount_minor = view->amount_minor;
	return true;
}

uint32_t profile_events_read(const struct profile_view *view, uint32_t i, int64_t since_ms,
                             struct profile_event *events_r)
{
	const struct account *account = &view->shard->open;
	uint32_t count = 0, at = view->at + i;

	while (at < account->event_count) {
		event_unpack(account, at++, &events_r[count]);
		if (events_r[count++].booked_ms < since_ms)
			break;
	}
	if (i == 0)
		events_r[0].amount_minor = view->amount_minor;
	return count;
}
