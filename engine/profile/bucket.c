#include "profile/bucket.h"

#include "profile/small.h"

enum { SUM_BITS = 16, COUNT_BITS = 8, LARGEST_BITS = 6, SHARE_BITS = 9 };
enum { EXPONENT_BITS = 6, COUNT_EXPONENT_BITS = 4 };
enum {
	COUNT_AT = SUM_BITS + EXPONENT_BITS,
	LARGEST_AT = COUNT_AT + COUNT_BITS + COUNT_EXPONENT_BITS,
	PERSONS_AT = LARGEST_AT + LARGEST_BITS + EXPONENT_BITS,
	NIGHT_AT = PERSONS_AT + SHARE_BITS,
	SHARE_MOST = (1 << SHARE_BITS) - 1
};

_Static_assert(NIGHT_AT + SHARE_BITS == 64, "a bucket is one word");

static uint32_t part(uint64_t bucket, int at, int bits)
{
	return (uint32_t)(bucket >> at) & ((UINT32_C(1) << bits) - 1);
}

static uint64_t share_value(uint32_t share, uint64_t sum)
{
	return (uint64_t)(((unsigned __int128)sum * share + SHARE_MOST / 2) / SHARE_MOST); /* else it would shrink each time */
}

/* Rounded by the dither; 0 and all are kept as they are. */
static uint32_t share_of(uint64_t value, uint64_t sum, uint32_t dither)
{
	unsigned __int128 scaled;

	if (sum == 0 || value >= sum)
		return sum == 0 ? 0 : SHARE_MOST;
	scaled = (unsigned __int128)value * SHARE_MOST + (uint64_t)((unsigned __int128)sum * dither >> 32);
	return (uint32_t)(scaled / sum);
}

void bucket_read_all(uint64_t bucket, struct bucket_sum *sum_r)
{
	sum_r->sum = small_value(part(bucket, 0, SUM_BITS + EXPONENT_BITS), SUM_BITS);
	sum_r->count = small_value(part(bucket, COUNT_AT, COUNT_BITS + COUNT_EXPONENT_BITS), COUNT_BITS);
	sum_r->largest = small_value(part(bucket, LARGEST_AT, LARGEST_BITS + EXPONENT_BITS), LARGEST_BITS);
}

void bucket_read(uint64_t bucket, struct bucket_sum *sum_r)
{
	bucket_read_all(bucket, sum_r);
	sum_r->persons_sum = share_value(part(bucket, PERSONS_AT, SHARE_BITS), sum_r->sum);
	sum_r->night_sum = share_value(part(bucket, NIGHT_AT, SHARE_BITS), sum_r->sum);
}

uint64_t bucket_add(uint64_t bucket, const struct bucket_sum *more, uint32_t dither)
{
	const uint32_t nearest = UINT32_C(1) << 31;
	uint64_t count_most = UINT64_C(255) << 15;
	struct bucket_sum all;
	uint64_t persons, night;

	bucket_read(bucket, &all);
	persons = all.persons_sum + more->persons_sum;
	night = all.night_sum + more->night_sum;
	all.sum += more->sum;
	all.sum = all.sum < SMALL_VALUE_MAX ? all.sum : SMALL_VALUE_MAX;
	all.count += more->count;
	all.count = all.count < count_most ? all.count : count_most;
	all.largest = all.largest > more->largest ? all.largest : more->largest;
	return (uint64_t)small_of(all.sum, SUM_BITS, dither) |
	       (uint64_t)small_of(all.count, COUNT_BITS, dither) << COUNT_AT |
	       (uint64_t)small_of(all.largest, LARGEST_BITS, nearest) << LARGEST_AT |
	       (uint64_t)share_of(persons, all.sum, dither * 0x9e3779b1U) << PERSONS_AT |
	       (uint64_t)share_of(night, all.sum, dither * 0x85ebca77U) << NIGHT_AT;
}

bool bucket_sound(uint64_t bucket)
{
	struct bucket_sum sum;

	bucket_read(bucket, &sum);
	return sum.count > 0 && sum.sum <= SMALL_VALUE_MAX && sum.largest <= SMALL_VALUE_MAX;
}
