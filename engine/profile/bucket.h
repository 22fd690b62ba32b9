/*
 * A slot's transactions of one direction, in 8 bytes; 0 is none. What is here is no longer among the
 * recent ones.
 *
 *     22 bits sum │ 12 count │ 12 largest │ 9 share of persons │ 9 share of the night
 *     16 + 6        8 + 4      6 + 6        of the sum, in 1/511    (bits of mantissa + exponent, small.h)
 *
 * The sum is within 2^-15 of the truth and unbiased, counts are exact to 255 and within 2^-7 beyond, the
 * largest is within 2^-6, a share within 1 percentage point for some hundred transactions.
 */
#ifndef PROFILE_BUCKET_H
#define PROFILE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket_sum {
	uint64_t sum, count, largest;
	uint64_t persons_sum, night_sum; /* of that sum */
};

/* Puts another transaction or, merging, another bucket in. `dither` differs from call to call (small.h). */
uint64_t bucket_add(uint64_t bucket, const struct bucket_sum *more, uint32_t dither);
void bucket_read(uint64_t bucket, struct bucket_sum *sum_r);
/* Without the shares, which cost most of it. */
void bucket_read_all(uint64_t bucket, struct bucket_sum *sum_r);

/* May bucket_add() have made it? For buckets out of a file. */
bool bucket_sound(uint64_t bucket);

#endif
