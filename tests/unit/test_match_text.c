/*
 * Text parts in a transaction: words split over two fields, the borders of regions, the guard of short words,
 * none, any_of, and the evidence to the byte.
 */
#include "tests/unit/match_fixture.h"

#include <malloc.h>

#include "base/counters.h"
#include "base/money.h"

static bool hits(const char *detect, const struct tx *tx)
{
	struct pattern_set *set = fixture_set(detect);
	size_t count = fixture_hits(set, tx);

	pattern_set_free(&set);
	return count > 0;
}

static bool text_hits(const char *detect, const char *purpose, const char *remark)
{
	struct tx tx = fixture_text(purpose, remark);

	return hits(detect, &tx);
}

static void evidence_is(const char *detect, const struct tx *tx, const char *json)
{
	struct pattern_set *set = fixture_set(detect);
	char *evidence = fixture_evidence(set, tx);

	assert_string_equal(evidence, json);
	free(evidence);
	pattern_set_free(&set);
}

static void both_sides_are_folded(void **state)
{
	static const char plain[] = "  text: {in: [remark], any: [安全账户]}";

	(void)state;
	assert_true(text_hits(plain, "", "转入安全账户"));
	assert_true(text_hits(plain, "", "安 全\u200B賬·戶"));
	assert_false(text_hits(plain, "", "安全的账户"));
	assert_true(text_hits("  text: {in: [remark], any: ['ＵＳＤＴ 充 值']}", "", "usdt充值"));
	assert_true(text_hits("  text: {in: [remark], any: ['/[賬帐]戶.{0,2}變/']}", "", "账户的变更"));
	assert_true(text_hits("  text: {in: [remark], any: ['/①萬/']}", "", "共 1 万"));
	/* A word that the fold puts right is put right in the expression too. */
	assert_true(text_hits("  text: {in: [remark], any: ['/加薇信.{0,2}付/']}", "", "加微信再付"));
	assert_true(text_hits("  text: {in: [remark], any: ['/加微信.{0,2}付/']}", "", "加薇信再付"));
}

static void repeats_keep_their_bounds(void **state)
{
	static const char gap[] = "  text: {in: [remark], any: ['/保.{1,2}密/']}";

	(void)state;
	assert_false(text_hits(gap, "", "保密"));
	assert_true(text_hits(gap, "", "保1密"));
	assert_true(text_hits(gap, "", "保 甲，乙 密"));
	assert_false(text_hits(gap, "", "保甲乙丙密"));
	assert_true(text_hits("  text: {in: [remark], any: ['/^(甲|乙丙){2}丁?$/']}", "", "甲乙丙丁"));
	assert_false(text_hits("  text: {in: [remark], any: ['/^(甲|乙丙){2}丁?$/']}", "", "甲丁"));
	assert_false(text_hits("  text: {in: [remark], any: ['/^(甲|乙丙){2}丁?$/']}", "", "甲甲甲丁"));
	assert_true(text_hits("  text: {in: [remark], any: ['/转[^账乙-甲]款/']}", "", "转x款"));
	assert_false(text_hits("  text: {in: [remark], any: ['/转[^账乙-甲]款/']}", "", "转帳款"));
	assert_true(text_hits("  text: {in: [remark], any: ['/[❿-➓]号/']}", "", "10号"));
	assert_true(text_hits("  text: {in: [remark], any: ['/^[一-龥]{2,4}总$/']}", "", "歐陽 壹 總"));
	assert_false(text_hits("  text: {in: [remark], any: ['/^[一-龥]{2,4}总$/']}", "", "欧x总"));
	assert_true(text_hits("  text: {in: [remark], any: ['/总[^一-龥]{3}$/']}", "", "总a b c"));
	assert_true(text_hits("  text: {in: [remark], any: ['/尾号\\d{4}/']}", "", "尾号１２③四"));
	assert_false(text_hits("  text: {in: [remark], any: ['/尾号\\d{4}/']}", "", "尾号123"));
}

