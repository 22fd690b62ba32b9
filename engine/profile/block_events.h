/*
 * Recent transactions in a block. Their times are counted from a base 12 days before the account's newest; what of an
 * event is then nothing but zeros, three bytes, isn't stored. Where one event is older than that, or an
 * amount passes 167,772 yuan, all of the block's are stored whole: it is wide.
 *
 * Two bytes behind the last event are read, and overwritten before what stands there is written; sixteen always do
 * (block.h).
 */
#ifndef PROFILE_BLOCK_EVENTS_H
#define PROFILE_BLOCK_EVENTS_H

#include "profile/account.h"

enum { BLOCK_EVENT_BYTES = 13, BLOCK_EVENT_BYTES_WIDE = sizeof(struct event) };

static inline size_t block_events_bytes(unsigned count, bool wide)
{
	return count * (wide ? (size_t)BLOCK_EVENT_BYTES_WIDE : (size_t)BLOCK_EVENT_BYTES);
}

/* Must they be stored whole? */
bool block_events_wide(const struct account *account);

/* newest_ms and event_count are there already. Both return what is behind the events. */
const unsigned char *block_events_open(const unsigned char *from, bool wide, struct account *account);
unsigned char *block_events_pack(const struct account *account, bool wide, unsigned char *to);

#endif
