/*
 * What an account's memory does one thing at a time: take-back, names, bounds, hostile values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/counters.h"
#include "base/instant.h"
#include "base/utf8.h"
#include "fold/fold.h"
#include "profile/name.h"
#include "profile/symbols.h"
#include "tests/unit/profile_fixture.h"

/* 2026-03-02 10:00 in China, a Monday. */
#define MONDAY_MS INT64_C(1772416800000)

static struct profile_shard *shard;
static struct profile_view view;
static unsigned number;

static int begin(void **state)
{
	(void)state;
	shard = profile_shard_new(1000, 30 * INSTANT_DAY_MS);
	counters_clear_for_test();
	number = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	profile_shard_free(&shard);
	return 0;
}

/* Kept until the next: the view borrows them. */
static struct tx tx;
static char id[16];

static void make(int64_t ms, unsigned direction, int64_t amount_minor, const char *account, const char *name)
{
	tx_init(&tx);
	snprintf(id, sizeof(id), "%u", number++);
	tx.bank = slice_of("102100099996");
	tx.account = slice_of("62001");
	tx.id = slice_of(id);
	tx.booked_ms = ms;
	tx.direction = (uint8_t)direction;
	tx.amount_minor = amount_minor;
	tx.counterparty.account = slice_of(account);
	tx.counterparty.name = slice_of(name);
	tx.counterparty.kind = TX_COMPANY;
}

static void put(void)
{
	assert_int_equal(profile_put(shard, &tx, tx.amount_minor, 0, &view), PROFILE_NEW);
}

static void pay(int64_t ms, int64_t amount_minor, const char *account, const char *name)
{
	make(ms, TX_DEBIT, amount_minor, account, name);
	put();
}

static void take_back(const char *reverses)
{
	struct tx back = tx;

	back.reverses = slice_of(reverses);
	assert_true(profile_take_back(shard, &back));
	assert_false(profile_take_back(shard, &back));
}

static int64_t known_for(enum profile_subject subject)
{
	return view.now_ms - profile_first_seen(&view, subject);
}

static struct profile_sum debits(int64_t window_ms)
{
	struct profile_filter filter = {.directions = 1 << TX_DEBIT};
	struct profile_sum sum;

	profile_window(&view, &filter, window_ms, PROFILE_AMOUNTS | PROFILE_PARTIES, &sum);
	return sum;
}

static void what_is_taken_back_was_never_there(void **state)
{
	struct profile_event event;

	(void)state;
	pay(MONDAY_MS, 100, "1", "");
	pay(MONDAY_MS + 1000, 5000, "2", "");
	take_back("1");
	pay(MONDAY_MS + 2000, 300, "3", "");
	assert_int_equal(debits(INSTANT_HOUR_MS).count, 2);
	assert_int_equal(debits(INSTANT_HOUR_MS).sum_minor, 400);
	assert_int_equal(debits(INSTANT_HOUR_MS).max_minor, 300);
	assert_int_equal(debits(INSTANT_HOUR_MS).distinct, 2);
	pay(MONDAY_MS + 3000, 300, "2", "");
	assert_int_equal(known_for(PROFILE_PARTY), 0); /* new again */
	pay(MONDAY_MS + 4000, 300, "2", "");
	assert_int_equal(known_for(PROFILE_PARTY), 1000);
	take_back("3"); /* its first: the second is the first now */
	pay(MONDAY_MS + 6000, 300, "2", "");
	assert_int_equal(known_for(PROFILE_PARTY), 2000);
	assert_true(profile_event_at(&view, 1, &event) && event.is_new);
}

static void only_the_own_account_takes_back(void **state)
{
	struct tx back;

	(void)state;
	pay(MONDAY_MS, 100, "1", "");
	back = tx;
	back.reverses = slice_of("0");
	back.account = slice_of("62002");
	assert_false(profile_take_back(shard, &back));
	back.account = slice_of("62001");
	back.reverses = slice_of("");
	assert_false(profile_take_back(shard, &back));
}

