/*
 * A range is cut until its two ends differ only in a tail whose bytes run through their whole span: first
 * where the length of the encoding changes, then before and behind each group of 64, 4,096 and 262,144 code
 * points. What is left has one byte range a position.
 */
#include "pattern/utf8_ranges.h"

#include "base/utf8.h"

static const uint32_t length_ends[] = {0x7F, 0x7FF, 0xFFFF};

void utf8_ranges(uint32_t from, uint32_t to,
                 void (*take)(void *context, const struct utf8_bytes *bytes), void *context)
{
	struct utf8_bytes bytes;

	for (int i = 0; i < 3; i++)
		if (from <= length_ends[i] && to > length_ends[i]) {
			utf8_ranges(from, length_ends[i], take, context);
			utf8_ranges(length_ends[i] + 1, to, take, context);
			return;
		}
	for (int bits = 6; to > 0x7F && bits <= 18; bits += 6) {
		uint32_t tail = (1u << bits) - 1;
		if ((from & ~tail) == (to & ~tail))
			break;
		if ((from & tail) != 0) {
			utf8_ranges(from, from | tail, take, context);
			utf8_ranges((from | tail) + 1, to, take, context);
			return;
		}
		if ((to & tail) != tail) {
			utf8_ranges(from, (to & ~tail) - 1, take, context);
			utf8_ranges(to & ~tail, to, take, context);
			return;
		}
	}
	bytes.count = utf8_put(from, (char *)bytes.from);
	utf8_put(to, (char *)bytes.to);
	take(context, &bytes);
}
