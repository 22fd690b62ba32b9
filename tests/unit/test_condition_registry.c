/*
 * What conditions ask of lists, of the enterprise in the registry, of the calendar and of bank codes; and how
 * the values that decided are shown, in `facts` and in words.
 */
#include "tests/unit/match_fixture.h"

#include "base/instant.h"
#include "base/money.h"
#include "match/condition.h"
#include "pattern/condition.h"
#include "tests/reference/condition.h"

enum { ARENA_BYTES = 64 << 20 };

static struct arena arena;
static struct pattern_set set;
static struct complaint complaint;
static struct questions questions;
static char fold_bytes[8192], kept_bytes[8192];
static const char *const list_names[] = {"stop-payment", "nobody", "not-there"};

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_BYTES);
	set.rates[MONEY_CNY] = 1000000;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&arena);
	questions_deinit(&questions);
	return 0;
}

static int list_number(void *context, struct slice name, const char **why_r)
{
	(void)context;
	(void)why_r;
	for (int i = 0; i < 3; i++)
		if (slice_is(name, list_names[i]))
			return i;
	return -1;
}

static void add_entry(struct reference *reference, const char *list, const char *value, uint8_t kind)
{
	struct reference_entry entry = {
		.value = slice_of(value), .kind = kind, .reason = slice_of("报案"), .source = slice_of("反诈中心"),
		.expires_ms = INT64_MAX,
	};
	struct error error;

	if (reference_add(reference, slice_of(list), &entry, &error) == -1)
		fail_msg("%s", error.text);
}

#define GENERAL_USCC "91350105MA00000B2E"

static struct reference *reference_of(void)
{
	struct reference *reference = reference_new();
	struct reference_enterprise enterprise = {
		.uscc = slice_of("91350100M000100Y43"), .name = slice_of("福州星河贸易有限公司"), .industry = slice_of("F51"),
		.scope = slice_of("建筑材料、五金產品批发"), .address = slice_of("福州市鼓楼区东街一号"),
		.legal_representative = slice_of("陈东"), .staff = slice_of("李四；王五"), .jurisdiction = slice_of("350102"),
	};
	struct error error;

	assert_true(instant_day_of(2025, 12, 1, &enterprise.registered_day));
	if (reference_add_enterprise(reference, &enterprise, &error) == -1)
		fail_msg("%s", error.text);
	/* Two more at the same address, one of them old. */
	enterprise.uscc = slice_of("91110000101623741K");
	enterprise.address = slice_of("福州市鼓楼区 东街壹号");
	enterprise.registered_day -= 10;
	if (reference_add_enterprise(reference, &enterprise, &error) == -1)
		fail_msg("%s", error.text);
	enterprise.uscc = slice_of("91350200M000100Y4X");
	enterprise.registered_day -= 3000;
	if (reference_add_enterprise(reference, &enterprise, &error) == -1)
		fail_msg("%s", error.text);
	/* Words that stand in brackets, too, and no place. */
	enterprise.uscc = slice_of(GENERAL_USCC);
	enterprise.address = slice_of("中国（福建）自由贸易试验区恒力集团大厦三层，国际投资有限公司内");
	if (reference_add_enterprise(reference, &enterprise, &error) == -1)
		fail_msg("%s", error.text);
	/* The other side of known_tx(). */
	enterprise.uscc = slice_of("91350203MA00000D46");
	enterprise.name = slice_of("厦门青禾文化传媒有限公司");
	enterprise.industry = slice_of("R87");
	enterprise.scope = slice_of("组织文化艺术交流活动");
	assert_true(instant_day_of(2026, 1, 10, &enterprise.registered_day));
	if (reference_add_enterprise(reference, &enterprise, &error) == -1 ||
	    reference_add_account(reference, slice_of("308100005019"), slice_of("6228480000000000011"), enterprise.uscc,
	                          &error) == -1)
		fail_msg("%s", error.text);
	add_entry(reference, "stop-payment", "6228480000000000011", REFERENCE_ACCOUNT);
	add_entry(reference, "stop-payment", "張三", REFERENCE_NAME);
	add_entry(reference, "nobody", "10.1.1.1", REFERENCE_IP);
	reference_finish(reference);
	return reference;
}

