/*
 * Folding: every evasion of domain.md, the map of origins, the word guard, and the table against the plain
 * reference (tests/reference/fold.c) for every code point and for random strings.
 */
#include "fold/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <hs.h>
#include <utf8proc.h>

#include "tests/reference/fold.h"

static char bytes[FOLD_BYTES_MAX + FOLD_TAIL_BYTES];
static struct fold_origin origins[FOLD_BYTES_MAX];

/* The fold of `raw`, NUL-terminated by the tail; until the next call. */
static struct fold_buffer fold(const char *raw)
{
	struct fold_buffer out;

	fold_init(&out, bytes, origins, FOLD_BYTES_MAX);
	fold_append(&out, raw, strlen(raw));
	assert_false(out.overflow);
	return out;
}

static void folds_to(const char *raw, const char *want)
{
	fold(raw);
	assert_string_equal(bytes, want);
}

static void separators_and_invisible_characters_go(void **state)
{
	(void)state;
	folds_to("安 全 账 户", "安全账户");
	folds_to("安-全.账_户！", "安全账户");
	folds_to("安\u3000全\t账\n户", "安全账户");
	folds_to("安\u200b全\u200d账\ufeff户\u2060", "安全账户");
	folds_to("安🔥全💰账👩‍👩‍👧户❤️", "安全账户");
	folds_to("安丨全丨账丶户", "安全账户");
	folds_to("【安】《全》“账”（户）", "安全账户");
	folds_to("安\u00ad全\u034f账\U000e0041户", "安全账户");
	folds_to("1️⃣0️⃣万", "10万");
	folds_to("u s d t", "usdt");
	folds_to("an quan zhang hu", "anquanzhanghu");
}

static void width_and_case_go(void **state)
{
	(void)state;
	folds_to("ＵＳＤＴ１２３", "usdt123");
	folds_to("Ｕ盾", "u盾");
	folds_to("TrC20", "trc20");
	folds_to("ⓊⓈⒹⓉ", "usdt");
	folds_to("🅤🅢🅓🅣 🆄🆂🅳🆃", "usdtusdt");
	folds_to("𝐔𝑆𝔻𝗧", "usdt");
	folds_to("ﾃﾞ", "テ");
	folds_to("ﬃ ß", "ffiss");
}

static void traditional_and_variant_characters_become_one(void **state)
{
	(void)state;
	folds_to("安全賬戶", "安全账户");
	folds_to("安全帳戶", "安全账户");
	folds_to("安全帐户", "安全账户");
	folds_to("轉帳 匯款 臺灣 貸款", "转账汇款台湾贷款");
	folds_to("徽信 薇信 威信", "微信微信微信");
	folds_to("浬财 浬財", "理财理财");
	folds_to("投姿 投 姿", "投资投资");
	folds_to("保正金 宝证金 寶證金", "保证金保证金保证金");
	folds_to("代款解动费 理材冲值 亟付", "贷款解冻费理财充值急付");
	folds_to("现代款式 管理才能", "现代款式管理才能"); /* honest words */
	folds_to("UЅDТ υѕԁт", "usdtusdt");
	folds_to("⻔户 ⼾", "门户户");
	/* The same characters in honest words stay. */
	folds_to("安徽信用担保", "安徽信用担保");
	folds_to("权威信息", "权威信息");
	folds_to("安 徽 信", "安徽信");
}

static void numerals_agree(void **state)
{
	(void)state;
	folds_to("壹万 一万 1万 １萬 ①万 ⑴万 ㈠万 ❶万 ➊万 〡万", "1万1万1万1万1万1万1万1万1万1万");
	folds_to("⑩ ⑳ ❿ 12 ⑫ ⓬", "102010121212");
	folds_to("贰拾伍万肆仟捌佰元", "2十5万4千8百元");
	folds_to("二十五万四千八百圆", "2十5万4千8百元");
	folds_to("٣ ३ ３", "333");
	folds_to("Ⅷ ½", "viii12");
}

static void marks_go_composed_or_not(void **state)
{
	(void)state;
	folds_to("ān quán zhàng hù", "anquanzhanghu");
	folds_to("a\u0304n qua\u0301n zha\u0300ng hu\u0300", "anquanzhanghu");
	folds_to("U\u0336S\u0336D\u0336T\u0336", "usdt");
	folds_to("İstanbul ı", "istanbuli");
}

static void unusual_input_is_safe(void **state)
{
	struct fold_buffer out;
	static const char bad[] = "\xe5\xae\x89\xff\xc3\xe5\x85\xf7\xbf\xbf\xbf\xe5\x85";

	(void)state;
	folds_to("", "");
	folds_to("，。！ ", "");
	folds_to("\ufdfa", "صلىاللهعليهوسلم");	/* the longest fold: 18 characters from one */
	fold_init(&out, bytes, origins, FOLD_BYTES_MAX);
	fold_append(&out, bad, sizeof bad - 1);
	fold_append(&out, "a\0b", 3);
	assert_memory_equal(out.bytes + out.length - 2, "ab", 2);
}

