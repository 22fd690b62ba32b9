/*
 * `link` and `path` from their YAML to the events that a transaction becomes.
 */
#include <unistd.h>

#include "base/counters.h"

#include "tests/unit/match_fixture.h"

static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, 4 << 20);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

/* What the transaction becomes: one event and no hit, or nothing. */
static bool event_of(struct pattern_set *set, const struct tx *tx, struct link_event *event_r)
{
	struct matcher *matcher = matcher_new(set);
	struct match_hits hits = {.arena = &arena};

	match_tx(matcher, tx, NULL, &hits);
	assert_int_equal(hits.count, 0);
	assert_true(hits.link_count <= 1);
	if (hits.link_count == 1)
		*event_r = hits.links[0];
	matcher_free(&matcher);
	return hits.link_count == 1;
}

/* Of the only pattern: its last part. */
static const struct link_rule *rule_of(const struct pattern_set *set)
{
	const struct plan_detect *detect = pattern_set_at(set, 0)->detect;

	return &detect->parts[detect->part_count - 1].link->rule;
}

static void a_link_is_read(void **state)
{
	struct pattern_set *set = fixture_set("  where: amount >= 1万\n"
	                                      "  link: {by: counterparty.name, distinct: enterprise, at_least: 3, "
	                                      "within: 24h, count: 5, sum: 50万}");
	struct tx tx = fixture_tx();
	struct link_event event, other;

	(void)state;
	assert_true(event_of(set, &tx, &event));
	assert_int_equal(event.rule->kind, LINK_KEY);
	assert_int_equal(event.rule->distinct, LINK_ENTERPRISES);
	assert_int_equal(event.rule->at_least, 3);
	assert_int_equal(event.rule->count_least, 5);
	assert_int_equal(event.rule->sum_least_minor, 50000000);
	assert_int_equal(event.rule->within_ms, 24 * 3600 * 1000);
	assert_true(slice_is(event.rule->title_en, "A test") && slice_is(event.rule->pattern, "t"));
	assert_true(slice_is(event.hit.tx_id, "t1"));
	assert_non_null(strstr(event.hit.evidence.at, "24 小时内至少 3 家企业与同一对方户名往来"));
	assert_non_null(strstr(event.hit.evidence.at, "; within 24 hours at least 3 enterprises with the same counterparty name"));
	/* The name is folded; who counts is the enterprise, whatever its account. */
	tx.counterparty.name = slice_of("張 三");
	tx.enterprise = slice_of("91350100M000100Y43");
	assert_true(event_of(set, &tx, &other));
	assert_int_equal(event.key, other.key);
	assert_int_not_equal(event.who, other.who);
	tx.account = slice_of("6222020000000000002");
	assert_true(event_of(set, &tx, &event));
	assert_int_equal(event.who, other.who);
	tx.counterparty.name = slice_of("");
	assert_false(event_of(set, &tx, &event));
	tx = fixture_tx();
	tx.amount_minor = 100;
	assert_false(event_of(set, &tx, &event));
	pattern_set_free(&set);
}

/* A fan of one account: whoever it is that it deals with, by number or by name. */
/* Three firms with phones of one model share no phone. */
static void a_kind_of_devices_links_nobody(void **state)
{
	struct pattern_set *set = fixture_set("  where: amount >= 1\n  link: {by: device, distinct: enterprise, at_least: 3, within: 24h}");
	struct tx tx = fixture_tx();
	struct link_event event;
	uint64_t before;

	(void)state;
	tx.device = slice_of("DESKTOP-4KQ9J2T");
	assert_true(event_of(set, &tx, &event));
	before = counter_sum(COUNT_LINK_DEVICE_KINDS);
	tx.device = slice_of("HUAWEI Mate 60");
	assert_false(event_of(set, &tx, &event));
	assert_int_equal(counter_sum(COUNT_LINK_DEVICE_KINDS), before + 1);
	pattern_set_free(&set);
}

