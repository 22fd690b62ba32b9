#include "profile/block.h"

#include "profile/known.h"
#include "profile/name.h"

enum { FORGOTTEN_BYTES = 3 }; /* the hash of a party that is no longer in its list */
enum { CELL_SHRINK_BYTES = 64 }; /* a block moves into a smaller cell where that saves at least as much */

struct block {
	uint64_t key;
	int64_t newest_ms;
	int32_t partition;
	uint32_t bucket_bits;
	int64_t begin_ms, gone_ms;
	uint16_t name_bytes, cell_bytes;
	uint8_t event_count, forgotten_count, known_count[KNOWN_LISTS];
	uint8_t amount_from[2], amount_count[2];
	uint8_t seen[KNOWN_PARTY_LISTS][SLOTS];
	uint8_t drained[PROFILE_DRAINED_DAYS / 2];
	struct open_day days[OPEN_DAYS];
};

_Static_assert(offsetof(struct block, partition) == offsetof(struct block_head, partition) &&
               offsetof(struct block, newest_ms) == offsetof(struct block_head, newest_ms),
               "a block begins with its head");

const size_t BLOCK_HEAD_BYTES = sizeof(struct block);

/* Everything at its most must fit the largest cell. */
_Static_assert(sizeof(struct block) + PROFILE_EVENTS_MOST * (sizeof(struct event) + 1 + FORGOTTEN_BYTES) +
               KNOWN_MOST * 4 +
               2 * SLOTS * sizeof(uint64_t) + 2 * AMOUNT_BINS + PROFILE_PAYEES * NAME_BYTES_MOST
               <= SLAB_CELL_BYTES_MAX, "an account fits a cell");
_Static_assert(PROFILE_PAYEES < 256 && PROFILE_EVENTS_MOST < 256, "counts are bytes");

static unsigned known_total_of(const struct block *block)
{
	unsigned total = 0;

	for (int list = 0; list < KNOWN_LISTS; list++)
		total += block->known_count[list];
	return total;
}

/* The three columns. */
static size_t known_bytes(unsigned total)
{
	return total * (sizeof(uint16_t) + sizeof(uint8_t)) + (total + 1) / 2;
}

static size_t buckets_bytes(uint32_t bucket_bits)
{
	return (size_t)__builtin_popcount(bucket_bits) * sizeof(uint64_t);
}

static size_t block_bytes(const struct block *block)
{
	return sizeof(*block) + block->event_count * (sizeof(struct event) + 1) +
	       block->forgotten_count * FORGOTTEN_BYTES + known_bytes(known_total_of(block)) +
	       buckets_bytes(block->bucket_bits) + block->amount_count[0] +
	       block->amount_count[1] + block->name_bytes;
}

static const unsigned char *take(const unsigned char *from, void *to, size_t bytes)
{
	memcpy(to, from, bytes);
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
	account->newest_ms = block->newest_ms;
	account->partition = block->partition;
	account->today = day_of(block->newest_ms);
	account->bucket_bits = block->bucket_bits;
	account->begin_ms = block->begin_ms;
	account->gone_ms = block->gone_ms;
	account->event_count = block->event_count;
	account->name_bytes = block->name_bytes;
	memcpy(account->seen, block->seen, sizeof(account->seen));
	memcpy(account->drained, block->drained, sizeof(account->drained));
	memcpy(account->days, block->days, sizeof(account->days));
}

static const unsigned char *known_open(const struct block *block, const unsigned char *at, struct account *account)
{
	unsigned total = known_total_of(block);

	memcpy(account->known.count, block->known_count, sizeof(account->known.count));
	at = take(at, account->known.low, total * sizeof(account->known.low[0]));
	at = take(at, account->known.high, total);
	return take(at, account->known.first, (total + 1) / 2);
}

static unsigned char *known_pack(const struct account *account, unsigned char *at)
{
	unsigned total = known_total(account);

	at = give(at, account->known.low, total * sizeof(account->known.low[0]));
	at = give(at, account->known.high, total);
	return give(at, account->known.first, (total + 1) / 2);
}

