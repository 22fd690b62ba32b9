/*
 * Who there is: the enterprises whose accounts the feed shows.
 *
 * An enterprise is a function of the seed and its number, and of what a scenario wishes it to be. Nothing
 * is kept of the people and firms it deals with: they are made anew from a seed whenever they are met
 * (party.h).
 */
#ifndef SIMULATE_POPULATION_H
#define SIMULATE_POPULATION_H

#include "simulate/names.h"
#include "simulate/simulate.h"

#define POPULATION_NOBODY UINT32_MAX

struct enterprise {
	uint64_t seed;
	int64_t turnover_minor; /* a month */
	int64_t balance_minor; /* now; the only part that changes while the feed runs */
	int64_t target_minor; /* the balance that receipts tend to */
	int32_t opened_day, registered_day;
	uint32_t head; /* of its group; POPULATION_NOBODY */
	uint16_t staff;
	uint8_t kind, trade, bank, district;
	char name[NAMES_FIRM_BYTES], owner[NAMES_PERSON_BYTES];
	char uscc[NUMBERS_USCC_BYTES], account[NUMBERS_ACCOUNT_BYTES];
	char ip[NUMBERS_IP_BYTES], mac[NUMBERS_MAC_BYTES], device[NUMBERS_DEVICE_BYTES];
};

/* What a scenario asks of an enterprise; all zero where nothing. */
struct population_wish {
	bool wished;
	uint8_t kind;
	int16_t age_least_days, age_most_days; /* at the first day; both 0: as the kind has it */
	int64_t reserve_minor; /* it must be able to pay this */
};

struct population {
	struct enterprise *items; /* owned */
	uint32_t count;
	uint64_t seed;
	int32_t first_day, today; /* today moves with the feed: a few parties change their accounts */
	char banks[SIMULATE_BANKS_MAX][NUMBERS_BANK_BYTES];
};

/* `wishes` has an entry an enterprise. Out of memory ends the program. */
void population_init(struct population *population, const struct simulate_options *options,
                     const struct population_wish *wishes);
void population_deinit(struct population *population);

/* "云桥市城东区滨江路12号305室" */
#define POPULATION_ADDRESS_BYTES 96
void population_address(const struct enterprise *enterprise, struct put *p);

#endif
