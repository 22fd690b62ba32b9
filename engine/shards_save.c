/*
 * A shard's part in its snapshot. It begins between two batches, where memory and offsets say the same: everything
 * below `next` of each partition is in, and nothing above.
 */
#include <stdlib.h>

#include "base/log.h"
#include "shards_private.h"

/* Under the lock; takes microseconds. */
static void begin(struct shard_thread *t)
{
	struct profile_save_info info = {
		.round = t->save_round, .shard = t->number, .shards = t->shards->options.count};
	struct profile_offset *offsets = positions_list(&t->positions, &info.offset_count);

	info.offsets = offsets;
	t->save_mark = t->submitted; /* the open work was submitted just before */
	t->save = profile_save_begin(shard_profiles(t->shard), &info);
	t->save_state = SAVE_BEGUN;
	free(offsets);
}

void shard_save_look(struct shard_thread *t)
{
	struct shards *s = t->shards;

	pthread_mutex_lock(&s->lock);
	if (t->save_state == SAVE_ASKED) {
		begin(t);
		t->saving = true;
		pthread_cond_broadcast(&s->changed);
	}
	pthread_mutex_unlock(&s->lock);
}

void shard_save_stop(struct shard_thread *t)
{
	struct shards *s = t->shards;

	if (!t->saving)
		return;
	t->saving = false;
	profile_save_end(shard_profiles(t->shard));
	pthread_mutex_lock(&s->lock);
	t->save_state = SAVE_GIVEN;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

void shard_save_step(struct shard_thread *t)
{
	if (profile_save_step(shard_profiles(t->shard)))
		shard_save_stop(t);
}

static bool runs(const struct shards *shards)
{
	return shards->started && !atomic_load(&shards->stopping);
}

struct profile_save *shards_save_begin(struct shards *shards, int shard, uint64_t round)
{
	struct shard_thread *t = &shards->threads[shard];
	struct profile_save *save;

	pthread_mutex_lock(&shards->lock);
	t->save_round = round;
	t->save_state = SAVE_ASKED;
	if (!shards->started) /* its thread has ended, or never ran */
		begin(t);
	atomic_fetch_add_explicit(&shards->looked_at, 1, memory_order_release);
	while (t->save_state == SAVE_ASKED && runs(shards))
		pthread_cond_wait(&shards->changed, &shards->lock);
	if (t->save_state == SAVE_ASKED)
		t->save_state = SAVE_NONE;
	save = t->save;
	pthread_mutex_unlock(&shards->lock);
	return save;
}

void shards_save_end(struct shards *shards, int shard)
{
	struct shard_thread *t = &shards->threads[shard];

	pthread_mutex_lock(&shards->lock);
	if (!shards->started)
		profile_save_end(shard_profiles(t->shard));
	while (t->save_state == SAVE_BEGUN && shards->started)
		pthread_cond_wait(&shards->changed, &shards->lock);
	t->save_state = SAVE_NONE;
	t->save = NULL; /* the caller's */
	pthread_mutex_unlock(&shards->lock);
}

bool shards_save_committed(struct shards *shards, int shard)
{
	struct shard_thread *t = &shards->threads[shard];
	bool committed;

	pthread_mutex_lock(&shards->lock);
	while (t->done < t->save_mark && t->at_desk > 0)
		pthread_cond_wait(&shards->changed, &shards->lock);
	committed = t->done >= t->save_mark;
	pthread_mutex_unlock(&shards->lock);
	return committed;
}

struct profile_shard *shards_quiet(struct shards *shards, int shard)
{
	struct profile_shard *quiet;

	pthread_mutex_lock(&shards->lock);
	quiet = shards->started ? NULL : shard_profiles(shards->threads[shard].shard);
	pthread_mutex_unlock(&shards->lock);
	return quiet;
}

struct profile_shard *shards_profiles(struct shards *shards, int shard)
{
	return shard_profiles(shards->threads[shard].shard);
}

bool shards_are_stopping(const struct shards *shards)
{
	return atomic_load(&shards->stopping);
}
