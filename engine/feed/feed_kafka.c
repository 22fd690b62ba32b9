/*
 * The Kafka consumer.
 *
 *   librdkafka ─ partition queue ─ forwarded to ─▶ shard queue [partition % shards] ─▶ feed_kafka_take()
 *              └ consumer queue (rebalances, errors) ─▶ our thread
 *
 * A partition's queue is forwarded to its shard's before the partition is assigned: librdkafka keeps a forwarding that
 * the application made, so no message ever shows up on the consumer's own queue. On revocation the partitions are
 * unassigned first (their queued messages are outdated from then on and dropped by librdkafka) and then settled: every
 * batch taken before is in the store when the group hears that we let go. So the next owner starts behind it.
 *
 * Partitions are read in two steps (positions.h):
 *
 *   assigned ─▶ some lack what is decided ─▶ those alone, up to there ─ behind() is 0: let go, settle ─┐
 *            └▶ none does ─────────────────────────────────────────────────────────────────────────────┴▶ all, new messages
 *
 * Back-pressure: a shard that does not take leaves its queue full (queued.max.messages.kbytes), and librdkafka stops
 * fetching those partitions. Backoff 1 ms, since the default of a second makes a drain stutter.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"
#include "feed/feed.h"
#include "feed/kafka_conf.h"
#include "feed/kafka_start.h"

enum { POLL_MS = 200, CATCH_UP_POLL_MS = 20, WHY_BYTES = 256, ERROR_LOG_MS = 5000, MEMBER_BYTES = 256 };

struct feed_kafka {
	/* fixed after the start */
	struct feed_kafka_options options;
	rd_kafka_t *rk;
	rd_kafka_queue_t **shard_queues; /* owned; one a shard */
	rd_kafka_message_t ***taken;     /* owned; a shard's array, grown to the largest `most` */
	size_t *taken_room;
	pthread_t thread;
	/* shared */
	_Atomic bool stopping, assigned, down;
	pthread_mutex_t lock;
	char why[WHY_BYTES]; /* the last error, under the lock */
	/* owned by the thread */
	int64_t error_logged_ms;
	rd_kafka_topic_partition_list_t *ours; /* owned; what the group gave us; NULL: nothing */
	struct feed_start *starts;             /* owned; of ours */
	bool catching_up;                      /* only the decided is read, of those that lack it */
};

static const struct kafka_property defaults[] = {
	{"client.id", "huqi"},
	{"group.id", "huqi"},
	{"enable.auto.commit", "false"}, /* the truth is in SQLite */
	{"enable.auto.offset.store", "false"},
	{"auto.offset.reset", "earliest"},
	{"partition.assignment.strategy", "range"},
	{"allow.auto.create.topics", "false"},
	{"check.crcs", "true"},
	{"enable.partition.eof", "true"}, /* tells when what is read again has come to an end */
	{"fetch.min.bytes", "1"},
	{"fetch.wait.max.ms", "100"},
	{"queued.min.messages", "2000"},
	{"queued.max.messages.kbytes", "8192"}, /* a partition */
	{"fetch.message.max.bytes", "4194304"}, /* few, large fetches: a third of the broker's work */
#if RD_KAFKA_VERSION >= 0x020200ff
	{"fetch.queue.backoff.ms", "1"},
#endif
	{"reconnect.backoff.max.ms", "2000"},
	{"topic.metadata.refresh.interval.ms", "10000"}, /* a topic made later is found soon */
	{NULL, NULL},
};

static unsigned feed_of_topic(const struct settings *settings, const char *topic)
{
	int i = 0;

	while (i < settings->feed_count && strcmp(settings->feeds[i].topic, topic) != 0)
		i++;
	return (unsigned)i;
}

/* Where each partition begins, agreed with whoever started the feed. The caller frees. */
static struct feed_start *starts_of(struct feed_kafka *feed, const rd_kafka_topic_partition_list_t *partitions)
{
	struct feed_start *starts = calloc((size_t)partitions->cnt + 1, sizeof(*starts));

	if (starts == NULL)
		die("out of memory: %d partitions", partitions->cnt);
	for (int i = 0; i < partitions->cnt; i++)
		starts[i] = feed->options.start_of(feed->options.arg, slice_of(partitions->elems[i].topic),
		                                   partitions->elems[i].partition);
	kafka_starts_settle(feed->rk, partitions, feed->options.settings->engine_rebuild_ms, starts);
	return starts;
}

