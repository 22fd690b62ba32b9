#include "base/ident.h"

#include <stdio.h>

#include "base/utf8.h"

static bool all_digits(struct slice text)
{
	for (uint32_t i = 0; i < text.length; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return true;
}

bool ident_bank_shaped(struct slice text)
{
	return text.length == IDENT_BANK_LENGTH && all_digits(text);
}

/* ISO 7064 MOD 11,10: the running product starts at 10; sum and doubling are taken modulo 10 and 11. */
bool ident_bank_checks(struct slice text)
{
	int product = 10, sum;

	if (!ident_bank_shaped(text))
		return false;
	for (int i = 0; i < IDENT_BANK_LENGTH - 1; i++) {
		sum = (product + text.at[i] - '0') % 10;
		product = (sum == 0 ? 10 : sum) * 2 % 11;
	}
	return (product + text.at[IDENT_BANK_LENGTH - 1] - '0') % 10 == 1;
}

static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int uscc_value(char c)
{
	const char *found = c != '\0' ? strchr(uscc_alphabet, c) : NULL;

	return found != NULL ? (int)(found - uscc_alphabet) : -1;
}

bool ident_uscc_shaped(struct slice text)
{
	if (text.length != IDENT_USCC_LENGTH)
		return false;
	for (uint32_t i = 0; i < text.length; i++)
		if (uscc_value(text.at[i]) < 0)
			return false;
	return true;
}

bool ident_uscc_checks(struct slice text)
{
	int sum = 0, weight = 1;

	if (!ident_uscc_shaped(text))
		return false;
	for (int i = 0; i < IDENT_USCC_LENGTH - 1; i++) {
		sum += uscc_value(text.at[i]) * weight;
		weight = weight * 3 % 31;
	}
	return (31 - sum % 31) % 31 == uscc_value(text.at[IDENT_USCC_LENGTH - 1]);
}

/* Keeps `first` and `last` characters, a star for each between them. */
static const char *mask_middle(struct slice text, size_t first, size_t last, char *masked)
{
	size_t count = utf8_count(text), kept, out = 0, at = 0;

	if (count < first + last + 2) {
		first = 0;
		last = count > 4 ? 2 : 0;
	}
	kept = count - last;
	for (size_t i = 0; i < count && at < text.length && out + 5 < IDENT_MASKED_BYTES; i++) {
		size_t from = at;
		utf8_next(text.at, &at);
		if (i >= first && i < kept) {
			masked[out++] = '*';
			continue;
		}
		memcpy(masked + out, text.at + from, at - from);
		out += at - from;
	}
	masked[out] = '\0';
	return masked;
}

const char *ident_mask_account(struct slice account, char masked_r[IDENT_MASKED_BYTES])
{
	return mask_middle(account, 6, 4, masked_r);
}

const char *ident_mask_phone(struct slice phone, char masked_r[IDENT_MASKED_BYTES])
{
	return mask_middle(phone, 3, 4, masked_r);
}

const char *ident_mask_name(struct slice name, char masked_r[IDENT_MASKED_BYTES])
{
	size_t at = 0;

	masked_r[0] = '\0';
	if (name.length == 0)
		return masked_r;
	utf8_next(name.at, &at);
	memcpy(masked_r, name.at, at);
	memcpy(masked_r + at, "*", 2);
	return masked_r;
}

enum { VALUE_CHARACTERS_MAX = 24, VALUE_DIGITS_SHOWN = 2 };

const char *ident_mask_value(struct slice value, char masked_r[IDENT_MASKED_BYTES])
{
	struct slice cut = utf8_valid(value.at, value.length) ? utf8_cut(value, VALUE_CHARACTERS_MAX) : (struct slice){"?", 1};
	size_t digits = 0, seen = 0, out = 0;

	for (uint32_t i = 0; i < cut.length; i++)
		digits += cut.at[i] >= '0' && cut.at[i] <= '9';
	for (uint32_t i = 0; i < cut.length; i++) {
		unsigned char c = (unsigned char)cut.at[i];
		bool digit = c >= '0' && c <= '9';
		bool hidden = digit && digits > 8 && seen >= VALUE_DIGITS_SHOWN && seen + VALUE_DIGITS_SHOWN < digits;
		masked_r[out++] = hidden ? '*' : c < 0x20 || c == 0x7F ? ' ' : (char)c;
		seen += digit;
	}
	snprintf(masked_r + out, IDENT_MASKED_BYTES - out, "%s", cut.length < value.length ? "…" : "");
	return masked_r;
}
