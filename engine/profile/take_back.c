/*
 * A transaction that the bank took back, as though it had not been: out of the recent ones, the histogram,
 * the day's credits and, where nothing else speaks for it, out of what is known. One that is in a bucket
 * already stays.
 */
#include "profile/amounts.h"
#include "profile/drained.h"
#include "profile/event.h"
#include "profile/known.h"
#include "profile/shard.h"

/* The party's oldest recent transaction in that direction (TX_DIRECTION_NONE: any); event_count: none. */
static uint32_t oldest_with(const struct account *account, uint32_t party, unsigned direction)
{
	for (uint32_t i = account->event_count; i-- > 0;)
		if (account->parties[i] == party &&
		    (direction == TX_DIRECTION_NONE || event_direction(&account->events[i]) == direction))
			return i;
	return account->event_count;
}

static unsigned event_slot(const struct account *account, uint32_t at)
{
	return slot_of(day_of(event_ms(&account->events[at])), account->today);
}

static void party_take_back(struct account *account, const struct profile_event *event)
{
	enum known_list list = event->direction == TX_CREDIT ? KNOWN_PAYERS : KNOWN_PAYEES;
	uint32_t at = known_find(account, list, event->party);
	uint32_t same = oldest_with(account, event->party, event->direction);
	uint32_t any = oldest_with(account, event->party, TX_DIRECTION_NONE);
	unsigned slot = slot_of(day_of(event->booked_ms), account->today);

	if (event->is_new && any < account->event_count)
		event_set_new(&account->events[any], true);
	if (at == known_count(account, list))
		return;
	if (same < account->event_count) {
		if (event->is_new)
			known_set_first(account, list, at, event_slot(account, same));
	} else if (known_first(account, list, at) == slot) {
		known_forget(account, list, at);
	} else {
		known_unmeet(account, list, at);
	}
}

bool profile_take_back(struct profile_shard *shard, const struct tx *tx)
{
	struct account *account = &shard->open;
	uint64_t key = profile_key(tx->bank, tx->account);
	uint32_t ref = accounts_find(&shard->accounts, key), at, now;
	struct profile_event event;

	if (ref == 0 || tx->reverses.length == 0)
		return false;
	block_open(slab_read(&shard->accounts.slabs, ref), account);
	at = event_find(account, shard_id(tx->reverses));
	if (at == account->event_count)
		return false;
	event_unpack(account, at, &event);
	event_remove(account, at);
	amounts_take_back(&account->amounts[direction_index(event.direction)], event.amount_minor);
	drained_take_back(account, &event);
	if (event.party != 0)
		party_take_back(account, &event);
	now = block_pack(account, &shard->accounts.slabs, ref);
	if (now != ref)
		accounts_place(&shard->accounts, key, ref, now);
	return true;
}