/* A feed with take-backs in it leaves what the feed without those leaves. */
static void taking_back_agrees_with_the_reference(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 2000; seed++) {
		struct feed_kind kind = {.parties = 1 + (unsigned)(seed % 20), .gap_ms = INSTANT_MINUTE_MS,
		                         .amount_most = 100000, .night_of_8 = 8};
		struct reference_history history = {0};
		struct profile_filter filter = {0};
		struct profile_sum got, truth;
		struct feed feed;
		size_t at = 0;

		end(NULL);
		begin(NULL);
		feed_begin(&feed, seed, &kind);
		for (unsigned i = 0; i < 40; i++) {
			const struct tx *next = feed_next(&feed);

			assert_int_equal(profile_put(shard, next, next->amount_minor, 0, &view), PROFILE_NEW);
			at = history_put(&history, next, next->amount_minor);
			profile_window(&view, &filter, INSTANT_DAY_MS, PROFILE_AMOUNTS | PROFILE_PARTIES, &got);
			history_window(&history, at, &filter, view.now_ms - INSTANT_DAY_MS, &truth);
			assert_true(got.exact);
			assert_int_equal(got.count, truth.count);
			assert_int_equal(got.sum_minor, truth.sum_minor);
			assert_int_equal(got.distinct, truth.distinct);
			assert_int_equal(profile_percentile(&view, TX_DEBIT, 500) == TX_ABSENT,
			                 history_percentile(&history, at, TX_DEBIT, 500) == TX_ABSENT);
			if (next->counterparty.account.length > 0)
				assert_int_equal(profile_first_seen(&view, PROFILE_PARTY) == view.now_ms,
				                 history_is_new(&history, at));
			if (feed_random(&feed, 4) == 0) {
				struct tx back = *next;

				snprintf(id, sizeof(id), "T%u", (unsigned)feed_random(&feed, feed.number));
				back.reverses = slice_of(id);
				assert_int_equal(profile_take_back(shard, &back), history_take_back(&history, back.reverses));
			}
		}
		history_free(&history);
	}
}

/* The party that each transaction had when it was put in, by its booking time. */
struct parties_put {
	int64_t ms[4000];
	uint32_t parties[4000];
	unsigned count;
};

static uint32_t party_put_at(const struct parties_put *all, int64_t ms)
{
	for (unsigned i = all->count; i-- > 0;)
		if (all->ms[i] == ms)
			return all->parties[i];
	fail_msg("nothing was put in at %lld", (long long)ms);
	return 0;
}

/* Payees and payers come, change places and are forgotten while the recent transactions still name them. */
static void recent_transactions_keep_their_parties(void **state)
{
	static struct parties_put all;
	struct feed feed = {.seed = 7};
	struct profile_event event;

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		unsigned late = feed_random(&feed, 4) == 0 ? (unsigned)feed_random(&feed, 40) : 0;
		char party[16] = "", taken[16];

		/* Crowds of payers for a while, then few. */
		if (feed_random(&feed, 20) != 0)
			snprintf(party, sizeof(party), "%u", (unsigned)feed_random(&feed, i / 500 % 2 == 0 ? 300 : 9));
		make(MONDAY_MS + (i + 50 - late) * INT64_C(600000) + i, feed_random(&feed, 4) == 0 ? TX_DEBIT : TX_CREDIT,
		     100, party, "");
		put();
		assert_true(profile_event_at(&view, 0, &event));
		assert_int_equal(event.party == 0, party[0] == 0);
		all.ms[i] = tx.booked_ms;
		all.parties[i] = event.party;
		all.count = i + 1;
		for (uint32_t k = 1; profile_event_at(&view, k, &event); k++)
			assert_int_equal(event.party, party_put_at(&all, event.booked_ms));
		if (i % 5 == 4) {
			snprintf(taken, sizeof(taken), "%u", i - 1 - (unsigned)feed_random(&feed, 8) % i);
			tx.reverses = slice_of(taken);
			profile_take_back(shard, &tx);
		}
	}
	assert_true(counter_sum(COUNT_PROFILE_PAYERS_FULL) > 500);
}

static int64_t distance_to(const char *name)
{
	pay(MONDAY_MS + number * INT64_C(60000), 100, "9999", name);
	return profile_name_distance(&view);
}

