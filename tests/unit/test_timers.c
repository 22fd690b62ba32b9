/* Timers: when they fire, that clocks may jump and programs end, and the thread itself. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/hit.h"
#include "base/instant.h"
#include "story.h"
#include "timers.h"

/* ---- the clocks ---- */

static void a_jump_is_more_than_two_seconds_in_either_direction(void **state)
{
	int64_t offset = 1000;

	(void)state;
	assert_int_equal(timers_jump(&offset, 11000, 10000), 0);
	assert_int_equal(timers_jump(&offset, 22500, 20000), 0); /* adjusted by 1.5 s… */
	assert_int_equal(timers_jump(&offset, 34000, 30000), 0); /* …and again: no jump, and no sum of jumps */
	assert_int_equal(timers_jump(&offset, 46001, 40000), 2001);
	assert_int_equal(timers_jump(&offset, 56001, 50000), 0);
	assert_int_equal(timers_jump(&offset, 60000, 57000), -3001);
	assert_int_equal(timers_jump(&offset, 60000 + INSTANT_DAY_MS, 57000), INSTANT_DAY_MS);
}

/* What is told after a jump, with the time since the beginning of the story without it. */
static char *story_with_jump(int64_t at_ms, int64_t jump_ms)
{
	struct story s;
	char *text;

	story_open(&s);
	story_person(&s, (struct contact_row){.name = slice_of("p1"), .role = slice_of("finance_lead"), .rank = 1}, 2);
	story_person(&s, (struct contact_row){.name = slice_of("p2"), .role = slice_of("owner"), .rank = 2}, 1);
	story_alert(&s, "A", "1", AUDIENCE_ENTERPRISE, 4, NULL);
	story_alert(&s, "B", "unknown", AUDIENCE_ENTERPRISE, 4, NULL);
	for (int i = 0; i < 4; i++) {
		char id[16];
		snprintf(id, sizeof(id), "C%d", i);
		story_alert(&s, id, "1", AUDIENCE_ENTERPRISE, 3, NULL);
	}
	story_alert(&s, "M", "2", AUDIENCE_ANALYST, 3, NULL);
	story_account(&s, "2", STORY_USCC);
	story_alert(&s, "H", "2", AUDIENCE_ENTERPRISE, 4, NULL);
	story_until(&s, s.now_ms + at_ms);
	assert_int_equal(store_clock_shift(s.f.store, jump_ms, &s.f.error), 0);
	s.now_ms += jump_ms;
	s.length = 0;
	s.text[0] = '\0';
	story_until(&s, s.now_ms + INSTANT_HOUR_MS);
	text = strdup(s.text);
	story_close(&s);
	return text;
}

/* The lines without their times, those as minutes and seconds only: a jump is of whole hours here. */
static void strip_hours(char *text)
{
	for (char *line = text; line != NULL && *line != '\0';) {
		memset(line, '-', strlen("03-02 10:"));
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
}

static void everything_moves_along_with_the_clock(void **state)
{
	static const int64_t jumps[] = {-26, -1, 1, 5, 24 * 365};

	(void)state;
	for (int64_t at_ms = 0; at_ms < 12 * INSTANT_MINUTE_MS; at_ms += 90 * INSTANT_SECOND_MS) {
		char *plain = story_with_jump(at_ms, 0);
		strip_hours(plain);
		assert_true(strlen(plain) > 100);
		for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
			char *jumped = story_with_jump(at_ms, jumps[i] * INSTANT_HOUR_MS);
			strip_hours(jumped);
			assert_string_equal(plain, jumped);
			free(jumped);
		}
		free(plain);
	}
}

static void a_start_with_the_clock_turned_back_moves_what_waits(void **state)
{
	struct store_fixture f;
	int64_t jump_ms, due_ms;

	(void)state;
	store_fixture_open(&f);
	assert_int_equal(timers_clock_begin(f.store, 5000, &jump_ms, &f.error), 0);
	assert_int_equal(jump_ms, 0);
	assert_int_equal(store_timer_put(f.store, "hold", slice_of(""), 9000, &f.error), 0);
	assert_int_equal(timers_clock_begin(f.store, 1000, &jump_ms, &f.error), 0);
	assert_int_equal(jump_ms, -4000);
	assert_int_equal(store_timer_next(f.store, &due_ms, &f.error), 1);
	assert_int_equal(due_ms, 5000);
	/* Ahead: nothing ran meanwhile, which is no jump. What became due runs now. */
	assert_int_equal(timers_clock_begin(f.store, 90000, &jump_ms, &f.error), 0);
	assert_int_equal(jump_ms, 0);
	assert_int_equal(store_timer_next(f.store, &due_ms, &f.error), 1);
	assert_int_equal(due_ms, 5000);
	store_fixture_close(&f);
}

