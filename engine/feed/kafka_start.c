#include "feed/kafka_start.h"

#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"

enum { ASK_MS = 10000 };

static void complain(const char *what, rd_kafka_resp_err_t err)
{
	log_event(LOG_WARN, "feed", what, "why", "%s", rd_kafka_err2str(err), NULL);
}

/* The broker's answer to "since when": offsets by partition; RD_KAFKA_OFFSET_END where nothing is that young. */
static void find_by_time(rd_kafka_t *rk, const rd_kafka_topic_partition_list_t *partitions, int64_t since_ms,
                         struct feed_start *starts)
{
	rd_kafka_topic_partition_list_t *asked = rd_kafka_topic_partition_list_copy(partitions);
	rd_kafka_resp_err_t err;

	for (int i = 0; i < asked->cnt; i++)
		asked->elems[i].offset = since_ms;
	err = rd_kafka_offsets_for_times(rk, asked, ASK_MS);
	if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
		complain("the broker does not say which messages are how old; reading all that it has", err);
	for (int i = 0; i < asked->cnt; i++) {
		const rd_kafka_topic_partition_t *found = &asked->elems[i];
		if (starts[i].from != FEED_REBUILD)
			continue;
		starts[i].from = 0;
		if (err == RD_KAFKA_RESP_ERR_NO_ERROR && found->err == RD_KAFKA_RESP_ERR_NO_ERROR)
			starts[i].from = found->offset >= 0 && found->offset < starts[i].decided ? found->offset
			                                                                         : starts[i].decided;
	}
	rd_kafka_topic_partition_list_destroy(asked);
}

static void check_bounds(rd_kafka_t *rk, const rd_kafka_topic_partition_t *partition, struct feed_start *start)
{
	int64_t low, high;
	rd_kafka_resp_err_t err =
		rd_kafka_query_watermark_offsets(rk, partition->topic, partition->partition, &low, &high, ASK_MS);

	if (err != RD_KAFKA_RESP_ERR_NO_ERROR) {
		complain("the broker does not say which messages of a partition it has", err);
		return;
	}
	if (high < start->decided) {
		count(COUNT_OFFSET_GAPS);
		log_event(LOG_WARN, "feed", "a topic was made anew; it is read from its beginning", "topic", "%s",
		          partition->topic, "partition", "%d", partition->partition, NULL);
		*start = (struct feed_start){.from = low};
	} else if (low > start->from) {
		start->from = low < start->decided ? low : start->decided;
	}
}

void kafka_starts_settle(rd_kafka_t *rk, const rd_kafka_topic_partition_list_t *partitions, int64_t rebuild_ms,
                         struct feed_start *starts)
{
	bool by_time = false;

	for (int i = 0; i < partitions->cnt; i++)
		by_time |= starts[i].from == FEED_REBUILD;
	if (by_time)
		find_by_time(rk, partitions, clock_now_ms() - rebuild_ms, starts);
	for (int i = 0; i < partitions->cnt; i++)
		if (starts[i].from >= 0 && starts[i].from < starts[i].decided)
			check_bounds(rk, &partitions->elems[i], &starts[i]);
}
