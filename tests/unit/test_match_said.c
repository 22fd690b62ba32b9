/*
 * How the answers of the account's memory are shown: in `facts`, and in words that a cashier or an analyst
 * understands.
 */
#include "tests/unit/match_fixture.h"

#include "tests/unit/plain_memory.h"

enum { ARENA_BYTES = 64 << 20 };

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_BYTES);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

/* The evidence of the last of `count` transactions. */
static char *evidence_of(const char *detect, size_t count)
{
	struct pattern_set *patterns = fixture_set(detect);
	struct matcher *matcher = matcher_new(patterns);
	struct memory memory = {history, count, patterns};
	const struct tx *tx = &history[count - 1];
	struct profile_view view = {.account = &memory, .tx = tx, .now_ms = tx->booked_ms};
	struct match_hits hits = {.arena = &arena};
	char *evidence;

	match_tx(matcher, tx, &view, &hits);
	assert_int_equal(hits.count, 1);
	evidence = strndup(hits.items[0].evidence.at, hits.items[0].evidence.length);
	matcher_free(&matcher);
	pattern_set_free(&patterns);
	return evidence;
}

static void expect_in(const char *evidence, const char *const *texts)
{
	for (; *texts != NULL; texts++)
		if (strstr(evidence, *texts) == NULL)
			fail_msg("no %s in %s", *texts, evidence);
}

static void fill_busy(void)
{
	put(0, "2026-02-01T10:00:00+08:00", TX_CREDIT, 7000, "C", TX_COMPANY);
	put(1, "2026-03-02T08:00:00+08:00", TX_CREDIT, 100000, "C", TX_COMPANY);
	put(2, "2026-03-02T10:00:00+08:00", TX_DEBIT, 1000, "A", TX_PERSON);
	put(3, "2026-03-02T11:00:00+08:00", TX_DEBIT, 2000, "B", TX_PERSON);
	put(4, "2026-03-02T12:00:00+08:00", TX_DEBIT, 3000, "A", TX_PERSON);
	put(5, "2026-03-02T13:00:00+08:00", TX_DEBIT, 3000, "A", TX_PERSON);
	put(6, "2026-03-02T14:00:00+08:00", TX_DEBIT, 3000, "A", TX_PERSON);
	put(7, "2026-03-02T23:00:00+08:00", TX_DEBIT, 20000, "B", TX_UNKNOWN);
}

/* The values that decided, in words that a cashier understands; what a set's conditions ask is no fact. */
static void evidence_says_what_decided(void **state)
{
	static const char *const texts[] = {
		"；是平时（近90天第95百分位 3,000.00 元）的 6.6 倍；",
		"；近 24 小时付款（对方为个人、未知类型，渠道为柜台，时段 11、23 时，单笔 1,000.00 元以上） 2 笔；",
		"；近 7 天收付款（首次往来的对方）合计 3,000.00 元；", "；近 1 小时没有收款；首次与对方往来于 12 小时前\"",
		"; 6.6 times the usual (percentile 95 of 90 days: CNY 3,000.00); ",
		"payments (other side a person or of unknown kind, through the counter, at hours 11 and 23, each CNY 1,000.00 or "
		"more) within 24 hours: 2; ",
		"{\"amount\":\"20000.00\",\"p95_90d\":\"3000.00\","
		"\"count_debits_person_unknown_counter_hours_11_23_from_1000_24h\":\"2\",\"sum_all_new_7d\":\"3000.00\","
		"\"count_credits_1h\":\"0\",\"first_seen_counterparty_account\":\"12h\"}",
		NULL,
	};
	char *evidence;

	(void)state;
	fill_busy();
	evidence = evidence_of(
		"  where: >-\n    amount >= p95(debits, 90d) and count(debits where counterparty.kind in [person, unknown]\n"
		"    and channel = counter and hour in [11, 23] and amount >= 1000, 24h) >= 2 and\n"
		"    sum(all where counterparty = new, 7d) > 2000 and count(credits, 1h) < 1 and\n"
		"    first_seen(counterparty.account) < 1d", 8);
	expect_in(evidence, texts);
	free(evidence);
}

static void what_is_new_is_said_so(void **state)
{
	static const char *const texts[] = {
		"；首次付款对象；近 7 天付款（与本笔同一对方，与本笔同额）的金额占比 50%；是平时（近90天第99百分位 3,000.00 元）的 4 倍；"
		"首次使用的 IP；距该账户上一笔 9 小时",
		"; first payment to this payee; ", "\"known_counterparty_account\":\"no\"",
		"\"share_debits_same_amount_same_party_7d\":\"50%\"", "\"idle\":\"9h\"", NULL,
	};
	char *evidence;

	(void)state;
	fill_busy();
	history[7].counterparty.account = slice_of("D");
	history[7].amount_minor = 1200000;
	history[7].ip = slice_of("10.0.0.9");
	evidence = evidence_of(
		"  where: not known(counterparty.account) and share(debits where amount = this and counterparty = this, 7d) >= 50%\n"
		"    and p99(debits, 90d) > 1000 and first_seen(ip) < 1h and idle() > 8h", 8);
	expect_in(evidence, texts);
	free(evidence);
}

/* They are copied into JSON as they are. */
static void no_words_of_ours_need_an_escape(void **state)
{
	static const char *const words[] = {
#define FACT(name, zh, en) name, zh, en,
#define WORD(field, word, zh, en) word, zh, en,
#define LISTED(field, zh, en) zh, en,
#define LIST(name, zh, en) name, zh, en,
#define SAID(name, zh, en, zh_instead, en_instead) name, zh, en, zh_instead, en_instead,
#define TEXT(field, zh, en) zh, en,
#include "match/wording.def"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (const char *at = words[i]; *at != '\0'; at++)
			if (*at == '"' || *at == '\\' || (unsigned char)*at < 0x20)
				fail_msg("`%s`", words[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_words_of_ours_need_an_escape),
		cmocka_unit_test(evidence_says_what_decided), cmocka_unit_test(what_is_new_is_said_so),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
