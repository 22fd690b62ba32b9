/*
 * Reading a settings file.
 *
 * Order: defaults, file, --set. A value is parsed by its type in one place (setting_parse), whether it comes from
 * the table, the file or the command line.
 */
#include "base/settings.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ident.h"
#include "base/money.h"
#include "base/settings_value.h"
#include "base/yaml.h"

enum { SETTINGS_BYTES_MAX = 4 << 20 };

const struct setting_info setting_infos[] = {
#define SETTING(member, section, key, type, default_text, least, most, help) \
	{section, key, SETTING_##type, default_text, least, most, help, offsetof(struct settings, member)},
#include "base/settings.def"
#undef SETTING
};
const int setting_count = sizeof(setting_infos) / sizeof(setting_infos[0]);

const char **setting_text(struct settings *settings, const struct setting_info *info)
{
	return (const char **)(void *)((char *)settings + info->offset);
}

int64_t *setting_number(struct settings *settings, const struct setting_info *info)
{
	return (int64_t *)(void *)((char *)settings + info->offset);
}

static const char *key_word(int i)
{
	return setting_infos[i].key;
}

static const char *section_word(int i)
{
	static const char *const extra[] = {"feeds", "kafka", "rates"};

	return i < setting_count ? setting_infos[i].section : extra[i - setting_count];
}

static const struct setting_info *info_find(struct slice section, struct slice key)
{
	for (int i = 0; i < setting_count; i++)
		if (slice_is(section, setting_infos[i].section) && slice_is(key, setting_infos[i].key))
			return &setting_infos[i];
	return NULL;
}

/* The currency's rate; where it has none yet, room for one. */
static struct settings_rate *rate_of(struct settings *settings, int currency)
{
	for (int i = 0; i < settings->rate_count; i++)
		if (settings->rates[i].currency == currency)
			return &settings->rates[i];
	settings->rates[settings->rate_count].currency = (uint8_t)currency;
	return &settings->rates[settings->rate_count++];
}

static void default_rates(struct settings *settings)
{
	int64_t rates[MONEY_CURRENCIES];

	money_built_in_rates(rates);
	for (int currency = 0; currency < MONEY_CURRENCIES; currency++)
		if (rates[currency] > 0)
			rate_of(settings, currency)->cny_millionths = rates[currency];
}

void settings_defaults(struct settings *settings)
{
	struct error error;

	*settings = (struct settings){0};
	arena_init(&settings->arena, SETTINGS_BYTES_MAX);
	for (int i = 0; i < setting_count; i++)
		if (setting_parse(settings, &setting_infos[i], slice_of(setting_infos[i].default_text), "",
		                  &error) == -1)
			die("settings.def: %s.%s: %s", setting_infos[i].section, setting_infos[i].key,
			    error.text);
	default_rates(settings);
}

void settings_free(struct settings *settings)
{
	arena_deinit(&settings->arena);
}

/* "did you mean" behind a sentence about a wrong name. */
static int unknown(struct error *error, const struct yaml *yaml, const struct yaml_node *node,
                   const char *what, const char *(*word_of)(int), int count)
{
	const char *near = yaml_nearest(node->key, word_of, count);
	struct yaml_node at = {.line = node->key_line, .column = node->key_column};

	return yaml_error(error, yaml, &at, "unknown %s `%s`%s%s%s; `huqi list settings` shows all", what,
	                  node->key.at, near != NULL ? " (did you mean `" : "", near != NULL ? near : "",
	                  near != NULL ? "`?)" : "");
}

static int read_section(struct settings *settings, const struct yaml *yaml, const struct yaml_node *section,
                        const char *folder, struct error *error)
{
	struct error why;

	if (section->type != YAML_MAP)
		return yaml_error(error, yaml, section, "`%s` must hold keys and values", section->key.at);
	for (const struct yaml_node *n = section->first; n != NULL; n = n->next) {
		const struct setting_info *info = info_find(section->key, n->key);
		if (info == NULL)
			return unknown(error, yaml, n, "setting", key_word, setting_count);
		if (n->type != YAML_TEXT)
			return yaml_error(error, yaml, n, "`%s.%s`: expected %s", info->section, info->key,
			                  setting_type_words(info->type));
		if (setting_parse(settings, info, n->text, folder, &why) == -1)
			return yaml_error(error, yaml, n, "`%s.%s`: %s", info->section, info->key, why.text);
	}
	return 0;
}

static const char *keep(struct settings *settings, struct slice text)
{
	return arena_copy(&settings->arena, text).at;
}

static int read_feed(struct settings *settings, const struct yaml *yaml, const struct yaml_node *node,
                     struct error *error)
{
	static const char example[] =
		"expected {topic: bank.tx, decoder: json} and perhaps bank: a 12-digit code";
	struct settings_feed *feed = &settings->feeds[settings->feed_count];

	if (node->type != YAML_MAP)
		return yaml_error(error, yaml, node, "a feed: %s", example);
	*feed = (struct settings_feed){.bank = ""};
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		const char **member = slice_is(n->key, "topic")     ? &feed->topic
		                      : slice_is(n->key, "decoder") ? &feed->decoder
		                      : slice_is(n->key, "bank")    ? &feed->bank
		                                                    : NULL;
		if (member == NULL || n->type != YAML_TEXT)
			return yaml_error(error, yaml, n, "a feed's `%s`: %s", n->key.at, example);
		*member = keep(settings, n->text);
	}
	if (feed->topic == NULL || feed->decoder == NULL || feed->topic[0] == '\0')
		return yaml_error(error, yaml, node, "a feed needs a topic and a decoder; %s", example);
	if (feed->bank[0] != '\0' && !ident_bank_shaped(slice_of(feed->bank)))
		return yaml_error(error, yaml, yaml_find(node, "bank"),
		                  "a feed's `bank`: `%s` is no code of 12 digits (write it in quotes)",
		                  feed->bank);
	for (int i = 0; i < settings->feed_count; i++)
		if (strcmp(settings->feeds[i].topic, feed->topic) == 0)
			return yaml_error(error, yaml, node, "the topic `%s` is named twice", feed->topic);
	settings->feed_count++;
	return 0;
}

