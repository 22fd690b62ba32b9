/*
 * Compiled data bases on disk. A file stands for its expressions, the library's version and the machine's
 * features, which together are its name; so nothing is ever stale, and old files are only removed to bound
 * the folder.
 *
 *   ┌──────────┬────────────┬────────────┬──────────────┬───────────┐
 *   │ HUQIHS01 │ key, 16 B  │ length, 8  │ checksum, 8  │ data base │   integers in the machine's order
 *   └──────────┴────────────┴────────────┴──────────────┴───────────┘
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "pattern/compile.h"
#include "pattern/pattern.h"

enum { PATH_BYTES = 4096, DATABASE_BYTES_MAX = 1 << 30 };

struct cache_header {
	char magic[8];
	struct compile_key key;
	uint64_t length, checksum;
};

static const char magic[8] = {'H', 'U', 'Q', 'I', 'H', 'S', '0', '1'};

struct compile_key compile_cache_key(const struct slice *expressions, uint32_t count)
{
	const char *version = hs_version();
	hs_platform_info_t platform;
	uint32_t flags = COMPILE_FLAGS;
	XXH128_hash_t hash;
	XXH3_state_t state;

	memset(&platform, 0, sizeof(platform));
	hs_populate_platform(&platform);
	XXH3_INITSTATE(&state);
	XXH3_128bits_reset(&state);
	XXH3_128bits_update(&state, version, strlen(version) + 1);
	XXH3_128bits_update(&state, &platform, sizeof(platform));
	XXH3_128bits_update(&state, &flags, sizeof(flags));
	for (uint32_t i = 0; i < count; i++) {
		XXH3_128bits_update(&state, &expressions[i].length, sizeof(expressions[i].length));
		XXH3_128bits_update(&state, expressions[i].at, expressions[i].length);
	}
	hash = XXH3_128bits_digest(&state);
	return (struct compile_key){hash.high64, hash.low64};
}

static bool path_of(const char *dir, struct compile_key key, const char *suffix, char path[PATH_BYTES])
{
	int length = snprintf(path, PATH_BYTES, "%s/%016llx%016llx.hsdb%s", dir, (unsigned long long)key.high,
	                      (unsigned long long)key.low, suffix);

	return length > 0 && length < PATH_BYTES;
}

static bool read_whole(int fd, void *bytes, size_t length)
{
	char *at = bytes;

	while (length > 0) {
		ssize_t got = read(fd, at, length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		length -= (size_t)got;
	}
	return true;
}

static char *read_body(int fd, const struct cache_header *header)
{
	char *bytes = malloc(header->length > 0 ? header->length : 1), more;

	if (bytes == NULL)
		return NULL;
	if (read_whole(fd, bytes, header->length) && read(fd, &more, 1) == 0 &&
	    XXH3_64bits(bytes, header->length) == header->checksum)
		return bytes;
	free(bytes);
	return NULL;
}

bool compile_cache_get(const char *dir, struct compile_key key, char **bytes_r, size_t *length_r)
{
	struct cache_header header;
	char path[PATH_BYTES];
	int fd;

	*bytes_r = NULL;
	if (!path_of(dir, key, "", path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read_whole(fd, &header, sizeof(header)) && memcmp(header.magic, magic, sizeof(magic)) == 0 &&
	    header.key.high == key.high && header.key.low == key.low && header.length <= DATABASE_BYTES_MAX)
		*bytes_r = read_body(fd, &header);
	close(fd);
	*length_r = header.length;
	return *bytes_r != NULL;
}

static bool write_whole(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t done = write(fd, at, length);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		at += done;
		length -= (size_t)done;
	}
	return true;
}

struct aged_file {
	char name[64];
	struct timespec changed;
};

static int oldest_first(const void *a, const void *b)
{
	const struct timespec *x = &((const struct aged_file *)a)->changed,
	                      *y = &((const struct aged_file *)b)->changed;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return x->tv_nsec < y->tv_nsec ? -1 : x->tv_nsec > y->tv_nsec;
}

/* Keeps the PATTERN_CACHE_FILES_MAX newest (I8). */
static void prune(const char *dir)
{
	enum { SEEN_MAX = 4 * PATTERN_CACHE_FILES_MAX };
	struct aged_file files[SEEN_MAX];
	int count = 0;
	DIR *stream = opendir(dir);
	struct dirent *entry;
	struct stat status;

	if (stream == NULL)
		return;
	while (count < SEEN_MAX && (entry = readdir(stream)) != NULL) {
		size_t length = strlen(entry->d_name);
		if (length < 37 || length >= sizeof(files[0].name) ||
		    strstr(entry->d_name, ".hsdb") != entry->d_name + 32 ||
		    fstatat(dirfd(stream), entry->d_name, &status, 0) == -1)
			continue;
		memcpy(files[count].name, entry->d_name, length + 1);
		files[count++].changed = status.st_mtim;
	}
	qsort(files, (size_t)count, sizeof(files[0]), oldest_first);
	for (int i = 0; i + PATTERN_CACHE_FILES_MAX < count; i++)
		unlinkat(dirfd(stream), files[i].name, 0);
	closedir(stream);
}

void compile_cache_put(const char *dir, struct compile_key key, const char *bytes, size_t length)
{
	struct cache_header header = {.key = key, .length = length, .checksum = XXH3_64bits(bytes, length)};
	char path[PATH_BYTES], temporary[PATH_BYTES], suffix[32];
	bool written;
	int fd;

	memcpy(header.magic, magic, sizeof(magic));
	snprintf(suffix, sizeof(suffix), ".%ld", (long)getpid());
	if ((mkdir(dir, 0700) == -1 && errno != EEXIST) || !path_of(dir, key, "", path) ||
	    !path_of(dir, key, suffix, temporary))
		return;
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	written = write_whole(fd, &header, sizeof(header)) && write_whole(fd, bytes, length);
	/* No fsync: a file that a crash leaves half written fails its checksum. */
	if (close(fd) == -1 || !written || rename(temporary, path) == -1)
		unlink(temporary);
	prune(dir);
}
