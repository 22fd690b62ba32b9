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

/*
 * A histogram laid open, counts[i] of bin from + i. Most additions find their count in its half, or in its byte, and
 * leave all else as it is.
 */
struct bins {
	uint8_t from, count;
	uint8_t counts[AMOUNT_BINS];
};

enum { LARGE = 15 };

static unsigned half_at(const uint8_t *halves, unsigned at)
{
	return halves[at / 2] >> at % 2 * 4 & LARGE;
}

/* Sixteen halves at a time; what is behind them is read and doesn't count. */
unsigned amounts_large(const uint8_t *halves, unsigned count)
{
	const uint64_t each = UINT64_C(0x1111111111111111), bytes = UINT64_C(0x0f0f0f0f0f0f0f0f);
	unsigned large = 0;

	for (; count > 0; halves += sizeof(each)) {
		unsigned own = count < 16 ? count : 16;
		uint64_t word;

		memcpy(&word, halves, sizeof(word));
		word &= word >> 1;
		word &= word >> 2 & each;
		word &= UINT64_MAX >> (64 - 4 * own);
		word = (word & bytes) + (word >> 4 & bytes);
		large += (unsigned)(word * UINT64_C(0x0101010101010101) >> 56);
		count -= own;
	}
	return large;
}

static void bins_read(const struct amounts *amounts, struct bins *bins)
{
	const uint8_t *large = amounts->bytes + amounts_bytes(amounts->count, 0);

	bins->from = amounts->from;
	bins->count = amounts->count;
	for (unsigned i = 0; i < amounts->count; i++) {
		unsigned half = half_at(amounts->bytes, i);

		bins->counts[i] = half < LARGE ? (uint8_t)half : *large++;
	}
}

static void bins_write(const struct bins *bins, struct amounts *amounts)
{
	uint8_t *large = amounts->bytes + amounts_bytes(bins->count, 0), *first = large;

	amounts->from = bins->from;
	amounts->count = bins->count;
	memset(amounts->bytes, 0, (size_t)(large - amounts->bytes));
	for (unsigned i = 0; i < bins->count; i++) {
		unsigned count = bins->counts[i];

		amounts->bytes[i / 2] |= (uint8_t)((count < LARGE ? count : LARGE) << i % 2 * 4);
		if (count >= LARGE)
			*large++ = (uint8_t)count;
	}
	amounts->large = (uint8_t)(large - first);
}

/* Opens the histogram to a bin; returns the place of its count. */
static unsigned bin_open(struct bins *bins, unsigned bin)
{
	unsigned before;

	if (bins->count == 0)
		bins->from = (uint8_t)bin;
	if (bin < bins->from) {
		before = bins->from - bin;
		memmove(bins->counts + before, bins->counts, bins->count);
		memset(bins->counts, 0, before);
		bins->from = (uint8_t)bin;
		bins->count += (uint8_t)before;
	}
	while (bins->from + bins->count <= (int)bin)
		bins->counts[bins->count++] = 0;
	return bin - bins->from;
}

static void halve(struct bins *bins)
{
	unsigned from = 0;

	for (unsigned i = 0; i < bins->count; i++) {
		uint8_t *own = &bins->counts[i];

		*own = (uint8_t)(*own / 2 + (*own & (bins->from + i) & 1));
	}
	while (bins->count > 0 && bins->counts[bins->count - 1] == 0)
		bins->count--;
	while (from < bins->count && bins->counts[from] == 0)
		from++;
	bins->from += (uint8_t)from;
	bins->count -= (uint8_t)from;
	memmove(bins->counts, bins->counts + from, bins->count);
}

/* One more in a count that keeps its form. */
static bool add_in_place(struct amounts *amounts, unsigned at)
{
	unsigned half = half_at(amounts->bytes, at);
	uint8_t *large;

	if (half < LARGE - 1) {
		amounts->bytes[at / 2] += (uint8_t)(1 << at % 2 * 4);
		return true;
	}
	if (half < LARGE)
		return false;
	large = amounts->bytes + amounts_bytes(amounts->count, amounts_large(amounts->bytes, at));
	if (*large == UINT8_MAX)
		return false;
	++*large;
	return true;
}

void amounts_add(struct amounts *amounts, int64_t amount_minor)
{
	unsigned bin, at;
	struct bins bins;

	if (amount_minor <= 0)
		return;
	bin = amounts_bin(amount_minor);
	at = bin - amounts->from; /* wraps where it lies before */
	if (at < amounts->count && add_in_place(amounts, at))
		return;
	bins_read(amounts, &bins);
	at = bin_open(&bins, bin);
	if (bins.counts[at] == UINT8_MAX) {
		halve(&bins);
		at = bin_open(&bins, bin);
	}
	bins.counts[at]++;
	bins_write(&bins, amounts);
}

void amounts_take_back(struct amounts *amounts, int64_t amount_minor)
{
	struct bins bins;
	unsigned at;

	if (amount_minor <= 0)
		return;
	bins_read(amounts, &bins);
	at = amounts_bin(amount_minor) - bins.from;
	if (at < bins.count && bins.counts[at] > 0)
		bins.counts[at]--;
	bins_write(&bins, amounts);
}

void amounts_fade(struct amounts *amounts, int32_t before, int32_t today)
{
	int32_t periods = today / AMOUNTS_HALF_DAYS - before / AMOUNTS_HALF_DAYS;
	struct bins bins;

	if (periods == 0)
		return;
	bins_read(amounts, &bins);
	for (int32_t i = 0; i < periods && bins.count > 0 && i < 16; i++)
		halve(&bins);
	bins_write(&bins, amounts);
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
	struct bins bins;

	bins_read(amounts, &bins);
	for (unsigned i = 0; i < bins.count; i++)
		total += bins.counts[i];
	if (out < bins.count && bins.counts[out] > 0)
		total--;
	if (total < AMOUNTS_LEAST)
		return TX_ABSENT;
	permille = permille < 0 ? 0 : permille > 1000 ? 1000 : permille;
	rank = (total * (uint32_t)permille + 999) / 1000;
	rank = rank > 0 ? rank : 1;
	for (unsigned i = 0; i < bins.count; i++) {
		uint32_t own = bins.counts[i] - (uint32_t)(i == out && bins.counts[i] > 0);

		if (below + own >= rank)
			return within_bin(amounts_bin_from(bins.from + i), amounts_bin_from(bins.from + i + 1),
			                  rank - below, own);
		below += own;
	}
	return TX_ABSENT;
}
