/*
 * What is remembered of texts changes nothing: a matcher that has seen them all says the same as one that has just
 * forgotten them, to the byte. Nor does it when texts are read, of several transactions before the first is matched.
 */
#include "tests/unit/match_fixture.h"

#include "base/counters.h"
#include "match/matcher.h"

enum { ROUNDS = 30000, TEXT_BYTES = 1024 };

static uint64_t seed = 3;

/* Some words, which the patterns know whole, in halves or within others; now and then long, and one text of many. */
static struct slice text(char bytes[TEXT_BYTES])
{
	static const char *const pieces[] = {"", "货款", "急", "付", "急付", "usdt", "menus dt", "50000USDT", "微", "徽信", "信",
	                                     "保", "密", "一二三", "12", "，", "公司", "购u", "u", "18k", "17k", "1", "7", "５总",
	                                     "6", "总", "123456789"};
	uint32_t words = fixture_random(&seed, 40) == 0 ? 60 : fixture_random(&seed, 4);

	bytes[0] = '\0';
	while (words-- > 0)
		strcat(bytes, pieces[fixture_random(&seed, sizeof(pieces) / sizeof(pieces[0]))]);
	return (struct slice){bytes, (uint32_t)strlen(bytes)};
}

static void outcome(struct matcher *matcher, const struct tx *tx, struct arena *arena, char out[TEXT_BYTES * 4])
{
	struct match_hits hits = {.arena = arena};

	match_tx(matcher, tx, NULL, &hits);
	out[0] = '\0';
	for (size_t i = 0; i < hits.count; i++)
		snprintf(out + strlen(out), TEXT_BYTES * 4 - strlen(out), "%.*s", SLICE_PRINT(hits.items[i].evidence));
	arena_reset(arena);
}

static void seen_texts_say_the_same(void **state)
{
	static const char *const sets[] = {
		"  text: {in: [purpose, remark], any: [急付, usdt, u, '/保.{0,3}密/', '/^微信/', 2]}\n",
		"  text: {in: [remark, counterparty.name], any: [急付, usdt, '/微信$/'], none: [公司]}\n",
		"  text: {in: [purpose], any: [急]}\n  any_of:\n  - text: {in: [remark], any: [付, 徽信]}\n"
		"  - text: {in: [purpose, remark, counterparty.name, account_name], all: [保, 密]}\n",
		"  text: {in: [purpose, remark, account_name], any: [18k, '/[56]总/', '/17{2}/', '/[0-9]{4}公司/', 急付]}\n",
		"  text: {in: [purpose, remark], any: [17], none: ['/[1-6].{0,2}总/', usdt]}\n",
		"  text: {in: [purpose, remark, account_name], any: ['/[0-9]总/', '/[0-9].{0,2}付/', 7总, '/[5-7].{0,2}付/']}\n",
	};
	static char texts[4][TEXT_BYTES], with[TEXT_BYTES * 4], without[TEXT_BYTES * 4];
	struct arena arena;
	size_t hits = 0;

	(void)state;
	arena_init(&arena, 4 << 20);
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct pattern_set *set = fixture_set(sets[i]);
		struct matcher *sees = matcher_new(set), *forgets = matcher_new(set);
		uint64_t known = counter_sum(COUNT_TEXTS_KNOWN), searched = counter_sum(COUNT_TEXTS_SEARCHED);
		for (int round = 0; round < ROUNDS; round++) {
			struct tx tx = fixture_tx();
			tx.purpose = text(texts[0]);
			tx.remark = text(texts[1]);
			tx.counterparty.name = text(texts[2]);
			tx.account_name = text(texts[3]);
			memset(forgets->texts.seen, 0, TEXTS_SEEN * sizeof(*forgets->texts.seen));
			outcome(sees, &tx, &arena, with);
			outcome(forgets, &tx, &arena, without);
			assert_string_equal(with, without);
			hits += with[0] != '\0';
		}
		known = counter_sum(COUNT_TEXTS_KNOWN) - known;
		searched = counter_sum(COUNT_TEXTS_SEARCHED) - searched;
		assert_true(known > ROUNDS / 10 && searched > ROUNDS); /* a glance says of many that they need not be known */
		matcher_free(&sees);
		matcher_free(&forgets);
		pattern_set_free(&set);
	}
	assert_true(hits > ROUNDS / 4);
	arena_deinit(&arena);
}

