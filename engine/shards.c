#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"
#include "shards_private.h"

enum {
	TAKE_MS = 100,
	SAVING_TAKE_MS = 1, /* while a snapshot waits for the next step */
	GATHER_MS = 50,           /* a shard that has its hands full lets hits wait for those of its next batches */
	GATHER_BEHIND_MS = 500,   /* the most, of a shard that has had them full for long */
	GATHER_BEHIND_PARTS = 4,  /* this part of that time */
	FULL_PARTS = 4, /* a batch of this part of the most and more says that it has */
	TAKEOVER_WAIT_SECONDS = 5
};

static struct work *work_get(struct shard_thread *t)
{
	struct shards *s = t->shards;
	struct work *work;

	pthread_mutex_lock(&s->lock);
	if (t->pool == NULL)
		count(COUNT_SHARD_WAITS);
	while (t->pool == NULL)
		pthread_cond_wait(&s->changed, &s->lock);
	work = t->pool;
	t->pool = work->next;
	pthread_mutex_unlock(&s->lock);
	work_reset(work);
	return work;
}

static void work_put_back(struct work *work)
{
	struct shard_thread *t = work->owner;

	pthread_mutex_lock(&t->shards->lock);
	work->next = t->pool;
	t->pool = work;
	pthread_cond_broadcast(&t->shards->changed);
	pthread_mutex_unlock(&t->shards->lock);
}

static int work_run(struct store *store, struct store_job *job, struct error *error)
{
	struct work *work = (struct work *)job;
	struct shard_thread *t = work->owner;

	return desk_apply(t->shards->options.desk, store, work, error);
}

/* What the desk could not write is a fault of ours or of the store: going on would lose it, so the program ends. */
static void work_done(struct store_job *job, int result)
{
	struct work *work = (struct work *)job;
	struct shard_thread *t = work->owner;
	struct shards *s = t->shards;

	if (result == -1 && !atomic_load(&s->stopping))
		die("a batch could not be written, and nothing may be lost; started again, it is read again "
		    "from the feed: %s",
		    job->error.text);
	if (result == 0) {
		desk_count(work);
		if (s->options.committed != NULL)
			s->options.committed(s->options.arg, work);
	}
	pthread_mutex_lock(&s->lock);
	t->at_desk--;
	t->done += result == 0;
	pthread_mutex_unlock(&s->lock);
	work_put_back(work);
}

static bool has_haste(const struct work *work)
{
	return work->hit_count > 0 || work->dead_count > 0;
}

static void submit(struct shard_thread *t, struct work *work)
{
	work->job.run = work_run;
	work->job.done = work_done;
	work->job.urgent = has_haste(work);
	pthread_mutex_lock(&t->shards->lock);
	t->at_desk++;
	t->submitted++;
	pthread_mutex_unlock(&t->shards->lock);
	store_submit(t->shards->options.writer, &work->job);
}

/* The open work, or a new one. */
static struct work *open_work(struct shard_thread *t)
{
	if (t->open == NULL) {
		t->open = work_get(t);
		t->opened_ms = clock_steady_ms();
	}
	return t->open;
}

static void submit_open(struct shard_thread *t)
{
	if (t->open != NULL)
		submit(t, t->open);
	t->open = NULL;
}

/* How long every batch has been large, so that the shard has not come to the end of its queue; -1: the last one was not. */
static int64_t behind_ms(struct shard_thread *t, size_t taken)
{
	int64_t now_ms = clock_steady_ms();

	if (taken * FULL_PARTS < (size_t)t->shards->options.settings->engine_batch) {
		t->full_since_ms = 0;
		return -1;
	}
	if (t->full_since_ms == 0)
		t->full_since_ms = now_ms;
	return now_ms - t->full_since_ms;
}

static int64_t gather_ms(int64_t behind)
{
	int64_t part = behind / GATHER_BEHIND_PARTS;

	return part < GATHER_MS ? GATHER_MS : part > GATHER_BEHIND_MS ? GATHER_BEHIND_MS : part;
}

