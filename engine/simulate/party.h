/*
 * The other side of a transaction, made anew from a seed whenever it is met: nothing about anybody is
 * remembered, so a population of any size deals with millions of people in no memory. The same
 * (enterprise, class, member) is always the same person or firm with the same account.
 */
#ifndef SIMULATE_PARTY_H
#define SIMULATE_PARTY_H

#include "simulate/population.h"
#include "simulate/random.h"

#define PARTY_NAME_BYTES 160

struct party {
	uint8_t kind; /* enum tx_party_kind */
	uint32_t enterprise; /* of the population, or POPULATION_NOBODY */
	struct slice name, account, bank, country; /* into the buffers below, or into the population */
	char name_bytes[PARTY_NAME_BYTES], account_bytes[NUMBERS_ACCOUNT_BYTES], bank_bytes[NUMBERS_BANK_BYTES];
};

/* Members from here on were not there before: each enterprise meets new ones now and then. */
#define PARTY_NEW UINT32_C(1000000)

/* Whom `enterprise` meets: the first members more often than the last, and rarely a new one. */
uint32_t party_draw_member(const struct enterprise *enterprise, enum party_class class, struct random *r);

/* The usual members of a class, which payroll walks through. */
uint32_t party_members(const struct enterprise *enterprise, enum party_class class);

/* `party_r` must not move while its slices are in use. */
void party_make(const struct population *population, uint32_t enterprise, enum party_class class,
                uint32_t member, struct party *party_r);

/* A stranger of a kind: a person, a firm, or an account abroad (`country` not empty). */
void party_make_stranger(uint64_t seed, uint8_t kind, enum place place, const char *country,
                         struct party *party_r);

/* Another account under the name that the party has, at another bank. */
void party_move_account(uint64_t seed, enum place place, struct party *party);

enum place party_place(uint64_t seed, uint32_t home_percent, uint32_t near_percent);

#endif
