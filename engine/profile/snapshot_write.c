/*
 * Writing a snapshot: the shard's thread copies chunks, the writer's puts them into the file.
 *
 * A chunk that is about to change is copied at once, wherever the writer is; the others wait until the shard makes a
 * step and the writer has use for them. So nobody reads memory that somebody else may write, there is no lock on the
 * way of a transaction, and only what changes early is ever held twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/clock.h"
#include "profile/snapshot.h"

enum {
	STEP_CHUNKS = 2,      /* 512 KiB: some hundred microseconds */
	WAITING_MAX = 16,     /* chunks copied by steps that the writer may leave waiting */
	SPARE_PIECES_MAX = 64, /* kept for the next copy rather than given back */
	LOOK_MS = 20,
};

struct piece {
	struct piece *next;
	uint32_t chunk;
	unsigned char *bytes; /* owned */
};

struct profile_save {
	/* fixed */
	struct snapshot_head head;
	unsigned char *offsets; /* owned; as they stand in the tail */
	size_t offsets_bytes;
	/* owned by the shard's thread */
	const struct slabs *slabs;
	uint32_t next_chunk; /* below it all are given */
	_Atomic int64_t pause_us;
	/* owned by the writer */
	uint64_t *sums; /* owned */
	uint64_t file_bytes;
	/* shared, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct piece *first, *last; /* copied and not written */
	struct piece *spare;
	size_t waiting, spare_count;
	bool ready;    /* the writer has made room for what steps copy */
	bool given_up; /* by the writer: nothing more is of use */
	bool ended;    /* by the shard: nothing more will come */
};

/*
 * What the file says of itself.
 */

static size_t offsets_size(const struct profile_save_info *info)
{
	size_t bytes = 0;

	for (size_t i = 0; i < info->offset_count; i++)
		bytes += sizeof(struct snapshot_offset) + info->offsets[i].topic.length;
	return bytes;
}

static void offsets_copy(struct profile_save *save, const struct profile_save_info *info)
{
	unsigned char *to;

	if (info->offset_count > SNAPSHOT_OFFSETS_MAX)
		die("a shard with more than %d partitions", SNAPSHOT_OFFSETS_MAX);
	save->offsets_bytes = offsets_size(info);
	to = save->offsets = malloc(save->offsets_bytes + 1);
	if (to == NULL)
		die("out of memory: a snapshot's offsets");
	for (size_t i = 0; i < info->offset_count; i++) {
		const struct profile_offset *from = &info->offsets[i];
		struct snapshot_offset offset = {from->next, from->partition, from->topic.length};
		memcpy(to, &offset, sizeof(offset));
		memcpy(to + sizeof(offset), from->topic.at, from->topic.length);
		to += sizeof(offset) + from->topic.length;
	}
}

static void head_fill(struct profile_save *save, const struct profile_shard *shard,
                      const struct profile_save_info *info)
{
	save->head = (struct snapshot_head){
		.order = SNAPSHOT_ORDER,
		.version = SNAPSHOT_VERSION,
		.chunk_bytes = SLAB_CHUNK_BYTES,
		.chunks = shard->accounts.slabs.chunk_count,
		.round = info->round,
		.shard = (uint32_t)info->shard,
		.shards = (uint32_t)info->shards,
		.offsets = (uint32_t)info->offset_count,
		.tail_bytes = (uint32_t)(shard->accounts.slabs.chunk_count * sizeof(uint64_t) + save->offsets_bytes),
		.accounts = shard->accounts.count,
		.written_ms = clock_now_ms(),
	};
	memcpy(save->head.magic, SNAPSHOT_MAGIC, sizeof(save->head.magic));
}

/*
 * The shard's side.
 */

static struct piece *piece_new(void)
{
	struct piece *piece = malloc(sizeof(*piece));

	if (piece == NULL || (piece->bytes = malloc(SLAB_CHUNK_BYTES)) == NULL)
		die("out of memory: a snapshot is being written, which can take as much again as the accounts");
	return piece;
}

static struct piece *piece_get(struct profile_save *save)
{
	struct piece *piece;

	pthread_mutex_lock(&save->lock);
	piece = save->spare;
	if (piece != NULL) {
		save->spare = piece->next;
		save->spare_count--;
	}
	pthread_mutex_unlock(&save->lock);
	return piece != NULL ? piece : piece_new();
}