/* ---- firing ---- */

static void a_timer_that_moved_or_went_does_not_fire(void **state)
{
	struct store_fixture f;
	struct notify_put put = {0};
	struct timer_row row = {slice_of("hold"), slice_of(""), 10}, odd = {slice_of("of another version"), slice_of("x"), 1};

	(void)state;
	store_fixture_open(&f);
	assert_int_equal(timers_fire(f.store, NULL, &row, 20, &put, &f.error), 0);
	assert_int_equal(store_timer_put(f.store, "hold", slice_of(""), 10, &f.error), 0);
	assert_int_equal(store_timer_put(f.store, "hold", slice_of(""), 30, &f.error), 0);
	assert_int_equal(timers_fire(f.store, NULL, &row, 20, &put, &f.error), 0);
	assert_int_equal(timers_fire(f.store, NULL, &row, 30, &put, &f.error), 1);
	assert_int_equal(timers_fire(f.store, NULL, &row, 30, &put, &f.error), 0); /* once */
	assert_int_equal(store_timer_put(f.store, odd.kind.at, odd.subject, 1, &f.error), 0);
	assert_int_equal(timers_fire(f.store, NULL, &odd, 20, &put, &f.error), 1);
	assert_int_equal(put.unknown_timers, 1);
	store_fixture_close(&f);
}

/* ---- the thread ---- */

struct bell {
	pthread_mutex_t lock;
	pthread_cond_t rang;
	int count;
};

static struct bell bell = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void ring(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&bell.lock);
	bell.count++;
	pthread_cond_signal(&bell.rang);
	pthread_mutex_unlock(&bell.lock);
}

/* Until deliveries were put so many times. */
static void wait_for(int count)
{
	pthread_mutex_lock(&bell.lock);
	while (bell.count < count)
		pthread_cond_wait(&bell.rang, &bell.lock);
	pthread_mutex_unlock(&bell.lock);
}

/* A story whose store a writing thread takes over; one alert whose owner is told next. */
static void begin(struct story *s)
{
	story_open(s);
	counters_clear_for_test();
	bell.count = 0;
	story_person(s, (struct contact_row){.name = slice_of("p1"), .role = slice_of("finance_lead"), .rank = 1}, 1);
	story_person(s, (struct contact_row){.name = slice_of("p2"), .role = slice_of("cashier"), .rank = 2}, 1);
	story_person(s, (struct contact_row){.name = slice_of("p3"), .role = slice_of("owner"), .rank = 3}, 1);
	story_alert(s, "A", "1", AUDIENCE_ENTERPRISE, 4, NULL);
	assert_int_equal(store_commit(s->f.store, &s->f.error), 0);
	store_fixture_start(&s->f, 1);
}

static struct timers *start(struct story *s, const struct catalogue *const *catalogue)
{
	struct timers_options options = {.writer = s->f.writer, .store_path = s->f.path, .catalogue = catalogue,
	                                 .ran = ring};
	struct timers *timers;

	if (timers_start(&options, &timers, &s->f.error) == -1)
		fail_msg("%s", s->f.error.text);
	return timers;
}

/* Ends the writing thread and looks behind. */
static void end(struct story *s, struct timers **timers)
{
	timers_stop(timers);
	store_writer_stop(&s->f.writer);
	assert_int_equal(store_open(s->f.path, NULL, &s->f.store, &s->f.error), 0);
}

static void close_all(struct story *s)
{
	store_fixture_close(&s->f);
	free(s->text);
}

/* The story is of 2026-03-02; by the real clock everything is due, at the start as after a crash. */
static void what_became_due_while_nothing_ran_fires_at_the_start(void **state)
{
	const struct catalogue *catalogue = NULL;
	struct timers *timers;
	struct story s;

	(void)state;
	begin(&s);
	clock_set_for_test(s.now_ms + 6 * INSTANT_MINUTE_MS);
	timers = start(&s, &catalogue);
	wait_for(1);
	end(&s, &timers);
	clock_set_for_test(0);
	assert_int_equal(store_fixture_number(s.f.store, "SELECT count(*) FROM delivery WHERE step = 1"), 1);
	assert_int_equal(store_fixture_number(s.f.store, "SELECT step FROM escalation"), 1);
	assert_int_equal(counter_sum(COUNT_TIMERS_FIRED), 1);
	assert_int_equal(counter_sum(COUNT_STEPS_UNANSWERED), 1);
	close_all(&s);
}

static int put_due(struct store *store, void *arg, struct error *error)
{
	return store_timer_put(store, "escalation", slice_of(arg), 1, error);
}

