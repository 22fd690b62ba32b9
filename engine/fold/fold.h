/*
 * Folding: one spelling for everything that a reader takes for the same word.
 *
 * Writers break words with spaces, punctuation, zero-width characters, emoji, full width, traditional
 * and look-alike characters, capital and circled numerals, tone marks. Patterns and feed texts go through
 * the same fold, so a pattern written once meets all those spellings.
 *
 * A code point's fold is, in this order:
 *   1. what patterns/folding.yaml says of it (look-alikes, numerals, or: dropped);
 *   2. Unicode compatibility decomposition and case folding; marks (accents, tones) and ignorables go;
 *   3. dropped unless it is a letter or a number: spaces, punctuation, symbols, emoji, controls;
 *   4. decimal digits of every script become 0-9; traditional characters become simplified (OpenCC's
 *      first choice); and again from 1, until nothing changes.
 * Chinese digits become 0-9 too (壹 = 一 = ① = 1), while 十 百 千 万 stay: 壹万, 一万 and 1万 are the same,
 * 十万 and 10万 are not. After that, the few misspelt words of folding.yaml (徽信 for 微信) are put right
 * where their last character is written; they are words, because the single characters are too common.
 *
 * Folded text is valid UTF-8, its ASCII is only 0-9 and a-z, and fold(fold(x)) = fold(x).
 * Cost: one look-up in a two-stage table a character; no allocation. The table is made during the build by
 * foldgen.c, so it holds what the installed utf8proc and OpenCC know.
 *
 * Left out on purpose: composing. Accents are dropped instead, so decomposed Latin text agrees with
 * composed; Hangul written in single jamo does not agree with its syllables. No word segmentation, no
 * pinyin to characters, no characters taken apart (亻言): patterns name such spellings themselves. Dropped
 * separators also join honest neighbours (承兑 is in 承兑汇票): patterns say what they don't mean with `none`.
 */
#ifndef HUQI_FOLD_H
#define HUQI_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	/* The longest folded text of one transaction: purpose, remark and two names of the contract's greatest
	 * lengths are 1,304 characters, 5,216 bytes; a few characters of the symbol blocks grow. */
	FOLD_BYTES_MAX = 8192,
	/* Zero bytes kept behind the folded text: hs_scan() reads past the end (parts.md). */
	FOLD_TAIL_BYTES = 64,
	/* Offsets in the map are 16 bits. */
	FOLD_RAW_BYTES_MAX = 65535,
	/* An ASCII literal up to this long must stand alone in the raw text (fold_wants_guard). */
	FOLD_GUARD_BYTES_MAX = 8,
	/* Digits that may touch a guarded word on one side: an amount, as in 50000USDT, no serial number. */
	FOLD_GUARD_DIGITS_MAX = 8,
};

/*
 * One folded character, for regexes over bytes: what `.` of a pattern means. Wider than the fold's output
 * only beyond ASCII. A separator that a caller puts between two texts (any ASCII byte outside 0-9a-z) is
 * not a folded character, so no `.` crosses it.
 */
#define FOLD_CHARACTER_REGEX                                \
	"(?:[0-9a-z]|[\\xc2-\\xdf][\\x80-\\xbf]"           \
	"|[\\xe0-\\xef][\\x80-\\xbf]{2}|[\\xf0-\\xf4][\\x80-\\xbf]{3})"

/* The raw character a folded byte comes from: raw bytes [from, to). */
struct fold_origin {
	uint16_t from, to;
};

/*
 * A folded text that grows by fold_append(). The storage is the caller's, borrowed for the buffer's life.
 * `origin` may be NULL where no evidence is wanted: then no map is kept and folding is faster.
 * Read only: length, raw_length (raw bytes taken in so far, all pieces), overflow (latched: something did
 * not fit and is missing; what is there is right).
 */
struct fold_buffer {
	char *bytes;
	struct fold_origin *origin;
	size_t capacity, length, raw_length;
	bool overflow;
};

/* `bytes` holds capacity + FOLD_TAIL_BYTES, `origin` (or NULL) holds `capacity` items. */
void fold_init(struct fold_buffer *out, char *bytes, struct fold_origin *origin, size_t capacity);

/* Empties the buffer for the next transaction, the overflow too. */
void fold_reset(struct fold_buffer *out);

/*
 * Appends the folded form of `raw`, `n` bytes of valid UTF-8, without a separator before it: words split
 * over two pieces are found. Offsets in the map count through all pieces as though they had been joined; a
 * caller that joins pieces remembers raw_length before each to get back to the field.
 * FOLD_TAIL_BYTES zeros stand behind the text when it returns.
 *
 * Returns the number of folded bytes appended. Invalid UTF-8 is safe and folds to something unspecified.
 */
size_t fold_append(struct fold_buffer *out, const char *raw, size_t n);

/* Appends a byte that no pattern crosses, e.g. between two fields; it has no raw bytes of its own. */
void fold_append_separator(struct fold_buffer *out, char separator);

/* The raw bytes that folded bytes [from, to) stand for; from < to <= length, and the map is kept. */
struct fold_origin fold_span(const struct fold_buffer *folded, size_t from, size_t to);

/*
 * Folds `raw` into `out`, without a map or a tail: for patterns, lists and names, off the hot path. Returns
 * the folded length, or -1 where it passes `capacity` or FOLD_BYTES_MAX. `out` is not terminated.
 */
ptrdiff_t fold_text(const char *raw, size_t n, char *out, size_t capacity);

/* Does this folded literal need the word guard: is it ASCII only and at most FOLD_GUARD_BYTES_MAX long? */
bool fold_wants_guard(const char *folded, size_t n);

/*
 * The word guard: does raw [from, to), a match of a short ASCII word, stand alone in the raw text?
 * No where a letter touches it, where a digit touches its own digit, where digits touch both sides or are
 * more than FOLD_GUARD_DIGITS_MAX or part of a longer word: USDT in 6222USDT0017 or in menus d.t is none;
 * 买50000USDT, u s d t and ＵＳＤＴ are. Raw is one whole field.
 */
bool fold_stands_alone(const char *raw, size_t n, size_t from, size_t to);

#endif
