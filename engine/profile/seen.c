/*
 * When something was first met.
 *
 * Where the meeting is among the recent transactions it is known to the millisecond; else the slot of it
 * is known, and the latest moment of that slot is told. A late transaction (booked before others that are
 * in already) may only know what was surely met before it; what is doubtful looks new.
 */
#include "profile/event.h"
#include "profile/known.h"
#include "profile/name.h"
#include "profile/shard.h"

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The last moment of a slot. */
static int64_t slot_end(const struct account *account, unsigned slot)
{
	if (slot == SLOT_OLDER)
		return day_begin(slot_days(SLOTS - 1, account->today).from) - 1;
	return day_begin(slot_days(slot, account->today).to) - 1;
}

int64_t seen_in_list(const struct account *account, enum known_list list, uint32_t at, int64_t now_ms,
                     bool is_late)
{
	int64_t end;

	if (at == known_count(account, list))
		return now_ms;
	end = slot_end(account, known_first(account, list, at));
	if (end >= now_ms)
		return is_late ? now_ms : now_ms - 1;
	return end;
}

int64_t seen_party(const struct account *account, uint32_t party, const uint32_t at[KNOWN_PARTY_LISTS],
                   int64_t now_ms, bool is_late)
{
	int64_t first = now_ms;

	for (uint32_t i = account->event_count; i-- > 0;) {
		const struct event *event = &account->events[i];

		if (account->parties[i] != party)
			continue;
		/* What was booked in the same millisecond, and came earlier, was before. */
		first = event_ms(event) > now_ms ? now_ms : least(event_ms(event), now_ms - 1);
		if (event_is_new(event))
			return first;
		break;
	}
	for (enum known_list list = KNOWN_PAYEES; list <= KNOWN_PAYERS; list++)
		first = least(first, seen_in_list(account, list, at[list], now_ms, is_late));
	return first;
}

int64_t seen_name(const struct account *account, const uint8_t *name, uint32_t besides, int64_t now_ms, bool is_late)
{
	const uint8_t *other = account->names;
	uint8_t faded[NAME_HASH_BYTES];
	int64_t first = now_ms;

	/* Once, for all that have faded. */
	if (!name_is_hash(name))
		name_fade(name, faded);
	for (uint32_t i = 0; i < known_count(account, KNOWN_PAYEES); i++) {
		uint32_t party = known_hash_at(account, KNOWN_PAYEES, i);
		bool has_faded = name_is_hash(other) && !name_is_hash(name);

		if (party != besides && name_same(other, has_faded ? faded : name)) {
			uint32_t at[] = {[KNOWN_PAYEES] = i, [KNOWN_PAYERS] = known_count(account, KNOWN_PAYERS)};

			first = least(first, seen_party(account, party, at, now_ms, is_late));
		}
		other += name_bytes(other);
	}
	return first;
}
