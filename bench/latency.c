/*
 * How long a transaction takes from the broker's log to a durable alert, under load.
 *
 *   latency [-X PROPERTY=VALUE]... TOPIC STORE RATE SECONDS TEXT FEED
 *
 * Sends the lines of FEED at RATE a second and among them PROBES_PER_SECOND probes: transactions of accounts
 * of their own, whose remark is TEXT, so that each raises an alert. The broker stamps each message as it
 * appends it (the topic has message.timestamp.type=LogAppendTime), and this program learns the stamp from the
 * delivery report. Meanwhile it reads the SQLite file STORE, as any reader may, until each probe's alert is in
 * it: that it can be read there means that its transaction was committed and synced.
 *
 * Stamps are whole milliseconds and the reader looks every half, so a latency reads up to 1.5 ms too long.
 *
 * Prints one JSON object: the rate that was reached, probes, those whose alert never came, p50, p99, longest.
 */
#include <librdkafka/rdkafka.h>

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PROBES_PER_SECOND 100
#define PROBES_MAX 60000
#define STEPS_PER_SECOND 200
#define LOOK_NS 500000
#define PATIENCE_SECONDS 30
#define PROBE_ACCOUNT "99%014d"

static struct {
	_Atomic int64_t append_ms[PROBES_MAX]; /* 0: not reported yet */
	int64_t seen_us[PROBES_MAX]; /* 0: no alert yet; the reader's */
	atomic_int sent;
	atomic_bool all_sent;
	double per_second; /* reached; valid once all_sent */
} shared;

struct plan {
	rd_kafka_t *rk;
	const char *topic, *text;
	int rate, seconds;
	FILE *feed;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "latency: %s: %s\n", what, why);
	exit(1);
}

static int64_t now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	intptr_t probe = (intptr_t)m->_private;

	(void)rk, (void)opaque;
	if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR)
		die("delivery", rd_kafka_err2str(m->err));
	if (probe > 0)
		atomic_store(&shared.append_ms[probe - 1], rd_kafka_message_timestamp(m, NULL));
}

static void put(struct plan *plan, const char *key, size_t key_len, char *line, size_t len, intptr_t probe)
{
	while (rd_kafka_producev(plan->rk, RD_KAFKA_V_TOPIC(plan->topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
			RD_KAFKA_V_KEY(key, key_len), RD_KAFKA_V_VALUE(line, len),
			RD_KAFKA_V_OPAQUE((void *)probe), RD_KAFKA_V_END) != RD_KAFKA_RESP_ERR_NO_ERROR)
		rd_kafka_poll(plan->rk, 1);
}

static void put_probe(struct plan *plan, int number)
{
	char line[1024], account[32];
	int len;

	snprintf(account, sizeof(account), PROBE_ACCOUNT, number);
	len = snprintf(line, sizeof(line), "{\"id\":\"probe-%d\",\"bank\":\"102100099996\",\"account\":\"%s\","
		"\"direction\":\"debit\",\"amount\":\"88000.00\",\"booked_at\":\"2026-03-02T09:15:04+08:00\","
		"\"counterparty\":{\"account\":\"62220000\",\"name\":\"张三\",\"kind\":\"person\"},"
		"\"channel\":\"online\",\"remark\":\"%s\"}", number, account, plan->text);
	put(plan, account, strlen(account), line, (size_t)len, number + 1);
	atomic_store(&shared.sent, number + 1);
}

static void put_line(struct plan *plan)
{
	static char *line;
	static size_t room;
	const char *account;
	ssize_t len = getline(&line, &room, plan->feed);

	if (len <= 0)
		die("feed", "too short for the rate and the seconds");
	line[--len] = '\0';
	account = strstr(line, "\"account\":\"");
	account = account ? account + strlen("\"account\":\"") : line;
	put(plan, account, strcspn(account, "\""), line, (size_t)len, 0);
}

static void *send_all(void *argument)
{
	struct plan *plan = argument;
	int64_t began = now_us(CLOCK_MONOTONIC);
	int steps = plan->seconds * STEPS_PER_SECOND, probes = 0;

	for (int step = 0; step < steps; step++) {
		int64_t due = began + step * (1000000LL / STEPS_PER_SECOND), now = now_us(CLOCK_MONOTONIC);

		if (now < due)
			nanosleep(&(struct timespec){.tv_nsec = (due - now) * 1000}, NULL);
		for (int i = 0; i < plan->rate / STEPS_PER_SECOND; i++)
			put_line(plan);
		if (step % (STEPS_PER_SECOND / PROBES_PER_SECOND) == 0)
			put_probe(plan, probes++);
		rd_kafka_poll(plan->rk, 0);
	}
	rd_kafka_flush(plan->rk, PATIENCE_SECONDS * 1000);
	shared.per_second = (double)steps * (plan->rate / STEPS_PER_SECOND) * 1e6 /
		(double)(now_us(CLOCK_MONOTONIC) - began);
	atomic_store(&shared.all_sent, true);
	return NULL;
}

/* Marks the alerts that came since `*last`; returns how many probes were seen for the first time. */
static int look(sqlite3_stmt *statement, int64_t *last)
{
	int64_t now;
	int found = 0, number;

	sqlite3_bind_int64(statement, 1, *last);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		*last = sqlite3_column_int64(statement, 0);
		if (sscanf((const char *)sqlite3_column_text(statement, 1), "99%14d", &number) != 1)
			continue;
		now = now_us(CLOCK_REALTIME);
		if (number >= 0 && number < PROBES_MAX && shared.seen_us[number] == 0) {
			shared.seen_us[number] = now;
			found++;
		}
	}
	sqlite3_reset(statement);
	return found;
}

