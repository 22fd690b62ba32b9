/*
 * An account packed into a block and opened again is the same account, in each of the forms that a block has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "profile/block_form.h"
#include "profile/event.h"
#include "profile/known.h"
#include "profile/shard.h"
#include "tests/unit/profile_fixture.h"

enum { STEPS = 6000, CHANGES = 4000 };

static const struct feed_kind kinds[] = {
	{.parties = 20, .gap_ms = 7200000, .amount_most = 9000000},
	{.parties = 300, .gap_ms = 600000, .late_ms = 7200000, .amount_most = 400000},
	{.parties = 90, .gap_ms = 60000, .amount_most = 3000},
	{.parties = 5, .gap_ms = INT64_C(400000000), .late_ms = 86400000, .amount_most = INT64_MAX / 4},
	{.parties = 40, .gap_ms = INT64_C(40000000), .late_ms = 86400000, .amount_most = 16000000},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* How often a block had each form. */
struct forms {
	unsigned wide, narrow, forgotten, seen_large, amount_large, empty;
};

static void note_forms(const struct block *block, struct forms *forms)
{
	forms->wide += block->events_wide;
	forms->narrow += !block->events_wide;
	forms->forgotten += block->forgotten > 0;
	forms->seen_large += block->seen_large > 0;
	forms->amount_large += block->amount_large[0] + block->amount_large[1] > 0;
	forms->empty += block->events == 0;
}

static void lists_equal(const struct account *a, const struct account *b)
{
	unsigned total = known_total(a);

	assert_memory_equal(a->known.count, b->known.count, sizeof(a->known.count));
	assert_memory_equal(a->known.begin, b->known.begin, sizeof(a->known.begin));
	assert_memory_equal(a->known.low, b->known.low, total * sizeof(a->known.low[0]));
	assert_memory_equal(a->known.rest, b->known.rest, total);
	for (unsigned list = 0; list < KNOWN_LISTS; list++)
		for (unsigned i = 0; i < known_count(a, list); i++)
			assert_int_equal(known_first(a, list, i), known_first(b, list, i));
	assert_memory_equal(a->seen, b->seen, sizeof(a->seen));
	assert_int_equal(a->name_bytes, b->name_bytes);
	assert_memory_equal(a->names, b->names, a->name_bytes);
}

/* Counted one by one, not as the code under test counts them. */
static void buckets_equal(const struct account *a, const struct account *b)
{
	size_t n = 0;

	assert_int_equal(a->bucket_bits, b->bucket_bits);
	for (unsigned bit = 0; bit < 32; bit++)
		n += a->bucket_bits >> bit & 1;
	assert_memory_equal(a->buckets, b->buckets, n * sizeof(a->buckets[0]));
}

static void accounts_equal(const struct account *a, const struct account *b)
{
	assert_int_equal(a->key, b->key);
	assert_int_equal(a->begin_ms, b->begin_ms);
	assert_int_equal(a->newest_ms, b->newest_ms);
	assert_int_equal(a->gone_ms, b->gone_ms);
	assert_int_equal(a->partition, b->partition);
	assert_int_equal(a->today, b->today);
	assert_int_equal(a->event_count, b->event_count);
	assert_int_equal(a->events_large, b->events_large);
	assert_memory_equal(a->events, b->events, a->event_count * sizeof(a->events[0]));
	assert_memory_equal(a->parties, b->parties, a->event_count * sizeof(a->parties[0]));
	assert_memory_equal(a->places, b->places, a->event_count);
	lists_equal(a, b);
	buckets_equal(a, b);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(a->amounts[i].from, b->amounts[i].from);
		assert_int_equal(a->amounts[i].count, b->amounts[i].count);
		assert_int_equal(a->amounts[i].large, b->amounts[i].large);
		assert_memory_equal(a->amounts[i].bytes, b->amounts[i].bytes,
		                    amounts_bytes(a->amounts[i].count, a->amounts[i].large));
	}
	assert_memory_equal(a->days, b->days, sizeof(a->days));
	assert_memory_equal(a->drained, b->drained, sizeof(a->drained));
	assert_int_equal(a->firms, b->firms);
	assert_int_equal(a->neighbours, b->neighbours);
	assert_int_equal(a->balance_untold, b->balance_untold);
}

/* The only block of a shard. */
static const struct block *only_block(const struct profile_shard *shard)
{
	return slab_read(&shard->accounts.slabs, slab_next(&shard->accounts.slabs, 0));
}

