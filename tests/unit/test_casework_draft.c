/* What a draft says, counts and leaves out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hit.h"
#include "casework/draft.h"
#include "casework_fixture.h"

static struct area a;

static int setup(void **state)
{
	(void)state;
	area_open(&a);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	area_close(&a);
	return 0;
}

static struct bulletin_row drafted(enum period_kind period, const char *jurisdiction, const char *industry)
{
	struct bulletin_ask ask = {.period = period, .jurisdiction = slice_of(jurisdiction), .industry = slice_of(industry),
	                           .by = slice_of("李明"), .now_ms = a.now_ms};
	struct bulletin_row row;
	int result = bulletin_draft(a.store, a.catalogue, &ask, &a.arena, &row, &a.error);

	if (result != CASEWORK_DONE)
		fail_msg("%d: %s", result, a.error.text);
	return row;
}

static bool says(struct slice text, const char *word)
{
	return memmem(text.at, text.length, word, strlen(word)) != NULL;
}

static void warn(const char *typology, const char *at, int enterprise, int64_t yuan)
{
	area_alert(&a, (struct area_alert){.typology = typology, .at = at, .enterprise = enterprise, .yuan = yuan});
}

static void a_week(void)
{
	for (int i = 1; i <= 5; i++)
		area_enterprise(&a, i, i < 5 ? AREA_COUNTY : AREA_OTHER, i == 1 ? "制造业-纺织" : "批发业");
	for (int i = 1; i <= 4; i++)
		warn("V01", "2026-03-03 10:00", i, 301234);
	warn("V01", "2026-03-04 10:00", 1, 100000);
	warn("V04", "2026-03-08 23:59", 2, 5000000);
	warn("V04", "2026-02-25 10:00", 2, 1); /* the week before */
	warn("V01", "2026-02-03 10:00", 1, 1); /* in the fourth before */
	warn("V01", "2026-03-09 00:00", 1, 1); /* the week behind */
	area_answer(&a, "alert-0", "stopped");
	area_answer(&a, "alert-1", "stopped");
	area_answer(&a, "alert-1", "paid");
	area_answer(&a, "alert-2", "genuine");
}

static void golden_texts(void **state)
{
	struct bulletin_row row;

	(void)state;
	a_week();
	warn("V14", "2026-03-05 10:00", 3, 900);
	row = drafted(PERIOD_WEEK, AREA_COUNTY, "");
	assert_string_equal(row.id.at, "week-2026-03-02-350102");
	assert_string_equal(row.title_zh.at, "企业账户风险周报");
	assert_string_equal(
		arena_copy(&a.arena, row.body_zh).at,
		"本期辖区企业的对公账户共收到风险预警7次，涉及4家企业；上期为1次。企业反馈：及时停付1次，已经付款1次。\n\n"
		"主要手法：\n"
		"1. 冒充老板、领导（5次，4家企业，约130.4万元；上期0次）：骗子冒充老板或领导，用新号码、新账号催您“先付款、后补手续、不要声张”。\n"
		"2. 变更收款账户（1次，1家企业；上期1次）：骗子潜入或仿冒邮箱，冒充老客户、老供应商通知“收款账户变了”。\n"
		"3. 假招标投标（1次，1家企业；上期0次）：骗子冒充招标方或代理机构，催交投标保证金、标书费、中标服务费。\n\n"
		"新出现：假招标投标（前四期没有）。\n\n"
		"请提醒财务人员：\n"
		"1. 先停手。不管谁在催，当面或拨打您原来存的号码，向领导或供应商本人核实后再付。\n"
		"2. 当面，或拨打您原来存的号码，问本人是不是他要付这笔钱。\n"
		"3. 拨打合同上的老电话，不要用来信里的新号码，找原来的联系人逐位核对账号。\n"
		"4. 到公共资源交易中心核对项目；收款账户要与招标文件写的完全一致。\n"
		"5. 钱已付出：马上拨打110或96110报警，同时联系开户行申请止付，保留回单和聊天记录。半小时内最有希望追回。");
	assert_true(says(row.body_en, "Enterprises of this area had 7 warnings on their corporate accounts: 4 firms; 1 in the "
	                              "period before. They told us: stopped in time 1, already paid 1.\n"));
	assert_true(says(row.body_en, "\n1. Boss impersonation (warnings 5, firms 4, about CNY 1,304,000; before 0): Cheats "));
	assert_true(says(row.body_en, "\n\nNew: Fake tender (not in the four periods before).\n"));
	assert_true(says(row.figures, "{\"warnings\":7,\"enterprises\":4,\"amount_at_risk\":null,\"before\":1,\"stopped\":1,"
	                              "\"paid\":1,\"typologies\":[{\"id\":\"V01\",\"warnings\":5,\"enterprises\":4,"
	                              "\"amount_at_risk\":\"1304936.00\",\"before\":0,\"stopped\":1,\"paid\":1,\"new\":false}"));
	assert_int_equal(bulletin_check(a.catalogue, &row, &a.error), 0);
}

