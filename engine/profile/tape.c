/*
 * The tape's symbols, as tape.def draws them.
 */
#include "profile/event.h"
#include "profile/shard.h"

enum { BANDS = 32, BAND_A_BELOW_MINOR = 1000 };

static char band_symbol(int64_t amount_minor)
{
	int64_t tens = amount_minor / BAND_A_BELOW_MINOR;
	unsigned band = tens > 0 ? 64 - (unsigned)__builtin_clzll((uint64_t)tens) : 0;

	band = band < BANDS ? band : BANDS - 1;
	return (char)(band < 26 ? 'A' + band : 'a' + band - 26);
}

int64_t profile_tape_band_from(char band)
{
	unsigned number = band >= 'a' ? (unsigned)(band - 'a') + 26 : (unsigned)(band - 'A');

	return number == 0 ? 0 : (int64_t)BAND_A_BELOW_MINOR << (number - 1);
}

static char gap_symbol(int64_t gap_ms)
{
	if (gap_ms == TX_ABSENT)
		return '0';
	return (char)('1' + (gap_ms > INSTANT_MINUTE_MS) + (gap_ms > 10 * INSTANT_MINUTE_MS) +
	              (gap_ms > INSTANT_HOUR_MS) + (gap_ms > 6 * INSTANT_HOUR_MS) + (gap_ms > INSTANT_DAY_MS) +
	              (gap_ms > 7 * INSTANT_DAY_MS) + (gap_ms > 30 * INSTANT_DAY_MS));
}

static char balance_symbol(uint8_t left_percent)
{
	if (left_percent == 255)
		return '?';
	return (char)('0' + (left_percent > 1) + (left_percent > 5) + (left_percent > 20) + (left_percent > 50));
}

static inline __attribute__((always_inline)) char
symbol_of(enum tape_place place, const struct profile_event *event, int64_t gap_ms)
{
	switch (place) {
	case TAPE_DIRECTION: return event->direction == TX_CREDIT ? 'c' : 'd';
	case TAPE_BAND: return band_symbol(event->amount_minor);
	case TAPE_GAP: return gap_symbol(gap_ms);
	case TAPE_NOVELTY: return event->is_new ? 'n' : 'k';
	case TAPE_KIND: return "-cptbu--"[event->kind & 7];
	case TAPE_BALANCE: return balance_symbol(event->left_percent);
	case TAPE_CHANNEL: return "-omdcapyxz------"[event->channel & 15];
	case TAPE_HOUR: return (char)('a' + event->hour);
	case TAPE_PLACES: break;
	}
	return '-';
}

char profile_tape_symbol(enum tape_place place, const struct profile_event *event, int64_t gap_ms)
{
	return symbol_of(place, event, gap_ms);
}

_Static_assert(TAPE_PLACES == TAPE_SYMBOLS, "a symbol a place");

size_t profile_tape(const struct profile_view *view, char tape_r[PROFILE_TAPE_BYTES])
{
	const struct account *account = &view->shard->open;
	char *at = tape_r;

	for (uint32_t i = view->at; i < account->event_count; i++) {
		int64_t before_ms = shard_previous(view->shard, i), gap_ms = TX_ABSENT;
		struct profile_event event;

		profile_event_at(view, i - view->at, &event);
		if (before_ms != TX_ABSENT)
			gap_ms = event.booked_ms - before_ms;
		/* Unrolled, so that each place is its own few instructions. */
#define TAPE(place, symbols, help) *at++ = symbol_of(TAPE_##place, &event, gap_ms);
#include "profile/tape.def"
#undef TAPE
	}
	memset(at, 0, PROFILE_TAPE_TAIL);
	return (size_t)(at - tape_r);
}
