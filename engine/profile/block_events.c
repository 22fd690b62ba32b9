#include "profile/block_events.h"

#include "profile/event.h"

/* What is stored of the two words: the low one's first seven bytes, the high one's first six. */
enum { LOW_BYTES = 7, HIGH_BYTES = 6, SHORT_TIME_BITS = 8 * HIGH_BYTES - EVENT_TIME_AT };

_Static_assert(EVENT_AMOUNT_AT + EVENT_AMOUNT_SHORT_BITS == 8 * LOW_BYTES, "a short amount is stored");
_Static_assert(LOW_BYTES + HIGH_BYTES == BLOCK_EVENT_BYTES, "nothing else is");

#define LOW_STORED ((UINT64_C(1) << 8 * LOW_BYTES) - 1)
#define HIGH_STORED ((UINT64_C(1) << 8 * HIGH_BYTES) - 1)

/* The time from which on short times are counted, where it stands in the high word. */
static uint64_t base_of(const struct account *account)
{
	return (uint64_t)(account->newest_ms - ((INT64_C(1) << SHORT_TIME_BITS) - 1)) << EVENT_TIME_AT;
}

bool block_events_wide(const struct account *account)
{
	int64_t oldest_ms;

	if (account->events_large > 0 || account->event_count == 0)
		return account->events_large > 0;
	oldest_ms = event_ms(&account->events[account->event_count - 1]);
	return (account->newest_ms - oldest_ms) >> SHORT_TIME_BITS != 0;
}

static void wide_open(const unsigned char *from, struct account *account)
{
	memcpy(account->events, from, account->event_count * sizeof(struct event));
	for (uint32_t i = 0; i < account->event_count; i++)
		account->events_large += event_is_large(&account->events[i]);
}

static inline void event_open(const unsigned char *from, uint64_t base, struct event *to)
{
	memcpy(&to->low, from, sizeof(to->low));
	memcpy(&to->high, from + LOW_BYTES, sizeof(to->high));
	to->low &= LOW_STORED;
	to->high = (to->high & HIGH_STORED) + base;
}

static inline void event_store(const struct event *from, uint64_t base, unsigned char *to)
{
	uint64_t high = from->high - base;

	memcpy(to, &from->low, sizeof(from->low));
	memcpy(to + LOW_BYTES, &high, sizeof(high));
}

/* Mostly there are sixteen: four at a time. */
enum { EVENTS_A_STEP = 4 };

const unsigned char *block_events_open(const unsigned char *from, bool wide, struct account *account)
{
	const unsigned char *end = from + block_events_bytes(account->event_count, wide);
	uint64_t base = base_of(account);
	struct event *to = account->events;

	account->events_large = 0;
	if (wide) {
		wide_open(from, account);
		return end;
	}
	for (uint32_t step = account->event_count / EVENTS_A_STEP; step > 0; step--)
#pragma GCC unroll 4
		for (int i = 0; i < EVENTS_A_STEP; i++, from += BLOCK_EVENT_BYTES, to++)
			event_open(from, base, to);
	for (; from < end; from += BLOCK_EVENT_BYTES, to++)
		event_open(from, base, to);
	return end;
}

unsigned char *block_events_pack(const struct account *account, bool wide, unsigned char *to)
{
	unsigned char *end = to + block_events_bytes(account->event_count, wide);
	const struct event *from = account->events;
	uint64_t base = base_of(account);

	if (wide) {
		memcpy(to, from, account->event_count * sizeof(*from));
		return end;
	}
	for (uint32_t step = account->event_count / EVENTS_A_STEP; step > 0; step--)
#pragma GCC unroll 4
		for (int i = 0; i < EVENTS_A_STEP; i++, to += BLOCK_EVENT_BYTES, from++)
			event_store(from, base, to);
	for (; to < end; to += BLOCK_EVENT_BYTES, from++)
		event_store(from, base, to);
	return end;
}