/* An amount of one or two firms would tell of them, and so would the sum less the amounts that are told. */
static void few_firms_are_not_told_by_amount(void **state)
{
	struct bulletin_row row;

	(void)state;
	a_week();
	warn("V14", "2026-03-05 10:00", 3, 900);
	row = drafted(PERIOD_WEEK, AREA_COUNTY, "");
	assert_false(says(row.body_zh, "500万") || says(row.body_zh, "金额") || says(row.figures, "5000000"));
	warn("V14", "2026-03-05 11:00", 4, 100); /* untold are three firms now: their sum tells of none */
	area_sql(&a, "DELETE FROM bulletin");
	row = drafted(PERIOD_WEEK, AREA_COUNTY, "");
	assert_true(says(row.body_zh, "涉及4家企业、金额约630.5万元"));
	assert_false(says(row.body_zh, "500万"));
}

static void an_area_has_all_below_it_and_an_industry(void **state)
{
	struct bulletin_row row;

	(void)state;
	a_week();
	area_alert(&a, (struct area_alert){.typology = "V01", .at = "2026-03-03 10:00", .enterprise = 5,
	                                   .jurisdiction = AREA_OTHER, .yuan = 1});
	area_alert(&a, (struct area_alert){.typology = "V01", .at = "2026-03-03 10:00", .jurisdiction = AREA_ELSEWHERE});
	assert_true(says(drafted(PERIOD_WEEK, AREA_CITY, "").figures, "{\"warnings\":7,\"enterprises\":5,"));
	assert_true(says(drafted(PERIOD_WEEK, AREA_OTHER, "").figures, "{\"warnings\":1,\"enterprises\":1,"));
	row = drafted(PERIOD_WEEK, AREA_CITY, "制造业");
	assert_true(says(row.figures, "{\"warnings\":2,\"enterprises\":1,"));
	assert_true(says(row.title_zh, "（制造业）") && row.id.length > strlen("week-2026-03-02-350100"));
	row = drafted(PERIOD_MONTH, AREA_CITY, ""); /* of February */
	assert_true(says(row.figures, "{\"warnings\":2,"));
	assert_string_equal(row.title_zh.at, "企业账户风险月报");
}

static void a_period_is_drafted_once(void **state)
{
	struct bulletin_ask ask = {.period = PERIOD_WEEK, .jurisdiction = slice_of(AREA_CITY), .industry = slice_of(""),
	                           .now_ms = a.now_ms};
	struct bulletin_row first = drafted(PERIOD_WEEK, AREA_CITY, ""), second;

	(void)state;
	warn("V01", "2026-03-03 10:00", 1, 1);
	assert_int_equal(bulletin_draft(a.store, a.catalogue, &ask, &a.arena, &second, &a.error), CASEWORK_KNOWN);
	assert_string_equal(second.body_zh.at, arena_copy(&a.arena, first.body_zh).at);
	assert_int_equal(area_number(&a, "SELECT count(*) FROM bulletin"), 1);
	ask.jurisdiction = slice_of("999999");
	assert_int_equal(bulletin_draft(a.store, a.catalogue, &ask, &a.arena, &second, &a.error), CASEWORK_REFUSED);
}

