#include "snapshots.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"

enum { FILES_MAX = 1024 };

struct file {
	char name[64];
	struct profile_snapshot *snapshot; /* owned; NULL: not to be believed */
	const struct profile_save_info *info;
	bool checked;
};

struct load {
	const struct snapshots_target *target;
	struct file files[FILES_MAX]; /* once sorted: the newest first */
	size_t count;
	const struct file *loading;
	bool before_only; /* link's file is the one before the last */
};

/*
 * Names.
 */

void snapshots_shard_path(const char *folder, int shard, char path_r[SNAPSHOT_PATH_BYTES])
{
	snprintf(path_r, SNAPSHOT_PATH_BYTES, "%s/shard-%02d.snapshot", folder, shard);
}

void snapshots_link_path(const char *folder, char path_r[SNAPSHOT_PATH_BYTES])
{
	snprintf(path_r, SNAPSHOT_PATH_BYTES, "%s/link.snapshot", folder);
}

/* The shard that a name stands for, -1 where it is none of ours. */
static int shard_of_name(const char *name, bool *before_r)
{
	int shard = -1, length = 0;

	if (sscanf(name, "shard-%d.snapshot%n", &shard, &length) != 1 || length == 0 || shard < 0)
		return -1;
	*before_r = strcmp(name + length, ".1") == 0;
	return *before_r || name[length] == '\0' ? shard : -1;
}

/*
 * Keeping.
 */

static int sync_folder_of(const char *path, struct error *error)
{
	char copy[SNAPSHOT_PATH_BYTES];
	int fd, result;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	result = fd == -1 ? -1 : fsync(fd);
	if (result == -1)
		error_set(error, "the folder of %s cannot be synced: %s", path, strerror(errno));
	if (fd != -1)
		close(fd);
	return result;
}

int snapshots_keep_before(const char *path, struct error *error)
{
	char before[SNAPSHOT_PATH_BYTES + 8];

	snprintf(before, sizeof(before), "%s.1", path);
	if (access(path, F_OK) == -1 && errno == ENOENT)
		return 0;
	unlink(before);
	if (link(path, before) == -1)
		return error_set(error, "%s cannot be kept as %s: %s", path, before, strerror(errno));
	return 0;
}

int snapshots_keep(const char *path, struct error *error)
{
	char new[SNAPSHOT_PATH_BYTES + 8];

	snprintf(new, sizeof(new), "%s.new", path);
	if (snapshots_keep_before(path, error) == -1)
		return -1;
	if (rename(new, path) == -1)
		return error_set(error, "%s cannot be renamed to %s: %s", new, path, strerror(errno));
	return sync_folder_of(path, error);
}

void snapshots_remove_beyond(const char *folder, int shards)
{
	DIR *dir = opendir(folder);
	char path[SNAPSHOT_PATH_BYTES + 256];
	bool before;

	if (dir == NULL)
		return;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		if (shard_of_name(entry->d_name, &before) >= shards) {
			snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
			unlink(path);
		}
	closedir(dir);
}

/*
 * Loading.
 */

static void tell_refused(const char *why)
{
	count(COUNT_SNAPSHOTS_REFUSED);
	log_event(LOG_WARN, "snapshot", "a snapshot cannot be used; another one, or the feed, takes its place", "why",
	          "%s", why, NULL);
}

static void refuse(struct file *file, const char *why)
{
	tell_refused(why);
	profile_snapshot_close(&file->snapshot);
}

static bool there_are_files(const struct load *load)
{
	DIR *dir = opendir(load->target->settings->engine_snapshots);
	bool before, found = false;

	for (struct dirent *entry; dir != NULL && !found && (entry = readdir(dir)) != NULL;)
		found = shard_of_name(entry->d_name, &before) != -1;
	if (dir != NULL)
		closedir(dir);
	return found;
}

/* False: the shards' files are of no use without it. */
static bool load_link(struct load *load)
{
	char path[SNAPSHOT_PATH_BYTES], before[SNAPSHOT_PATH_BYTES + 8];
	struct error error;

	snapshots_link_path(load->target->settings->engine_snapshots, path);
	snprintf(before, sizeof(before), "%s.1", path);
	if (link_load(load->target->link, path, &error) == 0)
		return true;
	tell_refused(error.text);
	load->before_only = true;
	if (link_load(load->target->link, before, &error) == 0)
		return true;
	tell_refused(error.text);
	return false;
}

static void open_file(struct load *load, const char *name)
{
	struct file *file = &load->files[load->count];
	char path[SNAPSHOT_PATH_BYTES + 256];
	struct error error;

	snprintf(file->name, sizeof(file->name), "%.63s", name);
	snprintf(path, sizeof(path), "%s/%s", load->target->settings->engine_snapshots, name);
	if (profile_snapshot_open(path, &file->snapshot, &error) == -1) {
		refuse(file, error.text);
		return;
	}
	file->info = profile_snapshot_info(file->snapshot);
	load->count++;
}