static int ask_with(const char *where, const struct tx *tx, const struct reference *reference)
{
	const struct reference_list *lists[3];
	struct condition_context context = {.arena = &arena, .text = slice_of(where), .rates = set.rates,
	                                    .complaint = &complaint, .questions = &questions, .list = list_number};
	struct condition_input input = {
		.set = &set, .fold_bytes = fold_bytes, .kept_bytes = kept_bytes, .reference = reference, .lists = lists,
	};
	struct reference_input plain = {.tx = tx, .rates = set.rates, .reference = reference};
	struct condition_node *root = condition_parse(&context);
	const struct program *program;
	int64_t value;
	/* Only the table below knows provinces and addresses. */
	bool table = strstr(where, "same_province") != NULL || strstr(where, "same_address") != NULL ||
	             strstr(where, "same_floor") != NULL;

	for (int i = 0; i < 3; i++)
		lists[i] = reference != NULL ? reference_list(reference, slice_of(list_names[i])) : NULL;
	if (root == NULL || condition_check(&context, root) == -1)
		fail_msg("%s: %s", where, complaint.text);
	program = condition_emit(&context, root);
	assert_non_null(program);
	condition_begin(&input, tx, NULL);
	value = condition_run(program, 0, &input);
	/* What the outermost `and`s join ends at the first that is no yes, whichever of the two it is. */
	if (!table && root->kind == CONDITION_AND && (value == 1) != (reference_condition(root, &plain) == 1))
		fail_msg("%s: the program says %lld, the plain walk not", where, (long long)value);
	if (!table && root->kind != CONDITION_AND &&
	    (value == VALUE_ABSENT ? -1 : value) != reference_condition(root, &plain))
		fail_msg("%s: the program says %lld, the plain walk not", where, (long long)value);
	return value == VALUE_ABSENT ? -1 : (int)value;
}

static struct tx known_tx(void)
{
	struct tx tx = fixture_tx(); /* bank 102100099996: Beijing */

	tx.enterprise = slice_of("91350100M000100Y43");
	tx.counterparty.account = slice_of("6228480000000000011");
	tx.counterparty.bank = slice_of("308100005019");
	tx.place = slice_of("350128");
	tx.operator= slice_of("李 四");
	tx.purpose = slice_of("福州市清河商行");
	tx.terminal = slice_of("西安市清河商行");
	tx.device = slice_of("福州星河貿易有限公司 闽侯分公司");
	tx.mac = slice_of("福州");
	tx.reverses = slice_of("福州星河贸易"); /* the beginning of the own name */
	return tx;
}