static void names_are_near_or_not(void **state)
{
	(void)state;
	pay(MONDAY_MS, 100, "1", "云桥市远发网络科技有限公司");
	pay(MONDAY_MS, 100, "2", "北山恒丰建材有限责任公司");
	pay(MONDAY_MS, 100, "3", "华安公司");
	assert_int_equal(distance_to("云桥市远发网络科技有限公司"), 0);
	assert_int_equal(distance_to("云桥市远发网络科技有限责任公司"), 0);
	assert_int_equal(distance_to("云桥市远發網絡科技有限公司"), 0); /* folded */
	assert_int_equal(distance_to("远发网络科技（集团）有限公司"), 0);
	assert_int_equal(distance_to("云桥市远发网路科技有限公司"), 1);
	assert_int_equal(distance_to("云桥市元发网络技术有限公司"), TX_ABSENT);
	assert_int_equal(distance_to("云桥市元发网路科技有限公司"), 2);
	assert_int_equal(distance_to("北山恒丰建才有限公司"), 1);
	assert_int_equal(distance_to("北山恒丰新建材有限公司"), 1);
	assert_int_equal(distance_to("华平公司"), 1);
	assert_int_equal(distance_to("平华公司"), TX_ABSENT); /* two of two changed */
	assert_int_equal(distance_to(""), TX_ABSENT);
	assert_int_equal(distance_to("有限公司"), TX_ABSENT);
}

static void numbers_for_names_are_near_none(void **state)
{
	(void)state;
	pay(MONDAY_MS, 100, "1", "Corporation #365");
	pay(MONDAY_MS, 100, "2", "Company 80012 Ltd");
	assert_int_equal(distance_to("Corporation #366"), TX_ABSENT);
	assert_int_equal(distance_to("Corporation #36"), TX_ABSENT);
	assert_int_equal(distance_to("corporation 365"), 0);
	assert_int_equal(distance_to("Company 80O12 Ltd"), 0); /* a firm's name, in which digits may stand for letters */
	assert_int_equal(distance_to("Company 80013 Ltd"), 1);
}

static int64_t added_to(const char *name)
{
	pay(MONDAY_MS + number * INT64_C(60000), 100, "9999", name);
	return profile_name_added(&view);
}

static void what_is_put_in_or_left_out_is_told_from_what_is_changed(void **state)
{
	(void)state;
	pay(MONDAY_MS, 100, "1", "云桥市远发网络科技有限公司");
	pay(MONDAY_MS, 100, "2", "华安公司");
	assert_int_equal(added_to("云桥市远发网络科技发展有限公司"), 2);
	assert_int_equal(added_to("云桥市远发新网络科技有限公司"), 1);
	assert_int_equal(added_to("远发网络有限公司"), 2);
	assert_int_equal(added_to("云桥市远发网络科技有限责任公司"), TX_ABSENT); /* the form is set aside */
	assert_int_equal(added_to("云桥市元发网络科技发展有限公司"), TX_ABSENT); /* and one is changed */
	assert_int_equal(added_to("云桥市远发网络科技实业发展有限公司"), TX_ABSENT); /* four */
	assert_int_equal(added_to("华安贸易公司"), TX_ABSENT); /* two are no name to add to */
	assert_int_equal(added_to(""), TX_ABSENT);
}

static void the_own_account_is_no_lookalike(void **state)
{
	(void)state;
	pay(MONDAY_MS, 100, "1", "云桥市远发网络科技有限公司");
	pay(MONDAY_MS + 1, 100, "1", "云桥市远发网络科技有限公司");
	assert_int_equal(profile_name_distance(&view), TX_ABSENT);
	assert_int_equal(known_for(PROFILE_PARTY_NAME), 1);
	pay(MONDAY_MS + 2, 100, "2", "云桥市远发网络科技有限公司");
	assert_int_equal(profile_name_distance(&view), 0);
	assert_int_equal(known_for(PROFILE_PARTY), 0);
	assert_int_equal(known_for(PROFILE_PARTY_NAME), 2);
	/* The second payment to the new account is to the old name still. */
	pay(MONDAY_MS + 3, 100, "2", "云桥市远发网络科技有限公司");
	assert_int_equal(known_for(PROFILE_PARTY), 1);
	assert_int_equal(known_for(PROFILE_PARTY_NAME), 3);
	/* The same core elsewhere is near, and another name. */
	pay(MONDAY_MS + 4, 100, "3", "南川市远发网络科技有限公司");
	assert_int_equal(profile_name_distance(&view), 0);
	assert_int_equal(known_for(PROFILE_PARTY_NAME), 0);
	/* A payer's name is compared with the payees'. */
	make(MONDAY_MS + 5, TX_CREDIT, 100, "4", "云桥市远发网络科技有限公司");
	put();
	assert_int_equal(known_for(PROFILE_PARTY_NAME), 5);
}

