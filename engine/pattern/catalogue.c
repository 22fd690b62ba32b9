#include "pattern/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/yaml.h"
#include "pattern/message_read.h"

enum { PATH_BYTES = 4096, MESSAGES_BYTES_MAX = 8 << 20, HOUR_MS = 3600000, GAP_HOURS_MAX = 24 * 30, SCORE_MAX = 100 };

struct catalogue_kept {
	struct catalogue catalogue;             /* first, so that both have one address */
	struct yaml levels, typologies, advice; /* own the texts */
	struct arena messages;                  /* owns theirs */
};

static const char *const level_words[CATALOGUE_LEVELS] = {NULL, "blue", "yellow", "orange", "red"};

/* A whole number of at most three digits; -1 where it is none. */
static int small_number(struct slice text)
{
	int value = 0;

	if (text.length == 0 || text.length > 3)
		return -1;
	for (uint32_t i = 0; i < text.length; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return -1;
		value = value * 10 + (text.at[i] - '0');
	}
	return value;
}

static int read_score(const struct yaml *yaml, const struct yaml_node *node, uint8_t *score_r,
                      struct error *error)
{
	int score = node->type == YAML_TEXT ? small_number(node->text) : -1;

	if (score < 1 || score > SCORE_MAX)
		return yaml_error(error, yaml, node, "`%s`: expected a score from 1 to %d", node->key.at,
		                  SCORE_MAX);
	*score_r = (uint8_t)score;
	return 0;
}

static int read_scores(struct catalogue *c, const struct yaml *yaml, const struct yaml_node *map,
                       struct error *error)
{
	for (int i = 1; i < CATALOGUE_LEVELS; i++) {
		const struct yaml_node *node = yaml_find(map, level_words[i]);
		if (node == NULL)
			return yaml_error(error, yaml, map,
			                  "`levels` must name blue, yellow, orange and red; `%s` is missing",
			                  level_words[i]);
		if (read_score(yaml, node, &c->score_of_level[i], error) == -1)
			return -1;
		if (c->score_of_level[i] <= c->score_of_level[i - 1])
			return yaml_error(error, yaml, node, "`%s` must be above the level before it",
			                  level_words[i]);
	}
	return map->count == CATALOGUE_LEVELS - 1
	               ? 0
	               : yaml_error(error, yaml, map, "a level besides blue, yellow, orange and red");
}

/* "24h" or "3d". */
static int read_gap(struct catalogue *c, const struct yaml *yaml, const struct yaml_node *node,
                    struct error *error)
{
	struct slice text = node->text;
	char unit = text.length > 1 ? text.at[text.length - 1] : '\0';
	int number = text.length > 1 ? small_number((struct slice){text.at, text.length - 1}) : -1;
	int hours = unit == 'h' ? number : unit == 'd' ? number * 24 : -1;

	if (node->type != YAML_TEXT || hours < 1 || hours > GAP_HOURS_MAX)
		return yaml_error(error, yaml, node, "`episode_gap`: expected 1h to 30d, such as 24h");
	c->episode_gap_ms = (int64_t)hours * HOUR_MS;
	return 0;
}

static int read_levels(struct catalogue *c, const struct yaml *yaml, struct error *error)
{
	for (const struct yaml_node *n = yaml->root->first; n != NULL; n = n->next) {
		int result;
		if (slice_is(n->key, "levels"))
			result = read_scores(c, yaml, n, error);
		else if (slice_is(n->key, "score_cap"))
			result = read_score(yaml, n, &c->score_cap, error);
		else if (slice_is(n->key, "episode_gap"))
			result = read_gap(c, yaml, n, error);
		else if (slice_is(n->key, "routing"))
			result = routing_read(&c->routing, yaml, n, error);
		else
			result = yaml_error(error, yaml, n,
			                    "unknown key `%s`; expected levels, score_cap, episode_gap or routing",
			                    n->key.at);
		if (result == -1)
			return -1;
	}
	return 0;
}

/* `id: {zh: …, en: …}` a line. */
static int read_entries(struct yaml *yaml, const struct catalogue_entry **entries_r, size_t *count_r,
                        struct error *error)
{
	struct catalogue_entry *entries =
		arena_take(&yaml->arena, (size_t)(yaml->root->count + 1) * sizeof(*entries));
	size_t count = 0;

	if (yaml->root->type != YAML_MAP || entries == NULL)
		return yaml_error(error, yaml, yaml->root, "expected one `ID: {zh: …, en: …}` a line");
	for (const struct yaml_node *n = yaml->root->first; n != NULL; n = n->next) {
		const struct yaml_node *zh = yaml_find(n, "zh"), *en = yaml_find(n, "en");
		if (zh == NULL || en == NULL || zh->type != YAML_TEXT || en->type != YAML_TEXT ||
		    n->count != 2)
			return yaml_error(error, yaml, n, "`%s`: expected {zh: …, en: …}", n->key.at);
		entries[count++] = (struct catalogue_entry){n->key, zh->text, en->text};
	}
	*entries_r = entries;
	*count_r = count;
	return 0;
}

