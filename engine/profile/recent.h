/*
 * The recent transactions as a view sees them, turned round: which of them are debits, were by counter, had a person
 * … is a word each, bit 0 the one at hand, so that a window is a few ANDs, and what is summed up stands unpacked. Read
 * from the events when the first window asks, as far back as it reaches, and shared by all windows of the view.
 */
#ifndef PROFILE_RECENT_H
#define PROFILE_RECENT_H

#include "profile/event.h"

enum { RECENT_MOST = PROFILE_EVENTS_MOST, RECENT_KINDS = 8, RECENT_CHANNELS = 16, RECENT_PLACES = 128 };

/* When the slots of a day begin and end; kept from one view to the next, which mostly has the same day. */
struct recent_slots {
	bool is_read;
	int32_t today;
	int64_t begin_ms[SLOTS], end_ms[SLOTS];
};

struct recent {
	struct recent_slots slots;
	uint64_t payers_looked, payers_paid; /* known payers, a bit each: those that were looked for among the payees */
	uint32_t count; /* read */
	int64_t last_ms; /* what was last asked for, where something is read, and the answer */
	uint64_t last;
	uint32_t numbered; /* of these, whose parties have numbers */
	int64_t amounts_minor[RECENT_MOST];
	uint8_t numbers[RECENT_MOST]; /* of the parties: the first event with the same one; not for those without */
	/* What follows is cleared when the first is read. */
	uint64_t credits, new_parties, with_party;
	uint64_t kinds[RECENT_KINDS], channels[RECENT_CHANNELS];
	uint8_t places[RECENT_PLACES]; /* by the party's hash: its number + 1; 0: nothing is here */
};

/* Of another view from now on. */
static inline void recent_forget(struct recent *recent)
{
	recent->count = recent->numbered = 0;
	recent->payers_looked = recent->payers_paid = 0;
}

void recent_slots_read(struct recent_slots *slots, int32_t today);

/* The transactions booked after `after_ms`, a bit each, read; `at` and `amount_minor` are the view's. */
uint64_t recent_read(struct recent *recent, const struct account *account, uint32_t at, int64_t amount_minor,
                     int64_t after_ms);

/* Of `events`, which are read, those that fit the filter. */
uint64_t recent_fit(const struct recent *recent, const struct account *account, uint32_t at,
                    const struct profile_filter *filter, uint64_t events);

/* The parties of `events`, a bit each: its number. */
uint64_t recent_parties(struct recent *recent, const struct account *account, uint32_t at, uint64_t events);

/* The number of a party that some transaction has whose parties have numbers; RECENT_MOST: none. */
static inline unsigned recent_place(uint32_t party)
{
	return party * 0x9e3779b1U >> 25;
}
static inline unsigned recent_number(const struct recent *recent, const struct account *account, uint32_t at,
                                     uint32_t party)
{
	for (unsigned place = recent_place(party); recent->places[place] != 0; place = (place + 1) % RECENT_PLACES)
		if (account->parties[at + recent->places[place] - 1] == party)
			return recent->places[place] - 1U;
	return RECENT_MOST;
}

#endif