/* A word of a trade is one symbol, and still compared character by character. */
static void words_of_trades_are_characters(void **state)
{
	(void)state;
	pay(MONDAY_MS, 100, "1", "云桥市远发电子商务科技有限公司");
	assert_int_equal(distance_to("云桥市远发电子商务科枝有限公司"), 1);
	assert_int_equal(distance_to("云桥市远发电商务科技有限公司"), 1);
	assert_int_equal(distance_to("云桥市远发电商务技有限公司"), 2);
	assert_int_equal(distance_to("云桥市远发机电子商务科技有限公司"), 1);
	assert_int_equal(distance_to("云桥市远发电子商务机械有限公司"), 2);
	assert_int_equal(distance_to("云桥市远发机械商务机械有限公司"), TX_ABSENT);
	assert_int_equal(distance_to("云桥市商务科技有限公司"), TX_ABSENT);
}

/* What is written of a text is what its characters are, one by one: words never look like other characters. */
static void symbols_stand_for_characters(void **state)
{
	static const char *const pieces[] = {"科技", "房地产", "进出口", "科", "技", "房", "地", "产", "a", "é", "𠮷"};
	struct feed feed = {.seed = 5};

	(void)state;
	for (int i = 0; i < 100000; i++) {
		char text[128] = {0}, *end = text;
		uint8_t symbols[PROFILE_NAME_CHARACTERS], got[PROFILE_NAME_CHARACTERS], one[PROFILE_NAME_CHARACTERS];
		unsigned count = (unsigned)feed_random(&feed, 12), symbol_count, got_count, at = 0;

		while (count-- > 0)
			end = stpcpy(end, pieces[feed_random(&feed, sizeof(pieces) / sizeof(pieces[0]))]);
		symbol_count = symbols_write(text, (size_t)(end - text), symbols);
		assert_true(symbol_count <= PROFILE_NAME_CHARACTERS);
		got_count = symbols_read(symbols, symbol_count, got);
		for (const char *c = text; c < end && at < PROFILE_NAME_CHARACTERS - 1; c += symbols_character_bytes(c)) {
			char alone[8] = {0};

			memcpy(alone, c, symbols_character_bytes(c));
			assert_int_equal(symbols_write(alone, strlen(alone), one), 1);
			assert_int_equal(got[at++], one[0]);
		}
		assert_true(got_count == at || got_count == PROFILE_NAME_CHARACTERS);
	}
}

static void trade_words_are_folded_and_in_order(void **state)
{
#define TRADE_WORD(first, word) {first, word},
	static const struct {
		uint32_t first;
		const char *text;
	} words[] = {
#include "profile/trade_words.def"
	};
#undef TRADE_WORD

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char folded[64 + FOLD_TAIL_BYTES];
		struct fold_buffer buffer;
		size_t at = 0;

		fold_init(&buffer, folded, NULL, 64);
		fold_append(&buffer, words[i].text, strlen(words[i].text));
		assert_int_equal(buffer.length, strlen(words[i].text));
		assert_memory_equal(folded, words[i].text, buffer.length);
		assert_int_equal(utf8_next(words[i].text, &at), words[i].first);
		assert_true(i == 0 || words[i - 1].first <= words[i].first);
	}
}

static void a_persons_name_is_the_same_or_another(void **state)
{
	(void)state;
	make(MONDAY_MS, TX_DEBIT, 100, "1", "王小明");
	tx.counterparty.kind = TX_PERSON;
	put();
	make(MONDAY_MS + 1, TX_DEBIT, 100, "2", "王晓明");
	tx.counterparty.kind = TX_PERSON;
	put();
	assert_int_equal(profile_name_distance(&view), TX_ABSENT);
	make(MONDAY_MS + 2, TX_DEBIT, 100, "3", "王小明");
	tx.counterparty.kind = TX_PERSON;
	put();
	assert_int_equal(profile_name_distance(&view), 0);
}

