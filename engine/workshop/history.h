/*
 * Named honest accounts: what they did before a test begins, whom they know, and what is usual there.
 *
 * Each is a function of its name and the day it ends before (I2), made by the simulator once and kept.
 */
#ifndef WORKSHOP_HISTORY_H
#define WORKSHOP_HISTORY_H

#include "base/arena.h"
#include "base/tx.h"
#include "pattern/pattern.h"
#include "simulate/simulate.h"

/* Somebody whom the account really paid or was paid by. Texts live as long as the history. */
struct history_party {
	struct tx_party party;
	uint8_t role; /* enum pattern_role */
	uint32_t met, first; /* how often; the number of the first transaction */
};

struct history {
	int32_t end_day; /* the first day that is not in it, in China */
	uint8_t kind; /* enum pattern_history */
	struct tx *txs; /* owned by the arena; on the tests' default account, at enterprise.bank, by booking time */
	size_t tx_count;
	struct history_party *parties; /* owned by the arena; by role, the one met most often first */
	size_t party_count;
	int64_t usual_minor[TX_CREDIT + 1], large_minor[TX_CREDIT + 1]; /* by direction; 0: none */
	int64_t balance_minor; /* at the end */
	struct tx machine; /* of the firm's usual cashier: ip, mac, device, operator, place */
	struct simulate_enterprise enterprise; /* its facts, in the arena */
	struct arena arena; /* owned */
	struct history *next;
};

/* Histories made so far. */
struct history_shelf {
	struct history *first; /* owned */
};

/* Borrowed until history_shelf_free(). `kind` is not PATTERN_HISTORY_NONE. */
const struct history *history_get(struct history_shelf *shelf, uint8_t kind, int32_t end_day);
void history_shelf_free(struct history_shelf *shelf);

/* The party of that role and number (from 1); NULL where there are fewer. `count_r`: how many there are. */
const struct history_party *history_party(const struct history *history, uint8_t role, unsigned number,
                                          unsigned *count_r);

#endif