/* The partition's queue, forwarded to its shard's; NULL where librdkafka has none. The caller destroys. */
static rd_kafka_queue_t *forward(struct feed_kafka *feed, const rd_kafka_topic_partition_t *p)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_get_partition(feed->rk, p->topic, p->partition);

	if (queue != NULL)
		rd_kafka_queue_forward(queue, feed->shard_queues[p->partition % feed->options.shards]);
	return queue;
}

/* Those that still lack something of the decided, or all. */
static rd_kafka_topic_partition_list_t *list_of(struct feed_kafka *feed, bool decided_only)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(feed->ours->cnt);

	for (int i = 0; i < feed->ours->cnt; i++) {
		const rd_kafka_topic_partition_t *p = &feed->ours->elems[i];
		const struct feed_start *start = &feed->starts[i];
		if (decided_only && (start->from < 0 || start->from >= start->decided))
			continue;
		rd_kafka_topic_partition_list_add(list, p->topic, p->partition)->offset =
			start->from == FEED_BEGINNING ? RD_KAFKA_OFFSET_BEGINNING : start->from;
	}
	return list;
}

static void open_partition(struct feed_kafka *feed, int i, bool decided_only)
{
	const rd_kafka_topic_partition_t *p = &feed->ours->elems[i];
	const struct settings *settings = feed->options.settings;
	struct feed_start *start = &feed->starts[i];

	start->decided_only = decided_only;
	feed->options.opened(feed->options.arg, settings->feeds[feed_of_topic(settings, p->topic)].topic,
	                     p->partition, start);
	log_event(LOG_INFO, "feed",
	          decided_only ? "a partition is read again, for the accounts' memory" : "a partition is ours",
	          "topic", "%s", p->topic, "partition", "%d", p->partition, "from", "%lld",
	          (long long)start->from, "decided", "%lld", (long long)start->decided, NULL);
}

/* Returns how many partitions are read now. */
static int read_on(struct feed_kafka *feed, bool decided_only)
{
	rd_kafka_topic_partition_list_t *list = list_of(feed, decided_only);
	/* Held until after the assignment, so that each forwarding lives until its partition is there. */
	rd_kafka_queue_t **queues = calloc((size_t)list->cnt + 1, sizeof(*queues));
	int count = list->cnt;

	if (queues == NULL)
		die("out of memory: %d partitions", count);
	for (int i = 0; i < feed->ours->cnt; i++)
		if (!decided_only || rd_kafka_topic_partition_list_find(list, feed->ours->elems[i].topic,
		                                                        feed->ours->elems[i].partition) != NULL)
			open_partition(feed, i, decided_only);
	for (int i = 0; i < count; i++)
		queues[i] = forward(feed, &list->elems[i]);
	if (count > 0 || !decided_only)
		rd_kafka_assign(feed->rk, list);
	for (int i = 0; i < count; i++)
		if (queues[i] != NULL)
			rd_kafka_queue_destroy(queues[i]);
	free(queues);
	rd_kafka_topic_partition_list_destroy(list);
	return count;
}

static void read_all(struct feed_kafka *feed)
{
	feed->catching_up = false;
	read_on(feed, false);
	atomic_store(&feed->assigned, feed->ours->cnt > 0);
}

static void forget_ours(struct feed_kafka *feed)
{
	if (feed->ours != NULL)
		rd_kafka_topic_partition_list_destroy(feed->ours);
	free(feed->starts);
	feed->ours = NULL;
	feed->starts = NULL;
	feed->catching_up = false;
}

/* What memory lacks of the decided comes first, of all partitions; new messages wait (positions.h). */
static void assign(struct feed_kafka *feed, const rd_kafka_topic_partition_list_t *partitions)
{
	forget_ours(feed);
	feed->ours = rd_kafka_topic_partition_list_copy(partitions);
	feed->starts = starts_of(feed, partitions);
	feed->catching_up = read_on(feed, true) > 0;
	if (!feed->catching_up)
		read_all(feed);
}

