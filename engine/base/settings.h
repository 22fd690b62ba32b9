/*
 * The settings of one process: a YAML file checked against one table (settings.def), then --set overrides.
 *
 * An unknown key, a wrong type or a value out of range is an error with file, line, what was expected and the nearest
 * known name; nothing starts. Secrets are read from a file or the environment and never printed.
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/counters.h"
#include "base/error.h"
#include "base/money.h"

#define SETTINGS_FEEDS_MAX COUNTER_FEEDS_MAX
#define SETTINGS_KAFKA_MAX 128
#define SETTINGS_RATES_MAX MONEY_CURRENCIES

enum setting_type {
	SETTING_TEXT,
	SETTING_PATH,
	SETTING_SECRET,
	SETTING_COUNT,
	SETTING_BYTES,
	SETTING_DURATION,
	SETTING_BOOL
};

struct setting_info {
	const char *section, *key;
	enum setting_type type;
	const char *default_text;
	int64_t least, most;
	const char *help;
	size_t offset; /* in struct settings */
};

struct settings_feed {
	const char *topic, *decoder;
	const char *bank; /* "" where the messages name it */
};

struct settings_rate {
	uint8_t currency;       /* money.h */
	int64_t cny_millionths; /* a millionth of a CNY for one major unit */
};

/* One member a line of settings.def: texts are `const char *`, all others int64_t. Owned by the arena. */
#define SETTING_MEMBER_TEXT const char *
#define SETTING_MEMBER_PATH const char *
#define SETTING_MEMBER_SECRET const char *
#define SETTING_MEMBER_COUNT int64_t
#define SETTING_MEMBER_BYTES int64_t
#define SETTING_MEMBER_DURATION int64_t
#define SETTING_MEMBER_BOOL int64_t

struct settings {
#define SETTING(member, section, key, type, default_text, least, most, help) SETTING_MEMBER_##type member;
#include "base/settings.def"
#undef SETTING
	struct settings_feed feeds[SETTINGS_FEEDS_MAX];
	int feed_count;
	struct {
		const char *name, *value; /* of librdkafka; a value may be a secret */
	} kafka[SETTINGS_KAFKA_MAX];
	int kafka_count;
	struct settings_rate rates[SETTINGS_RATES_MAX];
	int rate_count;
	struct arena arena;
};

extern const struct setting_info setting_infos[];
extern const int setting_count;

/* The defaults, with paths relative to the working directory. Never fails. */
void settings_defaults(struct settings *settings);

/* The defaults, then the file. On -1 nothing needs freeing. */
int settings_load(struct settings *settings, const char *path, struct error *error);

/* "section.key=value", as after --set. Paths are relative to the working directory. */
int settings_override(struct settings *settings, const char *assignment, struct error *error);

void settings_free(struct settings *settings);

/*
 * A secret as settings write it: itself, `file:PATH` (its first line) or `env:NAME`. `folder` (with its slash, or "")
 * stands before a relative path. The words of an error never repeat it.
 */
int settings_secret(struct arena *arena, struct slice text, const char *folder, const char **secret_r,
                    struct error *error);

/* Where the value of an entry stands. */
const char **setting_text(struct settings *settings, const struct setting_info *info);
int64_t *setting_number(struct settings *settings, const struct setting_info *info);

/* What a type is called in messages: "a duration such as 250ms, 5s, 2m, 24h or 3d". */
const char *setting_type_words(enum setting_type type);

/* An amount of another currency in CNY minor units at the settings' rates; -1 where there is no rate. */
int64_t settings_to_cny(const struct settings *settings, int64_t minor, uint8_t currency);

#endif