static void give(struct profile_save *save, uint32_t chunk)
{
	struct piece *piece = piece_get(save);

	piece->chunk = chunk;
	piece->next = NULL;
	memcpy(piece->bytes, slab_chunk_read(save->slabs, chunk), SLAB_CHUNK_BYTES);
	pthread_mutex_lock(&save->lock);
	if (save->last != NULL)
		save->last->next = piece;
	else
		save->first = piece;
	save->last = piece;
	save->waiting++;
	pthread_cond_signal(&save->changed);
	pthread_mutex_unlock(&save->lock);
}

/* In processor time: what else runs on the machine is not the snapshot's doing. */
static void note_pause(struct profile_save *save, int64_t began_us)
{
	int64_t us = clock_thread_us() - began_us;

	if (us > save->pause_us)
		save->pause_us = us;
}

static void before_change(void *watcher, uint32_t chunk)
{
	struct profile_save *save = watcher;
	int64_t began_us = clock_thread_us();

	give(save, chunk);
	note_pause(save, began_us);
}

struct profile_save *profile_save_begin(struct profile_shard *shard, const struct profile_save_info *info)
{
	struct profile_save *save = calloc(1, sizeof(*save));

	if (save == NULL || (save->sums = calloc(shard->accounts.slabs.chunk_count + 1, sizeof(*save->sums))) == NULL)
		die("out of memory: a snapshot");
	offsets_copy(save, info);
	head_fill(save, shard, info);
	pthread_mutex_init(&save->lock, NULL);
	pthread_cond_init(&save->changed, NULL);
	save->slabs = &shard->accounts.slabs;
	slabs_watch(&shard->accounts.slabs, before_change, save);
	shard->save = save;
	return save;
}

/* How many chunks the writer has use for; -1: for none, ever. */
static int wanted(struct profile_save *save)
{
	int room;

	pthread_mutex_lock(&save->lock);
	room = save->given_up ? -1 : save->ready && save->waiting < WAITING_MAX ? (int)(WAITING_MAX - save->waiting) : 0;
	pthread_mutex_unlock(&save->lock);
	return room < STEP_CHUNKS ? room : STEP_CHUNKS;
}

bool profile_save_step(struct profile_shard *shard)
{
	struct profile_save *save = shard->save;
	struct slabs *slabs = &shard->accounts.slabs;
	int64_t began_us = clock_thread_us();
	int room;

	if (save == NULL)
		return true;
	room = wanted(save);
	for (; room > 0 && save->next_chunk < save->head.chunks; save->next_chunk++)
		if (!slab_chunk_saved(slabs, save->next_chunk)) {
			slab_chunk_mark(slabs, save->next_chunk);
			give(save, save->next_chunk);
			room--;
		}
	note_pause(save, began_us);
	return room == -1 || save->next_chunk == save->head.chunks;
}

void profile_save_end(struct profile_shard *shard)
{
	struct profile_save *save = shard->save;

	if (save == NULL)
		return;
	slabs_watch_end(&shard->accounts.slabs);
	shard->save = NULL;
	pthread_mutex_lock(&save->lock);
	save->ended = true;
	pthread_cond_signal(&save->changed);
	pthread_mutex_unlock(&save->lock);
}

/*
 * The writer's side.
 */

static int write_all(int fd, const void *bytes, size_t length, off_t at, const char *path, struct error *error)
{
	const char *from = bytes;

	while (length > 0) {
		ssize_t put = pwrite(fd, from, length, at);
		if (put == -1 && errno == EINTR)
			continue;
		if (put <= 0)
			return error_set(error, "%s cannot be written: %s", path, strerror(put == 0 ? EIO : errno));
		from += put;
		at += put;
		length -= (size_t)put;
	}
	return 0;
}

static void wait_a_little(struct profile_save *save)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += LOOK_MS * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&save->changed, &save->lock, &until);
}

/* The next copy; NULL with `error` filled where none will come, or nobody wants it any more. */
static struct piece *piece_take(struct profile_save *save, struct profile_shard *quiet, const _Atomic bool *give_up,
                                struct error *error)
{
	struct piece *piece;
	bool ended;

	if (quiet != NULL)
		profile_save_step(quiet);
	pthread_mutex_lock(&save->lock);
	while (save->first == NULL && !save->ended && !atomic_load(give_up))
		wait_a_little(save);
	piece = atomic_load(give_up) ? NULL : save->first;
	ended = save->ended;
	if (piece != NULL) {
		save->first = piece->next;
		if (save->first == NULL)
			save->last = NULL;
		save->waiting--;
	}
	pthread_mutex_unlock(&save->lock);
	if (piece == NULL)
		error_set(error, "%s", ended ? "the shard ended before its snapshot was whole"
		                             : "the snapshot was given up: there was no time for it");
	return piece;
}

