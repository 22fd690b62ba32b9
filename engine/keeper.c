#include "keeper.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/folder.h"
#include "base/log.h"
#include "snapshots.h"

enum { LOOK_MS = 200, LINK_LOOK_US = 20000, TELL_MS = 10000, GIVE_UP_WAIT_MS = 200 };

struct keeper {
	struct keeper_options options;
	pthread_t thread;
	/* owned by the thread */
	uint64_t round;
	uint64_t bytes; /* of the round at hand */
	int64_t pause_us;
	int64_t due_ms, told_ms; /* steady */
	bool was_behind;
	/* shared */
	_Atomic bool finishing, give_up, ended;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

static void shard_path(const struct keeper *k, int shard, char path_r[SNAPSHOT_PATH_BYTES])
{
	snapshots_shard_path(k->options.settings->engine_snapshots, shard, path_r);
}

static void new_path(const struct keeper *k, int shard, char path_r[SNAPSHOT_PATH_BYTES + 8])
{
	char path[SNAPSHOT_PATH_BYTES];

	shard_path(k, shard, path);
	snprintf(path_r, SNAPSHOT_PATH_BYTES + 8, "%s.new", path);
}

static void note_cost(struct keeper *k, const struct profile_save *save)
{
	uint64_t bytes;
	int64_t pause_us;

	profile_save_cost(save, &bytes, &pause_us);
	k->bytes += bytes;
	if (pause_us > k->pause_us)
		k->pause_us = pause_us;
}

static int write_shard(struct keeper *k, int shard, struct error *error)
{
	struct shards *shards = k->options.shards;
	struct profile_save *save = shards_save_begin(shards, shard, k->round + 1);
	char path[SNAPSHOT_PATH_BYTES + 8];
	int result;

	if (save == NULL)
		return error_set(error, "the shards are ending");
	new_path(k, shard, path);
	result = profile_save_write(save, path, shards_quiet(shards, shard), &k->give_up, error);
	shards_save_end(shards, shard);
	note_cost(k, save);
	profile_save_free(&save);
	return result;
}

static int write_shards(struct keeper *k, struct error *error)
{
	for (int i = 0; i < k->options.shard_count; i++)
		if (write_shard(k, i, error) == -1)
			return -1;
	/* A snapshot ahead of the store would hide from the next start what is still to be judged. */
	for (int i = 0; i < k->options.shard_count; i++)
		if (!shards_save_committed(k->options.shards, i))
			return error_set(error, "what the shards found could not be written to the store");
	return 0;
}

/*
 * `link` belongs to the store's thread, so each step of saving it is a job there: it copies its state between two
 * works, and a thread of its own writes that.
 */
struct link_saving {
	struct link *link;
	const char *path;
	bool busy;
};

static int link_saving_begin(struct store *store, void *arg, struct error *error)
{
	struct link_saving *saving = arg;

	(void)store;
	return link_save_begin(saving->link, saving->path, error);
}

static int link_saving_look(struct store *store, void *arg, struct error *error)
{
	struct link_saving *saving = arg;

	(void)store;
	saving->busy = link_save_busy(saving->link);
	return saving->busy ? 0 : link_save_wait(saving->link, error);
}

static int save_link(struct keeper *k, struct error *error)
{
	char path[SNAPSHOT_PATH_BYTES];
	struct link_saving saving = {.link = k->options.link, .path = path, .busy = true};

	snapshots_link_path(k->options.settings->engine_snapshots, path);
	if (snapshots_keep_before(path, error) == -1 ||
	    store_run(k->options.writer, link_saving_begin, &saving, error) == -1)
		return -1;
	while (saving.busy) {
		usleep(LINK_LOOK_US);
		if (store_run(k->options.writer, link_saving_look, &saving, error) == -1)
			return -1;
	}
	return 0;
}

static int keep_shards(struct keeper *k, struct error *error)
{
	char path[SNAPSHOT_PATH_BYTES];

	for (int i = 0; i < k->options.shard_count; i++) {
		shard_path(k, i, path);
		if (snapshots_keep(path, error) == -1)
			return -1;
	}
	snapshots_remove_beyond(k->options.settings->engine_snapshots, k->options.shard_count);
	return 0;
}

static void remove_new(const struct keeper *k)
{
	char path[SNAPSHOT_PATH_BYTES + 8];

	for (int i = 0; i < k->options.shard_count; i++) {
		new_path(k, i, path);
		unlink(path);
	}
}

static void keep_round(struct keeper *k)
{
	int64_t began_ms = clock_steady_ms();
	bool is_last = shards_quiet(k->options.shards, 0) != NULL;
	char path[SNAPSHOT_PATH_BYTES];
	struct error error;

	k->bytes = 0;
	k->pause_us = 0;
	shard_path(k, 0, path);
	if (folder_make_for(path, &error) == -1 || write_shards(k, &error) == -1 || save_link(k, &error) == -1 ||
	    keep_shards(k, &error) == -1) {
		remove_new(k);
		/* What a stop interrupts is made up for at its end. */
		if (!is_last && shards_are_stopping(k->options.shards))
			return;
		count(COUNT_SNAPSHOTS_FAILED);
		log_event(LOG_WARN, "snapshot", "no snapshot this time; the ones before stay", "why", "%s", error.text,
		          NULL);
		return;
	}
	k->round++;
	count(COUNT_SNAPSHOTS);
	log_event(LOG_INFO, "snapshot", "a snapshot of the accounts' memory is kept", "round", "%llu",
	          (unsigned long long)k->round, "bytes", "%llu", (unsigned long long)k->bytes, "took_ms", "%lld",
	          (long long)(clock_steady_ms() - began_ms), "longest_pause_us", "%lld", (long long)k->pause_us, NULL);
}

/* A line now and then while the memory is brought up to date; and a snapshot when it is, so that it was not for nothing. */
static void tell_progress(struct keeper *k)
{
	int64_t behind = shards_behind(k->options.shards), now_ms = clock_steady_ms();

	if (behind > 0 && now_ms - k->told_ms >= TELL_MS) {
		log_event(LOG_INFO, "snapshot", "the accounts' memory is being brought up to date from the feed",
		          "messages_to_go", "%lld", (long long)behind, "messages_read", "%llu",
		          (unsigned long long)counter_sum(COUNT_MESSAGES_REPLAYED), NULL);
		k->told_ms = now_ms;
	}
	if (behind == 0 && k->was_behind) {
		log_event(LOG_INFO, "snapshot", "the accounts' memory is up to date", "messages_read", "%llu",
		          (unsigned long long)counter_sum(COUNT_MESSAGES_REPLAYED), NULL);
		k->due_ms = now_ms;
	}
	k->was_behind = behind > 0;
}

static void wait_a_little(struct keeper *k)
{
	struct timespec until;
	int64_t left_ms = k->due_ms - clock_steady_ms(), ms = left_ms < LOOK_MS ? left_ms : LOOK_MS;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (ms > 0 ? ms : 0) * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&k->lock);
	if (!atomic_load(&k->finishing))
		pthread_cond_timedwait(&k->changed, &k->lock, &until);
	pthread_mutex_unlock(&k->lock);
}

