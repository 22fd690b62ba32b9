/* The API while the store is busy, blocked or full, and with many clients at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <pthread.h>

#include <cmocka.h>

#include "api_fixture.h"
#include "base/clock.h"
#include "store/store_sql.h"

enum { CLIENTS = 6, ROUNDS = 40 };

static int setup(void **state)
{
	static struct api_fixture f;
	static char body[] = "{\"id\":\"first\",\"account\":\"6222020200001234567\"}";
	struct alert_row row = store_fixture_alert("first", 1000);

	api_fixture_open(&f);
	row.body = slice_of(body);
	assert_int_equal(store_alert_put(f.store.store, &row, &f.store.error), 0);
	api_fixture_start(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	api_fixture_close(*state);
	return 0;
}

static int put_one(struct store *store, void *arg, struct error *error)
{
	char id[32];
	struct alert_row row;

	snprintf(id, sizeof(id), "alert-%d", *(int *)arg);
	row = store_fixture_alert(id, 2000 + *(int *)arg);
	return store_alert_put(store, &row, error);
}

static _Atomic bool writing;

static void *write_alerts(void *arg)
{
	struct api_fixture *f = arg;
	struct error error;

	for (int i = 0; writing; i++)
		if (store_run(f->store.writer, put_one, &i, &error) == -1)
			return "a write failed";
	return NULL;
}

/* Asks on a raw socket, since the fixture's client is one thread's. NULL, or what went wrong. */
static void *read_alerts(void *arg)
{
	static const char *const targets[] = {"/api/v1/alerts?limit=20", "/api/v1/alerts/first", "/metrics", "/api/v1/stats",
		"/api/v1/alerts/first?reveal=x", "/healthz"};
	struct api_fixture *f = arg;
	char request[300], *answer = malloc(1 << 20), *wrong = NULL;

	for (int i = 0; i < ROUNDS && wrong == NULL; i++) {
		int fd = api_connect(f);
		snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
			API_TOKEN "\r\n\r\n", targets[i % 6]);
		api_send(fd, request);
		api_receive(fd, answer, 1 << 20, 20000);
		if (strncmp(answer, "HTTP/1.1 200 OK\r\n", 17) != 0)
			wrong = "no 200";
		close(fd);
	}
	free(answer);
	return wrong;
}

/* Clients read and reveal while alerts come in: every answer is whole; the audit chain holds each reveal. */
static void many_clients_while_the_store_writes(void **state)
{
	struct api_fixture *f = *state;
	pthread_t writer, clients[CLIENTS];
	struct store *reader;
	void *wrong;
	int64_t rows;

	writing = true;
	assert_int_equal(pthread_create(&writer, NULL, write_alerts, f), 0);
	for (int i = 0; i < CLIENTS; i++)
		assert_int_equal(pthread_create(&clients[i], NULL, read_alerts, f), 0);
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(clients[i], &wrong);
		if (wrong != NULL)
			fail_msg("%s", (char *)wrong);
	}
	writing = false;
	pthread_join(writer, &wrong);
	assert_null(wrong);
	assert_int_equal(store_open_reader(f->store.path, NULL, &reader, &f->store.error), 0);
	assert_int_equal(store_audit_verify(reader, &rows, &f->store.error), 0);
	assert_int_equal(rows, CLIENTS * (ROUNDS / 6 + (ROUNDS % 6 > 4)));
	store_close(&reader);
}

/* A job that keeps the store's thread for longer than a reveal waits. */
static int sleep_long(struct store *store, struct store_job *job, struct error *error)
{
	(void)store;
	(void)job;
	(void)error;
	usleep(2600 * 1000);
	return 0;
}

static void nothing(struct store_job *job, int result)
{
	(void)job;
	(void)result;
}

static void a_reveal_waits_a_bounded_time(void **state)
{
	struct api_fixture *f = *state;
	static struct store_job job;
	struct reply reply;
	int64_t began_ms, rows;
	struct store *reader;

	job = (struct store_job){.run = sleep_long, .done = nothing, .urgent = true};
	store_submit(f->store.writer, &job);
	usleep(50000);
	began_ms = clock_steady_ms();
	reply = api_ask(f, "/api/v1/alerts/first?reveal=x");
	assert_reply(&reply, 503, NULL);
	assert_null(strstr(reply.body, "6222020200001234567"));
	assert_true(clock_steady_ms() - began_ms < 2500);
	store_writer_stop(&f->store.writer); /* the row that nobody waited for is committed, and freed */
	assert_int_equal(store_open_reader(f->store.path, NULL, &reader, &f->store.error), 0);
	assert_int_equal(store_audit_verify(reader, &rows, &f->store.error), 0);
	assert_int_equal(rows, 1);
	store_close(&reader);
	f->options.writer = NULL;
}

static int fill_disk(struct store *store, void *arg, struct error *error)
{
	char text[64];

	(void)arg;
	snprintf(text, sizeof(text), "PRAGMA max_page_count = %lld",
		(long long)store_fixture_number(store, "PRAGMA page_count"));
	return sql_execute(store, text, error);
}

static int write_much(struct store *store, struct store_job *job, struct error *error)
{
	static char payload[100000];
	struct dead_row row = store_fixture_dead(1);

	(void)job;
	row.payload = (struct slice){payload, sizeof(payload)};
	return store_dead_put(store, &row, error) == -1 ? -1 : 0;
}

/* A full disk: not ready, nothing revealed and no thread held up; what is there is still shown, masked. */
static void a_full_disk_shows_and_holds_nobody_up(void **state)
{
	struct api_fixture *f = *state;
	static struct store_job job;
	struct reply reply;
	int64_t began_ms = clock_steady_ms();

	assert_int_equal(store_run(f->store.writer, fill_disk, NULL, &f->store.error), 0);
	job = (struct store_job){.run = write_much, .done = nothing, .urgent = true};
	store_submit(f->store.writer, &job);
	while (store_writable(f->store.writer) && clock_steady_ms() - began_ms < 5000)
		usleep(5000);
	began_ms = clock_steady_ms();
	reply = api_ask(f, "/readyz");
	assert_reply(&reply, 503, NULL);
	assert_non_null(strstr(reply.body, "the store cannot be written (is the disk full?)"));
	reply = api_ask(f, "/api/v1/alerts/first?reveal=x");
	assert_reply(&reply, 503, NULL);
	reply = api_ask(f, "/api/v1/alerts/first");
	assert_reply(&reply, 200, NULL);
	api_stop(&f->api);
	assert_true(clock_steady_ms() - began_ms < 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many_clients_while_the_store_writes),
		TEST(a_reveal_waits_a_bounded_time),
		TEST(a_full_disk_shows_and_holds_nobody_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
