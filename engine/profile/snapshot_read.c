/*
 * Reading a snapshot: read whole into memory of its own, sum by sum, and only then believed.
 *
 * It is read rather than mapped: a block that the disk cannot give back is then an error with words and the snapshot
 * before is taken, where a mapping would end the program, at every start; and the memory has large pages from the
 * beginning. Once read, the chunks become the shard's as they are (slabs_add), so no account is copied or parsed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "profile/snapshot.h"

struct profile_snapshot {
	char *path; /* owned */
	int fd;
	struct snapshot_head head;
	unsigned char *tail; /* owned; the chunks' sums, then the offsets */
	struct profile_offset *offsets; /* owned; topics in the tail */
	struct profile_save_info info;
	/* once it is checked */
	struct profile_mapping *mapping; /* owned; the chunks */
	struct slabs slabs; /* over them */
};

void profile_mappings_free(struct profile_mapping *first)
{
	for (struct profile_mapping *next; first != NULL; first = next) {
		next = first->next;
		munmap(first->bytes, first->length);
		free(first);
	}
}

static int read_all(const struct profile_snapshot *s, void *to, size_t length, off_t at, struct error *error)
{
	while (length > 0) {
		ssize_t got = pread(s->fd, to, length, at);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return error_set(error, "%s cannot be read: %s", s->path, strerror(errno));
		if (got == 0)
			return error_set(error, "%s is cut short", s->path);
		to = (char *)to + got;
		at += got;
		length -= (size_t)got;
	}
	return 0;
}

static int check_head(struct profile_snapshot *s, struct error *error)
{
	const struct snapshot_head *head = &s->head;
	struct stat status;

	if (read_all(s, &s->head, sizeof(s->head), 0, error) == -1)
		return -1;
	if (memcmp(head->magic, SNAPSHOT_MAGIC, sizeof(head->magic)) != 0)
		return error_set(error, "%s is no snapshot of accounts", s->path);
	if (head->order != SNAPSHOT_ORDER)
		return error_set(error, "%s was written on a machine with another byte order", s->path);
	if (head->version != SNAPSHOT_VERSION || head->chunk_bytes != SLAB_CHUNK_BYTES)
		return error_set(error, "%s was written by another version of huqi (format %u, this one knows %d)",
		                 s->path, head->version, SNAPSHOT_VERSION);
	if (head->head_sum != XXH3_64bits(head, offsetof(struct snapshot_head, head_sum)))
		return error_set(error, "%s is damaged: its head does not match its checksum", s->path);
	if (fstat(s->fd, &status) == -1)
		return error_set(error, "%s cannot be read: %s", s->path, strerror(errno));
	if (head->chunks > SLAB_CHUNKS_MAX || head->shards == 0 || head->shard >= head->shards ||
	    head->offsets > SNAPSHOT_OFFSETS_MAX || head->tail_bytes < head->chunks * sizeof(uint64_t) ||
	    status.st_size != SNAPSHOT_HEAD_BYTES + (off_t)head->chunks * SLAB_CHUNK_BYTES + head->tail_bytes)
		return error_set(error, "%s is damaged: it has %lld bytes, which its head does not explain", s->path,
		                 (long long)status.st_size);
	return 0;
}

/* The rest of the head's page says nothing, so it must be as it was written. */
static int check_page(const struct profile_snapshot *s, struct error *error)
{
	unsigned char page[SNAPSHOT_HEAD_BYTES];

	if (read_all(s, page, sizeof(page), 0, error) == -1)
		return -1;
	for (size_t i = sizeof(struct snapshot_head); i < sizeof(page); i++)
		if (page[i] != 0)
			return error_set(error, "%s is damaged: byte %zu is not as it was written", s->path, i);
	return 0;
}

