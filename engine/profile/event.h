/*
 * Recent transactions: their packed form and their order.
 */
#ifndef PROFILE_EVENT_H
#define PROFILE_EVENT_H

#include "profile/account.h"
#include "profile/small.h"

enum { EVENT_AMOUNT_BITS = 27, EVENT_ID_BITS = 34 };

/* Where they begin in the two words. */
enum {
	EVENT_AMOUNT_AT = 32, EVENT_AMOUNT_SHORT_BITS = 24,
	EVENT_LEFT_AT = 2, EVENT_KIND_AT = 9, EVENT_CHANNEL_AT = 12, EVENT_CREDIT_AT = 16, EVENT_NEW_AT = 17,
	EVENT_TIME_AT = 18
};

#define EVENT_ID_MAX ((UINT64_C(1) << EVENT_ID_BITS) - 1)

static inline int64_t event_ms(const struct event *event)
{
	return (int64_t)(event->high >> EVENT_TIME_AT);
}

static inline int64_t event_amount(const struct event *event)
{
	return (int64_t)small_value((uint32_t)(event->low >> EVENT_AMOUNT_AT), EVENT_AMOUNT_BITS);
}

/* Does its amount need more bits than a block mostly stores? */
static inline bool event_is_large(const struct event *event)
{
	return event->low >> (EVENT_AMOUNT_AT + EVENT_AMOUNT_SHORT_BITS) != 0;
}

static inline unsigned event_direction(const struct event *event)
{
	return event->high >> EVENT_CREDIT_AT & 1 ? TX_CREDIT : TX_DEBIT;
}

static inline bool event_is_new(const struct event *event)
{
	return event->high >> EVENT_NEW_AT & 1;
}

static inline unsigned event_kind(const struct event *event)
{
	return event->high >> EVENT_KIND_AT & 7;
}

static inline unsigned event_channel(const struct event *event)
{
	return event->high >> EVENT_CHANNEL_AT & 15;
}

/* Of the day in China. */
static inline unsigned event_hour(const struct event *event)
{
	return (unsigned)instant_china_hour(event_ms(event));
}

static inline void event_set_new(struct event *event, bool is_new)
{
	event->high = (event->high & ~(UINT64_C(1) << EVENT_NEW_AT)) | (uint64_t)is_new << EVENT_NEW_AT;
}

static inline uint64_t event_id(const struct event *event)
{
	return (uint32_t)event->low | (event->high & 3) << 32;
}

void event_pack(const struct profile_event *from, uint64_t id, struct event *to);

/* Its party besides. */
static inline void event_unpack(const struct account *account, uint32_t at, struct profile_event *to)
{
	const struct event *from = &account->events[at];
	unsigned left = from->high >> EVENT_LEFT_AT & EVENT_LEFT_UNKNOWN;

	*to = (struct profile_event){
		.booked_ms = event_ms(from),
		.amount_minor = event_amount(from),
		.party = account->parties[at],
		.left_percent = left == EVENT_LEFT_UNKNOWN ? 255 : (uint8_t)left,
		.kind = (uint8_t)event_kind(from),
		.channel = (uint8_t)event_channel(from),
		.direction = (uint8_t)event_direction(from),
		.is_new = event_is_new(from),
		.hour = (uint8_t)event_hour(from),
	};
}

/* The event with this id (of EVENT_ID_BITS); event_count where there is none. */
uint32_t event_find(const struct account *account, uint64_t id);

/* Where one booked at `ms` belongs: before all that are not newer. */
uint32_t event_place(const struct account *account, int64_t ms);

/* `party` stands in the list of its direction already. */
void event_insert(struct account *account, uint32_t at, const struct event *event, uint32_t party);
void event_remove(struct account *account, uint32_t at);

#endif
