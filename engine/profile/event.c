#include "profile/event.h"

#include "profile/known.h"

void event_pack(const struct profile_event *from, uint64_t id, struct event *to)
{
	uint64_t amount = from->amount_minor > 0 ? (uint64_t)from->amount_minor : 0, most = UINT64_C(1) << 57, code;
	uint8_t left = from->left_percent <= EVENT_LEFT_MOST ? from->left_percent : EVENT_LEFT_UNKNOWN;

	code = small_of(amount < most ? amount : most, EVENT_AMOUNT_BITS, UINT32_C(1) << 31);
	to->low = (uint32_t)id | code << EVENT_AMOUNT_AT;
	to->high = id >> 32 | (uint64_t)left << EVENT_LEFT_AT | (uint64_t)from->kind << EVENT_KIND_AT |
	           (uint64_t)from->channel << EVENT_CHANNEL_AT |
	           (uint64_t)(from->direction == TX_CREDIT) << EVENT_CREDIT_AT |
	           (uint64_t)from->is_new << EVENT_NEW_AT | (uint64_t)from->booked_ms << EVENT_TIME_AT;
}

uint32_t event_find(const struct account *account, uint64_t id)
{
	for (uint32_t i = 0; i < account->event_count; i++)
		if ((uint32_t)account->events[i].low == (uint32_t)id && event_id(&account->events[i]) == id)
			return i;
	return account->event_count;
}

uint32_t event_place(const struct account *account, int64_t ms)
{
	uint32_t at = 0;

	while (at < account->event_count && event_ms(&account->events[at]) > ms)
		at++;
	return at;
}

static uint8_t place_of(const struct account *account, const struct event *event, uint32_t party)
{
	enum known_list list = event_direction(event) == TX_CREDIT ? KNOWN_PAYERS : KNOWN_PAYEES;
	uint32_t at;

	if (party == 0)
		return PLACE_NONE;
	at = known_find(account, list, party);
	return at < known_count(account, list) ? (uint8_t)(known_begin(account, list) + at) : PLACE_FORGOTTEN;
}

void event_insert(struct account *account, uint32_t at, const struct event *event, uint32_t party)
{
	uint32_t behind = account->event_count - at;

	memmove(&account->events[at + 1], &account->events[at], behind * sizeof(*event));
	memmove(&account->parties[at + 1], &account->parties[at], behind * sizeof(party));
	memmove(&account->places[at + 1], &account->places[at], behind);
	account->events[at] = *event;
	account->parties[at] = party;
	account->places[at] = place_of(account, event, party);
	account->event_count++;
	account->events_large += event_is_large(event);
}

void event_remove(struct account *account, uint32_t at)
{
	uint32_t behind = --account->event_count - at;

	account->events_large -= event_is_large(&account->events[at]);
	memmove(&account->events[at], &account->events[at + 1], behind * sizeof(account->events[0]));
	memmove(&account->parties[at], &account->parties[at + 1], behind * sizeof(account->parties[0]));
	memmove(&account->places[at], &account->places[at + 1], behind);
}
