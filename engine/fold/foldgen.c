/*
 * Writes fold_table.inc to standard output: the fold of every code point (fold.h says by which rules).
 *
 *   foldgen patterns/folding.yaml TSCharacters.txt > fold_table.inc
 *
 * The table's shape, read by fold.c:
 *
 *   fold_blocks[code point >> 8] ──▶ block number
 *   fold_entries[block * 256 + (code point & 255)] ──▶ 16 bits
 *
 *     15       14 ………………… 0
 *   ┌────────┬───────────────┐   0 FOLD_SAME      the character itself
 *   │ closes │ slot          │   1 FOLD_DROPPED   nothing
 *   └────────┴───────────────┘   n                fold_slots + 8 n: a length byte, then the bytes
 *
 *   fold_ascii[byte] ──▶ the folded byte, or 0: dropped          (the first 128 entries again, for speed)
 *   fold_same[code point >> 6] ──▶ a bit a code point: is its entry 0?         (up to U+FFFF, for the same)
 *
 * `closes`: the folded character ends a misspelt word of `fold_words`. Equal blocks are stored once, so the
 * parts of Unicode that fold to themselves cost one block together.
 *
 * A character is folded until it stays the same, so the fold of each is a fixed point by construction; what
 * could still break idempotence is words that make new words, and check_words() refuses those.
 */
#include "fold/foldgen.h"

#include "fold/word_end.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

enum {
	BLOCK = 256,
	SLOT = 8,
	SLOTS_MAX = 32767,
	FOLDED_MAX = 64,	/* code points in one fold; the longest in Unicode 15 is 18 */
	DEPTH_MAX = 8,
	ENTRY_SAME = 0, ENTRY_DROPPED = 1, ENTRY_CLOSES = 0x8000,
};

struct folded {
	size_t count;
	uint32_t at[FOLDED_MAX];
};

static const utf8proc_option_t fold_options = UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
	UTF8PROC_IGNORE | UTF8PROC_STRIPMARK;
static uint16_t entries[CODE_POINTS];
static unsigned char slots[SLOTS_MAX][SLOT];
static size_t slot_count = 2;	/* the first two numbers mean SAME and DROPPED */

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("foldgen: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static bool is_hangul_syllable(uint32_t cp)
{
	return cp >= 0xAC00 && cp <= 0xD7A3;
}

/* The digit's value, or -1. Unicode keeps the ten decimal digits of a script together and in order. */
static int digit_value(uint32_t cp)
{
	uint32_t run = cp;

	if (utf8proc_category((utf8proc_int32_t)cp) != UTF8PROC_CATEGORY_ND)
		return -1;
	while (run > 0 && utf8proc_category((utf8proc_int32_t)run - 1) == UTF8PROC_CATEGORY_ND)
		run--;
	return (int)((cp - run) % 10);
}

/* Letters and numbers stay. Code points that this utf8proc does not know yet: Han planes stay, others go. */
static bool is_kept(uint32_t cp)
{
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM: case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND: case UTF8PROC_CATEGORY_NL: case UTF8PROC_CATEGORY_NO:
		return true;
	case UTF8PROC_CATEGORY_CN:
		return cp >= 0x20000 && cp < 0x40000;
	default:
		return false;
	}
}

static void put(struct folded *out, uint32_t cp)
{
	if (out->count == FOLDED_MAX)
		die("the fold of one character passes %d", FOLDED_MAX);
	out->at[out->count++] = cp;
}

static void fold(uint32_t cp, struct folded *out, int depth);

static void fold_meaning(uint32_t cp, struct folded *out, int depth)
{
	const struct meaning *m = &rules.same[cp];

	for (uint32_t i = 0; i < m->count; i++)
		fold(m->at[i], out, depth + 1);
}

