/*
 * I2, I4: however a feed is cut into batches, however many shards there are, whenever the engine crashes: the final
 * alerts are those of one shard that takes one message after the other.
 */
#include "tests/unit/engine_fixture.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/counters.h"
#include "tests/unit/match_fixture.h"

enum { TXS = 1200, ROUNDS = 20, CRASHES_MAX = 5 };

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
	char quoted[32];

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
	for (size_t i = 0; i < LITTLE_PATTERNS; i++) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", little_patterns[i].name);
		if (strstr(expected, quoted) == NULL)
			fail_msg("the pattern %s never hits", little_patterns[i].name);
	}
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

/* Flips a bit in the middle of one of the snapshots' files, if it is there. */
static void damage(const struct little_engine *e, const char *name)
{
	char path[128];
	struct stat status;
	unsigned char byte;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", e->folder, name);
	fd = open(path, O_RDWR);
	if (fd == -1)
		return;
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(pread(fd, &byte, 1, status.st_size / 2), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, status.st_size / 2), 1);
	close(fd);
}

/* What is damaged or missing is noticed; the one before takes its place, or the feed. */
static void a_damaged_snapshot_gives_way(void **state)
{
	static const struct {
		const char *damaged[4];
		uint64_t refused;
		bool from_feed; /* nothing is left to begin from */
	} rows[] = {
		{{NULL}, 0, false},
		{{"shard-00.snapshot"}, 1, false},
		{{"shard-01.snapshot", "shard-00.snapshot"}, 2, false},
		{{"shard-00.snapshot", "shard-00.snapshot.1"}, 2, false},
		{{"link.snapshot"}, 1, false},
		{{"link.snapshot", "link.snapshot.1"}, 2, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t refused = counter_sum(COUNT_SNAPSHOTS_REFUSED);
		struct little_engine e;
		little_engine_init(&e, &broker, i, 20);
		little_engine_up(&e, 2);
		for (int round = 0; round < 2; round++) {
			for (int steps = 0; steps < 25; steps++)
				little_engine_step(&e);
			little_engine_save_whole(&e);
		}
		little_engine_settle(&e);
		little_engine_crash(&e);
		for (size_t j = 0; j < 4 && rows[i].damaged[j] != NULL; j++)
			damage(&e, rows[i].damaged[j]);
		little_engine_up(&e, 2);
		assert_int_equal(counter_sum(COUNT_SNAPSHOTS_REFUSED) - refused, rows[i].refused);
		assert_int_equal(little_engine_has_memory(&e), !rows[i].from_feed);
		run_to_the_end(&e);
		check(&e, i);
		little_engine_deinit(&e);
	}
}

/* A store that was removed, or restored from a copy, is behind the snapshots: what they have would never be judged. */
static void a_snapshot_ahead_of_the_store_is_not_believed(void **state)
{
	struct little_engine e;
	struct error error;

	(void)state;
	little_engine_init(&e, &broker, 11, 20);
	little_engine_up(&e, 2);
	for (int steps = 0; steps < 40; steps++)
		little_engine_step(&e);
	little_engine_save_whole(&e);
	little_engine_crash(&e);
	store_close(&e.store);
	assert_int_equal(store_open(":memory:", NULL, &e.store, &error), 0);
	little_engine_up(&e, 2);
	assert_false(little_engine_has_memory(&e));
	run_to_the_end(&e);
	check(&e, 11);
	little_engine_deinit(&e);
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
		cmocka_unit_test(a_damaged_snapshot_gives_way),
		cmocka_unit_test(a_snapshot_ahead_of_the_store_is_not_believed),
		cmocka_unit_test(a_replay_counts_nothing_anew),
	};

	return cmocka_run_group_tests_name("restart", tests, begin, end);
}
