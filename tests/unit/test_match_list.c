/* `list` and the list `allow`: what hits, until when, what the evidence says, what is quieted. */
#include "base/counters.h"
#include "base/instant.h"
#include "tests/unit/match_fixture.h"

static const int64_t booked_ms = INT64_C(1772416800000); /* of fixture_tx() */

static struct reference *reference_of(const char *const (*rows)[4], size_t count)
{
	struct reference *r = reference_new();
	struct error error = {""};

	for (size_t i = 0; i < count; i++) {
		struct reference_entry entry = {
			.kind = (uint8_t)reference_parse_kind(slice_of(rows[i][1])), .value = slice_of(rows[i][2]),
			.source = slice_of(rows[i][3]), .reason = slice_of("涉案账户"), .expires_ms = booked_ms + 1};
		if (reference_add(r, slice_of(rows[i][0]), &entry, &error) == -1)
			fail_msg("%s", error.text);
	}
	reference_finish(r);
	return r;
}

static const char *const rows[][4] = {
	{"stop-payment", "account", "6222020000000000099", "市反诈中心"}, {"stop-payment", "name", "骗子贸易有限公司", ""},
	{"stop-payment", "ip", "203.0.113.7", ""},    {"stop-payment", "uscc", "91350100M000100Y43", ""},
	{"mules", "account", "6222020000000000098", "x"},
	{"allow", "account", "6222020000000000098", "t"}, {"allow", "name", "好客户有限公司", "t"},
	{"allow", "ip", "203.0.113.9", "t"},             {"allow", "account", "6222020000000000002", "t"},
	{"allow", "uscc", "91110000101623741K", "t"},    {"allow", "account", "6222020000000000099", "t"},
	{"allow", "account", "6222020000000000097", "other"},
};

static size_t hits(const char *detect, const struct tx *tx, bool referring)
{
	struct pattern_set *set = fixture_set(detect);
	struct reference *r = referring ? reference_of(rows, sizeof(rows) / sizeof(rows[0])) : NULL;
	struct matcher *matcher = matcher_new(set);
	size_t count;

	matcher_refer(matcher, r);
	reference_free(&r); /* the matcher holds it */
	count = fixture_hits_with(matcher, tx);
	matcher_free(&matcher);
	pattern_set_free(&set);
	return count;
}

static struct tx to(const char *account, const char *name)
{
	struct tx tx = fixture_tx();

	tx.counterparty.account = slice_of(account);
	tx.counterparty.name = slice_of(name);
	return tx;
}

static void any_field_on_its_list_is_enough(void **state)
{
	static const char both[] = "  list: {counterparty.account: [stop-payment, mules], counterparty.name: stop-payment}";
	struct tx tx = to("6222020000000000099", "甲");

	(void)state;
	assert_int_equal(hits(both, &tx, true), 1);
	tx = to("622", "骗 子 貿易 有限公司");
	assert_int_equal(hits(both, &tx, true), 1);
	tx = to("622", "骗子贸易");
	assert_int_equal(hits(both, &tx, true), 0);
	tx = to("203.0.113.7", "91350100M000100Y43");
	assert_int_equal(hits(both, &tx, true), 0);
	tx.ip = slice_of("203.0.113.7");
	assert_int_equal(hits("  list: {ip: stop-payment}", &tx, true), 1);
	tx.enterprise = slice_of("91350100M000100Y43");
	assert_int_equal(hits("  list: {enterprise: stop-payment}", &tx, true), 1);
	tx.account = slice_of("6222020000000000099");
	assert_int_equal(hits("  list: {account: stop-payment}", &tx, true), 1);
	assert_int_equal(hits("  any_of:\n    - list: {account: stop-payment}\n    - where: amount < 1", &tx, true),
	                 1);
}

/* Nothing to ask: no hit. Neither what is absent nor a list that is not there holds anybody. */
static void what_is_not_there_never_hits(void **state)
{
	struct tx tx = to("6222020000000000099", "");

	(void)state;
	assert_int_equal(hits("  list: {counterparty.account: stop-payment}", &tx, false), 0);
	assert_int_equal(hits("  list: {counterparty.account: no-such-list}", &tx, true), 0);
	assert_int_equal(hits("  list: {counterparty.name: stop-payment}", &tx, true), 0);
}

/* I2: by the booking time of the transaction. */
static void entries_expire(void **state)
{
	struct tx tx = to("6222020000000000099", "");

	(void)state;
	tx.booked_ms = booked_ms + 1;
	assert_int_equal(hits("  list: {counterparty.account: stop-payment}", &tx, true), 0);
}

static void allow_quiets_one_pattern_for_one_party(void **state)
{
	static const char detect[] = "  where: amount > 1";
	uint64_t before = counter_sum(COUNT_HITS_ALLOWED);
	struct tx tx = to("622", "甲");

	(void)state;
	assert_int_equal(hits(detect, &tx, true), 1);
	tx = to("6222020000000000098", "甲");
	assert_int_equal(hits(detect, &tx, true), 0);
	assert_int_equal(counter_sum(COUNT_HITS_ALLOWED), before + 1);
	tx = to("6222020000000000097", "甲"); /* of another pattern */
	assert_int_equal(hits(detect, &tx, true), 1);
	tx = to("622", "好客戶 有限公司");
	assert_int_equal(hits(detect, &tx, true), 0);
	tx = to("622", "甲");
	tx.ip = slice_of("203.0.113.9");
	assert_int_equal(hits(detect, &tx, true), 0);
	tx.ip = (struct slice){0};
	tx.account = slice_of("6222020000000000002");
	assert_int_equal(hits(detect, &tx, true), 0);
	tx.account = slice_of("1");
	tx.enterprise = slice_of("91110000101623741K");
	assert_int_equal(hits(detect, &tx, true), 0);
	tx.booked_ms = booked_ms + 1; /* the permission has ended */
	assert_int_equal(hits(detect, &tx, true), 1);
}

