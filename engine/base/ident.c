#include "base/ident.h"

#include <stdio.h>

#include "base/utf8.h"

/* Eight bytes that are all 0x30 to 0x39: so they still are with 6 added, as far as the upper halves tell. */
static bool are_digits(uint64_t bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), upper = ones * 0xF0, wanted = ones * 0x30;

	return (bytes & upper) == wanted && ((bytes + ones * 6) & upper) == wanted;
}

/*
 * ISO 7064 MOD 11,10: the running product starts at 10; product and digit are added modulo 10 (0 counts as 10), doubled
 * modulo 11. Every transaction asks twice, so a step is one look-up by product + digit, which is 1 to 19.
 */
enum ident_verdict ident_bank_judge(struct slice text)
{
	static const uint8_t next_product[20] = {9, 2, 4, 6, 8, 10, 1, 3, 5, 7,
	                                         9, 2, 4, 6, 8, 10, 1, 3, 5, 7};
	unsigned product = 10, last;
	uint64_t first, rest;

	if (text.length != IDENT_BANK_LENGTH)
		return IDENT_NONE;
	memcpy(&first, text.at, sizeof(first));
	memcpy(&rest, text.at + IDENT_BANK_LENGTH - sizeof(rest), sizeof(rest));
	if (!are_digits(first) || !are_digits(rest))
		return IDENT_NONE;
#pragma GCC unroll 11
	for (int i = 0; i < IDENT_BANK_LENGTH - 1; i++)
		product = next_product[product + ((unsigned char)text.at[i] & 15)];
	last = (unsigned char)text.at[IDENT_BANK_LENGTH - 1] & 15;
	return (product + last) % 10 == 1 ? IDENT_RIGHT : IDENT_UNCHECKED;
}

/* The value of each character of `0123456789ABCDEFGHJKLMNPQRTUWXY`; 128 for all others. */
#define NONE4 128, 128, 128, 128
#define NONE16 NONE4, NONE4, NONE4, NONE4
#define NONE64 NONE16, NONE16, NONE16, NONE16
static const uint8_t uscc_values[256] = {
	NONE16, NONE16, NONE16, /* up to '/' */
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 128, 128, NONE4, /* up to '?' */
	128, 10, 11, 12, 13, 14, 15, 16, 17, 128, 18, 19, 20, 21, 22, 128, /* I and O are none */
	23, 24, 25, 128, 26, 27, 128, 28, 29, 30, 128, 128, NONE4, /* nor S, V, Z */
	NONE16, NONE16, NONE64, NONE64,
};

/* Every transaction asks, so nothing is decided before the end: 18 steps without a branch. */
enum ident_verdict ident_uscc_judge(struct slice text)
{
	static const uint8_t weights[IDENT_USCC_LENGTH] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
	                                                   29, 25, 13, 8,  24, 10, 30, 28, 1}; /* 3^i mod 31; itself */
	unsigned sum = 0, any = 0;

	if (text.length != IDENT_USCC_LENGTH)
		return IDENT_NONE;
#pragma GCC unroll 18
	for (int i = 0; i < IDENT_USCC_LENGTH; i++) {
		unsigned value = uscc_values[(unsigned char)text.at[i]];
		any |= value;
		sum += value * weights[i];
	}
	if (any >= 128)
		return IDENT_NONE;
	return sum % 31 == 0 ? IDENT_RIGHT : IDENT_UNCHECKED;
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

/* A text that was cut at its room ends with a whole character. */
static const char *whole(char *masked)
{
	size_t length = strlen(masked);

	while (length > 0 && !utf8_valid(masked, length))
		masked[--length] = '\0';
	return masked;
}

const char *ident_mask_email(struct slice address, char masked_r[IDENT_MASKED_BYTES])
{
	const char *at = address.length > 0 ? memrchr(address.at, '@', address.length) : NULL;
	size_t first = 0;

	if (at == NULL || at == address.at) {
		strcpy(masked_r, address.length > 0 ? "***" : "");
		return masked_r;
	}
	utf8_next(address.at, &first);
	snprintf(masked_r, IDENT_MASKED_BYTES, "%.*s***%.*s", (int)first, address.at,
	         (int)(address.length - (size_t)(at - address.at)), at);
	return whole(masked_r);
}

