#include "pattern/routing.h"

#include <pthread.h>
#include <string.h>

#include "base/instant.h"
#include "pattern/read.h"

enum { WORDS_BYTES = 256, DIGEST_AFTER_MAX = 1000, WITHIN_DAYS_MAX = 30, CLOCK_TEXT_BYTES = 5 };

const char *const routing_roles[ROUTING_ROLES + 1] = {"owner", "finance_lead", "cashier", "accountant", "security",
                                                      NULL};

static const char *const level_words[] = {"blue", "yellow", "orange", "red", NULL};
static const char *const quiet_words[] = {"ignored", "kept", NULL};
static const char *const channel_words[] = {"all", "first", NULL};

/* What a levels.yaml without `routing` means; the shipped file says the same (a test compares them). */
static const char shipped_text[] =
	"quiet_hours: \"22:00-07:00\"\n"
	"digest: {after: 3, window: 10m}\n"
	"hold: {within: 5m}\n"
	"blue: {steps: []}\n"
	"yellow:\n"
	"  quiet: kept\n"
	"  steps:\n"
	"    - {to: [finance_lead], channels: first, within: 2h}\n"
	"    - {to: [cashier, owner], channels: first, within: 4h}\n"
	"    - {to: county}\n"
	"orange:\n"
	"  quiet: ignored\n"
	"  steps:\n"
	"    - {to: [finance_lead, cashier], channels: all, within: 15m}\n"
	"    - {to: [owner], channels: all, within: 15m}\n"
	"    - {to: county}\n"
	"red:\n"
	"  quiet: ignored\n"
	"  steps:\n"
	"    - {to: [cashier, finance_lead], channels: all, within: 5m}\n"
	"    - {to: [owner], channels: all, within: 5m}\n"
	"    - {to: county, within: 10m}\n"
	"    - {to: city}\n";

/* ---- words, times ---- */

static int word_index(struct slice text, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		if (slice_is(text, words[i]))
			return i;
	return -1;
}

static int wrong_word(const struct yaml *yaml, const struct yaml_node *node, const char *what, struct slice given,
                      const char *const *words, struct error *error)
{
	char expected[WORDS_BYTES];

	return yaml_error(error, yaml, node, "`%s: %.*s`: expected %s", what, SLICE_PRINT(given),
	                  read_choices(given, words, expected, sizeof(expected)));
}

static int read_word_of(const struct yaml *yaml, const struct yaml_node *node, const char *const *words,
                        struct error *error)
{
	int found = node->type == YAML_TEXT ? word_index(node->text, words) : -1;

	return found >= 0 ? found : wrong_word(yaml, node, node->key.at, node->text, words, error);
}

/* Refuses a member of `map` that is not in `words`. */
static int check_keys(const struct yaml *yaml, const struct yaml_node *map, const char *what,
                      const char *const *words, struct error *error)
{
	char expected[WORDS_BYTES];

	if (map->type != YAML_MAP)
		return yaml_error(error, yaml, map, "%s must be a map with keys such as %s", what, words[0]);
	for (const struct yaml_node *n = map->first; n != NULL; n = n->next)
		if (word_index(n->key, words) == -1)
			return yaml_error(error, yaml, n, "unknown key `%s` in %s; expected %s", n->key.at, what,
			                  read_choices(n->key, words, expected, sizeof(expected)));
	return 0;
}

static int64_t unit_ms(char unit)
{
	switch (unit) {
	case 's':
		return INSTANT_SECOND_MS;
	case 'm':
		return INSTANT_MINUTE_MS;
	case 'h':
		return INSTANT_HOUR_MS;
	case 'd':
		return INSTANT_DAY_MS;
	default:
		return 0;
	}
}

/* At most four digits; -1 where it is no number. */
static int64_t number_of(struct slice text)
{
	int64_t value = 0;

	if (text.length == 0 || text.length > 4)
		return -1;
	for (uint32_t i = 0; i < text.length; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return -1;
		value = value * 10 + (text.at[i] - '0');
	}
	return value;
}

static int read_time(const struct yaml *yaml, const struct yaml_node *node, int64_t *ms_r, struct error *error)
{
	struct slice text = node->text;
	int64_t unit = node->type == YAML_TEXT && text.length > 1 ? unit_ms(text.at[text.length - 1]) : 0;
	int64_t number = unit > 0 ? number_of((struct slice){text.at, text.length - 1}) : -1;

	if (number < 1 || number * unit > WITHIN_DAYS_MAX * INSTANT_DAY_MS)
		return yaml_error(error, yaml, node, "`%s: %s`: expected 1s to %dd, such as 5m or 2h", node->key.at,
		                  node->type == YAML_TEXT ? text.at : "…", WITHIN_DAYS_MAX);
	*ms_r = number * unit;
	return 0;
}

