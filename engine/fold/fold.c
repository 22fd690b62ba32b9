/*
 * The fold at work: one table look-up a character, then the few misspelt words.
 *
 * The loop is compiled twice, with and without the map of origins, so that the hot path pays for the map only
 * where evidence is wanted. ASCII has a table of its own, without a branch on what it becomes. Other
 * characters' bytes are stored several at a time and the end moved by what they are worth; FOLD_TAIL_BYTES
 * behind the capacity make that safe.
 */
#include "fold/fold.h"

#include <string.h>

#include "fold/table.h"
#include "fold/word_end.h"

_Static_assert((int)FOLD_TAIL_BYTES >= 2 * (int)FOLD_SLOT_BYTES, "a slot's store may pass the capacity");

void fold_init(struct fold_buffer *out, char *bytes, struct fold_origin *origin, size_t capacity)
{
	*out = (struct fold_buffer){.bytes = bytes, .origin = origin, .capacity = capacity};
	memset(bytes, 0, FOLD_TAIL_BYTES);
}

void fold_reset(struct fold_buffer *out)
{
	fold_init(out, out->bytes, out->origin, out->capacity);
}

/* Does the text from `begin` to `end` end in `tail`, `n` bytes? */
static bool ends_in(const char *begin, const char *end, const char *tail, size_t n)
{
	return (size_t)(end - begin) >= n && memcmp(end - n, tail, n) == 0;
}

/* Puts right a misspelt word that the last character ended. */
static void correct_word(char *begin, char *end)
{
	for (const struct fold_word *w = fold_words; w->written; w++) {
		if (!ends_in(begin, end, w->written, w->length))
			continue;
		if (w->guard_length != 0 && ends_in(begin, end - w->length, w->not_after, w->guard_length))
			continue;
		memcpy(end - w->length, w->means, w->length);
		return;
	}
}

/* Do its last two characters look like a misspelt word's? Many words end in 款 or 金, and few of them are misspelt. */
static inline bool may_be_misspelt(const char *begin, const char *end)
{
	uint32_t place;

	if (end - begin < FOLD_END_BYTES)
		return false;
	place = fold_end_place(end - FOLD_END_BYTES);
	return fold_word_ends[place / 64] >> place % 64 & 1;
}

/* Stores the folded bytes of one character, `grown` of them; may write up to a slot's width. */
static inline void put_character(char *at, const unsigned char *raw, size_t left, const unsigned char *slot,
	size_t grown)
{
	if (!slot) {
		memcpy(at, raw, left >= 4 ? 4 : grown);
		return;
	}
	memcpy(at, slot + 1, FOLD_SLOT_BYTES - 1);
	if (grown >= FOLD_SLOT_BYTES)	/* runs on into the next slots */
		memcpy(at, slot + 1, grown);
}

static inline void put_origin(struct fold_origin *at, size_t grown, size_t from, size_t width)
{
	for (size_t i = 0; i < grown; i++)
		at[i] = (struct fold_origin){.from = (uint16_t)from, .to = (uint16_t)(from + width)};
}

static inline ptrdiff_t least(ptrdiff_t a, ptrdiff_t b)
{
	return a < b ? a : b;
}

static inline bool stays(const unsigned char *p)
{
	return (*p & 0xF0) == 0xE0 && fold_three_stays(p);
}

/* Behind the characters of three bytes that stay as they are, of `most` bytes. */
static inline const unsigned char *behind_what_stays(const unsigned char *p, ptrdiff_t most)
{
	const unsigned char *last = p + most - 3;

	while (p <= last && stays(p))
		p += 3;
	return p;
}

/*
 * `keep_map` is a constant at both calls. The place to write is kept in a local: bytes stored through a
 * char pointer could change *out for all the compiler knows, and it would be read again for each.
 */
static inline __attribute__((always_inline)) void append(struct fold_buffer *out, const unsigned char *raw,
	size_t n, bool keep_map)
{
	const unsigned char *p = raw, *end = raw + n;
	char *at = out->bytes + out->length, *full = out->bytes + out->capacity;
	struct fold_origin *map = out->origin;
	const unsigned char *from;
	size_t width, base = out->raw_length;

	while (p < end) {
		for (; p < end && *p < 0x80 && at < full; p++) {
			*at = (char)fold_ascii[*p];
			if (keep_map)
				put_origin(map + (at - out->bytes), 1, base + (size_t)(p - raw), 1);
			at += *at != '\0';
		}
		/* Most of the rest is Chinese that stays as it is. */
		from = p;
		p = behind_what_stays(p, least(end - p, full - at));
		if (p > from)
			memcpy(at, from, (size_t)(p - from));
		for (ptrdiff_t i = 0; keep_map && i < p - from; i += 3)
			put_origin(map + (at - out->bytes) + i, 3, base + (size_t)(from - raw) + (size_t)i, 3);
		at += p - from;
		if (p == end)
			break;
		if (*p < 0x80 && at < full)
			continue;
		uint16_t entry = fold_entry(fold_read(p, end, &width)), number = entry & FOLD_SLOT_MASK;
		const unsigned char *slot = number == FOLD_SAME ? NULL : fold_slots[number];
		size_t grown = slot ? slot[0] : width;	/* slot FOLD_DROPPED is empty */

		if (grown > (size_t)(full - at)) {
			out->overflow = true;
			break;
		}
		put_character(at, p, (size_t)(end - p), slot, grown);
		if (keep_map)
			put_origin(map + (at - out->bytes), grown, base + (size_t)(p - raw), width);
		at += grown;
		p += width;
		if ((entry & FOLD_CLOSES_WORD) && may_be_misspelt(out->bytes, at))
			correct_word(out->bytes, at);
	}
	out->length = (size_t)(at - out->bytes);
}

size_t fold_append(struct fold_buffer *out, const char *raw, size_t n)
{
	size_t before = out->length;

	if (out->overflow || n > FOLD_RAW_BYTES_MAX - out->raw_length) {
		out->overflow = true;
		return 0;
	}
	if (out->origin)
		append(out, (const unsigned char *)raw, n, true);
	else
		append(out, (const unsigned char *)raw, n, false);
	out->raw_length += n;
	memset(out->bytes + out->length, 0, FOLD_TAIL_BYTES);
	return out->length - before;
}

void fold_append_separator(struct fold_buffer *out, char separator)
{
	if (out->overflow || out->length == out->capacity) {
		out->overflow = true;
		return;
	}
	if (out->origin)
		out->origin[out->length] = (struct fold_origin){
			.from = (uint16_t)out->raw_length, .to = (uint16_t)out->raw_length};
	out->bytes[out->length++] = separator;
	memset(out->bytes + out->length, 0, FOLD_TAIL_BYTES);
}

struct fold_origin fold_span(const struct fold_buffer *folded, size_t from, size_t to)
{
	return (struct fold_origin){.from = folded->origin[from].from, .to = folded->origin[to - 1].to};
}

ptrdiff_t fold_text(const char *raw, size_t n, char *out, size_t capacity)
{
	char bytes[FOLD_BYTES_MAX + FOLD_TAIL_BYTES];
	struct fold_buffer folded;

	fold_init(&folded, bytes, NULL, FOLD_BYTES_MAX);
	fold_append(&folded, raw, n);
	if (folded.overflow || folded.length > capacity)
		return -1;
	memcpy(out, bytes, folded.length);
	return (ptrdiff_t)folded.length;
}
