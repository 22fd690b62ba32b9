#include "profile/accounts.h"

#include <stdlib.h>

#include "base/counters.h"

enum { SLOTS_LEAST = 1 << 10, LINE_BYTES = 64 };

static uint32_t tag_of(uint64_t key)
{
	return (uint32_t)(key >> 32);
}

static void slots_new(struct accounts *accounts, size_t slot_count)
{
	accounts->slots = calloc(slot_count, sizeof(*accounts->slots));
	if (accounts->slots == NULL)
		die("out of memory: %zu accounts; lower engine.accounts_max", slot_count);
	accounts->slot_count = slot_count;
	accounts->count = 0;
}

void accounts_init(struct accounts *accounts, size_t accounts_max)
{
	slabs_init(&accounts->slabs);
	slots_new(accounts, SLOTS_LEAST);
	accounts->most = accounts_max;
}

void accounts_deinit(struct accounts *accounts)
{
	slabs_deinit(&accounts->slabs);
	free(accounts->slots);
}

/* Beyond 2^32 slots tags would crowd; SLAB_CHUNKS_MAX ends long before. */
static size_t slot_free(const struct accounts *accounts, uint32_t tag)
{
	size_t mask = accounts->slot_count - 1, at = tag & mask;

	while (accounts->slots[at].ref != 0)
		at = (at + 1) & mask;
	return at;
}

static size_t slot_find(const struct accounts *accounts, uint64_t key)
{
	size_t mask = accounts->slot_count - 1, at = tag_of(key) & mask;

	for (;; at = (at + 1) & mask) {
		const struct accounts_slot *slot = &accounts->slots[at];

		if (slot->ref == 0 ||
		    (slot->tag == tag_of(key) && block_head(&accounts->slabs, slot->ref)->key == key))
			return at;
	}
}

uint32_t accounts_find(const struct accounts *accounts, uint64_t key)
{
	return accounts->slots[slot_find(accounts, key)].ref;
}

void accounts_prefetch_slot(const struct accounts *accounts, uint64_t key)
{
	__builtin_prefetch(&accounts->slots[tag_of(key) & (accounts->slot_count - 1)]);
}

void accounts_prefetch(const struct accounts *accounts, uint64_t key, unsigned lines)
{
	size_t mask = accounts->slot_count - 1, at = tag_of(key) & mask;
	const unsigned char *block;

	while (accounts->slots[at].ref != 0 && accounts->slots[at].tag != tag_of(key))
		at = (at + 1) & mask;
	if (accounts->slots[at].ref == 0)
		return;
	/* Where its chunk ends before, a prefetch of what is behind does no harm. */
	block = slab_read(&accounts->slabs, accounts->slots[at].ref);
	for (unsigned line = 0; line < lines; line++)
		__builtin_prefetch(block + line * LINE_BYTES);
}

static void slots_add(struct accounts *accounts, struct accounts_slot slot)
{
	accounts->slots[slot_free(accounts, slot.tag)] = slot;
	accounts->count++;
}

static void grow(struct accounts *accounts)
{
	struct accounts_slot *old = accounts->slots;
	size_t old_count = accounts->slot_count;

	slots_new(accounts, old_count * 2);
	for (size_t i = 0; i < old_count; i++)
		if (old[i].ref != 0)
			slots_add(accounts, old[i]);
	free(old);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t median_newest(const struct accounts *accounts)
{
	int64_t *times = malloc(accounts->count * sizeof(*times)), median;
	size_t n = 0;

	if (times == NULL)
		die("out of memory: sorting %zu accounts", accounts->count);
	for (size_t i = 0; i < accounts->slot_count; i++)
		if (accounts->slots[i].ref != 0)
			times[n++] = block_head(&accounts->slabs, accounts->slots[i].ref)->newest_ms;
	qsort(times, n, sizeof(*times), by_time);
	median = times[n / 2];
	free(times);
	/* Where half the accounts share one moment, something must still go. */
	return median + 1;
}

static void forget(struct accounts *accounts)
{
	struct accounts_slot *old = accounts->slots;
	size_t old_count = accounts->slot_count;
	int64_t from_ms = median_newest(accounts);

	slots_new(accounts, old_count);
	for (size_t i = 0; i < old_count; i++) {
		if (old[i].ref == 0)
			continue;
		if ((int64_t)block_head(&accounts->slabs, old[i].ref)->newest_ms < from_ms) {
			slab_give_back(&accounts->slabs, old[i].ref);
			count(COUNT_ACCOUNTS_FULL);
		} else {
			slots_add(accounts, old[i]);
		}
	}
	free(old);
}

void accounts_place(struct accounts *accounts, uint64_t key, uint32_t before, uint32_t ref)
{
	size_t mask = accounts->slot_count - 1, at = tag_of(key) & mask;

	if (before != 0) {
		while (accounts->slots[at].ref != before)
			at = (at + 1) & mask;
		accounts->slots[at].ref = ref;
		return;
	}
	if (accounts->count >= accounts->most)
		forget(accounts);
	else if (accounts->count >= accounts->slot_count / 4 * 3)
		grow(accounts);
	slots_add(accounts, (struct accounts_slot){ref, tag_of(key)});
}

int accounts_index(struct accounts *accounts, struct error *error)
{
	const struct slabs *slabs = &accounts->slabs;

	for (uint32_t ref = slab_next(slabs, 0); ref != 0; ref = slab_next(slabs, ref)) {
		const struct block_head *head = block_head(slabs, ref);

		if (!block_sound(head, slab_cell_size(slabs, ref)))
			return error_set(error, "an account's memory is damaged (cell %u)", ref);
		if (accounts->count >= accounts->slot_count / 4 * 3)
			grow(accounts);
		slots_add(accounts, (struct accounts_slot){ref, tag_of(head->key)});
	}
	return 0;
}