/* What Unicode makes of it, each part folded again; a part that is its own decomposition ends the descent. */
static void fold_by_unicode(uint32_t cp, struct folded *out, int depth)
{
	utf8proc_int32_t parts[FOLDED_MAX];
	int last_class = 0;
	utf8proc_ssize_t n = 1;

	parts[0] = (utf8proc_int32_t)cp;
	if (!is_hangul_syllable(cp))
		n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, FOLDED_MAX, fold_options, &last_class);
	if (n < 0 || n > FOLDED_MAX)
		die("U+%04X: utf8proc says %s", cp, utf8proc_errmsg(n));
	if (n == 1 && (uint32_t)parts[0] == cp) {
		if (is_kept(cp))
			put(out, cp);
		return;
	}
	for (utf8proc_ssize_t i = 0; i < n; i++)
		fold((uint32_t)parts[i], out, depth + 1);
}

static void fold(uint32_t cp, struct folded *out, int depth)
{
	int digit = digit_value(cp);

	if (depth > DEPTH_MAX)
		die("U+%04X: the rules go round in a circle", cp);
	if (rules.dropped[cp])
		return;
	if (rules.same[cp].count != 0)
		fold_meaning(cp, out, depth);
	else if (digit >= 0)
		put(out, '0' + (uint32_t)digit);
	else if (rules.simplified[cp] != 0)
		fold(rules.simplified[cp], out, depth + 1);
	else
		fold_by_unicode(cp, out, depth);
}

static size_t encode(const struct folded *f, unsigned char *bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++)
		n += (size_t)utf8proc_encode_char((utf8proc_int32_t)f->at[i], bytes + n);
	return n;
}

/* A slot that holds these bytes, an old one where there is one; long ones run on into the next slots. */
static uint16_t slot_for(const unsigned char *bytes, size_t n)
{
	unsigned char want[4 * FOLDED_MAX + SLOT] = {0};
	size_t width = (n + SLOT) / SLOT;	/* with the length byte, rounded up */

	want[0] = (unsigned char)n;
	memcpy(want + 1, bytes, n);
	for (size_t s = 2; s + width <= slot_count; s++)
		if (memcmp(slots[s], want, width * SLOT) == 0)
			return (uint16_t)s;
	if (slot_count + width > SLOTS_MAX)
		die("more than %d different folds", SLOTS_MAX);
	memcpy(slots[slot_count], want, width * SLOT);
	slot_count += width;
	return (uint16_t)(slot_count - width);
}

/* Does `cp`, already folded, end a misspelt word? */
static bool closes_word(uint32_t cp)
{
	for (size_t i = 0; i < rules.word_count; i++)
		if (rules.words[i].written.at[rules.words[i].written.count - 1] == cp)
			return true;
	return false;
}

static uint16_t entry_for(uint32_t cp)
{
	struct folded f = {0};
	unsigned char bytes[4 * FOLDED_MAX];
	uint16_t entry;

	fold(cp, &f, 0);
	if (f.count == 0)
		return ENTRY_DROPPED;
	/* fold.c looks for words behind the last character only. */
	for (size_t i = 0; i + 1 < f.count; i++)
		if (closes_word(f.at[i]))
			die("U+%04X folds to several characters, and one before the last ends a word", cp);
	if (f.count == 1 && f.at[0] == cp)
		entry = ENTRY_SAME;
	else
		entry = slot_for(bytes, encode(&f, bytes));
	return closes_word(f.at[f.count - 1]) ? entry | ENTRY_CLOSES : entry;
}

/* Folds one side of a word in place; each character must fold to one. */
static void fold_side(struct meaning *side)
{
	for (uint32_t i = 0; i < side->count; i++) {
		struct folded f = {0};

		fold(side->at[i], &f, 0);
		if (f.count != 1)
			die("words: U+%04X does not fold to one character", side->at[i]);
		side->at[i] = f.at[0];
	}
}

static bool is_changed(const struct word *w, uint32_t i)
{
	return w->written.at[i] != w->means.at[i];
}

/*
 * Could the corrected word `a` be part of the misspelt word `b`, with a corrected character in that part?
 * Then a second fold would change what the first left. Every overlap of the two is tried.
 */
static bool makes_new(const struct word *a, const struct word *b)
{
	int na = (int)a->means.count, nb = (int)b->written.count;

	for (int shift = -(nb - 1); shift < na; shift++) {
		bool fits = true, touches = false;
		for (int i = 0; i < nb; i++) {
			int j = i + shift;
			if (j < 0 || j >= na)
				continue;
			fits = fits && b->written.at[i] == a->means.at[j];
			touches = touches || is_changed(a, (uint32_t)j);
		}
		if (fits && touches)
			return true;
	}
	return false;
}