static void split_words_are_found_and_marked_twice(void **state)
{
	static const char both[] = "  text: {in: [remark, purpose], any: [安全账户]}";
	struct tx tx = fixture_text("打到 安全", "帳 户！");

	(void)state;
	evidence_is(both, &tx,
	            "{\"pattern\":\"t\",\"version\":1,\"tx\":\"102100099996/t1\",\"score\":50,"
	            "\"reason\":{\"zh\":\"试验；用途“安全”；附言“帳 户”；金额 480,000.00 元\","
	            "\"en\":\"A test; purpose “安全”; remark “帳 户”; amount CNY 480,000.00\"},"
	            "\"facts\":{\"amount\":\"480000.00\"},"
	            "\"text\":[{\"field\":\"purpose\",\"from\":7,\"to\":13},{\"field\":\"remark\",\"from\":0,"
	            "\"to\":7}]}");
	assert_false(text_hits("  text: {in: [remark], any: [安全账户]}", "安全", "账户"));
	assert_false(text_hits("  text: {in: [purpose], any: [安全账户]}", "安全", "账户"));
	assert_false(text_hits(both, "账户", "安全"));
	tx = fixture_text("安全", "");
	tx.counterparty.name = slice_of("账户");
	assert_false(hits("  text: {in: [purpose, remark, counterparty.name], any: [安全账户, '/全.{0,3}账/']}", &tx));
}

static void regions_end_where_their_fields_end(void **state)
{
	(void)state;
	assert_true(text_hits("  text: {in: [purpose], any: ['/^投资$/']}", "投资", "款"));
	assert_false(text_hits("  text: {in: [purpose, remark], any: ['/^投资$/']}", "投资", "款"));
	assert_true(text_hits("  text: {in: [purpose, remark], any: ['/^投资款$/']}", "投资", "款"));
	assert_true(text_hits("  text: {in: [remark], any: ['/^款/']}", "投资", "款"));
	assert_false(text_hits("  text: {in: [remark], any: [资]}", "投资", "款"));
	assert_true(text_hits("  text: {in: remark, any: [款]}", "投资", "款"));
}

static void all_and_none(void **state)
{
	static const char part[] = "  text: {in: [purpose, remark], any: [急付, 急转], all: [老板, 保密], none: [急救, 演练]}";

	(void)state;
	assert_true(text_hits(part, "老板急付", "保密"));
	assert_false(text_hits(part, "老板急付", ""));
	assert_false(text_hits(part, "老板", "保密"));
	assert_false(text_hits(part, "老板急付急救", "保密"));
	assert_false(text_hits(part, "老板急付演", "练 保密"));
}

static void short_ascii_words_stand_alone(void **state)
{
	static const char usdt[] = "  text: {in: [purpose, remark], any: [usdt]}";

	(void)state;
	assert_true(text_hits(usdt, "", "买USDT"));
	assert_true(text_hits(usdt, "", "u s d t"));
	assert_true(text_hits(usdt, "", "ＵＳＤＴ"));
	assert_true(text_hits(usdt, "", "50000USDT"));
	assert_false(text_hits(usdt, "", "6222USDT0017"));
	assert_false(text_hits(usdt, "", "menus dt"));
	/* The first place is part of a word, the second stands alone. */
	assert_true(text_hits(usdt, "", "xusdty 换 usdt"));
	/* Over two fields, each end must be free. */
	assert_true(text_hits(usdt, "付US", "DT款"));
	assert_false(text_hits(usdt, "xUS", "DT款"));
	assert_false(text_hits(usdt, "付US", "DTX"));
	/* Longer than the guard: found anywhere. And none keeps to the guard too. */
	assert_true(text_hits("  text: {in: [remark], any: [anquanzhanghu]}", "", "xanquanzhanghux"));
	assert_true(text_hits("  text: {in: [remark], any: [买], none: [test]}", "", "买 latest"));
	assert_false(text_hits("  text: {in: [remark], any: [买], none: [test]}", "", "买 test"));
}

