/*
 * Text parts against the plain reference: random literals, regular expressions, fields and texts over a small
 * alphabet, so that matches are common.
 */
#include "tests/unit/match_fixture.h"

#include "tests/reference/text.h"

enum { SETS = 160, TEXTS = 200, ENTRIES_MAX = 4, ENTRY_BYTES = 800 };

static uint64_t seed = 7;

static uint32_t pick(uint32_t below)
{
	return fixture_random(&seed, below);
}

#define ONE_OF(...) \
	((const char *const[]){__VA_ARGS__}[pick(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))])

/* Characters that fold to one another, and some that are dropped. */
static const char *character(void)
{
	return ONE_OF("账", "賬", "帐", "户", "戶", "安", "全", "a", "Ａ", "b", "B", "1", "壹", "①", "急");
}

/* For lists of words, with some that are within others. */
static const char *word(void)
{
	return ONE_OF("账户", "安全", "急安", "户急", "全急账", "账", "1急", "3急", "bab", "ab", "安急b");
}

static const char *dirt(void)
{
	return pick(3) == 0 ? ONE_OF(" ", "。", "\xE2\x80\x8B", "-", "🔥") : "";
}

static void put_regex(char *out, int depth);

static void put_class(char *out)
{
	strcat(out, pick(4) == 0 ? "[^" : "[");
	for (uint32_t i = 0; i <= pick(3); i++)
		strcat(out, pick(5) == 0 ? ONE_OF("a-b", "1-3", "安-户") : character());
	strcat(out, "]");
}

static void put_item(char *out, int depth)
{
	switch (pick(depth > 0 ? 8 : 5)) {
	case 0: strcat(out, "."); break;
	case 1: put_class(out); break;
	case 2: strcat(out, "\\d"); break;
	case 5: case 6:
		strcat(out, ONE_OF("(", "(?:"));
		put_regex(out, depth - 1);
		strcat(out, ")");
		break;
	default: strcat(out, character());
	}
	if (pick(3) == 0)
		strcat(out, ONE_OF("?", "{2}", "{0,2}", "{1,3}", "{0,5}"));
}

static void put_sequence(char *out, int depth)
{
	for (uint32_t i = 0; i <= pick(3); i++)
		put_item(out, depth);
}

static void put_regex(char *out, int depth)
{
	put_sequence(out, depth);
	while (pick(4) == 0) {
		strcat(out, "|");
		put_sequence(out, depth);
	}
}

static void put_list(char *out)
{
	strcat(out, "(");
	for (uint32_t i = 0, last = pick(4); i <= last; i++) {
		strcat(out, i > 0 ? "|" : "");
		strcat(out, word());
		strcat(out, pick(5) == 0 ? ONE_OF("(a|户)?", "(急|b|全)", ".b") : "");
	}
	strcat(out, ")");
}

/* What people write: lists, and gaps between them. */
static void put_lists(char *out)
{
	for (uint32_t i = 0, last = pick(3); i <= last; i++) {
		strcat(out, i > 0 ? ONE_OF("", ".?", ".{0,3}", ".{1,2}", "急?", "[^急]{0,2}") : "");
		put_list(out);
	}
}

/* An entry that the loader takes: not empty, no faults. */
static void entry_new(char *entry)
{
	strcpy(entry, "");
	if (pick(2) == 0) {
		for (uint32_t i = 0; i <= pick(3); i++)
			strcat(entry, character());
		return;
	}
	strcpy(entry, "/");
	if (pick(3) == 0) { /* a gap, whose bounds show only where its ends are rare */
		sprintf(entry, "/%s%s%s%s%s/", character(), character(), ONE_OF(".", "[^急]", "(a|b|户)", "急?"),
		        ONE_OF("{0,1}", "{1,2}", "{2}", "{1,3}"), character());
		if (strstr(entry, "?{") == NULL)
			return;
		strcpy(entry, "/");
	}
	if (pick(8) == 0)
		strcat(entry, "^");
	if (pick(2) == 0) {
		for (uint32_t i = 0, last = pick(3); i <= last; i++) {
			strcat(entry, i > 0 ? "|" : "");
			put_lists(entry);
		}
		strcat(entry, "/");
		return;
	}
	strcat(entry, character());
	put_sequence(entry, 2);
	if (pick(8) == 0)
		strcat(entry, "$");
	strcat(entry, "/");
}