static void an_account_counts_its_parties(void **state)
{
	struct pattern_set *set = fixture_set("  link: {by: account, distinct: counterparty, at_least: 6, within: 4d}");
	struct tx tx = fixture_tx();
	struct link_event event, other;

	(void)state;
	assert_true(event_of(set, &tx, &event)); /* by its name */
	assert_int_equal(event.rule->distinct, LINK_PARTIES);
	assert_non_null(strstr(event.hit.evidence.at, "4 天内至少 6 个对方与本账户如此往来"));
	assert_non_null(strstr(event.hit.evidence.at, "; within 4 days at least 6 counterparties dealt with this account like this"));
	tx.counterparty.account = slice_of("6222020000000000099");
	assert_true(event_of(set, &tx, &event));
	tx.counterparty.name = slice_of("somebody");
	tx.counterparty.account = slice_of("6222 0200 0000 0000 099");
	assert_true(event_of(set, &tx, &other));
	assert_true(event.who == other.who && event.key == other.key);
	tx.counterparty.account = slice_of("6222020000000000098");
	assert_true(event_of(set, &tx, &other));
	assert_true(event.who != other.who && event.key == other.key);
	tx.account = slice_of("6222020000000000002");
	assert_true(event_of(set, &tx, &event));
	assert_true(event.who == other.who && event.key != other.key);
	tx.counterparty.account = tx.counterparty.name = slice_of("");
	assert_false(event_of(set, &tx, &event));
	pattern_set_free(&set);
}

static void a_path_is_read(void **state)
{
	struct pattern_set *set = fixture_set("  path: {shape: cycle, hops: 3..4, within: 3d, tolerance: 5%}");
	struct tx tx = fixture_tx();
	struct link_event debit, credit;

	(void)state;
	assert_false(event_of(set, &tx, &debit)); /* nobody's account */
	tx.counterparty.account = slice_of("6222020000000000099");
	assert_true(event_of(set, &tx, &debit));
	assert_int_equal(debit.rule->kind, LINK_PATH);
	assert_int_equal(debit.rule->hops_least, 3);
	assert_int_equal(debit.rule->hops_most, 4);
	assert_int_equal(debit.rule->tolerance_permille, 50);
	assert_int_equal(debit.rule->within_ms, INT64_C(72) * 3600 * 1000);
	assert_int_equal(debit.hit.evidence.length, 0);
	/* The other bank's leg, which writes the number in groups. */
	tx.direction = TX_CREDIT;
	tx.counterparty.account = tx.account;
	tx.account = slice_of("6222 0200 0000 0000 099");
	assert_true(event_of(set, &tx, &credit));
	assert_true(credit.credit && !debit.credit);
	assert_int_equal(credit.from, debit.from);
	assert_int_equal(credit.to, debit.to);
	tx.counterparty.account = tx.account;
	assert_false(event_of(set, &tx, &credit)); /* to itself */
	pattern_set_free(&set);
}