static void watch(const char *store)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	int64_t last = 0, end = 0;
	int found = 0;

	if (sqlite3_open_v2(store, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		die(store, sqlite3_errmsg(db));
	sqlite3_busy_timeout(db, 1000);
	if (sqlite3_prepare_v2(db, "SELECT rowid, account FROM alert WHERE rowid > ?1 ORDER BY rowid", -1,
			&statement, NULL) != SQLITE_OK)
		die(store, sqlite3_errmsg(db));
	while (!atomic_load(&shared.all_sent) || found < atomic_load(&shared.sent)) {
		found += look(statement, &last);
		if (atomic_load(&shared.all_sent) && end == 0)
			end = now_us(CLOCK_MONOTONIC) + PATIENCE_SECONDS * 1000000LL;
		if (end != 0 && now_us(CLOCK_MONOTONIC) > end)
			break;
		nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
	}
	sqlite3_finalize(statement);
	sqlite3_close(db);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(void)
{
	static double ms[PROBES_MAX];
	int sent = atomic_load(&shared.sent), count = 0;

	for (int i = 0; i < sent; i++)
		if (shared.seen_us[i] != 0 && shared.append_ms[i] > 0)
			ms[count++] = (double)(shared.seen_us[i] - shared.append_ms[i] * 1000) / 1e3;
	qsort(ms, (size_t)count, sizeof(*ms), ascending);
	if (count == 0)
		die("probes", "not one of them raised an alert");
	printf("{\"per_second\":%.0f,\"probes\":%d,\"missing\":%d,", shared.per_second, sent, sent - count);
	printf("\"p50_ms\":%.1f,\"p99_ms\":%.1f,\"max_ms\":%.1f}\n", ms[count / 2], ms[count * 99 / 100],
		ms[count - 1]);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char why[256];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) != RD_KAFKA_CONF_OK)
		die(name, why);
}

int main(int argc, char **argv)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	struct plan plan = {0};
	pthread_t sender;
	char why[256];

	set(conf, "linger.ms", "1");
	set(conf, "compression.type", "lz4");
	for (argc--, argv++; argc > 2 && strcmp(argv[0], "-X") == 0; argc -= 2, argv += 2) {
		char *equals = strchr(argv[1], '=');

		if (equals == NULL)
			die(argv[1], "expected PROPERTY=VALUE");
		*equals = '\0';
		set(conf, argv[1], equals + 1);
	}
	if (argc != 6 || (plan.feed = fopen(argv[5], "r")) == NULL) {
		fputs("usage: latency [-X PROPERTY=VALUE]... TOPIC STORE RATE SECONDS TEXT FEED\n", stderr);
		return 2;
	}
	plan.topic = argv[0], plan.rate = atoi(argv[2]), plan.seconds = atoi(argv[3]), plan.text = argv[4];
	if (plan.seconds * PROBES_PER_SECOND > PROBES_MAX)
		die(argv[3], "too many seconds");
	rd_kafka_conf_set_dr_msg_cb(conf, delivered);
	plan.rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (plan.rk == NULL)
		die("no producer", why);
	pthread_create(&sender, NULL, send_all, &plan);
	watch(argv[1]);
	pthread_join(sender, NULL);
	report();
	rd_kafka_destroy(plan.rk);
	fclose(plan.feed);
	return 0;
}
