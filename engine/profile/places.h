/*
 * Where the firms bank that an account began to pay: a bit each, 1 for elsewhere, the last one lowest. A one above
 * all says how many there are; where the number is full the oldest goes.
 *
 *   0000 0001 0110   three firms: the last one here, the two before it elsewhere
 *           └ the one above all (0: as 1, nobody yet)
 */
#ifndef PROFILE_PLACES_H
#define PROFILE_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bits.h"

enum { PLACES_FIRMS_BITS = 16, PLACES_NEIGHBOURS_BITS = 8 }; /* of which one is that above all */

/* `places` of `bits` bits with one more. */
static inline uint32_t places_put(uint32_t places, unsigned bits, bool elsewhere)
{
	uint32_t full = UINT32_C(1) << (bits - 1);
	uint32_t next = (places == 0 ? 1 : places) << 1 | elsewhere;

	return next >= full << 1 ? full | (next & (full - 1)) : next;
}

static inline unsigned places_count(uint32_t places)
{
	return places == 0 ? 0 : 31 - (unsigned)__builtin_clz(places);
}

static inline unsigned places_elsewhere(uint32_t places)
{
	return places == 0 ? 0 : bits_count(places) - 1;
}

#endif
