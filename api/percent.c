#include "api/percent.h"

#include "base/utf8.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Printable ASCII only: the rest is to be percent-encoded. */
static bool may_stand_bare(char c)
{
	return c > 0x20 && c < 0x7F && strchr("\"#<>\\^`{|}", c) == NULL;
}

static bool is_control(char c, bool lines)
{
	if (lines && (c == '\n' || c == '\r' || c == '\t'))
		return false;
	return (unsigned char)c < 0x20 || c == 0x7F;
}

int percent_decode(struct slice *text, char *out, struct percent_rules rules, const char *part,
                   struct error *error)
{
	uint32_t length = 0;

	for (uint32_t i = 0; i < text->length; i++) {
		char c = text->at[i];
		if (!may_stand_bare(c))
			return error_set(error, "%s: a character that must be percent-encoded", part);
		if (c == '%') {
			int high = text->length - i > 2 ? hex_value(text->at[i + 1]) : -1;
			int low = high >= 0 ? hex_value(text->at[i + 2]) : -1;
			if (low < 0)
				return error_set(error, "%s: `%%` must be followed by two hexadecimal digits", part);
			c = (char)(high << 4 | low);
			i += 2;
			if (is_control(c, rules.lines))
				return error_set(error, "%s: a control character", part);
		} else if (c == '+' && rules.plus_is_space) {
			c = ' ';
		}
		out[length++] = c;
	}
	*text = (struct slice){out, length};
	return utf8_valid(out, length) ? 0 : error_set(error, "%s: no valid UTF-8", part);
}
