/*
 * An account's recent transactions, turned round: for each thing that one can be, which ones are. At most 64,
 * so that this is one word, a bit a transaction, bit 0 the one at hand; a step's conditions are a few ANDs
 * then.
 *
 * Read from the account's memory once a transaction, and as far back as some sequence asks.
 */
#ifndef MATCH_SEQUENCE_TAPE_H
#define MATCH_SEQUENCE_TAPE_H

#include "pattern/pattern.h"
#include "profile/profile.h"

struct sequence_tape {
	uint32_t count; /* read */
	bool whole;     /* there are no more */
	struct profile_event events[PROFILE_EVENTS_MAX]; /* newest first */
	int64_t amounts_minor[PROFILE_EVENTS_MAX]; /* theirs once more, side by side */
	uint64_t directions[TX_CREDIT + 1], kinds[TX_UNKNOWN + 1], channels[TX_OTHER + 1], hours[24];
	uint64_t novelties[3]; /* of GATE_NEW, GATE_KNOWN, GATE_NO_PARTY */
};

/* GATE_NEW, GATE_KNOWN or GATE_NO_PARTY. */
static inline uint8_t sequence_novelty(const struct profile_event *event)
{
	return event->party == 0 ? GATE_NO_PARTY : event->is_new ? GATE_NEW : GATE_KNOWN;
}

/* Nothing is read yet. */
static inline void sequence_tape_reset(struct sequence_tape *tape)
{
	tape->count = 0;
	tape->whole = false;
}

/* Reads on to `since_ms`. The transactions booked then or later. */
uint64_t sequence_tape_read(struct sequence_tape *tape, const struct profile_view *view, int64_t since_ms);

/* Those of `events` that fit the step. */
uint64_t sequence_tape_fit(const struct sequence_tape *tape, const struct plan_step *step, uint64_t events);

/* Those of `events` with that counterparty. */
uint64_t sequence_tape_with(const struct sequence_tape *tape, uint32_t party, uint64_t events);

#endif