static size_t only_cell_bytes(const struct profile_shard *shard)
{
	return slab_cell_size(&shard->accounts.slabs, slab_next(&shard->accounts.slabs, 0));
}

static void step(struct profile_shard *shard, struct feed *feed, struct account *again, struct forms *forms)
{
	struct tx tx = *feed_next(feed);
	struct profile_view view;
	bool changed;

	/* More payers in a day than are known: some of its transactions outlive theirs. */
	if (feed->kind.parties > PROFILE_PAYEES)
		tx.direction = TX_CREDIT;
	changed = profile_put(shard, &tx, tx.amount_minor, -3, &view) == PROFILE_NEW;
	if (feed->number == 1 || feed_random(feed, 20) == 0) {
		tx.reverses = tx.id;
		changed = profile_take_back(shard, &tx);
	}
	if (!changed)
		return;
	assert_true(block_sound(only_block(shard), only_cell_bytes(shard)));
	block_open(only_block(shard), again);
	accounts_equal(&shard->open, again);
	note_forms(only_block(shard), forms);
}

static void a_block_gives_back_the_account(void **state)
{
	struct account *again = malloc(sizeof(*again));
	struct forms forms = {0};

	(void)state;
	assert_non_null(again);
	for (unsigned k = 0; k < KINDS; k++) {
		struct profile_shard *shard = profile_shard_new(10, 72 * INSTANT_HOUR_MS);
		struct feed feed;

		feed_begin(&feed, k + 1, &kinds[k]);
		for (int i = 0; i < STEPS; i++) {
			memset(again, 0x5a, sizeof(*again));
			step(shard, &feed, again, &forms);
		}
		profile_shard_free(&shard);
	}
	free(again);
	assert_true(forms.wide > 100 && forms.narrow > 100 && forms.forgotten > 100 && forms.seen_large > 100 &&
	            forms.amount_large > 100 && forms.empty > 0);
}

/* A block out of a file is refused, or can be opened without harm, whatever its bytes are. */
static void an_altered_block_does_no_harm(void **state)
{
	struct profile_shard *shard = profile_shard_new(10, 72 * INSTANT_HOUR_MS);
	struct account *account = malloc(sizeof(*account));
	unsigned char copy[SLAB_CELL_BYTES_MAX + sizeof(struct event)] = {0};
	unsigned refused = 0;
	struct profile_view view;
	struct feed feed;
	size_t bytes;

	(void)state;
	assert_non_null(account);
	feed_begin(&feed, 1, &kinds[1]);
	for (int i = 0; i < 400; i++)
		profile_put(shard, feed_next(&feed), feed.tx.amount_minor, 1, &view);
	bytes = only_cell_bytes(shard);
	for (int i = 0; i < CHANGES; i++) {
		size_t at = feed_random(&feed, bytes);

		memcpy(copy, only_block(shard), bytes);
		copy[at] ^= (unsigned char)(1 + feed_random(&feed, 255));
		if (block_sound(copy, bytes))
			block_open(copy, account);
		else
			refused++;
	}
	assert_true(refused > CHANGES / 50);
	free(account);
	profile_shard_free(&shard);
}

/* In which some of the events' times are more than a block's head has bits for. */
static void events_out_of_time_are_refused(void **state)
{
	(void)state;
	for (unsigned k = 0; k < KINDS; k++) {
		struct profile_shard *shard = profile_shard_new(10, 72 * INSTANT_HOUR_MS);
		_Alignas(struct block_head) unsigned char copy[SLAB_CELL_BYTES_MAX + SLAB_BEHIND_BYTES] = {0};
		struct block *block = (struct block *)(void *)copy;
		struct profile_view view;
		struct feed feed;
		size_t bytes;

		feed_begin(&feed, k, &kinds[k]);
		for (int i = 0; i < 60; i++)
			profile_put(shard, feed_next(&feed), feed.tx.amount_minor, 1, &view);
		bytes = only_cell_bytes(shard);
		memcpy(copy, only_block(shard), bytes);
		assert_true(block_sound(copy, bytes));
		block->newest_ms -= 1;
		if (block->events_wide)
			assert_false(block_sound(copy, bytes)); /* the newest event is newer */
		block->newest_ms = 5;
		assert_false(block_sound(copy, bytes)); /* all are, or short times count from before 1970 */
		profile_shard_free(&shard);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_gives_back_the_account),
		cmocka_unit_test(an_altered_block_does_no_harm),
		cmocka_unit_test(events_out_of_time_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
