/*
 * Who is no stranger at the first meeting: by the names of the firm, of its representative and of a bank's own books;
 * where a firm banks; and what the memory makes of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/instant.h"
#include "base/party.h"
#include "match/match.h"
#include "tests/unit/match_fixture.h"

#define USCC "91350100MA31RK9G04"

static struct pattern_set *patterns;
static struct reference *reference;
static struct matcher *matcher;

static int begin(void **state)
{
	struct reference_enterprise enterprise = {
		.uscc = slice_of(USCC),
		.name = slice_of("云桥市恒达机械有限公司"),
		.legal_representative = slice_of("赵一"),
		.address = slice_of("云桥市林港区文昌街6号"),
		.registered_day = TX_DAY_ABSENT,
	};
	struct error error;

	(void)state;
	patterns = fixture_set("  where: amount >= 1");
	reference = reference_new();
	assert_int_equal(reference_add_enterprise(reference, &enterprise, &error), 0);
	reference_finish(reference);
	matcher = matcher_new(patterns);
	matcher_refer(matcher, reference);
	return 0;
}

static int end(void **state)
{
	(void)state;
	matcher_free(&matcher);
	reference_free(&reference);
	pattern_set_free(&patterns);
	return 0;
}

static struct tx tx_with(unsigned direction, const char *name, unsigned kind)
{
	struct tx tx = fixture_tx();

	tx.enterprise = slice_of(USCC);
	tx.account_name = slice_of("");
	tx.direction = (uint8_t)direction;
	tx.counterparty.name = slice_of(name);
	tx.counterparty.kind = (uint8_t)kind;
	party_complete(&tx); /* as the pipeline does */
	return tx;
}

static bool is_familiar(const struct tx *tx)
{
	return match_meeting(matcher, tx) == MEETING_FAMILIAR;
}

