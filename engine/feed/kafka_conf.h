/*
 * Private: a librdkafka configuration out of the settings.
 */
#ifndef FEED_KAFKA_CONF_H
#define FEED_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

#include "base/settings.h"

struct kafka_property {
	const char *name, *value;
};

/* Our defaults (ended by a NULL name), then the settings' properties over them. NULL with `error` filled. */
rd_kafka_conf_t *kafka_conf_new(const struct kafka_property *defaults, const struct settings *settings,
                                bool consumer, struct error *error);

/* librdkafka's own lines into our log, at most one a second and kind. */
void kafka_log(const rd_kafka_t *rk, int level, const char *facility, const char *text);

#endif
