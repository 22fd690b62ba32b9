/*
 * Buckets against plain sums: each figure within the error that bucket.h states.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "profile/bucket.h"
#include "tests/unit/profile_fixture.h"

enum { BUCKETS = 20000 };

static uint64_t amount_random(struct feed *feed)
{
	return 1 + feed_random(feed, UINT64_C(1) << (1 + feed_random(feed, 40)));
}

static double off(uint64_t got, uint64_t truth)
{
	return truth > 0 ? ((double)got - (double)truth) / (double)truth : (double)got;
}

static double share(uint64_t part, uint64_t sum)
{
	return (double)part / (double)sum;
}

/* How far some are off altogether: the mean says of a bias, the squares of the usual error. */
struct errors {
	double mean, squares;
	unsigned count;
};

static void note(struct errors *errors, double error)
{
	errors->mean += error;
	errors->squares += error * error;
	errors->count++;
}

static void are_within(const struct errors *errors, double usual)
{
	double count = errors->count, variance = errors->squares / count;

	assert_true(variance <= usual * usual);
	/* Four times what chance makes of so many. */
	assert_true(errors->mean / count * (errors->mean / count) <= 16 * variance / count);
}

static void add(uint64_t *bucket, struct bucket_sum *truth, struct feed *feed, uint64_t amount, unsigned persons_of_8)
{
	bool person = feed_random(feed, 8) < persons_of_8, night = feed_random(feed, 8) == 0;
	struct bucket_sum more = {amount, 1, amount, person ? amount : 0, night ? amount : 0};

	*bucket = bucket_add(*bucket, &more, (uint32_t)feed_random(feed, UINT64_C(1) << 32));
	truth->sum += amount;
	truth->count++;
	truth->largest = amount > truth->largest ? amount : truth->largest;
	truth->persons_sum += more.persons_sum;
	truth->night_sum += more.night_sum;
}

static void sums_are_near_and_unbiased(void **state)
{
	struct errors sums = {0}, persons = {0}, nights = {0};
	struct feed feed = {.seed = 1};

	(void)state;
	for (int i = 0; i < BUCKETS; i++) {
		uint64_t bucket = 0, most = UINT64_C(1) << (4 + feed_random(&feed, 36));
		unsigned persons_of_8 = (unsigned)feed_random(&feed, 9);
		struct bucket_sum truth = {0}, got;

		for (uint64_t n = 1 + feed_random(&feed, 200); n > 0; n--)
			add(&bucket, &truth, &feed, 1 + feed_random(&feed, most), persons_of_8);
		assert_true(bucket_sound(bucket));
		bucket_read(bucket, &got);
		assert_int_equal(got.count, truth.count);
		assert_true(off(got.largest, truth.largest) <= 1. / 64 && off(got.largest, truth.largest) >= -1. / 64);
		note(&sums, off(got.sum, truth.sum));
		note(&persons, share(got.persons_sum, got.sum) - share(truth.persons_sum, truth.sum));
		note(&nights, share(got.night_sum, got.sum) - share(truth.night_sum, truth.sum));
		if (persons_of_8 == 0 || persons_of_8 == 8)
			assert_int_equal(got.persons_sum, persons_of_8 == 0 ? 0 : got.sum);
	}
	are_within(&sums, 0.00006);
	are_within(&persons, 0.005);
	are_within(&nights, 0.005);
}

/* Amounts of all sizes, beside sums that leave them far behind. */
static void the_largest_is_near(void **state)
{
	struct feed feed = {.seed = 2};

	(void)state;
	for (int i = 0; i < BUCKETS; i++) {
		uint64_t bucket = 0;
		struct bucket_sum truth = {0}, got, many;

		for (uint64_t n = 1 + feed_random(&feed, 50); n > 0; n--)
			add(&bucket, &truth, &feed, amount_random(&feed), 1);
		many = (struct bucket_sum){.sum = amount_random(&feed) << feed_random(&feed, 20), .count = 1 << 20, .largest = 1};
		if (i % 2 == 0) {
			bucket = bucket_add(bucket, &many, (uint32_t)feed_random(&feed, UINT64_C(1) << 32));
			truth.sum += many.sum;
		}
		bucket_read(bucket, &got);
		assert_true(bucket_sound(bucket));
		assert_true(llabs((long long)(got.largest - truth.largest)) <=
		            (long long)(truth.largest / 64 + 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_near_and_unbiased),
		cmocka_unit_test(the_largest_is_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
