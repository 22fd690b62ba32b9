/*
 * Writing a snapshot while events go on. A thread copies the region page by page and then writes the copy
 * out; a page that is about to change and not copied yet is copied by whoever changes it. So events wait
 * for a page at a time, never for the whole.
 *
 *   page:  UNTOUCHED ──claimed by the saver or by touch()──▶ COPYING ──▶ COPIED
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "link/graph.h"
#include "link/keys.h"
#include "link/record.h"
#include "link/snapshot.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { PAGE_BYTES = 64 << 10 };
enum { UNTOUCHED, COPYING, COPIED };

struct link_saver {
	const unsigned char *region; /* borrowed: what is copied */
	struct link copy; /* its head is owned, the rest is not used */
	size_t copy_bytes;
	atomic_uchar *pages; /* owned: states, shared by both threads */
	char *path; /* owned */
	pthread_t thread;
	atomic_bool busy;
	int result;
	struct error error;
	/* owned by the thread */
	FILE *file;
	XXH3_state_t *hash; /* owned */
	uint64_t bytes;
	struct record record;
};

static int flush(struct link_saver *saver)
{
	struct record *record = &saver->record;

	record_close(record);
	saver->bytes += record->length;
	XXH3_64bits_update(saver->hash, record->bytes, record->length);
	return fwrite(record->bytes, 1, record->length, saver->file) == record->length ? 0 : -1;
}

static int put_rule(struct link_saver *saver, const struct slot *slot)
{
	const struct link_rule *rule = &slot->rule;
	struct record *r = &saver->record;

	record_open(r, RECORD_RULE);
	record_number(r, slot->serial % SLOTS_MAX);
	record_number(r, slot->bit);
	record_number(r, slot->version);
	record_number(r, slot->audience);
	record_number(r, slot->score);
	record_number(r, rule->kind);
	record_number(r, rule->distinct);
	record_number(r, rule->shape);
	record_number(r, rule->hops_least);
	record_number(r, rule->hops_most);
	record_number(r, rule->at_least);
	record_number(r, rule->count_least);
	record_number(r, (uint64_t)rule->sum_least_minor);
	record_number(r, (uint64_t)rule->within_ms);
	record_number(r, rule->tolerance_permille);
	record_number(r, rule->told);
	for (int i = SLOT_PATTERN; i <= SLOT_EN; i++)
		record_text(r, slot_text(slot, i));
	return flush(saver);
}

static void put_hit(struct record *r, const struct hit *hit)
{
	record_number(r, (uint64_t)hit->booked_ms);
	record_number(r, (uint64_t)hit->amount_cny_minor);
	record_number(r, hit->party_is_company);
	record_text(r, hit->bank);
	record_text(r, hit->account);
	record_text(r, hit->account_name);
	record_text(r, hit->enterprise);
	record_text(r, hit->tx_id);
	record_text(r, hit->party_name);
	record_text(r, hit->party_account);
	record_text(r, hit->evidence);
}

static int put_event(void *context, const struct slot *slot, const struct link_key *key,
                      const struct key_event *event)
{
	struct link_saver *saver = context;
	struct hit hit;

	arena_reset(saver->copy.arena);
	if (!key_hit(&saver->copy, slot, event, saver->copy.arena, &hit))
		return -1;
	record_open(&saver->record, RECORD_EVENT);
	record_number(&saver->record, slot->serial % SLOTS_MAX);
	record_number(&saver->record, key->key);
	record_number(&saver->record, event->who);
	put_hit(&saver->record, &hit);
	return flush(saver);
}

/* Before the first event of a key. */
static int put_gone(void *context, const struct slot *slot, const struct link_key *key,
                     const struct key_event *event)
{
	struct link_saver *saver = context;

	(void)event;
	if (key->gone_to_ms == INT64_MIN)
		return 0;
	record_open(&saver->record, RECORD_GONE);
	record_number(&saver->record, slot->serial % SLOTS_MAX);
	record_number(&saver->record, key->key);
	record_number(&saver->record, (uint64_t)key->gone_from_ms);
	record_number(&saver->record, (uint64_t)key->gone_to_ms);
	return flush(saver);
}

static int put_edge(void *context, uint32_t at)
{
	struct link_saver *saver = context;
	const struct link_edge *edge = edge_at(&saver->copy, at);
	struct hit hit;

	arena_reset(saver->copy.arena);
	if (!edge_hit_texts(&saver->copy, at, saver->copy.arena, &hit))
		return -1;
	record_open(&saver->record, RECORD_EDGE);
	record_number(&saver->record, edge->rules);
	record_number(&saver->record, edge->listed);
	record_number(&saver->record, edge->credit);
	record_number(&saver->record, node_at(&saver->copy, edge->from)->account);
	record_number(&saver->record, node_at(&saver->copy, edge->to)->account);
	put_hit(&saver->record, &hit);
	return flush(saver);
}

static int put_body(struct link_saver *saver)
{
	for (int i = 0; i < SLOTS_MAX; i++)
		if (saver->copy.head->slots[i].serial != 0 && put_rule(saver, &saver->copy.head->slots[i]) == -1)
			return -1;
	if (keys_each(&saver->copy, put_event, saver) == -1 || keys_each_full(&saver->copy, put_gone, saver) == -1)
		return -1;
	return graph_each(&saver->copy, put_edge, saver);
}

