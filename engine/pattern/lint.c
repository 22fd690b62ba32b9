/*
 * What a set must have beyond being loadable: an active pattern shows by its tests what it means, whoever is
 * warned reads a message in both languages, and names and advice exist. Places are files, as the trees are
 * gone by then.
 */
#include <stdio.h>
#include <string.h>

#include "pattern/catalogue.h"
#include "pattern/load.h"
#include "pattern/written.h"

/* How many tests tell what an active pattern means, and how few leave it untold. */
enum { MESSAGE_CHARACTERS_MAX = 300, TESTS_WANTED = 3 };

/* What a message may have filled in when it is sent. */
static const char *const placeholders[] = {
	"{account}", "{account_name}", "{enterprise}", "{amount}", "{payee}", "{payer}", "{counterparty}", "{time}",
	"{title}", "{level}"
};

static void check_tests(struct load *load, const struct pattern *p)
{
	uint32_t hits = 0, misses = 0, evasive = 0;

	for (uint32_t i = 0; i < p->test_count; i++) {
		hits += p->tests[i].expect_hit;
		misses += !p->tests[i].expect_hit;
		evasive += p->tests[i].evasive;
	}
	if (p->status != PATTERN_ACTIVE)
		return;
	if (hits == 0)
		builder_fault(&load->builder, p->file.at, 0, 0, "an active pattern needs a test that expects a hit");
	if (misses == 0)
		builder_fault(&load->builder, p->file.at, 0, 0, "an active pattern needs a test that expects a miss");
	if (hits > 0 && hits < TESTS_WANTED)
		faults_say(&load->faults, true, p->file.at, 0, 0, "has %u tests that expect a hit; %d are wanted", hits,
		           TESTS_WANTED);
	if (misses > 0 && misses < TESTS_WANTED)
		faults_say(&load->faults, true, p->file.at, 0, 0,
		           "has %u tests that expect a miss; %d are wanted, of honest business that looks like it", misses,
		           TESTS_WANTED);
	if (hits > 0 && evasive == 0)
		faults_say(&load->faults, true, p->file.at, 0, 0,
		           "no test is `evasive: true`: a hit in the words or ways of somebody who hides");
}

static bool holds(struct slice text, const char *part)
{
	return text.length > 0 && memmem(text.at, text.length, part, strlen(part)) != NULL;
}

static bool holds_one(struct slice text, const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (holds(text, parts[i]))
			return true;
	return false;
}

/* The longest run of digits that is neither 110 nor 96110. */
static size_t longest_number(struct slice text)
{
	size_t longest = 0;

	for (uint32_t i = 0; i < text.length;) {
		size_t run = strspn(text.at + i, "0123456789-");
		bool hotline = (run == 3 && memcmp(text.at + i, "110", 3) == 0) ||
		               (run == 5 && memcmp(text.at + i, "96110", 5) == 0);
		if (!hotline && run > longest)
			longest = run;
		i += run > 0 ? (uint32_t)run : 1;
	}
	return longest;
}

static void check_placeholders(struct builder *builder, const struct pattern *p, struct slice text)
{
	const char *open = text.at, *close;

	while (open != NULL && (open = strchr(open, '{')) != NULL) {
		bool known = false;
		close = strchr(open, '}');
		for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]) && close != NULL; i++)
			known = known || ((size_t)(close - open) + 1 == strlen(placeholders[i]) &&
			                  memcmp(open, placeholders[i], strlen(placeholders[i])) == 0);
		if (!known)
			builder_fault(builder, p->file.at, 0, 0,
			              "the message has `%.20s`, which nothing fills in; there are "
			              "{account} {account_name} {enterprise} {amount} {payee} {payer} {counterparty} "
			              "{time} {title} "
			              "{level}",
			              open);
		open++;
	}
}

/* Official warnings carry no link, QQ, WeChat or telephone number but 110 and 96110 (domain.md section 4). */
static void check_message_text(struct builder *builder, const struct pattern *p, struct slice text)
{
	static const char *const links[] = {"://", "www.", ".com", ".cn", ".net", ".org", ".top", ".vip", "http"};
	static const char *const contacts[] = {"微信号", "加微信", "QQ号", "QQ群", "加QQ", "WeChat ID", "QQ number"};
	static const char *const replies[] = {"请回复", "回复本", "回复确认", "reply to this", "please reply", "Reply to",
	                                      "Please reply"};

	if (holds_one(text, links, sizeof(links) / sizeof(links[0])))
		builder_fault(builder, p->file.at, 0, 0, "the message has a link; official warnings carry none");
	if (holds_one(text, contacts, sizeof(contacts) / sizeof(contacts[0])))
		builder_fault(builder, p->file.at, 0, 0,
		              "the message names a QQ or WeChat contact; official warnings carry none");
	if (holds_one(text, replies, sizeof(replies) / sizeof(replies[0])))
		builder_fault(builder, p->file.at, 0, 0, "the message asks for a reply; official warnings need none");
	if (longest_number(text) >= 5)
		builder_fault(builder, p->file.at, 0, 0,
		              "the message has a number; official warnings carry none but 110 and 96110");
	if (text.length > 4 * MESSAGE_CHARACTERS_MAX)
		builder_fault(builder, p->file.at, 0, 0, "the message is too long; at most %d characters",
		              MESSAGE_CHARACTERS_MAX);
	check_placeholders(builder, p, text);
}

