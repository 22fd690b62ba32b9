/*
 * The store's thread: a queue of jobs, and group commit.
 *
 *   submit ─▶ queue ─▶ BEGIN · SAVEPOINT run RELEASE · … · COMMIT ─▶ done, done, …
 *                        └ run says no: ROLLBACK TO, only that job
 *   The file fails (a full disk), at the COMMIT or inside a job: ROLLBACK, wait, run the same jobs again; nothing
 *   is told done meanwhile, so the shards stop and the feed waits in the broker.
 *
 * A job with haste commits at once, with everything that waits at that moment; jobs without (offsets alone) gather
 * for the commit interval.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"
#include "store/store_private.h"
#include "store/store_sql.h"

enum { GROUP_JOBS_MAX = 256, FAILED_COMMIT_WAIT_MS = 500 };

struct store_writer {
	/* owned by the thread */
	struct store *store;
	pthread_t thread;
	int64_t commit_interval_ms;
	/* shared, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct store_job *first, *last;
	bool urgent, stopping, failing;
	void (*timers_changed)(void *arg); /* NULL: nobody asks */
	void *timers_arg;
};

static void wait_until(struct store_writer *w, int64_t steady_ms)
{
	struct timespec at = {.tv_sec = steady_ms / 1000, .tv_nsec = steady_ms % 1000 * 1000000};

	pthread_cond_timedwait(&w->changed, &w->lock, &at);
}

/* Waits for work, then for haste or the interval's end; takes at most a group off the queue. */
static struct store_job *group_take(struct store_writer *w)
{
	struct store_job *group, *last;
	int64_t due_ms;
	int count = 1;

	pthread_mutex_lock(&w->lock);
	while (w->first == NULL && !w->stopping)
		pthread_cond_wait(&w->changed, &w->lock);
	due_ms = clock_steady_ms() + w->commit_interval_ms;
	while (!w->urgent && !w->stopping && clock_steady_ms() < due_ms)
		wait_until(w, due_ms);
	group = last = w->first;
	while (last != NULL && last->next != NULL && count < GROUP_JOBS_MAX) {
		last = last->next;
		count++;
	}
	if (last != NULL) {
		w->first = last->next;
		last->next = NULL;
	}
	if (w->first == NULL) {
		w->last = NULL;
		w->urgent = false;
	}
	pthread_mutex_unlock(&w->lock);
	return group;
}

/*
 * 0 also where the job said no for reasons of its own. -1 where the file failed, whatever the job made of that: on
 * SQLITE_FULL and the like SQLite takes back the whole transaction, and what ran on would commit by itself.
 */
static int job_run(struct store *store, struct store_job *job, struct error *error)
{
	if (sql_execute(store, "SAVEPOINT job", error) == -1)
		return -1;
	job->result = job->run(store, job, &job->error);
	if (store->troubled || sqlite3_get_autocommit(store->db))
		return error_set(error, "%s",
		                 job->result == -1 ? job->error.text : "the transaction was taken back");
	if (job->result == -1 && sql_execute(store, "ROLLBACK TO job", error) == -1)
		return -1;
	return sql_execute(store, "RELEASE job", error);
}

static int group_commit(struct store *store, struct store_job *group, struct error *error)
{
	int result = 0;

	store->troubled = false;
	store->timer_put = false;
	if (sql_execute(store, "BEGIN IMMEDIATE", error) == -1)
		return -1;
	for (struct store_job *job = group; job != NULL && result == 0; job = job->next)
		result = job_run(store, job, error);
	if (result == 0 && sql_execute(store, "COMMIT", error) == 0)
		return 0;
	if (!sqlite3_get_autocommit(store->db))
		sql_execute(store, "ROLLBACK", NULL);
	return -1;
}

static void set_failing(struct store_writer *w, bool failing)
{
	pthread_mutex_lock(&w->lock);
	w->failing = failing;
	pthread_mutex_unlock(&w->lock);
}

/* Until it is written. Only a stop with a store that stays broken gives up: the feed then replays it (I4). */
static int group_write(struct store_writer *w, struct store_job *group)
{
	struct error error;

	while (group_commit(w->store, group, &error) == -1) {
		bool stopping;
		count(COUNT_COMMIT_FAILURES);
		log_event(LOG_ERROR, "store", "a commit failed; nothing is lost, it is tried again", "why",
		          "%s", error.text, NULL);
		set_failing(w, true);
		pthread_mutex_lock(&w->lock);
		wait_until(w, clock_steady_ms() + FAILED_COMMIT_WAIT_MS);
		stopping = w->stopping;
		pthread_mutex_unlock(&w->lock);
		if (stopping)
			return -1;
	}
	count(COUNT_COMMITS);
	set_failing(w, false);
	return 0;
}