static int put_file(struct link_saver *saver)
{
	struct snapshot_head head = {.magic = SNAPSHOT_MAGIC};

	if (fwrite(&head, sizeof(head), 1, saver->file) != 1 || put_body(saver) == -1)
		return -1;
	head.bytes = saver->bytes;
	head.sum = XXH3_64bits_digest(saver->hash);
	if (fflush(saver->file) != 0 || fseek(saver->file, 0, SEEK_SET) != 0 ||
	    fwrite(&head, sizeof(head), 1, saver->file) != 1 || fflush(saver->file) != 0)
		return -1;
	return fsync(fileno(saver->file));
}

/* To a file beside it, then renamed: the old one stays whole until the new one is. */
static int save(struct link_saver *saver)
{
	char beside[4096];
	int result;

	if (snprintf(beside, sizeof(beside), "%s.new", saver->path) >= (int)sizeof(beside))
		return error_set(&saver->error, "%s: too long a path", saver->path);
	saver->file = fopen(beside, "wb");
	if (saver->file == NULL)
		return error_set(&saver->error, "%s: cannot be written: %s", beside, strerror(errno));
	result = put_file(saver);
	if (fclose(saver->file) != 0 || result != 0 || rename(beside, saver->path) != 0) {
		error_set(&saver->error, "%s: cannot be written: %s", beside, strerror(errno));
		unlink(beside);
		return -1;
	}
	return 0;
}

static void keep_page(struct link_saver *saver, size_t page)
{
	size_t from = page * PAGE_BYTES,
	       bytes = saver->copy_bytes - from < PAGE_BYTES ? saver->copy_bytes - from : PAGE_BYTES;
	unsigned char state = UNTOUCHED;

	if (atomic_load_explicit(&saver->pages[page], memory_order_acquire) == COPIED)
		return;
	if (atomic_compare_exchange_strong(&saver->pages[page], &state, COPYING)) {
		memcpy((unsigned char *)saver->copy.head + from, saver->region + from, bytes);
		atomic_store_explicit(&saver->pages[page], COPIED, memory_order_release);
	}
	while (atomic_load_explicit(&saver->pages[page], memory_order_acquire) != COPIED)
		sched_yield(); /* the other thread is at it: some microseconds */
}

void saver_keep(struct link_saver *saver, size_t from, size_t bytes)
{
	size_t to = from + bytes < saver->copy_bytes ? from + bytes : saver->copy_bytes;

	for (size_t page = from / PAGE_BYTES; page * PAGE_BYTES < to; page++)
		keep_page(saver, page);
}

static void *saver_main(void *arg)
{
	struct link_saver *saver = arg;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	saver->copy.arena = &arena;
	saver->hash = XXH3_createState();
	if (saver->hash == NULL)
		die("out of memory: the snapshot of links");
	XXH3_64bits_reset(saver->hash);
	saver_keep(saver, 0, saver->copy_bytes);
	saver->result = save(saver);
	XXH3_freeState(saver->hash);
	arena_deinit(&arena);
	atomic_store(&saver->busy, false);
	return NULL;
}

static int copy_begin(const struct link *link, struct link_saver *saver, struct error *error)
{
	size_t head = (size_t)(link->cells - (unsigned char *)link->head);
	void *copy;

	saver->region = (const unsigned char *)link->head;
	saver->copy_bytes = head + (size_t)link->head->high * CELL_BYTES;
	copy = mmap(NULL, saver->copy_bytes, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	saver->pages = calloc(saver->copy_bytes / PAGE_BYTES + 1, sizeof(*saver->pages));
	if (copy == MAP_FAILED || saver->pages == NULL)
		return error_set(error, "out of memory: %zu bytes for the snapshot of links", saver->copy_bytes);
	saver->copy.head = copy;
	saver->copy.cells = (unsigned char *)copy + head;
	/* What changes with every put, at once. */
	saver_keep(saver, 0, offsetof(struct link_head, keys));
	return 0;
}

static void saver_free(struct link_saver *saver)
{
	if (saver->copy.head != NULL)
		munmap(saver->copy.head, saver->copy_bytes);
	free(saver->pages);
	free(saver->path);
	free(saver);
}

int link_save_begin(struct link *link, const char *path, struct error *error)
{
	struct link_saver *saver;

	if (link->saver != NULL)
		return error_set(error, "%s: the snapshot before this one is still being written", path);
	saver = calloc(1, sizeof(*saver));
	if (saver == NULL || (saver->path = strdup(path)) == NULL)
		die("out of memory: the snapshot of links");
	atomic_store(&saver->busy, true);
	if (copy_begin(link, saver, error) == 0) {
		if (pthread_create(&saver->thread, NULL, saver_main, saver) == 0) {
			link->saver = saver;
			return 0;
		}
		error_set(error, "no thread for the snapshot of links");
	}
	saver_free(saver);
	return -1;
}

bool link_save_busy(const struct link *link)
{
	return link->saver != NULL && atomic_load(&link->saver->busy);
}

int link_save_wait(struct link *link, struct error *error)
{
	struct link_saver *saver = link->saver;
	int result = 0;

	if (saver == NULL)
		return 0;
	pthread_join(saver->thread, NULL);
	result = saver->result;
	if (result == -1 && error != NULL)
		*error = saver->error;
	saver_free(saver);
	link->saver = NULL;
	return result;
}

int link_save(struct link *link, const char *path, struct error *error)
{
	return link_save_begin(link, path, error) == -1 ? -1 : link_save_wait(link, error);
}