static int read_feeds(struct settings *settings, const struct yaml *yaml, const struct yaml_node *list,
                      struct error *error)
{
	if (list->type != YAML_LIST)
		return yaml_error(error, yaml, list,
		                  "`feeds` must be a list, each with a topic and a decoder");
	settings->feed_count = 0;
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		if (settings->feed_count == SETTINGS_FEEDS_MAX)
			return yaml_error(error, yaml, n, "more than %d feeds", SETTINGS_FEEDS_MAX);
		if (read_feed(settings, yaml, n, error) == -1)
			return -1;
	}
	return 0;
}

static int read_kafka(struct settings *settings, const struct yaml *yaml, const struct yaml_node *map,
                      const char *folder, struct error *error)
{
	struct error why;

	if (map->type != YAML_MAP)
		return yaml_error(error, yaml, map,
		                  "`kafka` must hold properties of librdkafka, such as bootstrap.servers");
	for (const struct yaml_node *n = map->first; n != NULL; n = n->next) {
		if (n->type != YAML_TEXT)
			return yaml_error(error, yaml, n, "`kafka.%s`: expected one value", n->key.at);
		if (setting_kafka_put(settings, n->key, n->text, folder, &why) == -1)
			return yaml_error(error, yaml, n, "`kafka.%s`: %s", n->key.at, why.text);
	}
	return 0;
}

static int read_rates(struct settings *settings, const struct yaml *yaml, const struct yaml_node *map,
                      struct error *error)
{
	if (map->type != YAML_MAP)
		return yaml_error(error, yaml, map,
		                  "`rates` must hold currencies and their price in CNY, such as USD: 7.12");
	for (const struct yaml_node *n = map->first; n != NULL; n = n->next) {
		struct settings_rate *rate;
		int currency = money_currency_find(n->key);
		if (currency == -1 || currency == MONEY_CNY)
			return yaml_error(error, yaml, n,
			                  "`rates.%s`: not a currency code of ISO 4217 other than CNY",
			                  n->key.at);
		rate = rate_of(settings, currency);
		if (n->type != YAML_TEXT || !setting_parse_rate(n->text, &rate->cny_millionths))
			return yaml_error(error, yaml, n,
			                  "`rates.%s`: expected a price above 0 with at most six decimals, "
			                  "such as 7.12",
			                  n->key.at);
	}
	return 0;
}

