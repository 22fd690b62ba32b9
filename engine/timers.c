#include "timers.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"
#include "casework/casework.h"

enum { SCRATCH_BYTES_MAX = 1 << 20, KIND_BYTES = 32, SUBJECT_BYTES = 128 };

/* Every kind of timer, one line each. */
static const struct timer_kind {
	const char *name;
	int (*run)(struct notify_timer *timer, struct slice subject, struct error *error);
} kinds[] = {
	{"escalation", notify_run_escalation}, /* an alert: nobody answered its step in time */
	{"call", notify_run_call}, /* a call's number: nobody took it in time */
	{"digest", notify_run_digest}, /* a contact's number: his window is over */
	{"hold", notify_run_hold}, /* "": something became HELD outside of routing */
	{CASEWORK_TIMER_DRAFTS, casework_run_drafts}, /* week or month: one is over */
	{CASEWORK_TIMER_BULLETIN, casework_run_bulletin}, /* a bulletin: its next batch */
	{CASEWORK_TIMER_DRILL, casework_run_drill}, /* an exercise: its next enterprises are told */
	{CASEWORK_TIMER_DRILL_END, casework_run_drill_end}, /* an exercise: its time is over */
};

/* ---- the leaves ---- */

int64_t timers_jump(int64_t *offset_ms, int64_t wall_ms, int64_t steady_ms)
{
	int64_t offset = wall_ms - steady_ms, jump = offset - *offset_ms;

	*offset_ms = offset;
	return jump > TIMERS_JUMP_MS || jump < -TIMERS_JUMP_MS ? jump : 0;
}

int timers_clock_begin(struct store *store, int64_t now_ms, int64_t *jump_ms_r, struct error *error)
{
	int64_t seen_ms;

	*jump_ms_r = 0;
	if (store_clock_seen(store, &seen_ms, error) == -1)
		return -1;
	if (seen_ms > now_ms) {
		*jump_ms_r = now_ms - seen_ms;
		if (store_clock_shift(store, *jump_ms_r, error) == -1)
			return -1;
	}
	return store_clock_note(store, now_ms, error);
}

int timers_fire(struct store *store, const struct catalogue *catalogue, const struct timer_row *timer,
                int64_t now_ms, struct notify_put *put, struct error *error)
{
	struct notify_timer run = {.store = store, .catalogue = catalogue, .now_ms = now_ms};
	int taken = store_timer_take(store, timer, now_ms, error);

	if (taken != 1)
		return taken;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!slice_is(timer->kind, kinds[i].name))
			continue;
		if (kinds[i].run(&run, timer->subject, error) == -1)
			return -1;
		notify_put_add(put, &run.put);
		return 1;
	}
	put->unknown_timers++;
	return 1;
}

/* ---- jobs at the store ---- */

/*
 * One timer, or something to do with the clock. A batch belongs to the thread and to its jobs; who leaves last frees
 * it, so that a stop needs not wait for a store that hangs.
 */
struct timer_job {
	struct store_job job; /* first, so that the job's address is this one's */
	struct timer_batch *batch;
	int (*run)(struct store *store, struct timer_job *job, struct error *error);
	char kind[KIND_BYTES], subject[SUBJECT_BYTES];
	int64_t due_ms, now_ms;
	struct notify_put put;
	int fired;
};

struct timer_batch {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct timers *timers; /* NULL: the thread has ended */
	const struct catalogue *const *catalogue;
	int left; /* jobs not done yet */
	int owners; /* those jobs, and the thread */
	int count;
	struct timer_job jobs[TIMERS_BATCH_MAX];
};

struct timers {
	struct timers_options options;
	struct store *reader;
	struct arena scratch;
	pthread_t thread;
	int64_t offset_ms, noted_ms; /* wall less steady; steady, when the time was noted */
	/* shared, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool woken, stopping;
	struct timer_batch *batch; /* that the thread waits for; NULL: none */
};

