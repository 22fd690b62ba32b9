#include "base/settings_value.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum { SECRET_BYTES_MAX = 4096 };

const char *setting_type_words(enum setting_type type)
{
	switch (type) {
	case SETTING_COUNT: return "a whole number";
	case SETTING_BYTES: return "a number of bytes such as 1024, 64k or 8m";
	case SETTING_DURATION: return "a duration such as 250ms, 5s, 2m, 24h or 3d";
	case SETTING_BOOL: return "true or false";
	case SETTING_SECRET: return "a text, file:PATH or env:NAME";
	case SETTING_PATH: return "a path";
	default: return "a text";
	}
}

struct unit {
	const char *name;
	int64_t times;
};

static const struct unit count_units[] = {{"", 1}, {NULL, 0}};
static const struct unit byte_units[] = {{"", 1}, {"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}, {NULL, 0}};
static const struct unit duration_units[] = {{"ms", 1},      {"s", 1000},     {"m", 60000},
                                             {"h", 3600000}, {"d", 86400000}, {NULL, 0}};

/* Digits, then one of the units; false where it is neither or too large. */
static bool parse_with_unit(struct slice text, const struct unit *units, int64_t *value_r)
{
	int64_t value = 0;
	uint32_t at = 0;

	for (; at < text.length && text.at[at] >= '0' && text.at[at] <= '9'; at++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, text.at[at] - '0', &value))
			return false;
	if (at == 0)
		return false;
	for (; units->name != NULL; units++)
		if (slice_is((struct slice){text.at + at, text.length - at}, units->name))
			return !__builtin_mul_overflow(value, units->times, value_r);
	return false;
}

static int parse_number(const struct setting_info *info, struct slice text, int64_t *value_r,
                        struct error *error)
{
	const struct unit *units = info->type == SETTING_COUNT   ? count_units
	                           : info->type == SETTING_BYTES ? byte_units
	                                                         : duration_units;

	if (!parse_with_unit(text, units, value_r))
		return error_set(error, "`%.*s` is not %s", SLICE_PRINT(text),
		                 setting_type_words(info->type));
	if (*value_r < info->least || *value_r > info->most)
		return error_set(error, "`%.*s` is out of range; expected %lld to %lld%s", SLICE_PRINT(text),
		                 (long long)info->least, (long long)info->most,
		                 info->type == SETTING_DURATION ? " ms" : "");
	return 0;
}

static const char *beside(struct arena *arena, struct slice text, const char *folder)
{
	if (text.length == 0 || text.at[0] == '/')
		return arena_copy(arena, text).at;
	return arena_print(arena, "%s%.*s", folder, SLICE_PRINT(text));
}

/* The first line of a file, without its end. */
static int read_secret_file(struct arena *arena, const char *path, const char **secret_r, struct error *error)
{
	char line[SECRET_BYTES_MAX];
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return error_set(error, "the secret's file %s cannot be read: %s", path, strerror(errno));
	if (fgets(line, sizeof(line), file) == NULL)
		line[0] = '\0';
	fclose(file);
	*secret_r = arena_copy(arena, slice_trim(slice_of(line))).at;
	return 0;
}

int settings_secret(struct arena *arena, struct slice text, const char *folder, const char **secret_r,
                    struct error *error)
{
	const char *value;

	if (text.length > 5 && memcmp(text.at, "file:", 5) == 0)
		return read_secret_file(arena, beside(arena, (struct slice){text.at + 5, text.length - 5}, folder),
		                        secret_r, error);
	if (text.length > 4 && memcmp(text.at, "env:", 4) == 0) {
		const char *name = arena_print(arena, "%.*s", (int)text.length - 4, text.at + 4);
		value = getenv(name);
		if (value == NULL)
			return error_set(error, "the environment has no variable `%s`", name);
		*secret_r = arena_copy(arena, slice_of(value)).at;
		return 0;
	}
	*secret_r = arena_copy(arena, text).at;
	return 0;
}

int setting_parse(struct settings *settings, const struct setting_info *info, struct slice text,
                  const char *folder, struct error *error)
{
	switch (info->type) {
	case SETTING_TEXT: *setting_text(settings, info) = arena_copy(&settings->arena, text).at; return 0;
	case SETTING_PATH: *setting_text(settings, info) = beside(&settings->arena, text, folder); return 0;
	case SETTING_SECRET:
		return settings_secret(&settings->arena, text, folder, setting_text(settings, info), error);
	case SETTING_BOOL:
		if (!slice_is(text, "true") && !slice_is(text, "false"))
			return error_set(error, "`%.*s` is neither true nor false", SLICE_PRINT(text));
		*setting_number(settings, info) = slice_is(text, "true");
		return 0;
	default: return parse_number(info, text, setting_number(settings, info), error);
	}
}

int setting_kafka_put(struct settings *settings, struct slice name, struct slice value, const char *folder,
                      struct error *error)
{
	int at = 0;

	while (at < settings->kafka_count && !slice_is(name, settings->kafka[at].name))
		at++;
	if (at == SETTINGS_KAFKA_MAX)
		return error_set(error, "more than %d properties", SETTINGS_KAFKA_MAX);
	if (settings_secret(&settings->arena, value, folder, &settings->kafka[at].value, error) == -1)
		return -1;
	settings->kafka[at].name = arena_copy(&settings->arena, name).at;
	settings->kafka_count += at == settings->kafka_count;
	return 0;
}

bool setting_parse_rate(struct slice text, int64_t *millionths_r)
{
	int64_t value = 0;
	int decimals = -1;

	if (text.length == 0 || text.length > 16)
		return false;
	for (uint32_t i = 0; i < text.length; i++) {
		if (text.at[i] == '.' && decimals == -1 && i > 0) {
			decimals = 0;
			continue;
		}
		if (text.at[i] < '0' || text.at[i] > '9' || decimals == 6)
			return false;
		value = value * 10 + (text.at[i] - '0');
		decimals += decimals >= 0;
	}
	for (int i = decimals < 0 ? 0 : decimals; i < 6; i++)
		if (__builtin_mul_overflow(value, 10, &value))
			return false;
	*millionths_r = value;
	return value > 0;
}
