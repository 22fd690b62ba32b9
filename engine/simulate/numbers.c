#include "simulate/numbers.h"

#include "simulate/put.h"
#include "simulate/random.h"

const struct place_info places[PLACE_COUNT] = {
#define PLACE(division, bank_city, name, near) {division, bank_city, name, near},
#include "simulate/places.def"
#undef PLACE
};

const struct district districts[DISTRICT_COUNT] = {
	{359902, "湖东区", "Hudong District"}, {359903, "江口区", "Jiangkou District"},
	{359904, "北岭区", "Beiling District"}, {359905, "新港区", "Xingang District"},
	{359921, "石溪县", "Shixi County"},
};

/* The first three digits of a bank code, of the larger Chinese banks. */
static const char *const bank_numbers[] = {
	"102", "103", "104", "105", "301", "302", "303", "305", "308", "309", "310", "403",
};

/* ISO 7064 MOD 11,10 over the first 11 digits: the digit that brings the whole to 1. */
static char bank_check(const char *digits)
{
	int product = 10, sum;

	for (int i = 0; i < 11; i++) {
		sum = (product + digits[i] - '0') % 10;
		product = (sum == 0 ? 10 : sum) * 2 % 11;
	}
	return (char)('0' + (11 - product) % 10);
}

void numbers_bank(int bank, enum place place, int branch, char bank_r[NUMBERS_BANK_BYTES])
{
	struct put p = put_begin(bank_r, NUMBERS_BANK_BYTES);
	char check;

	put_bytes(&p, bank_numbers[bank], 3);
	put_number(&p, (uint64_t)places[place].bank_city, 4);
	put_number(&p, (uint64_t)branch % 10000, 4);
	check = bank_check(bank_r);
	put_bytes(&p, &check, 1);
}

static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* GB 11714: weights 3 7 9 10 5 8 4 2, 11 less the sum modulo 11, X for 10. */
static char organisation_check(const char *eight)
{
	static const int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0, check;

	for (int i = 0; i < 8; i++)
		sum += (eight[i] >= 'A' ? eight[i] - 'A' + 10 : eight[i] - '0') * weights[i];
	check = (11 - sum % 11) % 11;
	return check == 10 ? 'X' : (char)('0' + check);
}

static char uscc_check(const char *seventeen)
{
	int sum = 0, weight = 1;

	for (int i = 0; i < 17; i++) {
		sum += (int)(strchr(uscc_alphabet, seventeen[i]) - uscc_alphabet) * weight;
		weight = weight * 3 % 31;
	}
	return uscc_alphabet[(31 - sum % 31) % 31];
}

/* 9 (industry and commerce), 1 (enterprise), division, organisation with its check, check. */
void numbers_uscc(uint64_t seed, int division, char uscc_r[NUMBERS_USCC_BYTES])
{
	struct random r = {seed};
	struct put p = put_begin(uscc_r, NUMBERS_USCC_BYTES);
	char check;

	put_text(&p, "91");
	put_number(&p, (uint64_t)division, 6);
	put_text(&p, "MA");
	for (int i = 0; i < 6; i++)
		put_bytes(&p, &uscc_alphabet[random_below(&r, 31)], 1);
	check = organisation_check(uscc_r + 8);
	put_bytes(&p, &check, 1);
	check = uscc_check(uscc_r);
	put_bytes(&p, &check, 1);
}

/* 61,803,399 is odd and no multiple of 5, so the middle eight digits run through all numbers before one
 * comes again. */
int numbers_account_of_serial(uint64_t seed, uint32_t serial, char account_r[NUMBERS_ACCOUNT_BYTES])
{
	struct put p = put_begin(account_r, NUMBERS_ACCOUNT_BYTES);
	struct random r = {random_mix(seed, serial)};

	put_number(&p, 4000 + random_below(&r, 5000), 4);
	put_number(&p, random_below(&r, 10000), 4);
	put_number(&p, (seed % 100000000 + (uint64_t)serial * 61803399) % 100000000, 8);
	for (uint32_t more = serial % 4; more > 0; more--)
		put_number(&p, random_below(&r, 10), 1);
	return (int)put_end(&p).length;
}

int numbers_account(uint64_t seed, char account_r[NUMBERS_ACCOUNT_BYTES])
{
	struct put p = put_begin(account_r, NUMBERS_ACCOUNT_BYTES);

	put_number(&p, 1000 + seed % 3000, 4); /* below the population's 4000 */
	put_number(&p, (seed >> 12) % UINT64_C(1000000000000), 12);
	if (seed >> 62 != 0)
		put_number(&p, (seed >> 52) % 1000, 3);
	return (int)put_end(&p).length;
}

int numbers_card(uint64_t seed, char card_r[NUMBERS_ACCOUNT_BYTES])
{
	struct put p = put_begin(card_r, NUMBERS_ACCOUNT_BYTES);
	int sum = 0;

	put_text(&p, "62");
	put_number(&p, seed % UINT64_C(10000000000000000), 16);
	for (int i = 0; i < 18; i++) { /* the digit beside the check is doubled, then every other one */
		int digit = (card_r[i] - '0') * (i % 2 == 1 ? 2 : 1);
		sum += digit > 9 ? digit - 9 : digit;
	}
	put_number(&p, (uint64_t)(10 - sum % 10) % 10, 1);
	return (int)put_end(&p).length;
}

static void ip(uint32_t host, char *ip_r)
{
	struct put p = put_begin(ip_r, NUMBERS_IP_BYTES);

	put_text(&p, "100.");
	put_number(&p, 64 + (host >> 16 & 63), 1);
	put_text(&p, ".");
	put_number(&p, host >> 8 & 255, 1);
	put_text(&p, ".");
	put_number(&p, host & 255, 1);
}

/* An odd factor makes neighbours look unrelated and keeps them apart. */
void numbers_ip_of_serial(uint32_t serial, char ip_r[NUMBERS_IP_BYTES])
{
	ip(serial * 1640531u & ((1u << 21) - 1), ip_r);
}

void numbers_ip_strange(uint64_t seed, char ip_r[NUMBERS_IP_BYTES])
{
	ip(1u << 21 | (uint32_t)(seed >> 40 & ((1u << 21) - 1)), ip_r);
}

static void put_hex(struct put *p, uint64_t value, int digits)
{
	for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
		put_bytes(p, &"0123456789ABCDEF"[value >> shift & 15], 1);
}

void numbers_mac(uint64_t seed, char mac_r[NUMBERS_MAC_BYTES])
{
	struct put p = put_begin(mac_r, NUMBERS_MAC_BYTES);

	put_text(&p, "02");
	for (int i = 0; i < 5; i++) {
		put_text(&p, "-");
		put_hex(&p, seed >> (8 * i + 8), 2);
	}
}

void numbers_device(uint64_t seed, char device_r[NUMBERS_DEVICE_BYTES])
{
	struct put p = put_begin(device_r, NUMBERS_DEVICE_BYTES);

	put_text(&p, "UK");
	put_number(&p, seed % UINT64_C(10000000000), 10);
}