static struct timer_batch *batch_new(struct timers *t)
{
	struct timer_batch *batch = calloc(1, sizeof(*batch));

	if (batch == NULL)
		die("out of memory: timers");
	pthread_mutex_init(&batch->lock, NULL);
	pthread_cond_init(&batch->changed, NULL);
	batch->timers = t;
	batch->catalogue = t->options.catalogue;
	return batch;
}

/* Under its lock, which is given back. */
static void batch_leave(struct timer_batch *batch)
{
	bool last = --batch->owners == 0;

	pthread_mutex_unlock(&batch->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&batch->lock);
	pthread_cond_destroy(&batch->changed);
	free(batch);
}

/* ---- what jobs do ---- */

static int run_timer(struct store *store, struct timer_job *job, struct error *error)
{
	struct timer_row row = {slice_of(job->kind), slice_of(job->subject), job->due_ms};

	job->put = (struct notify_put){0}; /* it may run again after a failed commit */
	job->fired = timers_fire(store, *job->batch->catalogue, &row, job->now_ms, &job->put, error);
	return job->fired == -1 ? -1 : 0;
}

static int run_put_off(struct store *store, struct timer_job *job, struct error *error)
{
	return store_timer_put(store, job->kind, slice_of(job->subject), job->now_ms + TIMERS_RETRY_MS, error);
}

static int run_shift(struct store *store, struct timer_job *job, struct error *error)
{
	return store_clock_shift(store, job->due_ms, error) == -1 ? -1 : store_clock_note(store, job->now_ms, error);
}

static int run_note(struct store *store, struct timer_job *job, struct error *error)
{
	return store_clock_note(store, job->now_ms, error);
}

static int job_run(struct store *store, struct store_job *job, struct error *error)
{
	struct timer_job *timer = (struct timer_job *)job;

	return timer->run(store, timer, error);
}

static void count_done(const struct timer_job *timer, int result)
{
	if (timer->run != run_timer)
		return;
	if (result == -1) {
		count(COUNT_TIMERS_FAILED);
		log_event(LOG_ERROR, "timers", "a timer's work failed; it is tried again in a minute", "kind", "%s", timer->kind,
		          "subject", "%s", timer->subject, "why", "%s", timer->job.error.text, NULL);
		return;
	}
	count_many(COUNT_TIMERS_FIRED, (uint64_t)timer->fired);
	notify_put_count(&timer->put);
}

static void job_done(struct store_job *job, int result)
{
	struct timer_job *timer = (struct timer_job *)job;
	struct timer_batch *batch = timer->batch;

	count_done(timer, result);
	pthread_mutex_lock(&batch->lock);
	if (result == 0 && timer->put.put > 0 && batch->timers != NULL && batch->timers->options.ran != NULL)
		batch->timers->options.ran(batch->timers->options.arg);
	batch->left--;
	pthread_cond_signal(&batch->changed);
	batch_leave(batch);
}

static struct timer_job *job_add(struct timer_batch *batch, int64_t now_ms,
                                 int (*run)(struct store *store, struct timer_job *job, struct error *error))
{
	struct timer_job *job = &batch->jobs[batch->count++];

	*job = (struct timer_job){.job = {.run = job_run, .done = job_done, .urgent = true}, .batch = batch, .run = run,
	                          .now_ms = now_ms};
	return job;
}

static void set_batch(struct timers *t, struct timer_batch *batch)
{
	pthread_mutex_lock(&t->lock);
	t->batch = t->stopping ? NULL : batch;
	if (t->stopping)
		batch->timers = NULL;
	pthread_mutex_unlock(&t->lock);
}

/*
 * Waits for all of it. Then `use` looks at what came of it; not where the thread must end before: the batch is its
 * jobs' then.
 */
