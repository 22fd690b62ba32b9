/*
 * Numbers with their check digits, made from a seed: bank codes, USCC, account and card numbers, addresses
 * of machines.
 *
 * Formats: domain.md section 3; the organisation part of a USCC as in GB 11714, cards with Luhn's digit
 * (ISO/IEC 7812). IP addresses are of 100.64.0.0/10 and MAC addresses locally administered, so that none
 * is anybody's.
 */
#ifndef SIMULATE_NUMBERS_H
#define SIMULATE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#define NUMBERS_ACCOUNT_BYTES 24
#define NUMBERS_BANK_BYTES 13
#define NUMBERS_USCC_BYTES 19
#define NUMBERS_IP_BYTES 16
#define NUMBERS_MAC_BYTES 18
#define NUMBERS_DEVICE_BYTES 20

enum place {
#define PLACE(division, bank_city, name, near) PLACE_##division,
#include "simulate/places.def"
#undef PLACE
	PLACE_COUNT
};

struct place_info {
	int division, bank_city;
	const char *name;
	bool near; /* in the home city's province */
};

extern const struct place_info places[PLACE_COUNT];

#define DISTRICT_COUNT 5

/* Counties of the home city: what the registry calls jurisdictions. */
struct district {
	int division;
	const char *name_zh, *name_en;
};
extern const struct district districts[DISTRICT_COUNT];

/* 12 digits: bank (0..SIMULATE_BANKS_MAX - 1), place, branch (0..9999), check. */
void numbers_bank(int bank, enum place place, int branch, char bank_r[NUMBERS_BANK_BYTES]);

void numbers_uscc(uint64_t seed, int division, char uscc_r[NUMBERS_USCC_BYTES]);

/* 16 to 19 digits. `serial` < 100,000,000 makes it unlike every other serial's of the same seed. Returns
 * the length. */
int numbers_account_of_serial(uint64_t seed, uint32_t serial, char account_r[NUMBERS_ACCOUNT_BYTES]);
int numbers_account(uint64_t seed, char account_r[NUMBERS_ACCOUNT_BYTES]);

/* 19 digits that begin with 62. */
int numbers_card(uint64_t seed, char card_r[NUMBERS_ACCOUNT_BYTES]);

/* `serial` below 2^21 gives addresses of honest machines, each its own; a stranger's come from a seed. */
void numbers_ip_of_serial(uint32_t serial, char ip_r[NUMBERS_IP_BYTES]);
void numbers_ip_strange(uint64_t seed, char ip_r[NUMBERS_IP_BYTES]);
void numbers_mac(uint64_t seed, char mac_r[NUMBERS_MAC_BYTES]);
void numbers_device(uint64_t seed, char device_r[NUMBERS_DEVICE_BYTES]);

#endif
