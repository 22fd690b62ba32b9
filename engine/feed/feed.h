/*
 * Raw messages with where they came from: from Kafka, a file, or standard input. It knows nothing of formats.
 *
 * Kafka: one consumer whose partitions are dealt to the shards by partition number, so that an account that appears in
 * several topics with equal partitioning stays with one shard (I1). The offsets of record are the store's (I3), but
 * the accounts' memory may be older: whoever starts a feed says where each partition goes on, and below which offset
 * all is decided.
 */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/settings.h"
#include "base/slice.h"

struct feed_message {
	unsigned feed;             /* number in the settings' list; of the file for files */
	struct slice source;       /* the topic, or the file's name; as long as the feed */
	int32_t partition;         /* 0 for files */
	int64_t offset;            /* Kafka's, or the line where the message begins, from 1 */
	struct slice key, payload; /* borrowed until feed_kafka_release(), or the next take from the file */
	bool at_start;             /* the first message of a file */
	bool replayed;             /* its finds are in the store already; read again to rebuild memory (the shard says so) */
	bool ended;                /* no message: behind the ones before it there is no more of the partition for now */
	void *native;              /* the feed's */
};

/*
 * Kafka.
 */
struct feed_kafka;

/* Where reading begins. */
enum {
	FEED_BEGINNING = -2, /* at the earliest message that the broker has */
	FEED_REBUILD = -3    /* as far back as `engine.rebuild` says, to make the memory anew, but not behind `decided` */
};

struct feed_start {
	int64_t from;    /* an offset, or one of the above */
	int64_t decided; /* messages below it have been judged: they are read for the memory's sake */
	bool decided_only; /* until all partitions have theirs; then it is opened again (by the feed) */
};

struct feed_kafka_options {
	const struct settings *settings; /* borrowed, as long as the feed: feeds and librdkafka properties */
	int shards;
	/* Where a partition that becomes ours goes on. */
	struct feed_start (*start_of)(void *arg, struct slice topic, int32_t partition);
	/*
	 * It is read from here: FEED_REBUILD has become an offset. `topic` is the settings'. Called before its first
	 * message, and with everything settled that came before.
	 */
	void (*opened)(void *arg, const char *topic, int32_t partition, const struct feed_start *start);
	/* How many of the decided messages are still to be read. */
	int64_t (*behind)(void *arg);
	/* Partitions are being taken away: returns when every batch taken so far is in the store. */
	void (*settle)(void *arg);
	void *arg;
};

/* Starts the consumer and its thread. A broker that is absent is tried for ever; wrong settings are an error. */
int feed_kafka_start(const struct feed_kafka_options *options, struct feed_kafka **feed_r,
                     struct error *error);

/* Up to `most` messages for a shard, in partition order; waits at most `timeout_ms` for the first. */
size_t feed_kafka_take(struct feed_kafka *feed, int shard, struct feed_message *messages, size_t most,
                       int timeout_ms);
void feed_kafka_release(struct feed_kafka *feed, struct feed_message *messages, size_t count);

/* Whether partitions are assigned and a broker answers; `why` says what is missing (also what login failed). */
bool feed_kafka_ready(struct feed_kafka *feed, struct error *why);

/* Leaves the group within `deadline_ms` and frees. The shards must have stopped taking. */
void feed_kafka_stop(struct feed_kafka **feed, int64_t deadline_ms);

/*
 * Files. A frame function says where a message begins and ends (decode_frame() with its framing): the first message
 * in `bytes` is `bytes + *from_r` with the length returned, the next one is looked for at `bytes + *next_r`. A length
 * of 0 with *next_r > 0 is blank space; *next_r == 0 asks for more bytes.
 */
typedef size_t feed_frame(void *arg, const char *bytes, size_t length, bool last, size_t *from_r,
                          size_t *next_r);

struct feed_file;

/* `path` "-" is standard input. `bytes_max` bounds one message; a longer one is given cut, to be refused. */
int feed_file_open(const char *path, unsigned feed, feed_frame *frame, void *frame_arg, size_t bytes_max,
                   struct feed_file **file_r, struct error *error);
/* 1 a message, 0 the end, -1 the file cannot be read. */
int feed_file_next(struct feed_file *file, struct feed_message *message, struct error *error);
/* As many as are at hand, up to `most`, and at least one: how many, 0 the end, -1. */
ssize_t feed_file_take(struct feed_file *file, struct feed_message *messages, size_t most, struct error *error);
void feed_file_close(struct feed_file **file);

/*
 * Producing: dead letters, alerts, the simulator's feed.
 */
struct feed_producer;

struct feed_header {
	const char *name;
	struct slice value;
};

/* What became of a message: it is in the topic; not yet, try again; never, it is too large for the topic. */
enum feed_produced { FEED_PRODUCED, FEED_PRODUCE_LATER, FEED_PRODUCE_NEVER };

/* `settled` is called from feed_producer_poll() for each message that was taken. */
int feed_producer_start(const struct settings *settings, void (*settled)(void *arg, int64_t id, enum feed_produced result),
                        void *arg, struct feed_producer **producer_r, struct error *error);
/* Copies. FEED_PRODUCED: taken, `settled` will tell; LATER: the queue is full or the topic unknown; NEVER. */
enum feed_produced feed_producer_put(struct feed_producer *producer, const char *topic, int64_t id, struct slice key,
                      struct slice value, const struct feed_header *headers, size_t header_count);
/* Serves call-backs for up to `timeout_ms`; returns how many messages are still under way. */
int feed_producer_poll(struct feed_producer *producer, int timeout_ms);
void feed_producer_stop(struct feed_producer **producer, int64_t deadline_ms);

/*
 * A broker for the demo: librdkafka's mock cluster. It keeps 5 MiB a partition and dies with its process.
 */
struct feed_mock;
int feed_mock_start(const char *const *topics, int partitions, struct feed_mock **mock_r,
                    struct error *error);
const char *feed_mock_servers(const struct feed_mock *mock); /* "127.0.0.1:PORT" */
void feed_mock_stop(struct feed_mock **mock);

#endif