static void piece_free(struct piece *piece)
{
	free(piece->bytes);
	free(piece);
}

static void piece_put_back(struct profile_save *save, struct piece *piece)
{
	bool keep;

	pthread_mutex_lock(&save->lock);
	keep = save->spare_count < SPARE_PIECES_MAX;
	if (keep) {
		piece->next = save->spare;
		save->spare = piece;
		save->spare_count++;
	}
	pthread_mutex_unlock(&save->lock);
	if (!keep)
		piece_free(piece);
}

/* The shard copies into memory that is there already, without a fault a page. */
static void make_room(struct profile_save *save)
{
	for (int i = 0; i < WAITING_MAX; i++) {
		struct piece *piece = piece_new();
		memset(piece->bytes, 0, SLAB_CHUNK_BYTES);
		piece_put_back(save, piece);
	}
	pthread_mutex_lock(&save->lock);
	save->ready = true;
	pthread_mutex_unlock(&save->lock);
}

static off_t chunk_at(uint32_t chunk)
{
	return SNAPSHOT_HEAD_BYTES + (off_t)chunk * SLAB_CHUNK_BYTES;
}

static int write_chunks(struct profile_save *save, int fd, const char *path, struct profile_shard *quiet,
                        const _Atomic bool *give_up, struct error *error)
{
	for (uint32_t done = 0; done < save->head.chunks; done++) {
		struct piece *piece = piece_take(save, quiet, give_up, error);
		int result;
		if (piece == NULL)
			return -1;
		save->sums[piece->chunk] = XXH3_64bits(piece->bytes, SLAB_CHUNK_BYTES);
		result = write_all(fd, piece->bytes, SLAB_CHUNK_BYTES, chunk_at(piece->chunk), path, error);
		piece_put_back(save, piece);
		if (result == -1)
			return -1;
	}
	return 0;
}

/* The tail, and last the head, that says what the rest should be. */
static int write_ends(struct profile_save *save, int fd, const char *path, struct error *error)
{
	size_t sums_bytes = save->head.chunks * sizeof(*save->sums);
	unsigned char *tail = malloc(save->head.tail_bytes + 1), page[SNAPSHOT_HEAD_BYTES] = {0};
	int result;

	if (tail == NULL)
		die("out of memory: a snapshot");
	memcpy(tail, save->sums, sums_bytes);
	memcpy(tail + sums_bytes, save->offsets, save->offsets_bytes);
	save->head.tail_sum = XXH3_64bits(tail, save->head.tail_bytes);
	save->head.head_sum = XXH3_64bits(&save->head, offsetof(struct snapshot_head, head_sum));
	memcpy(page, &save->head, sizeof(save->head));
	result = write_all(fd, tail, save->head.tail_bytes, chunk_at(save->head.chunks), path, error);
	free(tail);
	if (result == 0)
		result = write_all(fd, page, sizeof(page), 0, path, error);
	if (result == 0 && fsync(fd) == -1)
		result = error_set(error, "%s cannot be synced: %s", path, strerror(errno));
	save->file_bytes = (uint64_t)chunk_at(save->head.chunks) + save->head.tail_bytes;
	return result;
}

int profile_save_write(struct profile_save *save, const char *path, struct profile_shard *quiet,
                       const _Atomic bool *give_up, struct error *error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), result;

	make_room(save);
	if (fd == -1)
		result = error_set(error, "%s cannot be made: %s", path, strerror(errno));
	else
		result = write_chunks(save, fd, path, quiet, give_up, error);
	if (result == 0)
		result = write_ends(save, fd, path, error);
	if (fd != -1)
		close(fd);
	if (result == 0)
		return 0;
	if (fd != -1)
		unlink(path);
	pthread_mutex_lock(&save->lock);
	save->given_up = true;
	pthread_mutex_unlock(&save->lock);
	return -1;
}

void profile_save_cost(const struct profile_save *save, uint64_t *bytes_r, int64_t *pause_us_r)
{
	*bytes_r = save->file_bytes;
	*pause_us_r = save->pause_us;
}

static void pieces_free(struct piece *piece)
{
	for (struct piece *next; piece != NULL; piece = next) {
		next = piece->next;
		piece_free(piece);
	}
}

void profile_save_free(struct profile_save **save)
{
	struct profile_save *own = *save;

	*save = NULL;
	if (own == NULL)
		return;
	pieces_free(own->first);
	pieces_free(own->spare);
	pthread_cond_destroy(&own->changed);
	pthread_mutex_destroy(&own->lock);
	free(own->offsets);
	free(own->sums);
	free(own);
}
