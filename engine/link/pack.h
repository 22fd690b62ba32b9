/*
 * Evidence of links is kept for every event, though few ever hit: a kilobyte of words, of which those of one rule have
 * nearly all in common. So what is kept of it is how it differs from the rule's first one.
 *
 * Cost: about five instructions a byte to pack; 164 to 206 of 1,000 bytes are left of the shipped patterns' evidence.
 */
#ifndef LINK_PACK_H
#define LINK_PACK_H

#include "base/slice.h"

enum {
	PACK_LIKE_BYTES = 2048, /* of the first one; what is longer is not compared */
	PACK_PLACES = 2048,
	PACK_TEXT_MAX = 32 << 10, /* of one evidence; the matcher's are half of that at most */
	PACK_MORE = 8, /* what a packed text may be longer than the text, at most */
};

/* The first one. All zero: there is none yet. */
struct pack_like {
	uint16_t length, places[PACK_PLACES]; /* places: behind where eight bytes of that hash are */
	char text[PACK_LIKE_BYTES];
};

/*
 * Packs up to PACK_TEXT_MAX bytes into `out`, which has room for PACK_MORE more; returns its length. The first text
 * becomes what the others are compared with.
 */
uint32_t pack_put(struct pack_like *like, struct slice text, char *out);

/* How long the text is, and the text, into room for so many bytes. */
uint32_t pack_length(const char *packed);
void pack_get(const struct pack_like *like, struct slice packed, char *out);

#endif