static void the_map_leads_back_to_the_raw_text(void **state)
{
	static const char raw[] = "x安 \u200b賬①户!";
	struct fold_buffer out = fold(raw);
	struct fold_origin span;

	(void)state;
	assert_string_equal(bytes, "x安账1户");
	span = fold_span(&out, 1, 1 + 6);
	assert_int_equal(span.from, 1);
	assert_int_equal(span.to, strlen("x安 \u200b賬"));
	span = fold_span(&out, 7, 8);
	assert_memory_equal(raw + span.from, "①", 3);
	assert_int_equal(span.to - span.from, 3);
	span = fold_span(&out, 8, 11);
	assert_int_equal(span.to, strlen(raw) - 1);
	/* A long expansion comes wholly from its one character, a corrected word from its own. */
	out = fold("㌀薇 信");
	span = fold_span(&out, out.length - 6, out.length);
	assert_int_equal(span.from, 3);
	assert_int_equal(span.to, 3 + 3 + 1 + 3);
}

static void pieces_join(void **state)
{
	struct fold_buffer out;
	struct fold_origin span;

	(void)state;
	fold_init(&out, bytes, origins, FOLD_BYTES_MAX);
	assert_int_equal(fold_append(&out, "转安全", 9), 9);
	assert_int_equal(out.raw_length, 9);
	assert_int_equal(fold_append(&out, " 賬户薇", 10), 9);
	assert_int_equal(fold_append(&out, "信", 3), 3);
	assert_string_equal(bytes, "转安全账户微信");
	span = fold_span(&out, 3, 15);
	assert_int_equal(span.from, 3);
	assert_int_equal(span.to, 9 + 1 + 6);
	fold_append_separator(&out, '\n');
	fold_append(&out, "x", 1);
	assert_string_equal(bytes, "转安全账户微信\nx");
	assert_int_equal(out.origin[out.length - 1].from, 22);
	fold_reset(&out);
	assert_int_equal(out.length + out.raw_length + (size_t)bytes[0], 0);
}

/* I8: a text that does not fit is cut at a character and says so, until the buffer is emptied. */
static void overflow_latches(void **state)
{
	struct fold_buffer out;
	char *huge = calloc(1, FOLD_RAW_BYTES_MAX + 2);

	(void)state;
	memset(bytes, 'Z', sizeof bytes);
	fold_init(&out, bytes, origins, 8);
	fold_append(&out, "安全账", 9);
	assert_true(out.overflow);
	assert_int_equal(out.length, 6);
	assert_string_equal(bytes, "安全");
	assert_int_equal(fold_append(&out, "a", 1), 0);
	fold_append_separator(&out, '\n');
	assert_int_equal(out.length, 6);
	fold_reset(&out);
	assert_int_equal(fold_append(&out, "abcdefgh", 8), 8);
	assert_false(out.overflow);
	fold_append_separator(&out, '\n');
	assert_true(out.overflow);

	fold_init(&out, bytes, NULL, FOLD_BYTES_MAX);
	assert_int_equal(fold_append(&out, huge, FOLD_RAW_BYTES_MAX), 0);
	assert_false(out.overflow);
	fold_append(&out, huge, 1);
	assert_true(out.overflow);
	free(huge);
}

/* Hyperscan reads past the end: whatever was there before, 64 zeros follow every fold. */
static void zeros_stand_behind(void **state)
{
	static const char zeros[FOLD_TAIL_BYTES];
	struct fold_buffer out;

	(void)state;
	for (size_t n = 0; n < 40; n++) {
		memset(bytes, 'Z', sizeof bytes);
		fold_init(&out, bytes, n % 2 ? origins : NULL, 64);
		fold_append(&out, "贰拾伍万肆仟捌佰元", n < 27 ? n / 3 * 3 : 27);
		assert_memory_equal(bytes + out.length, zeros, FOLD_TAIL_BYTES);
	}
}

static bool alone(const char *raw, const char *word)
{
	const char *at = strstr(raw, word);

	assert_non_null(at);
	return fold_stands_alone(raw, strlen(raw), (size_t)(at - raw), (size_t)(at - raw) + strlen(word));
}