/*
 * What hits goes to the desk at once; while batches are large, with the next ones, since a commit costs as much as
 * thousands of transactions, most of it for pages of indexes that the next one writes again. How long they wait grows
 * with the time that the feed has been behind: whoever waits for a warning waits longer by a quarter, and by half a
 * second at most. Offsets alone wait in the open work for the commit interval, so that a quiet feed does not use up the
 * works, nor a busy one the desk's time, for progress that a crash may repeat anyway (I4). An interval below GATHER_MS
 * says that commits are wanted soon, whatever they cost.
 */
static void submit_due(struct shard_thread *t, size_t taken)
{
	int64_t wait_ms = t->shards->options.settings->store_commit_ms, behind = behind_ms(t, taken);

	if (t->open == NULL)
		return;
	if (has_haste(t->open))
		wait_ms = behind != -1 && GATHER_MS < wait_ms ? gather_ms(behind) : 0;
	if (wait_ms == 0 || clock_steady_ms() - t->opened_ms >= wait_ms)
		submit_open(t);
}

/* How long to wait for messages: not at all while hits wait for more. */
static int take_ms(const struct shard_thread *t)
{
	return t->open != NULL && has_haste(t->open) ? 0 : t->saving ? SAVING_TAKE_MS : TAKE_MS;
}

/* A message that is replayed moves no offset: the store is ahead of it. */
static void put_end(struct shard_thread *t, const struct feed_message *m)
{
	if (m->replayed || work_put_end(open_work(t), m->source, m->partition, m->offset + 1))
		return;
	/* More partitions than a work counts: what is done goes first. The message's own finds went into that work
	 * without its end; they are the same hits when a crash makes it come again (I4). */
	submit_open(t);
	work_put_end(open_work(t), m->source, m->partition, m->offset + 1);
}

static void handle(struct shard_thread *t, const struct feed_message *messages, size_t count)
{
	for (size_t done = 0, n; done < count; done += n) {
		n = pipeline_handle(t->shard, &messages[done], count - done, open_work(t));
		for (size_t i = done; i < done + n; i++)
			put_end(t, &messages[i]);
		if (work_is_full(t->open))
			submit_open(t);
	}
}

static uint64_t requests(const struct shards *s)
{
	return atomic_load_explicit(&s->looked_at, memory_order_acquire);
}

/* An exchange of pointers: what is costly, making and freeing a matcher, is left to the thread that reloads. */
static void matcher_take_over(struct shard_thread *t)
{
	struct shards *s = t->shards;
	int64_t began_us = clock_steady_us(), us;

	pthread_mutex_lock(&s->lock);
	if (t->matcher_next != NULL) {
		t->matcher_old = shard_use_matcher(t->shard, t->matcher_next);
		t->matcher_next = NULL;
		us = clock_steady_us() - began_us;
		if (us > s->takeover_us)
			s->takeover_us = us;
		pthread_cond_broadcast(&s->changed);
	}
	pthread_mutex_unlock(&s->lock);
}

/* Between two batches: new matchers, a settle request, a snapshot to begin. */
static void look_around(struct shard_thread *t)
{
	struct shards *s = t->shards;
	uint64_t now = requests(s);

	if (now == t->seen)
		return;
	t->seen = now;
	submit_open(t);
	pthread_mutex_lock(&s->lock);
	t->settled = s->settle_wanted;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	matcher_take_over(t);
	shard_save_look(t);
}