static void batch_submit(struct timers *t, struct timer_batch *batch,
                         void (*use)(struct timers *t, const struct timer_batch *batch))
{
	batch->left = batch->count;
	batch->owners = batch->count + 1;
	set_batch(t, batch);
	for (int i = 0; i < batch->count; i++)
		store_submit(t->options.writer, &batch->jobs[i].job);
	pthread_mutex_lock(&batch->lock);
	while (batch->left > 0 && batch->timers != NULL)
		pthread_cond_wait(&batch->changed, &batch->lock);
	pthread_mutex_unlock(&batch->lock);
	pthread_mutex_lock(&t->lock);
	t->batch = NULL;
	pthread_mutex_unlock(&t->lock);
	if (batch->timers != NULL && use != NULL)
		use(t, batch);
	pthread_mutex_lock(&batch->lock);
	batch_leave(batch);
}

/* ---- the thread ---- */

static void put_off_failed(struct timers *t, const struct timer_batch *done)
{
	struct timer_batch *batch;
	int failed = 0;

	for (int i = 0; i < done->count; i++)
		failed += done->jobs[i].job.result != 0;
	if (failed == 0)
		return;
	batch = batch_new(t);
	for (int i = 0; i < done->count; i++) {
		struct timer_job *job;
		if (done->jobs[i].job.result == 0)
			continue;
		job = job_add(batch, clock_now_ms(), run_put_off);
		memcpy(job->kind, done->jobs[i].kind, KIND_BYTES);
		memcpy(job->subject, done->jobs[i].subject, SUBJECT_BYTES);
	}
	batch_submit(t, batch, NULL);
}

static void clock_job(struct timers *t, int64_t wall_ms, int64_t jump_ms)
{
	struct timer_batch *batch = batch_new(t);

	job_add(batch, wall_ms, jump_ms != 0 ? run_shift : run_note)->due_ms = jump_ms;
	batch_submit(t, batch, NULL);
}

static void log_jump(int64_t jump_ms, const char *when)
{
	count(COUNT_CLOCK_JUMPS);
	log_event(LOG_WARN, "timers", "the wall clock jumped; what waits is moved along with it", "by_ms", "%lld",
	          (long long)jump_ms, "when", "%s", when, NULL);
}

/* Before any timer runs: none is early or late because somebody set the clock. */
static void look_at_clocks(struct timers *t, int64_t wall_ms, int64_t steady_ms)
{
	int64_t jump_ms = timers_jump(&t->offset_ms, wall_ms, steady_ms);

	if (jump_ms != 0)
		log_jump(jump_ms, "running");
	else if (steady_ms - t->noted_ms < TIMERS_NOTE_MS)
		return;
	t->noted_ms = steady_ms;
	clock_job(t, wall_ms, jump_ms);
}

static bool add_due(struct timers *t, struct timer_batch *batch, int64_t wall_ms)
{
	struct timer_row *rows;
	struct error error;
	size_t count;

	arena_reset(&t->scratch);
	if (store_timers_due(t->reader, wall_ms, TIMERS_BATCH_MAX, &t->scratch, &rows, &count, &error) == -1) {
		log_event(LOG_ERROR, "timers", "the timers cannot be read; trying again", "why", "%s", error.text, NULL);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		struct timer_job *job = job_add(batch, wall_ms, run_timer);
		snprintf(job->kind, KIND_BYTES, "%.*s", SLICE_PRINT(rows[i].kind));
		snprintf(job->subject, SUBJECT_BYTES, "%.*s", SLICE_PRINT(rows[i].subject));
		job->due_ms = rows[i].due_ms;
	}
	return count > 0;
}

/* True where something ran, so that there may be more. */
static bool run_due(struct timers *t, int64_t wall_ms)
{
	struct timer_batch *batch = batch_new(t);

	if (add_due(t, batch, wall_ms)) {
		batch_submit(t, batch, put_off_failed);
		return true;
	}
	batch->owners = 1;
	pthread_mutex_lock(&batch->lock);
	batch_leave(batch);
	return false;
}