static const struct {
	const char *where;
	int expected, without; /* with the registry and lists, and without */
} meanings[] = {
	{"enterprise.industry = 'F51'", 1, -1}, {"starts_with(enterprise.industry, 'F')", 1, -1},
	{"contains(enterprise.scope, '五金产品')", 1, -1}, {"not contains(enterprise.scope, '罐头')", 1, -1},
	{"contains(enterprise.scope, '罐头', '建材', '建筑')", 1, -1}, {"present(enterprise.scope)", 1, 0},
	{"length(enterprise.name) = 10", 1, -1}, {"enterprise.name != account_name", -1, -1},
	{"enterprise.industry in ['F51', 'F52']", 1, -1}, {"enterprise.industry != 'F51'", 0, -1},
	{"enterprise.legal_representative = '陈东'", 1, -1}, {"ends_with(enterprise.address, '一号')", 1, -1},
	{"enterprise.registered_on >= 2025-12-01", 1, -1}, {"enterprise.registered_on < 2025-12-01", 0, -1},
	{"enterprise.registered_on in [2025-01-01..2025-12-31]", 1, -1}, {"present(enterprise.registered_on)", 1, 0},
	{"age(enterprise) = 91d10h", 1, -1}, {"age(enterprise) < 180d", 1, -1}, {"age(enterprise) > age(account)", 1, -1},
	{"counterparty.industry = 'R87'", 1, -1}, {"contains(counterparty.scope, '文化', '劳务')", 1, -1},
	{"present(counterparty.scope)", 1, 0}, {"present(counterparty.registered_on)", 1, 0},
	{"age(counterparty) < 180d", 1, -1}, {"counterparty.registered_on < 2026-01-10", 0, -1},
	{"age(counterparty) < age(enterprise)", 1, -1}, {"contains(counterparty.scope, '五金')", 0, -1},
	{"is_staff(counterparty.name)", 0, 0}, {"is_staff(operator)", 1, 0}, {"not is_staff(operator)", 0, 1}, {"is_staff(remark)", -1, -1},
	{"is_legal_representative(counterparty.name)", 0, -1}, {"not is_legal_representative(operator)", 1, -1},
	{"is_named_here(purpose)", 1, -1}, {"is_named_here(terminal)", 0, -1}, {"is_named_here(counterparty.name)", 0, -1},
	{"is_named_here(remark)", -1, -1}, {"is_own_name(enterprise.name)", 1, 0}, {"is_own_name(device)", 1, 0},
	{"is_own_name(purpose)", 0, 0}, {"not is_own_name(remark)", 1, 1}, {"is_own_name(mac)", 0, 0}, {"is_own_name(reverses)", 0, 0},
	{"shares_brand(enterprise.name)", 1, 0}, {"shares_brand(remark)", 0, 0}, {"not shares_brand(mac)", 1, 1},
	{"is_at_home(purpose)", 0, 0}, {"is_away(purpose)", 1, 1}, {"is_away(terminal)", 1, 1}, {"is_away(remark)", 0, 0},
	{"not is_at_home(remark)", 1, 1}, {"is_away(mac)", 0, 0}, {"is_at_home(operator)", 0, 0},
	{"listed(counterparty.account, 'stop-payment')", 1, -1}, {"listed(counterparty.name, 'stop-payment')", 1, -1},
	{"listed(counterparty.account, 'nobody')", 0, -1}, {"not listed(counterparty.account, 'not-there')", 1, -1},
	{"listed(ip, 'nobody')", -1, -1}, {"is_workday(booked_at)", 1, 1}, {"is_holiday(booked_at)", 0, 0},
	{"is_workday(opened_on)", 0, 0}, {"is_holiday(credential_changed_on)", -1, -1},
	{"same_city(counterparty.bank)", 1, 1}, {"same_city(place)", 1, -1}, {"same_province(place)", 1, -1},
	{"same_province(counterparty.bank)", 1, 1}, {"same_address(180d) = 2", 1, -1}, {"same_floor(180d) = 2", 1, -1}, {"same_address(95d) = 1", 1, -1},
	{"same_address(9000d) = 3", 1, -1}, {"same_address(5_000_000d) = 3", 1, -1}, {"same_address(1d) = 0", 1, -1},
};

/* Who knows the payee writes his name or title; both ways of asking agree on each. */
static void payees_are_named_in_texts(void **state)
{
	static const struct {
		const char *name, *purpose, *remark;
		int named;
	} rows[] = {
		{"王小明", "王总借款", "", 1}, {"王小明", "", "借款（王 總）", 1}, {"王小明", "李总借款", "", 0},
		{"王小明", "还王小明借款", "", 1}, {"王小明", "", "退款 王·小·明", 1}, {"王小明", "还王明借款", "", 0},
		{"王小明", "汪总王董付", "", 1}, {"王小明", "王府老板", "", 0}, {"王小明", "王师傅工钱", "", 1},
		{"王小明", "货款", "", 0}, {"王小明", "", "", 0}, {"王", "王总借款", "", 0}, {"", "王总借款", "", 0},
		{"小王", "小王总", "", 1}, {"王记商行", "王老板货款", "", 1}, {"伍月", "伍总", "5总", 1},
	};
	struct tx tx = fixture_tx();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tx.counterparty.name = slice_of(rows[i].name);
		tx.purpose = slice_of(rows[i].purpose);
		tx.remark = slice_of(rows[i].remark);
		if (ask_with("is_named_in_text(counterparty.name)", &tx, NULL) != rows[i].named)
			fail_msg("%s in `%s` `%s`: expected %d", rows[i].name, rows[i].purpose, rows[i].remark, rows[i].named);
	}
}

