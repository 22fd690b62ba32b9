#include "base/utf8.h"

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

/* The same of the first six of eight bytes, as little-endian machines load them. */
static inline bool are_plain_threes(uint64_t bytes)
{
	const uint32_t narrowed = UINT32_C(1) << 0x0 | UINT32_C(1) << 0xD;

	return (bytes & UINT64_C(0xC0C0F0C0C0F0)) == UINT64_C(0x8080E08080E0) &&
	       (narrowed >> (bytes & 15) & 1) == 0 && (narrowed >> (bytes >> 24 & 15) & 1) == 0;
}

bool utf8_valid(const char *bytes, size_t length)
{
	const unsigned char *at = (const unsigned char *)bytes, *end = at + length;

	while (at < end) {
		uint64_t eight;
		int count;

		/* Most of a message is ASCII: eight bytes at a time. */
		while (end - at >= 8 && (memcpy(&eight, at, 8), (eight & UINT64_C(0x8080808080808080)) == 0))
			at += 8;
		while (end - at >= 8 && (memcpy(&eight, at, 8), are_plain_threes(eight)))
			at += 6;
		while (end - at >= 3 && is_plain_three(at))
			at += 3;
		if (at == end)
			break;
		count = sequence_length(*at);
		if (count == 0 || end - at < count || (count > 1 && !second_allowed(at[0], at[1])))
			return false;
		for (int i = 2; i < count; i++)
			if ((at[i] & 0xC0) != 0x80)
				return false;
		at += count;
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