/* "07:30"; -1 where it is none. */
static int minute_of(struct slice text)
{
	int64_t hour, minute;

	if (text.length != CLOCK_TEXT_BYTES || text.at[2] != ':')
		return -1;
	hour = number_of((struct slice){text.at, 2});
	minute = number_of((struct slice){text.at + 3, 2});
	return hour < 0 || hour > 23 || minute < 0 || minute > 59 ? -1 : (int)(hour * 60 + minute);
}

bool routing_quiet_parse(struct slice text, struct routing_quiet *quiet_r)
{
	int from, to;

	*quiet_r = (struct routing_quiet){0};
	if (text.length == 0)
		return true;
	if (text.length != 2 * CLOCK_TEXT_BYTES + 1 || text.at[CLOCK_TEXT_BYTES] != '-')
		return false;
	from = minute_of((struct slice){text.at, CLOCK_TEXT_BYTES});
	to = minute_of((struct slice){text.at + CLOCK_TEXT_BYTES + 1, CLOCK_TEXT_BYTES});
	if (from == -1 || to == -1)
		return false;
	*quiet_r = (struct routing_quiet){(int16_t)from, (int16_t)to};
	return true;
}

/* ---- steps ---- */

static int add_role(struct routing_step *step, const struct yaml *yaml, const struct yaml_node *node,
                    struct error *error)
{
	int role = node->type == YAML_TEXT ? word_index(node->text, routing_roles) : -1;

	if (role == -1)
		return wrong_word(yaml, node, "to", node->text, routing_roles, error);
	for (int i = 0; i < step->role_count; i++)
		if (step->roles[i] == role)
			return yaml_error(error, yaml, node, "`to` names `%s` twice", node->text.at);
	step->roles[step->role_count++] = (uint8_t)role;
	return 0;
}

static int read_to(struct routing_step *step, const struct yaml *yaml, const struct yaml_node *node,
                   struct error *error)
{
	static const char *const words[] = {"county", "city", "owner", "finance_lead", "cashier", "accountant", "security",
	                                    NULL};

	if (node->type == YAML_TEXT && slice_is(node->text, "county"))
		step->to = ROUTING_COUNTY;
	else if (node->type == YAML_TEXT && slice_is(node->text, "city"))
		step->to = ROUTING_CITY;
	else if (node->type == YAML_TEXT && word_index(node->text, routing_roles) == -1)
		return wrong_word(yaml, node, "to", node->text, words, error);
	else if (node->type == YAML_TEXT)
		return add_role(step, yaml, node, error);
	else if (node->type == YAML_MAP || node->count == 0)
		return yaml_error(error, yaml, node, "`to`: expected a list of roles, county or city");
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next)
		if (add_role(step, yaml, n, error) == -1)
			return -1;
	return 0;
}

static int read_step(struct routing_step *step, const struct yaml *yaml, const struct yaml_node *map,
                     struct error *error)
{
	static const char *const keys[] = {"to", "channels", "within", NULL};
	const struct yaml_node *to = yaml_find(map, "to"), *channels = yaml_find(map, "channels");
	const struct yaml_node *within = yaml_find(map, "within");
	int word = 0;

	*step = (struct routing_step){0};
	if (check_keys(yaml, map, "a step", keys, error) == -1)
		return -1;
	if (to == NULL)
		return yaml_error(error, yaml, map, "a step without `to`; expected a list of roles, county or city");
	if (read_to(step, yaml, to, error) == -1)
		return -1;
	if (step->to != ROUTING_PEOPLE && channels != NULL)
		return yaml_error(error, yaml, channels, "a call list has no `channels`; only a step to people has");
	if (channels != NULL && (word = read_word_of(yaml, channels, channel_words, error)) == -1)
		return -1;
	step->first = word == 1;
	if (map->next != NULL && within == NULL)
		return yaml_error(error, yaml, map, "a step without `within`; only the last of a level waits for nobody");
	if (map->next == NULL && within != NULL)
		return yaml_error(error, yaml, within, "`within` on the last step leads nowhere; leave it out");
	return within != NULL ? read_time(yaml, within, &step->within_ms, error) : 0;
}