/*
 * I7, over random weeks: no typology of analysts is named or counted, nor an account that they watch, nor a warning
 * below yellow; and what is left is counted, as a plain walk over the same warnings does.
 */
static void nothing_for_analysts_is_ever_told(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++) {
		int64_t expected = 0;
		struct {
			bool watched;
			int warned;
		} firms[9] = {{false, 0}};
		struct bulletin_row row;
		srand(seed);
		area_sql(&a, "DELETE FROM alert; DELETE FROM bulletin");
		for (int i = 0; i < 60; i++) {
			bool analysts = rand() % 3 == 0;
			int firm = 1 + rand() % 8, typology = 1 + rand() % 18;
			struct area_alert alert = {.typology = arena_print(&a.arena, "%c%02d", analysts ? 'M' : rand() % 9 ? 'V' : 'M',
			                                                   typology),
			                           .at = "2026-03-03 10:00", .enterprise = firm, .audience = analysts,
			                           .level = (uint8_t)(1 + rand() % 4), .yuan = rand()};
			area_alert(&a, alert);
			firms[firm].watched |= analysts && alert.level >= 3;
			firms[firm].warned += !analysts && alert.level >= 2 && alert.typology[0] == 'V';
		}
		for (int i = 1; i <= 8; i++)
			expected += firms[i].watched ? 0 : firms[i].warned;
		row = drafted(PERIOD_WEEK, AREA_CITY, "");
		assert_true(says(row.figures, arena_print(&a.arena, "{\"warnings\":%lld,", (long long)expected)));
		assert_false(says(row.figures, "\"M"));
		assert_int_equal(bulletin_check(a.catalogue, &row, &a.error), 0);
		for (size_t i = 0; i < a.catalogue->typology_count; i++)
			if (a.catalogue->typologies[i].id.at[0] == 'M')
				assert_false(says(row.body_zh, a.catalogue->typologies[i].zh.at) ||
				             says(row.body_en, a.catalogue->typologies[i].en.at));
	}
}

/* Whatever was warned of, the draft keeps the bounds that its approval asks for, and says nothing official texts do not. */
static void every_draft_can_be_approved(void **state)
{
	(void)state;
	for (int first = 1; first <= 18; first++) {
		struct bulletin_row row;
		area_sql(&a, "DELETE FROM alert; DELETE FROM bulletin");
		for (int i = 0; i < 12; i++)
			for (int n = 0; n < 30 - i; n++)
				warn(arena_print(&a.arena, "V%02d", (first + i) % 18 + 1), "2026-03-03 10:00", n + 1, 1000000000);
		row = drafted(PERIOD_WEEK, AREA_CITY, "");
		if (bulletin_check(a.catalogue, &row, &a.error) == -1)
			fail_msg("%s", a.error.text);
	}
	area_sql(&a, "DELETE FROM alert; DELETE FROM bulletin");
	assert_int_equal(bulletin_check(a.catalogue, &(struct bulletin_row){0}, &a.error), -1);
	{
		struct bulletin_row row = drafted(PERIOD_WEEK, AREA_CITY, "");
		assert_int_equal(bulletin_check(a.catalogue, &row, &a.error), 0);
		assert_true(says(row.body_zh, "没有收到风险预警") && says(row.body_en, "No warning went"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(golden_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(few_firms_are_not_told_by_amount, setup, teardown),
		cmocka_unit_test_setup_teardown(an_area_has_all_below_it_and_an_industry, setup, teardown),
		cmocka_unit_test_setup_teardown(a_period_is_drafted_once, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_for_analysts_is_ever_told, setup, teardown),
		cmocka_unit_test_setup_teardown(every_draft_can_be_approved, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