static void distances_agree_with_the_full_table(void **state)
{
	struct feed feed = {.seed = 3};

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint8_t a[NAME_BYTES_MOST] = {0}, b[NAME_BYTES_MOST] = {0};
		unsigned truth, least, got;

		a[1] = (uint8_t)(1 + feed_random(&feed, 15));
		for (unsigned c = 0; c < name_length(a); c++)
			a[2 + c] = (uint8_t)feed_random(&feed, 3);
		memcpy(b, a, sizeof(b));
		b[1] = (uint8_t)(1 + feed_random(&feed, 15));
		for (int change = 0; change < 2; change++)
			b[2 + feed_random(&feed, 15)] = (uint8_t)feed_random(&feed, 3);
		truth = history_distance(a + 2, name_length(a), b + 2, name_length(b));
		least = name_length(a) < name_length(b) ? name_length(a) : name_length(b);
		got = name_distance(a, b);
		assert_int_equal(got, truth <= (least >= NAME_SHORT ? 2U : 1U) ? truth : NAME_DISTANCE_NONE);
		assert_int_equal(name_distance(b, a), got);
	}
}

static void the_share_left_rounds_up(void **state)
{
	struct profile_event event;

	(void)state;
	make(MONDAY_MS, TX_DEBIT, 94800, "1", "");
	tx.balance_minor = 5200;
	put();
	assert_true(profile_event_at(&view, 0, &event));
	assert_int_equal(event.left_percent, 6);
	make(MONDAY_MS, TX_DEBIT, 5200, "1", "");
	tx.balance_minor = -5;
	put();
	assert_true(profile_event_at(&view, 0, &event));
	assert_int_equal(event.left_percent, 0);
	pay(MONDAY_MS, 1, "1", "");
	assert_true(profile_event_at(&view, 0, &event));
	assert_int_equal(event.left_percent, 255);
}

/* I8: each list forgets the one not met for longest, and says so. */
static void bounds_hold_and_are_counted(void **state)
{
	char party[16];

	(void)state;
	for (int i = 0; i < 400; i++) {
		snprintf(party, sizeof(party), "%d", i);
		make(MONDAY_MS + i * INSTANT_HOUR_MS, i % 2 ? TX_DEBIT : TX_CREDIT, 100, party, "甲乙丙丁有限公司");
		tx.ip = tx.mac = tx.device = slice_of(party);
		put();
		/* One that comes again and again is not forgotten. */
		pay(MONDAY_MS + i * INSTANT_HOUR_MS + 1, 100, "regular", "常来常往有限公司");
		assert_true(i == 0 || known_for(PROFILE_PARTY) > 0);
	}
	assert_int_equal(counter_sum(COUNT_PROFILE_PAYEES_FULL), 200 + 1 - 128);
	assert_int_equal(counter_sum(COUNT_PROFILE_PAYERS_FULL), 200 - 48);
	assert_int_equal(counter_sum(COUNT_PROFILE_DEVICES_FULL), 3 * 400 - 6 - 4 - 4);
	make(MONDAY_MS + 400 * INSTANT_HOUR_MS, TX_DEBIT, 100, "1", "");
	tx.mac = slice_of("0");
	put();
	assert_int_equal(known_for(PROFILE_PARTY), 0);
	assert_int_equal(known_for(PROFILE_MAC), 0);
	make(MONDAY_MS + 400 * INSTANT_HOUR_MS, TX_DEBIT, 100, "399", "");
	tx.mac = slice_of("399");
	put();
	assert_true(known_for(PROFILE_PARTY) > 0);
	assert_true(known_for(PROFILE_MAC) > 0);
}

static void a_busy_minute_goes_into_the_bucket(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++)
		pay(MONDAY_MS + i, 100, "1", "");
	assert_int_equal(counter_sum(COUNT_PROFILE_EVENTS_FULL), 300 - PROFILE_EVENTS_MAX);
	assert_false(debits(INSTANT_HOUR_MS).exact);
	assert_true(debits(INSTANT_HOUR_MS).count >= 298 && debits(INSTANT_HOUR_MS).count <= 302);
	assert_int_equal(debits(INSTANT_HOUR_MS).distinct, 1);
	pay(MONDAY_MS + 3 * INSTANT_DAY_MS, 100, "1", "");
	assert_true(debits(INSTANT_DAY_MS).exact);
	assert_int_equal(debits(INSTANT_DAY_MS).count, 1);
}