/* The lock is held over the call, so that whoever ends what is called knows that it is not under way. */
static void tell_timers(struct store_writer *w)
{
	if (!w->store->timer_put)
		return;
	pthread_mutex_lock(&w->lock);
	if (w->timers_changed != NULL)
		w->timers_changed(w->timers_arg);
	pthread_mutex_unlock(&w->lock);
}

static void *writer_main(void *arg)
{
	struct store_writer *w = arg;
	struct store_job *group, *next;

	pthread_setname_np(pthread_self(), "store");
	while ((group = group_take(w)) != NULL) {
		bool written = group_write(w, group) == 0;
		if (written)
			tell_timers(w);
		for (struct store_job *job = group; job != NULL; job = next) {
			next = job->next;
			if (!written) {
				job->result = -1;
				error_set(&job->error, "the store could not be written before the stop");
			}
			job->done(job, job->result);
		}
	}
	return NULL;
}

struct store_writer *store_writer_start(struct store *store, int64_t commit_interval_ms)
{
	struct store_writer *w = calloc(1, sizeof(*w));
	pthread_condattr_t steady;

	if (w == NULL)
		die("out of memory: the store's thread");
	w->store = store;
	w->commit_interval_ms = commit_interval_ms;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&w->changed, &steady);
	pthread_condattr_destroy(&steady);
	if (pthread_create(&w->thread, NULL, writer_main, w) != 0)
		die("the store's thread cannot be started");
	return w;
}

void store_writer_stop(struct store_writer **writer)
{
	struct store_writer *w = *writer;

	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	store_close(&w->store);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w);
	*writer = NULL;
}

void store_watch_timers(struct store_writer *writer, void (*changed)(void *arg), void *arg)
{
	pthread_mutex_lock(&writer->lock);
	writer->timers_changed = changed;
	writer->timers_arg = arg;
	pthread_mutex_unlock(&writer->lock);
}

void store_submit(struct store_writer *writer, struct store_job *job)
{
	job->next = NULL;
	pthread_mutex_lock(&writer->lock);
	if (writer->last != NULL)
		writer->last->next = job;
	else
		writer->first = job;
	writer->last = job;
	writer->urgent |= job->urgent;
	pthread_cond_signal(&writer->changed);
	pthread_mutex_unlock(&writer->lock);
}

bool store_writable(struct store_writer *writer)
{
	bool writable;

	pthread_mutex_lock(&writer->lock);
	writable = !writer->failing;
	pthread_mutex_unlock(&writer->lock);
	return writable;
}

/* A job whose submitter waits. */
struct waiting_job {
	struct store_job job; /* first, so that the job's address is this one's */
	int (*run)(struct store *store, void *arg, struct error *error);
	void *arg;
	pthread_mutex_t lock;
	pthread_cond_t finished;
	bool is_done;
};

static int waiting_run(struct store *store, struct store_job *job, struct error *error)
{
	struct waiting_job *waiting = (struct waiting_job *)job;

	return waiting->run(store, waiting->arg, error);
}

static void waiting_done(struct store_job *job, int result)
{
	struct waiting_job *waiting = (struct waiting_job *)job;

	(void)result;
	pthread_mutex_lock(&waiting->lock);
	waiting->is_done = true;
	pthread_cond_signal(&waiting->finished);
	pthread_mutex_unlock(&waiting->lock);
}

int store_run(struct store_writer *writer, int (*run)(struct store *store, void *arg, struct error *error),
              void *arg, struct error *error)
{
	struct waiting_job waiting = {.job = {.run = waiting_run, .done = waiting_done, .urgent = true},
	                              .run = run,
	                              .arg = arg};

	pthread_mutex_init(&waiting.lock, NULL);
	pthread_cond_init(&waiting.finished, NULL);
	store_submit(writer, &waiting.job);
	pthread_mutex_lock(&waiting.lock);
	while (!waiting.is_done)
		pthread_cond_wait(&waiting.finished, &waiting.lock);
	pthread_mutex_unlock(&waiting.lock);
	pthread_cond_destroy(&waiting.finished);
	pthread_mutex_destroy(&waiting.lock);
	if (waiting.job.result == -1)
		error_set(error, "%s", waiting.job.error.text);
	return waiting.job.result;
}
