/*
 * Reads what the fold knows beyond Unicode: patterns/folding.yaml and OpenCC's character pairs.
 *
 * The page is read as libyaml events, without a schema: it is four short lists that we write ourselves, and
 * this tool has to be built before anything of base/. A key, shape or character that is not expected stops
 * the build.
 */
#include "fold/foldgen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>
#include <yaml.h>

struct rules rules;

/* Where reading stands, for the words of an error. */
static struct {
	const char *path;
	yaml_parser_t parser;
	yaml_event_t event;
} page;

static __attribute__((noreturn)) void die_here(const char *what)
{
	yaml_mark_t at = page.event.start_mark;

	die("%s:%zu:%zu: %s", page.path, at.line + 1, at.column + 1, what);
}

static yaml_event_type_t next(void)
{
	yaml_event_delete(&page.event);
	if (!yaml_parser_parse(&page.parser, &page.event))
		die("%s:%zu: not YAML: %s", page.path, page.parser.problem_mark.line + 1,
		    page.parser.problem);
	if (page.event.type == YAML_ALIAS_EVENT)
		die_here("no aliases here");
	return page.event.type;
}

static void expect(yaml_event_type_t type, const char *what)
{
	if (next() != type)
		die_here(what);
}

static const char *scalar(void)
{
	return (const char *)page.event.data.scalar.value;
}

/* The next code point of `*text`; 0 at its end. */
static uint32_t take(const char **text)
{
	utf8proc_int32_t cp;
	utf8proc_ssize_t n;

	if (**text == '\0')
		return 0;
	n = utf8proc_iterate((const utf8proc_uint8_t *)*text, -1, &cp);
	if (n <= 0)
		die_here("not UTF-8");
	*text += n;
	return (uint32_t)cp;
}

static struct meaning meaning_of(const char *text)
{
	struct meaning m = {0};
	uint32_t cp;

	while ((cp = take(&text)) != 0) {
		if (m.count == MEANING_MAX)
			die_here("too long; at most 8 characters");
		m.at[m.count++] = cp;
	}
	if (m.count == 0)
		die_here("empty");
	return m;
}

static uint32_t single(const char *text)
{
	struct meaning m = meaning_of(text);

	if (m.count != 1)
		die_here("expected one character");
	return m.at[0];
}

static void set_same(uint32_t cp, const struct meaning *means)
{
	if (rules.same[cp].count != 0 || rules.dropped[cp])
		die("%s:%zu: U+%04X stands here twice", page.path, page.event.start_mark.line + 1, cp);
	rules.same[cp] = *means;
}

/* drop: "…" */
static void read_drop(void)
{
	const char *text;
	uint32_t cp;

	expect(YAML_SCALAR_EVENT, "`drop` is one string of characters");
	for (text = scalar(); (cp = take(&text)) != 0;)
		rules.dropped[cp] = true;
}

/* same: {meaning: characters, …} */
static void read_same(void)
{
	expect(YAML_MAPPING_START_EVENT, "`same` is a map of meaning: characters");
	while (next() == YAML_SCALAR_EVENT) {
		struct meaning means = meaning_of(scalar());
		const char *text;
		uint32_t cp;

		expect(YAML_SCALAR_EVENT, "expected the characters written for this meaning");
		for (text = scalar(); (cp = take(&text)) != 0;)
			set_same(cp, &means);
	}
}

/* One map of a list: fills value[i] for keys[i], NULL where it is absent; the caller frees them. */
static void read_item(const char *const *keys, size_t count, char **value)
{
	memset(value, 0, count * sizeof *value);
	while (next() == YAML_SCALAR_EVENT) {
		size_t i = 0;

		while (i < count && strcmp(keys[i], scalar()) != 0)
			i++;
		if (i == count || value[i])
			die_here("unknown or repeated key");
		expect(YAML_SCALAR_EVENT, "expected a plain value");
		value[i] = strdup(scalar());
	}
}

/* rows: [{first, count, means}] */
static void read_rows(void)
{
	static const char *const keys[] = {"first", "count", "means"};
	char *value[3];

	expect(YAML_SEQUENCE_START_EVENT, "`rows` is a list of {first, count, means}");
	while (next() == YAML_MAPPING_START_EVENT) {
		read_item(keys, 3, value);
		if (!value[0] || !value[1] || !value[2])
			die_here("a row needs first, count and means");
		struct meaning means = meaning_of(value[2]);
		uint32_t first = single(value[0]), count = (uint32_t)strtoul(value[1], NULL, 10);
		if (count < 1 || count > 26)
			die_here("`count` is 1 to 26");
		for (uint32_t i = 0; i < count; i++, means.at[means.count - 1]++)
			set_same(first + i, &means);
		for (size_t i = 0; i < 3; i++)
			free(value[i]);
	}
}

/* words: [{written, means, not_after}] */
static void read_words(void)
{
	static const char *const keys[] = {"written", "means", "not_after"};
	char *value[3];

	expect(YAML_SEQUENCE_START_EVENT, "`words` is a list of {written, means, not_after}");
	while (next() == YAML_MAPPING_START_EVENT) {
		struct word *w = &rules.words[rules.word_count++];

		if (rules.word_count == WORDS_MAX)
			die_here("too many words; raise WORDS_MAX");
		read_item(keys, 3, value);
		if (!value[0] || !value[1])
			die_here("a word needs written and means");
		w->written = meaning_of(value[0]);
		w->means = meaning_of(value[1]);
		if (value[2])
			w->guard = (struct meaning){.count = 1, .at = {single(value[2])}};
		for (size_t i = 0; i < 3; i++)
			free(value[i]);
	}
}

void rules_read_folding(const char *path)
{
	FILE *file = fopen(path, "rb");

	page.path = path;
	if (!file || !yaml_parser_initialize(&page.parser))
		die("%s: cannot be read", path);
	yaml_parser_set_input_file(&page.parser, file);
	expect(YAML_STREAM_START_EVENT, "not YAML");
	expect(YAML_DOCUMENT_START_EVENT, "the page is empty");
	expect(YAML_MAPPING_START_EVENT, "expected drop, same, rows and words");
	while (next() == YAML_SCALAR_EVENT) {
		if (strcmp(scalar(), "drop") == 0)
			read_drop();
		else if (strcmp(scalar(), "same") == 0)
			read_same();
		else if (strcmp(scalar(), "rows") == 0)
			read_rows();
		else if (strcmp(scalar(), "words") == 0)
			read_words();
		else
			die_here("unknown key; expected drop, same, rows or words");
	}
	yaml_event_delete(&page.event);
	yaml_parser_delete(&page.parser);
	fclose(file);
}

/* OpenCC lists several simplified characters where words decide; the first is its choice for a single one. */
void rules_read_traditional(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[256];
	size_t count = 0;

	if (!file)
		die("%s: cannot be read; `opencc_dict` of Debian's package opencc makes it", path);
	while (fgets(line, sizeof line, file)) {
		const char *right = strchr(line, '\t');
		utf8proc_int32_t from, to;

		if (!right || utf8proc_iterate((const utf8proc_uint8_t *)line, -1, &from) != right - line ||
		    utf8proc_iterate((const utf8proc_uint8_t *)right + 1, -1, &to) <= 0)
			die("%s: expected one character, a tab, and characters: %s", path, line);
		if (from != to)
			rules.simplified[from] = (uint32_t)to;
		count++;
	}
	fclose(file);
	/* The real list has 4,100; a short one means that the package changed its shape. */
	if (count < 3000)
		die("%s: only %zu characters; is this TSCharacters?", path, count);
}
