/*
 * What the tests do to a broker from outside: make topics, put messages in, read all of them back.
 *
 *   kafka_tool [-X PROPERTY=VALUE]... create TOPIC PARTITIONS [CONFIG=VALUE]...
 *   kafka_tool [-X PROPERTY=VALUE]... produce             frames on standard input
 *   kafka_tool [-X PROPERTY=VALUE]... lines TOPIC FILE... transactions, one JSON a line, keyed by account
 *   kafka_tool [-X PROPERTY=VALUE]... read TOPIC          frames on standard output, all up to the end
 *   kafka_tool [-X PROPERTY=VALUE]... ends TOPIC          "partition first next", a line each
 *
 * A frame of `produce` is a head line "TOPIC PARTITION KEYBYTES VALUEBYTES\n", then the key and the value as
 * they are; PARTITION -1 leaves the choice to the key. One of `read` is "PARTITION OFFSET KEYBYTES VALUEBYTES
 * HEADERS\n", key, value, and for each header "NAMEBYTES VALUEBYTES\n", name, value. Lengths go before bytes
 * because payloads hold line ends, GB18030 and, among the malformed, anything.
 *
 * It shares no code with huqi, so that a mistake there is not made here a second time.
 * Exit status: 0 done, 1 not done with a line on standard error, 2 wrong usage.
 */
#include <librdkafka/rdkafka.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADMIN_TIMEOUT_MS 30000
#define FLUSH_TIMEOUT_MS 120000
#define SILENCE_MAX_MS 30000
#define PARTITIONS_MAX 256
#define PAYLOAD_BYTES_MAX (8 << 20)
#define CONFIG_ENTRIES_MAX 16

static long failed_deliveries;

static _Noreturn void die(const char *format, ...)
{
	va_list list;

	fputs("kafka_tool: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	exit(1);
}

static _Noreturn void usage(void)
{
	fputs("usage: kafka_tool [-X PROPERTY=VALUE]... create TOPIC PARTITIONS [CONFIG=VALUE]... | produce |\n"
	      "       lines TOPIC FILE... | read TOPIC | ends TOPIC\n", stderr);
	exit(2);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char why[256];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) != RD_KAFKA_CONF_OK)
		die("property %s=%s: %s", name, value, why);
}

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	(void)rk, (void)opaque;
	if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR)
		return;
	if (failed_deliveries++ == 0)
		fprintf(stderr, "kafka_tool: a message was not delivered: %s\n", rd_kafka_err2str(m->err));
}

static rd_kafka_t *open_client(rd_kafka_type_t type, rd_kafka_conf_t *conf)
{
	char why[256];
	rd_kafka_t *rk = rd_kafka_new(type, conf, why, sizeof(why));

	if (rk == NULL)
		die("no client: %s", why);
	return rk;
}

static rd_kafka_t *open_producer(rd_kafka_conf_t *conf)
{
	set(conf, "linger.ms", "5");
	set(conf, "compression.type", "lz4");
	set(conf, "enable.idempotence", "true");
	set(conf, "log_level", "3");
	set(conf, "queue.buffering.max.messages", "500000");
	rd_kafka_conf_set_dr_msg_cb(conf, delivered);
	return open_client(RD_KAFKA_PRODUCER, conf);
}

/* -- create ------------------------------------------------------------------------------------------ */

static void await_creation(rd_kafka_queue_t *queue, const char *topic)
{
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ADMIN_TIMEOUT_MS);
	const rd_kafka_topic_result_t **results;
	size_t count;

	if (event == NULL || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
		die("topic %s: %s", topic, event ? rd_kafka_event_error_string(event) : "the broker did not answer");
	results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
	for (size_t i = 0; i < count; i++)
		if (rd_kafka_topic_result_error(results[i]) != RD_KAFKA_RESP_ERR_NO_ERROR)
			die("topic %s: %s", topic, rd_kafka_topic_result_error_string(results[i]));
	rd_kafka_event_destroy(event);
}

/* The answer to a creation may come before the partition has its leader; producing at once would wait. */
static void await_leaders(rd_kafka_t *rk, const char *topic, int partitions)
{
	for (int try = 0; try < 100; try++) {
		rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
		const struct rd_kafka_metadata *seen;
		int leaders = 0;

		if (rd_kafka_metadata(rk, 0, handle, &seen, ADMIN_TIMEOUT_MS) == RD_KAFKA_RESP_ERR_NO_ERROR) {
			for (int p = 0; seen->topic_cnt == 1 && p < seen->topics[0].partition_cnt; p++)
				leaders += seen->topics[0].partitions[p].leader >= 0;
			rd_kafka_metadata_destroy(seen);
		}
		rd_kafka_topic_destroy(handle);
		if (leaders == partitions)
			return;
		rd_kafka_poll(rk, 100);
	}
	die("topic %s: its partitions have no leader after 10 s", topic);
}

