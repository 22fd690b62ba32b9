/*
 * Loading a set: files in sorted order → builder → data bases. Nothing is kept where anything is wrong (I6).
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "pattern/builder.h"
#include "pattern/compile.h"
#include "pattern/load.h"
#include "pattern/rates.h"

enum { PATH_BYTES = 4096 };

static void set_destroy(struct pattern_set *set)
{
	for (uint32_t i = 0; i < set->region_count; i++)
		hs_free_database(set->regions[i].database);
	hs_free_scratch(set->scratch);
	arena_deinit(&set->arena);
	free(set->counters);
	free(set);
}

struct pattern_set *pattern_set_hold(struct pattern_set *set)
{
	atomic_fetch_add_explicit(&set->users, 1, memory_order_relaxed);
	return set;
}

void pattern_set_free(struct pattern_set **set)
{
	struct pattern_set *own = *set;

	*set = NULL;
	if (own != NULL && atomic_fetch_sub_explicit(&own->users, 1, memory_order_acq_rel) == 1)
		set_destroy(own);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool ends_with(const char *name, const char *suffix)
{
	size_t length = strlen(name), wanted = strlen(suffix);

	return length > wanted && strcmp(name + length - wanted, suffix) == 0;
}

static void load_file(struct load *load, const char *folder, const char *name)
{
	char path[PATH_BYTES], file[PATH_BYTES];
	struct source source;

	snprintf(file, sizeof(file), "%.255s%s%.255s", folder, folder[0] != '\0' ? "/" : "", name);
	snprintf(path, sizeof(path), "%.3000s/%.600s", load->dir, file);
	if (ends_with(name, ".yml")) {
		faults_say(&load->faults, false, path, 0, 0, "is not read; a pattern's file ends in .yaml");
		return;
	}
	if (!ends_with(name, ".yaml"))
		return;
	if (load->set->pattern_count == PATTERNS_MAX) {
		faults_say(&load->faults, false, path, 0, 0, "more than %d patterns", PATTERNS_MAX);
		return;
	}
	if (source_load_file(&source, path, path, &load->faults) == -1)
		return;
	pattern_read(&load->builder, &source, file);
	source_free(&source);
}

static void load_entry(struct load *load, const char *folder)
{
	char path[PATH_BYTES];
	struct dirent **entries;
	struct stat status;
	int count;

	snprintf(path, sizeof(path), "%.3000s/%.255s", load->dir, folder);
	if (stat(path, &status) == -1)
		return;
	if (!S_ISDIR(status.st_mode)) {
		load_file(load, "", folder);
		return;
	}
	count = scandir(path, &entries, not_hidden, by_name);
	if (count < 0) {
		faults_say(&load->faults, false, path, 0, 0, "cannot be read: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		load_file(load, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

/* What stands beside patterns and is none. */
static bool is_reserved(const char *name)
{
	static const char *const reserved[] = {"levels.yaml", "typologies.yaml", "advice.yaml", "folding.yaml",
	                                       "words.yaml", "conditions.yaml", "messages"};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strcmp(name, reserved[i]) == 0)
			return true;
	return false;
}

