/*
 * The account's memory against the plain reference, on random feeds: exact where it says so, within the
 * stated error elsewhere (profile.c, bucket.h, seen.c).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/instant.h"
#include "profile/amounts.h"
#include "profile/slot.h"
#include "tests/unit/profile_fixture.h"

struct run {
	struct profile_shard *shard;
	struct reference_history history;
	struct feed feed;
	struct profile_view view;
	const struct tx *tx;
	size_t at;    /* its place in the reference */
	bool is_late; /* others are booked after it */
	int32_t today;
	uint64_t windows, exact;
};

static const int64_t windows_ms[] = {
	INSTANT_HOUR_MS, 2 * INSTANT_HOUR_MS, INSTANT_DAY_MS, 3 * INSTANT_DAY_MS, 7 * INSTANT_DAY_MS,
	30 * INSTANT_DAY_MS, PROFILE_WINDOW_MAX_MS,
};

static struct profile_filter filter_random(struct feed *feed)
{
	struct profile_filter filter = {.directions = (uint8_t)(feed_random(feed, 4) * 2)};

	switch (feed_random(feed, 12)) {
	case 0: filter.kinds = 1 << TX_PERSON; break;
	case 1: filter.hours = PROFILE_NIGHT_HOURS; break;
	case 2: filter.channels = 1 << TX_ONLINE | 1 << TX_MOBILE; break;
	case 3: filter.novelty = 1; break;
	case 4: filter.novelty = 2; break;
	case 5: filter.same_party = true; break;
	case 6: filter.same_amount = true; break;
	case 7:
		filter.has_amounts = true;
		filter.amount_from_minor = (int64_t)feed_random(feed, 1000);
		filter.amount_to_minor = filter.amount_from_minor + (int64_t)feed_random(feed, 100000);
		break;
	case 8:
		filter.hours = (uint32_t)feed_random(feed, 1 << 24);
		filter.kinds = (uint8_t)feed_random(feed, 64);
		break;
	default: break;
	}
	return filter;
}

/* The days of the slot that holds a moment. */
static void slot_around(const struct run *run, int64_t ms, int64_t *from_r, int64_t *to_r)
{
	unsigned slot = slot_of(day_of(ms), run->today);
	struct slot_days days = slot_days(slot, run->today);

	*from_r = slot == SLOT_OLDER ? 0 : day_begin(days.from) - 1;
	*to_r = slot == SLOT_OLDER ? day_begin(slot_days(SLOTS - 1, run->today).from) - 1 : day_begin(days.to) - 1;
	if (*to_r > run->view.now_ms)
		*to_r = run->view.now_ms;
}

static void between(int64_t got, int64_t least, int64_t most, double error)
{
	if ((double)got < (double)least * (1 - error) - 1 || (double)got > (double)most * (1 + error) + 1)
		fail_msg("%lld is not between %lld and %lld", (long long)got, (long long)least, (long long)most);
}

/* One slot more or less at the older end, and the rounding of buckets. */
static void window_is_near(struct run *run, const struct profile_filter *filter, int64_t from_ms,
                           const struct profile_sum *got)
{
	struct profile_sum least, most;
	int64_t wide_ms, narrow_ms;

	/* What came late and in doubt was called new. */
	if (filter->novelty == 1 && run->feed.kind.late_ms > 0)
		return;
	slot_around(run, from_ms, &wide_ms, &narrow_ms);
	history_window(&run->history, run->at, filter, narrow_ms, &least);
	history_window(&run->history, run->at, filter, wide_ms, &most);
	assert_true(got->distinct <= most.distinct && got->distinct >= 0);
	if (filter->channels || filter->novelty || filter->same_party || filter->same_amount ||
	    filter->has_amounts ||
	    (filter->hours != 0 && filter->hours != PROFILE_NIGHT_HOURS) ||
	    (filter->kinds != 0 && filter->kinds != 1 << TX_PERSON)) {
		/* Buckets are left out. */
		assert_true(got->count <= most.count && got->sum_minor <= most.sum_minor);
		return;
	}
	if (filter->hours != 0 || filter->kinds != 0) {
		struct profile_filter any = {.directions = filter->directions};
		struct profile_sum all;

		history_window(&run->history, run->at, &any, wide_ms, &all);
		between(got->sum_minor, least.sum_minor - all.sum_minor / 20, most.sum_minor + all.sum_minor / 20, 0.01);
		return;
	}
	between(got->count, least.count, most.count, 0.01);
	between(got->sum_minor, least.sum_minor, most.sum_minor, 0.001);
	between(got->max_minor, least.count > 0 ? least.max_minor : 0, most.count > 0 ? most.max_minor : 0, 0.02);
}

static bool takes_all(const struct profile_filter *filter)
{
	return (filter->directions == 0 || filter->directions == (1 << TX_DEBIT | 1 << TX_CREDIT)) &&
	       !(filter->kinds | filter->channels | filter->hours | filter->novelty) && !filter->same_party &&
	       !filter->same_amount && !filter->has_amounts;
}