/* The parties of events: their places, then the hashes of those that are forgotten. */
static const unsigned char *parties_open(const struct block *block, const unsigned char *at, struct account *account)
{
	unsigned count = block->event_count;
	const unsigned char *forgotten = at + count;

	memcpy(account->places, at, count);
	account->may_be_forgotten = block->forgotten_count > 0;
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

void block_open(const void *from, struct account *account)
{
	const struct block *block = from;
	const unsigned char *at = (const unsigned char *)(block + 1);

	head_open(block, account);
	at = take(at, account->events, block->event_count * sizeof(struct event));
	at = known_open(block, at, account);
	at = parties_open(block, at, account);
	at = take(at, account->buckets, buckets_bytes(block->bucket_bits));
	for (int i = 0; i < 2; i++) {
		account->amounts[i].from = block->amount_from[i];
		account->amounts[i].count = block->amount_count[i];
		at = take(at, account->amounts[i].counts, block->amount_count[i]);
	}
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

static void head_pack(const struct account *account, struct block *block)
{
	block->key = account->key;
	block->newest_ms = account->newest_ms;
	block->partition = account->partition;
	block->begin_ms = account->begin_ms;
	block->gone_ms = account->gone_ms;
	block->bucket_bits = account->bucket_bits;
	block->name_bytes = (uint16_t)account->name_bytes;
	block->event_count = (uint8_t)account->event_count;
	block->forgotten_count = forgotten_count(account);
	memcpy(block->known_count, account->known.count, sizeof(block->known_count));
	for (int i = 0; i < 2; i++) {
		block->amount_from[i] = account->amounts[i].from;
		block->amount_count[i] = account->amounts[i].count;
	}
	memcpy(block->seen, account->seen, sizeof(account->seen));
	memcpy(block->drained, account->drained, sizeof(account->drained));
	memcpy(block->days, account->days, sizeof(account->days));
}

static void body_pack(const struct account *account, unsigned char *at)
{
	at = give(at, account->events, account->event_count * sizeof(struct event));
	at = known_pack(account, at);
	at = parties_pack(account, at);
	at = give(at, account->buckets, buckets_bytes(account->bucket_bits));
	for (int i = 0; i < 2; i++)
		at = give(at, account->amounts[i].counts, account->amounts[i].count);
	give(at, account->names, account->name_bytes);
}

/* The cell for that many bytes: the one it has, unless that is too small or much too large. */
static uint32_t cell_for(struct slabs *slabs, uint32_t ref, size_t bytes, size_t *cell_bytes_r)
{
	if (ref != 0) {
		*cell_bytes_r = ((const struct block *)slab_read(slabs, ref))->cell_bytes;
		if (bytes <= *cell_bytes_r && slab_cell_bytes(bytes) + CELL_SHRINK_BYTES > *cell_bytes_r &&
		    !slab_should_move(slabs, ref))
			return ref;
		slab_give_back(slabs, ref);
	}
	*cell_bytes_r = slab_cell_bytes(bytes);
	return slab_take(slabs, bytes);
}

uint32_t block_pack(const struct account *account, struct slabs *slabs, uint32_t ref)
{
	struct block head;
	size_t cell_bytes;
	struct block *block;

	head_pack(account, &head);
	ref = cell_for(slabs, ref, block_bytes(&head), &cell_bytes);
	head.cell_bytes = (uint16_t)cell_bytes;
	block = slab_write(slabs, ref);
	*block = head;
	body_pack(account, (unsigned char *)(block + 1));
	return ref;
}

/* Names must add up, for they are walked. */
static bool names_sound(const struct block *block)
{
	const uint8_t *name = (const unsigned char *)block + block_bytes(block) - block->name_bytes;
	size_t left = block->name_bytes;

	for (unsigned i = 0; i < block->known_count[KNOWN_PAYEES]; i++) {
		if (left < NAME_HEAD_BYTES || left < name_bytes(name))
			return false;
		left -= name_bytes(name);
		name += name_bytes(name);
	}
	return left == 0;
}

/* Each party stands where something is known. */
static bool places_sound(const struct block *block)
{
	unsigned total = known_total_of(block), forgotten = 0;
	const uint8_t *places = (const unsigned char *)(block + 1) + block->event_count * sizeof(struct event) +
	                        known_bytes(total);

	for (unsigned i = 0; i < block->event_count; i++) {
		if (places[i] >= total && places[i] < PLACE_FORGOTTEN)
			return false;
		forgotten += places[i] == PLACE_FORGOTTEN;
	}
	return forgotten == block->forgotten_count;
}

static bool seen_sound(const struct block *block)
{
	for (int list = 0; list < KNOWN_PARTY_LISTS; list++) {
		unsigned seen = 0;

		for (int slot = 0; slot < SLOTS; slot++)
			seen += block->seen[list][slot];
		if (seen > block->known_count[list])
			return false;
	}
	return true;
}

bool block_sound(const void *from, size_t cell_bytes)
{
	static const uint8_t most[KNOWN_LISTS] = {PROFILE_PAYEES, PROFILE_PAYERS, PROFILE_IPS, PROFILE_MACS,
	                                          PROFILE_DEVICES};
	const struct block *block = from;

	if (cell_bytes < sizeof(*block) || block->cell_bytes != cell_bytes || block->key == 0)
		return false;
	if (block->event_count > PROFILE_EVENTS_MOST || block->bucket_bits & 0x80008000U)
		return false;
	for (int list = 0; list < KNOWN_LISTS; list++)
		if (block->known_count[list] > most[list])
			return false;
	for (int i = 0; i < 2; i++)
		if (block->amount_from[i] + block->amount_count[i] > AMOUNT_BINS)
			return false;
	if (block->newest_ms < 0 || block->newest_ms > ACCOUNT_TIME_MAX)
		return false;
	return block_bytes(block) <= cell_bytes && names_sound(block) && places_sound(block) && seen_sound(block);
}