static int read_offsets(struct profile_snapshot *s, struct error *error)
{
	const unsigned char *at = s->tail + s->head.chunks * sizeof(uint64_t), *end = s->tail + s->head.tail_bytes;
	struct snapshot_offset offset;

	s->offsets = calloc(s->head.offsets + 1, sizeof(*s->offsets));
	if (s->offsets == NULL)
		die("out of memory: a snapshot's offsets");
	for (uint32_t i = 0; i < s->head.offsets; i++) {
		if ((size_t)(end - at) < sizeof(offset))
			return error_set(error, "%s is damaged: its offsets end early", s->path);
		memcpy(&offset, at, sizeof(offset));
		at += sizeof(offset);
		if (offset.topic_bytes > SNAPSHOT_TOPIC_BYTES_MAX || (size_t)(end - at) < offset.topic_bytes ||
		    offset.partition < 0 || offset.next < 0)
			return error_set(error, "%s is damaged: its offsets make no sense", s->path);
		s->offsets[i] = (struct profile_offset){
			{(const char *)at, offset.topic_bytes}, offset.partition, offset.next};
		at += offset.topic_bytes;
	}
	return at == end ? 0 : error_set(error, "%s is damaged: there is more behind its offsets", s->path);
}

static int read_tail(struct profile_snapshot *s, struct error *error)
{
	s->tail = malloc((size_t)s->head.tail_bytes + 1);
	if (s->tail == NULL)
		return error_set(error, "%s asks for %u bytes at its end", s->path, s->head.tail_bytes);
	if (read_all(s, s->tail, s->head.tail_bytes, SNAPSHOT_HEAD_BYTES + (off_t)s->head.chunks * SLAB_CHUNK_BYTES,
	             error) == -1)
		return -1;
	if (s->head.tail_sum != XXH3_64bits(s->tail, s->head.tail_bytes))
		return error_set(error, "%s is damaged: its end does not match its checksum", s->path);
	return read_offsets(s, error);
}

int profile_snapshot_open(const char *path, struct profile_snapshot **snapshot_r, struct error *error)
{
	struct profile_snapshot *s = calloc(1, sizeof(*s));

	if (s == NULL || (s->path = strdup(path)) == NULL)
		die("out of memory: a snapshot");
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd == -1)
		error_set(error, "%s cannot be read: %s", path, strerror(errno));
	else if (check_head(s, error) == 0 && check_page(s, error) == 0 && read_tail(s, error) == 0) {
		s->info = (struct profile_save_info){s->head.round, (int)s->head.shard, (int)s->head.shards,
		                                     s->offsets, s->head.offsets};
		*snapshot_r = s;
		return 0;
	}
	profile_snapshot_close(&s);
	return -1;
}

void profile_snapshot_close(struct profile_snapshot **snapshot)
{
	struct profile_snapshot *s = *snapshot;

	*snapshot = NULL;
	if (s == NULL)
		return;
	if (s->fd != -1)
		close(s->fd);
	slabs_deinit(&s->slabs);
	profile_mappings_free(s->mapping);
	free(s->tail);
	free(s->offsets);
	free(s->path);
	free(s);
}

const struct profile_save_info *profile_snapshot_info(const struct profile_snapshot *snapshot)
{
	return &snapshot->info;
}

static struct profile_mapping *mapping_new(size_t length)
{
	struct profile_mapping *mapping = calloc(1, sizeof(*mapping));

	if (mapping == NULL)
		die("out of memory: a snapshot");
	mapping->length = length;
	mapping->bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mapping->bytes == MAP_FAILED)
		die("out of memory: a snapshot of %zu bytes", length);
	(void)madvise(mapping->bytes, length, MADV_HUGEPAGE);
	return mapping;
}

static int check_chunk(struct profile_snapshot *s, uint32_t chunk, struct error *error)
{
	unsigned char *bytes = (unsigned char *)s->mapping->bytes + (size_t)chunk * SLAB_CHUNK_BYTES;
	struct error why;
	uint64_t sum;

	if (read_all(s, bytes, SLAB_CHUNK_BYTES, SNAPSHOT_HEAD_BYTES + (off_t)chunk * SLAB_CHUNK_BYTES, error) == -1)
		return -1;
	memcpy(&sum, s->tail + chunk * sizeof(sum), sizeof(sum));
	if (sum != XXH3_64bits(bytes, SLAB_CHUNK_BYTES))
		return error_set(error, "%s is damaged: part %u of %u does not match its checksum", s->path, chunk + 1,
		                 s->head.chunks);
	if (slabs_add(&s->slabs, bytes, &why) == -1)
		return error_set(error, "%s: %s", s->path, why.text);
	return 0;
}