static void alternatives_and_conditions(void **state)
{
	static const char detect[] =
		"  where: direction = debit\n"
		"  any_of:\n"
		"    - text: {in: [remark], any: [急付]}\n"
		"      where: amount >= 40万\n"
		"    - text: {in: [purpose], all: [保密]}\n"
		"    - where: amount >= 100万\n";
	struct tx tx = fixture_text("", "急付");

	(void)state;
	assert_true(hits(detect, &tx));
	tx.amount_minor = 39999999;
	assert_false(hits(detect, &tx));
	tx.purpose = slice_of("保密");
	assert_true(hits(detect, &tx));
	tx.purpose = tx.remark = (struct slice){0};
	tx.amount_minor = 100000000;
	assert_true(hits(detect, &tx)); /* the alternative without text is asked too */
	tx.direction = TX_CREDIT;
	assert_false(hits(detect, &tx));
	tx = fixture_text("保密", "急付");
	evidence_is(
		"  any_of:\n    - text: {in: [remark], any: [急付]}\n    - text: {in: [purpose], any: [公开]}\n", &tx,
		"{\"pattern\":\"t\",\"version\":1,\"tx\":\"102100099996/t1\",\"score\":50,"
		"\"reason\":{\"zh\":\"试验；附言“急付”；金额 480,000.00 元\","
		"\"en\":\"A test; remark “急付”; amount CNY 480,000.00\"},\"facts\":{\"amount\":\"480000.00\"},"
		"\"text\":[{\"field\":\"remark\",\"from\":0,\"to\":6}]}");
}

/* The leftmost place and the longest there; overlapping marks are one; quotes and line ends are escaped. */
static void marks_and_reasons(void **state)
{
	struct tx tx = fixture_text("货款", "按\"王总\"\n指示 急 付 给李总的账户");

	(void)state;
	evidence_is("  text: {in: [remark], any: ['/[王李]总.{0,4}付/', 急付, 李总]}\n"
	            "  where: amount >= 5万 and counterparty.kind in [person] and hour(booked_at) < 12 and "
	            "age(account) < 30d\n",
	            &tx,
	            "{\"pattern\":\"t\",\"version\":1,\"tx\":\"102100099996/t1\",\"score\":50,"
	            "\"reason\":{\"zh\":\"试验；附言“王总\\\"\\u000a指示 急 付 给李总”；金额 480,000.00 "
	            "元；收款方为个人；时段 10 时；"
	            "开户已 10 天 10 小时\",\"en\":\"A test; remark “王总\\\"\\u000a指示 急 付 给李总”; amount "
	            "CNY 480,000.00; the "
	            "payee is a person; hour 10; account 10 days 10 hours old\"},"
	            "\"facts\":{\"amount\":\"480000.00\",\"counterparty.kind\":\"person\",\"hour\":\"10\","
	            "\"age_account\":\"10d10h\"},"
	            "\"text\":[{\"field\":\"remark\",\"from\":4,\"to\":26},{\"field\":\"remark\",\"from\":30,"
	            "\"to\":36}]}");
}

/* What the bank didn't tell is said as what it is: a guess from the name. */
static void a_guessed_kind_is_called_one(void **state)
{
	struct tx tx = fixture_text("", "急付");

	(void)state;
	tx.counterparty.kind = TX_PERSON;
	tx.counterparty.kind_guessed = true;
	evidence_is("  where: counterparty.kind = person\n", &tx,
	            "{\"pattern\":\"t\",\"version\":1,\"tx\":\"102100099996/t1\",\"score\":50,"
	            "\"reason\":{\"zh\":\"试验；金额 480,000.00 元；收款方户名似个人\","
	            "\"en\":\"A test; amount CNY 480,000.00; the payee's name looks like a person\"},"
	            "\"facts\":{\"amount\":\"480000.00\",\"counterparty.kind\":\"person\"},\"text\":[]}");
}

