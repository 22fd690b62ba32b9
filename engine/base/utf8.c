#include "base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes of a sequence by its first byte, 0 where none may begin so; the second byte's range is narrowed below. */
static int sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF)
		return 3;
	return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

static bool second_allowed(unsigned char first, unsigned char second)
{
	unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
	unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;

	return second >= low && second <= high;
}

/* Most of the rest is Chinese: three bytes, of which only the first ones E0 and ED narrow the second. */
static inline bool is_plain_three(const unsigned char *at)
{
	return at[0] > 0xE0 && at[0] < 0xF0 && at[0] != 0xED && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80;
}

/*
 * The bytes of plain characters of three that begin 16, up to THREES of them. A first byte is known by its upper half, a
 * further one by its two upper bits; E0 and ED are never further ones.
 */
enum { AT_ONCE = 16, THREES = 15 };
static inline unsigned plain_threes(const unsigned char *at)
{
	unsigned count = 0;
#ifdef __SSE2__
	static const char upper[] = "\xF0\xC0\xC0\xF0\xC0\xC0\xF0\xC0\xC0\xF0\xC0\xC0\xF0\xC0\xC0",
		wanted[] = "\xE0\x80\x80\xE0\x80\x80\xE0\x80\x80\xE0\x80\x80\xE0\x80\x80\x01";
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i narrowed = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\xE0')),
	                                _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\xED')));
	__m128i right = _mm_cmpeq_epi8(_mm_and_si128(bytes, _mm_loadu_si128((const __m128i *)(const void *)upper)),
	                               _mm_loadu_si128((const __m128i *)(const void *)wanted));

	count = (unsigned)__builtin_ctz(~(unsigned)_mm_movemask_epi8(_mm_andnot_si128(narrowed, right)));
	count -= count % 3;
#else
	while (count < THREES && is_plain_three(at + count))
		count += 3;
#endif
	return count;
}

/* Behind what is beyond ASCII; NULL where that is not valid. */
static inline __attribute__((always_inline)) const unsigned char *skip_wide(const unsigned char *at,
                                                                           const unsigned char *end)
{
	for (;;) {
		unsigned plain = THREES;
		int count;

		for (; plain == THREES && end - at >= AT_ONCE; at += plain)
			plain = plain_threes(at);
		while (end - at >= 3 && is_plain_three(at))
			at += 3;
		if (at == end || *at < 0x80)
			return at;
		count = sequence_length(*at);
		if (count == 0 || end - at < count || !second_allowed(at[0], at[1]))
			return NULL;
		for (int i = 2; i < count; i++)
			if ((at[i] & 0xC0) != 0x80)
				return NULL;
		at += count;
	}
}

const char *utf8_skip_wide(const char *at, const char *end)
{
	return (const char *)skip_wide((const unsigned char *)at, (const unsigned char *)end);
}

bool utf8_valid(const char *bytes, size_t length)
{
	const unsigned char *at = (const unsigned char *)bytes, *end = at + length;

	while (at < end) {
		uint64_t eight;

		/* Most of a message is ASCII: eight bytes at a time. */
		while (end - at >= 8 && (memcpy(&eight, at, 8), (eight & UINT64_C(0x8080808080808080)) == 0))
			at += 8;
		while (at < end && *at < 0x80)
			at++;
		at = skip_wide(at, end);
		if (at == NULL)
			return false;
	}
	return true;
}

size_t utf8_count(struct slice text)
{
	size_t count = 0;

	for (uint32_t i = 0; i < text.length; i++)
		count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
	return count;
}

struct slice utf8_cut(struct slice text, size_t characters)
{
	size_t count = 0;

	if (text.length <= characters)
		return text;
	for (uint32_t i = 0; i < text.length; i++)
		if (((unsigned char)text.at[i] & 0xC0) != 0x80 && count++ == characters)
			return (struct slice){text.at, i};
	return text;
}

uint32_t utf8_next(const char *text, size_t *at)
{
	const unsigned char *bytes = (const unsigned char *)text + *at;
	int count = sequence_length(bytes[0]);
	uint32_t point;

	if (count <= 1) {
		*at += 1;
		return bytes[0];
	}
	point = bytes[0] & (0x7Fu >> count);
	for (int i = 1; i < count; i++)
		point = point << 6 | (bytes[i] & 0x3F);
	*at += (size_t)count;
	return point;
}

int utf8_put(uint32_t point, char out[4])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xC0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3F));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xE0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3F));
		out[2] = (char)(0x80 | (point & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3F));
	out[2] = (char)(0x80 | (point >> 6 & 0x3F));
	out[3] = (char)(0x80 | (point & 0x3F));
	return 4;
}
