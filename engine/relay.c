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

/* What is too large for its topic stays in the store and is passed over, so that it does not hold up the others. */
static void settle_one(struct relay *relay, size_t place, enum feed_produced result)
{
	static const enum counter counters[] = {
		[FEED_PRODUCED] = COUNT_PRODUCED,
		[FEED_PRODUCE_LATER] = COUNT_PRODUCE_FAILURES,
		[FEED_PRODUCE_NEVER] = COUNT_PRODUCE_TOO_LARGE,
	};

	relay->settled[place] = result != FEED_PRODUCE_LATER;
	count(counters[result]);
}

static void on_settled(void *arg, int64_t id, enum feed_produced result)
{
	settle_one(arg, (size_t)id, result);
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
	log_event(LOG_WARN, "relay",
	          "the topic cannot be written; the rows wait in the store. Does the topic exist?", "topic",
	          "%s", topic, "rows", "%zu", waiting, NULL);
}

/*
 * A group of rows on its way: taken from the store, produced, settled, marked. What differs between dead letters and
 * alerts is where they come from, what a message looks like, and which row is marked.
 */
struct group {
	struct relay *relay;
	const char *topic;
	size_t count;
	struct dead_row *dead;
	struct unproduced_alert *alerts;
	enum feed_produced (*put)(const struct group *group, size_t place);
	int (*mark)(struct store *store, const struct group *group, size_t place, struct error *error);
};

/* The contract's headers: reason, source as topic/partition@offset, decoder. */
static enum feed_produced put_dead(const struct group *group, size_t place)
{
	struct relay *relay = group->relay;
	const struct dead_row *row = &group->dead[place];
	char *source = arena_print(&relay->arena, "%.*s/%d@%lld", SLICE_PRINT(row->topic), row->partition,
	                           (long long)row->offset);
	const struct feed_header headers[] = {
		{"reason", row->reason},
		{"source", slice_of(source)},
		{"decoder", row->decoder},
	};

	return feed_producer_put(relay->producer, group->topic, (int64_t)place, row->key, row->payload,
	                         headers, 3);
}

static int mark_dead(struct store *store, const struct group *group, size_t place, struct error *error)
{
	return store_dead_mark_produced(store, group->dead[place].id, error);
}

static enum feed_produced put_alert(const struct group *group, size_t place)
{
	const struct unproduced_alert *row = &group->alerts[place];

	return feed_producer_put(group->relay->producer, group->topic, (int64_t)place, row->account,
	                         row->body, NULL, 0);
}

static int mark_alert(struct store *store, const struct group *group, size_t place, struct error *error)
{
	return store_alert_mark_produced(store, &group->alerts[place], error);
}

static int mark_settled(struct store *store, void *arg, struct error *error)
{
	const struct group *group = arg;

	for (size_t i = 0; i < group->count; i++)
		if (group->relay->settled[i] && group->mark(store, group, i, error) == -1)
			return -1;
	return 0;
}

/* 1 there may be more, 0 no more, -1 not now. */
static int relay_group(struct group *group, struct error *error)
{
	struct relay *relay = group->relay;
	size_t put = 0, done;

	if (group->count == 0)
		return 0;
	memset(relay->settled, 0, sizeof(relay->settled));
	for (; put < group->count; put++) {
		enum feed_produced result = group->put(group, put);
		if (result == FEED_PRODUCE_LATER)
			break;
		if (result == FEED_PRODUCE_NEVER)
			settle_one(relay, put, result);
	}
	done = settle(relay, put);
	if (done < group->count)
		complain(relay, group->topic, group->count - done);
	if (store_run(relay->writer, mark_settled, group, error) == -1 || done < group->count)
		return -1;
	return group->count == GROUP_MAX;
}

static int relay_dead(struct relay *relay, struct error *error)
{
	struct group group = {
		.relay = relay, .topic = relay->settings->topic_dead, .put = put_dead, .mark = mark_dead};

	if (store_dead_list(relay->reader, 0, GROUP_MAX, true, true, &relay->arena, &group.dead,
	                    &group.count, error) == -1)
		return -1;
	return relay_group(&group, error);
}

static int relay_alerts(struct relay *relay, struct error *error)
{
	struct group group = {.relay = relay,
	                      .topic = relay->settings->topic_alerts,
	                      .put = put_alert,
	                      .mark = mark_alert};

	if (store_alerts_unproduced(relay->reader, GROUP_MAX, &relay->arena, &group.alerts, &group.count,
	                            error) == -1)
		return -1;
	return relay_group(&group, error);
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

	pthread_setname_np(pthread_self(), "relay");
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
	if (store_open_reader(settings->store_path, settings->store_key_file, &relay->reader, error) == -1 ||
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
