#include "base/fill.h"

#include "base/utf8.h"

struct slice fill_find(struct slice name, const struct fill_value *values, size_t count, bool english)
{
	for (size_t i = 0; i < count; i++) {
		struct slice text = english ? values[i].en : values[i].zh;
		if (slice_is(name, values[i].name) && text.length > 0)
			return text;
	}
	return (struct slice){0};
}

/* The `{name}` that begins at `at`, its name in `name_r`; 0 where it is only a brace. */
static uint32_t placeholder_at(struct slice text, uint32_t at, struct slice *name_r)
{
	for (uint32_t i = at + 1; i < text.length && i - at <= FILL_NAME_BYTES_MAX; i++) {
		if (text.at[i] == '}') {
			*name_r = (struct slice){text.at + at + 1, i - at - 1};
			return i - at + 1;
		}
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_.", text.at[i]) == NULL)
			return 0;
	}
	return 0;
}

bool fill_next(struct slice template, uint32_t *at, struct slice *name_r)
{
	for (uint32_t i = *at; i < template.length; i++) {
		uint32_t length = template.at[i] == '{' ? placeholder_at(template, i, name_r) : 0;
		if (length > 0) {
			*at = i + length;
			return true;
		}
	}
	return false;
}

/* Goes over the template once; with `out` NULL it only counts the bytes. */
static uint32_t fill_into(char *out, struct slice template, const struct fill_value *values, size_t count, bool english)
{
	uint32_t length = 0;

	for (uint32_t i = 0, step; i < template.length; i += step) {
		struct slice piece = {template.at + i, 1}, name;
		step = template.at[i] == '{' ? placeholder_at(template, i, &name) : 0;
		if (step > 0)
			piece = fill_find(name, values, count, english);
		else
			step = 1;
		if (piece.length == 0)
			piece = slice_of("—");
		if (out != NULL)
			memcpy(out + length, piece.at, piece.length);
		length += piece.length;
	}
	return length;
}

struct slice fill_text(struct arena *arena, struct slice template, const struct fill_value *values, size_t count,
                       bool english, size_t characters_max, bool *cut_r)
{
	uint32_t length = fill_into(NULL, template, values, count, english);
	char *text = arena_take(arena, (size_t)length + 1);
	struct slice whole = {text, length}, cut;

	if (text == NULL)
		return (struct slice){0};
	fill_into(text, template, values, count, english);
	text[length] = '\0';
	cut = utf8_cut(whole, characters_max);
	*cut_r |= cut.length < whole.length;
	return cut;
}
