#include "profile/block.h"

#include <assert.h>

#include "profile/block_form.h"
#include "profile/known.h"

enum { CELL_SHRINK_BYTES = 32 }; /* a block moves into a smaller cell where that saves at least as much */

const size_t BLOCK_HEAD_BYTES = sizeof(struct block);

/* Everything at its most must fit the largest cell. */
_Static_assert(sizeof(struct block) + PROFILE_EVENTS_MOST * (sizeof(struct event) + 1 + FORGOTTEN_BYTES) +
               COUNTS_BYTES + SEEN_LARGE_MOST + KNOWN_MOST * KNOWN_BYTES + 2 * SLOTS * sizeof(uint64_t) + 3 * AMOUNT_BINS +
               PROFILE_PAYEES * NAME_BYTES_MOST <= SLAB_CELL_BYTES_MAX, "an account fits a cell");
_Static_assert(PROFILE_EVENTS_MOST % 16 == 0 && sizeof(((struct amounts *)0)->bytes) % 16 == 0, "whole steps");
_Static_assert(PROFILE_PAYEES < 256 && PROFILE_PAYERS < 64 && PROFILE_IPS < 8 && PROFILE_MACS < 8 &&
               PROFILE_DEVICES < 8 && PROFILE_EVENTS_MOST < 128 && PROFILE_PAYEES * NAME_BYTES_MOST < 1 << 12 &&
               SEEN_LARGE_MOST < 1 << 4, "counts fit their bits");

static const unsigned char *take(const unsigned char *from, void *to, size_t bytes)
{
	memcpy(to, from, bytes);
	return from + bytes;
}

/* The same of a few bytes, for arrays of whole steps: what is behind is read, and written, too. */
static inline const unsigned char *take_few(const unsigned char *from, void *to, size_t bytes)
{
	enum { STEP = SLAB_BEHIND_BYTES };

	for (size_t at = 0; at < bytes; at += STEP)
		memcpy((unsigned char *)to + at, from + at, STEP);
	return from + bytes;
}

static unsigned char *give(unsigned char *to, const void *from, size_t bytes)
{
	memcpy(to, from, bytes);
	return to + bytes;
}

static void head_open(const struct block *block, struct account *account)
{
	account->key = block->key;
	account->newest_ms = (int64_t)block->newest_ms;
	account->partition = (int32_t)block->partition;
	account->today = day_of(account->newest_ms);
	account->bucket_bits = block->bucket_bits;
	account->begin_ms = (int64_t)block->begin_ms;
	account->gone_ms = block->gone != 0 ? (int64_t)block->gone - 1 : TX_ABSENT;
	account->event_count = block->events;
	account->may_be_forgotten = block->forgotten > 0;
	account->name_bytes = block->name_bytes;
	account->known.count[KNOWN_PAYEES] = block->payees;
	account->known.count[KNOWN_PAYERS] = block->payers;
	account->known.count[KNOWN_IPS] = block->ips;
	account->known.count[KNOWN_MACS] = block->macs;
	account->known.count[KNOWN_DEVICES] = block->devices;
	account->known.begin[0] = 0;
	for (int list = 0; list < KNOWN_LISTS; list++)
		account->known.begin[list + 1] = (uint8_t)(account->known.begin[list] + account->known.count[list]);
	account->firms = block->firms;
	account->neighbours = block->neighbours;
	account->balance_untold = block->balance_untold != 0;
	memcpy(account->drained, block->drained, sizeof(account->drained));
	memcpy(account->days, block->days, sizeof(account->days));
}

static const unsigned char *known_open(const unsigned char *at, struct account *account)
{
	unsigned total = known_total(account);

	at = take(at, account->known.low, total * sizeof(account->known.low[0]));
	return take(at, account->known.rest, total);
}

static unsigned char *known_pack(const struct account *account, unsigned char *at)
{
	unsigned total = known_total(account);

	at = give(at, account->known.low, total * sizeof(account->known.low[0]));
	return give(at, account->known.rest, total);
}

/* The parties of events: their places, then the hashes of those that are forgotten. */
static const unsigned char *parties_open(const unsigned char *at, struct account *account)
{
	unsigned count = account->event_count;
	const unsigned char *forgotten = at + count;

	take_few(at, account->places, count);
	for (unsigned i = 0; i < count; i++) {
		unsigned place = at[i];

		if (place < KNOWN_MOST) {
			account->parties[i] = known_column_hash(account, place);
		} else if (place == PLACE_NONE) {
			account->parties[i] = 0;
		} else {
			account->parties[i] = forgotten[0] | (uint32_t)forgotten[1] << 8 | (uint32_t)forgotten[2] << 16;
			forgotten += FORGOTTEN_BYTES;
		}
	}
	return forgotten;
}

