/*
 *   packed: u16 bytes of the text, then pieces
 *   piece:  u16 own bytes, u16 bytes to copy, u16 from where in the first text, then the own bytes
 */
#include "link/pack.h"

#include <assert.h>

enum { GRAM = 8, PLACE_SHIFT = 64 - 11, COPIED_LEAST = 12 };

struct piece {
	uint16_t own, copied, from;
};

_Static_assert(PACK_PLACES == 1 << (64 - PLACE_SHIFT), "a place for each hash");
_Static_assert(COPIED_LEAST >= sizeof(struct piece) && PACK_MORE == sizeof(uint16_t) + sizeof(struct piece),
               "a copy never makes it longer, and the last piece may have none");

static uint64_t gram_at(const char *at)
{
	uint64_t gram;

	memcpy(&gram, at, sizeof(gram));
	return gram;
}

static uint16_t *place_of(struct pack_like *like, const char *at)
{
	return &like->places[gram_at(at) * UINT64_C(0x9E3779B97F4A7C15) >> PLACE_SHIFT];
}

static void like_set(struct pack_like *like, struct slice text)
{
	like->length = (uint16_t)(text.length < PACK_LIKE_BYTES ? text.length : PACK_LIKE_BYTES);
	if (like->length > 0)
		memcpy(like->text, text.at, like->length);
	for (uint32_t i = 0; i + GRAM <= like->length; i++)
		*place_of(like, like->text + i) = (uint16_t)(i + 1);
}

/* How many bytes are the same. */
static uint32_t common(const char *a, const char *b, uint32_t most)
{
	uint32_t n = 0;

	while (n + GRAM <= most && gram_at(a + n) == gram_at(b + n))
		n += GRAM;
	while (n < most && a[n] == b[n])
		n++;
	return n;
}

static char *piece_put(char *out, const char *own, uint32_t own_bytes, uint32_t copied, uint32_t from)
{
	struct piece piece = {(uint16_t)own_bytes, (uint16_t)copied, (uint16_t)from};

	memcpy(out, &piece, sizeof(piece));
	if (own_bytes > 0)
		memcpy(out + sizeof(piece), own, own_bytes);
	return out + sizeof(piece) + own_bytes;
}

uint32_t pack_put(struct pack_like *like, struct slice text, char *out)
{
	uint16_t length = (uint16_t)text.length;
	uint32_t own = 0, i = 0;
	char *end = out + sizeof(length);

	assert(text.length <= PACK_TEXT_MAX);
	memcpy(out, &length, sizeof(length));
	if (like->length == 0)
		like_set(like, text);
	while (i + GRAM <= text.length) {
		uint32_t place = *place_of(like, text.at + i), from = place - 1, same = 0;
		/* Half of the places lead to other bytes of that hash. */
		if (place != 0 && gram_at(like->text + from) == gram_at(text.at + i))
			same = common(text.at + i, like->text + from,
			              text.length - i < like->length - from ? text.length - i : like->length - from);
		if (same < COPIED_LEAST) {
			i++;
			continue;
		}
		end = piece_put(end, text.at + own, i - own, same, from);
		own = i += same;
	}
	if (own < text.length)
		end = piece_put(end, text.at + own, text.length - own, 0, 0);
	return (uint32_t)(end - out);
}

uint32_t pack_length(const char *packed)
{
	uint16_t length;

	memcpy(&length, packed, sizeof(length));
	return length;
}

void pack_get(const struct pack_like *like, struct slice packed, char *out)
{
	const char *at = packed.at + sizeof(uint16_t), *end = packed.at + packed.length;
	struct piece piece;

	for (; at < end; at += piece.own) {
		memcpy(&piece, at, sizeof(piece));
		at += sizeof(piece);
		memcpy(out, at, piece.own);
		memcpy(out + piece.own, like->text + piece.from, piece.copied);
		out += piece.own + piece.copied;
	}
}
