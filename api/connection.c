#include "api/connection.h"

#include <netinet/in.h>
#include <linux/tcp.h> /* newer than netinet/tcp.h: tcpi_bytes_received */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/error.h"

enum { ADDRESS_BYTES = 16 };

struct connection {
	int fd;
	uint8_t phase; /* enum connection_phase */
	bool cut;
	unsigned refusal; /* fixed while the slot is taken */
	int64_t deadline_ms; /* steady */
	uint64_t received_bytes; /* by the socket, when the phase began */
	uint8_t address[ADDRESS_BYTES];
};

struct connection_table {
	/* fixed */
	struct connection_bounds bounds;
	unsigned slot_count;
	pthread_t thread;
	/* under the lock */
	pthread_mutex_t lock;
	pthread_cond_t sooner; /* a deadline came up before wake_ms, or the end */
	int64_t wake_ms;
	unsigned open_count, refused_count;
	bool stopping;
	struct connection slots[];
};

/* Bytes that the kernel has taken in for the socket so far. */
static uint64_t received_bytes(int fd)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 ? info.tcpi_bytes_received : 0;
}

#define TOO_SLOW_BODY "{\"type\":\"about:blank\",\"title\":\"Request Timeout\",\"status\":408}"
_Static_assert(sizeof(TOO_SLOW_BODY) - 1 == 61, "the length in the head below");

/* Nothing else is written on the socket in these phases: the library answers only in CONNECTION_ANSWER. */
static void say_too_slow(const struct connection *c)
{
	static const char text[] = "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n"
	                           "Connection: close\r\nCache-Control: no-store\r\nContent-Length: 61\r\n\r\n"
	                           TOO_SLOW_BODY;

	send(c->fd, text, sizeof(text) - 1, MSG_DONTWAIT | MSG_NOSIGNAL); /* where it fails the client is gone */
}

/*
 * The library sees the end of the stream, and closes and frees in its own thread. Who has sent nothing was
 * idle, not slow: it is not counted, nor told, since a browser would take that for the answer to its next
 * request.
 */
static void cut(struct connection *c)
{
	bool idle = c->phase == CONNECTION_HEAD && received_bytes(c->fd) == c->received_bytes;

	if (c->refusal == 0 && !idle) {
		count(COUNT_HTTP_TOO_SLOW);
		if (c->phase != CONNECTION_ANSWER)
			say_too_slow(c);
	}
	shutdown(c->fd, SHUT_RDWR);
	c->cut = true;
}

/* Cuts what is past its deadline; the nearest one of the rest. */
static int64_t cut_late(struct connection_table *t, int64_t now_ms)
{
	int64_t nearest_ms = INT64_MAX;

	for (unsigned i = 0; i < t->slot_count; i++) {
		struct connection *c = &t->slots[i];
		if (c->phase == CONNECTION_FREE || c->cut)
			continue;
		if (c->deadline_ms <= now_ms)
			cut(c);
		else if (c->deadline_ms < nearest_ms)
			nearest_ms = c->deadline_ms;
	}
	return nearest_ms;
}

static void wait_until(struct connection_table *t, int64_t ms)
{
	struct timespec at = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	if (ms == INT64_MAX)
		pthread_cond_wait(&t->sooner, &t->lock);
	else
		pthread_cond_timedwait(&t->sooner, &t->lock, &at);
}