static unsigned char *parties_pack(const struct account *account, unsigned char *at)
{
	at = give(at, account->places, account->event_count);
	if (!account->may_be_forgotten)
		return at;
	for (unsigned i = 0; i < account->event_count; i++)
		if (account->places[i] == PLACE_FORGOTTEN)
			for (unsigned shift = 0; shift < KNOWN_HASH_BITS; shift += 8)
				*at++ = (unsigned char)(account->parties[i] >> shift);
	return at;
}

static const unsigned char *amounts_open(const struct block *block, const unsigned char *at, struct account *account)
{
	for (int i = 0; i < 2; i++) {
		account->amounts[i].from = block->amount_from[i];
		account->amounts[i].count = block->amount_count[i];
		account->amounts[i].large = block->amount_large[i];
		at = take_few(at, account->amounts[i].bytes,
		              amounts_bytes(block->amount_count[i], block->amount_large[i]));
	}
	return at;
}

void block_open(const void *from, struct account *account)
{
	const struct block *block = from;
	const unsigned char *at = (const unsigned char *)(block + 1);

	head_open(block, account);
	at = block_events_open(at, block->events_wide, account);
	at = counts_read(at, block->seen_large, account->seen);
	at = known_open(at, account);
	at = parties_open(at, account);
	at = take(at, account->buckets, buckets_bytes(block->bucket_bits));
	at = amounts_open(block, at, account);
	take(at, account->names, block->name_bytes);
}

static uint8_t forgotten_count(const struct account *account)
{
	const uint8_t *at = account->places, *end = at + account->event_count;
	uint8_t count = 0;

	if (!account->may_be_forgotten)
		return 0;
	while (at < end && (at = memchr(at, PLACE_FORGOTTEN, (size_t)(end - at))) != NULL) {
		count++;
		at++;
	}
	return count;
}

/* The head's words of bits: put together at once, for the compiler would write field by field. */
static void words_pack(const struct account *account, struct block *block)
{
	const uint8_t *count = account->known.count;
	uint64_t gone = account->gone_ms != TX_ABSENT ? (uint64_t)account->gone_ms + 1 : 0;
	uint64_t words[] = {
		account->key,
		(uint64_t)account->newest_ms | (uint64_t)account->partition << 42,
		(uint64_t)account->begin_ms | (uint64_t)count[KNOWN_PAYEES] << 42 | (uint64_t)count[KNOWN_PAYERS] << 50 |
			(uint64_t)count[KNOWN_IPS] << 56 | (uint64_t)count[KNOWN_MACS] << 59 |
			(uint64_t)block_events_wide(account) << 62,
		gone | (uint64_t)account->event_count << 43 | (uint64_t)forgotten_count(account) << 50 |
			(uint64_t)count[KNOWN_DEVICES] << 57,
	};

	_Static_assert(offsetof(struct block, bucket_bits) == sizeof(words), "all bits before whole numbers");
	memcpy(block, words, sizeof(words));
}

static void head_pack(const struct account *account, struct block *block)
{
	words_pack(account, block);
	block->bucket_bits = account->bucket_bits;
	block->name_bytes = account->name_bytes & ((1 << 12) - 1);
	block->seen_large = counts_large(account->seen) & 15;
	assert(block->partition == account->partition);
	for (int i = 0; i < 2; i++) {
		block->amount_from[i] = account->amounts[i].from;
		block->amount_count[i] = account->amounts[i].count;
		block->amount_large[i] = account->amounts[i].large;
	}
	block->firms = account->firms;
	block->neighbours = account->neighbours;
	block->balance_untold = account->balance_untold;
	memcpy(block->drained, account->drained, sizeof(account->drained));
	memcpy(block->days, account->days, sizeof(account->days));
}

static void body_pack(const struct account *account, const struct block *head, unsigned char *at)
{
	at = block_events_pack(account, head->events_wide, at);
	at = counts_write(account->seen, head->seen_large, at);
	at = known_pack(account, at);
	at = parties_pack(account, at);
	at = give(at, account->buckets, buckets_bytes(account->bucket_bits));
	for (int i = 0; i < 2; i++)
		at = give(at, account->amounts[i].bytes,
		          amounts_bytes(account->amounts[i].count, account->amounts[i].large));
	give(at, account->names, account->name_bytes);
}

/* The cell for that many bytes: the one it has, unless that is too small or much too large. */
static uint32_t cell_for(struct slabs *slabs, uint32_t ref, size_t bytes)
{
	if (ref != 0) {
		size_t own = slab_cell_size(slabs, ref);

		if (bytes <= own && slab_cell_bytes(bytes) + CELL_SHRINK_BYTES > own &&
		    !slab_should_move(slabs, ref))
			return ref;
		slab_give_back(slabs, ref);
	}
	return slab_take(slabs, bytes);
}

uint32_t block_pack(const struct account *account, struct slabs *slabs, uint32_t ref)
{
	struct block head;
	struct block *block;

	head_pack(account, &head);
	ref = cell_for(slabs, ref, block_bytes(&head));
	block = slab_write(slabs, ref);
	*block = head;
	body_pack(account, &head, (unsigned char *)(block + 1));
	return ref;
}
