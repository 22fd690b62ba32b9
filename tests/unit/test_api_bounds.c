/* I8: what a client may do to the API, and what then happens: slow heads and bodies, too much of
 * everything. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "api_fixture.h"
#include "base/clock.h"
#include "base/counters.h"

enum { HEAD_MS = 400, BODY_MS = 600, CONNECTIONS = 32, SLACK_MS = 1500, BODY_BYTES = 64 * 1024 };

static int setup(void **state)
{
	static struct api_fixture f;

	api_fixture_open(&f);
	f.options.head_deadline_ms = HEAD_MS;
	f.options.body_deadline_ms = BODY_MS;
	f.options.connections_max = CONNECTIONS;
	f.options.body_bytes_max = BODY_BYTES;
	f.options.demo = true;
	f.options.demo_secret = API_DEMO_SECRET;
	api_fixture_start(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	api_fixture_close(*state);
	return 0;
}

/* Sends a byte every 20 ms until the other side closes; what it said goes to `said_r`. */
static int64_t drip(int fd, char *said_r, size_t most)
{
	int64_t began_ms = clock_steady_ms();
	size_t length = 0;

	while (clock_steady_ms() - began_ms < 10000) {
		ssize_t got;
		send(fd, "a", 1, MSG_NOSIGNAL);
		usleep(20000);
		got = recv(fd, said_r + length, most - 1 - length, MSG_DONTWAIT);
		if (got == 0 || (got < 0 && errno != EAGAIN))
			break;
		length += got > 0 ? (size_t)got : 0;
	}
	said_r[length] = '\0';
	return clock_steady_ms() - began_ms;
}

static void assert_between(int64_t took_ms, int64_t least_ms, int64_t most_ms)
{
	if (took_ms < least_ms || took_ms > most_ms)
		fail_msg("%lld ms instead of %lld to %lld", (long long)took_ms, (long long)least_ms, (long long)most_ms);
}

