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

/* Eight at a time: every machine that this is built for compares 16 bytes at once. */
typedef uint16_t eight_lows __attribute__((vector_size(16)));
typedef uint8_t eight_bytes __attribute__((vector_size(8)));

/* A byte each, all bits of it where it is the same. */
static uint64_t same_lows(const uint16_t *lows, uint16_t low)
{
	eight_lows own;
	eight_bytes narrow;
	uint64_t same;

	memcpy(&own, lows, sizeof(own));
	narrow = __builtin_convertvector((eight_lows)(own == low), eight_bytes);
	memcpy(&same, &narrow, sizeof(same));
	return same;
}

uint32_t known_find(const struct account *account, enum known_list list, uint32_t hash)
{
	unsigned begin = known_begin(account, list), count = known_count(account, list);
	const uint16_t *lows = account->known.low + begin;
	const uint8_t *rests = account->known.rest + begin;

	for (unsigned from = 0; from < count; from += 8)
		for (uint64_t same = same_lows(lows + from, (uint16_t)hash); same != 0;) {
			unsigned at = from + (unsigned)__builtin_ctzll(same) / 8;

			if ((rests[at] & 15U) == hash >> 16)
				return at < count ? at : count;
			same &= ~(UINT64_C(255) << (at - from) * 8);
		}
	return count;
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

/* From one place to one before it. */
static void name_forward(struct account *account, uint32_t from, uint32_t to)
{
	uint8_t *there = account->names + (known_name(account, to) - account->names), *name = there;
	uint8_t own[NAME_BYTES_MOST];
	unsigned bytes;

	while (from-- > to)
		name += name_bytes(name);
	bytes = name_bytes(name);
	memcpy(own, name, bytes);
	memmove(there + bytes, there, (size_t)(name - there));
	memcpy(there, own, bytes);
}

/*
 * Places of events' parties: those in [low, high) go on by `by`, and what stood at `own` stands at `becomes`.
 */
typedef uint8_t sixteen_places __attribute__((vector_size(16)));

static void places_change(struct account *account, unsigned low, unsigned high, uint8_t by, unsigned own,
                          unsigned becomes)
{
	_Static_assert(PROFILE_EVENTS_MOST % 16 == 0 && (int)KNOWN_MOST < (int)PLACE_FORGOTTEN, "sixteen at a time, in a byte");
	for (unsigned i = 0; i < account->event_count; i += 16) {
		sixteen_places places, between, same;

		memcpy(&places, account->places + i, sizeof(places));
		between = (sixteen_places)(places >= (uint8_t)low) & (sixteen_places)(places < (uint8_t)high);
		same = (sixteen_places)(places == (uint8_t)own);
		places = (same & (uint8_t)becomes) | (~same & (places + (between & by)));
		memcpy(account->places + i, &places, sizeof(places));
	}
}

/* Columns: [from, end) make room at `from`, or fill the place before `from`; `end` is what they move into. */

static void columns_up(struct known *known, unsigned from, unsigned end)
{
	memmove(&known->low[from + 1], &known->low[from], (end - from) * sizeof(known->low[0]));
	memmove(&known->rest[from + 1], &known->rest[from], end - from);
}

static void columns_down(struct known *known, unsigned from, unsigned end)
{
	memmove(&known->low[from], &known->low[from + 1], (end - from) * sizeof(known->low[0]));
	memmove(&known->rest[from], &known->rest[from + 1], end - from);
}

static void column_set(struct known *known, unsigned place, uint32_t hash, unsigned first)
{
	known->low[place] = (uint16_t)hash;
	known->rest[place] = (uint8_t)(hash >> 16 | first << 4);
}

/* The place of the list where one last met in that slot goes. */
static uint32_t place_for(const struct account *account, enum known_list list, unsigned slot)
{
	return list < KNOWN_PARTY_LISTS ? place_of(account, list, slot) : 0;
}

static void seen_change(struct account *account, enum known_list list, unsigned slot, int by)
{
	if (list < KNOWN_PARTY_LISTS && slot < SLOTS)
		account->seen[list][slot] = (uint8_t)(account->seen[list][slot] + by);
}

static void insert(struct account *account, enum known_list list, uint32_t hash, unsigned slot,
                   const uint8_t *name)
{
	uint32_t at = place_for(account, list, slot);
	unsigned place = known_begin(account, list) + at;

	columns_up(&account->known, place, known_total(account));
	places_change(account, place, KNOWN_MOST, 1, PLACE_NONE, PLACE_NONE);
	column_set(&account->known, place, hash, slot);
	if (list == KNOWN_PAYEES)
		name_insert(account, at, name);
	seen_change(account, list, slot, 1);
	known_count_change(account, list, 1);
}

void known_forget(struct account *account, enum known_list list, uint32_t at)
{
	unsigned place = known_begin(account, list) + at;

	if (list < KNOWN_PARTY_LISTS)
		seen_change(account, list, known_last(account, list, at), -1);
	if (list == KNOWN_PAYEES)
		name_remove(account, at);
	columns_down(&account->known, place, known_total(account) - 1);
	places_change(account, place + 1, KNOWN_MOST, UINT8_MAX, place, PLACE_FORGOTTEN);
	account->may_be_forgotten = true;
	known_count_change(account, list, -1);
}

/* From one place to another of the same list. */
static void shift(struct account *account, enum known_list list, uint32_t from, uint32_t to)
{
	struct known *known = &account->known;
	unsigned begin = known_begin(account, list), first = known_first(account, list, from);
	uint32_t hash = known_hash_at(account, list, from);

	if (to < from) {
		columns_up(known, begin + to, begin + from);
		places_change(account, begin + to, begin + from, 1, begin + from, begin + to);
	} else {
		columns_down(known, begin + from, begin + to);
		places_change(account, begin + from + 1, begin + to + 1, UINT8_MAX, begin + from, begin + to);
	}
	column_set(known, begin + to, hash, first);
}

/* A payee's name goes with it, and is another now where `name` is one. */
static void name_shift(struct account *account, uint32_t from, uint32_t to, const uint8_t *name)
{
	const uint8_t *old = known_name(account, from);
	uint8_t own[NAME_BYTES_MOST];

	/* A transaction without a name says nothing against the name. */
	if (name == NULL || name_is_none(name))
		name = old;
	if (to <= from && name_is_hash(name) == name_is_hash(old) && name_same(name, old)) {
		if (to < from)
			name_forward(account, from, to);
		return;
	}
	memcpy(own, name, name_bytes(name));
	name_set_province(own, name_province(old)); /* the account is where it was */
	name_remove(account, from);
	name_insert(account, to, own);
}

/* Changes when it was met. */
static void replace(struct account *account, enum known_list list, uint32_t at, unsigned first, unsigned last,
                    const uint8_t *name)
{
	uint32_t to;

	known_set_first(account, list, at, first);
	if (list < KNOWN_PARTY_LISTS)
		seen_change(account, list, known_last(account, list, at), -1);
	to = place_for(account, list, last);
	if (list == KNOWN_PAYEES)
		name_shift(account, at, to, name);
	if (to != at)
		shift(account, list, at, to);
	seen_change(account, list, last, 1);
}

void known_meet(struct account *account, enum known_list list, uint32_t at, uint32_t hash, unsigned slot,
                const uint8_t *name)
{
	unsigned first, last;

	/* Mostly it is the one that was met last, and nothing changes. */
	if (at == 0 && known_count(account, list) > 0 && list >= KNOWN_PARTY_LISTS &&
	    known_first(account, list, 0) >= slot)
		return;
	if (at < known_count(account, list)) {
		first = known_first(account, list, at);
		last = list < KNOWN_PARTY_LISTS ? known_last(account, list, at) : 0;
		replace(account, list, at, slot > first ? slot : first, slot < last ? slot : last, name);
		return;
	}
	if (known_count(account, list) == bounds[list].most) {
		count(bounds[list].full);
		known_forget(account, list, bounds[list].most - 1);
	}
	insert(account, list, hash, slot, name);
}

void known_unmeet(struct account *account, enum known_list list, uint32_t at)
{
	unsigned first = known_first(account, list, at);

	replace(account, list, at, first, first, NULL);
}

/*
 * Names fade (name.h) of payees that were met in one week only, with two whole weeks since. Once that week is in a block
 * of four, nothing tells them from those that were met in several.
 */
enum { SLOT_FADE = SLOT_DAYS + 2 };
static void names_fade(struct account *account)
{
	uint32_t at = place_of(account, KNOWN_PAYEES, SLOT_FADE);
	uint8_t *to = account->names + (known_name(account, at) - account->names);
	const uint8_t *from = to;

	for (unsigned slot = SLOT_FADE; slot < SLOT_DAYS + SLOT_WEEKS; slot++)
		for (unsigned left = account->seen[KNOWN_PAYEES][slot]; left > 0; left--, at++) {
			unsigned bytes = name_bytes(from), own = bytes;

			if (known_first(account, KNOWN_PAYEES, at) == slot && bytes > NAME_HASH_BYTES) {
				uint8_t faded[NAME_HASH_BYTES];

				name_fade(from, faded);
				memcpy(to, faded, sizeof(faded));
				own = sizeof(faded);
			} else if (to != from) {
				memmove(to, from, bytes);
			}
			to += own;
			from += bytes;
		}
	memmove(to, from, account->name_bytes - (size_t)(from - account->names));
	account->name_bytes -= (uint32_t)(from - to);
}

void known_move(struct account *account, const uint8_t moves[SLOTS + 1])
{
	for (unsigned i = 0, total = known_total(account); i < total; i++)
		account->known.rest[i] = (uint8_t)((account->known.rest[i] & 15) | moves[account->known.rest[i] >> 4] << 4);
	for (unsigned list = 0; list < KNOWN_PARTY_LISTS; list++) {
		uint8_t moved[SLOTS + 1] = {0};

		for (unsigned slot = 0; slot < SLOTS; slot++)
			moved[moves[slot]] += account->seen[list][slot];
		memcpy(account->seen[list], moved, SLOTS);
	}
	names_fade(account);
}