/* A word each, one more than there is room for; every transaction holds from none to all of them. */
static void texts_read_ahead_say_the_same(void **state)
{
	enum { GROUP = 16, WORDS = MATCH_WORDS_MOST + 1, WORD_BYTES = 3 };
	static const char words[] = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东南西";
	static char texts[GROUP][sizeof(words)], ahead[TEXT_BYTES * 4], alone[TEXT_BYTES * 4];
	char detect[64 + WORDS * 8] = "  text: {in: [remark], all: [甲";
	struct match_texts read[GROUP];
	struct tx txs[GROUP];
	struct arena arena;
	struct matcher *reads, *does_not;
	struct pattern_set *set;
	size_t unread = 0, hits = 0;

	_Static_assert(sizeof(words) == WORDS * WORD_BYTES + 1, "one more than there is room for");
	(void)state;
	for (int i = 1; i < WORDS; i++)
		snprintf(detect + strlen(detect), sizeof(detect) - strlen(detect), ", %.3s", words + i * WORD_BYTES);
	strcat(detect, "]}\n");
	set = fixture_set(detect);
	reads = matcher_new(set);
	does_not = matcher_new(set);
	arena_init(&arena, 4 << 20);
	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < GROUP; i++) {
			uint32_t count = fixture_random(&seed, 2) == 0 ? WORDS : fixture_random(&seed, WORDS);
			snprintf(texts[i], sizeof(texts[i]), "%.*s", (int)count * WORD_BYTES, words);
			txs[i] = fixture_text("", texts[i]);
			match_read(reads, &txs[i], &read[i]);
			unread += read[i].count == MATCH_WORDS_UNREAD;
		}
		for (int i = 0; i < GROUP; i++) {
			struct match_hits found = {.arena = &arena};
			match_read_tx(reads, &txs[i], &read[i], NULL, &found);
			snprintf(ahead, sizeof(ahead), "%.*s", found.count > 0 ? (int)found.items[0].evidence.length : 0,
			         found.count > 0 ? found.items[0].evidence.at : "");
			arena_reset(&arena);
			outcome(does_not, &txs[i], &arena, alone);
			assert_string_equal(ahead, alone);
			hits += ahead[0] != '\0';
		}
	}
	assert_true(unread > 0 && hits >= unread && hits < 200 * GROUP);
	arena_deinit(&arena);
	matcher_free(&reads);
	matcher_free(&does_not);
	pattern_set_free(&set);
}

static uint64_t matched(struct matcher *matcher, const char *remark)
{
	struct tx tx = fixture_text("", remark);
	struct arena arena;
	struct match_hits hits = {.arena = &arena};
	uint64_t known = counter_sum(COUNT_TEXTS_KNOWN);

	arena_init(&arena, 1 << 20);
	match_tx(matcher, &tx, NULL, &hits);
	arena_deinit(&arena);
	return counter_sum(COUNT_TEXTS_KNOWN) - known;
}

/* One that came again outlives one other, and not two. */
static void a_text_that_came_again_stays_once(void **state)
{
	struct pattern_set *set = fixture_set("  text: {in: [remark], any: [急付]}\n");
	struct matcher *matcher = matcher_new(set);
	struct texts_seen *own = matcher->texts.seen;
	char other[32];
	int number = 0;

	(void)state;
	assert_int_equal(matched(matcher, "急付工资"), 0);
	while (!own->is_there)
		own++;
	assert_int_equal(matched(matcher, "急付工资"), 1);
	assert_int_equal(own->came_again, 1);
	do {
		snprintf(other, sizeof(other), "急付货款%04x", number++);
		for (char *at = other; *at != '\0'; at++)
			*at = *at >= '0' && *at <= '9' ? (char)(*at + 'g' - '0') : *at; /* a number makes no other text */
	} while (matched(matcher, other) == 0 && own->came_again);
	assert_int_equal(matched(matcher, "急付工资"), 1);
	assert_int_equal(matched(matcher, other), 0);
	assert_int_equal(matched(matcher, other), 0);
	assert_int_equal(matched(matcher, other), 1);
	matcher_free(&matcher);
	pattern_set_free(&set);
}

/* Another number makes no other text, unless a pattern asks for one number where it stands. */
static void numbers_are_alike_where_none_is_asked_for(void **state)
{
	struct pattern_set *set = fixture_set("  text: {in: [remark], any: [货款, 18k, '/[0-9]{4}月/', '/货款[1-6]{4,9}急付/', "
	                                      "'/第[6七]批.{0,3}首款/', '/[0-9]月对账/']}\n");
	struct matcher *matcher = matcher_new(set);

	(void)state;
	assert_int_equal(matched(matcher, "货款2026年11月"), 0);
	assert_int_equal(matched(matcher, "货款3141年59月"), 1);
	assert_int_equal(matched(matcher, "货款2026年1月"), 0);
	assert_int_equal(matched(matcher, "货款２０２６年11月"), 0);
	assert_int_equal(matched(matcher, "货款7890急付"), 0); /* both its words are there, and only the numbers forbid it */
	assert_int_equal(matched(matcher, "货款1234急付"), 0);
	assert_int_equal(matched(matcher, "货款第4批"), 0); /* a number that matters with another word, which is not there */
	assert_int_equal(matched(matcher, "货款第8批"), 1);
	assert_int_equal(matched(matcher, "货款第4批首款"), 0);
	assert_int_equal(matched(matcher, "货款第6批首款"), 0);
	assert_int_equal(matched(matcher, "货款3月对账"), 0); /* any digit fits */
	assert_int_equal(matched(matcher, "货款4月对账"), 1);
	assert_int_equal(matched(matcher, "货款17K"), 0);
	assert_int_equal(matched(matcher, "货款18K"), 0);
	assert_int_equal(matched(matcher, "货款18K"), 0);
	assert_int_equal(matched(matcher, "一八K"), 0);
	assert_int_equal(matched(matcher, "一八K"), 1);
	matcher_free(&matcher);
	pattern_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_read_ahead_say_the_same),
		cmocka_unit_test(seen_texts_say_the_same),
		cmocka_unit_test(a_text_that_came_again_stays_once),
		cmocka_unit_test(numbers_are_alike_where_none_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
