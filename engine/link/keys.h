/*
 * Events by what they share: a counterparty, a device, an address.
 *
 * A window of a rule begins at an event and reaches `within` from it; it is met where it holds enough
 * different ones (and transactions, and money). An event hits where some met window holds it. Both only
 * grow with more events, so the hits are a function of the set of events, in whatever order they come (I2).
 *
 * Each event knows how many different ones its window holds, as long as that is not met. A new event is put
 * in by its booking time and adds itself to the windows that did not hold its like: each window is counted
 * up at most `at_least` times in its life. Cost: a walk over the unmet windows around it, at most
 * key_events_max.
 */
#ifndef LINK_KEYS_H
#define LINK_KEYS_H

#include "link/state.h"

struct key_event {
	int64_t booked_ms;
	uint64_t id, who; /* id: the head of the hit's */
	int64_t amount_minor;
	uint32_t record; /* its texts */
	uint32_t put_by, completed_by; /* the put that brought it, and that made it a hit; 0: none yet */
	uint16_t distinct; /* different ones in its window; right as long as it is not met */
	bool met;
};

struct link_key {
	uint64_t key;
	int64_t gone_from_ms, gone_to_ms; /* hits that went for want of room: what is booked between them hits */
	uint32_t serial, next; /* its slot's; the next key of the same hash */
	uint32_t run, class; /* the events, and their room */
	uint32_t begin, count; /* in the run */
	uint32_t open; /* events before this one have met windows */
	uint32_t met;
};

/* The texts of an event's hit. */
struct key_record {
	struct timed timed;
	uint32_t key, texts;
	uint16_t lengths[8];
	int64_t booked_ms;
	bool party_is_company;
};

_Static_assert(sizeof(struct key_event) == 48 && sizeof(struct link_key) <= CELL_BYTES, "they fill cells");
_Static_assert(sizeof(struct key_record) <= CELL_BYTES, "it fills a cell");

void keys_put(struct link *link, struct slot *slot, const struct link_event *event);
/* Lets go of the event with this record. */
void keys_forget(struct link *link, uint32_t record);

/*
 * For the snapshot: every event that is kept; the first event of each key that let hits go, and back
 * again.
 */
typedef int keys_visit(void *context, const struct slot *slot, const struct link_key *key,
                       const struct key_event *event);
int keys_each(const struct link *link, keys_visit *visit, void *context);
int keys_each_full(const struct link *link, keys_visit *visit, void *context);
void keys_set_gone(struct link *link, const struct slot *slot, uint64_t key, int64_t from_ms, int64_t to_ms);

/* The hit of an event, its texts in `arena`; false where that is full. */
bool key_hit(const struct link *link, const struct slot *slot, const struct key_event *event, struct arena *arena,
             struct hit *hit_r);

#endif