/* Without a registry and lists nothing is known of them; present() alone always answers. */
static void functions_mean_what_they_say(void **state)
{
	struct reference *reference = reference_of();
	struct tx tx = known_tx();

	(void)state;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		int with = ask_with(meanings[i].where, &tx, reference), without = ask_with(meanings[i].where, &tx, NULL);
		if (with != meanings[i].expected || without != meanings[i].without)
			fail_msg("%s: %d and %d; expected %d and %d", meanings[i].where, with, without, meanings[i].expected,
			         meanings[i].without);
	}
	tx.enterprise = slice_of("91350300M000100Y44"); /* nobody the registry knows */
	assert_int_equal(ask_with("contains(enterprise.scope, '罐头')", &tx, reference), -1);
	reference_free(&reference);
}

/* By its account, else by its name; not by a name that several have. */
static void the_other_side_is_known_by_account_or_name(void **state)
{
	struct reference *reference = reference_of();
	struct tx tx = known_tx();

	(void)state;
	tx.counterparty.name = slice_of("福州星河贸易有限公司");
	assert_int_equal(ask_with("counterparty.industry = 'R87'", &tx, reference), 1);
	tx.counterparty.account = slice_of("6228480000000000012");
	assert_int_equal(ask_with("present(counterparty.industry)", &tx, reference), 0);
	tx.counterparty.name = slice_of("厦门青禾文化传媒有限公司 ");
	assert_int_equal(ask_with("counterparty.industry = 'R87'", &tx, reference), 1);
	tx.counterparty.bank = tx.counterparty.account = (struct slice){NULL, 0};
	assert_int_equal(ask_with("age(counterparty) < 180d", &tx, reference), 1);
	tx.counterparty.name = (struct slice){NULL, 0};
	assert_int_equal(ask_with("age(counterparty) < 180d", &tx, reference), -1);
	reference_free(&reference);
}

static void bank_codes_name_places(void **state)
{
	static const struct {
		const char *own, *other;
		int city, province;
	} rows[] = {
		{"102100099996", "308100005019", 1, 1}, {"102100099996", "308584000013", -1, -1},
		{"102100099996", "308584001231", 0, 0},
		{"308584000013", "102581000013", 0, 1}, {"102653000013", "102651000013", 0, 0},
		{"102651000013", "102665000013", 0, 1}, {"102100099996", "", -1, -1}, {"102100099996", "BKCHCNBJ300", -1, -1},
		{"102100099996", "102999000013", 0, -1}, {"102391000013", "102393000013", 0, 1},
		{"102100099996", "30810000501", -1, -1},
	};
	struct tx tx = fixture_tx();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tx.bank = slice_of(rows[i].own);
		tx.counterparty.bank = slice_of(rows[i].other);
		if (ask_with("same_city(counterparty.bank)", &tx, NULL) != rows[i].city ||
		    ask_with("same_province(counterparty.bank)", &tx, NULL) != rows[i].province)
			fail_msg("%s and %s", rows[i].own, rows[i].other);
	}
}

static void balances_are_reckoned_back(void **state)
{
	static const struct {
		int64_t balance, amount;
		uint8_t direction;
		const char *where;
		int expected;
	} rows[] = {
		{100, 900, TX_DEBIT, "balance_before() = 10", 1}, {100, 900, TX_DEBIT, "emptied() = 90%", 1},
		{100, 900, TX_CREDIT, "balance_before() = -8", 1}, {100, 900, TX_CREDIT, "emptied() > 0", -1},
		{-500, 900, TX_DEBIT, "emptied() = 225%", 1}, {-900, 900, TX_DEBIT, "emptied() > 0", -1},
		{-1000, 900, TX_DEBIT, "balance_before() = -1", 1}, {TX_ABSENT, 900, TX_DEBIT, "balance_before() > 0", -1},
		{100, 900, TX_DIRECTION_NONE, "balance_before() > 0", -1}, {INT64_MAX, 900, TX_DEBIT, "balance_before() > 0", -1},
		{0, 8888000, TX_DEBIT, "zeros(amount) = 1", 1}, {0, 10000000, TX_DEBIT, "zeros(amount) = 5", 1},
		{0, 10000050, TX_DEBIT, "zeros(amount) = 0", 1}, {0, 100, TX_DEBIT, "zeros(balance) = 0", 1},
		{-500000, 100, TX_DEBIT, "zeros(balance) = 3", 1},
	};
	struct tx tx = fixture_tx();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tx.balance_minor = rows[i].balance;
		tx.amount_minor = rows[i].amount;
		tx.direction = rows[i].direction;
		if (ask_with(rows[i].where, &tx, NULL) != rows[i].expected)
			fail_msg("row %zu: %s", i, rows[i].where);
	}
}

