/*
 * What a transaction must be for a condition to hold, as far as a few simple values tell: a superset, so that
 * whoever keeps to it misses nothing. Nothing that it leaves out can hit; what it lets through is still asked.
 *
 *   direction = debit and amount >= 5万 and (counterparty.kind = person or not present(counterparty.kind))
 *     ─▶ directions {debit}, amount 5万 .., kinds {none, person}
 *
 * A set of bits holds 1 << word, bit 0 standing for "not said"; of fields that are there or not, two sets hold those
 * that must be and those that must not be. Ranges include both ends; beside a range
 * stands whether a transaction without the value may hit, too. program_gate_open() is the gate that lets
 * everything through. The same gate serves a transaction without an account's history: what asks for history
 * is absent then and never a yes. How much a debit leaves of the balance a condition knows from the transaction
 * alone, so its gate lets pass what the memory does not know.
 */
#ifndef PATTERN_GATE_H
#define PATTERN_GATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Has the account met this counterparty before? As known(counterparty.account) says: new is where
 * profile_first_seen(PROFILE_PARTY) is the booking time; no party where that is absent, or there is no history.
 */
enum { GATE_NEW = 1, GATE_KNOWN = 2, GATE_NO_PARTY = 4 };

/* Fields that may be there or not; beside them: is the money foreign? */
enum {
	GATE_PURPOSE = 1, GATE_REMARK = 2, GATE_PARTY_NAME = 4, GATE_PARTY_ACCOUNT = 8, GATE_PARTY_BANK = 16,
	GATE_BALANCE = 32, GATE_FOREIGN = 64,
};

enum { GATE_EVENTS_MOST = 64 }; /* so many or more, or nobody knows */

struct program_range {
	int64_t from, to;
	bool absent; /* may be absent */
};

struct program_gate {
	uint8_t directions; /* enum tx_direction */
	uint8_t kinds;      /* enum tx_party_kind */
	uint16_t channels;  /* enum tx_channel */
	uint32_t hours;     /* 1 << hour of the day in China */
	uint8_t novelty;    /* GATE_NEW … */
	uint8_t has, lacks; /* GATE_PURPOSE … */
	uint8_t events; /* transactions that the account's memory must hold, the one at hand included; at most GATE_EVENTS_MOST */
	struct program_range amount; /* minor units of CNY */
	struct program_range idle;   /* ms since the account's transaction before; absent: there is none */
	struct program_range watched; /* ms that the account has been in memory; absent: there is no history */
	struct program_range met;    /* ms since the account first met this counterparty; absent as in GATE_NO_PARTY */
	struct program_range left;   /* millionths of the balance before that a debit leaves; absent: not known */
};

struct program_gate program_gate_open(void);

/* What passes both, or either (or a little more). */
struct program_gate program_gate_both(const struct program_gate *a, const struct program_gate *b);
struct program_gate program_gate_either(const struct program_gate *a, const struct program_gate *b);

/* Does nothing pass? */
bool program_gate_shut(const struct program_gate *gate);

#endif
