/*
 * I4: what memory has is passed over, what the store has decided is replayed, the rest is judged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/counters.h"
#include "positions.h"

static const char topic[] = "bank.tx";

static struct feed_message message(int64_t offset)
{
	return (struct feed_message){.source = slice_of(topic), .partition = 3, .offset = offset};
}

static struct feed_start start(struct positions *p, int64_t stored, bool may_rebuild)
{
	return positions_start(p, slice_of(topic), 3, stored, may_rebuild);
}

static void a_first_start_begins_at_the_beginning(void **state)
{
	struct feed_message m[2] = {message(5), message(6)};
	struct positions p;
	struct feed_start s;

	(void)state;
	positions_init(&p);
	s = start(&p, POSITION_UNKNOWN, true);
	assert_int_equal(s.from, FEED_BEGINNING);
	assert_int_equal(s.decided, 0);
	positions_open(&p, topic, 3, &s);
	assert_int_equal(positions_take(&p, m, 2), 2);
	assert_false(m[0].replayed || m[1].replayed);
	positions_deinit(&p);
}

static void without_memory_the_decided_is_replayed(void **state)
{
	struct feed_message m[3] = {message(8), message(9), message(10)};
	struct positions p;
	struct feed_start s;

	(void)state;
	positions_init(&p);
	assert_int_equal(start(&p, 10, false).from, 10);
	s = start(&p, 10, true);
	assert_int_equal(s.from, FEED_REBUILD);
	s.from = 8; /* the feed found it by time */
	s.decided_only = true;
	positions_open(&p, topic, 3, &s);
	assert_int_equal(positions_behind(&p), 2);
	assert_int_equal(positions_take(&p, m, 1), 1);
	assert_int_equal(positions_behind(&p), 1);
	/* The new one waits: it comes again when the partition is opened for all. */
	assert_int_equal(positions_take(&p, m + 1, 2), 1);
	assert_int_equal(positions_behind(&p), 0);
	assert_true(m[0].replayed && m[1].replayed);
	positions_open(&p, topic, 3, &(struct feed_start){.from = 10, .decided = 10});
	assert_int_equal(positions_take(&p, m + 2, 1), 1);
	assert_false(m[2].replayed);
	positions_deinit(&p);
}

/* The last of the decided are gone from the topic (compacted): nothing waits for them. */
static void what_is_gone_is_not_waited_for(void **state)
{
	struct feed_message new = message(12), batch[2] = {message(7), message(8)};
	struct positions p;

	(void)state;
	positions_init(&p);
	positions_open(&p, topic, 3, &(struct feed_start){.from = 5, .decided = 10, .decided_only = true});
	assert_int_equal(positions_take(&p, &new, 1), 0);
	assert_int_equal(positions_behind(&p), 0);
	positions_open(&p, topic, 4, &(struct feed_start){.from = 5, .decided = 10, .decided_only = true});
	assert_int_equal(positions_behind(&p), 5);
	/* In order: what came before the end is taken. */
	batch[0].partition = batch[1].partition = 4;
	batch[1].ended = true;
	assert_int_equal(positions_take(&p, batch, 2), 1);
	assert_int_equal(batch[0].offset, 7);
	assert_int_equal(positions_behind(&p), 0);
	positions_deinit(&p);
}

/* A partition that was taken away and came back goes on where the memory stands. */
static void what_comes_again_is_passed_over(void **state)
{
	struct feed_message m[4] = {message(7), message(8), message(7), message(9)}, first = message(6);
	struct positions p;
	struct feed_start s;
	uint64_t passed = counter_sum(COUNT_MESSAGES_PASSED);

	(void)state;
	positions_init(&p);
	positions_open(&p, topic, 3, &(struct feed_start){.from = 0});
	assert_int_equal(positions_take(&p, &first, 1), 1);
	s = start(&p, 7, true);
	assert_int_equal(s.from, 7);
	assert_int_equal(s.decided, 7);
	positions_open(&p, topic, 3, &s);
	assert_int_equal(positions_take(&p, m, 4), 3);
	assert_int_equal(m[0].offset, 7);
	assert_int_equal(m[1].offset, 8);
	assert_int_equal(m[2].offset, 9);
	assert_int_equal(m[3].offset, 7); /* still there to be released */
	assert_int_equal(counter_sum(COUNT_MESSAGES_PASSED) - passed, 1);
	positions_deinit(&p);
}

/* The topic was deleted and made again: its offsets say nothing any more, and nothing of it was judged. */
static void a_topic_that_was_made_anew_is_judged(void **state)
{
	struct feed_message m[2] = {message(0), message(1)};
	struct positions p;

	(void)state;
	positions_init(&p);
	positions_open(&p, topic, 3, &(struct feed_start){.from = 100, .decided = 100});
	assert_int_equal(positions_take(&p, m, 2), 2);
	assert_false(m[0].replayed || m[1].replayed);
	positions_deinit(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_start_begins_at_the_beginning),
		cmocka_unit_test(without_memory_the_decided_is_replayed),
		cmocka_unit_test(what_is_gone_is_not_waited_for),
		cmocka_unit_test(what_comes_again_is_passed_over),
		cmocka_unit_test(a_topic_that_was_made_anew_is_judged),
	};

	return cmocka_run_group_tests_name("positions", tests, NULL, NULL);
}