static void *shard_main(void *arg)
{
	struct shard_thread *t = arg;
	struct shards *s = t->shards;
	char name[16];
	size_t most = (size_t)s->options.settings->engine_batch, n;

	snprintf(name, sizeof(name), "shard-%d", t->number);
	pthread_setname_np(pthread_self(), name);
	while (!atomic_load_explicit(&s->stopping, memory_order_relaxed)) {
		look_around(t);
		n = feed_kafka_take(s->feed, t->number, t->messages, most, take_ms(t));
		/* Again, after the wait: what arrives behind a reload is judged by the new set. A settle waits for the batch. */
		if (requests(s) != t->seen)
			matcher_take_over(t);
		handle(t, t->messages, positions_take(&t->positions, t->messages, n));
		feed_kafka_release(s->feed, t->messages, n);
		submit_due(t, n);
		if (t->saving)
			shard_save_step(t);
	}
	submit_open(t);
	shard_save_stop(t);
	return NULL;
}

static void thread_init(struct shards *s, struct shard_thread *t, int number)
{
	const struct settings *settings = s->options.settings;

	t->shards = s;
	t->number = number;
	t->shard = shard_new(settings, s->patterns);
	shard_use_reference(t->shard, s->reference);
	positions_init(&t->positions);
	t->messages = calloc((size_t)settings->engine_batch, sizeof(*t->messages));
	if (t->messages == NULL)
		die("out of memory: a batch of %lld messages", (long long)settings->engine_batch);
	for (int i = 0; i < settings->feed_count; i++)
		shard_set_feed(t->shard, (unsigned)i, decoder_find(slice_of(settings->feeds[i].decoder)),
		               slice_of(settings->feeds[i].bank));
	for (int64_t i = 0; i < settings->engine_batches; i++) {
		struct work *work = work_new(t);
		work->next = t->pool;
		t->pool = work;
	}
}

struct shards *shards_new(const struct shards_options *options)
{
	struct shards *s = calloc(1, sizeof(*s));

	if (s == NULL || (s->threads = calloc((size_t)options->count, sizeof(*s->threads))) == NULL)
		die("out of memory: %d shards", options->count);
	s->options = *options;
	s->patterns = pattern_set_hold(options->patterns);
	s->reference = reference_hold(options->reference);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	for (int i = 0; i < options->count; i++)
		thread_init(s, &s->threads[i], i);
	return s;
}

void shards_start(struct shards *shards, struct feed_kafka *feed)
{
	shards->feed = feed;
	for (int i = 0; i < shards->options.count; i++)
		if (pthread_create(&shards->threads[i].thread, NULL, shard_main, &shards->threads[i]) != 0)
			die("shard %d cannot be started", i);
	pthread_mutex_lock(&shards->lock);
	shards->started = true;
	pthread_mutex_unlock(&shards->lock);
}

struct pattern_set *shards_patterns(struct shards *shards)
{
	struct pattern_set *set;

	pthread_mutex_lock(&shards->lock);
	set = pattern_set_hold(shards->patterns);
	pthread_mutex_unlock(&shards->lock);
	return set;
}

struct positions *shards_positions(struct shards *shards, int32_t partition)
{
	return &shards->threads[partition % shards->options.count].positions;
}

int64_t shards_behind(struct shards *shards)
{
	int64_t sum = 0;

	for (int i = 0; i < shards->options.count; i++)
		sum += positions_behind(&shards->threads[i].positions);
	return sum;
}

int64_t shards_takeover_us(struct shards *shards)
{
	int64_t us;

	pthread_mutex_lock(&shards->lock);
	us = shards->takeover_us;
	pthread_mutex_unlock(&shards->lock);
	return us;
}

static bool all_use_theirs(const struct shards *shards)
{
	for (int i = 0; i < shards->options.count; i++)
		if (shards->threads[i].matcher_next != NULL)
			return false;
	return true;
}

/* A shard that waits for the desk takes over later; what it leaves is then freed at the next reload, or at the end. */
static void wait_for_takeover(struct shards *shards)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += TAKEOVER_WAIT_SECONDS;
	while (shards->started && !atomic_load(&shards->stopping) && !all_use_theirs(shards))
		if (pthread_cond_timedwait(&shards->changed, &shards->lock, &until) != 0)
			break;
}

