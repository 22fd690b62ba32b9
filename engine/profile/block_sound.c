#include "profile/block.h"

#include "profile/amounts.h"
#include "profile/block_form.h"
#include "profile/bucket.h"
#include "profile/event.h"
#include "profile/name.h"

enum { AMOUNT_BINS_SOUND = 2 * 62 }; /* up to 2^62; bins behind end beyond what an amount holds */

/* Names must add up, for they are walked. */
static bool names_sound(const struct block *block)
{
	const uint8_t *name = (const unsigned char *)block + block_bytes(block) - block->name_bytes;
	size_t left = block->name_bytes;

	for (unsigned i = 0; i < block->payees; i++) {
		if (left < NAME_HEAD_BYTES || left < name_bytes(name))
			return false;
		left -= name_bytes(name);
		name += name_bytes(name);
	}
	return left == 0;
}

/*
 * The newest first, and none newer than the account's newest: what is packed again has their times in fewer bits than a
 * word has room for, and would write over what stands beside them.
 */
static bool events_sound(const struct block *block)
{
	struct account account;
	int64_t newer_ms = (int64_t)block->newest_ms;

	account.newest_ms = newer_ms;
	account.event_count = block->events;
	block_events_open((const unsigned char *)(block + 1), block->events_wide, &account);
	for (uint32_t i = 0; i < account.event_count; i++) {
		if (event_ms(&account.events[i]) > newer_ms)
			return false;
		newer_ms = event_ms(&account.events[i]);
	}
	return true;
}

/* Each party stands where something is known. */
static bool places_sound(const struct block *block)
{
	unsigned total = block_known_total(block), forgotten = 0;
	const uint8_t *places = (const unsigned char *)(block + 1) +
	                        block_events_bytes(block->events, block->events_wide) +
	                        COUNTS_BYTES + block->seen_large + known_bytes(total);

	for (unsigned i = 0; i < block->events; i++) {
		if (places[i] >= total && places[i] < PLACE_FORGOTTEN)
			return false;
		forgotten += places[i] == PLACE_FORGOTTEN;
	}
	return forgotten == block->forgotten;
}

/* As many large counts as the head says, and no more parties than there are. */
static bool seen_sound(const struct block *block)
{
	const unsigned char *from = (const unsigned char *)(block + 1) +
	                            block_events_bytes(block->events, block->events_wide);
	unsigned known[KNOWN_PARTY_LISTS] = {block->payees, block->payers};
	uint8_t counts[KNOWN_PARTY_LISTS][SEEN_ROOM];

	counts_read(from, 0, counts);
	if (counts_large(counts) != block->seen_large)
		return false;
	counts_read(from, block->seen_large, counts);
	for (int list = 0; list < KNOWN_PARTY_LISTS; list++) {
		unsigned seen = 0;

		for (int slot = 0; slot < SLOTS; slot++)
			seen += counts[list][slot];
		if (seen > known[list] || counts[list][SLOTS] != 0)
			return false;
	}
	return true;
}

_Static_assert((int)AMOUNT_BINS_SOUND < (int)AMOUNT_BINS, "an account has room for them");

/* As many large counts as the head says. */
static bool amounts_sound(const struct block *block)
{
	const uint8_t *bytes = (const unsigned char *)block + block_bytes(block) - block->name_bytes;

	for (int i = 2; i-- > 0;) {
		unsigned count = block->amount_count[i], large = block->amount_large[i];
		uint8_t halves[AMOUNT_BINS / 2] = {0};

		bytes -= amounts_bytes(count, large);
		memcpy(halves, bytes, amounts_bytes(count, 0));
		if (amounts_large(halves, count) != large)
			return false;
	}
	return true;
}

/* None without a transaction, for means are made of them. */
static bool buckets_sound(const struct block *block)
{
	const uint8_t *bytes = (const unsigned char *)block + block_bytes(block) - block->name_bytes;

	for (int i = 0; i < 2; i++)
		bytes -= amounts_bytes(block->amount_count[i], block->amount_large[i]);
	for (uint32_t left = bits_count(block->bucket_bits); left > 0; left--) {
		uint64_t bucket;

		bytes -= sizeof(bucket);
		memcpy(&bucket, bytes, sizeof(bucket));
		if (!bucket_sound(bucket))
			return false;
	}
	return true;
}

static bool lists_sound(const struct block *block)
{
	return block->payees <= PROFILE_PAYEES && block->payers <= PROFILE_PAYERS && block->ips <= PROFILE_IPS &&
	       block->macs <= PROFILE_MACS && block->devices <= PROFILE_DEVICES;
}

bool block_sound(const void *from, size_t cell_bytes)
{
	const struct block *block = from;

	if (cell_bytes < sizeof(*block) || block->key == 0 || !lists_sound(block))
		return false;
	if (block->events > PROFILE_EVENTS_MOST || block->bucket_bits & 0x80008000U ||
	    block->gone > (uint64_t)ACCOUNT_TIME_MAX + 1)
		return false;
	for (int i = 0; i < 2; i++)
		if (block->amount_from[i] + block->amount_count[i] > AMOUNT_BINS_SOUND)
			return false;
	return block_bytes(block) <= cell_bytes && events_sound(block) && seen_sound(block) && places_sound(block) &&
	       buckets_sound(block) && amounts_sound(block) && names_sound(block);
}
