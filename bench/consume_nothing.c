/*
 * The floor of the benchmark: a librdkafka consumer that looks at no byte of what it gets.
 *
 *   consume_nothing [-X PROPERTY=VALUE]... TOPIC THREADS
 *
 * It reads every partition of TOPIC from its first message to the end it had at the start, in batches, from
 * queues that the partitions are dealt to, a thread a queue: the way with the least CPU time that librdkafka
 * offers, and the one that huqi uses. What huqi costs beyond this is huqi's own.
 *
 * Prints one JSON object: messages, bytes, seconds from the first message to the last, CPU microseconds of
 * the whole process, peak memory in KiB. Leaves out: offsets, groups, errors other than "give up".
 */
#include <librdkafka/rdkafka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define BATCH_MESSAGES 1024
#define PARTITIONS_MAX 64
#define THREADS_MAX 16
#define SILENCE_MAX_MS 30000
#define WAIT_MS 5
#define QUERY_MS 10000

static struct {
	atomic_int partitions_left;
	_Atomic int64_t first_ns, last_ns;
} shared;

struct reader {
	pthread_t thread;
	rd_kafka_queue_t *queue; /* owned */
	int64_t messages, bytes;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "consume_nothing: %s: %s\n", what, why);
	exit(1);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void take(struct reader *r, rd_kafka_message_t *m)
{
	if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
		atomic_fetch_sub(&shared.partitions_left, 1);
	else if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR)
		die("message", rd_kafka_message_errstr(m));
	else {
		r->messages++;
		r->bytes += (int64_t)m->len;
	}
	rd_kafka_message_destroy(m);
}

static void *read_queue(void *argument)
{
	rd_kafka_message_t *batch[BATCH_MESSAGES];
	struct reader *r = argument;
	int64_t last = now_ns();

	while (atomic_load(&shared.partitions_left) > 0) {
		ssize_t count = rd_kafka_consume_batch_queue(r->queue, WAIT_MS, batch, BATCH_MESSAGES);
		int64_t now = now_ns(), before = r->messages;

		for (ssize_t i = 0; i < count; i++)
			take(r, batch[i]);
		/* The news of a partition's end comes a fetch later than its last message, and is no message. */
		if (r->messages > before) {
			int64_t none = 0;

			atomic_compare_exchange_strong(&shared.first_ns, &none, now);
			atomic_store(&shared.last_ns, now_ns());
			last = now;
		} else if (now - last > SILENCE_MAX_MS * 1000000LL) {
			die("topic", "silent before its end");
		}
	}
	return NULL;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char why[256];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) != RD_KAFKA_CONF_OK)
		die(name, why);
}

static rd_kafka_conf_t *properties(int *argc, char ***argv)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();

	set(conf, "group.id", "consume-nothing");
	set(conf, "enable.auto.commit", "false");
	set(conf, "enable.auto.offset.store", "false");
	set(conf, "enable.partition.eof", "true");
	while (*argc > 2 && strcmp((*argv)[0], "-X") == 0) {
		char *equals = strchr((*argv)[1], '=');

		if (equals == NULL)
			die((*argv)[1], "expected PROPERTY=VALUE");
		*equals = '\0';
		set(conf, (*argv)[1], equals + 1);
		*argc -= 2;
		*argv += 2;
	}
	return conf;
}

static int count_partitions(rd_kafka_t *rk, const char *topic)
{
	rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
	const struct rd_kafka_metadata *seen;
	rd_kafka_resp_err_t err = rd_kafka_metadata(rk, 0, handle, &seen, QUERY_MS);
	int count;

	if (err != RD_KAFKA_RESP_ERR_NO_ERROR || seen->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR)
		die(topic, err ? rd_kafka_err2str(err) : rd_kafka_err2str(seen->topics[0].err));
	count = seen->topics[0].partition_cnt;
	rd_kafka_metadata_destroy(seen);
	rd_kafka_topic_destroy(handle);
	return count <= PARTITIONS_MAX ? count : PARTITIONS_MAX;
}

/* Partitions go to the readers in turn, as cards are dealt. */
static void assign(rd_kafka_t *rk, const char *topic, struct reader *readers, int threads)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(PARTITIONS_MAX);
	int count = count_partitions(rk, topic);

	for (int p = 0; p < count; p++)
		rd_kafka_topic_partition_list_add(list, topic, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
	atomic_store(&shared.partitions_left, count);
	for (int p = 0; p < count; p++) {
		rd_kafka_queue_t *queue = rd_kafka_queue_get_partition(rk, topic, p);

		rd_kafka_queue_forward(queue, readers[p % threads].queue);
		rd_kafka_queue_destroy(queue);
	}
	rd_kafka_assign(rk, list);
	rd_kafka_topic_partition_list_destroy(list);
}

static void report(const struct reader *readers, int threads)
{
	int64_t messages = 0, bytes = 0;
	struct rusage used;

	for (int i = 0; i < threads; i++) {
		messages += readers[i].messages;
		bytes += readers[i].bytes;
	}
	getrusage(RUSAGE_SELF, &used);
	printf("{\"messages\":%lld,\"bytes\":%lld,\"seconds\":%.3f,\"cpu_us\":%lld,\"peak_kib\":%ld}\n",
		(long long)messages, (long long)bytes, (double)(shared.last_ns - shared.first_ns) / 1e9,
		(long long)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL +
			used.ru_utime.tv_usec + used.ru_stime.tv_usec, used.ru_maxrss);
}

int main(int argc, char **argv)
{
	struct reader readers[THREADS_MAX] = {0};
	rd_kafka_conf_t *conf;
	char why[256];
	rd_kafka_t *rk;
	int threads;

	argc--, argv++;
	conf = properties(&argc, &argv);
	threads = argc == 2 ? atoi(argv[1]) : 0;
	if (threads < 1 || threads > THREADS_MAX) {
		fputs("usage: consume_nothing [-X PROPERTY=VALUE]... TOPIC THREADS\n", stderr);
		return 2;
	}
	rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
	if (rk == NULL)
		die("no consumer", why);
	for (int i = 0; i < threads; i++)
		readers[i].queue = rd_kafka_queue_new(rk);
	assign(rk, argv[0], readers, threads);
	for (int i = 0; i < threads; i++)
		pthread_create(&readers[i].thread, NULL, read_queue, &readers[i]);
	for (int i = 0; i < threads; i++) {
		pthread_join(readers[i].thread, NULL);
		rd_kafka_queue_destroy(readers[i].queue);
	}
	report(readers, threads);
	rd_kafka_consumer_close(rk);
	rd_kafka_destroy(rk);
	return 0;
}