struct part {
	char any[ENTRIES_MAX][ENTRY_BYTES], none[ENTRIES_MAX][ENTRY_BYTES];
	uint32_t any_count, none_count, all;
	bool purpose, remark, name;
};

static void put_entries(char *yaml, const char *key, char entries[][ENTRY_BYTES], uint32_t count)
{
	if (count == 0)
		return;
	sprintf(yaml + strlen(yaml), "    %s:\n", key);
	for (uint32_t i = 0; i < count; i++)
		sprintf(yaml + strlen(yaml), "      - '%s'\n", entries[i]);
}

/* A random set; NULL where its expressions are too large together for Hyperscan, which some are. */
static struct pattern_set *set_new(struct part *part)
{
	char detect[8 * ENTRY_BYTES] = "  text:\n    in: [", *yaml;
	struct pattern_set *set;
	struct error error;

	*part = (struct part){
		.any_count = 1 + pick(ENTRIES_MAX), .none_count = pick(2) * pick(ENTRIES_MAX), .all = pick(2)};
	do {
		part->purpose = pick(2);
		part->remark = pick(2);
		part->name = pick(3) == 0;
	} while (!part->purpose && !part->remark && !part->name);
	sprintf(detect + strlen(detect), "%s%s%s", part->name ? "counterparty.name," : "",
	        part->remark ? "remark," : "", part->purpose ? "purpose," : "");
	detect[strlen(detect) - 1] = ']';
	strcat(detect, "\n");
	for (uint32_t i = 0; i < part->any_count; i++)
		entry_new(part->any[i]);
	for (uint32_t i = 0; i < part->none_count; i++)
		entry_new(part->none[i]);
	put_entries(detect, part->all ? "all" : "any", part->any, part->any_count);
	put_entries(detect, "none", part->none, part->none_count);
	yaml = fixture_yaml(detect);
	set = fixture_set_try(yaml, &error);
	free(yaml);
	if (set == NULL && strstr(error.text, "too large") == NULL && strstr(error.text, "takes more than") == NULL)
		fail_msg("%s", error.text);
	return set;
}

static bool entry_found(const struct part *part, const char *entry, const struct tx *tx)
{
	static const enum tx_field both[] = {TX_PURPOSE_FIELD, TX_REMARK_FIELD}, name[] = {TX_PARTY_NAME_FIELD};
	int from = part->purpose ? 0 : 1, count = part->purpose + part->remark;

	return (count > 0 && reference_text(entry, tx, both + from, count)) ||
	       (part->name && reference_text(entry, tx, name, 1));
}

static bool expected(const struct part *part, const struct tx *tx)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < part->any_count; i++)
		found += entry_found(part, part->any[i], tx);
	for (uint32_t i = 0; i < part->none_count; i++)
		if (entry_found(part, part->none[i], tx))
			return false;
	return part->all ? found == part->any_count : found > 0;
}

static void text_new(char *out)
{
	strcpy(out, "");
	for (uint32_t i = 0, n = pick(8); i < n; i++) {
		strcat(out, pick(2) == 0 ? character() : word());
		strcat(out, dirt());
	}
}

static void matching_agrees_with_the_reference(void **state)
{
	static struct part part;
	char purpose[256], remark[256], name[256];
	unsigned hits = 0, misses = 0;

	(void)state;
	for (int i = 0; i < SETS; i++) {
		struct pattern_set *set = set_new(&part);
		struct matcher *matcher;
		if (set == NULL)
			continue;
		matcher = matcher_new(set);
		for (int j = 0; j < TEXTS; j++) {
			struct tx tx;
			bool hit;
			text_new(purpose);
			text_new(remark);
			text_new(name);
			tx = fixture_text(purpose, remark);
			tx.counterparty.name = slice_of(name);
			hit = fixture_hits_with(matcher, &tx) > 0;
			if (hit != expected(&part, &tx))
				fail_msg("set %d (any[0] %s): `%s` `%s` `%s`: %s, the reference says otherwise", i, part.any[0], purpose,
				         remark, name, hit ? "hit" : "miss");
			hits += hit;
			misses += !hit;
		}
		matcher_free(&matcher);
		pattern_set_free(&set);
	}
	/* Both answers must be common, or nothing was compared. */
	assert_true(hits > SETS * TEXTS / 10);
	assert_true(misses > SETS * TEXTS / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(matching_agrees_with_the_reference)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
