/*
 * The plain reference of engine/fold, written from fold.h's four rules and not from its table.
 *
 * A string is run through the rules again and again until nothing changes, and the misspelt words are then
 * searched and replaced the same way. folding.yaml is read by its lines instead of by a YAML parser, which
 * the page's layout allows: one rule a line.
 */
#include "tests/reference/fold.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#define PAIRS_COMMAND "opencc_dict -i /usr/share/opencc/TSCharacters.ocd2 -f ocd2 -t text -o /dev/stdout"

enum { RULES_MAX = 8192, WORDS_MAX = 64, LINE_BYTES = 512, STRING_POINTS = 16384 };

static const utf8proc_option_t fold_options = UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
	UTF8PROC_IGNORE | UTF8PROC_STRIPMARK;

/* `from` means `to`; an empty `to` drops it. */
struct rule {
	uint32_t from, to[8];
	size_t count;
};

static struct rule rules[RULES_MAX];
static size_t rule_count, opencc_from;	/* rules before `opencc_from` are folding.yaml's */
static struct { char written[64], means[64], not_after[8]; } words[WORDS_MAX];
static size_t word_count;

static size_t decode(const char *text, size_t bytes, uint32_t *out)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text, *end = at + bytes;
	utf8proc_int32_t cp;
	utf8proc_ssize_t n;
	size_t count = 0;

	while (at < end && (n = utf8proc_iterate(at, end - at, &cp)) > 0) {
		out[count++] = (uint32_t)cp;
		at += n;
	}
	return count;
}

static void add_rule(uint32_t from, const uint32_t *to, size_t count)
{
	rules[rule_count].from = from;
	rules[rule_count].count = count;
	memcpy(rules[rule_count++].to, to, count * sizeof *to);
}

static void add_rules(const char *means, const char *written)
{
	uint32_t to[LINE_BYTES], from[LINE_BYTES];
	size_t count = decode(means, strlen(means), to), n = decode(written, strlen(written), from);

	for (size_t i = 0; i < n; i++)
		add_rule(from[i], to, count);
}

/* The value of `key` in a line like {a: x, b: y}, without quotes. */
static void value_of(const char *line, const char *key, char *out, size_t bytes)
{
	const char *at = strstr(line, key);
	size_t n;

	out[0] = '\0';
	if (!at)
		return;
	at += strlen(key);
	at += strspn(at, ": \"");
	n = strcspn(at, ",}\"\n");
	if (n < bytes) {
		memcpy(out, at, n);
		out[n] = '\0';
	}
}

static void add_row(const char *line)
{
	char first[16], count[16], means[16];
	uint32_t from[16], to[16];
	size_t n;

	value_of(line, "first", first, sizeof first);
	value_of(line, "count", count, sizeof count);
	value_of(line, "means", means, sizeof means);
	decode(first, strlen(first), from);
	n = decode(means, strlen(means), to);
	for (int i = 0; i < atoi(count); i++, to[n - 1]++)
		add_rule(from[0] + (uint32_t)i, to, n);
}

static void add_line(const char *line)
{
	char left[LINE_BYTES], right[LINE_BYTES];

	if (strncmp(line, "drop:", 5) == 0) {
		value_of(line, "drop", right, sizeof right);
		add_rules("", right);
	} else if (strncmp(line, "  - {first", 10) == 0) {
		add_row(line);
	} else if (strncmp(line, "  - {written", 12) == 0) {
		value_of(line, "written", words[word_count].written, sizeof words[0].written);
		value_of(line, "means", words[word_count].means, sizeof words[0].means);
		value_of(line, "not_after", words[word_count].not_after, sizeof words[0].not_after);
		word_count++;
	} else if (sscanf(line, " \"%[^\"]\": %s", left, right) == 2 ||
		   sscanf(line, "  %[^: #]: %s", left, right) == 2) {
		add_rules(left, right);
	}
}

static int load_lines(FILE *file, void (*add)(const char *line))
{
	char line[LINE_BYTES];

	if (!file)
		return -1;
	while (fgets(line, sizeof line, file))
		if (line[0] != '#' && line[strspn(line, " ")] != '#')
			add(line);
	return 0;
}

static void add_traditional(const char *line)
{
	uint32_t from[8], to[64];

	decode(line, strcspn(line, "\t"), from);
	decode(strchr(line, '\t') + 1, strcspn(strchr(line, '\t') + 1, " \n"), to);
	if (from[0] != to[0])
		add_rule(from[0], to, 1);
}

