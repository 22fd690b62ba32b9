#include "pattern/levels.h"

#include <stdio.h>
#include <stdlib.h>

#include "pattern/condition.h"
#include "pattern/read.h"

enum { PATH_BYTES = 4096, NAMES_BYTES_MAX = 16 << 20, SCORE_CAP_MAX = 100 };

const char *const pattern_level_names[PATTERN_LEVEL_COUNT] = {"blue", "yellow", "orange", "red"};

struct named {
	struct slice code;
	struct pattern_words words;
};

struct pattern_names {
	struct arena arena;
	struct named *typologies, *advice;
	uint32_t typology_count, advice_count;
};

static int open_file(struct source *source, const char *dir, const char *name, struct faults *faults,
                     struct error *error)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return source_load_file(source, path, path, faults) == 0 ? 0 : faults_error(faults, error);
}

/* `24h`, in the spelling that conditions have. */
static int64_t read_duration(struct source *source, struct arena *arena, const struct yaml_node *map, const char *key)
{
	struct complaint complaint;
	struct condition_node node = {.kind = CONDITION_LITERAL};
	struct condition_context context = {.arena = arena, .complaint = &complaint};
	const struct yaml_node *member = read_member(source, map, key, true);

	if (member == NULL)
		return 0;
	context.text = member->text;
	if (member->type == YAML_TEXT && member->text.length > 0 && *member->text.at >= '0' && *member->text.at <= '9' &&
	    condition_literal(&context, &node, member->text) == 0 && node.type == VALUE_DURATION && node.value > 0)
		return (int64_t)node.value;
	source_fault(source, member, "`%s: %.40s`: expected a duration such as 24h", key,
	             member->type == YAML_TEXT ? member->text.at : "");
	return 0;
}

static void read_levels(struct source *source, struct arena *arena, struct pattern_levels *levels)
{
	static const char *const keys[] = {"levels", "score_cap", "episode_gap", NULL};
	static const char *const names[] = {"blue", "yellow", "orange", "red", NULL};
	const struct yaml_node *root = source->yaml.root, *map;

	if (!read_map(source, root, "levels.yaml", keys))
		return;
	levels->score_cap = read_number(source, root, "score_cap", 1, SCORE_CAP_MAX, true);
	levels->episode_gap_ms = read_duration(source, arena, root, "episode_gap");
	map = read_member(source, root, "levels", true);
	if (map == NULL || !read_map(source, map, "`levels`", names))
		return;
	for (int i = 0; i < PATTERN_LEVEL_COUNT; i++) {
		levels->least[i] = read_number(source, map, names[i], 1, SCORE_CAP_MAX, true);
		if (i > 0 && levels->least[i] > 0 && levels->least[i] <= levels->least[i - 1])
			source_fault(source, yaml_find(map, names[i]), "`%s` must begin above `%s`", names[i], names[i - 1]);
	}
}

int pattern_levels_load(const char *dir, struct pattern_levels *levels_r, struct error *error)
{
	struct faults faults;
	struct source source;
	struct arena arena;

	*levels_r = (struct pattern_levels){0};
	faults_init(&faults, NULL, NULL, false);
	if (open_file(&source, dir, "levels.yaml", &faults, error) == -1)
		return -1;
	arena_init(&arena, NAMES_BYTES_MAX);
	read_levels(&source, &arena, levels_r);
	arena_deinit(&arena);
	source_free(&source);
	return faults.errors > 0 ? faults_error(&faults, error) : 0;
}

static struct named *read_names(struct source *source, struct arena *arena, uint32_t *count_r)
{
	const struct yaml_node *root = source->yaml.root;
	struct named *names = NULL;

	*count_r = 0;
	if (root->type != YAML_MAP) {
		source_fault(source, root, "expected a map such as {V01: {zh: …, en: …}}");
		return NULL;
	}
	names = read_take(arena, (size_t)root->count * sizeof(*names));
	for (const struct yaml_node *node = root->first; node != NULL; node = node->next) {
		names[*count_r].code = arena_copy(arena, node->key);
		names[(*count_r)++].words = read_words(source, arena, node, "a name");
	}
	return names;
}

static int load_names(const char *dir, const char *name, struct arena *arena, struct named **names_r, uint32_t *count_r,
                      struct error *error)
{
	struct faults faults;
	struct source source;

	faults_init(&faults, NULL, NULL, false);
	if (open_file(&source, dir, name, &faults, error) == -1)
		return -1;
	*names_r = read_names(&source, arena, count_r);
	source_free(&source);
	return faults.errors > 0 ? faults_error(&faults, error) : 0;
}

int pattern_names_load(const char *dir, struct pattern_names **names_r, struct error *error)
{
	struct pattern_names *names = calloc(1, sizeof(*names));

	if (names == NULL)
		die("out of memory: loading the patterns' names");
	arena_init(&names->arena, NAMES_BYTES_MAX);
	*names_r = names;
	if (load_names(dir, "typologies.yaml", &names->arena, &names->typologies, &names->typology_count, error) == 0 &&
	    load_names(dir, "advice.yaml", &names->arena, &names->advice, &names->advice_count, error) == 0)
		return 0;
	pattern_names_free(names_r);
	return -1;
}

void pattern_names_free(struct pattern_names **names)
{
	if (*names != NULL)
		arena_deinit(&(*names)->arena);
	free(*names);
	*names = NULL;
}

static const struct pattern_words *find(const struct named *names, uint32_t count, struct slice code)
{
	for (uint32_t i = 0; i < count; i++)
		if (slice_equal(names[i].code, code))
			return &names[i].words;
	return NULL;
}

const struct pattern_words *pattern_names_typology(const struct pattern_names *names, struct slice code)
{
	return find(names->typologies, names->typology_count, code);
}

const struct pattern_words *pattern_names_advice(const struct pattern_names *names, struct slice code)
{
	return find(names->advice, names->advice_count, code);
}
