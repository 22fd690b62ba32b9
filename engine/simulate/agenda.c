#include "simulate/agenda.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { RADIX_BITS = 9, RADIX = 1 << RADIX_BITS, PASSES = 3 }; /* 27 bits hold the milliseconds of a day */

void agenda_deinit(struct agenda *agenda)
{
	free(agenda->events);
	free(agenda->keys);
	free(agenda->spare);
	*agenda = (struct agenda){.count = 0};
}

void agenda_clear(struct agenda *agenda)
{
	agenda->count = agenda->next = 0;
}

static void grow(struct agenda *agenda)
{
	agenda->capacity = agenda->capacity > 0 ? agenda->capacity * 2 : 4096;
	agenda->events = realloc(agenda->events, agenda->capacity * sizeof(*agenda->events));
	agenda->keys = realloc(agenda->keys, agenda->capacity * sizeof(*agenda->keys));
	agenda->spare = realloc(agenda->spare, agenda->capacity * sizeof(*agenda->spare));
	if (agenda->events == NULL || agenda->keys == NULL || agenda->spare == NULL)
		die("out of memory: a simulated day of %u events", agenda->capacity);
}

void agenda_add(struct agenda *agenda, const struct agenda_event *event)
{
	if (agenda->count == AGENDA_EVENTS_MAX) {
		agenda->left_out++;
		return;
	}
	if (agenda->count == agenda->capacity)
		grow(agenda);
	agenda->keys[agenda->count] = (struct agenda_key){event->ms, agenda->count};
	agenda->events[agenda->count++] = *event;
}

/* One pass by the digit at `shift`: counts, first places, moves in order. */
static void pass(struct agenda *agenda, int shift)
{
	uint32_t first[RADIX] = {0}, sum = 0;
	struct agenda_key *moved = agenda->spare;

	for (uint32_t i = 0; i < agenda->count; i++)
		first[agenda->keys[i].ms >> shift & (RADIX - 1)]++;
	for (int digit = 0; digit < RADIX; digit++) {
		uint32_t here = first[digit];
		first[digit] = sum;
		sum += here;
	}
	for (uint32_t i = 0; i < agenda->count; i++)
		moved[first[agenda->keys[i].ms >> shift & (RADIX - 1)]++] = agenda->keys[i];
	agenda->spare = agenda->keys;
	agenda->keys = moved;
}

void agenda_sort(struct agenda *agenda)
{
	for (int i = 0; i < PASSES; i++)
		pass(agenda, i * RADIX_BITS);
}