static void *watch(void *arg)
{
	struct connection_table *t = arg;

	pthread_mutex_lock(&t->lock);
	while (!t->stopping) {
		t->wake_ms = cut_late(t, clock_steady_ms());
		wait_until(t, t->wake_ms);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

struct connection_table *connection_table_new(const struct connection_bounds *bounds)
{
	unsigned slots = bounds->connections_max + CONNECTIONS_REFUSED_MAX;
	struct connection_table *t = calloc(1, sizeof(*t) + slots * sizeof(t->slots[0]));
	pthread_condattr_t steady;

	if (t == NULL)
		die("out of memory: %u connections", slots);
	t->bounds = *bounds;
	t->slot_count = slots;
	t->wake_ms = INT64_MAX;
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&t->sooner, &steady);
	pthread_condattr_destroy(&steady);
	if (pthread_create(&t->thread, NULL, watch, t) != 0)
		die("the thread for HTTP deadlines cannot be started");
	return t;
}

void connection_table_free(struct connection_table **table)
{
	struct connection_table *t = *table;

	if (t == NULL)
		return;
	pthread_mutex_lock(&t->lock);
	t->stopping = true;
	pthread_cond_signal(&t->sooner);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	pthread_cond_destroy(&t->sooner);
	pthread_mutex_destroy(&t->lock);
	free(t);
	*table = NULL;
}

static void address_copy(const struct sockaddr *address, uint8_t bytes_r[ADDRESS_BYTES])
{
	memset(bytes_r, 0, ADDRESS_BYTES);
	if (address == NULL)
		return;
	if (address->sa_family == AF_INET6)
		memcpy(bytes_r, &((const struct sockaddr_in6 *)address)->sin6_addr, ADDRESS_BYTES);
	else if (address->sa_family == AF_INET)
		memcpy(bytes_r, &((const struct sockaddr_in *)address)->sin_addr, 4);
}

/* The first free slot, and how many served connections the address has. */
static struct connection *find_free(struct connection_table *t, const uint8_t address[ADDRESS_BYTES],
                                    unsigned *same_r)
{
	struct connection *found = NULL;

	*same_r = 0;
	for (unsigned i = 0; i < t->slot_count; i++) {
		struct connection *c = &t->slots[i];
		if (c->phase == CONNECTION_FREE)
			found = found != NULL ? found : c;
		else if (c->refusal == 0 && memcmp(c->address, address, ADDRESS_BYTES) == 0)
			(*same_r)++;
	}
	return found;
}

static unsigned refusal_of(const struct connection_table *t, unsigned same)
{
	if (t->open_count - t->refused_count >= t->bounds.connections_max)
		return 503;
	return t->bounds.per_address_max != 0 && same >= t->bounds.per_address_max ? 429 : 0;
}

/* Sets phase and deadline, and wakes the watching thread where it sleeps longer than that. */
static void enter(struct connection_table *t, struct connection *c, enum connection_phase phase)
{
	int64_t allowed_ms = phase == CONNECTION_HEAD ? t->bounds.head_deadline_ms : t->bounds.body_deadline_ms;

	if (c->refusal != 0 && phase == CONNECTION_HEAD)
		allowed_ms = CONNECTION_REFUSED_MS;
	c->phase = (uint8_t)phase;
	c->deadline_ms = clock_steady_ms() + allowed_ms;
	if (c->deadline_ms < t->wake_ms)
		pthread_cond_signal(&t->sooner);
}

struct connection *connection_open(struct connection_table *t, int fd, const struct sockaddr *from)
{
	struct connection *c;
	uint8_t address[ADDRESS_BYTES];
	unsigned same;

	address_copy(from, address);
	pthread_mutex_lock(&t->lock);
	c = find_free(t, address, &same);
	if (c != NULL) {
		*c = (struct connection){.fd = fd, .refusal = refusal_of(t, same)};
		memcpy(c->address, address, ADDRESS_BYTES);
		t->open_count++;
		t->refused_count += c->refusal != 0;
		enter(t, c, CONNECTION_HEAD);
	}
	pthread_mutex_unlock(&t->lock);
	if (c == NULL || c->refusal != 0)
		count(COUNT_HTTP_FULL);
	return c;
}

void connection_close(struct connection_table *t, struct connection *c)
{
	pthread_mutex_lock(&t->lock);
	t->open_count--;
	t->refused_count -= c->refusal != 0;
	c->phase = CONNECTION_FREE;
	pthread_mutex_unlock(&t->lock);
}

void connection_enter(struct connection_table *t, struct connection *c, enum connection_phase phase)
{
	pthread_mutex_lock(&t->lock);
	if (!c->cut) {
		enter(t, c, phase);
		if (phase == CONNECTION_HEAD)
			c->received_bytes = received_bytes(c->fd);
	}
	pthread_mutex_unlock(&t->lock);
}

unsigned connection_refusal(const struct connection *c)
{
	return c->refusal;
}

unsigned connection_count(struct connection_table *t)
{
	unsigned open;

	pthread_mutex_lock(&t->lock);
	open = t->open_count;
	pthread_mutex_unlock(&t->lock);
	return open;
}
