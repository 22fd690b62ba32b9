/*
 * I6: a set is swapped whole between transactions while others go on with the old one; the last user frees
 * it. Run under ThreadSanitizer this also shows that matchers share nothing that changes but the hit
 * counters.
 */
#include "tests/unit/match_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { THREADS = 3, ROUNDS = 300, SETS = 3 };

static const char *const words[SETS] = {"急付", "保密", "安全账户"};
static struct pattern_set *sets[SETS];
static _Atomic unsigned at; /* the set that is in use; threads may be one behind */
static _Atomic bool over;

static struct pattern_set *load(int i)
{
	char detect[256];

	snprintf(detect, sizeof(detect), "  text: {in: [purpose, remark], any: [%s, '/%s.{0,3}x/', usdt%d]}\n",
	         words[i], words[i], i);
	return fixture_set(detect);
}

static void *work(void *context)
{
	struct matcher *matcher = matcher_new(sets[0]);
	unsigned long *done = context;
	unsigned mine = 0;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	while (!atomic_load(&over)) {
		unsigned now = atomic_load(&at) % SETS;
		if (now != mine) {
			matcher_swap(matcher, sets[now]);
			mine = now;
		}
		for (int i = 0; i < SETS; i++) {
			struct tx tx = fixture_text(words[i], words[i]);
			struct match_hits hits = {.arena = &arena};
			match_tx(matcher, &tx, NULL, &hits);
			/* Exactly the set at hand answers: no mixture, nothing missing. */
			if (hits.count != (i == (int)mine))
				abort();
		}
		arena_reset(&arena);
		++*done;
	}
	arena_deinit(&arena);
	matcher_free(&matcher);
	return NULL;
}

static void sets_are_swapped_while_others_match(void **state)
{
	pthread_t threads[THREADS];
	unsigned long done[THREADS] = {0};

	(void)state;
	for (int i = 0; i < SETS; i++)
		sets[i] = load(i);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &done[i]), 0);
	for (int i = 0; i < ROUNDS; i++) {
		struct timespec pause = {.tv_nsec = 1000000};
		atomic_store(&at, (unsigned)i);
		nanosleep(&pause, NULL);
	}
	atomic_store(&over, true);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_true(done[i] > 0);
	}
	for (int i = 0; i < SETS; i++) {
		assert_true(pattern_set_hits(sets[i], 0) > 0);
		pattern_set_free(&sets[i]);
	}
}

/* A matcher keeps its set alive; threads load and compile at the same time. */
static void the_last_user_frees_a_set(void **state)
{
	struct pattern_set *set = load(0), *other = load(1);
	struct matcher *matcher = matcher_new(set);
	struct tx tx = fixture_text("", words[0]);
	struct match_hits hits;
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	hits = (struct match_hits){.arena = &arena};
	pattern_set_free(&set);
	match_tx(matcher, &tx, NULL, &hits);
	assert_int_equal(hits.count, 1);
	matcher_swap(matcher, other);
	pattern_set_free(&other);
	/* The hit's strings are the arena's: the set they came from is gone. */
	assert_true(slice_is(hits.items[0].pattern, "t"));
	match_tx(matcher, &tx, NULL, &hits);
	assert_int_equal(hits.count, 1);
	assert_ptr_not_equal(matcher_set(matcher), NULL);
	arena_deinit(&arena);
	matcher_free(&matcher);
	matcher_free(&matcher);
}

static void *load_one(void *context)
{
	struct pattern_set *set = load((int)(intptr_t)context);

	pattern_set_free(&set);
	return NULL;
}

static void several_threads_may_load(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, load_one, (void *)(intptr_t)i), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_are_swapped_while_others_match), cmocka_unit_test(the_last_user_frees_a_set),
		cmocka_unit_test(several_threads_may_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