/* 1 loaded, 0 the folder has no such file, -1. */
static int load_part(const char *dir, const char *name, struct yaml *yaml, struct error *error)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (access(path, F_OK) == -1)
		return 0;
	return yaml_load_file(yaml, path, error) == -1 ? -1 : 1;
}

static int load_entries(const char *dir, const char *name, struct yaml *yaml,
                        const struct catalogue_entry **entries_r, size_t *count_r, struct error *error)
{
	int loaded = load_part(dir, name, yaml, error);

	return loaded == 1 ? read_entries(yaml, entries_r, count_r, error) : loaded;
}

static int load_levels(struct catalogue_kept *kept, const char *dir, struct error *error)
{
	int loaded = load_part(dir, "levels.yaml", &kept->levels, error);

	kept->catalogue.score_cap = SCORE_MAX;
	kept->catalogue.routing = *routing_shipped();
	kept->catalogue.episode_gap_ms = INT64_C(24) * HOUR_MS;
	for (int i = 1; i < CATALOGUE_LEVELS; i++)
		kept->catalogue.score_of_level[i] = (uint8_t)(20 * i);
	return loaded == 1 ? read_levels(&kept->catalogue, &kept->levels, error) : loaded;
}

int catalogue_read(const char *dir, struct faults *faults, struct catalogue **catalogue_r, struct error *error)
{
	struct catalogue_kept *kept = calloc(1, sizeof(*kept));
	struct catalogue *c = &kept->catalogue;

	if (kept == NULL)
		die("out of memory: the catalogue");
	arena_init(&kept->messages, MESSAGES_BYTES_MAX);
	if (load_levels(kept, dir, error) == 0 &&
	    load_entries(dir, "typologies.yaml", &kept->typologies, &c->typologies, &c->typology_count,
	                 error) == 0 &&
	    load_entries(dir, "advice.yaml", &kept->advice, &c->advice, &c->advice_count, error) == 0) {
		messages_read(dir, c, &kept->messages, faults);
		*catalogue_r = c;
		return 0;
	}
	catalogue_free(&c);
	return -1;
}

int catalogue_load(const char *dir, struct catalogue **catalogue_r, struct error *error)
{
	struct faults faults;

	faults_init(&faults, NULL, NULL, false);
	if (catalogue_read(dir, &faults, catalogue_r, error) == -1)
		return -1;
	if (faults.errors == 0)
		return 0;
	catalogue_free(catalogue_r);
	return faults_error(&faults, error);
}

void catalogue_free(struct catalogue **catalogue)
{
	struct catalogue_kept *kept = (struct catalogue_kept *)*catalogue;

	if (kept == NULL)
		return;
	yaml_free(&kept->levels);
	yaml_free(&kept->typologies);
	yaml_free(&kept->advice);
	arena_deinit(&kept->messages);
	free(kept);
	*catalogue = NULL;
}

static const struct catalogue_entry *entry_find(const struct catalogue_entry *entries, size_t count,
                                                struct slice id)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(entries[i].id, id))
			return &entries[i];
	return NULL;
}

const struct catalogue_entry *catalogue_typology(const struct catalogue *catalogue, struct slice id)
{
	return entry_find(catalogue->typologies, catalogue->typology_count, id);
}

const struct catalogue_entry *catalogue_advice(const struct catalogue *catalogue, struct slice id)
{
	return entry_find(catalogue->advice, catalogue->advice_count, id);
}

/* How exactly a template names the case: the channel before the typology before the level; -1 where it does not fit. */
static int fit_of(const struct message_template *t, enum message_kind kind, unsigned channel, struct slice typology,
                  uint8_t level)
{
	bool named = t->typology_count == 0;

	if (t->kind != kind || (t->channels != 0 && (t->channels & channel) == 0) ||
	    (t->levels != 0 && (t->levels & 1u << level) == 0))
		return -1;
	for (size_t i = 0; i < t->typology_count && !named; i++)
		named = slice_equal(t->typologies[i], typology);
	if (!named)
		return -1;
	return (t->channels != 0 ? 4 : 0) + (t->typology_count > 0 ? 2 : 0) + (t->levels != 0 ? 1 : 0);
}

static unsigned channel_bit(struct slice name)
{
	for (int i = 0; message_channels[i].name != NULL; i++)
		if (slice_is(name, message_channels[i].name))
			return 1u << i;
	return 0;
}

const struct message_template *catalogue_message(const struct catalogue *catalogue, enum message_kind kind,
                                                 struct slice channel, struct slice typology, uint8_t level)
{
	const struct message_template *best = NULL;
	unsigned bit = channel_bit(channel);
	int best_fit = -1;

	for (size_t i = 0; i < catalogue->message_count; i++) {
		int fit = fit_of(&catalogue->messages[i], kind, bit, typology, level);
		if (fit > best_fit) {
			best_fit = fit;
			best = &catalogue->messages[i];
		}
	}
	return best;
}

const struct message_phrase *catalogue_phrase(const struct catalogue *catalogue, struct slice typology)
{
	for (size_t i = 0; i < catalogue->phrase_count; i++)
		if (slice_equal(catalogue->phrases[i].typology, typology))
			return &catalogue->phrases[i];
	return NULL;
}