/* What no checksum can say: that this program can make sense of it. */
static int check_accounts(const struct profile_snapshot *s, struct error *error)
{
	uint64_t accounts = 0;

	for (uint32_t ref = slab_next(&s->slabs, 0); ref != 0; ref = slab_next(&s->slabs, ref), accounts++)
		if (!block_sound(block_head(&s->slabs, ref), slab_cell_size(&s->slabs, ref)))
			return error_set(error, "%s holds an account in a form that this huqi does not know", s->path);
	if (accounts != s->head.accounts)
		return error_set(error, "%s holds %llu accounts; expected %llu", s->path, (unsigned long long)accounts,
		                 (unsigned long long)s->head.accounts);
	return 0;
}

int profile_snapshot_check(struct profile_snapshot *s, struct error *error)
{
	slabs_init(&s->slabs);
	if (s->head.chunks > 0)
		s->mapping = mapping_new((size_t)s->head.chunks * SLAB_CHUNK_BYTES);
	for (uint32_t chunk = 0; chunk < s->head.chunks; chunk++)
		if (check_chunk(s, chunk, error) == -1)
			return -1;
	return check_accounts(s, error);
}

/* Whether every account belongs to the shard that wrote it, and that shard is empty. */
static bool fits_as_it_is(const struct profile_snapshot *s, struct profile_shard *const *shards, int count,
                          bool (*wanted)(void *arg, int32_t partition), void *arg)
{
	if (s->info.shards != count || shards[s->info.shard]->accounts.slabs.chunk_count > 0)
		return false;
	for (uint32_t ref = slab_next(&s->slabs, 0); ref != 0; ref = slab_next(&s->slabs, ref)) {
		int32_t partition = block_head(&s->slabs, ref)->partition;
		if (partition % count != s->info.shard || !wanted(arg, partition))
			return false;
	}
	return true;
}

static void take_over(struct profile_snapshot *s, struct profile_shard *shard)
{
	struct error error;

	slabs_deinit(&shard->accounts.slabs);
	shard->accounts.slabs = s->slabs;
	s->slabs = (struct slabs){0};
	if (s->mapping != NULL) {
		s->mapping->next = shard->mappings;
		shard->mappings = s->mapping;
		s->mapping = NULL;
	}
	if (accounts_index(&shard->accounts, &error) == -1)
		die("%s", error.text); /* was checked */
}

static void deal_one(const struct profile_snapshot *s, uint32_t ref, struct profile_shard *shard)
{
	struct accounts *accounts = &shard->accounts;
	const struct block_head *head = block_head(&s->slabs, ref);
	uint32_t known = accounts_find(accounts, head->key), own;

	/* An account that moved to another partition is there twice; the newer memory knows more. */
	if (known != 0 && block_head(&accounts->slabs, known)->newest_ms >= head->newest_ms)
		return;
	own = slab_take(&accounts->slabs, slab_cell_size(&s->slabs, ref));
	memcpy(slab_write(&accounts->slabs, own), head, slab_cell_size(&s->slabs, ref));
	accounts_place(accounts, head->key, known, own);
	if (known != 0)
		slab_give_back(&accounts->slabs, known);
}

void profile_load(struct profile_snapshot *snapshot, struct profile_shard *const *shards, int count,
                  bool (*wanted)(void *arg, int32_t partition), void *arg)
{
	const struct slabs *slabs = &snapshot->slabs;

	if (fits_as_it_is(snapshot, shards, count, wanted, arg)) {
		take_over(snapshot, shards[snapshot->info.shard]);
		return;
	}
	for (uint32_t ref = slab_next(slabs, 0); ref != 0; ref = slab_next(slabs, ref)) {
		int32_t partition = block_head(slabs, ref)->partition;
		if (wanted(arg, partition))
			deal_one(snapshot, ref, shards[partition % count]);
	}
}