/* The decided is all there: lets go of it, so that nothing is under way, and goes on from there with everything. */
static void end_catching_up(struct feed_kafka *feed)
{
	rd_kafka_topic_partition_list_t *none = rd_kafka_topic_partition_list_new(0);

	rd_kafka_assign(feed->rk, none);
	rd_kafka_topic_partition_list_destroy(none);
	feed->options.settle(feed->options.arg);
	for (int i = 0; i < feed->ours->cnt; i++)
		if (feed->starts[i].from >= 0 && feed->starts[i].from < feed->starts[i].decided)
			feed->starts[i].from = feed->starts[i].decided;
	read_all(feed);
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t err,
                         rd_kafka_topic_partition_list_t *partitions, void *arg)
{
	struct feed_kafka *feed = arg;

	count(COUNT_REBALANCES);
	if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
		assign(feed, partitions);
		return;
	}
	log_event(LOG_INFO, "feed", "partitions are taken away", "partitions", "%d", partitions->cnt, NULL);
	atomic_store(&feed->assigned, false);
	rd_kafka_assign(rk, NULL);
	feed->options.settle(feed->options.arg);
	forget_ours(feed);
}

/* `weak` words do not take the place of what is there. */
static void remember_why(struct feed_kafka *feed, const char *text, bool weak)
{
	pthread_mutex_lock(&feed->lock);
	if (!weak || feed->why[0] == '\0')
		snprintf(feed->why, sizeof(feed->why), "%s", text);
	pthread_mutex_unlock(&feed->lock);
}

/* One line each few seconds while a broker is away; a wrong password is said as such. */
static void on_error(rd_kafka_t *rk, int err, const char *reason, void *arg)
{
	struct feed_kafka *feed = arg;
	bool login = err == RD_KAFKA_RESP_ERR__AUTHENTICATION,
	     all_down = err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
	char words[WHY_BYTES];

	(void)rk;
	count(all_down ? COUNT_BROKER_DOWN : COUNT_FEED_ERRORS);
	if (all_down)
		atomic_store(&feed->down, true);
	snprintf(words, sizeof(words), "%s%s",
	         login ? "the broker refuses the login; check kafka.sasl.username, kafka.sasl.password and "
	                 "kafka.sasl.mechanism: "
	               : "",
	         reason);
	/* That all are down says less than what went before it. */
	remember_why(feed, words, all_down);
	if (!login && clock_steady_ms() - feed->error_logged_ms < ERROR_LOG_MS)
		return;
	feed->error_logged_ms = clock_steady_ms();
	log_event(LOG_WARN, "feed",
	          login ? "the broker refuses the login" : "Kafka does not answer; trying on for ever",
	          "why", "%s", words, NULL);
}