/* Of all places where an expression matches: the leftmost, and from there the longest. */
static void marks_are_leftmost_and_longest(void **state)
{
	static const struct {
		const char *entry, *remark, *mark;
	} rows[] = {
		{"/保.{0,3}密/", "x保密保密密", "\"from\":1,\"to\":16}]"}, {"/急(付|付款)?/", "急付款急付款", "\"from\":0,\"to\":9}]"},
		{"/(ab|b{2})c/", "abbcabc", "\"from\":1,\"to\":4}]"}, {"/^急|付$/", "不付急付", "\"from\":9,\"to\":12}]"},
		{"/[0-9]{2,4}号/", "12345号", "\"from\":1,\"to\":8}]"}, {"/a.{0,2}b|x/", "axb", "\"from\":0,\"to\":3}]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char detect[256], *evidence;
		struct tx tx = fixture_text("", rows[i].remark);
		struct pattern_set *set;
		snprintf(detect, sizeof(detect), "  text: {in: [remark], any: ['%s']}", rows[i].entry);
		set = fixture_set(detect);
		evidence = fixture_evidence(set, &tx);
		if (strstr(evidence, rows[i].mark) == NULL)
			fail_msg("%s in %s: %s", rows[i].entry, rows[i].remark, evidence);
		free(evidence);
		pattern_set_free(&set);
	}
}

/* A side of an `or` that decided nothing is no evidence. */
static void facts_are_what_decided(void **state)
{
	struct pattern_set *set = fixture_set(
		"  where: (counterparty.kind = company or age(account) < 30d) and not (balance > 5 or channel = atm)\n"
		"    and (direction = debit or hour(booked_at) < 5)\n");
	struct tx tx = fixture_tx();
	char *evidence;

	(void)state;
	tx.balance_minor = 1;
	evidence = fixture_evidence(set, &tx);
	assert_non_null(strstr(
		evidence, "\"facts\":{\"amount\":\"480000.00\",\"age_account\":\"10d10h\",\"balance\":\"0.01\","
				  "\"channel\":\"online\",\"direction\":\"debit\"}"));
	free(evidence);
	pattern_set_free(&set);
}

static void foreign_amounts_are_told_in_both(void **state)
{
	struct tx tx = fixture_tx();
	struct pattern_set *set = fixture_set("  where: amount >= 5万\n");
	char *evidence;
	uint64_t before = counter_sum(COUNT_TX_NO_RATE);

	(void)state;
	tx.currency = (uint8_t)money_currency_find(slice_of("USD"));
	tx.amount_minor = 5000000;
	evidence = fixture_evidence(set, &tx);
	assert_non_null(strstr(evidence, "试验；金额 USD 50,000.00（约合人民币 355,000.00 元）\""));
	assert_non_null(strstr(evidence, "amount USD 50,000.00 (about CNY 355,000.00)\""));
	assert_non_null(strstr(evidence, "\"facts\":{\"amount\":\"50000.00\",\"currency\":\"USD\"}"));
	free(evidence);
	tx.currency = (uint8_t)money_currency_find(slice_of("HKD"));
	assert_int_equal(fixture_hits(set, &tx), 0);
	assert_int_equal(counter_sum(COUNT_TX_NO_RATE), before + 1);
	pattern_set_free(&set);
}

static void a_hit_carries_what_the_desk_needs(void **state)
{
	struct pattern_set *set = fixture_set("  text: {in: [remark], any: [急付]}");
	struct matcher *matcher = matcher_new(set);
	struct tx tx = fixture_text("", "急付");
	struct match_hits found;
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	found = (struct match_hits){.arena = &arena};
	tx.account_name = slice_of("某公司");
	tx.enterprise = slice_of("91350100M000100Y43");
	for (int i = 0; i < 20; i++)
		match_tx(matcher, &tx, NULL, &found);
	assert_int_equal(found.count, 20);
	for (int i = 0; i < 20; i++) {
		const struct hit *hit = &found.items[i];
		assert_true(slice_is(hit->bank, "102100099996") && slice_is(hit->tx_id, "t1"));
		assert_true(slice_is(hit->enterprise, "91350100M000100Y43") && slice_is(hit->account_name, "某公司"));
		assert_true(slice_is(hit->pattern, "t") && slice_is(hit->typology, "V01"));
		assert_int_equal(hit->version, 1);
		assert_int_equal(hit->score, 50);
		assert_int_equal(hit->audience, AUDIENCE_ENTERPRISE);
		assert_int_equal(hit->amount_cny_minor, 48000000);
		assert_int_equal(hit->booked_ms, tx.booked_ms);
		/* I2, I4: the same hit, the same bytes and id. */
		assert_memory_equal(hit->id, found.items[0].id, HIT_ID_BYTES);
		assert_true(slice_equal(hit->evidence, found.items[0].evidence));
	}
	assert_int_equal(pattern_set_hits(set, 0), 20);
	arena_deinit(&arena);
	matcher_free(&matcher);
	pattern_set_free(&set);
}

/* I8: a full arena loses hits visibly and nothing else. */
static void a_full_arena_is_counted(void **state)
{
	struct pattern_set *set = fixture_set("  text: {in: [remark], any: [急付]}");
	struct matcher *matcher = matcher_new(set);
	struct tx tx = fixture_text("", "急付"), other = fixture_text("", "货款");
	uint64_t before = counter_sum(COUNT_HITS_FULL);

	(void)state;
	for (size_t bytes = 0; bytes < 4000; bytes += 64) {
		struct arena arena;
		struct match_hits found;
		arena_init(&arena, bytes);
		found = (struct match_hits){.arena = &arena};
		match_tx(matcher, &tx, NULL, &found);
		assert_int_equal(found.overflowed, found.count == 0);
		match_tx(matcher, &other, NULL, &found);
		assert_true(found.count <= 1);
		arena_deinit(&arena);
	}
	assert_true(counter_sum(COUNT_HITS_FULL) > before);
	matcher_free(&matcher);
	pattern_set_free(&set);
}

static void quiet_transactions_allocate_nothing(void **state)
{
	struct pattern_set *set = fixture_set("  text: {in: [purpose, remark, counterparty.name], any: [急付, "
	                                      "'/保.{0,3}密/', usdt]}\n  where: amount >= 5万\n");
	struct matcher *matcher = matcher_new(set);
	struct tx tx = fixture_text("货款 menus dt", "合同尾款");
	struct match_hits found;
	struct arena arena;
	size_t before;

	(void)state;
	arena_init(&arena, 1 << 20);
	found = (struct match_hits){.arena = &arena};
	match_tx(matcher, &tx, NULL, &found);
	before = mallinfo2().uordblks;
	for (int i = 0; i < 1000; i++)
		match_tx(matcher, &tx, NULL, &found);
	assert_int_equal(mallinfo2().uordblks, before);
	assert_int_equal(arena.used_bytes, 0);
	assert_int_equal(found.count, 0);
	arena_deinit(&arena);
	matcher_free(&matcher);
	pattern_set_free(&set);
}

static void the_longest_texts_fit(void **state)
{
	static char longest[4 * 512 + 1];
	struct pattern_set *set =
		fixture_set("  text: {in: [purpose, remark, counterparty.name, account_name, operator], "
	                "any: ['/𠀀{3}急付/']}");
	uint64_t before = counter_sum(COUNT_FOLD_OVERFLOW);
	struct tx tx;

	(void)state;
	for (int i = 0; i < 512; i++)
		memcpy(longest + 4 * i, "𠀀", 4);
	tx = fixture_text(longest, longest);
	tx.counterparty.name = tx.account_name = (struct slice){longest, 4 * 140};
	tx.operator = slice_of("𠀀𠀀𠀀急付");
	assert_int_equal(fixture_hits(set, &tx), 1);
	assert_int_equal(counter_sum(COUNT_FOLD_OVERFLOW), before);
	pattern_set_free(&set);
}

static void statuses_decide_who_runs(void **state)
{
	static const struct {
		const char *status;
		size_t hits;
		bool runs;
	} rows[] = {{"active", 1, true}, {"shadow", 0, true}, {"draft", 0, false}, {"retired", 0, false}};
	struct tx tx = fixture_text("", "急付");
	uint64_t shadow = counter_sum(COUNT_HITS_SHADOW);

	(void)state;
	for (int i = 0; i < 4; i++) {
		char *yaml = fixture_yaml("  text: {in: [remark], any: [急付]}"), changed[1024], *at = strstr(yaml, "active");
		struct pattern_set *set;
		snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - yaml), yaml, rows[i].status,
		         at + strlen("active"));
		set = fixture_set_of(changed);
		assert_int_equal(fixture_hits(set, &tx), rows[i].hits);
		assert_int_equal(pattern_set_hits(set, 0), rows[i].runs);
		assert_int_equal(pattern_set_facts(set).running, rows[i].runs);
		pattern_set_free(&set);
		free(yaml);
	}
	assert_int_equal(counter_sum(COUNT_HITS_SHADOW), shadow + 1);
}

