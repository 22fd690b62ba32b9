#include "profile/block_events.h"

#include "profile/event.h"

enum { SHORT_TIME_BITS = 30, DROPPED_AT = 8 * (BLOCK_EVENT_BYTES - (int)sizeof(uint64_t)) };

_Static_assert(EVENT_TIME_AT + SHORT_TIME_BITS == DROPPED_AT, "the time ends where the stored bytes do");

/* An event's two words at once: its times are all that differs between memory and block. */
typedef uint64_t words __attribute__((vector_size(16)));

static words base_of(const struct account *account)
{
	int64_t base_ms = account->newest_ms - ((INT64_C(1) << SHORT_TIME_BITS) - 1);

	return (words){0, (uint64_t)base_ms << EVENT_TIME_AT};
}

bool block_events_wide(const struct account *account)
{
	uint64_t base = base_of(account)[1], all = 0;

	for (uint32_t i = 0; i < account->event_count; i++)
		all |= account->events[i].high - base;
	return all >> DROPPED_AT != 0;
}

const unsigned char *block_events_open(const unsigned char *from, bool wide, struct account *account)
{
	words base = base_of(account), stored = {UINT64_MAX, (UINT64_C(1) << DROPPED_AT) - 1};
	uint32_t count = account->event_count;

	if (wide) {
		memcpy(account->events, from, count * sizeof(struct event));
	} else {
		for (uint32_t i = 0; i < count; i++) {
			words event;

			memcpy(&event, from + i * BLOCK_EVENT_BYTES, sizeof(event));
			event = (event & stored) + base;
			memcpy(&account->events[i], &event, sizeof(event));
		}
	}
	return from + block_events_bytes(count, wide);
}

unsigned char *block_events_pack(const struct account *account, bool wide, unsigned char *to)
{
	words base = base_of(account);
	uint32_t count = account->event_count;

	if (wide) {
		memcpy(to, account->events, count * sizeof(struct event));
	} else {
		for (uint32_t i = 0; i < count; i++) {
			words event;

			memcpy(&event, &account->events[i], sizeof(event));
			event -= base;
			memcpy(to + i * BLOCK_EVENT_BYTES, &event, sizeof(event));
		}
	}
	return to + block_events_bytes(count, wide);
}
