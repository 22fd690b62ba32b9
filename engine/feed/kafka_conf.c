#include "feed/kafka_conf.h"

#include <stdlib.h>

#include "base/log.h"

enum { REASON_BYTES = 512, SYSLOG_ERROR = 3 };

/* Properties that only one of the two kinds of client has would be warned of by the other. */
static const char *const consumer_only[] = {"group.",     "fetch.",     "auto.offset", "queued.",
                                            "session.",   "heartbeat.", "max.poll",    "partition.assignment",
                                            "check.crcs", "isolation.", NULL};
static const char *const producer_only[] = {
	"queue.buffering",    "linger.",         "batch.",           "compression.", "acks", "retries",
	"enable.idempotence", "message.timeout", "delivery.timeout", "partitioner",  NULL};

static bool begins_with_one(const char *name, const char *const *prefixes)
{
	for (; *prefixes != NULL; prefixes++)
		if (strncmp(name, *prefixes, strlen(*prefixes)) == 0)
			return true;
	return false;
}

/* What the value was is never said: it may be a password. */
static int put(rd_kafka_conf_t *conf, const char *name, const char *value, struct error *error)
{
	char reason[REASON_BYTES];

	if (rd_kafka_conf_set(conf, name, value, reason, sizeof(reason)) == RD_KAFKA_CONF_OK)
		return 0;
	if (strstr(name, "password") != NULL || strstr(name, "secret") != NULL)
		return error_set(error, "kafka.%s: librdkafka does not accept the value", name);
	return error_set(error, "kafka.%s: %s", name, reason);
}

rd_kafka_conf_t *kafka_conf_new(const struct kafka_property *defaults, const struct settings *settings,
                                bool consumer, struct error *error)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();

	for (; defaults->name != NULL; defaults++)
		if (put(conf, defaults->name, defaults->value, error) == -1)
			goto refused;
	for (int i = 0; i < settings->kafka_count; i++) {
		if (begins_with_one(settings->kafka[i].name, consumer ? producer_only : consumer_only))
			continue;
		if (put(conf, settings->kafka[i].name, settings->kafka[i].value, error) == -1)
			goto refused;
	}
	rd_kafka_conf_set_log_cb(conf, kafka_log);
	return conf;
refused:
	rd_kafka_conf_destroy(conf);
	return NULL;
}

void kafka_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
	(void)rk;
	log_event(level <= SYSLOG_ERROR ? LOG_WARN : LOG_DEBUG, "feed", "the Kafka client says", "kind", "%s",
	          facility, "text", "%s", text, NULL);
}
