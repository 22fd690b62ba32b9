/*
 * Recent transactions: their packed form and their order.
 */
#ifndef PROFILE_EVENT_H
#define PROFILE_EVENT_H

#include "profile/account.h"
#include "profile/small.h"

enum { EVENT_AMOUNT_BITS = 27, EVENT_ID_BITS = 38 };

static inline int64_t event_ms(const struct event *event)
{
	return (int64_t)((uint64_t)event->time_high << 32 | event->time_low) & ACCOUNT_TIME_MAX;
}

static inline int64_t event_amount(const struct event *event)
{
	return (int64_t)small_value(event->amount, EVENT_AMOUNT_BITS);
}

static inline unsigned event_direction(const struct event *event)
{
	return event->time_high >> 24 & 1 ? TX_CREDIT : TX_DEBIT;
}

static inline bool event_is_new(const struct event *event)
{
	return event->time_high >> 25 & 1;
}

static inline unsigned event_kind(const struct event *event)
{
	return event->time_high >> 17 & 7;
}

static inline unsigned event_channel(const struct event *event)
{
	return event->time_high >> 20 & 15;
}

/* Of the day in China. */
static inline unsigned event_hour(const struct event *event)
{
	return (unsigned)((uint64_t)(event_ms(event) + INSTANT_CHINA_MS) / (uint64_t)INSTANT_HOUR_MS % 24);
}

static inline void event_set_new(struct event *event, bool is_new)
{
	event->time_high = (event->time_high & ~(UINT32_C(1) << 25)) | (uint32_t)is_new << 25;
}

static inline uint64_t event_id(const struct event *event)
{
	return event->id | (uint64_t)(event->time_high >> 26) << 32;
}

void event_pack(const struct profile_event *from, uint64_t id, struct event *to);
/* Its party besides. */
void event_unpack(const struct account *account, uint32_t at, struct profile_event *to);

/* The event with this id (of EVENT_ID_BITS); event_count where there is none. */
uint32_t event_find(const struct account *account, uint64_t id);

/* Where one booked at `ms` belongs: before all that are not newer. */
uint32_t event_place(const struct account *account, int64_t ms);

/* `party` stands in the list of its direction already. */
void event_insert(struct account *account, uint32_t at, const struct event *event, uint32_t party);
void event_remove(struct account *account, uint32_t at);

#endif