static void short_ascii_words_stand_alone(void **state)
{
	(void)state;
	assert_true(alone("USDT", "USDT"));
	assert_true(alone("买USDT款", "USDT"));
	assert_true(alone("收 u s d t 一", "u s d t"));
	assert_true(alone("一USDT壹", "USDT"));
	assert_true(alone("买50000USDT", "USDT"));
	assert_true(alone("买50,000.00USDT", "USDT"));
	assert_true(alone("USDT300个", "USDT"));
	assert_true(alone("/USDT/", "USDT"));
	assert_true(alone("🔥USDT🔥", "USDT"));
	assert_true(alone("TRC20", "TRC20"));
	assert_false(alone("menu s d tax", "u s d t"));
	assert_false(alone("6222USDT0017", "USDT"));
	assert_false(alone("AUSDT", "USDT"));
	assert_false(alone("USDTx", "USDT"));
	assert_false(alone("ＡUSDT", "USDT"));
	assert_false(alone("éUSDT", "USDT"));
	assert_false(alone("USDТUSDT", "USDT"));
	assert_false(alone("SN77USDT", "USDT"));
	assert_false(alone("202603020001USDT", "USDT"));
	assert_false(alone("TRC2019", "TRC20"));
	assert_false(alone("①2USDT⑦", "USDT"));
	assert_true(fold_wants_guard("usdt", 4));
	assert_false(fold_wants_guard("u盾", 4));
	assert_false(fold_wants_guard("anquanzhanghu", 13));
	assert_false(fold_wants_guard("", 0));
}

static size_t put_point(uint32_t cp, char *out)
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

/* Every code point: the table says what the reference says, and folding again changes nothing. */
static void every_character_agrees_with_the_reference(void **state)
{
	static char once[FOLD_BYTES_MAX + FOLD_TAIL_BYTES];
	size_t dropped = 0, same = 0;

	(void)state;
	for (uint32_t cp = 1; cp < 0x110000; cp++) {
		uint32_t folded[64];
		char raw[8] = {0}, want[256] = {0};
		size_t count, n = 0;

		if (cp >= 0xD800 && cp < 0xE000)
			continue;
		put_point(cp, raw);
		count = reference_fold_character(cp, folded, 64);
		for (size_t i = 0; i < count; i++)
			n += put_point(folded[i], want + n);
		fold(raw);
		if (strcmp(bytes, want) != 0)
			fail_msg("U+%04X folds to %s, the reference to %s", cp, bytes, want);
		dropped += n == 0;
		same += strcmp(raw, want) == 0;
		strcpy(once, bytes);
		fold(once);
		if (strcmp(bytes, once) != 0)
			fail_msg("U+%04X folds to %s and then to %s", cp, once, bytes);
	}
	print_message("of 1,112,063 characters %zu are dropped, %zu fold to themselves\n", dropped, same);
}

/* xorshift64*, so that a failure can be repeated. */
static uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 0x2545F4914F6CDD1DU;
}

/* Characters that the rules are about, mixed with any other. */
static uint32_t random_character(uint64_t *seed)
{
	static const uint32_t telling[] = {
		0x85AF, 0x5FBD, 0x5A01, 0x4FE1, 0x5B89, 0x6743, 0x6295, 0x59FF, 0x8D44, 0x91D1, 0x4FDD, 0x6B63,
		0x5B9D, 0x8BC1, 0x8A3C, 0x5E33, 0x8CEC, 0x6236, 0x200B, ' ', 0x1F600, 0x2460, 0x58F9, 'U', 's',
		0x0414, 0xFF34, 0x0301,
	};
	uint64_t r = random_next(seed);
	uint32_t cp;

	if (r % 4 != 0)
		return telling[(r >> 8) % (sizeof telling / sizeof *telling)];
	cp = (uint32_t)(r >> 8) % (r % 16 == 0 ? 0x110000 : 0x10000);
	return cp == 0 || (cp >= 0xD800 && cp < 0xE000) ? 'x' : cp;
}

static size_t random_text(uint64_t *seed, char *raw)
{
	size_t count = random_next(seed) % 24, n = 0;

	for (size_t i = 0; i < count; i++)
		n += put_point(random_character(seed), raw + n);
	raw[n] = '\0';
	return n;
}

static void check_map(const struct fold_buffer *out, size_t raw_length)
{
	for (size_t i = 0; i < out->length; i++) {
		assert_true(out->origin[i].from < out->origin[i].to);
		assert_true(out->origin[i].to <= raw_length);
		assert_true(i == 0 || out->origin[i - 1].from <= out->origin[i].from);
	}
}