/* A byte every 20 ms does not keep a connection alive: the deadline is the head's, not the byte's. */
static void a_slow_head_is_cut_and_told(void **state)
{
	uint64_t slow = counter_sum(COUNT_HTTP_TOO_SLOW);
	int fd = api_connect(*state);
	char said[1024];

	api_send(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ");
	assert_between(drip(fd, said, sizeof(said)), HEAD_MS - 20, HEAD_MS + SLACK_MS);
	assert_non_null(strstr(said, "HTTP/1.1 408 Request Timeout\r\n"));
	assert_non_null(strstr(said, "{\"type\":\"about:blank\",\"title\":\"Request Timeout\",\"status\":408}"));
	assert_int_equal(counter_sum(COUNT_HTTP_TOO_SLOW) - slow, 1);
	close(fd);
}

static void a_silent_connection_is_closed_without_a_word(void **state)
{
	uint64_t slow = counter_sum(COUNT_HTTP_TOO_SLOW);
	int fd = api_connect(*state);
	char said[64];
	int64_t began_ms = clock_steady_ms();

	assert_int_equal(api_receive(fd, said, sizeof(said), 5000), 0);
	assert_between(clock_steady_ms() - began_ms, HEAD_MS - 20, HEAD_MS + SLACK_MS);
	assert_int_equal(counter_sum(COUNT_HTTP_TOO_SLOW) - slow, 0);
	close(fd);
}

/* After an answer the next head has the same time, and no more. */
static void a_kept_connection_is_closed_when_idle(void **state)
{
	int fd = api_connect(*state);
	char said[8192];
	int64_t began_ms;

	for (int i = 0; i < 3; i++) {
		usleep(HEAD_MS * 1000 / 2);
		api_send(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
		assert_true(api_receive(fd, said, sizeof(said), 100) > 0);
		assert_non_null(strstr(said, "HTTP/1.1 200 OK"));
	}
	began_ms = clock_steady_ms();
	assert_int_equal(api_receive(fd, said, sizeof(said), 5000), 0);
	assert_between(clock_steady_ms() - began_ms, HEAD_MS - 300, HEAD_MS + SLACK_MS);
	close(fd);
}

static void a_slow_body_is_cut_and_told(void **state)
{
	int fd = api_connect(*state);
	char said[1024];

	api_send(fd, "POST /demo/inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n");
	assert_between(drip(fd, said, sizeof(said)), BODY_MS - 20, BODY_MS + SLACK_MS);
	assert_non_null(strstr(said, "408 Request Timeout"));
	close(fd);
}

/* A client that asks for much and reads nothing holds its connection for the body's deadline only. */
static void a_reader_that_does_not_read_is_cut(void **state)
{
	struct api_fixture *f = *state;
	uint64_t slow = counter_sum(COUNT_HTTP_TOO_SLOW);
	int fd = api_connect(f), small = 4096;
	int64_t until_ms = clock_steady_ms() + BODY_MS + SLACK_MS + HEAD_MS;
	char request[200];

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	snprintf(request, sizeof(request), "GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n");
	for (int i = 0; i < 400; i++) { /* pipelined; the answers are more than the buffers on the way hold */
		if (send(fd, request, strlen(request), MSG_NOSIGNAL | MSG_DONTWAIT) <= 0)
			break;
	}
	while (counter_sum(COUNT_HTTP_TOO_SLOW) == slow && clock_steady_ms() < until_ms)
		usleep(10000);
	assert_int_equal(counter_sum(COUNT_HTTP_TOO_SLOW) - slow, 1);
	close(fd);
}

/* What the answer to one raw request begins with. */
static void assert_raw(const struct api_fixture *f, const char *request, const char *answer)
{
	int fd = api_connect(f);
	char said[16384];

	api_send(fd, request);
	api_receive(fd, said, sizeof(said), HEAD_MS + SLACK_MS);
	if (strncmp(said, answer, strlen(answer)) != 0)
		fail_msg("%.60s: %.200s", request, said);
	close(fd);
}

static void bodies_need_a_taker_a_length_and_room(void **state)
{
	struct api_fixture *f = *state;
	uint64_t large = counter_sum(COUNT_HTTP_TOO_LARGE);
	static const char token[] = "Authorization: Bearer " API_TOKEN "\r\n";
	char request[400];

	assert_raw(f, "POST /demo/inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n", "HTTP/1.1 413 ");
	assert_raw(f, "POST /demo/inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", "HTTP/1.1 413 ");
	assert_raw(f, "POST /demo/inbox HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
	           "HTTP/1.1 411 ");
	snprintf(request, sizeof(request), "GET /api/v1/stats HTTP/1.1\r\nHost: x\r\n%sContent-Length: 5\r\n\r\nhello", token);
	assert_raw(f, request, "HTTP/1.1 413 ");
	assert_raw(f, "POST /demo/inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 401 ");
	assert_raw(f, "POST /demo/inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 401 ");
	assert_int_equal(counter_sum(COUNT_HTTP_TOO_LARGE) - large, 3);
}

/* The library answers these itself and closes; nothing else is promised than a refusal. */
static void what_is_no_http_is_refused(void **state)
{
	static const char *const garbage[] = {
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
		"GET /healthz HTTP/1.1\r\n\r\n" /* no Host */, "GET /healthz HTTP/1.1\r\nHost x\r\n\r\n",
		"POST /demo/inbox HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
		"POST /demo/inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 5x\r\n\r\nhello",
	};

	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		int fd = api_connect(*state);
		char said[4096];
		api_send(fd, garbage[i]);
		api_receive(fd, said, sizeof(said), HEAD_MS + SLACK_MS);
		if (strstr(said, " 200 OK") != NULL || strstr(said, " 204 ") != NULL)
			fail_msg("%s: %s", garbage[i], said);
		close(fd);
	}
	struct reply reply = api_ask(*state, "/healthz");
	assert_reply(&reply, 200, NULL);
}

static void a_long_head_is_refused(void **state)
{
	static char request[200000];
	size_t length = (size_t)sprintf(request, "GET /");
	int fd = api_connect(*state);
	char said[4096];

	memset(request + length, 'a', sizeof(request) - length - 40);
	strcpy(request + sizeof(request) - 40, " HTTP/1.1\r\nHost: x\r\n\r\n");
	api_send(fd, request);
	api_receive(fd, said, sizeof(said), HEAD_MS + SLACK_MS);
	assert_null(strstr(said, " 200 OK"));
	close(fd);
	struct reply reply = api_ask(*state, "/healthz");
	assert_reply(&reply, 200, NULL);
}

/* Requests one behind the other are answered in order; what is garbage behind them ends the connection. */
static void garbage_behind_good_requests(void **state)
{
	int fd = api_connect(*state);
	char said[16384], *second, *third;

	api_send(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n\x01\x02\x03 garbage\r\n\r\n");
	api_receive(fd, said, sizeof(said), HEAD_MS + SLACK_MS);
	assert_true(strncmp(said, "HTTP/1.1 200 OK", 15) == 0);
	second = strstr(said + 1, "HTTP/1.1 404 ");
	assert_non_null(second);
	third = strstr(second + 1, "HTTP/1.1 ");
	assert_true(third == NULL || strncmp(third, "HTTP/1.1 4", 10) == 0);
	close(fd);
}

static void too_many_connections_are_told_so(void **state)
{
	struct api_fixture *f = *state;
	uint64_t full = counter_sum(COUNT_HTTP_FULL);
	int held[CONNECTIONS], fd;
	char said[4096];

	for (int i = 0; i < CONNECTIONS; i++)
		held[i] = api_connect(f);
	usleep(50000);
	fd = api_connect(f);
	api_send(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
	api_receive(fd, said, sizeof(said), HEAD_MS + SLACK_MS);
	assert_true(strncmp(said, "HTTP/1.1 503 ", 13) == 0);
	assert_non_null(strstr(said, "Retry-After: 1\r\n"));
	assert_non_null(strstr(said, "Connection: close"));
	assert_non_null(strstr(said, "too many connections; try again later"));
	assert_true(counter_sum(COUNT_HTTP_FULL) - full >= 1);
	close(fd);
	for (int i = 0; i < CONNECTIONS; i++)
		close(held[i]);
	usleep(100000);
	struct reply reply = api_ask(f, "/healthz");
	assert_reply(&reply, 200, NULL);
}

static void one_address_has_its_share(void **state)
{
	struct api_fixture f;
	int held[4], fd;
	char said[4096];

	(void)state;
	api_fixture_open(&f);
	f.options.connections_per_address_max = 4;
	api_fixture_start(&f);
	for (int i = 0; i < 4; i++)
		held[i] = api_connect(&f);
	usleep(50000);
	fd = api_connect(&f);
	api_send(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
	api_receive(fd, said, sizeof(said), HEAD_MS + SLACK_MS);
	assert_true(strncmp(said, "HTTP/1.1 429 ", 13) == 0);
	assert_non_null(strstr(said, "from this address"));
	close(fd);
	for (int i = 0; i < 4; i++)
		close(held[i]);
	api_fixture_close(&f);
}

/* A thousand idle connections: bounded in number, cut at their deadline, and then all is as before. */
static void a_thousand_idle_connections_pass(void **state)
{
	struct api_fixture *f = *state;
	static int held[1000];
	struct rlimit files;
	int64_t began_ms = clock_steady_ms();
	int count = 0;
	char said[4096];

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	for (; count < 1000; count++) {
		held[count] = api_try_connect(f);
		if (held[count] == -1)
			break;
	}
	assert_true(count > CONNECTIONS * 2);
	for (bool served = false; !served;) {
		int fd = api_connect(f);
		assert_true(clock_steady_ms() - began_ms < 30000);
		api_send(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
		api_receive(fd, said, sizeof(said), 1000);
		served = strncmp(said, "HTTP/1.1 200 OK", 15) == 0;
		close(fd);
	}
	for (int i = 0; i < count; i++)
		close(held[i]);
}

/* A stop ends at once, whatever hangs on the connections. */
static void a_stop_waits_for_nobody(void **state)
{
	struct api_fixture *f = *state;
	int fds[20];
	int64_t began_ms;

	for (int i = 0; i < 20; i++) {
		fds[i] = api_connect(f);
		api_send(fds[i], i % 2 ? "GET /heal" : "POST /demo/inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
	}
	usleep(50000);
	began_ms = clock_steady_ms();
	api_stop(&f->api);
	assert_true(clock_steady_ms() - began_ms < 300);
	for (int i = 0; i < 20; i++)
		close(fds[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_slow_head_is_cut_and_told),
		TEST(a_silent_connection_is_closed_without_a_word),
		TEST(a_kept_connection_is_closed_when_idle),
		TEST(a_slow_body_is_cut_and_told),
		TEST(a_reader_that_does_not_read_is_cut),
		TEST(bodies_need_a_taker_a_length_and_room),
		TEST(what_is_no_http_is_refused),
		TEST(a_long_head_is_refused),
		TEST(garbage_behind_good_requests),
		TEST(too_many_connections_are_told_so),
		cmocka_unit_test(one_address_has_its_share),
		TEST(a_thousand_idle_connections_pass),
		TEST(a_stop_waits_for_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
