/*
 * Names of payees and enterprises as a message may show them. Whoever cheats chooses his own name: it must not be
 * able to put a link, a mention or a number to call into an official message.
 */
#include "base/utf8.h"
#include "pattern/message.h"

enum { NUMBER_DIGITS = 5, FIRST_IDEOGRAPH = 0x3400, FIRST_FULL_WIDTH = 0xFF00 };

static bool is_alnum(struct slice text, uint32_t at)
{
	return at < text.length && (((text.at[at] | 32) >= 'a' && (text.at[at] | 32) <= 'z') ||
	                            (text.at[at] >= '0' && text.at[at] <= '9'));
}

static uint32_t digits_at(struct slice text, uint32_t at)
{
	uint32_t end = at;

	while (end < text.length && text.at[end] >= '0' && text.at[end] <= '9')
		end++;
	return end - at;
}

/* What a chat or a mail could read as more than a sign, full width; NULL: the sign may stand. */
static const char *harmless(char sign)
{
	switch (sign) {
	case ':': return "：";
	case '/': return "／";
	case '<': return "＜";
	case '>': return "＞";
	case '[': return "［";
	case ']': return "］";
	case '@': return "＠";
	case '`': return "｀";
	case '\\': return "＼";
	default: return NULL;
	}
}

struct slice message_name(struct arena *arena, struct slice name)
{
	char *out = arena_take(arena, 3 * (size_t)name.length + 1);
	uint32_t length = 0;

	if (out == NULL)
		return (struct slice){0};
	for (uint32_t i = 0; i < name.length;) {
		uint32_t digits = digits_at(name, i);
		const char *wide = harmless(name.at[i]);
		if (name.at[i] == '.' && i > 0 && is_alnum(name, i - 1) && is_alnum(name, i + 1))
			wide = "．";
		if (digits > 0) {
			memcpy(out + length, name.at + i, digits);
			if (digits >= NUMBER_DIGITS)
				memset(out + length, '*', digits);
		} else if (wide != NULL) {
			memcpy(out + length, wide, 3);
		} else {
			out[length] = (unsigned char)name.at[i] < ' ' ? ' ' : name.at[i];
		}
		length += digits > 0 ? digits : wide != NULL ? 3 : 1;
		i += digits > 0 ? digits : 1;
	}
	return (struct slice){out, length};
}

struct slice message_name_short(struct arena *arena, struct slice name)
{
	char *out = arena_take(arena, (size_t)name.length + 4);
	uint32_t length = 0, letters = 0;
	size_t at = 0;

	if (out == NULL)
		return (struct slice){0};
	while (at < name.length && letters < MESSAGE_NAME_SHORT) {
		size_t before = at;
		uint32_t point = utf8_next(name.at, &at);
		bool letter = point >= FIRST_IDEOGRAPH || point == '*' || (point < 0x80 && is_alnum(name, (uint32_t)before) &&
		                                                  digits_at(name, (uint32_t)before) == 0);
		if (!letter || point >= FIRST_FULL_WIDTH)
			continue;
		memcpy(out + length, name.at + before, at - before);
		length += (uint32_t)(at - before);
		letters++;
	}
	if (at < name.length && letters == MESSAGE_NAME_SHORT) {
		memcpy(out + length, "…", 3);
		length += 3;
	}
	return (struct slice){out, length};
}