static int read_root(struct settings *settings, const struct yaml *yaml, const char *folder,
                     struct error *error)
{
	if (yaml->root->type != YAML_MAP)
		return yaml_error(error, yaml, yaml->root, "expected sections such as `store:` and `feeds:`");
	for (const struct yaml_node *n = yaml->root->first; n != NULL; n = n->next) {
		int result, known = 0;
		for (int i = 0; i < setting_count; i++)
			known |= slice_is(n->key, setting_infos[i].section);
		if (slice_is(n->key, "feeds"))
			result = read_feeds(settings, yaml, n, error);
		else if (slice_is(n->key, "kafka"))
			result = read_kafka(settings, yaml, n, folder, error);
		else if (slice_is(n->key, "rates"))
			result = read_rates(settings, yaml, n, error);
		else if (known)
			result = read_section(settings, yaml, n, folder, error);
		else
			result = unknown(error, yaml, n, "section", section_word, setting_count + 3);
		if (result == -1)
			return -1;
	}
	return 0;
}

/* The folder of the settings file with its slash, "" for the working directory. */
static void folder_of(const char *path, char folder_r[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	snprintf(folder_r, PATH_MAX, "%.*s", slash != NULL ? (int)(slash - path) + 1 : 0, path);
}

int settings_load(struct settings *settings, const char *path, struct error *error)
{
	char folder[PATH_MAX];
	struct yaml yaml;
	int result;

	if (yaml_load_file(&yaml, path, error) == -1)
		return -1;
	settings_defaults(settings);
	folder_of(path, folder);
	/* A path that the file leaves out stands beside the file too. */
	for (int i = 0; i < setting_count; i++)
		if (setting_infos[i].type == SETTING_PATH)
			setting_parse(settings, &setting_infos[i], slice_of(setting_infos[i].default_text),
			              folder, NULL);
	result = read_root(settings, &yaml, folder, error);
	yaml_free(&yaml);
	if (result == -1)
		settings_free(settings);
	return result;
}

int settings_override(struct settings *settings, const char *assignment, struct error *error)
{
	const char *dot = strchr(assignment, '.'), *equals = strchr(assignment, '=');
	struct slice section, key;
	const struct setting_info *info;

	if (dot == NULL || equals == NULL || dot > equals)
		return error_set(error, "--set %s: expected section.key=value", assignment);
	section = (struct slice){assignment, (uint32_t)(dot - assignment)};
	key = (struct slice){dot + 1, (uint32_t)(equals - dot - 1)};
	if (slice_is(section, "kafka"))
		return setting_kafka_put(settings, key, slice_of(equals + 1), "", error);
	info = info_find(section, key);
	if (info == NULL)
		return error_set(error, "--set %s: unknown setting; `huqi list settings` shows all",
		                 assignment);
	if (setting_parse(settings, info, slice_of(equals + 1), "", error) == -1)
		return error_wrap(error, "--set %s.%s", info->section, info->key);
	return 0;
}

int64_t settings_to_cny(const struct settings *settings, int64_t minor, uint8_t currency)
{
	__int128 cny;

	if (currency == MONEY_CNY)
		return minor;
	for (int i = 0; i < settings->rate_count; i++) {
		if (settings->rates[i].currency != currency)
			continue;
		/* minor / 10^decimals * rate / 10^6 in major units, times 100: rounded down to a fen. */
		cny = (__int128)minor * settings->rates[i].cny_millionths * 100;
		for (int d = 0; d < money_currency(currency)->decimals + 6; d++)
			cny /= 10;
		return cny > INT64_MAX ? INT64_MAX : (int64_t)cny;
	}
	return -1;
}