static int64_t hostile_number(struct feed *feed)
{
	static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX, INT64_MAX - 1,
	                                  INT64_C(1) << 42, (INT64_C(1) << 57) + 1, MONDAY_MS};

	return numbers[feed_random(feed, sizeof(numbers) / sizeof(numbers[0]))];
}

/* All input is hostile: no value may harm, and the answers stay within reason. */
static void hostile_values_do_no_harm(void **state)
{
	struct feed feed = {.seed = 11};
	static char texts[4][600];

	(void)state;
	for (int i = 0; i < 30000; i++) {
		struct profile_filter filter = {.directions = (uint8_t)feed_random(&feed, 8)};
		struct profile_event event;
		struct profile_sum sum;

		for (int t = 0; t < 4; t++) {
			memset(texts[t], 0, sizeof(texts[t]));
			for (uint64_t c = feed_random(&feed, i % 9 == 0 ? 600 : 8); c > 0; c--)
				texts[t][c - 1] = (char)(feed_random(&feed, 2) ? feed_random(&feed, 256) : 'a');
		}
		make(feed_random(&feed, 3) ? MONDAY_MS + (int64_t)feed_random(&feed, 5) : hostile_number(&feed),
		     (unsigned)feed_random(&feed, 3), hostile_number(&feed), texts[0], texts[1]);
		tx.ip = slice_of(texts[2]);
		tx.device = slice_of(texts[3]);
		tx.balance_minor = hostile_number(&feed);
		tx.counterparty.kind = (uint8_t)feed_random(&feed, 256);
		tx.channel = (uint8_t)feed_random(&feed, 256);
		if (profile_put(shard, &tx, hostile_number(&feed), -1, &view) != PROFILE_NEW)
			continue;
		profile_window(&view, &filter, hostile_number(&feed), PROFILE_AMOUNTS | PROFILE_PARTIES, &sum);
		assert_true(sum.count >= 0 && sum.sum_minor >= 0 && sum.distinct <= sum.count + 200);
		for (int subject = 0; subject < PROFILE_SUBJECT_COUNT; subject++)
			assert_true(profile_first_seen(&view, (enum profile_subject)subject) <= view.now_ms);
		profile_percentile(&view, TX_CREDIT, (int)feed_random(&feed, 3000) - 1000);
		profile_name_distance(&view);
		profile_drained_days(&view, 10, hostile_number(&feed));
		assert_true(profile_event_at(&view, 0, &event));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_taken_back_was_never_there, begin, end),
		cmocka_unit_test_setup_teardown(only_the_own_account_takes_back, begin, end),
		cmocka_unit_test_setup_teardown(taking_back_agrees_with_the_reference, begin, end),
		cmocka_unit_test_setup_teardown(recent_transactions_keep_their_parties, begin, end),
		cmocka_unit_test_setup_teardown(names_are_near_or_not, begin, end),
		cmocka_unit_test_setup_teardown(numbers_for_names_are_near_none, begin, end),
		cmocka_unit_test_setup_teardown(what_is_put_in_or_left_out_is_told_from_what_is_changed, begin, end),
		cmocka_unit_test_setup_teardown(the_own_account_is_no_lookalike, begin, end),
		cmocka_unit_test_setup_teardown(words_of_trades_are_characters, begin, end),
		cmocka_unit_test(symbols_stand_for_characters),
		cmocka_unit_test(trade_words_are_folded_and_in_order),
		cmocka_unit_test_setup_teardown(a_persons_name_is_the_same_or_another, begin, end),
		cmocka_unit_test(distances_agree_with_the_full_table),
		cmocka_unit_test_setup_teardown(the_share_left_rounds_up, begin, end),
		cmocka_unit_test_setup_teardown(bounds_hold_and_are_counted, begin, end),
		cmocka_unit_test_setup_teardown(a_busy_minute_goes_into_the_bucket, begin, end),
		cmocka_unit_test_setup_teardown(hostile_values_do_no_harm, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