/* The whole way: a pattern's text, the set, the matcher, the evidence. */
static void evidence_says_what_decided(void **state)
{
	struct pattern_set *patterns = fixture_set(
		"  where: >-\n    listed(counterparty.account, 'stop-payment') and not is_staff(counterparty.name)\n"
		"    and enterprise.industry = 'F51' and emptied() >= 80% and age(enterprise) < 180d\n"
		"    and same_province(counterparty.bank)");
	struct matcher *matcher = matcher_new(patterns);
	struct reference *reference = reference_of();
	struct match_hits hits = {.arena = &arena};
	struct tx tx = known_tx();
	char *evidence;

	(void)state;
	tx.balance_minor = 5300000;
	matcher_refer(matcher, reference);
	match_tx(matcher, &tx, NULL, &hits);
	assert_int_equal(hits.count, 1);
	evidence = strndup(hits.items[0].evidence.at, hits.items[0].evidence.length);
	if (strstr(evidence, "试验；金额 480,000.00 元；对方账户在止付名单；对方不是本单位职工；所属行业 F51；"
	                     "转走了账户余额的 90.05%；企业登记已 91 天 10 小时；对方开户行在本省") == NULL ||
	    strstr(evidence, "90.05% of the balance moved out") == NULL ||
	    strstr(evidence, "\"listed_counterparty_account_stop-payment\":\"yes\"") == NULL ||
	    strstr(evidence, "\"is_staff_counterparty_name\":\"no\"") == NULL ||
	    strstr(evidence, "\"emptied\":\"90.05%\"") == NULL)
		fail_msg("%s", evidence);
	free(evidence);
	matcher_free(&matcher);
	reference_free(&reference);
	pattern_set_free(&patterns);
}

/* Banks in 福州 (3910) and 西安 (7910). */
static const struct {
	const char *own, *party, *bank, *where;
	int expected;
} bracketed[] = {
	{"福州星河贸易有限公司", "清河（西安）机械制造有限公司", "308791000014", "is_at_home(counterparty.name)", 1},
	{"福州星河贸易有限公司", "清河(西安)机械制造有限公司", "308391000014", "is_away(counterparty.name)", 1},
	{"福州星河贸易有限公司", "清河（福州）机械制造有限公司", "308391000014", "is_at_home(counterparty.name)", 1},
	{"福州星河贸易有限公司", "清河（福州）机械制造有限公司", "308391000014", "is_named_here(counterparty.name)", 1},
	{"星河（福州）贸易有限公司", "福州清河商行有限公司", "308391000014", "is_named_here(counterparty.name)", 1},
	{"星河（福州）贸易有限公司", "清河（福州）商行有限公司", "308391000014", "is_named_here(counterparty.name)", 1},
	{"星河（福州）贸易有限公司", "清河（西安）商行有限公司", "308391000014", "is_named_here(counterparty.name)", 0},
	{"星河（集团）股份有限公司", "清河（集团）股份有限公司", "308391000014", "is_named_here(counterparty.name)", 0},
	{"云桥星河贸易有限公司", "清河（云桥）商行有限公司", "308100005019", "is_at_home(counterparty.name)", 1},
	{"云桥星河贸易有限公司", "清河（集团）商行有限公司", "308100005019", "is_at_home(counterparty.name)", 0},
	{"福州星河贸易有限公司", "（福州）清河商行有限公司", "308391000014", "is_at_home(counterparty.name)", 1},
	{"福州星河贸易有限公司", "清河有限公司（", "308391000014", "is_at_home(counterparty.name)", 0},
	{"云桥星河贸易有限公司", "清河（西安市）机械制造有限公司", "308791000014", "is_at_home(counterparty.name)", 1},
	{"云桥星河贸易有限公司", "清河（西安城）机械制造有限公司", "308791000014", "is_at_home(counterparty.name)", 0},
	{"云桥星河贸易有限公司", "云桥清河超市（西安路店）", "308100005019", "is_at_home(counterparty.name)", 1},
	{"中国星河贸易有限公司", "清河（中国）商行有限公司", "308391000014", "is_named_here(counterparty.name)", 0},
	{"", "清河（云桥）商行有限公司", "308391000014", "is_at_home(counterparty.name)", 0},
	{"云桥市恒达机械有限公司", "林港恒达物流有限公司", "308391000014", "shares_brand(counterparty.name)", 1},
	{"云桥恒达机械有限公司", "恒 達（集团）有限公司", "308391000014", "shares_brand(counterparty.name)", 1},
	{"云桥恒达机械有限公司", "云桥永盛机械有限公司", "308391000014", "shares_brand(counterparty.name)", 0},
	{"云桥建设集团有限公司", "林港建设工程有限公司", "308391000014", "shares_brand(counterparty.name)", 0},
	{"福建福州恒达机械有限公司", "福州永盛机械有限公司", "308391000014", "shares_brand(counterparty.name)", 0},
	{"林港区恒达机械有限公司", "云桥港区永盛有限公司", "308391000014", "shares_brand(counterparty.name)", 0},
	{"云桥星辰新恒达机械有限公司", "恒达机械有限公司", "308391000014", "shares_brand(counterparty.name)", 0},
	{"", "恒达机械有限公司", "308391000014", "shares_brand(counterparty.name)", 0},
	{"云桥恒达机械有限公司", "王恒达", "308391000014", "shares_brand(counterparty.name)", 1},
};

