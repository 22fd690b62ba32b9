/*
 * I2, I4: however a feed is cut into batches, however many shards there are, whenever the engine crashes: the final
 * alerts are those of one shard that takes one message after the other.
 */
#include "tests/unit/engine_fixture.h"

#include <string.h>

#include "base/counters.h"
#include "tests/unit/match_fixture.h"

enum { TXS = 1500, ROUNDS = 40, CRASHES_MAX = 6 };

static struct little_broker broker;
static char *expected;

static void run_to_the_end(struct little_engine *e)
{
	while (little_engine_step(e))
		;
	little_engine_settle(e);
}

static int begin(void **state)
{
	struct little_engine e;

	(void)state;
	little_broker_fill(&broker, 7, TXS);
	little_engine_init(&e, &broker, 1, 1);
	little_engine_up(&e, 1);
	run_to_the_end(&e);
	expected = little_engine_alerts(&e);
	little_engine_deinit(&e);
	/* Else the comparisons would prove nothing. */
	assert_true(strlen(expected) > 20000);
	assert_null(strstr(expected, "\n0 dead"));
	return 0;
}

static int end(void **state)
{
	(void)state;
	free(expected);
	little_broker_free(&broker);
	return 0;
}

static void check(struct little_engine *e, uint64_t seed)
{
	char *got = little_engine_alerts(e);

	if (strcmp(got, expected) != 0)
		fail_msg("seed %llu: other alerts", (unsigned long long)seed);
	free(got);
}

static void any_batch_and_any_number_of_shards(void **state)
{
	static const size_t batches[] = {1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 64, 1024};

	(void)state;
	for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
		struct little_engine e;
		little_engine_init(&e, &broker, i, batches[i]);
		little_engine_up(&e, 1 + (int)i % LITTLE_SHARDS_MAX);
		run_to_the_end(&e);
		check(&e, i);
		little_engine_deinit(&e);
	}
}

static void a_crash_anywhere(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		struct little_engine e;
		uint64_t random = seed;
		little_engine_init(&e, &broker, seed, 1 + fixture_random(&random, 60));
		for (unsigned crash = fixture_random(&random, CRASHES_MAX); crash > 0; crash--) {
			little_engine_up(&e, 1 + (int)fixture_random(&random, LITTLE_SHARDS_MAX));
			for (unsigned steps = fixture_random(&random, 60); steps > 0; steps--) {
				little_engine_step(&e);
				if (fixture_random(&random, 20) == 0)
					little_engine_save(&e);
			}
			little_engine_crash(&e);
		}
		little_engine_up(&e, 1 + (int)fixture_random(&random, LITTLE_SHARDS_MAX));
		run_to_the_end(&e);
		check(&e, seed);
		little_engine_deinit(&e);
	}
}

/* What is only put into memory again is counted as that and as nothing else, and no offset moves back. */
static void a_replay_counts_nothing_anew(void **state)
{
	static const enum counter quiet[] = {COUNT_MESSAGES, COUNT_TXS,          COUNT_HITS,       COUNT_TX_DUPLICATE,
	                                     COUNT_TX_LATE,  COUNT_DEAD_LETTERS, COUNT_TX_REVERSED};
	uint64_t before[sizeof(quiet) / sizeof(quiet[0])];
	struct little_engine e;

	(void)state;
	little_engine_init(&e, &broker, 3, 50);
	little_engine_up(&e, 2);
	run_to_the_end(&e);
	little_engine_crash(&e);
	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		before[i] = counter_sum(quiet[i]);
	uint64_t replayed = counter_sum(COUNT_MESSAGES_REPLAYED);
	little_engine_up(&e, 3);
	run_to_the_end(&e);
	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		assert_int_equal(counter_sum(quiet[i]), before[i]);
	assert_int_equal(counter_sum(COUNT_MESSAGES_REPLAYED) - replayed, broker.messages);
	check(&e, 3);
	little_engine_deinit(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_batch_and_any_number_of_shards),
		cmocka_unit_test(a_crash_anywhere),
		cmocka_unit_test(a_replay_counts_nothing_anew),
	};

	return cmocka_run_group_tests_name("restart", tests, begin, end);
}