/* Against the plain reference; folding twice, in two pieces, and without the map gives the same. */
static void random_strings_agree_with_the_reference(void **state)
{
	static char once[FOLD_BYTES_MAX + FOLD_TAIL_BYTES];
	uint64_t seed = 20260302;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		char raw[256], *want;
		size_t n = random_text(&seed, raw), cut = 0;
		struct fold_buffer out = fold(raw);

		want = reference_fold(raw);
		if (strcmp(bytes, want) != 0)
			fail_msg("round %d: \"%s\" folds to \"%s\", not to \"%s\"", round, raw, bytes, want);
		check_map(&out, n);
		strcpy(once, bytes);
		fold(once);
		assert_string_equal(bytes, once);
		while (cut < n / 2 || ((unsigned char)raw[cut] & 0xC0) == 0x80)
			cut++;
		fold_init(&out, bytes, NULL, FOLD_BYTES_MAX);
		fold_append(&out, raw, cut);
		fold_append(&out, raw + cut, n - cut);
		assert_string_equal(bytes, once);
		free(want);
	}
}

static int note_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	(void)id, (void)from, (void)to, (void)flags;
	*(bool *)context = true;
	return 0;
}

/* Does Hyperscan find the whole folded text to be `count` characters? */
static bool is_characters(const struct fold_buffer *folded, int count)
{
	char expression[256];
	hs_database_t *database;
	hs_compile_error_t *error;
	hs_scratch_t *scratch = NULL;
	bool found = false;

	snprintf(expression, sizeof expression, "^%s{%d}$", FOLD_CHARACTER_REGEX, count);
	assert_int_equal(HS_SUCCESS,
		hs_compile(expression, HS_FLAG_DOTALL, HS_MODE_BLOCK, NULL, &database, &error));
	assert_int_equal(hs_alloc_scratch(database, &scratch), HS_SUCCESS);
	hs_scan(database, folded->bytes, (unsigned)folded->length, 0, scratch, note_match, &found);
	hs_free_scratch(scratch);
	hs_free_database(database);
	return found;
}

/* `.` of a pattern: FOLD_CHARACTER_REGEX is one folded character of any width, and no separator. */
static void the_character_regex_counts_characters(void **state)
{
	struct fold_buffer out = fold("Ａ 壹·é賬한\U00020000");

	(void)state;
	assert_string_equal(bytes, "a1e账한\U00020000");
	assert_true(is_characters(&out, 6));
	assert_false(is_characters(&out, 5));
	assert_false(is_characters(&out, 7));
	fold_append_separator(&out, '\n');
	assert_false(is_characters(&out, 7));
	/* Folded ASCII is digits and small letters only, so its alternative is complete. */
	for (char c = 1; c < 0x7f; c++) {
		fold((char[]){c, '\0'});
		assert_true(bytes[0] == '\0' || strchr("0123456789abcdefghijklmnopqrstuvwxyz", bytes[0]) != NULL);
	}
}

static double ns_a_character(const char *raw, size_t characters, struct fold_origin *map)
{
	struct fold_buffer out;
	struct timespec from, to;
	int rounds = 200000;

	fold_init(&out, bytes, map, FOLD_BYTES_MAX);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (int i = 0; i < rounds; i++) {
		fold_reset(&out);
		fold_append(&out, raw, strlen(raw));
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	return ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / rounds /
	       (double)characters;
}

/* No threshold: a figure for whoever changes the loop. */
static void the_cost_is_printed(void **state)
{
	static const char han[] = "支付2026年3月货款，合同号HT-20260302-017，请查收（急）；轉帳至安全賬戶";
	static const char latin[] = "Payment for invoice INV-2026-000317, order 88112, thank you";

	(void)state;
	print_message("ns a character: Chinese %.2f, with map %.2f; Latin %.2f, with map %.2f\n",
		ns_a_character(han, 45, NULL), ns_a_character(han, 45, origins),
		ns_a_character(latin, 59, NULL), ns_a_character(latin, 59, origins));
}

static int load_reference(void **state)
{
	(void)state;
	return reference_fold_load();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(separators_and_invisible_characters_go),
		cmocka_unit_test(width_and_case_go),
		cmocka_unit_test(traditional_and_variant_characters_become_one),
		cmocka_unit_test(numerals_agree),
		cmocka_unit_test(marks_go_composed_or_not),
		cmocka_unit_test(unusual_input_is_safe),
		cmocka_unit_test(the_map_leads_back_to_the_raw_text),
		cmocka_unit_test(pieces_join),
		cmocka_unit_test(overflow_latches),
		cmocka_unit_test(zeros_stand_behind),
		cmocka_unit_test(short_ascii_words_stand_alone),
		cmocka_unit_test(every_character_agrees_with_the_reference),
		cmocka_unit_test(random_strings_agree_with_the_reference),
		cmocka_unit_test(the_character_regex_counts_characters),
		cmocka_unit_test(the_cost_is_printed),
	};

	return cmocka_run_group_tests_name("fold", tests, load_reference, NULL);
}
