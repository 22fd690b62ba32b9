#include "relay.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"
#include "feed/feed.h"

enum {
	GROUP_MAX = 500, /* rows under way at a time */
	RELAY_BYTES_MAX = 1 << 30,
	IDLE_MS = 1000, /* looks without being woken, for rows that failed */
	FAILED_WAIT_MS = 2000,
	SETTLE_POLL_MS = 50,
};

struct relay {
	/* owned by the thread */
	const struct settings *settings;
	struct store_writer *writer;
	struct store *reader;
	struct feed_producer *producer;
	struct arena arena;
	bool settled[GROUP_MAX]; /* by the row's place in the group */
	int64_t failure_logged_ms;
	pthread_t thread;
	/* shared, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool woken, stopping;
};

static bool is_stopping(struct relay *relay)
{
	bool stopping;

	pthread_mutex_lock(&relay->lock);
	stopping = relay->stopping;
	pthread_mutex_unlock(&relay->lock);
	return stopping;
}

static void on_settled(void *arg, int64_t id, int result)
{
	struct relay *relay = arg;

	relay->settled[id] = result == 0;
	count(result == 0 ? COUNT_PRODUCED : COUNT_PRODUCE_FAILURES);
}

/* Waits until the broker answered for each; how many it has. */
static size_t settle(struct relay *relay, size_t put)
{
	size_t done = 0;

	while (feed_producer_poll(relay->producer, SETTLE_POLL_MS) > 0 && !is_stopping(relay))
		;
	for (size_t i = 0; i < put; i++)
		done += relay->settled[i];
	return done;
}

static void complain(struct relay *relay, const char *topic, size_t waiting)
{
	if (clock_steady_ms() - relay->failure_logged_ms < 30000)
		return;
	relay->failure_logged_ms = clock_steady_ms();
	log_event(LOG_WARN, "relay", "the topic cannot be written; the rows wait in the store. Does the topic exist?", "topic", "%s",
	          topic, "rows", "%zu", waiting, NULL);
}

struct dead_group {
	struct relay *relay;
	struct dead_row *rows;
	size_t count;
};

static int mark_dead(struct store *store, void *arg, struct error *error)
{
	struct dead_group *group = arg;

	for (size_t i = 0; i < group->count; i++)
		if (group->relay->settled[i] && store_dead_mark_produced(store, group->rows[i].id, error) == -1)
			return -1;
	return 0;
}

/* The contract's headers: reason, source as topic/partition@offset, decoder. */
static int put_dead(struct relay *relay, const struct dead_row *row, int64_t place)
{
	char *source = arena_print(&relay->arena, "%.*s/%d@%lld", SLICE_PRINT(row->topic), row->partition,
	                           (long long)row->offset);
	const struct feed_header headers[] = {{"reason", row->reason}, {"source", slice_of(source)}, {"decoder", row->decoder}};

	return feed_producer_put(relay->producer, relay->settings->topic_dead, place, row->key, row->payload, headers, 3);
}

/* A group of dead letters; 1 there may be more, 0 no more, -1 not now. */
static int relay_dead(struct relay *relay, struct error *error)
{
	struct dead_group group = {.relay = relay};
	size_t put = 0;

	if (store_dead_list(relay->reader, 0, GROUP_MAX, true, true, &relay->arena, &group.rows, &group.count, error) == -1)
		return -1;
	memset(relay->settled, 0, sizeof(relay->settled));
	while (put < group.count && put_dead(relay, &group.rows[put], (int64_t)put) == 0)
		put++;
	if (group.count == 0)
		return 0;
	if (settle(relay, put) < group.count)
		complain(relay, relay->settings->topic_dead, group.count);
	if (store_run(relay->writer, mark_dead, &group, error) == -1)
		return -1;
	return put < group.count || !relay->settled[group.count - 1] ? -1 : group.count == GROUP_MAX;
}

struct alert_group {
	struct relay *relay;
	struct unproduced_alert *rows;
	size_t count;
};

static int mark_alerts(struct store *store, void *arg, struct error *error)
{
	struct alert_group *group = arg;

	for (size_t i = 0; i < group->count; i++)
		if (group->relay->settled[i] &&
		    store_alert_mark_produced(store, group->rows[i].id, group->rows[i].revision, error) == -1)
			return -1;
	return 0;
}

static int relay_alerts(struct relay *relay, struct error *error)
{
	struct alert_group group = {.relay = relay};
	size_t put = 0;

	if (store_alerts_unproduced(relay->reader, GROUP_MAX, &relay->arena, &group.rows, &group.count, error) == -1)
		return -1;
	memset(relay->settled, 0, sizeof(relay->settled));
	while (put < group.count && feed_producer_put(relay->producer, relay->settings->topic_alerts, (int64_t)put,
	                                              group.rows[put].account, group.rows[put].body, NULL, 0) == 0)
		put++;
	if (group.count == 0)
		return 0;
	if (settle(relay, put) < group.count)
		complain(relay, relay->settings->topic_alerts, group.count);
	if (store_run(relay->writer, mark_alerts, &group, error) == -1)
		return -1;
	return put < group.count || !relay->settled[group.count - 1] ? -1 : group.count == GROUP_MAX;
}

static void wait_for_work(struct relay *relay, int64_t ms)
{
	struct timespec at;
	int64_t until_ms = clock_now_ms() + ms;

	at = (struct timespec){.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
	pthread_mutex_lock(&relay->lock);
	if (!relay->woken && !relay->stopping)
		pthread_cond_timedwait(&relay->changed, &relay->lock, &at);
	relay->woken = false;
	pthread_mutex_unlock(&relay->lock);
}

static bool topic_wanted(const char *topic)
{
	return strcmp(topic, "none") != 0;
}

static void *relay_main(void *arg)
{
	struct relay *relay = arg;

	while (!is_stopping(relay)) {
		struct error error = {"the topic does not take it"};
		int dead = 0, alerts = 0;

		if (topic_wanted(relay->settings->topic_dead))
			dead = relay_dead(relay, &error);
		arena_reset(&relay->arena);
		if (topic_wanted(relay->settings->topic_alerts))
			alerts = relay_alerts(relay, &error);
		arena_reset(&relay->arena);
		if (dead == -1 || alerts == -1)
			wait_for_work(relay, FAILED_WAIT_MS);
		else if (dead == 0 && alerts == 0)
			wait_for_work(relay, IDLE_MS);
	}
	return NULL;
}

int relay_start(const struct settings *settings, struct store_writer *writer, struct relay **relay_r,
                struct error *error)
{
	struct relay *relay = calloc(1, sizeof(*relay));

	if (relay == NULL)
		die("out of memory: the relay");
	relay->settings = settings;
	relay->writer = writer;
	arena_init(&relay->arena, RELAY_BYTES_MAX);
	pthread_mutex_init(&relay->lock, NULL);
	pthread_cond_init(&relay->changed, NULL);
	if (store_open_reader(settings->store_path, &relay->reader, error) == -1 ||
	    feed_producer_start(settings, on_settled, relay, &relay->producer, error) == -1) {
		store_close(&relay->reader);
		free(relay);
		return -1;
	}
	if (pthread_create(&relay->thread, NULL, relay_main, relay) != 0)
		die("the relay's thread cannot be started");
	*relay_r = relay;
	return 0;
}

void relay_wake(struct relay *relay)
{
	pthread_mutex_lock(&relay->lock);
	relay->woken = true;
	pthread_cond_signal(&relay->changed);
	pthread_mutex_unlock(&relay->lock);
}

void relay_stop(struct relay **relay, int64_t deadline_ms)
{
	struct relay *r = *relay;

	if (r == NULL)
		return;
	pthread_mutex_lock(&r->lock);
	r->stopping = true;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	feed_producer_stop(&r->producer, deadline_ms);
	store_close(&r->reader);
	arena_deinit(&r->arena);
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	free(r);
	*relay = NULL;
}
