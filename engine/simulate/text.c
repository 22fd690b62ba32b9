#include "simulate/text.h"

#include "base/utf8.h"

enum { DISGUISED_CHARACTERS_MAX = 8 };

static void put_name(struct slice name, const struct text_context *c, struct random *r, struct put *p)
{
	const struct calendar_day *today = c->today;

	if (slice_is(name, "m"))
		put_number(p, (uint64_t)today->month, 1);
	else if (slice_is(name, "q"))
		put_number(p, (uint64_t)(today->month + 2) / 3, 1);
	else if (slice_is(name, "y"))
		put_number(p, (uint64_t)today->year, 4);
	else if (slice_is(name, "d"))
		put_number(p, (uint64_t)(today->month * 100 + today->of_month), 4);
	else if (slice_is(name, "n"))
		put_number(p, random_below(r, 1000000), 4);
	else if (slice_is(name, "name"))
		put_slice(p, c->counterparty);
	else if (slice_is(name, "own"))
		put_text(p, c->writer->name);
	else if (slice_is(name, "boss"))
		put_text(p, c->writer->owner);
	else if (slice_is(name, "staff"))
		names_person(random_next(r), p);
	else if (slice_is(name, "title")) {
		put_bytes(p, c->writer->owner, names_surname_bytes(c->writer->owner));
		put_text(p, "总");
	}
}

void text_expand(struct slice template, const struct text_context *context, struct random *r, struct put *p)
{
	const char *at = template.at, *end;

	if (template.length == 0)
		return;
	end = template.at + template.length;
	while (at < end) {
		const char *open = memchr(at, '{', (size_t)(end - at));
		const char *close = open != NULL ? memchr(open, '}', (size_t)(end - open)) : NULL;

		if (close == NULL) {
			put_bytes(p, at, (size_t)(end - at));
			return;
		}
		put_bytes(p, at, (size_t)(open - at));
		put_name((struct slice){open + 1, (uint32_t)(close - open - 1)}, context, r, p);
		at = close + 1;
	}
}

void text_disguise(struct random *r, char text[TEXT_BYTES])
{
	static const char *const between[] = {" ", ".", "-", "*", "·", "\xE2\x80\x8B", "/", "、"};
	const char *mark = between[random_below(r, sizeof(between) / sizeof(between[0]))];
	char disguised[TEXT_BYTES];
	struct put p = put_begin(disguised, sizeof(disguised));
	struct slice raw = slice_of(text);
	size_t at = 0, from = 0;

	for (int i = 0; at < raw.length; i++) {
		from = at;
		utf8_next(text, &at);
		if (i > 0 && i < DISGUISED_CHARACTERS_MAX)
			put_text(&p, mark);
		put_bytes(&p, text + from, at - from);
	}
	memcpy(text, disguised, put_end(&p).length + 1);
}