static void check_message(struct builder *builder, const struct pattern *p)
{
	if (p->audience != AUDIENCE_ENTERPRISE)
		return;
	if (p->message.zh.length == 0 || p->message.en.length == 0) {
		builder_fault(builder, p->file.at, 0, 0, "a pattern for enterprises needs a `message` in zh and en");
		return;
	}
	if (p->advice_count == 0)
		builder_fault(builder, p->file.at, 0, 0, "a pattern for enterprises needs `advice`: what to do now");
	check_message_text(builder, p, p->message.zh);
	check_message_text(builder, p, p->message.en);
}

static void check_names(struct builder *builder, const struct pattern *p, const struct catalogue *catalogue)
{
	char folder[8];

	/* A folder without these files brings patterns of its own beside somebody's catalogue. */
	if (catalogue->typology_count > 0 && catalogue_typology(catalogue, p->typology) == NULL)
		builder_fault(builder, p->file.at, 0, 0, "the typology %.*s is not in typologies.yaml",
		              SLICE_PRINT(p->typology));
	for (uint32_t i = 0; catalogue->advice_count > 0 && i < p->advice_count; i++)
		if (catalogue_advice(catalogue, p->advice[i]) == NULL)
			builder_fault(builder, p->file.at, 0, 0, "the advice %.*s is not in advice.yaml",
			              SLICE_PRINT(p->advice[i]));
	snprintf(folder, sizeof(folder), "%.5s/", p->typology.at);
	if (strchr(p->file.at, '/') != NULL && strncmp(p->file.at, folder, strlen(folder)) != 0)
		builder_fault(builder, p->file.at, 0, 0, "stands in the wrong folder; its typology is %.*s",
		              SLICE_PRINT(p->typology));
}

static void check_file_name(struct load *load, const struct pattern *p)
{
	const char *slash = strrchr(p->file.at, '/'), *name = slash != NULL ? slash + 1 : p->file.at;

	if (strncmp(name, p->id.at, p->id.length) == 0 && strcmp(name + p->id.length, ".yaml") == 0)
		return;
	faults_say(&load->faults, true, p->file.at, 0, 0, "is not named after its id; expected %s.yaml", p->id.at);
}

static void lint_set(struct load *load, const struct pattern_set *set)
{
	struct catalogue *catalogue = NULL;
	struct error error;

	if (catalogue_load(load->dir, &catalogue, &error) == -1)
		faults_say(&load->faults, false, load->dir, 0, 0, "%s", error.text);
	for (uint32_t i = 0; i < set->pattern_count; i++) {
		const struct pattern *p = &set->patterns[i];
		check_tests(load, p);
		check_message(&load->builder, p);
		check_file_name(load, p);
		if (catalogue != NULL)
			check_names(&load->builder, p, catalogue);
	}
	overlap_check(&load->faults, set);
	catalogue_free(&catalogue);
}

unsigned pattern_lint(const char *dir, const struct pattern_options *options, unsigned *warnings_r)
{
	struct pattern_options all = options != NULL ? *options : (struct pattern_options){0};
	struct pattern_set *set = NULL;
	struct error error;
	struct load load;
	unsigned before;

	all.run_all = true; /* a draft that could not run is no use either */
	if (load_begin(&load, dir, &all, true, &error) == -1) {
		faults_say(&load.faults, false, dir, 0, 0, "%s", error.text);
	} else {
		load_read_dir(&load);
		before = load.faults.errors;
		if (load_finish(&load, &set, &error) == 0)
			lint_set(&load, set);
		else if (load.faults.errors == before && before == 0)
			faults_say(&load.faults, false, dir, 0, 0, "%s", error.text);
	}
	pattern_set_free(&set);
	load_end(&load);
	*warnings_r = load.faults.warnings;
	return load.faults.errors;
}