static void defaults_of_shapes(void **state)
{
	static const struct {
		const char *detect;
		uint8_t shape, least, most;
		uint32_t at_least, permille;
	} shapes[] = {
		{"  path: {shape: cycle, within: 72h}", LINK_CYCLE, 3, LINK_HOPS_MAX, 1, 100},
		{"  path: {shape: scatter-gather, at_least: 4, within: 72h}", LINK_SCATTER_GATHER, 0, 0, 4, LINK_TOLERANCE_ANY},
		{"  path: {shape: gather-scatter, at_least: 5, within: 1d, tolerance: 20%}", LINK_GATHER_SCATTER, 0, 0, 5, 200},
		{"  path: {shape: stack, at_least: 2, within: 14d}", LINK_STACK, 0, 0, 2, LINK_TOLERANCE_ANY},
		{"  path: {shape: bipartite, at_least: 3, within: 72h}", LINK_BIPARTITE, 0, 0, 3, LINK_TOLERANCE_ANY},
		{"  path: {shape: to-listed, list: stop-payment, within: 72h}", LINK_TO_LISTED, 1, 2, 1, LINK_TOLERANCE_ANY},
		{"  path: {shape: ring, within: 72h, tolerance: 60%}", LINK_RING, 3, LINK_HOPS_MAX, 1, 600},
		{"  path: {shape: chain, within: 72h}", LINK_CHAIN, 3, 3, 1, 100},
		{"  path: {shape: chain, hops: 5, within: 72h, tolerance: 5%}", LINK_CHAIN, 5, 5, 1, 50},
		{"  path: {shape: to-listed, list: mules, hops: 2, within: 72h}", LINK_TO_LISTED, 2, 2, 1, LINK_TOLERANCE_ANY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct pattern_set *set = fixture_set(shapes[i].detect);
		struct tx tx = fixture_tx();
		struct link_event event;
		tx.counterparty.account = slice_of("6222020000000000099");
		/* Without its list no way leads to it. */
		assert_int_equal(event_of(set, &tx, &event), shapes[i].shape != LINK_TO_LISTED);
		assert_int_equal(rule_of(set)->shape, shapes[i].shape);
		assert_int_equal(rule_of(set)->hops_least, shapes[i].least);
		assert_int_equal(rule_of(set)->hops_most, shapes[i].most);
		assert_int_equal(rule_of(set)->at_least, shapes[i].at_least);
		assert_int_equal(rule_of(set)->tolerance_permille, shapes[i].permille);
		pattern_set_free(&set);
	}
}

static void a_listed_payee_is_known(void **state)
{
	struct pattern_set *set = fixture_set("  path: {shape: to-listed, list: stop-payment, within: 72h}");
	const struct reference_entry entry = {.value = slice_of("6222020000000000099"), .kind = REFERENCE_ACCOUNT,
	                                      .expires_ms = INT64_MAX};
	struct reference *reference = reference_new();
	struct matcher *matcher = matcher_new(set);
	struct match_hits hits = {.arena = &arena};
	struct tx tx = fixture_tx();
	struct error error;

	(void)state;
	assert_int_equal(reference_add(reference, slice_of("stop-payment"), &entry, &error), 0);
	reference_finish(reference);
	matcher_refer(matcher, reference);
	tx.counterparty.account = entry.value;
	match_tx(matcher, &tx, NULL, &hits);
	tx.direction = TX_CREDIT; /* from a listed account is not to it */
	match_tx(matcher, &tx, NULL, &hits);
	tx.account = entry.value;
	tx.counterparty.account = slice_of("6222020000000000001");
	match_tx(matcher, &tx, NULL, &hits);
	assert_int_equal(hits.link_count, 3);
	assert_true(hits.links[0].listed && !hits.links[1].listed && hits.links[2].listed);
	matcher_free(&matcher);
	reference_free(&reference);
	pattern_set_free(&set);
}

/* One pattern a file: `id` and what it detects. */
static void write_pattern(const char *folder, const char *id, const char *detect)
{
	char path[96], *yaml = fixture_yaml(detect);
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.yaml", folder, id);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "id: %s%s", id, strchr(yaml, '\n'));
	fclose(file);
	free(yaml);
}

/* The set of patterns p0, p1 … that detect that. */
static struct pattern_set *load_patterns(const char *const *detects, int count)
{
	char folder[] = "/tmp/huqi-paths-XXXXXX", path[96], id[16];
	struct pattern_options options = {.rate_count = 0};
	struct pattern_set *set;
	struct error error;

	assert_non_null(mkdtemp(folder));
	for (int i = 0; i < count; i++) {
		snprintf(id, sizeof(id), "p%d", i);
		write_pattern(folder, id, detects[i]);
	}
	if (pattern_set_load(folder, &options, &set, &error) == -1)
		fail_msg("%s", error.text);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/p%d.yaml", folder, i);
		unlink(path);
	}
	assert_int_equal(rmdir(folder), 0);
	return set;
}