/* Until something may be due, or the clocks are to be compared, or a timer was put. */
static void wait(struct timers *t, int64_t wall_ms, int64_t steady_ms)
{
	int64_t due_ms, until_ms = steady_ms + TIMERS_LOOK_MS;
	struct timespec at;
	struct error error;

	if (store_timer_next(t->reader, &due_ms, &error) == 1 && due_ms - wall_ms < TIMERS_LOOK_MS)
		until_ms = due_ms > wall_ms ? steady_ms + (due_ms - wall_ms) : steady_ms;
	at = (struct timespec){.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
	pthread_mutex_lock(&t->lock);
	if (!t->woken && !t->stopping)
		pthread_cond_timedwait(&t->changed, &t->lock, &at);
	t->woken = false;
	pthread_mutex_unlock(&t->lock);
}

static bool is_stopping(struct timers *t)
{
	bool stopping;

	pthread_mutex_lock(&t->lock);
	stopping = t->stopping;
	pthread_mutex_unlock(&t->lock);
	return stopping;
}

static void *timers_main(void *arg)
{
	struct timers *t = arg;

	pthread_setname_np(pthread_self(), "timers");
	while (!is_stopping(t)) {
		int64_t wall_ms = clock_now_ms(), steady_ms = clock_steady_ms();
		look_at_clocks(t, wall_ms, steady_ms);
		if (!run_due(t, wall_ms))
			wait(t, wall_ms, steady_ms);
	}
	return NULL;
}

/* On the store's thread. */
static void woken(void *arg)
{
	struct timers *t = arg;

	pthread_mutex_lock(&t->lock);
	t->woken = true;
	pthread_cond_signal(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

struct begin {
	int64_t now_ms, jump_ms;
};

static int run_begin(struct store *store, void *arg, struct error *error)
{
	struct begin *begin = arg;

	return timers_clock_begin(store, begin->now_ms, &begin->jump_ms, error);
}

int timers_start(const struct timers_options *options, struct timers **timers_r, struct error *error)
{
	struct timers *t = calloc(1, sizeof(*t));
	struct begin begin = {.now_ms = clock_now_ms()};
	pthread_condattr_t steady;

	if (t == NULL)
		die("out of memory: timers");
	t->options = *options;
	t->offset_ms = begin.now_ms - clock_steady_ms();
	t->noted_ms = clock_steady_ms();
	if (store_open_reader(options->store_path, options->key_file, &t->reader, error) == -1 ||
	    store_run(options->writer, run_begin, &begin, error) == -1) {
		store_close(&t->reader);
		free(t);
		return -1;
	}
	if (begin.jump_ms != 0)
		log_jump(begin.jump_ms, "since the last time seen");
	arena_init(&t->scratch, SCRATCH_BYTES_MAX);
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&t->changed, &steady);
	pthread_condattr_destroy(&steady);
	store_watch_timers(options->writer, woken, t);
	if (pthread_create(&t->thread, NULL, timers_main, t) != 0)
		die("the timers' thread cannot be started");
	*timers_r = t;
	return 0;
}

void timers_stop(struct timers **timers)
{
	struct timers *t = *timers;

	if (t == NULL)
		return;
	store_watch_timers(t->options.writer, NULL, NULL);
	pthread_mutex_lock(&t->lock);
	t->stopping = true;
	pthread_cond_signal(&t->changed);
	if (t->batch != NULL) {
		pthread_mutex_lock(&t->batch->lock);
		t->batch->timers = NULL;
		pthread_cond_signal(&t->batch->changed);
		pthread_mutex_unlock(&t->batch->lock);
	}
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	store_close(&t->reader);
	arena_deinit(&t->scratch);
	pthread_mutex_destroy(&t->lock);
	pthread_cond_destroy(&t->changed);
	free(t);
	*timers = NULL;
}
