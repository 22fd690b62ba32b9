#include "decode/xml_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

#include "base/instant.h"
#include "base/utf8.h"
#include "decode/tx_build.h"

enum {
	TIME_BYTES_MAX = 64,
	SECONDS_END = 19, /* "2026-03-02T09:15:04" */
	DATE_BYTES = 10,
	FRACTION_DIGITS_MAX = 6,
	SUM_DECIMALS = 5,
	SUM_UNIT = 100000,
	SUM_WHOLE_DIGITS_MAX = 24,
	COUNT_DIGITS_MAX = 15,
	ID_CHARACTERS_MAX = 64,
	HASH_BYTES = 17 /* "~" and 16 hexadecimal digits */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "", "Z" or "+08:00" */
static bool offset_shaped(struct slice text)
{
	if (text.length == 0)
		return true;
	if (text.length == 1)
		return text.at[0] == 'Z';
	return text.length == 6 && (text.at[0] == '+' || text.at[0] == '-') && is_digit(text.at[1]) &&
	       is_digit(text.at[2]) && text.at[3] == ':' && is_digit(text.at[4]) && is_digit(text.at[5]);
}

bool xml_date_time(struct slice text, int64_t *ms_r)
{
	char normal[TIME_BYTES_MAX];
	uint32_t end = SECONDS_END, kept;
	struct slice offset;

	if (text.length < SECONDS_END || text.length > TIME_BYTES_MAX - 8 || text.at[DATE_BYTES] != 'T')
		return false;
	if (text.length > end && text.at[end] == '.')
		for (end++; end < text.length && is_digit(text.at[end]); end++)
			;
	offset = (struct slice){text.at + end, text.length - end};
	if (!offset_shaped(offset))
		return false;
	kept = end < SECONDS_END + 1 + FRACTION_DIGITS_MAX ? end : SECONDS_END + 1 + FRACTION_DIGITS_MAX;
	memcpy(normal, text.at, kept);
	if (offset.length == 0)
		offset = slice_of("+08:00");
	memcpy(normal + kept, offset.at, offset.length);
	return instant_parse((struct slice){normal, kept + offset.length}, ms_r);
}

bool xml_date(struct slice text, int32_t *day_r)
{
	return text.length >= DATE_BYTES && text.at[0] == '2' &&
	       offset_shaped((struct slice){text.at + DATE_BYTES, text.length - DATE_BYTES}) &&
	       instant_parse_date((struct slice){text.at, DATE_BYTES}, day_r);
}

bool xml_decimal(struct slice text, xml_sum *value_r)
{
	const char *at = text.length > 0 ? text.at : "", *end = at + text.length;
	bool minus = at < end && *at == '-';
	int whole = 0, decimals = 0;
	xml_sum value = 0;

	at += at < end && (*at == '-' || *at == '+');
	for (; at < end && is_digit(*at); at++, whole++) {
		if (whole >= SUM_WHOLE_DIGITS_MAX)
			return false;
		value = value * 10 + (*at - '0');
	}
	if (at < end && *at == '.')
		for (at++; at < end && is_digit(*at); at++, decimals++) {
			if (decimals < SUM_DECIMALS)
				value = value * 10 + (*at - '0');
			else if (*at != '0')
				return false;
		}
	if (at != end || whole + decimals == 0)
		return false;
	for (; decimals < SUM_DECIMALS; decimals++)
		value *= 10;
	*value_r = minus ? -value : value;
	return true;
}

bool xml_count(struct slice text, uint64_t *count_r)
{
	uint64_t count = 0;

	if (text.length == 0 || text.length > COUNT_DIGITS_MAX)
		return false;
	for (uint32_t i = 0; i < text.length; i++) {
		if (!is_digit(text.at[i]))
			return false;
		count = count * 10 + (uint64_t)(text.at[i] - '0');
	}
	*count_r = count;
	return true;
}

/* All decimals that say something, two at least. */
const char *xml_sum_print(xml_sum sum, char text_r[XML_SUM_BYTES])
{
	xml_sum size = sum < 0 ? -sum : sum, whole = size / SUM_UNIT;
	int length;

	if (whole > INT64_MAX) {
		snprintf(text_r, XML_SUM_BYTES, "%smore than 18 digits", sum < 0 ? "-" : "");
		return text_r;
	}
	length = snprintf(text_r, XML_SUM_BYTES, "%s%" PRId64 ".%0*d", sum < 0 ? "-" : "", (int64_t)whole,
	                  SUM_DECIMALS, (int)(size % SUM_UNIT));
	for (int spare = SUM_DECIMALS - 2; spare > 0 && text_r[length - 1] == '0'; spare--)
		text_r[--length] = '\0';
	return text_r;
}

int xml_check_count(struct decode_context *context, const char *field, struct slice claimed, uint64_t found)
{
	uint64_t count;

	if (claimed.length == 0)
		return 0;
	if (!xml_count(claimed, &count))
		return tx_build_reject(context, field, claimed, "is no number; expected digits");
	if (count != found)
		return tx_build_reject(context, field, claimed, "does not add up; found %" PRIu64, found);
	return 0;
}

int xml_check_sum(struct decode_context *context, const char *field, struct slice claimed, xml_sum found)
{
	char text[XML_SUM_BYTES];
	xml_sum sum;

	if (claimed.length == 0)
		return 0;
	if (!xml_decimal(claimed, &sum))
		return tx_build_reject(context, field, claimed, "is no sum; expected digits with an optional point");
	if (sum != found)
		return tx_build_reject(context, field, claimed, "does not add up; found %s", xml_sum_print(found, text));
	return 0;
}

/* Cut to what leaves room for the hash, then the hash. */
static struct slice reference_short(struct decode_context *context, const char *text)
{
	struct slice whole = slice_of(text), cut = utf8_cut(whole, ID_CHARACTERS_MAX - HASH_BYTES);
	char *print = arena_print(&context->arena, "%.*s~%016" PRIx64, SLICE_PRINT(cut),
	                          (uint64_t)XXH3_64bits(whole.at, whole.length));

	return slice_of(print);
}

struct slice xml_reference(struct decode_context *context, struct slice first, struct slice second,
                           uint64_t number)
{
	const char *slash = first.length > 0 && second.length > 0 ? "/" : "";
	char *text, tail[24] = "";

	if (number > 0)
		snprintf(tail, sizeof(tail), "/%" PRIu64, number);
	text = arena_print(&context->arena, "%.*s%s%.*s%s", SLICE_PRINT(first), slash, SLICE_PRINT(second), tail);
	if (text == NULL || utf8_count(slice_of(text)) <= ID_CHARACTERS_MAX)
		return slice_of(text);
	return reference_short(context, text);
}