/* New matchers for all, of the set and the lists at hand. */
static void renew_matchers(struct shards *shards)
{
	int count = shards->options.count, n = 0;
	struct matcher **made = calloc((size_t)count * 4, sizeof(struct matcher *)), **left = made + count;

	if (made == NULL)
		die("out of memory: matchers of %d shards", count);
	for (int i = 0; i < count; i++) {
		made[i] = matcher_new(shards->patterns);
		matcher_refer(made[i], shards->reference);
	}
	pthread_mutex_lock(&shards->lock);
	shards->takeover_us = 0;
	for (int i = 0; i < count; i++) {
		left[n++] = shards->threads[i].matcher_next;
		left[n++] = shards->threads[i].matcher_old;
		shards->threads[i].matcher_next = made[i];
		shards->threads[i].matcher_old = NULL;
	}
	atomic_fetch_add_explicit(&shards->looked_at, 1, memory_order_release);
	wait_for_takeover(shards);
	for (int i = 0; i < count; i++) {
		left[n++] = shards->threads[i].matcher_old;
		shards->threads[i].matcher_old = NULL;
	}
	pthread_mutex_unlock(&shards->lock);
	for (int i = 0; i < n; i++)
		matcher_free(&left[i]);
	free(made);
}

void shards_use_patterns(struct shards *shards, struct pattern_set *set)
{
	struct pattern_set *old;

	pthread_mutex_lock(&shards->lock);
	old = shards->patterns;
	shards->patterns = pattern_set_hold(set);
	pthread_mutex_unlock(&shards->lock);
	renew_matchers(shards);
	pattern_set_free(&old);
}

void shards_use_reference(struct shards *shards, struct reference *reference)
{
	struct reference *old = shards->reference;

	shards->reference = reference_hold(reference);
	renew_matchers(shards);
	reference_free(&old);
}

static bool all_settled(const struct shards *shards, uint64_t wanted)
{
	for (int i = 0; i < shards->options.count; i++)
		if (shards->threads[i].settled < wanted || shards->threads[i].at_desk > 0)
			return false;
	return true;
}

void shards_settle(struct shards *shards)
{
	uint64_t wanted;

	pthread_mutex_lock(&shards->lock);
	wanted = ++shards->settle_wanted;
	atomic_fetch_add_explicit(&shards->looked_at, 1, memory_order_release);
	while (shards->started && !atomic_load(&shards->stopping) && !all_settled(shards, wanted))
		pthread_cond_wait(&shards->changed, &shards->lock);
	pthread_mutex_unlock(&shards->lock);
	for (int i = 0; i < shards->options.count; i++)
		positions_close(&shards->threads[i].positions);
}

void shards_stop(struct shards *shards)
{
	bool waiting = true;

	atomic_store(&shards->stopping, true);
	for (int i = 0; shards->started && i < shards->options.count; i++)
		pthread_join(shards->threads[i].thread, NULL);
	pthread_mutex_lock(&shards->lock);
	while (waiting) {
		waiting = false;
		for (int i = 0; i < shards->options.count; i++)
			waiting |= shards->threads[i].at_desk > 0;
		if (waiting)
			pthread_cond_wait(&shards->changed, &shards->lock);
	}
	shards->started = false;
	pthread_cond_broadcast(&shards->changed);
	pthread_mutex_unlock(&shards->lock);
}

static void thread_free(struct shard_thread *t)
{
	struct work *next;

	for (struct work *work = t->pool; work != NULL; work = next) {
		next = work->next;
		work_free(work);
	}
	shard_free(&t->shard);
	matcher_free(&t->matcher_next);
	matcher_free(&t->matcher_old);
	positions_deinit(&t->positions);
	free(t->messages);
}

void shards_free(struct shards **shards)
{
	struct shards *s = *shards;

	if (s == NULL)
		return;
	for (int i = 0; i < s->options.count; i++)
		thread_free(&s->threads[i]);
	pattern_set_free(&s->patterns);
	reference_free(&s->reference);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s->threads);
	free(s);
	*shards = NULL;
}
