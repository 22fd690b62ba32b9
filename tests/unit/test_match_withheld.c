/* I7: where a pattern that withholds warnings hits, what patterns for enterprises find in the transaction is for analysts. */
#include "tests/unit/match_fixture.h"

#include "base/counters.h"
#include "tests/unit/pack_fixture.h"

static void put(const char *file, const char *yaml)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s.yaml", pack_dir, file);
	assert_non_null(out = fopen(path, "w"));
	fputs(yaml, out);
	fclose(out);
}

static char *watcher(const char *status, const char *more)
{
	static char yaml[1024];

	snprintf(yaml, sizeof(yaml),
	         "id: lent\nversion: 1\nstatus: %s\ntypology: M03\ntitle: {zh: 过手, en: passes on}\naudience: analyst\nscore: 15\n"
	         "withholds: warnings\ndetect: {where: 'direction = debit and amount >= 100000%s'}\n", status, more);
	return yaml;
}

static int begin(void **state)
{
	if (pack_make(state) != 0)
		return -1;
	put("zz", "id: zz\nversion: 1\nstatus: active\ntypology: V01\ntitle: {zh: 冒充, en: a boss}\naudience: enterprise\nscore: 60\n"
	          "detect: {text: {in: [remark], any: [急付]}}\nmessage: {zh: 当心, en: beware}\nadvice: [a1]\n");
	put("aa", "id: aa\nversion: 1\nstatus: active\ntypology: M01\ntitle: {zh: 分散, en: many}\naudience: analyst\nscore: 30\n"
	          "detect: {text: {in: [remark], any: [急付]}}\n");
	return 0;
}

static struct pattern_set *load(void)
{
	struct pattern_set *set;
	struct error error;

	if (pattern_set_load(pack_dir, NULL, &set, &error) == -1)
		fail_msg("%s", error.text);
	return set;
}

/* The only hit of `zz` on a debit of this much; its audience, and its evidence into `evidence_r`. */
static uint8_t audience_of(int64_t amount_minor, char evidence_r[2048])
{
	struct pattern_set *set = load();
	struct matcher *matcher = matcher_new(set);
	struct tx tx = fixture_text("", "急付");
	struct match_hits hits = {0};
	struct arena arena;
	uint8_t audience = UINT8_MAX;

	arena_init(&arena, 1 << 20);
	hits.arena = &arena;
	tx.amount_minor = amount_minor;
	match_tx(matcher, &tx, NULL, &hits);
	for (size_t i = 0; i < hits.count; i++) {
		if (!slice_is(hits.items[i].pattern, "zz")) {
			assert_int_equal(hits.items[i].audience, AUDIENCE_ANALYST);
			assert_null(memmem(hits.items[i].evidence.at, hits.items[i].evidence.length, "withheld", 8));
			continue;
		}
		assert_int_equal(audience, UINT8_MAX);
		audience = hits.items[i].audience;
		snprintf(evidence_r, 2048, "%.*s", SLICE_PRINT(hits.items[i].evidence));
	}
	arena_deinit(&arena);
	matcher_free(&matcher);
	pattern_set_free(&set);
	return audience;
}

static void a_launderer_is_not_told(void **state)
{
	uint64_t before = counter_sum(COUNT_HITS_WITHHELD);
	char evidence[2048];

	(void)state;
	put("lent", watcher("active", ""));
	assert_int_equal(audience_of(9999999, evidence), AUDIENCE_ENTERPRISE);
	assert_null(strstr(evidence, "withheld"));
	assert_int_equal(counter_sum(COUNT_HITS_WITHHELD), before);
	assert_int_equal(audience_of(10000000, evidence), AUDIENCE_ANALYST);
	assert_int_equal(counter_sum(COUNT_HITS_WITHHELD), before + 1);
	assert_non_null(strstr(evidence, "\"withheld_by\":\"lent\"}"));
	assert_non_null(strstr(evidence, "；只供研判、不提醒企业：过手\""));
	assert_non_null(strstr(evidence, "; for analysts only, the enterprise is not told: passes on\""));
}

/* A shadow pattern is counted and decides nothing. What it asks for and is not there is no yes. */
static void only_an_active_one_that_holds_decides(void **state)
{
	char evidence[2048];

	(void)state;
	put("lent", watcher("shadow", ""));
	assert_int_equal(audience_of(10000000, evidence), AUDIENCE_ENTERPRISE);
	put("lent", watcher("active", " and count(all, 30d) <= 20"));
	assert_int_equal(audience_of(10000000, evidence), AUDIENCE_ENTERPRISE); /* without a memory */
}

static void refused(const char *yaml, const char *why)
{
	struct pattern_set *set;
	struct error error = {""};

	put("lent", yaml);
	assert_int_equal(pattern_set_load(pack_dir, NULL, &set, &error), -1);
	if (strstr(error.text, why) == NULL)
		fail_msg("`%s` is not in: %s", why, error.text);
}

/* The words are read before any pattern is asked, whichever stands first. */
static void what_is_written_may_decide(void **state)
{
	char evidence[2048];

	(void)state;
	put("lent", watcher("active", "', text: {in: [remark], none: [退还]}}\n#"));
	assert_int_equal(audience_of(10000000, evidence), AUDIENCE_ANALYST);
	put("lent", watcher("active", "', text: {in: [remark], none: [急付]}}\n#"));
	assert_int_equal(audience_of(10000000, evidence), AUDIENCE_ENTERPRISE);
	put("lent", watcher("active", "', text: {in: [remark], any: ['/急.{0,2}付/', 付急]}}\n#"));
	assert_int_equal(audience_of(10000000, evidence), AUDIENCE_ANALYST);
	assert_int_equal(audience_of(9999999, evidence), AUDIENCE_ENTERPRISE);
	put("lent", watcher("active", "', text: {in: [purpose], any: [急付]}}\n#"));
	assert_int_equal(audience_of(10000000, evidence), AUDIENCE_ENTERPRISE);
}

static void other_accounts_may_not_decide(void **state)
{
	static const char head[] = "id: lent\nversion: 1\nstatus: active\ntitle: {zh: 过手, en: passes on}\nscore: 15\n";
	char yaml[1024];

	(void)state;
	snprintf(yaml, sizeof(yaml), "%stypology: M03\naudience: analyst\nwithholds: warnings\n"
	                             "detect: {where: amount > 5, link: {by: account, distinct: counterparty, at_least: 3, within: 36h}}\n", head);
	refused(yaml, "lent.yaml:8:1: `withholds` beside link or path");
	snprintf(yaml, sizeof(yaml), "%stypology: V03\naudience: enterprise\nwithholds: warnings\ndetect: {where: amount > 5}\n"
	                             "message: {zh: 当心, en: beware}\nadvice: [a1]\n", head);
	refused(yaml, "`withholds` beside `audience: enterprise`");
	snprintf(yaml, sizeof(yaml), "%stypology: M03\naudience: analyst\nwithholds: warning\ndetect: {where: amount > 5}\n", head);
	refused(yaml, "`withholds: warning`: expected one of warnings (did you mean `warnings`?)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_launderer_is_not_told),
		cmocka_unit_test(only_an_active_one_that_holds_decides),
		cmocka_unit_test(what_is_written_may_decide),
		cmocka_unit_test(other_accounts_may_not_decide),
	};

	return cmocka_run_group_tests(tests, begin, pack_remove);
}
