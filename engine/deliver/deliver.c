/*
 * Starting, waking, stopping. The thread itself is in sender.c.
 */
#include "deliver/deliver.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/clock.h"
#include "deliver/sender.h"

enum { SCRATCH_BYTES_MAX = 16 << 20, CONNECTIONS_MAX = 4096, CONNECTIONS_SLOW_MAX = 4096 };

void deliver_options_default(struct deliver_options *options_r)
{
	*options_r = (struct deliver_options){
		.connections_max = 64,
		.connections_slow_max = 512,
		.destination_connections_max = 4,
		.connect_timeout_ms = 10 * 1000,
		.total_timeout_ms = 20 * 1000,
		.retry_permille = 1000,
		.pause_after = 3,
		.pause_ms = 30 * 1000,
	};
}

static int check_options(const struct deliver_options *o, struct error *error)
{
	if (o->connections_max < 1 || o->connections_max > CONNECTIONS_MAX)
		return error_set(error, "deliver: connections_max is %d; expected 1 to %d", o->connections_max,
		                 CONNECTIONS_MAX);
	if (o->connections_slow_max < 0 || o->connections_slow_max > CONNECTIONS_SLOW_MAX)
		return error_set(error, "deliver: connections_slow_max is %d; expected 0 to %d", o->connections_slow_max,
		                 CONNECTIONS_SLOW_MAX);
	if (o->destination_connections_max < 1 || o->connect_timeout_ms < 1 || o->total_timeout_ms < 1 ||
	    o->retry_permille < 0 || o->pause_after < 1 || o->pause_ms < 1)
		return error_set(error, "deliver: a limit, a time-out or a pause is not above zero");
	return 0;
}

static void free_all(struct deliver *n)
{
	turn_leave(&n->claim);
	turn_leave(&n->settle);
	for (int i = 0; i < n->slot_count; i++)
		transfer_free(&n->slots[i]);
	free(n->slots);
	destinations_free(&n->destinations);
	arena_deinit(&n->scratch);
	if (n->multi != NULL)
		curl_multi_cleanup(n->multi);
	store_close(&n->reader);
	free(n);
}

static void allocate(struct deliver *n)
{
	const struct deliver_options *o = &n->options;
	struct destinations_limits limits = {o->destination_connections_max, o->pause_after, o->pause_ms};

	n->slot_count = 2 * o->connections_max + o->connections_slow_max; /* twice: those that settle */
	n->slots = calloc((size_t)n->slot_count, sizeof(*n->slots));
	n->multi = curl_multi_init();
	if (n->slots == NULL || n->multi == NULL)
		die("out of memory: deliveries");
	curl_multi_setopt(n->multi, CURLMOPT_MAXCONNECTS, (long)o->connections_max);
	n->destinations = destinations_new(&limits);
	n->claim = turn_new(n);
	n->settle = turn_new(n);
	arena_init(&n->scratch, SCRATCH_BYTES_MAX);
	n->cursor = INT64_MIN;
	n->scan_wanted = true;
	n->scan_due_ms = INT64_MAX;
}

int deliver_start(const struct deliver_options *options, struct store_writer *writer, const char *store_path,
                 struct deliver **deliver_r, struct error *error)
{
	struct deliver *n = calloc(1, sizeof(*n));
	int64_t now_ms = clock_now_ms();

	if (n == NULL || sodium_init() == -1 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("deliveries cannot be started: no memory, or no randomness");
	n->options = *options;
	n->writer = writer;
	if (check_options(options, error) == -1 || store_open_reader(store_path, options->key_file, &n->reader, error) == -1 ||
	    store_run(writer, outbox_recover, &now_ms, error) == -1) {
		free_all(n);
		return -1;
	}
	allocate(n);
	if (pthread_create(&n->thread, NULL, sender_main, n) != 0)
		die("the delivery thread cannot be started");
	*deliver_r = n;
	return 0;
}

void deliver_wake(struct deliver *deliver)
{
	if (!atomic_exchange(&deliver->woken, true))
		curl_multi_wakeup(deliver->multi);
}

void deliver_stop(struct deliver **deliver, int64_t deadline_ms)
{
	struct deliver *n = *deliver;

	if (n == NULL)
		return;
	atomic_store(&n->stop_deadline_ms, clock_steady_ms() + deadline_ms);
	atomic_store(&n->stopping, true);
	curl_multi_wakeup(n->multi);
	pthread_join(n->thread, NULL);
	free_all(n);
	*deliver = NULL;
}

void deliver_status(struct deliver *deliver, struct deliver_status *status_r)
{
	*status_r = (struct deliver_status){atomic_load(&deliver->in_flight), atomic_load(&deliver->paused)};
}