static int hurry_escalation(struct store *store, void *arg, struct error *error)
{
	struct escalation_row e;
	struct arena arena;
	int result;

	arena_init(&arena, 1 << 20);
	result = store_escalation_get(store, slice_of(arg), &arena, &e, error);
	e.due_ms = 1;
	result = result == 1 && store_escalation_put(store, &e, error) == 0 ? put_due(store, arg, error) : -1;
	arena_deinit(&arena);
	return result;
}

static void a_timer_that_is_put_wakes_the_thread(void **state)
{
	const struct catalogue *catalogue = NULL;
	struct timers *timers;
	struct story s;

	(void)state;
	begin(&s);
	clock_set_for_test(s.now_ms);
	timers = start(&s, &catalogue);
	assert_int_equal(store_run(s.f.writer, hurry_escalation, "A", &s.f.error), 0);
	wait_for(1);
	end(&s, &timers);
	clock_set_for_test(0);
	assert_int_equal(store_fixture_number(s.f.store, "SELECT count(*) FROM delivery WHERE step = 1"), 1);
	close_all(&s);
}

/* Within the thread: the jump is seen before any timer runs, and five minutes stay five minutes. */
static void a_running_thread_sees_the_clock_jump(void **state)
{
	const struct catalogue *catalogue = NULL;
	struct timers *timers;
	struct story s;
	int64_t due_ms, moved_ms;

	(void)state;
	begin(&s);
	due_ms = s.now_ms + 5 * INSTANT_MINUTE_MS;
	clock_set_for_test(s.now_ms);
	timers = start(&s, &catalogue);
	clock_set_for_test(s.now_ms + INSTANT_HOUR_MS);
	/* It would be due by the new time, were it not moved. What is put next is due in any case, and rings. */
	while (counter_sum(COUNT_CLOCK_JUMPS) == 0)
		assert_int_equal(store_run(s.f.writer, put_due, "nothing", &s.f.error), 0);
	end(&s, &timers);
	clock_set_for_test(0);
	moved_ms = store_fixture_number(s.f.store, "SELECT due_ms FROM escalation") - due_ms;
	assert_in_range(moved_ms, INSTANT_HOUR_MS - INSTANT_MINUTE_MS, INSTANT_HOUR_MS);
	assert_int_equal(store_fixture_number(s.f.store, "SELECT count(*) FROM delivery WHERE step = 1"), 0);
	close_all(&s);
}

/* Its next step cannot be told: the kept warning is damaged. It is put off, and the others run. */
static void a_timer_that_fails_holds_up_no_other(void **state)
{
	const struct catalogue *catalogue = NULL;
	struct warning_row damaged = {.alert = slice_of("A"), .level = 4, .owner = slice_of(STORY_USCC),
	                              .payee_hash = slice_of(""), .body = slice_of("{")};
	struct timers *timers;
	struct story s;
	int64_t now_ms;

	(void)state;
	begin(&s);
	store_writer_stop(&s.f.writer);
	assert_int_equal(store_open(s.f.path, NULL, &s.f.store, &s.f.error), 0);
	story_alert(&s, "B", "1", AUDIENCE_ENTERPRISE, 4, NULL);
	assert_int_equal(store_warning_put(s.f.store, &damaged, &s.f.error), 0);
	store_fixture_start(&s.f, 1);
	now_ms = s.now_ms + 6 * INSTANT_MINUTE_MS;
	clock_set_for_test(now_ms);
	timers = start(&s, &catalogue);
	wait_for(1);
	while (counter_sum(COUNT_TIMERS_FAILED) == 0)
		assert_int_equal(store_run(s.f.writer, put_due, "nothing", &s.f.error), 0);
	end(&s, &timers);
	clock_set_for_test(0);
	assert_int_equal(store_fixture_number(s.f.store, "SELECT count(*) FROM delivery WHERE step = 1 AND alert = 'B'"), 1);
	assert_int_equal(store_fixture_number(s.f.store, "SELECT count(*) FROM delivery WHERE step = 1 AND alert = 'A'"), 0);
	/* Nothing is lost: it is there still, due as before where the stop came first, else a minute later. */
	assert_int_equal(store_fixture_number(s.f.store, "SELECT count(*) FROM timer WHERE subject = 'A'"), 1);
	close_all(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_jump_is_more_than_two_seconds_in_either_direction),
		cmocka_unit_test(everything_moves_along_with_the_clock),
		cmocka_unit_test(a_start_with_the_clock_turned_back_moves_what_waits),
		cmocka_unit_test(a_timer_that_moved_or_went_does_not_fire),
		cmocka_unit_test(what_became_due_while_nothing_ran_fires_at_the_start),
		cmocka_unit_test(a_timer_that_is_put_wakes_the_thread),
		cmocka_unit_test(a_running_thread_sees_the_clock_jump),
		cmocka_unit_test(a_timer_that_fails_holds_up_no_other),
	};

	return cmocka_run_group_tests_name("timers", tests, NULL, NULL);
}