/* Whatever is wanted of it. */
static void some_is_the_same(struct run *run, const struct profile_filter *filter, int64_t window_ms,
                             const struct profile_sum *all)
{
	for (unsigned wanted = 0; wanted <= (PROFILE_AMOUNTS | PROFILE_PARTIES); wanted++) {
		struct profile_sum some;

		profile_window(&run->view, filter, window_ms, wanted, &some);
		assert_int_equal(some.count, all->count);
		assert_int_equal(some.exact, all->exact);
		if (wanted & PROFILE_PARTIES)
			assert_int_equal(some.distinct, all->distinct);
		if ((wanted & PROFILE_AMOUNTS) == 0)
			continue;
		assert_int_equal(some.sum_minor, all->sum_minor);
		assert_int_equal(some.min_minor, all->min_minor);
		assert_int_equal(some.max_minor, all->max_minor);
	}
}

static void window_agrees(struct run *run, const struct profile_filter *filter, int64_t window_ms)
{
	struct profile_sum got, truth;
	int64_t from_ms = run->view.now_ms - window_ms;

	profile_window(&run->view, filter, window_ms, PROFILE_AMOUNTS | PROFILE_PARTIES, &got);
	some_is_the_same(run, filter, window_ms, &got);
	assert_true(profile_may_hold(&run->view, from_ms, (uint32_t)got.count));
	history_window(&run->history, run->at, filter, from_ms, &truth);
	run->windows++;
	if (!got.exact) {
		if (!run->is_late)
			window_is_near(run, filter, from_ms, &got);
		assert_true(got.distinct <= got.count || filter->kinds || filter->hours || run->is_late);
		return;
	}
	run->exact++;
	/* What came late and in doubt was called new. */
	if (filter->novelty != 0 && run->feed.kind.late_ms > 0) {
		assert_true(filter->novelty == 1 ? got.count >= truth.count : got.count <= truth.count);
		return;
	}
	assert_int_equal(got.count, truth.count);
	if (takes_all(filter))
		assert_false(profile_may_hold(&run->view, from_ms, (uint32_t)got.count + 1));
	assert_int_equal(got.sum_minor, truth.sum_minor);
	assert_int_equal(got.min_minor, truth.min_minor);
	assert_int_equal(got.max_minor, truth.max_minor);
	assert_int_equal(got.distinct, truth.distinct);
}

/* An error may only make what is known look new, and never older than it is. */
static void first_agrees(struct run *run, int64_t got, int64_t truth, bool is_absent)
{
	int64_t now_ms = run->view.now_ms, from_ms, to_ms;

	if (is_absent) {
		assert_int_equal(got, TX_ABSENT);
		return;
	}
	assert_true(got <= now_ms);
	if (got == now_ms && run->is_late)
		return;
	assert_true(got >= truth || (got == now_ms - 1 && truth == now_ms));
	slot_around(run, truth, &from_ms, &to_ms);
	if (truth < now_ms)
		assert_true(got < now_ms && (got <= to_ms || got == now_ms - 1));
}

static void subjects_agree(struct run *run)
{
	const struct tx *tx = run->tx;
	bool no_party = tx->counterparty.account.length + tx->counterparty.name.length == 0;
	bool is_new = history_is_new(&run->history, run->at);
	int64_t got = profile_first_seen(&run->view, PROFILE_PARTY);
	struct profile_event event;

	first_agrees(run, got, history_first_party(&run->history, run->at), no_party);
	first_agrees(run, profile_first_seen(&run->view, PROFILE_MAC),
	             history_first_mac(&run->history, run->at), false);
	assert_int_equal(profile_first_seen(&run->view, PROFILE_IP), TX_ABSENT);
	assert_true(profile_event_at(&run->view, 0, &event));
	assert_int_equal(event.is_new, !no_party && got == run->view.now_ms);
	if (!run->is_late)
		assert_int_equal(event.is_new, is_new);
}

/* From the i-th on, up to the first that is older. */
static void reading_is_the_same(struct run *run, uint32_t i, int64_t since_ms)
{
	struct profile_event events[PROFILE_EVENTS_MAX], event;
	uint32_t count = profile_events_read(&run->view, i, since_ms, events);

	for (uint32_t k = 0; k < count; k++) {
		assert_true(profile_event_at(&run->view, i + k, &event));
		assert_memory_equal(&events[k], &event, offsetof(struct profile_event, left_percent) + 1); /* the last */
		assert_true(k + 1 == count || event.booked_ms >= since_ms);
	}
	assert_true((count > 0 && events[count - 1].booked_ms < since_ms) ||
	            !profile_event_at(&run->view, i + count, &event));
}

