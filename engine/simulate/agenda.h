/*
 * What happens on one day, in the order of time: small events, no texts.
 *
 * A day is planned account by account and sorted by a radix sort over the millisecond of the day, which is
 * stable, so that ties keep the order of planning.
 */
#ifndef SIMULATE_AGENDA_H
#define SIMULATE_AGENDA_H

#include <stdbool.h>
#include <stdint.h>

#define AGENDA_EVENTS_MAX (16u << 20) /* of one day */
#define AGENDA_SCRIPTED UINT16_MAX /* `habit` of an event of a scenario; `member` is its number in the cast */

struct agenda_event {
	uint64_t seed;
	uint32_t ms; /* of the day in China */
	uint32_t enterprise;
	uint32_t member;
	uint16_t habit;
};

struct agenda_key {
	uint32_t ms, index;
};

struct agenda {
	struct agenda_event *events; /* owned */
	struct agenda_key *keys, *spare; /* owned; `keys` is the order after agenda_sort() */
	uint32_t count, capacity, next;
	uint64_t left_out; /* beyond AGENDA_EVENTS_MAX */
};

void agenda_deinit(struct agenda *agenda);
void agenda_clear(struct agenda *agenda);
void agenda_add(struct agenda *agenda, const struct agenda_event *event);
void agenda_sort(struct agenda *agenda);

/* The next event, not yet taken; NULL at the end of the day. */
static inline const struct agenda_event *agenda_peek(const struct agenda *agenda)
{
	return agenda->next < agenda->count ? &agenda->events[agenda->keys[agenda->next].index] : (void *)0;
}

static inline void agenda_take(struct agenda *agenda)
{
	agenda->next++;
}

#endif
