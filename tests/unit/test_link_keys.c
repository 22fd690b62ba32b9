/*
 * Links by what accounts share, against the plain reference, in any order.
 */
#include "base/counters.h"
#include "tests/unit/link_fixture.h"

static void make(struct link_case *c, uint64_t seed, size_t count, uint32_t keys, uint32_t whos,
                 uint32_t minutes)
{
	c->count = count;
	for (size_t i = 0; i < count; i++) {
		c->events[i] = (struct reference_link_event){
			.booked_ms = LINK_T0 + link_random(&seed, minutes) * LINK_MINUTE, .key = 1 + link_random(&seed, keys),
			.who = 100 + link_random(&seed, whos), .amount_minor = 1 + link_random(&seed, 1000),
		};
		snprintf(c->accounts[i], sizeof(c->accounts[i]), "a%llu", (unsigned long long)c->events[i].who);
		snprintf(c->ids[i], sizeof(c->ids[i]), "t%zu", i);
	}
}

/* I2: 200 shuffles of random events. */
static void any_order_gives_the_hits_of_the_reference(void **state)
{
	static struct link_case c;

	(void)state;
	for (uint64_t seed = 1; seed <= 24; seed++) {
		uint64_t random = seed;
		c.rule = link_rule_of(LINK_KEY, 0, 2 + link_random(&random, 4));
		if (seed % 3 == 1)
			c.rule.count_least = 2 + link_random(&random, 8);
		if (seed % 3 == 2)
			c.rule.sum_least_minor = 1 + link_random(&random, 4000);
		make(&c, seed, 20 + link_random(&random, 60), 1 + link_random(&random, 3), 2 + link_random(&random, 6),
		     200 + link_random(&random, 6000));
		link_check(&c, seed);
	}
}

/* The window's ends count: exactly `within` apart meet, a millisecond more do not. */
static void windows_include_both_ends(void **state)
{
	static struct link_case c;
	size_t order[3] = {0, 1, 2};

	(void)state;
	c.rule = link_rule_of(LINK_KEY, 0, 3);
	make(&c, 1, 3, 1, 1, 1);
	for (size_t i = 0; i < 3; i++)
		c.events[i].who = i;
	c.events[1].booked_ms = LINK_T0 + 1;
	c.events[2].booked_ms = LINK_T0 + c.rule.within_ms;
	link_run(&c, order);
	assert_true(c.hit[0] && c.hit[1] && c.hit[2]);
	c.events[2].booked_ms++;
	link_run(&c, order);
	assert_false(c.hit[0] || c.hit[1] || c.hit[2]);
}

/* I4: an event that comes again says again what it completed, and nothing else. */
static void an_event_again_repeats_its_report(void **state)
{
	static struct link_case c;
	struct link *link = link_new(0);

	(void)state;
	c.rule = link_rule_of(LINK_KEY, 0, 3);
	make(&c, 5, 30, 1, 8, 400);
	for (size_t i = 0; i < c.count; i++) {
		bool hits[LINK_EVENTS];
		size_t reports;
		link_forget_reports(&c);
		link_put_one(&c, link, i);
		memcpy(hits, c.hit, sizeof(hits));
		reports = c.reports;
		link_forget_reports(&c);
		link_put_one(&c, link, i);
		assert_int_equal(c.reports, reports);
		assert_memory_equal(hits, c.hit, sizeof(hits));
	}
	link_free(&link);
}

/* I8: a key beyond its bound lets go of the oldest, is counted, and goes on hitting. */
static void a_hot_key_is_bounded_and_still_hits(void **state)
{
	static struct link_case c;
	struct link_limits limits = link_limits_default;
	struct link *link;
	uint64_t before = counter_sum(COUNT_LINK_KEY_FULL);

	(void)state;
	limits.key_events_max = 50;
	link = link_new_bounded(0, &limits);
	c.rule = link_rule_of(LINK_KEY, 0, 3);
	make(&c, 7, 500, 1, 90, 500);
	for (size_t i = 0; i < c.count; i++)
		c.events[i].booked_ms = LINK_T0 + ((int64_t)i - c.events[i].booked_ms / LINK_MINUTE % 20) * LINK_MINUTE;
	link_forget_reports(&c);
	for (size_t i = 0; i < c.count; i++)
		link_put_one(&c, link, i);
	for (size_t i = 0; i < c.count; i++)
		assert_true(c.hit[i]);
	assert_true(counter_sum(COUNT_LINK_KEY_FULL) - before >= 440);
	link_free(&link);
}

/* I8: memory ends: the oldest go, counted; what is young still meets. */
static void memory_is_bounded(void **state)
{
	static struct link_case c;
	struct link_limits limits = link_limits_default;
	uint64_t forgotten = counter_sum(COUNT_LINK_FORGOTTEN), random = 3;
	struct link *link;

	(void)state;
	limits.bytes_max = 1 << 20;
	limits.bytes_kept = 1 << 18;
	link = link_new_bounded(0, &limits);
	c.rule = link_rule_of(LINK_KEY, 0, 2);
	make(&c, 9, 2, 1, 1, 1);
	for (int i = 0; i < 50000; i++) {
		c.events[0].key = link_random(&random, 1u << 30);
		c.events[0].booked_ms = LINK_T0 + i * INT64_C(50);
		snprintf(c.ids[0], sizeof(c.ids[0]), "t0");
		link_put_one(&c, link, 0);
		assert_true(link_bytes(link) <= limits.bytes_max);
	}
	assert_true(counter_sum(COUNT_LINK_FORGOTTEN) > forgotten);
	c.events[1] = c.events[0];
	c.events[1].who++;
	link_forget_reports(&c);
	link_put_one(&c, link, 1);
	assert_true(c.hit[0] && c.hit[1]);
	link_free(&link);
}

/* Past window and lateness an event goes, once more is kept than costs nothing. */
static void what_has_expired_goes(void **state)
{
	static struct link_case c;
	struct link_limits limits = link_limits_default;
	uint64_t expired = counter_sum(COUNT_LINK_EXPIRED), forgotten = counter_sum(COUNT_LINK_FORGOTTEN);
	struct link *link;

	(void)state;
	limits.bytes_kept = 0;
	link = link_new_bounded(60 * LINK_MINUTE, &limits);
	c.rule = link_rule_of(LINK_KEY, 0, 2);
	make(&c, 9, 1, 1, 1, 1);
	for (int i = 0; i < 10000; i++) {
		c.events[0].key = (uint64_t)i;
		c.events[0].booked_ms = LINK_T0 + i * LINK_MINUTE;
		link_put_one(&c, link, 0);
	}
	/* A window of 10 hours, an hour of lateness, one for the lists' hours. */
	assert_true(counter_sum(COUNT_LINK_EXPIRED) - expired > 10000 - 13 * 60);
	assert_int_equal(counter_sum(COUNT_LINK_FORGOTTEN), forgotten);
	assert_true(link_bytes(link) < 13 * 60 * 300);
	link_free(&link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_gives_the_hits_of_the_reference),
		cmocka_unit_test(windows_include_both_ends),
		cmocka_unit_test(an_event_again_repeats_its_report),
		cmocka_unit_test(a_hot_key_is_bounded_and_still_hits),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(what_has_expired_goes),
	};
	return cmocka_run_group_tests_name("link_keys", tests, NULL, NULL);
}
