#include "profile/amounts.h"

#define SQRT2_TOP UINT64_C(0xb504f333f9de6485) /* 2^63 √2, rounded up */

unsigned amounts_bin(int64_t amount_minor)
{
	unsigned zeros = (unsigned)__builtin_clzll((uint64_t)amount_minor);

	return 2 * (63 - zeros) + ((uint64_t)amount_minor << zeros >= SQRT2_TOP);
}

int64_t amounts_bin_from(unsigned bin)
{
	unsigned power = bin / 2;

	if (bin % 2 == 0)
		return INT64_C(1) << power;
	return (int64_t)((SQRT2_TOP - 1) >> (63 - power)) + 1;
}

/* Opens the histogram to a bin; returns the place of its count. */
static unsigned bin_open(struct amounts *amounts, unsigned bin)
{
	unsigned before;

	if (amounts->count == 0)
		amounts->from = (uint8_t)bin;
	if (bin < amounts->from) {
		before = amounts->from - bin;
		memmove(amounts->counts + before, amounts->counts, amounts->count);
		memset(amounts->counts, 0, before);
		amounts->from = (uint8_t)bin;
		amounts->count += (uint8_t)before;
	}
	while (amounts->from + amounts->count <= (int)bin)
		amounts->counts[amounts->count++] = 0;
	return bin - amounts->from;
}

static void halve(struct amounts *amounts)
{
	unsigned from = 0;

	for (unsigned i = 0; i < amounts->count; i++) {
		uint8_t *own = &amounts->counts[i];

		*own = (uint8_t)(*own / 2 + (*own & (amounts->from + i) & 1));
	}
	while (amounts->count > 0 && amounts->counts[amounts->count - 1] == 0)
		amounts->count--;
	while (from < amounts->count && amounts->counts[from] == 0)
		from++;
	amounts->from += (uint8_t)from;
	amounts->count -= (uint8_t)from;
	memmove(amounts->counts, amounts->counts + from, amounts->count);
}

void amounts_add(struct amounts *amounts, int64_t amount_minor)
{
	unsigned at;

	if (amount_minor <= 0)
		return;
	at = bin_open(amounts, amounts_bin(amount_minor));
	if (amounts->counts[at] == UINT8_MAX) {
		halve(amounts);
		at = bin_open(amounts, amounts_bin(amount_minor));
	}
	amounts->counts[at]++;
}

void amounts_take_back(struct amounts *amounts, int64_t amount_minor)
{
	unsigned at;

	if (amount_minor <= 0)
		return;
	at = amounts_bin(amount_minor) - amounts->from; /* wraps where it lies before */
	if (at < amounts->count && amounts->counts[at] > 0)
		amounts->counts[at]--;
}

void amounts_fade(struct amounts *amounts, int32_t before, int32_t today)
{
	int32_t periods = today / AMOUNTS_HALF_DAYS - before / AMOUNTS_HALF_DAYS;

	for (int32_t i = 0; i < periods && amounts->count > 0 && i < 16; i++)
		halve(amounts);
}

/* `rank` of `count` amounts in [from, to). */
static int64_t within_bin(int64_t from, int64_t to, uint32_t rank, uint32_t count)
{
	return from + (int64_t)((unsigned __int128)(uint64_t)(to - 1 - from) * rank / count);
}

int64_t amounts_percentile(const struct amounts *amounts, int64_t left_out_minor, int permille)
{
	unsigned out = left_out_minor > 0 ? amounts_bin(left_out_minor) - amounts->from : AMOUNT_BINS;
	uint32_t total = 0, rank, below = 0;

	for (unsigned i = 0; i < amounts->count; i++)
		total += amounts->counts[i];
	if (out < amounts->count && amounts->counts[out] > 0)
		total--;
	if (total < AMOUNTS_LEAST)
		return TX_ABSENT;
	permille = permille < 0 ? 0 : permille > 1000 ? 1000 : permille;
	rank = (total * (uint32_t)permille + 999) / 1000;
	rank = rank > 0 ? rank : 1;
	for (unsigned i = 0; i < amounts->count; i++) {
		uint32_t own = amounts->counts[i] - (uint32_t)(i == out && amounts->counts[i] > 0);

		if (below + own >= rank)
			return within_bin(amounts_bin_from(amounts->from + i), amounts_bin_from(amounts->from + i + 1),
			                  rank - below, own);
		below += own;
	}
	return TX_ABSENT;
}
