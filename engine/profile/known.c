#include "profile/known.h"

#include "profile/name.h"

static const struct {
	uint32_t most;
	enum counter full;
} bounds[KNOWN_LISTS] = {
	[KNOWN_PAYEES] = {PROFILE_PAYEES, COUNT_PROFILE_PAYEES_FULL},
	[KNOWN_PAYERS] = {PROFILE_PAYERS, COUNT_PROFILE_PAYERS_FULL},
	[KNOWN_IPS] = {PROFILE_IPS, COUNT_PROFILE_DEVICES_FULL},
	[KNOWN_MACS] = {PROFILE_MACS, COUNT_PROFILE_DEVICES_FULL},
	[KNOWN_DEVICES] = {PROFILE_DEVICES, COUNT_PROFILE_DEVICES_FULL},
};

/* Four words at a time: every machine that this is built for compares 16 bytes at once. */
typedef uint32_t four_words __attribute__((vector_size(16)));

uint32_t known_find(const struct account *account, enum known_list list, uint32_t hash)
{
	const known_word *words = account->known[list];
	uint32_t count = account->known_count[list], at = 0;

	for (; at + 8 <= count; at += 8) {
		four_words a, b;

		memcpy(&a, words + at, sizeof(a));
		memcpy(&b, words + at + 4, sizeof(b));
		a = (four_words)(a << 4 == hash << 4) | (four_words)(b << 4 == hash << 4);
		if ((a[0] | a[1] | a[2] | a[3]) != 0)
			break;
	}
	while (at < count && (words[at] & KNOWN_HASH_MASK) != hash)
		at++;
	return at;
}

const uint8_t *known_name(const struct account *account, uint32_t at)
{
	const uint8_t *name = account->names;

	while (at-- > 0)
		name += name_bytes(name);
	return name;
}

unsigned known_last(const struct account *account, enum known_list list, uint32_t at)
{
	uint32_t before = 0;

	for (unsigned slot = 0; slot < SLOTS; slot++) {
		before += account->seen[list][slot];
		if (at < before)
			return slot;
	}
	return SLOT_OLDER;
}

/* The first place of those last met in `slot` or before. */
static uint32_t place_of(const struct account *account, enum known_list list, unsigned slot)
{
	uint32_t before = 0;

	for (unsigned newer = 0; newer < slot; newer++)
		before += account->seen[list][newer];
	return before;
}

static void name_remove(struct account *account, uint32_t at)
{
	uint8_t *name = account->names + (known_name(account, at) - account->names);
	unsigned bytes = name_bytes(name);

	account->name_bytes -= bytes;
	memmove(name, name + bytes, account->name_bytes - (size_t)(name - account->names));
}

static void name_insert(struct account *account, uint32_t at, const uint8_t *own)
{
	uint8_t *name = account->names + (known_name(account, at) - account->names);
	unsigned bytes = name_bytes(own);

	memmove(name + bytes, name, account->name_bytes - (size_t)(name - account->names));
	memcpy(name, own, bytes);
	account->name_bytes += bytes;
}

static void insert(struct account *account, enum known_list list, known_word word, unsigned slot,
                   const uint8_t *name)
{
	known_word *words = account->known[list];
	uint32_t at = list < KNOWN_PARTY_LISTS ? place_of(account, list, slot) : 0;

	memmove(words + at + 1, words + at, (account->known_count[list] - at) * sizeof(*words));
	words[at] = word;
	if (list == KNOWN_PAYEES)
		name_insert(account, at, name);
	if (list < KNOWN_PARTY_LISTS && slot < SLOTS)
		account->seen[list][slot]++;
	account->known_count[list]++;
}

void known_forget(struct account *account, enum known_list list, uint32_t at)
{
	known_word *words = account->known[list];
	unsigned last = list < KNOWN_PARTY_LISTS ? known_last(account, list, at) : SLOT_OLDER;

	if (last < SLOTS)
		account->seen[list][last]--;
	if (list == KNOWN_PAYEES)
		name_remove(account, at);
	account->known_count[list]--;
	memmove(words + at, words + at + 1, (account->known_count[list] - at) * sizeof(*words));
}

/* Takes one out and puts it in again. */
static void replace(struct account *account, enum known_list list, uint32_t at, unsigned first, unsigned last,
                    const uint8_t *name)
{
	known_word word = (account->known[list][at] & KNOWN_HASH_MASK) | first << KNOWN_HASH_BITS;
	uint8_t own[NAME_BYTES_MOST];

	if (list == KNOWN_PAYEES) {
		const uint8_t *old = known_name(account, at);

		/* A transaction without a name says nothing against the name. */
		if (name == NULL || name_is_none(name))
			name = old;
		memcpy(own, name, name_bytes(name));
	}
	known_forget(account, list, at);
	insert(account, list, word, last, own);
}

void known_meet(struct account *account, enum known_list list, uint32_t at, uint32_t hash, unsigned slot,
                const uint8_t *name)
{
	unsigned first, last;

	/* Mostly it is the one that was met last, and nothing changes. */
	if (at == 0 && account->known_count[list] > 0 && list >= KNOWN_PARTY_LISTS &&
	    known_first(account->known[list][0]) >= slot)
		return;
	if (at < account->known_count[list]) {
		first = known_first(account->known[list][at]);
		last = list < KNOWN_PARTY_LISTS ? known_last(account, list, at) : 0;
		replace(account, list, at, slot > first ? slot : first, slot < last ? slot : last, name);
		return;
	}
	if (account->known_count[list] == bounds[list].most) {
		count(bounds[list].full);
		known_forget(account, list, bounds[list].most - 1);
	}
	insert(account, list, hash | slot << KNOWN_HASH_BITS, slot, name);
}

void known_unmeet(struct account *account, enum known_list list, uint32_t at)
{
	unsigned first = known_first(account->known[list][at]);

	replace(account, list, at, first, first, NULL);
}

void known_move(struct account *account, const uint8_t moves[SLOTS + 1])
{
	for (unsigned list = 0; list < KNOWN_LISTS; list++)
		for (uint32_t i = 0; i < account->known_count[list]; i++) {
			known_word *word = &account->known[list][i];

			*word = (*word & KNOWN_HASH_MASK) | (known_word)moves[known_first(*word)] << KNOWN_HASH_BITS;
		}
	for (unsigned list = 0; list < KNOWN_PARTY_LISTS; list++) {
		uint8_t moved[SLOTS + 1] = {0};

		for (unsigned slot = 0; slot < SLOTS; slot++)
			moved[moves[slot]] += account->seen[list][slot];
		memcpy(account->seen[list], moved, SLOTS);
	}
}
