/*
 * What a set must have beyond being loadable: an active pattern shows by its tests what it means, whoever is
 * warned reads a message in both languages, and names and advice exist. Places are files, as the trees are
 * gone by then.
 */
#include <stdio.h>
#include <string.h>

#include "pattern/catalogue.h"
#include "pattern/load.h"
#include "pattern/message_lint.h"
#include "pattern/message_read.h"
#include "pattern/written.h"

/* How many tests tell what an active pattern means, and how few leave it untold. */
enum { TESTS_WANTED = 3 };

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
	message_lint_pattern(builder, p);
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
	unsigned before = load->faults.errors;

	if (catalogue_read(load->dir, &load->faults, &catalogue, &error) == -1)
		faults_say(&load->faults, false, load->dir, 0, 0, "%s", error.text);
	else if (load->faults.errors == before)
		message_lint(load->dir, catalogue, &load->faults);
	for (uint32_t i = 0; i < set->pattern_count; i++) {
		const struct pattern *p = &set->patterns[i];
		check_tests(load, p);
		check_message(&load->builder, p);
		check_file_name(load, p);
		if (catalogue != NULL)
			check_names(&load->builder, p, catalogue);
	}
	overlap_check(&load->faults, set);
	glossary_warn_idle(&load->builder.words);
	glossary_warn_idle(&load->builder.conditions);
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