/* Every file in the folders of the typologies, and those that somebody put beside them. */
void load_read_dir(struct load *load)
{
	struct dirent **entries;
	int count = scandir(load->dir, &entries, not_hidden, by_name);

	if (count < 0) {
		faults_say(&load->faults, false, load->dir, 0, 0, "the patterns' folder cannot be read: %s",
		           strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		if (!is_reserved(entries[i]->d_name))
			load_entry(load, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (load->set->pattern_count == 0 && load->faults.errors == 0)
		faults_say(&load->faults, false, load->dir, 0, 0,
		           "no patterns in it; expected files such as V01/boss-impersonation-text.yaml");
}

static const struct pattern_options no_options;

int load_begin(struct load *load, const char *dir, const struct pattern_options *options,
               bool warnings_wanted, struct error *error)
{
	*load = (struct load){.dir = dir, .options = options != NULL ? options : &no_options};
	load->begun_ms = clock_steady_ms();
	faults_init(&load->faults, load->options->report, load->options->report_context, warnings_wanted);
	load->set = calloc(1, sizeof(*load->set));
	if (load->set == NULL)
		die("out of memory: loading patterns");
	atomic_init(&load->set->users, 1);
	builder_init(&load->builder, load->set, &load->faults);
	load->builder.dir = dir;
	load->builder.run_all = load->options->run_all;
	load->builder.explain = load->options->explain;
	load->builder.weakened = load->options->weakened;
	load->set->explains = load->options->explain;
	glossary_load(&load->builder.words, &glossary_words, dir, &load->faults);
	glossary_load(&load->builder.conditions, &glossary_conditions, dir, &load->faults);
	return rates_read(load->options, load->set->rates, error);
}

void load_end(struct load *load)
{
	builder_deinit(&load->builder);
	if (load->set != NULL)
		pattern_set_free(&load->set);
}

static void report_guilty(struct load *load, uint32_t region, const struct compile_result *result)
{
	for (uint32_t i = 0; i < result->fault_count; i++) {
		uint32_t number = searches_atom(&load->builder.searches, region, result->faults[i].expression);
		const struct builder_atom *atom = &load->builder.atoms[number];
		builder_fault(&load->builder, atom->file, atom->line, atom->column, "%s", result->faults[i].text);
	}
}

static int compile_region(struct load *load, uint32_t number, struct error *error)
{
	struct plan_region *region = &load->set->regions[number];
	const struct pattern_options *o = load->options;
	struct compile_limits limits = {
		.one_ms = o->compile_one_ms > 0 ? o->compile_one_ms : PATTERN_COMPILE_ONE_MS,
		.all_ms = o->compile_all_ms > 0 ? o->compile_all_ms : PATTERN_COMPILE_ALL_MS,
		.tried = region->tried_count,
		.bytes_max = o->compile_bytes_max > 0 ? o->compile_bytes_max : PATTERN_COMPILE_BYTES_MAX,
		.cache_dir = o->cache_dir,
	};
	uint32_t count = region->search_count + region->levelled_count;
	struct slice *expressions = calloc(count + 1, sizeof(*expressions));
	struct compile_result result;
	int done;

	if (expressions == NULL)
		die("out of memory: compiling patterns");
	searches_expressions(&load->builder.searches, number, expressions);
	done = compile_database(expressions, count, &limits, &result, error);
	free(expressions);
	report_guilty(load, number, &result);
	region->database = result.database;
	load->set->facts.database_bytes += result.bytes;
	load->set->facts.databases_cached += result.cached;
	load->set->facts.databases++;
	return done;
}

/* -1 also where a fault was reported; `error` is filled either way. */
static int compile_regions(struct load *load, struct error *error)
{
	struct pattern_set *set = load->set;
	int done = 0;

	for (uint32_t i = 0; i < set->region_count; i++) {
		if (compile_region(load, i, error) == -1)
			done = -1;
		else if (hs_alloc_scratch(set->regions[i].database, &set->scratch) != HS_SUCCESS)
			return error_set(error, "Hyperscan does not work on this machine: it needs SSSE3 and memory");
	}
	return done;
}

int load_finish(struct load *load, struct pattern_set **set_r, struct error *error)
{
	struct pattern_set *set = load->set;
	bool compiled;

	builder_sort(&load->builder);
	if (load->faults.errors > 0)
		return faults_error(&load->faults, error);
	builder_finish(&load->builder);
	compiled = load->options->check_only || compile_regions(load, error) == 0;
	if (load->faults.errors > 0)
		return faults_error(&load->faults, error);
	if (!compiled)
		return -1;
	set->counters = calloc(set->pattern_count + 1, sizeof(*set->counters));
	if (set->counters == NULL)
		die("out of memory: loading patterns");
	for (uint32_t i = 0; i < set->pattern_count; i++)
		set->facts.running += set->patterns[i].detect != NULL;
	set->facts.expressions = set->atom_count;
	set->facts.load_ms = (uint32_t)(clock_steady_ms() - load->begun_ms);
	*set_r = set;
	load->set = NULL;
	return 0;
}

int pattern_set_load(const char *dir, const struct pattern_options *options, struct pattern_set **set_r,
                     struct error *error)
{
	struct load load;
	int result = load_begin(&load, dir, options, false, error);

	if (result == 0) {
		load_read_dir(&load);
		result = load_finish(&load, set_r, error);
	}
	load_end(&load);
	return result;
}

int pattern_set_load_file(const char *dir, const char *file, const struct pattern_options *options,
                          struct pattern_set **set_r, struct error *error)
{
	struct load load;
	int result = load_begin(&load, dir, options, false, error);

	if (result == 0) {
		load_file(&load, "", file);
		result = load_finish(&load, set_r, error);
	}
	load_end(&load);
	return result;
}

int pattern_set_load_bytes(const char *name, const char *bytes, size_t length,
                           const struct pattern_options *options, struct pattern_set **set_r,
                           struct error *error)
{
	struct load load;
	struct source source;
	int result = load_begin(&load, NULL, options, false, error);

	if (result == 0) {
		if (source_load_bytes(&source, name, bytes, length, &load.faults) == 0) {
			pattern_read(&load.builder, &source, name);
			source_free(&source);
		}
		result = load_finish(&load, set_r, error);
	}
	load_end(&load);
	return result;
}

size_t pattern_set_count(const struct pattern_set *set)
{
	return set->pattern_count;
}

const struct pattern *pattern_set_at(const struct pattern_set *set, size_t i)
{
	return i < set->pattern_count ? &set->patterns[i] : NULL;
}

const struct pattern *pattern_set_find(const struct pattern_set *set, struct slice id)
{
	uint32_t low = 0, high = set->pattern_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = slice_compare(id, set->patterns[middle].id);
		if (order == 0)
			return &set->patterns[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static uint64_t counted(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

uint64_t pattern_set_hits(const struct pattern_set *set, size_t i)
{
	return i < set->pattern_count ? counted(&set->counters[i].hits) : 0;
}

struct pattern_costs pattern_set_costs(const struct pattern_set *set, size_t i)
{
	const struct plan_counters *c = &set->counters[i];

	return (struct pattern_costs){counted(&c->looked), counted(&c->hits), counted(&c->sampled),
	                              counted(&c->sampled_ns)};
}

const struct slice *pattern_set_list(const struct pattern_set *set, size_t i)
{
	return i < set->list_count ? &set->lists[i] : NULL;
}

struct pattern_set_facts pattern_set_facts(const struct pattern_set *set)
{
	return set->facts;
}
