/*
 * The word guard: a short ASCII word counts only where it stands alone in the raw text.
 *
 * Folding drops separators, so `usdt` also appears in "menus D. T" and in serial numbers; the raw text
 * still knows. Letters and digits touch in whatever width or alphabet they are written; Chinese characters
 * never do, though Chinese digits fold to 0-9. A number on one side is an amount: 50000USDT, USDT 300.
 *
 * Runs only on matches of guarded words, so it is written for reading, not for speed.
 */
#include "fold/fold.h"

enum touch { TOUCH_NOTHING, TOUCH_LETTER, TOUCH_DIGIT };

bool fold_wants_guard(const char *folded, size_t n)
{
	if (n == 0 || n > FOLD_GUARD_BYTES_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)folded[i] >= 0x80)
			return false;
	return true;
}

/* Where the character before `at` > 0 begins, and where the one at `at` < n ends. */
static size_t step_back(const char *raw, size_t at)
{
	do
		at--;
	while (at > 0 && ((unsigned char)raw[at] & 0xC0) == 0x80);
	return at;
}

static size_t step_on(const char *raw, size_t n, size_t at)
{
	do
		at++;
	while (at < n && ((unsigned char)raw[at] & 0xC0) == 0x80);
	return at;
}

/* Chinese and Japanese: U+2E80 (E2 BA) on without Hangul, compatibility (EF A4 on), Han planes (F0 A0 on). */
static bool is_east_asian(const char *raw, size_t width)
{
	unsigned lead = (unsigned char)raw[0], second = width > 1 ? (unsigned char)raw[1] : 0;

	return (lead == 0xE2 && second >= 0xBA) || (lead >= 0xE3 && lead <= 0xED && lead != 0xEA) ||
	       (lead == 0xEF && second >= 0xA4 && second <= 0xAB) || (lead == 0xF0 && second >= 0xA0);
}

static enum touch touch_of(const char *raw, size_t from, size_t to)
{
	char bytes[64 + FOLD_TAIL_BYTES];
	struct fold_buffer folded;

	if (is_east_asian(raw + from, to - from))
		return TOUCH_NOTHING;
	fold_init(&folded, bytes, NULL, 64);
	fold_append(&folded, raw + from, to - from);
	if (folded.length == 0)
		return TOUCH_NOTHING;
	return folded.bytes[0] >= '0' && folded.bytes[0] <= '9' ? TOUCH_DIGIT : TOUCH_LETTER;
}

/* May these digits be an amount beside the word? `digits` of them, then `beyond`. */
static bool is_amount(size_t digits, enum touch beyond)
{
	return digits <= FOLD_GUARD_DIGITS_MAX && beyond == TOUCH_NOTHING;
}

/* Is the match free on its left side? `*number` says whether an amount stands there. */
static bool free_before(const char *raw, size_t from, bool *number)
{
	enum touch touch = TOUCH_NOTHING;
	size_t digits = 0, at = from;

	while (at > 0) {
		size_t before = step_back(raw, at);
		touch = touch_of(raw, before, at);
		if (touch != TOUCH_DIGIT)
			break;
		digits++;
		at = before;
		touch = TOUCH_NOTHING;
	}
	*number = digits > 0;
	return is_amount(digits, touch);
}

static bool free_behind(const char *raw, size_t n, size_t to, bool *number)
{
	enum touch touch = TOUCH_NOTHING;
	size_t digits = 0, at = to;

	while (at < n) {
		size_t behind = step_on(raw, n, at);
		touch = touch_of(raw, at, behind);
		if (touch != TOUCH_DIGIT)
			break;
		digits++;
		at = behind;
		touch = TOUCH_NOTHING;
	}
	*number = digits > 0;
	return is_amount(digits, touch);
}

bool fold_stands_alone(const char *raw, size_t n, size_t from, size_t to)
{
	bool number_before, number_behind;

	if (!free_before(raw, from, &number_before) || !free_behind(raw, n, to, &number_behind))
		return false;
	if (number_before && touch_of(raw, from, step_on(raw, to, from)) == TOUCH_DIGIT)
		return false;
	if (number_behind && touch_of(raw, step_back(raw, to), to) == TOUCH_DIGIT)
		return false;
	return !(number_before && number_behind);
}
