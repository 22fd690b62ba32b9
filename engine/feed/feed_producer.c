/*
 * Producing to Kafka: idempotent, acknowledged by all replicas, each message settled by a call-back.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "feed/feed.h"
#include "feed/kafka_conf.h"

enum { WHY_BYTES = 256 };

struct feed_producer {
	rd_kafka_t *rk;
	void (*settled)(void *arg, int64_t id, enum feed_produced result);
	void *arg;
};

static const struct kafka_property defaults[] = {
	{"client.id", "huqi"}, {"enable.idempotence", "true"},        {"compression.codec", "lz4"},
	{"linger.ms", "5"},    {"allow.auto.create.topics", "false"}, {"message.timeout.ms", "30000"},
	{NULL, NULL},
};

static enum feed_produced outcome(rd_kafka_resp_err_t err)
{
	if (err == 0)
		return FEED_PRODUCED;
	return err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ? FEED_PRODUCE_NEVER : FEED_PRODUCE_LATER;
}

static void on_settled(rd_kafka_t *rk, const rd_kafka_message_t *message, void *arg)
{
	struct feed_producer *producer = arg;

	(void)rk;
	if (producer->settled != NULL)
		producer->settled(producer->arg, (int64_t)(intptr_t)message->_private,
		                  outcome(message->err));
}

int feed_producer_start(const struct settings *settings,
                        void (*settled)(void *arg, int64_t id, enum feed_produced result), void *arg,
                        struct feed_producer **producer_r, struct error *error)
{
	struct feed_producer *producer = calloc(1, sizeof(*producer));
	rd_kafka_conf_t *conf = kafka_conf_new(defaults, settings, false, error);
	char reason[WHY_BYTES];

	if (producer == NULL)
		die("out of memory: the producer");
	if (conf == NULL) {
		free(producer);
		return -1;
	}
	producer->settled = settled;
	producer->arg = arg;
	rd_kafka_conf_set_opaque(conf, producer);
	rd_kafka_conf_set_dr_msg_cb(conf, on_settled);
	producer->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
	if (producer->rk == NULL) {
		rd_kafka_conf_destroy(conf);
		free(producer);
		return error_set(error, "Kafka: %s", reason);
	}
	*producer_r = producer;
	return 0;
}

enum feed_produced feed_producer_put(struct feed_producer *producer, const char *topic, int64_t id,
                                     struct slice key, struct slice value, const struct feed_header *headers,
                                     size_t header_count)
{
	rd_kafka_headers_t *list = header_count > 0 ? rd_kafka_headers_new(header_count) : NULL;
	rd_kafka_resp_err_t err;

	for (size_t i = 0; i < header_count; i++)
		rd_kafka_header_add(list, headers[i].name, -1, headers[i].value.at,
		                    (ssize_t)headers[i].value.length);
	err = rd_kafka_producev(producer->rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key.at, key.length),
	                        RD_KAFKA_V_VALUE((void *)(uintptr_t)value.at, value.length),
	                        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(list),
	                        RD_KAFKA_V_OPAQUE((void *)(intptr_t)id), RD_KAFKA_V_END);
	if (err != 0 && list != NULL)
		rd_kafka_headers_destroy(list);
	return outcome(err);
}

int feed_producer_poll(struct feed_producer *producer, int timeout_ms)
{
	rd_kafka_poll(producer->rk, timeout_ms);
	return rd_kafka_outq_len(producer->rk);
}

void feed_producer_stop(struct feed_producer **producer, int64_t deadline_ms)
{
	if (*producer == NULL)
		return;
	rd_kafka_flush((*producer)->rk, (int)deadline_ms);
	rd_kafka_purge((*producer)->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_poll((*producer)->rk, 0);
	rd_kafka_destroy((*producer)->rk);
	free(*producer);
	*producer = NULL;
}