/* A stored offset that the broker no longer has: read from the earliest there is, and say so. */
static void on_partition_error(struct feed_kafka *feed, const rd_kafka_message_t *message)
{
	const char *topic = message->rkt != NULL ? rd_kafka_topic_name(message->rkt) : "";

	if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
		return;
	if (message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE ||
	    message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
		count(COUNT_OFFSET_GAPS);
	else
		count(COUNT_FEED_ERRORS);
	remember_why(feed, rd_kafka_message_errstr(message), false);
	log_event(LOG_WARN, "feed", "a partition reports an error", "topic", "%s", topic, "partition", "%d",
	          (int)message->partition, "why", "%s", rd_kafka_message_errstr(message), NULL);
}

/*
 * Is a broker back? Asked while all are down. Messages are no sign of it: what was fetched before goes on being taken
 * from the queues, and a quiet feed has none.
 */
static void ask_broker(struct feed_kafka *feed)
{
	const struct rd_kafka_metadata *seen;

	if (rd_kafka_metadata(feed->rk, 0, NULL, &seen, POLL_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
		return;
	rd_kafka_metadata_destroy(seen);
	atomic_store(&feed->down, false);
	log_event(LOG_INFO, "feed", "Kafka answers again", NULL);
}

static void *feed_main(void *arg)
{
	struct feed_kafka *feed = arg;

	pthread_setname_np(pthread_self(), "feed");
	while (!atomic_load(&feed->stopping)) {
		rd_kafka_message_t *message =
			rd_kafka_consumer_poll(feed->rk, feed->catching_up ? CATCH_UP_POLL_MS : POLL_MS);
		if (feed->catching_up && feed->options.behind(feed->options.arg) == 0)
			end_catching_up(feed);
		if (atomic_load(&feed->down))
			ask_broker(feed);
		if (message == NULL)
			continue;
		if (message->err != 0)
			on_partition_error(feed, message);
		else /* cannot be: see above; without it the message would be lost in silence */
			die("a message of %s arrived outside its shard's queue",
			    rd_kafka_topic_name(message->rkt));
		rd_kafka_message_destroy(message);
	}
	return NULL;
}

static int subscribe(struct feed_kafka *feed, struct error *error)
{
	const struct settings *settings = feed->options.settings;
	rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(settings->feed_count);
	rd_kafka_resp_err_t err;

	for (int i = 0; i < settings->feed_count; i++)
		rd_kafka_topic_partition_list_add(topics, settings->feeds[i].topic, RD_KAFKA_PARTITION_UA);
	err = rd_kafka_subscribe(feed->rk, topics);
	rd_kafka_topic_partition_list_destroy(topics);
	return err == 0 ? 0 : error_set(error, "Kafka: cannot subscribe: %s", rd_kafka_err2str(err));
}

/*
 * A static member of the group, unless the settings name one: after a crash the broker knows us again and hands the
 * partitions back at once, where a new member would wait until the dead one's session is over (44 s, measured). The
 * name stands for this store on this machine, because that is where the offsets are.
 */
static void name_member(rd_kafka_conf_t *conf, const struct settings *settings)
{
	char name[MEMBER_BYTES] = "", host[MEMBER_BYTES] = "";
	size_t size = sizeof(name);
	char *path;

	if (rd_kafka_conf_get(conf, "group.instance.id", name, &size) == RD_KAFKA_CONF_OK && name[0] != '\0')
		return;
	path = realpath(settings->store_path, NULL);
	gethostname(host, sizeof(host) - 1);
	snprintf(name, sizeof(name), "huqi-%016llx",
	         (unsigned long long)XXH3_64bits_withSeed(
			 host, strlen(host), path != NULL ? XXH3_64bits(path, strlen(path)) : 0));
	free(path);
	rd_kafka_conf_set(conf, "group.instance.id", name, NULL, 0);
}

static int client_new(struct feed_kafka *feed, struct error *error)
{
	rd_kafka_conf_t *conf = kafka_conf_new(defaults, feed->options.settings, true, error);
	char reason[WHY_BYTES];

	if (conf == NULL)
		return -1;
	name_member(conf, feed->options.settings);
	rd_kafka_conf_set_opaque(conf, feed);
	rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
	rd_kafka_conf_set_error_cb(conf, on_error);
	feed->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason, sizeof(reason));
	if (feed->rk == NULL) {
		rd_kafka_conf_destroy(conf);
		return error_set(error, "Kafka: %s", reason);
	}
	rd_kafka_poll_set_consumer(feed->rk);
	return 0;
}

int feed_kafka_start(const struct feed_kafka_options *options, struct feed_kafka **feed_r,
                     struct error *error)
{
	struct feed_kafka *feed = calloc(1, sizeof(*feed));
	size_t shards = (size_t)options->shards;

	if (feed == NULL)
		die("out of memory: the Kafka feed");
	feed->options = *options;
	pthread_mutex_init(&feed->lock, NULL);
	if (client_new(feed, error) == -1) {
		free(feed);
		return -1;
	}
	feed->shard_queues = calloc(shards, sizeof(*feed->shard_queues));
	feed->taken = calloc(shards, sizeof(*feed->taken));
	feed->taken_room = calloc(shards, sizeof(*feed->taken_room));
	if (feed->shard_queues == NULL || feed->taken == NULL || feed->taken_room == NULL)
		die("out of memory: the Kafka feed");
	for (size_t i = 0; i < shards; i++)
		feed->shard_queues[i] = rd_kafka_queue_new(feed->rk);
	if (subscribe(feed, error) == -1 || pthread_create(&feed->thread, NULL, feed_main, feed) != 0) {
		rd_kafka_destroy(feed->rk);
		return -1;
	}
	*feed_r = feed;
	return 0;
}

static rd_kafka_message_t **taken_get(struct feed_kafka *feed, int shard, size_t most)
{
	if (feed->taken_room[shard] < most) {
		feed->taken[shard] = realloc(feed->taken[shard], most * sizeof(**feed->taken));
		if (feed->taken[shard] == NULL)
			die("out of memory: a batch of %zu messages", most);
		feed->taken_room[shard] = most;
	}
	return feed->taken[shard];
}

/*
 * What waits, at once; where nothing does, the first message that comes and what came with it. A plain batch call
 * would sit on a message until the batch is full or the time is up.
 */
static ssize_t take_waiting(rd_kafka_queue_t *queue, rd_kafka_message_t **taken, size_t most, int timeout_ms)
{
	ssize_t got = rd_kafka_consume_batch_queue(queue, 0, taken, most), more;

	if (got != 0)
		return got;
	got = rd_kafka_consume_batch_queue(queue, timeout_ms, taken, 1);
	if (got <= 0 || most == 1)
		return got;
	more = rd_kafka_consume_batch_queue(queue, 0, taken + got, most - (size_t)got);
	return more > 0 ? got + more : got;
}

size_t feed_kafka_take(struct feed_kafka *feed, int shard, struct feed_message *messages, size_t most,
                       int timeout_ms)
{
	rd_kafka_message_t **taken = taken_get(feed, shard, most);
	ssize_t got = take_waiting(feed->shard_queues[shard], taken, most, timeout_ms);
	const rd_kafka_topic_t *topic = NULL;
	size_t n = 0;
	unsigned number = 0;

	for (ssize_t i = 0; i < got; i++) {
		rd_kafka_message_t *m = taken[i];
		bool ended = m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
		if (m->err != 0 && !ended) {
			on_partition_error(feed, m);
			rd_kafka_message_destroy(m);
			continue;
		}
		if (m->rkt != topic) {
			topic = m->rkt;
			number = feed_of_topic(feed->options.settings, rd_kafka_topic_name(topic));
		}
		messages[n++] = (struct feed_message){
			.feed = number,
			.source = slice_of(feed->options.settings->feeds[number].topic),
			.partition = m->partition,
			.offset = m->offset,
			.key = {m->key, ended ? 0 : (uint32_t)m->key_len},
			.payload = {m->payload, ended ? 0 : (uint32_t)m->len},
			.ended = ended,
			.native = m,
		};
	}
	return n;
}

void feed_kafka_release(struct feed_kafka *feed, struct feed_message *messages, size_t n)
{
	(void)feed;
	for (size_t i = 0; i < n; i++)
		rd_kafka_message_destroy(messages[i].native);
}

bool feed_kafka_ready(struct feed_kafka *feed, struct error *why)
{
	if (atomic_load(&feed->assigned) && !atomic_load(&feed->down))
		return true;
	pthread_mutex_lock(&feed->lock);
	error_set(why, "%s%s%s",
	          atomic_load(&feed->down) ? "no broker answers" : "no partition is assigned yet",
	          feed->why[0] != '\0' ? ": " : "", feed->why);
	pthread_mutex_unlock(&feed->lock);
	return false;
}

void feed_kafka_stop(struct feed_kafka **feed_p, int64_t deadline_ms)
{
	struct feed_kafka *feed = *feed_p;
	int64_t until_ms = clock_steady_ms() + deadline_ms;
	rd_kafka_queue_t *queue;

	if (feed == NULL)
		return;
	atomic_store(&feed->stopping, true);
	pthread_join(feed->thread, NULL);
	/* Close through a queue, since rd_kafka_consumer_close() can block without a broker. */
	queue = rd_kafka_queue_new(feed->rk);
	rd_kafka_error_destroy(rd_kafka_consumer_close_queue(feed->rk, queue));
	while (!rd_kafka_consumer_closed(feed->rk) && clock_steady_ms() < until_ms) {
		rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 50);
		if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE)
			rd_kafka_assign(feed->rk, NULL);
		rd_kafka_event_destroy(event);
	}
	rd_kafka_queue_destroy(queue);
	for (int i = 0; i < feed->options.shards; i++) {
		rd_kafka_queue_destroy(feed->shard_queues[i]);
		free(feed->taken[i]);
	}
	/* Past the deadline the client is left to the end of the process rather than waited for. */
	if (rd_kafka_consumer_closed(feed->rk))
		rd_kafka_destroy(feed->rk);
	forget_ours(feed);
	free(feed->shard_queues);
	free(feed->taken);
	free(feed->taken_room);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
	*feed_p = NULL;
}