static void names_tell_who_is_familiar(void **state)
{
	static const struct {
		unsigned direction;
		const char *name;
		unsigned kind;
		bool familiar;
	} rows[] = {
		{TX_CREDIT, "云桥市恒达机械有限公司", TX_COMPANY, true},
		{TX_DEBIT, "云桥市恒达机械有限公司", TX_KIND_NONE, true},
		{TX_DEBIT, "云桥市恒达机械有限公司工会", TX_KIND_NONE, true},
		{TX_CREDIT, "云桥市恒达机电有限公司", TX_COMPANY, false},
		{TX_CREDIT, "赵一", TX_PERSON, true},
		/* What is paid to the representative may be an invoice's money on its way back. */
		{TX_DEBIT, "赵一", TX_PERSON, false},
		{TX_CREDIT, "赵二", TX_PERSON, false},
		{TX_CREDIT, "流动资金贷款", TX_KIND_NONE, true},
		{TX_CREDIT, "其他应付款-退汇", TX_UNKNOWN, true},
		{TX_CREDIT, "农业银行股份有限公司云桥分行", TX_KIND_NONE, true},
		{TX_CREDIT, "云桥市信达小额贷款有限公司", TX_KIND_NONE, false},
		{TX_CREDIT, "放款", TX_COMPANY, false},
		{TX_CREDIT, "甲乙丙", TX_BANK, true},
		{TX_CREDIT, "甲乙丙", TX_TREASURY, true},
		{TX_CREDIT, "甲乙丙", TX_UNKNOWN, false},
		{TX_DEBIT, "流动资金贷款", TX_KIND_NONE, false},
		{TX_DEBIT, "甲乙丙", TX_BANK, false},
		{TX_CREDIT, "", TX_KIND_NONE, false},
		{TX_CREDIT, "云桥恒达投资集团有限公司", TX_COMPANY, true},
		{TX_CREDIT, "林港恒达控股有限公司", TX_COMPANY, true},
		{TX_CREDIT, "恒达集团有限公司", TX_COMPANY, true},
		{TX_DEBIT, "云桥恒达投资集团有限公司", TX_COMPANY, false},
		{TX_CREDIT, "林港恒达物流有限公司", TX_COMPANY, false},
		{TX_CREDIT, "云桥市永盛投资集团有限公司", TX_COMPANY, false},
		{TX_CREDIT, "投资", TX_COMPANY, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tx tx = tx_with(rows[i].direction, rows[i].name, rows[i].kind);

		if (is_familiar(&tx) != rows[i].familiar)
			fail_msg("row %zu: %s", i, rows[i].name);
	}
}

/* A place that one name has second and the other first is no brand: 福州 in 福建省福州…, and what the address names. */
static void places_are_no_brands(void **state)
{
	static const struct {
		const char *own, *party;
		bool familiar;
	} rows[] = {
		{"福建福州恒达机械有限公司", "福州永盛投资有限公司", false},
		{"福建福州恒达机械有限公司", "福州恒达投资有限公司", true},
		{"云桥望江恒达机械有限公司", "望江永盛投资有限公司", true}, /* nobody knows this place */
		{"云桥林港恒达机械有限公司", "林港永盛投资有限公司", false}, /* in the registered address */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tx tx = tx_with(TX_CREDIT, rows[i].party, TX_COMPANY);

		tx.account_name = slice_of(rows[i].own);
		if (is_familiar(&tx) != rows[i].familiar)
			fail_msg("row %zu: %s", i, rows[i].party);
	}
}

static void nobody_is_without_a_registry_or_a_name(void **state)
{
	struct tx tx = tx_with(TX_CREDIT, "云桥市恒达机械有限公司", TX_COMPANY);

	(void)state;
	matcher_refer(matcher, NULL);
	assert_false(is_familiar(&tx));
	tx.account_name = slice_of("云桥市恒达机械有限公司");
	assert_true(is_familiar(&tx));
}

/* The own bank is in Xiamen, 3930; 3910 is Fuzhou, 5840 Shenzhen. */
static void a_firm_is_met_where_it_banks(void **state)
{
	static const struct {
		const char *name, *bank;
		unsigned kind, meeting;
	} rows[] = {
		{"云桥林港包装有限公司", "102393000019", TX_COMPANY, MEETING_FIRM | MEETING_NEIGHBOUR},
		{"云桥林港包装有限公司", "102391000019", TX_COMPANY, MEETING_FIRM | MEETING_NEIGHBOUR | MEETING_NEIGHBOUR_ELSEWHERE},
		{"云桥林港包装有限公司", "308584001231", TX_COMPANY,
	         MEETING_FIRM | MEETING_FIRM_ELSEWHERE | MEETING_NEIGHBOUR | MEETING_NEIGHBOUR_ELSEWHERE},
		{"林港某某包装有限公司", "102393000019", TX_COMPANY, MEETING_FIRM | MEETING_NEIGHBOUR}, /* of the address */
		{"江州某某包装有限公司", "102393000019", TX_COMPANY, MEETING_FIRM},
		{"江州某某包装有限公司", "308584001231", TX_COMPANY, MEETING_FIRM | MEETING_FIRM_ELSEWHERE},
		{"云桥林港包装有限公司", "308584000013", TX_COMPANY, 0}, /* a head office: where the account is nobody tells */
		{"云桥林港包装有限公司", "", TX_COMPANY, 0},
		{"云桥阳", "308584000013", TX_PERSON, 0},
		{"云桥市恒达机械有限公司", "308584000013", TX_COMPANY, MEETING_FAMILIAR},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tx tx = tx_with(TX_DEBIT, rows[i].name, rows[i].kind);
		/* Where the party is a stranger and no person: Fujian is the thirteenth province, Guangdong the nineteenth. */
		unsigned province = strncmp(rows[i].bank, "1023", 4) == 0 ? 13 : strcmp(rows[i].bank, "308584001231") == 0 ? 19 : 0;
		unsigned expected = rows[i].meeting | province << MEETING_PROVINCE_SHIFT;

		tx.bank = slice_of("102393000019");
		tx.counterparty.bank = slice_of(rows[i].bank);
		tx.account_name = slice_of("云桥市恒达机械有限公司");
		if (match_meeting(matcher, &tx) != expected)
			fail_msg("row %zu: %s is met as %u", i, rows[i].name, match_meeting(matcher, &tx));
		tx.direction = TX_CREDIT;
		assert_int_equal(match_meeting(matcher, &tx) & ~(unsigned)MEETING_FAMILIAR, 0);
	}
}

static unsigned by_name(void *context, const struct tx *tx)
{
	(void)context;
	return slice_is(tx->counterparty.name, "自己") ? MEETING_FAMILIAR : 0;
}

static int64_t newcomers(struct profile_shard *shard, const char *id, const char *name, int64_t *first_ms_r)
{
	struct tx tx = fixture_tx();
	struct profile_filter new = {.directions = 1 << TX_CREDIT, .novelty = 1};
	struct profile_view view;
	struct profile_sum sum;

	tx.id = slice_of(id);
	tx.direction = TX_CREDIT;
	tx.counterparty.name = tx.counterparty.account = slice_of(name);
	assert_int_equal(profile_put(shard, &tx, tx.amount_minor, 0, &view), PROFILE_NEW);
	profile_window(&view, &new, INSTANT_DAY_MS, PROFILE_AMOUNTS, &sum);
	*first_ms_r = view.now_ms - profile_first_seen(&view, PROFILE_PARTY);
	return sum.count;
}

/* Neither the first nor the second payment is a new party's, nor one that was met lately. */
static void the_familiar_were_always_known(void **state)
{
	struct profile_shard *shard = profile_shard_new(10, INSTANT_DAY_MS);
	int64_t age_ms;

	(void)state;
	profile_ask_meeting(shard, by_name, NULL);
	assert_int_equal(newcomers(shard, "1", "自己", &age_ms), 0);
	assert_true(age_ms >= PROFILE_WINDOW_MAX_MS);
	assert_int_equal(newcomers(shard, "2", "自己", &age_ms), 0);
	assert_true(age_ms >= PROFILE_WINDOW_MAX_MS);
	assert_int_equal(newcomers(shard, "3", "别人", &age_ms), 1);
	assert_int_equal(age_ms, 0);
	profile_shard_free(&shard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_tell_who_is_familiar, begin, end),
		cmocka_unit_test_setup_teardown(places_are_no_brands, begin, end),
		cmocka_unit_test_setup_teardown(nobody_is_without_a_registry_or_a_name, begin, end),
		cmocka_unit_test_setup_teardown(a_firm_is_met_where_it_banks, begin, end),
		cmocka_unit_test(the_familiar_were_always_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