const char *ident_mask_url(struct slice url, char masked_r[IDENT_MASKED_BYTES])
{
	const char *host = url.length > 0 ? memmem(url.at, url.length, "://", 3) : NULL, *end, *stop;

	if (host == NULL) {
		strcpy(masked_r, url.length > 0 ? "***" : "");
		return masked_r;
	}
	end = url.at + url.length;
	host += 3;
	for (stop = host; stop < end && strchr("/?#", *stop) == NULL;)
		stop++;
	for (const char *c = host; c < stop; c++)
		if (*c == '@') /* a name and password before the host */
			host = c + 1;
	snprintf(masked_r, IDENT_MASKED_BYTES, "%.*s://%.*s%s", (int)((const char *)memchr(url.at, ':', url.length) - url.at),
	         url.at, (int)(stop - host), host, stop < end ? "/…" : "");
	return whole(masked_r);
}

const char *ident_mask_address(struct slice address, char masked_r[IDENT_MASKED_BYTES])
{
	char folded[IDENT_FOLDED_BYTES];

	if (address.length > 0 && memmem(address.at, address.length, "://", 3) != NULL)
		return ident_mask_url(address, masked_r);
	if (address.length > 0 && memchr(address.at, '@', address.length) != NULL)
		return ident_mask_email(address, masked_r);
	return ident_mask_phone(ident_fold_phone(address, folded), masked_r);
}

struct slice ident_fold_phone(struct slice phone, char folded_r[IDENT_FOLDED_BYTES])
{
	enum { MOBILE_LENGTH = 11 };
	uint32_t length = 0, skip = 0;

	if (phone.length >= IDENT_FOLDED_BYTES)
		return phone;
	for (uint32_t i = 0; i < phone.length; i++)
		if (strchr(" -().", phone.at[i]) == NULL && !(phone.at[i] == '+' && length == 0))
			folded_r[length++] = phone.at[i];
	folded_r[length] = '\0';
	if (length == MOBILE_LENGTH + 2 && memcmp(folded_r, "86", 2) == 0)
		skip = 2;
	else if (length == MOBILE_LENGTH + 4 && memcmp(folded_r, "0086", 4) == 0)
		skip = 4;
	return (struct slice){folded_r + skip, length - skip};
}

struct slice ident_fold_email(struct slice address, char folded_r[IDENT_FOLDED_BYTES])
{
	if (address.length >= IDENT_FOLDED_BYTES)
		return address;
	for (uint32_t i = 0; i < address.length; i++)
		folded_r[i] = (char)(address.at[i] >= 'A' && address.at[i] <= 'Z' ? address.at[i] + 'a' - 'A' : address.at[i]);
	folded_r[address.length] = '\0';
	return (struct slice){folded_r, address.length};
}

struct slice ident_fold_address(struct slice channel, struct slice address, char folded_r[IDENT_FOLDED_BYTES])
{
	if (slice_is(channel, "sms"))
		return ident_fold_phone(address, folded_r);
	return slice_is(channel, "email") ? ident_fold_email(address, folded_r) : address;
}

bool ident_division_is_province(struct slice code)
{
	static const char municipalities[][3] = {"11", "12", "31", "50"};

	if (code.length != IDENT_DIVISION_LENGTH || memcmp(code.at + 2, "0000", 4) != 0)
		return false;
	for (size_t i = 0; i < sizeof(municipalities) / sizeof(municipalities[0]); i++)
		if (memcmp(code.at, municipalities[i], 2) == 0)
			return false;
	return true;
}

enum { VALUE_CHARACTERS_MAX = 24, VALUE_DIGITS_SHOWN = 2 };

const char *ident_mask_value(struct slice value, char masked_r[IDENT_MASKED_BYTES])
{
	struct slice cut = utf8_valid(value.at, value.length) ? utf8_cut(value, VALUE_CHARACTERS_MAX)
	                                                      : (struct slice){"?", 1};
	size_t digits = 0, seen = 0, out = 0;

	for (uint32_t i = 0; i < cut.length; i++)
		digits += cut.at[i] >= '0' && cut.at[i] <= '9';
	for (uint32_t i = 0; i < cut.length; i++) {
		unsigned char c = (unsigned char)cut.at[i];
		bool digit = c >= '0' && c <= '9';
		bool hidden = digit && digits > 8 && seen >= VALUE_DIGITS_SHOWN &&
		              seen + VALUE_DIGITS_SHOWN < digits;
		masked_r[out++] = hidden ? '*' : c < 0x20 || c == 0x7F ? ' ' : (char)c;
		seen += digit;
	}
	snprintf(masked_r + out, IDENT_MASKED_BYTES - out, "%s", cut.length < value.length ? "…" : "");
	return masked_r;
}