/* By the registered address. */
static const struct {
	const char *uscc, *own, *party;
	int here;
} bracketed_here[] = {
	{"91350100M000100Y43", "云桥星河贸易有限公司", "清河（福州）商行有限公司", 1},
	{"91350100M000100Y43", "云桥星河贸易有限公司", "清河（福清）商行有限公司", 0},
	{GENERAL_USCC, "云桥星河贸易有限公司", "清河（福建）商行有限公司", 1},
	{GENERAL_USCC, "云桥星河贸易有限公司", "清河（中国）商行有限公司", 0},
	{GENERAL_USCC, "云桥星河贸易有限公司", "清河（集团）商行有限公司", 0},
	{GENERAL_USCC, "云桥星河贸易有限公司", "清河创业投资（有限合伙）", 0},
	{GENERAL_USCC, "", "清河（福建）商行有限公司", 1},
	{GENERAL_USCC, "", "清河（福清）商行有限公司", 0},
};

static struct tx tx_between(const char *own, const char *party)
{
	struct tx tx = fixture_tx();

	tx.account_name = own[0] != '\0' ? slice_of(own) : (struct slice){NULL, 0};
	tx.counterparty.name = slice_of(party);
	return tx;
}

/* A firm's place may stand behind its brand, in brackets. */
static void places_stand_in_brackets_too(void **state)
{
	struct reference *reference = reference_of();

	(void)state;
	for (size_t i = 0; i < sizeof(bracketed) / sizeof(bracketed[0]); i++) {
		struct tx tx = tx_between(bracketed[i].own, bracketed[i].party);

		tx.counterparty.bank = slice_of(bracketed[i].bank);
		if (ask_with(bracketed[i].where, &tx, reference) != bracketed[i].expected)
			fail_msg("%zu: %s of %s", i, bracketed[i].where, bracketed[i].party);
	}
	for (size_t i = 0; i < sizeof(bracketed_here) / sizeof(bracketed_here[0]); i++) {
		struct tx tx = tx_between(bracketed_here[i].own, bracketed_here[i].party);

		tx.enterprise = slice_of(bracketed_here[i].uscc);
		if (ask_with("is_named_here(counterparty.name)", &tx, reference) != bracketed_here[i].here)
			fail_msg("%zu: %s of %s", i, bracketed_here[i].uscc, bracketed_here[i].party);
	}
	reference_free(&reference);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(payees_are_named_in_texts),
		cmocka_unit_test(functions_mean_what_they_say), cmocka_unit_test(bank_codes_name_places),
		cmocka_unit_test(the_other_side_is_known_by_account_or_name),
		cmocka_unit_test(balances_are_reckoned_back), cmocka_unit_test(evidence_says_what_decided),
		cmocka_unit_test(places_stand_in_brackets_too),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