static void open_files(struct load *load)
{
	DIR *dir = opendir(load->target->settings->engine_snapshots);
	bool before;

	if (dir == NULL)
		return;
	for (struct dirent *entry; load->count < FILES_MAX && (entry = readdir(dir)) != NULL;)
		if (shard_of_name(entry->d_name, &before) != -1 && (before || !load->before_only))
			open_file(load, entry->d_name);
	closedir(dir);
}

/* Newest first; then by name, so that the order is always the same. */
static int by_age(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	if (x->info->round != y->info->round)
		return x->info->round < y->info->round ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void refuse_ahead(struct load *load, struct file *file)
{
	struct error error;

	for (size_t i = 0; i < file->info->offset_count; i++) {
		const struct profile_offset *offset = &file->info->offsets[i];
		int64_t stored = 0;
		if (store_offset_get(load->target->store, offset->topic, offset->partition, &stored, &error) == -1)
			die("the offsets cannot be read, and a guess could lose transactions: %s", error.text);
		if (offset->next <= stored)
			continue;
		error_set(&error,
		          "%s is ahead of the store (%.*s, partition %d: %lld, the store has %lld); the store was removed "
		          "or restored from a copy",
		          file->name, SLICE_PRINT(offset->topic), offset->partition, (long long)offset->next,
		          (long long)stored);
		refuse(file, error.text);
		return;
	}
}

static bool holds(const struct file *file, int32_t partition)
{
	for (size_t i = 0; file->snapshot != NULL && i < file->info->offset_count; i++)
		if (file->info->offsets[i].partition == partition)
			return true;
	return false;
}

/* The file that a partition comes from; NULL: none. */
static const struct file *source_of(const struct load *load, int32_t partition)
{
	for (size_t i = 0; i < load->count; i++)
		if (holds(&load->files[i], partition))
			return &load->files[i];
	return NULL;
}

static bool is_wanted(void *arg, int32_t partition)
{
	const struct load *load = arg;

	return source_of(load, partition) == load->loading;
}

static bool is_source(const struct load *load, const struct file *file)
{
	for (size_t i = 0; file->snapshot != NULL && i < file->info->offset_count; i++)
		if (source_of(load, file->info->offsets[i].partition) == file)
			return true;
	return false;
}

/* Reads what is wanted whole. One that turns out damaged gives its partitions to the next, so all are looked at anew. */
static void check_sources(struct load *load)
{
	struct error error;

	for (size_t i = 0; i < load->count; i++) {
		struct file *file = &load->files[i];
		if (file->checked || !is_source(load, file))
			continue;
		file->checked = true;
		if (profile_snapshot_check(file->snapshot, &error) == -1) {
			refuse(file, error.text);
			i = (size_t)-1;
		}
	}
}

static const char *topic_of_settings(const struct settings *settings, struct slice topic)
{
	for (int i = 0; i < settings->feed_count; i++)
		if (slice_is(topic, settings->feeds[i].topic))
			return settings->feeds[i].topic;
	return NULL;
}

static void load_file(struct load *load, const struct file *file)
{
	const struct snapshots_target *target = load->target;

	load->loading = file;
	profile_load(file->snapshot, target->shards, target->count, is_wanted, load);
	for (size_t i = 0; i < file->info->offset_count; i++) {
		const struct profile_offset *offset = &file->info->offsets[i];
		const char *topic = topic_of_settings(target->settings, offset->topic);
		if (topic != NULL && is_wanted(load, offset->partition))
			positions_add(target->positions[offset->partition % target->count], topic, offset->partition)->next =
				offset->next;
	}
	log_event(LOG_INFO, "snapshot", "accounts' memory is loaded", "file", "%s", file->name, "round", "%llu",
	          (unsigned long long)file->info->round, NULL);
}

static uint64_t load_files(struct load *load)
{
	uint64_t round = 0;

	if (!there_are_files(load) || !load_link(load))
		return 0;
	open_files(load);
	qsort(load->files, load->count, sizeof(*load->files), by_age);
	if (load->count > 0)
		round = load->files[0].info->round;
	for (size_t i = 0; i < load->count; i++)
		refuse_ahead(load, &load->files[i]);
	check_sources(load);
	/* Sources first, all of them, since closing one would make another its partitions' source. */
	for (size_t i = 0; i < load->count; i++)
		if (is_source(load, &load->files[i]))
			load_file(load, &load->files[i]);
	for (size_t i = 0; i < load->count; i++)
		profile_snapshot_close(&load->files[i].snapshot);
	return round;
}

uint64_t snapshots_load(const struct snapshots_target *target)
{
	struct load *load = calloc(1, sizeof(*load));
	uint64_t round;

	if (load == NULL)
		die("out of memory: loading snapshots");
	load->target = target;
	round = load_files(load);
	free(load);
	return round;
}