/* What a condition keeps folded is of one transaction, and where texts are long there is no room to keep them all. */
static void conditions_keep_no_text_longer(void **state)
{
	enum { LONG = 2400 };
	struct pattern_set *set = fixture_set("  where: contains(purpose, '盾', '贷款') and not contains(remark, '盾')\n"
	                                      "    and not contains(purpose, '货款', '尾') and contains(remark, '货')");
	struct matcher *matcher = matcher_new(set);
	static char text[3 * LONG + 16];
	struct tx tx;

	(void)state;
	for (int i = 0; i < LONG; i++)
		memcpy(text + 3 * i, "\xe9\x93\xb6", 3);
	for (int round = 0; round < 2; round++) {
		tx = fixture_text("u盾", "货款");
		assert_int_equal(fixture_hits_with(matcher, &tx), 1);
		tx = fixture_text("u盾", "款");
		assert_int_equal(fixture_hits_with(matcher, &tx), 0);
		tx = fixture_text("款贷", "货款");
		assert_int_equal(fixture_hits_with(matcher, &tx), 0);
		tx = fixture_text("贷款", "货盾");
		assert_int_equal(fixture_hits_with(matcher, &tx), 0);
		strcpy(text + 3 * LONG, "货盾");
		tx = fixture_text(text, text);
		assert_int_equal(fixture_hits_with(matcher, &tx), 0);
		tx = fixture_text(text, "货");
		assert_int_equal(fixture_hits_with(matcher, &tx), 1);
		strcpy(text + 3 * LONG, "货");
		tx = fixture_text("贷款", text);
		assert_int_equal(fixture_hits_with(matcher, &tx), 1);
		tx = fixture_text("", "货");
		assert_int_equal(fixture_hits_with(matcher, &tx), 0);
	}
	matcher_free(&matcher);
	pattern_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_are_folded), cmocka_unit_test(repeats_keep_their_bounds),
		cmocka_unit_test(split_words_are_found_and_marked_twice),
		cmocka_unit_test(regions_end_where_their_fields_end), cmocka_unit_test(all_and_none),
		cmocka_unit_test(short_ascii_words_stand_alone), cmocka_unit_test(alternatives_and_conditions),
		cmocka_unit_test(marks_and_reasons),
		cmocka_unit_test(a_guessed_kind_is_called_one), cmocka_unit_test(marks_are_leftmost_and_longest),
		cmocka_unit_test(facts_are_what_decided),
		cmocka_unit_test(foreign_amounts_are_told_in_both), cmocka_unit_test(a_hit_carries_what_the_desk_needs),
		cmocka_unit_test(a_full_arena_is_counted), cmocka_unit_test(quiet_transactions_allocate_nothing),
		cmocka_unit_test(the_longest_texts_fit), cmocka_unit_test(statuses_decide_who_runs),
		cmocka_unit_test(conditions_keep_no_text_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
