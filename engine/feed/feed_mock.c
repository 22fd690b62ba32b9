/*
 * The demo's broker: librdkafka's mock cluster, which speaks the real protocol on a loopback port.
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdlib.h>

#include "feed/feed.h"

enum { WHY_BYTES = 256 };

struct feed_mock {
	rd_kafka_t *rk; /* the cluster hangs on a client of its own */
	rd_kafka_mock_cluster_t *cluster;
};

int feed_mock_start(const char *const *topics, int partitions, struct feed_mock **mock_r, struct error *error)
{
	struct feed_mock *mock = calloc(1, sizeof(*mock));
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char reason[WHY_BYTES];

	if (mock == NULL)
		die("out of memory: the demo's broker");
	rd_kafka_conf_set(conf, "client.id", "huqi-demo-broker", NULL, 0);
	rd_kafka_conf_set(conf, "log_level", "0", NULL, 0);
	mock->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
	mock->cluster = mock->rk != NULL ? rd_kafka_mock_cluster_new(mock->rk, 1) : NULL;
	if (mock->cluster == NULL) {
		feed_mock_stop(&mock);
		return error_set(error, "the demo's broker cannot be started: %s", reason);
	}
	rd_kafka_mock_group_initial_rebalance_delay_ms(mock->cluster, 0);
	for (; *topics != NULL; topics++)
		rd_kafka_mock_topic_create(mock->cluster, *topics, partitions, 1);
	*mock_r = mock;
	return 0;
}

const char *feed_mock_servers(const struct feed_mock *mock)
{
	return rd_kafka_mock_cluster_bootstraps(mock->cluster);
}

void feed_mock_stop(struct feed_mock **mock)
{
	if (*mock == NULL)
		return;
	if ((*mock)->cluster != NULL)
		rd_kafka_mock_cluster_destroy((*mock)->cluster);
	if ((*mock)->rk != NULL)
		rd_kafka_destroy((*mock)->rk);
	free(*mock);
	*mock = NULL;
}