/* A list's hit is never quieted; the same pattern by its other alternative is. */
static void allow_never_quiets_a_list(void **state)
{
	struct tx tx = to("6222020000000000099", "甲");
	static const char either[] = "  any_of:\n    - list: {counterparty.account: mules}\n    - where: amount > 1";

	(void)state;
	assert_int_equal(hits("  list: {counterparty.account: stop-payment}", &tx, true), 1);
	tx = to("6222020000000000098", "甲");
	assert_int_equal(hits(either, &tx, true), 1);
	tx.ip = slice_of("203.0.113.9");
	tx.counterparty.account = slice_of("622");
	assert_int_equal(hits(either, &tx, true), 0);
	/* A pattern that asks the stop-payment list anywhere is quieted in no part of it. */
	assert_int_equal(hits("  any_of:\n    - list: {counterparty.account: stop-payment}\n    - where: amount > 1", &tx, true), 1);
}

static void the_evidence_names_the_list(void **state)
{
	struct pattern_set *set = fixture_set("  list: {counterparty.account: stop-payment, ip: mules}");
	struct reference *r = reference_of(rows, sizeof(rows) / sizeof(rows[0]));
	struct matcher *matcher = matcher_new(set);
	struct tx tx = to("6222020000000000099", "甲");
	struct match_hits found;
	struct arena arena;
	char evidence[4096];

	(void)state;
	arena_init(&arena, 1 << 20);
	found = (struct match_hits){.arena = &arena};
	matcher_refer(matcher, r);
	match_tx(matcher, &tx, NULL, &found);
	assert_int_equal(found.count, 1);
	snprintf(evidence, sizeof(evidence), "%.*s", SLICE_PRINT(found.items[0].evidence));
	assert_non_null(strstr(evidence, "对方账户在止付名单；列入原因：涉案账户；名单来源：市反诈中心"));
	assert_non_null(strstr(evidence,
	                       "the account of the other side is on the stop-payment list; listed because: "));
	assert_non_null(strstr(evidence,
	                       "\"listed\":\"stop-payment\",\"list_reason\":\"涉案账户\",\"list_source\":\"市反诈中心\""));
	assert_null(strstr(evidence, "6222020000000000099"));
	matcher_free(&matcher);
	reference_free(&r);
	pattern_set_free(&set);
	arena_deinit(&arena);
}

static void lists_are_numbered_once(void **state)
{
	struct pattern_set *set = fixture_set("  list: {counterparty.account: [b, a], ip: b}");

	(void)state;
	assert_true(slice_is(*pattern_set_list(set, 0), "b"));
	assert_true(slice_is(*pattern_set_list(set, 1), "a"));
	assert_null(pattern_set_list(set, 2));
	assert_false(pattern_set_at(set, 0)->asks_stop_payment);
	pattern_set_free(&set);
}

static void wrong_lists_are_refused(void **state)
{
	static const struct {
		const char *detect, *says;
	} cases[] = {
		{"  list: stop-payment", "t.yaml:9:9: `list` must say which field is on which list"},
		{"  list: {}", "`list` must say"},
		{"  list: {remark: stop-payment}",
			"t.yaml:9:10: `remark` cannot be on a list; expected counterparty.account"},
		{"  list: {counterparty.acount: x}", "(did you mean `counterparty.account`?)"},
		{"  list: {ip: {x: y}}", "expected the name of a list, such as stop-payment"},
		{"  list: {ip: a/b}", "expected the name of a list, which is that of its file"},
		{"  list: {ip: []}", "`list` names no list"},
		{"  list: {ip: allow}", "`allow` quiets patterns and is not asked"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *yaml = fixture_yaml(cases[i].detect);
		struct error error = {""};
		assert_null(fixture_set_try(yaml, &error));
		if (strstr(error.text, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].detect, error.text);
		free(yaml);
	}
}

/* I6: from the next transaction on, and back to none. */
static void references_are_swapped(void **state)
{
	struct pattern_set *set = fixture_set("  list: {counterparty.account: stop-payment}");
	struct reference *full = reference_of(rows, 1), *none = reference_of(rows, 0);
	struct matcher *matcher = matcher_new(set);
	struct tx tx = to("6222020000000000099", "甲");

	(void)state;
	for (int i = 0; i < 3; i++) {
		matcher_refer(matcher, full);
		assert_int_equal(fixture_hits_with(matcher, &tx), 1);
		matcher_swap(matcher, set);
		assert_int_equal(fixture_hits_with(matcher, &tx), 1);
		matcher_refer(matcher, i == 1 ? NULL : none);
		assert_int_equal(fixture_hits_with(matcher, &tx), 0);
	}
	reference_free(&full);
	reference_free(&none);
	matcher_free(&matcher);
	pattern_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_field_on_its_list_is_enough), cmocka_unit_test(what_is_not_there_never_hits),
		cmocka_unit_test(entries_expire), cmocka_unit_test(allow_quiets_one_pattern_for_one_party),
		cmocka_unit_test(allow_never_quiets_a_list), cmocka_unit_test(the_evidence_names_the_list),
		cmocka_unit_test(lists_are_numbered_once), cmocka_unit_test(wrong_lists_are_refused),
		cmocka_unit_test(references_are_swapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
