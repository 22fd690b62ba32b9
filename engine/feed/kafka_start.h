/*
 * Where partitions begin to be read: by time, and checked against what the broker still has.
 */
#ifndef FEED_KAFKA_START_H
#define FEED_KAFKA_START_H

#include <librdkafka/rdkafka.h>

#include "feed/feed.h"

/*
 * Turns each FEED_REBUILD into the offset of the first message that the broker got within the last `rebuild_ms`, and
 * moves what lies below the broker's first message up to it. A partition whose messages end before `decided` was made
 * anew: it is read from its beginning, and nothing of it is decided. Asks the broker only where messages are to be
 * read again; without an answer that is from the beginning, which costs time and nothing else. Blocks for seconds.
 */
void kafka_starts_settle(rd_kafka_t *rk, const rd_kafka_topic_partition_list_t *partitions, int64_t rebuild_ms,
                         struct feed_start *starts);

#endif
