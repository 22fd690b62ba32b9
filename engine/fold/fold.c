/*
 * The fold at work: one table look-up a character, then the few misspelt words.
 *
 * The loop is compiled twice, with and without the map of origins, so that the hot path pays for the map only
 * where evidence is wanted. A character's bytes are stored eight at a time and the length moved by
 * what they are worth; FOLD_TAIL_BYTES behind the capacity make that safe.
 */
#include "fold/fold.h"

#include <string.h>

#include "fold/table.h"

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

/* Does the folded text end in `tail`, `n` bytes, `behind` bytes before its end? */
static bool ends_in(const struct fold_buffer *out, size_t behind, const char *tail, size_t n)
{
	return out->length >= behind + n && memcmp(out->bytes + out->length - behind - n, tail, n) == 0;
}

/* Puts right a misspelt word that the last character ended; a few characters reach this, most never. */
static void correct_word(struct fold_buffer *out)
{
	for (const struct fold_word *w = fold_words; w->written; w++) {
		if (!ends_in(out, 0, w->written, w->length) ||
		    (w->guard_length != 0 && ends_in(out, w->length, w->not_after, w->guard_length)))
			continue;
		memcpy(out->bytes + out->length - w->length, w->means, w->length);
		return;
	}
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

/* `keep_map` is a constant at both calls. */
static inline __attribute__((always_inline)) void append(struct fold_buffer *out, const unsigned char *raw,
	size_t n, bool keep_map)
{
	const unsigned char *p = raw, *end = raw + n;
	size_t width;

	for (; p < end; p += width) {
		uint16_t entry = fold_entry(fold_read(p, end, &width)), number = entry & FOLD_SLOT_MASK;
		const unsigned char *slot = number == FOLD_SAME ? NULL : fold_slots[number];
		size_t grown = slot ? slot[0] : width;	/* slot FOLD_DROPPED is empty */

		if (grown > out->capacity - out->length) {
			out->overflow = true;
			return;
		}
		put_character(out->bytes + out->length, p, (size_t)(end - p), slot, grown);
		if (keep_map)
			put_origin(out->origin + out->length, grown, out->raw_length + (size_t)(p - raw), width);
		out->length += grown;
		if (entry & FOLD_CLOSES_WORD)
			correct_word(out);
	}
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