/* Does correcting `a` take away or bring the character that `b` looks at before itself? */
static bool moves_guard(const struct word *a, const struct word *b)
{
	for (uint32_t i = 0; i < a->written.count; i++)
		if (is_changed(a, i) && b->guard.count != 0 &&
		    (a->written.at[i] == b->guard.at[0] || a->means.at[i] == b->guard.at[0]))
			return true;
	return false;
}

static bool is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

/* Texts are remembered with their digits alike (match/texts.h), so no word may hang on one. */
static void check_digits(const struct meaning *side)
{
	for (uint32_t i = 0; i < side->count; i++)
		if (is_digit(side->at[i]))
			die("words: %c is a digit, and no word may have one", (int)side->at[i]);
}

static bool is_three_bytes(uint32_t cp)
{
	return cp >= 0x800 && cp <= 0xFFFF;
}

static void check_word(struct word *w)
{
	unsigned char bytes[4];
	bool changed = false;

	fold_side(&w->written);
	fold_side(&w->means);
	fold_side(&w->guard);
	check_digits(&w->written);
	check_digits(&w->guard);
	if (w->written.count != w->means.count)
		die("words: written and means have different lengths");
	for (uint32_t i = 0; i < w->written.count; i++) {
		if (utf8proc_encode_char((utf8proc_int32_t)w->written.at[i], bytes) !=
		    utf8proc_encode_char((utf8proc_int32_t)w->means.at[i], bytes))
			die("words: U+%04X and U+%04X differ in bytes", w->written.at[i], w->means.at[i]);
		changed = changed || is_changed(w, i);
	}
	if (!changed)
		die("words: a word is folded to what it means already");
	if (w->written.count < 2 || !is_three_bytes(w->written.at[w->written.count - 2]) ||
	    !is_three_bytes(w->written.at[w->written.count - 1]))
		die("words: number %zu does not end in two characters of three bytes, which Chinese ones have",
		    (size_t)(w - rules.words) + 1);
}

static void check_words(void)
{
	for (size_t i = 0; i < rules.word_count; i++)
		check_word(&rules.words[i]);
	for (size_t i = 0; i < rules.word_count; i++)
		for (size_t j = 0; j < rules.word_count; j++) {
			const struct word *a = &rules.words[i], *b = &rules.words[j];

			if (makes_new(a, b) || moves_guard(a, b))
				die("words: number %zu, put right, meets number %zu; folding twice would differ",
				    i + 1, j + 1);
		}
}

/* .name = "bytes", and the number of bytes returned. */
static size_t write_text(const char *name, const uint32_t *at, size_t count)
{
	struct folded f = {.count = count};
	unsigned char bytes[4 * FOLDED_MAX];
	size_t n;

	memcpy(f.at, at, count * sizeof *at);
	n = encode(&f, bytes);
	printf(".%s = \"", name);
	for (size_t i = 0; i < n; i++)
		printf("\\%03o", bytes[i]);
	printf("\", ");
	return n;
}

static void write_words(void)
{
	puts("static const struct fold_word fold_words[] = {");
	for (size_t i = 0; i < rules.word_count; i++) {
		const struct word *w = &rules.words[i];
		size_t length, guard_length;

		printf("\t{");
		length = write_text("written", w->written.at, w->written.count);
		write_text("means", w->means.at, w->means.count);
		guard_length = write_text("not_after", w->guard.at, w->guard.count);
		printf(".length = %zu, .guard_length = %zu},\n", length, guard_length);
	}
	puts("\t{0}\n};");
}