static void create(rd_kafka_conf_t *conf, int count, char **arguments)
{
	char why[256];
	const char *topic = arguments[0];
	int partitions = count >= 2 ? atoi(arguments[1]) : 0;
	rd_kafka_NewTopic_t *wanted;
	rd_kafka_queue_t *queue;
	rd_kafka_t *rk;

	if (partitions < 1 || partitions > PARTITIONS_MAX || count - 2 > CONFIG_ENTRIES_MAX)
		usage();
	rk = open_client(RD_KAFKA_PRODUCER, conf);
	queue = rd_kafka_queue_new(rk);
	wanted = rd_kafka_NewTopic_new(topic, partitions, 1, why, sizeof(why));
	if (wanted == NULL)
		die("topic %s: %s", topic, why);
	for (int i = 2; i < count; i++) {
		char *equals = strchr(arguments[i], '=');

		if (equals == NULL)
			usage();
		*equals = '\0';
		rd_kafka_NewTopic_set_config(wanted, arguments[i], equals + 1);
	}
	rd_kafka_CreateTopics(rk, &wanted, 1, NULL, queue);
	await_creation(queue, topic);
	await_leaders(rk, topic, partitions);
	rd_kafka_NewTopic_destroy(wanted);
	rd_kafka_queue_destroy(queue);
	rd_kafka_destroy(rk);
}

/* -- produce, lines ----------------------------------------------------------------------------------- */

static void put(rd_kafka_t *rk, const char *topic, int partition, const void *key, size_t key_len,
		void *value, size_t value_len)
{
	for (;;) {
		rd_kafka_resp_err_t err = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic),
			RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
			RD_KAFKA_V_KEY(key, key_len), RD_KAFKA_V_VALUE(value, value_len), RD_KAFKA_V_END);

		if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
			break;
		if (err != RD_KAFKA_RESP_ERR__QUEUE_FULL)
			die("topic %s: %s", topic, rd_kafka_err2str(err));
		rd_kafka_poll(rk, 100);
	}
	rd_kafka_poll(rk, 0);
}