/* A transaction is one edge for all path patterns; a link by what is shared stays an event of its own. */
static void paths_share_one_event(void **state)
{
	static const char *const detects[] = {
		"  path: {shape: cycle, within: 3d}", "  path: {shape: stack, at_least: 2, within: 1d}",
		"  where: amount > 100万\n  path: {shape: cycle, within: 4d}",
		"  link: {by: counterparty.account, distinct: bank, at_least: 2, within: 1h}",
		"  path: {shape: bipartite, at_least: 3, within: 2d}",
	};
	struct match_hits hits = {.arena = &arena};
	struct tx tx = fixture_tx();
	const struct link_event *edge;
	struct matcher *matcher;
	struct pattern_set *set = load_patterns(detects, 5);

	(void)state;
	matcher = matcher_new(set);
	tx.counterparty.account = slice_of("6222020000000000099");
	for (size_t n = 1; n <= 2; n++) {
		match_tx(matcher, &tx, NULL, &hits);
		assert_int_equal(hits.link_count, 2 * n);
		edge = &hits.links[2 * n - 2];
		assert_true(slice_is(edge->rule->pattern, "p0") && slice_is(edge[1].rule->pattern, "p3"));
		assert_int_equal(edge->also_count, 2);
		assert_true(slice_is(edge->also[0].rule->pattern, "p1") && slice_is(edge->also[1].rule->pattern, "p4"));
		assert_int_equal(edge->also[1].score, 50);
		assert_int_equal(edge[1].also_count, 0);
	}
	matcher_free(&matcher);
	pattern_set_free(&set);
}

/* What patterns have in common in their evidence is written once: each has what it would have alone. */
static void patterns_that_ask_the_same_share_words(void **state)
{
	static const char *const detects[] = {
		"  where: amount >= 1万 and hour(booked_at) >= 8\n  link: {by: mac, distinct: bank, at_least: 2, within: 1h}",
		"  where: amount >= 1万 and hour(booked_at) >= 8\n  link: {by: ip, distinct: account, at_least: 3, within: 2d}",
		"  where: hour(booked_at) >= 8 and amount >= 1万\n  link: {by: ip, distinct: bank, at_least: 2, within: 1h}",
		"  where: amount >= 2万 and hour(booked_at) >= 8\n  link: {by: mac, distinct: bank, at_least: 2, within: 1h}",
		"  where: amount >= 1万\n  link: {by: mac, distinct: bank, at_least: 2, within: 1h}",
		"  where: amount >= 1万\n  text: {in: [remark], any: [急付]}\n  link: {by: mac, distinct: bank, at_least: 2, within: 1h}",
		"  where: amount >= 1万 and hour(booked_at) >= 8\n  link: {by: device, distinct: bank, at_least: 2, within: 1h}",
		"  where: amount >= 1万 and counterparty.kind = person\n  link: {by: ip, distinct: bank, at_least: 2, within: 1h}",
	};
	enum { COUNT = sizeof(detects) / sizeof(detects[0]) };
	struct pattern_set *set = load_patterns(detects, COUNT), *alone;
	struct matcher *matcher = matcher_new(set);
	struct match_hits hits = {.arena = &arena};
	struct tx tx = fixture_text("货款", "急付");

	(void)state;
	tx.ip = slice_of("10.1.2.3");
	tx.mac = slice_of("00:11:22:33:44:55");
	tx.device = slice_of("D1");
	for (size_t n = 0; n < 3; n++, tx.amount_minor += 1234) {
		match_tx(matcher, &tx, NULL, &hits);
		assert_int_equal(hits.link_count, COUNT * (n + 1));
		for (size_t i = 0; i < COUNT; i++) {
			char *yaml = fixture_yaml(detects[i]), whole[1024];
			struct link_event event;
			snprintf(whole, sizeof(whole), "id: p%zu%s", i, strchr(yaml, '\n'));
			alone = fixture_set_of(whole);
			assert_true(event_of(alone, &tx, &event));
			assert_string_equal(hits.links[COUNT * n + i].hit.evidence.at, event.hit.evidence.at);
			pattern_set_free(&alone);
			free(yaml);
		}
	}
	matcher_free(&matcher);
	pattern_set_free(&set);
}