int reference_fold_load(void)
{
	FILE *page, *pairs;
	int bad;

	rule_count = word_count = 0;
	page = fopen("patterns/folding.yaml", "r");
	bad = load_lines(page, add_line);
	opencc_from = rule_count;
	pairs = popen(PAIRS_COMMAND, "r");
	bad |= load_lines(pairs, add_traditional);
	if (page)
		fclose(page);
	if (pairs && pclose(pairs) != 0)
		bad = -1;
	if (bad || rule_count < opencc_from + 3000)
		fprintf(stderr, "reference: run in the project's folder, with Debian's opencc installed\n");
	return bad || rule_count < opencc_from + 3000 ? -1 : 0;
}

static const struct rule *find_rule(uint32_t cp, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (rules[i].from == cp)
			return &rules[i];
	return NULL;
}

static size_t digit(uint32_t cp, uint32_t *out)
{
	uint32_t zero = cp;

	while (utf8proc_category((utf8proc_int32_t)zero - 1) == UTF8PROC_CATEGORY_ND)
		zero--;
	out[0] = '0' + (cp - zero) % 10;
	return 1;
}

/* Letters and numbers by the two letters of their category's name. */
static bool keeps(uint32_t cp)
{
	const char *category = utf8proc_category_string((utf8proc_int32_t)cp);

	if (strcmp(category, "Cn") == 0)
		return cp >= 0x20000 && cp < 0x40000;
	return category[0] == 'L' || category[0] == 'N';
}

/* One step of the rules on one code point. */
static size_t step(uint32_t cp, uint32_t *out, size_t capacity)
{
	const struct rule *rule = find_rule(cp, 0, opencc_from);
	utf8proc_ssize_t n;
	int last = 0;

	if (!rule && strcmp(utf8proc_category_string((utf8proc_int32_t)cp), "Nd") == 0)
		return digit(cp, out);
	if (!rule)
		rule = find_rule(cp, opencc_from, rule_count);
	if (rule) {
		memcpy(out, rule->to, rule->count * sizeof *out);
		return rule->count;
	}
	if (cp >= 0xAC00 && cp <= 0xD7A3) {
		out[0] = cp;
		return 1;
	}
	n = utf8proc_decompose_char((utf8proc_int32_t)cp, (utf8proc_int32_t *)out, (utf8proc_ssize_t)capacity,
		fold_options, &last);
	return n == 1 && out[0] == cp && !keeps(cp) ? 0 : (size_t)n;
}

size_t reference_fold_character(uint32_t cp, uint32_t *out, size_t capacity)
{
	uint32_t now[256], then[256];
	size_t count = 1, grown;

	now[0] = cp;
	for (bool changed = true; changed;) {
		grown = 0;
		for (size_t i = 0; i < count; i++)
			grown += step(now[i], then + grown, 256 - grown);
		changed = grown != count || memcmp(now, then, count * sizeof *now) != 0;
		count = grown;
		memcpy(now, then, count * sizeof *now);
	}
	memcpy(out, now, (count < capacity ? count : capacity) * sizeof *now);
	return count;
}

/* Replaces the first misspelt word that is not behind its honest character; false when none is left. */
static bool replace_word(char *text)
{
	for (size_t w = 0; w < word_count; w++) {
		for (char *at = text; (at = strstr(at, words[w].written)) != NULL; at++) {
			const char *honest = words[w].not_after;
			size_t n = strlen(honest);

			if (n > 0 && (size_t)(at - text) >= n && memcmp(at - n, honest, n) == 0)
				continue;
			memcpy(at, words[w].means, strlen(words[w].means));
			return true;
		}
	}
	return false;
}

static size_t put_point(uint32_t cp, char *out)
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

char *reference_fold(const char *raw)
{
	uint32_t *points = malloc(STRING_POINTS * sizeof *points), folded[256];
	char *text = malloc(STRING_POINTS * 4);
	size_t count, bytes = 0;

	if (points && text) {
		count = decode(raw, strlen(raw), points);
		for (size_t i = 0; i < count; i++) {
			size_t n = reference_fold_character(points[i], folded, 256);
			for (size_t k = 0; k < n; k++)
				bytes += put_point(folded[k], text + bytes);
		}
		text[bytes] = '\0';
		while (replace_word(text))
			;
	}
	free(points);
	return text;
}