static void close_producer(rd_kafka_t *rk)
{
	if (rd_kafka_flush(rk, FLUSH_TIMEOUT_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
		die("%d messages were not delivered within %d s", rd_kafka_outq_len(rk), FLUSH_TIMEOUT_MS / 1000);
	rd_kafka_destroy(rk);
	if (failed_deliveries > 0)
		die("%ld messages were not delivered", failed_deliveries);
}

static void produce(rd_kafka_conf_t *conf)
{
	rd_kafka_t *rk = open_producer(conf);
	char *payload = malloc(PAYLOAD_BYTES_MAX), topic[256];
	int partition;
	size_t key_len, value_len;

	if (payload == NULL)
		die("out of memory");
	while (scanf("%255s %d %zu %zu", topic, &partition, &key_len, &value_len) == 4) {
		if (getchar() != '\n' || key_len + value_len > PAYLOAD_BYTES_MAX)
			die("a frame's head is wrong or over %d bytes", PAYLOAD_BYTES_MAX);
		if (fread(payload, 1, key_len + value_len, stdin) != key_len + value_len)
			die("the input ends inside a frame");
		put(rk, topic, partition, key_len ? payload : NULL, key_len, payload + key_len, value_len);
	}
	if (!feof(stdin))
		die("the input is not a row of frames");
	free(payload);
	close_producer(rk);
}

/* The first "account" of a simulated line is the transaction's own, so no full parser is needed. */
static const char *account_in(const char *line, size_t *len)
{
	static const char name[] = "\"account\":";
	const char *at = strstr(line, name);

	*len = 0;
	if (at == NULL)
		return NULL;
	at += strlen(name);
	at += strspn(at, " \"");
	*len = strcspn(at, "\"");
	return at;
}

static void lines(rd_kafka_conf_t *conf, int count, char **arguments)
{
	rd_kafka_t *rk = open_producer(conf);
	char *line = NULL;
	size_t room = 0, key_len;

	for (int i = 1; i < count; i++) {
		FILE *file = fopen(arguments[i], "r");
		ssize_t len;

		if (file == NULL)
			die("%s: %s", arguments[i], strerror(errno));
		while ((len = getline(&line, &room, file)) > 0) {
			const char *key;

			if (line[len - 1] == '\n')
				line[--len] = '\0';
			key = account_in(line, &key_len);
			put(rk, arguments[0], RD_KAFKA_PARTITION_UA, key, key_len, line, (size_t)len);
		}
		fclose(file);
	}
	free(line);
	close_producer(rk);
}

/* -- ends, read --------------------------------------------------------------------------------------- */

static int partition_count(rd_kafka_t *rk, const char *topic)
{
	rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
	const struct rd_kafka_metadata *seen;
	rd_kafka_resp_err_t err = rd_kafka_metadata(rk, 0, handle, &seen, ADMIN_TIMEOUT_MS);
	int count = 0;

	if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
		err = seen->topics[0].err;
		count = seen->topics[0].partition_cnt;
		rd_kafka_metadata_destroy(seen);
	}
	rd_kafka_topic_destroy(handle);
	if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
		die("topic %s: %s", topic, rd_kafka_err2str(err));
	if (count > PARTITIONS_MAX)
		die("topic %s has more than %d partitions", topic, PARTITIONS_MAX);
	return count;
}

static void bounds(rd_kafka_t *rk, const char *topic, int partition, int64_t *first, int64_t *next)
{
	rd_kafka_resp_err_t err =
		rd_kafka_query_watermark_offsets(rk, topic, partition, first, next, ADMIN_TIMEOUT_MS);

	if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
		die("topic %s, partition %d: %s", topic, partition, rd_kafka_err2str(err));
}

static void ends(rd_kafka_conf_t *conf, const char *topic)
{
	rd_kafka_t *rk = open_client(RD_KAFKA_CONSUMER, conf);
	int count = partition_count(rk, topic);

	for (int p = 0; p < count; p++) {
		int64_t first, next;

		bounds(rk, topic, p, &first, &next);
		printf("%d %lld %lld\n", p, (long long)first, (long long)next);
	}
	rd_kafka_destroy(rk);
}

static void print_frame(const rd_kafka_message_t *m)
{
	rd_kafka_headers_t *headers = NULL;
	size_t count = 0, len;
	const char *name;
	const void *value;

	if (rd_kafka_message_headers(m, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR)
		count = rd_kafka_header_cnt(headers);
	printf("%d %lld %zu %zu %zu\n", m->partition, (long long)m->offset, m->key_len, m->len, count);
	fwrite(m->key, 1, m->key_len, stdout);
	fwrite(m->payload, 1, m->len, stdout);
	for (size_t i = 0; i < count; i++) {
		rd_kafka_header_get_all(headers, i, &name, &value, &len);
		printf("%zu %zu\n%s", strlen(name), len, name);
		fwrite(value, 1, len, stdout);
	}
}

/* Reads each partition up to the end it had at the start. Offsets can have gaps, so the end is an event. */
static void read_all(rd_kafka_conf_t *conf, const char *topic)
{
	rd_kafka_topic_partition_list_t *wanted = rd_kafka_topic_partition_list_new(1);
	int64_t first, next[PARTITIONS_MAX];
	int count, left = 0;
	rd_kafka_t *rk;

	set(conf, "group.id", "kafka_tool");
	set(conf, "enable.auto.commit", "false");
	set(conf, "enable.partition.eof", "true");
	rk = open_client(RD_KAFKA_CONSUMER, conf);
	rd_kafka_poll_set_consumer(rk);
	count = partition_count(rk, topic);
	for (int p = 0; p < count; p++) {
		bounds(rk, topic, p, &first, &next[p]);
		if (first == next[p])
			continue;
		rd_kafka_topic_partition_list_add(wanted, topic, p)->offset = first;
		left++;
	}
	rd_kafka_assign(rk, wanted);
	while (left > 0) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(rk, SILENCE_MAX_MS);

		if (m == NULL)
			die("topic %s: no message for %d s before the end", topic, SILENCE_MAX_MS / 1000);
		if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
			left--;
		else if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR)
			die("topic %s: %s", topic, rd_kafka_message_errstr(m));
		else if (m->offset < next[m->partition])
			print_frame(m);
		rd_kafka_message_destroy(m);
	}
	rd_kafka_topic_partition_list_destroy(wanted);
	rd_kafka_consumer_close(rk);
	rd_kafka_destroy(rk);
}

/* ----------------------------------------------------------------------------------------------------- */

static rd_kafka_conf_t *read_properties(int *argc, char ***argv)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();

	while (*argc > 2 && strcmp((*argv)[0], "-X") == 0) {
		char *equals = strchr((*argv)[1], '=');

		if (equals == NULL)
			usage();
		*equals = '\0';
		set(conf, (*argv)[1], equals + 1);
		*argc -= 2;
		*argv += 2;
	}
	return conf;
}

int main(int argc, char **argv)
{
	rd_kafka_conf_t *conf;

	argc--, argv++;
	conf = read_properties(&argc, &argv);
	if (argc >= 3 && strcmp(argv[0], "create") == 0)
		create(conf, argc - 1, argv + 1);
	else if (argc == 1 && strcmp(argv[0], "produce") == 0)
		produce(conf);
	else if (argc >= 3 && strcmp(argv[0], "lines") == 0)
		lines(conf, argc - 1, argv + 1);
	else if (argc == 2 && strcmp(argv[0], "read") == 0)
		read_all(conf, argv[1]);
	else if (argc == 2 && strcmp(argv[0], "ends") == 0)
		ends(conf, argv[1]);
	else
		usage();
	return fflush(stdout) == 0 ? 0 : 1;
}