static void events_agree(struct run *run)
{
	struct profile_event event;
	uint32_t i = 0;

	for (; profile_event_at(&run->view, i, &event); i++) {
		const struct reference_tx *truth = &run->history.txs[run->at - i];

		assert_int_equal(event.booked_ms, truth->booked_ms);
		assert_int_equal(event.amount_minor, truth->amount_minor);
		assert_int_equal(event.direction, truth->direction);
		assert_int_equal(event.kind, truth->kind);
		assert_int_equal(event.channel, truth->channel);
		assert_int_equal(event.hour, instant_china_hour(truth->booked_ms));
		reading_is_the_same(run, i / 2, event.booked_ms + i % 2);
	}
	reading_is_the_same(run, i, 0);
	assert_true(run->is_late || i >= 16 || i == run->at + 1);
	assert_true(i <= PROFILE_EVENTS_MAX);
	if (run->at > 0 && i > 1)
		assert_int_equal(profile_previous(&run->view), run->history.txs[run->at - 1].booked_ms);
	if (run->at == 0)
		assert_int_equal(profile_begin(&run->view), TX_ABSENT);
	else if (profile_begin(&run->view) != TX_ABSENT)
		assert_true(profile_begin(&run->view) <= run->view.now_ms);
}

static void percentile_agrees(struct run *run, unsigned direction, int permille)
{
	int64_t got = profile_percentile(&run->view, direction, permille);
	int64_t truth = history_percentile(&run->history, run->at, direction, permille);

	assert_int_equal(got == TX_ABSENT, truth == TX_ABSENT);
	if (truth != TX_ABSENT)
		assert_int_equal(amounts_bin(got), amounts_bin(truth));
}

static void put_one(struct run *run)
{
	run->tx = feed_next(&run->feed);
	assert_int_equal(profile_put(run->shard, run->tx, run->tx->amount_minor, 0, &run->view), PROFILE_NEW);
	run->at = history_put(&run->history, run->tx, run->tx->amount_minor);
	run->is_late = run->at + 1 < run->history.count;
	run->today = day_of(run->history.txs[run->history.count - 1].booked_ms);
	assert_int_equal(profile_put(run->shard, run->tx, run->tx->amount_minor, 0, &(struct profile_view){0}),
	                 PROFILE_DUPLICATE);
}

static void run_feed(uint64_t seed, const struct feed_kind *kind, unsigned count, unsigned check_every,
                     bool percentiles, struct run *total)
{
	struct run run = {.shard = profile_shard_new(1000, 30 * INSTANT_DAY_MS)};

	feed_begin(&run.feed, seed, kind);
	for (unsigned i = 0; i < count; i++) {
		struct profile_filter filter;

		put_one(&run);
		if (i % check_every != 0)
			continue;
		/* A duplicate opens the account again; the view reads what the put left. */
		filter = filter_random(&run.feed);
		window_agrees(&run, &filter, windows_ms[feed_random(&run.feed, sizeof(windows_ms) / sizeof(*windows_ms))]);
		subjects_agree(&run);
		events_agree(&run);
		/* Halving begins with a period. */
		if (percentiles && day_of(run.history.txs[0].booked_ms) / AMOUNTS_HALF_DAYS ==
		                   run.today / AMOUNTS_HALF_DAYS)
			percentile_agrees(&run, TX_DEBIT + (unsigned)(i % 2), (int)feed_random(&run.feed, 1001));
	}
	total->windows += run.windows;
	total->exact += run.exact;
	profile_shard_free(&run.shard);
	history_free(&run.history);
}

/* I2: windows, distincts, first meetings and percentiles of short and busy feeds. */
static void small_feeds_agree(void **state)
{
	struct run total = {0};

	(void)state;
	for (uint64_t seed = 0; seed < 10000; seed++) {
		struct feed_kind kind = {
			.parties = 1 + (unsigned)(seed % 40),
			.gap_ms = seed % 3 == 0 ? INSTANT_MINUTE_MS : seed % 3 == 1 ? INSTANT_HOUR_MS : 3 * INSTANT_HOUR_MS,
			.late_ms = seed % 4 == 1 ? INSTANT_HOUR_MS : seed % 4 == 2 ? 2 * INSTANT_DAY_MS : 0,
			.amount_most = seed % 2 ? 50000 : 100000000,
			.night_of_8 = (unsigned)(seed / 4 % 9),
		};

		run_feed(seed, &kind, 20 + (unsigned)(seed % 70), 1, seed % 4 == 0 && seed % 3 != 2, &total);
	}
	print_message("%llu windows, %llu of them exact\n", (unsigned long long)total.windows,
	              (unsigned long long)total.exact);
	assert_true(total.exact > total.windows / 2 && total.exact < total.windows);
}

/* Weeks and months of an account: what lies in buckets. */
static void long_feeds_agree(void **state)
{
	struct run total = {0};

	(void)state;
	for (uint64_t seed = 0; seed < 24; seed++) {
		struct feed_kind kind = {
			.parties = 3 + (unsigned)(seed * 2 % 45), /* fewer than any bound forgets */
			.gap_ms = seed % 4 == 0 ? 20 * INSTANT_MINUTE_MS : (int64_t)(seed % 4) * 3 * INSTANT_HOUR_MS,
			.late_ms = seed % 3 == 1 ? INSTANT_DAY_MS : 0,
			.amount_most = 1000000,
			.night_of_8 = 8,
		};

		run_feed(1000000 + seed, &kind, 1500, 5, false, &total);
	}
	print_message("%llu windows, %llu of them exact\n", (unsigned long long)total.windows,
	              (unsigned long long)total.exact);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_feeds_agree),
		cmocka_unit_test(long_feeds_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