/* People before the county before the city: what has left the enterprise does not come back to it. */
static int read_steps(struct routing_level *level, const struct yaml *yaml, const struct yaml_node *list,
                      struct error *error)
{
	if (list->type != YAML_LIST || list->count > ROUTING_STEPS_MAX)
		return yaml_error(error, yaml, list, "`steps`: expected a list of at most %d steps", ROUTING_STEPS_MAX);
	level->step_count = 0;
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		struct routing_step *step = &level->steps[level->step_count];
		if (read_step(step, yaml, n, error) == -1)
			return -1;
		if (level->step_count > 0 &&
		    (step->to < step[-1].to || (step->to == step[-1].to && step->to != ROUTING_PEOPLE)))
			return yaml_error(error, yaml, n, "the steps go from people to the county to the city, each list once");
		level->step_count++;
	}
	if (level->step_count > 0 && level->steps[level->step_count - 1].to == ROUTING_PEOPLE)
		return yaml_error(error, yaml, list, "the last step must be county or city, so that silence is noticed");
	return 0;
}

static int read_level(struct routing_level *level, const struct yaml *yaml, const struct yaml_node *map,
                      struct error *error)
{
	static const char *const keys[] = {"quiet", "steps", NULL};
	const struct yaml_node *quiet = yaml_find(map, "quiet"), *steps = yaml_find(map, "steps");
	int word = 0;

	if (check_keys(yaml, map, map->key.at, keys, error) == -1)
		return -1;
	if (steps == NULL)
		return yaml_error(error, yaml, map, "`%s`: `steps` is missing; an empty list tells nobody", map->key.at);
	if (quiet != NULL && (word = read_word_of(yaml, quiet, quiet_words, error)) == -1)
		return -1;
	level->quiet_kept = word == 1;
	return read_steps(level, yaml, steps, error);
}

/* ---- the rest ---- */

static int read_digest(struct routing *r, const struct yaml *yaml, const struct yaml_node *map, struct error *error)
{
	static const char *const keys[] = {"after", "window", NULL};
	const struct yaml_node *after = yaml_find(map, "after"), *window = yaml_find(map, "window");
	int64_t number;

	if (check_keys(yaml, map, "digest", keys, error) == -1)
		return -1;
	if (after == NULL || window == NULL)
		return yaml_error(error, yaml, map, "`digest`: expected {after: 3, window: 10m}");
	number = after->type == YAML_TEXT ? number_of(after->text) : -1;
	if (number < 1 || number > DIGEST_AFTER_MAX)
		return yaml_error(error, yaml, after, "`after`: expected a number from 1 to %d", DIGEST_AFTER_MAX);
	r->digest_after = (int)number;
	return read_time(yaml, window, &r->digest_window_ms, error);
}

static int read_hold(struct routing *r, const struct yaml *yaml, const struct yaml_node *map, struct error *error)
{
	static const char *const keys[] = {"within", NULL};
	const struct yaml_node *within = yaml_find(map, "within");

	if (check_keys(yaml, map, "hold", keys, error) == -1)
		return -1;
	if (within == NULL)
		return yaml_error(error, yaml, map, "`hold`: expected {within: 5m}");
	return read_time(yaml, within, &r->hold_ms, error);
}

static int read_quiet_hours(struct routing *r, const struct yaml *yaml, const struct yaml_node *node,
                            struct error *error)
{
	if (node->type == YAML_TEXT && routing_quiet_parse(node->text, &r->quiet))
		return 0;
	return yaml_error(error, yaml, node, "`quiet_hours`: expected two times such as \"22:00-07:00\", or \"\" for none");
}

static int read_all(struct routing *r, const struct yaml *yaml, const struct yaml_node *map, struct error *error)
{
	static const char *const keys[] = {"quiet_hours", "digest", "hold", "blue", "yellow", "orange", "red", NULL};

	if (check_keys(yaml, map, "routing", keys, error) == -1)
		return -1;
	for (const struct yaml_node *n = map->first; n != NULL; n = n->next) {
		int level = word_index(n->key, level_words), result;
		if (level >= 0)
			result = read_level(&r->levels[level + 1], yaml, n, error);
		else if (slice_is(n->key, "digest"))
			result = read_digest(r, yaml, n, error);
		else if (slice_is(n->key, "hold"))
			result = read_hold(r, yaml, n, error);
		else
			result = read_quiet_hours(r, yaml, n, error);
		if (result == -1)
			return -1;
	}
	return 0;
}

static struct routing shipped;

static void read_shipped(void)
{
	struct yaml yaml;
	struct error error;

	if (yaml_load_bytes(&yaml, "the shipped routing", shipped_text, strlen(shipped_text), &error) == -1 ||
	    read_all(&shipped, &yaml, yaml.root, &error) == -1)
		die("%s", error.text);
	yaml_free(&yaml);
}

const struct routing *routing_shipped(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, read_shipped);
	return &shipped;
}

int routing_read(struct routing *routing_r, const struct yaml *yaml, const struct yaml_node *map,
                 struct error *error)
{
	*routing_r = *routing_shipped();
	return read_all(routing_r, yaml, map, error);
}