/* A bit for each place where a misspelt word's end is. */
static void write_word_ends(void)
{
	uint64_t ends[FOLD_ENDS / 64] = {0};

	for (size_t i = 0; i < rules.word_count; i++) {
		const struct meaning *written = &rules.words[i].written;
		struct folded last = {.count = 2};
		unsigned char bytes[4 * FOLDED_MAX];
		uint32_t place;

		memcpy(last.at, written->at + written->count - 2, 2 * sizeof *last.at);
		encode(&last, bytes);
		place = fold_end_place(bytes);
		ends[place / 64] |= UINT64_C(1) << place % 64;
	}
	printf("static const uint64_t fold_word_ends[%d] = {\n\t", FOLD_ENDS / 64);
	for (size_t i = 0; i < FOLD_ENDS / 64; i++)
		printf("UINT64_C(0x%016llX),%s", (unsigned long long)ends[i], i % 4 == 3 ? "\n\t" : " ");
	puts("\n};");
}

static void write_slots(void)
{
	printf("static const unsigned char fold_slots[%zu][%d] = {\n", slot_count, SLOT);
	for (size_t s = 0; s < slot_count; s++) {
		printf("\t{");
		for (size_t i = 0; i < SLOT; i++)
			printf("%u%s", slots[s][i], i + 1 < SLOT ? "," : "},\n");
	}
	puts("};");
}

/* An ASCII character folds to one byte or none, and ends no word; fold.c counts on it. */
static void write_ascii(void)
{
	printf("static const unsigned char fold_ascii[128] = {");
	for (uint32_t cp = 0; cp < 128; cp++) {
		struct folded f = {0};

		fold(cp, &f, 0);
		if (f.count > 1 || (f.count == 1 && (f.at[0] >= 0x80 || closes_word(f.at[0]))))
			die("U+%04X: ASCII must fold to one ASCII character or none, and end no word", cp);
		if (is_digit(cp) && f.at[0] != cp)
			die("%c: a digit must stay as it is", (int)cp);
		printf("%s%u,", cp % 32 ? "" : "\n\t", f.count == 1 ? f.at[0] : 0);
	}
	puts("\n};");
}

/* The blocks that differ, and which of them each 256 code points use. */
static void write_blocks(void)
{
	static size_t number[CODE_POINTS / BLOCK], first[CODE_POINTS / BLOCK];
	size_t count = 0;

	for (size_t b = 0; b < CODE_POINTS / BLOCK; b++) {
		size_t n = 0, bytes = sizeof *entries * BLOCK;

		while (n < count && memcmp(entries + first[n] * BLOCK, entries + b * BLOCK, bytes) != 0)
			n++;
		if (n == count)
			first[count++] = b;
		number[b] = n;
	}
	printf("static const uint16_t fold_blocks[%d] = {", CODE_POINTS / BLOCK);
	for (size_t b = 0; b < CODE_POINTS / BLOCK; b++)
		printf("%s%zu,", b % 16 ? "" : "\n\t", number[b]);
	printf("\n};\nstatic const uint16_t fold_entries[%zu] = {", count * BLOCK);
	for (size_t i = 0; i < count * BLOCK; i++)
		printf("%s%u,", i % 16 ? "" : "\n\t", entries[first[i / BLOCK] * BLOCK + i % BLOCK]);
	puts("\n};");
}

static void write_same(void)
{
	enum { WORD = 64, POINTS = 0x10000 };

	printf("static const uint64_t fold_same[%d] = {", POINTS / WORD);
	for (uint32_t cp = 0; cp < POINTS; cp += WORD) {
		uint64_t bits = 0;

		for (uint32_t i = 0; i < WORD; i++)
			bits |= (uint64_t)(entries[cp + i] == ENTRY_SAME) << i;
		printf("%sUINT64_C(0x%016llX),", cp / WORD % 4 ? "" : "\n\t", (unsigned long long)bits);
	}
	puts("\n};");
}

int main(int argc, char **argv)
{
	if (argc != 3)
		die("usage: foldgen folding.yaml TSCharacters.txt > fold_table.inc");
	rules_read_folding(argv[1]);
	rules_read_traditional(argv[2]);
	check_words();
	for (uint32_t cp = 0; cp < CODE_POINTS; cp++)
		entries[cp] = entry_for(cp);
	puts("/* Made by foldgen; the shape is drawn in foldgen.c. */");
	write_words();
	write_word_ends();
	write_ascii();
	write_slots();
	write_blocks();
	write_same();
	if (fflush(stdout) != 0 || ferror(stdout))
		die("the table could not be written");
	return 0;
}