static void faults_say_what_was_expected(void **state)
{
	static const struct {
		const char *detect, *expected;
	} faults[] = {
		{"  link: {by: mac, distinct: bank, at_least: 1, within: 1h}", "`at_least: 1`: expected a whole number from 2 to 200"},
		{"  link: {by: macs, distinct: bank, at_least: 2, within: 1h}", "(did you mean `mac`?)"},
		{"  link: {by: mac, distinct: bank, at_least: 2}", "t.yaml:9:9: `within` is missing: a duration from 1s to 14d"},
		{"  link: {by: account, distinct: bank, at_least: 2, within: 2d}", "expected `distinct: counterparty`"},
		{"  link: {by: mac, distinct: bank, at_least: 2, within: 20d}", "`within: 20d`: expected a duration from 1s to 14d"},
		{"  link: {by: mac, distinct: bank, at_least: 2, within: 5万}", "found `5万`; expected a duration such as 24h"},
		{"  link: {by: mac, distinct: bank, at_least: 2, within: 1 hourz}", "expected a duration such as 24h"},
		{"  link: {by: mac, distinct: bank, at_least: 2, within: 1hourz}", "unknown unit `hourz`"},
		{"  link: {by: mac, distinct: bank, at_least: 2, within: 1h, sum: 3d}", "found `3d`; expected an amount such as 50万"},
		{"  link: {by: mac, distinct: bank, at_least: 2, within: 1h, shape: cycle}", "unknown key `shape` in `link`"},
		{"  path: {shape: cycl, within: 1h}", "(did you mean `cycle`?)"},
		{"  path: {shape: cycle, within: 1h, at_least: 3}", "`at_least` means nothing for `shape: cycle`"},
		{"  path: {shape: cycle, within: 1h, hops: 3..13}", "expected a number or a range within 2..12"},
		{"  path: {shape: cycle, within: 1h, hops: 5..3}", "expected a number or a range within 2..12"},
		{"  path: {shape: cycle, within: 1h, hops: x}", "expected a number or a range within 2..12"},
		{"  path: {shape: cycle, within: 1h, tolerance: 10}", "found `10`; expected a percentage such as 10%"},
		{"  path: {shape: bipartite, within: 1h, at_least: 3, tolerance: 1%}", "`tolerance` means nothing"},
		{"  path: {shape: stack, within: 1h}", "`at_least` is missing"},
		{"  path: {shape: to-listed, within: 1h}", "`list` is missing"},
		{"  path: {shape: stack, at_least: 3, within: 1h}\n  link: {by: mac, distinct: bank, at_least: 2, within: 1h}",
		 "`path` beside `link`: expected one of the two"},
		{"  any_of:\n    - where: amount > 1\n    - link: {by: mac, distinct: bank, at_least: 2, within: 1h}",
		 "may only stand at the top of `detect`"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char *yaml = fixture_yaml(faults[i].detect);
		struct error error = {""};
		assert_null(fixture_set_try(yaml, &error));
		if (strstr(error.text, faults[i].expected) == NULL)
			fail_msg("%s\nexpected: %s", error.text, faults[i].expected);
		free(yaml);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_is_read), cmocka_unit_test(a_kind_of_devices_links_nobody),
		cmocka_unit_test(an_account_counts_its_parties),
		cmocka_unit_test(a_path_is_read),
		cmocka_unit_test(defaults_of_shapes),
		cmocka_unit_test(a_listed_payee_is_known),
		cmocka_unit_test(paths_share_one_event),
		cmocka_unit_test(patterns_that_ask_the_same_share_words),
		cmocka_unit_test(faults_say_what_was_expected),
	};
	return cmocka_run_group_tests_name("match_link", tests, begin, end);
}
