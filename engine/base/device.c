#include "base/device.h"

struct row {
	const char *text;
	uint8_t length;
	bool maker;
};

static const struct row rows[] = {
#define MAKER(text) {text, sizeof(text) - 1, true},
#define WORD(text) {text, sizeof(text) - 1, false},
#include "base/device.def"
#undef MAKER
#undef WORD
};

enum { NUMBER_MOST = 4, CODE_MOST = 7 };

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

/* Of the word that stands at the beginning; NULL: none does. */
static const struct row *word_at(struct slice text)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t same = 0;
		while (same < rows[i].length && same < text.length && lower(text.at[same]) == rows[i].text[same])
			same++;
		if (same == rows[i].length)
			return &rows[i];
	}
	return NULL;
}

/* Letters and digits, all of them up to the next sign: how many characters a model may number itself with, or 0. */
static uint32_t number_at(struct slice text, bool of_maker)
{
	uint32_t length = 0, digits = 0;

	for (; length < text.length && (is_digit(text.at[length]) || is_letter(text.at[length])); length++)
		digits += is_digit(text.at[length]);
	if (digits == length)
		return length <= NUMBER_MOST ? length : 0;
	return of_maker && digits > 0 && length <= CODE_MOST ? length : 0;
}

/* Digits alone, though letters follow: `14pro`. */
static uint32_t digits_at(struct slice text)
{
	uint32_t length = 0;

	while (length < text.length && is_digit(text.at[length]))
		length++;
	return length <= NUMBER_MOST ? length : 0;
}

bool device_is_kind(struct slice device)
{
	bool of_maker = false, known = false;

	while (device.length > 0) {
		const struct row *word = word_at(device);
		uint32_t passed = word != NULL ? word->length : number_at(device, of_maker);
		unsigned char c = (unsigned char)device.at[0];

		if (word != NULL) {
			known = true;
			of_maker = of_maker || word->maker;
		} else if (passed == 0 && known && is_digit(device.at[0])) {
			passed = digits_at(device);
			if (word_at((struct slice){device.at + passed, device.length - passed}) == NULL)
				return false;
		}
		if (passed == 0 && (c >= 0x80 || is_letter(device.at[0]) || is_digit(device.at[0])))
			return false;
		passed += passed == 0; /* a sign */
		device = (struct slice){device.at + passed, device.length - passed};
	}
	return known;
}