static void *keeper_main(void *arg)
{
	struct keeper *k = arg;

	pthread_setname_np(pthread_self(), "keeper");
	while (!atomic_load(&k->finishing)) {
		tell_progress(k);
		if (clock_steady_ms() >= k->due_ms) {
			keep_round(k);
			k->due_ms = clock_steady_ms() + k->options.settings->engine_snapshot_ms;
		}
		wait_a_little(k);
	}
	keep_round(k);
	pthread_mutex_lock(&k->lock);
	atomic_store(&k->ended, true);
	pthread_cond_broadcast(&k->changed);
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

struct keeper *keeper_start(const struct keeper_options *options)
{
	struct keeper *k;

	if (options->settings->engine_snapshots[0] == '\0')
		return NULL;
	k = calloc(1, sizeof(*k));
	if (k == NULL)
		die("out of memory: the keeper");
	k->options = *options;
	k->round = options->round;
	k->due_ms = clock_steady_ms() + options->settings->engine_snapshot_ms;
	k->told_ms = clock_steady_ms();
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->changed, NULL);
	if (pthread_create(&k->thread, NULL, keeper_main, k) != 0)
		die("the keeper's thread cannot be started");
	return k;
}

void keeper_finish(struct keeper *keeper)
{
	if (keeper == NULL)
		return;
	pthread_mutex_lock(&keeper->lock);
	atomic_store(&keeper->finishing, true);
	pthread_cond_broadcast(&keeper->changed);
	pthread_mutex_unlock(&keeper->lock);
}

static bool wait_for_end(struct keeper *k, int64_t until_ms)
{
	bool ended;

	while (!(ended = atomic_load(&k->ended)) && clock_steady_ms() < until_ms)
		usleep(10000);
	return ended;
}

bool keeper_stop(struct keeper **keeper, int64_t until_ms)
{
	struct keeper *k = *keeper;

	*keeper = NULL;
	if (k == NULL)
		return true;
	keeper_finish(k);
	if (!wait_for_end(k, until_ms)) {
		atomic_store(&k->give_up, true);
		if (!wait_for_end(k, clock_steady_ms() + GIVE_UP_WAIT_MS))
			return false;
	}
	pthread_join(k->thread, NULL);
	pthread_cond_destroy(&k->changed);
	pthread_mutex_destroy(&k->lock);
	free(k);
	return true;
}
