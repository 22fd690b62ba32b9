/*
 * Private to the settings: one value by its type.
 */
#ifndef BASE_SETTINGS_VALUE_H
#define BASE_SETTINGS_VALUE_H

#include "base/settings.h"

/* Parses `text` by info->type into its member. `folder` (with its slash, or "") stands before relative paths. */
int setting_parse(struct settings *settings, const struct setting_info *info, struct slice text,
                  const char *folder, struct error *error);

/* A property for librdkafka; `file:` and `env:` are followed. A second value replaces the first. */
int setting_kafka_put(struct settings *settings, struct slice name, struct slice value, const char *folder,
                      struct error *error);

bool setting_parse_rate(struct slice text, int64_t *millionths_r);

#endif
